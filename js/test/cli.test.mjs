import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { palette, printable, printableJson } from "../dist/cli/terminal.js";
import { bundleText, sha512, signer } from "./demo.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = path("../dist/cli.js");
const bundle = path("../demo/sigstore-5.0.0.sigstore.json");
const by = ["--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer];

const folder = mkdtempSync(join(tmpdir(), "admissible-cli-"));
after(() => rmSync(folder, { recursive: true }));

function run(args, environment = {}) {
  const env = { ...process.env, NO_COLOR: "", FORCE_COLOR: undefined, ...environment };
  for (const key of Object.keys(env)) if (env[key] === undefined) delete env[key];
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

test("a genuine bundle: exit code 0, the verdict and one line for each check", () => {
  const { status, stdout, stderr } = run(["verify", `sha512:${sha512}`, "--bundle", bundle, ...by]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /^✔ verified: /u);
  assert.equal(stdout.match(/^ {2}(?:✔ passed|· absent) {2}\S+/gmu)?.length, 15);
  assert.ok(stdout.includes(signer.identity));
});

test("another artifact: exit code 1, with the code and the reason", () => {
  const { status, stdout } = run(["verify", `sha512:${"0".repeat(128)}`, "--bundle", bundle, ...by]);
  assert.equal(status, 1);
  assert.match(stdout, /^✘ not verified: /u);
  assert.match(stdout, /^ {2}✘ failed {2}artifact +artifact-/mu);
});

test("a bundle that is no bundle: exit code 1", () => {
  const broken = join(folder, "broken.sigstore.json");
  writeFileSync(broken, "{");
  assert.equal(run(["verify", `sha512:${sha512}`, "--bundle", broken, ...by]).status, 1);
});

test("--json prints the report", () => {
  const { status, stdout } = run(["verify", `sha512:${sha512}`, "--bundle", bundle, ...by, "--json"]);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).verdict, "passed");
});

test("patterns are anchored at both ends", () => {
  const verify = (regexp) =>
    run([
      ...["verify", `sha512:${sha512}`, "--bundle", bundle],
      ...["--certificate-identity-regexp", regexp, "--certificate-oidc-issuer-regexp", "https://token\\..*"],
    ]).status;
  assert.equal(verify("https://github\\.com/sigstore/sigstore-js/.*"), 0);
  assert.equal(verify("sigstore/sigstore-js"), 1);
});

test("without --bundle the file beside the artifact is used", () => {
  const artifact = join(folder, "artifact.tgz");
  writeFileSync(artifact, "other content");
  const missing = run(["verify", artifact, ...by]);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /neither .*artifact\.tgz\.sigstore\.json nor .*artifact\.tgz\.sigstore/u);
  copyFileSync(bundle, `${artifact}.sigstore`);
  const found = run(["verify", artifact, ...by]);
  assert.equal(found.status, 1);
  assert.match(found.stdout, /artifact-/u);
  writeFileSync(`${artifact}.sigstore.json`, "{");
  assert.match(run(["verify", artifact, ...by]).stdout, /failed {2}bundle/u);
});

test("wrong use: exit code 2, what is wrong and where the help is", () => {
  const wrong = [
    [],
    ["sign"],
    ["verify"],
    ["verify", "sha256:00", ...by],
    ["verify", `sha512:${sha512}`, "--bundle", bundle],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, "--certificate-identity", "x"],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, ...by, "--key", bundle],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, ...by, "--certificate-identity-regexp", "x"],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, ...by, ...by],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, ...by, "--verbose"],
    ["verify", `sha512:${sha512}`, "another", "--bundle", bundle, ...by],
    ["verify", "missing-file", "--bundle", bundle, ...by],
    ["verify", folder, "--bundle", bundle, ...by],
    ["verify", `sha512:${sha512}`, "--bundle", "missing-file", ...by],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, ...by, "--trusted-root", bundle],
    ["verify", `sha512:${sha512}`, "--bundle", bundle, "--key", bundle],
    ["verify", "sha512:00", "--bundle", bundle, ...by],
    ["inspect"],
    ["inspect", "missing-file"],
  ];
  for (const args of wrong) {
    const { status, stdout, stderr } = run(args);
    assert.equal(status, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /\bat .*\.js:\d+/u);
    assert.match(stderr, /--help|[a-z]+(?:-[a-z]+)+: /u);
  }
});

