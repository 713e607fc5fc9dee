import { withoutSecrets } from "../offline/address.js";
import type { Policy } from "../policy/document.js";
import type { FetchOptions } from "../sources/fetching.js";
import type { JudgeOptions, Outcome } from "../sources/judge.js";
import type { Verifier } from "../verifier.js";
import { evaluationText } from "./evaluation-text.js";
import { outcomeFlaws, verdictOf } from "./flaws.js";
import { asking } from "./folder.js";
import { formatOf, print, type FormatValues } from "./format.js";
import { imageJson, imageRows, type Shown } from "./image-text.js";
import { outcomeMarkdown } from "./markdown.js";
import { time } from "./policy/files.js";
import { progress, progressDone } from "./progress.js";
import { unavailableText } from "./registries.js";
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
    sarif: () => sarif(outcomeFlaws(called, outcome).map((flaw) => ({ flaw, subject: called, file })), exit, { subject: called, outcome: outcome.outcome, ...verdictOf(outcome.evaluation), ...imageJson(outcome.evidence) }),
    markdown: () => outcomeMarkdown(called, outcome),
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
  return { outcome: outcome.outcome, ...(outcome.evaluation !== undefined && { evaluation: outcome.evaluation }), evidence, ...imageJson(outcome.evidence), asked };
}

function text({ called, download }: Subject, outcome: Outcome<Shown>, offline: string | undefined): string {
  const paint = palette(process.stdout);
  if (outcome.outcome === "unavailable") {
    const next = outcome.error.code === "not-saved" ? `  ${paint.strong("next:")} ${printable(download)}\n` : "";
    return `${paint.strong(paint.warning("! no verdict"))}: ${printable(unavailableText(outcome.error))}\n${next}`;
  }
  const heading = offline === undefined ? "asked" : `answered from ${printable(offline)}, nobody was asked`;
  const asked = outcome.evidence.asked.map(({ url, status }) => `  ${String(status)} ${printable(withoutSecrets(url))}\n`).join("");
  const image = imageRows(outcome.evidence).map(([name, value]) => `\n${paint.faint(name.padEnd(8))} ${printable(value)}`).join("");
  const told = image === "" ? "" : `${image}\n`;
  if (outcome.outcome === "judged") return `${evaluationText(outcome.evaluation, paint)}${told}\n${paint.faint(heading)}\n${asked}`;
  const { evaluation } = outcome;
  const excepted = evaluation?.admitted === true ? `\n${evaluationText(evaluation, paint)}` : "";
  return `${paint.strong(paint.bad("✘ none found"))}: there is no evidence about ${printable(called)}\n${excepted}${told}\n${heading}\n${asked}`;
}
