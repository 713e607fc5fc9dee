import type { TrustChange } from "../comparison.js";
import type { UnavailableCode } from "../sources/fetching.js";
import { npmRegistry } from "../sources/npm-attestations.js";
import type { Flaw } from "./flaws.js";
import { code, escaped, heading, table } from "./markdown.js";
import { command } from "./registries.js";
import { sarif } from "./sarif.js";
import { printable, type Palette } from "./terminal.js";

/** What can become of a package, worst first. */
export const states = ["failed", "unavailable", "changed", "excepted", "no-provenance", "verified"] as const;

/**
 * What became of one package. `changed` is verified too: something about who built it, or how, is not as it was in the earlier lock file; or, verified or
 * not, it is another file under the same version. `excepted`
 * is not verified: the policy excepts it, or only warns.
 */
export interface Row {
  readonly package: string;
  readonly state: (typeof states)[number];
  readonly repository?: string;
  readonly reason?: string;
  /** Why the evidence is unavailable, for programs. */
  readonly code?: UnavailableCode;
  readonly changes?: readonly TrustChange[];
  /** All reasons. */
  readonly flaws: readonly Flaw[];
  /** Where it is in the lock file. */
  readonly line: number;
}

/** What became of a lock file. */
export interface Judged {
  /** The lock file. */
  readonly path: string;
  readonly rows: readonly Row[];
  /** Packages that come from no registry. */
  readonly skipped: readonly string[];
  readonly exit: number;
  readonly registry: string;
  readonly offline: string | undefined;
  readonly since: string | undefined;
}

const marks: Readonly<Record<Row["state"], string>> = { verified: "✔", changed: "!", excepted: "!", "no-provenance": "–", failed: "✘", unavailable: "?" };

/** A table for people. */
export function text(judged: Judged, paint: Palette): string {
  const { rows, skipped } = judged;
  const width = Math.max(0, ...rows.map((row) => row.package.length));
  const { good, bad, warning, faint } = paint;
  const colours = { verified: good, changed: warning, excepted: warning, "no-provenance": faint, failed: bad, unavailable: warning };
  const lines = rows.flatMap((row) => {
    const line = `${colours[row.state](`${marks[row.state]} ${row.state.padEnd(13)}`)}  ${printable(row.package.padEnd(width))}  ${faint(printable(why(row)))}`.trimEnd();
    return [line, ...(row.changes ?? []).map((change) => `    ${warning(change.code)}  ${printable(change.message)}`)];
  });
  const others = skipped.length === 0 ? "" : `\nnot from a registry: ${skipped.map(printable).join(", ")}`;
  return `${lines.join("\n")}\n\n${summary(rows)}${others}\n${footer(judged)}`;
}

/** The same for programs. */
export function json({ rows, skipped }: Judged): object {
  return { counts: counts(rows), skipped, packages: rows.map(({ flaws: _, line: __, ...row }) => row) };
}

/** The same for code scanning: each package at its line of the lock file. */
export function log({ path, rows, skipped, exit }: Judged): object {
  const results = rows.flatMap(({ flaws, package: subject, line }) => flaws.map((flaw) => ({ flaw, subject, file: path, line })));
  const verified = rows.flatMap(({ state, package: name, repository }) => (state === "verified" ? [{ package: name, ...(repository !== undefined && { repository }) }] : []));
  return sarif(results, exit, { subject: path, counts: counts(rows), skipped, verified });
}

/** The same for a job's summary: what is not verified first, what is verified folded up. */
export function markdown({ path, rows, skipped, exit }: Judged): string {
  const all = rows.length > 0 && rows.every(({ state }) => state === "verified");
  const cells = (row: Row): string[] => [marks[row.state], escaped(row.state), code(row.package), [escaped(why(row)), ...(row.changes ?? []).map((change) => `${code(change.code)} ${escaped(change.message)}`)].join(" ")];
  const verified = rows.filter(({ state }) => state === "verified");
  const folded = verified.length === 0 ? "" : `\n<details><summary>${String(verified.length)} verified</summary>\n${table(["", "", "package", "repository"], verified.map(cells))}\n</details>\n`;
  const others = skipped.length === 0 ? "" : `\nnot from a registry: ${skipped.map(code).join(", ")}\n`;
  const rest = table(["", "", "package", "why"], rows.filter(({ state }) => state !== "verified").map(cells));
  return `${heading(exit !== 0 ? "✘" : all ? "✔" : "–", summary(rows))}\n${code(path)}\n${rest}${folded}${others}`;
}

function why(row: Row): string {
  return [row.repository, row.reason].filter((word) => word !== undefined).join(", ");
}

function counts(rows: readonly Row[]): Readonly<Record<string, number>> {
  return Object.fromEntries(states.map((state) => [state, rows.filter((row) => row.state === state).length]));
}

/** Only of what there is, so that a failure is not looked for among noughts. */
function summary(rows: readonly Row[]): string {
  const there = Object.entries(counts(rows)).filter(([, count]) => count > 0);
  return there.length === 0 ? "no packages of a registry" : there.map(([state, count]) => `${String(count)} ${state}`).join(", ");
}

/** Where the answers are from, and how to get those that are missing. */
function footer({ path, rows, offline, since, registry }: Judged): string {
  if (offline === undefined) return "";
  const from = `answered from ${printable(offline)}, nobody was asked\n`;
  if (!rows.some((row) => row.code === "not-saved")) return from;
  const other = registry === npmRegistry ? undefined : registry;
  const missing = [path, since].flatMap((lock) => (lock === undefined ? [] : [command("download", "npm", "--lock", lock, "--to", offline, "--registry", other)]));
  return `${from}${missing.map((line) => `next: ${printable(line)}\n`).join("")}`;
}
