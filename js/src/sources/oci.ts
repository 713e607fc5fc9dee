import type { ArtifactDigests } from "../artifact.js";
import { digestsFromText } from "../digest-text.js";
import type { ImageDocument } from "../image.js";
import type { Verifier } from "../verifier.js";
import { Fetcher, SourceUnavailable, type FetchOptions } from "./fetching.js";
import { found, type FoundEvidence } from "./found.js";
import { apart, judged, type JudgeOptions, type Outcome } from "./judge.js";
import { Collector, type ImagePiece, type UnsignedPiece } from "./oci/collecting.js";
import { Registry, type FetchedDocument, type ImageReader, type RegistryOptions } from "./oci/registry.js";
import { resolve } from "./oci/resolving.js";

export { SourceUnavailable, type Asked, type FetchOptions, type UnavailableCode } from "./fetching.js";
export type { FoundEvidence, FoundPiece } from "./found.js";
export type { JudgeOptions, Outcome } from "./judge.js";
export type { Credentials, CredentialsFor } from "./oci/authorization.js";
export type { ImagePiece, UnsignedPiece } from "./oci/collecting.js";
export type { ImageReader, RegistryOptions } from "./oci/registry.js";

/** Options of `imageEvidence`. */
export interface ImageOptions extends FetchOptions, RegistryOptions {
  /** The image for this platform, such as `linux/amd64`, where the reference leads to an index; unless stated, it is the index that is meant. */
  readonly platform?: string;
}

/** The evidence about an image, and which image that is. */
export interface ImageEvidence extends FoundEvidence {
  readonly pieces: readonly ImagePiece[];
  /** The image that the reference leads to, by the registry's word unless there is a digest in it. Absent when the registry has none. */
  readonly image?: ResolvedImage;
  /** The index that a platform was looked for in, and nested ones on the way: what evidence about the index needs to speak for the image. */
  readonly indexes: readonly Uint8Array[];
  /** What BuildKit wrote about the image beside it in the index. Nobody signed it, and it reaches no policy. */
  readonly unsigned: readonly UnsignedPiece[];
  /** What was there and is no evidence: malformed, or too much. With it, no `bundles` may mean that some could not be read. */
  readonly skipped: readonly SourceUnavailable[];
}

/** An image at a registry. */
export interface ResolvedImage {
  /** Registry and repository in full, and the digest: `docker.io/library/alpine@sha256:…`. */
  readonly pinned: string;
  /** `sha256:…`, or as the reference has it. */
  readonly digest: string;
  /** The SHA-256 too, where the reference has another: evidence may name the image by either. */
  readonly sha256?: string;
  readonly mediaType: string;
  /** In bytes, of the manifest or index. */
  readonly size: number;
  /** As it was asked for. */
  readonly platform?: string;
}

/**
 * Asks a registry for the evidence about an image: Sigstore bundles among its referrers, and the signatures and attestations of cosign 1 and 2. With
 * a platform, evidence about the index counts too, for it names the image by digest.
 *
 * @param reference as for `docker pull`: `ghcr.io/acme/app:1.0`, `alpine@sha256:…`
 * @throws SourceUnavailable when the registry could not be asked, UsageError `invalid-image-name`, `invalid-platform` or `no-such-platform`
 */
export async function imageEvidence(reader: ImageReader, reference: string, options: ImageOptions = {}): Promise<ImageEvidence> {
  const { credentials, plainHttp, platform, ...fetching } = options;
  const name = reader.readImageName(reference);
  const fetcher = new Fetcher(fetching, []);
  const registry = new Registry(reader, fetcher, name, { ...(credentials !== undefined && { credentials }), ...(plainHttp !== undefined && { plainHttp }) });
  const resolved = await resolve(reader, registry, name, platform);
  if (resolved === undefined) return { ...found([], fetcher.asked), pieces: [], indexes: [], unsigned: [], skipped: [] };
  const { image: { document: image }, indexes } = resolved;
  const [, usual] = bothNames(reader, resolved.image);
  const collector = new Collector(reader, registry);
  const [outermost, innermost] = [indexes[0], indexes.at(-1)];
  const pieces: ImagePiece[] = [];
  for (const one of [resolved.image, ...(outermost === undefined ? [] : [outermost])]) {
    // Under the name by which it is asked for, and under the usual one: signers most often know no other.
    for (const document of bothNames(reader, one)) pieces.push(...(await collector.about(document)));
  }
  const unsigned = innermost === undefined ? [] : await collector.beside(innermost.document, image.digest);
  const { digest, mediaType, size } = image;
  return {
    ...found(pieces, fetcher.asked),
    pieces,
    image: { pinned: `${registry.name}@${digest}`, digest, ...(usual !== undefined && { sha256: usual.digest }), mediaType, size, ...(platform !== undefined && { platform }) },
    indexes: indexes.map(({ bytes }) => bytes),
    unsigned,
    skipped: collector.skipped,
  };
}

/** From the name of an image to a verdict, about the digest that it leads to. A tag can be moved: `evidence.image.pinned` is what to run. */
export async function verifyImage(
  verifier: Verifier,
  reference: string,
  options: ImageOptions & JudgeOptions,
): Promise<Outcome<ImageEvidence>> {
  const { judging, asking } = apart(options);
  const find = () => imageEvidence(verifier, reference, asking);
  return judged(verifier, find, ({ image }) => image && digestsOf(image), reference, judging);
}

/** A document as it was asked for, and as its SHA-256 names it. */
function bothNames(reader: Pick<ImageReader, "readImageDocument">, { document, bytes }: FetchedDocument): readonly ImageDocument[] {
  const usual = reader.readImageDocument(bytes, { mediaType: document.mediaType });
  return usual.digest === document.digest ? [document] : [document, usual];
}

/** All that is known of what an image hashes to. */
function digestsOf({ digest, sha256 }: ResolvedImage): ArtifactDigests {
  return { ...digestsFromText(digest), ...(sha256 !== undefined && digestsFromText(sha256)) } as ArtifactDigests;
}
