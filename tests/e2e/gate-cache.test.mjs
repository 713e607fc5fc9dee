// The gate's verdict cache: what is kept, for how long, under which key, and that a cache can do no harm but by lying.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createVerifier } from "../../js/dist/entries/node.js";
import { cacheApiCache, memoryCache } from "../../js/dist/gate/index.js";
import { body, bundle, denied, differing, gated, LONG, otherPolicy, policy, read, skip, tampered, verdictOf, verifier } from "./gate-rules/cases.mjs";

const long = body(LONG);
const digest = `sha256:${createHash("sha256").update(long).digest("hex")}`;

/** A cache that tells what it was asked. */
function recording(inner = memoryCache()) {
  const puts = [];
  const gets = [];
  return {
    puts,
    gets,
    get: (key) => (gets.push(key), inner.get(key)),
    put: (key, verdict, seconds) => (puts.push({ key, verdict, seconds }), inner.put(key, verdict, seconds)),
  };
}

/** A gate whose evidence is counted, and whose clock is set. */
function clocked(cache, options = {}) {
  const seen = { evidence: 0, now: Date.parse("2026-11-27T12:00:00Z") };
  const made = gated(new Response(long), {
    cache,
    now: () => new Date(seen.now),
    evidence: () => ({
      digest,
      bundles: () => {
        seen.evidence += 1;
        return [bundle(`body-${LONG}`)];
      },
    }),
    ...options,
  });
  return { ...made, seen };
}

test("a kept verdict answers without evidence, until it expires", { skip }, async () => {
  const cache = recording();
  const { ask, told, seen } = clocked(cache);
  for (const [seconds, evidence] of [[0, 1], [1, 1], [3599, 1], [3600, 2], [3601, 2]]) {
    seen.now = Date.parse("2026-11-27T12:00:00Z") + seconds * 1000;
    const response = await ask();
    assert.equal(verdictOf(response), `verified;digest="${digest}"`);
    assert.deepEqual((await read(response)).bytes, long);
    assert.equal(seen.evidence, evidence, `after ${seconds} s`);
  }
  assert.deepEqual(told.map((outcome) => [outcome.verdict, "evaluation" in outcome]), [["verified", true], ["verified", false], ["verified", false], ["verified", true], ["verified", false]]);
  assert.deepEqual(cache.puts.map(({ seconds }) => seconds), [3600, 3600]);
  assert.match(cache.puts[0].key, /^[0-9a-f]{64}$/u);
  assert.equal(JSON.stringify(cache.puts[0].verdict).includes("report"), false, "reports are too large to be kept");
});

test("a kept verdict about a digest spares the evidence of what is buffered too", { skip }, async () => {
  const cache = recording();
  const { ask, told, seen } = clocked(cache, { mode: "buffer" });
  for (let times = 0; times < 3; times += 1) {
    const response = await ask();
    assert.equal(verdictOf(response), `verified;digest="${digest}"`);
    assert.deepEqual((await read(response)).bytes, long);
  }
  assert.deepEqual([seen.evidence, cache.gets.length, cache.puts.length], [1, 4, 1]);
  assert.deepEqual(told.map(({ verdict }) => verdict), ["verified", "verified", "verified"]);
});

test("a bad verdict is forgotten soon, and one that depends on the present before long", { skip }, async () => {
  const cache = recording();
  const { ask, seen } = clocked(cache, { policy: otherPolicy });
  for (const [seconds, evidence] of [[0, 1], [59, 1], [60, 2]]) {
    seen.now = Date.parse("2026-11-27T12:00:00Z") + seconds * 1000;
    const problem = await denied(await ask(), 403, "rejected");
    assert.equal(problem.requirements[1].met, false);
    assert.equal(seen.evidence, evidence);
  }
  assert.deepEqual(cache.puts.map(({ seconds }) => seconds), [60, 60]);
  const aging = recording();
  const exceptions = [{ digest: `sha256:${"0".repeat(64)}`, reason: "another", expires: "2100-01-01T00:00:00Z" }];
  await read(await clocked(aging, { policy: { ...policy, exceptions } }).ask());
  const mine = [{ ...exceptions[0], digest }];
  await read(await clocked(aging, { policy: { ...otherPolicy, exceptions: mine } }).ask());
  assert.deepEqual(aging.puts.map(({ seconds }) => seconds), [300, 300]);
  const old = recording();
  const legacyBefore = { time: "2020-01-01T00:00:00Z", reason: "older than the policy" };
  const evidence = () => ({ digest, bundles: [], published: "2019-01-01T00:00:00Z" });
  const { ask: askOld, told } = clocked(old, { policy: { ...otherPolicy, legacyBefore }, evidence });
  await read(await askOld());
  assert.deepEqual([told[0].verdict, old.puts[0].seconds], ["excepted", 3600]);
});

