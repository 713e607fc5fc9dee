/** A document in which others keep evidence, read and not verified. */
export interface Source {
  readonly kind: SourceKind;
  /** The kind in plain words. */
  readonly title: string;
  /** The evidence, in the order written. */
  readonly pieces: readonly SourcePiece[];
}

/** What a document with evidence is. `no-attestations` is an answer of npm's or GitHub's that lists none: the two look alike. */
export type SourceKind =
  | "bundle"
  | "bundles"
  | "npm-attestations"
  | "pypi-provenance"
  | "pypi-attestation"
  | "github-attestations"
  | "cosign-blob-bundle"
  | "envelope"
  | "envelopes"
  | "rekor-entries"
  | "cloud-build-provenance"
  | "jsr-bundle"
  | "no-attestations";

/** One piece of evidence: a bundle, or the URL of one, which is to be fetched without the credentials of whoever named it. */
export type SourcePiece = PieceHints &
  ({ readonly bundle: string; readonly url?: undefined } | { readonly bundle?: undefined; readonly url: string });

/** What stands beside a bundle: nobody signed it there. */
interface PieceHints {
  /** JSON pointer into the document; of JSON Lines, the line counted from 0. */
  readonly at: string;
  /** What the document says that the statement is about. */
  readonly predicateType?: string;
  /** Who published, by the registry's word. */
  readonly publisher?: Publisher;
}

/** The Trusted Publisher of a file, by PyPI's word. The certificate says who signed. */
export interface Publisher {
  /** `GitHub`, `GitLab`, `Google` or another. */
  readonly kind: string;
  /** `owner/name`. */
  readonly repository?: string;
  /** The file of the workflow or pipeline. */
  readonly workflow?: string;
  /** The deployment environment. */
  readonly environment?: string;
  /** The address of a service account. */
  readonly email?: string;
}
