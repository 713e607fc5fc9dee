// Hashes a stream of so many MiB by WebAssembly, and prints the memory of the process (RSS) before and at most.

import { createVerifierSync } from "../../../js/dist/entries/node.js";

const pieces = Number(process.argv[2]);
const verifier = createVerifierSync();

async function* stream(count) {
  const piece = new Uint8Array(1024 * 1024);
  for (let at = 0; at < count; at += 1) {
    new DataView(piece.buffer).setUint32(0, at);
    yield piece;
  }
}

// What the code itself takes is there from the first pieces on.
await verifier.digest(stream(16), { algorithms: ["sha256"] });
globalThis.gc();
const before = process.memoryUsage.rss();
let most = before;
const onProgress = ({ read }) => {
  if (read % (16 * 1024 * 1024) !== 0) return;
  globalThis.gc();
  most = Math.max(most, process.memoryUsage.rss());
};
await verifier.digest(stream(pieces), { algorithms: ["sha256"], onProgress });
console.log(JSON.stringify({ before, most }));
