import { UsageError } from "../../errors.js";
import type { ExpectedContent, ImageDescriptor } from "../../image.js";
import { SourceUnavailable } from "../fetching.js";
import { checked, type FetchedDocument, type ImageReader, type Registry } from "./registry.js";

/** An image, and the indexes on the way to it, from the outside in. */
export interface Resolved {
  readonly image: FetchedDocument;
  readonly indexes: readonly FetchedDocument[];
}

/**
 * The image that a name means, or that of an index for a platform; `undefined` where the registry has none.
 *
 * @throws UsageError `no-such-platform` when the index has none for it
 */
export async function resolve(
  reader: Pick<ImageReader, "findPlatform">,
  registry: Registry,
  { tag = "latest", digest }: { readonly tag?: string; readonly digest?: string },
  platform: string | undefined,
): Promise<Resolved | undefined> {
  const root = await registry.manifest(digest ?? tag, digest === undefined ? {} : { digest });
  if (root === undefined || platform === undefined) return root && { image: root, indexes: [] };
  if (root.document.kind !== "index") throw new UsageError("no-such-platform", "expected an index of images for platforms, found one image, which is for any platform or none");
  const nested = new Map<string, FetchedDocument>();
  for (;;) {
    const atHand = [root, ...nested.values()].map(({ bytes }) => bytes);
    const { image: listed, through, needed } = checked(root.url, () => reader.findPlatform(platform, atHand));
    if (needed === undefined) {
      const image = await registry.manifest(listed.digest, named(listed));
      return image && { image, indexes: [root, ...through.flatMap((one) => nested.get(one) ?? [])] };
    }
    const next = nested.has(needed) ? undefined : await registry.manifest(needed, { digest: needed });
    if (next === undefined) throw new SourceUnavailable("malformed", root.url, `expected the index ${needed} that is listed, found none`, 404);
    nested.set(needed, next);
  }
}

/** What a descriptor says of what it names. */
export function named({ digest, size, mediaType }: ImageDescriptor): ExpectedContent {
  return { digest, size, mediaType };
}
