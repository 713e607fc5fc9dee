// What comes of the demo's bundle without a host: the tests of each host compare with it.

import { createVerifierSync } from "../dist/entries/node.js";
import { npm } from "../dist/policy/index.js";
import { bundleText, changed, options, sha512 } from "./demo.mjs";

export const plain = createVerifierSync({ hostSignatures: false });
export const expected = plain.inspectSync(bundleText, options);
export const request = { bundles: [bundleText, bundleText], artifact: { sha512 }, policy: npm({ package: "sigstore", repository: "sigstore/sigstore-js" }) };

/** The bundle with another signature of the right form, where only a signature tells. */
export const forged = changed(({ verificationMaterial: { tlogEntries: [entry] } }) => {
  const promise = Buffer.from(entry.inclusionPromise.signedEntryTimestamp, "base64");
  promise[promise.length - 1] ^= 1;
  entry.inclusionPromise.signedEntryTimestamp = promise.toString("base64");
});
export const refused = plain.inspectSync(forged, options);
