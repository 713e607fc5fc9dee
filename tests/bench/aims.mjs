// What was aimed at, beside what was measured. Of several kinds of bundle the worst one counts.

import { ratio, twoDigits } from "./measure.mjs";
import { lite, whole } from "./sizes.mjs";

const [ours, awaited] = ["admissible", "admissible, awaited"];
const [verify, browser, native] = ["@sigstore/verify", "@freedomofpress/sigstore-browser", "sigstore-verify"];

const isFirstSight = (row) => row.endsWith("at first sight");
const called = (name) => (row) => row === name;

/** How many times as long as ours another takes, in each row that counts. */
const times = (other, { base = ours, counts = isFirstSight } = {}) => ({ rows, variants }) =>
  rows.filter(({ row }) => counts(row)).map((line) => ratio({ variants: [base, ...variants] }, line, other));
/** One median. */
const median = (name, variant) => ({ rows }) => [rows.find(({ row }) => row === name).medians[variant]];

const atLeast = (least, unit = "×") => ({ words: `at least ${least}${unit}`, isReached: (found) => Math.min(...found) >= least, unit });
const atMost = (most, unit) => ({ words: `at most ${most}${unit}`, isReached: (found) => Math.max(...found) <= most, unit });

const started = { counts: called("after Node.js has started, and read the bundle") };
const unseen = { counts: called("none seen before, by a new verifier") };

/** Of which part's table, what it is about, what was aimed at, and what there is. A table is known by how its title begins. */
const aims = [
  ["warm", "One", "One verification, Node.js 20, beside `@sigstore/verify`", atLeast(4), times(verify)],
  ["node24", "Node.js 24", "The same, Node.js 24", atLeast(4), times(verify)],
  ["warm", "One", "One verification, awaited, Node.js 20", atLeast(6), times(verify, { base: awaited })],
  ["node24", "Node.js 24", "The same, Node.js 24", atLeast(6), times(verify, { base: awaited })],
  ["browsers", "Chromium", "The same, Chromium, beside `@freedomofpress/sigstore-browser`", atLeast(5), times(browser, { base: awaited })],
  ["cold", "Cold", "From import to the first verdict, Node.js 20, beside `@sigstore/verify`", atLeast(4), times(verify, started)],
  ["node24", "Node.js 24, cold", "The same, Node.js 24", atLeast(4), times(verify, started)],
  ["browsers", "Chromium, cold", "The same, in a new page of Chromium", atMost(25, " ms"), median("import to first verdict", ours)],
  ["workerd", "workerd", "The processor's time for one verification, workerd", atMost(10, " ms"), ({ numbers }) => [numbers?.processorMilliseconds]],
  ["mixed", "A bundle", "1,000 mixed bundles, beside `@sigstore/verify`", atLeast(5), times(verify, unseen)],
  ["native", "One", "One verification, natively, beside `sigstore-verify` with aws-lc-rs", atLeast(0.33), times(native)],
  ["hash", "Hashing", "Hashing in WebAssembly", atLeast(450, " MB/s"), ({ rows: [line] }) => [2 ** 20 / line.medians["admissible, in WebAssembly"]]],
  ["share", "Where", "Policy, report and border, of one verification", atMost(15, " %"), ({ numbers }) => [numbers?.policyReportAndBorderPercent]],
];

const sizes = [
  ["Module and glue, by brotli", atMost(150, " kB"), [whole / 1000]],
  ["The same, without any feature that can be left out", atMost(80, " kB"), [lite / 1000]],
];

/** The aims of what was measured, as rows: what, the aim, what there is, and whether that is enough. */
export function aimed({ parts }) {
  const measured = aims.map(([part, title, what, aim, find]) => {
    const { isQuick, tables } = parts[part] ?? { isQuick: true };
    return [what, aim, isQuick ? [] : find(tables.find((table) => table.title.startsWith(title))).filter((one) => one !== undefined)];
  });
  return [...measured, ...sizes].filter(([, , { length }]) => length > 0).map(([what, { words, isReached, unit }, found]) => {
    const ends = [...new Set([Math.min(...found), Math.max(...found)].map(twoDigits))];
    return [what, words, `${ends.join(" to ")}${unit}`, isReached(found) ? "yes" : "no"];
  });
}
