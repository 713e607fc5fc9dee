// The command line's policies, as a person or a script meets them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sha512, signer } from "./demo.mjs";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const bundle = fileURLToPath(new URL("../demo/sigstore-5.0.0.sigstore.json", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "admissible-"));
after(() => rmSync(folder, { recursive: true }));

const run = (...argv) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...argv], { encoding: "utf8", env: { ...process.env, FORCE_COLOR: "", NO_COLOR: "1" } });
  return { status, stdout, stderr };
};
const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const provenance = (conditions) => ({
  version: 1,
  name: "releases",
  signers: [signer],
  require: [{ name: "provenance", predicateType: "https://slsa.dev/provenance/v1", ...conditions }],
});
const good = file("good.json", provenance({ level: 2, trigger: "push" }));
const strict = file("strict.json", provenance({ level: 3 }));

test("verify --policy: one line for each requirement, and how it was built", () => {
  const { status, stdout } = run("verify", `sha512:${sha512}`, "--bundle", bundle, "--policy", good);
  assert.equal(status, 0);
  assert.match(stdout, /^✔ verified: all 3 requirements are met, by 1 bundle\n/u);
  assert.match(stdout, /^ {2}✔ met {3}provenance {2}by bundle 0$/mu);
  assert.match(stdout, /^ +source +https:\/\/github\.com\/sigstore\/sigstore-js at 7d2900e/mu);
  assert.match(stdout, /^ +level +SLSA build level 2 \(npm-github-hosted\): /mu);
});

test("verify --policy: unmet requirements, with code and reason", () => {
  const { status, stdout } = run("verify", `sha512:${sha512}`, "--bundle", bundle, "--policy", strict);
  assert.equal(status, 1);
  assert.match(stdout, /^✘ rejected: `provenance` unmet\n/u);
  assert.match(stdout, /^ {6}requirement-level {2}in bundle 0\n {8}expected SLSA build level 3, found 2/mu);
  assert.match(stdout, /^· bundle 0: /mu, "a genuine bundle is no good news here");
});

test("verify --policy: warnings and exceptions are admitted, and say so first", () => {
  const warn = file("warn.json", { ...JSON.parse(readFileSync(strict, "utf8")), mode: "warn" });
  const warned = run("verify", `sha512:${sha512}`, "--bundle", bundle, "--policy", warn);
  assert.equal(warned.status, 0);
  assert.match(warned.stdout, /^✘ rejected: .*admitted, for the policy only warns\n/u);
  const exceptions = [{ reference: "acme:1", reason: "migrating", expires: "2027-01-01T00:00:00Z" }];
  const lenient = file("lenient.json", { ...JSON.parse(readFileSync(strict, "utf8")), exceptions });
  const ask = (now) => run("verify", `sha512:${sha512}`, "--bundle", bundle, "--policy", lenient, "--reference", "acme:1", "--now", now);
  assert.match(ask("2026-12-31T00:00:00Z").stdout, /^! excepted until 2027-01-01T00:00:00Z, not verified/u);
  assert.equal(ask("2026-12-31T00:00:00Z").status, 0);
  assert.equal(ask("2027-02-01T00:00:00Z").status, 1);
});

test("verify --policy takes several bundles, lines, and attestations responses", () => {
  const text = JSON.stringify(JSON.parse(readFileSync(bundle, "utf8")));
  const lines = file("all.jsonl", `${text}\n\n{}\n`);
  const response = file("response.json", { attestations: [{ bundle: JSON.parse(text) }, { bundle: null }] });
  const { status, stdout } = run("verify", `sha512:${sha512}`, "--bundle", lines, "--bundle", response, "--policy", good, "--json");
  assert.equal(status, 0);
  const evaluation = JSON.parse(stdout);
  assert.equal(evaluation.bundles.length, 4);
  assert.deepEqual(evaluation.requirements.at(-1).metBy, [0, 2]);
});

