import type { ArtifactInput, DigestAlgorithm } from "./artifact.js";
import { isBytes, view } from "./bytes.js";
import type { ArtifactHash, Engine } from "./engine.js";
import { UsageError } from "./errors.js";
import { NodeCrypto } from "./host/node-crypto.js";

/** How far the reading of an artifact is. */
export interface Progress {
  /** Bytes read so far. */
  readonly read: number;
  /** Bytes that there are, where that is known beforehand. */
  readonly total?: number;
}

/** What a caller may add to anything that reads an artifact. */
export interface Watch {
  /** Ends the reading: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called as an artifact is read. What it throws ends the call. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Digests, in hexadecimal, by algorithm. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, string>>>;

/** An artifact that has bytes to be read. */
export type Readable = Extract<ArtifactInput, { kind: "bytes" | "blob" | "stream" }>;

/**
 * The largest artifact that is copied into the instance, whose memory never shrinks. Larger ones are hashed
 * piece by piece; only a signature over the bytes themselves (plain Ed25519) needs an artifact whole.
 */
export const largestWhole = 64 * 1024 * 1024;

/**
 * Up to this size an artifact goes whole: a host that verifies its signature takes the artifact itself, and hashes it for that
 * (the core's `limits::MAX_HOST_MESSAGE_BYTES`). Above, the host's own hashing is worth a promise.
 */
export const largestMessage = 128 * 1024;

/** The largest Blob that is read in one go, for the host to hash. */
const largestBlob = 16 * 1024 * 1024;

const hostNames: Readonly<Record<DigestAlgorithm, string>> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

/** Reads what a caller adds; unknown things are left to whoever reads the rest. */
export function readWatch(given: { readonly signal?: unknown; readonly onProgress?: unknown }): Watch {
  const { signal, onProgress } = given;
  if (signal !== undefined && !isSignal(signal)) throw new UsageError("invalid-argument", "`signal` is an AbortSignal", "/signal");
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new UsageError("invalid-argument", "`onProgress` is a function", "/onProgress");
  }
  signal?.throwIfAborted();
  return { ...(signal !== undefined && { signal }), ...(onProgress !== undefined && { onProgress: onProgress as Required<Watch>["onProgress"] }) };
}

/** Whether WebCrypto hashes such bytes: it is not there in pages that were not served securely. */
export function hostHashes(bytes: Uint8Array): boolean {
  return bytes.length > largestMessage && typeof globalThis.crypto?.subtle?.digest === "function";
}

/** Whether the host hashes such bytes while the caller waits, several times as fast as WebAssembly. */
export function hostHashesNow(bytes: Uint8Array): boolean {
  return bytes.length > largestMessage && NodeCrypto.ofRuntime() !== undefined;
}

/**
 * The digests of bytes, by WebCrypto. Bytes that change after the call are hashed as they were: WebCrypto copies them at once.
 *
 * @throws UsageError `verifier-lost` when the host gives no digest.
 */
export async function hostDigests(bytes: Uint8Array<ArrayBuffer>, algorithms: readonly DigestAlgorithm[], watch: Watch): Promise<Digests> {
  const made = algorithms.map(async (algorithm) => [algorithm, hex(await crypto.subtle.digest(hostNames[algorithm], bytes))] as const);
  const digests = await Promise.all(made).catch((cause: unknown) => {
    throw new UsageError("verifier-lost", "no verdict: the runtime's own hashing failed", "", { cause });
  });
  watch.signal?.throwIfAborted();
  watch.onProgress?.({ read: bytes.length, total: bytes.length });
  return Object.fromEntries(digests);
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The digests of whatever can be read: by the host where that is one call, else by WebAssembly as it arrives. */
export async function digestsOf(artifact: Readable, algorithms: readonly DigestAlgorithm[], engine: Engine, watch: Watch): Promise<Digests> {
  if (artifact.kind === "bytes") {
    const { bytes } = artifact;
    return hostHashes(bytes) ? hostDigests(bytes, algorithms, watch) : digestsSync(bytes, engine.hash(algorithms), watch);
  }
  if (artifact.kind === "blob" && artifact.blob.size <= largestBlob) {
    const bytes = new Uint8Array(await wholeBlob(artifact.blob));
    return digestsOf({ kind: "bytes", bytes }, algorithms, engine, watch);
  }
  const [source, total] = artifact.kind === "blob" ? [artifact.blob.stream(), artifact.blob.size] : [artifact.source, artifact.total];
  const hash = engine.hash(algorithms);
  try {
    let read = 0;
    for await (const chunk of chunks(source, watch.signal)) {
      hash.update(chunk);
      read += chunk.length;
      watch.onProgress?.({ read, ...(total !== undefined && { total }) });
    }
    return hash.finish();
  } finally {
    hash.free();
  }
}

/** The digests of bytes, without waiting. */
export function digestsSync(bytes: Uint8Array, hash: ArtifactHash, watch: Watch): Digests {
  try {
    hash.update(bytes);
    watch.onProgress?.({ read: bytes.length, total: bytes.length });
    return hash.finish();
  } finally {
    hash.free();
  }
}

async function wholeBlob(blob: Blob): Promise<ArrayBuffer> {
  try {
    return await blob.arrayBuffer();
  } catch (cause) {
    throw unreadable(cause);
  }
}

/**
 * The chunks of a source, which is told to stop when the reader does, or when the signal says so while a chunk is waited for.
 *
 * @throws UsageError `artifact-unreadable` when the source breaks, `invalid-argument` for a chunk that is not bytes.
 */
export async function* chunks(source: ReadableStream<unknown> | AsyncIterable<unknown>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { next, stop } = opened(source);
  let ended = false;
  const aborted = signal === undefined ? undefined : whenAborted(signal);
  try {
    for (;;) {
      const step = next().catch((cause: unknown) => {
        ended = true;
        throw unreadable(cause);
      });
      const { done, value } = await (aborted === undefined ? step : Promise.race([step, aborted.promise]));
      if (done === true) {
        ended = true;
        return;
      }
      if (!isBytes(value)) throw new UsageError("invalid-argument", "the artifact's stream yields no bytes", "/artifact");
      yield view(value);
    }
  } finally {
    aborted?.release();
    if (!ended) stop();
  }
}

interface Opened {
  next(): Promise<{ readonly done?: boolean; readonly value?: unknown }>;
  /** Not waited for: a source that does not stop must not hold up the answer. */
  stop(): void;
}

function opened(source: ReadableStream<unknown> | AsyncIterable<unknown>): Opened {
  if ("getReader" in source) {
    try {
      const reader = source.getReader();
      return { next: () => reader.read(), stop: () => void reader.cancel().catch(() => undefined) };
    } catch (cause) {
      throw new UsageError("invalid-argument", "the artifact's stream is in use or was read before", "/artifact", { cause });
    }
  }
  const iterator = source[Symbol.asyncIterator]();
  return { next: async () => iterator.next(), stop: () => void (async () => iterator.return?.())().catch(() => undefined) };
}

/** A promise that rejects with the signal's reason, and can be let go. */
export function whenAborted(signal: AbortSignal): { readonly promise: Promise<never>; release(): void } {
  let release = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    release = () => signal.removeEventListener("abort", abort);
  });
  promise.catch(() => undefined);
  return { promise, release };
}

function isSignal(value: unknown): value is AbortSignal {
  return typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value && "throwIfAborted" in value;
}

function unreadable(cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new UsageError("artifact-unreadable", `the artifact could not be read to its end${reason}`, "/artifact", { cause });
}
