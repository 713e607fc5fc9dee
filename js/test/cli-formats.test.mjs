// Verdicts as SARIF, for code scanning, and as Markdown, for a job's summary.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { code, escaped, heading, table } from "../dist/cli/markdown.js";
import { sarif } from "../dist/cli/sarif.js";
import { failureCodes } from "../dist/codes.js";
import { bundleText, sha512, signer } from "./demo.mjs";
import { loopback } from "./cli-loopback.mjs";
import { sarifErrors } from "./sarif-schema.mjs";

const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const other = "0".repeat(128);
const registry = await loopback();
const { origin, run, file, folder } = registry;
mkdirSync(join(folder, "of bundles"));
copyFileSync(fileURLToPath(new URL("../demo/sigstore-5.0.0.sigstore.json", import.meta.url)), join(folder, "of bundles/a#b.json"));
const by = ["--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer];
const verify = (hex, ...argv) => run("verify", `sha512:${hex}`, "--bundle", "of bundles/a#b.json", ...argv);

/** The one run of a log that is one. */
async function logged(pending) {
  const { status, stdout, stderr } = await pending;
  assert.equal(stderr, "");
  const log = JSON.parse(stdout);
  assert.deepEqual(sarifErrors(log), []);
  assert.equal(log.runs[0].invocations[0].exitCode, status);
  const [{ results, tool: { driver: { rules } }, properties, invocations }] = log.runs;
  // What code scanning asks for beyond the schema.
  for (const { ruleId, ruleIndex, locations, message, partialFingerprints } of results) {
    assert.equal(rules[ruleIndex].id, ruleId);
    assert.equal(locations.length, 1);
    assert.ok(message.text.length > 0 && partialFingerprints["admissible/v1"].length > 60);
  }
  assert.deepEqual(rules.map(({ id }) => id), [...new Set(results.map(({ ruleId }) => ruleId))].sort());
  for (const { shortDescription, fullDescription, help } of rules) assert.ok(shortDescription.text.length > 0 && fullDescription.text.length > 0 && help.text.length > 0);
  const prints = results.map(({ partialFingerprints }) => partialFingerprints["admissible/v1"]);
  assert.equal(new Set(prints).size, prints.length);
  return { status, results, rules, properties, successful: invocations[0].executionSuccessful };
}
const place = ({ locations: [{ physicalLocation }] }) => [physicalLocation?.artifactLocation.uri, physicalLocation?.region.startLine];

test("SARIF of what is verified has no result, and tells of it", async () => {
  const { status, results, properties } = await logged(verify(sha512, ...by, "--format", "sarif"));
  assert.deepEqual([status, results, properties.verdict], [0, [], "passed"]);
  assert.match(properties.summary, /^verified: /u);
});

test("SARIF of a bundle that does not verify: a result for each reason, at the bundle", async () => {
  const { status, results, rules } = await logged(verify(other, "--certificate-identity", "https://github.com/acme/app", "--certificate-oidc-issuer", signer.issuer, "--format", "sarif"));
  assert.equal(status, 1);
  assert.deepEqual(results.map(({ ruleId, level }) => [ruleId, level]), [["artifact-not-a-subject", "error"], ["signer-identity-differs", "error"]]);
  for (const result of results) assert.deepEqual(place(result), ["of%20bundles/a%23b.json", 1]);
  assert.match(results[0].message.text, /^sha512:0{12}…: expected a subject .* Next: check that this is the file/u);
  assert.equal(rules[0].shortDescription.text, "The bundle does not verify: artifact not a subject");
  assert.match(rules[0].help.text, /^check that this is the file/u);
});

const policy = file("policy.json", { version: 1, signers: [{ ...signer, identity: "https://github.com/acme/app" }] });

test("SARIF by a policy: what is unmet, and why no bundle counts", async () => {
  const { status, results, properties } = await logged(verify(sha512, "--policy", policy, "--format", "sarif"));
  assert.equal(status, 1);
  assert.deepEqual(results.map(({ ruleId, level }) => [ruleId, level]), [["requirement-too-few-signers", "error"], ["signer-identity-differs", "error"]]);
  assert.match(results[0].locations[0].logicalLocations[0].fullyQualifiedName, /#\/signers$/u);
  assert.deepEqual([properties.verdict, properties.admitted, properties.policy.sha256.length], ["rejected", false, 64]);
  const warning = file("warning.json", { version: 1, mode: "warn", signers: [{ ...signer, identity: "https://github.com/acme/app" }] });
  const warned = await logged(verify(sha512, "--policy", warning, "--format", "sarif"));
  assert.equal(warned.status, 0);
  assert.ok(warned.results.length > 0 && warned.results.every(({ level }) => level === "warning"));
});

const described = { dist: { integrity, attestations: {} } };
const listed = { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: JSON.parse(bundleText) }] };
const npm = (...argv) => run("verify-npm", "sigstore@5.0.0", "--registry", origin, ...argv);

