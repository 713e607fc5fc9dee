import type { InputComparison, InputItem, InputSide, Severity, TrustComparison } from "../comparison.js";
import type { Flaw } from "./flaws.js";
import { unverified, type KeptReport } from "./kept.js";
import { code, escaped, heading, table } from "./markdown.js";
import { printable, type Paint, type Palette } from "./terminal.js";

/** What was compared, and how it is told. No mark here is one of a verification. */
export interface Compared {
  /** By what they are to the comparison. */
  readonly files: Readonly<Record<string, KeptReport>>;
  /** The one of them to look at first. */
  readonly subject: KeptReport;
  readonly exit: number;
  readonly paint: Palette;
}

/** What changed in trust, for people. */
export function trustText(comparison: TrustComparison, least: Severity, compared: Compared): string {
  const { paint } = compared;
  const colours: Readonly<Record<Severity, Paint>> = { critical: paint.bad, warning: paint.warning, info: paint.faint };
  const changes = comparison.changes.flatMap(({ code: name, severity, message }) => ["", `  ${colours[severity](severity.padEnd(8))}  ${name}`, `            ${printable(message)}`]);
  return text(trustTitle(comparison, least, compared), changes, compared);
}

/** The same as Markdown. */
export function trustMarkdown(comparison: TrustComparison, least: Severity, compared: Compared): string {
  const rows = comparison.changes.map(({ code: name, severity, message }) => [severity, code(name), escaped(message)]);
  return markdown(trustTitle(comparison, least, compared), table(["", "change", "what"], rows), compared);
}

/** The same as flaws; those of a severity that counts fail. */
export function trustFlaws({ changes }: TrustComparison, counting: readonly Severity[]): Flaw[] {
  return changes.map(({ code: name, severity, message }) => ({ code: name, level: counting.includes(severity) ? "error" : severity === "info" ? "note" : "warning", message }));
}

function trustTitle({ changes }: TrustComparison, least: Severity, { exit }: Compared): string {
  const counts = (["critical", "warning", "info"] as const).map((severity) => [severity, changes.filter((change) => change.severity === severity).length] as const);
  const counted = counts.flatMap(([severity, count]) => (count === 0 ? [] : [`${String(count)} ${severity}`])).join(", ");
  if (exit !== 0) return `drift: ${counted}`;
  return changes.length === 0 ? "no drift: nothing that is compared has changed" : `no drift: ${counted}, below --fail-on ${least}`;
}

/** What was used beside what is recorded, for people. */
export function inputText(comparison: InputComparison, compared: Compared): string {
  const { paint } = compared;
  const items = comparison.items.flatMap((item) => {
    const level = levelOf(item);
    const colour = level === "error" ? paint.bad : level === "warning" ? paint.warning : paint.faint;
    const reason = why(item);
    return [`  ${colour(item.status.padEnd(12))}  ${item.kind.padEnd(10)}  ${printable(called(item))}`, ...(reason === "" ? [] : [`                ${printable(reason)}`])];
  });
  return text(inputTitle(comparison), ["", ...items], compared);
}

/** The same as Markdown. */
export function inputMarkdown(comparison: InputComparison, compared: Compared): string {
  const rows = comparison.items.map((item) => [item.status, item.kind, code(called(item)), escaped(why(item))]);
  return markdown(inputTitle(comparison), table(["", "", "what", "why"], rows), compared);
}

/** The same as flaws: what was used and is not recorded so fails. */
export function inputFlaws({ items }: InputComparison): Flaw[] {
  return items.flatMap((item) => {
    const level = levelOf(item);
    const name = item.status === "matched" ? "input-weak" : `input-${item.status}`;
    return level === undefined ? [] : [{ code: name, level, message: `${item.kind} ${called(item)}: ${why(item)}`, at: item.used?.at }];
  });
}

function inputTitle({ matches, counts }: InputComparison): string {
  const { matched, mismatched, notRecorded, incomparable, notUsed, weak } = counts;
  const words = { mismatched, "not recorded": notRecorded, incomparable, matched, "of it weak": weak, "recorded and not used": notUsed };
  const counted = Object.entries(words).flatMap(([word, count]) => (count === 0 ? [] : [`${String(count)} ${word}`])).join(", ");
  return `${matches ? "recorded as used" : "not recorded as used"}: ${counted}`;
}

function levelOf({ status, weak }: InputItem): Flaw["level"] | undefined {
  if (status === "matched") return weak === true ? "warning" : undefined;
  return status === "not-used" ? "note" : "error";
}

function called({ used, recorded }: InputItem): string {
  return used?.uri ?? used?.name ?? recorded?.uri ?? recorded?.name ?? shown(used ?? recorded);
}

function why({ status, algorithm, weak, used, recorded }: InputItem): string {
  switch (status) {
    case "matched":
      return weak === true ? `by ${String(algorithm)} alone, for which another input can be made to match` : "";
    case "mismatched":
      return `expected ${shown(recorded)} as recorded, found ${shown(used)}`;
    case "not-recorded":
      return "expected it in the provenance, found it only in what was used";
    case "incomparable":
      return `expected a digest of the same algorithm on both sides, found ${shown(recorded)} as recorded and ${shown(used)} as used`;
    case "not-used":
      return "only recorded, which does not count";
  }
}

/** A side by its digests; a source has none. */
function shown(side: InputSide | undefined): string {
  const digests = Object.entries(side?.digest ?? {}).map(([algorithm, digest]) => `${algorithm}:${digest}`);
  return digests.length === 0 ? (side?.uri ?? side?.name ?? "none") : digests.join(" ");
}

function text(title: string, lines: readonly string[], { files, paint }: Compared): string {
  const width = Math.max(...Object.keys(files).map((role) => role.length));
  const named = Object.entries(files).map(([role, file]) => `  ${paint.faint(role.padEnd(width))}  ${printable(nameOf(file))}`);
  const note = `${paint.warning("UNVERIFIED")}  ${printable(unverified(Object.values(files)))}`;
  return `${[note, "", ...named, "", paint.strong(printable(title)), ...lines].join("\n")}\n`;
}

function markdown(title: string, body: string, { files, exit }: Compared): string {
  const rows = Object.entries(files).map(([role, file]) => [role, code(nameOf(file))]);
  return `${heading(exit === 0 ? "–" : "!", title)}\nUnverified: ${escaped(unverified(Object.values(files)))}\n${table(["", ""], rows)}${body}`;
}

function nameOf({ name, bundle }: KeptReport): string {
  return bundle === undefined ? name : `${name}, bundle ${String(bundle.index)} of ${String(bundle.of)}`;
}
