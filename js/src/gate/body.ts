import { Gathering } from "../bytes.js";
import { unavailable, type Refusal } from "./outcome.js";
import { clientLeft, isWorkerd, piecesOf, type Pieces } from "./pieces.js";

/** The least that a client must lack for a file to be of no use to it: more than most readers of archives forgive. */
export const heldBack = 64 * 1024;

/** Looks at a body as it passes. */
export interface Examination {
  /** @throws Refusal when it need not go on. */
  take(piece: Uint8Array): void;
  /** The body is at its end, and `bytes` where it was gathered: throws what it is refused for. */
  end(bytes?: Uint8Array): Promise<void>;
  /** The body is not read to its end, for this reason. */
  fail(reason: unknown): void;
}

/** A body whose end was met before any of it could be passed on, or one that goes on. */
export type Begun = { readonly whole: Uint8Array<ArrayBuffer> } | { readonly stream: ReadableStream<Uint8Array> };

/**
 * Reads a body until some of it may be passed on. One that is shorter than what is held back ends here, with its verdict; so small files
 * are refused with a page instead of a broken download.
 *
 * @throws Refusal what the examination, or the reading, ended with.
 */
export async function begin(
  body: ReadableStream<Uint8Array> | null,
  examination: Examination,
  declared: number | undefined,
  signal?: AbortSignal,
): Promise<Begun> {
  const [pieces, tail] = [piecesOf(body, signal), new Tail(heldBack)];
  try {
    for (;;) {
      const piece = await pieces.next();
      if (piece === undefined) {
        await examination.end();
        return { whole: tail.all() };
      }
      examination.take(piece);
      const ready = tail.push(piece);
      if (ready.length > 0) return { stream: passage(pieces, tail, ready, examination, declared) };
    }
  } catch (reason) {
    examination.fail(reason);
    pieces.stop(reason).catch(() => undefined);
    throw reason;
  }
}

/** A body that is looked at while it passes, and passes whatever it is. */
export function watched(
  body: ReadableStream<Uint8Array>,
  examination: Examination,
  declared: number | undefined,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  return passage(piecesOf(body, signal), new Tail(0), new Uint8Array(), examination, declared);
}

/**
 * The rest of a body, examined as it passes: read only as fast as the client reads, with its tail passed on after the examination ended well.
 * Else the stream breaks, and the client knows that it has no whole file.
 */
function passage(
  pieces: Pieces,
  tail: Tail,
  ready: Uint8Array,
  examination: Examination,
  declared: number | undefined,
): ReadableStream<Uint8Array> {
  let [first, wasLeft] = [ready, false];
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    for (;;) {
      const front = first;
      first = new Uint8Array();
      if (front.length > 0) return controller.enqueue(front);
      const piece = await pieces.next();
      if (wasLeft) return;
      if (piece === undefined) break;
      examination.take(piece);
      first = tail.push(piece);
    }
    await examination.end();
    if (wasLeft) return;
    const rest = tail.all();
    if (rest.length > 0) controller.enqueue(rest);
    controller.close();
  };
  return new ReadableStream<Uint8Array>(
    {
      ...(declared !== undefined && { expectedLength: declared }),
      pull: (controller) =>
        pull(controller).catch((reason: unknown) => {
          if (wasLeft) return;
          examination.fail(reason);
          pieces.stop(reason).catch(() => undefined);
          throw reason;
        }),
      cancel(reason) {
        wasLeft = true;
        examination.fail(clientLeft(reason));
        return pieces.stop(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Whether a client notices that a body breaks. After the chunk that says that all was sent, which workerd sends after an error too, only a
 * length that is missed tells the client.
 */
export function breaksNoticeably(declared: number | undefined): boolean {
  return declared !== undefined || !isWorkerd();
}

/**
 * Reads a body of which nothing is passed on before its end.
 *
 * @throws Refusal `body-too-large`, and what the examination, or the reading, ended with.
 */
export async function gathered(
  body: ReadableStream<Uint8Array> | null,
  examination: Examination,
  most: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces = piecesOf(body, signal);
  const gathering = new Gathering(most);
  try {
    for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
      if (!gathering.add(piece)) throw tooLarge(most);
      examination.take(piece);
    }
    const whole = gathering.bytes;
    await examination.end(whole);
    return whole;
  } catch (reason) {
    examination.fail(reason);
    pieces.stop(reason).catch(() => undefined);
    throw reason;
  }
}

/** A body that is not held in memory. */
export function tooLarge(most: number): Refusal {
  return unavailable("body-too-large", `expected a body of at most ${String(most)} bytes, found a larger one`);
}

/** The last bytes of a body, in a ring of memory: it takes no more of that, however small the pieces are. */
class Tail {
  readonly #ring: Uint8Array<ArrayBuffer>;
  /** Where the oldest byte is, and how many there are. */
  #start = 0;
  #length = 0;

  constructor(held: number) {
    this.#ring = new Uint8Array(held);
  }

  /** Takes a piece, and gives out what is no longer among the last bytes: in memory of its own, which whoever gets it may take along. */
  push(piece: Uint8Array): Uint8Array<ArrayBuffer> {
    const over = Math.max(0, this.#length + piece.length - this.#ring.length);
    const held = Math.min(over, this.#length);
    const ready = new Uint8Array(over);
    this.#take(ready.subarray(0, held));
    ready.set(piece.subarray(0, over - held), held);
    this.#put(piece.subarray(over - held));
    return ready;
  }

  /** What is left, at the end. */
  all(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    this.#take(all);
    return all;
  }

  #take(into: Uint8Array): void {
    const first = this.#ring.subarray(this.#start, this.#start + into.length);
    into.set(first);
    into.set(this.#ring.subarray(0, into.length - first.length), first.length);
    this.#start = this.#at(into.length);
    this.#length -= into.length;
  }

  #put(piece: Uint8Array): void {
    const at = this.#at(this.#length);
    const first = piece.subarray(0, this.#ring.length - at);
    this.#ring.set(first, at);
    this.#ring.set(piece.subarray(first.length), 0);
    this.#length += piece.length;
  }

  #at(offset: number): number {
    return this.#ring.length === 0 ? 0 : (this.#start + offset) % this.#ring.length;
  }
}
