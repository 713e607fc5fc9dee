// The verification page as a site: what it fetches, what it may do, what it keeps, and that it is one file too. In Chromium and Firefox.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { serve } from "../../www/serve.mjs";
import { record } from "./matrix.mjs";
import { browsers } from "./www/browsers.mjs";
import { verified, visiting } from "./www/visiting.mjs";
import { press, seen } from "./www/visitor.mjs";

const dist = fileURLToPath(new URL("../../www/dist/", import.meta.url));
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const site = await serve();
after(site.close);

/** What the page names in its head: fetched before anything is done. */
const named = [...readFileSync(join(dist, "index.html"), "utf8").matchAll(/(?:href|src)="\.\/([^"]+)"/gu)].map(([, name]) => name);
/** Bytes by brotli. They may only become fewer. */
const ceilingOfPage = 24_500;
const ceilingWithModule = 373_000;
/** Milliseconds from the beginning of a page. */
const readyWithin = 1000;

test("what is fetched before anything is done is small", (context) => {
  const size = (name) => brotliCompressSync(readFileSync(join(dist, name))).length;
  const isModule = (name) => name.endsWith(".wasm");
  const sizes = ["index.html", ...named].map((name) => [name, size(name)]).sort(([, one], [, other]) => other - one);
  const sum = (some) => some.reduce((total, [, bytes]) => total + bytes, 0);
  const [page, all] = [sum(sizes.filter(([name]) => !isModule(name))), sum(sizes)];
  context.diagnostic(`the page ${String(page)} bytes by brotli, with the module ${String(all)}: ${sizes.map(([name, bytes]) => `${name} ${String(bytes)}`).join(", ")}`);
  assert.ok(named.length > 3 && named.filter(isModule).length === 1, named.join());
  assert.ok(page <= ceilingOfPage, String(page));
  assert.ok(all <= ceilingWithModule, String(all));
});

test("what the page may do stands in it, and no more", async () => {
  const policyOf = (html) => /<meta http-equiv="content-security-policy" content="([^"]+)">/u.exec(html)?.[1] ?? "";
  const [hosted, single] = ["index.html", "admissible.html"].map((name) => policyOf(readFileSync(join(dist, name), "utf8")));
  for (const policy of [hosted, single]) {
    assert.match(policy, /^default-src 'none'; script-src /u);
    assert.match(policy, /base-uri 'none'; form-action 'none'; trusted-types default lit-html; require-trusted-types-for 'script'$/u);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|strict-dynamic|\*|http:/u);
  }
  assert.match(single, /script-src 'sha256-[\w+/=]{44}' 'wasm-unsafe-eval'; style-src 'sha256-[\w+/=]{44}';/u);
  const { headers } = await fetch(site.origin);
  assert.equal(headers.get("content-security-policy"), `${hosted}; frame-ancestors 'none'`);
  // It has its own, which these headers would shut out.
  assert.equal((await fetch(`${site.origin}/admissible.html`)).headers.get("content-security-policy"), null);
});

for (const browser of browsers) {
  describe(browser.name, () => {
    const { visit: visited, version, close } = visiting(browser);
    after(close);
    const visit = (work, { url = `${site.origin}/` } = {}) => visited(url, work);

    test("a newer version takes away what it kept of an older one, and nothing of others", async () => {
      await visit(async (page) => {
        const others = ["admissible-else", `admissible ${site.origin}/below/ 0123`, "admissible https://elsewhere.example/ 0123"];
        const older = `admissible ${site.origin}/ 0123`;
        await page.evaluate(async (names) => Promise.all(names.map((name) => caches.open(name))).then(() => true), [...others, older]);
        await page.go(`${site.origin}/`);
        await page.evaluate(async (name) => {
          await navigator.serviceWorker.ready;
          for (let rounds = 0; rounds < 200 && (await caches.has(name)); rounds += 1) await new Promise((resolve) => setTimeout(resolve, 25));
        }, older);
        const left = await page.evaluate("caches.keys()");
        assert.deepEqual(left.filter((name) => name === older || others.includes(name)).sort(), [...others].sort());
        assert.equal(left.filter((name) => name.startsWith(`admissible ${site.origin}/ `)).length, 1);
      }, { url: `${site.origin}/admissible.html` });
    });

    test("without a network it opens and verifies after the first visit", async () => {
      const own = await serve();
      await visit(async (page) => {
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
        await own.close();
        await page.go(`${own.origin}/?again#/`);
        await page.evaluate(press, "See a real example");
        await page.evaluate(seen);
        await page.evaluate(press, "Yes, I expect this signer");
        const judged = await page.evaluate(seen);
        assert.equal(judged.state, "verified", judged.text);
      }, { url: `${own.origin}/` });
    });

    test("no script can be started by its address but the page's own workers", async () => {
      await visit(async (page) => {
        const tried = await page.evaluate(() => ["./style.js", "./sw.js?other", "https://elsewhere.example/pool-worker-web.js", "./pool-worker-web.js"].map((url) => {
          try {
            new Worker(url, { type: "module" }).terminate();
            return "started";
          } catch ({ name }) {
            return name;
          }
        }));
        assert.deepEqual(tried, ["TypeError", "TypeError", "TypeError", "started"]);
        // By the policy of the page, and by that of its server.
        const watched = await page.evaluate("watched.splice(0)");
        assert.deepEqual(watched.map((violation) => violation.split(" ")[0]), Array(6).fill("require-trusted-types-for"), watched.join());
      });
    });

    test("the one file verifies from a disk", async () => {
      await visit(async (page) => {
        await verified(page);
      }, { url: String(pathToFileURL(join(dist, "admissible.html"))) });
    });

    test("the verifier is ready within a second", async (context) => {
      // The best of some visits: a machine that is busy with other things says nothing about the page.
      const times = [];
      do {
        await visit(async (page) => {
          times.push(await page.evaluate(async () => {
            for (let rounds = 0; rounds < 400 && performance.getEntriesByName("verifier-ready").length === 0; rounds += 1) await new Promise((resolve) => setTimeout(resolve, 25));
            return performance.getEntriesByName("verifier-ready")[0].startTime;
          }));
          const fetched = await page.evaluate(`performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1))`);
          assert.deepEqual(fetched.filter((name) => name !== "sw.js" && !named.includes(name)), [], "what is fetched before anything is done is named in the page's head");
        });
      } while (times.at(-1) >= readyWithin && times.length < 8);
      context.diagnostic(`${times.map(Math.round).join(", ")} ms from the beginning of the page`);
      assert.ok(Math.min(...times) < readyWithin, times.join());
      record({ group: "browser", name: browser.name, version: await version(), tried: "the verification page", passed: 1, failed: 0 });
    });
  });
}
