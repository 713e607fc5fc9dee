//! The wasm-bindgen border of admissible.