test("an exception is not kept beyond its own end", { skip }, async () => {
  const cache = recording();
  const exceptions = [{ digest, reason: "until tomorrow's build", expires: "2026-11-27T12:01:40Z" }];
  const { ask, seen, told } = clocked(cache, { policy: { ...otherPolicy, exceptions } });
  for (const [seconds, status] of [[0, 200], [99, 200], [101, 403]]) {
    seen.now = Date.parse("2026-11-27T12:00:00Z") + seconds * 1000;
    const response = await ask();
    assert.equal(response.status, status);
    await read(response);
  }
  assert.deepEqual(cache.puts.map(({ seconds }) => seconds), [100, 60]);
  const later = recording();
  const between = clocked(later, { policy: { ...otherPolicy, exceptions } });
  between.seen.now += 500;
  await read(await between.ask());
  assert.deepEqual(later.puts.map(({ seconds }) => seconds), [99]);
  assert.deepEqual(told.map(({ verdict }) => verdict), ["excepted", "excepted", "rejected"]);
});

test("a clock that tells no time makes no kept verdict hold", { skip }, async () => {
  const { ask, seen } = clocked(memoryCache());
  await read(await ask());
  seen.now = Number.NaN;
  assert.equal((await ask()).status, 502);
});

test("no verdict is kept where there was none", { skip }, async () => {
  const cache = recording();
  await denied(await clocked(cache, { evidence: () => Promise.reject(new Error("no registry")) }).ask(), 502, "evidence-unavailable");
  await denied(await clocked(cache, { evidence: () => ({ digest, bundles: () => [7] }) }).ask(), 502, "evidence-unavailable");
  await denied(await clocked(cache, { verifier: () => undefined }).ask(), 502, "verifier-unavailable");
  assert.deepEqual(cache.puts, []);
});

test("a verdict about something else is not found", { skip }, async () => {
  const cache = recording();
  const given = (more) => () => ({ digest, bundles: [bundle(`body-${LONG}`)], ...more });
  const other = await createVerifier();
  const gates = [
    {},
    { policy: { ...policy, name: "another" } },
    { verifier: other },
    { evidence: given({ reference: "example.test/app:1" }) },
    { evidence: given({ reference: "example.test/app:2" }) },
    { evidence: given({ published: "2026-01-01T00:00:00Z" }) },
    ...[["sha256", 64], ["sha384", 96], ["sha512", 128]].flatMap(([algorithm, length]) =>
      ["0", "1"].map((digit) => ({ evidence: () => ({ digest: { [algorithm]: digit.repeat(length) }, bundles: [] }) })),
    ),
    { evidence: () => ({ digest: { sha256: "0".repeat(64), sha512: "0".repeat(128) }, bundles: [] }) },
  ];
  for (const options of gates) await read(await clocked(cache, options).ask());
  assert.equal(new Set(cache.gets).size, gates.length);
  assert.equal(cache.puts.length, gates.length);
  const subject = JSON.parse(cache.puts[3].verdict.subject);
  assert.deepEqual(subject, {
    format: "application/vnd.admissible.evaluation.v1+json",
    version: other.version,
    policy: other.checkPolicy(policy).sha256,
    trustedRoot: (await verifier()).trustedRootSha256,
    digest: { sha256: digest.slice(7) },
    whole: false,
    reference: "example.test/app:1",
  });
});

