// What npm's registry signs of its versions: a real signature of its, through a verifier and through the adapter.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { npmKeys } from "../dist/policy/index.js";
import { npmEvidence } from "../dist/sources/npm.js";
import { description, integrity, keyId, reference } from "./signed-by-npm.mjs";

const verifier = createVerifierSync();
const embedded = JSON.parse(readFileSync(new URL("../../src/roots/npm_keys.json", import.meta.url), "utf8"));

const codes = ({ verdict, failures }) => [verdict, ...failures.map(({ code }) => code)];

test("npm signed this tarball for this name and version", () => {
  for (const document of [description, JSON.stringify(description), new TextEncoder().encode(JSON.stringify(description))]) {
    assert.deepEqual(verifier.verifyRegistrySignature(reference, document), { verdict: "passed", integrity, keyId, failures: [] });
  }
  assert.deepEqual(codes(verifier.verifyRegistrySignature("@anthropic-ai/claude-code@2.1.97", description)), ["failed", "registry-signature-invalid"]);
  assert.deepEqual(codes(verifier.verifyRegistrySignature(reference, { dist: { integrity } })), ["failed", "registry-signature-missing"]);
  const [failure] = verifier.verifyRegistrySignature(reference, description, { keys: { keys: [] } }).failures;
  assert.deepEqual([failure.code, /pass its keys$/u.test(failure.hint)], ["registry-key-unknown", true]);
});

test("a key counts until its end", () => {
  const [{ publicKey: { rawBytes } }] = embedded.keys.filter((key) => key.keyId === keyId);
  const keys = { keys: [{ keyid: keyId, keytype: "ecdsa-sha2-nistp256", scheme: "ecdsa-sha2-nistp256", key: rawBytes, expires: "2026-06-01T00:00:00.000Z" }] };
  const at = (published) => codes(verifier.verifyRegistrySignature(reference, description, { keys, ...(published !== undefined && { published }) }));
  assert.deepEqual(at(), ["failed", "registry-key-without-time"]);
  assert.deepEqual(at("2026-05-31T23:59:59Z"), ["passed"]);
  assert.deepEqual(at(new Date("2026-06-01T00:00:00Z")), ["failed", "registry-key-expired"]);
});

test("wrong arguments are told, and keys that are missing do not become npm's", () => {
  for (const [args, code, at] of [
    [[7, description], "invalid-argument", ""],
    [[reference, 7], "invalid-argument", ""],
    [[reference, "{}"], "malformed-source", "/description"],
    [[reference, description, { keys: undefined }], "invalid-argument", ""],
    [[reference, description, { keys: "{}" }], "malformed-source", "/keys"],
    [[reference, description, { key: "{}" }], "invalid-argument", "/key"],
    [[reference, description, "keys"], "invalid-argument", ""],
    [[reference, description, { published: "soon" }], "invalid-time", "/published"],
    [[reference, description, { published: 7 }], "invalid-time", "/published"],
    [[reference, description, { published: new Date(NaN) }], "invalid-time", "/published"],
  ]) {
    assert.throws(() => verifier.verifyRegistrySignature(...args), (error) => {
      assert.deepEqual([error.name, error.code, error.at], ["UsageError", code, at], error.message);
      return true;
    });
  }
});

test("the keys of policies are the keys that are embedded", () => {
  const of = embedded.keys.filter(({ keyUsage }) => keyUsage === "npm:attestations");
  const pem = (text) => text.replace(/-----[A-Z ]+-----|\n/gu, "");
  const window = ({ start, end }) => [start, end].map((time) => time && new Date(time).toISOString());
  assert.deepEqual(
    npmKeys.map(({ publicKey, validFor }) => [pem(publicKey), window(validFor)]),
    of.map(({ publicKey }) => [publicKey.rawBytes, window(publicKey.validFor)]),
  );
});

test("the adapter tells whether npm signed what a mirror says", async () => {
  const ask = (dist, options = {}) => {
    const fetch = async (url) => (url.endsWith("/2.1.98") ? Response.json({ dist }) : new Response(null, { status: 404 }));
    return npmEvidence(verifier, reference, { registry: "https://mirror.example", fetch, retries: 0, ...options });
  };
  assert.deepEqual((await ask(description.dist)).registrySignature, { verdict: "passed", integrity, keyId, failures: [] });
  const other = { ...description.dist, integrity: integrity.replace("qecR", "qecS") };
  assert.deepEqual(codes((await ask(other)).registrySignature), ["failed", "registry-signature-invalid"]);
  assert.deepEqual(codes((await ask({ integrity })).registrySignature), ["failed", "registry-signature-missing"]);
  assert.deepEqual(codes((await ask(description.dist, { registryKeys: { keys: [] } })).registrySignature), ["failed", "registry-key-unknown"]);
  await assert.rejects(ask(description.dist, { registryKeys: "{}" }), ({ code, at }) => code === "malformed-source" && at === "/keys");
  await assert.rejects(ask(description.dist, { published: "soon" }), ({ code }) => code === "invalid-time");
  assert.equal((await npmEvidence(verifier, "app@1.0.0", { fetch: async () => new Response(null, { status: 404 }) })).registrySignature, undefined);
});
