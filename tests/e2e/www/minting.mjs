// Cases of the test signer, as files to be dropped on the page.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const minted = process.env.ADMISSIBLE_MINTED;
if (minted === undefined) throw new Error("ADMISSIBLE_MINTED is not set: run cargo xtask e2e");

/** A case, with what is expected of it. */
export const minting = (kind, name) => {
  const file = (part) => readFileSync(join(minted, kind, name, part));
  return {
    bundle: { name: "bundle.sigstore.json", text: file("bundle.sigstore.json").toString() },
    artifact: { name: "artifact", base64: file("artifact").toString("base64") },
    root: { name: "trusted_root.json", text: file("trusted_root.json").toString() },
    signer: JSON.parse(file("options.json").toString()).signer,
    report: JSON.parse(file("report.json").toString()),
  };
};

/** A policy that trusts these signers, as a file. */
export const policyFor = (signers) => ({ name: "policy.json", text: JSON.stringify({ version: 1, signers: [signers].flat() }) });
