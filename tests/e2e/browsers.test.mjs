// The package in browsers: the tarball, installed as a stranger would, served by a plain web server.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { browsers } from "./browsers/browsers.mjs";
import { serve } from "./browsers/server.mjs";
import { headers, wasm, writeSite } from "./browsers/site.mjs";
import { within } from "./browsers/within.mjs";
import { consumer } from "./consumer.mjs";
import { record } from "./matrix.mjs";

const project = consumer();
after(project.remove);
await writeSite(project.folder);
const site = await serve(project.folder, headers);
after(site.close);

/** Pages that run the suite by themselves; all but the first over a few cases. */
const suites = [
  ["page, import map", "/page.html"],
  ["page, slim, compiled module", "/slim.html"],
  ["page, inline", "/inline.html"],
  ["module worker", "/worker.html"],
  ["module service worker", "/service-worker.html"],
  ["content security policy", "/strict.html"],
  ["content security policy, worker", "/strict-worker.html"],
  ["file://, inline, one script", "local/page.html"],
];

/** The module as it is packed. */
const bytes = readFileSync(join(project.folder, wasm));

/** What a server may answer instead of the module, and what the error must then name beside the URL. */
const faults = [
  ["not found", (response) => response.writeHead(404).end(), ["status 404", "no content type"]],
  ["a page", (response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Acme</title>"), ["status 200", "text/html"]],
  ["cut off", (response) => response.writeHead(200, { "content-type": "application/wasm" }).end(bytes.subarray(0, 5000)), ["status 200", "application/wasm"]],
  ["not sent to its end", (response) => {
    response.writeHead(200, { "content-type": "application/wasm", "content-length": bytes.length });
    response.write(bytes.subarray(0, 5000), () => response.destroy());
  }, ["status 200", "application/wasm"]],
  ["out of reach", (response) => response.destroy(), ["could not be fetched"]],
];

for (const browser of browsers) {
  describe(browser.name, () => {
    let running;
    /** Launched by the first test, so that each says why when it cannot be. */
    const launched = () => (running ??= within(90, `the start of ${browser.name}`, browser.launch()));
    after(async () => (await running?.catch(() => undefined))?.close());

    const onPage = async (path, work) => {
      const url = path.startsWith("/") ? site.origin + path : String(pathToFileURL(join(project.folder, path)));
      const page = await (await launched()).open(url);
      try {
        return await within(120, url, work(page));
      } finally {
        await page.close();
      }
    };

    const note = async (tried, passed, failed = 0) => {
      const { version } = await launched();
      record({ group: "browser", name: browser.name, version, tried, passed, failed });
    };

    for (const [tried, path] of suites) {
      test(tried, async () => {
        const { passed, failed } = await onPage(path, (page) => page.evaluate("outcome"));
        await note(tried, passed, failed.length);
        assert.deepEqual(failed, []);
        assert.ok(passed > (path === "/page.html" ? 200 : 20));
      });
    }

    for (const [missing, path, reasons] of [
      ["'wasm-unsafe-eval'", "/no-wasm.html", [wasm, "status 200", "application/wasm"]],
      ["connect-src", "/no-connect.html", [wasm]],
    ]) {
      test(`a content security policy without ${missing} is one error`, async () => {
        const told = await onPage(path, (page) => page.evaluate("outcome"));
        console.log(told);
        assert.equal(told.code, "verifier-lost", JSON.stringify(told));
        assert.equal(told.name, "UsageError");
        for (const reason of reasons) assert.ok(told.message.includes(reason), told.message);
        assert.doesNotMatch(told.message, /SIMD/u);
      });
    }

    for (const [what, answer, reasons] of faults) {
      test(`a module that is ${what} is one error, and loads when it is back`, async () => {
        await onPage("/loading.html", async (page) => {
          assert.equal(await page.evaluate("outcome"), "ready");
          site.answer(wasm, answer);
          try {
            const told = await page.evaluate("load()");
            console.log(told);
            assert.equal(told.code, "verifier-lost", JSON.stringify(told));
            assert.equal(told.name, "UsageError");
            for (const reason of [site.origin + wasm, ...reasons]) assert.ok(told.message.includes(reason), told.message);
            assert.doesNotMatch(told.message, /SIMD/u);
          } finally {
            site.answer(wasm);
          }
          assert.equal(await page.evaluate("load()"), "passed");
        });
      });
    }

    test("a module is one, whatever the server calls it", async () => {
      for (const type of ["application/octet-stream", "application/wasm; charset=utf-8", "Application/WASM", "text/html", undefined]) {
        site.answer(wasm, (response) => response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(bytes));
        try {
          await onPage("/loading.html", async (page) => assert.equal(await page.evaluate("load()"), "passed", type));
        } finally {
          site.answer(wasm);
        }
      }
    });
  });
}
