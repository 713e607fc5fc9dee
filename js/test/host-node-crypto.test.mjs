// Signatures that `node:crypto` verifies, also for functions that do not wait: as with WebCrypto, only its "valid" counts.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { test as run } from "node:test";
import { Engine } from "../dist/engine.js";
import { createVerifierSync, VerificationFailed } from "../dist/entries/node.js";
import { largestMessage } from "../dist/hashing.js";
import { bundleText, options } from "./demo.mjs";
import { expected, forged, plain, refused, request } from "./host.mjs";

const skip = process.getBuiltinModule === undefined && `Node.js ${process.version} has no process.getBuiltinModule: 20.16 and 22.3 do`;
const test = (name, body) => run(name, { skip }, body);

/** Each function that asks the host, with the report or evaluation that comes of it. */
const functions = {
  inspectSync: async (verifier, bundle) => verifier.inspectSync(bundle, options),
  inspect: (verifier, bundle) => verifier.inspect(bundle, options),
  verifySync: async (verifier, bundle) => told(() => verifier.verifySync(bundle, options)),
  verify: (verifier, bundle) => told(() => verifier.verify(bundle, options)),
};

async function told(verify) {
  try {
    return (await verify()).report;
  } catch (error) {
    assert.ok(error instanceof VerificationFailed, String(error));
    return error.report;
  }
}

/** Counts, and may answer instead: with a value, or by throwing what it made. */
function asking(t, answer) {
  const { verify } = crypto;
  const mock = t.mock.method(crypto, "verify", (...question) => {
    if (answer === undefined) return verify(...question);
    const callback = question[4];
    if (callback === undefined) return answer();
    try {
      callback(null, answer());
    } catch (error) {
      callback(error, undefined);
    }
  });
  const web = t.mock.method(crypto.subtle, "verify");
  return { asked: () => mock.mock.callCount(), askedWeb: () => web.mock.callCount() };
}

for (const [name, judge] of Object.entries(functions)) {
  test(`${name} asks about each signature once, and nobody else`, async (t) => {
    const { asked, askedWeb } = asking(t);
    const verifier = createVerifierSync();
    assert.deepEqual(await judge(verifier, bundleText), expected);
    const first = asked();
    assert.ok(first >= 5, String(first));
    assert.deepEqual(await judge(verifier, bundleText), expected);
    assert.deepEqual([asked(), askedWeb()], [first, 0]);
  });

  test(`${name} believes no more than "valid", and verifies the rest itself`, async (t) => {
    assert.deepEqual(refused.checks.inclusionPromise.failures.map(({ code }) => code), ["inclusion-promise-signature-invalid"]);
    assert.deepEqual(await judge(createVerifierSync(), forged), refused);
    const broken = () => {
      throw new Error("no such curve");
    };
    for (const answer of [() => false, () => undefined, () => 1, () => "true", broken]) {
      asking(t, answer);
      assert.deepEqual(await judge(createVerifierSync(), bundleText), expected, String(answer));
      assert.deepEqual(await judge(createVerifierSync(), forged), refused, String(answer));
      t.mock.restoreAll();
    }
    asking(t, () => true);
    assert.equal((await judge(createVerifierSync(), forged)).verdict, "passed");
  });
}

test("the payload and the evaluation are those that were verified", async (t) => {
  const { asked } = asking(t);
  assert.deepEqual(createVerifierSync().verifySync(bundleText, options), plain.verifySync(bundleText, options));
  const before = asked();
  const verifier = createVerifierSync();
  assert.deepEqual(verifier.evaluateSync(request), plain.evaluateSync(request));
  assert.ok(asked() > before);
  assert.deepEqual(await createVerifierSync().evaluate(request), plain.evaluateSync(request));
});

test("one \"no\" among many is enough", async (t) => {
  const { verify } = crypto;
  for (let at = 0; at < 5; at += 1) {
    let asked = 0;
    t.mock.method(crypto, "verify", (...question) => (asked++ === at ? false : verify(...question)));
    const verifier = createVerifierSync();
    assert.deepEqual(verifier.inspectSync(forged, options), refused);
    assert.deepEqual(verifier.inspectSync(bundleText, options), expected);
    t.mock.restoreAll();
  }
});

test("what is refused for a signature is judged once without waiting, and a second time at most", async (t) => {
  const { Instance } = WebAssembly;
  const judged = [];
  t.mock.method(WebAssembly, "Instance", function counting(...made) {
    const { exports } = new Instance(...made);
    const counted = (name) => (...call) => (judged.push(name), exports[name](...call));
    return { exports: { ...exports, ...Object.fromEntries(["verifier_inspect", "verifier_inspectDeferred"].map((name) => [name, counted(name)])) } };
  });
  const { asked } = asking(t);
  assert.deepEqual(createVerifierSync().inspectSync(forged, options), refused);
  assert.deepEqual(judged.splice(0), ["verifier_inspect"]);
  const sooner = asked();
  assert.ok(sooner > 1, String(sooner));
  assert.deepEqual(await createVerifierSync().inspect(forged, options), refused);
  assert.deepEqual(judged.splice(0), ["verifier_inspectDeferred", "verifier_inspect"]);
  assert.ok(asked() - 2 * sooner >= 5, "about all as if they were valid, and then as without waiting");
});

test("when it fails, WebCrypto is asked by those that wait", async (t) => {
  const { asked, askedWeb } = asking(t, () => {
    throw new Error("broken");
  });
  const verifier = createVerifierSync();
  assert.deepEqual(verifier.inspectSync(bundleText, options), expected);
  const first = asked();
  assert.deepEqual(verifier.inspectSync(forged, options), refused);
  assert.deepEqual([asked(), askedWeb()], [first, 0]);
  assert.deepEqual(await verifier.inspect(forged, options), refused);
  assert.ok(askedWeb() > 0);
  assert.equal(asked(), first);
});

