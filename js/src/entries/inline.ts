// One file, which needs neither a server nor a bundler's help: the module is part of the script.
import { base64 } from "../wasm/inline.js";
import { SharedModule } from "../module.js";
import { creators, type CreateVerifier, type CreateVerifierSync } from "../verifier.js";

export * from "../index.js";

const decode = (): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const made = /* @__PURE__ */ creators(/* @__PURE__ */ new SharedModule({ load: async () => decode(), loadSync: decode }));

/** Makes a verifier; the WebAssembly module is compiled once, when it is first needed. */
export const createVerifier: CreateVerifier = made.createVerifier;

/** Makes a verifier without waiting. */
export const createVerifierSync: CreateVerifierSync = made.createVerifierSync;
