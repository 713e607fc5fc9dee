// A program that asks registries, in every server-side runtime: over the runtime's own fetch.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { write } from "../consumer.mjs";
import { record } from "../matrix.mjs";
import { bun, deno, nodes } from "./commands.mjs";
import { bundleWorker, version as workerdVersion, workerOptions } from "./workerd.mjs";

/**
 * Runs the program's `outcomes` in each of them.
 *
 * @param {{ folder: string }} project in which the package is installed
 * @param {string} tried what is tried, for the matrix
 * @param {() => string} program its source, when the tests run
 * @param {(outcomes: unknown[]) => void} judge told what each found
 */
export function everywhere({ folder }, tried, program, judge) {
  const judged = (name, version, outcomes) => {
    record({ group: "runtime", name, version, tried, passed: outcomes.length, failed: 0 });
    judge(outcomes);
  };
  for (const { name, version, program: command, flags } of [...nodes, { ...deno, flags: [...deno.flags, "--allow-net=127.0.0.1,localhost"] }, bun]) {
    test(`${name} ${version}: from a reference to a verdict`, async () => {
      write(folder, { "outcomes.mjs": program(), "ask.mjs": 'import { outcomes } from "./outcomes.mjs";\nconsole.log(JSON.stringify(await outcomes()));\n' });
      const { text } = await output(folder, command, [...flags, "ask.mjs"]);
      judged(name, version, JSON.parse(text));
    });
  }

  test(`workerd ${workerdVersion}: from a reference to a verdict`, async () => {
    write(folder, { "outcomes.mjs": program() });
    const script = await bundleWorker(folder, "asking", 'import { outcomes } from "./outcomes.mjs";\nexport default { fetch: async () => Response.json(await outcomes()) };\n');
    const miniflare = new Miniflare(workerOptions(script));
    try {
      const response = await miniflare.dispatchFetch("http://worker.test/");
      const text = await response.text();
      assert.equal(response.status, 200, text);
      judged("workerd", workerdVersion, JSON.parse(text));
    } finally {
      await miniflare.dispose();
    }
  });
}

/** What one of the examples prints, and its status. */
export async function example({ folder }, name, argv, environment = {}) {
  write(folder, { [name]: readFileSync(new URL(`../../../examples/${name}`, import.meta.url)) });
  return output(folder, process.execPath, [name, ...argv], environment);
}

async function output(folder, command, argv, environment = {}) {
  const child = spawn(command, argv, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], timeout: 60_000, env: { ...process.env, ...environment } });
  const exit = new Promise((resolve) => child.on("close", resolve));
  let text = "";
  for await (const piece of child.stdout) text += piece;
  return { text, status: await exit };
}
