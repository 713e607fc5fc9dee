import { unavailable, type Refusal } from "./outcome.js";
import { isWorkerd, piecesOf, type Pieces } from "./pieces.js";

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
export async function begin(body: ReadableStream<Uint8Array> | null, examination: Examination, declared: number | undefined): Promise<Begun> {
  const [pieces, tail] = [piecesOf(body), new Tail(heldBack)];
  try {
    for (;;) {
      const piece = await pieces.next();
      if (piece === undefined) {
        await examination.end();
        return { whole: joined(tail.all()) };
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
export function watched(body: ReadableStream<Uint8Array>, examination: Examination, declared: number | undefined): ReadableStream<Uint8Array> {
  return passage(piecesOf(body), new Tail(0), [], examination, declared);
}

/**
 * The rest of a body, examined as it passes: read only as fast as the client reads, with its tail passed on after the examination ended well.
 * Else the stream breaks, and the client knows that it has no whole file.
 */
function passage(
  pieces: Pieces,
  tail: Tail,
  ready: readonly Uint8Array[],
  examination: Examination,
  declared: number | undefined,
): ReadableStream<Uint8Array> {
  let [first, wasLeft] = [ready, false];
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    for (;;) {
      const front = first;
      first = [];
      for (const piece of front) controller.enqueue(piece);
      if (front.length > 0) return;
      const piece = await pieces.next();
      if (wasLeft) return;
      if (piece === undefined) break;
      examination.take(piece);
      first = tail.push(piece);
    }
    await examination.end();
    if (wasLeft) return;
    for (const piece of tail.all()) controller.enqueue(piece);
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
        examination.fail(unavailable("aborted", "the client went away", reason));
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
export async function gathered(body: ReadableStream<Uint8Array> | null, examination: Examination, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const [pieces, taken] = [piecesOf(body), new Array<Uint8Array>()];
  try {
    let length = 0;
    for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
      length += piece.length;
      if (length > most) throw tooLarge(most);
      examination.take(piece);
      taken.push(piece);
    }
    const whole = joined(taken);
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

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The last bytes of a body: at least as many as are to be held, and less than that and a piece. */
class Tail {
  readonly #held: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(held: number) {
    this.#held = held;
  }

  /** Takes a piece, and gives out what is no longer among the last bytes. */
  push(piece: Uint8Array): Uint8Array[] {
    if (piece.length > this.#held) {
      const over = piece.length - this.#held;
      const ready = [...this.#pieces, piece.subarray(0, over)];
      // A copy: whoever gets the front may take its whole memory along.
      this.#pieces = this.#held === 0 ? [] : [new Uint8Array(piece.subarray(over))];
      this.#length = this.#held;
      return ready;
    }
    this.#pieces.push(piece);
    this.#length += piece.length;
    let count = 0;
    for (const { length } of this.#pieces) {
      if (this.#length - length < this.#held) break;
      this.#length -= length;
      count += 1;
    }
    return this.#pieces.splice(0, count);
  }

  all(): readonly Uint8Array[] {
    return this.#pieces;
  }
}
