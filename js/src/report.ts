import type { FailureCode, NoteCode } from "./codes.js";
import type { ClaimName } from "./options.js";
import type { CertificateFacts, Provenance, UnboundProvenance } from "./provenance.js";
import type { PredicateSummary } from "./predicate.js";

/** The media type of a report. */
export const reportMediaType = "application/vnd.admissible.report.v1+json";

/** The checks, in the order of a report. */
export const checkKeys = [
  "bundle",
  "checkpoint",
  "inclusionProof",
  "inclusionPromise",
  "logBinding",
  "timestamp",
  "signingTime",
  "certificatePath",
  "sct",
  "signature",
  "statement",
  "provenanceBinding",
  "artifact",
  "signer",
  "threshold",
] as const;

/** A check, as its key in `report.checks`. */
export type CheckKey = (typeof checkKeys)[number];

/** A check, as a value: the same word in kebab case. */
export type CheckId =
  | "bundle"
  | "checkpoint"
  | "inclusion-proof"
  | "inclusion-promise"
  | "log-binding"
  | "timestamp"
  | "signing-time"
  | "certificate-path"
  | "sct"
  | "signature"
  | "statement"
  | "provenance-binding"
  | "artifact"
  | "signer"
  | "threshold";

/** What a verification found. Only `evidence` holds verified facts. */
export type Report = PassedReport | FailedReport;

/** Every demand was met. */
export interface PassedReport extends ReportBase {
  readonly verdict: "passed";
  /** What the signed provenance says, where the bundle has one: nothing in it disagrees with the certificate. */
  readonly provenance?: Provenance;
  readonly checks: { readonly [Key in CheckKey]: Passed<Evidence[Key]> | Absent };
}

/** At least one check failed; `checks` says which, and all reasons at once. */
export interface FailedReport extends ReportBase {
  readonly verdict: "failed";
  /** What the signed provenance says, with every disagreement; not to be shown as true. */
  readonly provenance?: UnboundProvenance;
  readonly checks: { readonly [Key in CheckKey]: Check<Key> };
}

interface ReportBase {
  readonly mediaType: typeof reportMediaType;
  /** The version of the verifier. */
  readonly version: string;
  /** The verdict in one plain sentence. */
  readonly summary: string;
  /** Which of the trusted roots this report is about, counted from 0. */
  readonly trustedRoot: number;
  /** What this report is about. */
  readonly inputs: ReportInputs;
  /** What the CA certified about the signer, where the certificate leads to a trusted one. */
  readonly certificate?: CertificateFacts;
  /** What the signer claims in the statement; there when `checks.statement` passed. The verdict does not depend on it. */
  readonly predicate?: PredicateSummary;
  /** What a reader should know and what decided nothing. */
  readonly notes: readonly Note[];
}

/** What a report is about, as `sha256:…`: whoever has the same bytes can make the same report. */
export interface ReportInputs {
  /** Of the bundle's bytes; of the JSON text, when it was handed in as an object. */
  readonly bundle: string;
  /** Of the trusted root's JSON text, of its line in JSON Lines. Absent when the bundle could not be read. */
  readonly trustedRoot?: string;
}

/** The outcome of one check. */
export type Check<Key extends CheckKey = CheckKey> = Passed<Evidence[Key]> | Failed<Key> | Blocked | Absent;

/** The claim is true; `evidence` says what exactly was verified. */
export interface Passed<E> {
  readonly status: "passed";
  readonly evidence: E;
}

/** The claim is false, for these reasons. */
export interface Failed<Key extends CheckKey = CheckKey> {
  readonly status: "failed";
  readonly failures: readonly Failure<Key>[];
}

/** The claim could not be looked at, since another check did not pass. */
export interface Blocked {
  readonly status: "blocked";
  readonly by: CheckId;
}

/** The bundle makes no such claim, and the policy does not ask for it. */
export interface Absent {
  readonly status: "absent";
}

/** One reason for which a check failed. */
export interface Failure<Key extends CheckKey = CheckKey> {
  /** Stable, for programs. */
  readonly code: FailureCode<Key>;
  /** For people: expected, then found. */
  readonly message: string;
  /** Where in the input: a JSON pointer into the bundle, or an offset in DER. */
  readonly at?: string;
  /** What to do next. */
  readonly hint?: string;
}

/** Something a reader should know. */
export interface Note {
  readonly code: NoteCode;
  readonly message: string;
  /** Where: a JSON pointer into the bundle, unless the message says otherwise. */
  readonly at?: string;
  /** What to do next. */
  readonly hint?: string;
}

/** The verified facts of each check. Times are RFC 3339 in UTC; large integers are decimal strings. */
export interface Evidence {
  readonly bundle: BundleEvidence;
  readonly checkpoint: readonly CheckpointEvidence[];
  readonly inclusionProof: readonly InclusionProofEvidence[];
  readonly inclusionPromise: readonly InclusionPromiseEvidence[];
  readonly logBinding: readonly LogBindingEvidence[];
  readonly timestamp: readonly TimestampEvidence[];
  readonly signingTime: readonly SigningTimeEvidence[];
  readonly certificatePath: CertificatePathEvidence;
  readonly sct: readonly SctEvidence[];
  readonly signature: SignatureEvidence;
  readonly statement: StatementEvidence;
  readonly provenanceBinding: ProvenanceBindingEvidence;
  readonly artifact: ArtifactEvidence;
  readonly signer: SignerEvidence;
  readonly threshold: ThresholdEvidence;
}

