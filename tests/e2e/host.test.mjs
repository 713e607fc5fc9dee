// Signatures that the host verifies. Every minted case gives, byte for byte, the report and the evaluation that the native core wrote, with the host's word and
// without; and WebCrypto gives the verdict of the pure Rust door on Project Wycheproof's vectors. `cargo xtask e2e` makes both in $ADMISSIBLE_MINTED. Genuine
// bundles, of which some lie in $ADMISSIBLE_TEST_DATA, are judged once.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Engine } from "../../js/dist/engine.js";
import { createVerifierSync } from "../../js/dist/entries/node.js";
import { HostSignatures } from "../../js/dist/host-signatures.js";

const { ADMISSIBLE_MINTED: minted, ADMISSIBLE_TEST_DATA: data } = process.env;
const skip = minted === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask e2e";

/** What an asynchronous call ends with. */
async function outcome(promise) {
  try {
    return JSON.stringify(await promise);
  } catch (error) {
    return JSON.stringify(error.report);
  }
}

for (const kind of ["good", "bad"]) {
  test(`${kind} cases are judged alike with and without the host`, { skip }, async () => {
    let asked = 0;
    for (const name of readdirSync(join(minted, kind))) {
      const file = (part) => readFileSync(join(minted, kind, name, part));
      const [trustedRoot, bundle, policy] = ["trusted_root.json", "bundle.sigstore.json", "policy.json"].map(file);
      const options = { artifact: file("artifact"), ...JSON.parse(file("options.json").toString()) };
      const request = { bundles: [bundle, bundle], artifact: options.artifact, policy, ...JSON.parse(file("request.json").toString()) };
      const [report, evaluation] = [file("report.json").toString(), file("evaluation.json").toString()];
      const verify = crypto.subtle.verify;
      const hosts = {
        true: (...question) => (asked += 1, verify.apply(crypto.subtle, question)),
        denying: async () => false,
        failing: async () => Promise.reject(new Error("failed")),
      };
      const without = createVerifierSync({ trustedRoot, hostSignatures: false });
      const ended = await outcome(without.verify(bundle, options));
      assert.deepEqual([await outcome(without.inspect(bundle, options)), await outcome(without.evaluate(request))], [report, evaluation], name);
      for (const [host, answer] of Object.entries(hosts)) {
        crypto.subtle.verify = answer;
        try {
          const verifier = createVerifierSync({ trustedRoot });
          const all = [verifier.inspect(bundle, options), verifier.evaluate(request), verifier.verify(bundle, options)];
          assert.deepEqual(await Promise.all(all.map(outcome)), [report, evaluation, ended], `${name}, ${host}`);
          const again = [verifier.inspect(bundle, options), verifier.evaluate(request)];
          assert.deepEqual(await Promise.all(again.map(outcome)), [report, evaluation], `${name}, ${host}, again`);
        } finally {
          delete crypto.subtle.verify;
        }
      }
    }
    assert.ok(asked > 0);
  });
}

test("WebCrypto and the Rust door give one verdict on every question that a host can be asked", { skip }, async () => {
  const questions = JSON.parse(readFileSync(join(minted, "questions.json"), "utf8"));
  assert.ok(questions.length > 1_000, String(questions.length));
  const host = new HostSignatures();
  const differing = await Promise.all(questions.map(async ({ curve, hash, point, signature, message, valid }) => {
    const asked = host.questions();
    asked.ask(curve, hash, ...[point, signature, message].map((hex) => new Uint8Array(Buffer.from(hex, "hex"))));
    return (await asked.valid()) === (valid ? 1 : 0) ? [] : [{ curve, hash, point, signature, message, valid }];
  }));
  assert.deepEqual(differing.flat(), []);
  assert.ok(host.isThere, "it failed at none");
});

test("no genuine bundle takes a second judgement", { skip: data === undefined && "ADMISSIBLE_TEST_DATA is not set" }, async (t) => {
  const corpus = join(data, "corpus");
  const { entries } = JSON.parse(readFileSync(join(corpus, "manifest.json"), "utf8"));
  const genuine = entries.filter(({ path, expected }) => path.startsWith("bundles/") && String(expected).startsWith("valid"));
  const second = t.mock.method(Engine.prototype, "inspect");
  const asked = t.mock.method(crypto.subtle, "verify");
  let passed = 0;
  for (const { path, trust_root: { path: root } } of genuine) {
    const [trustedRoot, bundle] = [root, path].map((name) => readFileSync(join(corpus, name), "utf8"));
    const options = { signer: { dangerouslyAnySigner: true }, require: { promiseOnly: true }, artifact: { dangerouslyUnbound: true } };
    const verifier = made(trustedRoot);
    if (verifier === undefined) continue;
    const { verdict } = await verifier.inspect(bundle, options);
    if (verdict !== "passed") {
      second.mock.resetCalls();
      continue;
    }
    passed += 1;
    assert.equal(second.mock.callCount(), 0, path);
    const before = asked.mock.callCount();
    await verifier.inspect(bundle, options);
    assert.equal(asked.mock.callCount(), before, path);
  }
  assert.ok(passed > 50 && asked.mock.callCount() > 4 * passed, String(passed));
});

/** A fresh verifier by this root, unless it is one that cannot be read. */
function made(trustedRoot) {
  try {
    return createVerifierSync({ trustedRoot });
  } catch {
    return undefined;
  }
}
