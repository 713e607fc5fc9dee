import type { Evaluation, RequirementLine } from "../evaluation.js";
import type { Report } from "../report.js";
import type { Outcome } from "../sources/judge.js";
import { evaluationMark } from "./evaluation-text.js";
import { evidenceRows, type Shown } from "./evidence-text.js";
import { noneFound, passedOver, reportFlaws, shownFindings, type Flaw } from "./flaws.js";
import { unavailableText, withoutSecrets } from "../offline/address.js";
import type { Subject } from "./outcome.js";
import { provenanceRows } from "./provenance-text.js";
import { printable } from "./terminal.js";

/** A word that Markdown, GitHub's autolinks and HTML all leave as it is. */
const harmless = /^(?!www\.)(?![0-9a-f]{7,}$)[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*$/iu;

/**
 * Untrusted text, in a table's cell or anywhere else: words that could be markup, links or mentions become code, in which nothing is read. What would
 * end the code or the cell is spelt out.
 */
export function escaped(text: string): string {
  const words = printable(text).split(/\s+/u).map((word) => {
    const [, before = "", core = "", after = ""] = /^(\(?)`?(.*?)`?([),;:.!?…]*)$/u.exec(word) ?? [];
    return `${before}${core === "" || harmless.test(core) ? core : code(core)}${after}`;
  });
  return words.filter((word) => word !== "").join(" ");
}

/** Untrusted text as code, all of it. */
export function code(text: string): string {
  const shown = printable(text).replace(/[`|\s]/gu, (character) => (character === " " ? character : `\\u{${character.charCodeAt(0).toString(16)}}`)).trim();
  return shown === "" ? "" : `\`${shown}\``;
}

/** Rows below a head; nothing when there are none. Cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return `\n${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

/** A heading with the verdict. */
export function heading(mark: string, text: string): string {
  return `### ${mark} ${escaped(text)}\n`;
}

/** A report for a job's summary: the verdict, then why not, or who signed and how it was built. */
export function reportMarkdown(report: Report): string {
  if (report.verdict === "failed") return heading("✘", report.summary) + flawTable(reportFlaws(report));
  const { signer, artifact } = report.checks;
  const unbound = artifact.status === "passed" && "dangerouslyUnbound" in artifact.evidence;
  const anybody = signer.status === "passed" && "dangerouslyAnySigner" in signer.evidence;
  const caveats = [unbound && "any artifact was allowed", anybody && "any signer was allowed"].filter((text) => text !== false);
  const rows = [...identityRows(report), ...provenanceRows(report), ...caveats.map((text) => ["note", text] as const)];
  return heading("✔", report.summary) + table(["", ""], rows.map(([name, value]) => [name, escaped(value)]));
}

/** An evaluation for a job's summary: the verdict, the requirements, and how it was built. */
export function evaluationMarkdown(evaluation: Evaluation): string {
  const { verdict, requirements, bundles } = evaluation;
  const lines = requirements.flatMap((line) => requirementRows(line));
  const notes = shownFindings(evaluation).map(({ code: name, message }) => ["!", code(name), escaped(message)]);
  const others = passedOver(evaluation);
  const built = bundles.flatMap(({ report }, index) => [...identityRows(report), ...provenanceRows(report)].map(([name, value]) => [String(index), name, escaped(value)]));
  const shown = verdict === "verified" ? table(["bundle", "", "signed and built"], built) : bundleTable(evaluation);
  return heading(evaluationMark(verdict), evaluation.summary) + table(["", "requirement", "why"], [...lines, ...notes]) + shown + (others === undefined ? "" : `\n${escaped(others)}\n`);
}

/** What came of asking, for a job's summary. */
export function outcomeMarkdown(subject: Subject, outcome: Outcome<Shown>): string {
  const { called } = subject;
  if (outcome.outcome === "unavailable") return heading("!", `no verdict about ${called}: ${unavailableText(outcome.error)}`);
  const told = table(["", ""], evidenceRows(outcome.evidence).map(([name, value]) => [name, escaped(value)]));
  if (outcome.outcome === "judged") return `${evaluationMarkdown(outcome.evaluation)}\n${code(called)}\n${told}`;
  const asked = outcome.evidence.asked.map(({ url, status }) => [String(status), code(withoutSecrets(url))]);
  const excepted = outcome.evaluation?.admitted === true ? `\n${evaluationMarkdown(outcome.evaluation)}` : "";
  return heading("✘", `none found: ${noneFound(subject, outcome.evidence)}`) + excepted + told + table(["status", "asked"], asked);
}

function bundleTable({ bundles }: Evaluation): string {
  const rows = bundles.flatMap(({ report }, index) => reportFlaws(report, "error", index).map((flaw) => [String(index), code(flaw.code), escaped(flaw.message), escaped(flaw.hint ?? "")]));
  return table(["bundle", "does not verify", "why", "next"], rows);
}

function flawTable(flaws: readonly Flaw[]): string {
  return table(["failed", "why", "next"], flaws.map(({ code: name, message, hint }) => [code(name), escaped(message), escaped(hint ?? "")]));
}

function requirementRows({ met, name, metBy, failures = [], parts = [] }: RequirementLine): string[][] {
  const by = metBy === undefined ? "" : `by bundle ${metBy.join(", ")}`;
  const reasons = failures.map(({ code: reason, message, hint }) => `${code(reason)} ${escaped(message)}${hint === undefined ? "" : ` (next: ${escaped(hint)})`}`);
  return [[met ? "✔" : "✘", escaped(name), met ? by : reasons.join("; ")], ...parts.flatMap(requirementRows)];
}

function identityRows(report: Report): [string, string][] {
  const path = report.checks.certificatePath;
  if (report.verdict !== "passed" || path.status !== "passed") return [];
  const { identity, issuer } = path.evidence;
  return [["signer", `${identity.value}${issuer === undefined ? "" : ` by ${issuer}`}`]];
}
