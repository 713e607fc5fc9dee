import type { ArtifactDigests } from "../artifact.js";
import { digestsFromText } from "../digest-text.js";
import { readFile } from "./arguments.js";
import { Misuse } from "./misuse.js";

/** A package of a lock file: what is installed, and what it must hash to. */
export interface Locked {
  readonly name: string;
  readonly version: string;
  readonly digest: ArtifactDigests;
  /** Where it is in the file, counted from 1. */
  readonly line: number;
}

/** The packages of a `package-lock.json` that come from a registry, each once; and what else there is. @throws Misuse */
export function packagesIn(path: string): { packages: readonly Locked[]; skipped: readonly string[] } {
  let text: string;
  let document: { readonly packages?: Readonly<Record<string, { readonly [key: string]: unknown }>> } | null;
  try {
    text = readFile(path, "the lock file").toString("utf8");
    document = JSON.parse(text) as typeof document;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`the lock file is no JSON (${path})`);
  }
  if (typeof document?.packages !== "object" || document.packages === null) throw new Misuse(`expected a lock file of npm 7 or newer, with \`packages\` (${path})`);
  const packages = new Map<string, Locked>();
  const lines = linesOf(text);
  const skipped: string[] = [];
  for (const [at, { name, version, resolved, integrity, link, inBundle }] of Object.entries(document.packages)) {
    if (at === "" || link === true || !at.includes("node_modules/")) continue;
    const called = typeof name === "string" ? name : at.slice(at.lastIndexOf("node_modules/") + "node_modules/".length);
    const isFetched = resolved === undefined || (typeof resolved === "string" && /^https?:/u.test(resolved));
    if (typeof version !== "string" || typeof integrity !== "string" || !isFetched) {
      if (inBundle !== true) skipped.push(called);
      continue;
    }
    const key = `${called}@${version} ${integrity}`;
    if (packages.has(key)) continue;
    packages.set(key, { name: called, version, digest: digestsFromText(integrity) as ArtifactDigests, line: lines.get(at) ?? 1 });
  }
  return { packages: [...packages.values()], skipped: [...new Set(skipped)] };
}

/** On which line each member of `packages` begins. The text is JSON: it was parsed. */
function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let line = 1;
  let depth = 0;
  let member = "";
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:\n]/gu)) {
    if (token === "\n") line += 1;
    else if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token !== ":") last = token;
    else if (depth === 1) member = JSON.parse(last) as string;
    else if (depth === 2 && member === "packages") lines.set(JSON.parse(last) as string, line);
  }
  return lines;
}

/** Packages that are asked for at once. */
const atOnce = 8;

/** Does the same for every item, some at once. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
