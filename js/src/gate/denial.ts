import type { Finding, RequirementLine } from "../evaluation.js";
import { digestText, type GateCode, type Refusal } from "./outcome.js";
import { page } from "./page.js";

/** A denial as a program reads it: a problem document of RFC 9457. */
export interface GateProblem {
  /** `urn:admissible:problem:` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Why, in one sentence. */
  readonly detail: string;
  readonly code: GateCode;
  /** `rejected`: the evidence is not good enough, or about something else. `unavailable`: there was no verdict; trying again may help. */
  readonly verdict: "rejected" | "unavailable";
  /** What was judged, such as `sha256:…`. */
  readonly digest?: string;
  readonly policy?: { readonly name?: string; readonly sha256: string };
  /** What the policy demands, and what is unmet and why. */
  readonly requirements?: readonly RequirementLine[];
  /** What else there is to know, such as a bundle that did not verify. */
  readonly findings?: readonly Finding[];
}

const titles: Readonly<Record<GateCode, string>> = {
  rejected: "This download does not meet the policy",
  "no-evidence": "This download brings no evidence of where it came from",
  "digest-mismatch": "This download is not the file that the evidence is about",
  "method-not-allowed": "Files can only be fetched here",
  "evidence-unavailable": "The evidence about this download could not be had",
  "verifier-unavailable": "This download could not be verified",
  "policy-unusable": "This download could not be verified",
  "upstream-unreachable": "The server behind this one did not answer",
  "upstream-refused": "The server behind this one refused",
  "upstream-status": "The server behind this one sent no whole file",
  "upstream-unreadable": "The download broke off",
  "wrong-length": "The download has not the length that it should have",
  "body-too-large": "This download is too large to be verified",
  aborted: "The download was given up",
  "not-judged": "This download was not judged",
};

/** The answer in place of a file: for a person or a program, as the request asks. */
export function denial({ outcome, status, headers: kept }: Refusal, request: Request | undefined, own: Readonly<Record<string, string>>): Response {
  const judged = "judgement" in outcome ? outcome.judgement : undefined;
  const problem: GateProblem = {
    type: `urn:admissible:problem:${outcome.code}`,
    title: titles[outcome.code],
    status,
    detail: outcome.message,
    code: outcome.code,
    verdict: outcome.verdict,
    ...("digest" in outcome && outcome.digest !== undefined && { digest: digestText(outcome.digest) }),
    ...(judged !== undefined && { policy: judged.policy, requirements: judged.requirements, findings: judged.findings }),
  };
  const { body, headers } = prefersPage(request?.headers.get("accept") ?? "")
    ? page(problem)
    : { body: JSON.stringify(problem), headers: { "content-type": "application/problem+json" } };
  const common = { "cache-control": "no-store", vary: "accept", "x-content-type-options": "nosniff" };
  return new Response(request?.method === "HEAD" ? null : body, { status, headers: { ...kept, ...common, ...headers, ...own } });
}

/** Whether a page is asked for by name and not liked less than JSON (RFC 9110 §12.5.1). What takes anything gets JSON. */
function prefersPage(accept: string): boolean {
  const ranges = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
  const best = (...types: readonly string[]): number =>
    ranges.reduce((most, { type, quality }) => (types.includes(type) ? Math.max(most, quality) : most), 0);
  const html = best("text/html", "application/xhtml+xml");
  return html > 0 && html >= best("application/json", "application/problem+json");
}