test("keys come in the spelling that is read soonest, and nobody looks for WebCrypto meanwhile", (t) => {
  const { createPublicKey } = crypto;
  const keys = t.mock.method(crypto, "createPublicKey", (...key) => createPublicKey(...key));
  const web = t.mock.getter(globalThis, "crypto", () => crypto.webcrypto);
  assert.deepEqual(createVerifierSync().inspectSync(bundleText, options), expected);
  const spellings = keys.mock.calls.map(({ arguments: [{ format }], result }) => `${result.asymmetricKeyDetails.namedCurve} ${format}`);
  assert.deepEqual([...new Set(spellings)].toSorted(), ["prime256v1 jwk", "secp384r1 der"]);
  assert.equal(web.mock.callCount(), 0);
});

test("a runtime that only seems to have it is asked for WebCrypto", async (t) => {
  const refuse = () => {
    throw new Error("not supported here");
  };
  for (const pretended of [refuse, () => undefined, () => ({})]) {
    t.mock.method(process, "getBuiltinModule", pretended);
    const { asked, askedWeb } = asking(t);
    for (const judge of [functions.inspectSync, functions.inspect]) assert.deepEqual(await judge(createVerifierSync(), bundleText), expected);
    assert.equal(asked(), 0);
    assert.ok(askedWeb() > 0);
    t.mock.restoreAll();
  }
});

test("keys that cannot be read are no verdict", async (t) => {
  t.mock.method(crypto, "createPublicKey", () => {
    throw new Error("broken");
  });
  for (const [bundle, report] of [[bundleText, expected], [forged, refused]]) {
    for (const judge of [functions.inspectSync, functions.inspect]) assert.deepEqual(await judge(createVerifierSync(), bundle), report);
  }
});

test("an artifact that arrives in pieces is hashed as by WebAssembly", async (t) => {
  const pieces = [0, 1, 63, 64, 65, 1_000_003].map((length, at) => new Uint8Array(length).fill(at));
  async function* source() {
    yield* pieces;
  }
  const created = t.mock.method(crypto, "createHash");
  const native = await plain.digest(source());
  assert.deepEqual(created.mock.calls.map((call) => call.arguments), [["sha256"], ["sha384"], ["sha512"]]);
  t.mock.method(process, "getBuiltinModule", () => undefined);
  assert.deepEqual(await plain.digest(source()), native);
  assert.equal(created.mock.callCount(), 3);
  t.mock.restoreAll();
  t.mock.method(crypto, "createHash", () => {
    throw new Error("no such hash");
  });
  await assert.rejects(plain.digest(source()), { code: "verifier-lost", message: /no such hash/u });
});

test("it can be turned off", async (t) => {
  const { asked } = asking(t);
  const verifier = createVerifierSync({ hostSignatures: false });
  assert.deepEqual(verifier.inspectSync(bundleText, options), expected);
  assert.deepEqual(await verifier.inspect(bundleText, options), expected);
  assert.equal(asked(), 0);
});

test("bytes that change while the host is at work are judged as they were handed over", async () => {
  const bundle = new TextEncoder().encode(bundleText);
  const pending = createVerifierSync().inspect(bundle, options);
  bundle.fill(0);
  assert.deepEqual(await pending, expected);
});

test("wrong use is told as without the host", () => {
  for (const wrong of [{ ...options, signer: undefined }, { ...options, now: "yesterday" }]) {
    let error;
    assert.throws(() => createVerifierSync().inspectSync(bundleText, wrong), (thrown) => ((error = thrown), true));
    assert.throws(() => plain.inspectSync(bundleText, wrong), { code: error.code, message: error.message, at: error.at });
  }
});

test("without waiting, node:crypto hashes what is long, and WebAssembly what it has to have whole", (t) => {
  const [short, long] = [new Uint8Array(largestMessage), new Uint8Array(largestMessage + 1)];
  const sha512Short = crypto.createHash("sha512").update(short).digest("hex");
  const made = t.mock.method(crypto, "createHash");
  const verifier = createVerifierSync();
  const digestOf = (artifact) => {
    const { failures } = verifier.inspectSync(bundleText, { ...options, artifact }).checks.artifact;
    return [failures[0].message, made.mock.callCount()];
  };
  const [named, hashed] = digestOf(short);
  assert.equal(hashed, 0);
  assert.ok(named.includes(sha512Short), named);
  const [other, count] = digestOf(long);
  assert.equal(count, 1);
  t.mock.method(Engine.prototype, "wantsWhole", () => true);
  assert.deepEqual(digestOf(long), [other, 1]);
});

test("an artifact goes whole up to the size at which the core asks the host about its signature", async (t) => {
  const limits = readFileSync(new URL("../../src/base/limits.rs", import.meta.url), "utf8");
  const [, kibibytes] = /MAX_HOST_MESSAGE_BYTES: usize = (\d+) \* 1024;/u.exec(limits);
  assert.equal(largestMessage, Number(kibibytes) * 1024);
  const hashed = t.mock.method(crypto.subtle, "digest");
  const verifier = createVerifierSync();
  for (const [size, count] of [[largestMessage, 0], [largestMessage + 1, 1]]) {
    await verifier.inspect(bundleText, { ...options, artifact: new Uint8Array(size) });
    assert.equal(hashed.mock.callCount(), count);
  }
});
