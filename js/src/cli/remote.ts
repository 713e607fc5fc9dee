import { basename } from "node:path";
import type { Policy } from "../policy/document.js";
import { github, npm, pypi } from "../policy/presets.js";
import { readName } from "../sources/distribution.js";
import { verifyGithub } from "../sources/github.js";
import type { FetchOptions } from "../sources/fetching.js";
import type { JudgeOptions, Outcome } from "../sources/judge.js";
import { verifyNpm } from "../sources/npm.js";
import { verifyPypi } from "../sources/pypi.js";
import type { Verifier } from "../verifier.js";
import { parse } from "./arguments.js";
import { base } from "../sources/found.js";
import { npmRegistry } from "../sources/npm-attestations.js";
import { evaluationText } from "./evaluation-text.js";
import { lock } from "./lock.js";
import { Misuse } from "./misuse.js";
import { onlyOperand, policyFile, time } from "./policy/files.js";
import { palette, printable, printableJson } from "./terminal.js";
import { artifact, verifier } from "./verify.js";

const common = `\
  --policy FILE        a policy (JSON): which evidence is enough, by whom
  --now TIME           the present, as RFC 3339; the clock's unless given
  --trusted-root FILE  a trusted root in place of the embedded one
  --json               print the outcome as JSON
  --help               this text

exit codes: 0 verified (also for what the policy excepts or only warns of, and the first line says so), 1 not verified: refused, none
found, or not to be had; 2 wrong use
`;

/** The text of `admissible verify-npm --help`. */
export const npmHelp = `\
Asks npm for the attestations of a version, and judges them.

usage: admissible verify-npm <package>@<version> (--repo OWNER/NAME | --policy FILE)
       admissible verify-npm --lock FILE [--since FILE] [--require-provenance] [--policy FILE]

  <package>@<version>  such as @acme/app@1.0.0
  --repo OWNER/NAME    it must be built from this repository on GitHub
  --lock FILE          every package of a package-lock.json, with the digests that stand in it. Without --policy, provenance
                       must be genuine and about this very package; from which repository, the table tells
  --since FILE         an earlier package-lock.json: tells where who built a package, or how, has changed
  --require-provenance packages without provenance fail too
  --registry URL       another registry than npm's own
${common}`;

/** The text of `admissible verify-pypi --help`. */
export const pypiHelp = `\
Asks PyPI for the attestations of a file, and judges them.

usage: admissible verify-pypi <file> (--repo OWNER/NAME --workflow FILE | --policy FILE)

  <file>               a wheel or a source distribution, under the name that PyPI has it by
  --repo OWNER/NAME    it must be published from this repository on GitHub
  --workflow FILE      by this workflow, such as release.yml
  --index URL          another index than PyPI's own
${common}`;

/** The text of `admissible verify-github --help`. */
export const githubHelp = `\
Asks GitHub for the attestations that a repository has of a file, and judges them.

usage: admissible verify-github <file> --repo OWNER/NAME [--policy FILE]

  <file>               a file, or its digest: sha256:…
  --repo OWNER/NAME    the repository; unless there is a policy, it must be built from there
  --api URL            another API than that of github.com
${common}
A token in GH_TOKEN or GITHUB_TOKEN goes to the API, and nowhere else.
`;

const flags = {
  repo: { type: "string" },
  policy: { type: "string" },
  now: { type: "string" },
  "trusted-root": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What the commands share. */
interface Values {
  readonly policy?: string | undefined;
  readonly now?: string | undefined;
  readonly "trusted-root"?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `admissible verify-npm`. Returns the exit code. */
export async function npmCommand(argv: readonly string[]): Promise<number> {
  const own = { registry: { type: "string" }, lock: { type: "string" }, since: { type: "string" }, "require-provenance": { type: "boolean" } } as const;
  const { values, positionals } = parse(argv, { ...flags, ...own });
  if (values.help === true) return told(npmHelp);
  if (values.lock !== undefined) return npmLock(values.lock, values, positionals);
  if (values.since !== undefined || values["require-provenance"] === true) throw new Misuse("--since and --require-provenance are for --lock");
  const reference = onlyOperand(positionals, "the package and its version, such as @acme/app@1.0.0");
  const at = reference.lastIndexOf("@");
  const preset = (repository: string): Policy => npm({ package: reference.slice(0, at), version: reference.slice(at + 1), repository });
  const registry = values.registry === undefined ? {} : { registry: values.registry };
  return tell(reference, values, policyOf(values, values.repo, preset), (judge, options) => verifyNpm(judge, reference, { ...options, ...registry }));
}

/** What goes with `--lock`. */
interface LockValues extends Values {
  readonly repo?: string | undefined;
  readonly registry?: string | undefined;
  readonly since?: string | undefined;
  readonly "require-provenance"?: boolean | undefined;
}

async function npmLock(path: string, values: LockValues, [operand]: readonly string[]): Promise<number> {
  if (operand !== undefined) throw new Misuse(`--lock names the packages: ${operand} is one too many`);
  if (values.repo !== undefined) throw new Misuse("--repo is for one package: packages of a lock file come from many");
  return lock(path, verifier(values["trusted-root"]), {
    registry: base(values.registry ?? npmRegistry, "registry"),
    policy: values.policy === undefined ? undefined : policyFile(values.policy),
    now: time(values.now),
    since: values.since,
    strict: values["require-provenance"] === true,
    json: values.json === true,
  });
}

/** `admissible verify-pypi`. Returns the exit code. */
export async function pypiCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { ...flags, workflow: { type: "string" }, index: { type: "string" } });
  if (values.help === true) return told(pypiHelp);
  const path = onlyOperand(positionals, "a wheel or a source distribution");
  const file = basename(path);
  const { workflow } = values;
  if (values.repo === undefined ? workflow !== undefined : workflow === undefined) throw new Misuse("--repo and --workflow go together");
  const preset = (repository: string): Policy => pypi({ ...readName(file), repository, workflow: String(workflow) });
  const index = values.index === undefined ? {} : { index: values.index };
  const content = artifact(path);
  return tell(file, values, policyOf(values, values.repo, preset), (judge, options) => verifyPypi(judge, file, content, { ...options, ...index }));
}

