import type { WasmSource } from "../module.js";

/** The WebAssembly module, or its URL, as the runtime or bundler makes of the import: pass it on as `wasm`. */
declare const wasm: WasmSource;
export default wasm;
