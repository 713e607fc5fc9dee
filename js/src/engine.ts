import type { ArtifactDigests, DigestAlgorithm } from "./artifact.js";
import { isBytes, unshared } from "./bytes.js";
import type { Baseline, InputComparison, Summary, TrustComparison } from "./comparison.js";
import { isUsageCode, UsageError, VerificationFailed } from "./errors.js";
import type { Evaluation } from "./evaluation.js";
import { NodeCrypto } from "./host/node-crypto.js";
import type { HostSignatures } from "./host/signatures.js";
import type { FoundPlatform, ImageDocument, ImageLayer, ImageName } from "./image.js";
import type { WasmModule } from "./module.js";
import type { RegistryVerdict } from "./registry.js";
import type { FailedReport, PassedReport, Report } from "./report.js";
import type { Source } from "./source.js";
import { instantiate, type Exports, type WasmDeferred, type WasmHasher, type WasmHost, type WasmPromptHost, type WasmVerifier } from "./wasm/glue.js";

/** What `verify` returns: the report, and the signed payload when the bundle carries one. */
export interface Verified {
  readonly report: PassedReport;
  /** The bytes of the DSSE payload, verified. */
  readonly payload?: Uint8Array;
  /** The payload's type, for instance `application/vnd.in-toto+json`. */
  readonly payloadType?: string;
}

/** A policy that can be used. */
export interface CheckedPolicy {
  readonly name?: string;
  /** The digest of its text, in hexadecimal. */
  readonly sha256: string;
  /** Whether an artifact that does not meet it is refused. */
  readonly mode: "enforce" | "warn";
  /** Whether an artifact may pass although the evidence is not enough. */
  readonly hasExceptions: boolean;
  /** Whether judging by it takes `now`. */
  readonly needsNow: boolean;
}

/** The arguments of `inspect` and `verify`. */
export type Verification = readonly [bundle: Uint8Array, artifact: Uint8Array | undefined, options: string];
/** The arguments of `evaluate`. */
export type Judgement = readonly [bundles: readonly Uint8Array[], artifact: Uint8Array | undefined, policy: Uint8Array, request: string];

/** Who is asked about signatures, and who may end the wait. */
export interface Asked {
  readonly host: HostSignatures | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One call of the core, with a host that answers later and without, and how its answer is read. The bytes must stay as they are until it ends. */
interface Judging<T> {
  readonly later: (verifier: WasmVerifier, host: WasmHost) => WasmDeferred | undefined;
  readonly now: (verifier: WasmVerifier, host: WasmPromptHost | undefined) => string;
  readonly read: (text: string, verifier: WasmVerifier) => T;
}

/** One instance of the WebAssembly module with the roots it trusts. */
interface Instance {
  readonly exports: Exports;
  readonly verifier: WasmVerifier;
}

/**
 * The WebAssembly module at work. A trap leaves an instance in an unknown state: it is dropped, the call that
 * met the trap is refused, and the next call gets a fresh instance.
 */
export class Engine {
  readonly #module: WasmModule;
  readonly #trustedRoot: Uint8Array | undefined;
  #instance: Instance | undefined;

  /** @throws UsageError `invalid-trusted-root`. */
  constructor(module: WasmModule, trustedRoot: Uint8Array | undefined) {
    this.#module = module;
    this.#trustedRoot = trustedRoot;
    this.#call(() => undefined);
  }

  /** Runs every check. */
  inspect(host: HostSignatures | undefined, ...call: Verification): Report {
    return this.#judged(host, inspecting(call));
  }

  /** `inspect`, waiting for the host. */
  inspectBy(asked: Asked, ...call: Verification): Promise<Report> {
    return this.#judgedBy(asked, inspecting(call));
  }

  /** Runs every check and throws `VerificationFailed` when one did not pass. */
  verify(host: HostSignatures | undefined, ...call: Verification): Verified {
    return this.#judged(host, verifying(call));
  }

  /** `verify`, waiting for the host. */
  verifyBy(asked: Asked, ...call: Verification): Promise<Verified> {
    return this.#judgedBy(asked, verifying(call));
  }

  /** Judges bundles together by a policy. */
  evaluate(host: HostSignatures | undefined, ...call: Judgement): Evaluation {
    return this.#judged(host, evaluating(call));
  }