/** `admissible verify-github`. Returns the exit code. */
export async function githubCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { ...flags, api: { type: "string" } });
  if (values.help === true) return told(githubHelp);
  const operand = onlyOperand(positionals, "a file, or its digest");
  const { repo } = values;
  if (repo === undefined) throw new Misuse("--repo is missing: whose attestations?");
  const policy = values.policy === undefined ? github({ repository: repo }) : policyFile(values.policy);
  const content = artifact(operand);
  const token = process.env["GH_TOKEN"] ?? process.env["GITHUB_TOKEN"];
  const own = { ...(values.api !== undefined && { api: values.api }), ...(token !== undefined && token !== "" && { token }) };
  return tell(operand, values, policy, async (judge, options) => {
    const digest = typeof content === "string" ? content : `sha256:${String((await judge.digest(content, { algorithms: ["sha256"] })).sha256)}`;
    return verifyGithub(judge, repo, digest, { ...options, ...own });
  });
}

function policyOf({ policy }: Values, repo: string | undefined, preset: (repository: string) => Policy): Policy | Buffer {
  if (policy !== undefined && repo !== undefined) throw new Misuse("--policy and --repo exclude each other: the policy says from where");
  if (policy !== undefined) return policyFile(policy);
  if (repo === undefined) throw new Misuse("which evidence is enough? Give --repo OWNER/NAME, or --policy FILE");
  return preset(repo);
}

async function tell(
  subject: string,
  values: Values,
  policy: Policy | Buffer,
  verify: (judge: Verifier, options: JudgeOptions & FetchOptions) => Promise<Outcome>,
): Promise<number> {
  const judge = verifier(values["trusted-root"]);
  const line = process.stderr;
  const onRequest = (url: string): void => void (line.isTTY && line.write(`\r\u001b[Kasking ${printable(url)}`));
  const outcome = await verify(judge, { policy, now: time(values.now), onRequest }).finally(() => line.isTTY && line.write("\r\u001b[K"));
  process.stdout.write(values.json === true ? `${printableJson(plain(outcome))}\n` : text(subject, outcome));
  return outcome.outcome !== "unavailable" && outcome.evaluation?.admitted === true ? 0 : 1;
}

/** The outcome without the bundles' text. */
function plain(outcome: Outcome): object {
  if (outcome.outcome === "unavailable") {
    const { code, message, url, status } = outcome.error;
    return { outcome: outcome.outcome, error: { code, message, url, ...(status !== undefined && { status }) } };
  }
  const { pieces, asked } = outcome.evidence;
  const evidence = pieces.map(({ bundle: _, ...piece }) => piece);
  return { outcome: outcome.outcome, ...(outcome.evaluation !== undefined && { evaluation: outcome.evaluation }), evidence, asked };
}

function text(subject: string, outcome: Outcome): string {
  const paint = palette(process.stdout);
  if (outcome.outcome === "unavailable") return `${paint.strong(paint.warning("! no verdict"))}: ${printable(outcome.error.message)}\n`;
  const asked = outcome.evidence.asked.map(({ url, status }) => `  ${String(status)} ${printable(url)}\n`).join("");
  if (outcome.outcome === "judged") return `${evaluationText(outcome.evaluation, paint)}\n${paint.faint("asked")}\n${asked}`;
  const { evaluation } = outcome;
  const excepted = evaluation?.admitted === true ? `\n${evaluationText(evaluation, paint)}` : "";
  return `${paint.strong(paint.bad("✘ none found"))}: there is no evidence about ${printable(subject)}\n${excepted}\nasked\n${asked}`;
}

function told(help: string): number {
  process.stdout.write(help);
  return 0;
}
