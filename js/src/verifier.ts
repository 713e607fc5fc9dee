import { artifactOption, type Artifact, type ArtifactDigests, type DigestAlgorithm } from "./artifact.js";
import { batch, type Batch, type BatchItem, type BatchOptions } from "./batch.js";
import { bundleBytes, mostSourceBytes, sourceBytes, type Bundle } from "./bundle.js";
import { copied, isBytes } from "./bytes.js";
import {
  documentText,
  summaryText,
  usedText,
  type Baseline,
  type InputComparison,
  type Summary,
  type SummaryOptions,
  type TrustComparison,
  type UsedInputs,
} from "./comparison.js";
import { Engine, type Asked, type CheckedPolicy, type Hasher, type Judgement, type Verification, type Verified } from "./engine.js";
import { UsageError } from "./errors.js";
import type { Evaluation } from "./evaluation.js";
import { digestsOf, digestsSync, hostDigests, hostHashes, hostHashesNow, largestWhole, readWatch, type Digests, type Watch } from "./hashing.js";
import { HostSignatures } from "./host/signatures.js";
import type { ExpectedContent, FoundPlatform, ImageDescriptor, ImageDocument, ImageLayer, ImageName } from "./image.js";
import { plainJson } from "./json.js";
import { compile, compileSync, type SharedModule, type WasmSource, type WasmSourceSync } from "./module.js";
import { encodeOptions, type EncodedOptions, type VerifyOptions } from "./options.js";
import { readRegistryOptions, type RegistryOptions, type RegistryVerdict } from "./registry.js";
import type { Report } from "./report.js";
import { encodeRequest, policyBytes, type EncodedRequest, type EvaluationRequest } from "./request.js";
import type { Source } from "./source.js";

/** What a verifier is made with. */
export interface VerifierOptions {
  /**
   * The trusted root: JSON, or JSON Lines with several roots, as text, bytes or a parsed object. Without it the
   * embedded root of the Sigstore public-good instance is used.
   */
  readonly trustedRoot?: string | Uint8Array | ArrayBuffer | object;
  /** The WebAssembly module (`admissible/core.wasm`), for callers that load it themselves. */
  readonly wasm?: WasmSource;
  /**
   * Whether the host verifies ECDSA signatures, which is faster; `true` unless stated. In Node.js that is `node:crypto`; elsewhere it is WebCrypto, for functions
   * that return a promise. No verdict depends on it: what the host does not find valid is verified in WebAssembly.
   */
  readonly hostSignatures?: boolean;
}

/** What a verifier is made with where nothing is waited for. */
export interface VerifierOptionsSync extends VerifierOptions {
  readonly wasm?: WasmSourceSync;
}

