import { UsageError } from "../errors.js";
import { readWatch } from "../hashing.js";
import { readVerifierOptions, type ReadVerifierOptions, type VerifierOptions } from "../verifier.js";

/** What a pool is made with: what a verifier is, and how many work. */
export interface PoolOptions extends VerifierOptions {
  /** Workers that there may be, 1 to 32; as many as the machine has processors unless stated. They are started when there is work for them. */
  readonly workers?: number;
  /** Milliseconds that one bundle or evaluation may take, 60,000 unless stated; a worker that takes longer hangs, and is replaced. */
  readonly taskTimeout?: number;
  /** Closes the pool: what is under way then fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The most workers of a pool: each has memory of its own, and one thread asks them all. */
const mostWorkers = 32;

const defaultTaskTime = 60_000;

/** The longest time that timers know: beyond, they ring at once. */
const longestTime = 2 ** 31 - 1;

/** Options, read. */
export interface ReadPoolOptions extends ReadVerifierOptions {
  readonly size: number;
  readonly taskTime: number;
  readonly signal: AbortSignal | undefined;
}

/** @param processors how many the machine has, where it tells */
export function readPoolOptions(options: PoolOptions, processors: number): ReadPoolOptions {
  const read = readVerifierOptions(options, ["workers", "taskTimeout", "signal"]);
  const { workers, taskTimeout, signal } = options;
  return {
    ...read,
    size: workers === undefined ? Math.min(processors || 1, mostWorkers) : whole(workers, "workers", mostWorkers),
    taskTime: taskTimeout === undefined ? defaultTaskTime : whole(taskTimeout, "taskTimeout", longestTime),
    signal: readWatch({ signal }).signal,
  };
}

function whole(value: unknown, name: string, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new UsageError("invalid-argument", `\`${name}\` is a whole number from 1 to ${String(most)}`, `/${name}`);
}
