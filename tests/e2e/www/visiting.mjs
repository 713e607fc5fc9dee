// Visits to the verification page that break no rule: whatever is asked of nobody, reported by no policy, and seen by everybody.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { within } from "../browsers/within.mjs";
import { bundleText, sha512 } from "../../../js/test/demo.mjs";
import { tool } from "../consumer.mjs";
import { drop, lookUp, press, seen } from "./visitor.mjs";

if (!existsSync(new URL("../../../www/dist/index.html", import.meta.url))) throw new Error("www/dist holds no page: run cargo xtask www");

/** Pictures of every state are written here, where somebody wants to look at them. */
const pictures = process.env.ADMISSIBLE_PICTURES;
const axe = readFileSync(tool("axe-core/axe.min.js"), "utf8");

/**
 * Opens pages in a browser.
 *
 * @param {(typeof import("./browsers.mjs").browsers)[number]} browser
 */
export function visiting(browser) {
  let running;
  const launched = () => (running ??= within(90, `the start of ${browser.name}`, browser.launch()));
  return {
    /** A visit, which must break no rule, and make no request that nobody asked for. */
    async visit(url, work, { answer = () => "gone", foreign = [] } = {}) {
      const page = await (await launched()).open(url, answer);
      try {
        // The page is there before the view is, which is a script of its own.
        await within(60, `the view of ${url}`, page.evaluate(until, ".view > *"));
        await within(90, url, work(page));
        assert.deepEqual(await page.evaluate("globalThis.watched"), []);
        assert.deepEqual(page.foreign, foreign);
      } finally {
        await within(30, `leaving ${url}`, page.close());
      }
    },
    /** What is to be seen holds for readers of screens too, in both themes and on a phone. */
    async look(page, name) {
      for (const [width, scheme] of [[1280, "light"], [360, "dark"]]) {
        await page.look(width, scheme);
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => (await globalThis.axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`));
        assert.deepEqual(violations, [], `${name}, ${String(width)} wide, ${scheme}`);
        assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${name} is wider than ${String(width)}`);
        if (pictures === undefined) continue;
        mkdirSync(pictures, { recursive: true });
        await page.picture(join(pictures, `${browser.name}-${name}-${String(width)}-${scheme}.png`));
      }
      await page.look(1280, "light");
    },
    /** The browser's version. */
    version: async () => (await launched()).version,
    /** Ends the browser. */
    close: async () => within(60, `the end of ${browser.name}`, (await running?.catch(() => undefined))?.close()),
  };
}

/** Runs inside the page: waits until something is there and returns what it finds. */
export async function until(expression) {
  for (let rounds = 0; rounds < 800; rounds += 1) {
    // The test's own expression, as a selector: the page's policy allows no code from text.
    const found = document.querySelector(expression);
    if (found !== null) return found.textContent;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${expression} never came: ${document.body.innerText}`);
}

/** Has the demo's evidence verified, about its tarball. */
export async function verified(page) {
  await page.evaluate(drop, [{ name: "b.sigstore.json", text: bundleText }]);
  await page.evaluate(seen);
  await page.evaluate(lookUp, `sha512:${sha512}`);
  await page.evaluate(seen);
  await page.evaluate(press, "Yes, I expect this signer");
  assert.equal((await page.evaluate(seen)).state, "verified");
}
