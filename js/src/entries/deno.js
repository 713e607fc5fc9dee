// Deno. Not TypeScript, since what it imports is none.
import { shared } from "./module-deno.js";
import { creators } from "../verifier.js";

export * from "../index.js";

const made = /* @__PURE__ */ creators(shared);

/** Makes a verifier; the WebAssembly module is loaded once, when it is first needed. */
export const createVerifier = made.createVerifier;

/** Makes a verifier without waiting. */
export const createVerifierSync = made.createVerifierSync;
