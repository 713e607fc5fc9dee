import type { ArtifactDigests, DigestAlgorithm } from "../artifact.js";
import type { Bundle } from "../bundle.js";
import type { CheckedPolicy } from "../engine.js";
import { UsageError } from "../errors.js";
import { evaluationMediaType, type Evaluation } from "../evaluation.js";
import type { Verifier } from "../verifier.js";
import { readCached } from "./cache.js";
import { isVerifier, readEvidence, type EvidenceGiven, type EvidenceRead, type Settings } from "./options.js";
import { digestText, Refusal, unavailable, type Judged, type Judgement, type Refused } from "./outcome.js";
import { isWorkerd } from "./pieces.js";

/** The most claimed artifacts that are tried before the body is there: each costs a verification of every bundle. */
const mostCandidates = 8;

/** Seconds. New evidence may turn a bad verdict at any time; a good one only expires where the policy asks for the present. */
const holds = { rejected: 60, admitted: 3600, admittedForNow: 300 };

/** The verifier and the policy, made when they are first needed and kept. */
export class Bench {
  readonly #settings: Settings;
  #verifier: Promise<Verifier> | undefined;
  #policy: CheckedPolicy | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws Refusal when the verifier or the policy is none; the next call tries again. */
  async #get(): Promise<Ready> {
    const making = this.#verifier ?? this.#make();
    // In workerd a promise is never kept when the request that made it is given up before, and then nobody may wait for it.
    if (!isWorkerd()) this.#verifier = making;
    try {
      const verifier = await making;
      this.#verifier ??= making;
      const policy = (this.#policy ??= await attempt("policy-unusable", "the policy could not be read", () => verifier.checkPolicy(this.#settings.policy)));
      return { verifier, policy };
    } catch (error) {
      // Where the policy is none, the verifier is one all the same.
      if (error instanceof Refusal && error.outcome.code === "verifier-unavailable" && this.#verifier === making) this.#verifier = undefined;
      throw error;
    }
  }

  async #make(): Promise<Verifier> {
    return attempt("verifier-unavailable", "the verifier could not be made", async () => {
      const made = await this.#settings.verifier();
      if (!isVerifier(made)) throw new UsageError("invalid-argument", "`verifier` made no verifier", "/verifier");
      return made;
    });
  }

  /**
   * Hears one case.
   *
   * @throws Refusal `evidence-unavailable` when there is no telling what the evidence is, and those of the verifier.
   */
  async open(evidence: () => EvidenceGiven | PromiseLike<EvidenceGiven>): Promise<Case> {
    const read = await attempt("evidence-unavailable", "the evidence could not be had", async () => readEvidence(await evidence()));
    return new Case(this.#settings, await this.#get(), read);
  }
}

interface Ready {
  readonly verifier: Verifier;
  readonly policy: CheckedPolicy;
}

/** What is known of the artifact before its body is there. */
export interface Prospect {
  /** A verdict about the very digests that the caller expects. */
  readonly expected?: Judged;
  /** By what the body has to be hashed. */
  readonly algorithms: readonly DigestAlgorithm[];
}

/** `Prospect` of an artifact whose verdict takes its bytes. */
const unseen: Prospect = { algorithms: ["sha256"] };

/** One artifact, and the evidence that may be about it. */
export class Case {
  readonly #settings: Settings;
  readonly #ready: Ready;
  readonly #evidence: EvidenceRead;
  #bundles: Promise<readonly Bundle[]> | undefined;
  #takesBytes = false;
  #claimed: readonly ArtifactDigests[] = [];
  #admitted: Judged | undefined;

  constructor(settings: Settings, ready: Ready, evidence: EvidenceRead) {
    this.#settings = settings;
    this.#ready = ready;
    this.#evidence = evidence;
  }

  /** A hash of the body as it arrives. */
  hasher(algorithms: readonly DigestAlgorithm[]) {
    return this.#ready.verifier.hasher(algorithms);
  }

