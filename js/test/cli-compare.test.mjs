// `compare` tells what changed between two documents that somebody kept, and verifies nothing of them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createVerifierSync } from "../dist/entries/node.js";
import { bundleBytes, bundleText, options, sha512, signer } from "./demo.mjs";
import { loopback } from "./cli-loopback.mjs";
import { sarifErrors } from "./sarif-schema.mjs";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const registry = await loopback();
const { origin, run, file, folder } = registry;
const verifier = createVerifierSync();
const report = verifier.inspectSync(bundleBytes, options);
const evaluation = verifier.evaluateSync({ bundles: [bundleBytes], artifact: { sha512 }, policy: { version: 1, signers: [signer] } });
const { commit, repository } = report.provenance.source;
const hostile = "rel\u{1b}[31m\u{202e}ease\n##vso[task.complete]";

/** A copy with one thing changed. */
function edited(document, change) {
  const copy = JSON.parse(JSON.stringify(document));
  change(copy);
  return copy;
}
const claimed = (name, value) => edited(report, ({ certificate: { claims } }) => (claims.find((claim) => claim.name === name).value = value));

/** Runs a command line with something on standard input. */
function fed(input, ...argv) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...argv], { input, cwd: folder, encoding: "utf8", timeout: 60_000, env: { ...process.env, FORCE_COLOR: "", NO_COLOR: "1" } });
  return { status, stdout, stderr };
}

file("report.json", report);
file("evaluation.json", evaluation);
file("baseline.json", verifier.baseline(report));
file("info.json", claimed("buildTrigger", "release"));
file("warning.json", edited(report, ({ provenance: { facts } }) => facts.filter(({ name }) => name === "configPath").forEach((fact) => Object.assign(fact, { value: "other.yml", certified: "other.yml" }))));
file("critical.json", claimed("sourceRepositoryIdentifier", "1"));
file("hostile.json", claimed("buildTrigger", hostile));
file("failed.json", verifier.inspectSync(bundleBytes, { ...options, artifact: new Uint8Array() }));
file("rejected.json", verifier.evaluateSync({ bundles: [bundleBytes], artifact: { sha512 }, policy: { version: 1, signers: [signer], require: [{ name: "more", predicateType: "https://slsa.dev/provenance/v1", level: 3 }] } }));
file("excepted.json", { ...evaluation, verdict: "excepted" });

async function refused(pattern, ...argv) {
  const { status, stdout, stderr } = await run("compare", ...argv);
  assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
  assert.match(stderr, pattern);
}

test("nothing changed: exit code 0, whatever kind of document it was, and no mark of a verification", async () => {
  for (const before of ["report.json", "evaluation.json", "baseline.json"]) {
    for (const after of ["report.json", "evaluation.json"]) {
      const { status, stdout, stderr } = await run("compare", before, after);
      assert.deepEqual([status, stderr], [0, ""], `${before} ${after}`);
      assert.match(stdout, /^UNVERIFIED {2}\S+ and \S+ are taken as written, by whomever: nothing was verified here$/mu);
      assert.match(stdout, /^no drift: nothing that is compared has changed$/mu);
      assert.doesNotMatch(stdout, /✔|✘|\bverified:/u);
    }
  }
});

test("a change counts by its severity: from `warning` up, or as --fail-on says", async () => {
  for (const [after, severity, code, exits] of [
    ["info.json", "info", "trigger-changed", [0, 1, 0, 0]],
    ["warning.json", "warning", "workflow-changed", [1, 1, 1, 0]],
    ["critical.json", "critical", "repository-recreated", [1, 1, 1, 1]],
  ]) {
    const least = [[], ["--fail-on", "info"], ["--fail-on", "warning"], ["--fail-on", "critical"]];
    for (const [index, failOn] of least.entries()) {
      const { status, stdout } = await run("compare", "baseline.json", after, ...failOn);
      assert.equal(status, exits[index], `${after} ${failOn.join(" ")}`);
      assert.match(stdout, new RegExp(`^ {2}${severity} +${code}\\n {12}expected `, "mu"));
      assert.match(stdout, status === 1 ? new RegExp(`^drift: 1 ${severity}$`, "mu") : new RegExp(`^no drift: 1 ${severity}, below --fail-on ${failOn[1] ?? "warning"}$`, "mu"));
    }
  }
});

