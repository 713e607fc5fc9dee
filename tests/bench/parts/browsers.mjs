// Verification in pages, beside a client made for browsers, in one page and in turns.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../../e2e/browsers/chromium.mjs";
import { firefox } from "../../e2e/browsers/firefox.mjs";
import { serve } from "../../e2e/browsers/server.mjs";
import { within } from "../../e2e/browsers/within.mjs";
import { bundles, demo, note } from "../bundles.mjs";
import { Times, inTurn } from "../measure.mjs";

export const about = "one verification in a page of Chromium and of Firefox, and a first one in a new page";

const path = (name) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const peer = "@freedomofpress/sigstore-browser";
const names = ["admissible", "admissible, awaited", peer];
/** A page that is isolated from others has a finer clock. */
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const kept = { "cache-control": "max-age=3600" };
/** From the import on: who is asked, and the files of each beside the page. */
const cold = new Map([["admissible", ["cold/ours.mjs", "wasm/core.wasm"]], [peer, ["cold/peer.mjs"]]]);

export async function run({ quick, say }) {
  const folder = mkdtempSync(join(tmpdir(), "admissible-bench-"));
  let site;
  try {
    await write(folder);
    const files = [...cold.values()].flat().map((file) => [`/${file}`, kept]);
    site = await serve(folder, { "/page.html": isolated, "/cold.html": isolated, ...Object.fromEntries(files) });
    const tables = [];
    for (const browser of [chromium, firefox]) tables.push(...(await inBrowser(browser, site, quick, say)));
    return { note, tables };
  } finally {
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function write(folder) {
  // The bundler of the end-to-end suites: pages cannot import what a package imports by name.
  const { build } = await import("../../e2e/node_modules/esbuild/lib/main.js");
  const bundled = (input, name) => build({ ...input, outfile: join(folder, name), bundle: true, format: "esm", external: ["/dist/*"], logLevel: "error" });
  const script = (name, maker, entry = "") => bundled({ stdin: { contents: `import { ${maker} } from "./web-clients.mjs"; ${entry}`, resolveDir: path("tests/bench/children") } }, name);
  const entry = JSON.stringify(path("js/dist/entries/web.js"));
  await Promise.all([
    bundled({ entryPoints: [path("tests/bench/children/page.mjs")] }, "page.mjs"),
    script("cold/ours.mjs", "awaited", `import { createVerifier } from ${entry}; export const make = (root) => awaited(root, createVerifier);`),
    script("cold/peer.mjs", "sigstoreBrowser", "export { sigstoreBrowser as make };"),
  ]);
  cpSync(path("tests/bench/children/cold-page.mjs"), join(folder, "cold.mjs"));
  cpSync(path("js/dist"), join(folder, "dist"), { recursive: true });
  cpSync(path("js/dist/wasm"), join(folder, "wasm"), { recursive: true });
  const items = bundles().map(({ text, root, kind, artifact }) => ({ text, root, kind, artifact: artifact && Buffer.from(artifact).toString("base64") }));
  writeFileSync(join(folder, "bundles.json"), JSON.stringify(items));
  const { text, root } = demo();
  writeFileSync(join(folder, "demo.json"), JSON.stringify({ text, root }));
  for (const name of ["page", "cold"]) {
    writeFileSync(join(folder, `${name}.html`), `<!doctype html><meta charset="utf-8"><title>Bench</title><script type="module" src="${name}.mjs"></script>`);
  }
}

async function inBrowser(browser, site, quick, say) {
  const running = await within(90, `the start of ${browser.name}`, browser.launch(site.proxy));
  try {
    const page = await within(90, "the page", running.open(`${site.origin}/page.html`));
    const ask = (expression) => within(90, expression, page.evaluate(expression));
    const taken = await ask(whenThere("bench", "bench.ready()"));
    const times = new Times(names);
    const rounds = quick ? 1 : 8;
    for (let round = 0; round < rounds; round += 1) {
      say(`${browser.name} ${running.version}, round ${round + 1} of ${rounds}, ${taken} bundles that all take`);
      for (const line of await ask(`bench.round(${round})`)) times.note(...line);
    }
    const table = times.table(`${browser.name} ${running.version}`);
    table.rows.sort((a, b) => a.row.localeCompare(b.row));
    table.facts = [`${taken} of the bundles are taken by all.`];
    return [table, await coldIn(browser, running, site, quick, say)];
  } finally {
    await within(60, `the end of ${browser.name}`, running.close());
  }
}

/** What a page pays once, before its first verdict: a new page each time. */
async function coldIn({ name: browser }, running, site, quick, say) {
  const times = new Times([...cold.keys()]);
  const rounds = quick ? 1 : 15;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 5 === 0) say(`${browser}, round ${round + 1} of ${rounds} in new pages`);
    for (const name of inTurn([...cold.keys()], round)) {
      const page = await within(90, "a new page", running.open(`${site.origin}/cold.html`));
      try {
        const files = cold.get(name);
        const call = `cold(${JSON.stringify(files[0].replace(/^cold\/|\.mjs$/gu, ""))}, ${JSON.stringify(files)})`;
        const [start, imported, ready, done] = await within(90, call, page.evaluate(whenThere("cold", call)));
        times.note("import to first verdict", name, done - start);
        times.note("import", name, imported - start);
        times.note("compile, and read the trusted root", name, ready - imported);
        times.note("first verification", name, done - ready);
      } finally {
        await within(30, "the end of a page", page.close());
      }
    }
  }
  const table = times.table(`${browser}, cold start, the demo's bundle`, "ms");
  const total = table.rows.find(({ row }) => row === "import to first verdict").medians.admissible;
  table.facts = [`\`admissible\` takes ${total.toFixed(0)} ms from its import to its first verdict, its files being in the browser's cache.`];
  return table;
}

/** Evaluates an expression once the page's script has made `name`. */
const whenThere = (name, expression) =>
  `new Promise((resolve) => { const look = () => globalThis.${name} ? resolve(${expression}) : setTimeout(look, 50); look(); })`;
