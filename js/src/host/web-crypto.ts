import { Keys } from "./keys.js";
import type { Bytes, Platform, Question } from "./signatures.js";

/** WebCrypto, which answers later. */
export class WebCrypto implements Platform {
  // Promises are not kept: some runtimes let nobody wait for another request's.
  readonly #keys = new Keys<CryptoKey>();

  /** Where the runtime has it: pages that were not served securely do without. */
  static ofRuntime(): WebCrypto | undefined {
    return typeof globalThis.crypto?.subtle?.verify === "function" ? new WebCrypto() : undefined;
  }

  isValid(...[curve, hash, point, , integers, message]: Question): Promise<boolean> {
    return this.#isValid(curve, hash, point.slice(), integers.slice(), message.slice());
  }

  async #isValid(curve: number, hash: number, point: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
    // The point itself is read in a third of the time that a whole SubjectPublicKeyInfo takes.
    const key = this.#keys.get(point)
      ?? this.#keys.keep(point, await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: `P-${String(curve)}` }, false, ["verify"]));
    return (await crypto.subtle.verify({ name: "ECDSA", hash: `SHA-${String(hash)}` }, key, signature, message)) === true;
  }
}
