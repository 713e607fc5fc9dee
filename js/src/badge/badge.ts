import type { Evaluation } from "../evaluation.js";
import { withoutSecrets } from "../offline/address.js";
import { printable } from "../printable.js";
import type { PassedReport, Report } from "../report.js";
import { buildOf, type Build } from "./build.js";
import { checksOf } from "./checks.js";
import { repositoryText, utc, type Context } from "./context.js";
import { custodyOf } from "./custody.js";
import { english } from "./english.js";
import { claimOf, factsOf, integrityOf, provenanceOf } from "./facts.js";
import type { Badge, BadgeLine } from "./model.js";
import { bounded, evaluationReasons, reportReasons, requirementsOf } from "./reasons.js";
import { basis } from "./report-shape.js";
import type { BadgeStrings, BadgeWords } from "./strings.js";
import { readSubject, type BadgeSubject, type Read, type Registry } from "./subject.js";
import { symbolOf } from "./symbols.js";

/** How a badge is worded. */
export interface BadgeOptions {
  /** What the caller calls the artifact, for instance `npm:acme@1.0.0`. */
  readonly name?: string;
  /** The sentences of another language (`german` of `admissible/badge/de`), or some of them; English unless stated. */
  readonly strings?: BadgeWords;
  /** A time for people, from RFC 3339 in UTC; date and time in UTC unless stated. */
  readonly time?: (time: string) => string;
  /** Whether facts link to where they can be looked up; `true` unless stated. */
  readonly links?: boolean;
}

/** Notes on evidence that was passed over, or on how it is written: the verdict stands on other evidence, and is not less for them. */
const harmless: readonly string[] = [
  "unknown-log",
  "unsupported-log-entry",
  "unknown-timestamp-authority",
  "unknown-ct-log",
  "proof-without-checkpoint",
  "superfluous-root",
  "log-body-not-canonical",
  "skipped-authority",
  "bundle-not-verified",
  "exception-expired",
];

/**
 * Says in words for a person what was found about an artifact. It verifies nothing and believes what it is given: hand in what your own verifier returned.
 *
 * It is `verified` only for a report that passed, with a signer that was demanded and an artifact that was bound, or for an evaluation that is verified by such
 * reports. What the caller did without makes it `verified-with-notes` at best. Facts are of verified bundles alone, in an evaluation of those by which its
 * requirements are met.
 *
 * @throws TypeError for what is none of the verifier's, or contradicts itself. What could not be verified is handed in as `{ error }`.
 */
export function badge(subject: BadgeSubject, options: BadgeOptions = {}): Badge {
  const { name, strings, time = utc, links = true } = options;
  const words = worded(strings);
  const context: Context = { words, time: (at) => printable(time(at)), link: (href) => (links && href !== undefined ? { href } : {}) };
  const found = judge(readSubject(subject), context);
  const { shown, more } = bounded(found.reasons ?? []);
  const called = name === undefined || name === "" ? undefined : printable(name);
  const title = words.title[found.state];
  return {
    state: found.state,
    ...(called !== undefined && { name: called }),
    title,
    claim: found.claim,
    integrity: found.integrity,
    provenance: found.provenance,
    facts: found.facts ?? [],
    doesNotProve: found.doesNotProve,
    notes: [...(found.notes ?? []), ...(more > 0 ? [words.note.more(more)] : [])],
    reasons: shown,
    requirements: found.requirements ?? [],
    checks: found.checks ?? [],
    custody: found.custody ?? [],
    aria: words.aria.sentence(title, called, found.claim),
    mark: { word: words.word[found.state], symbol: symbolOf[found.state] },
    language: words.language.tag,
    headings: words.heading,
  };
}

/** What of a badge depends on what was found. */
type Found = Pick<Badge, "state" | "claim" | "integrity" | "provenance" | "doesNotProve"> &
  Partial<Pick<Badge, "facts" | "notes" | "reasons" | "requirements" | "checks" | "custody">>;

