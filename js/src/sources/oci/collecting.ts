import type { ImageDescriptor, ImageDocument, ImageLayer, UnsignedStatement } from "../../image.js";
import { inBatches } from "../batches.js";
import { SourceUnavailable } from "../fetching.js";
import type { FoundPiece } from "../found.js";
import { checked, indexType, type FetchedDocument, type ImageReader, type Registry } from "./registry.js";
import { named } from "./resolving.js";

/** A bundle, where it was, and what it is about by the word of whoever put it there. */
export type ImagePiece = FoundPiece & {
  /** The digest of the image or the index. */
  readonly about: string;
};

/** A statement that BuildKit wrote about an image, and that nobody signed. */
export interface UnsignedPiece {
  readonly statement: UnsignedStatement;
  /** The digest of the image. */
  readonly about: string;
  /** The URL of the manifest that holds it. */
  readonly from: string;
}

/** Manifests with evidence that are fetched, of one list. */
const mostManifests = 256;

/** Layers with evidence that are fetched: as many as bundles are judged together (`src/base/limits.rs`). */
const mostLayers = 1024;

/** Bytes of these layers: as many as the core reads of any other document with evidence (`src/base/limits.rs`). */
const mostBytes = 64 * 1024 * 1024;

/** What the types of artifacts begin with that hold a bundle (cosign `specs/BUNDLE_SPEC.md`), and that of cosign 2's signatures as referrers. */
const evidenceTypes = ["application/vnd.dev.sigstore.bundle", "application/vnd.dev.cosign.artifact.sig.v1+json"];

/** The annotation of a bundle's manifest, and of a layer of cosign's, with the type of the predicate. */
const predicateTypes = ["dev.sigstore.bundle.predicateType", "predicateType"];

/**
 * Fetches evidence, a document at a time. What is malformed is skipped, and must not hide the rest: anybody who may write to a repository can put
 * something there. What could not be asked for is thrown: it may be the evidence that counts.
 */
export class Collector {
  readonly #reader: Pick<ImageReader, "readImageLayer">;
  readonly #registry: Registry;
  readonly #blobs = new Map<string, Promise<Uint8Array | undefined>>();
  #layers = 0;
  #bytes = 0;
  /** What was there, and could not be taken for evidence. */
  readonly skipped: SourceUnavailable[] = [];

  constructor(reader: Pick<ImageReader, "readImageLayer">, registry: Registry) {
    this.#reader = reader;
    this.#registry = registry;
  }

  /** Bundles about an image or an index: cosign's, by their tags, then the referrers. */
  async about({ digest, tags }: ImageDocument): Promise<readonly ImagePiece[]> {
    const attached = [tags.signatures, tags.attestations].flatMap((tag) => tag ?? []);
    const tagged = await inBatches(attached, async (tag) => this.#bundles(digest, () => this.#registry.manifest(tag)));
    const listed = (await this.#referrers(digest, tags.referrers)).filter(isEvidence);
    const referring = await inBatches(this.#first(listed), async (referrer) => this.#bundles(digest, () => this.#listed(referrer, digest)));
    return [...tagged, ...referring];
  }

  /** What BuildKit wrote about an image of an index. */
  async beside(index: ImageDocument, image: string): Promise<readonly UnsignedPiece[]> {
    const own = (index.attestations ?? []).filter((attestation) => attestation.image === image);
    return inBatches(this.#first(own.map(({ manifest }) => manifest)), async (listed) => {
      const read = await this.#read(image, () => this.#listed(listed));
      return read.flatMap(({ layer, from }) => (layer.kind === "statement" ? [{ statement: layer.statement, about: image, from }] : []));
    });
  }

  async #bundles(about: string, fetch: () => Promise<FetchedDocument | undefined>): Promise<readonly ImagePiece[]> {
    const read = await this.#read(about, fetch);
    return read.flatMap(({ layer, predicateType, ...where }) => {
      if (layer.kind !== "bundle") return [];
      return [{ bundle: layer.bundle, ...where, about, ...(predicateType !== undefined && { predicateType }) }];
    });
  }

  /** The referrers of a digest: the registry's list, else the one under a tag. */
  async #referrers(digest: string, tag: string): Promise<readonly ImageDescriptor[]> {
    const listing = await this.#whole(() => this.#registry.referrers(digest));
    if (listing?.rest !== undefined) this.#skip("too-large", listing.rest, "expected fewer pages of referrers, found more");
    const pages = listing?.pages ?? [await this.#whole(() => this.#registry.manifest(tag, { mediaType: indexType }))];
    return pages.flatMap((page) => page?.document.manifests ?? []);
  }

  async #listed(descriptor: ImageDescriptor, subject?: string): Promise<FetchedDocument | undefined> {
    const fetched = await ofOthers(descriptor, () => this.#registry.manifest(descriptor.digest, { ...named(descriptor), ...(subject !== undefined && { subject }) }));
    if (fetched === undefined) this.#skip("malformed", this.#registry.manifestUrl(descriptor.digest), "expected the manifest that is listed, found none");
    return fetched;
  }

  /** The layers of a manifest that are evidence. */
  async #read(about: string, fetch: () => Promise<FetchedDocument | undefined>): Promise<readonly ReadLayer[]> {
    const fetched = await this.#whole(fetch);
    if (fetched === undefined) return [];
    const { document, url } = fetched;
    const read: ReadLayer[] = [];
    for (const [at, descriptor] of (document.layers ?? []).entries()) {
      if (descriptor.evidence === undefined) continue;
      if (this.#layers >= mostLayers || this.#bytes >= mostBytes) {
        this.#skip("too-large", url, `expected at most ${String(mostLayers)} layers with evidence, of ${String(mostBytes)} bytes, found more`);
        break;
      }
      this.#layers += 1;
      const layer = await this.#whole(() => this.#layer(descriptor, about, url));
      if (layer === undefined) continue;
      const [predicateType] = predicateTypes.flatMap((name) => document.annotations[name] ?? descriptor.annotations?.[name] ?? []);
      read.push({ layer, at: `/layers/${String(at)}`, from: url, predicateType });
    }
    return read;
  }

