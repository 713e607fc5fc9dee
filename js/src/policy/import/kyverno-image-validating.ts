import type { PolicySubject } from "../document.js";
import { isPublicKey } from "../pem.js";
import { identityRule } from "./cluster-image-policy.js";
import { otherRoot } from "./kyverno-attestors.js";
import { imageSignature, predicateType } from "./predicate.js";
import { all, any, never, piece, type Rule, type TrustedParty } from "./rule.js";
import type { Entry, Source } from "./source.js";

/** What a validation says that has nothing to do with trust. */
export const irrelevantToValidation = ["message", "messageExpression", "reason"] as const;

/** What an attestor of cosign's says that has nothing to do with trust. */
export const irrelevantToCosign = ["source"] as const;

/** What an ImageValidatingPolicy demands: what its validations say about its attestors, as far as they can be read. */
export function imageValidatingPolicy(
  source: Source,
  spec: Entry | undefined,
): { rule: Rule; mode: "warn" | undefined; subject: PolicySubject | undefined } {
  for (const key of ["matchConstraints", "matchConditions", "matchImageReferences", "images"]) {
    source.note(source.field(spec, key), key, "a policy does not say what it is for: judge by it the images that this selects");
  }
  source.note(source.field(spec, "variables"), "variables", "what expressions read from the cluster is not known here");
  const attestors = byName(source, source.field(spec, "attestors"), attestorOf);
  const attestations = byName(source, source.field(spec, "attestations"), attestationOf);
  const rules = source.items(source.field(spec, "validations")).flatMap((validation) => {
    const expression = source.field(validation, "expression");
    for (const key of irrelevantToValidation) source.ignore(source.field(validation, key));
    const rule = validationRule(source.text(expression) ?? "", attestors, attestations);
    if (rule === undefined)
      source.narrows(
        expression ?? validation,
        "expression",
        "of the CEL expressions only the plain checks of signatures and attestations are understood",
      );
    return rule ?? [];
  });
  return { rule: all(rules), mode: mode(source, spec), subject: subject(source, spec) };
}

const name = String.raw`[A-Za-z_][A-Za-z0-9_]*`;
const list = String.raw`\[ ?(attestors\.${name}(?: ?, ?attestors\.${name})*) ?\]`;
const signatures = new RegExp(
  `^images\\.${name}\\.map\\((${name}), ?verifyImageSignatures\\(\\1 ?, ?${list}\\)\\)\\.all\\((${name}), ?\\3 ?> ?0\\)$`,
  "u",
);
const statements = new RegExp(
  `^images\\.${name}\\.map\\((${name}), ?verifyAttestationSignatures\\(\\1 ?, ?attestations\\.(${name}) ?, ?${list}\\)\\)\\.all\\((${name}), ?\\4 ?> ?0\\)$`,
  "u",
);

/** The two checks as the documentation writes them: at least one of the attestors signed. */
function validationRule(
  expression: string,
  attestors: ReadonlyMap<string, readonly TrustedParty[]>,
  attestations: ReadonlyMap<string, string | undefined>,
): Rule | undefined {
  const plain = expression.trim().replace(/\s+/gu, " ");
  const byAnyOf = (type: string | undefined, names: string): Rule => {
    if (type === undefined) return never;
    return any(names.split(",").map((found) => piece(type, attestors.get(found.trim().slice("attestors.".length)) ?? [])));
  };
  const signature = signatures.exec(plain);
  if (signature !== null) return byAnyOf(imageSignature, signature[2] ?? "");
  const statement = statements.exec(plain);
  return statement === null ? undefined : byAnyOf(attestations.get(statement[2] ?? ""), statement[3] ?? "");
}

/** The items of a list by their names, which expressions use. */
function byName<T>(
  source: Source,
  entry: Entry | undefined,
  read: (source: Source, item: Entry, label: string) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of source.items(entry)) {
    const label = source.text(source.field(item, "name"));
    if (label === undefined || found.has(label)) source.invalid(item, "name", "expected a name, and another than those before");
    else found.set(label, read(source, item, label));
  }
  return found;
}

function attestorOf(source: Source, attestor: Entry, label: string): readonly TrustedParty[] {
  source.note(source.field(attestor, "notary"), "notary", "signatures of Notary are no bundles: nothing can meet this attestor");
  const cosign = source.field(attestor, "cosign");
  return cosign === undefined ? [] : parties(source, cosign, label);
}

