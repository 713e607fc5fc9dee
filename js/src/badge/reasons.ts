import type { Evaluation, Exception, RequirementLine } from "../evaluation.js";
import { printable } from "../printable.js";
import { checkKeys, type Report } from "../report.js";
import { checkId } from "./checks.js";
import type { Context } from "./context.js";
import type { BadgeReason, BadgeRequirement } from "./model.js";

/** The most reasons that a badge tells: who may publish evidence must not bury the verdict. */
const mostReasons = 50;

/** Why a bundle did not verify. */
export function reportReasons(report: Report, bundle?: number): BadgeReason[] {
  return checkKeys.flatMap((key) => {
    const check = report.checks[key];
    return check.status === "failed" ? check.failures.map((failure) => reason(failure, { check: checkId(key), ...(bundle !== undefined && { bundle }) })) : [];
  });
}

/** Why evidence is not enough: the exception if there is one, what is unmet, and what is wrong with the bundles. */
export function evaluationReasons({ exception, requirements, bundles }: Evaluation, context: Context): BadgeReason[] {
  const unmet = ({ met, failures = [], parts = [] }: RequirementLine): BadgeReason[] => {
    const own = failures.map((failure) => reason(failure, typeof failure.bundle === "number" ? { bundle: failure.bundle } : {}));
    return met ? [] : [...own, ...parts.flatMap(unmet)];
  };
  return [
    ...(exception === undefined ? [] : [excepted(exception, context)]),
    ...requirements.flatMap(unmet),
    ...bundles.flatMap(({ report }, index) => reportReasons(report, index)),
  ];
}

/** No more than can be read, and how many there are beside. */
export function bounded(reasons: readonly BadgeReason[]): { readonly shown: readonly BadgeReason[]; readonly more: number } {
  return { shown: reasons.slice(0, mostReasons), more: Math.max(0, reasons.length - mostReasons) };
}

/** What a policy demands, and what of it is met. */
export function requirementsOf(lines: readonly RequirementLine[]): BadgeRequirement[] {
  return lines.map(({ name, met, parts = [] }) => ({ name: printable(name), met, parts: requirementsOf(parts) }));
}

function reason({ code, message, hint }: { readonly code: string; readonly message: string; readonly hint?: string }, more: Partial<BadgeReason>): BadgeReason {
  return { code: printable(code), message: printable(message), ...(hint !== undefined && { hint: printable(hint) }), ...more };
}

function excepted(exception: Exception, { words, time }: Context): BadgeReason {
  const why = printable(exception.reason);
  if (exception.kind === "legacy") return { code: "legacy", message: words.reason.legacy(why, time(exception.before)) };
  return { code: "exception", message: words.reason.exception(why, time(exception.expires)) };
}
