// The genuine bundle that the tests start from (demo/ORIGIN.md), and what makes it verify.

import { readFileSync } from "node:fs";

export const bundleBytes = new Uint8Array(readFileSync(new URL("../demo/sigstore-5.0.0.sigstore.json", import.meta.url)));

export const bundleText = new TextDecoder().decode(bundleBytes);

export const sha512 =
  "849a897e81bf7b8a8541a6ae40bd3473a27a16b1cb0462ad905bd6dc96d34881053a12eb4a375233f81677fc9439f628fe0b0445e8535c60b5559597fbd5f80e";

export const signer = {
  issuer: "https://token.actions.githubusercontent.com",
  identity: "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
};

export const options = { artifact: { sha512 }, signer };

/** A parsed copy, with one thing changed. */
export function changed(change) {
  const bundle = JSON.parse(bundleText);
  change(bundle);
  return bundle;
}
