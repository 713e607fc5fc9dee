// The gate's streams: nothing is read ahead of the client, the end is held back, and either side may go away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gateResponse } from "../../js/dist/gate/index.js";
import { body, bundle, denied, differing, gated, LONG, pieces, policy, read, skip, verifier } from "./gate-rules/cases.mjs";

const long = body(LONG);
const HELD = 65536;
const tick = () => new Promise((resolve) => setTimeout(resolve, 20));

test("no more is read than what is held back and one piece, however slow the client", { skip }, async () => {
  const size = 10_000;
  const { stream, seen } = pieces(long, size);
  const response = await gated(() => new Response(stream)).ask();
  await tick();
  assert.ok(seen.read <= HELD + 2 * size, `${seen.read} bytes were read before the first was asked for`);
  let got = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    got += piece.value.length;
    await Promise.resolve();
    if (got < LONG - HELD - 2 * size) assert.ok(seen.read <= got + HELD, `${seen.read} bytes were read when ${got} had been passed on`);
  }
  assert.equal(got, LONG);
});

test("the end is held back until the verdict", { skip }, async () => {
  let release;
  const { stream } = pieces(long, 40_000);
  const stalling = stream.pipeThrough(new TransformStream({ flush: () => new Promise((resolve) => void (release = resolve)) }));
  const { ask, told } = gated(() => new Response(stalling));
  const reader = (await ask()).body.getReader();
  let got = 0;
  const all = (async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) got += piece.value.length;
  })();
  while (release === undefined) await tick();
  await tick();
  assert.ok(got <= LONG - HELD, `${got} of ${LONG} bytes are out`);
  assert.ok(got > LONG - HELD - 2 * 40_000);
  assert.equal(told.length, 0);
  release();
  await all;
  assert.equal(got, LONG);
  assert.equal(told[0].verdict, "verified");
});

test("one piece that is larger than all that is held back is split", { skip }, async () => {
  const response = await gated(() => new Response(pieces(long, LONG).stream)).ask();
  const reader = response.body.getReader();
  const { value } = await reader.read();
  assert.equal(value.length, LONG - HELD);
  // Whoever gets a piece may take its memory along, as a transfer to another thread does.
  structuredClone(value, { transfer: [value.buffer] });
  const { value: last } = await reader.read();
  assert.deepEqual(last, long.slice(-HELD));
  assert.equal((await reader.read()).done, true);
});

test("a body in tiny pieces takes little more memory than its bytes", { skip }, async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const inUse = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  for (const [mode, length] of [["stream", HELD - 1], ["buffer", HELD * 2]]) {
    let [at, before, taken] = [0, 0, 0];
    const stream = new ReadableStream({
      pull(controller) {
        if (at === 0) before = inUse();
        if (at < length) return controller.enqueue(long.slice(at, (at += 1)));
        taken = inUse() - before;
        return controller.close();
      },
    }, { highWaterMark: 0 });
    await denied(await gated(() => new Response(stream), { mode }).ask(), 403, "digest-mismatch");
    // As a list of pieces, each byte takes about 200.
    assert.ok(taken < 4_000_000, `${mode}: ${taken} bytes for ${length}`);
  }
});

test("an upstream that uses its memory again cannot change what was judged", { skip }, async () => {
  const memory = new Uint8Array(50_000);
  let at = 0;
  const reusing = new ReadableStream(
    {
      pull(controller) {
        if (at >= LONG) return controller.close();
        const piece = long.subarray(at, at + memory.length);
        memory.set(piece);
        controller.enqueue(memory.subarray(0, piece.length));
        at += piece.length;
      },
    },
    { highWaterMark: 0 },
  );
  assert.deepEqual((await read(await gated(() => new Response(reusing)).ask())).bytes, long);
});

test("memory that another thread writes to cannot change what was judged", { skip }, async () => {
  const [real, memory] = [await verifier(), new Uint8Array(new SharedArrayBuffer(100_000))];
  // What another thread may do at any time, this does at the worst one.
  const racing = differing(real, {
    hasher(algorithms) {
      const hasher = real.hasher(algorithms);
      const update = (piece) => {
        hasher.update(piece);
        memory.fill(0);
      };
      return { update, finish: () => hasher.finish(), free: () => hasher.free() };
    },
  });
  for (const mode of ["stream", "buffer"]) {
    let at = 0;
    const shared = new ReadableStream({
      pull(controller) {
        if (at >= LONG) return controller.close();
        const piece = long.subarray(at, (at += memory.length));
        memory.set(piece);
        controller.enqueue(memory.subarray(0, piece.length));
      },
    }, { highWaterMark: 0 });
    assert.deepEqual((await read(await gated(() => new Response(shared), { verifier: racing, mode }).ask())).bytes, long);
  }
});

