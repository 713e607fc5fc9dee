// The command line as it is installed: every command starts, and evidence goes from a registry through a folder to a verdict.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { bundleText, sha512 } from "../../js/test/demo.mjs";
import { Contents, bundle, policy } from "../../js/test/images.mjs";
import { consumer, write } from "./consumer.mjs";
import { minted } from "./oci/minted.mjs";
import { registry as imageRegistry, user } from "./oci/registry.mjs";
import { nodes } from "./runtimes/commands.mjs";

/** Where the test signer minted an image. */
const minting = process.env.ADMISSIBLE_MINTED;

const project = consumer();
const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const answers = {
  "/sigstore/5.0.0": { dist: { integrity, attestations: {} } },
  "/-/npm/v1/attestations/sigstore@5.0.0": { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: JSON.parse(bundleText) }] },
};
const server = createServer(({ url }, response) => response.writeHead(answers[url] === undefined ? 404 : 200).end(JSON.stringify(answers[url] ?? {})));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => {
  server.closeAllConnections();
  server.close();
  project.remove();
});
const registry = ["--registry", `http://127.0.0.1:${server.address().port}`];
const bin = join(project.folder, "node_modules/admissible/dist/cli.js");

const { FORCE_COLOR: _, ...environment } = process.env;
const env = { ...environment, NO_COLOR: "1", DOCKER_CONFIG: project.folder };

const runner = (program) => (...argv) => new Promise((resolve) => {
  execFile(program, [bin, ...argv], { cwd: project.folder, env, timeout: 60_000 }, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
});

for (const { name, version, program } of nodes) {
  const run = runner(program);

  test(`${name} ${version}: every command tells of itself`, async () => {
    const { stdout } = await run("--help");
    const commands = [...stdout.matchAll(/^ {2}([a-z][\w-]*) {2,}/gmu)].map(([, command]) => command).filter((command) => command !== "help");
    assert.ok(commands.length >= 9, commands.join(" "));
    for (const command of commands) {
      const help = await run(command, "--help");
      assert.deepEqual([help.status, help.stderr], [0, ""], command);
      assert.match(help.stdout, new RegExp(`^usage: admissible ${command} `, "mu"));
    }
  });

  test(`${name} ${version}: evidence saved, and judged from the folder`, async () => {
    const folder = `evidence-${version}`;
    const saved = await run("download", "npm", "sigstore@5.0.0", "--to", folder, ...registry);
    assert.deepEqual([saved.status, saved.stderr], [0, ""], saved.stdout);
    const judge = (...more) => run("verify-npm", "sigstore@5.0.0", "--repo", "sigstore/sigstore-js", "--offline", folder, ...registry, ...more);
    assert.match((await judge()).stdout, /^✔ verified: /u);
    const { runs } = JSON.parse((await judge("--format", "sarif")).stdout);
    assert.deepEqual([runs[0].results, runs[0].properties.verdict], [[], "verified"]);
    assert.match(runs[0].tool.driver.version, /^\d+\.\d+\.\d+/u);
  });
}

test("an image at a real registry: saved with docker's password, and judged when the registry is gone", { timeout: 60_000 }, async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  contents.fallback(image, [contents.referrer(image, bundle(image.digest))]);
  const run = runner(process.execPath);
  const server = await imageRegistry("token");
  const judge = (...more) => run("verify-image", `${server.host}/private/app:1.0`, "--policy", "policy.json", ...more);
  try {
    await server.push("private/app", contents);
    write(project.folder, { "policy.json": JSON.stringify(policy), "config.json": "{}" });
    assert.match((await judge()).stdout, /^! no verdict: .*found 401/u);
    const auth = Buffer.from(`${user.username}:${user.password}`).toString("base64");
    write(project.folder, { "config.json": JSON.stringify({ auths: { [server.host]: { auth } } }) });
    assert.match((await judge()).stdout, /^✔ verified: /u);
    const saved = await run("download", "image", `${server.host}/private/app:1.0`, "--to", "images");
    assert.deepEqual([saved.status, saved.stderr], [0, ""], saved.stdout);
  } finally {
    await server.stop();
  }
  const files = readdirSync(join(project.folder, "images"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name, parentPath, path } of files) assert.doesNotMatch(readFileSync(join(parentPath ?? path, name), "utf8"), /"(?:access_)?token"|Bearer|Basic/u, name);
  assert.match((await judge("--offline", "images")).stdout, /^✔ verified: /u);
  assert.match((await judge()).stdout, /^! no verdict: nobody answered/u);
});

test("what cosign 2 signed counts where the caller takes a promise", { skip: minting === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test", timeout: 60_000 }, async () => {
  const document = JSON.parse(readFileSync(join(minting, "image", "image.json"), "utf8"));
  const { contents, trustedRoot } = minted(document);
  const run = runner(process.execPath);
  const server = await imageRegistry("open");
  try {
    await server.push("acme/widget", contents);
    write(project.folder, { "root.json": JSON.stringify(trustedRoot) });
    const by = ["--certificate-identity", document.identity, "--certificate-oidc-issuer", document.issuer];
    const judge = (...more) => run("verify-image", `${server.host}/acme/widget:amd64`, "--trusted-root", "root.json", ...more);
    const strict = await judge(...by);
    assert.deepEqual([strict.status, /\n {4}threshold-promise-only\n/u.test(strict.stdout)], [1, true], strict.stdout);
    assert.equal((await judge(...by, "--promise-only")).status, 0);
    assert.equal((await judge("--repo", "acme/widget", "--promise-only")).status, 1, "a signature is no provenance");
    assert.equal((await judge("--certificate-identity", "https://github.com/acme/other", ...by.slice(2), "--promise-only")).status, 1);
  } finally {
    await server.stop();
  }
});
