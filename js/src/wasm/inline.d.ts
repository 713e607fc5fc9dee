/** `core.wasm` in base64, as `cargo xtask build` writes it to `dist/wasm/inline.js`. */
export const base64: string;
