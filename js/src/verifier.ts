import { streamPieces, type ArtifactInput } from "./artifact.js";
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
import { Engine, type Verified } from "./engine.js";
import { UsageError } from "./errors.js";
import { compile, compileSync, SharedModule, type Loader, type WasmSource } from "./module.js";
import { encodeOptions, type EncodedOptions, type VerifyOptions } from "./options.js";
import type { Report } from "./report.js";

/** What a verifier is made with. */
export interface VerifierOptions {
  /**
   * The trusted root: JSON, or JSON Lines with several roots, as text, bytes or a parsed object. Without it the
   * embedded root of the Sigstore public-good instance is used.
   */
  readonly trustedRoot?: string | Uint8Array | ArrayBuffer | object;
  /** The WebAssembly module (`admissible/admissible.wasm`), for callers that load it themselves. */
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
   * A report in the words of others: statements that you may sign, and a line for a file in which verifications are kept.
   *
   * @throws UsageError when it is no report, or the options are wrong.
   */
  summarize(report: Report, options: SummaryOptions): Summary;
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
      const module = wasm === undefined ? await shared.get() : await compile(wasm);
      return new EngineVerifier(new Engine(module, trustedRoot));
    },
    createVerifierSync(options = {}) {
      const { trustedRoot, wasm } = readVerifierOptions(options);
      const module = wasm === undefined ? shared.getSync() : compileSync(wasm);
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
    return this.#engine.verify(...crossing(call, isStream(call) ? await this.#hashStream(call) : this.#hash(call)));
  }

  async inspect(bundle: Bundle, options: VerifyOptions): Promise<Report> {
    const call = read(bundle, options);
    return this.#engine.inspect(...crossing(call, isStream(call) ? await this.#hashStream(call) : this.#hash(call)));
  }

  verifySync(bundle: Bundle, options: VerifyOptions): Verified {
    const call = read(bundle, options);
    return this.#engine.verify(...crossing(call, this.#hash(call)));
  }

  inspectSync(bundle: Bundle, options: VerifyOptions): Report {
    const call = read(bundle, options);
    return this.#engine.inspect(...crossing(call, this.#hash(call)));
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

  summarize(report: Report, options: SummaryOptions): Summary {
    return this.#engine.summarize(documentText(report, "report"), summaryText(options));
  }

  /** The digests of an artifact that has to be hashed first, as it arrives. */
  async #hashStream({ bundle, options: { artifact } }: StreamCall): Promise<Digests> {
    const hash = this.#engine.hash(bundle);
    try {
      for await (const piece of streamPieces(artifact.open())) hash.update(piece);
      return hash.finish();
    } catch (error) {
      hash.free();
      throw error;
    }
  }

  /** The digests of an artifact that has to be hashed first, without waiting. */
  #hash({ bundle, options: { artifact } }: Call): Digests {
    if (artifact.kind === "stream") {
      throw new UsageError("invalid-argument", "a Blob or a stream cannot be read without waiting: use verify or inspect", "/artifact");
    }
    if (artifact.kind !== "pieces") return undefined;
    const hash = this.#engine.hash(bundle);
    for (const piece of artifact.pieces) hash.update(piece);
    return hash.finish();
  }
}

/** One call: everything is read, nothing is verified. */
interface Call {
  readonly bundle: Uint8Array;
  readonly options: EncodedOptions;
}

/** A call whose artifact arrives as a stream. */
interface StreamCall extends Call {
  readonly options: EncodedOptions & { readonly artifact: Extract<ArtifactInput, { kind: "stream" }> };
}

type Digests = Readonly<Record<string, string>> | undefined;

function read(bundle: Bundle, options: VerifyOptions): Call {
  return { bundle: bundleBytes(bundle), options: encodeOptions(options) };
}

function isStream(call: Call): call is StreamCall {
  return call.options.artifact.kind === "stream";
}

/** A call's arguments as they cross into WebAssembly. */
function crossing({ bundle, options }: Call, digests: Digests): [Uint8Array, Uint8Array | undefined, string] {
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
