import type { Evaluation, RequirementLine } from "../evaluation.js";
import { passedOver, reportFlaws, shownFindings, type Flaw } from "./flaws.js";
import { provenanceLines } from "./provenance-text.js";
import { printable, type Palette } from "./terminal.js";

/** The mark of a verdict. */
export function evaluationMark(verdict: Evaluation["verdict"]): string {
  return verdict === "verified" ? "✔" : verdict === "excepted" ? "!" : "✘";
}

/** An evaluation for people: the verdict, one line for each requirement with what is unmet and why, then the bundles. */
export function evaluationText(evaluation: Evaluation, paint: Palette): string {
  const { verdict } = evaluation;
  const mark = evaluationMark(verdict);
  const colour = verdict === "verified" ? paint.good : verdict === "excepted" ? paint.warning : paint.bad;
  const lines = [paint.strong(colour(`${mark} ${printable(evaluation.summary)}`)), ""];
  for (const requirement of evaluation.requirements) lines.push(...requirementLines(requirement, paint, "  "));
  for (const { code, message, at, hint } of shownFindings(evaluation)) {
    lines.push("", `${paint.warning("note")} ${code}${at === undefined ? "" : paint.faint(`  at ${printable(at)}`)}`, `  ${printable(message)}`);
    if (hint !== undefined) lines.push(`  ${paint.strong("next:")} ${printable(hint)}`);
  }
  const others = passedOver(evaluation);
  const hinted = new Set<string | undefined>();
  evaluation.bundles.forEach(({ report }, index) => {
    if (others !== undefined && report.verdict === "failed") return;
    const summary = `bundle ${String(index)}: ${report.summary}`;
    // A genuine bundle is no good news where the evidence is not enough.
    const genuine = verdict === "verified" ? paint.good("✔") : "·";
    lines.push("", `${report.verdict === "passed" ? genuine : paint.bad("✘")} ${printable(summary)}`);
    lines.push(...provenanceLines(report, paint), ...reportFlaws(report).flatMap((flaw) => reasonLines(toldOnce(flaw, hinted), paint, "    ")));
  });
  if (others !== undefined) lines.push("", `· ${printable(others)}`);
  return `${lines.join("\n")}\n`;
}

function requirementLines(line: RequirementLine, paint: Palette, indent: string): string[] {
  const by = line.metBy?.map((bundle) => `bundle ${String(bundle)}`).join(", ") ?? "";
  const mark = line.met ? paint.good("✔ met  ") : paint.bad("✘ unmet");
  const name = printable(line.name);
  const lines = [`${indent}${mark} ${name}${by === "" ? "" : paint.faint(`  by ${by}`)}${line.met ? "" : paint.faint(`  ${printable(line.at)}`)}`];
  lines.push(...(line.failures ?? []).flatMap((failure) => reasonLines(failure, paint, `${indent}    `)));
  return [...lines, ...(line.parts ?? []).flatMap((part) => requirementLines(part, paint, `${indent}  `))];
}

/** A flaw, without a hint that was told before. */
function toldOnce(flaw: Flaw, told: Set<string | undefined>): Flaw {
  if (told.has(flaw.hint)) return { ...flaw, hint: undefined };
  told.add(flaw.hint);
  return flaw;
}

function reasonLines({ code, message, bundle, hint }: { code: string; message: string; bundle?: number | undefined; hint?: string | undefined }, paint: Palette, indent: string): string[] {
  const lines = [`${indent}${paint.bad(code)}${bundle === undefined ? "" : paint.faint(`  in bundle ${String(bundle)}`)}`, `${indent}  ${printable(message)}`];
  return hint === undefined ? lines : [...lines, `${indent}  ${paint.strong("next:")} ${printable(hint)}`];
}
