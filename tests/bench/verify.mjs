// What a verification costs beside `@sigstore/verify`, in one process and interleaved: `cargo xtask bench`. Times vary with the machine, so what
// counts is the ratio of medians. With ADMISSIBLE_TEST_DATA every genuine bundle there that both take is measured at first sight, by verifiers that
// have seen others; and again, as on a page that shows a badge anew. Without it, the one bundle of the demo is measured again.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import { createVerifierSync } from "../../js/dist/entries/node.js";

const data = process.env.ADMISSIBLE_TEST_DATA;
const options = { signer: { dangerouslyAnySigner: true }, require: { promiseOnly: true } };

/** Verifiers by trusted root, made when they are first needed, and with the memory of what they have seen. */
function ours() {
  const verifiers = new Map();
  return ({ text, artifact, root }) => {
    if (!verifiers.has(root)) verifiers.set(root, createVerifierSync({ trustedRoot: root }));
    return verifiers.get(root).verifySync(text, { ...options, artifact: artifact ?? { dangerouslyUnbound: true } });
  };
}
function theirs() {
  const verifiers = new Map();
  return ({ text, artifact, root }) => {
    if (!verifiers.has(root)) verifiers.set(root, new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)))));
    return verifiers.get(root).verify(toSignedEntity(bundleFromJSON(JSON.parse(text)), artifact));
  };
}

/** What kind of bundle it is, as a row of the table. */
function kind({ text }) {
  const { messageSignature, dsseEnvelope, verificationMaterial } = JSON.parse(text);
  const isTiled = verificationMaterial.tlogEntries?.some(({ inclusionPromise }) => inclusionPromise === undefined);
  if (isTiled) return "Rekor v2 and a timestamp";
  if (messageSignature !== undefined) return "hashedrekord";
  const statement = Buffer.from(dsseEnvelope.payload, "base64").toString();
  return statement.includes("pkg:npm/") ? "npm provenance" : "DSSE";
}

/** Those that both clients take: what one refuses at once costs nothing. */
function accepted(items) {
  const takes = [ours(), theirs()];
  const isTaken = (item) => takes.every((verify) => {
    try {
      verify(item);
      return true;
    } catch {
      return false;
    }
  });
  return items.filter(isTaken);
}

function bundles() {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  if (data === undefined) return [{ text: read("js/demo/sigstore-5.0.0.sigstore.json"), root: read("src/roots/public_good.json") }];
  const corpus = join(data, "corpus");
  const { entries } = JSON.parse(readFileSync(join(corpus, "manifest.json"), "utf8"));
  const genuine = entries.filter(({ path, expected }) => path.startsWith("bundles/") && String(expected).startsWith("valid"));
  // Bundles of one leaf are mutants of one.
  const distinct = [...new Map(genuine.map((entry) => [entry.leaf ?? entry.path, entry])).values()];
  const roots = new Map();
  return accepted(distinct.map(({ path, artifact, trust_root: { path: root } }) => {
    if (!roots.has(root)) roots.set(root, readFileSync(join(corpus, root), "utf8"));
    const isSignedItself = artifact?.path !== undefined && /messageSignature/u.test(readFileSync(join(corpus, path), "utf8"));
    return {
      text: readFileSync(join(corpus, path), "utf8"),
      root: roots.get(root),
      ...(isSignedItself && { artifact: readFileSync(join(corpus, artifact.path)) }),
    };
  }));
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const timed = (verify, item) => {
  const start = performance.now();
  verify(item);
  return (performance.now() - start) * 1000;
};

const all = bundles();
const rows = new Map();
const note = (row, by, time) => {
  if (!rows.has(row)) rows.set(row, { ours: [], theirs: [] });
  rows.get(row)[by].push(time);
};

for (let round = 0; round < 6; round += 1) {
  const halves = [all.filter((_, at) => (at + round) % 2 === 0), all.filter((_, at) => (at + round) % 2 === 1)];
  const [warm, fresh] = all.length > 1 ? halves : [all, []];
  const [a, b] = [ours(), theirs()];
  for (let turn = 0; turn < 3; turn += 1) for (const item of warm) [a, b].forEach((verify) => verify(item));
  for (const item of fresh) {
    note(`${kind(item)}, at first sight`, "ours", timed(a, item));
    note(`${kind(item)}, at first sight`, "theirs", timed(b, item));
  }
  for (let turn = 0; turn < (all.length > 1 ? 1 : 30); turn += 1) {
    for (const item of warm) {
      note(`${kind(item)}, again`, "ours", timed(a, item));
      note(`${kind(item)}, again`, "theirs", timed(b, item));
    }
  }
}

const table = [...rows].sort(([a], [b]) => a.localeCompare(b)).map(([row, { ours: a, theirs: b }]) => ({
  row,
  count: a.length,
  ours: Math.round(median(a)),
  theirs: Math.round(median(b)),
  ratio: Number((median(b) / median(a)).toFixed(2)),
}));
console.log(`Node ${process.version}, ${all.length} bundle${all.length === 1 ? "" : "s"}; medians in microseconds\n`);
console.log(`${"".padEnd(44)}${"runs".padStart(8)}${"admissible".padStart(11)}${"@sigstore/verify".padStart(18)}${"times".padStart(8)}`);
for (const { row, count, ours: a, theirs: b, ratio } of table) {
  console.log(`${row.padEnd(44)}${String(count).padStart(8)}${String(a).padStart(11)}${String(b).padStart(18)}${ratio.toFixed(1).padStart(8)}`);
}
if (data === undefined) console.log("\nADMISSIBLE_TEST_DATA is not set: only the demo's bundle was measured, and only again.");
const out = process.env.ADMISSIBLE_BENCH;
if (out !== undefined) writeFileSync(out, `${JSON.stringify({ node: process.version, table }, null, 2)}\n`);
