import type { ClaimName } from "./options.js";
import type { CertifiedIdentity, DeprecatedClaimName } from "./report.js";

/** What a CA certified about the signer. */
export interface CertificateFacts {
  readonly identity: CertifiedIdentity;
  /** The OIDC issuer that vouched for the identity. */
  readonly issuer?: string;
  /** Every claim, in the order of its number. */
  readonly claims: readonly CertificateClaim[];
}

/** One extension of Fulcio's, decoded. */
export interface CertificateClaim {
  readonly name: ClaimName | DeprecatedClaimName | "issuer" | "issuerV1";
  /** The name for people. */
  readonly label: string;
  /** 1.3.6.1.4.1.57264.1.N */
  readonly oid: string;
  readonly value: string;
}

/** Signed SLSA provenance, version 0.1, 0.2 or 1, in one shape. A fact that the builder does not give is absent. */
export interface Provenance extends ProvenanceView {
  readonly predicateType: string;
  /** The SLSA build level, and why it is not higher. */
  readonly level?: ProvenanceLevel;
  readonly facts: readonly ProvenanceFact[];
}

/** Provenance of a bundle that did not verify: `facts` tells what disagrees; the view is there only when nothing does. */
export interface UnboundProvenance extends Partial<ProvenanceView> {
  readonly predicateType: string;
  readonly facts: readonly ProvenanceFact[];
}

/** What was built from what, by whom. */
export interface ProvenanceView {
  readonly builder?: { readonly id: string };
  readonly buildType?: string;
  readonly source?: {
    /** For instance `https://github.com/acme/app`. */
    readonly repository?: string;
    readonly ref?: string;
    readonly commit?: string;
    /** Survives a rename, and is not inherited by a repository of the old name. */
    readonly repositoryId?: string;
    readonly ownerId?: string;
  };
  readonly config?: {
    /** The path of the workflow or build configuration. */
    readonly path?: string;
    /** What it calls the part that ran. */
    readonly entryPoint?: string;
  };
  /** The event that started the build. */
  readonly trigger?: string;
  /** The run. */
  readonly run?: string;
  /** For instance `github-hosted`. */
  readonly runner?: string;
  /** Whatever whoever started the build could choose, one entry for each value. */
  readonly parameters: readonly BuildParameter[];
  readonly dependencies: readonly Resource[];
  readonly byproducts?: readonly Resource[];
  /** As the builder wrote it. */
  readonly started?: string;
  /** As the builder wrote it. */
  readonly finished?: string;
}

/** One value in the external parameters. */
export interface BuildParameter {
  /** JSON pointer below the external parameters. */
  readonly name: string;
  /** The value; numbers that are no safe integers are text, and `{}` stands for an empty object or array. */
  readonly value: string | number | boolean | null | Readonly<Record<string, never>>;
}

/** Something that a predicate names: what went into a build or came out of it, a policy, an attestation. */
export interface Resource {
  readonly name?: string;
  readonly uri?: string;
  /** In lower case, by in-toto's names of algorithms; empty when none was recorded. */
  readonly digest: Readonly<Record<string, string>>;
}

/** A SLSA build level. */
export interface ProvenanceLevel {
  /** 0 to 3. */
  readonly build: number;
  /** The row of the table that decided. */
  readonly row: string;
  /** Why it is not higher. */
  readonly why: string;
}

/** What a fact of provenance is about. */
export type FactName =
  | "builder"
  | "buildType"
  | "sourceRepository"
  | "sourceRef"
  | "sourceCommit"
  | "sourceRepositoryId"
  | "sourceOwnerId"
  | "configPath"
  | "configURI"
  | "configCommit"
  | "entryPoint"
  | "trigger"
  | "run"
  | "runner"
  | "started"
  | "finished";

/** A fact, and how it stands to what the CA certified. */
export interface ProvenanceFact {
  readonly name: FactName;
  readonly value: string;
  /** JSON pointer into the signed statement. */
  readonly pointer: string;
  /** `agrees`: the CA certified the same; `claimed`: it certified nothing about this; `disagrees`: something else. */
  readonly status: "agrees" | "claimed" | "disagrees";
  /** What the CA certified. */
  readonly certified?: string;
  /** In which claim; `identity` is the certificate's subject. */
  readonly claim?: ClaimName | DeprecatedClaimName | "identity";
}