test("SARIF of a reference: refused, none found and not to be had; it is its own place", async () => {
  registry.answers = { "/sigstore/5.0.0": described, "/-/npm/v1/attestations/sigstore@5.0.0": listed };
  assert.deepEqual((await logged(npm("--repo", "sigstore/sigstore-js", "--format", "sarif"))).results, []);
  const refused = await logged(npm("--repo", "acme/app", "--format", "sarif"));
  assert.ok(refused.results.some(({ ruleId }) => ruleId === "requirement-too-few-signers"), JSON.stringify(refused.results));
  assert.deepEqual(place(refused.results[0]), [undefined, undefined]);
  assert.match(refused.results[0].locations[0].logicalLocations[0].fullyQualifiedName, /^sigstore@5\.0\.0#\//u);
  const ruled = await logged(npm("--policy", policy, "--format", "sarif"));
  assert.deepEqual(place(ruled.results[0]), ["policy.json", 1], "or the policy, where there is a file");
  registry.answers = {};
  const none = await logged(npm("--repo", "acme/app", "--format", "sarif"));
  assert.deepEqual([none.status, none.successful, none.results.map(({ ruleId, level }) => [ruleId, level])], [1, true, [["none-found", "error"]]]);
  registry.answers = { "/sigstore/5.0.0": { status: 403 } };
  const refusing = await logged(npm("--repo", "acme/app", "--format", "sarif"));
  assert.deepEqual([refusing.status, refusing.successful, refusing.results.map(({ ruleId }) => ruleId)], [1, false, ["unavailable-refused"]]);
});

test("SARIF of a file that a registry is asked about: the file is the place", async () => {
  registry.answers = {};
  const path = file("app.tgz", "content");
  const { results } = await logged(run("verify-github", path, "--repo", "acme/app", "--api", origin, "--format", "sarif"));
  assert.deepEqual(place(results[0]), ["app.tgz", 1]);
});

const lockText = `{
  "packages": {
    "": { "packages": { "node_modules/sigstore": {} } },
    "node_modules/plain": {
      "version": "1.0.0", "integrity": "${integrity}", "note": "\\"node_modules/refused\\": {"
    },
    "node_modules/sigstore": { "version": "5.0.0", "integrity": "${integrity}" },
    "node_modules/a/node_modules/sigstore": { "version": "5.0.0", "integrity": "${integrity}" }, "node_modules/refused":
      { "version": "1.0.0", "integrity": "${integrity}" },
    "node_modules/swapped": { "name": "sigstore", "version": "5.0.0", "integrity": "sha512-${Buffer.alloc(64).toString("base64")}" }
  },
  "dependencies": { "node_modules/swapped": {} }
}`;
const lock = (...argv) => run("verify-npm", "--lock", file("package-lock.json", lockText), "--registry", origin, ...argv);
const lockAnswers = { "/-/npm/v1/attestations/sigstore@5.0.0": listed, "/-/npm/v1/attestations/refused@1.0.0": { status: 403 } };

test("SARIF of a lock file: each package at its line", async () => {
  registry.answers = lockAnswers;
  const { status, results, properties } = await logged(lock("--format", "sarif", "--require-provenance"));
  assert.equal(status, 1);
  const found = results.map((result) => [result.ruleId, ...place(result), result.message.text.split(":")[0]]);
  const at = (id) => found.find(([ruleId]) => ruleId === id)?.slice(1);
  assert.deepEqual(at("artifact-not-a-subject"), ["package-lock.json", 10, "sigstore@5.0.0"]);
  assert.deepEqual(at("unavailable-refused"), ["package-lock.json", 8, "refused@1.0.0"]);
  assert.deepEqual(at("no-provenance"), ["package-lock.json", 4, "plain@1.0.0"]);
  assert.deepEqual(properties.verified, [{ package: "sigstore@5.0.0", repository: "https://github.com/sigstore/sigstore-js" }]);
  assert.deepEqual(properties.counts, { failed: 1, unavailable: 1, changed: 0, excepted: 0, "no-provenance": 1, verified: 1 });
  const lenient = await logged(lock("--format", "sarif"));
  assert.ok(!lenient.results.some(({ ruleId }) => ruleId === "no-provenance"));
});

test("what a policy only warns of is not called verified", async () => {
  registry.answers = lockAnswers;
  const warning = file("warning.json", { version: 1, mode: "warn", signers: [{ ...signer, identity: "https://github.com/acme/app" }] });
  const { stdout } = await lock("--policy", warning);
  assert.match(stdout, /^! excepted +sigstore@5\.0\.0 +/mu);
  assert.doesNotMatch(stdout, /✔/u);
});

test("links in messages of SARIF are text", () => {
  const [{ results: [{ message }] }] = sarif([{ flaw: { code: "none-found", level: "error", message: "[here](https://evil.example) \\" }, subject: "a" }], 1, {}).runs;
  assert.equal(message.text, "a: \\[here\\](https://evil.example) \\\\");
});

test("every code of a check has a meaning that names its side", () => {
  for (const id of Object.values(failureCodes).flat()) {
    const [{ tool }] = sarif([{ flaw: { code: id, level: "error", message: "x" }, subject: "a" }], 1, {}).runs;
    assert.match(tool.driver.rules[0].shortDescription.text, /^The bundle does not verify: [a-z0-9 ]+$/u);
  }
});

test("Markdown: the verdict first, then a short table", async () => {
  const verified = await verify(sha512, ...by, "--format", "markdown");
  assert.equal(verified.status, 0);
  assert.match(verified.stdout, /^### ✔ verified: this artifact was signed by `https:.*\n\n\| {2}\| {2}\|\n\| --- \| --- \|\n\| signer \| `https:/u);
  assert.match(verified.stdout, /\n\| source \| `https:\/\/github\.com\/sigstore\/sigstore-js` at `7d2900e/u);
  const refused = await verify(other, ...by, "--format", "markdown");
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /^### ✘ not verified: .*\n\n\| failed \| why \| next \|\n\| --- \| --- \| --- \|\n\| `artifact-not-a-subject` \| expected a subject/u);
  const rejected = await verify(sha512, "--policy", policy, "--format", "markdown");
  assert.match(rejected.stdout, /^### ✘ rejected: /u);
  assert.match(rejected.stdout, /\n\| ✘ \| signers \| `requirement-too-few-signers` expected 1 /u);
  assert.doesNotMatch(refused.stdout + rejected.stdout.replace("| ✔ | subject |", ""), /✔/u);
});

test("Markdown of references and of a lock file", async () => {
  registry.answers = lockAnswers;
  const { stdout } = await lock("--format", "markdown");
  assert.match(stdout, /^### ✘ 1 failed, 1 unavailable, 1 no-provenance, 1 verified\n\n`package-lock\.json`\n\n\| {2}\| {2}\| package \| why \|\n/u);
  assert.match(stdout, /\n\| ✘ \| failed \| `sigstore@5\.0\.0` \| bundle 0 did not verify \(artifact-not-a-subject\)/u);
  assert.match(stdout, /\n<details><summary>1 verified<\/summary>\n\n\| {2}\| {2}\| package \| repository \|\n.*\n\| ✔ \| verified \| `sigstore@5\.0\.0` \| `https:/u);
  registry.answers = {};
  assert.match((await npm("--repo", "a/b", "--format", "markdown")).stdout, /^### ✘ none found: the registry has no `sigstore@5\.0\.0`, or does not show it to everybody\n/u);
  assert.match((await lock("--format", "markdown")).stdout, /^### – 4 no-provenance\n/u, "nothing is verified, so nothing looks as if");
  registry.answers = { "/sigstore/5.0.0": { status: 403 } };
  assert.match((await npm("--repo", "a/b", "--format", "markdown")).stdout, /^### ! no verdict about `sigstore@5\.0\.0`: expected an answer/u);
});

test("untrusted text is no Markdown", () => {
  for (const hostile of [
    "a|b", "`x`|`y`", "<img src=x onerror=alert(1)>", "[a](https://evil.example)", "www.evil.example", "`www.evil.example`", "me@evil.example", "@user", "#1",
    "a\nb", "a\r\n| x | y |", "\\|", "\\", "``", "a``b", "**b**", "_x_", "&lt;", "<!--", "x\u{2028}y", "(<b>)", "`<b>`,", "~~x~~", "deadbeef", "\u{202e}",
  ]) {
    for (const escape of [escaped, code]) {
      const cell = escape(hostile);
      assert.doesNotMatch(cell, /[\n|\u{202e}]/u, hostile);
      const outside = cell.split("`");
      assert.equal(outside.length % 2, 1, `${hostile}: the code ends in the cell`);
      const bare = outside.filter((_, at) => at % 2 === 0).join("");
      assert.match(bare, /^[\p{L}\p{N}\s(),;:.!?…-]*$/u, hostile);
      assert.doesNotMatch(bare, /www\.|:\/\/|[0-9a-f]{7}/iu, hostile);
    }
  }
  assert.equal(escaped("expected the identity `https://a.example/b`, found `x y` (at once)."), "expected the identity `https://a.example/b`, found x y (at once).");
  assert.equal(heading("✘", "a\n# b") + table(["x"], [["y"]]), "### ✘ `a\\u{a}#` b\n\n| x |\n| --- |\n| y |\n");
});

test("wrong use", async () => {
  for (const [argv, message] of [
    [["--format", "xml"], /--format is text, json, sarif or markdown, not xml/u],
    [["--format", "sarif", "--json"], /--json is the same as --format json/u],
  ]) {
    for (const command of [verify(sha512, ...by, ...argv), npm("--repo", "a/b", ...argv), lock(...argv)]) {
      const { status, stdout, stderr } = await command;
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, message);
    }
  }
  registry.answers = { "/sigstore/5.0.0": { status: 403 } };
  const [short, long] = [await npm("--repo", "a/b", "--json"), await npm("--repo", "a/b", "--format", "json")];
  assert.deepEqual(short, long);
  writeFileSync(join(folder, "broken.json"), "{");
  assert.equal((await logged(run("verify", `sha512:${sha512}`, "--bundle", "broken.json", ...by, "--format", "sarif"))).results[0].ruleId, "bundle-malformed-json");
  for (const command of ["verify", "verify-npm", "verify-pypi", "verify-github"]) {
    assert.match((await run(command, "--help")).stdout, /--format FORMAT +text, json, sarif \(2\.1\.0, for code scanning\) or markdown/u);
  }
});
