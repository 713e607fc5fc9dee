// Verification in pages, beside a client made for browsers, in one page and in turns.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../../e2e/browsers/chromium.mjs";
import { firefox } from "../../e2e/browsers/firefox.mjs";
import { serve } from "../../e2e/browsers/server.mjs";
import { within } from "../../e2e/browsers/within.mjs";
import { bundles, note } from "../bundles.mjs";
import { Times } from "../measure.mjs";

export const about = "one verification in a page of Chromium and of Firefox";

const path = (name) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const names = ["admissible", "admissible, awaited", "@freedomofpress/sigstore-browser"];
/** A page that is isolated from others has a finer clock. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

export async function run({ quick, say }) {
  const folder = mkdtempSync(join(tmpdir(), "admissible-bench-"));
  let site;
  try {
    await write(folder);
    site = await serve(folder, { "/page.html": isolated });
    const tables = [];
    for (const browser of [chromium, firefox]) tables.push(await inBrowser(browser, site, quick, say));
    return { note, tables };
  } finally {
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function write(folder) {
  // The bundler of the end-to-end suites: pages cannot import what a package imports by name.
  const { build } = await import("../../e2e/node_modules/esbuild/lib/main.js");
  const [page, outfile] = [path("tests/bench/children/page.mjs"), join(folder, "page.mjs")];
  await build({ entryPoints: [page], outfile, bundle: true, format: "esm", external: ["/dist/*"], logLevel: "error" });
  cpSync(path("js/dist"), join(folder, "dist"), { recursive: true });
  const items = bundles().map(({ text, root, kind, artifact }) => ({ text, root, kind, artifact: artifact && Buffer.from(artifact).toString("base64") }));
  writeFileSync(join(folder, "bundles.json"), JSON.stringify(items));
  writeFileSync(join(folder, "page.html"), '<!doctype html><meta charset="utf-8"><title>Bench</title><script type="module" src="page.mjs"></script>');
}

async function inBrowser(browser, site, quick, say) {
  const running = await within(90, `the start of ${browser.name}`, browser.launch(site.proxy));
  try {
    const page = await within(90, "the page", running.open(`${site.origin}/page.html`));
    const ask = (expression) => within(90, expression, page.evaluate(expression));
    const taken = await ask("new Promise((resolve) => { const look = () => globalThis.bench ? resolve(bench.ready()) : setTimeout(look, 50); look(); })");
    const times = new Times(names);
    const rounds = quick ? 1 : 8;
    for (let round = 0; round < rounds; round += 1) {
      say(`${browser.name} ${running.version}, round ${round + 1} of ${rounds}, ${taken} bundles that all take`);
      for (const line of await ask(`bench.round(${round})`)) times.note(...line);
    }
    const table = times.table(`${browser.name} ${running.version}`);
    table.rows.sort((a, b) => a.row.localeCompare(b.row));
    table.facts = [`${taken} of the bundles are taken by all.`];
    return table;
  } finally {
    await within(60, `the end of ${browser.name}`, running.close());
  }
}
