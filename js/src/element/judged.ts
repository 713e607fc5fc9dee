import { badge, worded } from "../badge/badge.js";
import { english } from "../badge/english.js";
import type { Badge } from "../badge/model.js";
import type { BadgeStrings, BadgeWords } from "../badge/strings.js";
import type { BadgeSubject } from "../badge/subject.js";

/** What is said beside a badge. */
export type ElementWords = BadgeStrings["element"] & { readonly language: string };

/**
 * What to draw of whatever was handed in; `undefined` where nothing was. It never throws: what cannot be read is what could not be verified, so that no old verdict is
 * left standing.
 */
export function judged(report: unknown, name: string | undefined, strings: BadgeWords | undefined): Badge | undefined {
  if (report === undefined || report === null) return undefined;
  const options = { ...(name !== undefined && { name }), ...(strings !== undefined && { strings }) };
  try {
    return drawable(badge(report as BadgeSubject, options));
  } catch (error) {
    try {
      return drawable(badge({ error }, options));
    } catch {
      // The words are at fault, or what was thrown is.
      return badge({ error: undefined });
    }
  }
}

/** The words for what is no part of a badge. */
export function elementWords(strings: BadgeWords | undefined): ElementWords {
  try {
    const { element, language } = worded(strings);
    return drawable({ ...element, language: language.tag });
  } catch {
    return { ...english.element, language: english.language.tag };
  }
}

/** Members of a badge that hold others. */
const containers = new Set(["", "integrity", "provenance", "facts", "doesNotProve", "notes", "reasons", "requirements", "parts", "checks", "rows", "custody", "windows", "mark", "headings"]);

/** That all of it is text or the like: words of the caller's that return anything else must not keep it from being drawn. @throws TypeError */
function drawable<Value>(value: Value, key = ""): Value {
  if (typeof value === "object" && value !== null) {
    if (!containers.has(key)) throw new TypeError(`expected text, found an object: ${key}`);
    for (const [inner, each] of Object.entries(value)) drawable(each, Array.isArray(value) && typeof each === "object" ? key : inner);
  } else if (!["string", "number", "boolean", "undefined"].includes(typeof value)) {
    throw new TypeError(`expected text, found ${typeof value}: ${key}`);
  }
  return value;
}
