import { isBytes, unshared } from "./bytes.js";
import { digestsFromText } from "./digest-text.js";
import { UsageError } from "./errors.js";
import { plainJson } from "./json.js";

/**
 * What the bundle must be about: the bytes, a digest of them, or something to read them from.
 *
 * As text a digest is hexadecimal (`"sha256:…"`, or bare, told by its length) or Subresource Integrity (`"sha512-…"`). A `Response` is read
 * as its body, decoded; an async iterable yields `Uint8Array`s. `{ dangerouslyUnbound: true }` verifies the bundle about no artifact in
 * particular.
 */
export type Artifact =
  | Uint8Array
  | ArrayBuffer
  | string
  | ArtifactDigests
  | Blob
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | { readonly dangerouslyUnbound: true };

/** A hash function that identifies an artifact. */
export type DigestAlgorithm = "sha256" | "sha384" | "sha512";

/** Digests of one artifact, in hexadecimal; at least one. */
export type ArtifactDigests =
  | { readonly sha256: string; readonly sha384?: string; readonly sha512?: string }
  | { readonly sha256?: string; readonly sha384: string; readonly sha512?: string }
  | { readonly sha256?: string; readonly sha384?: string; readonly sha512: string };

/** How an artifact goes on from here. */
export type ArtifactInput =
  | { readonly kind: "missing" }
  /** Part of the options' JSON. */
  | { readonly kind: "option"; readonly value: unknown }
  /** At hand: handed over whole, or hashed first. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Hashed first, in one go where it is small. */
  | { readonly kind: "blob"; readonly blob: Blob }
  /** Hashed first, as the pieces arrive. `total` is how many bytes there should be, where that is known. */
  | { readonly kind: "stream"; readonly source: ReadableStream<unknown> | AsyncIterable<unknown>; readonly total?: number };

/** Sorts an artifact by what has to happen with it. */
export function artifactOption(artifact: unknown): ArtifactInput {
  if (typeof artifact === "string") return { kind: "option", value: digestsFromText(artifact) };
  if (typeof artifact !== "object" || artifact === null) throw wrongType(artifact);
  if (isBytes(artifact)) return { kind: "bytes", bytes: unshared(artifact) };
  if (isStream(artifact)) return { kind: "stream", source: artifact };
  if (isResponse(artifact)) return responseBody(artifact);
  if (isBlob(artifact)) return { kind: "blob", blob: artifact };
  if (Symbol.asyncIterator in artifact) return { kind: "stream", source: artifact as AsyncIterable<unknown> };
  return { kind: "option", value: plainJson(artifact, "/artifact") };
}

/** The page of an error is not the artifact: it is refused here, where the reason can be told. */
function responseBody(response: Response): ArtifactInput {
  if (!response.ok) {
    throw new UsageError("artifact-unreadable", `the artifact could not be had: ${response.url} answered with status ${String(response.status)}`, "/artifact");
  }
  if (response.bodyUsed) throw new UsageError("invalid-argument", "the artifact's Response was read before", "/artifact");
  if (response.body === null) return { kind: "bytes", bytes: new Uint8Array() };
  const length = response.headers.get("content-encoding") === null ? response.headers.get("content-length") : null;
  return { kind: "stream", source: response.body, ...(length !== null && /^\d+$/u.test(length) && { total: Number(length) }) };
}

function isStream(value: object): value is ReadableStream<unknown> {
  return "getReader" in value && typeof value.getReader === "function";
}

function isBlob(value: object): value is Blob {
  return "stream" in value && typeof value.stream === "function" && "size" in value;
}

function isResponse(value: object): value is Response {
  return Object.prototype.toString.call(value) === "[object Response]";
}

function wrongType(artifact: unknown): UsageError {
  const got = artifact === null ? "null" : `a value of type ${typeof artifact}`;
  return new UsageError("invalid-argument", `an artifact is bytes, a digest, a Blob, a Response or a stream, not ${got}`, "/artifact");
}
