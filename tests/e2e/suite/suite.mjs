// The suite that knows no runtime: whoever runs it hands over the package and the fixtures, and gets back which cases passed. It
// uses nothing but what every runtime of the web has, and so it is the same file in Node.js, an edge runtime and a page.

/**
 * Runs every case.
 *
 * @param {typeof import("admissible")} admissible the package, by the entry that is tried
 * @param {Fixtures} fixtures what `fixtures()` of fixtures.mjs made, as parsed JSON
 * @param {{ wasm?: object }} [how] `wasm` for an entry that brings no module
 * @returns {Promise<{ passed: number, failed: { name: string, message: string }[] }>}
 */
export async function run(admissible, fixtures, how = {}) {
  const given = how.wasm === undefined ? {} : { wasm: how.wasm };
  const { outcome, attempt } = attempts();
  for (const fixture of fixtures.cases) {
    await attempt(`${fixture.kind}: ${fixture.name}`, () => minted(admissible, fixture, given));
  }
  for (const [name, work] of demo) await attempt(name, () => work(admissible, fixtures.demo, given));
  return outcome;
}

/** An outcome, and what tries a thing and adds to it. */
export function attempts() {
  const outcome = { passed: 0, failed: [] };
  const attempt = async (name, work) => {
    try {
      await work();
      outcome.passed += 1;
    } catch (error) {
      const [message, stack] = [String(error), String(error?.stack)];
      // Only some engines begin the stack with the message.
      outcome.failed.push({ name, message: (stack.startsWith(message) ? stack : `${message}\n${stack}`).slice(0, 2000) });
    }
  };
  return { outcome, attempt };
}

/** A minted case: report and evaluation are, byte for byte, those of the native core; good ones verify and bad ones do not. */
async function minted(admissible, fixture, given) {
  const { VerificationFailed } = admissible;
  const verifier = await admissible.createVerifier({ trustedRoot: fixture.trustedRoot, ...given });
  const options = { ...fixture.options, artifact: bytes(fixture.artifact) };
  same(JSON.stringify(await verifier.inspect(fixture.bundle, options)), fixture.report, "the report");
  same(JSON.stringify(verifier.inspectSync(fixture.bundle, options)), fixture.report, "the report without waiting");
  const request = { ...fixture.request, bundles: [fixture.bundle, fixture.bundle], artifact: options.artifact, policy: fixture.policy };
  same(JSON.stringify(await verifier.evaluate(request)), fixture.evaluation, "the evaluation");
  if (fixture.kind === "good") {
    const verified = await verifier.verify(fixture.bundle, options);
    same(verified.report.verdict, "passed", "the verdict");
  } else {
    const error = await rejection(verifier.verify(fixture.bundle, options));
    truth(error instanceof VerificationFailed, `expected VerificationFailed, found ${String(error)}`);
    same(JSON.stringify(error.report), fixture.report, "the report of the error");
  }
}

