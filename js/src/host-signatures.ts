import { whenAborted } from "./hashing.js";
import type { WasmHost } from "./wasm/glue.js";

/** Milliseconds after which a host that has not answered is not waited for, nor asked again. */
const patience = 5_000;

/** How many keys are kept for the next time: those of logs and authorities come again. */
const mostKeys = 64;

type Bytes = Uint8Array<ArrayBuffer>;

/** The host's WebCrypto, as far as it verifies signatures. What it says is believed: whoever can change it runs in the same program as the verifier. */
export class HostSignatures {
  /** Keys as the host has them, by their points, the latest used last. Promises are not kept: some runtimes let nobody wait for another request's. */
  readonly #keys = new Map<string, CryptoKey>();
  #failed = false;

  /** Whether it can be asked: pages that were not served securely have no WebCrypto, and one that failed is left alone. */
  get isThere(): boolean {
    return !this.#failed && typeof globalThis.crypto?.subtle?.verify === "function";
  }

  /** What one judgement asks. */
  questions(): Questions {
    return new Questions((...question) => this.#isValid(...question), () => {
      this.#failed = true;
    });
  }

  async #isValid(curve: number, hash: number, point: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
    const id = String.fromCharCode(...point);
    // The point itself is read in a third of the time that a whole SubjectPublicKeyInfo takes.
    const key = this.#keys.get(id)
      ?? await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: `P-${String(curve)}` }, false, ["verify"]);
    this.#keys.delete(id);
    this.#keys.set(id, key);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= mostKeys) break;
      this.#keys.delete(oldest);
    }
    return (await crypto.subtle.verify({ name: "ECDSA", hash: `SHA-${String(hash)}` }, key, signature, message)) === true;
  }
}

/** The signatures that one judgement asks the host about; it is at work from the first question on. */
export class Questions implements WasmHost {
  readonly #isValid: (...question: Parameters<WasmHost["ask"]>) => Promise<boolean>;
  readonly #onFailure: () => void;
  readonly #answers: Promise<boolean | undefined>[] = [];

  constructor(isValid: (...question: Parameters<WasmHost["ask"]>) => Promise<boolean>, onFailure: () => void) {
    this.#isValid = isValid;
    this.#onFailure = onFailure;
  }

  /** Never throws. The bytes are views of WebAssembly's memory, and other ones soon. */
  ask(curve: number, hash: number, point: Bytes, signature: Bytes, message: Bytes): void {
    this.#answers.push(this.#isValid(curve, hash, point.slice(), signature.slice(), message.slice()).catch(() => undefined));
  }

  /** Whether there were any. */
  get areAny(): boolean {
    return this.#answers.length > 0;
  }

  /**
   * How many of the signatures are valid. The others may be so as well: the host does not know them, failed, or gave no answer.
   *
   * @throws the signal's reason, when that aborts.
   */
  async valid(signal: AbortSignal | undefined): Promise<number> {
    const aborted = signal === undefined ? undefined : whenAborted(signal);
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Where there are no timers, as outside of a request on some runtimes, nobody can wait.
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience))).catch(() => undefined);
    try {
      const answered = Promise.race([Promise.all(this.#answers), late.then(() => [undefined])]);
      const answers = await (aborted === undefined ? answered : Promise.race([answered, aborted.promise]));
      if (answers.includes(undefined)) this.#onFailure();
      return answers.filter((answer) => answer === true).length;
    } finally {
      clearTimeout(timer);
      aborted?.release();
    }
  }
}
