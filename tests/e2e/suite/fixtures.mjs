// What the suite is run over, as one JSON text that any runtime can be handed: the test signer's cases, which `cargo xtask` has
// minted and the native core has judged, and one real bundle.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleText, options } from "../../../js/test/demo.mjs";

/** The folder of minted cases; without it nothing here can run. */
const minted = process.env.ADMISSIBLE_MINTED;

/** The fixtures as JSON text. `most` bounds how many cases of each kind there are, for a runtime that is tried twice. */
export function fixtures(most = Infinity) {
  if (minted === undefined) throw new Error("ADMISSIBLE_MINTED is not set: run cargo xtask e2e");
  const cases = ["good", "bad"].flatMap((kind) => readdirSync(join(minted, kind)).sort().slice(0, most).map((name) => {
    const file = (part) => readFileSync(join(minted, kind, name, part));
    return {
      kind,
      name,
      trustedRoot: file("trusted_root.json").toString(),
      bundle: file("bundle.sigstore.json").toString(),
      artifact: file("artifact").toString("base64"),
      options: JSON.parse(file("options.json").toString()),
      report: file("report.json").toString(),
      request: JSON.parse(file("request.json").toString()),
      policy: file("policy.json").toString(),
      evaluation: file("evaluation.json").toString(),
    };
  }));
  if (!existsSync(join(minted, "good")) || cases.length === 0) throw new Error(`${minted} holds no cases`);
  return JSON.stringify({ cases, demo: { bundle: bundleText, options } });
}
