// Verification in Cloudflare's workerd, beside a client made for browsers. Its clock stands still while code runs: time is that of a request that has something verified,
// less that of a request for nothing.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { within } from "../../e2e/browsers/within.mjs";
import { descendants } from "../../e2e/gate/memory.mjs";
import { Miniflare } from "../../e2e/node_modules/miniflare/dist/src/index.js";
import { bundleWorker, version, workerOptions } from "../../e2e/runtimes/workerd.mjs";
import { bundles, demo, note } from "../bundles.mjs";
import { Times, inTurn, median, timedAsync } from "../measure.mjs";

export const about = "one verification in Cloudflare's workerd";

/** Has `node:crypto` in workerd. */
const compatible = "admissible, with nodejs_compat";
const makers = new Map([
  ["admissible", "ours"],
  [compatible, "ours"],
  ["admissible, awaited", "awaited"],
  ["@freedomofpress/sigstore-browser", "sigstoreBrowser"],
]);
const names = [...makers.keys()];
const nothing = "a worker that does nothing";

export async function run({ quick, say }) {
  const folder = mkdtempSync(join(tmpdir(), "admissible-bench-"));
  const running = [];
  try {
    const all = bundles();
    const workers = new Map();
    for (const name of names) workers.set(name, await start(name, await script(folder, name, all, "warm"), running));
    const taken = await takenByAll(workers, all);
    const times = new Times(names);
    const used = new Map(names.map((name) => [name, []]));
    const rounds = quick ? 1 : 12;
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}, ${taken.length} bundles that all take`);
      await oneRound({ workers, all, taken, round, quick, times, used });
    }
    const table = times.table(`workerd ${version}`);
    table.rows.sort((a, b) => a.row.localeCompare(b.row));
    const isTold = [...used.values()].every(({ length }) => length > 0);
    if (isTold) table.numbers = { processorMilliseconds: median(used.get("admissible")) / 1000 };
    table.facts = [
      `${taken.length} of the bundles are taken by all.`,
      ...(isTold ? [`Time of the processor for one verification at first sight: ${told((name) => spread(used.get(name)))}.`] : []),
      ...(await cold(folder, quick, say)),
    ];
    return { note, tables: [table] };
  } finally {
    await Promise.all(running.map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const milliseconds = (time) => `${(time / 1000).toFixed(1)} ms`;
const told = (cost) => names.map((name) => `\`${name}\` ${cost(name)}`).join("; ");
/** Whoever has a budget asks for more than the median: a verification that makes a table of a key takes several times as long. */
const spread = (times) => `${milliseconds(median(times))}, nine in ten at most ${milliseconds(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)])}`;

/** The path of a worker with one client and the bundles. */
async function script(folder, name, items, kind) {
  const path = (of) => JSON.stringify(fileURLToPath(new URL(`../../../${of}`, import.meta.url)));
  if (name === nothing) return bundleWorker(folder, "nothing", "export default { fetch: () => Response.json([0]) };\n");
  const list = items.map(({ text, root, artifact }) => ({ text, root, artifact: artifact && Buffer.from(artifact).toString("base64") }));
  writeFileSync(join(folder, `${kind}.json`), JSON.stringify(list));
  const make = makers.get(name);
  const [entry, passed] = make === "sigstoreBrowser" ? ["", ""] : [`import { createVerifier } from ${path("js/dist/entries/workerd.js")};`, ", createVerifier"];
  return bundleWorker(folder, `${kind}-${make}`, `
import items from "./${kind}.json";
import { ${make} } from ${path("tests/bench/children/web-clients.mjs")};
import { worker } from ${path("tests/bench/children/worker.mjs")};
${entry}
export default worker(items, ${make}${passed});
`);
}