test("verify: flags of the one way and the other exclude each other", () => {
  const wrong = (...argv) => {
    const { status, stderr } = run("verify", `sha512:${sha512}`, "--bundle", bundle, ...argv);
    assert.equal(status, 2, argv.join(" "));
    assert.match(stderr, /^wrong use: .*\nsee: admissible verify --help\n$/u);
  };
  wrong("--policy", good, "--certificate-identity", "x");
  wrong("--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer, "--reference", "x");
  wrong("--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer, "--bundle", bundle);
  wrong("--policy", good, "--policy", good);
  wrong("--policy", join(folder, "none.json"));
});

test("policy check: usable, or where it is wrong", () => {
  assert.match(run("policy", "check", good).stdout, /^✔ .*good\.json is a policy \(releases\)\n {2}sha256:[0-9a-f]{64}\n$/u);
  const bad = file("bad.json", { ...provenance({}), requires: [] });
  const { status, stdout } = run("policy", "check", bad);
  assert.equal(status, 1);
  assert.match(stdout, /malformed-policy {2}at \/requires\n {4}expected a known field, found `requires`: did you mean `require`\?/u);
  assert.deepEqual(JSON.parse(run("policy", "check", bad, "--json").stdout).at, "/requires");
});

test("policy dry-run: what would break, counts and reasons", () => {
  const all = join(folder, "bundles");
  mkdirSync(join(all, "deeper"), { recursive: true });
  cpSync(bundle, join(all, "deeper", "one.sigstore.json"));
  writeFileSync(join(all, "broken.sigstore.json"), "{");
  writeFileSync(join(all, "notes.txt"), "no bundle");
  const fine = run("policy", "dry-run", good, all);
  assert.equal(fine.status, 0);
  assert.match(fine.stdout, /^✔ nothing would break: 1 artifacts\n {2}1 verified, 0 excepted, 0 rejected\n {2}1 files hold no bundle that can be read: broken\.sigstore\.json\n/u);
  // An artifact beside its bundle is hashed.
  writeFileSync(join(all, "deeper", "two.tgz"), "another artifact");
  cpSync(bundle, join(all, "deeper", "two.tgz.sigstore.json"));
  const { status, stdout } = run("policy", "dry-run", strict, all, "--json");
  assert.equal(status, 1);
  const { breaks, counts, reasons, artifacts } = JSON.parse(stdout);
  assert.deepEqual([breaks, counts], [2, { verified: 0, excepted: 0, rejected: 2 }]);
  assert.deepEqual(artifacts.map(({ name }) => name).sort(), ["deeper/two.tgz", "pkg:npm/sigstore@5.0.0"]);
  assert.deepEqual(reasons.find(({ code }) => code === "requirement-level").artifacts, 1);
  assert.deepEqual(reasons.find(({ code }) => code === "artifact-not-a-subject").requirement, "a bundle does not verify");
  assert.equal(run("policy", "dry-run", good, join(folder, "none")).status, 2);
  assert.equal(run("policy", "dry-run", file("wrong.json", "{}"), all).status, 2);
});

test("policy import: another tool's policy, and what cannot be said of it", () => {
  const yaml = file("kyverno.yaml", [
    "apiVersion: policy.sigstore.dev/v1beta1",
    "kind: ClusterImagePolicy",
    "metadata: { name: releases }",
    "spec:",
    "  images: [{ glob: '**' }]",
    "  authorities:",
    "    - keyless:",
    `        identities: [{ issuer: '${signer.issuer}', subject: '${signer.identity}' }]`,
    "      attestations:",
    "        - { name: provenance, predicateType: slsaprovenance1 }",
    "",
  ].join("\n"));
  const { status, stdout, stderr } = run("policy", "import", yaml);
  assert.equal(status, 0, stderr);
  const imported = file("imported.json", stdout);
  assert.equal(run("verify", `sha512:${sha512}`, "--bundle", bundle, "--policy", imported).status, 0);
  const cue = file("cue.yaml", `${readFileSync(yaml, "utf8").replace("slsaprovenance1 }", "slsaprovenance1, policy: { type: cue, data: 'x: 1' } }")}`);
  const refused = run("policy", "import", cue);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /✘ cannot be said policy {2}at \/spec\/authorities\/0\/attestations\/0\/policy/u);
  const flags = run("policy", "import", "--", "gh", "attestation", "verify", "x.tgz", "--repo", "sigstore/sigstore-js");
  assert.equal(flags.status, 0, flags.stderr);
  assert.equal(run("verify", `sha512:${sha512}`, "--bundle", bundle, "--policy", file("gh.json", flags.stdout)).status, 0);
  assert.equal(run("policy", "import", "--", "other").status, 2);
  assert.equal(run("policy", "import", file("two.yaml", `${readFileSync(yaml, "utf8")}---\n${readFileSync(yaml, "utf8")}`)).status, 2);
});

test("policy schema prints the schema; every command has a help", () => {
  assert.equal(JSON.parse(run("policy", "schema").stdout).additionalProperties, false);
  for (const argv of [["policy"], ["policy", "check"], ["policy", "dry-run"], ["policy", "import"], ["policy", "schema"]]) {
    const { status, stdout } = run(...argv, "--help");
    assert.equal(status, 0);
    assert.match(stdout, /usage: admissible policy/u);
  }
  assert.equal(run("policy").status, 2);
  assert.equal(run("policy", "toString").status, 2);
  assert.equal(run("help", "policy").stdout, run("policy", "--help").stdout);
});
