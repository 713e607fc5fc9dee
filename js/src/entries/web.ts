// Browsers, and every runtime that has fetch.
import { creators, type CreateVerifier, type CreateVerifierSync } from "../verifier.js";

export * from "../index.js";

const made = /* @__PURE__ */ creators({ load: fetchModule });

/** Makes a verifier; the WebAssembly module is loaded once, when it is first needed. */
export const createVerifier: CreateVerifier = made.createVerifier;

/** Makes a verifier without waiting, from the module passed as `wasm`. */
export const createVerifierSync: CreateVerifierSync = made.createVerifierSync;

async function fetchModule(): Promise<WebAssembly.Module | ArrayBuffer> {
  const response = await fetch(new URL("../wasm/admissible.wasm", import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered with status ${String(response.status)}`);
  const streamable = response.headers.get("content-type")?.startsWith("application/wasm") === true;
  return streamable ? WebAssembly.compileStreaming(response) : response.arrayBuffer();
}
