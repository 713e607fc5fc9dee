// Node.js and Bun.
import { shared } from "./module-node.js";
import { creators, type CreateVerifier, type CreateVerifierSync } from "../verifier.js";

export * from "../index.js";

const made = /* @__PURE__ */ creators(shared);

/** Makes a verifier; the WebAssembly module is loaded once, when it is first needed. */
export const createVerifier: CreateVerifier = made.createVerifier;

/** Makes a verifier without waiting. */
export const createVerifierSync: CreateVerifierSync = made.createVerifierSync;