  /**
   * Verifies the evidence, with no body at hand: for the digests that the caller expects, else for those that the bundles claim.
   *
   * @throws Refusal when no body could be admitted, and when there is no verdict.
   */
  async prospect(): Promise<Prospect> {
    const { digest } = this.#evidence;
    const { verifier, policy } = this.#ready;
    const isBuffered = this.#settings.mode === "buffer";
    const known = isBuffered && digest !== undefined ? (await this.#recall(digest))?.known : undefined;
    // Where a kept verdict admits the digest, nobody has to look at the evidence.
    if (isBuffered && known?.admitted !== true && (await this.#wantsWhole())) {
      this.#takesBytes = true;
      return digest === undefined ? unseen : { algorithms: algorithmsOf(digest) };
    }
    if (digest !== undefined) {
      const expected = admittedOnly(known === undefined ? await this.#judge(digest) : ruling(known, digest));
      this.#admitted = expected;
      return { expected, algorithms: algorithmsOf(digest) };
    }
    const bundles = await this.#load();
    const claimed = await attempt("evidence-unavailable", "the evidence could not be read", () => verifier.claimedDigests(bundles));
    this.#claimed = claimed;
    const anyPasses = policy.mode === "warn" || policy.hasExceptions;
    if (bundles.length === 0 && !anyPasses) {
      throw new Refusal({ verdict: "rejected", admitted: false, code: "no-evidence", message: "there is no evidence about this artifact" });
    }
    const wanted = await attempt("evidence-unavailable", "the evidence could not be read", () => verifier.wantedDigests(bundles));
    // An exception of a policy may name any digest, and evidence that names none may take any.
    const algorithms = anyPasses || claimed.length === 0 ? all : all.filter((one) => wanted.includes(one));
    // The body has digests by all of them: bundles that name it by different ones may suffice together, and none of them alone.
    const isAll = claimed.length <= mostCandidates && claimed.every((digests) => algorithms.every((one) => digests[one] !== undefined));
    let refused: Refused | undefined;
    for (const candidate of claimed.slice(0, mostCandidates)) {
      const judged = await this.#judge(candidate);
      if (judged.admitted && !(judged.verdict === "rejected")) {
        this.#admitted = judged;
        break;
      }
      if (!judged.admitted) refused ??= judged;
    }
    if (this.#admitted === undefined && refused !== undefined && isAll && !anyPasses) throw new Refusal(refused);
    return { algorithms };
  }

  /**
   * The verdict about the body that came, by its digests; `bytes` where it is at hand.
   *
   * @throws Refusal when it is not admitted, and when there is no verdict.
   */
  async decide(digests: ArtifactDigests, bytes?: Uint8Array): Promise<Judged> {
    const { digest: expected } = this.#evidence;
    if (expected !== undefined && !isSame(expected, digests)) throw new Refusal(mismatch(digestText(expected), digests));
    if (this.#admitted !== undefined && isSame(this.#admitted.digest, digests)) return this.#admitted;
    const ruled = await this.#judge(digests, this.#takesBytes ? bytes : undefined);
    if (ruled.admitted) return ruled;
    const isAbout = (claim: ArtifactDigests): boolean => all.some((one) => claim[one] !== undefined && claim[one] === digests[one]);
    const isOther = this.#claimed.length > 0 && !this.#claimed.some(isAbout);
    throw new Refusal(isOther ? { ...ruled, ...mismatch("what the evidence is about", digests) } : ruled);
  }

  /** Only what is buffered has its bytes at hand; so a stream is not even asked for. */
  async #wantsWhole(): Promise<boolean> {
    const bundles = await this.#load();
    return attempt("evidence-unavailable", "the evidence could not be read", () => this.#ready.verifier.wantsWhole(bundles));
  }

  async #load(): Promise<readonly Bundle[]> {
    this.#bundles ??= attempt("evidence-unavailable", "the evidence could not be had", async () => {
      const bundles = await this.#evidence.bundles();
      if (!Array.isArray(bundles)) throw new UsageError("invalid-argument", "`bundles` is a list", "/bundles");
      return bundles as readonly Bundle[];
    });
    return this.#bundles;
  }

  async #judge(digest: ArtifactDigests, bytes?: Uint8Array): Promise<Judged | Refused> {
    const recalled = await this.#recall(digest, bytes);
    if (recalled?.known !== undefined) return ruling(recalled.known, digest);
    const made = await this.#evaluate(digest, bytes);
    const { judgement } = made;
    if (recalled !== undefined && judgement !== undefined) {
      const { subject, key, now, cache } = recalled;
      const seconds = secondsOf(judgement, this.#ready.policy, now);
      await kept(() => cache.put(key, { subject, expires: now + 1000 * seconds, judgement: copy(judgement) }, seconds));
    }
    return made;
  }

  /** What the cache, where there is one, knows of it, and where it keeps it. */
  async #recall(digest: ArtifactDigests, bytes?: Uint8Array) {
    const { cache } = this.#settings;
    if (cache === undefined) return undefined;
    const subject = this.#subject(digest, bytes);
    const key = await this.#key(subject);
    const now = this.#settings.now().getTime();
    const found = await kept(async () => copy(await cache.get(key)));
    return { cache, subject, key, now, known: readCached(found, subject, this.#ready.policy.sha256, now) };
  }

  async #evaluate(digest: ArtifactDigests, bytes: Uint8Array | undefined): Promise<Judged | Refused> {
    const bundles = await this.#load();
    const { verifier } = this.#ready;
    const { policy, now } = this.#settings;
    const request = { bundles, artifact: bytes ?? digest, policy, now: now(), ...this.#evidence.circumstances };
    // The policy was read before: what is wrong now is the evidence, unless the verifier is lost.
    const evaluation = await attempt("evidence-unavailable", "the evidence could not be judged", () => verifier.evaluate(request));
    const { bundles: _, ...judgement } = evaluation;
    return ruling(judgement, digest, evaluation);
  }

  /** Everything that a verdict depends on, but for the evidence: more of that cannot turn a good one. */
  #subject(digest: ArtifactDigests, bytes: Uint8Array | undefined): string {
    const { verifier, policy } = this.#ready;
    const { sha256, sha384, sha512 } = digest;
    return JSON.stringify({
      format: evaluationMediaType,
      version: verifier.version,
      policy: policy.sha256,
      trustedRoot: verifier.trustedRootSha256,
      digest: { sha256, sha384, sha512 },
      // A signature over the bytes themselves cannot be judged by a digest.
      whole: bytes !== undefined,
      ...this.#evidence.circumstances,
    });
  }

  async #key(subject: string): Promise<string> {
    const made = await attempt("verifier-unavailable", "the verifier stopped", () =>
      this.#ready.verifier.digest(new TextEncoder().encode(subject), { algorithms: ["sha256"] }),
    );
    return String(made.sha256);
  }
}

const all: readonly DigestAlgorithm[] = ["sha256", "sha384", "sha512"];

/** How long a verdict holds: an exception no longer than it says itself. */
function secondsOf({ verdict, exception }: Judgement, { needsNow }: CheckedPolicy, now: number): number {
  if (verdict === "rejected") return holds.rejected;
  const most = needsNow ? holds.admittedForNow : holds.admitted;
  return exception?.kind === "exception" ? Math.min(most, Math.max(0, Math.floor((Date.parse(exception.expires) - now) / 1000))) : most;
}

function algorithmsOf(digest: ArtifactDigests): readonly DigestAlgorithm[] {
  return all.filter((algorithm) => digest[algorithm] !== undefined);
}

function ruling(judgement: Judgement, digest: ArtifactDigests, evaluation?: Evaluation): Judged | Refused {
  const common = { digest, judgement, ...(evaluation !== undefined && { evaluation }) };
  if (judgement.admitted) return { verdict: judgement.verdict, admitted: true, ...common };
  return { verdict: "rejected", admitted: false, code: "rejected", message: judgement.summary, ...common };
}

function mismatch(expected: string, found: ArtifactDigests): Refused {
  const message = `expected ${expected}, found ${digestText(found)}`;
  return { verdict: "rejected", admitted: false, code: "digest-mismatch", message, digest: found };
}

function admittedOnly(ruled: Judged | Refused): Judged {
  if (!ruled.admitted) throw new Refusal(ruled);
  return ruled;
}

/** Whether both name the same algorithms with the same digests. */
function isSame(one: ArtifactDigests, other: ArtifactDigests): boolean {
  return all.every((algorithm) => one[algorithm] === other[algorithm]);
}

async function attempt<T>(code: Parameters<typeof unavailable>[0], message: string, work: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isLost = cause instanceof UsageError && cause.code === "verifier-lost";
    throw isLost ? unavailable("verifier-unavailable", "the verifier stopped", cause) : unavailable(code, message, cause);
  }
}

/** The same as JSON says it: whoever is told of a verdict, and changes it, does not change what is kept. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** What a cache does is waited for, and not trusted to work. */
async function kept(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
