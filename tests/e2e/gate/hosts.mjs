// The hosts that a gate stands in: each a process of its own, with the tarball installed, whose memory can be looked at.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Miniflare } from "miniflare";
import { tool, write } from "../consumer.mjs";
import { bun, deno, nodes } from "../runtimes/commands.mjs";
import { bundleWorker, workerOptions } from "../runtimes/workerd.mjs";
import { httpClient } from "./client.mjs";
import { descendants, residentMemory } from "./memory.mjs";
import { serviceWorker } from "./service-worker.mjs";

const imports = `
import * as admissible from "admissible";
import * as gates from "admissible/gate";
import { handler } from "./handler.mjs";
import setup from "./setup.mjs";
const answer = handler({ ...admissible, ...gates }, setup);
`;

/** Node.js serves no Request and Response of its own: what lies between is what the documentation says. */
const documented = readFileSync(new URL("../../../docs/gate.md", import.meta.url), "utf8").match(/## In Node\.js\n\n```js\n(.*?)```/su)[1];

const node = `${imports}
const handle = answer;
${documented}
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

const denoServe = `${imports}
const thrown = () => new Response("thrown", { status: 599 });
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port), onError: thrown }, (request) => answer(request));
`;

const bunServe = `${imports}
const error = () => new Response("thrown", { status: 599 });
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 60, fetch: (request) => answer(request), error });
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
 * @property {() => string} noise what it wrote to where errors go, which is worth reading when something failed
 * @property {() => Promise<void>} stop
 * @property {string[]} caches of which kinds verdicts can be kept
 * @property {(path: string) => Promise<object>} [follow] goes to an address as a person does
 * @property {number} [largestPiece] how many bytes of a body arrive at once, at most
 * @property {number} [buffers] how many bytes of a body it reads ahead, whether somebody wants them or not
 * @property {number} [limit] by how much its memory may grow while a body passes, if not by 64 MiB
 * @property {boolean} [asksEncoded] its fetch decides by itself which encodings it takes
 * @property {boolean} [needsLength] a client does not notice that a body broke off whose length it does not know
 * @property {boolean} [leavesUnnoticed] only what is written tells it that a client went away
 */

/** Starts a command that prints the port at which it listens. */
async function start({ program, flags }, script, cwd) {
  // Deno's Cache API writes to a folder of the user's, if not told of another.
  const env = { ...process.env, DENO_DIR: join(cwd, "deno") };
  const child = spawn(program, [...flags, script], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const noise = [];
  child.stderr.on("data", (text) => noise.push(text));
  const lines = createInterface(child.stdout);
  const port = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("error", reject);
    child.once("exit", (status) => reject(new Error(`${program} ended with ${status}: ${noise.join("")}`)));
  });
  return {
    client: httpClient(`http://127.0.0.1:${port}`),
    memory: () => residentMemory(child.pid),
    noise: () => noise.join(""),
    stop: () => new Promise((resolve) => (child.once("exit", resolve), child.kill("SIGKILL"))),
  };
}

const command = (runtime, how, script, source) => ({
  name: runtime.name,
  version: runtime.version,
  async start(folder) {
    write(folder, { [script]: source });
    return { ...how, ...(await start(runtime, script, folder)) };
  },
});

const workerd = {
  name: "workerd",
  version: spawnSync(tool(".bin/workerd"), ["--version"], { encoding: "utf8" }).stdout?.match(/\d[\d.-]+/u)?.[0] ?? "missing",
  async start(folder) {
    const noise = [];
    const miniflare = new Miniflare({
      ...workerOptions(await bundleWorker(folder, "gate-worker", worker)),
      cache: true,
      handleRuntimeStdio: (_stdout, stderr) => void stderr.on("data", (text) => noise.push(text)),
      // Past miniflare's own worker, which would recode what goes through it.
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    });
    const address = await miniflare.unsafeGetDirectURL();
    const [pid] = descendants("workerd\0serve");
    const how = { caches: ["memory", "api"], needsLength: true, leavesUnnoticed: true };
    return {
      client: httpClient(address.href),
      ...how,
      memory: () => residentMemory(pid),
      noise: () => noise.join(""),
      stop: () => miniflare.dispose(),
    };
  },
};

const denoWithNet = { ...deno, flags: [...deno.flags, "--allow-net=127.0.0.1"] };

/** Each can be started in the folder in which the package is installed; the second argument is the upstream. */
export const hosts = [
  ...nodes.map((runtime) => command(runtime, { caches: ["memory"] }, "gate-node.mjs", node)),
  command(denoWithNet, { caches: ["memory", "api"], asksEncoded: true }, "gate-deno.mjs", denoServe),
  command(bun, { caches: ["memory"] }, "gate-bun.mjs", bunServe),
  workerd,
  serviceWorker,
];
