import { createReadStream, existsSync, statSync } from "node:fs";
import type { Artifact } from "../artifact.js";
import { createVerifierSync } from "../entries/node.js";
import type { Verifier } from "../verifier.js";
import { parse, readFile, reason, signer, signerFlags, type SignerValues } from "./arguments.js";
import { evaluationText } from "./evaluation-text.js";
import { evaluationFlaws, reportFlaws, verdictOf } from "./flaws.js";
import { formatFlags, formatHelp, formatOf, print, type Format, type FormatValues } from "./format.js";
import { evaluationMarkdown, reportMarkdown } from "./markdown.js";
import { Misuse } from "./misuse.js";
import { bundlesIn, policyFile, time } from "./policy/files.js";
import { largestWhole } from "../hashing.js";
import { withProgress } from "./progress.js";
import { reportText } from "./report-text.js";
import { sarif } from "./sarif.js";
import { palette, printable } from "./terminal.js";

/** The text of `admissible verify --help`. */
export const help = `\
Verifies that a Sigstore bundle is genuine, about this artifact, and by the signer you name.

usage: admissible verify <artifact> [--bundle FILE] <signer> [--trusted-root FILE]
       admissible verify <artifact> [--bundle FILE]… --policy FILE [--trusted-root FILE]

  <artifact>                            a file, or its digest: sha256:…, sha384:…, sha512:…
  --bundle FILE                         the bundle, or what npm, PyPI or GitHub answered that holds one; without it
                                        <artifact>.sigstore.json, then <artifact>.sigstore

who must have signed, either
  --certificate-identity TEXT           the certificate's subject: a workflow's URI or an e-mail address
  --certificate-identity-regexp REGEX   the same as a regular expression over the whole subject
  --certificate-oidc-issuer URL         the OIDC issuer that vouched for it
  --certificate-oidc-issuer-regexp REGEX  the same as a regular expression over the whole URL
or
  --key FILE                            a public key as PEM
or
  --policy FILE                         a policy (JSON): which evidence is enough, by whom. --bundle may then be
                                        given several times, and may hold several bundles
    --reference TEXT                    what was asked of a registry: ghcr.io/acme/app:1.0, pkg:npm/app@1.0.0
    --published TIME                    when it was published, as RFC 3339
    --now TIME                          the present, as RFC 3339; the clock's unless given

  --trusted-root FILE                   a trusted root (JSON, or JSON Lines with several) in place of
                                        the embedded one of the Sigstore public-good instance
${formatHelp(38)}  --help                                this text

exit codes: 0 verified, 1 not verified, 2 wrong use; with --policy also 0 for what the policy excepts or only
warns of, and the first line says so. Nothing is fetched from the network.
`;

const flags = {
  ...signerFlags,
  bundle: { type: "string", multiple: true },
  policy: { type: "string" },
  reference: { type: "string" },
  published: { type: "string" },
  now: { type: "string" },
  "trusted-root": { type: "string" },
  ...formatFlags,
  help: { type: "boolean", short: "h" },
} as const;

