import type { ClaimName, NoIssuer, Pattern, PublicKeySigner, Requirements } from "../options.js";
import type { DeprecatedClaimName } from "../report.js";

/** A pattern, or several of which any will do. */
export type Patterns = Pattern | readonly Pattern[];

/** A policy: one JSON document that says which evidence is enough. Unknown keys are refused. */
export interface Policy {
  /** The version of this shape. */
  readonly version: 1;
  /** The address of the JSON Schema, for editors. */
  readonly $schema?: string;
  /** What reports call the policy. */
  readonly name?: string;
  /** A text for readers. */
  readonly description?: string;
  /** `"warn"` admits whatever the verdict is; the verdict stays the same. `"enforce"` unless stated. */
  readonly mode?: "enforce" | "warn";
  /** Who is trusted. */
  readonly signers: PolicySigners;
  /** How many parties must vouch for each bundle. */
  readonly evidence?: Requirements;
  /** The evidence that must be there, all of it. Without it, any bundle by the signers will do. */
  readonly require?: readonly PolicyRequirement[];
  /** How the artifact must be named. */
  readonly subject?: PolicySubject;
  /** Rows that go before the built-in table of SLSA build levels. */
  readonly levels?: readonly LevelRow[];
  /** Who is trusted to summarise verifications. */
  readonly verifiers?: readonly TrustedVerifier[];
  /** What is let through until a time. */
  readonly exceptions?: readonly PolicyException[];
  /** Lets through what is older than a time. */
  readonly legacyBefore?: LegacyBefore;
}

/** Who is trusted: any of a list, several at once, or, written out, everyone whom a trusted CA certified. */
export type PolicySigners = readonly PolicySigner[] | SignerThreshold | { readonly dangerouslyAnySigner: true };

/** As many distinct signers, each by a rule of its own. */
export interface SignerThreshold {
  /** How many; at least 1, at most as many as there are rules. */
  readonly threshold: number;
  /** The rules. */
  readonly anyOf: readonly PolicySigner[];
}

/** One rule of who is trusted. */
export type PolicySigner = CertifiedSigner | ClaimedSigner | PolicyKey;

/** A certificate with this issuer and subject, and these claims. */
export interface CertifiedSigner {
  /** What reports call the signer. */
  readonly name?: string;
  /** The OIDC issuer that vouched for the identity; or the certificate names none, as GitHub's for releases does. */
  readonly issuer: Patterns | NoIssuer;
  /** The certificate's subject: a workflow's URI or an e-mail address. */
  readonly identity: Patterns;
  /** Claims of the certificate that must be present and match. */
  readonly claims?: PolicyClaims;
  /** Not here: a rule with a key is of another kind. */
  readonly publicKey?: never;
}

/** Any subject that this issuer vouches for with these claims. */
export interface ClaimedSigner {
  /** What reports call the signer. */
  readonly name?: string;
  /** The OIDC issuer that vouched for the claims. */
  readonly issuer: Patterns;
  /** Claims of the certificate that must be present and match; at least one. */
  readonly claims: PolicyClaims;
  /** Not here: a rule with an identity is of another kind. */
  readonly identity?: never;
  /** Not here: a rule with a key is of another kind. */
  readonly publicKey?: never;
}

/** A key that the policy holds. */
export interface PolicyKey extends PublicKeySigner {
  /** What reports call the signer. */
  readonly name?: string;
  /** Not here: a rule about certificates is of another kind. */
  readonly issuer?: never;
  /** Not here: a rule about certificates is of another kind. */
  readonly identity?: never;
  /** Not here: a rule about certificates is of another kind. */
  readonly claims?: never;
}

/** Certificate claims, by their names in a report, and what they must be. */
export type PolicyClaims = Readonly<Partial<Record<ClaimName | DeprecatedClaimName, Patterns>>>;

/** What must be there: a piece of evidence, or a group of such. */
export type PolicyRequirement = EvidenceRequirement | RequirementGroup;

