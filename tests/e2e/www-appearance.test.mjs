// What the verification page looks like, told by numbers: where things stand, what overlaps, what is too faint, in each view, light and dark, narrow and
// wide; in forced colours, with less motion, and from right to left. Pictures of all of it are written into target/pictures.
//
//   UPDATE_SNAPSHOTS=1   rewrites www/layout.json, where things stand

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../www/serve.mjs";
import { layout, moving, overlapping, unseen } from "./browsers/appearance.mjs";
import { browsers } from "./www/browsers.mjs";
import { until, visiting } from "./www/visiting.mjs";
import { press, seen, write } from "./www/visitor.mjs";

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const site = await serve();
after(site.close);
const pictures = fileURLToPath(new URL("../../target/pictures/", import.meta.url));
mkdirSync(pictures, { recursive: true });
const record = new URL("www/layout.json", import.meta.url);
const isUpdate = process.env.UPDATE_SNAPSHOTS === "1";
const recorded = JSON.parse(readFileSync(record, "utf8"));
const found = {};
after(() => isUpdate && writeFileSync(record, `${JSON.stringify(found, undefined, 1).replace(/\[[^[\]]*\]/gu, (list) => JSON.stringify(JSON.parse(list)))}\n`));

/** Pixels that a box may be off: what a scroll bar, or a word in another font, takes. */
const tolerance = 24;

/** What has to have an edge in forced colours, which take away the ground that would tell it. */
const edged = "button:not(.link), input:not(.chooser), select, textarea, .button";

const example = async (page, ...presses) => {
  await page.evaluate(seen);
  for (const label of ["See a real example", ...presses]) {
    await page.evaluate(press, label);
    await page.evaluate(seen);
  }
};
const expected = "Yes, I expect this signer";
const frame = [".bar", "main", "h1", ".foot"];

/** Each view: how one gets there, and what is where. */
const views = {
  home: { hash: "#/", open: (page) => page.evaluate(seen), parts: [...frame, ".lookup", "#reference", ".lookup .primary", ".drop", ".choosers .button", ".try"] },
  asked: { hash: "#/", open: (page) => example(page), parts: [".bar", ".lookup", ".drop", ".card", ".signer", ".card .tools button", ".side", ".trust", ".given", ".thing", ".foot"] },
  verified: { hash: "#/", open: (page) => example(page, expected), parts: [".bar", ".lookup", ".drop", ".verdict", "provenance-report", ".trust", ".given", ".actions", ".foot"] },
  failed: {
    hash: "#/",
    async open(page) {
      await example(page, expected);
      await page.evaluate(write, "#trust-repository", "sigstore/another");
      await page.evaluate(seen);
    },
    parts: [".bar", ".verdict", "provenance-report", ".trust", ".given", ".actions", ".foot"],
  },
  compare: {
    hash: "#/compare?a=provenance-generator-generic&b=provenance-npm-v1",
    open: (page) => page.evaluate(until, ".comparison table"),
    parts: [...frame, ".side-panel", ".side-panel + .side-panel", ".outcome", ".changes", ".changes tbody tr"],
  },
  samples: { hash: "#/samples", open: (page) => page.evaluate(until, "provenance-badge"), parts: [...frame, ".lead", ".made-up", ".cards", ".sample"] },
  registry: { hash: "#/registry", open: (page) => page.evaluate(until, ".packages[aria-busy=false]"), parts: [...frame, ".made-up", ".registry-progress", ".filters", ".packages", ".package", ".package provenance-badge"] },
  proven: { hash: "#/proven", open: (page) => page.evaluate(until, ".glossary"), parts: [...frame, ".chapters", ".picture", ".rules", ".rules li", ".glossary"] },
};
const widths = { wide: 1280, narrow: 360 };

