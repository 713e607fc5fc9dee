import type { Pattern } from "../../options.js";
import { isPublicKey } from "../pem.js";
import { goRegex } from "./pattern.js";
import { imageSignature, predicateType } from "./predicate.js";
import type { ImportOptions, Imported } from "./result.js";
import { all, any, conclude, never, piece, type Rule, type TrustedParty } from "./rule.js";
import { open, type Entry, type Source } from "./source.js";

/** What a ClusterImagePolicy says that has nothing to do with trust, by the object that says it. */
export const irrelevantToClusterImagePolicy = { document: ["metadata", "status"], authority: ["source"] } as const;

/**
 * A policy of a ClusterImagePolicy of sigstore's policy-controller. Any of its authorities will do; all attestations
 * that an authority names must be there. Several ClusterImagePolicies that match one image must all be met.
 */
export function fromClusterImagePolicy(document: object, options?: ImportOptions): Imported {
  const source = open(document);
  const { root } = source;
  const apiVersion = source.text(source.field(root, "apiVersion"));
  const kind = source.text(source.field(root, "kind"));
  if (kind !== "ClusterImagePolicy" || !/^policy\.sigstore\.dev\/v1(?:alpha|beta)1$/u.test(apiVersion ?? "")) {
    source.invalid(root, "document", "expected a ClusterImagePolicy of policy.sigstore.dev/v1alpha1 or v1beta1");
  }
  const metadata = source.field(root, "metadata");
  const name = source.text(source.field(metadata, "name"));
  for (const key of irrelevantToClusterImagePolicy.document) source.ignore(source.field(root, key));
  const spec = source.field(root, "spec");
  images(source, spec);
  matches(source, spec);
  source.narrows(source.field(spec, "policy"), "policy", "rules in CUE or Rego over all authorities together are not evaluated");
  const authorities = source.items(source.field(spec, "authorities"));
  const rule = any(authorities.map((authority) => authorityRule(source, authority)));
  return conclude(source, { name, rule, mode: mode(source, spec) }, options);
}

function mode(source: Source, spec: Entry | undefined): "warn" | undefined {
  const entry = source.field(spec, "mode");
  const found = source.text(entry);
  if (found === "warn") return "warn";
  if (entry !== undefined && found !== undefined && found !== "enforce") source.invalid(entry, "mode", "expected enforce or warn");
  return undefined;
}

