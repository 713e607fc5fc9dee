import { unprintable } from "../printable.js";

export { printable, spelt } from "../printable.js";

/** JSON for people and programs: the same characters, escaped as JSON does. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(unprintable, (character) =>
    character === "\n"
      ? character
      : Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}

/** A colour by what it means. */
export type Paint = (text: string) => string;

/** The colours of one output stream. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly warning: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** Colours on a terminal; none for NO_COLOR and into a pipe, unless FORCE_COLOR asks for them. */
export function palette(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv = process.env): Palette {
  const { NO_COLOR: never, FORCE_COLOR: force } = environment;
  const coloured = !never && (force === undefined || force === "" ? stream.isTTY : force !== "0" && force !== "false");
  const paint = (code: string): Paint => (coloured ? (text) => `\u{1b}[${code}m${text}\u{1b}[0m` : (text) => text);
  return { good: paint("32"), bad: paint("31"), warning: paint("33"), faint: paint("2"), strong: paint("1") };
}
