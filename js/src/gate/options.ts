import type { ArtifactDigests, DigestAlgorithm } from "../artifact.js";
import type { Bundle } from "../bundle.js";
import { digestsFromText, lengths } from "../digest-text.js";
import { UsageError } from "../errors.js";
import { isPlain } from "../json.js";
import { isoTime } from "../options.js";
import { policyBytes, type EvaluationRequest } from "../request.js";
import type { Verifier } from "../verifier.js";
import type { VerdictCache } from "./cache.js";
import type { GateOutcome } from "./outcome.js";

/** What there is to judge a download by. */
export interface Evidence {
  /** The bundles; a function is asked only when no cached verdict answers. */
  readonly bundles: readonly Bundle[] | (() => readonly Bundle[] | PromiseLike<readonly Bundle[]>);
  /**
   * What the body has to hash to, where that is known beforehand (a lock file, an index), by the algorithm by which the bundles name
   * it. Then the whole verdict is reached before the upstream is asked, and the answer carries an ETag.
   */
  readonly digest?: string | ArtifactDigests;
  /** What was asked for, as `EvaluationRequest.reference`. */
  readonly reference?: string;
  /** When it was published, as `EvaluationRequest.published`. */
  readonly published?: string | Date;
}

/** Evidence, or only its bundles. */
export type EvidenceGiven = Evidence | readonly Bundle[];

/** How downloads are judged. */
export interface JudgingOptions {
  /**
   * The verifier, a promise of it, or a function that makes it: called by the first request (in workerd, by every request until there is one),
   * and again only after it failed.
   */
  readonly verifier: Verifier | PromiseLike<Verifier> | (() => Verifier | PromiseLike<Verifier>);
  /** What is demanded: a policy document, its JSON text, or its bytes. */
  readonly policy: EvaluationRequest["policy"];
  /**
   * `stream` (unless stated) passes the body on as it arrives, holds its end back until the verdict, and aborts it when that is bad: no client
   * ever has a whole wrong file. `buffer` passes on nothing before the verdict, and is for what is used while it arrives. In workerd a body whose
   * length the upstream does not tell is buffered in either mode, for a client there would not notice that it was aborted.
   */
  readonly mode?: "stream" | "buffer";
  /** The largest body that is buffered, in bytes; 32 MiB unless stated. */
  readonly maxBufferBytes?: number;
  /** Everything passes as if there were no gate; the verdict goes to `onVerdict` and into a header. For a trial run. */
  readonly reportOnly?: boolean;
  /** Keeps verdicts. */
  readonly cache?: VerdictCache;
  /** The present; the system's clock unless stated. */
  readonly now?: () => Date;
}

/** Options of `gate`; `Rest` is what the runtime hands over beside the request, such as `env` and `ctx`. */
export interface GateOptions<Rest extends readonly unknown[] = readonly unknown[]> extends JudgingOptions {
  /** Finds the evidence for a request. What it throws is answered with 502. */
  readonly evidence: (request: Request, ...rest: Rest) => EvidenceGiven | PromiseLike<EvidenceGiven>;
  /** Asks the upstream, with a request that is safe to judge; the global `fetch` unless stated. */
  readonly fetch?: (request: Request, ...rest: Rest) => Response | PromiseLike<Response>;
  /** Told once what became of each request. What it throws is ignored. */
  readonly onVerdict?: (outcome: GateOutcome, request: Request) => void;
}

/** Options of `gateResponse`. */
export interface GateResponseOptions extends JudgingOptions {
  /** The evidence for this response. */
  readonly evidence: EvidenceGiven | (() => EvidenceGiven | PromiseLike<EvidenceGiven>);
  /** What the response answers: whether it is a HEAD, how a denial is written, and whether the client has the file already. */
  readonly request?: Request;
  /** Told once what became of the response. What it throws is ignored. */
  readonly onVerdict?: (outcome: GateOutcome) => void;
}

/** `JudgingOptions`, read once. */
export interface Settings {
  readonly verifier: () => Verifier | PromiseLike<Verifier>;
  readonly policy: Uint8Array;
  readonly mode: "stream" | "buffer";
  readonly maxBufferBytes: number;
  readonly reportOnly: boolean;
  readonly cache: VerdictCache | undefined;
  readonly now: () => Date;
}

/** `Evidence`, read. */
export interface EvidenceRead {
  readonly bundles: () => readonly Bundle[] | PromiseLike<readonly Bundle[]>;
  readonly digest?: ArtifactDigests;
  /** What else the verdict depends on. */
  readonly circumstances: { readonly reference?: string; readonly published?: string };
}

/** 32 MiB: with the copy that is judged, well within the 128 MiB of the smallest edge functions. */
const defaultBuffer = 32 * 1024 * 1024;

const judging = ["verifier", "policy", "mode", "maxBufferBytes", "reportOnly", "cache", "now", "evidence", "onVerdict"];

/**
 * Reads options. `own` are the keys of one function alone.
 *
 * @throws UsageError for a key that is not known: a demand that is lost on the way lets more pass.
 */
