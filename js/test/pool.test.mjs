// A pool answers as a verifier does, and whatever becomes of its workers, nothing is lost, swapped or waited for without end.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { createVerifier, UsageError, VerificationFailed } from "../dist/entries/node.js";
import { shared } from "../dist/entries/module-node.js";
import { createPool } from "../dist/entries/pool-node.js";
import * as none from "../dist/entries/pool-none.js";
import * as web from "../dist/entries/pool-web.js";
import { npm } from "../dist/policy/index.js";
import { pools } from "../dist/pool/pool.js";
import { Task } from "../dist/pool/task.js";
import { threads, threadsBy } from "../dist/pool/threads.js";
import { bundleBytes, bundleText, options, sha512, signer } from "./demo.mjs";

const verifier = await createVerifier();
const limit = { timeout: 60_000 };
const good = { bundle: bundleText, ...options };
const judged = { bundles: [bundleText], artifact: { sha512 }, policy: npm({ package: "sigstore", repository: "sigstore/sigstore-js" }) };
const fault = (name) => ({ ...good, bundle: `!${name}` });

const open = [];
after(() => Promise.all(open.map((pool) => pool.close())));

/** A pool whose workers can be told to go wrong, and the threads that it has started. */
async function frail(given = {}, data = {}) {
  const workers = [];
  const met = new SharedArrayBuffer(4);
  const start = () => {
    const worker = new Worker(new URL("pool-worker.mjs", import.meta.url), {
      workerData: { met, ...(typeof data === "function" ? data(workers.length) : data) },
      resourceLimits: { maxOldGenerationSizeMb: 64 },
      stderr: true,
    });
    workers.push(worker);
    return worker;
  };
  const pool = await pools(shared, { processors: () => 2, spawn: threadsBy(start) })(given);
  open.push(pool);
  return { pool, workers };
}

async function whole(given) {
  const pool = await createPool(given);
  open.push(pool);
  return pool;
}

const told = (promise) => promise.then((value) => ({ value }), ({ name, code, at, message }) => ({ name, code, at, message }));

test("answers and errors are a verifier's", limit, async () => {
  const pool = await whole({ workers: 2 });
  const calls = [
    [bundleText, options],
    [bundleBytes, options],
    [JSON.parse(bundleText), { ...options, now: new Date() }],
    [bundleText, { ...options, artifact: new Uint8Array(3) }],
    [bundleText, { ...options, artifact: new Uint8Array(100_000) }],
    [bundleText, { ...options, artifact: new Blob(["three"]) }],
    [bundleText, { ...options, artifact: `sha512:${sha512}` }],
    [bundleText, { artifact: { dangerouslyUnbound: true }, signer: { dangerouslyAnySigner: true } }],
    ["{}", options],
    ["", options],
    [7, options],
    [bundleText, undefined],
    [bundleText, { artifact: options.artifact }],
    [bundleText, { signer }],
    [bundleText, { ...options, requires: {} }],
    [bundleText, { ...options, require: { logEntries: -1 } }],
    [bundleText, { ...options, artifact: { sha512: "00" } }],
    [bundleText, { ...options, signal: 7 }],
    [bundleText, { ...options, __proto__: { signer } }],
    [bundleText, JSON.parse(`{"artifact":{"sha512":"${sha512}"},"signer":{"dangerouslyAnySigner":true,"__proto__":{}}}`)],
  ];
  for (const [at, [bundle, given]] of calls.entries()) {
    for (const method of ["inspect", "verify"]) {
      assert.deepEqual(await told(pool[method](bundle, given)), await told(verifier[method](bundle, given)), `${method}, call ${at}`);
    }
  }
  for (const request of [judged, { ...judged, bundles: [] }, { ...judged, bundles: ["{}", bundleBytes] }, { ...judged, policy: {} }, { ...judged, extra: 1 }, { ...judged, now: "soon" }, undefined]) {
    assert.deepEqual(await told(pool.evaluate(request)), await told(verifier.evaluate(request)));
  }
});

