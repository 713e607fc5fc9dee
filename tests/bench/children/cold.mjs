// A process that verifies one bundle and ends: `node cold.mjs CLIENT BUNDLE ROOT`. Prints when it was where, in milliseconds since the process began.

import { readFileSync } from "node:fs";

const [, , client, ...paths] = process.argv;
const [bundle, root] = paths.map((path) => readFileSync(path, "utf8"));
const began = performance.now();
const marks = { began };

if (client !== "Node.js alone") {
  if (client === "admissible") {
    const { createVerifierSync } = await import("../../../js/dist/entries/node.js");
    marks.imported = performance.now();
    const verifier = createVerifierSync({ trustedRoot: root });
    marks.ready = performance.now();
    verifier.verifySync(bundle, { artifact: { dangerouslyUnbound: true }, signer: { dangerouslyAnySigner: true } });
  } else {
    const [{ bundleFromJSON }, { TrustedRoot }, { Verifier, toSignedEntity, toTrustMaterial }] = await Promise.all(
      ["@sigstore/bundle", "@sigstore/protobuf-specs", "@sigstore/verify"].map((name) => import(name)),
    );
    marks.imported = performance.now();
    const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root))));
    marks.ready = performance.now();
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle))));
  }
}
marks.done = performance.now();
console.log(JSON.stringify({ ...marks, origin: performance.timeOrigin }));
