import type { UsageCode } from "./codes.js";
import { UsageError } from "./errors.js";

/** Deeper than any policy that the core reads; ends cycles. */
const deepest = 32;

/**
 * A copy made of nothing but JSON's own types. `at` is the JSON pointer of the value in its document, `code` that of an error there.
 *
 * @throws UsageError for `undefined` and everything else that `JSON.stringify` would drop or change in silence.
 */
export function plainJson(value: unknown, at: string, code?: UsageCode, depth = 0): unknown {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw refused(at, code, `${String(value)} is not a JSON number`);
  }
  if (typeof value !== "object") throw refused(at, code, `${value === undefined ? "undefined" : `a ${typeof value}`} is no value here`);
  if (depth >= deepest) throw refused(at, code, "nested too deep, or in a circle");
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) => plainJson(item, `${at}/${index}`, code, depth + 1));
  }
  if (value instanceof RegExp) throw refused(at, code, "a RegExp is not taken: write { regex: \"…\" }, anchored at both ends");
  if (!isPlain(value)) throw refused(at, code, "expected a plain object");
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    copy[key] = plainJson((value as Record<string, unknown>)[key], `${at}/${pointerToken(key)}`, code, depth + 1);
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

function refused(at: string, code: UsageCode | undefined, message: string): UsageError {
  return new UsageError(code ?? codesByOption[at.split("/")[1] ?? ""] ?? "malformed-options", message, at);
}
