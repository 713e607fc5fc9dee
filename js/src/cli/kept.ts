import { mostSourceBytes } from "../bundle.js";
import { UsageError } from "../errors.js";
import { evaluationMediaType } from "../evaluation.js";
import { readFile } from "./arguments.js";
import { Misuse } from "./misuse.js";
import { resembling } from "./resembling.js";
import { verifier } from "./verify.js";

/** A document that somebody kept, or a part of one. It is read strictly, and nothing in it is verified. */
export interface Kept {
  /** Its file, for messages. */
  readonly name: string;
  /** The file, where it is one. */
  readonly path?: string;
  /** JSON pointer of this part in the file. */
  readonly at: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** A report, and which bundle of an evaluation it is about. */
export interface KeptReport extends Kept {
  readonly bundle?: { readonly index: number; readonly of: number };
}

/** What every output says of what it was made of. */
export function unverified(kept: readonly Kept[]): string {
  const [one, two] = kept.map(({ name }) => name);
  return `${[one, two].filter((name) => name !== undefined).join(" and ")} ${two === undefined ? "is" : "are"} taken as written, by whomever: nothing was verified here`;
}

/** Standard input is one document. @throws Misuse */
export function onceStandardInput(paths: readonly string[]): void {
  if (paths.filter((path) => path === "-").length > 1) throw new Misuse("standard input (-) is one document: give the other as a file");
}

/**
 * Reads a JSON document of one of this program's kinds from a file, or from standard input for `-`. `expected` is what it should be, with the article.
 *
 * @throws Misuse for what is no JSON of one spelling, and for what is known to be something else.
 */
export async function kept(path: string, expected: string): Promise<Kept> {
  const name = path === "-" ? "standard input" : path;
  const bytes = path === "-" ? await standardInput() : readFile(path, "the file");
  const otherwise = (found: string): Misuse => new Misuse(`expected ${expected}, found ${found} (${name})`);
  let found: string | undefined;
  try {
    found = verifier(undefined).readSource(bytes).title;
  } catch (error) {
    if (!(error instanceof UsageError && error.code.endsWith("-source"))) throw error;
    // The core's parser refuses what two readers could read in two ways, which `JSON.parse` takes.
    if (error.code !== "unknown-source") throw new Misuse(`${name}: ${error.message}`);
    found = resembling(bytes, error);
  }
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  } catch {
    throw otherwise("several documents");
  }
  if (!isObject(document)) throw otherwise("something else");
  const ours = found === undefined || found === "a report" || found === "an evaluation" || typeof document["outcome"] === "string";
  if (ours) return { name, ...(path !== "-" && { path }), at: "", document };
  throw otherwise(document["verified"] === false ? "the claims that `inspect` prints; verify --json prints a report" : (found ?? "something else"));
}

/** The outcome that `verify-… --json` printed and that holds no evaluation; `undefined` for every other document. */
export function outcomeIn({ document }: Kept): string | undefined {
  const { outcome } = document;
  return typeof outcome === "string" && !("mediaType" in document) && !("evaluation" in document) ? outcome : undefined;
}

/** The evaluation in what `verify-… --json` printed; every other document as it is. @throws Misuse where it printed none */
export function judgedIn(kept: Kept): Kept {
  const { document, at, name } = kept;
  const outcome = outcomeIn(kept);
  if (outcome !== undefined) throw new Misuse(`expected an evaluation, found the outcome ${outcome}, which holds none (${name})`);
  const { evaluation } = document;
  return isObject(evaluation) && !("mediaType" in document) ? { ...kept, at: `${at}/evaluation`, document: evaluation } : kept;
}

/** Whether a document says that it is an evaluation. */
export function isEvaluation({ document }: Kept): boolean {
  return document["mediaType"] === evaluationMediaType;
}

/** Why what was judged is not verified, by its own word; `undefined` where it is, and for a report or a baseline, which the core reads. */
export function refusedIn(kept: Kept): string | undefined {
  if (!isEvaluation(kept)) return undefined;
  const { verdict } = kept.document;
  // What an exception lets pass is not verified.
  if (verdict === "excepted" || verdict === "rejected") return verdict;
  if (verdict === "verified") return undefined;
  throw new UsageError("invalid-report", `expected \`verified\`, \`excepted\` or \`rejected\`, found something else (${kept.name})`, `${kept.at}/verdict`);
}

/**
 * The report in a document: itself, or that of the bundle `index` of an evaluation. Without `index` it must be plain which: the one bundle that verified,
 * or the one of these that tells of provenance.
 *
 * @throws Misuse where it is not; UsageError for an evaluation that is none.
 */
export function reportIn(kept: Kept, index?: number): KeptReport {
  if (!isEvaluation(kept)) return kept;
  const reports = reportsOf(kept);
  if (index !== undefined) {
    const report = reports[index];
    if (report === undefined) throw new Misuse(`--bundle ${String(index)}: there is no such bundle in ${kept.name}, which holds ${String(reports.length)}`);
    return report;
  }
  const passed = reports.filter(({ document }) => document["verdict"] === "passed");
  const telling = passed.length === 1 ? passed : passed.filter(({ document }) => "provenance" in document);
  const [report, another] = telling;
  if (report !== undefined && another === undefined) return report;
  const which = (telling.length === 0 ? passed : telling).map(({ bundle }) => String(bundle?.index)).join(", ");
  throw new Misuse(which === "" ? `expected a bundle that verified, found none (${kept.name})` : `which bundle of ${kept.name}? Give --bundle: one of ${which}`);
}

function reportsOf(kept: Kept): KeptReport[] {
  const { bundles } = kept.document;
  if (!Array.isArray(bundles)) throw new UsageError("invalid-report", `expected a list of bundles, found something else (${kept.name})`, `${kept.at}/bundles`);
  return bundles.map((item: unknown, index) => {
    const report = isObject(item) ? item["report"] : undefined;
    const at = `${kept.at}/bundles/${String(index)}/report`;
    if (!isObject(report)) throw new UsageError("invalid-report", `expected a report, found something else (${kept.name})`, at);
    return { ...kept, at, document: report, bundle: { index, of: bundles.length } };
  });
}

/** Calls the core about documents; its errors then name the files, and not its arguments. */
export function about<T>(documents: Readonly<Record<string, Kept>>, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [, argument = "", rest = ""] = /^\/([^/]*)(.*)$/su.exec(error.at) ?? [];
    const kept = Object.hasOwn(documents, argument) ? documents[argument] : undefined;
    if (kept === undefined) throw error;
    throw new UsageError(error.code, `${error.message} (${kept.name})`, `${kept.at}${rest}`, { cause: error });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      chunks.push(chunk);
      // The core refuses what is longer, and says so.
      if (size >= mostSourceBytes) break;
    }
  } catch {
    throw new Misuse("standard input could not be read");
  }
  return Buffer.concat(chunks);
}
