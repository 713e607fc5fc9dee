// Browsers, and every runtime that has fetch.
import { shared } from "./module-web.js";
import { creators, type CreateVerifier, type CreateVerifierSync } from "../verifier.js";

export * from "../index.js";

const made = /* @__PURE__ */ creators(shared);

/** Makes a verifier; the WebAssembly module is loaded once, when it is first needed. */
export const createVerifier: CreateVerifier = made.createVerifier;

/** Makes a verifier without waiting, from the module passed as `wasm`, or from the one that `createVerifier` has loaded before. */
export const createVerifierSync: CreateVerifierSync = made.createVerifierSync;
