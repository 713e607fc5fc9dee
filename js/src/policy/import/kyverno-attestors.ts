import type { ClaimName, Pattern } from "../../options.js";
import type { PolicySigner } from "../document.js";
import { publicKeys } from "../pem.js";
import { goRegex, kyvernoWildcard } from "./pattern.js";
import { all, atLeast, never, piece, type Rule, type TrustedParty } from "./rule.js";
import type { Entry, Source } from "./source.js";

/** Why roots and keys of logs are not in a policy. */
export const otherRoot = "it names whom to trust as authority, which a policy does not: give the verifier a trusted root of these alone";

/** What an attestor says that has nothing to do with trust. */
export const irrelevantToAttestor = ["repository"] as const;

/** The attestors of an entry, for a bundle of some type; several when the entry holds several keys. */
type Attestor = (type: string) => readonly Rule[];

/** Every set of attestors must be met, each by as many of its entries as it asks for. */
export function attestorSets(source: Source, sets: Entry, type: string): Rule {
  return all(source.items(sets).map((set) => attestorSet(source, set, type)));
}

function attestorSet(source: Source, set: Entry, type: string): Rule {
  const entry = source.field(set, "count");
  const entries = source.items(source.field(set, "entries"));
  const rules = entries.flatMap((attestor) => attestorOf(source, attestor)(type));
  const count = source.count(entry) ?? 0;
  if (rules.length === 0 || count < 0 || count > rules.length) {
    source.invalid(entry ?? set, "attestors", "it asks for more entries than there are, or for none");
    return never;
  }
  const rule = atLeast(count === 0 ? rules.length : count, rules);
  if (rule === undefined) source.remark(set.at, "count", "there are too many ways to choose as many: all entries are demanded");
  return rule ?? all(rules);
}

function attestorOf(source: Source, attestor: Entry): Attestor {
  for (const key of irrelevantToAttestor) source.ignore(source.field(attestor, key));
  source.narrows(source.field(attestor, "annotations"), "annotations", "annotations in the signed payload are not compared");
  const kinds = ["keys", "certificates", "keyless", "attestor"]
    .map((kind) => [kind, source.field(attestor, kind)] as const)
    .filter(([, found]) => found !== undefined);
  const [kind, entry] = kinds[0] ?? [];
  if (entry === undefined || kinds.length > 1) {
    source.invalid(attestor, "attestor", "expected one of keys, certificates, keyless and attestor");
    return () => [never];
  }
  if (kind === "attestor") return (type) => [attestorSet(source, entry, type)];
  if (kind === "keys") return keys(source, entry);
  if (kind === "keyless") return keyless(source, entry);
  source.note(entry, "certificates", "a certificate of one's own is no signer here: left out; give its key as PEM");
  return () => [never];
}

/** The attestor that a rule of Kyverno's first versions names in its own fields. */
export function deprecatedAttestor(source: Source, check: Entry): ((type: string) => Rule) | undefined {
  const key = source.field(check, "key");
  const certified = ["issuer", "subject", "additionalExtensions"]
    .map((name) => source.field(check, name))
    .find((found) => found !== undefined);
  if (key === undefined && certified === undefined) return undefined;
  if (source.field(check, "attestors") !== undefined || (key !== undefined && certified !== undefined)) {
    source.invalid(key ?? certified ?? check, "attestor", "it contradicts the other attestors of the rule");
    return () => never;
  }
  const rules = key === undefined ? keyless(source, check) : staticKeys(source, key, {});
  return (type) => all(rules(type));
}

function keys(source: Source, entry: Entry): Attestor {
  const waivers = logs(source, entry);
  const algorithm = source.field(entry, "signatureAlgorithm");
  if (source.text(algorithm) !== "sha256") source.note(algorithm, "signatureAlgorithm", "the digest follows from the kind of the key");
  for (const kind of ["kms", "secret"]) source.note(source.field(entry, kind), kind, "the key is elsewhere: left out; export it as PEM");
  const pem = source.field(entry, "publicKeys");
  if (
    pem === undefined ||
    source.text(pem) === undefined ||
    source.field(entry, "kms") !== undefined ||
    source.field(entry, "secret") !== undefined
  ) {
    if (source.field(entry, "kms") === undefined && source.field(entry, "secret") === undefined)
      source.invalid(entry, "keys", "expected public keys");
    else source.note(pem, "publicKeys", "it is not clear which of the keys counts: left out");
    return () => [never];
  }
  return staticKeys(source, pem, waivers);
}

