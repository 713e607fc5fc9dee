import { UsageError } from "../errors.js";
import { isPlain, pointerToken } from "../json.js";
import type { Pattern } from "../options.js";

/** A wrong argument of a preset; `at` is its JSON pointer. */
export function wrong(at: string, message: string): UsageError {
  return new UsageError("invalid-argument", message, at);
}

/**
 * The argument of a preset as a plain object of known keys, copied. A key with the value `undefined` is refused: a
 * condition that is lost on the way trusts more.
 *
 * @throws UsageError
 */
export function keysOf(argument: unknown, known: readonly string[], at = ""): Readonly<Record<string, unknown>> {
  if (typeof argument !== "object" || argument === null || Array.isArray(argument) || !isPlain(argument)) {
    throw wrong(at, `expected an object with ${known.join(", ")}`);
  }
  for (const [key, value] of Object.entries(argument)) {
    const pointer = `${at}/${pointerToken(key)}`;
    if (!known.includes(key)) throw wrong(pointer, `there is no such key; known are ${known.join(", ")}`);
    if (value === undefined) throw wrong(pointer, "undefined is no value here: leave the key out");
  }
  return { ...argument };
}

/** A text that fits `shape`. */
export function text(value: unknown, at: string, shape: RegExp, expected: string): string {
  if (typeof value === "string" && shape.test(value)) return value;
  throw wrong(at, `expected ${expected}`);
}

/** A text that is equal, or a pattern by name. A text with `*` is refused, since it would be meant as a pattern. */
export function pattern(value: unknown, at: string): Pattern {
  if (typeof value === "string") {
    if (value === "") throw wrong(at, "expected a text, found an empty one");
    if (value.includes("*")) throw wrong(at, 'a text is matched exactly: write { glob: "…" } for a pattern');
    return value;
  }
  const fields = keysOf(value, ["glob", "regex"], at);
  const [kind, ...more] = Object.keys(fields) as ("glob" | "regex")[];
  if (kind === undefined || more.length > 0) throw wrong(at, "expected a text, { glob } or { regex }");
  const source = text(fields[kind], `${at}/${kind}`, /^[^]+$/u, "a text");
  if (new TextEncoder().encode(source).length > longestPattern) {
    throw wrong(`${at}/${kind}`, `expected a pattern of at most ${longestPattern} bytes`);
  }
  return kind === "glob" ? { glob: source } : { regex: source };
}

/** The longest glob or regular expression that the core takes, in bytes. */
export const longestPattern = 1024;

/** `owner/repository` on GitHub. Neither half can hold a character that a glob gives a meaning. */
export const gitHubRepository = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/u;

/** `group/…/project` on GitLab. */
export const gitLabProject = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/u;

/** The file name of a GitHub workflow. Workflows lie in one folder, so there is no slash in it. */
export const workflowFile = /^[A-Za-z0-9._+-]+\.ya?ml$/u;

/** A whole git reference, of the characters that git allows. */
export const gitReference = /^refs\/(?:heads|tags|pull)\/[^\s~^:?*[\\@{}\p{Cc}]+$/u;

/** A text as a regular expression that matches nothing else. */
export function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
}