/** Requirements of which all, or any, must be met. */
export type RequirementGroup =
  | { readonly allOf: readonly PolicyRequirement[]; readonly anyOf?: never; readonly predicateType?: never }
  | { readonly anyOf: readonly PolicyRequirement[]; readonly allOf?: never; readonly predicateType?: never };

/** One verified bundle by a trusted signer that meets every condition at once. */
export interface EvidenceRequirement {
  /** The type of the statement's predicate, exactly; or a list of types, any of them. */
  readonly predicateType: string | readonly string[];
  /** What reports call the piece. */
  readonly name?: string;
  /** Who is trusted for this piece, in place of the policy's `signers`. */
  readonly signers?: PolicySigners;
  /** How old the signature may be at `now`, such as `"90d"`. */
  readonly maxAge?: MaxAge;
  /** The artifact's name in its ecosystem. */
  readonly package?: PackageName;
  /** SLSA provenance: the builder's id. */
  readonly builder?: Patterns;
  /** SLSA provenance: the type of the build. */
  readonly buildType?: Patterns;
  /** SLSA provenance: the event that started the build. */
  readonly trigger?: Patterns;
  /** SLSA provenance: where the build ran. */
  readonly runner?: Patterns;
  /** SLSA provenance: the lowest build level. */
  readonly level?: BuildLevel;
  /** SLSA provenance: what was built. */
  readonly source?: SourceCondition;
  /** SLSA provenance: the build's definition. */
  readonly config?: ConfigCondition;
  /** SLSA provenance: the external parameters that may be there, by JSON pointers below `externalParameters`. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  /** SLSA provenance: what went into the build. */
  readonly dependencies?: DependencyCondition;
  /** SLSA provenance: every fact that a condition looks at must be certified by the CA too, not only claimed. */
  readonly certified?: boolean;
  /** The outcome of a verification summary or a test result. */
  readonly result?: Patterns;
  /** A verification summary (VSA). */
  readonly vsa?: SummaryCondition;
  /** Not here: a group is of another kind. */
  readonly allOf?: never;
  /** Not here: a group is of another kind. */
  readonly anyOf?: never;
}

/** A length of time in whole days, hours or minutes. */
export type MaxAge = `${number}${"d" | "h" | "m"}`;

/** An SLSA build level that can be asked for. */
export type BuildLevel = 1 | 2 | 3;

/** A package of an ecosystem, and which versions of it. */
export type PackageName =
  | { readonly npm: string; readonly jsr?: never; readonly pypi?: never; readonly github?: never; readonly version?: Pattern }
  | { readonly jsr: string; readonly npm?: never; readonly pypi?: never; readonly github?: never; readonly version?: Pattern }
  | { readonly pypi: string; readonly npm?: never; readonly jsr?: never; readonly github?: never; readonly version?: Pattern }
  /** Of a repository's release, as GitHub attests it; `version` is its tag. */
  | { readonly github: string; readonly npm?: never; readonly jsr?: never; readonly pypi?: never; readonly version?: Pattern };

/** What was built; `branch` and `tag` are what follows `refs/heads/` and `refs/tags/`. */
export interface SourceCondition {
  /** The repository's URL. */
  readonly repository?: Patterns;
  /** The whole git reference. */
  readonly ref?: Patterns;
  /** The reference is a branch. */
  readonly branch?: Patterns;
  /** The reference is a tag. */
  readonly tag?: Patterns;
  /** The commit's id. */
  readonly commit?: Patterns;
  /** The platform's id of the repository, which a rename does not change. */
  readonly repositoryId?: Patterns;
  /** The platform's id of the owner, which a rename does not change. */
  readonly ownerId?: Patterns;
}

/** The build's definition. */
export interface ConfigCondition {
  /** The path of the workflow or build configuration. */
  readonly path: Patterns;
}

/** What a parameter must be: a value that is equal, a pattern, or anything at or below its place. */
export type ParameterValue = Pattern | number | boolean | null | { readonly any: true };

