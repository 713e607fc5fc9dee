import { attestorSets, deprecatedAttestor, irrelevantToAttestor, otherRoot } from "./kyverno-attestors.js";
import { imageValidatingPolicy, irrelevantToCosign, irrelevantToValidation } from "./kyverno-image-validating.js";
import { imageSignature, predicateType } from "./predicate.js";
import type { ImportOptions, Imported } from "./result.js";
import { all, conclude, never, type Rule } from "./rule.js";
import { open, type Entry, type Source } from "./source.js";

/** What a policy of Kyverno says that has nothing to do with trust, by the object that says it. */
export const irrelevantToKyverno = {
  document: ["metadata", "status"],
  spec: [
    "admission",
    "background",
    "emitWarning",
    "failurePolicy",
    "generateExisting",
    "mutateExistingOnPolicyUpdate",
    "schemaValidation",
    "useServerSideApply",
    "webhookConfiguration",
    "webhookTimeoutSeconds",
  ],
  rule: ["name", "skipBackgroundRequests", "reportProperties"],
  verifyImages: ["cosignOCI11", "imageRegistryCredentials", "repository", "useCache"],
  attestation: ["name"],
  attestor: irrelevantToAttestor,
  imageValidatingPolicy: ["auditAnnotations", "autogen", "credentials", "evaluation", "failurePolicy", "webhookConfiguration"],
  validation: irrelevantToValidation,
  cosign: irrelevantToCosign,
} as const;

const scope = "a policy does not say what it is for: judge by it the images that this selects";

/**
 * A policy of Kyverno's ClusterPolicy or Policy with `verifyImages` rules, or of an ImageValidatingPolicy. Every rule
 * must be met, also by an image that only some of them are for.
 */
export function fromKyverno(document: object, options?: ImportOptions): Imported {
  const source = open(document);
  const { root } = source;
  const apiVersion = source.text(source.field(root, "apiVersion")) ?? "";
  const kind = source.text(source.field(root, "kind")) ?? "";
  const metadata = source.field(root, "metadata");
  const name = source.text(source.field(metadata, "name"));
  for (const key of irrelevantToKyverno.document) source.ignore(source.field(root, key));
  const spec = source.field(root, "spec");
  if (/^(?:Namespaced)?ImageValidatingPolicy$/u.test(kind) && /^policies\.kyverno\.io\/v1(?:alpha1|beta1)?$/u.test(apiVersion)) {
    for (const key of irrelevantToKyverno.imageValidatingPolicy) source.ignore(source.field(spec, key));
    return conclude(source, { name, ...imageValidatingPolicy(source, spec) }, options);
  }
  if (!/^(?:Cluster)?Policy$/u.test(kind) || !/^kyverno\.io\/v[12](?:alpha1|beta1)?$/u.test(apiVersion)) {
    source.invalid(root, "document", "expected a ClusterPolicy, Policy or ImageValidatingPolicy of Kyverno");
    return conclude(source, { name, rule: never }, options);
  }
  for (const key of irrelevantToKyverno.spec) source.ignore(source.field(spec, key));
  const apply = source.field(spec, "applyRules");
  if (source.text(apply) !== "All")
    source.note(apply, "applyRules", "the source stops at the first rule that fits; here every rule must be met");
  const checks = source.items(source.field(spec, "rules")).flatMap((rule) => checksOf(source, rule));
  if (checks.length === 0) source.invalid(spec ?? root, "rules", "there is no rule that verifies images");
  const rule = all(checks.map((check) => imageRule(source, check)));
  const pinned = checks.some((check) => mustBePinned(source, check)) ? ({ pinned: "require" } as const) : undefined;
  return conclude(source, { name, rule, mode: mode(source, spec, checks), subject: pinned }, options);
}

/** The `verifyImages` of a rule. What else a rule does is listed. */
function checksOf(source: Source, rule: Entry): readonly Entry[] {
  for (const key of irrelevantToKyverno.rule) source.ignore(source.field(rule, key));
  for (const key of ["match", "exclude", "preconditions", "celPreconditions"]) source.note(source.field(rule, key), key, scope);
  for (const key of ["context", "imageExtractors"])
    source.note(source.field(rule, key), key, "what it reads from the cluster is not known here");
  source.narrows(source.field(rule, "validate"), "validate", "a rule about resources, not about the evidence for an image");
  for (const key of ["mutate", "generate"]) source.note(source.field(rule, key), key, "it changes or makes resources, and refuses none");
  return source.items(source.field(rule, "verifyImages"));
}

