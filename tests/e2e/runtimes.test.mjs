// The suite in every server-side runtime that the package says it runs in, each with the tarball installed as a stranger would.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";
import { consumer, tool } from "./consumer.mjs";
import { record } from "./matrix.mjs";
import { fixtures } from "./suite/fixtures.mjs";

/** Reads the fixtures from the standard input, runs the suite, prints the outcome: for Node.js, Deno and Bun alike. */
const main = `
import * as admissible from "admissible";
import { run } from "./suite.mjs";
const input = await new Response(globalThis.Deno?.stdin.readable ?? globalThis.Bun?.stdin.stream() ?? process.stdin).text();
console.log(JSON.stringify(await run(admissible, JSON.parse(input))));
`;

const { folder, remove } = consumer({ "main.mjs": main });
after(remove);
const input = fixtures();

const commands = [
  { name: "Node.js", command: [tool("node20/bin/node")] },
  { name: "Node.js", command: [tool("node22/bin/node")] },
  { name: "Node.js", command: [tool("node24/bin/node")] },
  { name: "Deno", command: [tool(".bin/deno"), "run", "--no-prompt"] },
  { name: "Bun", command: [tool(".bin/bun"), "run"] },
];

for (const { name, command: [program, ...flags] } of commands) {
  const version = spawnSync(program, ["--version"], { encoding: "utf8" }).stdout?.match(/\d+\.\d+\.\d+/u)?.[0] ?? "missing";
  test(`${name} ${version}`, () => {
    const { stdout, stderr, status } = spawnSync(program, [...flags, "main.mjs"], { cwd: folder, input, encoding: "utf8", maxBuffer: 1e9 });
    assert.equal(status, 0, stderr);
    const { passed, failed } = JSON.parse(stdout);
    record({ group: "runtime", name, version, tried: "admissible", passed, failed: failed.length });
    assert.deepEqual(failed, []);
    assert.ok(passed > 200);
  });
}