function judge(read: Read, context: Context): Found {
  const { words } = context;
  switch (read.kind) {
    case "report":
      return read.report.verdict === "passed" ? verified([read.report], { named: false }, [], context) : refused(read.report, context);
    case "evaluation":
      return evaluated(read.evaluation, read.registry, context);
    case "none-found": {
      if (read.evaluation?.verdict === "excepted") return evaluated(read.evaluation, { named: false }, context);
      const asked = read.asked.map(({ url, status }) => words.reason.asked(printable(withoutSecrets(url)), status));
      const message = asked.length === 0 ? words.reason.notAsked : asked.join("; ");
      const reasons = [{ code: "none-found", message }];
      return { state: "none-found", claim: words.claim.noneFound, ...unknown(context), doesNotProve: [words.limit.noneFound], reasons };
    }
    case "error": {
      const message = read.message === "" ? words.reason.error : printable(read.message);
      const reasons = [{ code: printable(read.code), message }];
      return { state: "could-not-verify", claim: words.claim.noVerdict, ...unknown(context), doesNotProve: [words.limit.noVerdict], reasons };
    }
  }
}

/** A report that failed: nothing in it is shown as a fact. */
function refused(report: Report, context: Context): Found {
  const { words } = context;
  const { artifact, provenanceBinding } = report.checks;
  return {
    state: "failed",
    claim: words.claim.failed,
    integrity: artifact.status === "failed" ? { state: "failed", text: words.integrity.differs } : unknown(context).integrity,
    provenance: provenanceBinding.status === "failed" ? { state: "failed", text: words.provenance.differs } : unknown(context).provenance,
    doesNotProve: [words.limit.failed],
    reasons: reportReasons(report),
    notes: report.notes.map(({ message }) => printable(message)),
    checks: checksOf(report, context),
  };
}

function evaluated(evaluation: Evaluation, registry: Registry, context: Context): Found {
  const { words } = context;
  const { verdict, bundles } = evaluation;
  const failed = bundles.filter(({ report }) => report.verdict === "failed").length;
  const findings = evaluation.findings.filter(({ code }) => code !== "bundle-not-verified").map(({ message }) => printable(message));
  const requirements = requirementsOf(evaluation.requirements);
  if (verdict === "verified") {
    const notes = [...findings, ...(failed > 0 ? [words.note.passedOver(failed, bundles.length)] : [])];
    const found = verified(basis(evaluation), registry, notes, context);
    const isLess = evaluation.findings.some(({ code }) => !harmless.includes(code));
    return { ...found, requirements, ...(isLess && { state: "verified-with-notes" }) };
  }
  const isOther = bundles.some(({ report }) => report.checks.artifact.status === "failed") && bundles.every(({ report }) => report.checks.artifact.status !== "passed");
  const isExcepted = verdict === "excepted";
  return {
    state: isExcepted ? "excepted" : "failed",
    claim: isExcepted ? words.claim.excepted : evaluation.admitted ? words.claim.warned : words.claim.rejected,
    integrity: isOther ? { state: "failed", text: words.integrity.differs } : unknown(context).integrity,
    provenance: unknown(context).provenance,
    doesNotProve: [isExcepted ? words.limit.excepted : words.limit.failed],
    reasons: evaluationReasons(evaluation, context),
    notes: findings,
    requirements,
    ...(!isExcepted && { checks: refusedChecks(evaluation, context) }),
  };
}

/** The checks of the first bundle that did not verify. */
function refusedChecks({ bundles }: Evaluation, context: Context): Badge["checks"] {
  const refusal = bundles.find(({ report }) => report.verdict === "failed")?.report;
  return refusal === undefined ? [] : checksOf(refusal, context);
}

/** Bundles that verified: the facts are of the first that tells of a build, else of the first. */
function verified(reports: readonly PassedReport[], registry: Registry, also: readonly string[], context: Context): Found {
  const builds = reports.map((report) => ({ report, build: buildOf(report) }));
  const chosen = builds.find(({ build }) => build.attested) ?? builds[0];
  if (chosen === undefined) throw new TypeError("expected a report, found none");
  const { report, build } = chosen;
  const { less, notes } = caveats(builds, registry, report, context);
  const isSignedByRegistry = isSigned(report, registry) === true;
  const facts = factsOf(report, build, isSignedByRegistry, context);
  return {
    state: less ? "verified-with-notes" : "verified",
    claim: claimOf(report, build, context),
    integrity: integrityOf(report, context),
    provenance: provenanceOf(build, context),
    facts,
    doesNotProve: limits(build, registry, facts, integrityOf(report, context), context),
    notes: [...notes, ...also],
    checks: checksOf(report, context),
    custody: custodyOf(report, build, isSignedByRegistry, context),
  };
}

