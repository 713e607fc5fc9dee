// Serves dist on this machine, with the headers that a real server should send.
//
//   node serve.mjs [port]

import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { headers } from "./policy.mjs";

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/**
 * @param {number} port any free one unless stated
 * @returns {Promise<{ origin: string, requests: string[], close(): Promise<void> }>} `requests` are the paths that were asked for
 */
export async function serve(port = 0, folder = fileURLToPath(new URL("dist", import.meta.url))) {
  const requests = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    requests.push(pathname);
    const file = join(folder, normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404, headers).end();
      return;
    }
    const isHashed = /-[A-Z0-9]{8}\.\w+$/u.test(file);
    const { "content-security-policy": _, ...others } = headers;
    response.writeHead(200, {
      ...(file.endsWith("admissible.html") ? others : headers),
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "cache-control": isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    });
    createReadStream(file).pipe(response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { origin } = await serve(Number(process.argv[2] ?? 0));
  console.log(`the page is at ${origin}/ (Ctrl+C ends it)`);
}
