// Signatures that WebCrypto verifies: its word counts where it says "valid", and no verdict depends on anything else that it says or does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync, VerificationFailed } from "../dist/entries/node.js";
import { bundleText, changed, options } from "./demo.mjs";
import { expected, forged, plain, refused, request } from "./host.mjs";

// As in a runtime that has no other.
process.getBuiltinModule = undefined;

/** A fresh verifier, and how often it asked. */
function asking(t, verify) {
  const mock = t.mock.method(crypto.subtle, "verify", ...(verify === undefined ? [] : [verify]));
  return { verifier: createVerifierSync(), asked: () => mock.mock.callCount() };
}

test("the host is asked once about each signature, and no more about what is remembered", async (t) => {
  const { verifier, asked } = asking(t);
  assert.deepEqual(await verifier.inspect(bundleText, options), expected);
  const first = asked();
  assert.ok(first >= 5, String(first));
  assert.deepEqual(await verifier.inspect(bundleText, options), expected);
  assert.deepEqual((await verifier.verify(bundleText, options)).report, expected);
  assert.deepEqual(await verifier.evaluate(request), plain.evaluateSync(request));
  assert.deepEqual(verifier.inspectSync(bundleText, options), expected);
  assert.equal(asked(), first);
  const another = createVerifierSync();
  assert.deepEqual(await another.evaluate(request), plain.evaluateSync(request));
  assert.equal(asked(), 2 * first);
  const batched = await createVerifierSync().batch([{ bundle: bundleText, ...options }, request]);
  assert.deepEqual(batched.results, [{ report: expected }, { evaluation: plain.evaluateSync(request) }]);
  assert.ok(asked() > 2 * first);
});

test("the payload is the one that was verified", async () => {
  const verified = await createVerifierSync().verify(bundleText, options);
  assert.deepEqual(verified, plain.verifySync(bundleText, options));
});

test("it is the host's word that counts", async (t) => {
  const { verifier } = asking(t);
  assert.deepEqual(refused.checks.inclusionPromise.failures.map(({ code }) => code), ["inclusion-promise-signature-invalid"]);
  assert.deepEqual(await verifier.inspect(forged, options), refused);
  const error = await verifier.verify(forged, options).then(assert.fail, (thrown) => thrown);
  assert.ok(error instanceof VerificationFailed);
  assert.deepEqual([error.code, error.report], ["inclusion-promise-signature-invalid", refused]);
  t.mock.restoreAll();
  const { verifier: believing } = asking(t, async () => true);
  assert.equal((await believing.inspect(forged, options)).verdict, "passed");
});

test("what the host does not find valid is verified without it", async (t) => {
  const answers = { no: async () => false, none: async () => undefined, text: async () => "true", one: async () => 1, rejected: async () => Promise.reject(new Error("no such curve")), thrown: () => { throw new Error("no such curve"); } };
  for (const [name, verify] of Object.entries(answers)) {
    const { verifier } = asking(t, verify);
    assert.deepEqual(await verifier.inspect(bundleText, options), expected, name);
    assert.deepEqual(await verifier.inspect(forged, options), refused, name);
    assert.deepEqual((await verifier.verify(bundleText, options)).report, expected, name);
    await assert.rejects(verifier.verify(forged, options), { code: "inclusion-promise-signature-invalid" }, name);
    assert.deepEqual(await verifier.evaluate(request), plain.evaluateSync(request), name);
    t.mock.restoreAll();
  }
});

test("one \"no\" among many is enough", async (t) => {
  const verify = crypto.subtle.verify.bind(crypto.subtle);
  for (let at = 0; at < 5; at += 1) {
    let asked = 0;
    const { verifier } = asking(t, async (...question) => (asked++ === at ? false : verify(...question)));
    assert.deepEqual(await verifier.inspect(forged, options), refused);
    assert.deepEqual(await verifier.inspect(bundleText, options), expected);
    t.mock.restoreAll();
  }
});

test("a host that fails is not asked again, one that says no is", async (t) => {
  const failing = asking(t, async () => Promise.reject(new Error("broken")));
  await failing.verifier.inspect(bundleText, options);
  const first = failing.asked();
  assert.deepEqual(await failing.verifier.inspect(forged, options), refused);
  assert.equal(failing.asked(), first);
  t.mock.restoreAll();
  const denying = asking(t, async () => false);
  await denying.verifier.inspect(forged, options);
  const before = denying.asked();
  await denying.verifier.inspect(forged, options);
  assert.ok(denying.asked() > before);
  t.mock.restoreAll();
  t.mock.method(crypto.subtle, "importKey", async () => Promise.reject(new Error("broken")));
  assert.deepEqual(await createVerifierSync().inspect(bundleText, options), expected);
});