/** What went into the build. */
export interface DependencyCondition {
  /** Each dependency must have a digest. */
  readonly digests?: "required";
  /** URIs that may be there; any others fail. */
  readonly allow?: Patterns;
  /** URIs that must not be there. */
  readonly deny?: Patterns;
  /** Dependencies that must be there. */
  readonly require?: readonly RequiredDependency[];
}

/** A dependency that must be there. */
export interface RequiredDependency {
  /** Its URI. */
  readonly uri: Pattern;
  /** Its digest, as `"sha256:…"` or another algorithm's. */
  readonly digest?: string;
}

/** What a verification summary must say. */
export interface SummaryCondition {
  /** The verifier's id. */
  readonly verifier: string;
  /** The resource that was verified. */
  readonly resourceUri?: Patterns;
  /** The lowest build level that it states. */
  readonly level?: BuildLevel;
}

/** How the artifact must be named. */
export interface PolicySubject {
  /** Digest algorithms that may bind the artifact; all three unless stated. */
  readonly algorithms?: readonly ("sha256" | "sha384" | "sha512")[];
  /** What to do about an image tag without a digest; `"warn"` unless stated. */
  readonly pinned?: "warn" | "require" | "ignore";
  /** Lets evidence be judged about no artifact in particular. */
  readonly dangerouslyUnbound?: true;
}

/** A row of the table of build levels: certified signers, or one key. */
export type LevelRow = CertifiedLevelRow | KeyLevelRow;

/** What every row of the table of build levels has. */
interface AnyLevelRow {
  /** What reports call the row. */
  readonly name: string;
  /** The build level of what fits. */
  readonly level: 0 | BuildLevel;
  /** The builder's id; or, it must be the certified identity. */
  readonly builder?: Patterns | { readonly signer: true };
  /** The type of the build. */
  readonly buildType?: Patterns;
  /** Whether the signing workflow is another than the calling one. */
  readonly reusable?: boolean;
  /** Whether the identity ends in a full release tag, `@refs/tags/vX.Y.Z`. */
  readonly release?: boolean;
  /** Why the level is not higher, for reports. */
  readonly higher?: string;
}

/** A row about certificates. */
export interface CertifiedLevelRow extends AnyLevelRow {
  /** The OIDC issuer. */
  readonly issuer: Patterns;
  /** The certificate's subject. */
  readonly identity?: Patterns;
  /** Claims of the certificate. */
  readonly claims?: PolicyClaims;
  /** Not here: a row with a key is the other kind. */
  readonly publicKey?: never;
}

/** A row about a key. */
export interface KeyLevelRow extends AnyLevelRow {
  /** The managed key, as PEM. */
  readonly publicKey: string;
  /** Not here: a row with an issuer is the other kind. */
  readonly issuer?: never;
  /** Not here: a row with an issuer is the other kind. */
  readonly identity?: never;
  /** Not here: a row with an issuer is the other kind. */
  readonly claims?: never;
  /** Not here: a row with an issuer is the other kind. */
  readonly reusable?: never;
  /** Not here: a row with an issuer is the other kind. */
  readonly release?: never;
}

/** Who is trusted to summarise verifications. */
export interface TrustedVerifier {
  /** The id that the summary must state. */
  readonly id: string;
  /** Who must have signed the summary. */
  readonly signers: PolicySigners;
  /** What the summary may be about. */
  readonly resourceUri: Patterns;
  /** The highest build level that is believed. */
  readonly level?: BuildLevel;
}

/** An artifact that is let through until a time, by its digest or by the reference that the caller gives. */
export type PolicyException =
  | { readonly digest: string; readonly reference?: never; readonly reason: string; readonly expires: string }
  | { readonly reference: Pattern; readonly digest?: never; readonly reason: string; readonly expires: string };

/** Lets through what was signed, or published by the caller's word, before a time. */
export interface LegacyBefore {
  /** The time, as RFC 3339. */
  readonly time: string;
  /** Why, for reports. */
  readonly reason: string;
}
