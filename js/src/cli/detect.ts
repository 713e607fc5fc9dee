import { UsageError } from "../errors.js";
import { withoutSecrets } from "../offline/address.js";
import type { SourcePiece } from "../source.js";
import { parse, readFile } from "./arguments.js";
import { onlyOperand } from "./policy/files.js";
import { resembling } from "./resembling.js";
import { palette, printable, printableJson } from "./terminal.js";
import { verifier } from "./verify.js";

/** The text of `admissible detect --help`. */
export const help = `\
Names what a file is, by its content and never by its name. Nothing of it is verified.

usage: admissible detect <file> [--json]

  <file>     a bundle, what a registry answered, a trusted root, a policy, a report, …
  --json     print the same as JSON
  --help     this text

exit codes: 0 it holds evidence, 1 it holds none, 2 wrong use. To learn whether the evidence is genuine: admissible verify
`;

const flags = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** What a file was found to be. */
interface Detected {
  /** In plain words, with the article. */
  readonly what: string;
  /** Of evidence: as `Source.kind`. */
  readonly kind?: string;
  readonly pieces: readonly object[];
  /** Why it is not read. */
  readonly error?: { readonly code: string; readonly message: string; readonly at: string };
}

/** `admissible detect`. Returns the exit code. */
export function detect(argv: readonly string[]): number {
  const { values, positionals } = parse(argv, flags);
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const path = onlyOperand(positionals, "the file");
  const { lines, ...detected } = look(readFile(path, "the file"));
  const holds = detected.pieces.length > 0;
  if (values.json === true) {
    process.stdout.write(`${printableJson({ evidence: holds, ...detected })}\n`);
  } else {
    const paint = palette(process.stdout);
    const note = holds ? paint.warning("nothing of it is verified") : "it holds no evidence";
    process.stdout.write(`${[`${printable(path)}: ${paint.strong(printable(detected.what))}; ${note}`, ...lines].join("\n")}\n`);
  }
  return holds ? 0 : 1;
}

function look(bytes: Uint8Array): Detected & { readonly lines: readonly string[] } {
  try {
    const { kind, title, pieces } = verifier(undefined).readSource(bytes);
    const shown = pieces.map(({ bundle: _, ...piece }) => (piece.url === undefined ? piece : { ...piece, url: withoutSecrets(piece.url) }));
    return { what: title, kind, pieces: shown, lines: pieces.map(pieceLine) };
  } catch (error) {
    if (!(error instanceof UsageError && error.code.endsWith("-source"))) throw error;
    const { code, message, at } = error;
    const told = { error: { code, message, at }, pieces: [] };
    const what = resembling(bytes, error);
    if (what !== undefined) return { ...told, what, lines: [] };
    return { ...told, what: code === "unknown-source" ? "JSON of no kind that is known here" : "nothing that can be read here", lines: [`  ${printable(message)}${at === "" ? "" : `, at ${printable(at)}`}`] };
  }
}

function pieceLine({ at, predicateType, publisher, url }: SourcePiece): string {
  const by = publisher === undefined ? undefined : `published by ${[publisher.kind, publisher.repository, publisher.email].filter((text) => text !== undefined).join(" ")}`;
  const elsewhere = url === undefined ? undefined : `to be fetched from ${withoutSecrets(url)}`;
  const told = [predicateType, by, elsewhere].filter((text) => text !== undefined).join(", ");
  return `  ${at === "" ? "the whole file" : printable(at)}${told === "" ? "" : `: ${printable(told)}`}`;
}
