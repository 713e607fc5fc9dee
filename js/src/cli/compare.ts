import type { TrustComparison, UsedInputs } from "../comparison.js";
import { UsageError } from "../errors.js";
import type { Report } from "../report.js";
import { parse } from "./arguments.js";
import { inputFlaws, inputMarkdown, inputText, trustFlaws, trustMarkdown, trustText, type Compared } from "./compare-text.js";
import type { Flaw } from "./flaws.js";
import { formatFlags, formatHelp, formatOf, print, type Format } from "./format.js";
import { about, isEvaluation, judgedIn, kept, onceStandardInput, outcomeIn, refusedIn, reportIn, type Kept, type KeptReport } from "./kept.js";
import { Misuse } from "./misuse.js";
import { onlyOperand } from "./policy/files.js";
import { sarif } from "./sarif.js";
import { palette } from "./terminal.js";
import { verifier } from "./verify.js";

/** The text of `admissible compare --help`. */
export const help = `\
Tells what of a thing's trust changed between two reports, or what a build used beside what its provenance records.
Nothing is verified: the files are taken as written, by whomever. Compare reports that you made yourself.

usage: admissible compare <before> <after> [--fail-on SEVERITY]
       admissible compare <report> --used FILE

  <before>              a report or an evaluation, as verify --json or verify-… --json prints it, or a baseline, as the
                        library makes it; it must have verified
  <after>               a report or an evaluation
  --fail-on SEVERITY    the least change that counts as drift: critical (what was trusted does not hold any more), warning
                        (to be looked at first; this one unless given) or info (worth knowing)

  <report>              a report or an evaluation that verified and tells of provenance
  --used FILE           what the build used (JSON), at least one of
                        { "commit": "…", "source": "https://github.com/acme/app",
                          "dependencies": [{ "uri": "pkg:npm/a@1.0.0", "digest": "sha256:…" }] }

  --bundle N            which bundle of an evaluation, counted from 0, where several could be meant; twice where <before> and
                        <after> are evaluations and it is not the same
${formatHelp(22)}  --help                this text

One of the files may be -, which is standard input.

exit codes: 0 no drift, or everything that was used is recorded so; 1 drift, or something is not; 2 wrong use, or a file that
cannot be compared. To learn whether the evidence is genuine: admissible verify
`;

const severities = ["info", "warning", "critical"] as const;

const flags = {
  used: { type: "string" },
  bundle: { type: "string", multiple: true },
  "fail-on": { type: "string" },
  ...formatFlags,
  help: { type: "boolean", short: "h" },
} as const;

/** `admissible compare`. Returns the exit code. */
export async function compare(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, flags);
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const format = formatOf(values);
  const bundles = (values.bundle ?? []).map(bundleNumber);
  const { used, "fail-on": failOn = "warning" } = values;
  if (used !== undefined) {
    if (values["fail-on"] !== undefined) throw new Misuse("--fail-on is for two reports: with --used, everything that was used must be recorded so");
    return inputs(onlyOperand(positionals, "the report"), used, bundles, format);
  }
  const [before, after, extra] = positionals;
  if (before === undefined || after === undefined) throw new Misuse("name two files, <before> and <after>; or one and what the build --used");
  if (extra !== undefined) throw new Misuse(`two files are compared: ${extra} is one too many`);
  const least = severities.find((severity) => severity === failOn);
  if (least === undefined) throw new Misuse(`--fail-on is info, warning or critical, not ${failOn}`);
  onceStandardInput([before, after]);
  const previous = judgedIn(await kept(before, "a report, an evaluation or a baseline"));
  const read = await kept(after, "a report or an evaluation");
  const noneFound = outcomeIn(read) === "none-found";
  const next = noneFound ? read : judgedIn(read);
  const [ofPrevious, ofNext] = chosen(bundles, [previous, next]);
  const remembered = trusted(previous, ofPrevious);
  const refused = noneFound ? "none-found" : refusedIn(next);
  const found = refused === undefined ? reportIn(next, ofNext) : next;
  const comparison = refused === undefined ? trust(remembered, found) : notVerified(refused);
  const counting = severities.slice(severities.indexOf(least));
  const exit = comparison.changes.some(({ severity }) => counting.includes(severity)) ? 1 : 0;
  const compared: Compared = { files: { before: remembered, after: found }, subject: found, exit, paint: palette(process.stdout) };
  return tell(format, compared, comparison, {
    text: () => trustText(comparison, least, compared),
    flaws: () => trustFlaws(comparison, counting),
    markdown: () => trustMarkdown(comparison, least, compared),
  });
}

