import type { Bundle } from "./bundle.js";
import { UsageError } from "./errors.js";
import type { Evaluation } from "./evaluation.js";
import { readWatch } from "./hashing.js";
import type { VerifyOptions } from "./options.js";
import type { Report } from "./report.js";
import type { EvaluationRequest } from "./request.js";
import type { Verifier } from "./verifier.js";

/** One of many: what `inspect` takes, or with a policy what `evaluate` takes. */
export type BatchItem = ({ readonly bundle: Bundle } & VerifyOptions) | EvaluationRequest;

/** What came of one. Each has its own; one that cannot be judged does not end the others. */
export type BatchResult =
  /** Look at `report.verdict`. */
  | { readonly report: Report; readonly evaluation?: undefined; readonly error?: undefined }
  /** Look at `evaluation.verdict`. */
  | { readonly evaluation: Evaluation; readonly report?: undefined; readonly error?: undefined }
  /** What was asked is wrong, or its artifact could not be read: there is no verdict, which is never a good one. */
  | { readonly error: unknown; readonly report?: undefined; readonly evaluation?: undefined };

/** How many ended how. */
export interface BatchCounts {
  /** Reports that passed, and evaluations that are verified. */
  readonly verified: number;
  /** Evaluations in which an exception lets the artifact pass. */
  readonly excepted: number;
  /** Reports that failed, and evaluations that are rejected. */
  readonly refused: number;
  /** Without a verdict. */
  readonly unjudged: number;
}

/** What came of many. */
export interface Batch {
  /** In the order of the items. */
  readonly results: readonly BatchResult[];
  readonly counts: BatchCounts;
}

/** How many are judged. */
export interface BatchOptions {
  /** Items that are under way at once; 4 unless stated, of a pool 3 for each worker. */
  readonly concurrency?: number;
  /** Ends it: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each: how many are done of those that were begun, and which one it was, counted from 0. What it throws ends the call. */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/** How far a batch is. */
export interface BatchProgress {
  readonly done: number;
  /** Which one, counted from 0. */
  readonly index: number;
  readonly result: BatchResult;
}

/** Milliseconds after which the others of this thread have their turn: a page would else stand still. */
const turn = 8;

const keys: readonly string[] = ["concurrency", "signal", "onProgress"];

/** Judges many. Items are taken one by one, so that a list that is made as it goes is never held whole. */
export async function batch(
  judge: Pick<Verifier, "inspect" | "evaluate">,
  items: Iterable<BatchItem> | AsyncIterable<BatchItem>,
  options: BatchOptions,
): Promise<Batch> {
  const unknown = Object.keys(options).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new UsageError("invalid-argument", `a batch has no option \`${unknown}\``, `/${unknown}`);
  const { concurrency = 4, onProgress } = options;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) throw new UsageError("invalid-argument", "`concurrency` is a whole number from 1 up", "/concurrency");
  const { signal } = readWatch({ signal: options.signal });
  const results: BatchResult[] = [];
  const source = iterator(items);
  let [begun, done, since, ended] = [0, 0, performance.now(), false];
  // As `for await` does it: a list that is asked for several items at once may answer in another order, and a result would be another item's.
  let last: Promise<unknown> = Promise.resolve();
  const take = (): Promise<{ readonly next: IteratorResult<BatchItem>; readonly index: number }> => {
    const taken = last.then(async () => {
      const next: IteratorResult<BatchItem> = ended ? { done: true, value: undefined } : await source.next();
      begun += 1;
      return { next, index: begun - 1 };
    });
    last = taken;
    return taken;
  };
  const worker = async (): Promise<void> => {
    while (!ended) {
      signal?.throwIfAborted();
      const { next, index } = await take();
      if (next.done === true) return;
      const result = await judged(judge, next.value, signal);
      signal?.throwIfAborted();
      results[index] = result;
      done += 1;
      onProgress?.({ done, index, result });
      if (performance.now() - since < turn) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    ended = true;
    await source.return?.();
  }
  return { results, counts: counted(results) };
}

async function judged(judge: Pick<Verifier, "inspect" | "evaluate">, item: BatchItem, signal: AbortSignal | undefined): Promise<BatchResult> {
  try {
    if (typeof item !== "object" || item === null) throw new UsageError("invalid-argument", "an item is an object with `bundle`, or with `bundles` and `policy`");
    const watch = signal !== undefined && { signal };
    if ("policy" in item) return { evaluation: await judge.evaluate({ ...item, ...watch }) };
    const { bundle, ...options } = item;
    return { report: await judge.inspect(bundle, { ...options, ...watch }) };
  } catch (error) {
    return { error };
  }
}

function counted(results: readonly BatchResult[]): BatchCounts {
  const words = results.map(({ report, evaluation }) => evaluation?.verdict ?? report?.verdict);
  const count = (...wanted: readonly unknown[]): number => words.filter((word) => wanted.includes(word)).length;
  return { verified: count("passed", "verified"), excepted: count("excepted"), refused: count("failed", "rejected"), unjudged: count(undefined) };
}

/** One iterator for all workers; each item is asked for when a worker is free. */
function iterator<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncIterator<Item> | Iterator<Item> {
  if (typeof items === "object" && items !== null) {
    if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return items[Symbol.iterator]();
  }
  throw new UsageError("invalid-argument", "the items of a batch are a list, or something else to go through", "/items");
}
