import type { Policy } from "../policy/document.js";
import { github, key, keyless } from "../policy/presets.js";
import { verifyImage, type ImageOptions } from "../sources/oci.js";
import { parse, signer, signerFlags, type SignerValues } from "./arguments.js";
import { dockerCredentials } from "./docker-config.js";
import { Misuse } from "./misuse.js";
import { tell } from "./outcome.js";
import { onlyOperand, policyFile } from "./policy/files.js";
import { command, commonFlags, commonHelp } from "./registries.js";

/** The text of `admissible verify-image --help`. */
export const help = `\
Asks a registry for the evidence about an image: bundles among its referrers, and signatures and attestations of cosign.

usage: admissible verify-image <image> [--platform OS/ARCH] (--repo OWNER/NAME | --policy FILE | <signer>)

  <image>              as for docker pull: ghcr.io/acme/app:1.0, alpine@sha256:…; what a tag leads to is the registry's word, and
                       the output names the digest
  --platform OS/ARCH   the image for this platform, such as linux/amd64, where there are several; evidence about the index
                       counts for it too
  --repo OWNER/NAME    there must be provenance of a build from this repository on GitHub
  <signer>             any evidence by it will do: --certificate-identity and --certificate-oidc-issuer (or their -regexp
                       forms), or --key FILE
  --promise-only       with --repo or <signer>: take signatures of cosign 1 and 2, which hold no more than a promise of the log
  --plain-http         ask over plain HTTP; without it, only a registry on this machine is
${commonHelp}
Passwords are those that docker login wrote into its file; each goes to its registry alone. No credential helpers are run.
`;

/** The flags that say how a registry of images is asked. */
export const imageFlags = { platform: { type: "string" }, "plain-http": { type: "boolean" } } as const;

/** Options for an adapter, by these flags. */
export function imageOptions(values: { readonly platform?: string | undefined; readonly "plain-http"?: boolean | undefined }): ImageOptions {
  const { platform, "plain-http": plainHttp } = values;
  return { credentials: dockerCredentials(), ...(platform !== undefined && { platform }), ...(plainHttp === true && { plainHttp }) };
}

/** `admissible verify-image`. Returns the exit code. */
export async function imageCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, { ...commonFlags, ...signerFlags, ...imageFlags, "promise-only": { type: "boolean" } });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const reference = onlyOperand(positionals, "the image, such as ghcr.io/acme/app:1.0");
  const download = command("download", "image", reference, "--platform", values.platform, "--to", values.offline, values["plain-http"] === true ? "--plain-http" : undefined);
  return tell({ called: reference, download, isThere: ({ image }) => image !== undefined }, values, policyOf(values), (judge, options) => verifyImage(judge, reference, { ...options, ...imageOptions(values) }));
}

/** What says which evidence is enough. */
interface Demands extends SignerValues {
  readonly policy?: string | undefined;
  readonly repo?: string | undefined;
  readonly "promise-only"?: boolean | undefined;
}

function policyOf(values: Demands): Policy | Buffer {
  const { policy, "promise-only": promiseOnly } = values;
  if (policy === undefined) {
    const demands = demanded(values);
    return promiseOnly === true ? { ...demands, evidence: { ...demands.evidence, promiseOnly } } : demands;
  }
  if (promiseOnly === true) throw new Misuse("--policy and --promise-only exclude each other: the policy says it in `evidence`");
  const other = ["repo", ...Object.keys(signerFlags)].find((name) => name in values);
  if (other !== undefined) throw new Misuse(`--policy and --${other} exclude each other`);
  return policyFile(policy);
}

/** The policy that the flags stand for. */
function demanded(values: Demands): Policy {
  const { repo } = values;
  const flag = Object.keys(signerFlags).find((name) => name in values);
  if (repo !== undefined && flag !== undefined) throw new Misuse(`--repo and --${flag} exclude each other`);
  if (repo !== undefined) return github({ repository: repo });
  if (flag === undefined) throw new Misuse("which evidence is enough? Give --repo OWNER/NAME, --policy FILE, or a signer");
  const by = signer(values) as { readonly publicKey: string } | Parameters<typeof keyless>[0];
  return "publicKey" in by ? key({ pem: by.publicKey }) : keyless(by);
}
