// What is tried at every gate, through a client of it and with an eye on the upstream behind it. Nothing here knows the host.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sha256, until } from "./upstream.mjs";

const MIB = 2 ** 20;
const HELD_BACK = 65_536;

/** A body that is well above what is held back, and one that no server should hold in memory. */
const some = 16 * 65_536 + 7;
const huge = 256 * MIB;

const lengths = [0, 1, 65_535, 65_536, 65_537, some];

/** How a gate is told of the evidence: with or without the digest that is expected. */
const claimed = (length) => ({ bundles: [`body-${length}`] });
const expected = (length) => ({ ...claimed(length), digest: `sha256:${sha256(length)}` });
const knowing = { "digest unknown": claimed, "digest known": expected };

/** What is asked in a trial, and what becomes of it. */
export class Trials {
  #host;
  #upstream;
  #count = 0;

  /**
   * @param {import("./hosts.mjs").Running & { name: string, grown: number[] }} host `grown` takes what was measured
   * @param {Awaited<ReturnType<typeof import("./upstream.mjs").startUpstream>>} upstream
   */
  constructor(host, upstream) {
    [this.#host, this.#upstream] = [host, upstream];
  }

  get host() {
    return this.#host;
  }

  /**
   * Asks for a body through a gate.
   *
   * @param {object} how the gate's options, as handler.mjs reads them
   * @param {Record<string, unknown>} faults the upstream's, as upstream.mjs reads them
   * @param {{ method?: string, headers?: Record<string, string> }} init
   */
  prepare(length, how = claimed(length), faults = {}, init = {}) {
    const id = `${this.#host.name}-${(this.#count += 1)}`;
    const query = new URLSearchParams({ trial: id, gate: JSON.stringify(how), ...faults });
    const path = `/body/${length}?${query}`;
    return {
      path,
      /** What the upstream saw. */
      seen: this.#upstream.trial(id),
      open: () => this.#host.client.open(path, init),
      /** What `onVerdict` was told, once it was told anything. */
      told: async () => {
        for (const start = Date.now(); Date.now() - start < 5000; await sleep(10)) {
          const told = JSON.parse((await (await this.#host.client.open(`/told?trial=${id}`)).rest()).text);
          if (told.length > 0) return told;
        }
        return [];
      },
    };
  }

  /** By how many bytes the gate's memory grows meanwhile, at most. */
  async growth(work) {
    const base = this.#host.memory();
    let most = base;
    const watch = setInterval(() => (most = Math.max(most, this.#host.memory())), 20);
    try {
      await work();
    } finally {
      clearInterval(watch);
    }
    return most - base;
  }

  /** Asks, and reads to the end. */
  async ask(...given) {
    const { open, told, seen } = this.prepare(...given);
    const download = await open().catch((error) => {
      if (error.code !== "ECONNRESET") throw error;
      // The answer broke before its beginning was sent.
      return { status: 0, headers: {}, rest: async () => ({ complete: false, received: 0, text: String(error) }) };
    });
    const { status, headers } = download;
    return { host: this.#host, status, headers, seen, told, verdict: headers["admissible-verdict"], ...(await download.rest()) };
  }
}

/** Whether a body is judged before it is begun. Where it is not much longer than what is held back, that depends on how it arrives. */
function isHeldBack(length, { largestPiece = HELD_BACK }) {
  return length <= HELD_BACK ? true : length >= HELD_BACK + largestPiece ? false : undefined;
}

/** The whole file arrived, and was judged. */
async function passes(answer, length, verdict = "verified") {
  const { status, complete, received, sha256: digest, told, text } = answer;
  assert.equal(status, 200, text);
  assert.deepEqual({ complete, received, digest }, { complete: true, received: length, digest: sha256(length) });
  assert.deepEqual(await outcomes(told), [{ verdict, admitted: true }]);
}

/** The client has no whole file, and knows it. */
async function breaksOff(answer, length, code, verdict = "rejected") {
  const { status, complete, received, told } = answer;
  if (isHeldBack(length, answer.host) ?? status >= 400) return denies(answer, verdict === "rejected" ? 403 : 502, code, verdict);
  assert.ok(status === 200 || status === 0, `${status}`);
  assert.equal(complete, false, "the download completed");
  assert.ok(received <= length - HELD_BACK, `${received} of ${length} bytes were passed on`);
  assert.deepEqual(await outcomes(told), [{ verdict, admitted: false, code }]);
}

/** The client was told why there is no file. */
async function denies(answer, status, code, verdict = "rejected") {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers["content-type"], /^application\/problem\+json/u);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.match(answer.headers.vary, /\bAccept\b/iu);
  assert.match(answer.verdict, new RegExp(`^${verdict}\\b`, "u"));
  const problem = JSON.parse(answer.text);
  assert.equal(problem.status, status);
  assert.equal(problem.code, code);
  for (const key of ["type", "title", "detail"]) assert.equal(typeof problem[key], "string", key);
  assert.deepEqual(await outcomes(answer.told), [{ verdict, admitted: false, code }]);
}

/** What was told, without what need not be. */
async function outcomes(told) {
  return (await told()).map(({ verdict, admitted, code }) => ({ verdict, admitted, ...(code !== undefined && { code }) }));
}

/** In the order in which they are run: memory is measured when the host has its size, but no larger one for many downloads at once. */
export const scenarios = {};

scenarios["many requests at once, before the verifier is there"] = async (trials) => {
  await Promise.all(Array.from({ length: 20 }, async () => passes(await trials.ask(some, { ...claimed(some), remote: 0 }), some)));
};

scenarios["a first request that is given up before the verifier is there"] = async (trials) => {
  const how = { ...claimed(some), remote: 500 };
  assert.equal((await trials.ask(some, how, { patience: 100 })).status, 504);
  await passes(await trials.ask(some, how), some);
};

for (const [name, evidence] of Object.entries(knowing)) {
  scenarios[`bodies of every length pass, ${name}`] = async (trials) => {
    for (const length of lengths) {
      const stream = await trials.ask(length, evidence(length));
      await passes(stream, length);
      const isKnown = evidence === expected || (isHeldBack(length, trials.host) ?? stream.verdict !== "pending");
      assert.equal(stream.verdict, isKnown ? `verified;digest="sha256:${sha256(length)}"` : "pending");
      assert.equal(stream.headers["accept-ranges"], "none");
      assert.equal(stream.headers["x-upstream"], "kept");
      assert.match(stream.headers["server-timing"], /evidence;dur=.*verify;dur=/u);
      const buffer = await trials.ask(length, { ...evidence(length), mode: "buffer" });
      await passes(buffer, length);
      assert.match(buffer.verdict, /^verified/u);
      await passes(await trials.ask(length, evidence(length), { length: "none" }), length);
    }
  };

  scenarios[`a byte that differs is noticed wherever it is, ${name}`] = async (trials) => {
    for (const length of lengths.slice(1)) {
      for (const flip of new Set([0, length >> 1, length - 1])) {
        await breaksOff(await trials.ask(length, evidence(length), { flip }), length, "digest-mismatch");
        await denies(await trials.ask(length, { ...evidence(length), mode: "buffer" }, { flip }), 403, "digest-mismatch");
      }
    }
    const answer = await trials.ask(some, evidence(some), { flip: some - 1, length: "none" });
    if (trials.host.needsLength) await denies(answer, 403, "digest-mismatch");
    else await breaksOff(answer, some, "digest-mismatch");
  };
}

scenarios["a body of which the evidence speaks by SHA-512, or among many"] = async (trials) => {
  for (const name of [`body-${some}-sha512`, `body-${some}-of-many`]) {
    const how = { bundles: [name] };
    await passes(await trials.ask(some, how), some);
    await breaksOff(await trials.ask(some, how, { flip: 9 }), some, "digest-mismatch");
  }
};

scenarios["a response that was fetched without the gate"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    const how = { ...evidence(some), fetched: true };
    await passes(await trials.ask(some, how), some);
    await breaksOff(await trials.ask(some, how, { flip: 9 }), some, "digest-mismatch");
    await denies(await trials.ask(some, { ...how, policy: "stranger" }), 403, "rejected");
    await denies(await trials.ask(some, how, { status: 500 }), 502, "upstream-status", "unavailable");
  }
};

scenarios["evidence about another body"] = async (trials) => {
  await breaksOff(await trials.ask(some, claimed(65_537)), some, "digest-mismatch");
  const other = await trials.ask(some, expected(65_537));
  await breaksOff(other, some, "digest-mismatch");
  await denies(await trials.ask(some, { ...expected(65_537), bundles: [`body-${some}`] }), 403, "rejected");
};

scenarios["a length that is not the body's"] = async (trials) => {
  for (const length of [1, 65_536, some]) {
    for (const evidence of [claimed, expected]) {
      for (const by of [-1, 10]) {
        const declare = { ...evidence(length), declare: length + by };
        await breaksOff(await trials.ask(length, declare), length, "wrong-length", "unavailable");
        await denies(await trials.ask(length, { ...declare, mode: "buffer" }), 502, "wrong-length", "unavailable");
      }
      // On the wire, the host's own client may notice before the gate does.
      for (const by of [-1, 10]) {
        const wire = await trials.ask(length, evidence(length), { length: length + by });
        const isDenied = [403, 502].includes(wire.status);
        assert.ok(isDenied || (!wire.complete && wire.received <= length - HELD_BACK), `${wire.status}, ${wire.received} bytes`);
      }
    }
  }
};

scenarios["ranges and conditions are not passed on"] = async (trials) => {
  const conditions = {
    range: "bytes=10-20",
    "if-match": '"other"',
    "if-none-match": '"upstream"',
    "if-modified-since": new Date().toUTCString(),
  };
  for (const evidence of [claimed, expected]) {
    const answer = await trials.ask(some, evidence(some), {}, { headers: conditions });
    await passes(answer, some);
    const [{ headers }] = answer.seen.requests;
    assert.deepEqual(Object.keys(headers).filter((name) => name in conditions), []);
    if (!trials.host.asksEncoded) assert.equal(headers["accept-encoding"], "identity");
  }
};

scenarios["HEAD"] = async (trials) => {
  for (const [how, status, verdict] of [
    [claimed(some), 200, /^pending/u],
    [expected(some), 200, /^verified;digest=/u],
    [{ ...expected(some), policy: "stranger" }, 403, /^rejected/u],
    [{ ...claimed(some), policy: "stranger" }, 403, /^rejected/u],
  ]) {
    const answer = await trials.ask(some, how, {}, { method: "HEAD" });
    assert.equal(answer.status, status);
    assert.match(answer.verdict, verdict);
    assert.deepEqual([answer.received, answer.complete], [0, true]);
    assert.deepEqual(answer.seen.requests.map(({ method }) => method), status === 200 ? ["HEAD"] : []);
  }
};

scenarios["an artifact that is known has a tag of its own"] = async (trials) => {
  const { etag } = (await trials.ask(some, expected(some))).headers;
  assert.ok(etag.includes(sha256(some)) && !etag.startsWith("W/"), etag);
  for (const tags of [etag, `"other", W/${etag}`, "*"]) {
    const answer = await trials.ask(some, expected(some), {}, { headers: { "if-none-match": tags } });
    assert.equal(answer.status, 304, tags);
    assert.equal(answer.headers.etag, etag);
    assert.match(answer.verdict, /^verified/u);
    assert.equal(answer.received, 0);
    assert.equal(answer.seen.requests.length, 0);
  }
  const refused = await trials.ask(some, { ...expected(some), policy: "stranger" }, {}, { headers: { "if-none-match": etag } });
  await denies(refused, 403, "rejected");
  const unknown = await trials.ask(some, claimed(some), {}, { headers: { "if-none-match": '"upstream"' } });
  await passes(unknown, some);
  assert.equal(unknown.headers.etag, '"upstream"');
};

scenarios["an upstream that encodes"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    for (const mode of ["stream", "buffer"]) {
      const answer = await trials.ask(some, { ...evidence(some), mode }, { gzip: 1 });
      await passes(answer, some);
      assert.equal(answer.headers["content-encoding"], undefined);
    }
  }
};

scenarios["an upstream that answers with something else"] = async (trials) => {
  for (const status of [400, 401, 404, 410, 416, 429]) {
    const answer = await trials.ask(some, claimed(some), { status });
    await denies(answer, status, "upstream-refused", "unavailable");
    if (status === 401) assert.equal(answer.headers["www-authenticate"], "Basic");
    if (status === 429) assert.equal(answer.headers["retry-after"], "7");
  }
  for (const status of [201, 203, 204, 206, 500, 503]) {
    await denies(await trials.ask(some, claimed(some), { status }), 502, "upstream-status", "unavailable");
  }
  for (const status of [301, 302, 303, 307, 308]) {
    const answer = await trials.ask(some, claimed(some), { status, location: `/body/${some}` });
    await denies(answer, 502, "upstream-status", "unavailable");
  }
  await denies(await trials.ask(some, { ...claimed(some), nowhere: true }), 502, "upstream-unreachable", "unavailable");
};

scenarios["a policy that does not admit"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    const how = { ...evidence(some), policy: "stranger" };
    const answer = await trials.ask(some, how);
    await denies(answer, 403, "rejected");
    assert.ok(Array.isArray(JSON.parse(answer.text).requirements));
    const page = await trials.ask(some, how, {}, { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
    assert.equal(page.status, 403);
    assert.match(page.headers["content-type"], /^text\/html/u);
    assert.match(page.headers["content-security-policy"], /default-src 'none'/u);
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    assert.ok(!/<script|<i>/u.test(page.text), page.text);
    for (const { seen } of [answer, page]) assert.equal(seen.requests.length, 0);
    const warned = await trials.ask(some, { ...how, policy: "lenient" });
    await passes(warned, some, "rejected");
    if (evidence === expected) assert.match(warned.verdict, /^rejected/u);
  }
  await denies(await trials.ask(some, {}), 403, "no-evidence");
  await passes(await trials.ask(some, { ...claimed(some), policy: "excepting" }), some);
};

scenarios["evidence that cannot be had"] = async (trials) => {
  const answer = await trials.ask(some, { broken: true });
  await denies(answer, 502, "evidence-unavailable", "unavailable");
  assert.ok(!answer.text.includes("away"), answer.text);
  assert.equal(answer.seen.requests.length, 0);
  await denies(await trials.ask(some, { ...claimed(some), unverifiable: true }), 502, "verifier-unavailable", "unavailable");
};

scenarios["other methods"] = async (trials) => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const answer = await trials.ask(some, claimed(some), {}, { method });
    await denies(answer, 405, "method-not-allowed", "unavailable");
    assert.equal(answer.headers.allow, "GET, HEAD");
    assert.equal(answer.seen.requests.length, 0);
  }
};

scenarios["reports alone"] = async (trials) => {
  const told = async (answer, code) => {
    assert.match(answer.verdict, /;report-only$/u);
    assert.deepEqual((await outcomes(answer.told)).map((outcome) => outcome.code), [code]);
  };
  const how = { ...claimed(some), reportOnly: true };
  for (const mode of ["stream", "buffer"]) {
    const tampered = await trials.ask(some, { ...how, mode }, { flip: 5 });
    assert.deepEqual([tampered.status, tampered.complete, tampered.received], [200, true, some]);
    await told(tampered, "digest-mismatch");
  }
  for (const [also, code] of [
    [{ policy: "stranger" }, "rejected"],
    [{ broken: true }, "evidence-unavailable"],
    [{ bundles: [] }, "no-evidence"],
  ]) {
    const answer = await trials.ask(some, { ...how, ...also });
    assert.deepEqual([answer.status, answer.complete, answer.received], [200, true, some]);
    await told(answer, code);
  }
  const missing = await trials.ask(some, how, { status: 404 });
  assert.equal(missing.status, 404);
  assert.equal(missing.received, some);
};

scenarios["a stream passes on what came, but for its end"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    const { open, seen, told } = trials.prepare(some, evidence(some), { hold: some - 1 });
    const download = await open();
    await download.read(some - HELD_BACK - 65_536);
    await until(() => seen.sent === some - 1, () => `the upstream sent ${seen.sent}`);
    await sleep(50);
    assert.deepEqual(await Promise.race([download.read(HELD_BACK + 65_536), sleep(100, "nothing")]), "nothing");
    assert.ok(download.received <= some - HELD_BACK, `${download.received} bytes`);
    seen.release();
    await passes({ status: download.status, told, ...(await download.rest()) }, some);
  }
};

scenarios["a buffer passes on nothing before the verdict"] = async (trials) => {
  const { open, seen, told } = trials.prepare(some, { ...claimed(some), mode: "buffer" }, { hold: some - 1 });
  let isAnswered = false;
  const opened = open().finally(() => (isAnswered = true));
  await until(() => seen.sent === some - 1, () => `the upstream sent ${seen.sent}`);
  await sleep(100);
  assert.equal(isAnswered, false);
  seen.release();
  const download = await opened;
  await passes({ status: download.status, told, ...(await download.rest()) }, some);
};

scenarios["a body that no buffer holds"] = async (trials) => {
  const how = { ...claimed(65_537), mode: "buffer", maxBufferBytes: 65_536 };
  await denies(await trials.ask(65_537, how), 502, "body-too-large", "unavailable");
  await denies(await trials.ask(65_537, how, { length: "none" }), 502, "body-too-large", "unavailable");
  await passes(await trials.ask(65_536, { ...how, ...claimed(65_536) }), 65_536);
  const answer = await trials.ask(huge, { ...claimed(huge), mode: "buffer" }, { length: "none" });
  await denies(answer, 502, "body-too-large", "unavailable");
  await until(() => answer.seen.ended === "closed", () => `the upstream still sends: ${answer.seen.sent} bytes`);
};

scenarios["a verdict that was kept"] = async (trials) => {
  for (const cache of trials.host.caches) {
    const how = { ...expected(some), cache };
    const evaluated = async (...given) => {
      const answer = await trials.ask(some, how, ...given);
      await passes(answer, some);
      return (await answer.told()).map((told) => told.evaluated);
    };
    assert.deepEqual([await evaluated(), await evaluated()], [[true], [false]], cache);
    await breaksOff(await trials.ask(some, how, { flip: 1 }), some, "digest-mismatch");
  }
};

scenarios["an upstream that breaks off"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    for (const cut of [0, 1, some >> 1, some - 1]) {
      for (const length of [some, "none"]) {
        const answer = await trials.ask(some, evidence(some), { cut, length });
        assert.ok(!answer.complete || answer.status !== 200, "the download completed");
        // Before the gate has more than it holds back, there is an answer that says so; and some clients take such an end for an end.
        if (answer.status === 403) await denies(answer, 403, "digest-mismatch");
        else if (answer.status === 502) await denies(answer, 502, cut === 0 ? "upstream-unreachable" : "upstream-unreadable", "unavailable");
        else if (length === some) await breaksOff(answer, some, "upstream-unreadable", "unavailable");
      }
    }
    const buffered = await trials.ask(some, { ...evidence(some), mode: "buffer" }, { cut: some >> 1 });
    await denies(buffered, 502, "upstream-unreadable", "unavailable");
  }
};

scenarios["a client that goes away"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    const { open, seen, told } = trials.prepare(huge, evidence(huge));
    const download = await open();
    await download.read(MIB);
    download.cancel();
    await until(() => seen.ended !== undefined, () => `the upstream still sends: ${seen.sent} bytes`);
    assert.equal(seen.ended, "closed");
    assert.deepEqual(await outcomes(told), [{ verdict: "unavailable", admitted: false, code: "aborted" }]);
  }
  // Before there is an answer.
  const given = new AbortController();
  const { open, seen, told } = trials.prepare(some, expected(some), { hold: 0 }, { signal: given.signal });
  const opened = open();
  await until(() => seen.requests.length === 1, () => "the upstream was not asked");
  given.abort();
  await assert.rejects(opened);
  if (trials.host.leavesUnnoticed) return seen.release();
  await until(() => seen.ended !== undefined, () => "the upstream still waits");
  assert.equal(seen.ended, "closed");
  assert.deepEqual(await outcomes(told), [{ verdict: "unavailable", admitted: false, code: "aborted" }]);
};

scenarios["256 MiB whose last byte differs never complete"] = async (trials) => {
  for (const evidence of [claimed, expected]) {
    await breaksOff(await trials.ask(huge, evidence(huge), { flip: huge - 1 }), huge, "digest-mismatch");
  }
};

scenarios["256 MiB pass, as slowly as the client reads, in little memory"] = async (trials) => {
  const { buffers = 0, limit = 64 * MIB, grown } = trials.host;
  for (const evidence of [claimed, expected]) {
    const { open, seen, told } = trials.prepare(huge, evidence(huge));
    const growth = await trials.growth(async () => {
      const download = await open();
      await download.read(MIB);
      for (let before = -1; before !== seen.sent; await sleep(200)) {
        before = seen.sent;
        assert.ok(seen.sent < buffers + 48 * MIB, `the upstream sent ${seen.sent} bytes, the client read ${download.received}`);
      }
      await passes({ status: download.status, told, ...(await download.rest()) }, huge);
    });
    grown.push(growth);
  }
  // What is no longer used lies about for as long as the host likes, which differs; what is held is held each time.
  assert.ok(Math.min(...grown) < limit && Math.max(...grown) < 2 * limit, `${grown.join(" and ")} bytes more`);
};

scenarios["200 downloads at once"] = async (trials) => {
  await Promise.all(Array.from({ length: 200 }, async (_, at) => {
    const evidence = at % 2 === 0 ? claimed : expected;
    if (at % 5 === 0) await breaksOff(await trials.ask(some, evidence(some), { flip: at }), some, "digest-mismatch");
    else await passes(await trials.ask(some, evidence(some)), some);
  }));
};

/** Those of a browser. */
export const browserScenarios = {};

browserScenarios["a link that is followed"] = async (trials) => {
  const follow = async (...given) => {
    const { path, told } = trials.prepare(...given);
    return { told, ...(await trials.host.follow(path)) };
  };
  const { file, told } = await follow(some);
  assert.equal(createHash("sha256").update(file).digest("hex"), sha256(some));
  assert.deepEqual(await outcomes(told), [{ verdict: "verified", admitted: true }]);
  const tampered = await follow(huge, claimed(huge), { flip: huge - 1 });
  assert.deepEqual([tampered.status, tampered.file], [200, undefined]);
  assert.deepEqual(await outcomes(tampered.told), [{ verdict: "rejected", admitted: false, code: "digest-mismatch" }]);
  const denied = await follow(some, { ...claimed(some), policy: "stranger" });
  assert.deepEqual([denied.status, denied.heading, denied.scripts], [403, "This download does not meet the policy", 0]);
};
