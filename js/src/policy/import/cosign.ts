import { UsageError } from "../../errors.js";
import type { ClaimName, Pattern, Requirements } from "../../options.js";
import { gitHubRepository } from "../argument.js";
import type { PolicySigner } from "../document.js";
import { isPublicKey } from "../pem.js";
import { readFlags, switchFlag, textFlag, type CommandLine, type Flags } from "./flags.js";
import { goRegex } from "./pattern.js";
import { imageSignature, predicateType } from "./predicate.js";
import type { ImportOptions, Imported } from "./result.js";
import { conclude, piece, type TrustedParty } from "./rule.js";
import type { Entry } from "./source.js";

/** How to import flags of cosign. */
export interface CosignImportOptions extends ImportOptions {
  /** Reads the PEM of `--key`; without it a key cannot be imported. */
  readonly readKey?: (path: string) => string;
}

/**
 * A policy of the arguments of `cosign verify`, `verify-attestation`, `verify-blob` or `verify-blob-attestation`,
 * from the command's name on. The artifact and where to find it are no part of a policy.
 *
 * @throws UsageError for arguments of other types.
 */
export function fromCosignFlags(argv: readonly string[], options?: CosignImportOptions): Imported {
  const readKey: unknown = options?.readKey;
  if (readKey !== undefined && typeof readKey !== "function") throw new UsageError("invalid-argument", "expected a function", "/readKey");
  const line = readFlags(
    argv,
    { ...meant, ...narrowing, ...noted, ...irrelevant },
    { a: "annotations", o: "output", d: "verbose", t: "timeout" },
  );
  const { source, words } = line;
  const command = words[words[0]?.value === "cosign" ? 1 : 0];
  const commands = ["verify", "verify-attestation", "verify-blob", "verify-blob-attestation"];
  if (command === undefined || !commands.includes(String(command.value))) {
    source.invalid(command ?? source.root, "command", `expected one of ${commands.join(", ")}`);
  }
  for (const [name, why] of Object.entries(reasons)) {
    for (const entry of line.flags.get(name) ?? []) {
      if (Object.hasOwn(noted, name)) source.note(entry, `--${name}`, why);
      else if (!(narrowing[name] === "switch" && !switchFlag(line, name).on)) source.narrows(entry, `--${name}`, why);
    }
  }
  const hash = textFlag(line, "signature-digest-algorithm");
  if (hash !== undefined && hash.value !== "sha256") {
    source.note(hash, "--signature-digest-algorithm", "the digest follows from the kind of the key");
  }
  const claims = switchFlag(line, "check-claims");
  if (claims.entry !== undefined && !claims.on) {
    source.note(claims.entry, "--check-claims=false", "the source does not compare the artifact; here it is always compared");
  }
  const parties = signer(line, readKey as CosignImportOptions["readKey"]);
  const attestation = String(command?.value).endsWith("attestation");
  const type = attestation ? typeOf(line) : imageSignature;
  const useless = attestation ? undefined : textFlag(line, "type");
  if (useless !== undefined) source.invalid(useless, "--type", "the command has no such flag: it verifies a signature");
  const blob = command?.value === "verify-blob";
  if (blob) source.remark(command.at, "verify-blob", "an attestation about the artifact by the same signer will do too");
  return conclude(
    source,
    { name: `cosign ${String(command?.value)}`, rule: piece(type, parties), evidence: evidence(line), anyType: blob },
    options,
    ["readKey"],
  );
}

/** The flags that become part of the policy. */
const meant = {
  "certificate-identity": "text",
  "certificate-identity-regexp": "text",
  "certificate-oidc-issuer": "text",
  "certificate-oidc-issuer-regexp": "text",
  "certificate-github-workflow-trigger": "text",
  "certificate-github-workflow-sha": "text",
  "certificate-github-workflow-repository": "text",
  "certificate-github-workflow-ref": "text",
  key: "text",
  type: "text",
  "insecure-ignore-tlog": "switch",
  "insecure-ignore-sct": "switch",
  "private-infrastructure": "switch",
  "use-signed-timestamps": "switch",
  "check-claims": "switch",
  "signature-digest-algorithm": "text",
} as const satisfies Flags;

/** The flags that demand what a policy cannot. */
const narrowing: Flags = {
  "certificate-github-workflow-name": "text",
  certificate: "text",
  "certificate-chain": "text",
  "ca-roots": "text",
  "ca-intermediates": "text",
  sct: "text",
  "timestamp-certificate-chain": "text",
  "trusted-root": "text",
  policy: "list",
  annotations: "list",
  sk: "switch",
  slot: "text",
};

/** The flags without which the policy is as strict. */
const noted: Flags = { "rekor-url": "text", attachment: "text" };

/** The flags that say where the artifact and its evidence are, and what to print. */
const irrelevant: Flags = {
  signature: "text",
  payload: "text",
  bundle: "text",
  "rfc3161-timestamp": "text",
  digest: "text",
  digestAlg: "text",
  output: "text",
  "output-file": "text",
  offline: "switch",
  "local-image": "switch",
  "max-workers": "text",
  "experimental-oci11": "switch",
  "new-bundle-format": "switch",
  "allow-insecure-registry": "switch",
  "allow-http-registry": "switch",
  "k8s-keychain": "switch",
  "registry-username": "text",
  "registry-password": "text",
  "registry-token": "text",
  "registry-cacert": "text",
  "registry-client-cert": "text",
  "registry-client-key": "text",
  "registry-server-name": "text",
  "registry-referrers-mode": "text",
  "attachment-tag-prefix": "text",
  timeout: "text",
  verbose: "switch",
};

