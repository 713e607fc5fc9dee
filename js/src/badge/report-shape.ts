import { evaluationMediaType, type Evaluation, type RequirementLine } from "../evaluation.js";
import { checkKeys, reportMediaType, type CheckKey, type PassedReport, type Report } from "../report.js";
import { count, hold, isObject, oneOf, strange, texts, type Shape } from "./shape.js";

/** Of each check's evidence, what is read here. */
const evidence: Readonly<Record<CheckKey, Shape>> = {
  bundle: { version: "string", content: "string", keyMaterial: "string" },
  checkpoint: [{ at: "string", log: "string", origin: "string", treeSize: "string", witnesses: [{ name: "string" }] }],
  inclusionProof: [{ at: "string", logIndex: "string", treeSize: "string" }],
  inclusionPromise: [{ at: "string", log: "string", integratedTime: "string" }],
  logBinding: [{ at: "string", log: "string", kind: "string", logIndex: "string" }],
  timestamp: [{ at: "string", authority: "string", time: "string" }],
  signingTime: [{ at: "string", time: "string", source: oneOf("inclusion-promise", "signed-timestamp") }],
  certificatePath: {
    authority: "string",
    identity: { type: "string", value: "string" },
    "issuer?": "string",
    claims: texts,
    certificates: [{ subject: "string", sha256: "string", notBefore: "string", "notAfter?": "string" }],
  },
  sct: [{ log: "string", time: "string" }],
  signature: { algorithm: "string", publicKey: "string" },
  statement: { predicateType: "string", subjects: [{ "name?": "string", digests: texts }] },
  provenanceBinding: { agreeing: count, claimed: count },
  artifact: isArtifact,
  signer: (value) => isObject(value) && ((["rule", "publicKey"] as const).some((key) => Number.isSafeInteger(value[key])) || value["dangerouslyAnySigner"] === true),
  threshold: { logEntries: count, scts: count, signedTimestamps: count, witnesses: count, promiseOnly: "boolean" },
};

/** Nothing about an artifact, or what it was matched by. */
function isArtifact(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (Object.hasOwn(value, "dangerouslyUnbound")) return value["dangerouslyUnbound"] === true && Object.keys(value).length === 1;
  hold(value, { "algorithm?": "string", "digest?": "string", "name?": "string", "listed?": { algorithm: "string", digest: "string" } }, "/checks/artifact/evidence");
  return Object.hasOwn(value, "algorithm") === Object.hasOwn(value, "digest");
}

const message: Shape = { code: "string", message: "string", "hint?": "string" };

/** Of signed provenance that nothing disagrees with. */
const provenance: Shape = {
  "builder?": { id: "string" },
  "buildType?": "string",
  "source?": { "repository?": "string", "ref?": "string", "commit?": "string" },
  "config?": { "path?": "string", "entryPoint?": "string" },
  "trigger?": "string",
  "run?": "string",
  "started?": "string",
  "finished?": "string",
  "level?": { build: count, why: "string" },
  facts: [{ name: "string", value: "string", status: oneOf("agrees", "claimed") }],
};

/** What a bundle cannot be verified without. */
const needed: readonly CheckKey[] = ["bundle", "signature", "artifact", "signer", "threshold"];
const neededByCertificate: readonly CheckKey[] = [...needed, "certificatePath", "signingTime"];

