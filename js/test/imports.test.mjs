// What the module may ask of its host: objects to hand a report over with, and its word on a signature. No network, clock or randomness.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// Which of these remain depends on what the optimiser finds in use.
const allowed = [
  "__wbg_Error", // new Error
  "__wbg___wbindgen_is_string", // typeof x === "string"
  "__wbg___wbindgen_throw", // throw new Error
  "__wbg_ask", // whether a signature is valid, for what returns a promise
  "__wbg_isValid", // the same, where the host answers at once
  "__wbg_from", // Array.from
  "__wbg_new", // new Object, Array, Map, Uint8Array
  "__wbg_set", // object[key] = value, map.set
  "__wbindgen_generic", // a number, string or Uint8Array from memory
  "__wbindgen_init_externref_table", // undefined, null, true, false
];

const read = (path) => readFileSync(new URL(`../dist/wasm/${path}`, import.meta.url));

test("the module imports nothing beyond the list", () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(read("core.wasm")));
  const names = imports.map(({ name }) => name.replace(/_[0-9a-f]{16}$/u, ""));
  assert.deepEqual(names.filter((name) => !allowed.includes(name)), []);
  assert.deepEqual([...new Set(imports.map(({ kind }) => kind))], ["function"]);
});

test("the glue reaches for nothing of the host's", () => {
  const glue = read("glue.js").toString();
  for (const name of ["fetch", "Date", "performance", "crypto", "Math.random", "console", "process", "document", "globalThis", "eval"]) {
    assert.doesNotMatch(glue, new RegExp(`\\b${name.replace(".", "\\.")}\\b`, "u"));
  }
});
