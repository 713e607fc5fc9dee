// Cloudflare Workers: workerd itself, by miniflare. It compiles no WebAssembly at run time, so the module must arrive as an import.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { tool, write } from "../consumer.mjs";
import { record } from "../matrix.mjs";
import { fixtures } from "../suite/fixtures.mjs";

export const version = spawnSync(tool(".bin/workerd"), ["--version"], { encoding: "utf8" }).stdout?.match(/\d[\d.-]+/u)?.[0] ?? "missing";

const worker = (imports, how = "") => `
${imports}
import { run } from "./suite.mjs";
export default { fetch: async (request) => Response.json(await run(admissible, await request.json()${how})) };
`;

/** A worker that tells what making a verifier threw. */
const refusal = `
import { createVerifier } from "admissible/inline";
export default { fetch: () => createVerifier().then(() => new Response("made"), ({ name, code, message }) => Response.json({ name, code, message })) };
`;

/**
 * Bundles a worker as Cloudflare's tools do: by the conditions of Workers, with each imported .wasm file beside the script.
 *
 * @param {string} folder the project in which the package is installed
 * @param {string} name the worker's, unique in the project
 * @param {string} script its source
 * @returns {Promise<string>} the bundle's path
 */
export async function bundleWorker(folder, name, script) {
  write(folder, { [`${name}.mjs`]: script });
  const outfile = join(folder, "workers", name, "index.mjs");
  await build({
    absWorkingDir: folder,
    entryPoints: [`${name}.mjs`],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  return outfile;
}

/** How miniflare is to load such a bundle. */
export const workerOptions = (scriptPath) => ({
  modules: true,
  modulesRoot: join(scriptPath, ".."),
  scriptPath,
  modulesRules: [{ type: "ESModule", include: ["**/*.mjs"] }, { type: "CompiledWasm", include: ["**/*.wasm"] }],
  compatibilityDate: "2026-07-01",
});

/** Runs the suite there, by the default entry, with and without the worker's `node:crypto`, and by the entry that is handed the module. */
export function workerd({ folder }) {
  const ask = async (name, script, body, compatibilityFlags = []) => {
    const miniflare = new Miniflare({ ...workerOptions(await bundleWorker(folder, name, script)), compatibilityFlags });
    try {
      const response = await miniflare.dispatchFetch("http://worker.test/", { method: "POST", body });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      return JSON.parse(text);
    } finally {
      await miniflare.dispose();
    }
  };

  const entries = [
    ["admissible", worker('import * as admissible from "admissible";'), Infinity],
    ["admissible, nodejs_compat", worker('import * as admissible from "admissible";'), Infinity, ["nodejs_compat"]],
    ["admissible/slim", worker('import * as admissible from "admissible/slim"; import wasm from "admissible/core.wasm";', ", { wasm }"), 10],
  ];
  for (const [tried, script, most, flags] of entries) {
    test(`workerd ${version}: ${tried}`, async () => {
      const { passed, failed } = await ask(`worker-${tried.replaceAll(/\W+/gu, "-")}`, script, fixtures(most), flags);
      record({ group: "runtime", name: "workerd", version, tried, passed, failed: failed.length });
      assert.deepEqual(failed, []);
      assert.ok(passed > Math.min(most, 100) * 2);
    });
  }

  test(`workerd ${version}: admissible/inline is refused, since nothing may be compiled there`, async () => {
    const { name, code, message } = await ask("worker-inline", refusal, "");
    assert.deepEqual({ name, code }, { name: "UsageError", code: "verifier-lost" }, message);
  });
}
