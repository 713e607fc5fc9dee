// The command line as it is installed: every command starts, and evidence goes from a registry through a folder to a verdict.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { bundleText, sha512 } from "../../js/test/demo.mjs";
import { consumer } from "./consumer.mjs";
import { nodes } from "./runtimes/commands.mjs";

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
const env = { ...environment, NO_COLOR: "1" };

for (const { name, version, program } of nodes) {
  const run = (...argv) => new Promise((resolve) => {
    execFile(program, [bin, ...argv], { cwd: project.folder, env, timeout: 60_000 }, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
  });

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
