import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Engine } from "../dist/engine.js";
import { createVerifier, UsageError } from "../dist/entries/node.js";
import { largestWhole } from "../dist/hashing.js";
import { bundleBytes, bundleText, options, sha512 } from "./demo.mjs";

// Hashing is WebAssembly's here; host-node-crypto.test.mjs tells that node:crypto does it alike.
process.getBuiltinModule = undefined;

const verifier = await createVerifier();
const wasm = readFileSync(new URL("../dist/wasm/core.wasm", import.meta.url));
const engine = new Engine(new WebAssembly.Module(wasm), undefined);
const content = new Uint8Array(3_000_000).map((_, at) => at % 251);
const algorithms = ["sha256", "sha384", "sha512"];
const inspect = (artifact, more = {}) => verifier.inspect(bundleText, { ...options, artifact, ...more });

async function* stalledIterable() {
  yield content;
  await new Promise(() => undefined);
}

test("a digest is taken as text and as an object", async () => {
  assert.equal((await inspect(`sha512:${sha512}`)).verdict, "passed");
  assert.equal((await inspect({ sha512 })).verdict, "passed");
});

test("memory that threads share is read once, whatever its size", async () => {
  for (const size of [10, 200_000, 20_000_000]) {
    const shared = new Uint8Array(new SharedArrayBuffer(size));
    const { sha256, sha512 } = await verifier.digest(shared);
    const expected = (name) => createHash(name).update(new Uint8Array(size)).digest("hex");
    assert.deepEqual([sha256, sha512], [expected("sha256"), expected("sha512")]);
    assert.equal((await inspect(shared)).checks.artifact.failures[0].code, "artifact-not-a-subject");
    assert.equal(verifier.inspectSync(bundleText, { ...options, artifact: shared }).checks.artifact.failures[0].code, "artifact-not-a-subject");
  }
});

test("text that is no digest is refused, so that no name is taken for content", async () => {
  for (const text of ["", "sigstore-5.0.0.tgz", "md5:00", "SHA512:00", sha512.slice(1), `${sha512.slice(1)}g`, "sha-256.tgz"]) {
    await assert.rejects(inspect(text), { code: "invalid-artifact-digest" });
  }
  for (const digest of ["sha512:", "sha512:zz", "sha512:00", `sha512:${sha512}00`, `sha256:${sha512}`]) {
    await assert.rejects(inspect(digest), { code: "invalid-artifact-digest" });
  }
  for (const wrong of [{}, { sha512: 7 }, { md5: "00" }, { sha512, dangerouslyUnbound: true }]) {
    await assert.rejects(inspect(wrong), UsageError);
  }
  for (const wrong of [null, 7, true]) await assert.rejects(inspect(wrong), { code: "invalid-argument", at: "/artifact" });
});

test("an unbound artifact verifies only by its dangerous name", async () => {
  const report = await inspect({ dangerouslyUnbound: true });
  assert.equal(report.verdict, "passed");
  assert.deepEqual(report.checks.artifact, { status: "passed", evidence: { dangerouslyUnbound: true } });
  await assert.rejects(inspect({ dangerouslyUnbound: false }), UsageError);
});

test("bytes, a Blob and a stream of the same content give the same report", async () => {
  const fromBytes = await inspect(content);
  assert.equal(fromBytes.checks.artifact.status, "failed");
  assert.deepEqual(await inspect(new Blob([content])), fromBytes);
  assert.deepEqual(await inspect(new Blob([content]).stream()), fromBytes);
});

test("bytes that change after the call are judged as they were handed over", async () => {
  const bytes = content.slice();
  const pending = inspect(bytes);
  bytes.fill(0);
  assert.deepEqual(await pending, await inspect(content));
});

test("the digests of a bundle's artifact are the ones that the bundle takes", async () => {
  assert.deepEqual(engine.wantedDigests([bundleBytes]), ["sha512"]);
  assert.equal(engine.wantsWhole([bundleBytes]), false);
  assert.deepEqual(verifier.claimedDigests([bundleText, bundleText]), [{ sha512 }]);
  assert.deepEqual(verifier.claimedDigests(["{", new Uint8Array()]), []);
});