test("errors are of the package's classes, with all that they tell", limit, async () => {
  const pool = await whole({ workers: 1 });
  await assert.rejects(pool.verify(bundleText, { ...options, artifact: new Uint8Array(3) }), (error) => {
    assert.ok(error instanceof VerificationFailed);
    assert.equal(error.report.verdict, "failed");
    assert.deepEqual([error.code, error.failures.length], ["artifact-not-a-subject", 1]);
    return true;
  });
  await assert.rejects(pool.inspect(bundleText, { ...options, signer: { issuer: 7, identity: "" } }), (error) => {
    assert.ok(error instanceof UsageError);
    assert.deepEqual([error.code, error.at], ["malformed-options", "/signer/issuer"]);
    return true;
  });
});

const minted = process.env.ADMISSIBLE_MINTED;
test("every minted case has the native core's report and evaluation", { ...limit, skip: minted === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test" }, async () => {
  const cases = new Map();
  for (const kind of ["good", "bad"]) {
    for (const name of readdirSync(join(minted, kind))) {
      const file = (part) => readFileSync(join(minted, kind, name, part));
      const root = file("trusted_root.json").toString();
      cases.set(root, [...cases.get(root) ?? [], { kind, name, file }]);
    }
  }
  let count = 0;
  for (const [trustedRoot, fixtures] of cases) {
    const pool = await createPool({ trustedRoot, workers: 1 });
    await Promise.all(fixtures.map(async ({ kind, name, file }) => {
      const [bundle, artifact] = [file("bundle.sigstore.json").toString(), file("artifact")];
      const given = { ...JSON.parse(file("options.json")), artifact };
      const request = { ...JSON.parse(file("request.json")), bundles: [bundle, bundle], artifact, policy: file("policy.json").toString() };
      const [report, evaluation, verified] = await Promise.all([pool.inspect(bundle, given), pool.evaluate(request), told(pool.verify(bundle, given))]);
      assert.equal(JSON.stringify(report), file("report.json").toString(), name);
      assert.equal(JSON.stringify(evaluation), file("evaluation.json").toString(), name);
      assert.equal(verified.value?.report.verdict, kind === "good" ? "passed" : undefined, name);
      count += 1;
    }));
    await pool.close();
  }
  assert.ok(count > 100, String(count));
});

test("a batch has its results in order, each with its own error", limit, async () => {
  const pool = await whole({ workers: 2 });
  const items = [good, { ...good, artifact: { sha512: "00".repeat(64) } }, judged, { ...judged, bundles: [] }, { ...good, signer: undefined }, null, good];
  assert.deepEqual(await pool.batch(items), await verifier.batch(items));
  assert.deepEqual(await pool.batch([]), await verifier.batch([]));
});

test("items are asked for when there is room, of any number", limit, async () => {
  const pool = await whole({ workers: 2 });
  let [asked, done, most] = [0, 0, 0];
  function* items() {
    for (; asked < 600; asked += 1) {
      most = Math.max(most, asked - done);
      yield { ...good, bundle: asked % 7 === 3 ? "{}" : bundleText };
    }
  }
  const { results, counts } = await pool.batch(items(), { onProgress: () => void (done += 1) });
  assert.deepEqual([asked, counts.verified + counts.refused], [600, 600]);
  assert.ok(results.every(({ report }, at) => report.verdict === (at % 7 === 3 ? "failed" : "passed")));
  assert.ok(most <= 6, String(most));
});

test("what a caller changes after the call is not what is judged, and nothing is taken from him", limit, async () => {
  const pool = await whole({ workers: 1 });
  for (const size of [100, 100_000]) {
    const [bundle, artifact] = [new Uint8Array(bundleBytes), new Uint8Array(size)];
    const expected = await verifier.inspect(bundle, { ...options, artifact });
    const pending = Array.from({ length: 5 }, () => pool.inspect(bundle, { ...options, artifact }));
    bundle.fill(0);
    artifact.fill(1);
    for (const report of await Promise.all(pending)) assert.deepEqual(report, expected);
    assert.deepEqual([bundle.length, artifact.length], [bundleBytes.length, size]);
  }
});

