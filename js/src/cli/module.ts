import { readFileSync } from "node:fs";

/** The WebAssembly module, compiled. */
export function wasmModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL("../wasm/admissible.wasm", import.meta.url)));
}
