import type { Report } from "../report.js";
import { printable, type Palette } from "./terminal.js";

/** What a verified bundle says of its build, in a few lines; nothing for a bundle that failed or says nothing. */
export function provenanceLines(report: Report, paint: Palette): string[] {
  return provenanceRows(report).map(([name, value]) => `    ${paint.faint(name.padEnd(9))} ${printable(value)}`);
}

/** The same as names and values, which are untrusted text. */
export function provenanceRows(report: Report): [string, string][] {
  if (report.verdict !== "passed" || report.provenance === undefined) return [];
  const { source, config, trigger, builder, run, runner, level, facts } = report.provenance;
  const only = facts.filter(({ status }) => status === "claimed").map(({ name }) => name);
  const rows: [string, string | undefined][] = [
    ["source", join([source?.repository, prefixed("at", source?.commit), bracketed(source?.ref)])],
    ["workflow", join([config?.path ?? config?.entryPoint, prefixed("on", trigger)])],
    ["builder", join([builder?.id, bracketed(runner)])],
    ["run", run],
    ["level", level && `SLSA build level ${String(level.build)} (${level.row}): ${level.why}`],
    ["claimed", only.length === 0 ? undefined : `${[...new Set(only)].join(", ")}: the signer's word, certified by nobody`],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function join(parts: readonly (string | undefined)[]): string | undefined {
  const there = parts.filter((part) => part !== undefined);
  return there.length === 0 ? undefined : there.join(" ");
}

function prefixed(word: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${word} ${text}`;
}

function bracketed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `(${text})`;
}
