// How an instance comes and goes: loaded once, tried again after a failure, replaced after a trap.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Engine } from "../dist/engine.js";
import { createVerifier, UsageError } from "../dist/entries/node.js";
import * as inline from "../dist/entries/inline.js";
import * as slim from "../dist/entries/slim.js";
import * as web from "../dist/entries/web.js";
import { HostSignatures } from "../dist/host/signatures.js";
import { SharedModule } from "../dist/module.js";
import { creators } from "../dist/verifier.js";
import { bundleBytes, bundleText, options } from "./demo.mjs";

const wasm = readFileSync(new URL("../dist/wasm/core.wasm", import.meta.url));
const module = new WebAssembly.Module(wasm);

test("the module is loaded once for any number of callers", async () => {
  let loads = 0;
  const { createVerifier: create } = creators(new SharedModule({ load: async () => (loads += 1, wasm) }));
  await Promise.all([create(), create(), create()]);
  await create();
  assert.equal(loads, 1);
});

test("a failed load is tried again by the next caller", async () => {
  let loads = 0;
  const { createVerifier: create } = creators(new SharedModule({
    async load() {
      loads += 1;
      if (loads === 1) throw new Error("no route");
      return wasm;
    },
  }));
  await assert.rejects(Promise.all([create(), create()]), { name: "UsageError", code: "verifier-lost" });
  assert.equal((await (await create()).inspect(bundleText, options)).verdict, "passed");
  assert.equal(loads, 2);
});

test("a runtime that must wait says so", () => {
  const { createVerifierSync: create } = creators(new SharedModule({ load: async () => wasm }));
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
  assert.match(String(fetched.mock.calls[0].arguments[0]), /wasm\/core\.wasm$/u);
});

test("a page whose module cannot be had is told where it was looked for, and what came", async (t) => {
  const url = "https://acme.example/core.wasm";
  const answer = (body, init) => Object.defineProperty(new Response(body, init), "url", { value: url });
  const typed = (type) => ({ headers: { "content-type": type } });
  const fine = `${url} answered with status 200 and content type`;
  for (const [fetch, reason] of [
    [async () => answer(null, { status: 404 }), `${url} answered with status 404 and no content type`],
    [async () => answer("<html>", typed("text/html")), `${fine} text/html: WebAssembly.compile`],
    [async () => answer(wasm.subarray(0, 1000), typed("application/wasm")), `${fine} application/wasm: WebAssembly.compileStreaming`],
    [async () => new Response("<html>"), "a Response answered with status 200 and content type text/plain"],
    [() => Promise.reject(new TypeError("Failed to fetch")), `${url} could not be fetched: Failed to fetch`],
  ]) {
    const fetched = t.mock.method(globalThis, "fetch", fetch);
    const { createVerifier: create } = creators(new SharedModule({ load: () => new URL(url) }));
    await assert.rejects(create(), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.code, "verifier-lost");
      assert.ok(error.message.includes(reason), error.message);
      return true;
    });
    fetched.mock.restore();
  }
});

test("whatever a server calls the module, it is one", async (t) => {
  for (const type of ["application/wasm", "Application/WASM", "application/wasm; charset=utf-8", "application/octet-stream", "text/html"]) {
    const fetched = t.mock.method(globalThis, "fetch", async () => new Response(wasm, { headers: { "content-type": type } }));
    assert.equal((await slim.createVerifier({ wasm: "/core.wasm" })).inspectSync(bundleText, options).verdict, "passed", type);
    fetched.mock.restore();
  }
});

test("the slim entry takes the module in every form, and says when there is none", async (t) => {
  t.mock.method(globalThis, "fetch", async (url) => new Response(String(url).endsWith("core.wasm") ? wasm : null));
  const response = () => new Response(wasm, { headers: { "content-type": "application/wasm" } });
  for (const source of [wasm, module, wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length), response(), Promise.resolve(response()), "/core.wasm", new URL("https://acme.example/core.wasm")]) {
    assert.equal((await slim.createVerifier({ wasm: source })).inspectSync(bundleText, options).verdict, "passed");
  }
  assert.equal(slim.createVerifierSync({ wasm: module }).inspectSync(bundleText, options).verdict, "passed");
  await assert.rejects(slim.createVerifier(), { code: "invalid-argument", message: /core\.wasm/u });
  assert.throws(() => slim.createVerifierSync(), { code: "invalid-argument", message: /core\.wasm/u });
});

