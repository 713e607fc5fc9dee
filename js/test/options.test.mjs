import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier, UsageError } from "../dist/entries/node.js";
import { bundleText, options, sha512, signer } from "./demo.mjs";

const verifier = await createVerifier();

async function refused(wrong, code, at) {
  const check = (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.deepEqual({ code: error.code, at: error.at }, { code, at: at ?? error.at });
    assert.notEqual(error.message, "");
    return true;
  };
  await assert.rejects(verifier.verify(bundleText, wrong), check);
  await assert.rejects(verifier.inspect(bundleText, wrong), check);
  assert.throws(() => verifier.verifySync(bundleText, wrong), check);
}

test("options must be an object", async () => {
  for (const wrong of [undefined, null, "x", 7, [], () => {}]) await refused(wrong, "invalid-argument");
});

test("nothing has a default that trusts: artifact and signer are named by the caller", async () => {
  await refused({ signer }, "missing-artifact");
  await refused({ ...options, artifact: undefined }, "missing-artifact");
  await refused({ artifact: { sha512 } }, "missing-signer");
  await refused({ ...options, signer: undefined }, "missing-signer");
  await refused({ ...options, signer: [] }, "invalid-signer", "/signer");
});

test("undefined inside a signer is refused, never dropped", async () => {
  await refused({ ...options, signer: { ...signer, identity: undefined } }, "invalid-signer", "/signer/identity");
  await refused({ ...options, signer: { ...signer, claims: undefined } }, "invalid-signer", "/signer/claims");
  await refused(
    { ...options, signer: [signer, { ...signer, claims: { sourceRepositoryURI: undefined } }] },
    "invalid-signer",
    "/signer/1/claims/sourceRepositoryURI",
  );
  await refused({ ...options, signer: [signer, undefined] }, "invalid-signer", "/signer/1");
  await refused({ ...options, signer: [signer, , signer] }, "invalid-signer", "/signer/1");
});

test("values that JSON would change in silence are refused", async () => {
  class Rule {
    issuer = signer.issuer;
    identity = signer.identity;
  }
  await refused({ ...options, signer: { ...signer, identity: /main/u } }, "invalid-signer", "/signer/identity");
  await refused({ ...options, signer: { ...signer, identity: () => true } }, "invalid-signer", "/signer/identity");
  await refused({ ...options, signer: new Rule() }, "invalid-signer", "/signer");
  await refused(Object.create(options), "malformed-options");
  await refused({ ...options, signer: new Map(Object.entries(signer)) }, "invalid-signer", "/signer");
  await refused({ ...options, signer: { ...signer, identity: new Date() } }, "invalid-signer", "/signer/identity");
  await refused({ ...options, require: { logEntries: Number.NaN } }, "invalid-requirement", "/require/logEntries");
  await refused({ ...options, require: { scts: 1n } }, "invalid-requirement", "/require/scts");
  await refused({ ...options, require: { promiseOnly: undefined } }, "invalid-requirement", "/require/promiseOnly");
  const cycle = { ...signer };
  cycle.claims = cycle;
  await refused({ ...options, signer: cycle }, "invalid-signer");
  const throwing = Object.defineProperty({ ...options }, "signer", { enumerable: true, get: () => assert.fail("thrown") });
  await refused(throwing, "malformed-options");
});

test("unknown keys are refused at every level", async () => {
  await refused({ ...options, requires: {} }, "malformed-options", "/requires");
  await assert.rejects(verifier.verify(bundleText, { ...options, signer: { ...signer, identiy: "x" } }), UsageError);
  await assert.rejects(verifier.verify(bundleText, { ...options, require: { logs: 1 } }), UsageError);
  await assert.rejects(
    verifier.verify(bundleText, { ...options, signer: { ...signer, claims: { repository: "x" } } }),
    { code: "unknown-claim" },
  );
});

test("an optional key of the first level may be undefined", async () => {
  const { report } = await verifier.verify(bundleText, { ...options, require: undefined, now: undefined });
  assert.equal(report.verdict, "passed");
});

test("now is a time", async () => {
  await verifier.verify(bundleText, { ...options, now: new Date("2026-11-22T00:00:00Z") });
  await verifier.verify(bundleText, { ...options, now: "2026-11-22T00:00:00Z" });
  await refused({ ...options, now: new Date(Number.NaN) }, "invalid-time", "/now");
  await refused({ ...options, now: "yesterday" }, "invalid-time");
  await refused({ ...options, now: 1780347770 }, "malformed-options", "/now");
});

test("a public key and a witness key must be keys", async () => {
  await refused({ ...options, signer: { publicKey: "not a key" } }, "invalid-public-key");
  await refused({ ...options, require: { witnesses: { keys: ["x"], threshold: 1 } } }, "invalid-witness-key");
});
