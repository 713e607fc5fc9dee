import { UsageError } from "../../errors.js";
import { open, type Entry, type Source } from "./source.js";

/** The flags of a command: a `switch` has no value, a `list` may be repeated, the last of a `text` counts. */
export type Flags = Readonly<Record<string, "text" | "switch" | "list">>;

/** A command line, read as Go's pflag reads it. */
export interface CommandLine {
  /** The arguments, as a document. */
  readonly source: Source;
  /** Words that are no flags. */
  readonly words: readonly Entry[];
  /** Every occurrence of a flag, by name, each as its value. */
  readonly flags: ReadonlyMap<string, readonly Entry[]>;
}

/**
 * Reads a command line. An unknown flag is listed as narrowing: nobody here knows what it demands.
 *
 * @throws UsageError when `argv` is no list of texts.
 */
export function readFlags(argv: unknown, known: Flags, shorts: Readonly<Record<string, string>>): CommandLine {
  if (!Array.isArray(argv) || !argv.every((word) => typeof word === "string")) {
    throw new UsageError("invalid-argument", "expected a list of arguments, each a text");
  }
  const source = open(argv);
  const words: Entry[] = [];
  const flags = new Map<string, Entry[]>();
  const entries = [...source.items(source.root)];
  for (let entry = entries.shift(); entry !== undefined; entry = entries.shift()) {
    const word = entry.value as string;
    source.ignore(entry);
    if (word === "--") {
      for (const rest of entries) source.ignore(rest);
      words.push(...entries);
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      words.push(entry);
      continue;
    }
    const [name, attached] = nameOf(word, shorts, known);
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    let value: Entry = { at: entry.at, value: attached ?? (kind === "switch" ? "true" : undefined) };
    if (kind === undefined) {
      source.narrows(entry, word.split("=")[0] ?? word, "this importer does not know the flag");
      continue;
    }
    if (value.value === undefined) {
      const next = entries.shift();
      if (next === undefined) {
        source.invalid(entry, `--${name}`, "the flag needs a value");
        continue;
      }
      source.ignore(next);
      value = { at: next.at, value: next.value };
    }
    const occurrences = flags.get(name) ?? [];
    const [before] = occurrences;
    if (kind === "text" && before !== undefined)
      source.note(before, `--${name}`, "the flag is repeated: the last one counts, as it does in the source");
    flags.set(name, kind === "list" ? [...occurrences, value] : [value]);
  }
  return { source, words, flags };
}

/** The flag's name, and the value that is attached to it. */
function nameOf(word: string, shorts: Readonly<Record<string, string>>, known: Flags): [string, string | undefined] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals === -1 ? [word.slice(2), undefined] : [word.slice(2, equals), word.slice(equals + 1)];
  }
  const letter = word[1] ?? "";
  const name = Object.hasOwn(shorts, letter) ? (shorts[letter] ?? word) : word;
  const rest = word.slice(2);
  if (rest === "") return [name, undefined];
  // `-qv` is two switches; none of them is about trust, and together they are unknown.
  if (Object.hasOwn(known, name) && known[name] === "switch") return [word, undefined];
  return [name, rest.startsWith("=") ? rest.slice(1) : rest];
}

/** A flag's last value that is not empty: an empty one is the same as none. */
export function textFlag({ flags }: CommandLine, name: string): Entry | undefined {
  const entry = flags.get(name)?.at(-1);
  return entry?.value === "" ? undefined : entry;
}

/** A switch: whether it is on, and where. */
export function switchFlag({ source, flags }: CommandLine, name: string): { on: boolean; entry: Entry | undefined } {
  const entry = flags.get(name)?.at(-1);
  if (entry === undefined) return { on: false, entry };
  if (/^(?:1|t|T|TRUE|true|True)$/u.test(String(entry.value))) return { on: true, entry };
  if (!/^(?:0|f|F|FALSE|false|False)$/u.test(String(entry.value))) source.invalid(entry, `--${name}`, "expected true or false");
  return { on: false, entry };
}