test("inspect marks what it prints as unverified", () => {
  const { status, stdout } = run(["inspect", bundle]);
  assert.equal(status, 0);
  assert.match(stdout, /^UNVERIFIED /u);
  assert.match(stdout, /sigstore-js/u);
  const json = JSON.parse(run(["inspect", bundle, "--json"]).stdout);
  assert.equal(json.verified, false);
  const broken = join(folder, "unreadable.sigstore.json");
  writeFileSync(broken, "{");
  assert.equal(run(["inspect", broken]).status, 1);
});

test("help and version", () => {
  for (const args of [["--help"], ["help"], ["verify", "--help"], ["help", "verify"], ["inspect", "-h"]]) {
    const { status, stdout } = run(args);
    assert.equal(status, 0);
    assert.match(stdout, /usage: admissible/u);
  }
  assert.match(run(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/u);
});

test("colours: on a terminal or by FORCE_COLOR, never with NO_COLOR", () => {
  const coloured = (environment) => run(["verify", `sha512:${sha512}`, "--bundle", bundle, ...by], environment).stdout.includes("\u{1b}[");
  assert.equal(coloured({}), false);
  assert.equal(coloured({ FORCE_COLOR: "1" }), true);
  assert.equal(coloured({ FORCE_COLOR: "0" }), false);
  assert.equal(coloured({ FORCE_COLOR: "1", NO_COLOR: "1" }), false);
  assert.notEqual(palette({ isTTY: true }, {}).good("x"), "x");
  assert.equal(palette({ isTTY: true }, { NO_COLOR: "1" }).good("x"), "x");
});

test("untrusted text cannot move the cursor or reorder a line", () => {
  assert.equal(printable("a\u{1b}[31mb\u{202e}c\nd\u{9b}e"), "a\\u{1b}[31mb\\u{202e}c\\u{a}d\\u{9b}e");
  assert.equal(printable("\ud800"), "\\u{d800}");
  assert.equal(printable("größe 🦀"), "größe 🦀");
  assert.equal(printable("acme\u{3164}\u{200b}\u{34f}"), "acme\\u{3164}\\u{200b}\\u{34f}", "what is shown as nothing");
  assert.equal(Array.from(printable("x".repeat(100_000))).length, 401);
  // Runners of CI take these for commands in the middle of a line too.
  for (const command of ["##[set-output name=verified;]true", "see ##vso[task.setvariable variable=PATH]/tmp", "###[add-mask]x", "##teamcity[buildStatus]"]) {
    assert.doesNotMatch(printable(command), /##[\w-]*\[/u);
    assert.doesNotMatch(printableJson({ [command]: command }), /##[\w-]*\[/u);
    assert.deepEqual(JSON.parse(printableJson({ [command]: command })), { [command]: command });
  }
  assert.equal(printable("## 1 [a](#b) a##b"), "## 1 [a](#b) a##b");
  const value = { text: "a\u{202e}b\u{9b}c\u{e0041}" };
  assert.doesNotMatch(printableJson(value), /[\p{Cf}\u0080-\u009f]/u);
  assert.deepEqual(JSON.parse(printableJson(value)), value);
});

test("an unreadable text is refused as a bundle, not printed raw", () => {
  const hostile = join(folder, "hostile.sigstore.json");
  writeFileSync(hostile, bundleText.replace("application/vnd.dev.sigstore", "\\u001b[2J\\u202e"));
  for (const args of [["inspect", hostile], ["verify", `sha512:${sha512}`, "--bundle", hostile, ...by]]) {
    assert.doesNotMatch(run(args).stdout, /[\u001b\u202e]/u);
  }
});
