import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync, UsageError } from "../dist/entries/node.js";
import { bundleBytes, bundleText, options, sha512, signer } from "./demo.mjs";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const verifier = createVerifierSync();
const report = verifier.inspectSync(bundleBytes, options);
const failed = verifier.inspectSync(bundleBytes, { ...options, artifact: new Uint8Array() });
const repository = "https://github.com/sigstore/sigstore-js";
const { commit } = report.provenance.source;
const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

const summaryOptions = {
  now: "2026-01-01T00:00:00Z",
  verifier: { id: "https://acme.example/verifier" },
  resourceUri: "pkg:npm/sigstore@5.0.0",
  policy: { uri: "https://acme.example/policy.json", digest: `sha256:${"a".repeat(64)}` },
};

function refused(call, code, at) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.deepEqual({ code: error.code, at: error.at }, { code, at });
    return true;
  });
}

/** A copy of the report, with one thing changed. */
function edited(change) {
  const copy = JSON.parse(JSON.stringify(report));
  change(copy);
  return copy;
}

test("a report says what it is about", () => {
  const root = readFileSync(new URL("../../src/roots/public_good.json", import.meta.url));
  assert.deepEqual(report.inputs, { bundle: sha256(bundleBytes), trustedRoot: sha256(root) });
  assert.match(report.version, /^\d+\.\d+\.\d+/u);
  assert.deepEqual(verifier.inspectSync("{", options).inputs, { bundle: sha256("{") });
});

test("a baseline remembers a report, and survives JSON", () => {
  const baseline = verifier.baseline(report);
  assert.equal(baseline.mediaType, "application/vnd.admissible.baseline.v1+json");
  assert.deepEqual(baseline.signer, { identity: signer.identity, issuer: signer.issuer });
  assert.equal(baseline.source.repository, repository);
  assert.equal(baseline.subject, "pkg:npm/sigstore@5.0.0");
  const kept = JSON.parse(JSON.stringify(baseline));
  for (const previous of [report, baseline, kept]) {
    assert.deepEqual(verifier.compareTrust(previous, report), {
      mediaType: "application/vnd.admissible.trust-comparison.v1+json",
      same: true,
      severity: "none",
      changes: [],
    });
  }
});

test("changes are told, worst first", () => {
  const next = edited((copy) => {
    const claim = (name) => copy.certificate.claims.find((claim) => claim.name === name);
    claim("sourceRepositoryIdentifier").value = "1";
    claim("buildTrigger").value = "release";
  });
  const { same, severity, changes } = verifier.compareTrust(report, next);
  assert.deepEqual([same, severity], [false, "critical"]);
  assert.deepEqual(
    changes.map(({ code, severity: of }) => [code, of]),
    [
      ["repository-recreated", "critical"],
      ["trigger-changed", "info"],
    ],
  );
  assert.match(changes[1].message, /^expected the trigger `push`, found `release`$/u);
  assert.equal(verifier.compareTrust(report, failed).changes[0].code, "next-not-verified");
});

test("recorded inputs are compared with used ones", () => {
  const dependencies = [{ uri: `git+${repository}@refs/heads/main`, digest: { gitCommit: commit } }];
  const good = verifier.compareInputs(report, { commit, source: repository, dependencies });
  assert.equal(good.matches, true);
  assert.deepEqual(good.items.map(({ kind, status }) => [kind, status]), [
    ["commit", "matched"],
    ["source", "matched"],
    ["dependency", "matched"],
  ]);
  const bad = verifier.compareInputs(report, { commit: "0".repeat(40) });
  assert.equal(bad.matches, false);
  assert.equal(bad.items[0].status, "mismatched");
});

test("an evaluation is summarised, with the policy that it was judged by", () => {
  const policy = { version: 1, signers: [signer] };
  const evaluation = verifier.evaluateSync({ bundles: [bundleBytes], artifact: { sha512 }, policy });
  const { policy: _, ...rest } = summaryOptions;
  const { result, vsa } = verifier.summarize(evaluation, { ...rest, policy: { uri: "https://acme.example/policy.json" } });
  assert.equal(result, "PASSED");
  assert.deepEqual(vsa.predicate.policy.digest, { sha256: evaluation.policy.sha256 });
  const other = { uri: "https://acme.example/policy.json", digest: `sha256:${"0".repeat(64)}` };
  refused(() => verifier.summarize(evaluation, { ...rest, policy: other }), "invalid-summary-options", "/options/policy/digest");
});

