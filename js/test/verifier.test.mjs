import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createVerifier, createVerifierSync, UsageError, VerificationFailed } from "../dist/entries/node.js";
import { bundleBytes, bundleText, changed, options, sha512, signer } from "./demo.mjs";

const verifier = await createVerifier();

test("a genuine bundle verifies as bytes, as text and as a parsed object", async () => {
  const buffer = bundleBytes.buffer.slice(bundleBytes.byteOffset, bundleBytes.byteOffset + bundleBytes.byteLength);
  for (const bundle of [bundleBytes, Buffer.from(bundleBytes), buffer, bundleText, JSON.parse(bundleText)]) {
    const { report } = await verifier.verify(bundle, options);
    assert.equal(report.verdict, "passed");
    assert.equal(report.mediaType, "application/vnd.admissible.report.v1+json");
  }
});

test("verifySync and inspectSync say the same as verify and inspect", async () => {
  const { report } = await verifier.verify(bundleText, options);
  assert.deepEqual(verifier.verifySync(bundleText, options).report, report);
  assert.deepEqual(verifier.inspectSync(bundleText, options), report);
  assert.deepEqual(await verifier.inspect(bundleText, options), report);
  assert.deepEqual(createVerifierSync().inspectSync(bundleText, options), report);
});

test("the verified payload is the statement, as bytes", async () => {
  const { payload, payloadType } = await verifier.verify(bundleText, options);
  assert.equal(Object.prototype.toString.call(payload), "[object Uint8Array]");
  assert.equal(payloadType, "application/vnd.in-toto+json");
  assert.equal(JSON.parse(new TextDecoder().decode(payload)).subject[0].digest.sha512, sha512);
});

test("the evidence names what was certified", async () => {
  const { report } = await verifier.verify(bundleText, options);
  const { certificatePath, artifact, signer: matched } = report.checks;
  assert.deepEqual(certificatePath.evidence.identity, { type: "uri", value: signer.identity });
  assert.equal(certificatePath.evidence.issuer, signer.issuer);
  assert.equal(certificatePath.evidence.claims.sourceRepositoryURI, "https://github.com/sigstore/sigstore-js");
  assert.equal(artifact.evidence.digest, sha512);
  assert.deepEqual(matched.evidence, { rule: 0 });
});

test("no integer of a report passes through a number that cannot hold it", async () => {
  const { report } = await verifier.verify(bundleText, options);
  const [proof] = report.checks.inclusionProof.evidence;
  assert.match(proof.logIndex, /^\d+$/u);
  assert.match(proof.treeSize, /^\d+$/u);
});

test("verify throws VerificationFailed with the report, its first code and every reason", async () => {
  const tampered = changed((bundle) => {
    bundle.dsseEnvelope.payload = bundle.dsseEnvelope.payload.replace("UA1LjAuMCIs", "UA1LjAuMSIs");
  });
  const error = await verifier.verify(tampered, options).then(assert.fail, (thrown) => thrown);
  assert.ok(error instanceof VerificationFailed && error instanceof Error);
  assert.equal(error.name, "VerificationFailed");
  assert.equal(error.report.verdict, "failed");
  assert.equal(error.report.checks.signature.status, "failed");
  assert.equal(error.code, error.failures[0].code);
  assert.ok(error.failures.some(({ check }) => check === "signature"));
  assert.equal(error.message, error.report.summary);
  assert.deepEqual(await verifier.inspect(tampered, options), error.report);
  assert.throws(() => verifier.verifySync(tampered, options), VerificationFailed);
});

test("another signer, issuer, artifact or claim does not verify", async () => {
  const wrong = [
    { ...options, signer: { ...signer, identity: signer.identity.replace("main", "mai") } },
    { ...options, signer: { ...signer, issuer: "https://accounts.example" } },
    { ...options, signer: { ...signer, identity: { regex: "release" } } },
    { ...options, signer: { ...signer, claims: { sourceRepositoryURI: "https://github.com/sigstore/other" } } },
    { ...options, artifact: `sha512:${sha512.replace("8", "9")}` },
    { ...options, artifact: new Uint8Array([1, 2, 3]) },
  ];
  for (const wrongOptions of wrong) {
    assert.equal((await verifier.inspect(bundleText, wrongOptions)).verdict, "failed");
    await assert.rejects(verifier.verify(bundleText, wrongOptions), VerificationFailed);
  }
});

test("any of several signers, patterns and claims verify", async () => {
  const other = { issuer: "https://accounts.example", identity: "someone@example.org" };
  const right = [
    [other, signer],
    { ...signer, identity: { glob: "https://github.com/sigstore/sigstore-js/.github/workflows/*@refs/heads/main" } },
    { ...signer, identity: { regex: "https://github\\.com/sigstore/sigstore-js/.*" } },
    { ...signer, claims: { sourceRepositoryURI: "https://github.com/sigstore/sigstore-js" } },
    { dangerouslyAnySigner: true },
  ];
  for (const rule of right) {
    const { report } = await verifier.verify(bundleText, { ...options, signer: rule });
    assert.equal(report.verdict, "passed");
  }
});

test("a trusted root is taken as text, bytes, object and JSON Lines, and another root does not verify", async () => {
  const read = (name) => readFileSync(new URL(`../../src/roots/${name}.json`, import.meta.url), "utf8");
  const publicGood = read("public_good");
  const lines = `${JSON.stringify(JSON.parse(read("staging")))}\n${JSON.stringify(JSON.parse(publicGood))}\n`;
  for (const trustedRoot of [publicGood, new TextEncoder().encode(publicGood), JSON.parse(publicGood), lines]) {
    const own = await createVerifier({ trustedRoot });
    assert.equal((await own.inspect(bundleText, options)).verdict, "passed");
  }
  const staging = await createVerifier({ trustedRoot: read("staging") });
  assert.equal((await staging.inspect(bundleText, options)).verdict, "failed");
});

test("a trusted root that is named but missing, or malformed, is refused", async () => {
  for (const trustedRoot of [undefined, null, 7, "", "{", new Uint8Array(), {}, []]) {
    await assert.rejects(createVerifier({ trustedRoot }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.code, "invalid-trusted-root");
      return true;
    });
  }
  await assert.rejects(createVerifier({ trustedroot: "{}" }), { code: "invalid-argument" });
  await assert.rejects(createVerifier("{}"), { code: "invalid-argument" });
});
