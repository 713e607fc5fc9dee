// In a page: both clients, ours also waiting for the host, and the bundles that all take.

import { SigstoreVerifier } from "@freedomofpress/sigstore-browser";
import { createVerifier } from "/dist/entries/web.js";

const anybody = { verify() {} };
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const items = (await (await fetch("bundles.json")).json()).map((item) => ({ ...item, artifact: item.artifact && bytes(item.artifact) }));

/** Clients with a verifier for each root, which has seen nothing. */
async function clients() {
  const [ours, awaited, theirs] = [new Map(), new Map(), new Map()];
  for (const root of new Set(items.map((item) => item.root))) {
    for (const made of [ours, awaited]) made.set(root, await createVerifier({ trustedRoot: root }));
    const verifier = new SigstoreVerifier();
    await verifier.loadSigstoreRoot(JSON.parse(root)).then(() => theirs.set(root, verifier), () => undefined);
  }
  const options = ({ artifact }) => ({ artifact: artifact ?? { dangerouslyUnbound: true }, signer: { dangerouslyAnySigner: true }, require: { promiseOnly: true } });
  return [
    ["admissible", (item) => ours.get(item.root).verifySync(item.text, options(item))],
    ["admissible, awaited", (item) => awaited.get(item.root).verify(item.text, options(item))],
    ["@freedomofpress/sigstore-browser", (item) => {
      const bundle = JSON.parse(item.text);
      const verifier = theirs.get(item.root);
      return item.artifact === undefined ? verifier.verifyDsse(bundle, anybody) : verifier.verifyArtifactPolicy(anybody, bundle, item.artifact);
    }],
  ];
}

let taken;

globalThis.bench = {
  async ready() {
    taken = [];
    const made = await clients();
    for (const item of items) {
      try {
        for (const [, verify] of made) await verify(item);
        taken.push(item);
      } catch {
        // What one refuses at once costs nothing.
      }
    }
    return taken.length;
  },
  /** Half of the bundles at first sight, by clients that have seen the other half; and that half again. */
  async round(round) {
    const lines = [];
    const made = await clients();
    const known = taken.length > 1 ? taken.filter((_, at) => (at + round) % 2 === 0) : taken;
    for (let turn = 0; turn < 3; turn += 1) for (const item of known) for (const [, verify] of made) await verify(item);
    const measure = async (item, when, turn) => {
      for (const [name, verify] of turn % 2 === 0 ? made : made.toReversed()) {
        // As `measure.mjs` rests.
        await new Promise((resolve) => setTimeout(resolve, 1));
        const start = performance.now();
        await verify(item);
        lines.push([`${item.kind}, ${when}`, name, (performance.now() - start) * 1000]);
      }
    };
    for (const [at, item] of taken.filter((each) => !known.includes(each)).entries()) await measure(item, "at first sight", at + round);
    for (const [at, item] of known.entries()) await measure(item, "again", at + round);
    return lines;
  },
};
