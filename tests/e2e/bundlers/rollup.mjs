// Rollup does not know `new URL("…", import.meta.url)`: it takes a plugin, which users copy from here, or `admissible/inline`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup as rollupBuild, VERSION as version } from "rollup";
import { write } from "../consumer.mjs";
import { holds, html, judged, page, poolPage, program, runInNode, runServed } from "./outputs.mjs";

/** Writes the .wasm files and the workers that code names beside the output, and names them there. */
export const wasmFiles = {
  name: "wasm-files",
  transform(code, id) {
    return code.replace(/new URL\("(.+\.wasm|.+-worker-\w+\.js)", import\.meta\.url\)/u, (_, path) => {
      const file = fileURLToPath(new URL(path, pathToFileURL(id)));
      const emitted = path.endsWith(".wasm") ? { type: "asset", name: "core.wasm", source: readFileSync(file) } : { type: "chunk", id: file };
      return `new URL(import.meta.ROLLUP_FILE_URL_${this.emitFile(emitted)})`;
    });
  },
};

const builds = [
  ["page", page, "admissible", { plugins: [nodeResolve({ browser: true }), wasmFiles] }],
  ["page with a pool", () => poolPage, "admissible/pool", { plugins: [nodeResolve({ browser: true }), wasmFiles] }],
  ["page, admissible/inline", page, "admissible/inline", { plugins: [nodeResolve({ browser: true })] }],
  ["Node.js", program, "admissible", { plugins: [nodeResolve({ exportConditions: ["node"] }), wasmFiles], external: /^node:/u }],
  ["Node.js, admissible/inline", program, "admissible/inline", { plugins: [nodeResolve()], external: /^node:/u }],
];

export function rollup({ folder }) {
  for (const [at, [tried, main, entry, configuration]] of builds.entries()) {
    test(`Rollup ${version}: ${tried}`, async () => {
      const name = `rollup-${at}`;
      const output = join(folder, name);
      write(folder, { [`${name}.mjs`]: main(`import * as admissible from "${entry}";`) });
      const build = await rollupBuild({ input: join(folder, `${name}.mjs`), ...configuration, onwarn: (warning) => assert.fail(warning.message) });
      await build.write({ dir: output, entryFileNames: "main.mjs" });
      await build.close();
      holds(1, output);
      const served = main !== program;
      if (served) write(output, { "index.html": html("main.mjs") });
      judged("Rollup", version, tried, served ? await runServed(output) : runInNode(join(output, "main.mjs")));
    });
  }
}
