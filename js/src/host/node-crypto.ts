import type { KeyObject } from "node:crypto";
import type { DigestAlgorithm } from "../artifact.js";
import type { WasmHasher } from "../wasm/glue.js";
import { Keys } from "./keys.js";
import type { Bytes, Platform, Question } from "./signatures.js";

type Crypto = typeof import("node:crypto");

/** What comes before the point in the `SubjectPublicKeyInfo` of a key on P-384 (RFC 5480 §2). */
const beginningOfP384 = /* @__PURE__ */ new Uint8Array([48, 118, 48, 16, 6, 7, 42, 134, 72, 206, 61, 2, 1, 6, 5, 43, 129, 4, 0, 34, 3, 98, 0]);

/** `node:crypto`, which answers at once. */
export class NodeCrypto implements Platform {
  readonly #crypto: Crypto;
  readonly #keys = new Keys<KeyObject>();

  private constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  /** Where the runtime has it. Loaded when it is asked for, since that takes milliseconds; and not by an `import`, which bundlers for browsers refuse. */
  static ofRuntime(): NodeCrypto | undefined {
    try {
      const crypto = globalThis.process?.getBuiltinModule?.("node:crypto");
      return typeof crypto?.verify === "function" ? new NodeCrypto(crypto) : undefined;
    } catch {
      // Next.js has the function on the edge too, and throws there.
      return undefined;
    }
  }

  /** A hash that is several times as fast as WebAssembly's, and takes what arrives in pieces. */
  hasher(algorithm: DigestAlgorithm): WasmHasher {
    const hash = this.#crypto.createHash(algorithm);
    return { update: (piece) => void hash.update(piece), finish: () => hash.digest("hex"), free: () => undefined };
  }

  /** P-384 takes so long that another thread does it meanwhile; to go there for P-256 takes longer than the signature. */
  isValid(...question: Question): boolean | Promise<boolean> {
    const [curve, hash, point, signature, , message] = question;
    if (curve === 256) return this.isValidNow(...question);
    return new Promise((resolve, reject) => {
      this.#crypto.verify(`sha${String(hash)}`, message.slice(), this.#key(curve, point), signature.slice(), (error, isValid) => {
        if (error === null) resolve(isValid === true);
        else reject(error);
      });
    });
  }

  /** By the signature's DER: to read the other spelling takes half as long as the signature in Node.js 24. */
  isValidNow(...[curve, hash, point, signature, , message]: Question): boolean {
    return this.#crypto.verify(`sha${String(hash)}`, message, this.#key(curve, point), signature) === true;
  }

  #key(curve: number, point: Bytes): KeyObject {
    const kept = this.#keys.get(point);
    return kept ?? this.#keys.keep(point, curve === 256 ? this.#fromJson(point) : this.#fromDer(point));
  }

  /** For P-256: it takes two thirds of the time that DER takes in Node.js 20. */
  #fromJson(point: Bytes): KeyObject {
    const half = (point.length + 1) / 2;
    const coordinate = (start: number, end: number): string => Buffer.from(point.subarray(start, end)).toString("base64url");
    const key = { kty: "EC", crv: "P-256", x: coordinate(1, half), y: coordinate(half, point.length) };
    return this.#crypto.createPublicKey({ key, format: "jwk" });
  }

  /** For P-384: a key in JSON is multiplied by the order of the curve there, which takes three times as long as to read DER. The core has checked the key. */
  #fromDer(point: Bytes): KeyObject {
    return this.#crypto.createPublicKey({ key: Buffer.concat([beginningOfP384, point]), format: "der", type: "spki" });
  }
}
