// Node.js and Bun: the module is a file beside this one.
import { readFileSync } from "node:fs";
import { SharedModule } from "../module.js";

export const shared: SharedModule = /* @__PURE__ */ new SharedModule({ load: async () => readModule(), loadSync: readModule });

function readModule(): Uint8Array {
  try {
    return readFileSync(new URL("../wasm/core.wasm", import.meta.url));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${reason}; ${leftBehind}`, { cause });
  }
}

/** A bundler that moved this file has left the module where it was, or has taken away what tells this file's own place. */
const leftBehind =
  "where a bundler left core.wasm behind, copy `admissible/core.wasm` there, mark the package `admissible` as external, or pass the module to `admissible/slim`";
