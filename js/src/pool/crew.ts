import { UsageError } from "../errors.js";
import { Hand, type Employer, type Spawn } from "./hand.js";
import type { Equipment, Reading, Work } from "./message.js";
import { Queue } from "./queue.js";
import { Task } from "./task.js";

/** What a crew is made of. */
export interface Outfit {
  readonly spawn: Spawn;
  readonly equipment: Equipment;
  /** How many workers there may be. */
  readonly size: number;
  /** Milliseconds that a worker has for a task. */
  readonly taskTime: number;
}

/** Workers over which a task is given up: one alone may have ended for a reason of its own. */
const mostDeaths = 2;

/** Workers that may end without an answer between, beyond one for each that there may be. Then the pool ends: it would start others for ever. */
const mostInVain = 8;

/** Workers, and what waits for them. They are started when there is work for them, and replaced when they end. */
export class Crew implements Employer {
  readonly #outfit: Outfit;
  readonly #hands = new Set<Hand>();
  /** What no worker has had yet. */
  readonly #waiting = new Queue<Task>();
  /** What workers that ended have left; it comes first. */
  readonly #left = new Queue<Task>();
  #start: { resolve(): void; reject(error: unknown): void } | undefined;
  #inVain = 0;
  #over: { readonly error: unknown } | undefined;

  constructor(outfit: Outfit) {
    this.#outfit = outfit;
  }

  /** Starts the first worker. @throws UsageError when that does not start, as the next would not; what `close` was told. */
  async start(): Promise<void> {
    const started = new Promise<void>((resolve, reject) => (this.#start = { resolve, reject }));
    this.#spawn();
    await started;
  }

  /**
   * Has something done by the worker that is free first.
   *
   * @throws UsageError `worker-lost` when workers ended over it, what `close` was told, the signal's reason.
   */
  async ask<T>(work: Work, read: Reading<T>, signal: AbortSignal | undefined): Promise<T> {
    this.throwIfOver();
    signal?.throwIfAborted();
    const task = new Task(work, read, signal);
    this.#waiting.add(task);
    this.#assign();
    return task.promise;
  }

  /** Throws what `close` was told. */
  throwIfOver(): void {
    if (this.#over !== undefined) throw this.#over.error;
  }

  /** Ends all workers. What waits for them fails with this error, and so does what is asked later. */
  async close(error: unknown): Promise<void> {
    this.#over ??= { error };
    this.#start?.reject(error);
    for (const queue of [this.#left, this.#waiting]) {
      for (; queue.first !== undefined; queue.drop()) queue.first.fail(error);
    }
    await Promise.all([...this.#hands].map((hand) => hand.end(error)));
    this.#hands.clear();
  }

  ready(): void {
    this.#start?.resolve();
    this.#start = undefined;
    this.#assign();
  }

  answered(): void {
    this.#inVain = 0;
    this.#assign();
  }

  lost(hand: Hand, left: readonly Task[], cause: unknown): void {
    this.#hands.delete(hand);
    this.#inVain += 1;
    if (this.#start !== undefined) {
      void this.close(cause instanceof UsageError ? cause : lost("the pool's worker did not start", cause));
    } else if (this.#inVain > this.#outfit.size + mostInVain) {
      void this.close(lost(`the pool has ended: ${String(this.#inVain)} workers ended without an answer between`, cause));
    }
    const [first] = left;
    if (first !== undefined) first.deaths += 1;
    for (const task of left) {
      if (this.#over !== undefined) task.fail(this.#over.error);
      else if (task.deaths < mostDeaths) this.#left.add(task);
      else task.fail(lost(`no verdict: ${String(mostDeaths)} workers ended over it`, cause));
    }
    this.#assign();
  }

  #assign(): void {
    for (;;) {
      const queue = this.#left.length > 0 ? this.#left : this.#waiting;
      const task = queue.first;
      if (task === undefined) return;
      const hand = task.open ? this.#handFor(task) : undefined;
      if (task.open && hand === undefined) break;
      queue.drop();
      hand?.give(task);
    }
    const starting = [...this.#hands].filter((hand) => hand.starting).length;
    const wanted = Math.min(this.#waiting.length + this.#left.length - starting, this.#outfit.size - this.#hands.size);
    for (let more = 0; more < wanted; more += 1) this.#spawn();
  }

  /** A worker with nothing to do; where there will be no further ones also one with room for the next. */
  #handFor(task: Task): Hand | undefined {
    const hands = [...this.#hands];
    const idle = hands.find((hand) => hand.idle);
    if (idle !== undefined || hands.length < this.#outfit.size || hands.some((hand) => hand.starting)) return idle;
    return hands.find((hand) => hand.hasRoomBeside(task));
  }

  #spawn(): void {
    const { spawn, equipment, taskTime } = this.#outfit;
    this.#hands.add(new Hand(spawn, equipment, taskTime, this));
  }
}

function lost(what: string, cause: unknown): UsageError {
  return new UsageError("worker-lost", `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, "", { cause });
}
