// The pool where there are workers, and where there are none.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { write } from "../consumer.mjs";
import { record } from "../matrix.mjs";
import { fixtures } from "../suite/fixtures.mjs";
import { bun, deno, nodes, standardInput } from "./commands.mjs";
import { bundleWorker, version as workerdVersion, workerOptions } from "./workerd.mjs";

const suite = `
import * as admissible from "admissible/pool";
import { run } from "./pool-suite.mjs";
const input = await ${standardInput};
console.log(JSON.stringify(await run(admissible, JSON.parse(input))));
`;

/** A program that leaves its pool open, and is to end all the same. */
const left = `
import { createPool } from "admissible/pool";
const input = JSON.parse(await ${standardInput});
const pool = await createPool({ workers: 2 });
const { counts } = await pool.batch(Array(20).fill({ bundle: input.demo.bundle, ...input.demo.options }));
pool.inspect(input.demo.bundle, input.demo.options).then(({ verdict }) => console.log(counts.verified, verdict));
`;

/** An expression of what making a pool throws. */
const refused = "createPool().then(() => ({}), ({ name, code, message }) => ({ name, code, message }))";

const noWorkers = { name: "UsageError", code: "invalid-argument", message: "expected a runtime with workers, found none: use createVerifier" };

export function pool({ folder }) {
  const input = fixtures(10);
  const run = ({ program, flags }, main) => {
    write(folder, { "main.mjs": main });
    return spawnSync(program, [...flags, "main.mjs"], { cwd: folder, input, encoding: "utf8", maxBuffer: 1e9, timeout: 60_000 });
  };
  for (const runtime of [...nodes, deno, bun]) {
    const { name, version } = runtime;
    test(`${name} ${version}: admissible/pool`, () => {
      const { stdout, stderr, status } = run(runtime, suite);
      assert.equal(status, 0, stderr);
      const { passed, failed } = JSON.parse(stdout);
      record({ group: "runtime", name, version, tried: "admissible/pool", passed, failed: failed.length });
      assert.deepEqual(failed, []);
      assert.ok(passed > 20);
    });

    test(`${name} ${version}: a program ends when its pool has nothing to do, and not before`, () => {
      const { stdout, stderr, status } = run(runtime, left);
      assert.deepEqual({ stdout, stderr, status }, { stdout: "20 passed\n", stderr: "", status: 0 });
    });
  }

  test(`workerd ${workerdVersion}: there is no pool, and it says so`, async () => {
    const script = `import { createPool } from "admissible/pool"; export default { fetch: async () => Response.json(await ${refused}) };`;
    const miniflare = new Miniflare(workerOptions(await bundleWorker(folder, "worker-pool", script)));
    try {
      assert.deepEqual(await (await miniflare.dispatchFetch("http://worker.test/")).json(), noWorkers);
    } finally {
      await miniflare.dispose();
    }
  });

  test("edge-runtime: there is no pool, and it says so", async () => {
    write(folder, { "edge-pool.mjs": `import { createPool } from "admissible/pool"; addEventListener("fetch", (event) => event.respondWith(${refused}.then((told) => Response.json(told))));` });
    const { outputFiles } = await build({ absWorkingDir: folder, entryPoints: ["edge-pool.mjs"], bundle: true, write: false, format: "iife", target: "es2022", conditions: ["edge-light"], logLevel: "error" });
    const runtime = new EdgeRuntime({ initialCode: outputFiles[0].text, codeGeneration: { strings: false, wasm: false } });
    assert.deepEqual(await (await runtime.dispatchFetch("http://edge.test/")).json(), noWorkers);
  });
}
