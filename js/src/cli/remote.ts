import { basename } from "node:path";
import type { Policy } from "../policy/document.js";
import { github, npm, pypi } from "../policy/presets.js";
import { readName } from "../sources/distribution.js";
import { verifyGithub } from "../sources/github.js";
import { verifyNpm } from "../sources/npm.js";
import { verifyPypi } from "../sources/pypi.js";
import { parse } from "./arguments.js";
import { base } from "../sources/found.js";
import { npmRegistry } from "../sources/npm-attestations.js";
import { formatOf } from "./format.js";
import { lock } from "./lock.js";
import { Misuse } from "./misuse.js";
import { tell, type Subject, type Values } from "./outcome.js";
import { onlyOperand, policyFile, time } from "./policy/files.js";
import { command, commonFlags, commonHelp, token } from "./registries.js";
import { artifact, verifier } from "./verify.js";

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
${commonHelp}`;

/** The text of `admissible verify-pypi --help`. */
export const pypiHelp = `\
Asks PyPI for the attestations of a file, and judges them.

usage: admissible verify-pypi <file> (--repo OWNER/NAME --workflow FILE | --policy FILE)

  <file>               a wheel or a source distribution, under the name that PyPI has it by
  --repo OWNER/NAME    it must be published from this repository on GitHub
  --workflow FILE      by this workflow, such as release.yml
  --index URL          another index than PyPI's own
${commonHelp}`;

/** The text of `admissible verify-github --help`. */
export const githubHelp = `\
Asks GitHub for the attestations that a repository has of a file, and judges them.

usage: admissible verify-github <file> --repo OWNER/NAME [--policy FILE]

  <file>               a file, or its digest: sha256:…
  --repo OWNER/NAME    the repository; unless there is a policy, it must be built from there
  --api URL            another API than that of github.com
${commonHelp}
A token in GH_TOKEN or GITHUB_TOKEN goes to the API, and nowhere else.
`;

/** `admissible verify-npm`. Returns the exit code. */
export async function npmCommand(argv: readonly string[]): Promise<number> {
  const own = { registry: { type: "string" }, lock: { type: "string" }, since: { type: "string" }, "require-provenance": { type: "boolean" } } as const;
  const { values, positionals } = parse(argv, { ...commonFlags, ...own });
  if (values.help === true) return told(npmHelp);
  if (values.lock !== undefined) return npmLock(values.lock, values, positionals);
  if (values.since !== undefined || values["require-provenance"] === true) throw new Misuse("--since and --require-provenance are for --lock");
  const reference = onlyOperand(positionals, "the package and its version, such as @acme/app@1.0.0");
  const at = reference.lastIndexOf("@");
  const preset = (repository: string): Policy => npm({ package: reference.slice(0, at), version: reference.slice(at + 1), repository });
  const registry = values.registry === undefined ? {} : { registry: values.registry };
  const download = command("download", "npm", reference, "--to", values.offline, "--registry", values.registry);
  const isThere: Subject["isThere"] = ({ registrySignature }) => registrySignature !== undefined;
  return tell({ called: reference, download, isThere }, values, policyOf(values, values.repo, preset), (judge, options) => verifyNpm(judge, reference, { ...options, ...registry }));
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
    offline: values.offline,
    policy: values.policy === undefined ? undefined : policyFile(values.policy),
    now: time(values.now),
    since: values.since,
    strict: values["require-provenance"] === true,
    format: formatOf(values),
  });
}

/** `admissible verify-pypi`. Returns the exit code. */
export async function pypiCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { ...commonFlags, workflow: { type: "string" }, index: { type: "string" } });
  if (values.help === true) return told(pypiHelp);
  const path = onlyOperand(positionals, "a wheel or a source distribution");
  const file = basename(path);
  const { workflow } = values;
  if (values.repo === undefined ? workflow !== undefined : workflow === undefined) throw new Misuse("--repo and --workflow go together");
  const preset = (repository: string): Policy => pypi({ ...readName(file), repository, workflow: String(workflow) });
  const index = values.index === undefined ? {} : { index: values.index };
  const content = artifact(path);
  const download = command("download", "pypi", path, "--to", values.offline, "--index", values.index);
  return tell({ called: file, file: path, download }, values, policyOf(values, values.repo, preset), (judge, options) => verifyPypi(judge, file, content, { ...options, ...index }));
}

/** `admissible verify-github`. Returns the exit code. */
export async function githubCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { ...commonFlags, api: { type: "string" } });
  if (values.help === true) return told(githubHelp);
  const operand = onlyOperand(positionals, "a file, or its digest");
  const { repo } = values;
  if (repo === undefined) throw new Misuse("--repo is missing: whose attestations?");
  const policy = values.policy === undefined ? github({ repository: repo }) : policyFile(values.policy);
  const content = artifact(operand);
  const own = { ...(values.api !== undefined && { api: values.api }), ...token() };
  const download = command("download", "github", operand, "--repo", repo, "--to", values.offline, "--api", values.api);
  return tell({ called: operand, file: typeof content === "string" ? undefined : operand, download }, values, policy, (judge, options) =>
    verifyGithub(judge, repo, content, { ...options, ...own }));
}

function policyOf({ policy }: Values, repo: string | undefined, preset: (repository: string) => Policy): Policy | Buffer {
  if (policy !== undefined && repo !== undefined) throw new Misuse("--policy and --repo exclude each other: the policy says from where");
  if (policy !== undefined) return policyFile(policy);
  if (repo === undefined) throw new Misuse("which evidence is enough? Give --repo OWNER/NAME, or --policy FILE");
  return preset(repo);
}

function told(help: string): number {
  process.stdout.write(help);
  return 0;
}