function parties(source: Source, cosign: Entry, label: string): readonly TrustedParty[] {
  for (const key of irrelevantToCosign) source.ignore(source.field(cosign, key));
  source.narrows(source.field(cosign, "annotations"), "annotations", "annotations in the signed payload are not compared");
  for (const key of ["tuf", "trustedRoot"]) source.narrows(source.field(cosign, key), key, otherRoot);
  const waivers = logs(source, source.field(cosign, "ctlog"));
  const kinds = ["key", "keyless", "certificate"]
    .map((kind) => [kind, source.field(cosign, kind)] as const)
    .filter(([, found]) => found !== undefined);
  const [kind, entry] = kinds[0] ?? [];
  if (entry === undefined || kinds.length > 1) {
    source.invalid(cosign, "cosign", "expected one of key, keyless and certificate");
    return [];
  }
  if (kind === "certificate") {
    source.note(entry, "certificate", "a certificate of one's own is no signer here: left out; give its key as PEM");
    return [];
  }
  const found = kind === "key" ? key(source, entry) : keyless(source, entry);
  return found.map((party) => ({ ...party, ...waivers, signer: { name: label, ...party.signer } }));
}

function logs(source: Source, ctlog: Entry | undefined): Pick<TrustedParty, "withoutLog" | "withoutSct"> {
  const url = source.field(ctlog, "url");
  if (url !== undefined && source.text(url)?.replace(/\/$/u, "") !== "https://rekor.sigstore.dev") source.narrows(url, "url", otherRoot);
  for (const key of ["rekorPubKey", "ctLogPubKey", "tsaCertChain"]) source.narrows(source.field(ctlog, key), key, otherRoot);
  const [tlog, sct] = [source.field(ctlog, "insecureIgnoreTlog"), source.field(ctlog, "insecureIgnoreSCT")];
  return {
    ...(tlog !== undefined && source.flag(tlog) === true ? { withoutLog: tlog } : {}),
    ...(sct !== undefined && source.flag(sct) === true ? { withoutSct: sct } : {}),
  };
}

function key(source: Source, entry: Entry): readonly TrustedParty[] {
  const hash = source.field(entry, "hashAlgorithm");
  if (source.text(hash) !== "sha256") source.note(hash, "hashAlgorithm", "the digest follows from the kind of the key");
  for (const kind of ["kms", "expression", "secretRef"])
    source.note(source.field(entry, kind), kind, "the key is elsewhere: left out; export it as PEM");
  const data = source.field(entry, "data");
  const pem = source.text(data);
  if (pem === undefined) return [];
  if (["kms", "expression", "secretRef"].every((kind) => source.field(entry, kind) === undefined) && isPublicKey(pem))
    return [{ signer: { publicKey: pem } }];
  source.note(data, "data", "it is not one public key as PEM, or not clear which key counts: left out");
  return [];
}

function keyless(source: Source, entry: Entry): readonly TrustedParty[] {
  source.narrows(source.field(entry, "roots"), "roots", otherRoot);
  const identities = source.field(entry, "identities");
  if (identities === undefined)
    source.note(entry, "keyless", "without identities it trusts everyone whom the authority certified: left out");
  return source.items(identities).flatMap((identity) => identityRule(source, identity));
}

function attestationOf(source: Source, attestation: Entry): string | undefined {
  source.note(
    source.field(attestation, "referrer"),
    "referrer",
    "a referrer of this type need not be a bundle: nothing can meet this attestation",
  );
  const type = source.field(source.field(attestation, "intoto"), "type");
  const found = source.text(type);
  if (type !== undefined && (found === undefined || predicateType(found) !== found))
    source.invalid(type, "type", "expected the URI of a predicate type");
  return found;
}

/** `"warn"` when no action denies. */
function mode(source: Source, spec: Entry | undefined): "warn" | undefined {
  const actions = source.items(source.field(spec, "validationActions")).map((entry) => {
    const action = source.text(entry);
    if (action !== undefined && !["Deny", "Audit", "Warn"].includes(action))
      source.invalid(entry, "validationActions", "expected Deny, Audit or Warn");
    return action;
  });
  return actions.length > 0 && actions.every((action) => action === "Audit" || action === "Warn") ? "warn" : undefined;
}

function subject(source: Source, spec: Entry | undefined): PolicySubject | undefined {
  const settings = source.field(spec, "validationConfigurations");
  const [mutate, verify, required] = ["mutateDigest", "verifyDigest", "required"].map((setting) => source.field(settings, setting));
  if (source.flag(required) === false) source.note(required, "required", "the source lets unverified images pass; here they are refused");
  const [mutates, verifies] = [source.flag(mutate) ?? true, source.flag(verify) ?? true];
  if (mutates)
    source.note(mutate, "mutateDigest", "the source puts the verified digest in place of the tag; here the report names the digest to pin");
  return verifies && !mutates ? { pinned: "require" } : undefined;
}
