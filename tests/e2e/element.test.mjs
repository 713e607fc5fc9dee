// The elements in browsers, under the strictest content security policy: what they draw of each state, of what is hostile, and for whom.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { moving, unseen } from "./browsers/appearance.mjs";
import { browsers } from "./browsers/browsers.mjs";
import { serve } from "./browsers/server.mjs";
import { within } from "./browsers/within.mjs";
import { consumer } from "./consumer.mjs";
import { headers, writePages } from "./element/site.mjs";
import { record } from "./matrix.mjs";

const project = consumer();
after(project.remove);
process.once("exit", project.remove);
// Whoever is told to end, if twice, does so by way of "exit", and takes the browsers along.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
await writePages(project.folder);
const site = await serve(project.folder, headers);
after(site.close);

const kinds = ["provenance-badge", "provenance-report"];
const withoutMinted = process.env.ADMISSIBLE_MINTED === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test";

for (const browser of browsers) {
  describe(browser.name, () => {
    const hands = { skip: browser.name === "WebKitGTK" && "its driver presses no keys and has one size" };
    const features = { skip: browser.name !== "Chromium" && "its driver asks for no forced colours, and no less motion" };
    let running;
    let passed = 0;
    const launched = () => (running ??= within(90, `the start of ${browser.name}`, browser.launch(site.proxy)));
    after(async () => {
      const { version } = await launched();
      record({ group: "browser", name: browser.name, version, tried: "elements", passed, failed: 0 });
      await within(60, `the end of ${browser.name}`, (await running).close());
    });

    /** A page of its own for a test; whatever the policy had to forbid, and every error, fails it. */
    const onPage = async (path, work) => {
      const page = await (await launched()).open(String(new URL(path, site.origin)));
      try {
        assert.equal(await within(60, path, page.evaluate("ready")), "ready");
        await within(120, path, work(page));
        assert.deepEqual(await page.evaluate("[violations, errors]"), [[], []]);
        passed += 1;
      } finally {
        await within(30, `leaving ${path}`, page.close());
      }
    };
    const strict = (work) => onPage("/strict.html", work);

    test("each state is drawn with all that the badge says, with a symbol of its own, and no other links", () => strict(async (page) => {
      const results = await page.evaluate("drawn()");
      const symbols = new Map();
      for (const { kind, name, expected, state, classes, missing, foreign, symbol, lang } of results) {
        const at = `${kind} ${expected} ${name}`;
        assert.deepEqual([state, classes, missing, foreign, lang], [expected, [`${kind.slice("provenance-".length)} ${expected}`], [], [], "en"], at);
        assert.equal(symbols.get(expected) ?? symbol, symbol, at);
        symbols.set(expected, symbol);
      }
      assert.equal(new Set(symbols.values()).size, 6);
      assert.ok(results.length > 30);
    }));

    test("what the test signer minted: nothing bad looks verified", { skip: withoutMinted }, () => strict(async (page) => {
      const results = await page.evaluate("minted()");
      assert.ok(results.length > 800, String(results.length));
      for (const { expected, name, kind, part, facts } of results) {
        const isGood = / verified(?:-with-notes)?$/u.test(part);
        if (expected === "bad") assert.deepEqual([isGood, facts], [false, 0], `${name} ${kind}: ${part}`);
      }
      assert.ok(results.some(({ expected, part }) => expected === "good" && part.endsWith(" verified")));
    }));

    test("no text of a report is ever more than text", () => strict(async (page) => {
      const { tried, found } = await page.evaluate("attacked()");
      assert.deepEqual(found, []);
      assert.ok(tried > 2000, String(tried));
    }));

    for (const kind of kinds) {
      test(`${kind}: an attribute says nothing, and without a report the page's own children are shown`, () => strict(async (page) => {
        const { before, after: then, again } = await page.evaluate(`unset(${JSON.stringify(kind)})`);
        assert.deepEqual(before, { parts: [null, "pending"], slotted: ["what the page has"], pending: "Not checked yet" });
        assert.equal(then.slot, false);
        assert.match(then.text, /Verified/u);
        assert.doesNotMatch(then.text, /attribute/u);
        assert.equal(again, 1);
      }));

      test(`${kind}: no old verdict is left standing`, () => strict(async (page) => {
        const { states, german } = await page.evaluate(`changed(${JSON.stringify(kind)})`);
        const is = (state) => `${kind.slice("provenance-".length)} ${state}`;
        const [good, unknown] = [is("verified"), is("could-not-verify")];
        assert.deepEqual(states, [good, unknown, good, unknown, good, unknown, good, is("failed"), good, "pending", good, "pending", good, unknown, good, unknown]);
        assert.ok(german);
      }));
    }

    test("what a server sent is replaced", () => strict(async (page) => {
      const { before, after: then } = await page.evaluate("served()");
      assert.match(before.early, /Could not be verified/u);
      assert.deepEqual([before.children, before.open, before.closed], [1, "Not checked yet", "Not checked yet"]);
      assert.deepEqual(then, { children: "badge failed", open: "report failed", closed: "badge failed" });
    }));

    test("a badge is opened, read and closed with the keyboard", hands, () => strict(async (page) => {
      await page.evaluate('document.querySelector("#served").remove()');
      await page.evaluate('place("provenance-badge")');
      const after = async (key) => {
        await page.press(key);
        return page.evaluate("focused()");
      };
      assert.deepEqual(await after("Tab"), { part: "badge verified", open: false, unfolded: 0 });
      assert.deepEqual(await after("Enter"), { part: "details verified", open: true, unfolded: 0 });
      assert.deepEqual(await after("Tab"), { part: "close", open: true, unfolded: 0 });
      assert.deepEqual(await after("Tab"), { part: "link", open: true, unfolded: 0 });
      assert.deepEqual(await after("Escape"), { part: "badge verified", open: false, unfolded: 0 });
      assert.equal((await after(" ")).open, true);
      await page.press("Tab");
      assert.deepEqual(await after("Enter"), { part: "badge verified", open: false, unfolded: 0 });
    }));

    test("a report's checks are opened with the keyboard", hands, () => strict(async (page) => {
      await page.evaluate('place("provenance-report")');
      await page.evaluate('focusOn("summary")');
      await page.press("Enter");
      assert.equal((await page.evaluate("focused()")).unfolded, 1);
      await page.press("Tab");
      await page.press(" ");
      assert.equal((await page.evaluate("focused()")).unfolded, 2);
    }));

    test("only a person's click copies, and the page may do it itself", hands, () => strict(async (page) => {
      await page.evaluate('place("provenance-report")');
      const { digest, json } = await page.evaluate("digests()");
      assert.equal(await page.evaluate("clickByScript()"), 0);
      await page.evaluate('focusOn("dd .copy")');
      await page.press("Enter");
      assert.deepEqual([await page.evaluate("copies"), await page.evaluate("say()")], [[digest], "Copied"]);
      await page.evaluate('focusOn("footer .copy")');
      await page.press(" ");
      assert.deepEqual([(await page.evaluate("copies"))[1], await page.evaluate("say()")], [json, "Copied"]);
      await page.evaluate("listen(true)");
      await page.press("Enter");
      assert.deepEqual([await page.evaluate("events"), await page.evaluate("copies.length")], [[{ what: "json", text: json }], 2]);
      await page.evaluate("globalThis.refusing = true");
      await page.press("Enter");
      assert.deepEqual([await page.evaluate("say()"), await page.evaluate("copies.length")], ["Could not be copied", 2]);
    }));

    test("docs/elements.md lists every part", () => strict(async (page) => {
      const docs = readFileSync(new URL("../../docs/elements.md", import.meta.url), "utf8");
      const [, table] = /\n\| part \|.*?\n(.*?)\n\n/su.exec(docs);
      const listed = [...table.matchAll(/`([\w-]+)`/gu)].map(([, name]) => name);
      const states = ["verified", "verified-with-notes", "excepted", "could-not-verify", "failed", "none-found"];
      const drawn = await page.evaluate("parts()");
      assert.deepEqual(drawn.filter((part) => !listed.includes(part) && !states.includes(part)), []);
      // What no case of these has.
      assert.deepEqual(listed.filter((part) => !drawn.includes(part)), ["timestamp"]);
    }));

    test("every word of the elements' own is said", () => strict(async (page) => {
      assert.deepEqual(await page.evaluate("ownWords()"), ["copied", "notCopied"], "what the test before sees");
    }));

    for (const [what, width, size] of [["at 320 pixels", 320, ""], ["at twice the size", 640, "200%"], ["on a phone", 360, ""], ["on a wide page", 1920, ""]]) {
      test(`nothing is cut off or reaches out of the page ${what}`, hands, () => strict(async (page) => {
        await page.resize(width, 720);
        assert.deepEqual(await page.evaluate(`overflowing(${JSON.stringify(size)})`), []);
      }));
    }

    test("details are seen wherever the badge stands", () => strict(async (page) => {
      for (const width of [560, 1000]) {
        await page.resize?.(width, 700);
        assert.deepEqual(await page.evaluate("atEdges()"), { tried: 18, found: [] });
      }
    }));

    test("from right to left, all is mirrored", () => strict(async (page) => {
      const side = (first) => ({ symbolFirst: first, early: first, overflow: false });
      assert.deepEqual(await page.evaluate("mirrored()"), { ltr: side(true), rtl: side(false) });
    }));

    for (const colorScheme of ["light", "dark"]) {
      test(`in forced colours, ${colorScheme}, the states are told apart by words and shapes`, features, () => strict(async (page) => {
        await page.emulate({ colorScheme, forcedColors: "active" });
        assert.ok(await page.evaluate('matchMedia("(forced-colors: active)").matches'));
        const { marks, ink, ground } = await page.evaluate("marks()");
        assert.notEqual(ink, ground);
        for (const { state, kind, symbol, cut, edge } of marks) assert.deepEqual([symbol, cut ?? ground, edge], [ink, ground, "solid true true"], `${kind} ${state}`);
        for (const kind of kinds) {
          const own = marks.filter((mark) => mark.kind === kind);
          for (const part of ["title", "shape"]) assert.equal(new Set(own.map((mark) => mark[part])).size, 6, `${kind} ${part}`);
        }
        for (const state of ["verified", "verified-with-notes", "excepted", "could-not-verify", "failed", "none-found"]) {
          for (const kind of kinds) {
            await page.evaluate(`show(${JSON.stringify(kind)}, ${JSON.stringify(state)}, "")`);
            assert.deepEqual(await page.evaluate(`(${String(unseen)})("button")`), [], `${kind} ${state}`);
          }
        }
      }));
    }

    test("nothing moves for whoever wants less motion", features, () => strict(async (page) => {
      const moves = async () => {
        const found = [];
        for (const kind of kinds) {
          await page.evaluate(`show(${JSON.stringify(kind)}, "verified", "")`);
          found.push(...(await page.evaluate(`(${String(moving)})()`)));
        }
        return found;
      };
      // Where there is something that could.
      assert.ok((await moves()).length > 0);
      await page.emulate({ reducedMotion: "reduce" });
      assert.deepEqual(await moves(), []);
    }));

    test("a hundred badges are drawn at once, their details only when they are asked for", () => strict(async (page) => {
      const { took, height, drawn, details } = await page.evaluate("hundred()");
      console.log(`${browser.name}: a hundred badges in ${took.toFixed(0)} ms`);
      assert.deepEqual([drawn, details], [100, 0]);
      assert.ok(height > 500);
      assert.ok(took < 3000, String(took));
    }));

    test("React sets a report as the property that it is", () => onPage("/react.html", async (page) => {
      const [good, bad] = ["badge verified", "badge failed"];
      assert.deepEqual(await page.evaluate("states()"), [good, bad, "pending", good, []]);
    }));

    for (const scheme of ["light", "dark"]) {
      test(`axe finds no flaw in any state, ${scheme}`, () => onPage("/axe.html", async (page) => {
        assert.deepEqual(await page.evaluate(`audited(${JSON.stringify(scheme)})`), []);
      }));
    }

    // For eyes: pictures of both elements in every state, in the folder that is named.
    test("pictures", { skip: hands.skip || process.env.ADMISSIBLE_PICTURES === undefined && "ADMISSIBLE_PICTURES names no folder" }, () => strict(async (page) => {
      for (const width of [360, 1280]) {
        await page.resize(width, 900);
        for (const scheme of ["light", "dark"]) {
          for (const state of ["verified", "verified-with-notes", "excepted", "could-not-verify", "failed", "none-found"]) {
            for (const kind of kinds) {
              await page.evaluate(`show(${JSON.stringify(kind)}, ${JSON.stringify(state)}, ${JSON.stringify(scheme)})`);
              await page.picture(`${process.env.ADMISSIBLE_PICTURES}/${browser.name}-${kind}-${state}-${scheme}-${width}.png`);
            }
          }
        }
      }
    }));
  });
}