for (const name of ["exit", "throw", "memory", "another's", "no report", "no JSON", "no outcome", "no error", "no failure", "failed report", "broken", "nothing", "unasked"]) {
  test(`a worker that goes wrong by "${name}" is replaced, and what it had is done again`, limit, async () => {
    const { pool, workers } = await frail({ workers: 1 });
    const report = await pool.inspect("!unknown", options);
    assert.deepEqual(await pool.inspect(`!${name} 1`, options), { ...report, inputs: (await verifier.inspect(`!${name} 1`, options)).inputs });
    assert.equal(workers.length, 2);
    for (const method of ["inspect", "verify"]) {
      if (method === "inspect" && name === "failed report") continue;
      const [lost, ...fine] = await Promise.all([pool[method](`!${name}`, options).then(() => "answered", (error) => error), ...Array.from({ length: 9 }, () => pool.inspect(bundleText, options))]);
      assert.ok(lost instanceof UsageError, String(lost));
      assert.equal(lost.code, "worker-lost", lost.message);
      assert.match(lost.message, /^no verdict: 2 workers ended over it: ./u);
      assert.ok(fine.every(({ verdict }) => verdict === "passed"));
    }
  });
}

test("a call does not fail for another that its worker ended over", limit, async () => {
  const { pool, workers } = await frail({ workers: 1 });
  // The second ends the worker while the first is the one that is worked on.
  const [slow, exit] = await Promise.all(["!slow", "!exit"].map((bundle) => told(pool.inspect(bundle, options))));
  assert.deepEqual([slow.value?.verdict, exit.code], ["failed", "worker-lost"]);
  assert.equal(workers.length, 3);
});

test("a worker that hangs is replaced when its time is over", limit, async () => {
  const { pool, workers } = await frail({ workers: 2, taskTimeout: 1000 });
  const { results } = await pool.batch([good, fault("hang"), good, fault("hang 1"), good, good]);
  assert.deepEqual(results.map(({ report, error }) => report?.verdict ?? error.code), ["passed", "worker-lost", "passed", "failed", "passed", "passed"]);
  assert.match(results[1].error.message, /expected an answer within 1000 ms, found none$/u);
  assert.ok(workers.length >= 4, String(workers.length));
});

test("a thread that stood still takes no worker for one that hangs", limit, async () => {
  const { pool, workers } = await frail({ workers: 1, taskTimeout: 400 });
  const pending = Array.from({ length: 3 }, () => pool.inspect(bundleText, options));
  // Where the loop goes on to its timers, before it looks for messages.
  await new Promise((resolve) => setImmediate(resolve));
  for (const since = performance.now(); performance.now() - since < 1000;);
  assert.ok((await Promise.all(pending)).every(({ verdict }) => verdict === "passed"));
  assert.equal(workers.length, 1);
});

test("of 300 nothing is lost while workers are killed", limit, async () => {
  const { pool, workers } = await frail({ workers: 2 });
  const items = Array.from({ length: 300 }, (_, at) => ({ ...good, bundle: at % 3 === 0 ? `{"mediaType":"${at}"}` : bundleText }));
  let killed = 0;
  const { results, counts } = await pool.batch(items, {
    onProgress({ done }) {
      if (done % 40 !== 0) return;
      killed += 1;
      void workers.at(-1).terminate();
    },
  });
  assert.equal(killed, 7);
  assert.equal(counts.unjudged, 0);
  const expected = await verifier.batch(items);
  assert.deepEqual(results, expected.results);
});

test("a killed worker that had nothing to do is not missed", limit, async () => {
  const { pool, workers } = await frail({ workers: 1 });
  await pool.inspect(bundleText, options);
  await workers[0].terminate();
  assert.equal((await pool.inspect(bundleText, options)).verdict, "passed");
  assert.equal(workers.length, 2);
});

for (const [name, code, reason] of [["start", "worker-lost", /did not start: thrown at the start$/u], ["dead", "worker-lost", /did not start: the worker ended with status 4$/u], ["unready", "verifier-lost", /^no memory left$/u]]) {
  test(`a pool whose first worker does not start, by "${name}", is not made`, limit, async () => {
    await assert.rejects(frail({ workers: 2 }, { fault: name }), { name: "UsageError", code, message: reason });
  });
}

