// Many at once: each has its own result, and the thread is nobody's alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { npm } from "../dist/policy/index.js";
import { bundleText, options, sha512 } from "./demo.mjs";

const verifier = createVerifierSync();
const good = { bundle: bundleText, ...options };
const bad = { ...good, artifact: { sha512: "00".repeat(64) } };
const judged = { bundles: [bundleText], artifact: { sha512 }, policy: npm({ package: "sigstore", repository: "sigstore/sigstore-js" }) };

test("each has its own result, in the order given", async () => {
  const items = [good, bad, judged, { ...judged, bundles: [] }, { ...good, signer: undefined }, null, good];
  const { results, counts } = await verifier.batch(items);
  assert.deepEqual(results.map(({ report, evaluation, error }) => report?.verdict ?? evaluation?.verdict ?? error.code), [
    "passed", "failed", "verified", "rejected", "missing-signer", "invalid-argument", "passed",
  ]);
  assert.deepEqual(counts, { verified: 3, excepted: 0, refused: 2, unjudged: 2 });
  assert.deepEqual(results[0].report, await verifier.inspect(bundleText, options));
  assert.deepEqual(await verifier.batch([]), { results: [], counts: { verified: 0, excepted: 0, refused: 0, unjudged: 0 } });
});

test("a result is that of its item, however long the list takes over it", async () => {
  const all = [good, bad, good, bad, bad, good];
  let [at, under, most] = [0, 0, 0];
  const items = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const place = at++;
        most = Math.max(most, (under += 1));
        await new Promise((resolve) => setTimeout(resolve, place % 2 === 0 ? 20 : 1));
        under -= 1;
        return place < all.length ? { value: all[place], done: false } : { value: undefined, done: true };
      },
    }),
  };
  const { results } = await verifier.batch(items);
  assert.deepEqual(results.map(({ report }) => report.verdict), ["passed", "failed", "passed", "failed", "failed", "passed"]);
  assert.equal(most, 1, "as `for await` does it");
});

test("artifacts are read a few at a time, and items asked for when there is room", async () => {
  let [reading, most, asked] = [0, 0, 0];
  async function* slow(size) {
    reading += 1;
    most = Math.max(most, reading);
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield new Uint8Array(size);
    reading -= 1;
  }
  async function* items() {
    for (; asked < 9; asked += 1) yield { ...good, artifact: slow(asked) };
  }
  const seen = [];
  const { counts } = await verifier.batch(items(), { concurrency: 3, onProgress: ({ done, index, result }) => seen.push([done, result.report.verdict, index, asked]) });
  assert.deepEqual([most, counts.refused], [3, 9]);
  assert.deepEqual(seen.map(([done]) => done), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.ok(seen.every(([done, , , begun]) => begun <= done + 3), JSON.stringify(seen));
});

test("the thread is given back in between", async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  await verifier.batch(Array.from({ length: 200 }, () => good));
  clearInterval(timer);
  assert.ok(ticks > 2, String(ticks));
});

test("a signal, a throwing list and a throwing watcher end it, and the list is told", async () => {
  const controller = new AbortController();
  let closed = 0;
  function* items(end) {
    try {
      for (;;) {
        yield good;
        end();
      }
    } finally {
      closed += 1;
    }
  }
  const reason = new Error("enough");
  await assert.rejects(verifier.batch(items(() => controller.abort(reason)), { signal: controller.signal }), reason);
  await assert.rejects(verifier.batch(items(() => undefined), { onProgress: () => { throw reason; } }), reason);
  assert.equal(closed, 2);
  await assert.rejects(verifier.batch(items(() => { throw reason; })), reason);
  await assert.rejects(verifier.batch([good], { signal: AbortSignal.abort(reason) }), reason);
});

test("wrong use is told", async () => {
  for (const [items, given, at] of [[7, {}, "/items"], [[good], { concurrency: 0 }, "/concurrency"], [[good], { concurency: 2 }, "/concurency"], [[good], { signal: 7 }, "/signal"]]) {
    await assert.rejects(verifier.batch(items, given), { name: "UsageError", code: "invalid-argument", at });
  }
});
