import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const folder = new URL("../", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));

test("every export and command is a built file", () => {
  const exported = Object.values(manifest.exports).flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
  for (const path of [...exported, ...Object.values(manifest.bin)]) {
    assert.ok(existsSync(new URL(path, folder)), path);
  }
});

test("types come first, and runtimes before the conditions that they also set", () => {
  for (const entry of [".", "./pool"]) {
    assert.deepEqual(Object.keys(manifest.exports[entry]), ["types", "workerd", "edge-light", "deno", "bun", "browser", "node", "default"]);
  }
  for (const entry of ["./policy", "./gate", "./npm", "./pypi", "./github", "./oci", "./offline", "./badge", "./badge/de", "./element"]) assert.deepEqual(Object.keys(manifest.exports[entry]), ["types", "default"]);
});

test("every entry exports the same names", async () => {
  const names = async (entry) => Object.keys(await import(`../dist/entries/${entry}.js`)).sort();
  const expected = ["UsageError", "VerificationFailed", "createVerifier", "createVerifierSync"];
  for (const entry of ["node", "web", "slim", "inline"]) assert.deepEqual(await names(entry), expected);
  for (const entry of ["workerd", "edge-light", "deno"]) {
    const text = readFileSync(new URL(`dist/entries/${entry}.js`, folder), "utf8");
    const exported = [...text.matchAll(/^export (?:const (\w+)|\{ (.*) \} from)/gmu)].flatMap(([, name, list]) => name ?? list.split(", "));
    assert.deepEqual(exported.sort(), expected, entry);
    assert.doesNotMatch(text, /^export \*/mu, entry);
  }
});

test("every entry of the pool exports the same names", async () => {
  for (const entry of ["node", "web", "none"]) {
    assert.deepEqual(Object.keys(await import(`../dist/entries/pool-${entry}.js`)).sort(), ["UsageError", "VerificationFailed", "createPool"]);
  }
  const text = readFileSync(new URL("dist/entries/pool-deno.js", folder), "utf8");
  assert.deepEqual([...text.matchAll(/^export (?:const (\w+)|\* from "(.*)")/gmu)].map(([, name, from]) => name ?? from), ["../pool/index.js", "createPool"]);
});

test("the package is found by its own name", async () => {
  const { createVerifier } = await import("admissible");
  assert.equal(typeof createVerifier, "function");
  const policy = await import("admissible/policy");
  const made = ["fromClusterImagePolicy", "fromCosignFlags", "fromGhFlags", "fromKyverno", "importPolicy"];
  const presets = ["cloudBuild", "github", "githubRelease", "key", "keyless", "npm", "npmRegistry", "pypi"];
  assert.deepEqual(Object.keys(policy).sort(), ["UsageError", ...made, ...presets, "cloudBuildKeys", "npmKeys"].sort());
  const { UsageError } = await import("admissible");
  assert.equal(policy.UsageError, UsageError);
  const gate = await import("admissible/gate");
  assert.deepEqual(Object.keys(gate).sort(), ["UsageError", "cacheApiCache", "gate", "gateResponse", "memoryCache"]);
  assert.equal(gate.UsageError, UsageError);
  for (const [source, asks, judges] of [["npm", "npmEvidence", "verifyNpm"], ["pypi", "pypiEvidence", "verifyPypi"], ["github", "githubEvidence", "verifyGithub"], ["oci", "imageEvidence", "verifyImage"]]) {
    assert.deepEqual(Object.keys(await import(`admissible/${source}`)).sort(), ["SourceUnavailable", asks, judges]);
  }
  assert.deepEqual(Object.keys(await import("admissible/offline")).sort(), ["Recording", "SourceUnavailable", "replay"]);
  assert.deepEqual(Object.keys(await import("admissible/badge")).sort(), ["badge", "badgeCss", "badgeHtml", "badgeStates", "badgeSvg", "english", "reportHtml"]);
  assert.deepEqual(Object.keys(await import("admissible/badge/de")), ["german"]);
  // Where there is no DOM, it does nothing.
  assert.deepEqual(Object.keys(await import("admissible/element")).sort(), ["ProvenanceBadge", "ProvenanceReport"]);
});

test("nothing is installed with the package", () => {
  assert.equal(manifest.dependencies, undefined);
  for (const version of Object.values(manifest.devDependencies)) assert.match(version, /^\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/u);
});

test("the lock file names no server", () => {
  assert.doesNotMatch(readFileSync(new URL("package-lock.json", folder), "utf8"), /"resolved"/u);
});

test("the packed files are the built ones, with the readme and the licence", () => {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const output = execFileSync(npm, ["pack", "--dry-run", "--json"], { cwd: fileURLToPath(folder), stdio: ["ignore", "pipe", "ignore"] });
  const packed = JSON.parse(output);
  const [{ files }] = Array.isArray(packed) ? packed : Object.values(packed);
  const paths = files.map(({ path }) => path);
  for (const path of ["README.md", "LICENSE", "package.json", "dist/wasm/core.wasm", "dist/cli.js", "dist/policy/index.js", "schema/policy.v1.schema.json"]) assert.ok(paths.includes(path), path);
  assert.deepEqual(paths.filter((path) => !/^dist\/|^(?:README\.md|LICENSE|package\.json|schema\/policy\.v1\.schema\.json)$/u.test(path)), []);
});
