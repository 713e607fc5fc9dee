/** First in, first out: `shift` of a long array would move all that is behind. */
export class Queue<T> {
  #items: (T | undefined)[] = [];
  #from = 0;

  get length(): number {
    return this.#items.length - this.#from;
  }

  get first(): T | undefined {
    return this.#items[this.#from];
  }

  add(item: T): void {
    this.#items.push(item);
  }

  drop(): void {
    this.#items[this.#from] = undefined;
    this.#from += 1;
    if (2 * this.#from < this.#items.length) return;
    this.#items = this.#items.slice(this.#from);
    this.#from = 0;
  }
}
