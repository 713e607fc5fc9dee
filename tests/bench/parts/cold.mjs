// From the start of a process to its first verdict: import, compile, read the root, verify one bundle.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { demo } from "../bundles.mjs";
import { peer } from "../clients.mjs";
import { Times, inTurn } from "../measure.mjs";

export const about = "from the start of a process to its first verdict";

const child = fileURLToPath(new URL("../children/cold.mjs", import.meta.url));
/** More authorities for TLS, which a machine may have Node.js read at each start: that takes as long as a client. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

export async function run({ quick, say }) {
  const { files } = demo();
  const names = ["admissible", peer, "Node.js alone"];
  const times = new Times(names);
  const rounds = quick ? 2 : 21;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 5 === 0) say(`round ${round + 1} of ${rounds}`);
    for (const name of inTurn(names, round)) {
      const start = performance.timeOrigin + performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, [child, name, files.bundle, files.root], { encoding: "utf8", env, timeout: 60_000 });
      if (status !== 0) throw new Error(`${name}: expected a verdict, found status ${status}: ${stderr}`);
      const { origin, began, imported, ready, done } = JSON.parse(stdout);
      times.note("process start to first verdict", name, origin + done - start);
      if (imported === undefined) continue;
      times.note("after Node.js has started, and read the bundle", name, done - began);
      times.note("import", name, imported - began);
      times.note("compile, and read the trusted root", name, ready - imported);
      times.note("first verification", name, done - ready);
    }
  }
  return { tables: [times.table("Cold start, the demo's bundle", "ms")] };
}