test("a host that does not answer is waited for, but not for ever, and not again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { verifier, asked } = asking(t, () => new Promise(() => undefined));
  for (const [bundle, report] of [[bundleText, expected], [forged, refused]]) {
    const pending = verifier.inspect(bundle, options);
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(5_000);
    assert.deepEqual(await pending, report);
  }
  // Only the first questions were put, and those about keys that were yet to be read.
  assert.ok(asked() <= 7, String(asked()));
});

test("where there is no WebCrypto nothing is asked", async (t) => {
  const there = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  t.after(() => Object.defineProperty(globalThis, "crypto", there));
  for (const value of [undefined, {}, { subtle: {} }]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    const verifier = createVerifierSync();
    assert.deepEqual(await verifier.inspect(bundleText, options), expected);
    assert.deepEqual(await verifier.inspect(forged, options), refused);
  }
});

test("it can be turned off", async (t) => {
  const { asked } = asking(t);
  assert.deepEqual(await createVerifierSync({ hostSignatures: false }).inspect(bundleText, options), expected);
  assert.equal(asked(), 0);
  for (const hostSignatures of [0, "false", null]) {
    assert.throws(() => createVerifierSync({ hostSignatures }), { code: "invalid-argument", at: "/hostSignatures" });
  }
});

test("bytes that change while the host is at work are judged as they were handed over", async (t) => {
  const content = new TextEncoder().encode("what was handed over");
  const other = content.map((byte) => byte ^ 1);
  const judge = (artifact) => plain.inspectSync(bundleText, { ...options, artifact });
  assert.notDeepEqual(judge(content), judge(other));
  for (const verify of [undefined, async () => false]) {
    const { verifier, asked } = asking(t, verify);
    const [artifact, bundle] = [content.slice(), new TextEncoder().encode(bundleText)];
    const policy = new TextEncoder().encode(JSON.stringify(request.policy));
    const pending = [verifier.inspect(bundle, { ...options, artifact }), verifier.evaluate({ ...request, bundles: [bundle], artifact, policy })];
    artifact.set(other);
    bundle.fill(0);
    policy.fill(0);
    const [report, evaluation] = await Promise.all(pending);
    assert.deepEqual(report, judge(content));
    assert.deepEqual(evaluation, plain.evaluateSync({ ...request, bundles: [bundleText], artifact: content }));
    assert.ok(asked() > 0);
    t.mock.restoreAll();
  }
});

test("calls at the same time do not mix, however the host's answers come", async (t) => {
  const verify = crypto.subtle.verify.bind(crypto.subtle);
  let turn = 0;
  const { verifier } = asking(t, async (...question) => {
    await new Promise((resolve) => setTimeout(resolve, (turn += 7) % 11));
    return verify(...question);
  });
  const kinds = [
    [bundleText, options],
    [forged, options],
    [bundleText, { ...options, artifact: { sha512: "00".repeat(64) } }],
    [changed((bundle) => void (bundle.dsseEnvelope.signatures[0].sig = Buffer.from("no").toString("base64"))), options],
    ["{", options],
  ];
  const calls = Array.from({ length: 90 }, (_, at) => kinds[at % kinds.length]);
  const verdicts = await Promise.all(calls.map(([bundle, given]) => verifier.inspect(bundle, given)));
  const alone = kinds.map(([bundle, given]) => plain.inspectSync(bundle, given));
  verdicts.forEach((report, at) => assert.deepEqual(report, alone[at % kinds.length], String(at)));
  const settled = await Promise.allSettled(calls.map(([bundle, given]) => verifier.verify(bundle, given)));
  settled.forEach(({ value, reason }, at) => assert.deepEqual(value?.report ?? reason.report, alone[at % kinds.length], String(at)));
});

/** Waits until something is so, but not for ever. */
async function until(isSo) {
  for (let turn = 0; turn < 2_000 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(isSo());
}

test("a signal ends the wait and gives up what waited, of which there is never too much", async (t) => {
  const counting = asking(t);
  await counting.verifier.inspect(bundleText, options);
  const [most, each] = [64, counting.asked()];
  t.mock.restoreAll();
  const { verifier, asked } = asking(t, () => new Promise(() => undefined));
  for (let round = 1; round <= 3; round += 1) {
    const controller = new AbortController();
    const pending = Array.from({ length: most }, () => verifier.inspect(bundleText, { ...options, signal: controller.signal }));
    await until(() => asked() === round * most * each);
    if (round === 3) assert.deepEqual(await verifier.inspect(bundleText, options), expected, "one more is judged without the host");
    controller.abort(new Error("enough"));
    for (const one of pending) await assert.rejects(one, { message: "enough" });
  }
  assert.equal(asked(), 3 * most * each);
});

test("wrong use is told as without the host", async () => {
  const verifier = createVerifierSync();
  for (const wrong of [{ ...options, signer: undefined }, { ...options, now: "yesterday" }]) {
    const error = await verifier.inspect(bundleText, wrong).then(assert.fail, (thrown) => thrown);
    assert.throws(() => plain.inspectSync(bundleText, wrong), { code: error.code, message: error.message, at: error.at });
  }
});
