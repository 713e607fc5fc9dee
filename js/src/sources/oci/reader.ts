/** Which content was asked for: what is known of it. */
export interface ExpectedContent {
  readonly digest?: string;
  readonly size?: number;
  readonly mediaType?: string;
  /** The digest that the document's `subject` must have. */
  readonly subject?: string;
}

/** Which content is meant (OCI image-spec, "Descriptor"). */
export interface ImageDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  /** `os/architecture` or `os/architecture/variant`. */
  readonly platform?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Which evidence it is, by its media type. */
  readonly evidence?: "bundle" | "signature" | "attestation" | "statement";
}

/** A manifest or an index of OCI or of Docker. */
export interface ImageDocument {
  readonly kind: "manifest" | "index";
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject?: ImageDescriptor;
  readonly config?: ImageDescriptor;
  readonly layers?: readonly ImageDescriptor[];
  readonly manifests?: readonly ImageDescriptor[];
  readonly attestations?: readonly { readonly manifest: ImageDescriptor; readonly image: string }[];
  readonly tags: { readonly referrers: string; readonly signatures?: string; readonly attestations?: string };
}

/** The image for a platform, or the digest of a nested index that has to be at hand to tell. */
export type FoundPlatform =
  | { readonly image: ImageDescriptor; readonly through: readonly string[]; readonly needed?: undefined }
  | { readonly needed: string; readonly image?: undefined; readonly through?: undefined };

/** A layer that is evidence. */
export type ImageLayer = { readonly kind: "bundle"; readonly bundle: string } | { readonly kind: "statement"; readonly statement: UnsignedStatement };

/** A statement that nobody signed. */
export interface UnsignedStatement {
  readonly verified: false;
  readonly predicateType: string;
}

/** Reads what registries hold, and asks nobody. */
export interface ImageReader {
  readImageName(name: string): { readonly registry?: string; readonly repository: string; readonly tag?: string; readonly digest?: string };
  readImageDocument(bytes: Uint8Array, expected?: ExpectedContent): ImageDocument;
  findPlatform(platform: string, indexes: readonly Uint8Array[]): FoundPlatform;
  readImageLayer(layer: ImageDescriptor, bytes: Uint8Array, image?: string): ImageLayer;
}
