import type { Evaluation, RequirementLine } from "../evaluation.js";
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
  for (const { code, message, at, hint } of evaluation.findings) {
    lines.push("", `${paint.warning("note")} ${code}${at === undefined ? "" : paint.faint(`  at ${printable(at)}`)}`, `  ${printable(message)}`);
    if (hint !== undefined) lines.push(`  ${paint.strong("next:")} ${printable(hint)}`);
  }
  evaluation.bundles.forEach(({ report }, index) => {
    const summary = `bundle ${String(index)}: ${report.summary}`;
    // A genuine bundle is no good news where the evidence is not enough.
    const genuine = verdict === "verified" ? paint.good("✔") : "·";
    lines.push("", `${report.verdict === "passed" ? genuine : paint.bad("✘")} ${printable(summary)}`);
    lines.push(...provenanceLines(report, paint));
  });
  return `${lines.join("\n")}\n`;
}

function requirementLines(line: RequirementLine, paint: Palette, indent: string): string[] {
  const by = line.metBy?.map((bundle) => `bundle ${String(bundle)}`).join(", ") ?? "";
  const mark = line.met ? paint.good("✔ met  ") : paint.bad("✘ unmet");
  const name = printable(line.name);
  const lines = [`${indent}${mark} ${name}${by === "" ? "" : paint.faint(`  by ${by}`)}${line.met ? "" : paint.faint(`  ${printable(line.at)}`)}`];
  for (const { code, message, bundle, hint } of line.failures ?? []) {
    lines.push(`${indent}    ${paint.bad(code)}${bundle === undefined ? "" : paint.faint(`  in bundle ${String(bundle)}`)}`);
    lines.push(`${indent}      ${printable(message)}`);
    if (hint !== undefined) lines.push(`${indent}      ${paint.strong("next:")} ${printable(hint)}`);
  }
  return [...lines, ...(line.parts ?? []).flatMap((part) => requirementLines(part, paint, `${indent}  `))];
}
