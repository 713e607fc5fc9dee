// That the benchmark runs, and that its tables and charts are of what it measured. No time is tested.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { aimed } from "./aims.mjs";
import { charts } from "./charts.mjs";
import { Times, exponent, median, ratio } from "./measure.mjs";
import { documented } from "./tables.mjs";

const folder = mkdtempSync(join(tmpdir(), "admissible-bench-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const times = new Times(["ours", "@sigstore/verify"]);
for (const time of [3, 1, 2]) {
  times.note("a row", "ours", time);
  times.note("a row", "@sigstore/verify", time * 5);
}
const table = times.table("One verification");
const points = Array.from({ length: 8 }, (_, at) => [2 ** at, 7 * 2 ** at]);
const machine = { node: "v0.0.0", processor: "a processor", cores: 1 };
const measured = { parts: { warm: { machine, tables: [table] }, scale: { machine, tables: [], series: [{ name: "line", title: "a < b", x: "bytes", points }] } } };

test("ratios are of medians, and growth is an exponent", () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(ratio(table, table.rows[0], "@sigstore/verify"), 5);
  assert.ok(Math.abs(exponent(points) - 1) < 1e-9);
  assert.ok(Math.abs(exponent(points.map(([x, y]) => [x, y * x])) - 2) < 1e-9);
});

test("tables of the documentation hold ratios, and only what was measured in earnest", () => {
  const text = "before\n<!-- bench:warm -->\nfrom before\n<!-- /bench -->\n<!-- bench:cold -->\nkept\n<!-- /bench -->\nafter\n";
  const made = documented(text, measured);
  assert.match(made, /\| a row \| 3 \| 5\.0× \|/u);
  assert.match(made, /kept[^]*after\n$/u);
  assert.doesNotMatch(made, /from before/u);
  assert.equal(documented(made, measured), made);
  assert.equal(documented(text, { parts: { warm: { ...measured.parts.warm, isQuick: true } } }), text);
});

test("aims are held against the worst that was found, of what was measured in earnest", () => {
  const variants = ["admissible", "admissible, awaited", "@sigstore/verify"];
  const row = (name, ...medians) => ({ row: name, runs: 1, medians: Object.fromEntries(medians.map((time, at) => [variants[at], time])) });
  const warm = { machine, tables: [{ title: "One verification", variants, rows: [row("a, at first sight", 1, 0.5, 3.9), row("b, at first sight", 1, 1, 9), row("b, again", 1, 1, 1)] }] };
  const share = { machine, tables: [{ title: "Where the time goes", variants: ["median"], rows: [], numbers: { policyReportAndBorderPercent: 13 } }] };
  const found = aimed({ parts: { warm, share, hash: { isQuick: true, tables: [] } } });
  assert.deepEqual(found.slice(0, 3), [
    ["One verification, Node.js 20, beside `@sigstore/verify`", "at least 4×", "3.9 to 9.0×", "no"],
    ["One verification, awaited, Node.js 20", "at least 6×", "7.8 to 9.0×", "yes"],
    ["Policy, report and border, of one verification", "at most 15 %", "13 %", "yes"],
  ]);
  assert.deepEqual(found.slice(3).map(([what]) => what), ["Module and glue, by brotli", "The same, without any feature that can be left out"]);
  const text = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");
  const [, told] = /<!-- bench:aims -->\n(.*?)<!-- \/bench -->/su.exec(text);
  assert.equal(told.match(/\| (?:yes|no) \|$/gmu).length, 15, "each aim is told");
});

test("charts are well-formed", () => {
  charts(measured, pathToFileURL(`${folder}/`));
  assert.deepEqual(readdirSync(folder).toSorted(), ["line.svg", "ratios.svg"]);
  const [line, ratios] = ["line", "ratios"].map((name) => readFileSync(join(folder, `${name}.svg`), "utf8"));
  assert.match(line, /a &lt; b[^]*bytes\^1\.00/u);
  assert.match(ratios, /5\.0×/u);
  for (const drawn of [line, ratios]) assert.doesNotMatch(drawn, /NaN|undefined|Infinity/u);
});

test("in the chart a client that gives a promise is held against what is awaited, and a cold start is left out", () => {
  const variants = ["admissible", "admissible, awaited", "@freedomofpress/sigstore-browser"];
  const row = (name, ...medians) => ({ row: name, runs: 1, medians: Object.fromEntries(medians.map((time, at) => [variants[at], time])) });
  const page = { title: "Chromium 1.2.3", unit: "µs", variants, rows: [row("DSSE, at first sight", 8, 2, 16)] };
  const cold = { title: "Chromium, cold start", unit: "ms", variants: [variants[0], variants[2]], rows: [{ row: "import", runs: 1, medians: { [variants[0]]: 1, [variants[2]]: 3 } }] };
  charts({ parts: { browsers: { machine, tables: [page, cold] } } }, pathToFileURL(`${folder}/`));
  const drawn = readFileSync(join(folder, "ratios.svg"), "utf8");
  assert.deepEqual([...drawn.matchAll(/>([\d.]+)×</gu)].map(([, times]) => times), ["8.0", "0.1", "1", "10"]);
  assert.match(drawn, />Chromium: DSSE</u);
  assert.match(drawn, /sigstore-browser, both awaited</u);
});

test("docs/performance.md has a place for every part", () => {
  const text = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");
  const parts = [...text.matchAll(/<!-- bench:(\w+) -->\n/gu)].map(([, name]) => name);
  assert.deepEqual(parts.toSorted(), ["aims", "browsers", "cold", "features", "hash", "mixed", "native", "node24", "scale", "share", "warm", "workerd"]);
});

test("each part that needs nothing else runs", { timeout: 120_000 }, () => {
  const out = join(folder, "bench.json");
  const { ADMISSIBLE_TEST_DATA: _, ...env } = process.env;
  const parts = ["warm", "cold", "mixed", "hash", "share"];
  execFileSync(process.execPath, [fileURLToPath(new URL("bench.mjs", import.meta.url)), "--quick", ...parts], {
    env: { ...env, ADMISSIBLE_BENCH: out }, timeout: 120_000, stdio: ["ignore", "ignore", "inherit"],
  });
  const found = JSON.parse(readFileSync(out, "utf8"));
  assert.deepEqual(Object.keys(found.parts), parts);
  for (const { isQuick, tables } of Object.values(found.parts)) {
    assert.equal(isQuick, true);
    for (const { rows } of tables) assert.ok(rows.length > 0 && rows.every(({ medians }) => Object.values(medians).every((time) => time > 0)));
  }
});