/** Verifies any number of bundles against one trusted root. No call touches the network or the clock. */
export interface Verifier {
  /**
   * Verifies that the bundle is genuine, about this artifact, and by this signer.
   *
   * @returns the report, whose verdict is `"passed"`, and the signed payload.
   * @throws VerificationFailed with the report, for every bundle that does not verify.
   * @throws UsageError when the options are wrong or no verdict was reached.
   */
  verify(bundle: Bundle, options: VerifyOptions): Promise<Verified>;
  /** `verify` without waiting; a Blob or a stream needs `verify`. */
  verifySync(bundle: Bundle, options: VerifyOptions): Verified;
  /**
   * Runs every check and reports each outcome. Look at `report.verdict`: a report is returned either way.
   *
   * @throws UsageError when the options are wrong or no verdict was reached; nothing for the bundle's content.
   */
  inspect(bundle: Bundle, options: VerifyOptions): Promise<Report>;
  /** `inspect` without waiting; a Blob or a stream needs `inspect`. */
  inspectSync(bundle: Bundle, options: VerifyOptions): Report;
  /**
   * Judges several bundles together by a policy: which requirement is met by which evidence, and what is unmet and why. Look at
   * `evaluation.verdict`: an evaluation is returned either way.
   *
   * @throws UsageError when the policy or the request is wrong or no verdict was reached; nothing for a bundle's content.
   */
  evaluate(request: EvaluationRequest): Promise<Evaluation>;
  /** `evaluate` without waiting; a Blob or a stream needs `evaluate`. */
  evaluateSync(request: EvaluationRequest): Evaluation;
  /**
   * Judges many, each by `inspect` or with a policy by `evaluate`: in turns, so that a page does not stand still, with a result for each in the order
   * given. One that cannot be judged is an `error` there, and does not end the others.
   *
   * @throws UsageError when the items or the options are none; the signal's reason when that aborts; what the list itself throws.
   */
  batch(items: Iterable<BatchItem> | AsyncIterable<BatchItem>, options?: BatchOptions): Promise<Batch>;
  /**
   * Reads a policy as `evaluate` would.
   *
   * @throws UsageError with a JSON pointer into the policy.
   */
  checkPolicy(policy: EvaluationRequest["policy"]): CheckedPolicy;
  /**
   * Hashes an artifact once, for any number of verifications: in constant memory, all algorithms in one pass.
   *
   * @throws UsageError `artifact-unreadable` when it cannot be read to its end; the signal's reason when that aborts.
   */
  digest(artifact: Artifact, options?: DigestOptions): Promise<ArtifactDigests>;
  /** A hash of an artifact that arrives in pieces, for those who pass it on at the same time. */
  hasher(algorithms: readonly DigestAlgorithm[]): Hasher;
  /**
   * Reads a document in which others keep evidence: a bundle, several, an envelope, or an answer of npm, PyPI, GitHub or Rekor. Nothing is
   * verified; hand the bundles to `evaluate`.
   *
   * @throws UsageError `unknown-source` when it is of no known kind, `malformed-source` when it is not as its kind should be.
   */
  readSource(document: Bundle): Source;
  /**
   * Takes the name of an image apart.
   *
   * @throws UsageError `invalid-image-name`.
   */
  readImageName(name: string): ImageName;
  /**
   * Reads a manifest or an index, after a check that it is the one that was asked for: its size, then its digest, over the bytes as they came.
   *
   * @throws UsageError `image-content-differs`, `malformed-image-document` or `image-subject-differs`.
   */
  readImageDocument(bytes: Uint8Array, expected?: ExpectedContent): ImageDocument;
  /**
   * Finds the image for a platform (`linux/amd64`, `linux/arm/v7`) in the first of these indexes; the others are nested ones that are at hand.
   *
   * @throws UsageError `invalid-platform`, `no-such-platform`, `image-content-differs` or `malformed-image-document`.
   */
  findPlatform(platform: string, indexes: readonly Uint8Array[]): FoundPlatform;
  /**
   * Reads a layer that is evidence, after a check of its size and digest: into a bundle for `evaluate`, or as a statement that nobody signed, which
   * must be about `image`.
   *
   * @throws UsageError `image-content-differs`, `malformed-image-document`, `malformed-image-statement` or `malformed-source`.
   */
  readImageLayer(layer: ImageDescriptor, bytes: Uint8Array, image?: string): ImageLayer;
  /**
   * Verifies the signature of npm's registry in its description of a version: that the tarball of this name and version is the one that was published there,
   * whoever serves it. Look at the `verdict`.
   *
   * @param reference `name@version`: what was asked for, not what the description says
   * @throws UsageError when the description, the keys or the time cannot be read; nothing for a signature.
   */
  verifyRegistrySignature(reference: string, description: Bundle, options?: RegistryOptions): RegistryVerdict;
  /** The artifacts that bundles say they are about, with nothing verified: what to look for, never what was found. */
  claimedDigests(bundles: readonly Bundle[]): readonly ArtifactDigests[];
  /** The digests of the artifact that verifying these bundles takes; at least one. */
  wantedDigests(bundles: readonly Bundle[]): readonly DigestAlgorithm[];
  /** Whether verifying one of these bundles may take the artifact's bytes, which no digest can stand for. */
  wantsWhole(bundles: readonly Bundle[]): boolean;
  /** What tells the trusted roots in use from others: of one root the SHA-256 of its text, in hexadecimal. */
  readonly trustedRootSha256: string;
  /** The version of the verifier, as reports have it. */
  readonly version: string;

  // A report that is handed in below is plain JSON, and the caller's own: it is read strictly, and not verified again.

  /**
   * What to remember of a report for the next version: keep it as JSON.
   *
   * @throws UsageError when it is no report, or one that failed.
   */
  baseline(report: Report): Baseline;
  /**
   * What changed from one version of a thing, or what was remembered of it, to the next.
   *
   * @throws UsageError when one of them is not that, or the previous report failed. A next report that failed is a change.
   */
  compareTrust(previous: Report | Baseline, next: Report): TrustComparison;
  /**
   * What the provenance of a report records, beside what was used.
   *
   * @throws UsageError when it is no report that passed and tells of provenance, or `used` is wrong.
   */
  compareInputs(report: Report, used: UsedInputs): InputComparison;
  /**
   * A report, or an evaluation, in the words of others: statements that you may sign, and a line for a file in which verifications are kept.
   *
   * @throws UsageError when it is neither, or the options are wrong.
   */
  summarize(report: Report | Evaluation, options: SummaryOptions): Summary;
}

