import type { UsageCode } from "../../codes.js";
import { UsageError } from "../../errors.js";
import type { ExpectedContent, ImageDocument } from "../../image.js";
import { printable } from "../../printable.js";
import type { Verifier } from "../../verifier.js";
import { isLocal, refusal, SourceUnavailable, type Answer, type Fetcher, type Request } from "../fetching.js";
import { next } from "../paging.js";
import { Authorization, readCredentials, type Credentials, type CredentialsFor } from "./authorization.js";

/** How a registry is asked. */
export interface RegistryOptions {
  /** Who asks, where a registry wants to know; an object is for the one registry that is asked, a function is told which. */
  readonly credentials?: Credentials | CredentialsFor;
  /** Plain HTTP in place of https; without it, only for a registry on this machine. No credentials go over it to another. */
  readonly plainHttp?: boolean;
}

/** What is needed of a verifier: it reads what registries hold, and judges nothing. */
export type ImageReader = Pick<Verifier, "readImageName" | "readImageDocument" | "findPlatform" | "readImageLayer">;

/** A manifest or an index, and where it was. */
export interface FetchedDocument {
  readonly document: ImageDocument;
  readonly bytes: Uint8Array;
  readonly url: string;
}

/** What a registry lists as referrers of an image: its word, until each of them says so itself. */
export interface Listing {
  readonly pages: readonly FetchedDocument[];
  /** The next page, which was not asked for: there are too many. */
  readonly rest: string | undefined;
}

/** The largest manifest or index, in bytes (`src/base/limits.rs`). */
const mostDocumentBytes = 4 * 1024 * 1024;

/** The largest blob, in bytes: that of a bundle (`src/base/limits.rs`). */
const mostBlobBytes = 16 * 1024 * 1024;

/** Pages of referrers that are asked for, of at most 4 MiB each. */
const mostPages = 16;

/** What the core says of content, not of the call. */
const contentCodes: readonly UsageCode[] = [
  "invalid-image-digest",
  "image-content-differs",
  "image-subject-differs",
  "malformed-image-document",
  "malformed-image-statement",
  "malformed-source",
];

export const indexType = "application/vnd.oci.image.index.v1+json";

