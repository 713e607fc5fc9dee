import { sourceBytes } from "./bundle.js";
import { isBytes } from "./bytes.js";
import type { RegistryCode } from "./codes.js";
import { UsageError } from "./errors.js";
import { isoTime } from "./options.js";

/** How a registry's signature is verified. */
export interface RegistryOptions {
  /**
   * The keys of the registry: what npm's API answers at `/-/npm/v1/keys`, or the TUF target `registry.npmjs.org/keys.json`. Without them npm's own are used, as
   * embedded. Keys that the registry itself serves prove nothing about it.
   */
  readonly keys?: string | Uint8Array | ArrayBuffer | object;
  /**
   * When the version was published, as RFC 3339 or a `Date`: a key with an end counts only before it. It is `time` in the registry's description of the package, and
   * nobody signed it.
   */
  readonly published?: string | Date;
}

/** Whether a registry signed what it says of a version: that the tarball of this name and version hashes to this. It says nothing of who built it. */
export interface RegistryVerdict {
  readonly verdict: "passed" | "failed";
  /** Subresource Integrity of the tarball, as the registry writes it; signed where the verdict is `passed`. */
  readonly integrity?: string;
  /** The id of the key whose signature holds. */
  readonly keyId?: string;
  /** Why it does not count; empty where it does. */
  readonly failures: readonly RegistryFailure[];
}

/** Why a registry's signature does not count. */
export interface RegistryFailure {
  readonly code: RegistryCode;
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
}

/** The options as they cross into WebAssembly. @throws UsageError for an unknown key, or a value that is none. */
export function readRegistryOptions(options: RegistryOptions): { keys: Uint8Array | undefined; published: string | undefined } {
  if (typeof options !== "object" || options === null || isBytes(options)) throw new UsageError("invalid-argument", "the options are an object such as { keys }");
  const unknown = Object.keys(options).find((key) => key !== "keys" && key !== "published");
  if (unknown !== undefined) throw new UsageError("invalid-argument", `there is no option \`${unknown}\`: keys and published are taken`, `/${unknown}`);
  const { published } = options;
  if (published !== undefined && typeof published !== "string" && !(published instanceof Date)) throw new UsageError("invalid-time", "a time is RFC 3339 or a Date", "/published");
  return {
    // Keys that are named but missing must not silently become npm's.
    keys: "keys" in options ? sourceBytes(options.keys) : undefined,
    published: published instanceof Date ? isoTime(published, "/published") : published,
  };
}
