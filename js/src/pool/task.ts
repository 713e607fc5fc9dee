import { failure, usageError, type Outcome, type Reading, type Work } from "./message.js";

/** Something that a worker is to do, and a promise of what comes of it. */
export class Task<T = unknown> {
  readonly promise: Promise<T>;
  /** How many workers ended over it. */
  deaths = 0;
  #work: Work | undefined;
  readonly #read: Reading<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #abort: () => void;
  #settled: { resolve(value: T): void; reject(error: unknown): void } | undefined;

  /** What the signal ends fails with its reason, and stays where it is: a worker that has it cannot be told. */
  constructor(work: Work, read: Reading<T>, signal: AbortSignal | undefined) {
    this.#work = work;
    this.#read = read;
    this.#signal = signal;
    this.promise = new Promise((resolve, reject) => (this.#settled = { resolve, reject }));
    this.#abort = () => this.fail(signal?.reason);
    signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** What is to be done, with all its bytes: kept as long as anybody waits for it. */
  get work(): Work | undefined {
    return this.#work;
  }

  /** Whether anybody waits for it still. */
  get open(): boolean {
    return this.#settled !== undefined;
  }

  /** Hands on what came of it. @throws TypeError or SyntaxError when that is nothing that can come of it: it is open still. */
  settle(outcome: Outcome): void {
    if ("failed" in outcome) this.fail(failure(outcome.failed));
    else if ("misuse" in outcome) this.fail(usageError(outcome.misuse));
    else if ("text" in outcome) this.#succeed(this.#read(outcome.text, outcome.payload));
    else throw new TypeError("expected what came of an order, found another message");
  }

  /** Ends it without an answer. */
  fail(error: unknown): void {
    this.#end()?.reject(error);
  }

  #succeed(value: T): void {
    this.#end()?.resolve(value);
  }

  #end(): { resolve(value: T): void; reject(error: unknown): void } | undefined {
    const settled = this.#settled;
    this.#settled = undefined;
    this.#work = undefined;
    this.#signal?.removeEventListener("abort", this.#abort);
    return settled;
  }
}