  /** `evaluate`, waiting for the host. */
  evaluateBy(asked: Asked, ...call: Judgement): Promise<Evaluation> {
    return this.#judgedBy(asked, evaluating(call));
  }

  /** What a policy is called and needs; throws when it is wrong. */
  checkPolicy(policy: Uint8Array): CheckedPolicy {
    return this.#read(({ exports }) => exports.checkPolicy(policy));
  }

  /** What a bundle claims, unverified. */
  describe(bundle: Uint8Array): unknown {
    return this.#read(({ exports }) => exports.describe(bundle));
  }

  /** What to remember of a report, as JSON text. */
  baseline(report: string): Baseline {
    return this.#read(({ exports }) => exports.baseline(report));
  }

  /** What changed from a baseline or report to a report, all as JSON text. */
  compareTrust(previous: string, next: string): TrustComparison {
    return this.#read(({ exports }) => exports.compareTrust(previous, next));
  }

  /** What a report records beside what was used, both as JSON text. */
  compareInputs(report: string, used: string): InputComparison {
    return this.#read(({ exports }) => exports.compareInputs(report, used));
  }

  /** A report in the words of others, with options as JSON text. */
  summarize(report: string, options: string): Summary {
    return this.#read(({ exports }) => exports.summarize(report, options));
  }

  /** Every code of the core, as it lists them. */
  codes(): unknown {
    return this.#read(({ exports }) => exports.codes());
  }

  /** What a document holds in which others keep evidence. */
  readSource(document: Uint8Array): Source {
    return this.#read(({ exports }) => exports.readSource(document));
  }

  /** Whether a registry signed what it says of a version. */
  verifyRegistrySignature(reference: string, description: Uint8Array, keys: Uint8Array | undefined, published: string | undefined): RegistryVerdict {
    return this.#call(({ exports }) => isVerdict(JSON.parse(exports.verifyRegistrySignature(reference, description, keys, published))));
  }

  /** The name of an image, taken apart. */
  readImageName(name: string): ImageName {
    return this.#read(({ exports }) => exports.readImageName(name));
  }

  /** A manifest or an index that is what `expected` says, as JSON text. */
  readImageDocument(bytes: Uint8Array, expected: string): ImageDocument {
    return this.#read(({ exports }) => exports.readImageDocument(bytes, expected));
  }

  /** The image for a platform in the first of these indexes. */
  findPlatform(platform: string, indexes: readonly Uint8Array[]): FoundPlatform {
    return this.#read(({ exports }) => exports.findPlatform(platform, ...together(indexes)));
  }

  /** A layer that is evidence, by its descriptor as JSON text. */
  readImageLayer(layer: string, bytes: Uint8Array, image: string | undefined): ImageLayer {
    return this.#read(({ exports }) => exports.readImageLayer(layer, bytes, image));
  }

  /** The version, as reports have it. */
  version(): string {
    return this.#call(({ exports }) => exports.version());
  }

  /** The algorithms by which these bundles name their artifact. */
  wantedDigests(bundles: readonly Uint8Array[]): readonly DigestAlgorithm[] {
    return this.#call(({ exports }) => [...new Set(bundles.flatMap((bundle) => exports.wantedDigests(bundle)))] as DigestAlgorithm[]);
  }

  /** Whether verifying one of these bundles may take the artifact itself. */
  wantsWhole(bundles: readonly Uint8Array[]): boolean {
    return this.#call(({ exports }) => bundles.some((bundle) => exports.wantsWhole(bundle)));
  }

  /** What a bundle says it is about. */
  claimedDigests(bundle: Uint8Array): readonly ArtifactDigests[] {
    return this.#read(({ exports }) => exports.claimedDigests(bundle));
  }

  /** What tells the roots in use from others. */
  trustedRootSha256(): string {
    return this.#call(({ verifier }) => verifier.trustedRootSha256());
  }

  /** Starts digests of an artifact. */
  hash(algorithms: readonly DigestAlgorithm[]): ArtifactHash {
    return this.#call((instance) => {
      const host = NodeCrypto.ofRuntime();
      const hashers = algorithms.map((algorithm) => [algorithm, host?.hasher(algorithm) ?? new instance.exports.Hasher(algorithm)] as const);
      return new ArtifactHash(hashers, (work) => this.#call(work, instance));
    });
  }

