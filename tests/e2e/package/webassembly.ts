// Where `WebAssembly` is known, its modules are modules.

import { createVerifier, createVerifierSync } from "admissible";

export const [given, promised] = [
  createVerifierSync({ wasm: new WebAssembly.Module(new Uint8Array()) }),
  createVerifier({ wasm: WebAssembly.compileStreaming(fetch("/core.wasm")) }),
];
