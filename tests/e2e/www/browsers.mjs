// Chromium and Firefox for the verification page: what a visitor does is done inside the page, so that both are driven alike.

import puppeteer from "puppeteer-core";
import { chromium as playwright } from "playwright-core";
import { executable } from "../browsers/executable.mjs";

/**
 * @typedef {{ status?: number, body?: string } | "gone"} Answer what a registry answers; `gone`: nobody is there
 *
 * @typedef {object} Page
 * @property {string[]} foreign every request to another origin than the page's own
 * @property {(work: Function | string, ...args: unknown[]) => Promise<any>} evaluate
 * @property {(selector: string, paths: string[]) => Promise<void>} choose
 * @property {(paths: string[]) => Promise<void>} [dropPaths] as by hand; Firefox has no way to it
 * @property {(width: number, scheme: "light" | "dark") => Promise<void>} look
 * @property {(features: { colorScheme?: "light" | "dark", forcedColors?: "active" | "none", reducedMotion?: "reduce" | "no-preference" }) => Promise<void>} [emulate] Chromium alone
 * @property {(path: string) => Promise<void>} picture
 * @property {(url: string) => Promise<void>} go
 * @property {() => Promise<void>} close
 */

/** Before anything else of the page: what must not happen is written down. */
function watch() {
  globalThis.watched = [];
  addEventListener("securitypolicyviolation", (event) => globalThis.watched.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  addEventListener("error", (event) => globalThis.watched.push(`error ${event.message}`));
  addEventListener("unhandledrejection", (event) => globalThis.watched.push(`rejection ${event.reason}`));
}

const chromium = {
  name: "Chromium",
  async launch() {
    const browser = await playwright.launch({ executablePath: executable("chromium"), chromiumSandbox: process.getuid?.() !== 0, timeout: 60_000 });
    return {
      version: browser.version(),
      async open(url, answer) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
        const foreign = [];
        await context.route(isForeign(url), async (route) => {
          const { url: asked, method } = { url: route.request().url(), method: route.request().method() };
          foreign.push(asked);
          const given = answer(asked, method);
          await (given === "gone" ? route.abort() : route.fulfill({ status: given.status ?? 200, headers: headers(), body: given.body ?? "" }));
        });
        await context.addInitScript(watch);
        const page = await context.newPage();
        await page.goto(url, { timeout: 60_000 });
        return {
          foreign,
          evaluate: (work, ...args) => (typeof work === "string" ? page.evaluate(work) : page.evaluate(`(${String(work)})(...${JSON.stringify(args)})`)),
          choose: (selector, paths) => page.setInputFiles(selector, paths),
          async dropPaths(paths) {
            const session = await context.newCDPSession(page);
            const data = { items: [], files: paths, dragOperationsMask: 1 };
            for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, x: 200, y: 400, data });
          },
          async look(width, scheme) {
            await page.setViewportSize({ width, height: width < 600 ? 780 : 860 });
            await page.emulateMedia({ colorScheme: scheme });
          },
          emulate: (features) => page.emulateMedia(features),
          picture: (path) => page.screenshot({ path, fullPage: true }),
          go: (to) => page.goto(to, { timeout: 60_000 }),
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};

const firefox = {
  name: "Firefox",
  async launch() {
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: executable("firefox"), timeout: 60_000, protocolTimeout: 100_000 });
    return {
      version: (await browser.version()).replace(/^[^\d]*/u, ""),
      async open(url, answer) {
        const context = await browser.createBrowserContext();
        const page = await context.newPage();
        await page.setViewport({ width: 1280, height: 860 });
        const [foreign, is] = [[], isForeign(url)];
        await page.evaluateOnNewDocument(watch);
        await page.setRequestInterception(true);
        page.on("request", (request) => {
          const asked = new URL(request.url());
          if (!is(asked)) return void request.continue().catch(() => undefined);
          foreign.push(asked.href);
          const given = answer(asked.href, request.method());
          return void (given === "gone" ? request.abort() : request.respond({ status: given.status ?? 200, headers: headers(), body: given.body ?? "" })).catch(() => undefined);
        });
        await page.goto(url, { timeout: 60_000 });
        return {
          foreign,
          evaluate: (work, ...args) => (typeof work === "string" ? page.evaluate(work) : page.evaluate(`(${String(work)})(...${JSON.stringify(args)})`)),
          choose: async (selector, paths) => (await page.$(selector)).uploadFile(...paths),
          async look(width) {
            await page.setViewport({ width, height: width < 600 ? 780 : 860 });
          },
          picture: (path) => page.screenshot({ path, fullPage: true }),
          go: (to) => page.goto(to, { timeout: 60_000 }),
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};

/** @type {readonly { name: string, launch: () => Promise<{ version: string, open: (url: string, answer: (url: string, method: string) => Answer) => Promise<Page>, close: () => Promise<void> }> }[]} */
export const browsers = [chromium, firefox];

function isForeign(of) {
  const { origin, protocol } = new URL(of);
  return (url) => /^https?:$/u.test(url.protocol) && (protocol === "file:" || url.origin !== origin);
}

const headers = () => ({ "access-control-allow-origin": "*", "content-type": "application/json" });