test("a next version that is not verified is drift, although a bundle of it is genuine", async () => {
  for (const [after, found] of [["failed.json", "artifact-"], ["rejected.json", "rejected"], ["excepted.json", "excepted"]]) {
    const { status, stdout } = await run("compare", "report.json", after, "--fail-on", "critical");
    assert.equal(status, 1, after);
    assert.match(stdout, new RegExp(`critical {2}next-not-verified\\n {12}expected a version that verifies, found .?${found}`, "u"));
  }
  await refused(/^invalid-report: expected a report that passed, found one that failed \(failed\.json\), at \/verdict$/mu, "failed.json", "report.json");
  await refused(/^invalid-report: expected an evaluation that is verified, found one that is rejected \(rejected\.json\), at \/verdict$/mu, "rejected.json", "report.json");
  await refused(/^invalid-report: expected an evaluation that is verified, found one that is excepted /mu, "excepted.json", "report.json");
  file("odd.json", { ...evaluation, verdict: "fine" });
  await refused(/^invalid-report: expected `verified`, .*, at \/verdict$/mu, "report.json", "odd.json");
});

test("what verify --json and verify-npm --json really print is taken", async () => {
  const by = ["--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer];
  const bundle = file("sigstore.json", bundleText);
  file("printed.json", (await run("verify", `sha512:${sha512}`, "--bundle", bundle, ...by, "--json")).stdout);
  const npm = async (name) => file(name, (await run("verify-npm", "sigstore@5.0.0", "--registry", origin, "--repo", "sigstore/sigstore-js", "--json")).stdout);
  const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
  registry.answers = {
    "/sigstore/5.0.0": { dist: { integrity, attestations: {} } },
    "/-/npm/v1/attestations/sigstore@5.0.0": { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: JSON.parse(bundleText) }] },
  };
  await npm("judged.json");
  registry.answers = {};
  await npm("none.json");
  registry.answers = { "/sigstore/5.0.0": { status: 403 } };
  await npm("unavailable.json");
  const same = await run("compare", "printed.json", "judged.json");
  assert.deepEqual([same.status, same.stderr], [0, ""]);
  assert.match(same.stdout, /^ {2}after {3}judged\.json, bundle 0 of 1$/mu);
  assert.equal((await run("compare", "judged.json", "critical.json")).status, 1);
  const none = await run("compare", "judged.json", "none.json");
  assert.equal(none.status, 1);
  assert.match(none.stdout, /next-not-verified\n +expected a version that verifies, found `none-found`/u);
  await refused(/found the outcome none-found, which holds none \(none\.json\)/u, "none.json", "report.json");
  await refused(/found the outcome unavailable, which holds none \(unavailable\.json\)/u, "report.json", "unavailable.json");
  file("broken.json", edited({ outcome: "judged", evaluation }, (copy) => delete copy.evaluation.bundles[0].report.checks));
  await refused(/\(broken\.json\), at \/evaluation\/bundles\/0\/report$/mu, "report.json", "broken.json");
});

