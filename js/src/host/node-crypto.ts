import type { KeyObject } from "node:crypto";
import type { DigestAlgorithm } from "../artifact.js";
import type { WasmHasher } from "../wasm/glue.js";
import { Keys } from "./keys.js";
import type { Bytes, Platform, Question } from "./signatures.js";

type Crypto = typeof import("node:crypto");

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

  /** Read from JSON, which takes two thirds of the time that DER takes in Node.js 20. */
  #key(curve: number, point: Bytes): KeyObject {
    const coordinate = (start: number, end: number): string => Buffer.from(point.subarray(start, end)).toString("base64url");
    const jwk = (): { kty: "EC"; crv: string; x: string; y: string } => {
      const half = (point.length + 1) / 2;
      return { kty: "EC", crv: `P-${String(curve)}`, x: coordinate(1, half), y: coordinate(half, point.length) };
    };
    return this.#keys.get(point) ?? this.#keys.keep(point, this.#crypto.createPublicKey({ key: jwk(), format: "jwk" }));
  }
}
