import type { Sample, Samples } from "../samples/load.js";

/** A package of the registry, which does not exist. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly about: string;
  readonly sample: Sample;
  /** The download of its file breaks off. */
  readonly broken: boolean;
}

const firsts = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "iris", "juniper"];
const seconds: readonly (readonly [name: string, about: string])[] = [
  ["router", "Finds the handler for a path"],
  ["cache", "Keeps what was computed"],
  ["parse", "Reads text into a tree"],
  ["color", "Converts between colour spaces"],
  ["queue", "Does one thing after the other"],
  ["date", "Counts days and weeks"],
  ["diff", "Tells two texts apart"],
  ["logger", "Writes what happened"],
  ["retry", "Tries again, and gives up in time"],
  ["uuid", "Names things that have no name"],
];

/** Of ten packages, what evidence they have: most have good evidence, as one wishes. */
const pattern = ["good", "good", "bad", "good", "notes", "good", "none", "good", "excepted", "good"] as const;

/** A hundred packages over the samples, the same ones each time. */
export function packagesOf({ samples }: Samples): Package[] {
  const ofState = (state: Sample["state"]): readonly Sample[] => samples.filter((sample) => sample.state === state);
  const kinds = { good: ofState("verified"), bad: ofState("failed"), notes: ofState("verified-with-notes"), none: ofState("none-found"), excepted: ofState("excepted") };
  const used = { good: 0, bad: 0, notes: 0, none: 0, excepted: 0 };
  return firsts.flatMap((first, row) => seconds.map(([second, about], column): Package => {
    const place = row * seconds.length + column;
    const kind = pattern[(place * 3 + row) % pattern.length] ?? "good";
    const sample = kinds[kind][used[kind] % kinds[kind].length];
    used[kind] += 1;
    if (sample === undefined) throw new RangeError("expected a sample of every state, found none");
    return { name: `@sample/${first}-${second}`, version: `${String(row + 1)}.${String(column)}.0`, about, sample, broken: place % 33 === 32 };
  }));
}