for (const browser of browsers) {
  describe(browser.name, () => {
    const { visit, close } = visiting(browser);
    after(close);
    const canEmulate = browser.name === "Chromium";

    for (const [name, { hash, open, parts }] of Object.entries(views)) {
      test(`${name}: light and dark, narrow and wide, mirrored, in forced colours, without motion`, () => visit(`${site.origin}/${hash}`, async (page) => {
        await open(page);
        const picture = (called) => canEmulate && page.picture(join(pictures, `${name}-${called}.png`));
        const fits = async (at) => {
          assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${at} is wider than the page`);
          assert.deepEqual(await page.evaluate(overlapping), [], at);
        };
        for (const [form, width] of Object.entries(widths)) {
          for (const scheme of canEmulate ? ["light", "dark"] : ["light"]) {
            const at = `${name} ${form} ${scheme}`;
            await page.look(width, scheme);
            await page.evaluate(painted);
            await fits(at);
            assert.deepEqual(await page.evaluate(unseen), [], at);
            const now = await page.evaluate(layout, parts);
            await picture(`${form}-${scheme}`);
            if (isUpdate) (found[name] ??= {})[form] ??= now;
            else compare(now, recorded[name]?.[form], at);
          }
          await page.look(width, "light");
          await page.evaluate('document.documentElement.dir = "rtl"');
          await page.evaluate(painted);
          await fits(`${name} ${form} from right to left`);
          const { boxes: { ".brand": [, brand], "nav li": [, nav], ".verdict": [, verdict], ".side": [, side] } } = await page.evaluate(layout, [".brand", "nav li", ".verdict", ".side"]);
          if (form === "wide") assert.ok(brand > nav && (name !== "verified" || verdict > side), `${name} from right to left`);
          await picture(`${form}-rtl`);
          await page.evaluate('document.documentElement.dir = "ltr"');
        }
        if (canEmulate) {
          await stillness(page, name);
          await forced(page, name, picture);
        }
      }));
    }
  });
}

/** Runs inside the page: waits until it has been drawn. */
function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Nothing moves for whoever wants less motion. */
async function stillness(page, name) {
  if (name === "verified") assert.ok((await page.evaluate(moving)).length > 0, "there is nothing that could move");
  await page.emulate({ reducedMotion: "reduce" });
  assert.deepEqual(await page.evaluate(moving), [], `${name} without motion`);
}

/** In forced colours nothing is told by colours alone. */
async function forced(page, name, picture) {
  for (const colorScheme of ["light", "dark"]) {
    const at = `${name} in forced colours, ${colorScheme}`;
    await page.emulate({ colorScheme, forcedColors: "active" });
    assert.ok(await page.evaluate('matchMedia("(forced-colors: active)").matches'));
    await page.evaluate(painted);
    assert.deepEqual(await page.evaluate(unseen, edged), [], at);
    // Where one is in the navigation, and which filter is on.
    assert.deepEqual(await page.evaluate(`[...document.querySelectorAll("nav a")].filter((link) => getComputedStyle(link).textDecorationLine === "underline").map((link) => link.ariaCurrent)`), ["page"], at);
    const [pressed, ...others] = await page.evaluate(`[...document.querySelectorAll(".filter")].sort((a, b) => b.ariaPressed.localeCompare(a.ariaPressed)).map((filter) => getComputedStyle(filter).backgroundColor)`);
    assert.ok(name !== "registry" || others.length > 3, at);
    assert.ok(pressed === undefined || !others.includes(pressed), `${at}: the filter that is on is as the others, ${pressed}`);
    await picture(`forced-${colorScheme}`);
  }
}

/** Two layouts, up to the tolerance. */
function compare(now, then, at) {
  assert.deepEqual(now.order, then?.order, at);
  for (const [selector, [count, left, right]] of Object.entries(now.boxes)) {
    const [known, from, to] = then.boxes[selector];
    assert.equal(count, known, `${at}: ${selector}`);
    assert.ok(Math.abs((left ?? 0) - (from ?? 0)) <= tolerance && Math.abs((right ?? 0) - (to ?? 0)) <= tolerance, `${at}: expected ${selector} from ${from} to ${to}, found it from ${left} to ${right}`);
  }
}
