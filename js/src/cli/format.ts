import { Misuse } from "./misuse.js";
import { printableJson } from "./terminal.js";

/** How a verdict is printed. */
export type Format = "text" | "json" | "sarif" | "markdown";

const formats: readonly string[] = ["text", "json", "sarif", "markdown"];

/** The flags that say how. */
export const formatFlags = { format: { type: "string" }, json: { type: "boolean" } } as const;

/** The values of `formatFlags`. */
export interface FormatValues {
  readonly format?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What `--help` says of them, for a column that is `width` wide. */
export function formatHelp(width: number): string {
  const rows = [
    ["--format FORMAT", "text, json, sarif (2.1.0, for code scanning) or markdown (for a job's summary)"],
    ["--json", "the same as --format json"],
  ] as const;
  return rows.map(([flag, what]) => `  ${flag.padEnd(width)}${what}\n`).join("");
}

/** The format that the flags name. @throws Misuse */
export function formatOf({ format, json }: FormatValues): Format {
  if (format === undefined) return json === true ? "json" : "text";
  if (json === true) throw new Misuse("--json is the same as --format json: leave one out");
  if (!formats.includes(format)) throw new Misuse(`--format is text, json, sarif or markdown, not ${format}`);
  return format as Format;
}

/** Prints in one format; only that is made. */
export function print(format: Format, made: { readonly text: () => string; readonly json: () => unknown; readonly sarif: () => object; readonly markdown: () => string }): void {
  const printed = format === "json" || format === "sarif" ? `${printableJson(made[format]())}\n` : made[format]();
  process.stdout.write(printed);
}