/** Manifests and indexes, of OCI and of Docker. */
const documentTypes = [
  indexType,
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** A repository of a registry, asked by the OCI distribution specification. Whatever it answers is held against what it should be. */
export class Registry {
  /** Registry and repository by their full names: `docker.io/library/alpine`. */
  readonly name: string;
  readonly #reader: Pick<ImageReader, "readImageDocument">;
  readonly #fetcher: Fetcher;
  readonly #plainHttp: boolean;
  readonly #base: string;
  readonly #authorization: Authorization;

  /** Names are read as Docker does: without a registry it is Docker Hub, where names of one part are `library/…`. @throws UsageError */
  constructor(
    reader: Pick<ImageReader, "readImageDocument">,
    fetcher: Fetcher,
    { registry = "docker.io", repository }: { readonly registry?: string; readonly repository: string },
    { credentials, plainHttp }: RegistryOptions = {},
  ) {
    const isHub = ["docker.io", "index.docker.io"].includes(registry.toLowerCase());
    const name = isHub ? "docker.io" : registry.toLowerCase();
    const path = isHub && !repository.includes("/") ? `library/${repository}` : repository;
    const host = `//${isHub ? "registry-1.docker.io" : name}/`;
    if (!URL.canParse(`https:${host}`)) throw new UsageError("invalid-argument", "expected a registry as host or host:port");
    if (plainHttp !== undefined && typeof plainHttp !== "boolean") throw new UsageError("invalid-argument", "`plainHttp` is true or false", "/plainHttp");
    this.#plainHttp = plainHttp ?? isLocal(new URL(`https:${host}`).hostname);
    const root = new URL(`${this.#plainHttp ? "http" : "https"}:${host}`);
    this.name = `${name}/${path}`;
    this.#reader = reader;
    this.#fetcher = fetcher;
    this.#base = `${root.href}v2/${path}`;
    const known = typeof credentials === "function" ? undefined : readCredentials(credentials);
    const ask = async (): Promise<Credentials | undefined> => (typeof credentials === "function" ? readCredentials(await credentials(name)) : known);
    this.#authorization = new Authorization(fetcher, root, path, ask);
  }

  /** Where a manifest or an index is, by a tag or a digest. */
  manifestUrl(reference: string): string {
    return `${this.#base}/manifests/${reference}`;
  }

  /**
   * The manifest or index under a tag or a digest; `undefined` where there is none.
   *
   * @throws SourceUnavailable `malformed` when it is not what is expected, or not what the registry itself says
   */
  async manifest(reference: string, expected: ExpectedContent = {}): Promise<FetchedDocument | undefined> {
    const url = this.manifestUrl(reference);
    const answer = await this.#ask(url, { accept: documentTypes.join(", "), maxBytes: mostDocumentBytes });
    return answer === undefined ? undefined : this.#read(answer, url, documentTypes, expected);
  }

  /**
   * The blob of a descriptor; `undefined` where there is none. Its digest is for whoever reads it.
   *
   * @throws SourceUnavailable `too-large` for more than `size`, or when that itself is more than a bundle's; `malformed` for less
   */
  async blob({ digest, size }: { readonly digest: string; readonly size: number }): Promise<Uint8Array | undefined> {
    const url = `${this.#base}/blobs/${digest}`;
    if (size > mostBlobBytes) throw new SourceUnavailable("too-large", url, `expected a blob of at most ${String(mostBlobBytes)} bytes, found one of ${String(size)}`);
    const answer = await this.#ask(url, { accept: "*/*", maxBytes: size });
    if (answer === undefined || answer.bytes.length === size) return answer?.bytes;
    throw new SourceUnavailable("malformed", url, `expected a blob of ${String(size)} bytes, found ${String(answer.bytes.length)}`, 200);
  }

  /**
   * What refers to a digest; `undefined` where the registry keeps no such list: then it is an index under a tag. With an artifact type, the registry may
   * leave out others.
   *
   * @throws SourceUnavailable `malformed` for pages that go round in circles
   */
  async referrers(digest: string, artifactType?: string): Promise<Listing | undefined> {
    const pages: FetchedDocument[] = [];
    const seen = new Set<string>();
    const filter = artifactType === undefined ? "" : `?artifactType=${encodeURIComponent(artifactType)}`;
    let url: string | undefined = `${this.#base}/referrers/${digest}${filter}`;
    while (url !== undefined && pages.length < mostPages) {
      if (seen.has(url)) throw new SourceUnavailable("malformed", url, "expected the next page, found one that was seen", 200);
      seen.add(url);
      // Who does not know the list answers so, and some who do not know the filter.
      const answer: Answer | undefined = await this.#ask(url, { accept: indexType, maxBytes: mostDocumentBytes, none: pages.length === 0 ? [400, 404, 405, 406] : [] });
      if (answer === undefined) return artifactType === undefined ? undefined : this.referrers(digest);
      pages.push(this.#read(answer, url, [indexType], { mediaType: indexType }));
      url = next(answer.headers.get("link"), url);
    }
    return { pages, rest: url };
  }

  /** Asks, and once more when the registry wants to know who asks, or to know it anew. */
  async #ask(url: string, request: Request): Promise<Answer | undefined> {
    const asking = { ...request, refusals: true, plainHttp: this.#plainHttp };
    const sent = this.#authorization.header;
    let answer = await this.#fetcher.get(url, { ...asking, authorization: sent });
    if (answer?.status === 401) {
      const authorization = await this.#authorization.answer(url, answer, sent);
      answer = await this.#fetcher.get(url, { ...asking, authorization });
    }
    if (answer === undefined || answer.status === 200) return answer;
    const isDenied = answer.status === 401 || answer.status === 403;
    throw refusal(url, answer, isDenied ? "the repository may be private, and ask for credentials, or for others" : undefined);
  }

  #read(answer: Answer, url: string, types: readonly string[], expected: ExpectedContent): FetchedDocument {
    const { bytes, headers } = answer;
    const mediaType = (headers.get("content-type") ?? "").split(";", 1).join("").trim().toLowerCase();
    if (mediaType !== "" && !types.includes(mediaType)) {
      const wanted = types === documentTypes ? "a manifest or an index" : "an index";
      throw new SourceUnavailable("malformed", url, `expected the media type of ${wanted}, found "${printable(mediaType)}"`, 200);
    }
    const digest = headers.get("docker-content-digest");
    // What the registry says of it must hold as well as what was expected.
    checked(url, () => this.#reader.readImageDocument(bytes, { ...(mediaType !== "" && { mediaType }), ...(digest !== null && { digest }) }));
    return { document: checked(url, () => this.#reader.readImageDocument(bytes, expected)), bytes, url };
  }
}

/** What the core makes of content that came from a URL. @throws SourceUnavailable `malformed` when it refuses the content */
export function checked<Read>(url: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError && contentCodes.includes(error.code))) throw error;
    throw new SourceUnavailable("malformed", url, error.message, 200, { cause: error });
  }
}
