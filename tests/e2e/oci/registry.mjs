// A real registry on loopback, CNCF Distribution, in a process of its own. It has no list of referrers: they are in an index under a tag.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "../browsers/executable.mjs";
import { tokenServer } from "./token-server.mjs";

/** Milliseconds that a registry has to start. */
const PATIENCE = 20_000;

/** Whom the registries know: a name, and its password. */
export const user = { username: "alice", password: "secret" };

/** The same as `htpasswd -B` writes it (bcrypt). */
const htpasswd = `${user.username}:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n`;

/**
 * Starts one.
 *
 * @param {"open" | "basic" | "token"} auth who may read: everybody, whom it knows, or whoever has a token
 */
export async function registry(auth = "open") {
  const folder = mkdtempSync(join(tmpdir(), "admissible-registry-"));
  const tokens = auth === "token" ? await tokenServer({ [user.username]: user.password }) : undefined;
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const file = (name, content) => (writeFileSync(join(folder, name), content), join(folder, name));
  const guard = {
    open: () => undefined,
    basic: () => ({ htpasswd: { realm: "tests", path: file("htpasswd", htpasswd) } }),
    token: () => ({ token: { realm: tokens.realm, service: tokens.service, issuer: tokens.issuer, rootcertbundle: file("tokens.pem", tokens.pem) } }),
  }[auth]();
  const configuration = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "storage") } },
    http: { addr: host },
    ...(guard !== undefined && { auth: guard }),
  };
  // JSON is YAML.
  const child = spawn(executable("registry"), ["serve", file("config.yml", JSON.stringify(configuration))], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => (said += piece));
  const ended = new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    tokens?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const whole = AbortSignal.timeout(PATIENCE);
  while (!(await fetch(`http://${host}/v2/`, { signal: whole }).then((answer) => [200, 401].includes(answer.status), () => false))) {
    if (child.exitCode !== null || whole.aborted) {
      await stop();
      throw new Error(`the registry did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Who may push: nobody is asked for that who is tested. */
  const authorization = (repository) => {
    if (auth === "basic") return { authorization: `Basic ${btoa(`${user.username}:${user.password}`)}` };
    return tokens === undefined ? {} : { authorization: `Bearer ${tokens.token(repository, ["pull", "push"])}` };
  };
  const ask = async (repository, url, init, status) => {
    const answer = await fetch(new URL(url, `http://${host}`), { ...init, headers: { ...init.headers, ...authorization(repository) }, signal: AbortSignal.timeout(PATIENCE) });
    assert.equal(answer.status, status, `${url}: ${await answer.clone().text()}`);
    return answer;
  };

  /** Pushes all that a repository is to hold. */
  const push = async (repository, { blobs, documents, tags }) => {
    for (const [digest, body] of blobs) {
      const begun = await ask(repository, `/v2/${repository}/blobs/uploads/`, { method: "POST" }, 202);
      const target = new URL(begun.headers.get("location"), `http://${host}`);
      target.searchParams.set("digest", digest);
      await ask(repository, target.href, { method: "PUT", body, headers: { "content-type": "application/octet-stream" } }, 201);
    }
    const names = [...[...documents.keys()].map((digest) => [digest, digest]), ...tags];
    for (const [name, digest] of names) {
      const { bytes, mediaType } = documents.get(digest);
      await ask(repository, `/v2/${repository}/manifests/${name}`, { method: "PUT", body: bytes, headers: { "content-type": mediaType } }, 201);
    }
  };

  return { host, tokens, push, stop };
}

/** A port that nobody listens at, for a program that cannot choose one itself. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
