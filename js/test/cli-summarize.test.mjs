// `summarize` writes what a report says as a statement to be signed, or as a line, and verifies nothing of it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createVerifierSync } from "../dist/entries/node.js";
import { bundleBytes, bundleText, options, sha512, signer } from "./demo.mjs";
import { loopback } from "./cli-loopback.mjs";

const { run, file } = await loopback();
const verifier = createVerifierSync();
const report = verifier.inspectSync(bundleBytes, options);
const evaluation = verifier.evaluateSync({ bundles: [bundleBytes], artifact: { sha512 }, policy: { version: 1, signers: [signer] } });
const now = "2026-01-01T00:00:00Z";
const told = { verifier: { id: "https://acme.example/verifier" }, resourceUri: "pkg:npm/sigstore@5.0.0", policy: { uri: "https://acme.example/policies/npm" } };
const flags = ["--verifier-id", told.verifier.id, "--resource-uri", told.resourceUri, "--policy-uri", told.policy.uri];
const summary = verifier.summarize(report, { ...told, now });
const plain = (value) => JSON.parse(JSON.stringify(value));
const zeros = `sha256:${"0".repeat(64)}`;

file("report.json", report);
file("evaluation.json", evaluation);
file("outcome.json", { outcome: "judged", evaluation, evidence: [] });
file("failed.json", verifier.inspectSync(bundleBytes, { ...options, artifact: new Uint8Array() }));

const summarize = (...argv) => run("summarize", ...argv, ...flags);

async function refused(pattern, ...argv) {
  const { status, stdout, stderr } = await run("summarize", ...argv);
  assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
  assert.match(stderr, pattern);
}

test("each form is what the function returns, and nothing else is on standard output", async () => {
  for (const [form, expected] of [
    [[], `${JSON.stringify(plain(summary.vsa), undefined, 2)}\n`],
    [["--svr"], `${JSON.stringify(plain(summary.svr), undefined, 2)}\n`],
    [["--json"], `${JSON.stringify(plain(summary), undefined, 2)}\n`],
    [["--csv"], `${summary.csv.line}\r\n`],
    [["--csv", "--header"], `${summary.csv.header}\r\n${summary.csv.line}\r\n`],
    [["--markdown"], `${summary.markdown.line}\n`],
    [["--markdown", "--header"], `${summary.markdown.header}\n${summary.markdown.line}\n`],
  ]) {
    const { status, stdout, stderr } = await summarize("report.json", "--now", now, ...form);
    assert.deepEqual([status, stdout], [0, expected], form.join(" "));
    assert.equal(stderr, "UNVERIFIED  report.json is taken as written, by whomever: nothing was verified here, and nothing is signed\n");
  }
});

test("an evaluation, what verify-… --json printed, and standard input", async () => {
  for (const path of ["evaluation.json", "outcome.json"]) {
    const { status, stdout } = await summarize(path);
    assert.equal(status, 0);
    const { predicate } = JSON.parse(stdout);
    assert.deepEqual([predicate.verificationResult, predicate.policy], ["PASSED", { ...told.policy, digest: { sha256: evaluation.policy.sha256 } }]);
  }
  const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "summarize", "-", ...flags, "--now", now], { input: JSON.stringify(report), encoding: "utf8", timeout: 60_000 });
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), plain(summary.vsa));
  assert.match(stderr, /standard input is taken as written/u);
});

test("the time is the clock's unless given", async () => {
  const before = Date.now();
  const { predicate } = JSON.parse((await summarize("report.json")).stdout);
  const time = Date.parse(predicate.timeVerified);
  assert.ok(before <= time && time <= Date.now(), predicate.timeVerified);
});

