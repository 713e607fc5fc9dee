// Times, and tables of them. Machines differ, and one is never quiet: what counts is the ratio of medians of things that were timed in turns.

export const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** A millisecond of nothing: on a busy machine whoever has just worked is interrupted sooner than whoever has rested. */
const rest = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);

/** Microseconds that `work` takes. */
export function timed(work) {
  rest();
  const start = performance.now();
  work();
  return (performance.now() - start) * 1000;
}

/** Microseconds of the processor that `work` takes, which an interruption does not count towards. Threads that help are counted. */
export function worked(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** As `timed`, of what may have to be waited for. */
export async function timedAsync(work) {
  rest();
  const start = performance.now();
  await work();
  return (performance.now() - start) * 1000;
}

/** The variants of a round, in another order each time: whoever is first may find caches cold, and leave them so to whoever comes after. */
export function inTurn(variants, round) {
  const turned = variants.map((_, at) => variants[(at + round) % variants.length]);
  return Math.floor(round / variants.length) % 2 === 0 ? turned : turned.reverse();
}

/** Times by row and by variant. The first variant is what the others are held against. */
export class Times {
  #rows = new Map();

  constructor(variants) {
    this.variants = variants;
  }

  note(row, variant, time) {
    if (!this.#rows.has(row)) this.#rows.set(row, new Map(this.variants.map((name) => [name, []])));
    this.#rows.get(row).get(variant).push(time);
  }

  /** The medians as a table; `unit` is that of the times. */
  table(title, unit = "µs") {
    const rows = [...this.#rows].map(([row, times]) => ({
      row,
      runs: Math.max(...[...times.values()].map(({ length }) => length)),
      medians: Object.fromEntries([...times].filter(([, { length }]) => length > 0).map(([name, all]) => [name, rounded(median(all))])),
    }));
    return { title, unit, variants: this.variants, rows };
  }
}

/** Three digits are more than such a measurement has. */
export const rounded = (number) => Number(number.toPrecision(4));

/** Two digits, or what there is before the point. */
export const twoDigits = (number) =>
  number >= 99.5 ? Math.round(number).toLocaleString("en") : number.toFixed(number >= 9.95 ? 0 : number >= 1 ? 1 : 2);

/** How often the first variant fits into this one. */
export function ratio({ variants: [base] }, { medians }, variant) {
  return medians[variant] === undefined ? undefined : medians[variant] / medians[base];
}

/** The exponent by which y grows with x, over the points where x is large enough to count, the upper half: the slope of a line through
 * their logarithms by least squares. 1 is linear. */
export function exponent(points) {
  const upper = points.slice(points.length >> 1).map((point) => point.map(Math.log));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [0, 1].map((axis) => mean(upper.map((point) => point[axis])));
  return mean(upper.map(([a, b]) => (a - x) * (b - y))) / mean(upper.map(([a]) => (a - x) ** 2));
}