export function readSettings(options: unknown, own: readonly string[]): Settings {
  if (typeof options !== "object" || options === null || !isPlain(options)) throw wrong("a gate takes an object with `verifier`, `policy` and `evidence`");
  const given = options as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !judging.includes(key) && !own.includes(key));
  if (unknown !== undefined) throw wrong(`a gate has no option \`${unknown}\``, `/${unknown}`);
  const { verifier, policy, mode = "stream", maxBufferBytes = defaultBuffer, reportOnly = false, cache, now = () => new Date() } = given;
  if (!isVerifier(verifier) && typeof verifier !== "function" && !isPromise(verifier)) {
    throw wrong("`verifier` is what createVerifier makes, or a function that makes one", "/verifier");
  }
  if (mode !== "stream" && mode !== "buffer") throw wrong("`mode` is \"stream\" or \"buffer\"", "/mode");
  if (typeof maxBufferBytes !== "number" || !(maxBufferBytes >= 0)) throw wrong("`maxBufferBytes` is a number of bytes", "/maxBufferBytes");
  if (typeof reportOnly !== "boolean") throw wrong("`reportOnly` is true or false", "/reportOnly");
  if (typeof now !== "function") throw wrong("`now` is a function that returns a Date", "/now");
  if (cache !== undefined && !isCache(cache)) throw wrong("`cache` has functions `get` and `put`", "/cache");
  for (const key of ["evidence", "fetch", "onVerdict"]) {
    const isValue = key === "evidence" && own.includes("request") && typeof given[key] === "object" && given[key] !== null;
    const isMissing = key !== "evidence" && given[key] === undefined;
    if (typeof given[key] !== "function" && !isValue && !isMissing) throw wrong(`\`${key}\` is a function`, `/${key}`);
  }
  // A promise that fails before the first request is that request's failure, not the program's.
  if (isPromise(verifier)) verifier.then(undefined, () => undefined);
  return {
    verifier: typeof verifier === "function" ? (verifier as Settings["verifier"]) : () => verifier as Verifier,
    policy: policyBytes(policy),
    mode,
    maxBufferBytes,
    reportOnly,
    cache,
    now: now as () => Date,
  };
}

/**
 * Reads what `evidence` returned.
 *
 * @throws UsageError when it is none.
 */
export function readEvidence(given: unknown): EvidenceRead {
  if (Array.isArray(given)) return { bundles: () => given as readonly Bundle[], circumstances: {} };
  if (typeof given !== "object" || given === null) throw wrong("evidence is a list of bundles, or an object with `bundles`");
  const { bundles, digest, reference, published, ...unknown } = given as Readonly<Record<string, unknown>>;
  const [extra] = Object.keys(unknown);
  if (extra !== undefined) throw wrong(`evidence has no \`${extra}\``, `/${extra}`);
  if (typeof bundles !== "function" && !Array.isArray(bundles)) throw wrong("`bundles` is a list, or a function that returns one", "/bundles");
  if (reference !== undefined && typeof reference !== "string") throw wrong("`reference` is a string", "/reference");
  if (published !== undefined && typeof published !== "string" && !(published instanceof Date)) {
    throw wrong("`published` is a Date, or RFC 3339", "/published");
  }
  return {
    bundles: typeof bundles === "function" ? (bundles as EvidenceRead["bundles"]) : () => bundles as readonly Bundle[],
    ...(digest !== undefined && { digest: readDigest(digest) }),
    circumstances: {
      ...(reference !== undefined && { reference }),
      ...(published !== undefined && { published: typeof published === "string" ? published : isoTime(published, "/published") }),
    },
  };
}

/** Digests in lower case, for they are compared with those that are made. */
function readDigest(digest: unknown): ArtifactDigests {
  const given = typeof digest === "string" ? digestsFromText(digest) : digest;
  if (typeof given !== "object" || given === null) throw wrong("`digest` is one such as \"sha256:…\"", "/digest");
  const read = Object.entries(given).map(([algorithm, value]) => {
    const length = Object.hasOwn(lengths, algorithm) ? lengths[algorithm as DigestAlgorithm] : undefined;
    if (length === undefined || typeof value !== "string" || value.length !== 2 * length || !/^[0-9a-f]+$/iu.test(value)) {
      throw wrong("`digest` is by sha256, sha384 or sha512, in hexadecimal", `/digest/${algorithm}`);
    }
    return [algorithm, value.toLowerCase()];
  });
  if (read.length === 0) throw wrong("`digest` holds none", "/digest");
  return Object.fromEntries(read) as ArtifactDigests;
}

/** Whether a value is what `createVerifier` makes. */
export function isVerifier(value: unknown): value is Verifier {
  return typeof value === "object" && value !== null && "evaluate" in value && "hasher" in value;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isCache(value: unknown): value is VerdictCache {
  return typeof value === "object" && value !== null && "get" in value && "put" in value && [value.get, value.put].every((one) => typeof one === "function");
}

function wrong(message: string, at = ""): UsageError {
  return new UsageError("invalid-argument", message, at);
}