  async #layer(descriptor: ImageDescriptor, about: string, url: string): Promise<ImageLayer | undefined> {
    const bytes = await this.#blob(descriptor);
    if (bytes === undefined) throw new SourceUnavailable("malformed", url, `expected the blob ${descriptor.digest} that is listed, found none`, 404);
    return checked(url, () => this.#reader.readImageLayer(descriptor, bytes, about));
  }

  /** A blob, once: signatures of one image share their payload. */
  async #blob(descriptor: ImageDescriptor): Promise<Uint8Array | undefined> {
    const pending = this.#blobs.get(nameOf(descriptor)) ?? ofOthers(descriptor, () => this.#registry.blob(descriptor));
    this.#blobs.set(nameOf(descriptor), pending);
    const bytes = await pending;
    // What came counts: a size that is only said must leave no less room for others.
    this.#bytes += bytes?.length ?? 0;
    return bytes;
  }

  /** Each of them once, and no more than there is room for. */
  #first(listed: readonly ImageDescriptor[]): readonly ImageDescriptor[] {
    const each = [...new Map(listed.map((one) => [nameOf(one), one])).values()];
    const left = each[mostManifests];
    if (left !== undefined) {
      this.#skip("too-large", this.#registry.manifestUrl(left.digest), `expected at most ${String(mostManifests)} manifests with evidence, found more`);
    }
    return each.slice(0, mostManifests);
  }

  #skip(code: "malformed" | "too-large", url: string, message: string): void {
    this.skipped.push(new SourceUnavailable(code, url, message));
  }

  /** What it fetches; nothing where that is not what it should be. */
  async #whole<Fetched>(fetch: () => Promise<Fetched | undefined>): Promise<Fetched | undefined> {
    try {
      return await fetch();
    } catch (error) {
      if (!(error instanceof SourceUnavailable && (error.code === "malformed" || error.code === "too-large"))) throw error;
      this.skipped.push(error);
      return undefined;
    }
  }
}

/** A layer, where it is, and what its manifest says of it. */
interface ReadLayer {
  readonly layer: ImageLayer;
  readonly at: string;
  readonly from: string;
  readonly predicateType: string | undefined;
}

/** The digests by which content can be checked (`src/format/oci/digest.rs`). */
const checkable = /^sha(?:256|512):/u;

/**
 * What somebody listed, under whatever digest he liked. Nothing can be known by a digest that cannot be checked, and a registry to which it is none has
 * nothing under it: it says so by 400 (`DIGEST_INVALID`), which would else stand in the way of what is there.
 */
async function ofOthers<Fetched>({ digest }: ImageDescriptor, fetch: () => Promise<Fetched | undefined>): Promise<Fetched | undefined> {
  if (!checkable.test(digest)) return undefined;
  try {
    return await fetch();
  } catch (error) {
    if (error instanceof SourceUnavailable && error.code === "refused" && error.status === 400) return undefined;
    throw error;
  }
}

/** All that a descriptor says of content: who says something else of it must not stand in for it. */
function nameOf({ digest, size, mediaType }: ImageDescriptor): string {
  return `${digest} ${String(size)} ${mediaType}`;
}

/** Whether a referrer may hold a bundle: of some the list does not tell. */
function isEvidence({ artifactType }: ImageDescriptor): boolean {
  return artifactType === undefined || evidenceTypes.some((type) => artifactType.startsWith(type));
}
