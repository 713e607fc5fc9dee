// Firefox, by WebDriver BiDi.

import puppeteer from "puppeteer-core";
import { executable } from "./executable.mjs";

/** @type {import("./browsers.mjs").Browser} */
export const firefox = {
  name: "Firefox",

  async launch({ hostname, port }) {
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: executable("firefox"),
      extraPrefsFirefox: { "network.proxy.type": 1, "network.proxy.http": hostname, "network.proxy.http_port": port },
      timeout: 60_000,
      protocolTimeout: 100_000,
    });
    return {
      version: (await browser.version()).replace(/^[^\d]*/u, ""),
      async open(url) {
        const context = await browser.createBrowserContext();
        const page = await context.newPage();
        await page.goto(url, { timeout: 60_000 });
        return {
          evaluate: (expression) => page.evaluate(expression),
          choose: async (path) => (await page.$("input")).uploadFile(path),
          press: (key) => page.keyboard.press(key),
          resize: (width, height) => page.setViewport({ width, height }),
          picture: (path) => page.screenshot({ path }),
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
