import type { TrustChange } from "../comparison.js";
import type { Policy } from "../policy/document.js";
import { npm } from "../policy/presets.js";
import type { PassedReport } from "../report.js";
import { Fetcher, SourceUnavailable, type UnavailableCode } from "../sources/fetching.js";
import { npmAttestations, npmRegistry } from "../sources/npm-attestations.js";
import type { Verifier } from "../verifier.js";
import { asking } from "./folder.js";
import { each, packagesIn, type Locked } from "./lock-file.js";
import { unavailableText } from "./outcome.js";
import { progress, progressDone } from "./progress.js";
import { command } from "./registries.js";
import { palette, printable, printableJson, type Palette } from "./terminal.js";

/** What became of one package. `changed` is verified too: something about who built it, or how, is not as it was in the earlier lock file. */
interface Row {
  readonly package: string;
  readonly state: "verified" | "changed" | "no-provenance" | "failed" | "unavailable";
  readonly repository?: string;
  readonly reason?: string;
  /** Why the evidence is unavailable, for programs. */
  readonly code?: UnavailableCode;
  readonly changes?: readonly TrustChange[];
}

/** What to judge, and how. */
interface Options {
  readonly registry: string;
  /** The folder that answers, in place of the registry. */
  readonly offline: string | undefined;
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
  const fetcher = new Fetcher(await asking(options.offline), []);
  await each(locked.packages, async (one) => {
    rows.push(await judge(one, before.get(one.name), verifier, fetcher, options));
    progress(`${String(rows.length)} of ${String(locked.packages.length)} packages`);
  });
  progressDone();
  const order = ["failed", "unavailable", "changed", "no-provenance", "verified"];
  rows.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.package < b.package ? -1 : 1));
  const counts = Object.fromEntries(order.map((state) => [state, rows.filter((row) => row.state === state).length]));
  process.stdout.write(options.json ? `${printableJson({ counts, skipped: locked.skipped, packages: rows })}\n` : text(rows, counts, locked.skipped, palette(process.stdout)) + footer(path, rows, options));
  const bad = rows.some(({ state, changes }) => state === "failed" || state === "unavailable" || (options.strict && state === "no-provenance") || changes?.some(({ severity }) => severity === "critical") === true);
  return bad ? 1 : 0;
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
    if (error instanceof SourceUnavailable) return { ...called, state: "unavailable", code: error.code, reason: unavailableText(error) };
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

/** Where the answers are from, and how to get those that are missing. */
function footer(path: string, rows: readonly Row[], { offline, since, registry }: Options): string {
  if (offline === undefined) return "";
  const from = `answered from ${printable(offline)}, nobody was asked\n`;
  if (!rows.some(({ code }) => code === "not-saved")) return from;
  const other = registry === npmRegistry ? undefined : registry;
  const missing = [path, since].map((lock) => (lock === undefined ? [] : [command("download", "npm", "--lock", lock, "--to", offline, "--registry", other)]));
  return `${from}${missing.flat().map((line) => `next: ${printable(line)}\n`).join("")}`;
}
