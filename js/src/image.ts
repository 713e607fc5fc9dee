import { isBytes, view } from "./bytes.js";
import { UsageError } from "./errors.js";

/** The name of an image, taken apart. */
export interface ImageName {
  /** The registry, with its port; without one, Docker means its own. */
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** Which content is meant. */
export interface ImageDescriptor {
  readonly mediaType: string;
  /** `sha256:…` */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  /** The type of the artifact that a manifest describes. */
  readonly artifactType?: string;
  /** `os/architecture` or `os/architecture/variant`. */
  readonly platform?: string;
  /** Said by whoever wrote the document: good for finding things, not for believing them. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Which evidence it is, by its media type. */
  readonly evidence?: "bundle" | "signature" | "attestation" | "statement";
}

/** A manifest or an index of OCI or of Docker. */
export interface ImageDocument {
  readonly kind: "manifest" | "index";
  /** The digest that it was asked by, else its SHA-256. */
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  /** The type of the artifact that it describes. */
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** What it says it is about. */
  readonly subject?: ImageDescriptor;
  /** Of a manifest. */
  readonly config?: ImageDescriptor;
  /** Of a manifest. */
  readonly layers?: readonly ImageDescriptor[];
  /** Of an index. */
  readonly manifests?: readonly ImageDescriptor[];
  /** BuildKit's attestation manifests of an index, each with the digest of the image that it is about. Nobody signs what is in them. */
  readonly attestations?: readonly { readonly manifest: ImageDescriptor; readonly image: string }[];
  /** The tags under which evidence about it may be. */
  readonly tags: {
    /** Of the list of referrers, at registries that cannot list them. */
    readonly referrers: string;
    /** Of cosign's signatures. */
    readonly signatures?: string;
    /** Of cosign's attestations. */
    readonly attestations?: string;
  };
}

/** Which content was asked for: what is known of it. */
export interface ExpectedContent {
  /** `sha256:…` */
  readonly digest?: string;
  readonly size?: number;
  /** By a descriptor, or by the answer's `Content-Type` without parameters. */
  readonly mediaType?: string;
  /** The digest that the document's `subject` must have. */
  readonly subject?: string;
}

/** The image for a platform, or the digest of a nested index that has to be at hand to tell. */
export type FoundPlatform =
  | {
      readonly image: ImageDescriptor;
      /** The digests of nested indexes on the way, from the outside in. */
      readonly through: readonly string[];
      readonly needed?: undefined;
    }
  | { readonly needed: string; readonly image?: undefined; readonly through?: undefined };

/** A layer that is evidence: what somebody signed, as a bundle, or a statement that nobody signed. */
export type ImageLayer =
  | { readonly kind: "bundle"; readonly bundle: string }
  | { readonly kind: "statement"; readonly statement: UnsignedStatement };

/** A statement that nobody signed. It shows at most that there is provenance, and reaches no policy. */
export interface UnsignedStatement {
  readonly verified: false;
  readonly predicateType: string;
  readonly subjects: readonly { readonly name?: string; readonly digests: readonly string[] }[];
  /** What provenance says of the build, by the names of a report's facts. */
  readonly provenance?: Readonly<Record<string, string>>;
  /** Of provenance, the SLSA build level that it can show, and why it is not higher. */
  readonly level?: { readonly build: 1; readonly reason: string };
}

/**
 * Indexes as text, exactly: their digests are taken over it.
 *
 * @throws UsageError `invalid-indexes` for what is no text at all.
 */
export function indexTexts(indexes: unknown): readonly string[] {
  if (!Array.isArray(indexes)) throw new UsageError("invalid-indexes", "expected a list of image indexes, as text or bytes", "/indexes");
  return indexes.map((index: unknown, at) => {
    if (typeof index === "string") return index;
    try {
      if (isBytes(index)) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(view(index));
    } catch {
      // Said below.
    }
    throw new UsageError("invalid-indexes", "expected an image index as text or bytes, found something else", `/indexes/${String(at)}`);
  });
}
