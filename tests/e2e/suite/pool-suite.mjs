// The suite of the pool, for every runtime that has workers: as the other one it knows none of them.

import { attempts, bytes, rejection, same, truth } from "./suite.mjs";

/**
 * Runs every case.
 *
 * @param {typeof import("admissible/pool")} admissible the package, by the entry that is tried
 * @param {Fixtures} fixtures what `fixtures()` of fixtures.mjs made, as parsed JSON
 * @param {{ wasm?: object }} [how] `wasm` where the module must be brought
 * @returns {Promise<{ passed: number, failed: { name: string, message: string }[] }>}
 */
export async function run(admissible, fixtures, how = {}) {
  const { outcome, attempt } = attempts();
  const pools = new Map();
  for (const fixture of fixtures.cases) {
    await attempt(`${fixture.kind}: ${fixture.name}`, async () => {
      const { trustedRoot } = fixture;
      if (!pools.has(trustedRoot)) pools.set(trustedRoot, await admissible.createPool({ trustedRoot, workers: 1, ...how }));
      await minted(admissible, fixture, pools.get(trustedRoot));
    });
  }
  for (const pool of pools.values()) await pool.close();
  for (const [name, work] of demo) {
    await attempt(name, async () => {
      const pool = await admissible.createPool({ workers: 2, ...how });
      await work(pool, fixtures.demo, admissible);
      await pool.close();
    });
  }
  return outcome;
}

/** A minted case: report and evaluation are, byte for byte, those of the native core; good ones verify and bad ones do not. */
async function minted({ VerificationFailed }, fixture, pool) {
  const options = { ...fixture.options, artifact: bytes(fixture.artifact) };
  same(JSON.stringify(await pool.inspect(fixture.bundle, options)), fixture.report, "the report");
  const request = { ...fixture.request, bundles: [fixture.bundle, fixture.bundle], artifact: options.artifact, policy: fixture.policy };
  same(JSON.stringify(await pool.evaluate(request)), fixture.evaluation, "the evaluation");
  const verified = pool.verify(fixture.bundle, options);
  if (fixture.kind === "good") {
    same((await verified).report.verdict, "passed", "the verdict");
  } else {
    const error = await rejection(verified);
    truth(error instanceof VerificationFailed, `expected VerificationFailed, found ${String(error)}`);
    same(JSON.stringify(error.report), fixture.report, "the report of the error");
  }
}

/** What is tried with one real bundle. */
const demo = [
  ["the payload is that of the bundle", async (pool, { bundle, options }) => {
    const { report, payload } = await pool.verify(bundle, options);
    same(JSON.parse(new TextDecoder().decode(payload)).predicateType, report.provenance.predicateType, "the payload");
  }],
  ["a batch has its results in order", async (pool, { bundle, options }) => {
    const { results, counts } = await pool.batch(Array.from({ length: 200 }, (_, at) => ({ ...options, bundle: at % 3 === 0 ? "{}" : bundle })));
    same(JSON.stringify(counts), JSON.stringify({ verified: 133, excepted: 0, refused: 67, unjudged: 0 }), "the counts");
    same(results.map(({ report }) => report.verdict[0]).join(""), Array.from(results, (_, at) => (at % 3 === 0 ? "f" : "p")).join(""), "the verdicts");
  }],
  ["whatever can be read is read", async (pool, { bundle, options }) => {
    const content = new Uint8Array(300_000).map((_, at) => at % 251);
    const expected = JSON.stringify(await pool.inspect(bundle, { ...options, artifact: content }));
    for (const artifact of [new Blob([content]), new Blob([content]).stream(), new Response(content)]) {
      same(JSON.stringify(await pool.inspect(bundle, { ...options, artifact })), expected, "the report");
    }
    same(content.length, 300_000, "the length of what is the caller's");
  }],
  ["errors of use are of the package's class", async (pool, { bundle, options }, { UsageError }) => {
    const error = await rejection(pool.verify(bundle, { ...options, require: { logEntries: -1 } }));
    truth(error instanceof UsageError, `expected UsageError, found ${String(error)}`);
    same(`${error.code} ${error.at}`, "invalid-requirement /require/logEntries", "the error");
  }],
  ["a signal ends what waits", async (pool, { bundle, options }) => {
    const controller = new AbortController();
    const pending = Array.from({ length: 20 }, () => rejection(pool.inspect(bundle, { ...options, signal: controller.signal })));
    controller.abort();
    for (const error of await Promise.all(pending)) same(error.name, "AbortError", "the reason");
    same((await pool.inspect(bundle, options)).verdict, "passed", "the verdict");
  }],
  ["a closed pool takes nothing more", async (pool, { bundle, options }) => {
    const pending = Array.from({ length: 20 }, () => rejection(pool.inspect(bundle, options)));
    await pool.close();
    for (const error of [...await Promise.all(pending), await rejection(pool.inspect(bundle, options))]) same(error.code, "pool-closed", "the code");
  }],
];
