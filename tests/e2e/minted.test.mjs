// Every case that the test signer mints, through the built npm package: good ones verify, and report and evaluation are, byte for
// byte, the ones that the native core wrote. The cases lie in $ADMISSIBLE_MINTED/{good,bad}; `cargo xtask test` makes them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createVerifierSync, UsageError, VerificationFailed } from "../../js/dist/entries/node.js";

const minted = process.env.ADMISSIBLE_MINTED;

/** Comparisons are those that the native core made; `null` where it refused. */
function compared(verifier, report, { used, options, baseline, trust, inputs, summary }) {
  const same = (make, expected) => {
    if (expected === null) assert.throws(make, UsageError);
    else assert.deepEqual(make(), expected);
  };
  same(() => verifier.baseline(report), baseline);
  same(() => verifier.compareTrust(baseline, report), trust);
  same(() => verifier.compareInputs(report, used), inputs);
  same(() => verifier.summarize(report, options), summary);
}

for (const kind of ["good", "bad"]) {
  if (minted === undefined) {
    test(`${kind} cases`, { skip: "ADMISSIBLE_MINTED is not set: run cargo xtask test" });
    continue;
  }
  for (const name of readdirSync(join(minted, kind))) {
    test(`${kind}: ${name}`, () => {
      const file = (part) => readFileSync(join(minted, kind, name, part));
      const verifier = createVerifierSync({ trustedRoot: file("trusted_root.json") });
      const bundle = file("bundle.sigstore.json");
      const options = { artifact: file("artifact"), ...JSON.parse(file("options.json").toString()) };
      const report = verifier.inspectSync(bundle, options);
      assert.equal(JSON.stringify(report), file("report.json").toString());
      const request = JSON.parse(file("request.json").toString());
      const judged = verifier.evaluateSync({ bundles: [bundle, bundle], artifact: options.artifact, policy: file("policy.json"), ...request });
      assert.equal(JSON.stringify(judged), file("evaluation.json").toString());
      if (kind === "good") {
        compared(verifier, report, JSON.parse(file("comparisons.json").toString()));
        assert.equal(verifier.verifySync(bundle, options).report.verdict, "passed");
      } else {
        assert.throws(() => verifier.verifySync(bundle, options), VerificationFailed);
      }
    });
  }
}
