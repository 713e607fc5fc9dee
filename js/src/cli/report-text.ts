import { checkKeys, type CheckKey, type Evidence, type MatchedArtifactEvidence, type Report } from "../report.js";
import { provenanceLines } from "./provenance-text.js";
import { printable, type Palette } from "./terminal.js";

/** A report for people: the verdict, one line for each check, then the reasons and notes. */
export function reportText(report: Report, paint: Palette): string {
  const passed = report.verdict === "passed";
  const verdict = `${passed ? "✔" : "✘"} ${printable(report.summary)}`;
  const lines = [paint.strong(passed ? paint.good(verdict) : paint.bad(verdict)), ""];
  for (const key of checkKeys) lines.push(checkLine(report, key, paint));
  const provenance = provenanceLines(report, paint);
  if (provenance.length > 0) lines.push("", `  ${paint.strong("how it was built")}`, ...provenance);
  for (const key of checkKeys) {
    const check = report.checks[key];
    if (check.status !== "failed") continue;
    for (const failure of check.failures) lines.push("", ...reason(paint.bad(failure.code), failure, paint));
  }
  for (const note of report.notes) lines.push("", ...reason(`${paint.warning("note")} ${note.code}`, note, paint));
  return `${lines.join("\n")}\n`;
}

function reason(title: string, { message, at, hint }: { message: string; at?: string; hint?: string }, paint: Palette): string[] {
  const lines = [`${title}${at === undefined ? "" : paint.faint(`  at ${printable(at)}`)}`, `  ${printable(message)}`];
  if (hint !== undefined) lines.push(`  ${paint.strong("next:")} ${printable(hint)}`);
  return lines;
}

function checkLine(report: Report, key: CheckKey, paint: Palette): string {
  const check = report.checks[key];
  const name = kebab(key).padEnd(18);
  switch (check.status) {
    case "passed":
      return `  ${paint.good("✔ passed ")} ${name} ${paint.faint(evidence(report, key))}`.trimEnd();
    case "failed":
      return `  ${paint.bad("✘ failed ")} ${name} ${check.failures.map(({ code }) => code).join(", ")}`;
    case "blocked":
      return `  ${paint.warning("– blocked")} ${name} ${paint.faint(`needs ${check.by}`)}`;
    case "absent":
      return `  ${paint.faint("· absent ")} ${name} ${paint.faint("not in the bundle, and not demanded")}`;
  }
}

/** `certificatePath` as `certificate-path`. */
function kebab(key: CheckKey): string {
  return key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}

/** The most telling part of a check's evidence, in a few words. */
const digest: { readonly [Key in CheckKey]: (evidence: Evidence[Key]) => string } = {
  bundle: ({ version, content, keyMaterial }) => `${version}, ${content}, ${keyMaterial}`,
  checkpoint: (heads) =>
    each(heads, ({ origin, treeSize, witnesses }) => {
      const cosigned = witnesses.length > 0 ? `, ${count(witnesses.length, "witness", "witnesses")}` : "";
      return `${origin}, tree of ${treeSize}${cosigned}`;
    }),
  inclusionProof: (proofs) => each(proofs, ({ logIndex, treeSize }) => `leaf ${logIndex} of ${treeSize}`),
  inclusionPromise: (promises) => each(promises, ({ integratedTime }) => integratedTime),
  logBinding: (entries) => each(entries, ({ kind, logIndex, log }) => `${kind}, index ${logIndex} of ${log}`),
  timestamp: (stamps) => each(stamps, ({ time, authority }) => `${time} by ${authority}`),
  signingTime: (times) => each(times, ({ time, source }) => `${time} (${source})`),
  certificatePath: ({ identity, issuer }) => `${identity.value}${issuer === undefined ? "" : `, by ${issuer}`}`,
  sct: (scts) => each(scts, ({ time, log }) => `${time} by ${log}`),
  signature: ({ algorithm }) => algorithm,
  statement: ({ predicateType }) => predicateType,
  provenanceBinding: ({ agreeing, claimed }) => `${count(agreeing, "fact")} certified, ${String(claimed)} only claimed`,
  artifact: (matched) => ("dangerouslyUnbound" in matched ? "any artifact was allowed" : artifactWords(matched)),
  signer: (matched) => {
    if ("rule" in matched) return `the rule you named (${String(matched.rule + 1)})`;
    return "publicKey" in matched ? `the key you named (${String(matched.publicKey + 1)})` : "any signer was allowed";
  },
  threshold: ({ logEntries, scts, signedTimestamps, witnesses }) =>
    [
      count(logEntries, "log entry", "log entries"),
      count(scts, "SCT"),
      count(signedTimestamps, "timestamp"),
      count(witnesses, "witness", "witnesses"),
    ].join(", "),
};

function evidence<Key extends CheckKey>(report: Report, key: Key): string {
  const check = report.checks[key];
  if (check.status !== "passed") return "";
  return printable(digest[key](check.evidence as Evidence[Key]));
}

function artifactWords({ algorithm, digest: hex, name, listed }: MatchedArtifactEvidence): string {
  const short = (by: string, of: string): string => `${by}:${of.slice(0, 16)}…`;
  const own = algorithm === undefined || hex === undefined ? "the bytes that were signed" : short(algorithm, hex);
  const matched = listed === undefined ? own : `${short(listed.algorithm, listed.digest)} is listed in ${own}`;
  return name === undefined ? matched : `${matched}, ${name}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

function each<T>(items: readonly T[], words: (item: T) => string): string {
  return items.map(words).join("; ");
}
