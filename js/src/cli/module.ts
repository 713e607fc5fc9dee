import { readFileSync } from "node:fs";

/** The WebAssembly module, compiled. */
export function wasmModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL("../wasm/core.wasm", import.meta.url)));
}
