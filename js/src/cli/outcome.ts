import { unavailableText, withoutSecrets } from "../offline/address.js";
import type { Policy } from "../policy/document.js";
import type { FetchOptions } from "../sources/fetching.js";
import type { JudgeOptions, Outcome } from "../sources/judge.js";
import type { Verifier } from "../verifier.js";
import { evaluationText } from "./evaluation-text.js";
import { evidenceJson, evidenceRows, type Shown } from "./evidence-text.js";
import { noneFound, outcomeFlaws, verdictOf } from "./flaws.js";
import { asking } from "./folder.js";
import { formatOf, print, type FormatValues } from "./format.js";
import { outcomeMarkdown } from "./markdown.js";
import { time } from "./policy/files.js";
import { progress, progressDone } from "./progress.js";
import { sarif } from "./sarif.js";
import { palette, printable } from "./terminal.js";
import { verifier } from "./verify.js";

/** The flags of every command that asks a registry, as far as it matters here. */
export interface Values extends FormatValues {
  readonly policy?: string | undefined;
  readonly now?: string | undefined;
  readonly offline?: string | undefined;
  readonly "trusted-root"?: string | undefined;
}

/** What is judged. */
export interface Subject {
  /** As the command line names it. */
  readonly called: string;
  /** Where it is, when it is a file. */
  readonly file?: string | undefined;
  /** The command that saves the evidence for `--offline`. */
  readonly download: string;
  /** Whether the registry knows it at all, where that can be told apart from having no evidence about it. */
  readonly isThere?: (evidence: Shown) => boolean;
}

/** Asks, judges and tells what came of it. Returns the exit code. */
export async function tell(
  subject: Subject,
  values: Values,
  policy: Policy | Buffer,
  verify: (judge: Verifier, options: JudgeOptions & FetchOptions) => Promise<Outcome<Shown>>,
): Promise<number> {
  const format = formatOf(values);
  const judge = verifier(values["trusted-root"]);
  const source = await asking(values.offline);
  const onRequest = (url: string): void => progress(`asking ${printable(withoutSecrets(url))}`);
  const outcome = await verify(judge, { policy, now: time(values.now), onRequest, ...source }).finally(progressDone);
  const exit = outcome.outcome !== "unavailable" && outcome.evaluation?.admitted === true ? 0 : 1;
  const { called } = subject;
  // Code scanning refuses results without a file: else it is the one that says what is demanded.
  const file = subject.file ?? values.policy;
  print(format, {
    text: () => text(subject, outcome, values.offline),
    json: () => plain(outcome),
    sarif: () => sarif(outcomeFlaws(subject, outcome).map((flaw) => ({ flaw, subject: called, file })), exit, { subject: called, outcome: outcome.outcome, ...verdictOf(outcome.evaluation), ...evidenceJson(outcome.evidence) }),
    markdown: () => outcomeMarkdown(subject, outcome),
  });
  return exit;
}

/** The outcome without the bundles' text. */
function plain(outcome: Outcome<Shown>): object {
  if (outcome.outcome === "unavailable") {
    const { code, url, status } = outcome.error;
    return { outcome: outcome.outcome, error: { code, message: unavailableText(outcome.error), url: withoutSecrets(url), ...(status !== undefined && { status }) } };
  }
  const evidence = outcome.evidence.pieces.map(({ bundle: _, from, ...piece }) => ({ ...piece, from: withoutSecrets(from) }));
  const asked = outcome.evidence.asked.map(({ url, status }) => ({ url: withoutSecrets(url), status }));
  return { outcome: outcome.outcome, ...(outcome.evaluation !== undefined && { evaluation: outcome.evaluation }), evidence, ...evidenceJson(outcome.evidence), asked };
}

/** The most requests that are listed where there is evidence: what "none found" stands on is listed in full. */
const mostAsked = 6;

function text(subject: Subject, outcome: Outcome<Shown>, offline: string | undefined): string {
  const paint = palette(process.stdout);
  if (outcome.outcome === "unavailable") {
    const next = outcome.error.code === "not-saved" ? `  ${paint.strong("next:")} ${printable(subject.download)}\n` : "";
    return `${paint.strong(paint.warning("! no verdict"))}: ${printable(unavailableText(outcome.error))}\n${next}`;
  }
  const heading = offline === undefined ? "asked" : `answered from ${printable(offline)}, nobody was asked`;
  const requests = outcome.evidence.asked;
  const listed = requests.map(({ url, status }) => `  ${String(status)} ${printable(withoutSecrets(url))}\n`).join("");
  const rows = evidenceRows(outcome.evidence).map(([name, value]) => `\n${paint.faint(name.padEnd(8))} ${printable(value)}`).join("");
  const told = rows === "" ? "" : `${rows}\n`;
  if (outcome.outcome === "judged") {
    const asked = requests.length > mostAsked ? `  ${String(requests.length)} requests, which --json lists\n` : listed;
    return `${evaluationText(outcome.evaluation, paint)}${told}\n${paint.faint(heading)}\n${asked}`;
  }
  const { evaluation } = outcome;
  const excepted = evaluation?.admitted === true ? `\n${evaluationText(evaluation, paint)}` : "";
  return `${paint.strong(paint.bad("✘ none found"))}: ${printable(noneFound(subject, outcome.evidence))}\n${excepted}${told}\n${heading}\n${listed}`;
}
