import type { UsageCode } from "./codes.js";
import { UsageError } from "./errors.js";

/** Far deeper than any real policy; ends cycles. */
const deepest = 16;

/**
 * A copy made of nothing but JSON's own types. `at` is the JSON pointer of the value in the options.
 *
 * @throws UsageError for `undefined` and everything else that `JSON.stringify` would drop or change in silence.
 */
export function plainJson(value: unknown, at: string, depth = 0): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw refused(at, `${String(value)} is not a JSON number`);
  }
  if (typeof value !== "object") throw refused(at, `${value === undefined ? "undefined" : `a ${typeof value}`} is no value here`);
  if (depth >= deepest) throw refused(at, "the options are nested too deep, or in a circle");
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) => plainJson(item, `${at}/${index}`, depth + 1));
  }
  if (value instanceof RegExp) throw refused(at, "a RegExp is not taken: write { regex: \"…\" }, anchored at both ends");
  if (!isPlain(value)) throw refused(at, "expected a plain object");
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    copy[key] = plainJson((value as Record<string, unknown>)[key], `${at}/${pointerToken(key)}`, depth + 1);
  }
  return copy;
}

/** Whether an object is of no class, so that it has all it has as properties of its own. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A key as one token of a JSON pointer. */
export function pointerToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

const codesByOption: Readonly<Record<string, UsageCode>> = {
  artifact: "invalid-artifact-digest",
  signer: "invalid-signer",
  require: "invalid-requirement",
  now: "invalid-time",
  used: "invalid-used-inputs",
  options: "invalid-summary-options",
};

function refused(at: string, message: string): UsageError {
  return new UsageError(codesByOption[at.split("/")[1] ?? ""] ?? "malformed-options", message, at);
}
