// The server of the pages: files of a folder, as a plain web server sends them, unless a test wants something else. As a proxy it gives
// the same under every name, so that a page can be of a host that is not this machine, and is not secure.

import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * Serves a folder.
 *
 * @param {string} folder
 * @param {Record<string, Record<string, string>>} headers more headers, by path
 * @returns {Promise<{ origin: string, proxy: { hostname: string, port: number }, answering: typeof answering, close(): Promise<void> }>}
 */
export async function serve(folder, headers = {}) {
  const answers = new Map();
  /** Has a path answered otherwise, for as long as `work` takes. */
  const answering = async (path, answer, work) => {
    answers.set(path, answer);
    try {
      return await work();
    } finally {
      answers.delete(path);
    }
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = join(folder, pathname);
    if (answers.has(pathname)) {
      answers.get(pathname)(response);
    } else if (statSync(file, { throwIfNoEntry: false })?.isFile()) {
      const type = types[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "cache-control": "no-store", ...headers[pathname] });
      createReadStream(file).pipe(response);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const [hostname, { port }] = ["127.0.0.1", server.address()];
  return {
    origin: `http://${hostname}:${port}`,
    proxy: { hostname, port },
    answering,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
