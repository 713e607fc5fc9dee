// A client of the gate over HTTP, that reads as slowly as it is told, and tells what it got.

import { createHash } from "node:crypto";
import { request as ask } from "node:http";

/** How much of a body is kept as text: documents, not artifacts. */
const KEPT = 65_536;

/** Milliseconds without a byte, after which a download hangs. That is another news than one that was aborted. */
const PATIENCE = 20_000;

/** A client for a server at this address. */
export const httpClient = (origin) => ({
  /**
   * Sends a request and waits for the headers of the answer.
   *
   * @returns {Promise<Download>} with the answer's `status` and `headers`
   */
  open: (path, { method = "GET", headers = {}, signal } = {}) => new Promise((resolve, reject) => {
    const request = ask(new URL(path, origin), { method, headers, signal, agent: false });
    request.on("response", (response) => resolve(new Download(request, response)));
    request.on("error", reject);
    request.setTimeout(PATIENCE, () => request.destroy(new Error("nothing came any more")));
    request.end();
  }),
});

/** An answer whose body is read in pieces. */
class Download {
  #request;
  #response;
  #pieces;
  #hash = createHash("sha256");
  #kept = [];
  #hangs = false;
  received = 0;

  constructor(request, response) {
    this.#request = request;
    this.#response = response;
    this.#pieces = response[Symbol.asyncIterator]();
    request.on("error", () => undefined);
    request.on("timeout", () => (this.#hangs = true));
  }

  get status() {
    return this.#response.statusCode;
  }

  get headers() {
    return this.#response.headers;
  }

  /** Reads at least so many bytes more, or to the end. */
  async read(bytes) {
    for (const enough = this.received + bytes; this.received < enough;) {
      const { done, value } = await this.#pieces.next();
      if (done) return;
      this.received += value.length;
      this.#hash.update(value);
      if (this.received <= KEPT) this.#kept.push(value);
    }
  }

  /** Reads the rest; `complete` is false when the download was aborted. */
  async rest() {
    let complete = true;
    await this.read(Infinity).catch(() => (complete = false));
    if (this.#hangs) throw new Error(`the download hangs, after ${this.received} bytes`);
    const sha256 = this.#hash.digest("hex");
    return { complete: complete && this.#response.complete, received: this.received, sha256, text: Buffer.concat(this.#kept).toString() };
  }

  /** Goes away without reading the rest. */
  cancel() {
    this.#request.destroy();
  }
}
