import { UsageError } from "../../errors.js";
import type { Policy } from "../document.js";

/** What became of a foreign policy. */
export interface Imported {
  /** The policy; `undefined` when nothing safe can be said, for which `unsupported` has the reasons. */
  readonly policy: Policy | undefined;
  /** Every part of the source that the policy does not say, or does not say in the same way. */
  readonly unsupported: readonly Unsupported[];
}

/** A part of a foreign policy that the policy does not say, or does not say in the same way. */
export interface Unsupported {
  /** JSON pointer into the source: the document, or the list of arguments. */
  readonly at: string;
  /** The part, in a few words. */
  readonly what: string;
  /** What the source means by it, and what follows from its absence. */
  readonly why: string;
  /**
   * Whether the source would refuse more because of this part than the policy does without it. When any entry
   * narrows, there is no policy, unless the caller asked for `dangerouslyWiden`. An entry that does not narrow
   * leaves the policy as strict as the source, or stricter.
   */
  readonly narrows: boolean;
}

/** How to import. */
export interface ImportOptions {
  /** Makes a policy even though it trusts more than the source: the entries that narrow say where. */
  readonly dangerouslyWiden?: true;
}

/**
 * Whether the caller accepts a wider policy.
 *
 * @throws UsageError for options of another shape.
 */
export function mayWiden(options: unknown, known: readonly string[] = []): boolean {
  if (options === undefined) return false;
  if (typeof options !== "object" || options === null) throw new UsageError("invalid-argument", "the options are an object");
  for (const key of Object.keys(options)) {
    if (key !== "dangerouslyWiden" && !known.includes(key)) throw new UsageError("invalid-argument", "there is no such option", `/${key}`);
  }
  const { dangerouslyWiden } = options as { dangerouslyWiden?: unknown };
  if (dangerouslyWiden === undefined) return false;
  if (dangerouslyWiden !== true) throw new UsageError("dangerously-not-true", "expected true", "/dangerouslyWiden");
  return true;
}
