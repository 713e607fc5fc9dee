// The package in browsers: the tarball, installed as a stranger would, served by a plain web server.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { browsers } from "./browsers/browsers.mjs";
import { serve } from "./browsers/server.mjs";
import { headers, wasm, writeSite } from "./browsers/site.mjs";
import { within } from "./browsers/within.mjs";
import { consumer } from "./consumer.mjs";
import { record } from "./matrix.mjs";

const project = consumer();
let site;
before(async () => {
  await writeSite(project.folder);
  site = await serve(project.folder, headers);
});
after(async () => {
  await site?.close();
  project.remove();
});

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

for (const browser of browsers) {
  describe(browser.name, () => {
    let running;
    before(async () => void (running = await within(90, `the start of ${browser.name}`, browser.launch())), { timeout: 100_000 });
    after(() => running?.close());

    const onPage = async (path, work) => {
      const url = path.startsWith("/") ? site.origin + path : String(pathToFileURL(join(project.folder, path)));
      const page = await running.open(url);
      try {
        return await within(120, url, work(page));
      } finally {
        await page.close();
      }
    };

    for (const [tried, path] of suites) {
      test(tried, async () => {
        const { passed, failed } = await onPage(path, (page) => page.evaluate("outcome"));
        record({ group: "browser", name: browser.name, version: running.version, tried, passed, failed: failed.length });
        assert.deepEqual(failed, []);
        assert.ok(passed > (path === "/page.html" ? 200 : 20));
      });
    }
  });
}
