/// <reference lib="esnext.disposable" preserve="true" />
import type { DigestAlgorithm } from "../artifact.js";
import { batch, type Batch, type BatchItem, type BatchOptions } from "../batch.js";
import { bundleBytes, type Bundle } from "../bundle.js";
import { copied } from "../bytes.js";
import { Engine, type Verified } from "../engine.js";
import { UsageError } from "../errors.js";
import type { Evaluation } from "../evaluation.js";
import { digestsOf, hostHashes, largestWhole } from "../hashing.js";
import { compile, type SharedModule } from "../module.js";
import { encodeOptions, type EncodedOptions, type VerifyOptions } from "../options.js";
import type { Report } from "../report.js";
import { encodeRequest, type EvaluationRequest } from "../request.js";
import { allAlgorithms, type Verifier } from "../verifier.js";
import { Crew } from "./crew.js";
import type { Spawn } from "./hand.js";
import { readEvaluation, readReport, readVerified, type Work } from "./message.js";
import { readPoolOptions, type PoolOptions } from "./options.js";

/**
 * Verifies by several workers at once, with the answers and errors of a `Verifier`. A worker that ends or hangs is replaced, and what it
 * worked on is done again by another, once: if that ends too, there is no verdict, and the error is `UsageError` with `worker-lost`.
 *
 * What can be read (a Blob, a stream) is hashed by the caller's thread; bytes are copied before the call returns, and none are ever transferred.
 */
export interface Pool extends Pick<Verifier, "inspect" | "verify" | "evaluate" | "batch">, AsyncDisposable {
  /** Workers that there may be. */
  readonly size: number;
  /** Ends all workers. What is under way fails with `UsageError` `pool-closed`, and so does what is asked later. */
  close(): Promise<void>;
}

/** Makes a pool, when its first worker has started. */
export type CreatePool = (options?: PoolOptions) => Promise<Pool>;

/** How a runtime has workers. */
export interface Workers {
  readonly spawn: Spawn;
  /** How many processors there are. @throws UsageError where there are no workers. */
  processors(): number;
}

/** Items of a batch under way for each worker: what it has, and one that waits for it. */
const itemsPerWorker = 3;

/** The constructor for a runtime. */
export function pools(shared: SharedModule, workers: Workers): CreatePool {
  return async (options = {}) => {
    const { size, taskTime, signal, trustedRoot, wasm, hostSignatures } = readPoolOptions(options, workers.processors());
    const module = wasm === undefined ? await shared.get() : await compile(() => wasm);
    const engine = new Engine(module, trustedRoot);
    const equipment = { wasm: module, hostSignatures, ...(trustedRoot !== undefined && { trustedRoot }) };
    const crew = new Crew({ spawn: workers.spawn, equipment, size, taskTime });
    const abort = (): void => void crew.close(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener("abort", abort, { once: true });
    const pool = new CrewPool(crew, engine, size, () => signal?.removeEventListener("abort", abort));
    await crew.start().catch((error: unknown) => {
      signal?.removeEventListener("abort", abort);
      throw error;
    });
    return pool;
  };
}

class CrewPool implements Pool {
  readonly size: number;
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #crew: Crew;
  /** For what is done in this thread: the hashing of what is read here. */
  readonly #engine: Engine;
  readonly #released: () => void;

  constructor(crew: Crew, engine: Engine, size: number, released: () => void) {
    this.size = size;
    this.#crew = crew;
    this.#engine = engine;
    this.#released = released;
    // Not every browser knows that symbol.
    if (Symbol.asyncDispose !== undefined) this[Symbol.asyncDispose] = () => this.close();
  }

  async inspect(bundle: Bundle, options: VerifyOptions): Promise<Report> {
    const [work, signal] = await this.#verification("inspect", bundle, options);
    return this.#crew.ask(work, readReport, signal);
  }

  async verify(bundle: Bundle, options: VerifyOptions): Promise<Verified> {
    const [work, signal] = await this.#verification("verify", bundle, options);
    return this.#crew.ask(work, readVerified, signal);
  }

  async evaluate(request: EvaluationRequest): Promise<Evaluation> {
    this.#crew.throwIfOver();
    const { bundles, policy, options } = encodeRequest(request);
    const carried = await this.#carried(options, bundles, allAlgorithms);
    return this.#crew.ask({ method: "evaluate", bundles, policy, ...carried }, readEvaluation, options.watch.signal);
  }

  batch(items: Iterable<BatchItem> | AsyncIterable<BatchItem>, options: BatchOptions = {}): Promise<Batch> {
    return batch(this, items, { concurrency: itemsPerWorker * this.size, ...options });
  }

  async close(): Promise<void> {
    this.#released();
    await this.#crew.close(new UsageError("pool-closed", "the pool is closed"));
  }

  async #verification(method: "inspect" | "verify", given: Bundle, options: VerifyOptions): Promise<[Work, AbortSignal | undefined]> {
    this.#crew.throwIfOver();
    const bundle = bundleBytes(given);
    const encoded = encodeOptions(options);
    return [{ method, bundle, ...await this.#carried(encoded, [bundle]) }, encoded.watch.signal];
  }

  /** Options as they go to a worker. The artifact is copied at once: whoever owns it may change it while a worker is waited for. */
  async #carried(options: EncodedOptions, bundles: readonly Uint8Array[], all?: readonly DigestAlgorithm[]): Promise<Pick<Work, "options" | "artifact">> {
    const { artifact, watch } = options;
    if (artifact.kind === "missing" || artifact.kind === "option") return { options: options.text() };
    if (artifact.kind === "bytes" && this.#goesWhole(artifact.bytes, bundles)) return { options: options.text(), artifact: copied(artifact.bytes) };
    const digests = await digestsOf(artifact, all ?? this.#engine.wantedDigests(bundles), this.#engine, watch);
    return { options: options.text(digests) };
  }

  /** As a `Verifier` does it: what the host hashes, and what is too large, goes as a digest, unless the signature is over the bytes themselves. */
  #goesWhole(bytes: Uint8Array, bundles: readonly Uint8Array[]): boolean {
    return bytes.length <= largestWhole && (!hostHashes(bytes) || this.#engine.wantsWhole(bundles));
  }
}
