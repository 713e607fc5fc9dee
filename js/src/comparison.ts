import type { ChangeCode } from "./codes.js";
import { UsageError } from "./errors.js";
import { isPlain, plainJson } from "./json.js";

/** What to remember of one version of a thing, to compare the next with. */
export interface Baseline {
  readonly mediaType: "application/vnd.admissible.baseline.v1+json";
  /** A certified identity, or the sha256 of a public key (SPKI) in hexadecimal. */
  readonly signer: { readonly identity: string; readonly issuer?: string } | { readonly publicKey: string };
  readonly predicateTypes: readonly string[];
  readonly builder?: string;
  readonly buildType?: string;
  readonly source?: {
    readonly repository?: string;
    /** As the CA certified it; as the provenance claims it where a key signed. */
    readonly repositoryId?: string;
    readonly ownerId?: string;
  };
  readonly config?: { readonly path: string };
  readonly trigger?: string;
  readonly runner?: string;
  /** The SLSA build level. */
  readonly level?: number;
  /** The earliest attested time. */
  readonly signed?: string;
  /** The artifact's name in the statement. */
  readonly subject?: string;
}

/** How much a change matters: worth knowing; to be looked at first; what was trusted does not hold any more. */
export type Severity = "info" | "warning" | "critical";

/** What changed from one version to the next. */
export interface TrustComparison {
  readonly mediaType: "application/vnd.admissible.trust-comparison.v1+json";
  /** Whether nothing changed. */
  readonly same: boolean;
  /** That of the worst change. */
  readonly severity: Severity | "none";
  /** Worst first. */
  readonly changes: readonly TrustChange[];
}

/** One change. */
export interface TrustChange {
  /** Stable, for programs. */
  readonly code: ChangeCode;
  readonly severity: Severity;
  /** For people: expected, then found. */
  readonly message: string;
  readonly previous?: string;
  readonly next?: string;
}

/** A digest as `sha256:…`, or digests by in-toto's names of algorithms. */
export type InputDigest = string | Readonly<Record<string, string>>;

/** What a build used, according to somebody who knows. At least one of the three. Unknown keys are refused. */
export interface UsedInputs {
  readonly dependencies?: readonly UsedDependency[];
  /** The commit that was built, as 40 or 64 hexadecimal digits. */
  readonly commit?: string;
  /** The repository that was built. */
  readonly source?: string;
}

/** A dependency that was used. */
export interface UsedDependency {
  readonly name?: string;
  /** A purl, a git source or any URI. */
  readonly uri?: string;
  readonly digest: InputDigest;
}

/** What the provenance records beside what was used. */
export interface InputComparison {
  readonly mediaType: "application/vnd.admissible.input-comparison.v1+json";
  /** Whether everything that was used is recorded so. What was recorded and not used does not count against it. */
  readonly matches: boolean;
  readonly counts: {
    readonly matched: number;
    readonly mismatched: number;
    readonly notRecorded: number;
    readonly notUsed: number;
    readonly incomparable: number;
    /** How many of the matched are weak. */
    readonly weak: number;
  };
  /** Commit, source and dependencies that were used, then what was only recorded. */
  readonly items: readonly InputItem[];
}

/** One item that was used, recorded, or both. */
export interface InputItem {
  readonly kind: "dependency" | "commit" | "source";
  /**
   * `matched`: recorded so; `mismatched`: recorded with another digest; `not-recorded`: used only; `not-used`: recorded only;
   * `incomparable`: recorded without a digest of an algorithm that you gave.
   */
  readonly status: "matched" | "mismatched" | "not-recorded" | "not-used" | "incomparable";
  /** How the two were brought together. */
  readonly by?: "uri" | "name" | "digest";
  /** The digest algorithm that decided. */
  readonly algorithm?: string;
  /** It matched by MD5 or SHA-1 alone, for which another input can be made to match. */
  readonly weak?: true;
  readonly used?: InputSide;
  readonly recorded?: InputSide;
}