test("pieces of every size are put together again", { skip }, async () => {
  for (const options of [{}, { mode: "buffer" }, { reportOnly: true }]) {
    for (const size of [997, 65_535, 65_536, 65_537, 200_000]) {
      const { ask, told } = gated(() => new Response(pieces(long, size).stream), options);
      assert.deepEqual((await read(await ask())).bytes, long);
      assert.equal(told[0].verdict, "verified");
    }
  }
});

test("pieces of no length, and none at all, are no end", { skip }, async () => {
  const parts = [new Uint8Array(), long.slice(0, 100_000), new Uint8Array(), long.slice(100_000), new Uint8Array()];
  const stream = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
  assert.deepEqual((await read(await gated(() => new Response(stream)).ask())).bytes, long);
});

test("a client that goes away stops the upstream, and is told of once", { skip }, async () => {
  const { stream, seen } = pieces(long);
  const { ask, told } = gated(() => new Response(stream));
  const reader = (await ask()).body.getReader();
  await reader.read();
  await reader.cancel("enough");
  await tick();
  assert.notEqual(seen.cancelled, undefined);
  assert.ok(seen.read < LONG);
  assert.deepEqual(told.map(({ verdict, code }) => [verdict, code]), [["unavailable", "aborted"]]);
});

test("a client that goes away while the upstream is waited for does too", { skip }, async () => {
  let cancelled = false;
  let sent = false;
  const stalled = new ReadableStream({
    pull(controller) {
      if (sent) return new Promise(() => undefined);
      sent = true;
      controller.enqueue(long.slice(0, 200_000));
      return undefined;
    },
    cancel: () => void (cancelled = true),
  });
  const { ask, told } = gated(() => new Response(stalled));
  const reader = (await ask()).body.getReader();
  await reader.read();
  const pending = reader.read();
  await tick();
  await reader.cancel("enough");
  assert.equal((await pending).done, true);
  assert.equal(cancelled, true);
  assert.deepEqual(told.map(({ code }) => code), ["aborted"]);
});

test("a client that goes away before there is an answer is no failure of the upstream", { skip }, async () => {
  const controller = new AbortController();
  const { ask, told, asked } = gated((request) => new Promise((_resolve, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
    controller.abort();
  }));
  await denied(await ask({ signal: controller.signal }), 502, "aborted");
  assert.equal(asked.length, 1);
  assert.deepEqual(told.map(({ code }) => code), ["aborted"]);
});

test("a client that goes away before any of the body is passed on lets go of it, whatever the upstream does", { skip }, async () => {
  for (const mode of ["stream", "buffer"]) {
    for (const early of [false, true]) {
      const controller = new AbortController();
      let cancelled = false;
      const stalled = new ReadableStream({ start: (to) => void (early || to.enqueue(long.slice(0, 100))), cancel: () => void (cancelled = true) });
      const { ask, told } = gated(() => {
        if (early) controller.abort();
        return new Response(stalled);
      }, { mode });
      const answer = ask({ signal: controller.signal });
      await tick();
      controller.abort();
      await denied(await answer, 502, "aborted");
      assert.equal(cancelled, true);
      assert.deepEqual(told.map(({ code }) => code), ["aborted"]);
    }
  }
});

test("a body that breaks off because the client went away is no failure of the upstream", { skip }, async () => {
  for (const [options, first] of [[{}, 100], [{ mode: "buffer" }, 100], [{}, 200_000], [{ reportOnly: true }, 100]]) {
    const controller = new AbortController();
    const answer = ({ signal }) => new Response(new ReadableStream({
      start(to) {
        to.enqueue(long.slice(0, first));
        signal.addEventListener("abort", () => to.error(signal.reason));
      },
    }));
    const { ask, told } = gated(answer, options);
    setTimeout(() => controller.abort(), 20);
    const response = await ask({ signal: controller.signal });
    if (response.status === 200) assert.equal((await read(response)).error.outcome.code, "aborted");
    else await denied(response, 502, "aborted");
    assert.deepEqual(told.map(({ code }) => code), ["aborted"]);
  }
});

