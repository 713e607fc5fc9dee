// The ways to hand an artifact over, on official cases that must verify: bytes, digest, Blob and stream agree.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createVerifier, VerificationFailed } from "../../js/dist/entries/node.js";

const data = process.env.ADMISSIBLE_TEST_DATA;
const signer = {
  issuer: "https://token.actions.githubusercontent.com",
  identity: { glob: "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/**" },
};

for (const name of ["happy-path-v0.3", "intoto-with-custom-trust-root"]) {
  test(`${name}: every way gives the same verdict`, { skip: data === undefined && "ADMISSIBLE_TEST_DATA is not set" }, async () => {
    const assets = join(data, "conformance/assets");
    const folder = join(assets, "bundle-verify", name);
    const read = (...paths) => readFileSync(paths.find((path) => existsSync(path)));
    const bundle = read(join(folder, "bundle.sigstore.json"));
    const artifact = read(join(folder, "artifact"), join(assets, "bundle-verify/a.txt"));
    const trustedRoot = read(join(folder, "trusted_root.json"), join(data, "conformance/roots/production.json"));
    const verifier = await createVerifier({ trustedRoot });
    const ways = (bytes) => [
      bytes,
      new Uint8Array(bytes).buffer,
      `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
      new Blob([bytes]),
      new Blob([bytes]).stream(),
    ];
    for (const way of ways(artifact)) {
      const { report } = await verifier.verify(bundle, { artifact: way, signer });
      assert.equal(report.verdict, "passed");
    }
    for (const way of ways(Buffer.concat([artifact, Buffer.from("!")]))) {
      await assert.rejects(verifier.verify(bundle, { artifact: way, signer }), VerificationFailed);
    }
  });
}
