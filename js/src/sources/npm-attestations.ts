import type { Fetcher } from "./fetching.js";
import { here, read, type FoundPiece, type Reader } from "./found.js";

/** npm's own registry. */
export const npmRegistry = "https://registry.npmjs.org";

/** The attestations that a registry of npm's kind has of a version; none for one that it does not know. @throws SourceUnavailable */
export async function npmAttestations(reader: Reader, fetcher: Fetcher, registry: string, name: string, version: string): Promise<FoundPiece[]> {
  const url = `${registry}/-/npm/v1/attestations/${inPath(name)}@${encodeURIComponent(version)}`;
  const listed = await fetcher.get(url, { accept: "application/json" });
  return listed === undefined ? [] : here(read(reader, listed.bytes, url), url);
}

/** A package's name as one part of a path, as npm writes it. Names of lock files are anybody's: none leads elsewhere. */
export function inPath(name: string): string {
  return encodeURIComponent(name).replace(/^%40/u, "@").replace("%2F", "%2f");
}
