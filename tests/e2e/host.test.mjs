// Signatures that the host verifies. Every minted case gives, byte for byte, the report and the evaluation that the native core wrote, with the word of each host
// and without; and each gives the verdict of the pure Rust door on Project Wycheproof's vectors. `cargo xtask e2e` makes both in $ADMISSIBLE_MINTED. Genuine
// bundles, of which some lie in $ADMISSIBLE_TEST_DATA, are judged once.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createVerifierSync } from "../../js/dist/entries/node.js";
import { HostSignatures } from "../../js/dist/host/signatures.js";

const { ADMISSIBLE_MINTED: minted, ADMISSIBLE_TEST_DATA: data } = process.env;
const skip = minted === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask e2e";

const { getBuiltinModule } = process;
const { verify } = crypto;
const { subtle } = crypto.webcrypto;

/** The hosts: which functions ask them, how a runtime has this one alone, and how to have it answer by what the true answer is. */
const platforms = {
  WebCrypto: {
    suffixes: [""],
    alone: () => void (process.getBuiltinModule = undefined),
    answering: (answer) => {
      subtle.verify = async (...question) => answer(await webVerify.apply(subtle, question));
    },
  },
  "node:crypto": {
    suffixes: ["", "Sync"],
    alone: () => void (process.getBuiltinModule = getBuiltinModule),
    answering: (answer) => {
      crypto.verify = (hash, message, key, signature, callback) => {
        const isValid = () => answer(verify(hash, message, key, signature));
        if (callback === undefined) return isValid();
        try {
          callback(null, isValid());
        } catch (error) {
          callback(error);
        }
      };
    },
  },
};
const webVerify = subtle.verify;

/** Runs with one host alone, which answers so. */
async function withHost({ alone, answering }, answer, work) {
  try {
    alone();
    answering(answer);
    return await work();
  } finally {
    process.getBuiltinModule = getBuiltinModule;
    crypto.verify = verify;
    delete subtle.verify;
  }
}

/** What a call ends with, whether it returns a promise or not. */
async function outcome(call) {
  try {
    return JSON.stringify(await call());
  } catch (error) {
    return JSON.stringify(error.report);
  }
}

for (const [platform, host] of Object.entries(platforms)) for (const kind of ["good", "bad"]) {
  test(`${kind} cases are judged alike with and without ${platform}`, { skip }, async () => {
    let asked = 0;
    for (const name of readdirSync(join(minted, kind))) {
      const file = (part) => readFileSync(join(minted, kind, name, part));
      const [trustedRoot, bundle, policy] = ["trusted_root.json", "bundle.sigstore.json", "policy.json"].map(file);
      const options = { artifact: file("artifact"), ...JSON.parse(file("options.json").toString()) };
      const request = { bundles: [bundle, bundle], artifact: options.artifact, policy, ...JSON.parse(file("request.json").toString()) };
      const [report, evaluation] = [file("report.json").toString(), file("evaluation.json").toString()];
      const answers = {
        true: (isValid) => (asked += 1, isValid),
        denying: () => false,
        failing: () => {
          throw new Error("failed");
        },
      };
      const without = createVerifierSync({ trustedRoot, hostSignatures: false });
      const ended = await outcome(() => without.verify(bundle, options));
      assert.deepEqual([await outcome(() => without.inspect(bundle, options)), await outcome(() => without.evaluate(request))], [report, evaluation], name);
      for (const [called, answer] of Object.entries(answers)) {
        await withHost(host, answer, async () => {
          for (const suffix of host.suffixes) {
            const verifier = createVerifierSync({ trustedRoot });
            const [inspect, evaluate, verify] = ["inspect", "evaluate", "verify"].map((method) => verifier[`${method}${suffix}`].bind(verifier));
            const all = [() => inspect(bundle, options), () => evaluate(request), () => verify(bundle, options)];
            assert.deepEqual(await Promise.all(all.map(outcome)), [report, evaluation, ended], `${name}, ${called}${suffix}`);
            assert.deepEqual(await Promise.all(all.slice(0, 2).map(outcome)), [report, evaluation], `${name}, ${called}${suffix}, again`);
          }
        });
      }
    }
    assert.ok(asked > 0);
  });
}

