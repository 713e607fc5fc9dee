import type { Summary, SummaryLine, SummaryOptions } from "../comparison.js";
import { UsageError } from "../errors.js";
import type { Report } from "../report.js";
import { parse } from "./arguments.js";
import { about, judgedIn, kept, unverified } from "./kept.js";
import { Misuse } from "./misuse.js";
import { onlyOperand, time } from "./policy/files.js";
import { palette, printable, printableJson, spelt } from "./terminal.js";
import { verifier } from "./verify.js";

/** The text of `admissible summarize --help`. */
export const help = `\
Writes what a report says in the words of others: a statement for you to sign, or a line for the books.
Nothing is verified, and nothing is signed: the file is taken as written, by whomever. Sign only of reports that you made yourself.

usage: admissible summarize <report> --verifier-id URI --resource-uri URI --policy-uri URI [--svr | --csv | --markdown | --json]

  <report>               a report or an evaluation, as verify --json or verify-… --json prints it; - is standard input

what a report cannot tell
  --verifier-id URI      you, who verified
  --resource-uri URI     where the artifact is fetched from, such as pkg:npm/app@1.0.0
  --policy-uri URI       the policy that was applied
  --policy-digest DIGEST its digest: sha256:…; of an evaluation it is known, and must agree
  --subject-digest DIGEST  the artifact, where the report tells no digest of it, as most that failed; must agree where it does
  --subject-name TEXT    with --subject-digest: the artifact's name
  --now TIME             when it was verified, as RFC 3339; the clock's unless given

what is written
  (none of these)        SLSA's verification summary (VSA), an in-toto statement
  --svr                  in-toto's simple verification result (SVR), an in-toto statement
  --csv                  a record of a CSV file
  --markdown             a row of a Markdown table
  --header               with --csv or --markdown: first the file's header
  --json                 all of them
  --help                 this text

exit codes: 0 written, also of what failed, which the statement says; 2 wrong use. To learn whether the evidence is genuine:
admissible verify
`;

const forms = ["svr", "csv", "markdown", "json"] as const;

const flags = {
  "verifier-id": { type: "string" },
  "resource-uri": { type: "string" },
  "policy-uri": { type: "string" },
  "policy-digest": { type: "string" },
  "subject-digest": { type: "string" },
  "subject-name": { type: "string" },
  now: { type: "string" },
  svr: { type: "boolean" },
  csv: { type: "boolean" },
  markdown: { type: "boolean" },
  json: { type: "boolean" },
  header: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** The flag of each option, by the option's place in the core's errors. */
const flagOf: Readonly<Record<string, string>> = {
  "/options": "--subject-digest",
  "/options/now": "--now",
  "/options/verifier/id": "--verifier-id",
  "/options/resourceUri": "--resource-uri",
  "/options/policy/uri": "--policy-uri",
  "/options/policy/digest": "--policy-digest",
  "/options/subject/digest": "--subject-digest",
};

type Values = ReturnType<typeof parse<typeof flags>>["values"];

/** `admissible summarize`. Returns the exit code. */
export async function summarize(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv, flags);
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const path = onlyOperand(positionals, "the report");
  const [form, another] = forms.filter((name) => values[name] === true);
  if (form !== undefined && another !== undefined) throw new Misuse(`--${form} and --${another} exclude each other`);
  const header = values.header === true;
  if (header && form !== "csv" && form !== "markdown") throw new Misuse("--header is for --csv and --markdown");
  const options = optionsOf(values);
  const report = judgedIn(await kept(path, "a report or an evaluation"));
  const summary = byFlags(() => about({ report }, () => verifier(undefined).summarize(report.document as unknown as Report, options)));
  // Standard output is a statement or a line as it is, with no place for a word about it.
  process.stderr.write(`${palette(process.stderr).warning("UNVERIFIED")}  ${printable(unverified([report]))}, and nothing is signed\n`);
  process.stdout.write(written(summary, form, header));
  return 0;
}

/** @throws Misuse for what is missing */
function optionsOf(values: Values): SummaryOptions {
  const needed = (flag: "verifier-id" | "resource-uri" | "policy-uri"): string => {
    const value = values[flag];
    if (value === undefined) throw new Misuse(`--${flag} is missing: the report does not tell it`);
    return value;
  };
  const { "policy-digest": policyDigest, "subject-digest": digest, "subject-name": name } = values;
  if (name !== undefined && digest === undefined) throw new Misuse("--subject-name is for --subject-digest");
  return {
    verifier: { id: needed("verifier-id") },
    resourceUri: needed("resource-uri"),
    policy: { uri: needed("policy-uri"), ...(policyDigest !== undefined && { digest: policyDigest }) },
    ...(digest !== undefined && { subject: { digest, ...(name !== undefined && { name }) } }),
    now: time(values.now),
  };
}

/** An error about an option names its flag. */
function byFlags<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const flag = error instanceof UsageError && Object.hasOwn(flagOf, error.at) ? flagOf[error.at] : undefined;
    if (flag === undefined) throw error;
    throw new Misuse(`${flag}: ${(error as UsageError).message}`);
  }
}

function written(summary: Summary, form: (typeof forms)[number] | undefined, header: boolean): string {
  // The core leaves no control characters, which is not all that a log obeys.
  const lines = (of: SummaryLine, end: string): string => [...(header ? [of.header] : []), spelt(of.line)].map((line) => `${line}${end}`).join("");
  switch (form) {
    case undefined:
      return `${printableJson(summary.vsa)}\n`;
    case "svr":
      return `${printableJson(summary.svr)}\n`;
    // RFC 4180.
    case "csv":
      return lines(summary.csv, "\r\n");
    case "markdown":
      return lines(summary.markdown, "\n");
    case "json":
      return `${printableJson(summary)}\n`;
  }
}
