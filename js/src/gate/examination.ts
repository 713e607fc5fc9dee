import type { ArtifactDigests, DigestAlgorithm } from "../artifact.js";
import type { Hasher } from "../engine.js";
import type { Case } from "./bench.js";
import type { Examination } from "./body.js";
import { Refusal, unavailable, type GateOutcome, type Judged } from "./outcome.js";

/** Hashes a body as it passes, and judges it at its end. */
export class BodyExamination implements Examination {
  readonly #heard: Case;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #declared: number | undefined;
  readonly #tell: (outcome: GateOutcome) => void;
  #hasher: Hasher | undefined;
  #length = 0;
  #judged: Judged | undefined;

  /** `declared` is the length that the body is said to have; `tell` is told what became of it. */
  constructor(heard: Case, algorithms: readonly DigestAlgorithm[], declared: number | undefined, tell: (outcome: GateOutcome) => void) {
    this.#heard = heard;
    this.#algorithms = algorithms;
    this.#declared = declared;
    this.#tell = tell;
  }

  take(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#declared !== undefined && this.#length > this.#declared) throw this.#wrongLength("more");
    stopped(() => this.#hash().update(piece));
  }

  async end(bytes?: Uint8Array): Promise<void> {
    if (this.#declared !== undefined && this.#length < this.#declared) throw this.#wrongLength(String(this.#length));
    const digests = stopped(() => this.#hash().finish()) as ArtifactDigests;
    this.#judged = await this.#heard.decide(digests, bytes);
    this.#tell(this.#judged);
  }

  fail(reason: unknown): void {
    this.#hasher?.free();
    this.#tell(refusalOf(reason).outcome);
  }

  /** The verdict, after the end. */
  get judged(): Judged | undefined {
    return this.#judged;
  }

  #hash(): Hasher {
    return (this.#hasher ??= this.#heard.hasher(this.#algorithms));
  }

  #wrongLength(found: string): Refusal {
    return unavailable("wrong-length", `expected a body of ${String(this.#declared)} bytes, as its Content-Length says, found ${found}`);
  }
}

/** An examination that tells what it finds, and lets everything pass. */
export function withoutConsequence(examination: Examination): Examination {
  let isOver = false;
  const unlessOver = async (work: () => void | Promise<void>): Promise<void> => {
    if (isOver) return;
    try {
      await work();
    } catch (reason) {
      isOver = true;
      examination.fail(reason);
    }
  };
  return {
    take: (piece) => void unlessOver(() => examination.take(piece)),
    end: () => unlessOver(() => examination.end()),
    fail: (reason) => void unlessOver(() => examination.fail(reason)),
  };
}

/** Whatever was thrown, as what it means for the request: no verdict, unless it says otherwise. */
export function refusalOf(reason: unknown): Refusal {
  return reason instanceof Refusal ? reason : unavailable("verifier-unavailable", "the verifier stopped", reason);
}

function stopped<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw refusalOf(cause);
  }
}
