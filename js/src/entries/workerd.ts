// workerd (Cloudflare Workers): an imported .wasm file is a compiled module; bytes may not be compiled.
import module from "../wasm/core.wasm";
import { SharedModule } from "../module.js";
import { creators, type CreateVerifier, type CreateVerifierSync } from "../verifier.js";

export * from "../index.js";

const made = /* @__PURE__ */ creators(/* @__PURE__ */ new SharedModule({ load: async () => module, loadSync: () => module }));

/** Makes a verifier; the WebAssembly module is loaded once, when it is first needed. */
export const createVerifier: CreateVerifier = made.createVerifier;

/** Makes a verifier without waiting. */
export const createVerifierSync: CreateVerifierSync = made.createVerifierSync;
