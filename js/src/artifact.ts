import { isBytes, view } from "./bytes.js";
import { UsageError } from "./errors.js";
import { plainJson } from "./json.js";

/**
 * What the bundle must be about: the bytes, a digest of them (`"sha256:…"`, `{ sha256: "…" }`), or something
 * to read them from. `{ dangerouslyUnbound: true }` verifies the bundle about no artifact in particular.
 */
export type Artifact =
  | Uint8Array
  | ArrayBuffer
  | `sha256:${string}`
  | `sha384:${string}`
  | `sha512:${string}`
  | ArtifactDigests
  | Blob
  | ReadableStream<Uint8Array>
  | { readonly dangerouslyUnbound: true };

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
  /** Handed over whole. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Hashed first, piece by piece, without waiting. */
  | { readonly kind: "pieces"; readonly pieces: Iterable<Uint8Array> }
  /** Hashed first, as the pieces arrive. */
  | { readonly kind: "stream"; open(): ReadableStream<Uint8Array> };

/**
 * The largest artifact that is copied into the instance, whose memory never shrinks. Larger ones are hashed
 * piece by piece; only a signature over the bytes themselves (plain Ed25519) needs an artifact whole.
 */
export const largestWhole = 64 * 1024 * 1024;

const pieceSize = 1024 * 1024;

/** Sorts an artifact by what has to happen with it. */
export function artifactOption(artifact: unknown): ArtifactInput {
  if (typeof artifact === "string") return { kind: "option", value: digestFromText(artifact) };
  if (typeof artifact !== "object" || artifact === null) throw wrongType(artifact);
  if (isBytes(artifact)) {
    const bytes = view(artifact);
    return bytes.length <= largestWhole ? { kind: "bytes", bytes } : { kind: "pieces", pieces: pieces(bytes) };
  }
  if (isStream(artifact)) return { kind: "stream", open: () => artifact };
  if (isBlob(artifact)) return { kind: "stream", open: () => artifact.stream() };
  return { kind: "option", value: plainJson(artifact, "/artifact") };
}

/** Cuts bytes into pieces that are worth a call each. */
export function* pieces(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceSize) yield bytes.subarray(start, start + pieceSize);
}

/**
 * The pieces of a stream, which is cancelled when the reader stops early.
 *
 * @throws UsageError `invalid-argument` for a chunk that is not bytes; else what the stream itself throws.
 */
export async function* streamPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let reader: ReadableStreamDefaultReader<unknown>;
  try {
    reader = stream.getReader();
  } catch (cause) {
    throw new UsageError("invalid-argument", "the artifact's stream is in use or was read before", "/artifact", { cause });
  }
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!isBytes(value)) throw new UsageError("invalid-argument", "the artifact's stream yields no bytes", "/artifact");
      yield* pieces(view(value));
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

function digestFromText(text: string): Record<string, string> {
  const [, algorithm, hex] = /^(sha256|sha384|sha512):(.*)$/su.exec(text) ?? [];
  if (algorithm === undefined || hex === undefined) {
    throw new UsageError(
      "invalid-artifact-digest",
      "an artifact given as a string is a digest such as \"sha256:…\"; pass contents as bytes",
      "/artifact",
    );
  }
  return { [algorithm]: hex };
}

function isStream(value: object): value is ReadableStream<Uint8Array> {
  return "getReader" in value && typeof value.getReader === "function";
}

function isBlob(value: object): value is Blob {
  return "stream" in value && typeof value.stream === "function" && "size" in value;
}

function wrongType(artifact: unknown): UsageError {
  const got = artifact === null ? "null" : `a value of type ${typeof artifact}`;
  return new UsageError("invalid-argument", `an artifact is bytes, a digest, a Blob or a stream, not ${got}`, "/artifact");
}