async function inputs(report: string, used: string, bundles: readonly number[], format: Format): Promise<number> {
  onceStandardInput([report, used]);
  const recorded = judgedIn(await kept(report, "a report or an evaluation"));
  const given = await kept(used, "what was used");
  const [which] = chosen(bundles, [recorded]);
  const found = trusted(recorded, which);
  const comparison = about({ report: found, used: given }, () => verifier(undefined).compareInputs(found.document as unknown as Report, given.document as unknown as UsedInputs));
  const compared: Compared = { files: { report: found, used: given }, subject: given, exit: comparison.matches ? 0 : 1, paint: palette(process.stdout) };
  return tell(format, compared, comparison, {
    text: () => inputText(comparison, compared),
    flaws: () => inputFlaws(comparison),
    markdown: () => inputMarkdown(comparison, compared),
  });
}

function tell(
  format: Format,
  { subject: { name, path }, exit }: Compared,
  comparison: object,
  { text, flaws, markdown }: { readonly text: () => string; readonly flaws: () => readonly Flaw[]; readonly markdown: () => string },
): number {
  print(format, {
    text,
    json: () => ({ verified: false, ...comparison }),
    sarif: () => sarif(flaws().map((flaw) => ({ flaw, subject: name, file: path })), exit, { subject: name, verified: false }),
    markdown,
  });
  return exit;
}

/** The report of the version that was trusted. @throws UsageError where it was not */
function trusted(kept: Kept, bundle: number | undefined): KeptReport {
  const refused = refusedIn(kept);
  if (refused === undefined) return reportIn(kept, bundle);
  throw new UsageError("invalid-report", `expected an evaluation that is verified, found one that is ${refused} (${kept.name})`, `${kept.at}/verdict`);
}

function trust(previous: Kept, next: Kept): TrustComparison {
  return about({ previous, next }, () => verifier(undefined).compareTrust(previous.document as unknown as Report, next.document as unknown as Report));
}

/** What the core says of a next report that failed, of evidence that is not enough although a bundle in it is genuine. */
function notVerified(refused: string): TrustComparison {
  const change = { code: "next-not-verified", severity: "critical", message: `expected a version that verifies, found \`${refused}\``, next: refused } as const;
  return { mediaType: "application/vnd.admissible.trust-comparison.v1+json", same: false, severity: "critical", changes: [change] };
}

/** Which bundle of each document; a number alone is for every evaluation. @throws Misuse */
function chosen(bundles: readonly number[], documents: readonly Kept[]): readonly (number | undefined)[] {
  const evaluations = documents.filter(isEvaluation);
  const [one, another, extra] = bundles;
  if (one !== undefined && evaluations.length === 0) throw new Misuse("--bundle is for an evaluation, and there is none");
  if (extra !== undefined || (another !== undefined && evaluations.length !== 2)) throw new Misuse("--bundle is given once for every evaluation at most");
  const ofEach = [one, another ?? one];
  return documents.map((document) => (isEvaluation(document) ? ofEach[evaluations.indexOf(document)] : undefined));
}

function bundleNumber(text: string): number {
  if (!/^\d{1,6}$/u.test(text)) throw new Misuse(`--bundle is a number, counted from 0, not ${text}`);
  return Number(text);
}
