import { unavailableText } from "../offline/address.js";
import type { Policy } from "../policy/document.js";
import { npm } from "../policy/presets.js";
import type { Evaluation } from "../evaluation.js";
import type { PassedReport } from "../report.js";
import { Fetcher, SourceUnavailable } from "../sources/fetching.js";
import { npmAttestations } from "../sources/npm-attestations.js";
import type { Verifier } from "../verifier.js";
import { evaluationFlaws } from "./flaws.js";
import { asking } from "./folder.js";
import { print, type Format } from "./format.js";
import { each, packagesIn, type Locked } from "./lock-file.js";
import { json, log, markdown, states, text, type Judged, type Row } from "./lock-table.js";
import { progress, progressDone } from "./progress.js";
import { palette } from "./terminal.js";

/** What to judge, and how. */
export interface LockOptions {
  readonly registry: string;
  /** The folder that answers, in place of the registry. */
  readonly offline: string | undefined;
  readonly policy: Buffer | undefined;
  readonly now: string;
  readonly since: string | undefined;
  /** Packages without provenance fail too. */
  readonly strict: boolean;
  readonly format: Format;
}

/** Judges every package of a lock file. Returns the exit code. */
export async function lock(path: string, verifier: Verifier, options: LockOptions): Promise<number> {
  const { packages, skipped } = packagesIn(path);
  const before = new Map((options.since === undefined ? [] : packagesIn(options.since).packages).map((one) => [one.name, one]));
  const rows: Row[] = [];
  const fetcher = new Fetcher({ ...(await asking(options.offline)), deadline: Infinity }, []);
  await each(packages, async (one) => {
    const previous = before.get(one.name);
    rows.push(compared(await judge(one, previous, verifier, fetcher, options), previous, one));
    progress(`${String(rows.length)} of ${String(packages.length)} packages`);
  });
  progressDone();
  rows.sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state) || (a.package < b.package ? -1 : 1));
  const judged: Judged = { path, rows, skipped, exit: rows.some(({ flaws }) => flaws.some(({ level }) => level === "error")) ? 1 : 0, ...options };
  print(options.format, {
    text: () => text(judged, palette(process.stdout)),
    json: () => json(judged),
    sarif: () => log(judged),
    markdown: () => markdown(judged),
  });
  return judged.exit;
}

async function judge(locked: Locked, before: Locked | undefined, verifier: Verifier, fetcher: Fetcher, options: LockOptions): Promise<Row> {
  const called = { package: `${locked.name}@${locked.version}`, line: locked.line, flaws: [] };
  try {
    const judged = await provenanceOf(locked, verifier, fetcher, options);
    if (judged === undefined) {
      const flaws = options.strict ? [{ code: "no-provenance", level: "error", message: "expected provenance, found none" } as const] : [];
      return { ...called, state: "no-provenance", flaws };
    }
    const { evaluation, report } = judged;
    if (evaluation.verdict !== "verified") {
      return { ...called, state: evaluation.admitted ? "excepted" : "failed", reason: reasonOf(evaluation), flaws: evaluationFlaws(evaluation) };
    }
    const repository = report?.provenance?.source?.repository;
    const row: Row = { ...called, state: "verified", ...(repository !== undefined && { repository }) };
    if (before === undefined || report === undefined || before.version === locked.version) return row;
    const previous = await provenanceOf(before, verifier, fetcher, options);
    if (previous?.report === undefined) {
      const reason = `not compared with ${before.version}, of which ${previous === undefined ? "there is no provenance" : "the provenance does not verify"}`;
      return { ...row, reason, flaws: [{ code: "not-compared", level: "warning", message: reason }] };
    }
    const changes = verifier.compareTrust(previous.report, report).changes.filter(({ severity }) => severity !== "info");
    const flaws = changes.map(({ code, message, severity }) => ({ code, level: severity === "critical" ? "error" : "warning", message }) as const);
    return changes.length === 0 ? row : { ...row, state: "changed", changes, flaws };
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    const reason = unavailableText(error);
    return { ...called, state: "unavailable", code: error.code, reason, flaws: [{ code: `unavailable-${error.code}`, level: "error", message: reason }] };
  }
}

/** No registry publishes a version twice: another file under the same version is news, whoever built it, and whether anybody says so. */
function compared(row: Row, before: Locked | undefined, { version, digest }: Locked): Row {
  if (before?.version !== version || JSON.stringify(before.digest) === JSON.stringify(digest) || !["verified", "no-provenance"].includes(row.state)) return row;
  const message = "expected the file that the earlier lock file has of this version, found another";
  return { ...row, state: "changed", reason: message, flaws: [...row.flaws, { code: "file-changed", level: "error", message }] };
}

/** What a package's evidence comes to, with the report of the provenance by which it is admitted, if it is by one; `undefined` where there is none. */
async function provenanceOf(
  { name, version, digest }: Locked,
  verifier: Verifier,
  fetcher: Fetcher,
  { registry, policy, now }: LockOptions,
): Promise<{ readonly evaluation: Evaluation; readonly report: PassedReport | undefined } | undefined> {
  const pieces = await npmAttestations(verifier, fetcher, registry, name, version);
  if (!pieces.some(({ predicateType }) => predicateType?.startsWith("https://slsa.dev/provenance/") === true)) return undefined;
  const bundles = pieces.map(({ bundle }) => bundle);
  const genuine: Policy = npm({ package: name, version, dangerouslyAnyRepository: true });
  const evaluation = await verifier.evaluate({ bundles, artifact: digest, policy: policy ?? genuine, now, reference: `pkg:npm/${name.replace(/^@/u, "%40")}@${version}` });
  const reports = evaluation.admitted ? evaluation.bundles.map(({ report }) => report) : [];
  return { evaluation, report: reports.find((report): report is PassedReport => report.verdict === "passed" && report.provenance !== undefined) };
}

/** The first reason, in a sentence. */
function reasonOf({ admitted, requirements, findings, summary }: Evaluation): string {
  if (admitted) return summary;
  const [unmet] = requirements.flatMap(({ failures = [] }) => failures);
  const [finding] = findings;
  return finding?.message ?? unmet?.message ?? summary;
}