/** What is tried with one real bundle. */
const demo = [
  ["the embedded root verifies a real bundle", async (admissible, { bundle, options }, given) => {
    const { report, payload } = await (await admissible.createVerifier(given)).verify(bundle, options);
    same(report.verdict, "passed", "the verdict");
    same(JSON.parse(new TextDecoder().decode(payload)).predicateType, report.provenance.predicateType, "the payload");
  }],
  ["another artifact is refused, by its code", async (admissible, { bundle, options }, given) => {
    const verifier = await admissible.createVerifier(given);
    const error = await rejection(verifier.verify(bundle, { ...options, artifact: new Uint8Array(3) }));
    same(error.name, "VerificationFailed", "the error");
    same(error.code, "artifact-not-a-subject", "the code");
  }],
  ["whatever can be read is read as bytes are", async (admissible, { bundle, options }, given) => {
    const verifier = await admissible.createVerifier(given);
    const content = new Uint8Array(300_000).map((_, at) => at % 251);
    const expected = JSON.stringify(await verifier.inspect(bundle, { ...options, artifact: content }));
    const blob = new Blob([content]);
    async function* pieces() {
      for (let start = 0; start < content.length; start += 70_001) yield content.subarray(start, start + 70_001);
    }
    const forms = [blob, blob.stream(), new Response(content), new Response(content).body, pieces(), await verifier.digest(content)];
    if (globalThis.File !== undefined) forms.push(new File([content], "app.tgz"));
    for (const artifact of forms) same(JSON.stringify(await verifier.inspect(bundle, { ...options, artifact })), expected, "the report");
  }],
  ["a digest is taken in every spelling", async (admissible, { bundle, options }, given) => {
    const verifier = await admissible.createVerifier(given);
    const hex = options.artifact.sha512;
    const base64 = btoa(hex.replace(/../gu, (byte) => String.fromCharCode(Number.parseInt(byte, 16))));
    for (const artifact of [hex, `sha512:${hex}`, `sha512-${base64}`]) {
      same((await verifier.inspect(bundle, { ...options, artifact })).verdict, "passed", artifact);
    }
  }],
  ["a long stream is hashed as it arrives, and tells how far it is", async (admissible, _demo, given) => {
    const verifier = await admissible.createVerifier(given);
    const chunk = new Uint8Array(1 << 20).fill(7);
    let [left, told] = [16, 0];
    const artifact = new ReadableStream({
      pull(controller) {
        if (left === 0) controller.close();
        else controller.enqueue(chunk);
        left -= 1;
      },
    });
    const { sha256 } = await verifier.digest(artifact, { algorithms: ["sha256"], onProgress: ({ read }) => void (told = read) });
    same(told, 16 * chunk.length, "the progress");
    const hasher = verifier.hasher(["sha256"]);
    for (let piece = 0; piece < 16; piece += 1) hasher.update(chunk);
    same(hasher.finish().sha256, sha256, "the digest in pieces");
    same((await verifier.digest(new Blob(Array(16).fill(chunk)))).sha256, sha256, "the digest by the host");
  }],
  ["a stream that breaks is unreadable", async (admissible, { bundle, options }, given) => {
    const verifier = await admissible.createVerifier(given);
    const artifact = new ReadableStream({ pull: (controller) => controller.error(new Error("connection lost")) });
    const error = await rejection(verifier.verify(bundle, { ...options, artifact }));
    same(error.code, "artifact-unreadable", "the code");
    truth(error.message.includes("connection lost"), error.message);
  }],
  ["a signal ends the reading, with its reason", async (admissible, { bundle, options }, given) => {
    const verifier = await admissible.createVerifier(given);
    const controller = new AbortController();
    let stop;
    const stopped = new Promise((resolve) => void (stop = resolve));
    const artifact = new ReadableStream({ cancel: () => stop() });
    const pending = verifier.verify(bundle, { ...options, artifact, signal: controller.signal });
    controller.abort();
    same((await rejection(pending)).name, "AbortError", "the reason");
    await stopped;
  }],
  ["wrong use is told by code and place", async (admissible, { bundle, options }, given) => {
    const verifier = await admissible.createVerifier(given);
    for (const [wrong, code, at] of [
      [{ ...options, artifact: 7 }, "invalid-argument", "/artifact"],
      [{ ...options, artifact: "sigstore.tgz" }, "invalid-artifact-digest", "/artifact"],
      [{ artifact: options.artifact }, "missing-signer", ""],
    ]) {
      const error = await rejection(verifier.verify(bundle, wrong));
      truth(error instanceof admissible.UsageError, `expected UsageError, found ${String(error)}`);
      same(error.code, code, "the code");
      same(error.at, at, "the place");
    }
  }],
  ["a damaged root is refused", async (admissible, _demo, given) => {
    const error = await rejection(admissible.createVerifier({ trustedRoot: "{}", ...given }));
    same(error.code, "invalid-trusted-root", "the code");
  }],
  ["a verifier is made without waiting, once the module is there", async (admissible, { bundle, options }, given) => {
    const made = async () => admissible.createVerifierSync(given);
    // A URL says only where the module is.
    if (given.wasm instanceof URL) same((await rejection(made())).code, "invalid-argument", "the code");
    else same((await made()).verifySync(bundle, options).report.verdict, "passed", "the verdict");
  }],
];

export function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection, found none");
}

export function same(found, expected, what) {
  if (found === expected) return;
  let at = 0;
  while (found?.[at] === expected?.[at] && at < String(expected).length) at += 1;
  const part = (value) => (typeof value === "string" && value.length > 200 ? `…${value.slice(Math.max(0, at - 40), at + 80)}…` : String(value));
  throw new Error(`${what}: expected ${part(expected)}, found ${part(found)}`);
}

export function truth(condition, message) {
  if (!condition) throw new Error(message);
}
