// Deno: an import of the source phase needs no permission. tsc does not know the syntax: the build copies this.
import source module from "../wasm/core.wasm";
import { creators } from "../verifier.js";

export * from "../index.js";

const made = /* @__PURE__ */ creators({ load: async () => module, loadSync: () => module });

/** Makes a verifier; the WebAssembly module is loaded once, when it is first needed. */
export const createVerifier = made.createVerifier;

/** Makes a verifier without waiting. */
export const createVerifierSync = made.createVerifierSync;
