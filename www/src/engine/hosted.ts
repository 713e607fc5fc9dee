// The module is a file beside the scripts.
import wasm from "admissible/core.wasm";
import { createVerifier as create, type Verifier, type VerifierOptions } from "admissible/slim";

/** Makes a verifier. */
export function createVerifier(options: Omit<VerifierOptions, "wasm">): Promise<Verifier> {
  return create({ ...options, wasm: new URL(wasm as unknown as string, import.meta.url) });
}