/** `admissible verify`. Returns the exit code. */
export async function verify(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, flags);
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const [operand, extra] = positionals;
  if (operand === undefined) throw new Misuse("name the artifact: a file, or a digest such as sha256:…");
  if (extra !== undefined) throw new Misuse(`one artifact at a time: ${extra} is one too many`);
  const bundles = values.bundle ?? [besides(operand)];
  const format = formatOf(values);
  if (values.policy !== undefined) return judge(operand, bundles, values.policy, format, values);
  const [policyFlag] = (["reference", "published", "now"] as const).filter((flag) => values[flag] !== undefined);
  if (policyFlag !== undefined) throw new Misuse(`--${policyFlag} is for --policy`);
  const [path, second] = bundles;
  if (path === undefined || second !== undefined) throw new Misuse("--bundle is given twice: several bundles are for --policy");
  const options = { artifact: artifact(operand), signer: signer(values) };
  const verifying = verifier(values["trusted-root"]);
  const [bundle, other] = bundlesIn(path, verifying, (what) => {
    throw new Misuse(`expected a bundle, found ${what} (${path})`);
  });
  if (bundle === undefined || other !== undefined) throw new Misuse(`${path} holds ${bundle === undefined ? "no bundle" : "several bundles: judge them by a --policy"}`);
  const report = await verifying.inspect(bundle, options);
  const exit = report.verdict === "passed" ? 0 : 1;
  print(format, {
    text: () => reportText(report, palette(process.stdout)),
    json: () => report,
    sarif: () => sarif(reportFlaws(report).map((flaw) => ({ flaw, subject: operand, file: path })), exit, { subject: operand, verdict: report.verdict, summary: report.summary }),
    markdown: () => reportMarkdown(report),
  });
  return exit;
}

/** What `--policy` and the flags that go with it say. */
interface PolicyValues extends SignerValues, FormatValues {
  readonly "trusted-root"?: string | undefined;
  readonly reference?: string | undefined;
  readonly published?: string | undefined;
  readonly now?: string | undefined;
}

async function judge(operand: string, paths: readonly string[], policy: string, format: Format, values: PolicyValues): Promise<number> {
  const signerFlag = Object.keys(signerFlags).find((flag) => flag in values);
  if (signerFlag !== undefined) throw new Misuse(`--${signerFlag} is for verification without --policy: the policy says who must have signed`);
  const { reference, published } = values;
  const verifying = verifier(values["trusted-root"]);
  const bundles = paths.flatMap((path) => bundlesIn(path, verifying).map((bundle) => ({ bundle, path })));
  const evaluation = await verifying.evaluate({
    bundles: bundles.map(({ bundle }) => bundle),
    artifact: artifact(operand),
    policy: policyFile(policy),
    now: time(values.now),
    ...(reference !== undefined && { reference }),
    ...(published !== undefined && { published }),
  });
  const exit = evaluation.admitted ? 0 : 1;
  print(format, {
    text: () => evaluationText(evaluation, palette(process.stdout)),
    json: () => evaluation,
    sarif: () => sarif(evaluationFlaws(evaluation).map((flaw) => ({ flaw, subject: operand, file: bundles[flaw.bundle ?? 0]?.path ?? paths[0] })), exit, { subject: operand, ...verdictOf(evaluation) }),
    markdown: () => evaluationMarkdown(evaluation),
  });
  return exit;
}

/** A verifier by the root that the command line names, or the embedded one. */
export function verifier(root: string | undefined): Verifier {
  return createVerifierSync(root === undefined ? {} : { trustedRoot: readFile(root, "--trusted-root") });
}

/** A digest, or a file: whole, or as a stream when it is large. */
export function artifact(operand: string): Artifact {
  if (isDigest(operand)) return operand;
  let size: number;
  try {
    const stat = statSync(operand);
    if (stat.isDirectory()) throw new Misuse(`the artifact is a folder, not a file (${operand})`);
    size = stat.size;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`the artifact: ${reason(error)} (${operand})`);
  }
  if (size <= largestWhole) return readFile(operand, "the artifact");
  return withProgress(createReadStream(operand), printable(operand), size);
}

function isDigest(operand: string): operand is `sha256:${string}` {
  return /^sha(?:256|384|512):/u.test(operand);
}

/** Where a bundle lies beside its artifact. */
function besides(operand: string): string {
  if (isDigest(operand)) throw new Misuse("--bundle is missing: beside a digest there is no file to look for");
  const found = [`${operand}.sigstore.json`, `${operand}.sigstore`].find((path) => existsSync(path));
  if (found === undefined) {
    throw new Misuse(`--bundle is missing, and there is neither ${operand}.sigstore.json nor ${operand}.sigstore`);
  }
  return found;
}
