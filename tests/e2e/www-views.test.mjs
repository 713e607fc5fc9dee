// The views of the verification page beside the one that verifies, as they are built: in Chromium and Firefox.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { checkKeys } from "../../js/dist/report.js";
import { serve } from "../../www/serve.mjs";
import { browsers } from "./www/browsers.mjs";
import { until, visiting } from "./www/visiting.mjs";
import { press, seen } from "./www/visitor.mjs";

const list = fileURLToPath(new URL("../../www/dist/samples/samples.json", import.meta.url));
if (!existsSync(list)) throw new Error("www/dist holds no samples: run cargo xtask www");

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const site = await serve();
after(site.close);

for (const browser of browsers) {
  describe(browser.name, () => {
    const { visit, look, close } = visiting(browser);
    after(close);

    test("the registry judges a hundred packages, and shows those that one asks for", async (context) => {
      await visit(`${site.origin}/#/registry`, async (page) => {
        await page.evaluate(until, ".packages[aria-busy=false]");
        const counted = await page.evaluate(counts);
        assert.equal(counted.states.length, 100);
        assert.deepEqual(new Set(counted.states), new Set(["verified", "verified-with-notes", "excepted", "could-not-verify", "failed", "none-found"]));
        // Every badge says what its evidence is worth, in the words of the verdict.
        assert.deepEqual(counted.drawn, counted.states);
        for (const [state, count] of Object.entries(counted.filters)) {
          assert.equal(count, state === "all" ? 100 : counted.states.filter((one) => one === state).length, state);
        }
        assert.match(counted.told, /^100 packages judged in \d+ ms/u);
        context.diagnostic(counted.told);
        await look(page, "registry");
        await page.evaluate(press, "No verdict");
        const left = await page.evaluate(counts);
        assert.deepEqual(new Set(left.visible), new Set(["could-not-verify"]));
        assert.equal(left.hash, "#/registry?state=could-not-verify");
        assert.equal(await page.evaluate(walked, ["ArrowDown", "ArrowDown", "End", "Home", "ArrowUp"]), `1 2 ${String(left.visible.length - 1)} 0 0`);
        await look(page, "registry-filtered");
      });
    });

    test("the registry opens at the state that a link names", async () => {
      await visit(`${site.origin}/#/registry?state=failed`, async (page) => {
        await page.evaluate(until, ".packages[aria-busy=false]");
        const { visible, pressed } = await page.evaluate(counts);
        assert.deepEqual([new Set(visible), pressed], [new Set(["failed"]), "failed"]);
        assert.ok(visible.length > 5, visible.join());
      });
    });

    test("what is proven is told by evidence that was just verified, and its policy can be tried", async () => {
      await visit(`${site.origin}/#/proven`, async (page) => {
        await page.evaluate(until, ".glossary");
        const { pictures, checks } = await page.evaluate(explained);
        assert.deepEqual(checks.map(({ id }) => id), checkKeys.map((key) => key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)));
        assert.equal(new Set(checks.map(({ attack }) => attack)).size, checkKeys.length);
        const [bundle, chain] = pictures;
        assert.match(bundle, /built from github\.com\/sigstore\/sigstore-js.*\.github\/workflows\/release\.yml.*1697019812/u);
        assert.match(chain, /Source: github\.com\/sigstore\/sigstore-js at 7d2900e;.*Log: 1697019812 in rekor\.sigstore\.dev.*Artifact: .*SHA-512 digest 849a897e81bf/u);
        await look(page, "proven");
        await page.evaluate(press, "Try it on the example");
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.trust], ["verified", "document"], judged.text);
      });
    });

    test("what needs no samples is in the one file too, and nothing that does", async () => {
      await visit(String(pathToFileURL(fileURLToPath(new URL("../../www/dist/admissible.html", import.meta.url)))), async (page) => {
        assert.equal(await page.evaluate(`[...document.querySelectorAll("nav a")].map((link) => link.hash).join(" ")`), "#/ #/proven");
        await page.evaluate(`location.hash = "#/proven"`);
        await page.evaluate(until, ".glossary");
      });
    });
  });
}

/** Runs inside the page: what the explanation shows. */
function explained() {
  return {
    pictures: [...document.querySelectorAll("svg.picture")].map((picture) => picture.getAttribute("aria-label")),
    checks: [...document.querySelectorAll(".rules li")].map((rule) => ({ id: rule.dataset.check, attack: rule.querySelector(".attack").textContent })),
  };
}

/** Runs inside the page: the states of the registry's packages. */
async function counts() {
  const rows = [...document.querySelectorAll(".package")];
  const badges = rows.map((row) => row.querySelector("provenance-badge"));
  await Promise.all(badges.map((badge) => badge.updateComplete));
  return {
    states: rows.map((row) => row.dataset.state),
    drawn: badges.map((badge) => badge.shadowRoot.querySelector("button").className.replace("badge ", "")),
    visible: rows.filter((row) => !row.hidden).map((row) => row.dataset.state),
    filters: Object.fromEntries([...document.querySelectorAll(".filter")].map((one) => [one.dataset.state, Number(one.querySelector(".count").textContent)])),
    pressed: document.querySelector(".filter[aria-pressed=true]").dataset.state,
    told: document.querySelector(".told-time").textContent,
    hash: location.hash,
  };
}

/** Runs inside the page: on which badge the focus is after each key, from the first one on. */
function walked(keys) {
  const badges = [...document.querySelectorAll(".package:not([hidden]) provenance-badge")];
  badges[0].shadowRoot.querySelector("button").focus();
  return keys.map((key) => {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    return badges.indexOf(document.activeElement);
  }).join(" ");
}
