import type { Requirements } from "../../options.js";
import type { EvidenceRequirement, Policy, PolicyRequirement, PolicySigner, PolicySubject } from "../document.js";
import { imageSignature } from "./predicate.js";
import { mayWiden, type Imported } from "./result.js";
import type { Entry, Source } from "./source.js";

/** What a foreign policy demands. A part that cannot be said is `never`: an alternative less, or a demand that nothing meets. */
export type Rule =
  | { readonly kind: "never" }
  | { readonly kind: "piece"; readonly type: string; readonly name?: string; readonly signers: readonly TrustedParty[] }
  | { readonly kind: "all" | "any"; readonly of: readonly Rule[] };

/** A signer, and where its source waives the parties that vouch for a bundle. */
export interface TrustedParty {
  readonly signer: PolicySigner;
  /** Where it says that no transparency log is needed. */
  readonly withoutLog?: Entry;
  /** Where it says that no certificate transparency log is needed. */
  readonly withoutSct?: Entry;
}

/** More combinations than anybody reads. */
const mostCombinations = 64;

/** A demand that nothing meets. */
export const never: Rule = { kind: "never" };

/** One bundle of a type, signed by any of these. */
export function piece(type: string, signers: readonly TrustedParty[], name?: string): Rule {
  return signers.length === 0 ? never : { kind: "piece", type, signers, ...(name === undefined ? {} : { name }) };
}

/** Every one of the rules. */
export function all(rules: readonly Rule[]): Rule {
  if (rules.length === 0 || rules.some((rule) => rule.kind === "never")) return never;
  const of = distinct(rules.flatMap((rule) => (rule.kind === "all" ? rule.of : [rule])));
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "all", of };
}

/** Any one of the rules. Pieces of one type become one piece by any of their signers. */
export function any(rules: readonly Rule[]): Rule {
  const of: Rule[] = [];
  for (const rule of rules.flatMap((inner) => (inner.kind === "any" ? inner.of : [inner]))) {
    const same = of.findIndex((other) => rule.kind === "piece" && other.kind === "piece" && rule.type === other.type);
    const other = of[same];
    if (rule.kind === "piece" && other?.kind === "piece") {
      const { name: _, ...unnamed } = other;
      of[same] = { ...(rule.name === other.name ? other : unnamed), signers: distinct([...other.signers, ...rule.signers]) };
    } else if (rule.kind !== "never") {
      of.push(rule);
    }
  }
  return of.length === 0 ? never : of.length === 1 && of[0] !== undefined ? of[0] : { kind: "any", of: distinct(of) };
}

/** As many of the rules; `undefined` when that would be too many combinations. */
export function atLeast(count: number, rules: readonly Rule[]): Rule | undefined {
  if (count === 1) return any(rules);
  if (count === rules.length) return all(rules);
  const combinations: Rule[][] = [[]];
  for (const rule of rules) {
    for (const taken of [...combinations]) {
      if (taken.length < count) combinations.push([...taken, rule]);
      if (combinations.length > mostCombinations * 16) return undefined;
    }
  }
  const whole = combinations.filter((taken) => taken.length === count);
  return whole.length > mostCombinations ? undefined : any(whole.map(all));
}

/** The rest of a policy. */
export interface Draft {
  readonly name?: string | undefined;
  readonly rule: Rule;
  readonly mode?: "warn" | undefined;
  readonly evidence?: Requirements | undefined;
  readonly subject?: PolicySubject | undefined;
  /** Any bundle by the signers will do, whatever its type. */
  readonly anyType?: boolean | undefined;
}

/** Closes the account and makes the policy, unless that would trust more than the source. */
export function conclude(source: Source, draft: Draft, options: unknown, known: readonly string[] = []): Imported {
  const widen = mayWiden(options, known);
  const parties = partiesOf(draft.rule);
  const evidence = { ...waived(source, parties), ...draft.evidence };
  if (draft.anyType !== true && typesOf(draft.rule).includes(imageSignature)) {
    source.remark(
      "",
      "image signatures",
      "a signature is looked for as a bundle of its own type; those in the layout before bundles do not count",
    );
  }
  const unsupported = [...source.account()];
  if (source.broken() || (!widen && unsupported.some(({ narrows }) => narrows))) return { policy: undefined, unsupported };
  if (parties.length === 0) {
    const why = "nobody whom the source trusts can be named in a policy";
    return { policy: undefined, unsupported: [...unsupported, { at: "", what: "signers", why, narrows: false }] };
  }
  const signers = distinct(parties.map(({ signer }) => signer));
  const pieces = draft.rule.kind === "all" ? draft.rule.of : [draft.rule];
  const policy: Policy = {
    version: 1,
    ...(draft.name === undefined ? {} : { name: draft.name }),
    ...(draft.mode === undefined ? {} : { mode: draft.mode }),
    signers,
    ...(Object.keys(evidence).length === 0 ? {} : { evidence }),
    ...(draft.anyType === true ? {} : { require: pieces.map((rule) => requirement(rule, signers)) }),
    ...(draft.subject === undefined ? {} : { subject: draft.subject }),
  };
  return { policy, unsupported };
}

function requirement(rule: Rule, everyone: readonly PolicySigner[]): PolicyRequirement {
  if (rule.kind === "piece") {
    const signers = distinct(rule.signers.map(({ signer }) => signer));
    const made: EvidenceRequirement = {
      ...(rule.name === undefined ? {} : { name: rule.name }),
      predicateType: rule.type,
      ...(same(signers, everyone) ? {} : { signers }),
    };
    return made;
  }
  const of = rule.kind === "never" ? [] : rule.of.map((inner) => requirement(inner, everyone));
  return rule.kind === "all" ? { allOf: of } : { anyOf: of };
}

/** What every party does without. What only some do without stays demanded of all, and is noted. */
function waived(source: Source, parties: readonly TrustedParty[]): Requirements {
  const certified = parties.filter(({ signer }) => !("publicKey" in signer));
  const without = (kind: "withoutLog" | "withoutSct", of: readonly TrustedParty[]): boolean => {
    if (of.length > 0 && of.every((party) => party[kind] !== undefined)) return true;
    for (const party of of) {
      source.note(party[kind], "waiver", "others here do not waive it, and a policy asks the same of all: it stays demanded");
    }
    return false;
  };
  return {
    ...(without("withoutLog", parties) ? { logEntries: 0 } : {}),
    ...(without("withoutSct", certified) ? { scts: 0 } : {}),
  };
}

function partiesOf(rule: Rule): readonly TrustedParty[] {
  if (rule.kind === "piece") return rule.signers;
  return rule.kind === "never" ? [] : rule.of.flatMap(partiesOf);
}

function typesOf(rule: Rule): readonly string[] {
  if (rule.kind === "piece") return [rule.type];
  return rule.kind === "never" ? [] : rule.of.flatMap(typesOf);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return items.filter((item, index) => items.findIndex((other) => same(item, other)) === index);
}
