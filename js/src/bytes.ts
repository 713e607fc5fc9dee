const kindOfView = /* @__PURE__ */ (() => {
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
  return Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get;
})();

/** Whether a value is a `Uint8Array` or `ArrayBuffer`, of this realm or another. */
export function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> | ArrayBuffer {
  return isUint8Array(value) || value instanceof ArrayBuffer || isForeignBuffer(value);
}

/** The bytes as a view, not copied. */
export function view(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): Uint8Array<ArrayBuffer> {
  return isUint8Array(bytes) ? bytes : new Uint8Array(bytes);
}

/** The bytes as nobody else changes them within a call: a copy of memory that threads share, which WebCrypto refuses to read, too. */
export function unshared(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): Uint8Array<ArrayBuffer> {
  const own = view(bytes);
  return isForeignBuffer(own.buffer) ? own : new Uint8Array(own);
}

/** A copy, at most `most` bytes long. (`slice` of a Buffer would be no copy.) */
export function copied(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer, most = Infinity): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view(bytes).subarray(0, most));
}

function isUint8Array(value: unknown): value is Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(value) && kindOfView?.call(value) === "Uint8Array";
}

function isForeignBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

/** Pieces put together, up to a limit. One memory that grows: a list of pieces would take many times as much, where those are small. */
export class Gathering {
  readonly #most: number;
  #memory: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
    this.#memory = new Uint8Array(Math.min(most, 64 * 1024));
  }

  /** Takes in a piece; `false`, and not a byte of it, when that would be more than the limit. */
  add(piece: Uint8Array): boolean {
    const needed = this.#length + piece.length;
    if (needed > this.#most) return false;
    if (needed > this.#memory.length) {
      const larger = new Uint8Array(Math.min(this.#most, Math.max(needed, 2 * this.#memory.length)));
      larger.set(this.#memory);
      this.#memory = larger;
    }
    this.#memory.set(piece, this.#length);
    this.#length = needed;
    return true;
  }

  /** What there is so far. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#length);
  }
}