/** How an artifact is hashed. */
export interface DigestOptions extends Watch {
  /** By which algorithms; all three unless stated. */
  readonly algorithms?: readonly DigestAlgorithm[];
}

/** Makes a verifier, loading the WebAssembly module when it is first needed. */
export type CreateVerifier = (options?: VerifierOptions) => Promise<Verifier>;
/** Makes a verifier without waiting, where the runtime can load WebAssembly so or `wasm` is passed. */
export type CreateVerifierSync = (options?: VerifierOptionsSync) => Verifier;

/** The two constructors for a runtime, given its module. */
export function creators(shared: SharedModule): { createVerifier: CreateVerifier; createVerifierSync: CreateVerifierSync } {
  return {
    async createVerifier(options = {}) {
      const { trustedRoot, wasm, hostSignatures } = readVerifierOptions(options);
      const module = wasm === undefined ? await shared.get() : await compile(() => wasm);
      return new EngineVerifier(new Engine(module, trustedRoot), hostSignatures);
    },
    createVerifierSync(options = {}) {
      const { trustedRoot, wasm, hostSignatures } = readVerifierOptions(options);
      const module = wasm === undefined ? shared.getSync() : compileSync(() => wasm);
      return new EngineVerifier(new Engine(module, trustedRoot), hostSignatures);
    },
  };
}

class EngineVerifier implements Verifier {
  readonly #engine: Engine;
  readonly #host: HostSignatures | undefined;

  constructor(engine: Engine, hostSignatures: boolean) {
    this.#engine = engine;
    this.#host = hostSignatures ? new HostSignatures() : undefined;
  }

  // Up to the first `await`, an async function runs at once: only a stream leaves time for anything to change before a bundle is judged. While the host is
  // asked about its signatures there is time too, so what is judged then is a copy.

  async verify(bundle: Bundle, options: VerifyOptions): Promise<Verified> {
    const call = read(bundle, options);
    const digests = this.#digests(call);
    const crossed = crossing(call, digests instanceof Promise ? await digests : digests);
    return this.#engine.verifyBy(this.#asked(call), ...this.#kept(crossed));
  }

  async inspect(bundle: Bundle, options: VerifyOptions): Promise<Report> {
    const call = read(bundle, options);
    const digests = this.#digests(call);
    const crossed = crossing(call, digests instanceof Promise ? await digests : digests);
    return this.#engine.inspectBy(this.#asked(call), ...this.#kept(crossed));
  }

  verifySync(bundle: Bundle, options: VerifyOptions): Verified {
    const call = read(bundle, options);
    return this.#engine.verify(this.#host, ...crossing(call, this.#digestsSync(call)));
  }

  inspectSync(bundle: Bundle, options: VerifyOptions): Report {
    const call = read(bundle, options);
    return this.#engine.inspect(this.#host, ...crossing(call, this.#digestsSync(call)));
  }

  async evaluate(request: EvaluationRequest): Promise<Evaluation> {
    const call = encodeRequest(request);
    const digests = this.#digests(call);
    const crossed = judgement(call, digests instanceof Promise ? await digests : digests);
    return this.#engine.evaluateBy(this.#asked(call), ...this.#kept(crossed));
  }

  evaluateSync(request: EvaluationRequest): Evaluation {
    const call = encodeRequest(request);
    return this.#engine.evaluate(this.#host, ...judgement(call, this.#digestsSync(call)));
  }

  batch(items: Iterable<BatchItem> | AsyncIterable<BatchItem>, options: BatchOptions = {}): Promise<Batch> {
    return batch(this, items, options);
  }

  checkPolicy(policy: EvaluationRequest["policy"]): CheckedPolicy {
    return this.#engine.checkPolicy(policyBytes(policy));
  }

  hasher(algorithms: readonly DigestAlgorithm[]): Hasher {
    return this.#engine.hash(readAlgorithms(algorithms));
  }

