// The module is a file beside the scripts.
import wasm from "admissible/core.wasm";
import type { Pool, PoolOptions } from "admissible/pool";
import { createVerifier as create, type Verifier, type VerifierOptions } from "admissible/slim";

/** Makes a verifier. */
export function createVerifier(options: Omit<VerifierOptions, "wasm">): Promise<Verifier> {
  return create({ ...options, wasm: module() });
}

/** Makes a pool, whose workers' script is a file beside the others. */
export async function createPool(options: Omit<PoolOptions, "wasm">): Promise<Pool> {
  const { createPool: make } = await import("admissible/pool");
  return make({ ...options, wasm: module() });
}

function module(): URL {
  return new URL(wasm as unknown as string, import.meta.url);
}
