// Charts of what was measured, as SVG that stands for itself: no script, no font but the reader's, and colours that are told apart in light and dark.

import { mkdirSync, writeFileSync } from "node:fs";
import { exponent, ratio } from "./measure.mjs";

const [width, height, left, right, top, bottom] = [640, 360, 64, 16, 40, 48];
/** The one that gives a promise, and is held against what is awaited here too. */
const waits = "@freedomofpress/sigstore-browser";
/** The other clients. */
const known = ["@sigstore/verify", waits, "sigstore-verify"];
const text = (string) => String(string).replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Draws a file for each series, and one of how long the other clients take. A quick run is not drawn: its numbers say nothing. */
export function charts({ parts: all }, folder) {
  const parts = Object.fromEntries(Object.entries(all).filter(([, { isQuick }]) => !isQuick));
  mkdirSync(folder, { recursive: true });
  const write = (name, title, body) => writeFileSync(new URL(`${name}.svg`, folder), svg(title, body));
  for (const series of parts.scale?.series ?? []) write(series.name, ...curve(series));
  const tables = Object.entries(parts).filter(([name]) => ["warm", "node24", "mixed", "native", "browsers", "workerd"].includes(name)).flatMap(([, { tables }]) => tables)
    .filter(({ title }) => !title.includes("cold start"));
  if (tables.length > 0) write("ratios", ...bars(tables));
}

function svg(title, { lines, tall = height }) {
  const style = "text{font:12px sans-serif;fill:#57606a}.t{font-size:14px;font-weight:bold}.g{stroke:#8c959f;stroke-width:.5;stroke-opacity:.4}"
    + ".b{font-weight:bold}.d{fill:#0969da}.s{fill:#bc4c00}"
    + ".l{stroke:#0969da;stroke-width:2;fill:none}.f{stroke:#bc4c00;stroke-dasharray:5 4;fill:none}.e{text-anchor:end}.m{text-anchor:middle}";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" role="img"><title>${text(title)}</title><style>${style}</style>\n`
    + `${lines.join("\n")}\n</svg>\n`;
}

/** Powers of ten that a span of numbers touches. */
function decades(values) {
  const [from, to] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: Math.max(to, from + 1) - from + 1 }, (_, at) => from + at);
}

const short = (power) => (power < 3 ? 10 ** power : power < 6 ? `${10 ** (power - 3)}k` : `${10 ** (power - 6)}M`);

/** A series with both axes logarithmic, and the power law that fits its upper half. */
function curve({ title, x: unit, points: all }) {
  const points = all.filter(([x]) => x > 0);
  const [xs, ys] = [decades(points.map(([x]) => x)), decades(points.map(([, y]) => y))];
  const place = (value, [first, ...rest], from, to) => from + ((Math.log10(value) - first) / (rest.at(-1) - first)) * (to - from);
  const at = ([x, y]) => [place(x, xs, left, width - right), place(y, ys, height - bottom, top)].map((number) => number.toFixed(1));
  const slope = exponent(points);
  const upper = points.slice(points.length >> 1);
  const middle = upper.reduce((sum, [x, y]) => sum + Math.log(y) - slope * Math.log(x), 0) / upper.length;
  const fit = [upper[0], upper.at(-1)].map(([x]) => at([x, Math.exp(middle + slope * Math.log(x))]));
  const lines = [
    `<text class="t" x="${left}" y="22">${text(`Cost by ${title}`)}</text>`,
    ...xs.map((power) => [at([10 ** power, 10 ** ys[0]])[0], short(power)])
      .map(([x, name]) => `<path class="g" d="M${x} ${top}V${height - bottom}"/><text class="m" x="${x}" y="${height - bottom + 18}">${name}</text>`),
    ...ys.map((power) => [at([10 ** xs[0], 10 ** power])[1], power])
      .map(([y, power]) => `<path class="g" d="M${left} ${y}H${width - right}"/><text class="e" x="${left - 8}" y="${Number(y) + 4}">${microseconds(power)}</text>`),
    `<path class="l" d="M${points.map((point) => at(point).join(" ")).join("L")}"/>`,
    ...points.map(at).map(([x, y]) => `<circle class="d" cx="${x}" cy="${y}" r="3"/>`),
    `<path class="f" d="M${fit.map((point) => point.join(" ")).join("L")}"/>`,
    `<text x="${left + 10}" y="${top + 16}">dashed: cost ~ ${text(unit)}^${slope.toFixed(2)} over the upper half</text>`,
    `<text class="m" x="${(left + width - right) / 2}" y="${height - 8}">${text(unit)}</text>`,
  ];
  return [`Cost by ${title}`, { lines }];
}

const microseconds = (power) => (power < 3 ? `${10 ** power} µs` : power < 6 ? `${10 ** (power - 3)} ms` : `${10 ** (power - 6)} s`);

/** For each row at first sight and each other client a bar from 1: to the right the package is faster, to the left the other. */
function bars(tables) {
  const label = ({ title }, { row }) => [title.startsWith("One") ? "" : `${title.replace(/ \d+[.-][\d.-]+$/u, "")}: `, row.replace(", at first sight", "")].join("");
  const all = tables.flatMap((table) => table.rows.filter(({ row }) => !/, again$|^most seen/u.test(row)).flatMap((row) => table.variants.slice(1)
    .filter((name) => known.includes(name) && row.medians[name] !== undefined)
    .map((name) => [label(table, row), name, ratio(table, row, name) / (name === waits ? ratio(table, row, "admissible, awaited") : 1)])));
  const [step, start, middle, unit] = [20, 44, 480, 64];
  const x = (times) => middle + Math.log10(times) * unit;
  const lines = [`<text class="t" x="8" y="22">${title}</text>`];
  let y = start;
  for (const client of new Set(all.map(([, by]) => by))) {
    lines.push(`<text class="b" x="8" y="${y + 13}">${text(client === waits ? `${client}, both awaited` : client)}</text>`);
    y += step;
    for (const [row, , times] of all.filter(([, by]) => by === client)) {
      const [from, to] = [1, times].map(x).toSorted((a, b) => a - b);
      const [kind, end] = times >= 1 ? ["d", to] : ["s", middle];
      lines.push(`<text class="e" x="410" y="${y + 13}">${text(row)}</text>`);
      lines.push(`<rect class="${kind}" x="${from.toFixed(1)}" y="${y + 3}" width="${(to - from).toFixed(1)}" height="13"/>`);
      lines.push(`<text x="${(end + 5).toFixed(1)}" y="${y + 13}">${times >= 9.95 ? times.toFixed(0) : times.toFixed(1)}×</text>`);
      y += step;
    }
  }
  lines.push(...[0.1, 1, 10].map((times) => `<path class="g" d="M${x(times)} ${start}V${y}"/><text class="m" x="${x(times)}" y="${y + 14}">${times}×</text>`));
  return [title, { lines, tall: y + 24 }];
}

const title = "How many times as long as the package others take, at first sight";
