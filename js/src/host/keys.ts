/** How many keys are kept for the next time: those of logs and authorities come again. */
const mostKeys = 64;

/** Keys as a platform has them, by their points, the latest used last. */
export class Keys<Key> {
  readonly #kept = new Map<string, Key>();

  get(point: Uint8Array): Key | undefined {
    const id = String.fromCharCode(...point);
    const key = this.#kept.get(id);
    if (key !== undefined) this.#put(id, key);
    return key;
  }

  /** Keeps a key, and gives it back. */
  keep(point: Uint8Array, key: Key): Key {
    this.#put(String.fromCharCode(...point), key);
    return key;
  }

  #put(id: string, key: Key): void {
    this.#kept.delete(id);
    this.#kept.set(id, key);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKeys) break;
      this.#kept.delete(oldest);
    }
  }
}
