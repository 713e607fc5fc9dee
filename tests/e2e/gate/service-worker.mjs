// A gate in the browser itself: a service worker that stands between a page and its server.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chromium as playwright } from "playwright-core";
import { executable } from "../browsers/executable.mjs";
import { write } from "../consumer.mjs";
import { descendants, residentMemory } from "./memory.mjs";
import { pageClient, script } from "./page.mjs";

const worker = `
import * as admissible from "/node_modules/admissible/dist/entries/web.js";
import * as gates from "/node_modules/admissible/dist/gate/index.js";
import { handler } from "/handler.mjs";
import setup from "/setup.mjs";
const answer = handler({ ...admissible, ...gates }, setup);
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (/^\\/(?:body|told)\\b/.test(new URL(event.request.url).pathname)) event.respondWith(answer(event.request));
});
`;

const files = {
  "service-worker.mjs": worker,
  "page.mjs": script,
  "page.html": '<!doctype html><title>starting</title><script type="module" src="/page.mjs"></script>',
};

/** Follows a link, in a page of its own: what is shown, or the file that is kept. */
async function follow(context, upstream, path) {
  const tab = await context.newPage();
  try {
    await tab.goto(`${upstream}/page.html`);
    const download = tab.waitForEvent("download", { timeout: 20_000 }).catch(() => undefined);
    const shown = tab.waitForEvent("response", { predicate: (response) => response.url() === upstream + path, timeout: 20_000 });
    await tab.evaluate((href) => void document.body.appendChild(Object.assign(document.createElement("a"), { href })).click(), path);
    const status = (await shown).status();
    if (status !== 200) {
      await tab.waitForSelector("h1", { timeout: 20_000 });
      return { status, heading: await tab.textContent("h1"), scripts: await tab.locator("script").count() };
    }
    const kept = await download;
    return (await kept.failure()) === null ? { status, file: readFileSync(await kept.path()) } : { status, file: undefined };
  } finally {
    await tab.close();
  }
}

export const serviceWorker = {
  name: "Chromium service worker",
  version: spawnSync(executable("chromium"), ["--version"], { encoding: "utf8" }).stdout?.match(/\d[\d.]+/u)?.[0] ?? "missing",
  async start(folder, upstream) {
    write(folder, files);
    const browser = await playwright.launch({
      executablePath: executable("chromium"),
      // Its sandbox does not start for root, who runs the tests in a container.
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: 60_000,
    });
    const page = await (await browser.newContext()).newPage();
    const noise = [];
    page.on("console", (message) => noise.push(message.text()));
    page.on("pageerror", (error) => noise.push(String(error)));
    await page.goto(`${upstream}/page.html`);
    await page.waitForFunction(() => document.title === "ready", undefined, { timeout: 30_000 });
    // The page and its service worker share a process.
    const renderers = descendants("--type=renderer");
    return {
      client: pageClient(page),
      follow: (path) => follow(page.context(), upstream, path),
      caches: ["memory", "api"],
      asksEncoded: true,
      leavesUnnoticed: true,
      largestPiece: 2 ** 21,
      // Chromium reads 64 MiB ahead of every fetch, here the worker's and the page's, with and without a gate.
      buffers: 2 * 2 ** 26,
      // These, and what is left of pieces in the page and in the worker until Chromium cares: there is no telling how much is whose.
      limit: Infinity,
      memory: () => renderers.reduce((sum, pid) => sum + residentMemory(pid), 0),
      noise: () => noise.join("\n"),
      stop: () => browser.close(),
    };
  },
};
