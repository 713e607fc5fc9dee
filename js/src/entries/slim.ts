// Every runtime: the module is the caller's to bring.
import { UsageError } from "../errors.js";
import { SharedModule, type WasmSource, type WasmSourceSync } from "../module.js";
import { creators, type Verifier, type VerifierOptions, type VerifierOptionsSync } from "../verifier.js";

export * from "../index.js";

const missing = (): never => {
  throw new UsageError("invalid-argument", "`admissible/slim` brings no module: pass `wasm`, made from `admissible/core.wasm`");
};

const made = /* @__PURE__ */ creators(/* @__PURE__ */ new SharedModule({ load: missing, loadSync: missing }));

/** Makes a verifier from the module passed as `wasm`: compile it once and pass the same to every verifier. */
export const createVerifier: (options: VerifierOptions & { readonly wasm: WasmSource }) => Promise<Verifier> = made.createVerifier;

/** Makes a verifier without waiting, from the module passed as `wasm`. */
export const createVerifierSync: (options: VerifierOptionsSync & { readonly wasm: WasmSourceSync }) => Verifier = made.createVerifierSync;