/** What makes a verified badge one with notes, that first, and what else a reader should know. */
function caveats(
  builds: readonly { readonly report: PassedReport; readonly build: Build }[],
  registry: Registry,
  chosen: PassedReport,
  { words }: Context,
): { readonly less: boolean; readonly notes: readonly string[] } {
  const any = (test: (report: PassedReport) => boolean): boolean => builds.some(({ report }) => test(report));
  const sources = new Set(
    builds.flatMap(({ build: { attested, repository, commit } }) => {
      if (!attested || repository === undefined) return [];
      return [`${repositoryText(repository.value)}${commit === undefined ? "" : ` (${printable(commit.value)})`}`];
    }),
  );
  const given = builds.flatMap(({ report }) => report.notes);
  const lowering = [
    any(({ checks: { signer } }) => signer.status === "passed" && "dangerouslyAnySigner" in signer.evidence) && words.note.anySigner,
    any(({ checks: { artifact } }) => artifact.status === "passed" && "dangerouslyUnbound" in artifact.evidence) && words.note.unbound,
    any(({ checks: { threshold } }) => threshold.status === "passed" && threshold.evidence.promiseOnly) && words.note.promiseOnly,
    any(isUnboundProvenance) && words.note.unboundProvenance,
    isSigned(chosen, registry) === false && words.note.registryDiffers,
    sources.size > 1 && words.note.sources([...sources]),
    builds.some(({ build: { ref } }) => ref?.value.startsWith("refs/pull/") === true) && words.note.pullRequest,
    any(isNegative) && words.note.negative,
    any(({ predicate }) => predicate?.kind === "malformed") && words.note.unreadable,
    ...given.filter(({ code }) => !harmless.includes(code)).map(({ message }) => printable(message)),
  ].filter((note) => note !== false);
  const others = given.filter(({ code }) => harmless.includes(code)).map(({ message }) => printable(message));
  return { less: lowering.length > 0, notes: [...new Set([...lowering, ...others])] };
}

/** Whether a statement of provenance was let pass without being held against the certificate. */
function isUnboundProvenance({ checks: { provenanceBinding }, predicate }: PassedReport): boolean {
  return provenanceBinding.status !== "passed" && predicate?.kind === "slsa-provenance";
}

/** Whether what was signed is that something did not go well: a statement of that is as genuine as one of the contrary. */
function isNegative({ predicate }: PassedReport): boolean {
  if (predicate?.kind === "verification-summary") return predicate.verificationResult !== "passed";
  return predicate?.kind === "test-result" && predicate.result !== "passed";
}

/** Whether the registry signed the digest that was judged; `undefined` where that cannot be told. */
function isSigned({ checks: { artifact } }: PassedReport, { signed }: Registry): boolean | undefined {
  if (signed === undefined || artifact.status !== "passed" || "dangerouslyUnbound" in artifact.evidence) return undefined;
  const { algorithm, digest } = artifact.evidence;
  return algorithm === undefined || !Object.hasOwn(signed, algorithm) ? undefined : signed[algorithm] === digest;
}

/** What the badge does not prove. */
function limits(build: Build, registry: Registry, facts: Badge["facts"], integrity: BadgeLine, { words: { limit } }: Context): string[] {
  const claimed = new Set(facts.filter(({ certified }) => !certified).map(({ label }) => label));
  return [
    integrity.state === "absent" && limit.unbound,
    !build.attested && limit.noProvenance,
    limit.flaws,
    limit.reviewed,
    build.repository === undefined ? limit.signer : limit.source(repositoryText(build.repository.value)),
    claimed.size > 0 && limit.claimed([...claimed]),
    build.level !== undefined && build.level.build < 3 && limit.level(build.level.build, printable(build.level.why)),
    registry.named && limit.registry,
  ].filter((sentence) => sentence !== false);
}

function unknown({ words }: Context): { readonly integrity: BadgeLine; readonly provenance: BadgeLine } {
  return { integrity: { state: "unknown", text: words.integrity.unknown }, provenance: { state: "unknown", text: words.provenance.unknown } };
}

/** English, with other words in place of some. */
export function worded(strings: BadgeWords | undefined): BadgeStrings {
  if (strings === undefined) return english;
  return Object.fromEntries(Object.entries(english).map(([group, words]) => [group, { ...words, ...strings[group as keyof BadgeStrings] }])) as unknown as BadgeStrings;
}
