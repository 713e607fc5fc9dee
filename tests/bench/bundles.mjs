// The genuine bundles that are verified: those of ADMISSIBLE_TEST_DATA, each signing once; without it, the one of the demo.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clients, peer } from "./clients.mjs";

const data = process.env.ADMISSIBLE_TEST_DATA;

/**
 * @typedef {object} Item
 * @property {string} text the bundle
 * @property {string} root its trusted root
 * @property {Uint8Array} [artifact] where it is signed itself, and at hand
 * @property {string} kind a row of the tables
 * @property {{ bundle: string, root: string, artifact?: string }} [files] where they are, of those that are files
 */

/** @returns {Item[]} those that both the package and the other client take: what is refused at once costs nothing */
export function bundles() {
  if (data === undefined) return [demo()];
  const all = accepted(corpus(join(data, "corpus")));
  const ofRoot = (item) => all.filter(({ root }) => root === item.root).length;
  return all.map((item) => ({ ...item, kind: `${kind(item)}${ofRoot(item) < few ? ", of a root with few bundles" : ""}` }));
}

/** By so few bundles no key has come often enough to have a table, if others are yet to come. */
const few = 10;

/** Bundles of the test signer, of kinds of which there are few genuine ones: `count` of each that the other client takes. */
export function minted(count) {
  const folder = process.env.ADMISSIBLE_BENCH_MINTED;
  if (folder === undefined) return [];
  const root = readFileSync(join(folder, "trusted_root.json"), "utf8");
  const all = readFileSync(join(folder, "bundles.jsonl"), "utf8").trimEnd().split("\n").slice(0, count * 8)
    .map((line) => JSON.parse(line))
    .map(({ x, bundle }) => ({ text: JSON.stringify(bundle), root, ...(bundle.messageSignature && { artifact: Buffer.from(`artifact ${x}`) }) }))
    .map((item) => ({ ...item, kind: kind(item) }));
  const some = ["hashedrekord", "Rekor v2 and a timestamp"].flatMap((name) => all.filter(({ kind }) => kind === name).slice(0, count));
  return accepted(some.map((item) => ({ ...item, kind: `${item.kind}, minted` })));
}

/** The demo's bundle, which everybody has. */
export function demo() {
  const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;
  return { ...item({ bundle: path("js/demo/sigstore-5.0.0.sigstore.json"), root: path("src/roots/public_good.json") }), kind: "npm provenance" };
}

/** Why there is so little, for tables of one bundle. */
export const note = data === undefined ? "ADMISSIBLE_TEST_DATA is not set: only the demo's bundle was measured." : undefined;

const roots = new Map();

function item(files) {
  const text = readFileSync(files.bundle, "utf8");
  if (!roots.has(files.root)) roots.set(files.root, readFileSync(files.root, "utf8"));
  return { text, root: roots.get(files.root), files, ...(files.artifact !== undefined && { artifact: readFileSync(files.artifact) }) };
}

function corpus(folder) {
  const { entries } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  const genuine = entries.filter(({ path, expected }) => path.startsWith("bundles/") && String(expected).startsWith("valid"));
  // Bundles of one leaf are mutants of one.
  const distinct = [...new Map(genuine.map((entry) => [entry.leaf ?? entry.path, entry])).values()];
  return distinct.map(({ path, artifact, trust_root: { path: root } }) => {
    const bundle = join(folder, path);
    const isSignedItself = artifact?.path !== undefined && /messageSignature/u.test(readFileSync(bundle, "utf8"));
    return item({ bundle, root: join(folder, root), ...(isSignedItself && { artifact: join(folder, artifact.path) }) });
  });
}

function kind({ text }) {
  const { messageSignature, dsseEnvelope, verificationMaterial } = JSON.parse(text);
  if (verificationMaterial.tlogEntries?.some(({ inclusionPromise }) => inclusionPromise === undefined)) return "Rekor v2 and a timestamp";
  if (messageSignature !== undefined) return "hashedrekord";
  return Buffer.from(dsseEnvelope.payload, "base64").toString().includes("pkg:npm/") ? "npm provenance" : "DSSE";
}

function accepted(items) {
  const takes = ["admissible", peer].map((name) => clients.get(name)());
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
