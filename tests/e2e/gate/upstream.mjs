// The server behind the gate: bodies of any length, made from their length as tests/box/examples/mint/gate.rs makes them, and every
// way in which a server can go wrong. What it saw and sent of each trial is kept for the test.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

const BLOCK = 65_536;
const pattern = Buffer.from(Array.from({ length: BLOCK }, (_, at) => at % 251));

/** The blocks of a body, one after the other. */
function* blocks(length) {
  for (let start = 0; start < length; start += BLOCK) {
    const block = Buffer.from(pattern.subarray(0, Math.min(BLOCK, length - start)));
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(start / BLOCK));
    number.copy(block);
    yield block;
  }
}

const digests = new Map();

/** The SHA-256 of a body. */
export function sha256(length) {
  if (!digests.has(length)) {
    const hash = createHash("sha256");
    for (const block of blocks(length)) hash.update(block);
    digests.set(length, hash.digest("hex"));
  }
  return digests.get(length);
}

/** What is known of one trial. */
class Trial {
  /** The requests that arrived, each with its method and headers. */
  requests = [];
  /** Bytes of the body that were handed to the connection. */
  sent = 0;
  /** `finished` when all was sent, `closed` when the other side went away before, `broken` when that was the fault asked for. */
  ended;
  #release;
  /** What a body that stops halfway waits for. */
  released = new Promise((resolve) => void (this.#release = resolve));

  /** Lets a body that stopped halfway go on. */
  release() {
    this.#release();
  }
}

/** Waits until something holds, and says what did not. */
export async function until(holds, what, limit = 10_000) {
  for (const start = Date.now(); !holds(); await sleep(5)) {
    if (Date.now() - start > limit) throw new Error(`after ${limit} ms: ${what()}`);
  }
}

/**
 * Starts it.
 *
 * `/body/N` answers with a body of N bytes. The query says what goes wrong: `flip` (the byte that differs), `length` (what is declared;
 * `none` for no declaration), `cut` (the connection breaks after so many bytes), `hold` (it stops there until the trial is released),
 * `gzip`, `status`, `location`; and `trial`, under which it is remembered.
 *
 * @param {(path: string) => { type: string, content: string | Buffer } | undefined} files what else is served
 */
export async function startUpstream(files) {
  const trials = new Map();
  const trial = (id) => trials.get(id) ?? trials.set(id, new Trial()).get(id);

  // A connection that is closed because nobody uses it may be in use again when that is noticed: no fault that is asked for.
  const server = createServer({ keepAliveTimeout: 300_000 }, (request, response) => {
    const url = new URL(request.url, "http://upstream.test");
    const file = files(url.pathname);
    if (file !== undefined) {
      const { type, content } = file;
      response.writeHead(200, { "content-type": type, "service-worker-allowed": "/" }).end(content);
      return;
    }
    const length = url.pathname.match(/^\/body\/(\d+)$/u)?.[1];
    if (length === undefined) response.writeHead(404).end("nothing here");
    else answer(request, response, Number(length), url.searchParams).catch(() => response.destroy());
  });

  async function answer(request, response, length, query) {
    const known = trial(query.get("trial"));
    known.requests.push({ method: request.method, headers: request.headers });
    response.on("close", () => (known.ended ??= "closed"));
    const number = (name) => (query.has(name) ? Number(query.get(name)) : undefined);
    const status = number("status") ?? 200;
    response.statusCode = status;
    response.setHeader("content-type", "application/x-body");
    response.setHeader("etag", '"upstream"');
    response.setHeader("x-upstream", "kept");
    if (query.has("location")) response.setHeader("location", query.get("location"));
    if (status === 401) response.setHeader("www-authenticate", "Basic");
    if (status === 429 || status === 503) response.setHeader("retry-after", "7");
    if (query.has("gzip")) {
      response.setHeader("content-encoding", "gzip");
      response.end(gzipSync(Buffer.concat([...blocks(length)])));
      known.ended = "finished";
      return;
    }
    if (query.get("length") !== "none") response.setHeader("content-length", query.get("length") ?? length);
    if (query.has("length")) response.setHeader("connection", "close");
    if (request.method === "HEAD" || status === 204 || status === 304) {
      response.end();
      known.ended = "finished";
      return;
    }

    const [flip, cut, hold] = [number("flip"), number("cut"), number("hold")];
    for (let block of blocks(length)) {
      if (flip >= known.sent && flip < known.sent + block.length) block[flip - known.sent] ^= 1;
      for (const stop of [cut, hold].filter((at) => at >= known.sent && at < known.sent + block.length)) {
        const before = block.subarray(0, stop - known.sent);
        block = block.subarray(before.length);
        await send(response, before, known);
        if (stop === cut) {
          known.ended = "broken";
          response.destroy();
          return;
        }
        await known.released;
      }
      await send(response, block, known);
      if (response.destroyed) return;
    }
    response.end(() => {
      // Whoever waits for more than there is would do so for ever.
      if (number("length") > length) response.destroy();
    });
    known.ended = "finished";
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    trial,
    /** Ends every connection too. */
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

/** Writes, and waits until the connection takes more. */
async function send(response, bytes, known) {
  if (bytes.length === 0 || response.destroyed) return;
  known.sent += bytes.length;
  if (response.write(bytes)) return;
  await new Promise((resolve) => {
    const done = () => (response.off("drain", done), response.off("close", done), resolve());
    response.on("drain", done);
    response.on("close", done);
  });
}