test("without a digest, candidates and what came are looked up by their own", { skip }, async () => {
  const cache = recording();
  const options = { evidence: () => [bundle(`body-${LONG}`)] };
  assert.deepEqual((await read(await clocked(cache, options).ask())).bytes, long);
  assert.equal(cache.puts.length, 1);
  const bad = clocked(cache, { ...options, fetch: () => new Response(tampered(long)) });
  assert.equal((await read(await bad.ask())).error.outcome.code, "digest-mismatch");
  const buffered = clocked(cache, { ...options, mode: "buffer", fetch: () => new Response(tampered(long)) });
  await denied(await buffered.ask(), 403, "digest-mismatch");
  assert.deepEqual(cache.puts.map(({ verdict }) => verdict.judgement.verdict), ["verified", "rejected"]);
});

test("a cache that fails, or returns what is no verdict of this artifact, is as if it were empty", { skip }, async () => {
  const kept = recording();
  await read(await clocked(kept).ask());
  const [{ verdict }] = kept.puts;
  const change = (path, value) => {
    const copy = structuredClone(verdict);
    const last = path.at(-1);
    path.slice(0, -1).reduce((of, key) => of[key], copy)[last] = value;
    return copy;
  };
  const failing = [() => { throw new Error("full"); }, () => Promise.reject(new Error("full"))];
  for (const fail of failing) {
    const { ask, seen } = clocked({ get: fail, put: fail });
    assert.deepEqual((await read(await ask())).bytes, long);
    assert.equal(seen.evidence, 1);
  }
  for (const nonsense of [
    null, 7, "verified", {}, [], true,
    change(["subject"], "other"),
    change(["expires"], "never"),
    change(["expires"], "9999999999999999"),
    change(["expires"], Number.NaN),
    change(["expires"], 0),
    change(["judgement"], null),
    change(["judgement", "verdict"], "passed"),
    change(["judgement", "verdict"], "rejected"),
    change(["judgement", "admitted"], false),
    change(["judgement", "admitted"], 1),
    change(["judgement", "policy", "sha256"], "0".repeat(64)),
    change(["judgement", "policy"], null),
    change(["judgement", "requirements"], undefined),
  ]) {
    const { ask, seen } = clocked({ get: () => nonsense, put: () => undefined }, { policy });
    assert.deepEqual((await read(await ask())).bytes, long);
    assert.equal(seen.evidence, 1, JSON.stringify(nonsense));
  }
  const { ask, seen } = clocked({ get: () => structuredClone(verdict), put: () => undefined });
  await read(await ask());
  assert.equal(seen.evidence, 0, "the verdict that the others were made from is one");
});

test("a kept denial that could not be written as one is as if there were none", { skip }, async () => {
  const kept = recording();
  const headers = { accept: "text/html" };
  await clocked(kept, { policy: otherPolicy }).ask({ headers });
  const [{ verdict }] = kept.puts;
  const [subject, signers] = verdict.judgement.requirements;
  for (const more of [
    { verdict: "passed" },
    { summary: 7 },
    { findings: undefined },
    { findings: [null] },
    { findings: [{ message: 7 }] },
    { requirements: [null] },
    { requirements: ["signers"] },
    { requirements: [subject, { ...signers, name: undefined }] },
    { requirements: [{ ...subject, met: "yes" }] },
    { requirements: [{ ...signers, failures: {} }] },
    { requirements: [{ ...signers, failures: [{}] }] },
    { requirements: [{ ...signers, failures: [{ message: "no", hint: 7 }] }] },
    { requirements: [{ ...signers, parts: {} }] },
    { requirements: [{ ...signers, parts: [{ ...signers, parts: [{}] }] }] },
    { policy: { ...verdict.judgement.policy, name: 7 } },
  ]) {
    const found = { ...verdict, judgement: { ...verdict.judgement, ...more } };
    const { ask, seen } = clocked({ get: () => found, put: () => undefined }, { policy: otherPolicy });
    const response = await ask({ headers });
    assert.match(await response.text(), /Expected 1 distinct trusted signers, found 0\./u);
    assert.equal(seen.evidence, 1, JSON.stringify(more));
  }
  const { ask, seen } = clocked({ get: () => structuredClone(verdict), put: () => undefined }, { policy: otherPolicy });
  assert.match(await (await ask({ headers })).text(), /Expected 1 distinct trusted signers, found 0\./u);
  assert.equal(seen.evidence, 0, "the verdict that the others were made from is one");
});

