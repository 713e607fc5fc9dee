import type { KeyObject } from "node:crypto";
import type { DigestAlgorithm } from "../artifact.js";
import type { WasmHasher } from "../wasm/glue.js";
import { Keys } from "./keys.js";
import type { Bytes, Platform } from "./signatures.js";

type Crypto = typeof import("node:crypto");

/** A SubjectPublicKeyInfo up to the point at its end (RFC 5480 §2), by the bits of the curve. */
const beforePoint: Readonly<Record<number, readonly number[]>> = {
  256: [0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3, 0x42, 0],
  384: [0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 3, 0x62, 0],
};

/** `node:crypto`, which answers at once. */
export class NodeCrypto implements Platform {
  readonly #crypto: Crypto;
  readonly #keys = new Keys<KeyObject>();

  private constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  /** Whether the runtime may have it. */
  static get isThere(): boolean {
    return typeof globalThis.process?.getBuiltinModule === "function";
  }

  /** Where the runtime has it. Loaded when it is asked for, since that takes milliseconds; and not by an `import`, which bundlers for browsers refuse. */
  static ofRuntime(): NodeCrypto | undefined {
    try {
      const crypto = this.isThere ? globalThis.process.getBuiltinModule("node:crypto") : undefined;
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
  isValid(curve: number, hash: number, point: Bytes, signature: Bytes, message: Bytes): boolean | Promise<boolean> {
    if (curve === 256) return this.isValidNow(curve, hash, point, signature, message);
    return new Promise((resolve, reject) => {
      this.#crypto.verify(`sha${String(hash)}`, message.slice(), this.#key(curve, point), signature.slice(), (error, isValid) => {
        if (error === null) resolve(isValid === true);
        else reject(error);
      });
    });
  }

  isValidNow(curve: number, hash: number, point: Bytes, signature: Bytes, message: Bytes): boolean {
    return this.#crypto.verify(`sha${String(hash)}`, message, this.#key(curve, point), signature) === true;
  }

  #key(curve: number, point: Bytes): { key: KeyObject; dsaEncoding: "ieee-p1363" } {
    const der = (): Buffer => Buffer.from([...(beforePoint[curve] ?? []), ...point]);
    const key = this.#keys.get(point) ?? this.#keys.keep(point, this.#crypto.createPublicKey({ key: der(), format: "der", type: "spki" }));
    return { key, dsaEncoding: "ieee-p1363" };
  }
}
