import { usageError, type Equipment, type Order, type Reply } from "./message.js";
import type { Task } from "./task.js";

/** The pool's end of a worker, whatever the runtime calls it. */
export interface Port {
  post(message: Equipment | Order): void;
  /** Ends the worker, whatever it is doing. */
  end(): unknown;
  /** Keeps no program from ending any more; while it has work, the timer does. */
  release(): void;
}

/** Starts a worker. What it says goes to `heard`; that it ended, or cannot go on, to `ended`. */
export type Spawn = (heard: (message: unknown) => void, ended: (cause: unknown) => void) => Port;

/** Who is told of a worker. */
export interface Employer {
  /** It has started. */
  ready(): void;
  /** It has answered, and can take more. */
  answered(): void;
  /** It has ended with these tasks left, over the first of them where there is one. */
  lost(hand: Hand, left: readonly Task[], cause: unknown): void;
}

/** Milliseconds that a worker has to start. */
const startTime = 30_000;

/** Tasks that a worker has at most: one that it works on, and the next, so that it need not wait for us in between. */
const mostTasks = 2;

/** One worker, and what it is working on. */
export class Hand {
  readonly #employer: Employer;
  readonly #taskTime: number;
  readonly #orders: { readonly id: number; readonly task: Task }[] = [];
  #port: Port | undefined;
  #state: "starting" | "ready" | "ended" = "starting";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ids = 0;

  constructor(spawn: Spawn, equipment: Equipment, taskTime: number, employer: Employer) {
    this.#employer = employer;
    this.#taskTime = taskTime;
    this.#expect("a start", startTime);
    try {
      this.#port = spawn((message) => this.#heard(message), (cause) => this.#ended(cause));
      this.#port.post(equipment);
    } catch (cause) {
      // Not at once: whoever starts it does not know it yet.
      queueMicrotask(() => this.#ended(cause));
    }
  }

  get starting(): boolean {
    return this.#state === "starting";
  }

  get idle(): boolean {
    return this.#state === "ready" && this.#orders.length === 0;
  }

  /** Whether it can take a task beside what it has. One over which a worker ended shares with no other: it could not be told which of them did it. */
  hasRoomBeside(task: Task): boolean {
    if (this.#state !== "ready" || this.#orders.length >= mostTasks) return false;
    return [task, ...this.#orders.map((order) => order.task)].every(({ deaths }) => deaths === 0);
  }

  give(task: Task): void {
    const { work } = task;
    if (work === undefined) return;
    const id = (this.#ids += 1);
    this.#orders.push({ id, task });
    if (this.#orders.length === 1) this.#next();
    try {
      this.#port?.post({ id, work });
    } catch (cause) {
      queueMicrotask(() => this.#ended(cause));
    }
  }

  /** Ends it, and fails what it had. */
  async end(error: unknown): Promise<void> {
    for (const task of this.#stop()) task.fail(error);
    await this.#port?.end();
  }

  #heard(message: unknown): void {
    if (this.#state === "ended") return;
    const began = this.#state === "starting";
    try {
      if (began) this.#begun(message as Reply);
      else this.#answered(message as Reply);
    } catch (cause) {
      this.#ended(cause);
      return;
    }
    this.#next();
    if (began) this.#employer.ready();
    else this.#employer.answered();
  }

  #begun(reply: Reply): void {
    if ("unready" in reply) throw usageError(reply.unready);
    if (!("ready" in reply)) throw new TypeError("expected that it is ready, found another message");
    this.#state = "ready";
    this.#port?.release();
  }

  #answered(reply: Reply): void {
    const [order] = this.#orders;
    if (order === undefined || !("id" in reply) || reply.id !== order.id) throw new TypeError("expected the answer to the oldest order, found another message");
    if ("broken" in reply.outcome) throw new Error(reply.outcome.broken);
    order.task.settle(reply.outcome);
    this.#orders.shift();
  }

  #next(): void {
    clearTimeout(this.#timer);
    if (this.#orders.length > 0) this.#expect("an answer", this.#taskTime);
  }

  #expect(what: string, time: number): void {
    const late = (): void => this.#ended(new Error(`expected ${what} within ${String(time)} ms, found none`));
    // Where it was this thread that stood still, the answer is there, and is read before the second timer.
    this.#timer = setTimeout(() => (this.#timer = setTimeout(late)), time);
  }

  #ended(cause: unknown): void {
    if (this.#state === "ended") return;
    const left = this.#stop();
    void this.#port?.end();
    this.#employer.lost(this, left, cause);
  }

  #stop(): readonly Task[] {
    this.#state = "ended";
    clearTimeout(this.#timer);
    return this.#orders.splice(0).map(({ task }) => task);
  }
}
