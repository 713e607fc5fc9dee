import type { Evaluation, Finding, RequirementLine } from "../evaluation.js";
import { unavailableText } from "../offline/address.js";
import { checkKeys, type Report } from "../report.js";
import type { Outcome } from "../sources/judge.js";
import type { Shown } from "./evidence-text.js";
import type { Subject } from "./outcome.js";

/** One reason for which something is not verified, whatever judged it. */
export interface Flaw {
  /** Stable: of a check, a requirement, a finding or a change; `none-found`, `no-provenance`, `file-changed`, `unavailable-` and why, or `input-` and its status. */
  readonly code: string;
  /** `error` fails the command; `warning` is let pass; `note` decides nothing. */
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  readonly hint?: string | undefined;
  /** JSON pointer into the bundle, the policy or what was used. */
  readonly at?: string | undefined;
  /** Which bundle, counted from 0. */
  readonly bundle?: number | undefined;
}

/** Why a bundle did not verify; nothing when it did. */
export function reportFlaws(report: Report, level: Flaw["level"] = "error", bundle?: number): Flaw[] {
  return checkKeys.flatMap((key) => {
    const check = report.checks[key];
    return check.status === "failed" ? check.failures.map((failure) => ({ ...failure, level, bundle })) : [];
  });
}

/** Why the evidence is not enough: what is unmet, and what is wrong with the bundles. Nothing when it is enough, whatever else there was. */
export function evaluationFlaws(evaluation: Evaluation): Flaw[] {
  const { verdict, admitted, requirements, bundles, summary } = evaluation;
  if (verdict === "verified") return [];
  const level = admitted ? "warning" : "error";
  const unmet = (line: RequirementLine): Flaw[] =>
    line.met ? [] : [...(line.failures ?? []).map((failure) => ({ ...failure, level, at: line.at } as const)), ...(line.parts ?? []).flatMap(unmet)];
  const reasons = requirements.flatMap(unmet);
  return [
    ...(reasons.length > 0 ? reasons : [{ code: verdict, level, message: summary } as const]),
    ...bundles.flatMap(({ report }, index) => reportFlaws(report, level, index)),
    ...shownFindings(evaluation).map((finding) => ({ ...finding, level: "note" as const })),
  ];
}

/** The findings, but for those that the bundles' own flaws tell in full, or `passedOver` in short. */
export function shownFindings({ findings }: Evaluation): readonly Finding[] {
  return findings.filter(({ code }) => code !== "bundle-not-verified");
}

/** In one line, what did not verify beside evidence that is enough: anybody can have put it there, and it must not bury the rest. */
export function passedOver({ verdict, bundles }: Evaluation): string | undefined {
  const failed = bundles.filter(({ report }) => report.verdict === "failed");
  if (verdict !== "verified" || failed.length === 0) return undefined;
  const codes = new Set(failed.flatMap(({ report }) => reportFlaws(report).map(({ code }) => code)));
  return `${String(failed.length)} of ${String(bundles.length)} bundles did not verify, and counted for nothing (${[...codes].join(", ")})`;
}

/** Why there is nothing to judge: who knows not even the name is told so, for most of these are typing errors. */
export function noneFound({ called, isThere }: Subject, evidence: Shown): string {
  return isThere?.(evidence) === false ? `the registry has no ${called}, or does not show it to everybody` : `there is no evidence about ${called}`;
}

/** Why a reference is not verified. */
export function outcomeFlaws(subject: Subject, outcome: Outcome<Shown>): Flaw[] {
  if (outcome.outcome === "unavailable") {
    const { error } = outcome;
    return [{ code: `unavailable-${error.code}`, level: "error", message: unavailableText(error) }];
  }
  if (outcome.outcome === "judged") return evaluationFlaws(outcome.evaluation);
  const level = outcome.evaluation?.admitted === true ? "warning" : "error";
  return [{ code: "none-found", level, message: noneFound(subject, outcome.evidence) }];
}

/** What a log of a run says of an evaluation. */
export function verdictOf(evaluation: Evaluation | undefined): object {
  return evaluation === undefined ? {} : { verdict: evaluation.verdict, admitted: evaluation.admitted, summary: evaluation.summary, policy: evaluation.policy };
}
