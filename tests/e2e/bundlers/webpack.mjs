// webpack needs to be told nothing.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import webpackBuild from "webpack";
import { write } from "../consumer.mjs";
import { employer, holds, html, judged, page, poolPage, program, runInNode, runServed } from "./outputs.mjs";

const { version } = webpackBuild;

/** Builds; warnings count as errors, but for the one about the module's size. */
async function build(configuration) {
  const stats = await new Promise((resolve, reject) => {
    webpackBuild({ mode: "production", performance: false, ...configuration }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
  assert.deepEqual([...stats.compilation.errors, ...stats.compilation.warnings].map(({ message }) => message), []);
}

export function webpack({ folder }) {
  write(folder, {
    "webpack/page.mjs": page('import * as admissible from "admissible";'),
    "webpack/program.mjs": program('import * as admissible from "admissible";'),
  });

  test(`webpack ${version}: a page`, async () => {
    const output = join(folder, "webpack", "page");
    await build({ context: folder, entry: "./webpack/page.mjs", output: { path: output, filename: "page.js" } });
    write(output, { "index.html": html("page.js") });
    holds(1, output);
    judged("webpack", version, "page", await runServed(output));
  });

  test(`webpack ${version}: a page with a worker`, async () => {
    write(join(folder, "webpack-worker"), employer);
    const output = join(folder, "webpack-worker", "dist");
    await build({ context: folder, entry: "./webpack-worker/page.mjs", output: { path: output, filename: "page.js" } });
    write(output, { "index.html": html("page.js") });
    holds(1, output);
    judged("webpack", version, "worker", await runServed(output));
  });

  test(`webpack ${version}: a page with a pool`, async () => {
    write(join(folder, "webpack-pool"), { "page.mjs": poolPage });
    const output = join(folder, "webpack-pool", "dist");
    await build({ context: folder, entry: "./webpack-pool/page.mjs", output: { path: output, filename: "page.js" } });
    write(output, { "index.html": html("page.js") });
    holds(1, output);
    judged("webpack", version, "pool", await runServed(output));
  });

  const formats = [
    ["CommonJS", { filename: "program.cjs" }, {}],
    ["ESM", { filename: "program.mjs", module: true }, { outputModule: true }],
  ];
  for (const [format, output, experiments] of formats) {
    test(`webpack ${version}: Node.js, ${format}`, async () => {
      const path = join(folder, "webpack", format);
      await build({ context: folder, entry: "./webpack/program.mjs", target: "node20", output: { path, ...output }, experiments });
      holds(1, path);
      judged("webpack", version, `Node.js, ${format}`, runInNode(join(path, output.filename)));
    });
  }
}