test("a pool whose first worker does not start in time is not made", limit, async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const refused = assert.rejects(frail({ workers: 1 }, { fault: "late" }), { code: "worker-lost", message: /expected a start within 30000 ms, found none$/u });
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  for (const time of [30_000, 1]) t.mock.timers.tick(time);
  await refused;
});

test("workers that die one after the other end the pool, with the cause", limit, async () => {
  const { pool, workers } = await frail({ workers: 1 }, (started) => (started > 0 ? { fault: "dead" } : {}));
  await workers[0].terminate();
  const { results } = await pool.batch(Array.from({ length: 20 }, () => good));
  for (const { error } of results) assert.deepEqual([error.code, /ended without an answer between: the worker ended with status 4$/u.test(error.message)], ["worker-lost", true], error.message);
  assert.equal(workers.length, 10);
  await assert.rejects(pool.inspect(bundleText, options), { code: "worker-lost" });
  assert.equal(workers.length, 10);
  const lying = await frail({ workers: 1 });
  const { results: lost } = await lying.pool.batch(Array.from({ length: 20 }, () => fault("nothing")));
  assert.ok(lost.every(({ error }) => error.code === "worker-lost"));
  assert.equal(lying.workers.length, 10);
});

test("nothing waits behind another while further workers can be had", limit, async () => {
  const { pool } = await frail({ workers: 2, taskTimeout: 10_000 });
  const hanging = assert.rejects(pool.inspect("!hang", options), { code: "pool-closed" });
  const since = performance.now();
  assert.equal((await pool.inspect(bundleText, options)).verdict, "passed");
  assert.ok(performance.now() - since < 9000);
  await pool.close();
  await hanging;
});

test("a signal ends a call that waits, one that is worked on and one that is read for", limit, async () => {
  const { pool, workers } = await frail({ workers: 1, taskTimeout: 1000 });
  const reason = new Error("enough");
  const controller = new AbortController();
  const given = { ...options, signal: controller.signal };
  const hanging = pool.inspect("!hang", given);
  await new Promise((resolve) => setTimeout(resolve));
  const calls = [hanging, pool.inspect(bundleText, given), pool.verify(bundleText, given), pool.evaluate({ ...judged, signal: controller.signal }),
    pool.inspect(bundleText, { ...given, artifact: new ReadableStream() })];
  const other = pool.inspect(bundleText, options);
  setTimeout(() => controller.abort(reason), 20);
  await Promise.all(calls.map((call) => assert.rejects(call, reason)));
  await assert.rejects(pool.inspect(bundleText, given), reason);
  assert.equal((await other).verdict, "passed");
  // What nobody waits for is not done again.
  assert.equal(workers.length, 2);
});

test("a signal and a throwing watcher end a batch, and the list is told", limit, async () => {
  const pool = await whole({ workers: 2 });
  const reason = new Error("enough");
  const controller = new AbortController();
  let closed = 0;
  function* items() {
    try {
      for (;;) yield good;
    } finally {
      closed += 1;
    }
  }
  await assert.rejects(pool.batch(items(), { signal: controller.signal, onProgress: ({ done }) => done > 20 && controller.abort(reason) }), reason);
  await assert.rejects(pool.batch(items(), { onProgress: () => { throw reason; } }), reason);
  assert.equal(closed, 2);
  assert.equal((await pool.inspect(bundleText, options)).verdict, "passed");
});

test("a closed pool fails what it had, takes nothing more, and leaves no thread", limit, async () => {
  const { pool, workers } = await frail({ workers: 2 });
  const calls = [pool.inspect("!hang", options), ...Array.from({ length: 9 }, () => pool.inspect(bundleText, options))];
  const ends = calls.map((call) => call.then(() => "answered", ({ code }) => code));
  await new Promise((resolve) => setTimeout(resolve));
  await pool.close();
  assert.deepEqual(await Promise.all(ends), Array(10).fill("pool-closed"));
  assert.ok(workers.every(({ threadId }) => threadId === -1));
  for (const call of [pool.inspect(bundleText, options), pool.verify(bundleText, options), pool.evaluate(judged)]) await assert.rejects(call, { name: "UsageError", code: "pool-closed" });
  assert.deepEqual((await pool.batch([good])).results.map(({ error }) => error.code), ["pool-closed"]);
  await pool.close();
  await pool[Symbol.asyncDispose]?.();
});

