// The client of a gate that is a service worker: a page asks, and what it reads and when is told from here.

/** What runs in the page, beside the package. */
export const script = `
import { createVerifier } from "/node_modules/admissible/dist/entries/web.js";
const verifier = await createVerifier();
const asked = new Map();

globalThis.client = {
  async open(id, path, { method = "GET", headers = {} }) {
    const abort = new AbortController();
    asked.set(id, { abort });
    const response = await fetch(path, { method, headers, redirect: "manual", signal: abort.signal });
    const [reader, hasher] = [response.body?.getReader(), verifier.hasher(["sha256"])];
    asked.set(id, { abort, reader, hasher, decoder: new TextDecoder(), received: 0, text: "" });
    return { status: response.status, headers: Object.fromEntries(response.headers) };
  },
  async read(id, bytes) {
    const download = asked.get(id);
    for (const enough = download.received + bytes; download.received < enough;) {
      const { done, value } = (await download.reader?.read()) ?? { done: true };
      if (done) break;
      download.received += value.length;
      download.hasher.update(value);
      if (download.received <= 65536) download.text += download.decoder.decode(value, { stream: true });
    }
    return download.received;
  },
  async rest(id) {
    const complete = await client.read(id, Infinity).then(() => true, () => false);
    const { hasher, received, text } = asked.get(id);
    asked.delete(id);
    return { complete, received, sha256: hasher.finish().sha256, text };
  },
  cancel: (id) => asked.get(id).abort.abort(),
};

const { serviceWorker } = navigator;
await serviceWorker.register("/service-worker.mjs", { type: "module" });
if (serviceWorker.controller === null) {
  await new Promise((resolve) => serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
}
document.title = "ready";
`;

/** A client like that of client.mjs, in a page of Playwright's. */
export function pageClient(page) {
  let count = 0;
  const call = (name, ...given) => page.evaluate(([called, all]) => globalThis.client[called](...all), [name, given]);
  return {
    async open(path, { signal, ...init } = {}) {
      const id = (count += 1);
      signal?.addEventListener("abort", () => void call("cancel", id).catch(() => undefined));
      const { status, headers } = await call("open", id, path, init);
      let received = 0;
      return {
        status,
        headers,
        get received() {
          return received;
        },
        // Infinity is no number of JSON's.
        read: async (bytes) => void (received = await call("read", id, bytes)),
        rest: () => call("rest", id),
        cancel: () => void call("cancel", id).catch(() => undefined),
      };
    },
  };
}
