// Vercel's edge runtime. The bundler compiles what is imported with `?module`, and hands it in as a global of the context.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";
import { write } from "../consumer.mjs";
import { record } from "../matrix.mjs";
import { fixtures } from "../suite/fixtures.mjs";

const { version } = createRequire(import.meta.url)("edge-runtime/package.json");

const worker = `
import * as admissible from "admissible";
import { run } from "./suite.mjs";
addEventListener("fetch", (event) => {
  event.respondWith(event.request.json().then((input) => run(admissible, input)).then((outcome) => new Response(JSON.stringify(outcome))));
});
`;

/** What Next.js does with such an import; fills `modules` by the global's name. */
const compiledModules = (modules) => ({
  name: "wasm?module",
  // The filters are for Go, which knows no flag `u`.
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path, importer }) => ({
      namespace: "wasm-module",
      path: resolve(dirname(importer), path.slice(0, -"?module".length)),
    }));
    onLoad({ filter: /.*/, namespace: "wasm-module" }, ({ path }) => {
      const name = `wasm_${Object.keys(modules).length}`;
      modules[name] = new WebAssembly.Module(readFileSync(path));
      return { contents: `export default globalThis.${name};` };
    });
  },
});

/** Runs the suite there. The module is of another realm than the code that uses it. */
export function edgeRuntime({ folder }) {
  test(`edge-runtime ${version}: admissible`, async () => {
    write(folder, { "edge.mjs": worker });
    const modules = {};
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: ["edge.mjs"],
      bundle: true,
      write: false,
      format: "iife",
      target: "es2022",
      conditions: ["edge-light"],
      plugins: [compiledModules(modules)],
      logLevel: "error",
    });
    assert.equal(Object.keys(modules).length, 1);
    const runtime = new EdgeRuntime({
      initialCode: outputFiles[0].text,
      codeGeneration: { strings: false, wasm: false },
      extend: (context) => Object.assign(context, modules),
    });
    const response = await runtime.dispatchFetch("http://edge.test/", { method: "POST", body: fixtures() });
    const { passed, failed } = JSON.parse(await response.text());
    record({ group: "runtime", name: "edge-runtime", version, tried: "admissible", passed, failed: failed.length });
    assert.deepEqual(failed, []);
    assert.ok(passed > 200);
  });
}