for (const [platform, host] of Object.entries(platforms)) {
  test(`${platform} is asked about the artifact's own signature, where its bytes are at hand`, { skip }, async () => {
    for (const name of ["p256", "p384"].flatMap((key) => [1, 2].map((rekor) => `leaf-${key}-message-rekor${rekor}`))) {
      const file = (part) => readFileSync(join(minted, "good", name, part));
      const [trustedRoot, bundle, artifact] = ["trusted_root.json", "bundle.sigstore.json", "artifact"].map(file);
      const options = JSON.parse(file("options.json").toString());
      const sha256 = crypto.createHash("sha256").update(artifact).digest("hex");
      const asked = async (artifact) => {
        let asked = 0;
        await withHost(host, (isValid) => (asked += 1, isValid), async () => {
          for (const suffix of host.suffixes) await createVerifierSync({ trustedRoot })[`verify${suffix}`](bundle, { ...options, artifact });
        });
        return asked / host.suffixes.length;
      };
      const sha384 = crypto.createHash("sha384").update(artifact).digest("hex");
      assert.equal(await asked(artifact), (await asked({ sha256, sha384 })) + 1, name);
    }
  });
}

/** The ways in which a host answers: later and at once. */
const ways = {
  "when it is waited for": async (host, ...question) => {
    const questions = host.questions();
    questions.ask(...question);
    return (await questions.valid()) === 1;
  },
  "at once": (host, ...question) => host.prompt().isValid(...question),
};

for (const [platform, { alone }] of Object.entries(platforms)) for (const [way, answer] of Object.entries(ways)) {
  const isPrompt = platform === "node:crypto";
  const hasNone = !isPrompt && way === "at once" && `${platform} does not answer at once`;
  test(`${platform} and the Rust door give one verdict on every question that a host can be asked, ${way}`, { skip: skip || hasNone }, async () => {
    const vectors = JSON.parse(readFileSync(join(minted, "questions.json"), "utf8"));
    assert.ok(vectors.length > 1_000, String(vectors.length));
    alone();
    try {
      const host = new HostSignatures();
      const differing = await Promise.all(vectors.map(async ({ curve, hash, point, signature, integers, message, valid }) => {
        const bytes = [point, signature, integers, message].map((hex) => new Uint8Array(Buffer.from(hex, "hex")));
        return (await answer(host, curve, hash, ...bytes)) === valid ? [] : [{ curve, hash, point, signature, integers, message, valid }];
      }));
      assert.deepEqual(differing.flat(), []);
      assert.equal(host.prompt() !== undefined, isPrompt, "it failed at none");
      assert.ok(host.questions() !== undefined, "it failed at none");
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
}

for (const [platform, host] of Object.entries(platforms)) {
  test(`no genuine bundle takes a second judgement with ${platform}`, { skip: data === undefined && "ADMISSIBLE_TEST_DATA is not set" }, async (t) => {
    const corpus = join(data, "corpus");
    const { entries } = JSON.parse(readFileSync(join(corpus, "manifest.json"), "utf8"));
    const genuine = entries.filter(({ path, expected }) => path.startsWith("bundles/") && String(expected).startsWith("valid"));
    let [passed, asked, second] = [0, 0, 0];
    const { Instance } = WebAssembly;
    t.mock.method(WebAssembly, "Instance", function counting(...made) {
      const { exports } = new Instance(...made);
      return { exports: { ...exports, verifier_inspect: (...call) => (second += 1, exports.verifier_inspect(...call)) } };
    });
    await withHost(host, (isValid) => (asked += 1, isValid), async () => {
      for (const { path, trust_root: { path: root } } of genuine) {
        const [trustedRoot, bundle] = [root, path].map((name) => readFileSync(join(corpus, name), "utf8"));
        const options = { signer: { dangerouslyAnySigner: true }, require: { promiseOnly: true }, artifact: { dangerouslyUnbound: true } };
        const verifier = made(trustedRoot);
        if (verifier === undefined) continue;
        const { verdict } = await verifier.inspect(bundle, options);
        if (verdict !== "passed") {
          second = 0;
          continue;
        }
        passed += 1;
        assert.equal(second, 0, path);
        const questions = asked;
        await verifier.inspect(bundle, options);
        assert.equal(asked, questions, path);
      }
    });
    assert.ok(passed > 50 && asked > 4 * passed, String(passed));
  });
}

/** A fresh verifier by this root, unless it is one that cannot be read. */
function made(trustedRoot) {
  try {
    return createVerifierSync({ trustedRoot });
  } catch {
    return undefined;
  }
}
