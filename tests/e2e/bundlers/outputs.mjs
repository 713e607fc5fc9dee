// What a bundler wrote: how many copies of the module, and what it does when it runs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { executable } from "../browsers/executable.mjs";
import { serve } from "../browsers/server.mjs";
import { within } from "../browsers/within.mjs";
import { write } from "../consumer.mjs";
import { record } from "../matrix.mjs";
import { fixtures } from "../suite/fixtures.mjs";

/** Cases of each kind: a bundler changes how the module is loaded, not what it computes. */
export const input = fixtures(10);

/** The project's manifest: its modules have the suite by a name, wherever they lie. */
export const manifest = { "package.json": JSON.stringify({ private: true, type: "module", imports: { "#suite": "./suite.mjs", "#pool-suite": "./pool-suite.mjs" } }) };

/** A page's main module. It has its input from the server, and leaves its outcome where `runInChromium` looks for it. */
export const page = (imports, how = "") => `
${imports}
import { run } from "#suite";
globalThis.outcome = fetch("/input.json").then((response) => response.json()).then((input) => run(admissible, input${how}));
`;

/** A page or a program with a pool: what runs `page` and `program` runs the suite of the pool. */
export const pooled = (main) => main.replace("#suite", "#pool-suite");

export const poolPage = pooled(page('import * as admissible from "admissible/pool";'));

/** A program, which has its input from the standard input and prints its outcome. */
export const program = (imports, how = "") => `
${imports}
import { readFileSync } from "node:fs";
import { run } from "#suite";
run(admissible, JSON.parse(readFileSync(0, "utf8"))${how}).then((outcome) => console.log(JSON.stringify(outcome)));
`;

/** A page that leaves the work to a worker, as bundlers know it. */
export const employer = {
  "page.mjs": `
globalThis.outcome = fetch("/input.json").then((response) => response.json()).then((input) => new Promise((resolve, reject) => {
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage(input);
}));
`,
  "worker.mjs": `
import * as admissible from "admissible";
import { run } from "#suite";
onmessage = async ({ data }) => postMessage(await run(admissible, data));
`,
};

/** The document of a page whose script is `script`. */
export const html = (script) => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;

const magic = Buffer.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** The output holds so many copies of the module, as files or in base64, and nothing of it lies where it was built. */
export function holds(modules, folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  const found = files.map((path) => {
    const content = readFileSync(path);
    // In code, not in the comments that say where each part came from.
    const code = content.toString("latin1").replace(/^\s*\/\/.*$/gmu, "");
    assert.ok(!code.includes(join(tmpdir(), "admissible-consumer-")), `${path} names the project's folder`);
    return content.subarray(0, magic.length).equals(magic) ? 1 : content.toString("latin1").split(magic.toString("base64").slice(0, 10)).length - 1;
  });
  assert.equal(found.reduce((sum, count) => sum + count, 0), modules, files.join("\n"));
}

/** The suite's outcome is in order; it becomes a row of the matrix. */
export function judged(name, version, tried, { passed, failed }) {
  record({ group: "bundler", name, version, tried, passed, failed: failed.length });
  assert.deepEqual(failed.slice(0, 3), []);
  assert.ok(passed > 20);
}

/** What a program says that has lost its module. */
export const leftBehind = /left core\.wasm behind, copy `admissible\/core\.wasm` there, mark the package `admissible` as external, or pass the module to `admissible\/slim`/u;

/** Runs a program that a bundler wrote. */
export function runInNode(path) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [path], { input, encoding: "utf8", timeout: 60_000 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

let browser;
after(() => browser?.then((it) => it.close()));

/** Opens a page in Chromium, and waits for its outcome. */
export async function runInChromium(url) {
  browser ??= chromium.launch({ executablePath: executable("chromium"), chromiumSandbox: process.getuid?.() !== 0, timeout: 60_000 });
  const context = await (await browser).newContext();
  try {
    const tab = await context.newPage();
    const errors = [];
    tab.on("pageerror", (error) => errors.push(String(error)));
    tab.on("requestfailed", (request) => errors.push(`${request.url()} failed`));
    await tab.goto(url, { timeout: 30_000 });
    await tab.waitForFunction(() => globalThis.outcome !== undefined, undefined, { timeout: 30_000 }).catch((error) => {
      throw new Error(`${error.message}: ${errors.join(", ")}`);
    });
    return await within(60, url, tab.evaluate(() => globalThis.outcome));
  } finally {
    await context.close();
  }
}

/** Serves what a bundler wrote, and runs its page. */
export async function runServed(folder) {
  write(folder, { "input.json": input });
  const site = await serve(folder);
  try {
    return await runInChromium(`${site.origin}/index.html`);
  } finally {
    await site.close();
  }
}
