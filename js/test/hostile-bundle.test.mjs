// Whatever a bundle is, `inspect` reports; only a value that cannot be a bundle at all is an error of use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier, VerificationFailed } from "../dist/entries/node.js";
import { bundleText, changed, options } from "./demo.mjs";

const verifier = await createVerifier();

function cyclic() {
  const bundle = JSON.parse(bundleText);
  bundle.verificationMaterial.self = bundle;
  return bundle;
}

const malformed = {
  "empty text": "",
  "no bytes": new Uint8Array(),
  "text that is no JSON": "{",
  "bytes that are no UTF-8": new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
  "half a surrogate pair": '{"mediaType":"\ud800"}',
  null: "null",
  "an empty object": {},
  "an empty array": [],
  "an array of bundles": [JSON.parse(bundleText)],
  "deep nesting": "[".repeat(200_000),
  "deep nesting, as an object": { mediaType: Array.from({ length: 2000 }).reduce((inner) => [inner], []) },
  "a duplicate key": bundleText.replace("{", '{"mediaType":"x",'),
  "a cycle": cyclic(),
  "a BigInt": changed((bundle) => void (bundle.verificationMaterial.tlogEntries[0].logIndex = 1n)),
  "a throwing toJSON": { toJSON: () => assert.fail("thrown by toJSON") },
  "a toJSON without a result": { toJSON: () => undefined },
  "a throwing getter": Object.defineProperty({}, "mediaType", { enumerable: true, get: () => assert.fail("thrown by a getter") }),
  "a proxy that throws": new Proxy({}, { get: () => assert.fail("thrown by a proxy"), ownKeys: () => assert.fail("thrown by a proxy") }),
  "a string where the material should be": changed((bundle) => void (bundle.verificationMaterial = "x")),
  "a certificate that is no DER": changed((bundle) => void (bundle.verificationMaterial.certificate = { rawBytes: "AAAA" })),
};

for (const [what, bundle] of Object.entries(malformed)) {
  test(`${what} gives a failed report`, async () => {
    const report = await verifier.inspect(bundle, options);
    assert.equal(report.verdict, "failed");
    assert.deepEqual(verifier.inspectSync(bundle, options), report);
    await assert.rejects(verifier.verify(bundle, options), VerificationFailed);
  });
}

test("a bundle larger than any limit gives a failed report", async () => {
  const report = await verifier.inspect(`{"mediaType":"${"x".repeat(40 * 1024 * 1024)}"}`, options);
  assert.equal(report.checks.bundle.status, "failed");
  const bytes = new Uint8Array(40 * 1024 * 1024).fill(0x20);
  assert.equal((await verifier.inspect(bytes, options)).checks.bundle.status, "failed");
});

test("a value that cannot be a bundle is an error of use", async () => {
  const values = [undefined, null, 7, 7n, true, Symbol("x"), () => bundleText, Promise.resolve(bundleText)];
  for (const value of [...values, new Blob([bundleText]), new Response(bundleText), new DataView(new ArrayBuffer(8))]) {
    await assert.rejects(verifier.inspect(value, options), { name: "UsageError", code: "invalid-argument" });
    assert.throws(() => verifier.inspectSync(value, options), { name: "UsageError", code: "invalid-argument" });
  }
});

test("a bundle that changes while its artifact is read is judged as it was handed over", async () => {
  for (const bytes of [new TextEncoder().encode(bundleText), Buffer.from(bundleText)]) {
    const stream = new ReadableStream({
      pull(controller) {
        bytes.fill(0);
        controller.close();
      },
    });
    const report = await verifier.inspect(bytes, { ...options, artifact: stream });
    assert.equal(report.checks.bundle.status, "passed");
  }
});

test("an integer that a number cannot hold is refused where it stands", async () => {
  const bundle = changed((bundle) => void (bundle.verificationMaterial.tlogEntries[0].logIndex = 2 ** 53));
  const { bundle: check } = (await verifier.inspect(bundle, options)).checks;
  assert.equal(check.failures[0].code, "bundle-invalid-integer");
  assert.equal(check.failures[0].at, "/verificationMaterial/tlogEntries/0/logIndex");
});
