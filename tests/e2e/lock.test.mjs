// `verify-npm --lock --since`: two lock files, and a package that somebody else built the second time. Cases of the test signer.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const minted = process.env.ADMISSIBLE_MINTED;
const cli = fileURLToPath(new URL("../../js/dist/cli.js", import.meta.url));

test("a package that another CI built is told as changed", { skip: minted === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test" }, async () => {
  const part = (name, file) => readFileSync(join(minted, "good", name, file));
  const attestations = (name, predicateType) => ({ attestations: [{ predicateType, bundle: JSON.parse(part(name, "bundle.sigstore.json")) }] });
  const [first, second] = [attestations("provenance-npm-v1", "https://slsa.dev/provenance/v1"), attestations("provenance-npm-gitlab", "https://slsa.dev/provenance/v0.2")];
  const answers = {
    "/-/npm/v1/attestations/widget@1.0.0": first,
    "/-/npm/v1/attestations/widget@2.0.0": second,
    "/-/npm/v1/attestations/steady@1.0.0": first,
    "/-/npm/v1/attestations/steady@2.0.0": first,
  };
  const server = createServer(({ url }, response) => response.writeHead(answers[url] === undefined ? 404 : 200).end(JSON.stringify(answers[url] ?? {})));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "admissible-lock-"));
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const [{ digest }] = JSON.parse(Buffer.from(first.attestations[0].bundle.dsseEnvelope.payload, "base64")).subject;
  const integrity = `sha256-${Buffer.from(digest.sha256, "hex").toString("base64")}`;
  const file = (name, content) => (writeFileSync(join(folder, name), typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content)), join(folder, name));
  const lock = (version) => file(`${version}.json`, { packages: { "node_modules/widget": { version, integrity }, "node_modules/steady": { version, integrity } } });
  const signers = ["provenance-npm-v1", "provenance-npm-gitlab"].map((name) => JSON.parse(part(name, "options.json")).signer);
  const policy = file("policy.json", { version: 1, signers });
  const root = file("root.json", part("provenance-npm-v1", "trusted_root.json"));
  const argv = ["--since", lock("1.0.0"), "--policy", policy, "--trusted-root", root, "--registry", `http://127.0.0.1:${server.address().port}`];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "" };
  const run = (...more) => new Promise((resolve) => execFile(process.execPath, [cli, "verify-npm", "--lock", lock("2.0.0"), ...argv, ...more], { env }, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr })));

  const { status, stdout, stderr } = await run();
  assert.equal(stderr, "");
  assert.match(stdout, /^! changed +widget@2\.0\.0 .*\n {4}[a-z-]+ {2}expected /u);
  assert.match(stdout, /^✔ verified +steady@2\.0\.0 /mu);
  assert.match(stdout, /\n1 changed, 1 verified\n$/u);
  const { packages } = JSON.parse((await run("--json")).stdout);
  const severities = packages[0].changes.map(({ severity }) => severity);
  assert.ok(severities.includes("critical"), JSON.stringify(packages[0].changes));
  assert.equal(status, 1, "a critical change fails the command");
});
