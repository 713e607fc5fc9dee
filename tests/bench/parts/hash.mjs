// An artifact of 1 GiB that arrives in pieces of 1 MiB: the package's hasher, as it is and as in a runtime without `node:crypto`, by either module, beside the
// platform's.

import { spawnSync } from "node:child_process";
import { createHash, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createVerifierSync } from "../../../js/dist/entries/slim.js";
import { Times, inTurn, timedAsync } from "../measure.mjs";

export const about = "SHA-256 of 1 GiB in pieces, and the memory that takes";

const child = fileURLToPath(new URL("../children/hash-memory.mjs", import.meta.url));
const module = (name) => new WebAssembly.Module(readFileSync(new URL(`../../../js/dist/wasm/${name}.wasm`, import.meta.url)));
const MIB = 1024 * 1024;

export async function run({ quick, say }) {
  const pieces = quick ? 8 : 1024;
  const piece = new Uint8Array(MIB);
  const hasher = (name) => createVerifierSync({ wasm: module(name) }).hasher(["sha256"]);
  const [own, node] = [hasher("core"), createHash("sha256")];
  const { getBuiltinModule } = process;
  process.getBuiltinModule = undefined;
  const [simd, baseline] = [hasher("core"), hasher("core-baseline")];
  process.getBuiltinModule = getBuiltinModule;
  const variants = new Map([
    ["admissible", () => own.update(piece)],
    ["admissible, in WebAssembly", () => simd.update(piece)],
    ["admissible, without SIMD", () => baseline.update(piece)],
    ["node:crypto", () => node.update(piece)],
    // Takes the whole in one go: a digest of each piece is what it can do with pieces.
    ["WebCrypto, piece by piece", () => webcrypto.subtle.digest("SHA-256", piece)],
  ]);
  const names = [...variants.keys()];
  const times = new Times(names);
  for (let at = 0; at < pieces; at += 1) {
    if (at % 256 === 0) say(`${at} of ${pieces} MiB`);
    new DataView(piece.buffer).setUint32(0, at);
    for (const name of inTurn(names, at)) times.note("SHA-256 of 1 MiB, as one piece of many", name, await timedAsync(variants.get(name)));
  }
  const digests = [own.finish().sha256, simd.finish().sha256, baseline.finish().sha256, node.digest("hex")];
  if (new Set(digests).size !== 1) throw new Error(`expected one digest, found ${digests.join(", ")}`);

  say("memory");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", child, String(pieces)], { encoding: "utf8", timeout: 300_000 });
  if (status !== 0) throw new Error(`expected the growth of memory, found status ${status}: ${stderr}`);
  const { before, most } = JSON.parse(stdout);
  const table = times.table("Hashing");
  const [{ medians }] = table.rows;
  table.facts = [`In WebAssembly ${(1e6 / medians["admissible, in WebAssembly"]).toFixed(0)} MiB each second.`, `Memory (RSS) grows by ${((most - before) / MIB).toFixed(1)} MiB at most while \`verifier.digest\` reads a stream of ${pieces} MiB.`];
  return { tables: [table] };
}
