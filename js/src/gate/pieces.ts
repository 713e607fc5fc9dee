import { copied, isBytes } from "../bytes.js";
import { unavailable, type Refusal } from "./outcome.js";

/** Bytes that are asked for at once, where that can be said. */
const atOnce = 64 * 1024;

/** A body, read piece by piece, until it ends or is let go of; or until the client's signal lets go of it. */
export interface Pieces {
  /**
   * The next piece, in memory of its own: what is hashed is what is passed on, whoever still holds the memory that it came in.
   *
   * @throws Refusal `upstream-unreadable`, `aborted`
   */
  next(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Nothing more is read. */
  stop(reason: unknown): Promise<void>;
}

/** The pieces of a body; `null` has none. `signal` is that of the client. */
export function piecesOf(body: ReadableStream<Uint8Array> | null, signal?: AbortSignal): Pieces {
  if (body === null) return { next: async () => undefined, stop: async () => undefined };
  const [read, cancel] = opened(body);
  const leave = (): void => void cancel(signal?.reason).catch(() => undefined);
  const release = (): void => signal?.removeEventListener("abort", leave);
  if (signal?.aborted === true) leave();
  signal?.addEventListener("abort", leave);
  const next = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    for (;;) {
      const { done, value } = await read().catch((cause: unknown) => {
        throw signal?.aborted === true ? clientLeft(cause) : unavailable("upstream-unreadable", "the upstream's body broke off", cause);
      });
      // The end of a body that was let go of is none.
      if (signal?.aborted === true) throw clientLeft(signal.reason);
      if (done) return undefined;
      if (!isBytes(value)) throw unavailable("upstream-unreadable", "the upstream's body yields no bytes");
      if (value.byteLength > 0) return copied(value);
    }
  };
  return {
    async next() {
      const piece = await next();
      if (piece === undefined) release();
      return piece;
    },
    stop(reason) {
      release();
      return cancel(reason);
    },
  };
}

/** What becomes of a request whose client is not there any more. */
export function clientLeft(cause: unknown): Refusal {
  return unavailable("aborted", "the client went away", cause);
}

type Opened = readonly [read: () => Promise<ReadableStreamReadResult<unknown>>, stop: (reason: unknown) => Promise<void>];

function opened(body: ReadableStream<Uint8Array>): Opened {
  const own = isWorkerd() ? ownMemory(body) : undefined;
  if (own !== undefined) return own;
  const reader = body.getReader();
  return [() => reader.read(), (reason) => reader.cancel(reason)];
}

/** Reads into memory of the reader's, the same each time; `undefined` for a stream that cannot do that. */
function ownMemory(body: ReadableStream<Uint8Array>): Opened | undefined {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
  let memory = new ArrayBuffer(atOnce);
  const read = async (): Promise<ReadableStreamReadResult<unknown>> => {
    const result = await reader.read(new Uint8Array(memory));
    memory = result.value?.buffer ?? memory;
    return result as ReadableStreamReadResult<unknown>;
  };
  return [read, (reason) => reader.cancel(reason)];
}

/**
 * Whether this is workerd, which differs in two ways: its pieces have 4 KiB unless the reader brings the memory, and it ends a body that
 * breaks as if that were all, unless its length was told by `expectedLength`.
 */
export function isWorkerd(): boolean {
  return "FixedLengthStream" in globalThis;
}