/** @throws TypeError for what is no report, or contradicts itself */
export function readReport(report: unknown, at = ""): Report {
  hold(report, { mediaType: (found) => found === reportMediaType, verdict: oneOf("passed", "failed"), checks: isObject, notes: [message] }, at);
  const { verdict, checks, provenance: built, predicate } = report as Pick<Report, "verdict"> &
    Readonly<Record<"provenance" | "predicate", unknown>> & { readonly checks: Readonly<Record<string, unknown>> };
  for (const key of new Set([...checkKeys, ...Object.keys(checks)])) holdCheck(checks[key], key, verdict, `${at}/checks/${key}`);
  if (verdict === "passed") {
    const { evidence: signer } = checks["signer"] as { readonly evidence?: object };
    const byCertificate = signer !== undefined && !Object.hasOwn(signer, "publicKey");
    for (const key of byCertificate ? neededByCertificate : needed) hold(checks[key], { status: oneOf("passed") }, `${at}/checks/${key}`);
    if (predicate !== undefined) hold(predicate, { kind: "string" }, `${at}/predicate`);
    if (built !== undefined) {
      hold(built, provenance, `${at}/provenance`);
      hold(checks["provenanceBinding"], { status: oneOf("passed") }, `${at}/checks/provenanceBinding`);
    }
  } else if (!Object.values(checks).some((check) => (check as { status: string }).status === "failed")) throw strange(`${at}/checks`);
  return report as Report;
}

function holdCheck(check: unknown, key: string, verdict: Report["verdict"], at: string): void {
  hold(check, { status: oneOf("passed", "absent", ...(verdict === "failed" ? ["failed", "blocked"] : [])) }, at);
  const { status } = check as { status: "passed" | "failed" | "blocked" | "absent" };
  const shape: Shape = Object.hasOwn(evidence, key) ? evidence[key as CheckKey] : () => true;
  if (status === "passed") hold(check, { evidence: shape }, at);
  if (status === "failed") hold(check, { failures: [message] }, at);
  if (status === "blocked") hold(check, { by: "string" }, at);
}

/** @throws TypeError for what is no evaluation, or contradicts itself */
export function readEvaluation(evaluation: unknown): Evaluation {
  const exception: Shape = (value) =>
    isObject(value) && [value["reason"], value[value["kind"] === "legacy" ? "before" : "expires"]].every((text) => typeof text === "string");
  hold(evaluation, {
    mediaType: (found) => found === evaluationMediaType,
    verdict: oneOf("verified", "excepted", "rejected"),
    admitted: "boolean",
    mode: oneOf("enforce", "warn"),
    policy: { "name?": "string", sha256: "string" },
    requirements: (lines) => Array.isArray(lines) && lines.length > 0 && lines.every((line, index) => isLine(line, `/requirements/${String(index)}`)),
    "exception?": exception,
    findings: [message],
    bundles: [{ report: isObject }],
  }, "");
  const read = evaluation as Evaluation;
  read.bundles.forEach(({ report }, index) => readReport(report, `/bundles/${String(index)}/report`));
  const { verdict, admitted, mode, requirements, exception: by } = read;
  const met = requirements.every((line) => line.met);
  if (met !== (verdict === "verified") || (by !== undefined) !== (verdict === "excepted")) throw strange("/verdict");
  if (admitted !== (verdict !== "rejected" || mode === "warn")) throw strange("/admitted");
  return read;
}

function isLine(line: unknown, at: string): boolean {
  hold(line, { at: "string", name: "string", met: "boolean", "metBy?": [count], "failures?": [message] }, at);
  const { parts } = line as { readonly parts?: unknown };
  return parts === undefined || (Array.isArray(parts) && parts.every((part, index) => isLine(part, `${at}/parts/${String(index)}`)));
}

/** The bundles of a verified evaluation that its requirements are met by: those that meet what it asks of evidence, else those by a trusted signer. */
export function basis(evaluation: Evaluation): readonly PassedReport[] {
  const by = (line: RequirementLine): readonly number[] => (line.met ? [...(line.metBy ?? []), ...(line.parts ?? []).flatMap(by)] : []);
  const asked = evaluation.requirements.filter(({ at }) => at.startsWith("/require/")).flatMap(by);
  const trusted = asked.length > 0 ? asked : evaluation.requirements.filter(({ at }) => at === "/signers").flatMap(by);
  if (trusted.length === 0) throw strange("/requirements");
  return [...new Set(trusted)].sort((a, b) => a - b).map((index) => {
    const report = evaluation.bundles[index]?.report;
    if (report?.verdict !== "passed") throw strange(`/bundles/${String(index)}`);
    return report;
  });
}
