// In a worker: one client, which verifies what it is told to of the bundles that it has at hand. The clock stands still there while code runs, so whoever asks takes the time.

import { ofAll, read } from "./web-clients.mjs";

/** A worker that answers with the indices of the bundles that its client takes. */
export function worker(given, make, createVerifier) {
  const items = read(given);
  let verify;
  return {
    async fetch(request) {
      const { isNew, list, turns } = await request.json();
      if (isNew) verify = await ofAll(items, make, createVerifier);
      const refused = new Set();
      for (let turn = 0; turn < turns; turn += 1) {
        for (const at of list) {
          try {
            await verify(items[at]);
          } catch {
            refused.add(at);
          }
        }
      }
      return Response.json(list.filter((at) => !refused.has(at)));
    },
  };
}