test("nothing is left listening to the client's signal", { skip }, async () => {
  for (const mode of ["stream", "buffer"]) {
    for (const bytes of [long, long.slice(0, 10)]) {
      const request = new Request("https://gate.test/file");
      const listening = new Set();
      const { addEventListener, removeEventListener } = request.signal;
      request.signal.addEventListener = (...given) => (listening.add(given[1]), addEventListener.apply(request.signal, given));
      request.signal.removeEventListener = (...given) => (listening.delete(given[1]), removeEventListener.apply(request.signal, given));
      const response = await gateResponse(new Response(bytes), { verifier, policy, evidence: [bundle(`body-${LONG}`)], mode, request });
      await read(response);
      assert.equal(listening.size, 0);
    }
  }
});

test("an upstream that breaks off breaks the download, with what there was of it", { skip }, async () => {
  for (const after of [0, 1, HELD, HELD * 3]) {
    const breaking = () => {
      let at = 0;
      return new Response(new ReadableStream({
        pull(controller) {
          if (at >= after) return controller.error(new Error("connection reset"));
          controller.enqueue(long.slice(at, Math.min(after, (at += 30_000))));
        },
      }, { highWaterMark: 0 }));
    };
    const streamed = gated(breaking);
    const response = await streamed.ask();
    if (response.status === 200) assert.equal((await read(response)).error.outcome.code, "upstream-unreadable");
    else await denied(response, 502, "upstream-unreadable");
    assert.deepEqual(streamed.told.map(({ code }) => code), ["upstream-unreadable"]);
    await denied(await gated(breaking, { mode: "buffer" }).ask(), 502, "upstream-unreadable");
  }
});

test("a body that yields no bytes is unreadable", { skip }, async () => {
  const texts = () => {
    const response = new Response("x");
    const stream = new ReadableStream({ start: (controller) => controller.enqueue("text") });
    Object.defineProperty(response, "body", { value: stream });
    return response;
  };
  await denied(await gateResponse(texts(), { verifier, policy, evidence: [bundle(`body-${LONG}`)] }), 502, "upstream-unreadable");
});

test("every hash that was begun comes to an end", { skip }, async () => {
  const real = await verifier();
  let open = 0;
  const counting = differing(real, {
    hasher(algorithms) {
      const hasher = real.hasher(algorithms);
      let isOpen = true;
      open += 1;
      const close = (end) => (...given) => {
        open -= isOpen ? 1 : 0;
        isOpen = false;
        return hasher[end](...given);
      };
      return { update: (piece) => hasher.update(piece), finish: close("finish"), free: close("free") };
    },
  });
  const breaking = (after) => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= after) return controller.error(new Error("connection reset"));
        controller.enqueue(long.slice(at, (at += 10_000)));
      },
    });
  };
  const declared = (length) => ({ headers: { "content-length": String(length) } });
  for (const answer of [
    () => new Response(long),
    () => new Response(long.slice(1)),
    () => new Response(breaking(10_000)),
    () => new Response(breaking(200_000)),
    () => new Response(pieces(long).stream, declared(5)),
    () => new Response(pieces(long).stream, declared(200_000)),
    () => new Response(pieces(long).stream, declared(LONG + 1)),
  ]) {
    for (const options of [{}, { mode: "buffer" }, { mode: "buffer", maxBufferBytes: 100_000 }, { reportOnly: true }]) {
      await read(await gated(answer, { verifier: counting, ...options }).ask());
      assert.equal(open, 0, `${answer} ${JSON.stringify(options)}`);
    }
  }
  for (const reportOnly of [false, true]) {
    const { ask, told } = gated(() => new Response(pieces(long).stream), { verifier: counting, reportOnly });
    const { body: left } = await ask();
    const reader = left.getReader();
    await reader.read();
    assert.equal(open, 1);
    await reader.cancel();
    assert.equal(open, 0);
    assert.deepEqual(told.map(({ code }) => code), ["aborted"]);
  }
});

test("many at once are each judged for themselves, and no memory is left behind", { skip }, async () => {
  const { ask, told } = gated(new Response(long));
  const bad = gated(() => new Response(long.slice(1)));
  const round = () => Promise.all(Array.from({ length: 50 }, async (_, index) => {
    const { bytes, error } = await read(await (index % 2 === 0 ? ask() : bad.ask()));
    if (index % 2 === 0) assert.equal(bytes.length, LONG);
    else assert.equal(error.outcome.code, "digest-mismatch");
  }));
  await round();
  assert.deepEqual([told.length, bad.told.length], [25, 25]);
});
