import type { ArtifactDigests } from "../artifact.js";
import type { Evaluation } from "../evaluation.js";

/** Why a request was not answered with a file; a code once published is not renamed. */
export type GateCode =
  /** 403: the policy does not admit the artifact. */
  | "rejected"
  /** 403: there is no evidence at all. */
  | "no-evidence"
  /** 403: what the upstream sent is not what the evidence is about. */
  | "digest-mismatch"
  /** 405: neither GET nor HEAD. */
  | "method-not-allowed"
  /** 502: `evidence` failed, or returned none that could be read. */
  | "evidence-unavailable"
  /** 502: the verifier could not be made, or stopped. */
  | "verifier-unavailable"
  /** 502: the policy is none. */
  | "policy-unusable"
  /** 502: the upstream did not answer, or its answer may not be read. */
  | "upstream-unreachable"
  /** The upstream's own status, from 400 to 499: it refused. */
  | "upstream-refused"
  /** 502: the upstream answered with a status that holds no whole file: 5xx, a redirect, a part. */
  | "upstream-status"
  /** 502: the body broke off, or could not be read. */
  | "upstream-unreadable"
  /** 502: the body is longer or shorter than its Content-Length. */
  | "wrong-length"
  /** 502: no body as large as this is held in memory, as `mode: "buffer"` does. */
  | "body-too-large"
  /** The client went away before there was a verdict. */
  | "aborted"
  /** `reportOnly`: the answer, or the request, is of a kind that holds no whole file. */
  | "not-judged";

/** What an evaluation says apart from the reports: small enough to be kept. */
export type Judgement = Omit<Evaluation, "bundles">;

/** What became of one request. */
export type GateOutcome = Judged | Refused | Unavailable;

/** The policy admits the artifact. (Also a rejected one, where the policy only warns.) */
export interface Judged {
  readonly verdict: Evaluation["verdict"];
  readonly admitted: true;
  /** The digests that were judged; the body has them. */
  readonly digest: ArtifactDigests;
  readonly judgement: Judgement;
  /** The whole evaluation, unless the verdict came from the cache. */
  readonly evaluation?: Evaluation;
}

/** The policy does not admit the artifact, or there is nothing to judge it by. */
export interface Refused {
  readonly verdict: "rejected";
  readonly admitted: false;
  readonly code: "rejected" | "no-evidence" | "digest-mismatch";
  readonly message: string;
  /** What was judged: the body's digests, or where it was refused beforehand those that the evidence is about. */
  readonly digest?: ArtifactDigests;
  readonly judgement?: Judgement;
  readonly evaluation?: Evaluation;
}

/** There is no verdict, which is never a good one. */
export interface Unavailable {
  readonly verdict: "unavailable";
  readonly admitted: false;
  readonly code: Exclude<GateCode, Refused["code"]>;
  readonly message: string;
  /** What was thrown; not shown to the client. */
  readonly cause?: unknown;
}

/** Thrown where a request ends without a file: how it is answered, and what `onVerdict` is told. */
export class Refusal extends Error {
  readonly outcome: Refused | Unavailable;
  readonly status: number;
  /** Headers that the answer carries on. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(outcome: Refused | Unavailable, status?: number, headers: Readonly<Record<string, string>> = {}) {
    super(outcome.message);
    this.outcome = outcome;
    this.status = status ?? (outcome.verdict === "rejected" ? 403 : 502);
    this.headers = headers;
  }
}

/** A refusal for want of a verdict. */
export function unavailable(code: Unavailable["code"], message: string, cause?: unknown): Refusal {
  return new Refusal({ verdict: "unavailable", admitted: false, code, message, ...(cause !== undefined && { cause }) });
}

/** Digests as one text, in an order of their own: `sha256:…`, the first of those that there are. */
export function digestText({ sha256, sha384, sha512 }: ArtifactDigests): string {
  return sha256 !== undefined ? `sha256:${sha256}` : sha384 !== undefined ? `sha384:${sha384}` : `sha512:${String(sha512)}`;
}
