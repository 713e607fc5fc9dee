import { whenAborted } from "../hashing.js";
import type { WasmHost, WasmPromptHost, WasmQuestion } from "../wasm/glue.js";
import { NodeCrypto } from "./node-crypto.js";
import { WebCrypto } from "./web-crypto.js";

/** Milliseconds after which a host that has not answered is not waited for, nor asked again. */
const patience = 5_000;

export type Bytes = Uint8Array<ArrayBuffer>;
export type Question = WasmQuestion;

/** A host's cryptography. What it says is believed: whoever can change it runs in the same program as the verifier. It throws, or rejects, when it fails. */
export interface Platform {
  /** Whether a signature is valid. The bytes are only there during the call. */
  isValid(...question: Question): boolean | Promise<boolean>;
  /** The same without waiting, where that can be. */
  isValidNow?(...question: Question): boolean;
}

/** The host's cryptography, as far as it verifies signatures: of those that the runtime has the fastest. One that failed is left alone. */
export class HostSignatures {
  readonly #untried = [() => NodeCrypto.ofRuntime(), () => WebCrypto.ofRuntime()];
  #current: Platform | undefined;

  /** What one judgement asks that waits, if it can. */
  questions(): Questions | undefined {
    const platform = this.#platform();
    return platform && new Questions(platform, () => this.#leave(platform));
  }

  /** Whom a judgement asks that does not wait, if it can. */
  prompt(): WasmPromptHost | undefined {
    const platform = this.#platform();
    if (platform?.isValidNow === undefined) return undefined;
    const isValid = (...question: Question): boolean => {
      try {
        return platform.isValidNow?.(...question) === true;
      } catch {
        this.#leave(platform);
        return false;
      }
    };
    return { isValid };
  }

  #leave(platform: Platform): void {
    if (this.#current === platform) this.#current = undefined;
  }

  #platform(): Platform | undefined {
    while (this.#current === undefined) {
      const next = this.#untried.shift();
      if (next === undefined) return undefined;
      this.#current = next();
    }
    return this.#current;
  }
}

/** `undefined` is no answer. */
type Answer = boolean | undefined | Promise<boolean | undefined>;

/** The signatures that one judgement asks the host about; it is at work from the first question on. */
export class Questions implements WasmHost {
  readonly #platform: Platform;
  readonly #onFailure: () => void;
  readonly #answers: Answer[] = [];

  constructor(platform: Platform, onFailure: () => void) {
    this.#platform = platform;
    this.#onFailure = onFailure;
  }

  ask(...question: Question): void {
    this.#answers.push(this.#answer(question));
  }

  #answer(question: Question): Answer {
    try {
      const answer = this.#platform.isValid(...question);
      return typeof answer === "object" ? answer.catch(() => undefined) : answer;
    } catch {
      return undefined;
    }
  }

  /**
   * How many of the signatures are valid. The others may be so as well: the host does not know them, failed, or gave no answer.
   *
   * @throws the signal's reason, when that aborts.
   */
  async valid(signal: AbortSignal | undefined): Promise<number> {
    if (!this.#answers.some((answer) => typeof answer === "object")) return this.#valid(this.#answers);
    const aborted = signal === undefined ? undefined : whenAborted(signal);
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Where there are no timers, as outside of a request on some runtimes, nobody can wait.
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience))).catch(() => undefined);
    try {
      const answered = Promise.race([Promise.all(this.#answers), late.then(() => [undefined])]);
      return this.#valid(await (aborted === undefined ? answered : Promise.race([answered, aborted.promise])));
    } finally {
      clearTimeout(timer);
      aborted?.release();
    }
  }

  #valid(answers: readonly Answer[]): number {
    if (answers.includes(undefined)) this.#onFailure();
    return answers.filter((answer) => answer === true).length;
  }
}
