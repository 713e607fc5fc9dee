// Files that are too large to be kept: they are made from their length, as the test signer did when it minted provenance of them.

import { closeSync, cpSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";

const BLOCK = 65_536;

/**
 * Writes such a file into a folder, beside what was minted for it.
 *
 * @returns {{ path: string, size: number, evidence: string, signer: { issuer: string, identity: string } }}
 *   `evidence` is where below the folder's origin the bundle and the root lie
 */
export function writeBody(folder, size) {
  const path = join(folder, `body-${size}.bin`);
  const file = openSync(path, "w");
  const block = new Uint8Array(BLOCK).map((_, at) => at % 251);
  for (let number = 0; number * BLOCK < size; number += 1) {
    new DataView(block.buffer).setBigUint64(0, BigInt(number));
    writeSync(file, block);
  }
  closeSync(file);
  truncateSync(path, size);

  const minted = join(process.env.ADMISSIBLE_MINTED, "gate", `body-${size}`);
  cpSync(minted, join(folder, "bodies", String(size)), { recursive: true });
  const { issuer, identity } = JSON.parse(readFileSync(join(minted, "case.json"), "utf8"));
  return { path, size, evidence: `/bodies/${size}`, signer: { issuer, identity } };
}
