// The hosts that a gate stands in: each a process of its own, with the tarball installed, whose memory can be looked at.

import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Miniflare } from "miniflare";
import { tool, write } from "../consumer.mjs";
import { bun, deno, nodes } from "../runtimes/commands.mjs";
import { bundleWorker, workerOptions } from "../runtimes/workerd.mjs";
import { httpClient } from "./client.mjs";

const imports = `
import * as admissible from "admissible";
import * as gates from "admissible/gate";
import { handler } from "./handler.mjs";
import setup from "./setup.mjs";
const answer = handler({ ...admissible, ...gates }, setup);
`;

/** Node.js serves no Request and Response of its own: this is all that lies between. */
const node = `${imports}
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
const server = createServer(async (incoming, outgoing) => {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const { method, url, headers } = incoming;
  const request = new Request(new URL(url, "http://" + headers.host), { method, headers, signal: gone.signal });
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => outgoing.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

const denoServe = `${imports}
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port), onError: () => new Response("thrown", { status: 599 }) }, (request) => answer(request));
`;

const bunServe = `${imports}
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 60, fetch: (request) => answer(request), error: () => new Response("thrown", { status: 599 }) });
console.log(server.port);
`;

const worker = `${imports}
export default { fetch: (request) => answer(request) };
`;

/**
 * A gate that runs.
 *
 * @typedef {object} Running
 * @property {ReturnType<typeof import("./client.mjs").httpClient>} client
 * @property {() => number} memory what the process holds, in bytes
 * @property {() => Promise<void>} stop
 * @property {string[]} caches of which kinds verdicts can be kept
 * @property {boolean} [asksEncoded] its fetch decides by itself which encodings it takes
 * @property {boolean} [needsLength] a client does not notice that a body broke off whose length it does not know
 * @property {boolean} [leavesUnnoticed] only what is written tells it that a client went away
 */

/** Resident memory of a process, in bytes. */
function residentMemory(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/mu)[1]) * 1024;
}

/** Starts a command that prints the port at which it listens. */
async function start(runtime, script, cwd) {
  const { program, flags } = runtime;
  const child = spawn(program, [...flags, script], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const port = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("error", reject);
    child.once("exit", (status) => reject(new Error(`${program} ended with ${status}`)));
  });
  return {
    client: httpClient(`http://127.0.0.1:${port}`),
    ...runtime.how,
    memory: () => residentMemory(child.pid),
    stop: () => new Promise((resolve) => (child.once("exit", resolve), child.kill("SIGKILL"))),
  };
}

const command = (runtime, script, source) => ({
  name: runtime.name,
  version: runtime.version,
  start(folder) {
    write(folder, { [script]: source });
    return start(runtime, script, folder);
  },
});

const workerd = {
  name: "workerd",
  version: spawnSync(tool(".bin/workerd"), ["--version"], { encoding: "utf8" }).stdout?.match(/\d[\d.-]+/u)?.[0] ?? "missing",
  async start(folder) {
    const before = children();
    const miniflare = new Miniflare({
      ...workerOptions(await bundleWorker(folder, "gate-worker", worker)),
      cache: true,
      // Past miniflare's own worker, which would recode what goes through it.
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    });
    const address = await miniflare.unsafeGetDirectURL();
    const [pid] = children().filter((child) => !before.includes(child));
    const how = { caches: ["memory", "api"], needsLength: true, leavesUnnoticed: true };
    return { client: httpClient(address.href), ...how, memory: () => residentMemory(pid), stop: () => miniflare.dispose() };
  },
};

/** The processes that this one started and that are called workerd. */
function children() {
  return readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/u.test(entry)) return false;
    try {
      const status = readFileSync(join("/proc", entry, "status"), "utf8");
      return status.startsWith("Name:\tworkerd\n") && status.includes(`\nPPid:\t${process.pid}\n`);
    } catch {
      return false; // It ended meanwhile.
    }
  });
}

export const hosts = [
  ...nodes.map((runtime) => command({ ...runtime, how: { caches: ["memory"] } }, "gate-node.mjs", node)),
  command({ ...deno, flags: ["run", "--no-prompt", "--allow-net=127.0.0.1"], how: { caches: ["memory", "api"], asksEncoded: true } }, "gate-deno.mjs", denoServe),
  command({ ...bun, how: { caches: ["memory"] } }, "gate-bun.mjs", bunServe),
  workerd,
];
