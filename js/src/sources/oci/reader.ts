/** What is expected of a document, by whoever named it. */
export interface ExpectedDocument {
  readonly digest?: string;
  readonly size?: number;
  readonly mediaType?: string;
  readonly subject?: string;
}

/** Names content (OCI image-spec, "Descriptor"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  /** `os/architecture/variant` */
  readonly platform?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What evidence a layer is, by its media type. */
  readonly evidence?: "bundle" | "signature" | "attestation" | "statement";
}

/** A manifest or an index. */
export interface ImageDocument {
  readonly kind: "manifest" | "index";
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  /** The statements of BuildKit beside the images in an index. */
  readonly attestations?: readonly { readonly manifest: Descriptor; readonly image: string }[];
  /** The tags under which others keep what is about it. */
  readonly tags: { readonly referrers: string; readonly signatures?: string; readonly attestations?: string };
}

/** A layer, read. */
export type ImageLayer =
  | { readonly kind: "bundle" | "signature" | "attestation"; readonly bundle: string; readonly statement?: undefined }
  | { readonly kind: "statement"; readonly statement: unknown; readonly bundle?: undefined };

/** Reads what registries hold, and asks nobody. */
export interface ImageReader {
  /** Takes a name apart. @throws UsageError `invalid-image-name` */
  readImageName(name: string): { readonly registry?: string; readonly repository: string; readonly tag?: string; readonly digest?: string };
  /** Reads a manifest or an index, after checking what is expected of it. @throws UsageError `image-content-differs` or `malformed-image-document` */
  readImageDocument(bytes: Uint8Array, expected?: ExpectedDocument): ImageDocument;
  /** The image for a platform in an index, the first of `indexes`; the others are nested ones. `needed` is one more to fetch. @throws UsageError `no-such-platform` */
  findPlatform(
    platform: string,
    indexes: readonly Uint8Array[],
  ): { readonly image: Descriptor; readonly through: readonly string[]; readonly needed?: undefined } | { readonly needed: Descriptor; readonly image?: undefined };
  /** A layer with evidence. @throws UsageError */
  readImageLayer(layer: Descriptor, bytes: Uint8Array): ImageLayer;
}