/** The bundle is well formed. */
export interface BundleEvidence {
  readonly mediaType: string;
  readonly version: string;
  readonly content: "message-signature" | "dsse-envelope" | "image-signature";
  readonly keyMaterial: "certificate" | "certificate-chain" | "public-key";
  readonly logEntries: number;
  readonly signedTimestamps: number;
  /** JSON pointers of fields that this version of the verifier does not know. */
  readonly unknownFields: readonly string[];
}

/** A trusted log signed this tree head. */
export interface CheckpointEvidence {
  readonly at: string;
  readonly log: string;
  readonly origin: string;
  readonly treeSize: string;
  readonly rootHash: string;
  /** The witnesses whose cosignatures verified. */
  readonly witnesses: readonly { readonly name: string; readonly time: string }[];
}

/** The entry is in the tree of that head. */
export interface InclusionProofEvidence {
  readonly at: string;
  readonly logIndex: string;
  readonly treeSize: string;
  readonly leafHash: string;
}

/** The log promised the entry at this time. */
export interface InclusionPromiseEvidence {
  readonly at: string;
  readonly log: string;
  readonly integratedTime: string;
}

/** The log entry is about this signature, key and payload. */
export interface LogBindingEvidence {
  readonly at: string;
  readonly log: string;
  /** For instance `dsse/0.0.1`. */
  readonly kind: string;
  readonly logIndex: string;
}

/** A trusted authority stamped this signature. */
export interface TimestampEvidence {
  readonly at: string;
  readonly authority: string;
  readonly time: string;
}

/** A trusted party attested when it was signed. */
export interface SigningTimeEvidence {
  readonly time: string;
  readonly source: "inclusion-promise" | "signed-timestamp";
  readonly at: string;
}

/** The certificate leads to a trusted authority and was valid at every signing time. */
export interface CertificatePathEvidence {
  readonly authority: string;
  readonly identity: CertifiedIdentity;
  readonly issuer?: string;
  readonly claims: Readonly<Partial<Record<ClaimName | DeprecatedClaimName, string>>>;
  /** From the leaf up. */
  readonly certificates: readonly CertificateEvidence[];
}

/** The subject that the authority certified. */
export interface CertifiedIdentity {
  readonly type: "uri" | "email" | "other-name";
  readonly value: string;
}

/** Claims of older certificates, superseded by those of `ClaimName`. */
export type DeprecatedClaimName =
  | "githubWorkflowTrigger"
  | "githubWorkflowSHA"
  | "githubWorkflowName"
  | "githubWorkflowRepository"
  | "githubWorkflowRef";

/** One certificate of the path. */
export interface CertificateEvidence {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter?: string;
  readonly sha256: string;
}

/** A trusted log saw the certificate before it was issued. */
export interface SctEvidence {
  readonly log: string;
  readonly time: string;
}

/** That key signed this content. */
export interface SignatureEvidence {
  /** For instance `ecdsa-p256-sha256`. */
  readonly algorithm: string;
  /** The sha256 of the public key (SPKI), in hexadecimal. */
  readonly publicKey: string;
}

/** The signed payload is a statement about these subjects. */
export interface StatementEvidence {
  readonly statementType: string;
  readonly predicateType: string;
  readonly subjects: readonly StatementSubject[];
}

/** A subject of a statement. */
export interface StatementSubject {
  readonly name?: string;
  readonly digests: Readonly<Record<string, string>>;
}

/** Nothing in the provenance disagrees with what the CA certified. */
export interface ProvenanceBindingEvidence {
  /** How many facts the CA certified too. */
  readonly agreeing: number;
  /** How many are only claimed. */
  readonly claimed: number;
}

/** The artifact is the one that was signed, or a subject of the statement. */
export type ArtifactEvidence = MatchedArtifactEvidence | { readonly dangerouslyUnbound: true };

/** What the artifact was matched by. */
export interface MatchedArtifactEvidence {
  /** The digest that agreed; absent when the signature covers the bytes themselves. */
  readonly algorithm?: string;
  /** In hexadecimal. */
  readonly digest?: string;
  /** The statement's subject that matched, counted from 0. */
  readonly subject?: number;
  /** The subject's name, or what the signer of an image calls it. */
  readonly name?: string;
  /** The artifact, where `digest` is that of an image index that lists it. */
  readonly listed?: {
    readonly algorithm: string;
    /** In hexadecimal. */
    readonly digest: string;
    /** The digests of nested indexes on the way, from the outside in, as `sha256:…`. */
    readonly through: readonly string[];
  };
}

/** What the signer was matched with: a rule or a key, by its place in the list of signers, counted from 0. */
export type SignerEvidence =
  | { readonly rule: number }
  | { readonly publicKey: number }
  | { readonly dangerouslyAnySigner: true };

/** How much evidence there was; it was enough. */
export interface ThresholdEvidence {
  readonly logEntries: number;
  readonly scts: number;
  readonly signedTimestamps: number;
  readonly witnesses: number;
  readonly promiseOnly: boolean;
}