/** One side of an item. */
export interface InputSide {
  /** JSON pointer into what was used, or into the report. */
  readonly at: string;
  readonly name?: string;
  readonly uri?: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** What a report cannot tell: who verified, when, for what, and by which policy. Unknown keys are refused. */
export interface SummaryOptions {
  /** The present, as RFC 3339 or a `Date`: there is no clock here. */
  readonly now: string | Date;
  /** You, as a URI. */
  readonly verifier: { readonly id: string };
  /** Where the artifact is fetched from, for instance a purl. */
  readonly resourceUri: string;
  /** The policy that you applied; of an evaluation the digest is known, and must agree where it is given. */
  readonly policy: { readonly uri: string; readonly digest?: InputDigest };
  /** The artifact: needed where the report tells no digest of it, as most that failed; must agree where it does. */
  readonly subject?: { readonly name?: string; readonly digest: InputDigest };
}

/** A verification in the words of others. Nothing here is signed. */
export interface Summary {
  readonly mediaType: "application/vnd.admissible.summary.v1+json";
  readonly result: "PASSED" | "FAILED";
  /** SLSA's verification summary, to be signed. */
  readonly vsa: UnsignedStatement<"https://slsa.dev/verification_summary/v1", VerificationSummaryStatement>;
  /** in-toto's simple verification result, to be signed. */
  readonly svr: UnsignedStatement<"https://in-toto.io/attestation/svr/v0.2", SimpleVerificationResultStatement>;
  /** The row of a Markdown table, and the table's first two lines. No text in it is markup. */
  readonly markdown: SummaryLine;
  /** A record of a CSV file (RFC 4180), and the file's first. No text in it is a formula. */
  readonly csv: SummaryLine;
}

/** A line and the header of its file, without line ends. */
export interface SummaryLine {
  readonly header: string;
  readonly line: string;
}

/** An in-toto statement about one artifact. */
export interface UnsignedStatement<Type extends string, Predicate> {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly [{ readonly name?: string; readonly digest: Readonly<Record<string, string>> }];
  readonly predicateType: Type;
  readonly predicate: Predicate;
}

/** The policy in a statement. */
export interface PolicyDescriptor {
  readonly uri: string;
  readonly digest?: Readonly<Record<string, string>>;
}

/** The predicate of a verification summary (VSA). */
export interface VerificationSummaryStatement {
  readonly verifier: { readonly id: string; readonly version: { readonly admissible: string } };
  readonly timeVerified: string;
  readonly resourceUri: string;
  readonly policy: PolicyDescriptor;
  /** The bundles, by the digest of their bytes. */
  readonly inputAttestations: readonly { readonly digest: Readonly<Record<string, string>> }[];
  readonly verificationResult: "PASSED" | "FAILED";
  /** For instance `SLSA_BUILD_LEVEL_2`. */
  readonly verifiedLevels: readonly [string];
  readonly slsaVersion: string;
}

/** The predicate of a simple verification result (SVR). */
export interface SimpleVerificationResultStatement {
  readonly verifier: { readonly id: string; readonly policies: readonly [PolicyDescriptor] };
  readonly timeCreated: string;
  /** What holds; empty when the verification failed. */
  readonly properties: readonly string[];
}

/** A document as it crosses into WebAssembly. `argument` is its name in errors. */
export function documentText(document: unknown, argument: string): string {
  if (typeof document !== "object" || document === null) {
    throw new UsageError("invalid-argument", `\`${argument}\` is an object, as it was returned or parsed`, `/${argument}`);
  }
  let text: string | undefined;
  try {
    // Typed as if it always gave text: for an object whose `toJSON` gives nothing, it does not.
    text = JSON.stringify(document) as string | undefined;
  } catch (cause) {
    throw new UsageError("invalid-argument", `\`${argument}\` is no JSON`, `/${argument}`, { cause });
  }
  if (text === undefined) throw new UsageError("invalid-argument", `\`${argument}\` is no JSON`, `/${argument}`);
  return text;
}

/** What was used, as it crosses into WebAssembly. */
export function usedText(used: unknown): string {
  if (typeof used !== "object" || used === null || !isPlain(used)) {
    throw new UsageError("invalid-argument", "what was used is an object such as { dependencies, commit }", "/used");
  }
  return exactText(used, "used");
}

/** The options of a summary as they cross into WebAssembly; a `Date` is written out. */
export function summaryText(options: unknown): string {
  if (typeof options !== "object" || options === null || !isPlain(options)) {
    throw new UsageError("invalid-argument", "the options of a summary are an object with `now`, `verifier`, `resourceUri` and `policy`", "/options");
  }
  const { now } = options as { readonly now?: unknown };
  if (!(now instanceof Date)) return exactText(options, "options");
  if (Number.isNaN(now.getTime())) throw new UsageError("invalid-summary-options", "the date is invalid", "/options/now");
  return exactText({ ...options, now: now.toISOString() }, "options");
}

/** As JSON, in which nothing may get lost: a condition that is `undefined` is refused. */
function exactText(document: object, argument: string): string {
  try {
    return JSON.stringify(plainJson(document, `/${argument}`));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError("invalid-argument", `\`${argument}\` could not be read`, `/${argument}`, { cause: error });
  }
}