test("everything that can be read gives the same digests, by whichever way", async () => {
  const expected = Object.fromEntries(algorithms.map((algorithm) => [algorithm, createHash(algorithm).update(content).digest("hex")]));
  const response = () => new Response(content, { headers: { "content-length": String(content.length) } });
  async function* pieces() {
    for (let start = 0; start < content.length; start += 70_001) yield content.subarray(start, start + 70_001);
  }
  const forms = [content, content.slice().buffer, new Blob([content]), new File([content], "app.tgz"), new Blob([content]).stream(), response(), pieces()];
  for (const form of forms) assert.deepEqual(await verifier.digest(form), expected);
  for (const algorithm of algorithms) {
    assert.deepEqual(await verifier.digest(content, { algorithms: [algorithm, algorithm] }), { [algorithm]: expected[algorithm] });
  }
  assert.deepEqual(await inspect(pieces()), await inspect(content));
  assert.deepEqual(await inspect(response()), await inspect(content));
  const large = new Blob(Array.from({ length: 6 }, () => content));
  assert.deepEqual(await verifier.digest(large), await verifier.digest(new Uint8Array(await large.arrayBuffer())));
});

test("WebCrypto hashes what is at hand, and WebAssembly where there is none", async (t) => {
  const digest = t.mock.method(crypto.subtle, "digest");
  const expected = await verifier.digest(content);
  assert.equal(digest.mock.callCount(), 3);
  await verifier.digest(content.subarray(0, 1000));
  await inspect(new Blob([content]).stream());
  assert.equal(digest.mock.callCount(), 3);
  await inspect(content);
  assert.equal(digest.mock.callCount(), 4);
  digest.mock.mockImplementation(async () => { throw new Error("no memory"); });
  await assert.rejects(inspect(content), { name: "UsageError", code: "verifier-lost" });
  digest.mock.restore();
  t.mock.getter(globalThis, "crypto", () => undefined);
  assert.deepEqual(await verifier.digest(content), expected);
});

test("what a plain Ed25519 key signed is handed over whole, and not hashed by the host", async (t) => {
  const digest = t.mock.method(crypto.subtle, "digest");
  const expected = await inspect(content);
  assert.equal(digest.mock.callCount(), 1);
  t.mock.method(Engine.prototype, "wantsWhole", () => true);
  assert.deepEqual(await inspect(content), expected);
  assert.equal(digest.mock.callCount(), 1);
  assert.deepEqual(await inspect(new Uint8Array(largestWhole + 1)), await inspect(new Blob([new Uint8Array(largestWhole + 1)])));
});

test("digests are taken in every spelling in use", async () => {
  const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
  for (const text of [`sha512:${sha512}`, sha512, integrity, ` sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=\n${integrity}?ct=gzip ${integrity}`]) {
    assert.equal((await inspect(text)).verdict, "passed", text);
  }
  const other = `sha512-${Buffer.alloc(64).toString("base64")}`;
  assert.equal((await inspect(other)).checks.artifact.failures[0].code, "artifact-not-a-subject");
  assert.equal((await inspect("0".repeat(64))).checks.artifact.failures[0].code, "artifact-no-common-algorithm");
  for (const wrong of [`${integrity} ${other}`, "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha256-AAAA", "sha512-", "sha512-!", integrity.replace("==", ""), integrity.replace(/.==$/u, "B==")]) {
    await assert.rejects(inspect(wrong), { code: "invalid-artifact-digest", at: "/artifact" }, wrong);
  }
});

test("a large artifact is hashed without being handed over whole", async () => {
  const large = new Uint8Array(largestWhole + 1);
  const expected = verifier.inspectSync(bundleText, { ...options, artifact: large });
  assert.equal(expected.checks.artifact.status, "failed");
  assert.deepEqual(await inspect(large), expected);
});

