import type { ArtifactDigests } from "../artifact.js";
import type { TrustChange } from "../comparison.js";
import { digestsFromText } from "../digest-text.js";
import type { Policy } from "../policy/document.js";
import { npm } from "../policy/presets.js";
import type { PassedReport } from "../report.js";
import { Fetcher, SourceUnavailable } from "../sources/fetching.js";
import { npmAttestations } from "../sources/npm-attestations.js";
import type { Verifier } from "../verifier.js";
import { readFile } from "./arguments.js";
import { Misuse } from "./misuse.js";
import { palette, printable, printableJson, type Palette } from "./terminal.js";

/** A package of a lock file: what is installed, and what it must hash to. */
interface Locked {
  readonly name: string;
  readonly version: string;
  readonly digest: ArtifactDigests;
}

/** What became of one package. `changed` is verified too: something about who built it, or how, is not as it was in the earlier lock file. */
interface Row {
  readonly package: string;
  readonly state: "verified" | "changed" | "no-provenance" | "failed" | "unavailable";
  readonly repository?: string;
  readonly reason?: string;
  readonly changes?: readonly TrustChange[];
}

/** Packages that are asked for at once. */
const atOnce = 8;

/** What to judge, and how. */
interface Options {
  readonly registry: string;
  readonly policy: Buffer | undefined;
  readonly now: string;
  readonly since: string | undefined;
  readonly strict: boolean;
  readonly json: boolean;
}

/** Judges every package of a lock file. Returns the exit code. */
export async function lock(path: string, verifier: Verifier, options: Options): Promise<number> {
  const locked = packagesIn(path);
  const before = new Map((options.since === undefined ? [] : packagesIn(options.since).packages).map((one) => [one.name, one]));
  const rows: Row[] = [];
  const left = [...locked.packages];
  const fetcher = new Fetcher({}, []);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      rows.push(await judge(next, before.get(next.name), verifier, fetcher, options));
      progress(rows.length, locked.packages.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const order = ["failed", "unavailable", "changed", "no-provenance", "verified"];
  rows.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.package < b.package ? -1 : 1));
  const counts = Object.fromEntries(order.map((state) => [state, rows.filter((row) => row.state === state).length]));
  process.stdout.write(options.json ? `${printableJson({ counts, skipped: locked.skipped, packages: rows })}\n` : text(rows, counts, locked.skipped, palette(process.stdout)));
  const bad = rows.some(({ state, changes }) => state === "failed" || state === "unavailable" || (options.strict && state === "no-provenance") || changes?.some(({ severity }) => severity === "critical") === true);
  return bad ? 1 : 0;
}

/** The packages that come from a registry, each once; and what else there is. */
function packagesIn(path: string): { packages: readonly Locked[]; skipped: readonly string[] } {
  let document: { readonly packages?: Readonly<Record<string, { readonly [key: string]: unknown }>> } | null;
  try {
    document = JSON.parse(readFile(path, "the lock file").toString("utf8")) as typeof document;
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`the lock file is no JSON (${path})`);
  }
  if (typeof document?.packages !== "object" || document.packages === null) throw new Misuse(`expected a lock file of npm 7 or newer, with \`packages\` (${path})`);
  const packages = new Map<string, Locked>();
  const skipped: string[] = [];
  for (const [at, { name, version, resolved, integrity, link, inBundle }] of Object.entries(document.packages)) {
    if (at === "" || link === true || !at.includes("node_modules/")) continue;
    const called = typeof name === "string" ? name : at.slice(at.lastIndexOf("node_modules/") + "node_modules/".length);
    const isFetched = resolved === undefined || (typeof resolved === "string" && /^https?:/u.test(resolved));
    if (typeof version !== "string" || typeof integrity !== "string" || !isFetched) {
      if (inBundle !== true) skipped.push(called);
      continue;
    }
    packages.set(`${called}@${version} ${integrity}`, { name: called, version, digest: digestsFromText(integrity) as ArtifactDigests });
  }
  return { packages: [...packages.values()], skipped: [...new Set(skipped)] };
}

