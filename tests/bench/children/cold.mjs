// A process that verifies one bundle and ends: `node cold.mjs CLIENT BUNDLE ROOT`. Prints when it was where, in milliseconds since the process began.

const [, , client, bundlePath, rootPath] = process.argv;
const began = performance.now();
const marks = { began };

if (client !== "Node.js alone") {
  const { readFileSync } = await import("node:fs");
  const [bundle, root] = [bundlePath, rootPath].map((path) => readFileSync(path, "utf8"));
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