test("what is no module is refused, and what is a damaged one too", async () => {
  for (const wrong of [7, null, {}, true, []]) {
    await assert.rejects(slim.createVerifier({ wasm: wrong }), { code: "invalid-argument" });
    assert.throws(() => slim.createVerifierSync({ wasm: wrong }), { code: "invalid-argument" });
  }
  for (const later of [Promise.resolve(wasm), "/core.wasm"]) assert.throws(() => slim.createVerifierSync({ wasm: later }), { code: "invalid-argument" });
  const damaged = wasm.subarray(0, wasm.length - 1);
  await assert.rejects(slim.createVerifier({ wasm: damaged }), { code: "verifier-lost" });
  assert.throws(() => slim.createVerifierSync({ wasm: damaged }), { code: "verifier-lost" });
  await assert.rejects(slim.createVerifier({ wasm: Promise.reject(new Error("no route")) }), { code: "verifier-lost", message: /no route/u });
});

test("the inline entry needs no file, and the module without SIMD gives the same report", async () => {
  const baseline = readFileSync(new URL("../dist/wasm/core-baseline.wasm", import.meta.url));
  const expected = JSON.stringify((await createVerifier()).inspectSync(bundleText, options));
  assert.equal(JSON.stringify(inline.createVerifierSync().inspectSync(bundleText, options)), expected);
  assert.equal(JSON.stringify((await inline.createVerifier()).inspectSync(bundleText, options)), expected);
  assert.equal(JSON.stringify((await createVerifier({ wasm: baseline })).inspectSync(bundleText, options)), expected);
  assert.notDeepEqual(baseline, wasm);
});

test("a runtime without SIMD is told which module to take", async (t) => {
  const validate = WebAssembly.validate;
  t.mock.method(WebAssembly, "compile", async () => { throw new WebAssembly.CompileError("invalid value type"); });
  await assert.rejects(slim.createVerifier({ wasm }), (error) => error.code === "verifier-lost" && !/SIMD/u.test(error.message));
  t.mock.method(WebAssembly, "validate", (bytes) => {
    assert.ok(validate.call(WebAssembly, bytes), "the probe is valid where SIMD is");
    return false;
  });
  await assert.rejects(slim.createVerifier({ wasm }), { code: "verifier-lost", message: /no WebAssembly SIMD: pass `admissible\/core-baseline\.wasm`/u });
});

test("a module that does not start says so, and why", async () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const error = { name: "UsageError", code: "verifier-lost", message: /module did not start: ./u };
  await assert.rejects(createVerifier({ wasm: empty }), error);
  assert.throws(() => slim.createVerifierSync({ wasm: empty }), error);
});

test("a trap denies, and the next call has a fresh instance", () => {
  const engine = new Engine(module, undefined);
  const text = JSON.stringify(options);
  const tooLarge = new Uint8Array(2 ** 31);
  for (const call of ["verify", "inspect"]) {
    assert.throws(() => engine[call](undefined, bundleBytes, tooLarge, text), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.code, "verifier-lost");
      assert.ok(error.cause instanceof WebAssembly.RuntimeError);
      return true;
    });
    assert.equal(engine.inspect(undefined, bundleBytes, undefined, text).verdict, "passed");
  }
});

test("digests in the making do not outlive their instance", () => {
  const engine = new Engine(module, undefined);
  const hash = engine.hash(["sha256"]);
  assert.throws(() => engine.inspect(undefined, bundleBytes, new Uint8Array(2 ** 31), "{}"), { code: "verifier-lost" });
  assert.throws(() => hash.update(new Uint8Array(1)), { code: "verifier-lost" });
  hash.free();
});

test("a judgement that waits for the host does not outlive its instance, and is made again", async (t) => {
  const engine = new Engine(module, undefined);
  const text = JSON.stringify(options);
  const expected = engine.inspect(undefined, bundleBytes, undefined, text);
  const { getBuiltinModule } = process;
  t.after(() => void (process.getBuiltinModule = getBuiltinModule));
  process.getBuiltinModule = undefined;
  for (const word of [true, false]) {
    const fresh = new Engine(module, undefined);
    let answer;
    const answered = new Promise((resolve) => (answer = resolve));
    t.mock.method(crypto.subtle, "verify", () => answered);
    const pending = fresh.inspectBy({ host: new HostSignatures() }, bundleBytes, undefined, text);
    assert.throws(() => fresh.inspect(undefined, bundleBytes, new Uint8Array(2 ** 31), text), { code: "verifier-lost" });
    answer(word);
    assert.deepEqual(await pending, expected);
    t.mock.restoreAll();
  }
});

test("two verifiers share no instance", async () => {
  const [one, other] = await Promise.all([createVerifier(), createVerifier()]);
  assert.deepEqual(one.inspectSync(bundleText, options), other.inspectSync(bundleText, options));
});