const otherRoot = "it names whom to trust as authority, which a policy does not: give the verifier a trusted root of these alone";

/** Why the flags of the two lists are not in the policy. */
const reasons: Readonly<Record<string, string>> = {
  "certificate-github-workflow-name": "the name of a workflow is certified by an extension that reports do not show",
  certificate: "it demands one very certificate",
  "certificate-chain": otherRoot,
  "ca-roots": otherRoot,
  "ca-intermediates": otherRoot,
  sct: "it demands a detached SCT",
  "timestamp-certificate-chain": otherRoot,
  "trusted-root": otherRoot,
  policy: "rules in CUE or Rego over the predicate are not evaluated",
  annotations: "annotations in the signed payload are not compared",
  sk: "the key is in a security token",
  slot: "the key is in a security token",
  "rekor-url": "nothing is fetched: the evidence must be in the bundle",
  attachment: "it verifies an attachment in place of the image: judge the attachment's digest",
};

const claimFlags: readonly (readonly [string, ClaimName])[] = [
  ["certificate-github-workflow-trigger", "buildTrigger"],
  ["certificate-github-workflow-sha", "sourceRepositoryDigest"],
  ["certificate-github-workflow-repository", "sourceRepositoryURI"],
  ["certificate-github-workflow-ref", "sourceRepositoryRef"],
];

function signer(line: CommandLine, readKey: CosignImportOptions["readKey"]): readonly TrustedParty[] {
  const key = textFlag(line, "key");
  if (key !== undefined) return keySigner(line, key, readKey);
  const identity = either(line, "certificate-identity");
  const issuer = either(line, "certificate-oidc-issuer");
  const claims: Record<string, string> = {};
  for (const [flag, claim] of claimFlags) {
    const entry = textFlag(line, flag);
    if (entry === undefined) continue;
    if (claim !== "sourceRepositoryURI") {
      claims[claim] = String(entry.value);
    } else if (gitHubRepository.test(String(entry.value))) {
      claims[claim] = `https://github.com/${String(entry.value)}`;
    } else {
      line.source.invalid(entry, `--${flag}`, "expected `owner/repository`");
    }
  }
  if (identity === undefined || issuer === undefined) {
    line.source.remark("", "signer", "expected --key, or one flag for the identity and one for its issuer");
    return [];
  }
  const rule: PolicySigner = { issuer, identity, ...(Object.keys(claims).length === 0 ? {} : { claims }) };
  return [{ signer: rule }];
}

/** The exact flag or the one with a regular expression; both at once contradict each other. */
function either(line: CommandLine, name: string): Pattern | undefined {
  const [exact, regexp] = [textFlag(line, name), textFlag(line, `${name}-regexp`)];
  if (exact !== undefined && regexp !== undefined) line.source.invalid(regexp, `--${name}-regexp`, `it contradicts --${name}`);
  if (exact !== undefined) return String(exact.value);
  return regexp === undefined ? undefined : goRegex(line.source, regexp);
}

function keySigner(line: CommandLine, key: Entry, readKey: CosignImportOptions["readKey"]): readonly TrustedParty[] {
  for (const name of Object.keys(meant).filter((flag) => flag.startsWith("certificate-"))) {
    const entry = textFlag(line, name);
    if (entry !== undefined) line.source.narrows(entry, `--${name}`, "a key has no certificate: the source may demand both");
  }
  const path = String(key.value);
  const remote = /^(?:[a-z0-9+]+:\/\/|pkcs11:)/iu.test(path);
  let pem: unknown;
  try {
    pem = remote || readKey === undefined ? undefined : readKey(path);
  } catch (error) {
    throw new UsageError("invalid-argument", "the key could not be read", key.at, { cause: error });
  }
  if (typeof pem === "string" && isPublicKey(pem)) return [{ signer: { publicKey: pem } }];
  const why = remote
    ? "the key is fetched from elsewhere: export it as PEM"
    : readKey === undefined
      ? "without `readKey` the file cannot be read"
      : "the file is not one public key as PEM";
  line.source.invalid(key, "--key", why);
  return [];
}

function typeOf(line: CommandLine): string {
  const entry = textFlag(line, "type");
  const type = predicateType(entry === undefined ? "custom" : String(entry.value));
  if (type === undefined && entry !== undefined) line.source.invalid(entry, "--type", "neither a name that cosign knows nor a URI");
  return type ?? "";
}

function evidence(line: CommandLine): Requirements {
  const without = (name: string): boolean => switchFlag(line, name).on;
  return {
    ...(without("insecure-ignore-tlog") || without("private-infrastructure") ? { logEntries: 0 } : {}),
    ...(without("insecure-ignore-sct") ? { scts: 0 } : {}),
    ...(without("use-signed-timestamps") ? { signedTimestamps: 1 } : {}),
  };
}
