// Chromium, by its own protocol.

import { chromium as playwright } from "playwright-core";
import { executable } from "./executable.mjs";

/** @type {import("./browsers.mjs").Browser} */
export const chromium = {
  name: "Chromium",

  async launch({ hostname, port }) {
    const browser = await playwright.launch({
      executablePath: executable("chromium"),
      // Its sandbox does not start for root, who runs the tests in a container.
      chromiumSandbox: process.getuid?.() !== 0,
      proxy: { server: `http://${hostname}:${port}` },
      timeout: 60_000,
    });
    return {
      version: browser.version(),
      async open(url) {
        // A context of its own, so that no service worker is left over.
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(url, { timeout: 60_000 });
        return {
          evaluate: (expression) => page.evaluate(expression),
          choose: (path) => page.setInputFiles("input", path),
          press: (key) => page.keyboard.press(key),
          resize: (width, height) => page.setViewportSize({ width, height }),
          emulate: (features) => page.emulateMedia(features),
          picture: (path) => page.screenshot({ path }),
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