test("of several bundles it must be plain which: the one that verified, the one with provenance, or --bundle", async () => {
  const [{ report: whole }] = evaluation.bundles;
  const changed = claimed("sourceRepositoryIdentifier", "1");
  const bare = edited(whole, (copy) => delete copy.provenance);
  const failed = verifier.inspectSync("{", options);
  const of = (name, ...reports) => file(name, { ...evaluation, bundles: reports.map((one) => ({ report: one })) });
  of("one-passed.json", failed, whole);
  of("one-telling.json", bare, whole);
  of("two.json", whole, changed);
  of("reversed.json", changed, whole);
  for (const after of ["one-passed.json", "one-telling.json"]) {
    const { status, stdout } = await run("compare", "report.json", after);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^ {2}after {3}${after}, bundle 1 of 2$`, "mu"));
  }
  of("only-bare.json", failed, bare);
  const lost = await run("compare", "report.json", "only-bare.json");
  assert.equal(lost.status, 1);
  assert.match(lost.stdout, /critical {2}provenance-lost$/mu);
  await refused(/which bundle of two\.json\? Give --bundle: one of 0, 1/u, "report.json", "two.json");
  const exits = [[["report.json", "two.json", "--bundle", "0"], 0], [["report.json", "two.json", "--bundle", "1"], 1], [["two.json", "two.json", "--bundle", "1"], 0]];
  exits.push([["two.json", "reversed.json", "--bundle", "0"], 1], [["two.json", "reversed.json", "--bundle", "0", "--bundle", "1"], 0]);
  for (const [argv, exit] of exits) assert.equal((await run("compare", ...argv)).status, exit, argv.join(" "));
  await refused(/--bundle 2: there is no such bundle in two\.json, which holds 2/u, "report.json", "two.json", "--bundle", "2");
  await refused(/--bundle is for an evaluation, and there is none/u, "report.json", "report.json", "--bundle", "0");
  await refused(/--bundle is given once for every evaluation at most/u, "report.json", "two.json", "--bundle", "0", "--bundle", "1");
  await refused(/--bundle is a number, counted from 0, not first/u, "report.json", "two.json", "--bundle", "first");
  of("none-passed.json", failed);
  await refused(/expected a bundle that verified, found none \(none-passed\.json\)/u, "none-passed.json", "report.json");
  file("no-list.json", { ...evaluation, bundles: {} });
  await refused(/expected a list of bundles, found something else \(no-list\.json\), at \/bundles$/mu, "report.json", "no-list.json");
  of("no-report.json", 7);
  await refused(/expected a report, found something else \(no-report\.json\), at \/bundles\/0\/report$/mu, "report.json", "no-report.json");
});

test("--json is the whole result, which says that nothing was verified", async () => {
  const { status, stdout } = await run("compare", "report.json", "critical.json", "--json");
  assert.equal(status, 1);
  assert.deepEqual(JSON.parse(stdout), { verified: false, ...JSON.parse(JSON.stringify(verifier.compareTrust(report, claimed("sourceRepositoryIdentifier", "1")))) });
});

test("SARIF and Markdown", async () => {
  file("several.json", edited(claimed("sourceRepositoryIdentifier", "1"), ({ certificate: { claims } }) => (claims.find(({ name }) => name === "buildTrigger").value = "release")));
  const sarif = await run("compare", "report.json", "several.json", "--format", "sarif");
  const log = JSON.parse(sarif.stdout);
  assert.deepEqual([sarif.status, sarifErrors(log)], [1, []]);
  const [{ results, properties, invocations: [{ exitCode }] }] = log.runs;
  assert.deepEqual([exitCode, properties.verified], [1, false]);
  assert.deepEqual(results.map(({ ruleId, level }) => [ruleId, level]), [["repository-recreated", "error"], ["trigger-changed", "note"]]);
  assert.equal(results[0].locations[0].physicalLocation.artifactLocation.uri, "several.json");
  const lenient = JSON.parse((await run("compare", "report.json", "warning.json", "--fail-on", "critical", "--format", "sarif")).stdout);
  assert.deepEqual(lenient.runs[0].results.map(({ ruleId, level }) => [ruleId, level]), [["workflow-changed", "warning"]]);
  const { status, stdout } = await run("compare", "report.json", "several.json", "--format", "markdown");
  assert.equal(status, 1);
  assert.match(stdout, /^### ! drift: 1 critical, 1 info\n\nUnverified: .* nothing was verified here\n/u);
  assert.match(stdout, /^\| critical \| `repository-recreated` \| expected /mu);
  assert.doesNotMatch(stdout, /✔/u);
});

test("text of a report commands neither a terminal nor a log, in any format", async () => {
  for (const format of ["text", "json", "sarif", "markdown"]) {
    const { status, stdout } = await run("compare", "report.json", "hostile.json", "--fail-on", "info", "--format", format);
    assert.equal(status, 1);
    assert.match(stdout, /task\.complete/u);
    assert.doesNotMatch(stdout, /[\u{1b}\u{202e}]|##vso\[/u, format);
    assert.doesNotMatch(stdout, /^ *ease/mu, format);
  }
  file("media.json", { mediaType: hostile });
  const { status, stderr } = await run("compare", "report.json", "media.json");
  assert.equal(status, 2);
  assert.doesNotMatch(stderr, /[\u{1b}\u{202e}]|##vso\[/u);
});

test("standard input is one of the two", () => {
  const text = JSON.stringify(report);
  for (const argv of [["-", "evaluation.json"], ["evaluation.json", "-"]]) {
    const { status, stdout, stderr } = fed(text, "compare", ...argv);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /standard input/u);
  }
  assert.equal(JSON.parse(fed(text, "compare", "critical.json", "-", "--format", "sarif").stdout).runs[0].results[0].locations[0].physicalLocation, undefined);
  for (const argv of [["-", "-"], ["-", "--used", "-"]]) {
    const { status, stderr } = fed(text, "compare", ...argv);
    assert.equal(status, 2);
    assert.match(stderr, /standard input \(-\) is one document/u);
  }
  assert.match(fed("", "compare", "report.json", "-").stderr, /standard input: expected JSON/u);
});

test("what cannot be compared is refused, and named", async () => {
  file("no.json", "{");
  file("list.json", "[]");
  file("seven.json", "7");
  file("twice.json", JSON.stringify(evaluation).replace('"mode":', '"mode":"warn","mode":'));
  file("utf8.json", Buffer.from(JSON.stringify({ mediaType: "é" }), "latin1"));
  file("lines.json", `${JSON.stringify(report)}\n${JSON.stringify(report)}\n`);
  file("claims.json", (await run("inspect", file("sigstore.json", bundleText), "--json")).stdout);
  for (const [path, pattern] of [
    ["missing.json", /there is no such file \(missing\.json\)/u],
    [".", /that is a folder/u],
    ["no.json", /no\.json: expected JSON/u],
    ["list.json", /expected a report or an evaluation, found something else \(list\.json\)/u],
    ["seven.json", /found something else \(seven\.json\)/u],
    ["twice.json", /twice\.json: expected each key once, found `mode` twice/u],
    ["utf8.json", /utf8\.json: expected UTF-8/u],
    ["lines.json", /found several documents \(lines\.json\)/u],
    ["claims.json", /found the claims that `inspect` prints; verify --json prints a report \(claims\.json\)/u],
    ["sigstore.json", /found a Sigstore bundle \(sigstore\.json\)/u],
    ["baseline.json", /^invalid-report: .* \(baseline\.json\), at \/mediaType$/mu],
  ]) await refused(pattern, "report.json", path);
  file("extra.json", { ...verifier.baseline(report), extra: 1 });
  await refused(/^invalid-baseline: .* \(extra\.json\), at \/extra$/mu, "extra.json", "report.json");
});

test("wrong use names what is wrong", async () => {
  await refused(/name two files/u);
  await refused(/name two files/u, "report.json");
  await refused(/report\.json is one too many/u, "info.json", "info.json", "report.json");
  await refused(/--fail-on is info, warning or critical, not none/u, "report.json", "report.json", "--fail-on", "none");
  await refused(/--fail-on is for two reports/u, "report.json", "--used", "used.json", "--fail-on", "info");
  await refused(/report\.json is one operand too many/u, "report.json", "report.json", "--used", "used.json");
  await refused(/Unknown option '--strict'/u, "report.json", "report.json", "--strict");
  await refused(/--used is given twice/u, "report.json", "--used", "a", "--used", "b");
  await refused(/--format is text, json, sarif or markdown, not csv/u, "report.json", "report.json", "--format", "csv");
  const { status, stdout } = await run("compare", "--help");
  assert.equal(status, 0);
  assert.match(stdout, /Nothing is verified/u);
  assert.equal((await run("help", "compare")).stdout, stdout);
  assert.match((await run("help")).stdout, /^ {2}compare +what .*nothing is verified/mu);
});

const dependency = `git+${repository}@refs/heads/main`;

test("--used: what a build used beside what its provenance records", async () => {
  file("used.json", { commit, source: repository });
  for (const recorded of ["report.json", "evaluation.json"]) {
    const good = await run("compare", recorded, "--used", "used.json");
    assert.deepEqual([good.status, good.stderr], [0, ""]);
    assert.match(good.stdout, /^UNVERIFIED .*nothing was verified here\n/u);
    assert.match(good.stdout, new RegExp(`^recorded as used: 2 matched\\n\\n {2}matched +commit +gitCommit:${commit}\\n {2}matched +source +${repository}$`, "mu"));
    assert.doesNotMatch(good.stdout, /✔|✘/u);
  }
  file("other.json", { commit, source: "https://github.com/acme/app", dependencies: [{ name: hostile, digest: `sha256:${"a".repeat(64)}` }, { uri: dependency, digest: { gitCommit: "0".repeat(40) } }] });
  const bad = await run("compare", "report.json", "--used", "other.json");
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^not recorded as used: 2 mismatched, 1 not recorded, 1 matched$/mu);
  assert.match(bad.stdout, new RegExp(`^ {2}mismatched +source +https://github\\.com/acme/app\\n +expected ${repository} as recorded, found https://github\\.com/acme/app$`, "mu"));
  assert.match(bad.stdout, new RegExp(`^ {2}mismatched +dependency .*\\n +expected gitCommit:${commit} as recorded, found gitCommit:0{40}$`, "mu"));
  for (const format of ["text", "json", "sarif", "markdown"]) {
    const { status, stdout } = await run("compare", "report.json", "--used", "other.json", "--format", format);
    assert.equal(status, 1);
    assert.match(stdout, /task\.complete/u);
    assert.doesNotMatch(stdout, /[\u{1b}\u{202e}]|##vso\[/u, format);
  }
  const json = JSON.parse((await run("compare", "report.json", "--used", "other.json", "--json")).stdout);
  assert.deepEqual([json.verified, json.matches, json.counts.mismatched], [false, false, 2]);
  const log = JSON.parse((await run("compare", "report.json", "--used", "other.json", "--format", "sarif")).stdout);
  assert.deepEqual(sarifErrors(log), []);
  assert.deepEqual(log.runs[0].results.map(({ ruleId, level }) => [ruleId, level]), [["input-mismatched", "error"], ["input-not-recorded", "error"], ["input-mismatched", "error"]]);
  const [{ physicalLocation, logicalLocations: [{ fullyQualifiedName }] }] = log.runs[0].results[2].locations;
  assert.deepEqual([physicalLocation.artifactLocation.uri, fullyQualifiedName], ["other.json", "other.json#/dependencies/1"]);
});

test("--used: what cannot be compared fails, what was not used does not, and a weak match is told", async () => {
  const used = (name, ...dependencies) => file(name, { dependencies });
  const incomparable = await run("compare", "report.json", "--used", used("incomparable.json", { uri: dependency, digest: `sha256:${"0".repeat(64)}` }));
  assert.equal(incomparable.status, 1);
  assert.match(incomparable.stdout, /^ {2}incomparable +dependency .*\n +expected a digest of the same algorithm on both sides/mu);
  file("more.json", edited(report, ({ provenance: { dependencies } }) => dependencies.push({ uri: "pkg:npm/a@1.0.0", digest: { sha1: "b".repeat(40) } })));
  const unused = await run("compare", "more.json", "--used", used("all-but.json", { uri: dependency, digest: { gitCommit: commit } }));
  assert.equal(unused.status, 0);
  assert.match(unused.stdout, /^ {2}not-used +dependency +pkg:npm\/a@1\.0\.0\n +only recorded, which does not count$/mu);
  const weak = await run("compare", "more.json", "--used", used("weak.json", { uri: "pkg:npm/a@1.0.0", digest: { sha1: "b".repeat(40) } }), "--format", "markdown");
  assert.equal(weak.status, 0);
  assert.match(weak.stdout, /1 matched, 1 of it weak/u);
  assert.match(weak.stdout, /by sha1 alone, for which another input can be made to match/u);
  const log = JSON.parse((await run("compare", "more.json", "--used", "weak.json", "--format", "sarif")).stdout);
  assert.deepEqual(sarifErrors(log), []);
  assert.deepEqual(log.runs[0].results.map(({ ruleId, level }) => [ruleId, level]), [["input-weak", "warning"], ["input-not-used", "note"]]);
});

test("--used: what is wrong is refused, and named", async () => {
  file("empty.json", {});
  await refused(/^invalid-used-inputs: .* nothing to compare \(empty\.json\)$/mu, "report.json", "--used", "empty.json");
  file("typing.json", { comit: commit });
  await refused(/^invalid-used-inputs: .*`comit`.* \(typing\.json\), at \/comit$/mu, "report.json", "--used", "typing.json");
  file("twice-used.json", `{"commit":"${"0".repeat(40)}","commit":"${commit}"}`);
  await refused(/twice-used\.json: expected each key once/u, "report.json", "--used", "twice-used.json");
  await refused(/there is no such file \(missing\.json\)/u, "report.json", "--used", "missing.json");
  await refused(/^invalid-report: .* \(baseline\.json\)/mu, "baseline.json", "--used", "used.json");
  await refused(/^invalid-report: expected an evaluation that is verified, found one that is rejected/mu, "rejected.json", "--used", "used.json");
  await refused(/^invalid-report: expected a report that passed, found one that failed \(failed\.json\), at \/verdict$/mu, "failed.json", "--used", "used.json");
});
