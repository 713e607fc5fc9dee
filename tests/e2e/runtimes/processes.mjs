// Node.js, Deno and Bun: each entry of the package that they can load, in a process of its own.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { write } from "../consumer.mjs";
import { record } from "../matrix.mjs";
import { fixtures } from "../suite/fixtures.mjs";
import { bun, deno, nodes, standardInput } from "./commands.mjs";

/** Cases of each kind, where only the way of loading differs from a run over all of them. */
const FEW = 10;

const suite = (how = "") => `
import { run } from "./suite.mjs";
const input = await ${standardInput};
console.log(JSON.stringify(await run(admissible, JSON.parse(input)${how})));
`;

/** Node.js and Bun have the module as a file, whose place the package's exports tell. */
const file = `
import { readFileSync } from "node:fs";
import * as admissible from "admissible/slim";
const wasm = new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("admissible/core.wasm"))));
`;

/** Deno imports a compiled module, and needs no permission for that. */
const source = `
import source wasm from "admissible/core.wasm";
import * as admissible from "admissible/slim";
`;

const everywhere = [...nodes, deno, bun];
const entries = [
  { tried: "admissible", main: `import * as admissible from "admissible";${suite()}`, cases: Infinity, runtimes: everywhere },
  { tried: "admissible/slim", main: `${file}${suite(", { wasm }")}`, cases: FEW, runtimes: [...nodes, bun] },
  { tried: "admissible/slim", main: `${source}${suite(", { wasm }")}`, cases: FEW, runtimes: [deno] },
  { tried: "admissible/inline", main: `import * as admissible from "admissible/inline";${suite()}`, cases: FEW, runtimes: everywhere },
];

/** Runs the suite in each of them. */
export function processes({ folder }) {
  for (const { tried, main, cases, runtimes } of entries) {
    const input = fixtures(cases);
    for (const { name, version, program, flags } of runtimes) {
      test(`${name} ${version}: ${tried}`, () => {
        write(folder, { "main.mjs": main });
        const { stdout, stderr, status } = spawnSync(program, [...flags, "main.mjs"], { cwd: folder, input, encoding: "utf8", maxBuffer: 1e9 });
        assert.equal(status, 0, stderr);
        const { passed, failed } = JSON.parse(stdout);
        record({ group: "runtime", name, version, tried, passed, failed: failed.length });
        assert.deepEqual(failed, []);
        assert.ok(passed > Math.min(cases, 100) * 2);
      });
    }
  }
}
