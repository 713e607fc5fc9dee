// What the package costs, beside other clients: `cargo xtask bench`, which builds what this needs.
//
//   node bench.mjs [--quick] [--charts] [--docs] [part…]
//
// Each part times its variants in turns and gives medians; what counts is their ratio. Parts that ran replace theirs in the file that ADMISSIBLE_BENCH
// names, from which `--charts` draws docs/charts/*.svg and `--docs` rewrites the tables of docs/performance.md.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { charts } from "./charts.mjs";
import { documented, printed } from "./tables.mjs";

const parts = ["warm", "cold", "node24", "mixed", "hash", "share", "scale", "native", "browsers", "workerd"];
const path = (name) => new URL(`../../${name}`, import.meta.url);
const out = process.env.ADMISSIBLE_BENCH ?? path("target/bench.json");

const flags = { quick: { type: "boolean" }, charts: { type: "boolean" }, docs: { type: "boolean" } };
const { values, positionals } = parseArgs({ options: flags, allowPositionals: true });
const unknown = positionals.find((name) => !parts.includes(name));
if (unknown !== undefined) {
  console.error(`there is no part \`${unknown}\`: ${parts.join(", ")}`);
  process.exit(2);
}
const isToldOnly = positionals.length === 0 && (values.charts || values.docs);
const wanted = isToldOnly ? [] : positionals.length === 0 ? parts : parts.filter((name) => positionals.includes(name));

const read = () => (existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : { parts: {} });
for (const name of wanted) {
  const { about, run } = await import(`./parts/${name}.mjs`);
  console.log(`── ${name}: ${about}`);
  const start = performance.now();
  const say = (words) => console.log(`   ${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${words}`);
  const machine = { node: process.version, processor: cpus()[0]?.model ?? "unknown", cores: availableParallelism() };
  const result = { machine, isQuick: values.quick === true, ...(await run({ quick: values.quick === true, say })) };
  const { parts: kept } = read();
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify({ parts: { ...kept, [name]: result } }, null, 2)}\n`);
  console.log(printed(result));
}
if (values.charts) charts(read(), path("docs/charts/"));
if (values.docs) {
  const file = path("docs/performance.md");
  writeFileSync(file, documented(readFileSync(file, "utf8"), read()));
}
