// Vite needs to be told nothing: neither its builds nor its development server.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build, createServer, version } from "vite";
import { employer, holds, html, input, judged, leftBehind, page, poolPage, program, runInChromium, runInNode, runServed } from "./outputs.mjs";
import { write } from "../consumer.mjs";

export function vite({ folder }) {
  const root = join(folder, "vite");
  const config = { root, configFile: false, logLevel: "error" };
  write(root, {
    "index.html": html("/page.mjs"),
    "page.mjs": page('import * as admissible from "admissible";'),
    "program.mjs": program('import * as admissible from "admissible";'),
  });

  test(`Vite ${version}: a page`, async () => {
    await build(config);
    const output = join(root, "dist");
    holds(1, output);
    judged("Vite", version, "page, build", await runServed(output));
  });

  test(`Vite ${version}: a page with a worker`, async () => {
    const office = join(folder, "vite-worker");
    write(office, { "index.html": html("/page.mjs"), ...employer });
    await build({ ...config, root: office });
    const output = join(office, "dist");
    holds(1, output);
    judged("Vite", version, "worker", await runServed(output));
  });

  const pool = join(folder, "vite-pool");
  write(pool, { "index.html": html("/page.mjs"), "page.mjs": poolPage });

  test(`Vite ${version}: a page with a pool`, async () => {
    await build({ ...config, root: pool });
    const output = join(pool, "dist");
    holds(1, output);
    judged("Vite", version, "pool", await runServed(output));
  });

  for (const [tried, from] of [["page", root], ["pool", pool]]) test(`Vite ${version}: the development server, ${tried}`, async () => {
    const middleware = {
      name: "input",
      configureServer: ({ middlewares }) => void middlewares.use("/input.json", (_request, response) => response.end(input)),
    };
    const server = await createServer({ ...config, root: from, plugins: [middleware], server: { host: "127.0.0.1", port: 0 } });
    try {
      await server.listen();
      judged("Vite", version, `${tried}, development server`, await runInChromium(server.resolvedUrls.local[0]));
    } finally {
      await server.close();
    }
  });

  const built = async (name, noExternal) => {
    const outDir = join(root, name, "dist");
    await build({ ...config, ssr: { noExternal }, build: { ssr: "program.mjs", outDir } });
    holds(0, outDir);
    return join(outDir, "program.js");
  };

  test(`Vite ${version}: a program, which imports the package`, async () => {
    judged("Vite", version, "Node.js", runInNode(await built("external", [])));
  });

  test(`Vite ${version}: a program that is one file says what to do about its module`, async () => {
    const path = await built("alone", true);
    assert.match(runInNode(path).failed[0].message, leftBehind);
    cpSync(join(folder, "node_modules/admissible/dist/wasm/core.wasm"), join(root, "alone/wasm/core.wasm"), { recursive: true });
    judged("Vite", version, "Node.js, noExternal and a copy of core.wasm", runInNode(path));
  });
}
