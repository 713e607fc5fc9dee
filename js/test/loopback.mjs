// A server on loopback that answers as it is told, for tests of what asks registries.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after } from "node:test";

/**
 * Starts one, until the end of the tests. `play` says what it answers, by path and query: what to send, or a function of request and response that
 * returns it, or answers itself. `seen` holds the requests since.
 */
export async function loopback() {
  const routes = new Map();
  const seen = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    const route = routes.get(request.url);
    const { status = route === undefined ? 404 : 200, headers = {}, body = "" } = (typeof route === "function" ? route(request, response) : route) ?? {};
    if (response.destroyed || response.headersSent) return;
    response.writeHead(status, headers);
    response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  // By another name, this is another host.
  const elsewhere = origin.replace("127.0.0.1", "localhost");
  const play = (answers) => {
    routes.clear();
    seen.length = 0;
    for (const [url, answer] of Object.entries(answers)) routes.set(url, answer);
  };
  return { origin, elsewhere, play, seen };
}

/** The error with which a promise is rejected. */
export const fetched = (promise) => promise.then(() => assert.fail("expected a rejection"), (error) => error);

/** The same, which must be a `SourceUnavailable` of this code and status. */
export async function unavailable(promise, code, status) {
  const error = await fetched(promise);
  assert.deepEqual([error.name, error.code, error.status], ["SourceUnavailable", code, status], error.stack);
  return error;
}
