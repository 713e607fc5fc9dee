// The pages that are tried, written into a stranger's project, whose folder is then served as it is.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { write } from "../consumer.mjs";
import { fixtures } from "../suite/fixtures.mjs";

const installed = "/node_modules/admissible/";

/** Where a browser gets the module from. */
export const wasm = `${installed}dist/wasm/core.wasm`;

/** Where the entry for browsers lies, for what no import map reaches: workers, and pages that forbid inline scripts. */
const entry = JSON.stringify(`${installed}dist/entries/web.js`);

const poolEntry = JSON.stringify(`${installed}dist/entries/pool-web.js`);

/** Where a browser gets the pool's workers from. */
export const poolWorker = `${installed}dist/entries/pool-worker-web.js`;

/** The strictest content security policy that the package can be used under. */
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** More headers of the pages, by path. */
export const headers = {
  "/strict.html": { "content-security-policy": policy },
  "/strict-worker.html": { "content-security-policy": policy },
  "/strict-worker.mjs": { "content-security-policy": policy },
  "/strict-pool.html": { "content-security-policy": policy },
  "/no-worker.html": { "content-security-policy": `${policy}; worker-src 'none'` },
  "/no-wasm.html": { "content-security-policy": policy.replace(" 'wasm-unsafe-eval'", "") },
  "/no-connect.html": { "content-security-policy": policy.replace("; connect-src 'self'", "") },
};

/** What every page begins with: a promise of the outcome, which a script that does not even load breaks. */
const outcome = `
globalThis.outcome = new Promise((resolve, reject) => {
  globalThis.tell = resolve;
  const what = ({ message, target }) => message ?? "not loaded: " + (target.src || "what an inline script imports");
  addEventListener("error", (event) => reject(new Error(what(event))), true);
  addEventListener("unhandledrejection", ({ reason }) => reject(reason));
});
outcome.catch(() => undefined);
`;

const page = (scripts) => `<!doctype html><meta charset="utf-8"><title>Admissible</title><link rel="icon" href="data:,">
<script src="outcome.js"></script>${scripts}`;

/** A page with an import map, as the package's exports say for browsers. */
const mapped = (folder, script, body = "") => {
  const { name, exports } = JSON.parse(readFileSync(join(folder, "node_modules/admissible/package.json"), "utf8"));
  const target = (conditions) => (typeof conditions === "string" ? conditions : conditions.browser ?? conditions.default);
  const imports = Object.entries(exports).map(([path, conditions]) => [join(name, path), join(installed, target(conditions))]);
  const map = JSON.stringify({ imports: Object.fromEntries(imports) });
  return page(`<script type="importmap">${map}</script><script type="module">${script}</script>${body}`);
};

const suite = (input, how = "") => `
import { run } from "/suite.mjs";
const input = await (await fetch(${JSON.stringify(input)})).json();
tell(await run(admissible, input${how}));
`;

const inPage = (input) => `import * as admissible from "admissible";${suite(input)}`;

/** Browsers give WebCrypto to secure pages only. */
const insecure = `
if (globalThis.crypto.subtle !== undefined) throw new Error("the page is secure");
${inPage("/few.json")}
`;

const slim = `
import * as admissible from "admissible/slim";
const wasm = await WebAssembly.compileStreaming(fetch(import.meta.resolve("admissible/core.wasm")));
${suite("/few.json", ", { wasm }")}
`;

const inline = `import * as admissible from "admissible/inline";${suite("/few.json")}`;

const askWorker = (path) => `
const worker = new Worker(${JSON.stringify(path)}, { type: "module" });
worker.onmessage = ({ data }) => tell(data);
worker.onerror = ({ message }) => tell({ passed: 0, failed: [message ?? "the worker was not loaded"] });
`;

const worker = `
import * as admissible from ${entry};
const tell = (value) => postMessage(value);
${suite("/few.json")}
`;

const askServiceWorker = `
await navigator.serviceWorker.register("/service-worker.mjs", { type: "module" });
const { active } = await navigator.serviceWorker.ready;
const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data }) => tell(data);
active.postMessage("run", [port2]);
`;

/** Service workers know no top-level await, and live as long as the event is told to wait. */
const serviceWorker = `
import * as admissible from ${entry};
import { run } from "/suite.mjs";
const tried = async () => run(admissible, await (await fetch("/few.json")).json());
addEventListener("message", (event) => {
  const [port] = event.ports;
  event.waitUntil(tried().then((outcome) => port.postMessage(outcome), (error) => port.postMessage({ passed: 0, failed: [String(error)] })));
});
`;

/** What was thrown, as it can be passed on. */
const told = `
const told = ({ name, code, at, message }) => ({ name, code, at, message });
`;

/** For pages whose policy does not allow what it takes. */
const refused = `
import { createVerifier } from ${entry};
${told}
tell(await createVerifier().then(() => "made", told));
`;

/** Without top-level await: a worker of Firefox starts no others before its own script has come to its end. */
const poolSuite = (from, input) => `
import * as admissible from ${from};
import { run } from "/pool-suite.mjs";
fetch(${JSON.stringify(input)}).then((response) => response.json()).then((input) => run(admissible, input)).then(tell);
`;