test("whatever a denial tells is text on its page", { skip }, async () => {
  const kept = recording();
  const headers = { accept: "text/html" };
  await clocked(kept, { policy: otherPolicy }).ask({ headers });
  const [{ verdict }] = kept.puts;
  const evil = `<img src=x onerror="alert('1')">&`;
  const said = { message: `${evil}message`, hint: `${evil}hint` };
  const part = { at: "", name: `${evil}part`, met: false };
  const judgement = {
    ...verdict.judgement,
    summary: `${evil}summary`,
    policy: { ...verdict.judgement.policy, name: `${evil}policy` },
    requirements: [{ at: "", name: `${evil}name`, met: false, failures: [said], parts: [part] }],
    findings: [{ message: `${evil}finding` }],
  };
  const { ask, seen } = clocked({ get: () => ({ ...verdict, judgement }), put: () => undefined }, { policy: otherPolicy });
  const page = await (await ask({ headers })).text();
  assert.equal(seen.evidence, 0);
  assert.doesNotMatch(page, /<img/u);
  for (const what of ["summary", "policy", "name", "message", "hint", "part", "finding"]) {
    assert.ok(page.includes(`&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;${what}`), what);
  }
});

test("a listener that changes what it is told changes no kept verdict", { skip }, async () => {
  const cache = memoryCache();
  const change = ({ judgement }) => Object.assign(judgement, { verdict: "verified", admitted: true, requirements: [] });
  for (const onVerdict of [change, change, undefined]) {
    const problem = await denied(await clocked(cache, { policy: otherPolicy, onVerdict }).ask(), 403, "rejected");
    if (onVerdict === undefined) assert.equal(problem.requirements.length, 2);
  }
});

test("the cache in memory forgets what was used longest ago", async () => {
  const cache = memoryCache({ most: 2 });
  cache.put("a", 1, 60);
  cache.put("b", 2, 60);
  assert.equal(cache.get("a"), 1);
  cache.put("c", 3, 60);
  assert.deepEqual(["a", "b", "c"].map((key) => cache.get(key)), [1, undefined, 3]);
  cache.put("a", 4, 60);
  cache.put("d", 5, 60);
  assert.deepEqual(["a", "c", "d"].map((key) => cache.get(key)), [4, undefined, 5]);
  const usual = memoryCache();
  for (let index = 0; index <= 1000; index += 1) usual.put(String(index), index, 60);
  assert.deepEqual(["0", "1", "1000"].map((key) => usual.get(key)), [undefined, 1, 1000]);
});

test("the cache by the Cache API keeps a verdict as a response with its age", { skip }, async () => {
  const stored = new Map();
  const api = {
    match: async (url) => stored.get(url)?.clone(),
    put: async (url, response) => void stored.set(url, response),
  };
  for (const opened of [api, Promise.resolve(api), () => api, async () => api]) {
    stored.clear();
    const { ask, seen } = clocked(cacheApiCache(opened));
    await read(await ask());
    await read(await ask());
    assert.equal(seen.evidence, 1);
    const [[url, response]] = stored;
    assert.match(url, /^https:\/\/verdicts\.admissible\.invalid\/[0-9a-f]{64}$/u);
    assert.equal(response.headers.get("cache-control"), "max-age=3600");
  }
  stored.clear();
  await read(await clocked(cacheApiCache(api, "https://acme.example/verdicts/")).ask());
  assert.match([...stored.keys()][0], /^https:\/\/acme\.example\/verdicts\/[0-9a-f]{64}$/u);
});

test("another version is another key", { skip }, async () => {
  const cache = recording();
  const real = await verifier();
  for (const one of [real, differing(real, { version: "99.0.0" })]) await read(await clocked(cache, { verifier: one }).ask());
  assert.equal(new Set(cache.gets).size, 2);
});
