// Policies through the package: presets over a real bundle, requests that are wrong, artifacts of every kind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync, UsageError } from "admissible";
import { github, keyless, npm } from "admissible/policy";
import { bundleBytes, bundleText, sha512, signer } from "./demo.mjs";

const verifier = createVerifierSync();
const artifact = { sha512 };
const policy = github({ repository: "sigstore/sigstore-js" });
const judge = (change) => verifier.evaluateSync({ bundles: [bundleBytes], artifact, policy, ...change });
const refused = (change, code, at) =>
  assert.throws(
    () => judge(change),
    (error) => error instanceof UsageError && error.code === code && (at === undefined || error.at === at),
  );

test("the presets verify a real release, and no other", () => {
  const evaluation = judge();
  assert.equal(evaluation.verdict, "verified");
  assert.equal(evaluation.admitted, true);
  assert.equal(evaluation.level, 2);
  assert.deepEqual(evaluation.requirements.map(({ met, metBy }) => [met, metBy]), [[true, undefined], [true, [0]], [true, [0]]]);
  assert.equal(judge({ policy: npm({ package: "sigstore", repository: "https://github.com/sigstore/sigstore-js" }) }).verdict, "verified");
  assert.equal(judge({ policy: keyless(signer) }).verdict, "verified");
  for (const other of [
    github({ repository: "sigstore/sigstore" }),
    github({ repository: "sigstore/sigstore-js", level: 3 }),
    github({ repository: "sigstore/sigstore-js", repositoryId: "1" }),
    npm({ package: "sigstore2", repository: "https://github.com/sigstore/sigstore-js" }),
    npm({ package: "sigstore", version: "5.0.1", repository: "https://github.com/sigstore/sigstore-js" }),
    keyless({ ...signer, identity: `${signer.identity}x` }),
  ]) {
    assert.equal(judge({ policy: other }).verdict, "rejected", JSON.stringify(other));
  }
});

test("an unmet requirement says by which evidence, and why", () => {
  const evaluation = judge({ policy: github({ repository: "sigstore/sigstore-js", level: 3 }) });
  const [failure] = evaluation.requirements.at(-1).failures;
  assert.equal(failure.code, "requirement-level");
  assert.equal(failure.bundle, 0);
  assert.match(failure.message, /level 3, found 2/u);
  assert.match(evaluation.summary, /^rejected: /u);
});

test("no bundle, a broken one, or one about something else meets nothing", () => {
  for (const change of [{ bundles: [] }, { bundles: ["{"] }, { artifact: { sha512: "0".repeat(128) } }]) {
    const evaluation = judge(change);
    assert.equal(evaluation.verdict, "rejected");
    assert.deepEqual(evaluation.requirements.filter(({ met }) => met).map(({ at }) => at), ["/subject"]);
  }
  assert.equal(judge({ bundles: ["{", bundleBytes, "[]"] }).verdict, "verified", "what does not verify stands in nobody's way");
});

test("a policy is a document, its text, or its bytes, and is the same policy", () => {
  const text = JSON.stringify(policy);
  const all = [policy, text, new TextEncoder().encode(text)].map((form) => judge({ policy: form }));
  assert.deepEqual(new Set(all.map((evaluation) => JSON.stringify(evaluation))).size, 1);
  const { sha256 } = all[0].policy;
  assert.deepEqual(verifier.checkPolicy(policy), { name: policy.name, sha256, mode: "enforce", needsNow: false, hasExceptions: false });
  const exceptions = [{ digest: `sha256:${"0".repeat(64)}`, reason: "old", expires: "2030-01-01T00:00:00Z" }];
  for (const [more, expected] of [
    [{ mode: "warn" }, { mode: "warn", needsNow: false, hasExceptions: false }],
    [{ exceptions }, { mode: "enforce", needsNow: true, hasExceptions: true }],
    [{ legacyBefore: { time: "2020-01-01T00:00:00Z", reason: "older than this policy" } }, { mode: "enforce", needsNow: false, hasExceptions: true }],
  ]) {
    const { mode, needsNow, hasExceptions } = verifier.checkPolicy({ ...policy, ...more });
    assert.deepEqual({ mode, needsNow, hasExceptions }, expected);
  }
});

test("artifacts are judged alike by digest, bytes and stream", async () => {
  const bytes = new TextEncoder().encode("not the release");
  const stream = new Blob([bytes]);
  for (const other of [bytes, stream, stream.stream()]) {
    assert.equal((await verifier.evaluate({ bundles: [bundleText], artifact: other, policy })).verdict, "rejected");
  }
  assert.equal((await verifier.evaluate({ bundles: [bundleText], artifact: `sha512:${sha512}`, policy })).verdict, "verified");
  refused({ artifact: stream }, "invalid-argument", "/artifact");
});

test("exceptions are time-boxed, and never verified", () => {
  const digest = "0".repeat(128);
  const lenient = { ...policy, exceptions: [{ digest: `sha512:${digest}`, reason: "migrating", expires: "2027-01-01T00:00:00Z" }] };
  const at = (now) => judge({ policy: lenient, artifact: { sha512: digest }, now });
  assert.equal(at("2027-01-01T00:00:00Z").verdict, "excepted");
  assert.equal(at(new Date("2026-12-31")).exception.reason, "migrating");
  const expired = at("2027-01-01T00:00:01Z");
  assert.equal(expired.verdict, "rejected");
  assert.ok(expired.findings.some(({ code }) => code === "exception-expired"));
  refused({ policy: lenient }, "invalid-policy");
});

test("tags that are not pinned are told, with what to pin", () => {
  const sha256 = "a".repeat(64);
  const [finding] = judge({ artifact: { sha256, sha512 }, reference: "ghcr.io/acme/app:1.0" }).findings;
  assert.equal(finding.code, "tag-not-pinned");
  assert.equal(finding.hint, `refer to ghcr.io/acme/app@sha256:${sha256}`);
});

test("wrong policies and requests are refused, with the place", () => {
  refused({ policy: { ...policy, signer: [] } }, "malformed-policy", "/signer");
  refused({ policy: { ...policy, mode: undefined } }, "malformed-policy", "/mode");
  refused({ policy: { ...policy, signers: [{ issuer: /x/u, identity: "y" }] } }, "malformed-policy", "/signers/0/issuer");
  refused({ policy: "{" }, "malformed-policy");
  refused({ policy: undefined }, "malformed-policy");
  refused({ policy: { ...policy, require: [{ predicateType: "x", level: 2 }] } }, "invalid-policy", "/require/0/level");
  refused({ bundles: bundleBytes }, "invalid-argument", "/bundles");
  refused({ bundles: [7] }, "invalid-argument");
  refused({ artifact: undefined }, "missing-artifact");
  refused({ artifact: { dangerouslyUnbound: true } }, "invalid-policy");
  refused({ now: "yesterday" }, "invalid-time", "/now");
  refused({ now: new Date("x") }, "invalid-time", "/now");
  refused({ signer }, "invalid-argument");
  assert.throws(() => verifier.evaluateSync(null), UsageError);
  assert.throws(() => verifier.checkPolicy({ version: 2, signers: [signer] }), (error) => error.code === "invalid-policy" && error.at === "/version");
});