function imageRule(source: Source, check: Entry): Rule {
  for (const key of irrelevantToKyverno.verifyImages) source.ignore(source.field(check, key));
  for (const key of ["image", "imageReferences", "skipImageReferences"]) source.note(source.field(check, key), key, scope);
  source.narrows(source.field(check, "annotations"), "annotations", "annotations in the signed payload are not compared");
  source.narrows(source.field(check, "validate"), "validate", "conditions over verified images are not evaluated");
  source.narrows(source.field(check, "roots"), "roots", otherRoot);
  const required = source.field(check, "required");
  if (source.flag(required) === false) source.note(required, "required", "the source lets unverified images pass; here they are refused");
  const type = source.field(check, "type");
  const format = source.text(type) ?? "Cosign";
  if (format !== "Cosign" && format !== "SigstoreBundle") {
    source.note(check, "verifyImages", "signatures of Notary are no bundles: nothing can meet this rule");
    return never;
  }
  const sets = source.field(check, "attestors");
  const deprecated = deprecatedAttestor(source, check);
  const by = (wanted: string): Rule | undefined => (sets !== undefined ? attestorSets(source, sets, wanted) : deprecated?.(wanted));
  const attestations = source.items(source.field(check, "attestations")).map((attestation) => attestationRule(source, attestation, by));
  const signature = by(imageSignature);
  const rules = [...(signature === undefined ? [] : [signature]), ...attestations];
  if (rules.length === 0) source.invalid(check, "verifyImages", "it names neither attestors nor attestations");
  return all(rules);
}

function attestationRule(source: Source, attestation: Entry, by: (type: string) => Rule | undefined): Rule {
  for (const key of irrelevantToKyverno.attestation) source.ignore(source.field(attestation, key));
  source.narrows(source.field(attestation, "conditions"), "conditions", "conditions over the predicate are not evaluated");
  const entry = source.field(attestation, "type") ?? source.field(attestation, "predicateType");
  const other = source.field(attestation, "predicateType");
  if (entry !== undefined && other !== undefined && entry.at !== other.at && entry.value !== other.value)
    source.invalid(other, "predicateType", "it contradicts `type`");
  else source.text(other);
  const type = source.text(entry);
  if (type === undefined || predicateType(type) !== type) {
    source.invalid(entry ?? attestation, "type", "expected the URI of a predicate type");
    return never;
  }
  const sets = source.field(attestation, "attestors");
  if (sets !== undefined && source.items(sets).length > 0) return attestorSets(source, sets, type);
  const rule = by(type);
  if (rule === undefined) source.note(attestation, "attestation", "it names nobody who must have signed: nothing can meet it");
  else source.remark(attestation.at, "attestation", "it names nobody who must have signed; here the attestors of the images must have");
  return rule ?? never;
}

/** Whether a tag without a digest is refused. Where the source puts the digest in, the caller has to. */
function mustBePinned(source: Source, check: Entry): boolean {
  const [mutate, verify] = [source.field(check, "mutateDigest"), source.field(check, "verifyDigest")];
  const [mutates, verifies] = [source.flag(mutate) ?? true, source.flag(verify) ?? true];
  if (mutates)
    source.note(mutate, "mutateDigest", "the source puts the verified digest in place of the tag; here the report names the digest to pin");
  return verifies && !mutates;
}

/** `"warn"` when every check only audits by its own word; what the source takes for granted is enforced. */
function mode(source: Source, spec: Entry | undefined, checks: readonly Entry[]): "warn" | undefined {
  const action = actionOf(source, source.field(spec, "validationFailureAction"));
  const overrides = source.field(spec, "validationFailureActionOverrides");
  source.note(overrides, "validationFailureActionOverrides", "a policy does not know namespaces: it is enforced everywhere");
  const actions = checks.map((check) => actionOf(source, source.field(check, "failureAction")) ?? action);
  const auditing = checks.filter((_, index) => actions[index] === "audit");
  if (auditing.length === checks.length && overrides === undefined) return "warn";
  for (const check of auditing)
    source.remark(check.at, "failureAction", "it only audits, but not everything here does: the policy is enforced");
  return undefined;
}

function actionOf(source: Source, entry: Entry | undefined): "audit" | "enforce" | undefined {
  const found = source.text(entry);
  if (found === "Audit" || found === "audit") return "audit";
  if (entry !== undefined && found !== undefined && found !== "Enforce" && found !== "enforce")
    source.invalid(entry, "failureAction", "expected Audit or Enforce");
  return found === undefined ? undefined : "enforce";
}