test("a verification is summarised", () => {
  for (const now of [summaryOptions.now, new Date(summaryOptions.now)]) {
    const { result, vsa, svr, markdown, csv } = verifier.summarize(report, { ...summaryOptions, now });
    assert.equal(result, "PASSED");
    assert.deepEqual(vsa.subject, [{ name: "pkg:npm/sigstore@5.0.0", digest: { sha512 } }]);
    assert.equal(vsa.predicate.timeVerified, "2026-01-01T00:00:00Z");
    assert.deepEqual(vsa.predicate.inputAttestations, [{ digest: { sha256: sha256(bundleBytes).slice(7) } }]);
    assert.deepEqual(vsa.predicate.verifiedLevels, [`SLSA_BUILD_LEVEL_${report.provenance.level.build}`]);
    assert.deepEqual(svr.predicate.properties, ["ADMISSIBLE_VERIFIED", ...vsa.predicate.verifiedLevels]);
    for (const line of [markdown.line, csv.line]) {
      for (const part of [sha512, report.inputs.bundle, report.inputs.trustedRoot, report.version]) assert.ok(line.includes(part));
    }
    assert.equal(csv.header.split(",").length, csv.line.split(",").length);
  }
  const subject = { digest: `sha256:${"b".repeat(64)}` };
  assert.equal(verifier.summarize(failed, { ...summaryOptions, subject }).result, "FAILED");
});

test("what is no such document is refused, with its place", () => {
  for (const wrong of [undefined, null, "{}", 7, () => {}]) {
    refused(() => verifier.baseline(wrong), "invalid-argument", "/report");
    refused(() => verifier.compareTrust(report, wrong), "invalid-argument", "/next");
    refused(() => verifier.compareInputs(report, wrong), "invalid-argument", "/used");
    refused(() => verifier.summarize(report, wrong), "invalid-argument", "/options");
  }
  const cycle = {};
  cycle.cycle = cycle;
  refused(() => verifier.baseline(cycle), "invalid-argument", "/report");
  refused(() => verifier.baseline({}), "invalid-report", "");
  refused(() => verifier.baseline(failed), "invalid-report", "/verdict");
  refused(() => verifier.compareTrust(failed, report), "invalid-report", "/previous/verdict");
  refused(() => verifier.compareTrust({ ...verifier.baseline(report), extra: 1 }, report), "invalid-baseline", "/previous/extra");
  refused(() => verifier.compareTrust(report, verifier.baseline(report)), "invalid-report", "/next/mediaType");
  refused(() => verifier.compareInputs(report, {}), "invalid-used-inputs", "/used");
  refused(() => verifier.summarize(failed, summaryOptions), "invalid-summary-options", "/options");
  refused(() => verifier.summarize(report, { ...summaryOptions, now: new Date(Number.NaN) }), "invalid-summary-options", "/options/now");
  const { now: _, ...timeless } = summaryOptions;
  refused(() => verifier.summarize(report, timeless), "invalid-summary-options", "/options");
});

test("nothing that is undefined gets lost on the way", () => {
  const dependency = { digest: `sha256:${"a".repeat(64)}`, uri: undefined };
  refused(() => verifier.compareInputs(report, { dependencies: [dependency] }), "invalid-used-inputs", "/used/dependencies/0/uri");
  refused(() => verifier.summarize(report, { ...summaryOptions, subject: undefined }), "invalid-summary-options", "/options/subject");
});

test("a hostile report gives no object a prototype", () => {
  const hostile = edited((copy) => {
    copy.provenance.dependencies[0].digest = JSON.parse('{"__proto__": "aa", "gitCommit": "aa"}');
  });
  const { items } = verifier.compareInputs(hostile, { source: repository });
  const recorded = items.find(({ status }) => status === "not-used").recorded;
  assert.deepEqual(Object.keys(recorded.digest), ["gitCommit"]);
  assert.equal(Object.getPrototypeOf(recorded.digest), Object.prototype);
});

test("the verifier works on after a refusal", () => {
  assert.equal(verifier.inspectSync(bundleText, options).verdict, "passed");
});