async function judge(locked: Locked, before: Locked | undefined, verifier: Verifier, fetcher: Fetcher, options: Options): Promise<Row> {
  const called = { package: `${locked.name}@${locked.version}` };
  try {
    const judged = await provenanceOf(locked, verifier, fetcher, options);
    if (judged === undefined) return { ...called, state: "no-provenance" };
    if (!("report" in judged)) return { ...called, state: "failed", reason: judged.reason };
    const repository = judged.report?.provenance?.source?.repository;
    const row: Row = { ...called, state: "verified", ...(repository !== undefined && { repository }) };
    if (before === undefined || judged.report === undefined || before.version === locked.version) return row;
    const previous = await provenanceOf(before, verifier, fetcher, options);
    if (previous === undefined || !("report" in previous) || previous.report === undefined) return row;
    const { changes } = verifier.compareTrust(previous.report, judged.report);
    const telling = changes.filter(({ severity }) => severity !== "info");
    return telling.length === 0 ? row : { ...row, state: "changed", changes: telling };
  } catch (error) {
    if (error instanceof SourceUnavailable) return { ...called, state: "unavailable", reason: error.message };
    throw error;
  }
}

/** The report of the provenance by which a package is admitted, if it is by one; why it is not; `undefined` where there is none. */
async function provenanceOf({ name, version, digest }: Locked, verifier: Verifier, fetcher: Fetcher, { registry, policy, now }: Options): Promise<{ report: PassedReport | undefined } | { reason: string } | undefined> {
  const pieces = await npmAttestations(verifier, fetcher, registry, name, version);
  if (!pieces.some(({ predicateType }) => predicateType?.startsWith("https://slsa.dev/provenance/") === true)) return undefined;
  const bundles = pieces.map(({ bundle }) => bundle);
  const genuine: Policy = npm({ package: name, version, dangerouslyAnyRepository: true });
  const evaluation = await verifier.evaluate({ bundles, artifact: digest, policy: policy ?? genuine, now, reference: `pkg:npm/${name.replace(/^@/u, "%40")}@${version}` });
  if (!evaluation.admitted) {
    const [unmet] = evaluation.requirements.flatMap(({ failures = [] }) => failures);
    const [finding] = evaluation.findings;
    return { reason: finding?.message ?? unmet?.message ?? evaluation.summary };
  }
  const reports = evaluation.bundles.map(({ report }) => report);
  return { report: reports.find((report): report is PassedReport => report.verdict === "passed" && report.provenance !== undefined) };
}

const marks: Readonly<Record<Row["state"], string>> = { verified: "✔", changed: "!", "no-provenance": "–", failed: "✘", unavailable: "?" };

function text(rows: readonly Row[], counts: Readonly<Record<string, number>>, skipped: readonly string[], paint: Palette): string {
  const width = Math.max(0, ...rows.map((row) => row.package.length));
  const colours = { verified: paint.good, changed: paint.warning, "no-provenance": paint.faint, failed: paint.bad, unavailable: paint.warning };
  const lines = rows.flatMap((row) => {
    const told = row.reason ?? row.repository ?? "";
    const line = `${colours[row.state](`${marks[row.state]} ${row.state.padEnd(13)}`)}  ${printable(row.package.padEnd(width))}  ${paint.faint(printable(told))}`.trimEnd();
    return [line, ...(row.changes ?? []).map(({ code, message }) => `    ${paint.warning(code)}  ${printable(message)}`)];
  });
  const summary = Object.entries(counts).map(([state, count]) => `${String(count)} ${state}`).join(", ");
  const others = skipped.length === 0 ? "" : `\nnot from a registry: ${skipped.map(printable).join(", ")}`;
  return `${lines.join("\n")}\n\n${summary}${others}\n`;
}

function progress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === all ? "\r\u001b[K" : `\r\u001b[K${String(done)} of ${String(all)} packages`);
}