/** Each key is an attestor of its own. */
function staticKeys(source: Source, entry: Entry, waivers: Waivers): Attestor {
  const text = source.text(entry) ?? "";
  const found = publicKeys(text);
  if (found === undefined) {
    source.note(
      entry,
      "publicKeys",
      /\{\{|:\/\//u.test(text) ? "the key is elsewhere: left out; write it as PEM" : "no public key as PEM: left out",
    );
    return () => [never];
  }
  return (type) => found.map((publicKey) => piece(type, [{ signer: { publicKey }, ...waivers }]));
}

type Waivers = Pick<TrustedParty, "withoutLog" | "withoutSct">;

/** Where the entry does without logs. Other logs than the public ones are not named in a policy. */
function logs(source: Source, entry: Entry): Waivers {
  const [rekor, ctlog] = [source.field(entry, "rekor"), source.field(entry, "ctlog")];
  const url = source.field(rekor, "url");
  if (url !== undefined && source.text(url)?.replace(/\/$/u, "") !== "https://rekor.sigstore.dev") source.narrows(url, "url", otherRoot);
  source.narrows(source.field(rekor, "pubkey"), "pubkey", otherRoot);
  source.narrows(source.field(ctlog, "pubkey"), "pubkey", otherRoot);
  source.narrows(source.field(ctlog, "tsaCertChain"), "tsaCertChain", otherRoot);
  const [tlog, sct] = [source.field(rekor, "ignoreTlog"), source.field(ctlog, "ignoreSCT")];
  return {
    ...(tlog !== undefined && source.flag(tlog) === true ? { withoutLog: tlog } : {}),
    ...(sct !== undefined && source.flag(sct) === true ? { withoutSct: sct } : {}),
  };
}

function keyless(source: Source, entry: Entry): Attestor {
  const waivers = logs(source, entry);
  source.narrows(source.field(entry, "roots"), "roots", otherRoot);
  const claims: Record<string, Pattern> = {};
  const subject = half(source, entry, "subject");
  let issuer = half(source, entry, "issuer");
  // A half that is asked for but cannot be said must not be lost: the attestor is left out.
  let whole = (subject !== undefined || !asksFor(source, entry, "subject")) && (issuer !== undefined || !asksFor(source, entry, "issuer"));
  for (const [key, value] of source.fields(source.field(entry, "additionalExtensions"))) {
    const name = key.replace(/^1\.3\.6\.1\.4\.1\.57264\.1\./u, "");
    const claim = Object.hasOwn(extensions, name) && (name !== key || !/^\d/u.test(key)) ? extensions[name] : undefined;
    const pattern = claim === undefined ? undefined : kyvernoWildcard(source, value);
    if (claim === undefined || pattern === undefined) {
      source.note(value, "extension", "reports do not show it, or its value is none: left out, with whom it is about");
      whole = false;
    } else if (claim === "issuer") {
      whole &&= issuer === undefined || JSON.stringify(issuer) === JSON.stringify(pattern);
      issuer ??= pattern;
    } else {
      const uri = claim === "repository" ? prefixed("https://github.com/", pattern) : pattern;
      const place = claim === "repository" ? "sourceRepositoryURI" : claim;
      whole &&= claims[place] === undefined || JSON.stringify(claims[place]) === JSON.stringify(uri);
      claims[place] = uri;
    }
  }
  const named = Object.keys(claims).length > 0;
  if (!whole || issuer === undefined || (subject === undefined && !named)) {
    source.note(entry, "keyless", "it does not name an issuer, and a subject or claims, in a way that can be said here: left out");
    return () => [never];
  }
  const signer = { issuer, ...(subject === undefined ? {} : { identity: subject }), ...(named ? { claims } : {}) } as PolicySigner;
  return (type) => [piece(type, [{ signer, ...waivers }])];
}

function half(source: Source, entry: Entry, name: string): Pattern | undefined {
  const [wildcard, regex] = [source.field(entry, name), source.field(entry, `${name}RegExp`)];
  if (regex === undefined || source.text(regex) === undefined)
    return wildcard === undefined ? undefined : kyvernoWildcard(source, wildcard);
  if (wildcard === undefined || source.text(wildcard) === undefined) return goRegex(source, regex);
  source.invalid(regex, `${name}RegExp`, `it contradicts ${name}`);
  return undefined;
}

/** Whether an attestor says anything about its issuer or subject. */
function asksFor(source: Source, entry: Entry, name: string): boolean {
  return [name, `${name}RegExp`].some((key) => source.text(source.field(entry, key)) !== undefined);
}

function prefixed(prefix: string, pattern: Pattern): Pattern {
  if (typeof pattern === "string") return `${prefix}${pattern}`;
  return "glob" in pattern ? { glob: `${prefix}${pattern.glob}` } : pattern;
}

/** Extensions by cosign's names and by their number below Fulcio's arc, and the claims that hold them. */
const extensions: Readonly<Record<string, ClaimName | "issuer" | "repository">> = {
  oidcIssuer: "issuer",
  githubWorkflowTrigger: "buildTrigger",
  githubWorkflowSha: "sourceRepositoryDigest",
  githubWorkflowRepository: "repository",
  githubWorkflowRef: "sourceRepositoryRef",
  1: "issuer",
  2: "buildTrigger",
  3: "sourceRepositoryDigest",
  5: "repository",
  6: "sourceRepositoryRef",
  8: "issuer",
  9: "buildSignerURI",
  10: "buildSignerDigest",
  11: "runnerEnvironment",
  12: "sourceRepositoryURI",
  13: "sourceRepositoryDigest",
  14: "sourceRepositoryRef",
  15: "sourceRepositoryIdentifier",
  16: "sourceRepositoryOwnerURI",
  17: "sourceRepositoryOwnerIdentifier",
  18: "buildConfigURI",
  19: "buildConfigDigest",
  20: "buildTrigger",
  21: "runInvocationURI",
  22: "sourceRepositoryVisibilityAtSigning",
  23: "deploymentEnvironment",
  24: "tokenSubject",
};
