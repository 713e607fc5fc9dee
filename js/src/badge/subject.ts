import { digestsFromText } from "../digest-text.js";
import { evaluationMediaType, type Evaluation } from "../evaluation.js";
import { plainJson } from "../json.js";
import { unavailableText } from "../offline/address.js";
import type { Report } from "../report.js";
import type { Asked } from "../sources/fetching.js";
import type { FoundEvidence } from "../sources/found.js";
import type { Outcome } from "../sources/judge.js";
import { readEvaluation, readReport } from "./report-shape.js";
import { hold, isObject, oneOf, strange } from "./shape.js";

/** Why there is no verdict: whatever was thrown by a call that should have given one. */
export interface CouldNotVerify {
  readonly error: unknown;
}

/** What a badge is made of: what `inspect`, `evaluate` or `verifyNpm` and its like return, or the error in place of it. */
export type BadgeSubject = Report | Evaluation | Outcome | CouldNotVerify;

/** What was read of it, each member once. */
export type Read =
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "evaluation"; readonly evaluation: Evaluation; readonly registry: Registry }
  | { readonly kind: "none-found"; readonly evaluation: Evaluation | undefined; readonly asked: readonly Asked[] }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

/** What a registry says beside the verdict. */
export interface Registry {
  /** Whether it named a digest: which may be the one that was judged. */
  readonly named: boolean;
  /** The digests that it signed, by algorithm. */
  readonly signed?: Readonly<Record<string, string>>;
}

/** Reads what a badge is made of. Nothing of the caller's object is looked at twice, so that it cannot be two things. @throws TypeError */
export function readSubject(subject: unknown): Read {
  if (!isObject(subject)) throw strange("");
  if (Object.hasOwn(subject, "outcome")) return readOutcome(subject);
  if (Object.hasOwn(subject, "error")) return readError(subject["error"]);
  const read = copy(subject);
  return isObject(read) && read["mediaType"] === evaluationMediaType
    ? { kind: "evaluation", evaluation: readEvaluation(read), registry: { named: false } }
    : { kind: "report", report: readReport(read) };
}

function readOutcome(subject: Readonly<Record<string, unknown>>): Read {
  const outcome = subject["outcome"];
  hold(outcome, oneOf("judged", "none-found", "unavailable"), "/outcome");
  if (outcome === "unavailable") return readError(own(subject, "error"));
  const given = own(subject, "evaluation");
  const evaluation = given === undefined ? undefined : readEvaluation(copy(given));
  const evidence = own(subject, "evidence");
  if (!isObject(evidence)) throw strange("/evidence");
  if (outcome === "judged") {
    if (evaluation === undefined) throw strange("/evaluation");
    return { kind: "evaluation", evaluation, registry: readRegistry(evidence) };
  }
  if (evaluation?.verdict === "verified") throw strange("/evaluation/verdict");
  const asked = copy((evidence as Partial<FoundEvidence>).asked);
  hold(asked, [{ url: "string", status: "number" }], "/evidence/asked");
  return { kind: "none-found", evaluation, asked: asked as readonly Asked[] };
}

function readRegistry(evidence: Readonly<Record<string, unknown>>): Registry {
  const named = own(evidence, "digest") !== undefined;
  const given = own(evidence, "registrySignature");
  if (given === undefined) return { named };
  const signature = copy(given) as { readonly verdict: string; readonly integrity?: string };
  hold(signature, { verdict: oneOf("passed", "failed"), "integrity?": "string" }, "/evidence/registrySignature");
  const { verdict, integrity } = signature;
  if (verdict !== "passed" || integrity === undefined) return { named };
  try {
    return { named, signed: digestsFromText(integrity) as Readonly<Record<string, string>> };
  } catch (cause) {
    throw new TypeError("expected Subresource Integrity, found something else at /evidence/registrySignature", { cause });
  }
}

/** A refusal that was thrown has its report; everything else that was thrown is no verdict. */
function readError(error: unknown): Read {
  if (!isObject(error)) return { kind: "error", code: "error", message: typeof error === "string" ? error : "" };
  const [name, code, message, url, report] = [error["name"], error["code"], error["message"], error["url"], error["report"]];
  if (name === "VerificationFailed" && report !== undefined) {
    const refused = readReport(copy(report), "/error/report");
    if (refused.verdict !== "failed") throw strange("/error/report");
    return { kind: "report", report: refused };
  }
  const text = typeof message === "string" ? message : "";
  const said = typeof code === "string" ? code : "error";
  if (name !== "SourceUnavailable" || typeof url !== "string") return { kind: "error", code: said, message: text };
  return { kind: "error", code: `unavailable-${said}`, message: unavailableText({ message: text, url }) };
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A copy of JSON, each member of which was read once. @throws TypeError */
function copy(value: unknown): unknown {
  try {
    return plainJson(value, "");
  } catch (cause) {
    throw new TypeError("expected what the verifier reports, found what is no plain JSON", { cause });
  }
}
