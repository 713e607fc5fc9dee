// The runtimes that are commands: they read their input from the standard input and print what they found.

import { spawnSync } from "node:child_process";
import { tool } from "../consumer.mjs";

const found = (name, program, ...flags) => {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return { name, version: stdout?.match(/\d+\.\d+\.\d+/u)?.[0] ?? "missing", program, flags };
};

/** The Node.js versions that the package supports. */
export const nodes = ["node20", "node22", "node24"].map((node) => found("Node.js", tool(`${node}/bin/node`)));

/** Without permissions, and without anybody to ask for one. */
export const deno = found("Deno", tool(".bin/deno"), "run", "--no-prompt");

export const bun = found("Bun", tool(".bin/bun"), "run");

/** An expression for the whole standard input as text, in any of them. */
export const standardInput = "new Response(globalThis.Deno?.stdin.readable ?? globalThis.Bun?.stdin.stream() ?? process.stdin).text()";
