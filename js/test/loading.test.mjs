// How an instance comes and goes: loaded once, tried again after a failure, replaced after a trap.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Engine } from "../dist/engine.js";
import { createVerifier, UsageError } from "../dist/entries/node.js";
import * as web from "../dist/entries/web.js";
import { creators } from "../dist/verifier.js";
import { bundleBytes, bundleText, options } from "./demo.mjs";

const wasm = readFileSync(new URL("../dist/wasm/admissible.wasm", import.meta.url));
const module = new WebAssembly.Module(wasm);

test("the module is loaded once for any number of callers", async () => {
  let loads = 0;
  const { createVerifier: create } = creators({ load: async () => (loads += 1, wasm) });
  await Promise.all([create(), create(), create()]);
  await create();
  assert.equal(loads, 1);
});

test("a failed load is tried again by the next caller", async () => {
  let loads = 0;
  const { createVerifier: create } = creators({
    async load() {
      loads += 1;
      if (loads === 1) throw new Error("no route");
      return wasm;
    },
  });
  await assert.rejects(Promise.all([create(), create()]), { name: "UsageError", code: "verifier-lost" });
  assert.equal((await (await create()).inspect(bundleText, options)).verdict, "passed");
  assert.equal(loads, 2);
});

test("a runtime that must wait says so", () => {
  const { createVerifierSync: create } = creators({ load: async () => wasm });
  assert.throws(create, { code: "invalid-argument" });
  for (const source of [wasm, module]) assert.equal(create({ wasm: source }).inspectSync(bundleText, options).verdict, "passed");
});

test("the browser entry fetches the module, and compiles it as it arrives", async (t) => {
  const answers = [
    new Response(null, { status: 404 }),
    new Response(wasm, { headers: { "content-type": "application/wasm" } }),
  ];
  const fetched = t.mock.method(globalThis, "fetch", async () => answers.shift());
  await assert.rejects(web.createVerifier(), { code: "verifier-lost" });
  const verifier = await web.createVerifier();
  assert.equal(verifier.verifySync(bundleText, options).report.verdict, "passed");
  assert.match(String(fetched.mock.calls[0].arguments[0]), /wasm\/admissible\.wasm$/u);
});

test("a trap denies, and the next call has a fresh instance", () => {
  const engine = new Engine(module, undefined);
  const text = JSON.stringify(options);
  const tooLarge = new Uint8Array(2 ** 31);
  for (const call of ["verify", "inspect"]) {
    assert.throws(() => engine[call](bundleBytes, tooLarge, text), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.code, "verifier-lost");
      assert.ok(error.cause instanceof WebAssembly.RuntimeError);
      return true;
    });
    assert.equal(engine.inspect(bundleBytes, undefined, text).verdict, "passed");
  }
});

test("digests in the making do not outlive their instance", () => {
  const engine = new Engine(module, undefined);
  const hash = engine.hash([bundleBytes]);
  assert.throws(() => engine.inspect(bundleBytes, new Uint8Array(2 ** 31), "{}"), { code: "verifier-lost" });
  assert.throws(() => hash.update(new Uint8Array(1)), { code: "verifier-lost" });
  hash.free();
});

test("two verifiers share no instance", async () => {
  const [one, other] = await Promise.all([createVerifier(), createVerifier()]);
  assert.deepEqual(one.inspectSync(bundleText, options), other.inspectSync(bundleText, options));
});