  async digest(artifact: Artifact, options: DigestOptions = {}): Promise<ArtifactDigests> {
    if (typeof options !== "object" || options === null) throw new UsageError("invalid-argument", "the options of a digest are an object");
    const [algorithms, watch] = [readAlgorithms(options.algorithms ?? allAlgorithms), readWatch(options)];
    const input = artifactOption(artifact);
    if (input.kind === "missing" || input.kind === "option") {
      throw new UsageError("invalid-argument", "only what can be read has a digest: bytes, a Blob, a Response or a stream", "/artifact");
    }
    return await digestsOf(input, algorithms, this.#engine, watch) as ArtifactDigests;
  }

  claimedDigests(bundles: readonly Bundle[]): readonly ArtifactDigests[] {
    const all = listOf(bundles).flatMap((bundle) => this.#engine.claimedDigests(bundle));
    return [...new Map(all.map((digests) => [JSON.stringify(digests), digests])).values()];
  }

  readSource(document: Bundle): Source {
    return this.#engine.readSource(sourceBytes(document));
  }

  readImageName(name: string): ImageName {
    return this.#engine.readImageName(textOf(name, "the name of an image"));
  }

  readImageDocument(bytes: Uint8Array, expected: ExpectedContent = {}): ImageDocument {
    return this.#engine.readImageDocument(documentOf(bytes), JSON.stringify(plainJson({ ...expected }, "")));
  }

  findPlatform(platform: string, indexes: readonly Uint8Array[]): FoundPlatform {
    if (!Array.isArray(indexes)) throw new UsageError("invalid-argument", "expected a list of indexes", "/indexes");
    return this.#engine.findPlatform(textOf(platform, "a platform"), indexes.map(documentOf));
  }

  readImageLayer(layer: ImageDescriptor, bytes: Uint8Array, image?: string): ImageLayer {
    const { mediaType, digest, size, annotations = {} } = layer;
    const descriptor = JSON.stringify(plainJson({ mediaType, digest, size, annotations }, "/layer"));
    return this.#engine.readImageLayer(descriptor, documentOf(bytes), image === undefined ? undefined : textOf(image, "a digest"));
  }

  verifyRegistrySignature(reference: string, description: Bundle, options: RegistryOptions = {}): RegistryVerdict {
    const { keys, published } = readRegistryOptions(options);
    return this.#engine.verifyRegistrySignature(textOf(reference, "a reference, name@version,"), sourceBytes(description), keys, published);
  }

  wantedDigests(bundles: readonly Bundle[]): readonly DigestAlgorithm[] {
    return this.#engine.wantedDigests(listOf(bundles));
  }

  wantsWhole(bundles: readonly Bundle[]): boolean {
    return this.#engine.wantsWhole(listOf(bundles));
  }

  get trustedRootSha256(): string {
    return this.#engine.trustedRootSha256();
  }

  get version(): string {
    return this.#engine.version();
  }

  baseline(report: Report): Baseline {
    return this.#engine.baseline(documentText(report, "report"));
  }

  compareTrust(previous: Report | Baseline, next: Report): TrustComparison {
    return this.#engine.compareTrust(documentText(previous, "previous"), documentText(next, "next"));
  }

  compareInputs(report: Report, used: UsedInputs): InputComparison {
    return this.#engine.compareInputs(documentText(report, "report"), usedText(used));
  }

  summarize(report: Report | Evaluation, options: SummaryOptions): Summary {
    return this.#engine.summarize(documentText(report, "report"), summaryText(options));
  }

  #asked(call: Call): Asked {
    return { host: this.#host, signal: call.options.watch.signal };
  }

  /** The arguments with a copy of the artifact, where the host is asked: bundles and policies are copies already. */
  #kept<C extends Verification | Judgement>(crossed: C): C {
    const [first, artifact, ...rest] = crossed;
    if (artifact === undefined || this.#host === undefined) return crossed;
    return [first, new Uint8Array(artifact), ...rest] as unknown as C;
  }

  /** The digests of an artifact that has to be hashed first. Only what arrives in pieces, and what the host hashes, is waited for. */
  #digests(call: Call): Promise<Digests> | Digests | undefined {
    const { artifact, watch } = call.options;
    if (artifact.kind === "blob" || artifact.kind === "stream") return digestsOf(artifact, this.#wanted(call), this.#engine, watch);
    if (artifact.kind === "bytes" && hostHashes(artifact.bytes) && !this.#goesWhole(call, artifact.bytes)) {
      return hostDigests(artifact.bytes, this.#wanted(call), watch);
    }
    return this.#digestsSync(call);
  }

  /** The digests of an artifact that is too large to be handed over, or that the host hashes faster. */
  #digestsSync(call: Call): Digests | undefined {
    const { artifact, watch } = call.options;
    if (artifact.kind === "blob" || artifact.kind === "stream") {
      throw new UsageError("invalid-argument", "a Blob or a stream cannot be read without waiting: use the function that returns a promise", "/artifact");
    }
    if (artifact.kind !== "bytes") return undefined;
    const { bytes } = artifact;
    if (bytes.length <= largestWhole && (!hostHashesNow(bytes) || this.#goesWhole(call, bytes))) return undefined;
    return digestsSync(bytes, this.#engine.hash(this.#wanted(call)), watch);
  }

  #goesWhole(call: Call, bytes: Uint8Array): boolean {
    return bytes.length <= largestWhole && this.#engine.wantsWhole(bundlesOf(call));
  }

  /** An exception of a policy may name any digest, so all are made for one. */
  #wanted(call: Call): readonly DigestAlgorithm[] {
    return "policy" in call ? allAlgorithms : this.#engine.wantedDigests([call.bundle]);
  }
}

/** One verification: everything is read, nothing is verified. */
interface EncodedVerification {
  readonly bundle: Uint8Array;
  readonly options: EncodedOptions;
}

/** One call. */
type Call = EncodedVerification | EncodedRequest;

function read(bundle: Bundle, options: VerifyOptions): EncodedVerification {
  return { bundle: bundleBytes(bundle), options: encodeOptions(options) };
}

function listOf(bundles: readonly Bundle[]): readonly Uint8Array[] {
  if (!Array.isArray(bundles)) throw new UsageError("invalid-argument", "expected a list of bundles", "/bundles");
  return bundles.map(bundleBytes);
}

function bundlesOf(call: Call): readonly Uint8Array[] {
  return "policy" in call ? call.bundles : [call.bundle];
}

/** A verification's arguments as they cross into WebAssembly. */
function crossing({ bundle, options }: EncodedVerification, digests: Digests | undefined): Verification {
  return [bundle, whole(options, digests), options.text(digests)];
}

/** An evaluation's arguments as they cross into WebAssembly. */
function judgement({ bundles, policy, options }: EncodedRequest, digests: Digests | undefined): Judgement {
  return [bundles, whole(options, digests), policy, options.text(digests)];
}

/** The artifact itself, unless it was hashed before. */
function whole({ artifact }: EncodedOptions, digests: Digests | undefined): Uint8Array | undefined {
  return artifact.kind === "bytes" && digests === undefined ? artifact.bytes : undefined;
}

function textOf(text: unknown, what: string): string {
  if (typeof text !== "string") throw new UsageError("invalid-argument", `expected ${what}, as text`);
  return text;
}

function documentOf(bytes: unknown): Uint8Array {
  if (!isBytes(bytes)) throw new UsageError("invalid-argument", "expected a document's bytes");
  return copied(bytes, mostSourceBytes);
}

/** Every algorithm by which an artifact may be named. */
export const allAlgorithms: readonly DigestAlgorithm[] = ["sha256", "sha384", "sha512"];

function readAlgorithms(algorithms: unknown): readonly DigestAlgorithm[] {
  if (Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((one) => allAlgorithms.includes(one as DigestAlgorithm))) {
    return [...new Set(algorithms as DigestAlgorithm[])];
  }
  throw new UsageError("invalid-argument", "`algorithms` is a list of sha256, sha384 and sha512 that is not empty", "/algorithms");
}

/** Options, read. */
export interface ReadVerifierOptions {
  readonly trustedRoot?: Uint8Array;
  readonly wasm?: WasmSource;
  readonly hostSignatures: boolean;
}

/** Reads what a verifier is made with. `more` are further keys that may be there, for others to read. */
export function readVerifierOptions(options: VerifierOptions, more: readonly string[] = []): ReadVerifierOptions {
  if (typeof options !== "object" || options === null || isBytes(options)) {
    throw new UsageError("invalid-argument", "a verifier's options are an object such as { trustedRoot }");
  }
  const keys = ["trustedRoot", "wasm", "hostSignatures", ...more];
  const unknown = Object.keys(options).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new UsageError("invalid-argument", `there is no option \`${unknown}\`: ${keys.slice(0, -1).join(", ")} and ${String(keys.at(-1))} are taken`);
  const { wasm, hostSignatures = true } = options;
  if (typeof hostSignatures !== "boolean") throw new UsageError("invalid-argument", "`hostSignatures` is true or false", "/hostSignatures");
  return {
    // A root that is named but missing must not silently become the embedded one.
    ...("trustedRoot" in options && { trustedRoot: rootBytes(options.trustedRoot) }),
    ...(wasm !== undefined && { wasm }),
    hostSignatures,
  };
}

function rootBytes(root: unknown): Uint8Array {
  if (isBytes(root)) return copied(root);
  if (typeof root === "string") return new TextEncoder().encode(root);
  if (typeof root !== "object" || root === null) {
    throw new UsageError("invalid-trusted-root", "`trustedRoot` is there but holds no root: leave it out to use the embedded one");
  }
  try {
    return new TextEncoder().encode(JSON.stringify(root));
  } catch (cause) {
    throw new UsageError("invalid-trusted-root", "the trusted root is not a JSON object", "", { cause });
  }
}
