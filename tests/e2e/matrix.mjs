// The matrix of what was tried: every suite adds its rows, and `cargo xtask e2e` prints them all at the end.

import { appendFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Adds a row.
 *
 * @param {{ group: "runtime" | "browser" | "bundler" | "gate", name: string, version: string, tried: string, passed: number, failed: number }} row
 *   `tried` says what ran there, such as "default entry" or "service worker"
 */
export function record(row) {
  console.log(`${row.name} ${row.version} · ${row.tried}: ${row.passed} passed, ${row.failed} failed`);
  const folder = process.env.ADMISSIBLE_MINTED;
  if (folder !== undefined) appendFileSync(join(folder, "..", "matrix.jsonl"), `${JSON.stringify(row)}\n`);
}
