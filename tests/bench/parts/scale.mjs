// What more of one thing costs: minted series that differ in nothing else. Signatures are remembered, since they cost the same at any size; but
// for the number of bundles, where each is seen for the first time or forgotten, and for that of workers. Times are of the processor, since nothing else is
// measured beside it; but for workers, who share the processors, of the clock.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createVerifierSync } from "../../../js/dist/entries/node.js";
import { createPool } from "../../../js/dist/entries/pool-node.js";
import { anySigner, unbound } from "../clients.mjs";
import { exponent, median, rounded, timedAsync, worked } from "../measure.mjs";

export const about = "cost by size of the bundle, length of the proof, subjects, number of bundles, and workers";

const minted = process.env.ADMISSIBLE_BENCH_MINTED;
const options = { ...anySigner, artifact: unbound };

/** Milliseconds that one point may take. */
const longest = 300_000;

const kinds = [
  ["text", "bytes of a bundle, most of them one long text", "bytes"],
  ["values", "bytes of a bundle, most of them many small values", "bytes"],
  ["subjects", "subjects of a statement", "subjects"],
  ["proof", "hashes of an inclusion proof", "hashes"],
];

export async function run({ quick, say }) {
  if (minted === undefined) throw new Error("ADMISSIBLE_BENCH_MINTED names no folder of minted series: run `cargo xtask bench scale`");
  const trustedRoot = readFileSync(join(minted, "trusted_root.json"));
  const read = (name) => readFileSync(join(minted, `${name}.jsonl`), "utf8").trimEnd().split("\n").map((text) => {
    const { x, bundle } = JSON.parse(text);
    return { x, text: JSON.stringify(bundle) };
  });
  const passes = (verifier, text) => {
    const report = verifier.inspectSync(text, options);
    if (report.verdict !== "passed") throw new Error(`expected a bundle that passes, found ${JSON.stringify(report.failures)}`);
  };

  const series = kinds.map(([name, title, unit]) => {
    say(title);
    const verifier = createVerifierSync({ trustedRoot });
    const all = read(name);
    const times = all.map(() => []);
    for (const { text } of all) passes(verifier, text);
    for (let round = 0; round < (quick ? 2 : 60); round += 1) {
      all.forEach(({ text }, at) => times[at].push(worked(() => verifier.inspectSync(text, options))));
    }
    return { name, title, x: unit, y: "µs", points: all.map(({ x }, at) => [x, rounded(median(times[at]))]) };
  });

  const all = read("bundles");
  const verifier = createVerifierSync({ trustedRoot });
  for (const { text } of all.slice(0, 50)) passes(verifier, text);
  const points = [];
  let [leftOut, pace] = ["", 0];
  for (const count of quick ? [1, 10, 100] : [1, 10, 100, 1_000, 10_000, 100_000]) {
    if (pace * count > longest) {
      leftOut = ` ${count.toLocaleString("en")} would have taken too long on this machine.`;
      break;
    }
    say(`${count.toLocaleString("en")} bundles`);
    const [runs, start] = [[], performance.now()];
    for (let run = 0; run < (count <= 100 ? 5 : 1); run += 1) {
      const from = 100 + run * count + points.length * 150;
      runs.push(worked(() => {
        for (let at = 0; at < count; at += 1) verifier.inspectSync(all[(from + at) % all.length].text, options);
      }));
    }
    pace = (performance.now() - start) / (runs.length * count);
    points.push([count, rounded(median(runs))]);
  }
  series.push({ name: "bundles", title: "number of bundles, one after the other", x: "bundles", y: "µs", points });
  series.push(await workers(all, trustedRoot, { quick, say }));
  const note = `Of bundles there are ${all.length.toLocaleString("en")}, so from 10,000 on they come again, after so many others that their signatures are forgotten.`;
  return { tables: series.map(table), series, note: note + leftOut };
}

/** Pools of one worker to twice as many as there are processors, each new, so that nothing is remembered; and warm. */
async function workers(all, trustedRoot, { quick, say }) {
  const [warm, counted] = [all.slice(0, 100), all.slice(100, quick ? 150 : 900)];
  const sizes = [1, 2, 4, 8, 16, 32].filter((size) => size <= 2 * availableParallelism());
  const times = sizes.map(() => []);
  for (let round = 0; round < (quick ? 1 : 5); round += 1) {
    for (const [at, size] of sizes.entries()) {
      say(`${size} workers, round ${round + 1}`);
      const pool = await createPool({ workers: size, trustedRoot });
      const judged = (bundles) => Promise.all(bundles.map(({ text }) => pool.verify(text, options)));
      await judged(warm);
      times[at].push(await timedAsync(() => judged(counted)));
      await pool.close();
    }
  }
  const title = `workers of a pool, for ${counted.length} bundles on ${availableParallelism()} processors`;
  return { name: "workers", title, x: "workers", y: "µs", points: sizes.map((size, at) => [size, rounded(median(times[at]))]) };
}

/** What a series says in words: how much more costs, and whether each more costs the same. */
function table({ title, x, points }) {
  const [[least, first], [most, last]] = [points[0], points.at(-1)];
  return {
    title,
    unit: "µs",
    variants: ["median"],
    rows: points.map(([at, y]) => ({ row: `${at.toLocaleString("en")} ${x}`, runs: 1, medians: { median: y } })),
    facts: [
      `${title}: from ${least.toLocaleString("en")} to ${most.toLocaleString("en")} ${x} the cost grows ${rounded(last / first)}-fold; ` +
        `exponent over the upper half ${exponent(points).toFixed(2)}.`,
    ],
  };
}