  /**
   * Judges as if all signatures were valid; the core keeps what comes of it until the host has said that they are. If one is not, or nothing is known, it
   * is thrown away, and everything is judged without waiting.
   */
  async #judgedBy<T extends object>({ host, signal }: Asked, judging: Judging<T>): Promise<T> {
    const questions = host?.questions();
    if (questions === undefined) return this.#judged(host, judging);
    const [instance, deferred] = this.#call((instance) => [instance, judging.later(instance.verifier, questions)] as const);
    if (deferred === undefined) return this.#judged(host, judging);
    let isOpen = true;
    try {
      this.#call(({ verifier }) => verifier.verifyOwn(deferred), instance);
      const valid = await questions.valid(signal);
      if (this.#instance === instance) {
        isOpen = false;
        const told = this.#call(({ verifier }) => settled(verifier, deferred, valid, judging), instance);
        if (told !== undefined) return told;
      }
    } finally {
      if (isOpen) freed(deferred);
    }
    return this.#judged(host, judging);
  }

  /** Judges at once. A host that answers at once is asked first, and decides about nothing that it does not find valid. */
  #judged<T>(host: HostSignatures | undefined, { now, read }: Judging<T>): T {
    const prompt = host?.prompt();
    return this.#call(({ verifier }) => read(now(verifier, prompt), verifier));
  }

  /** What the core answers, as JSON text. */
  #read<T>(work: (instance: Instance) => string): T {
    return this.#call((instance) => JSON.parse(work(instance)) as T);
  }

  #call<T>(work: (instance: Instance) => T, pinned?: Instance): T {
    if (pinned !== undefined && pinned !== this.#instance) throw lost("the instance that held the digest is gone");
    try {
      return work((this.#instance ??= this.#fresh()));
    } catch (error) {
      if (error instanceof UsageError || error instanceof VerificationFailed) throw error;
      const refusal = fromThrown(error);
      if (refusal !== undefined) throw refusal;
      this.#instance = undefined;
      throw lost(error instanceof Error ? error.message : "an unexpected result", error);
    }
  }

  #fresh(): Instance {
    const exports = started(this.#module);
    return { exports, verifier: new exports.Verifier(this.#trustedRoot) };
  }
}

/** An incremental hash of one artifact, by several algorithms at once. Ends with `finish` or `free`, and holds memory until then. */
export interface Hasher {
  /**
   * Takes in the next piece.
   *
   * @throws UsageError `verifier-lost` when the WebAssembly instance that held the digest is gone, `invalid-argument` after the end.
   */
  update(piece: Uint8Array): void;
  /** The digests of all pieces, in hexadecimal. */
  finish(): Partial<Record<DigestAlgorithm, string>>;
  /** Gives up the digests of an artifact that could not be read to its end; does nothing after the end. */
  free(): void;
}

/** Pieces cross into WebAssembly one by one, so that no chunk, however large, is copied there whole. */
const pieceSize = 1024 * 1024;

export class ArtifactHash implements Hasher {
  readonly #call: <T>(work: () => T) => T;
  #hashers: readonly (readonly [DigestAlgorithm, WasmHasher])[] | undefined;

  constructor(hashers: readonly (readonly [DigestAlgorithm, WasmHasher])[], call: <T>(work: () => T) => T) {
    this.#hashers = hashers;
    this.#call = call;
  }

  update(piece: Uint8Array): void {
    if (!isBytes(piece)) throw new UsageError("invalid-argument", "a hash takes a Uint8Array");
    const [hashers, bytes] = [this.#held(), unshared(piece)];
    this.#call(() => {
      for (let start = 0; start < bytes.length; start += pieceSize) {
        for (const [, hasher] of hashers) hasher.update(bytes.subarray(start, start + pieceSize));
      }
    });
  }

  finish(): Partial<Record<DigestAlgorithm, string>> {
    const hashers = this.#held();
    this.#hashers = undefined;
    return this.#call(() => Object.fromEntries(hashers.map(([name, hasher]) => [name, hasher.finish()])));
  }

  free(): void {
    const hashers = this.#hashers;
    this.#hashers = undefined;
    try {
      this.#call(() => {
        for (const [, hasher] of hashers ?? []) hasher.free();
      });
    } catch {
      // The instance is dropped, and the hashers with it. The caller reports why it gave up.
    }
  }

  #held(): readonly (readonly [DigestAlgorithm, WasmHasher])[] {
    if (this.#hashers === undefined) throw new UsageError("invalid-argument", "the hash is finished or was given up");
    return this.#hashers;
  }
}

