import { printable } from "../printable.js";
import { checkKeys, type CheckId, type CheckKey, type Evidence, type Report } from "../report.js";
import { digestText, type Context } from "./context.js";
import type { BadgeCheck, BadgeRow } from "./model.js";
import type { BadgeStrings } from "./strings.js";

type Row = readonly [label: string, value: string];

/** Every check of a report, in its order. Of a bundle that did not verify, nothing is shown as a fact. */
export function checksOf(report: Report, context: Context): BadgeCheck[] {
  const { words } = context;
  return checkKeys.map((key) => {
    const check = report.checks[key];
    const { status } = check;
    const line = { id: checkId(key), label: words.check[key], status, word: words.status[status], sentence: words.checked[key], rows: [] };
    if (status === "failed") return { ...line, sentence: check.failures.map(({ message }) => printable(message)).join("; ") };
    if (status === "blocked") return { ...line, sentence: words.status.needs(words.check[keyOf(check.by)]) };
    return status === "passed" && report.verdict === "passed" ? { ...line, rows: rowsOf(key, check.evidence as Evidence[CheckKey], context) } : line;
  });
}

/** `certificatePath` as `certificate-path`. */
export function checkId(key: CheckKey): CheckId {
  return key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`) as CheckId;
}

function keyOf(id: string): CheckKey {
  return checkKeys.find((key) => checkId(key) === id) ?? "bundle";
}

function rowsOf<Key extends CheckKey>(key: Key, evidence: Evidence[Key], { words: { row }, time }: Context): BadgeRow[] {
  return rows[key](evidence, row, time).map(([label, value]) => ({ label, value: printable(value) }));
}

/** What each check verified. */
const rows: { readonly [Key in CheckKey]: (evidence: Evidence[Key], row: BadgeStrings["row"], time: Context["time"]) => readonly Row[] } = {
  bundle: ({ version, content, keyMaterial }, { format }) => [[format, `${version}, ${content}, ${keyMaterial}`]],
  checkpoint: (heads, { log, tree, witness }) =>
    heads.flatMap(({ origin, treeSize, witnesses }) => [[log, origin], [tree, treeSize], ...witnesses.map(({ name }): Row => [witness, name])] satisfies Row[]),
  inclusionProof: (proofs, { entry, tree }) => proofs.flatMap(({ logIndex, treeSize }) => [[entry, logIndex], [tree, treeSize]] satisfies Row[]),
  inclusionPromise: (promises, row, time) => promises.flatMap(({ log, integratedTime }) => [[row.log, log], [row.time, time(integratedTime)]] satisfies Row[]),
  logBinding: (entries, row) => entries.flatMap(({ log, logIndex, kind }) => [[row.log, log], [row.entry, logIndex], [row.type, kind]] satisfies Row[]),
  timestamp: (stamps, row, time) => stamps.flatMap(({ authority, time: at }) => [[row.authority, authority], [row.time, time(at)]] satisfies Row[]),
  signingTime: (times, row, time) => times.map(({ time: at }) => [row.time, time(at)]),
  certificatePath: ({ identity, issuer, authority, certificates: [leaf] }, row, time) => [
    [row.identity, identity.value],
    ...(issuer === undefined ? [] : [[row.issuer, issuer] satisfies Row]),
    [row.authority, authority],
    ...(leaf === undefined ? [] : [[row.validity, [leaf.notBefore, ...(leaf.notAfter === undefined ? [] : [leaf.notAfter])].map(time).join(" – ")] satisfies Row, [row.digest, `sha256:${leaf.sha256}`] satisfies Row]),
  ],
  sct: (scts, row, time) => scts.flatMap(({ log, time: at }) => [[row.log, log], [row.time, time(at)]] satisfies Row[]),
  signature: ({ algorithm, publicKey }, row) => [[row.algorithm, algorithm], [row.key, publicKey]],
  statement: ({ predicateType, subjects }, row) => [
    [row.type, predicateType],
    ...subjects.slice(0, mostSubjects).map(({ name, digests }): Row => [row.subject, name ?? digestText(Object.values(digests)[0] ?? "")]),
    ...(subjects.length > mostSubjects ? [[row.subject, `+ ${String(subjects.length - mostSubjects)}`] satisfies Row] : []),
  ],
  provenanceBinding: ({ agreeing, claimed }, row) => [[row.facts, row.agreeing(agreeing, claimed)]],
  artifact: (matched, row) => {
    if ("dangerouslyUnbound" in matched) return [[row.digest, row.any]];
    const { algorithm = "", digest, name, listed } = matched;
    const own: Row[] = digest === undefined ? [] : [[listed === undefined ? row.digest : row.listed, `${algorithm}:${digest}`]];
    const first: Row[] = listed === undefined ? [] : [[row.digest, `${listed.algorithm}:${listed.digest}`]];
    return [...first, ...own, ...(name === undefined ? [] : [[row.name, name] satisfies Row])];
  },
  signer: (matched, row) => {
    if ("dangerouslyAnySigner" in matched) return [[row.signer, row.any]];
    return [[row.signer, "rule" in matched ? row.rule(matched.rule + 1) : row.publicKey(matched.publicKey + 1)]];
  },
  threshold: ({ logEntries, scts, signedTimestamps, witnesses }, row) => [[row.evidence, row.counts(logEntries, scts, signedTimestamps, witnesses)]],
};

/** A statement about a release names hundreds. */
const mostSubjects = 8;
