// A registry on loopback, and the command line as a program of its own, for the tests of the commands that ask.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** Starts a registry that answers what `answers` says, by path and query; and makes a folder in which the command line runs. Both are gone afterwards. */
export async function loopback() {
  const folder = mkdtempSync(join(tmpdir(), "admissible-"));
  const registry = { answers: {}, seen: [] };
  const children = [];
  const server = createServer((request, response) => {
    registry.seen.push([request.url, request.headers.authorization]);
    const given = registry.answers[request.url];
    const answer = typeof given === "function" ? given(request) : given;
    response.writeHead(answer === undefined ? 404 : (answer.status ?? 200), answer?.headers);
    response.end(Buffer.isBuffer(answer?.body) ? answer.body : JSON.stringify(answer?.body ?? answer ?? {}));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  /** Starts a command line, with options for Node.js. */
  const start = (options, argv, done) => {
    const env = { ...process.env, FORCE_COLOR: "", NO_COLOR: "1", GH_TOKEN: "secret", GITHUB_TOKEN: "", DOCKER_CONFIG: folder };
    const child = execFile(process.execPath, [...options, cli, ...argv], { env, cwd: folder, timeout: 60_000 }, done);
    children.push(child);
    return child;
  };
  /** Runs a command line. */
  const run = (...argv) => new Promise((resolve) => {
    start([], argv, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
  });
  /** Writes a file, and returns its name. */
  const file = (name, content) => (writeFileSync(join(folder, name), typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content)), name);
  return Object.assign(registry, { origin: `http://127.0.0.1:${server.address().port}`, folder, start, run, file });
}
