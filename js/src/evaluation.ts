import type { FindingCode, RequirementCode } from "./codes.js";
import type { Report } from "./report.js";

/** The media type of an evaluation. */
export const evaluationMediaType = "application/vnd.admissible.evaluation.v1+json";

/** What came of judging several bundles together by a policy. Look at `verdict`; only `"verified"` says that the evidence is enough. */
export interface Evaluation {
  readonly mediaType: typeof evaluationMediaType;
  /**
   * `verified`: every requirement is met. `excepted`: some is not, and an exception of the policy lets the artifact pass.
   * `rejected`: some is not.
   */
  readonly verdict: "verified" | "excepted" | "rejected";
  /** Whether the artifact may be used: it is verified or excepted, or the policy only warns. */
  readonly admitted: boolean;
  readonly mode: "enforce" | "warn";
  /** The verdict in one plain sentence. */
  readonly summary: string;
  readonly policy: {
    readonly name?: string;
    /** The digest of the policy's text, in hexadecimal. */
    readonly sha256: string;
  };
  /** One line for how the artifact is named, one for the signers, and one for every requirement of the policy. */
  readonly requirements: readonly RequirementLine[];
  /** What lets the artifact pass. */
  readonly exception?: Exception;
  /** The highest SLSA build level that trusted evidence shows of the artifact. */
  readonly level?: number;
  /** What a reader should know and what decided nothing. */
  readonly findings: readonly Finding[];
  /** A report for every bundle, in the order given. */
  readonly bundles: readonly { readonly report: Report }[];
}

/** What became of one requirement. */
export interface RequirementLine {
  /** JSON pointer into the policy. */
  readonly at: string;
  /** What it is about, in a few words. */
  readonly name: string;
  readonly met: boolean;
  /** The bundles that meet it, counted from 0. */
  readonly metBy?: readonly number[];
  /** Why it is unmet: of the evidence that came nearest. */
  readonly failures?: readonly RequirementFailure[];
  /** The lines of a group. */
  readonly parts?: readonly RequirementLine[];
}

/** One reason for which a requirement is unmet. */
export interface RequirementFailure {
  /** Stable, for programs. */
  readonly code: RequirementCode;
  /** For people: expected, then found. */
  readonly message: string;
  /** In which bundle, counted from 0. */
  readonly bundle?: number;
  /** What to do next. */
  readonly hint?: string;
}

/** What lets an artifact pass although the evidence is not enough. */
export type Exception =
  | { readonly kind: "exception"; readonly at: string; readonly reason: string; readonly expires: string }
  | { readonly kind: "legacy"; readonly at: string; readonly reason: string; readonly before: string };

/** Something worth knowing. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
  /** JSON pointer into the policy. */
  readonly at?: string;
  /** Which bundle, counted from 0. */
  readonly bundle?: number;
  /** What to do next. */
  readonly hint?: string;
}
