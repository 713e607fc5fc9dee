// Mixed genuine bundles, one thread: `batch` beside a loop of the other client.

import { createVerifierSync } from "../../../js/dist/entries/node.js";
import { bundles, note } from "../bundles.mjs";
import { asked, byRoot, clients, peer } from "../clients.mjs";
import { Times, timedAsync } from "../measure.mjs";

export const about = "1,000 mixed bundles on one thread";

/** All items in batches, one for each root, by new verifiers or by those that are passed. */
async function judge(items, verifier = byRoot((trustedRoot) => createVerifierSync({ trustedRoot }))) {
  for (const root of new Set(items.map((item) => item.root))) {
    const of = items.filter((item) => item.root === root);
    const { counts } = await verifier(root).batch(of.map((item) => ({ bundle: item.text, ...asked(item) })));
    if (counts.verified !== of.length) throw new Error(`expected ${of.length} verified, found ${JSON.stringify(counts)}`);
  }
}

export async function run({ quick, say }) {
  const all = bundles();
  const [many, ofPeer] = quick ? [all.length, 4] : [1000, 250];
  const pick = (count, from = 0) => Array.from({ length: count }, (_, at) => all[(from + at) % all.length]);
  const times = new Times(["admissible", peer]);
  const rounds = quick ? 1 : 10;
  const known = byRoot((trustedRoot) => createVerifierSync({ trustedRoot }));
  const theirs = clients.get(peer)();
  // The code is warm; what a verifier has seen is another matter.
  await judge(all, known);
  all.forEach(theirs);
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}`);
    const [share, ours] = [ofPeer, many].map((count) => Math.ceil(count / rounds));
    const some = pick(share, round * share);
    const slow = (await timedAsync(() => some.forEach(theirs))) / share;
    // A new verifier each time, which has seen nothing and has no table of any key.
    times.note("none seen before, by a new verifier", "admissible", (await timedAsync(() => judge(all))) / all.length);
    times.note("none seen before, by a new verifier", peer, slow);
    times.note("most seen before, by one verifier", "admissible", (await timedAsync(() => judge(pick(ours, round), known))) / ours);
    times.note("most seen before, by one verifier", peer, slow);
  }
  const table = times.table(`A bundle of ${many.toLocaleString("en")} mixed ones`);
  const words = `The ${all.length} different bundles that there are come again and again; of @sigstore/verify a bundle is the mean of ${ofPeer}.`;
  return { note: [note, words].filter(Boolean).join(" "), tables: [table] };
}
