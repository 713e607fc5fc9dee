import type { Resource } from "./provenance.js";

/**
 * What a statement says about its subjects, by the exact type of its predicate. All of it is the signer's claim: text is as the
 * signer wrote it, times too. A list that is only counted is in the payload.
 */
export type PredicateSummary =
  | SlsaProvenanceSummary
  | VerificationSummary
  | SimpleVerificationResult
  | NpmPublishSummary
  | PypiPublishSummary
  | CondaPublishSummary
  | ReleaseSummary
  | VulnerabilityScanSummary
  | TestResultSummary
  | SbomSummary
  | VexSummary
  | CosignCustomSummary
  | CosignSignatureSummary
  | OpaquePredicate
  | MalformedPredicate;

/** What a predicate is. */
export type PredicateKind = PredicateSummary["kind"];

interface Summary<Kind extends string> {
  /** The type as the statement names it. */
  readonly predicateType: string;
  readonly kind: Kind;
}

/** SLSA build provenance. */
export type SlsaProvenanceSummary = Summary<"slsa-provenance">;

/** Somebody verified the artifact against a policy, and says at which levels of SLSA it passed. */
export interface VerificationSummary extends Summary<"verification-summary"> {
  /** Who verified; worth what the pair of it and the signer is worth. */
  readonly verifier: {
    readonly id: string;
    readonly versions?: readonly { readonly name: string; readonly version: string }[];
  };
  readonly timeVerified?: string;
  /** What the artifact was verified as. */
  readonly resourceUri?: string;
  readonly policy: Resource;
  readonly verificationResult: "passed" | "failed";
  /** Levels and other properties. */
  readonly verifiedLevels: readonly string[];
  /** The level of SLSA's build track among them, when the verification passed. It implies those below. */
  readonly buildLevel?: number;
  /** How many dependencies were verified at which level. Absent: no claim; empty: no dependencies. */
  readonly dependencyLevels?: readonly { readonly name: string; readonly count: string }[];
  /** Absent: no claim; empty: verified without attestations. */
  readonly inputAttestations?: readonly Resource[];
  readonly slsaVersion?: string;
}

/** Somebody verified that the artifact has these properties. */
export interface SimpleVerificationResult extends Summary<"simple-verification-result"> {
  /** Who verified; worth what the pair of it and the signer is worth. */
  readonly verifier: { readonly id: string };
  readonly policies?: readonly Resource[];
  readonly timeCreated: string;
  readonly properties: readonly string[];
}

/** The npm registry published this version. */
export interface NpmPublishSummary extends Summary<"npm-publish"> {
  readonly name: string;
  readonly version: string;
  readonly registry: string;
}

/** A publisher uploaded the file to PyPI. */
export type PypiPublishSummary = Summary<"pypi-publish">;

/** A publisher made the package for a conda channel. */
export interface CondaPublishSummary extends Summary<"conda-publish"> {
  readonly targetChannel?: string;
}

/** The statement's subjects are the files of this release. */
export interface ReleaseSummary extends Summary<"release"> {
  readonly purl: string;
  readonly packageId?: string;
  /** On GitHub, as `owner/name`. */
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly ownerId?: string;
  readonly tag?: string;
  readonly databaseId?: string;
}

/** A scanner looked for known vulnerabilities. */
export interface VulnerabilityScanSummary extends Summary<"vulnerability-scan"> {
  readonly scanner: { readonly uri?: string; readonly version?: string };
  readonly database: { readonly uri?: string; readonly version?: string; readonly lastUpdate?: string };
  /** Absent when the scanner's own format is not known. */
  readonly results?: number;
  /** By the highest severity that is given as a word; results without one are in none. */
  readonly severities: readonly { readonly name: VulnerabilitySeverity; readonly count: number }[];
  readonly started?: string;
  readonly finished?: string;
}

/** How bad a vulnerability is. */
export type VulnerabilitySeverity = "critical" | "high" | "medium" | "low" | "negligible" | "none" | "unknown";

/** The subjects were tested. */
export interface TestResultSummary extends Summary<"test-result"> {
  readonly result: "passed" | "warned" | "failed";
  readonly configurations: number;
  readonly url?: string;
  /** Absent when they are not listed; so are the next two. */
  readonly passedTests?: number;
  readonly warnedTests?: number;
  readonly failedTests?: number;
}

/** A bill of materials. */
export interface SbomSummary extends Summary<"sbom"> {
  readonly format: "spdx" | "cyclonedx";
  /** For instance `2.3`. */
  readonly specVersion: string;
  readonly name?: string;
  /** SPDX 2's namespace, SPDX 3's id, CycloneDX's serial number. */
  readonly id?: string;
  readonly created?: string;
  /** Packages or components. Absent for SPDX in tag-value form; so are the next two. */
  readonly packages?: number;
  readonly files?: number;
  /** Relationships, or entries in `dependencies`. */
  readonly relationships?: number;
}

/** An OpenVEX document: which vulnerabilities affect the product. */
export interface VexSummary extends Summary<"vex"> {
  readonly id: string;
  readonly author: string;
  readonly timestamp: string;
  readonly version: string;
  readonly statements: number;
  readonly statuses: readonly { readonly name: VexStatus; readonly count: number }[];
}

/** What a VEX statement says. */
export type VexStatus = "not_affected" | "affected" | "fixed" | "under_investigation";

/** Whatever somebody attested with `cosign attest --type custom`. */
export interface CosignCustomSummary extends Summary<"cosign-custom"> {
  readonly timestamp?: string;
  /** In bytes of UTF-8; absent when the data is no text. */
  readonly dataLength?: number;
  readonly dataIsJson: boolean;
}

/** The subject is a container image that was signed with cosign 3. */
export interface CosignSignatureSummary extends Summary<"cosign-signature"> {
  /** How many annotations the signer gave. */
  readonly annotations: number;
}

/** A type that the verifier does not know: what the statement says was not looked at. */
export type OpaquePredicate = Summary<"opaque">;

/** The predicate has not the shape of its type. */
export interface MalformedPredicate extends Summary<"malformed"> {
  /** A JSON pointer into the statement. */
  readonly at: string;
  readonly message: string;
}