test("a signal closes a pool, or has none made", limit, async () => {
  const reason = new Error("enough");
  await assert.rejects(createPool({ signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const { pool } = await frail({ workers: 1, signal: controller.signal });
  const pending = pool.inspect("!hang", options);
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(pending, reason);
  await assert.rejects(pool.inspect(bundleText, options), reason);
  const early = new AbortController();
  const made = frail({ workers: 1, signal: early.signal }, { fault: "late" });
  setTimeout(() => early.abort(reason), 20);
  await assert.rejects(made, reason);
});

test("as many workers as the machine has processors, started when there is work", limit, async () => {
  assert.equal((await whole()).size, Math.min(threads.processors(), 32));
  const { pool, workers } = await frail();
  assert.deepEqual([pool.size, workers.length], [2, 1]);
  for (let call = 0; call < 5; call += 1) await pool.inspect(bundleText, options);
  assert.equal(workers.length, 1);
  await pool.batch(Array.from({ length: 50 }, () => good));
  assert.equal(workers.length, 2);
});

test("wrong use is told", limit, async () => {
  for (const [given, code, at] of [
    [7, "invalid-argument", ""],
    [{ worker: 2 }, "invalid-argument", ""],
    [{ workers: 0 }, "invalid-argument", "/workers"],
    [{ workers: 1.5 }, "invalid-argument", "/workers"],
    [{ workers: 33 }, "invalid-argument", "/workers"],
    [{ taskTimeout: 0 }, "invalid-argument", "/taskTimeout"],
    [{ taskTimeout: 2 ** 31 }, "invalid-argument", "/taskTimeout"],
    [{ signal: 7 }, "invalid-argument", "/signal"],
    [{ trustedRoot: undefined }, "invalid-trusted-root", ""],
    [{ trustedRoot: "{}" }, "invalid-trusted-root", undefined],
    [Object.create({ trustedRoot: "{}" }), "invalid-trusted-root", undefined],
    [{ wasm: new Uint8Array(8) }, "verifier-lost", undefined],
  ]) {
    await assert.rejects(createPool(given), { name: "UsageError", code, ...(at !== undefined && { at }) });
  }
});

test("where there are no workers, a pool says so when it is made", limit, async () => {
  const error = { name: "UsageError", code: "invalid-argument", message: /no|without/u };
  await assert.rejects(none.createPool(), error);
  await assert.rejects(web.createPool(), error);
});

test("a program ends when its pool has nothing to do, and not before", limit, () => {
  const program = (work) => `
    import { createPool } from "admissible/pool";
    import { bundleText, options } from "./test/demo.mjs";
    const pool = await createPool({ workers: 2 });
    ${work}`;
  for (const [work, output] of [
    ["console.log('made');", "made\n"],
    ["pool.inspect(bundleText, options).then(({ verdict }) => console.log(verdict));", "passed\n"],
    ["console.log((await pool.batch(Array(20).fill({ bundle: bundleText, ...options }))).counts.verified);", "20\n"],
    ["const { verdict } = await pool.inspect(bundleText, options); setTimeout(() => pool.inspect(bundleText, options).then(() => console.log(verdict)), 50);", "passed\n"],
  ]) {
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program(work)], { cwd: fileURLToPath(new URL("../", import.meta.url)), encoding: "utf8", timeout: 20_000 });
    assert.deepEqual({ stdout, stderr, status }, { stdout: output, stderr: "", status: 0 }, work);
  }
});

test("what is waited for no more holds no bytes, wherever it stands in the queue", () => {
  const ended = new AbortController();
  const tasks = [ended.signal, undefined, undefined].map((signal) => new Task({ method: "inspect", bundle: new Uint8Array(1000), options: "{}" }, (text) => text, signal));
  for (const { promise } of tasks) promise.catch(() => undefined);
  assert.deepEqual(tasks.map(({ work }) => work?.bundle.length), [1000, 1000, 1000]);
  ended.abort();
  tasks[1].settle({ text: "done" });
  assert.deepEqual(tasks.map(({ work }) => work?.bundle.length), [undefined, undefined, 1000]);
});