test("progress is told, and a signal ends the reading", async () => {
  const steps = [];
  await inspect(new Response(content, { headers: { "content-length": String(content.length) } }), { onProgress: (step) => steps.push(step) });
  assert.deepEqual(steps.at(-1), { read: content.length, total: content.length });
  const told = [];
  await verifier.digest(content, { onProgress: (step) => told.push(step) });
  assert.deepEqual(told, [{ read: content.length, total: content.length }]);

  const ended = new AbortController();
  ended.abort(new Error("enough"));
  const open = new AbortController();
  let cancelled = 0;
  const stalled = () => new ReadableStream({ cancel: () => void (cancelled += 1) });
  await assert.rejects(inspect(stalled(), { signal: ended.signal }), { message: "enough" });
  const pending = [inspect(stalled(), { signal: open.signal }), verifier.digest(stalled(), { signal: open.signal })];
  open.abort();
  for (const one of pending) await assert.rejects(one, { name: "AbortError" });
  assert.equal(cancelled, 2);
  await assert.rejects(inspect(stalledIterable(), { signal: AbortSignal.timeout(5) }), { name: "TimeoutError" });
  for (const artifact of [content, { sha512 }]) await assert.rejects(inspect(artifact, { signal: ended.signal }), { message: "enough" });
  assert.throws(() => verifier.verifySync(bundleText, { ...options, signal: ended.signal }), { message: "enough" });
  await assert.rejects(inspect(content, { onProgress: () => { throw new Error("no terminal"); } }), { message: "no terminal" });
  for (const wrong of [{ signal: {} }, { signal: null }, { onProgress: 7 }]) await assert.rejects(inspect(content, wrong), { code: "invalid-argument" });
});

test("a hash in pieces ends once", () => {
  const hash = verifier.hasher(["sha256", "sha512"]);
  for (let start = 0; start < content.length; start += 1_500_001) hash.update(content.subarray(start, start + 1_500_001));
  assert.deepEqual(hash.finish(), { sha256: createHash("sha256").update(content).digest("hex"), sha512: createHash("sha512").update(content).digest("hex") });
  for (const late of [() => hash.update(content), () => hash.finish()]) assert.throws(late, { code: "invalid-argument" });
  hash.free();
  const given = verifier.hasher(["sha384"]);
  assert.throws(() => given.update("text"), { code: "invalid-argument" });
  given.free();
  given.free();
  for (const wrong of [[], ["md5"], "sha256", undefined]) assert.throws(() => verifier.hasher(wrong), { code: "invalid-argument" });
  for (const wrong of [`sha512:${sha512}`, { sha512 }, undefined, 7]) assert.rejects(verifier.digest(wrong), { code: "invalid-argument" });
});

test("the roots in use have one name", async () => {
  assert.equal(`sha256:${verifier.trustedRootSha256}`, (await inspect({ sha512 })).inputs.trustedRoot);
  const root = readFileSync(new URL("../../src/roots/staging.json", import.meta.url), "utf8");
  const one = JSON.stringify(JSON.parse(root));
  const [staging, twice] = await Promise.all([root, `${one}\n${one}\n`].map((trustedRoot) => createVerifier({ trustedRoot })));
  assert.equal(staging.trustedRootSha256, createHash("sha256").update(root).digest("hex"));
  assert.equal(new Set([verifier, staging, twice].map(({ trustedRootSha256 }) => trustedRootSha256)).size, 3);
});

test("the answer of a server that has no artifact is none", async () => {
  await assert.rejects(inspect(new Response("not found", { status: 404 })), { code: "artifact-unreadable", at: "/artifact", message: /404/u });
  await assert.rejects(inspect(Response.error()), { code: "artifact-unreadable" });
  const read = new Response("text");
  await read.text();
  await assert.rejects(inspect(read), { code: "invalid-argument", at: "/artifact" });
  assert.deepEqual(await inspect(new Response(null)), await inspect(new Uint8Array()));
});

test("a stream that breaks, or yields no bytes, gives no verdict and is closed", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("connection lost")) });
  await assert.rejects(inspect(broken), { name: "UsageError", code: "artifact-unreadable", at: "/artifact", message: /connection lost/u });
  let cancelled = false;
  const texts = new ReadableStream({
    pull: (controller) => controller.enqueue("text"),
    cancel: () => void (cancelled = true),
  });
  await assert.rejects(inspect(texts), { code: "invalid-argument", at: "/artifact" });
  assert.ok(cancelled);
  const locked = new Blob([content]).stream();
  locked.getReader();
  await assert.rejects(inspect(locked), { code: "invalid-argument", at: "/artifact" });
  assert.equal((await inspect({ sha512 })).verdict, "passed");
});

test("what must be awaited is refused without waiting", () => {
  for (const artifact of [new Blob([content]), new Blob([content]).stream()]) {
    assert.throws(() => verifier.inspectSync(bundleText, { ...options, artifact }), { code: "invalid-argument" });
  }
});