/** A process of workerd for one worker; what stops it is added to `running`. */
async function start(name, path, running) {
  const others = processes();
  const compatibilityFlags = name === compatible ? ["nodejs_compat"] : [];
  // Past miniflare's own worker, which is in the same process.
  const miniflare = new Miniflare({ ...workerOptions(path), compatibilityFlags, unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] });
  running.push(() => within(60, "the end of workerd", miniflare.dispose()));
  const address = await within(90, "the start of workerd", miniflare.unsafeGetDirectURL());
  const pid = processes().find((process) => !others.includes(process));
  const ask = async (list, { isNew = false, turns = 1 } = {}) => {
    const body = JSON.stringify({ isNew, list, turns });
    const response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(90_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`expected an answer of the worker, found status ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  return { ask, cpu: () => processorTime(pid) };
}

const isLinux = process.platform === "linux";
const processes = () => (isLinux ? descendants("workerd\0serve") : []);

/** Microseconds of the processor that all threads of a process have taken, as Linux tells. */
function processorTime(pid) {
  if (pid === undefined) return undefined;
  const spent = readdirSync(`/proc/${pid}/task`).map((thread) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1000;
    } catch {
      return 0; // It ended meanwhile, or this kernel does not tell.
    }
  });
  return spent.reduce((sum, time) => sum + time, 0) || undefined;
}

async function takenByAll(workers, all) {
  let taken = all.map((_, at) => at);
  for (const { ask } of workers.values()) taken = await ask(taken, { isNew: true });
  return taken;
}

/** Half of the bundles at first sight, by clients that have seen the other half; and that half again. */
async function oneRound({ workers, all, taken, round, quick, times, used }) {
  const known = taken.length > 1 ? taken.filter((_, at) => (at + round) % 2 === 0) : taken;
  const fresh = taken.filter((at) => !known.includes(at));
  for (const { ask } of workers.values()) await ask(known, { isNew: true, turns: 3 });
  let turns = round;
  const measure = async (at, when, repeated) => {
    for (const name of inTurn(names, (turns += 1))) {
      const { time, cpu } = await cost(workers.get(name), [at], repeated);
      times.note(`${all[at].kind}, ${when}`, name, time / repeated);
      if (repeated === 1 && cpu > 0) used.get(name).push(cpu);
    }
  };
  for (const at of fresh) await measure(at, "at first sight", 1);
  // A request's own time is as long as what is remembered takes.
  for (const at of known) await measure(at, "again", quick ? 2 : 20);
}

/** What a request for a list takes, in microseconds, less a request for none: the mean of one before and one after. */
async function cost({ ask, cpu }, list, turns) {
  const once = async (wanted) => {
    const before = cpu();
    let took;
    const time = await timedAsync(async () => (took = await ask(wanted, { turns })));
    if (took.length !== wanted.length) throw new Error(`expected ${wanted.length} bundles to be taken, found ${took.length}`);
    return { time, cpu: cpu() - before };
  };
  const [before, all, after] = [await once([]), await once(list), await once([])];
  const less = (of) => all[of] - (before[of] + after[of]) / 2;
  return { time: less("time"), cpu: less("cpu") };
}

/** What a new process takes from its start to its first verdict, less one whose worker does nothing. */
async function cold(folder, quick, say) {
  const variants = [nothing, ...names];
  const paths = new Map();
  for (const name of variants) paths.set(name, await script(folder, name, [demo()], "cold"));
  const spent = new Map(variants.map((name) => [name, []]));
  const rounds = quick ? 1 : 12;
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}, from the start of workerd`);
    for (const name of inTurn(variants, round)) {
      const running = [];
      try {
        const { ask, cpu } = await start(name, paths.get(name), running);
        const taken = await ask([0], { isNew: true });
        if (taken.length !== 1) throw new Error(`expected ${name} to take the demo's bundle, found a refusal`);
        spent.get(name).push(cpu());
      } finally {
        await Promise.all(running.map((stop) => stop()));
      }
    }
  }
  if ([...spent.values()].flat().includes(undefined)) return [];
  const beyond = (name) => milliseconds(median(spent.get(name)) - median(spent.get(nothing)));
  return [`Time of the processor from a worker's start to its first verdict on the demo's bundle, beyond one that does nothing: ${told(beyond)}.`];
}