/** For pages that get no pool, at first: what making one throws, or "made". */
const pooling = `
import { createPool } from ${poolEntry};
${told}
globalThis.make = () => createPool({ workers: 1 }).then((pool) => pool.close()).then(() => "made", told);
tell("ready");
`;

/** A function for the test: a batch, of whose workers one is ended, of which browsers tell nobody, and one has an error. */
const frail = `
import { createPool } from "admissible/pool";
import { demo } from "/demo.mjs";
const workers = [];
globalThis.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    workers.push(this);
  }
};
globalThis.judge = async () => {
  const pool = await createPool({ workers: 2, taskTimeout: 2000 });
  const items = Array.from({ length: 300 }, (_, at) => ({ ...demo.options, bundle: at % 3 === 0 ? "{}" : demo.bundle }));
  const { results } = await pool.batch(items, { onProgress({ done }) {
    if (done === 100) workers.at(-1).terminate();
    if (done === 200) workers[0].dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
  } });
  await pool.close();
  return { wrong: results.filter(({ report }, at) => report?.verdict !== (at % 3 === 0 ? "failed" : "passed")).length, workers: workers.length };
};
tell("ready");
`;

/** Functions for the test, which have the module loaded, once more if that failed before. */
const loading = `
import { createVerifier, createVerifierSync } from "admissible";
import { demo } from "/demo.mjs";
${told}
globalThis.load = () => createVerifier().then((verifier) => verifier.verifySync(demo.bundle, demo.options).report.verdict, told);
globalThis.loadSync = async () => {
  try {
    return createVerifierSync().verifySync(demo.bundle, demo.options).report.verdict;
  } catch (error) {
    return told(error);
  }
};
tell("ready");
`;

/** A function for the test: verifies the chosen file by a bundle and a root from the server, and counts how often it is told how far that is. */
const chosen = `
import { createVerifier } from "admissible";
${told}
globalThis.verify = async ({ evidence, signer }) => {
  const text = async (name) => (await fetch(evidence + "/" + name)).text();
  const verifier = await createVerifier({ trustedRoot: await text("trusted_root.json") });
  const [artifact] = document.querySelector("input").files;
  const steps = [];
  const onProgress = ({ read, total }) => void steps.push([read, total]);
  const outcome = await verifier.verify(await text("bundle.sigstore.json"), { artifact, signer, onProgress })
    .then(({ report }) => report.verdict, told);
  return { outcome, steps: steps.length, last: steps.at(-1) };
};
tell("ready");
`;

/** A page without a server: scripts of the old kind, and everything in them. */
const local = `
import * as admissible from "admissible/inline";
import { run } from "./suite.mjs";
run(admissible, globalThis.fixtures).then(tell);
`;

/** Cases of each kind, where only the way of loading differs from a run over all of them. */
const FEW = 10;

/**
 * Writes the pages.
 *
 * @param {string} folder the project in which the package is installed
 */
export async function writeSite(folder) {
  const few = fixtures(FEW);
  const external = (name) => page(`<script type="module" src="/${name}"></script>`);
  write(folder, {
    "outcome.js": outcome,
    "all.json": fixtures(),
    "few.json": few,
    "demo.mjs": `export const { demo } = ${few};`,
    "page.html": mapped(folder, inPage("/all.json")),
    "insecure.html": mapped(folder, insecure),
    "slim.html": mapped(folder, slim),
    "inline.html": mapped(folder, inline),
    "worker.html": mapped(folder, askWorker("/worker.mjs")),
    "worker.mjs": worker,
    "service-worker.html": mapped(folder, askServiceWorker),
    "service-worker.mjs": serviceWorker,
    "strict.html": external("strict.mjs"),
    "strict.mjs": `import * as admissible from ${entry};${suite("/few.json")}`,
    "strict-worker.html": external("strict-page.mjs"),
    "strict-page.mjs": askWorker("/strict-worker.mjs"),
    "strict-worker.mjs": worker,
    "no-wasm.html": external("refused.mjs"),
    "no-connect.html": external("refused.mjs"),
    "refused.mjs": refused,
    "pool.html": mapped(folder, poolSuite('"admissible/pool"', "/few.json")),
    "pool-in-worker.html": mapped(folder, askWorker("/pool-in-worker.mjs")),
    "pool-in-worker.mjs": `const tell = (value) => postMessage(value);${poolSuite(poolEntry, "/few.json")}`,
    "strict-pool.html": external("strict-pool.mjs"),
    "strict-pool.mjs": poolSuite(poolEntry, "/few.json"),
    "no-worker.html": external("pooling.mjs"),
    "pooling.html": external("pooling.mjs"),
    "pooling.mjs": pooling,
    "frail.html": mapped(folder, frail),
    "loading.html": mapped(folder, loading),
    "chosen.html": mapped(folder, chosen, '<input type="file">'),
    "local/local.mjs": local,
    "local/suite.mjs": readFileSync(join(folder, "suite.mjs"), "utf8"),
    "local/outcome.js": outcome,
    "local/fixtures.js": `globalThis.fixtures = ${few};`,
    "local/page.html": page('<script src="fixtures.js"></script><script src="local.js"></script>'),
  });
  await build({
    absWorkingDir: folder,
    entryPoints: ["local/local.mjs"],
    outfile: "local/local.js",
    bundle: true,
    format: "iife",
    target: "es2022",
    conditions: ["browser"],
    logLevel: "error",
  });
}