function inspecting(call: Verification): Judging<Report> {
  return {
    later: (verifier, host) => verifier.inspectDeferred(host, ...call),
    now: (verifier, host) => verifier.inspect(host, ...call),
    read: reportOf,
  };
}

function verifying(call: Verification): Judging<Verified> {
  return {
    later: (verifier, host) => verifier.verifyDeferred(host, ...call),
    now: (verifier, host) => verifier.verify(host, ...call),
    read: verifiedOf,
  };
}

function evaluating([bundles, ...call]: Judgement): Judging<Evaluation> {
  const joined = together(bundles);
  return {
    later: (verifier, host) => verifier.evaluateDeferred(host, ...joined, ...call),
    now: (verifier, host) => verifier.evaluate(host, ...joined, ...call),
    read: evaluationOf,
  };
}

/** What came of a judgement whose questions are answered, if that is enough. */
function settled<T>(verifier: WasmVerifier, deferred: WasmDeferred, valid: number, { read }: Judging<T>): T | undefined {
  const text = verifier.settle(deferred, valid);
  return text === undefined ? undefined : read(text, verifier);
}

/** Gives up a judgement that nobody waits for. */
function freed(deferred: WasmDeferred): void {
  try {
    deferred.free();
  } catch {
    // The instance is lost, and the judgement with it.
  }
}

/** Byte strings one after the other, and how long each is. */
function together(pieces: readonly Uint8Array[]): [Uint8Array, Uint32Array] {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    joined.set(piece, end);
    end += piece.length;
  }
  return [joined, Uint32Array.from(pieces, (piece) => piece.length)];
}

/** What the bindings throw, as an error of ours; `undefined` for everything else, a trap above all. */
function fromThrown(thrown: unknown): Error | undefined {
  if (typeof thrown !== "string" || !thrown.startsWith("{")) return undefined;
  const { kind, report, code, message, at } = JSON.parse(thrown) as Record<string, unknown>;
  if (kind === "failed" && isReportShaped(report) && report.verdict === "failed") return new VerificationFailed(report);
  if (kind === "usage" && isUsageCode(code)) return new UsageError(code, String(message), String(at));
  return undefined;
}

function reportOf(text: string): Report {
  return isReport(JSON.parse(text));
}

function verifiedOf(text: string, verifier: WasmVerifier): Verified {
  const verified = JSON.parse(text) as Omit<Verified, "payload">;
  const payload = verifier.takePayload();
  const report = isReport(verified.report);
  if (report.verdict !== "passed") throw new VerificationFailed(report);
  return { ...verified, report, ...(payload !== undefined && { payload }) };
}

/** A report, by what tells it from all else. @throws TypeError */
export function isReport(value: unknown): Report {
  if (isReportShaped(value)) return value;
  throw new TypeError("the verifier returned no report");
}

function evaluationOf(text: string): Evaluation {
  return isEvaluation(JSON.parse(text));
}

/** An evaluation, by what tells it from all else. @throws TypeError */
export function isEvaluation(value: unknown): Evaluation {
  const verdicts: readonly unknown[] = ["verified", "excepted", "rejected"];
  if (typeof value === "object" && value !== null && "verdict" in value && verdicts.includes(value.verdict)) return value as Evaluation;
  throw new TypeError("the verifier returned no evaluation");
}

function isVerdict(value: unknown): RegistryVerdict {
  if (typeof value === "object" && value !== null && "verdict" in value && ["passed", "failed"].includes(String(value.verdict))) return value as RegistryVerdict;
  throw new TypeError("the verifier returned no verdict");
}

function isReportShaped(value: unknown): value is PassedReport | FailedReport {
  if (typeof value !== "object" || value === null || !("verdict" in value) || !("checks" in value)) return false;
  return value.verdict === "passed" || value.verdict === "failed";
}

function started(module: WasmModule): Exports {
  try {
    return instantiate(module);
  } catch (cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    throw new UsageError("verifier-lost", `the verifier's WebAssembly module did not start${reason}`, "", { cause });
  }
}

function lost(reason: string, cause?: unknown): UsageError {
  return new UsageError("verifier-lost", `no verdict: the verifier stopped (${reason}); the next call starts a fresh one`, "", { cause });
}
