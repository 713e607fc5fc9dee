import { withoutSecrets } from "../offline/address.js";
import type { Policy } from "../policy/document.js";
import type { FetchOptions, SourceUnavailable } from "../sources/fetching.js";
import type { JudgeOptions, Outcome } from "../sources/judge.js";
import type { Verifier } from "../verifier.js";
import { evaluationText } from "./evaluation-text.js";
import { asking } from "./folder.js";
import { time } from "./policy/files.js";
import { progress, progressDone } from "./progress.js";
import { palette, printable, printableJson } from "./terminal.js";
import { verifier } from "./verify.js";

/** The flags of every command that asks a registry, as far as it matters here. */
export interface Values {
  readonly policy?: string | undefined;
  readonly now?: string | undefined;
  readonly offline?: string | undefined;
  readonly "trusted-root"?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What is judged. */
export interface Subject {
  /** As the command line names it. */
  readonly called: string;
  /** The command that saves the evidence for `--offline`. */
  readonly download: string;
}

/** Asks, judges and tells what came of it. Returns the exit code. */
export async function tell(
  subject: Subject,
  values: Values,
  policy: Policy | Buffer,
  verify: (judge: Verifier, options: JudgeOptions & FetchOptions) => Promise<Outcome>,
): Promise<number> {
  const judge = verifier(values["trusted-root"]);
  const source = await asking(values.offline);
  const onRequest = (url: string): void => progress(`asking ${printable(withoutSecrets(url))}`);
  const outcome = await verify(judge, { policy, now: time(values.now), onRequest, ...source }).finally(progressDone);
  process.stdout.write(values.json === true ? `${printableJson(plain(outcome))}\n` : text(subject, outcome, values.offline));
  return outcome.outcome !== "unavailable" && outcome.evaluation?.admitted === true ? 0 : 1;
}

/** Why there is no verdict, without what may be secret in the URL. */
export function unavailableText({ message, url }: SourceUnavailable): string {
  return message.replaceAll(url, withoutSecrets(url));
}

/** The outcome without the bundles' text. */
function plain(outcome: Outcome): object {
  if (outcome.outcome === "unavailable") {
    const { code, url, status } = outcome.error;
    return { outcome: outcome.outcome, error: { code, message: unavailableText(outcome.error), url: withoutSecrets(url), ...(status !== undefined && { status }) } };
  }
  const evidence = outcome.evidence.pieces.map(({ bundle: _, from, ...piece }) => ({ ...piece, from: withoutSecrets(from) }));
  const asked = outcome.evidence.asked.map(({ url, status }) => ({ url: withoutSecrets(url), status }));
  return { outcome: outcome.outcome, ...(outcome.evaluation !== undefined && { evaluation: outcome.evaluation }), evidence, asked };
}

function text({ called, download }: Subject, outcome: Outcome, offline: string | undefined): string {
  const paint = palette(process.stdout);
  if (outcome.outcome === "unavailable") {
    const next = outcome.error.code === "not-saved" ? `  ${paint.strong("next:")} ${printable(download)}\n` : "";
    return `${paint.strong(paint.warning("! no verdict"))}: ${printable(unavailableText(outcome.error))}\n${next}`;
  }
  const heading = offline === undefined ? "asked" : `answered from ${printable(offline)}, nobody was asked`;
  const asked = outcome.evidence.asked.map(({ url, status }) => `  ${String(status)} ${printable(withoutSecrets(url))}\n`).join("");
  if (outcome.outcome === "judged") return `${evaluationText(outcome.evaluation, paint)}\n${paint.faint(heading)}\n${asked}`;
  const { evaluation } = outcome;
  const excepted = evaluation?.admitted === true ? `\n${evaluationText(evaluation, paint)}` : "";
  return `${paint.strong(paint.bad("✘ none found"))}: there is no evidence about ${printable(called)}\n${excepted}\n${heading}\n${asked}`;
}
