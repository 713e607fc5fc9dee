/**
 * Control, format and bidirectional characters, what is shown as nothing, and halves of surrogate pairs: all that could change how a line
 * looks. And what CI systems take for a command wherever it stands in a log: `##[set-output …]` (GitHub's runner `ActionCommand.cs`),
 * `##vso[…]` (Azure Pipelines), `##teamcity[…]`.
 */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}]|#(?=#[\w-]*\[)/gu;

/** The longest untrusted text on one line. */
const longest = 400;

/** Untrusted text as it may be printed on one line: nothing in it can move the cursor, reorder text or command whoever keeps the log. */
export function printable(text: string): string {
  const characters = Array.from(text.slice(0, 4 * longest));
  const short = characters.length > longest || text.length > 4 * longest;
  const shown = short ? `${characters.slice(0, longest).join("")}…` : text;
  return spelt(shown);
}

/** The same of any length, for a line that must stay whole. */
export function spelt(text: string): string {
  return text.replace(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
