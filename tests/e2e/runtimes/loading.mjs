// A module that cannot be had: whatever the runtime makes of a missing or damaged file, the caller sees one error of ours.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { write } from "../consumer.mjs";
import { bun, deno, nodes } from "./commands.mjs";

const wasm = "node_modules/admissible/dist/wasm/core.wasm";

const damages = [
  ["deleted", (path) => rmSync(path)],
  ["truncated", (path) => truncateSync(path, 4096)],
  ["emptied", (path) => truncateSync(path, 0)],
  ["a page that says 404", (path) => writeFileSync(path, "<!doctype html><title>404</title>")],
];

/** Each way of making a verifier, twice: a failure is neither kept nor turned into a success. */
const told = (entry, options = "") => `
import { createVerifier, createVerifierSync, UsageError } from ${JSON.stringify(entry)};
const told = [];
const made = (make) => make().then(() => told.push("made"), (error) => told.push(error instanceof UsageError ? error.code : String(error)));
for (const _ of [1, 2]) {
  await made(() => createVerifier(${options}));
  await made(async () => createVerifierSync(${options}));
}
console.log(JSON.stringify(told));
`;

/** Breaks copies of the project, and asks each runtime. */
export function loading({ folder }) {
  const run = ({ program, flags }, cwd) => {
    const { stdout, stderr, status } = spawnSync(program, [...flags, "told.mjs"], { cwd, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };

  for (const [damage, inflict] of damages) {
    const broken = mkdtempSync(join(tmpdir(), "admissible-broken-"));
    after(() => rmSync(broken, { recursive: true, force: true }));
    cpSync(folder, broken, { recursive: true, verbatimSymlinks: true });
    inflict(join(broken, wasm));
    write(broken, { "told.mjs": told("admissible") });
    for (const runtime of [...nodes, bun]) {
      test(`${runtime.name} ${runtime.version}: a module that is ${damage} is one error`, () => {
        assert.deepEqual(run(runtime, broken), ["verifier-lost", "verifier-lost", "verifier-lost", "verifier-lost"]);
      });
    }
    // Deno loads the module with the program, as its source phase demands: a program that lacks it does not start.
    test(`${deno.name} ${deno.version}: a program whose module is ${damage} does not start`, () => {
      const { stdout, stderr, status } = spawnSync(deno.program, [...deno.flags, "told.mjs"], { cwd: broken, encoding: "utf8" });
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, /admissible\/dist\/wasm\/core\.wasm/u);
    });
  }

  for (const [options, code] of [["", "invalid-argument"], ["{ wasm: undefined }", "invalid-argument"], ["{ wasm: new Uint8Array(8) }", "verifier-lost"]]) {
    for (const runtime of [...nodes, deno, bun]) {
      test(`${runtime.name} ${runtime.version}: admissible/slim(${options}) is ${code}`, () => {
        write(folder, { "told.mjs": told("admissible/slim", options) });
        assert.deepEqual(run(runtime, folder), [code, code, code, code]);
      });
    }
  }

  // Nothing but the promise keeps the program going.
  for (const runtime of [...nodes, deno, bun]) {
    test(`${runtime.name} ${runtime.version}: a program does not end before its module is there`, () => {
      const url = `data:application/wasm;base64,${readFileSync(join(folder, wasm)).toString("base64")}`;
      const main = `import { createVerifier } from "admissible/slim"; createVerifier({ wasm: ${JSON.stringify(url)} }).then(() => console.log('"made"'));`;
      write(folder, { "told.mjs": main });
      assert.equal(run(runtime, folder), "made");
    });
  }
}
