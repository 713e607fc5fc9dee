import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { artifactOption, largestWhole, streamPieces } from "../dist/artifact.js";
import { Engine } from "../dist/engine.js";
import { createVerifier, UsageError } from "../dist/entries/node.js";
import { bundleBytes, bundleText, options, sha512 } from "./demo.mjs";

const verifier = await createVerifier();
const wasm = readFileSync(new URL("../dist/wasm/core.wasm", import.meta.url));
const engine = new Engine(new WebAssembly.Module(wasm), undefined);
const content = new Uint8Array(3_000_000).map((_, at) => at % 251);
const inspect = (artifact) => verifier.inspect(bundleText, { ...options, artifact });

test("a digest is taken as text and as an object", async () => {
  assert.equal((await inspect(`sha512:${sha512}`)).verdict, "passed");
  assert.equal((await inspect({ sha512 })).verdict, "passed");
});

test("text that is no digest is refused, so that no name is taken for content", async () => {
  for (const text of ["", "sigstore-5.0.0.tgz", sha512, "md5:00", "SHA512:00"]) {
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

test("the digests of a stream are the ones that the bundle takes", async () => {
  const hash = engine.hash([bundleBytes]);
  for await (const piece of streamPieces(new Blob([content]).stream())) hash.update(piece);
  const digests = hash.finish();
  assert.deepEqual(Object.keys(digests), ["sha512"]);
  assert.equal(digests.sha512, createHash("sha512").update(content).digest("hex"));
});

test("an artifact larger than the limit is cut into pieces that add up", () => {
  const large = new Uint8Array(largestWhole + 1);
  const { kind, pieces } = artifactOption(large);
  assert.equal(kind, "pieces");
  assert.equal([...pieces].reduce((sum, piece) => sum + piece.length, 0), large.length);
  assert.equal(artifactOption(large.subarray(1)).kind, "bytes");
});

test("a large artifact is hashed without being handed over whole", async () => {
  const large = new Uint8Array(largestWhole + 1);
  const report = verifier.inspectSync(bundleText, { ...options, artifact: large });
  assert.equal(report.checks.artifact.status, "failed");
});

test("a stream that breaks, or yields no bytes, gives no verdict and is closed", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("connection lost")) });
  await assert.rejects(inspect(broken), { message: "connection lost" });
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
