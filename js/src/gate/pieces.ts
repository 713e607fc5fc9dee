import { copied, isBytes } from "../bytes.js";
import { unavailable } from "./outcome.js";

/** Bytes that are asked for at once, where that can be said. */
const atOnce = 64 * 1024;

/** A body, read piece by piece. */
export interface Pieces {
  /**
   * The next piece, in memory of its own: what is hashed is what is passed on, whoever still holds the memory that it came in.
   *
   * @throws Refusal `upstream-unreadable`
   */
  next(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Nothing more is read. */
  stop(reason: unknown): Promise<void>;
}

/** The pieces of a body; `null` has none. */
export function piecesOf(body: ReadableStream<Uint8Array> | null): Pieces {
  if (body === null) return { next: async () => undefined, stop: async () => undefined };
  const [read, stop] = opened(body);
  return {
    async next() {
      for (;;) {
        const { done, value } = await read().catch((cause: unknown) => {
          throw unavailable("upstream-unreadable", "the upstream's body broke off", cause);
        });
        if (done) return undefined;
        if (!isBytes(value)) throw unavailable("upstream-unreadable", "the upstream's body yields no bytes");
        if (value.byteLength > 0) return copied(value);
      }
    },
    stop,
  };
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
