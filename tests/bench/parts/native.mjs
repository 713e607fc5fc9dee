// The Rust core on this machine, beside the crate sigstore-verify: tests/bench/native measures, this makes tables of it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVerifierSync } from "../../../js/dist/entries/node.js";
import { bundles, note } from "../bundles.mjs";
import { Times } from "../measure.mjs";

export const about = "the Rust core natively, beside the crate sigstore-verify";

const { ADMISSIBLE_BENCH_NATIVE: binary, ADMISSIBLE_BENCH_MINTED: minted } = process.env;

export async function run({ quick, say }) {
  if (binary === undefined || minted === undefined) {
    throw new Error("ADMISSIBLE_BENCH_NATIVE names no program, or ADMISSIBLE_BENCH_MINTED no folder: run `cargo xtask bench native`");
  }
  const verifier = createVerifierSync();
  // The other client wants to know about what.
  const list = bundles().flatMap(({ text, kind, files: { bundle, root } }) => {
    const digests = verifier.claimedDigests([text]).flatMap(Object.entries);
    const [algorithm, digest] = digests.find(([name]) => name === "sha256") ?? digests[0] ?? [];
    return digest === undefined ? [] : [{ kind, bundle, root, algorithm, digest }];
  });
  say(`${list.length} bundles`);
  const folder = mkdtempSync(join(tmpdir(), "admissible-bench-"));
  try {
    const path = join(folder, "list.json");
    writeFileSync(path, JSON.stringify(list));
    const { status, stdout, stderr } = spawnSync(binary, [path, minted, String(quick ? 1 : 20)], { encoding: "utf8", timeout: 600_000, maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`expected times, found status ${status}: ${stderr}`);
    say(stderr.trim());
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    return { note, tables: [table("One verification, natively", lines, isVerification), table("Threads", lines, (variant) => !isVerification(variant))] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isVerification = (variant) => !variant.startsWith("threads");

function table(title, lines, isMeant) {
  const meant = lines.filter(([, variant]) => isMeant(variant));
  const times = new Times([...new Set(meant.map(([, variant]) => variant))].toSorted());
  for (const line of meant) times.note(...line);
  const made = times.table(title);
  made.rows.sort((a, b) => a.row.localeCompare(b.row));
  return made;
}
