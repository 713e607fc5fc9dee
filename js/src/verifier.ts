import { streamPieces } from "./artifact.js";
import { bundleBytes, type Bundle } from "./bundle.js";
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
import { Engine, type ArtifactHash, type CheckedPolicy, type Verified } from "./engine.js";
import { UsageError } from "./errors.js";
import type { Evaluation } from "./evaluation.js";
import { compile, compileSync, SharedModule, type Loader, type WasmSource } from "./module.js";
import { encodeOptions, type EncodedOptions, type VerifyOptions } from "./options.js";
import type { Report } from "./report.js";
import { encodeRequest, policyBytes, type EncodedRequest, type EvaluationRequest } from "./request.js";

/** What a verifier is made with. */
export interface VerifierOptions {
  /**
   * The trusted root: JSON, or JSON Lines with several roots, as text, bytes or a parsed object. Without it the
   * embedded root of the Sigstore public-good instance is used.
   */
  readonly trustedRoot?: string | Uint8Array | ArrayBuffer | object;
  /** The WebAssembly module (`admissible/core.wasm`), for callers that load it themselves. */
  readonly wasm?: WasmSource;
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
   * Reads a policy as `evaluate` would.
   *
   * @throws UsageError with a JSON pointer into the policy.
   */
  checkPolicy(policy: EvaluationRequest["policy"]): CheckedPolicy;

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

/** Makes a verifier, loading the WebAssembly module when it is first needed. */
export type CreateVerifier = (options?: VerifierOptions) => Promise<Verifier>;
/** Makes a verifier without waiting, where the runtime can load WebAssembly so or `wasm` is passed. */
export type CreateVerifierSync = (options?: VerifierOptions) => Verifier;

/** The two constructors for a runtime, given how it loads the module. */
export function creators(loader: Loader): { createVerifier: CreateVerifier; createVerifierSync: CreateVerifierSync } {
  const shared = new SharedModule(loader);
  return {
    async createVerifier(options = {}) {
      const { trustedRoot, wasm } = readVerifierOptions(options);
      const module = wasm === undefined ? await shared.get() : await compile(() => wasm);
      return new EngineVerifier(new Engine(module, trustedRoot));
    },
    createVerifierSync(options = {}) {
      const { trustedRoot, wasm } = readVerifierOptions(options);
      const module = wasm === undefined ? shared.getSync() : compileSync(() => wasm);
      return new EngineVerifier(new Engine(module, trustedRoot));
    },
  };
}

class EngineVerifier implements Verifier {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  // Up to the first `await`, an async function runs at once: only a stream leaves time for anything to change.

  async verify(bundle: Bundle, options: VerifyOptions): Promise<Verified> {
    const call = read(bundle, options);
    const digests = this.#digests(call);
    return this.#engine.verify(...crossing(call, digests instanceof Promise ? await digests : digests));
  }

  async inspect(bundle: Bundle, options: VerifyOptions): Promise<Report> {
    const call = read(bundle, options);
    const digests = this.#digests(call);
    return this.#engine.inspect(...crossing(call, digests instanceof Promise ? await digests : digests));
  }

  verifySync(bundle: Bundle, options: VerifyOptions): Verified {
    const call = read(bundle, options);
    return this.#engine.verify(...crossing(call, this.#digestsSync(call)));
  }

  inspectSync(bundle: Bundle, options: VerifyOptions): Report {
    const call = read(bundle, options);
    return this.#engine.inspect(...crossing(call, this.#digestsSync(call)));
  }

  async evaluate(request: EvaluationRequest): Promise<Evaluation> {
    const call = encodeRequest(request);
    const digests = this.#digests(call);
    return this.#judge(call, digests instanceof Promise ? await digests : digests);
  }

  evaluateSync(request: EvaluationRequest): Evaluation {
    const call = encodeRequest(request);
    return this.#judge(call, this.#digestsSync(call));
  }

  checkPolicy(policy: EvaluationRequest["policy"]): CheckedPolicy {
    return this.#engine.checkPolicy(policyBytes(policy));
  }

  #judge({ bundles, policy, options }: EncodedRequest, digests: Digests): Evaluation {
    const { artifact } = options;
    return this.#engine.evaluate(bundles, artifact.kind === "bytes" ? artifact.bytes : undefined, policy, options.text(digests));
  }

  /** The digests of an artifact that has to be hashed first, as it arrives. Only a stream is waited for. */
  #digests(call: Call): Promise<Digests> | Digests {
    const { artifact } = call.options;
    return artifact.kind === "stream" ? this.#hashStream(this.#hash(call), artifact.open()) : this.#digestsSync(call);
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

  async #hashStream(hash: ArtifactHash, stream: ReadableStream<Uint8Array>): Promise<Digests> {
    try {
      for await (const piece of streamPieces(stream)) hash.update(piece);
      return hash.finish();
    } catch (error) {
      hash.free();
      throw error;
    }
  }

  /** The digests of an artifact that has to be hashed first, without waiting. */
  #digestsSync(call: Call): Digests {
    const { artifact } = call.options;
    if (artifact.kind === "stream") {
      throw new UsageError("invalid-argument", "a Blob or a stream cannot be read without waiting: use the function that returns a promise", "/artifact");
    }
    if (artifact.kind !== "pieces") return undefined;
    const hash = this.#hash(call);
    for (const piece of artifact.pieces) hash.update(piece);
    return hash.finish();
  }

  /** An exception of a policy may name any digest, so all are made for one. */
  #hash(call: Call): ArtifactHash {
    return "policy" in call ? this.#engine.hash(call.bundles, ["sha256", "sha384", "sha512"]) : this.#engine.hash([call.bundle]);
  }
}

/** One verification: everything is read, nothing is verified. */
interface Verification {
  readonly bundle: Uint8Array;
  readonly options: EncodedOptions;
}

/** One call. */
type Call = Verification | EncodedRequest;

type Digests = Readonly<Record<string, string>> | undefined;

function read(bundle: Bundle, options: VerifyOptions): Verification {
  return { bundle: bundleBytes(bundle), options: encodeOptions(options) };
}

/** A verification's arguments as they cross into WebAssembly. */
function crossing({ bundle, options }: Verification, digests: Digests): [Uint8Array, Uint8Array | undefined, string] {
  const { artifact } = options;
  return [bundle, artifact.kind === "bytes" ? artifact.bytes : undefined, options.text(digests)];
}

function readVerifierOptions(options: VerifierOptions): { trustedRoot?: Uint8Array; wasm?: WasmSource } {
  if (typeof options !== "object" || options === null || isBytes(options)) {
    throw new UsageError("invalid-argument", "a verifier's options are an object such as { trustedRoot }");
  }
  for (const key of Object.keys(options)) {
    if (key !== "trustedRoot" && key !== "wasm") {
      throw new UsageError("invalid-argument", `there is no option \`${key}\`: a verifier takes trustedRoot and wasm`);
    }
  }
  const { wasm } = options;
  return {
    // A root that is named but missing must not silently become the embedded one.
    ...("trustedRoot" in options && { trustedRoot: rootBytes(options.trustedRoot) }),
    ...(wasm !== undefined && { wasm }),
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
