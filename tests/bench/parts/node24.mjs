// What `warm` and `cold` measure, by Node.js 24: its own cryptography is another than that of Node.js 20, and so are the ratios.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const about = "`warm` and `cold` once more, by Node.js 24";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Of the end-to-end suites, which run by several. */
const node = path("../../e2e/node_modules/node24/bin/node");

export async function run({ quick }) {
  if (!existsSync(node)) throw new Error("expected Node.js 24 in tests/e2e/node_modules, found none: `cargo xtask bench node24` installs it");
  const folder = mkdtempSync(join(tmpdir(), "admissible-bench-"));
  try {
    const out = join(folder, "bench.json");
    const child = spawn(node, [path("../bench.mjs"), "warm", "cold", ...(quick ? ["--quick"] : [])], {
      env: { ...process.env, ADMISSIBLE_BENCH: out }, timeout: 600_000, stdio: "inherit",
    });
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    if (code !== 0) throw new Error(`expected what Node.js 24 measured, found its exit code ${code}`);
    const { warm, cold } = JSON.parse(readFileSync(out, "utf8")).parts;
    const named = (name) => (table) => ({ ...table, title: name });
    return { machine: warm.machine, note: warm.note, tables: [...warm.tables.map(named("Node.js 24")), ...cold.tables.map(named("Node.js 24, cold start"))] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
