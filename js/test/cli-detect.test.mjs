// `detect` names what a file is.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleText, sha512, signer } from "./demo.mjs";
import { loopback } from "./cli-loopback.mjs";

const data = process.env.ADMISSIBLE_TEST_DATA;
const { run, file } = await loopback();
const bundle = JSON.parse(bundleText);

test("evidence: exit code 0, its kind and where the pieces are", async () => {
  for (const [content, what, lines] of [
    [bundleText, "a Sigstore bundle", ["  the whole file"]],
    [`${JSON.stringify(bundle)}\n${JSON.stringify(bundle)}\n`, "a list of Sigstore bundles", ["  /0", "  /1"]],
    [{ attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] }, "npm's attestations of a version", ["  /attestations/0/bundle: https://slsa.dev/provenance/v1"]],
    [
      { attestations: [{ bundle: null, bundle_url: "https://blobs.example/1.json.sn?sig=KEY", repository_id: 1 }] },
      "GitHub's attestations of a digest",
      ["  /attestations/0/bundle_url: to be fetched from https://blobs.example/1.json.sn"],
    ],
  ]) {
    // The name tells nothing.
    const { status, stdout, stderr } = await run("detect", file("app.tgz", content));
    assert.deepEqual([status, stderr], [0, ""], what);
    assert.equal(stdout, `app.tgz: ${what}; nothing of it is verified\n${lines.join("\n")}\n`);
    const json = await run("detect", "app.tgz", "--json");
    const { evidence, what: title, pieces } = JSON.parse(json.stdout);
    assert.deepEqual([json.status, evidence, title, pieces.length], [0, true, what, lines.length]);
    assert.doesNotMatch(stdout + json.stdout, /✔|KEY/u);
  }
});

test("no evidence: exit code 1, and what it is instead", async () => {
  const report = JSON.parse((await run("verify", `sha512:${sha512}`, "--bundle", file("b.json", bundleText), "--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer, "--json")).stdout);
  for (const [content, what] of [
    [{ attestations: [] }, "an answer that lists no attestations"],
    [{ version: 1, signers: [signer] }, "a policy"],
    [report, "a report"],
    [{ mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1", certificateAuthorities: [] }, "a trusted root"],
    [{ signed: {}, signatures: [] }, "TUF metadata"],
    [{ dist: {}, version: "1.0.0" }, "npm's description of a version"],
    [{ version: 1, requests: [] }, "the index of saved evidence, for verify-… --offline"],
    [{ lockfileVersion: 3, packages: {} }, "a lock file of npm, for verify-npm --lock"],
    ["-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n", "a public key"],
    ["-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "a private key"],
    [gzipSync("a package"), "a file compressed with gzip, such as a package"],
    [Buffer.from("PK\u{3}\u{4}wheel"), "a ZIP archive, such as a wheel"],
  ]) {
    const { status, stdout, stderr } = await run("detect", file("app.sigstore.json", content));
    assert.deepEqual([status, stdout, stderr], [1, `app.sigstore.json: ${what}; it holds no evidence\n`, ""]);
    assert.equal(JSON.parse((await run("detect", "app.sigstore.json", "--json")).stdout).evidence, false);
  }
});

test("verify says what it was given in a bundle's place, and by a policy lets it be beside others", async () => {
  const other = file("b.json", { mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1", certificateAuthorities: [] });
  const package_ = file("app.tgz", gzipSync("a package"));
  const by = ["--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer];
  for (const [path, what] of [[other, "a trusted root"], [package_, "a file compressed with gzip, such as a package"]]) {
    const { status, stdout, stderr } = await run("verify", `sha512:${sha512}`, "--bundle", path, ...by);
    assert.deepEqual([status, stdout, stderr.split("\n")[0]], [2, "", `wrong use: expected a bundle, found ${what} (${path})`]);
  }
  const bundles = ["--bundle", other, "--bundle", file("good.json", bundleText)];
  assert.equal((await run("verify", `sha512:${sha512}`, ...bundles, "--policy", file("p.json", { version: 1, signers: [signer] }))).status, 0);
  assert.equal((await run("verify", `sha512:${sha512}`, "--bundle", other, "--policy", "p.json")).status, 1);
});

test("what nobody knows is told, with why", async () => {
  for (const [content, text] of [
    ["{\n", "x: nothing that can be read here; it holds no evidence\n  expected JSON, found "],
    ["[1]", "x: JSON of no kind that is known here; it holds no evidence\n  expected a bundle, "],
    [Buffer.from([0, 255, 0]), "x: nothing that can be read here; it holds no evidence\n  expected UTF-8, found "],
    ["", "x: nothing that can be read here; it holds no evidence\n"],
  ]) {
    const { status, stdout } = await run("detect", file("x", content));
    assert.equal(status, 1);
    assert.ok(stdout.startsWith(text), stdout);
  }
  for (const argv of [["detect"], ["detect", "missing"], ["detect", "x", "y"], ["detect", "x", "--format", "sarif"]]) {
    const { status, stdout } = await run(...argv);
    assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
  }
  assert.equal((await run("detect", "--help")).stdout, (await run("help", "detect")).stdout);
});

test("files of the corpus are named", { skip: data === undefined && "ADMISSIBLE_TEST_DATA is not set" }, async () => {
  for (const [folder, names, what] of [["npm-attestations", /\.json$/u, /npm's attestations|no attestations/u], ["pep740", /attestation$|provenance.*\.json$/u, /of PyPI/u], ["trust", /trusted_root\.json$/u, /a trusted root/u]]) {
    const found = readdirSync(join(data, "corpus", folder), { recursive: true }).filter((name) => names.test(name)).slice(0, 3);
    assert.ok(found.length > 0, folder);
    for (const name of found) assert.match((await run("detect", file("found", readFileSync(join(data, "corpus", folder, name))))).stdout, what, name);
  }
  assert.match((await run("detect", fileURLToPath(new URL("../demo/sigstore-5.0.0.sigstore.json", import.meta.url)))).stdout, /: a Sigstore bundle; /u);
});
