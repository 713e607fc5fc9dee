// esbuild leaves `new URL("…", import.meta.url)` as it is: what names the module must be an import, with a loader for it.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { build, version } from "esbuild";
import { write } from "../consumer.mjs";
import { holds, html, judged, leftBehind, page, pooled, program, runInNode, runServed } from "./outputs.mjs";

const ours = 'import * as admissible from "admissible";';
const inline = 'import * as admissible from "admissible/inline";';
const slim = 'import * as admissible from "admissible/slim"; import wasm from "admissible/core.wasm";';

const builds = [
  {
    tried: "page, admissible/slim and --loader:.wasm=file",
    main: page(slim, ", { wasm: new URL(wasm, import.meta.url) }"),
    options: { format: "esm", loader: { ".wasm": "file" } },
    modules: 1,
  },
  {
    tried: "page with a pool, --loader:.wasm=file and the worker as an entry point",
    main: pooled(page('import * as admissible from "admissible/pool"; import wasm from "admissible/core.wasm";', ", { wasm: new URL(wasm, import.meta.url) }")),
    options: { format: "esm", loader: { ".wasm": "file" } },
    worker: "node_modules/admissible/dist/entries/pool-worker-web.js",
    modules: 1,
  },
  { tried: "page, admissible/inline", main: page(inline), options: { format: "iife" }, modules: 1 },
  { tried: "Node.js, --packages=external", main: program(ours), options: { platform: "node", format: "esm", packages: "external" }, modules: 0 },
  {
    tried: "Node.js, admissible/slim and --loader:.wasm=binary",
    main: program(slim, ", { wasm }"),
    options: { platform: "node", format: "esm", target: "node20", loader: { ".wasm": "binary" } },
    modules: 1,
  },
  { tried: "Node.js, admissible/inline as CommonJS", main: program(inline), options: { platform: "node", format: "cjs" }, modules: 1 },
];

export function esbuild({ folder }) {
  const built = async (name, main, options) => {
    const outfile = join(folder, name, options.format === "cjs" ? "main.cjs" : "main.mjs");
    write(folder, { [`${name}.mjs`]: main });
    const { warnings } = await build({ absWorkingDir: folder, entryPoints: [`${name}.mjs`], bundle: true, outfile, logLevel: "silent", ...options });
    return { outfile, warnings };
  };

  for (const [at, { tried, main, options, worker, modules }] of builds.entries()) {
    test(`esbuild ${version}: ${tried}`, async () => {
      const { outfile, warnings } = await built(`esbuild-${at}`, main, options);
      const output = dirname(outfile);
      if (worker !== undefined) await build({ absWorkingDir: folder, entryPoints: [worker], bundle: true, outdir: output, logLevel: "silent", ...options });
      assert.deepEqual(warnings, []);
      holds(modules, output);
      write(output, { "index.html": html("main.mjs") });
      judged("esbuild", version, tried, options.platform === "node" ? runInNode(outfile) : await runServed(output));
    });
  }

  for (const format of ["esm", "cjs"]) {
    test(`esbuild ${version}: a program as ${format} without its module says what to do`, async () => {
      const { outfile } = await built(`esbuild-alone-${format}`, program(ours), { platform: "node", format });
      const { failed } = runInNode(outfile);
      assert.match(failed[0].message, leftBehind);
    });
  }
}
