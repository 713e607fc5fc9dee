import { copied, isBytes } from "./bytes.js";
import { UsageError } from "./errors.js";

/** A Sigstore bundle: its JSON as text or bytes, or the parsed JSON object. */
export type Bundle = string | Uint8Array | ArrayBuffer | object;

/**
 * The most bytes of a bundle that are handed to the core, just above its own limit: a longer bundle is cut
 * here and refused there, so that no bundle can exhaust the memory of the instance.
 */
const mostBytes = 32 * 1024 * 1024 + 1;

/** The same for a document that may hold several bundles. */
export const mostSourceBytes = 64 * 1024 * 1024 + 1;

/**
 * A bundle as bytes, copied, so that nobody changes it while a verification waits.
 *
 * Whatever cannot be written as JSON (a cycle, a `BigInt`, a throwing getter) becomes text that is no JSON:
 * the report then says that the bundle is malformed.
 *
 * @throws UsageError `invalid-argument` when the value is of a type that cannot be a bundle.
 */
export function bundleBytes(bundle: unknown): Uint8Array {
  return documentBytes(bundle, mostBytes);
}

/** `bundleBytes` of a document that may hold several. */
export function sourceBytes(document: unknown): Uint8Array {
  return documentBytes(document, mostSourceBytes);
}

function documentBytes(bundle: unknown, most: number): Uint8Array {
  if (typeof bundle === "string") return encode(bundle, most);
  if (typeof bundle !== "object" || bundle === null) {
    throw wrongType(bundle === null ? "null" : `a value of type ${typeof bundle}`);
  }
  let text: string | undefined;
  try {
    if (isBytes(bundle)) return copied(bundle, most);
    const mistaken = mistakenFor(bundle);
    if (mistaken !== undefined) throw wrongType(mistaken);
    text = JSON.stringify(bundle, exactly);
  } catch (error) {
    if (error instanceof UsageError) throw error;
  }
  return encode(text ?? "", most);
}

/**
 * A number beyond 2^53 may not be the one that the bundle's text had: it becomes a text that is no integer, so that the report
 * points at it.
 */
function exactly(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) ? `${String(value)}, inexact` : value;
}

function encode(text: string, most: number): Uint8Array {
  return new TextEncoder().encode(text.slice(0, most)).subarray(0, most);
}

/** Objects that are handed over by mistake, where the caller's next step is worth a message. */
function mistakenFor(value: object): string | undefined {
  if (ArrayBuffer.isView(value)) return "a view that is not a Uint8Array";
  if (typeof (value as PromiseLike<unknown>).then === "function") return "a promise (await it first)";
  if (typeof (value as Blob).arrayBuffer === "function") return "a Blob or Response (await its text() first)";
  if (typeof (value as ReadableStream).getReader === "function") return "a stream (read it first)";
  return undefined;
}

function wrongType(got: string): UsageError {
  return new UsageError("invalid-argument", `a bundle is a string, bytes or a parsed JSON object, not ${got}`);
}
