// What `cargo xtask size --features --record` wrote down.

import { readFileSync } from "node:fs";

const { sizes, features } = JSON.parse(readFileSync(new URL("../size.json", import.meta.url), "utf8"));

/** Bytes of the module and its glue by brotli, and of those of the build without any feature. */
export const whole = Object.values(sizes).reduce((sum, { brotli }) => sum + brotli, 0);
export const lite = features.lite.brotli;

/** What goes with each feature, and what it is. */
const groups = {
  predicates: ["`predicates` (and `policy`, `compare`)", "what statements other than provenance say"],
  policy: ["`policy` (and `compare`)", "policies"],
  sources: ["`sources` (and `images`)", "documents of registries, cosign and Rekor"],
  compare: ["`compare`", "comparisons and summaries"],
  regex: ["`regex`", "regular expressions in signer rules"],
  rsa: ["`rsa`", "RSA keys"],
  images: ["`images`", "documents of images, and indexes"],
  p521: ["`p521`", "ECDSA on P-521"],
  timestamps: ["`timestamps`", "timestamps (RFC 3161)"],
  registry: ["`registry`", "signatures of npm's registry"],
  lite: ["any (lite)", ""],
};

/** The features as rows, the one that saves most first and all together last. */
export function saved() {
  const names = Object.keys(features).toSorted((a, b) => features[b].brotliSaved - features[a].brotliSaved);
  return [...names.filter((name) => name !== "lite"), "lite"].map((name) => {
    const { rawSaved, brotliSaved } = features[name];
    return [...groups[name], `${(rawSaved / 1000).toFixed(0)} kB`, `${(brotliSaved / 1000).toFixed(1)} kB`, `${((100 * brotliSaved) / (lite + features.lite.brotliSaved)).toFixed(1)} %`];
  });
}