test("what failed is written as that, with the artifact that the flags name", async () => {
  const { status, stdout } = await summarize("failed.json", "--subject-digest", zeros, "--subject-name", "app.tgz");
  assert.equal(status, 0);
  const { subject, predicate } = JSON.parse(stdout);
  assert.equal(predicate.verificationResult, "FAILED");
  assert.deepEqual(subject, [{ name: "app.tgz", digest: { sha256: "0".repeat(64) } }]);
  file("excepted.json", { ...evaluation, verdict: "excepted" });
  assert.equal(JSON.parse((await summarize("excepted.json")).stdout).predicate.verificationResult, "FAILED");
  await refused(/--subject-digest: expected the artifact's digest in the report/u, "failed.json", ...flags);
});

test("flags must agree with the report, and an error names the flag", async () => {
  const without = (flag) => flags.filter((_, index) => index !== flags.indexOf(flag) && index !== flags.indexOf(flag) + 1);
  for (const flag of ["--verifier-id", "--resource-uri", "--policy-uri"]) {
    await refused(new RegExp(`${flag} is missing`, "u"), "report.json", ...without(flag));
    await refused(new RegExp(`wrong use: ${flag}: expected a URI`, "u"), "report.json", ...without(flag), flag, "no uri");
  }
  await refused(/wrong use: --now: expected a time/u, "report.json", ...flags, "--now", "tuesday");
  await refused(/wrong use: --policy-digest: expected the digest of the policy that was judged by/u, "evaluation.json", ...flags, "--policy-digest", zeros);
  await refused(/wrong use: --policy-digest: expected hexadecimal/u, "report.json", ...flags, "--policy-digest", "sha256:00");
  await refused(/wrong use: --subject-digest: expected the artifact's digest as in the report/u, "report.json", ...flags, "--subject-digest", zeros);
  const { predicate } = JSON.parse((await summarize("report.json", "--policy-digest", zeros)).stdout);
  assert.deepEqual(predicate.policy.digest, { sha256: "0".repeat(64) });
});

test("text of a report is neither a command nor a formula, in any form", async () => {
  const hostile = "=cmd\u{1b}[31m\u{202e}\n##vso[task.complete]|`";
  const copy = plain(report);
  copy.checks.artifact.evidence.name = hostile;
  file("hostile.json", copy);
  for (const form of [[], ["--svr"], ["--csv"], ["--markdown"], ["--json"]]) {
    const { status, stdout } = await summarize("hostile.json", ...form);
    assert.equal(status, 0);
    assert.match(stdout, /task\.complete/u);
    assert.doesNotMatch(stdout, /[\u{1b}\u{202e}]|##vso\[/u, form.join(" "));
    if (form[0] === "--csv") assert.match(stdout, /"'=cmd\\u\{1b\}/u);
    if (form.length === 0) assert.equal(JSON.parse(stdout).subject[0].name, hostile);
    if (form[0] === "--csv" || form[0] === "--markdown") assert.equal(stdout.trimEnd().split("\n").length, 1);
  }
});

test("what is no report is refused, and named", async () => {
  file("sigstore.json", bundleText);
  file("baseline.json", verifier.baseline(report));
  file("no.json", "{");
  file("none.json", { outcome: "none-found", evidence: [] });
  file("broken.json", { outcome: "judged", evaluation: { ...evaluation, policy: { sha256: "00" } } });
  await refused(/there is no such file \(missing\.json\)/u, "missing.json", ...flags);
  await refused(/no\.json: expected JSON/u, "no.json", ...flags);
  await refused(/expected a report or an evaluation, found a Sigstore bundle \(sigstore\.json\)/u, "sigstore.json", ...flags);
  await refused(/found the outcome none-found, which holds none \(none\.json\)/u, "none.json", ...flags);
  await refused(/^invalid-report: .* \(baseline\.json\), at \/mediaType$/mu, "baseline.json", ...flags);
  await refused(/^invalid-report: .* \(broken\.json\), at \/evaluation\/policy\/sha256$/mu, "broken.json", ...flags);
});

test("wrong use names what is wrong", async () => {
  await refused(/name the report/u);
  await refused(/report\.json is one operand too many/u, "report.json", "report.json", ...flags);
  await refused(/--svr and --csv exclude each other/u, "report.json", ...flags, "--svr", "--csv");
  await refused(/--header is for --csv and --markdown/u, "report.json", ...flags, "--header");
  await refused(/--subject-name is for --subject-digest/u, "report.json", ...flags, "--subject-name", "app.tgz");
  await refused(/Unknown option '--vsa'/u, "report.json", ...flags, "--vsa");
  const { status, stdout } = await run("summarize", "--help");
  assert.equal(status, 0);
  assert.match(stdout, /Nothing is verified, and nothing is signed/u);
  assert.equal((await run("help", "summarize")).stdout, stdout);
  assert.match((await run("help")).stdout, /^ {2}summarize +a report .*nothing is verified/mu);
});