/** What a policy is for is not part of it. A glob that policy-controller refuses makes its document invalid. */
function images(source: Source, spec: Entry | undefined): void {
  const entry = source.field(spec, "images");
  const globs = source.items(entry);
  if (globs.length === 0) source.invalid(entry ?? spec ?? source.root, "images", "expected at least one image");
  for (const image of globs) {
    const glob = source.field(image, "glob");
    const text = source.text(glob);
    if (text !== undefined && /^[a-zA-Z0-9_:/*.@-]+$/u.test(text)) continue;
    source.invalid(glob ?? image, "glob", "policy-controller does not take this for the names of images");
    return;
  }
  if (globs.length > 0) source.note(entry, "images", "a policy does not say which artifacts it is for: judge these images by it");
}

const resources = ["replicasets", "deployments", "pods", "cronjobs", "jobs", "statefulsets", "daemonsets"];

function matches(source: Source, spec: Entry | undefined): void {
  const entry = source.field(spec, "match");
  for (const match of source.items(entry)) {
    const resource = source.field(match, "resource");
    const text = source.text(resource);
    if (resource !== undefined && text !== undefined && !resources.includes(text)) {
      source.invalid(resource, "resource", "policy-controller knows no such resource");
      return;
    }
  }
  source.note(entry, "match", "a policy does not say which resources it is for: judge the images of these by it");
}

function authorityRule(source: Source, authority: Entry): Rule {
  const name = source.text(source.field(authority, "name"));
  for (const key of irrelevantToClusterImagePolicy.authority) source.ignore(source.field(authority, key));
  const format = source.field(authority, "signatureFormat");
  if (source.text(format) !== "bundle") source.note(format, "signatureFormat", "signatures in the layout before bundles do not count");
  const timestamp = source.field(authority, "rfc3161timestamp");
  source.narrows(
    timestamp,
    "rfc3161timestamp",
    "it demands a timestamp by an authority that the cluster knows: give the verifier a trusted root with it, and add `evidence: { signedTimestamps: 1 }`",
  );
  const withoutLog = log(source, authority);
  const kinds = ["key", "keyless", "static"]
    .map((kind) => [kind, source.field(authority, kind)] as const)
    .filter(([, found]) => found !== undefined);
  const [kind, entry] = kinds[0] ?? [];
  if (entry === undefined || kinds.length > 1) {
    source.invalid(authority, "authority", "expected one of key, keyless and static");
    return never;
  }
  if (kind === "static") return staticRule(source, entry);
  const parties = (kind === "key" ? key(source, entry) : keyless(source, entry)).map(({ signer, ...rest }) => ({
    ...rest,
    signer: { ...(name === undefined ? {} : { name }), ...signer },
    ...(withoutLog === undefined ? {} : { withoutLog }),
  }));
  const attestations = source.field(authority, "attestations");
  if (attestations === undefined) return piece(imageSignature, parties);
  const pieces = source.items(attestations).map((attestation) => attestationRule(source, attestation, parties));
  return pieces.length === 0 ? piece(imageSignature, parties) : all(pieces);
}

function staticRule(source: Source, entry: Entry): Rule {
  const action = source.field(entry, "action");
  const found = source.text(action);
  if (found === "pass") source.note(entry, "static", "it lets everything pass, which no policy says: it is left out");
  else if (found === "fail") source.note(entry, "static", "it lets nothing pass: it is left out");
  else source.invalid(action ?? entry, "action", "expected pass or fail");
  return never;
}

/** Where the authority does without a transparency log. Another log than the public one is not named in a policy. */
function log(source: Source, authority: Entry): Entry | undefined {
  const entry = source.field(authority, "ctlog");
  if (entry === undefined) return undefined;
  const [url, root] = [source.field(entry, "url"), source.field(entry, "trustRootRef")];
  source.narrows(root, "trustRootRef", otherRoot);
  if (url === undefined) return root === undefined ? entry : undefined;
  if (source.text(url)?.replace(/\/$/u, "") !== "https://rekor.sigstore.dev") source.narrows(url, "url", otherRoot);
  return undefined;
}

const otherRoot = "it names whom to trust as authority, which a policy does not: give the verifier a trusted root of these alone";

function key(source: Source, entry: Entry): readonly TrustedParty[] {
  const hash = source.field(entry, "hashAlgorithm");
  const algorithm = source.text(hash);
  if (hash !== undefined && algorithm !== undefined && !/^sha(?:224|256|384|512)$/u.test(algorithm))
    source.invalid(hash, "hashAlgorithm", "policy-controller knows no such digest");
  else if (algorithm !== "sha256") source.note(hash, "hashAlgorithm", "the digest follows from the kind of the key");
  const kinds = ["data", "kms", "secretRef"]
    .map((kind) => [kind, source.field(entry, kind)] as const)
    .filter(([, found]) => found !== undefined);
  const [kind, found] = kinds[0] ?? [];
  if (found === undefined || kinds.length > 1) {
    source.invalid(entry, "key", "expected one of data, kms and secretRef");
    return [];
  }
  if (kind !== "data") {
    source.note(found, String(kind), "the key is elsewhere: left out; export it as PEM");
    return [];
  }
  const pem = source.text(found) ?? "";
  if (isPublicKey(pem)) return [{ signer: { publicKey: pem } }];
  source.invalid(found, "data", "expected one public key as PEM");
  return [];
}

function keyless(source: Source, entry: Entry): readonly TrustedParty[] {
  const [url, authority] = [source.field(entry, "url"), source.field(entry, "ca-cert")];
  if (url !== undefined && authority !== undefined) source.invalid(entry, "keyless", "expected url or ca-cert, found both");
  if (url !== undefined && source.text(url)?.replace(/\/$/u, "") !== "https://fulcio.sigstore.dev") source.narrows(url, "url", otherRoot);
  source.narrows(authority, "ca-cert", otherRoot);
  source.narrows(source.field(entry, "trustRootRef"), "trustRootRef", otherRoot);
  const waiver = source.field(entry, "insecureIgnoreSCT");
  const withoutSct = source.flag(waiver) === true && waiver !== undefined ? { withoutSct: waiver } : {};
  const identities = source.field(entry, "identities");
  const parties = source.items(identities).flatMap((identity) => identityRule(source, identity));
  if (identities === undefined)
    source.note(entry, "keyless", "without identities it trusts everyone whom the authority certified: left out");
  return parties.map((party) => ({ ...party, ...withoutSct }));
}

/** An identity as sigstore's admission controllers write it: each half exactly, or as a regular expression. */
export function identityRule(source: Source, identity: Entry): readonly TrustedParty[] {
  const [issuer, subject] = [half(source, identity, "issuer"), half(source, identity, "subject")];
  if (issuer !== undefined && subject !== undefined) return [{ signer: { issuer, identity: subject } }];
  source.note(identity, "identity", "it does not name both an issuer and a subject in a way that can be said here: left out");
  return [];
}

function half(source: Source, identity: Entry, name: string): Pattern | undefined {
  const [exact, regex] = [source.field(identity, name), source.field(identity, `${name}RegExp`)];
  if (regex !== undefined && source.text(regex) !== undefined) {
    if (exact === undefined || source.text(exact) === undefined) return goRegex(source, regex);
    source.invalid(identity, "identity", `${name} and ${name}RegExp contradict each other`);
    return undefined;
  }
  return exact === undefined ? undefined : source.text(exact);
}

function attestationRule(source: Source, attestation: Entry, parties: readonly TrustedParty[]): Rule {
  const name = source.text(source.field(attestation, "name"));
  const entry = source.field(attestation, "predicateType");
  const type = predicateType(source.text(entry) ?? "");
  source.narrows(source.field(attestation, "policy"), "policy", "rules in CUE or Rego over the predicate are not evaluated");
  if (type === undefined) {
    source.invalid(entry ?? attestation, "predicateType", "expected a name that cosign knows, or a URI");
    return never;
  }
  return piece(type, parties, name);
}
