// In a page: both clients, ours also waiting for the host, and the bundles that all take.

import { createVerifier } from "/dist/entries/web.js";
import { inTurn } from "../measure.mjs";
import { awaited, ofAll, ours, read, sigstoreBrowser } from "./web-clients.mjs";

const items = read(await (await fetch("bundles.json")).json());
const makers = [["admissible", ours], ["admissible, awaited", awaited], ["@freedomofpress/sigstore-browser", sigstoreBrowser]];

/** Clients that have seen nothing. */
const clients = () => Promise.all(makers.map(async ([name, make]) => [name, await ofAll(items, make, createVerifier)]));

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
      for (const [name, verify] of inTurn(made, turn)) {
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
