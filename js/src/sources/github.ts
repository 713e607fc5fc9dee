import type { Artifact } from "../artifact.js";
import { digestsFromText } from "../digest-text.js";
import { UsageError } from "../errors.js";
import type { Verifier } from "../verifier.js";
import { inBatches } from "./batches.js";
import { digestOf } from "./digest.js";
import { Fetcher, type FetchOptions } from "./fetching.js";
import { base, found, here, read, type FoundEvidence, type FoundPiece, type Reader } from "./found.js";
import { apart, judged, type JudgeOptions, type Outcome } from "./judge.js";
import { next } from "./paging.js";

export { SourceUnavailable, type Asked, type FetchOptions, type UnavailableCode } from "./fetching.js";
export type { FoundEvidence, FoundPiece, Reader } from "./found.js";
export type { JudgeOptions, Outcome } from "./judge.js";

/** Options of `githubEvidence`. */
export interface GitHubOptions extends FetchOptions {
  /** The API's URL; that of github.com unless stated. */
  readonly api?: string;
  /** A token, for repositories that are not public. It goes to the API alone. */
  readonly token?: string;
}

/** Pages that are asked for, of 100 attestations each: as many bundles as are judged together. */
const mostPages = 10;

/**
 * Asks GitHub for the attestations that a repository has of a digest. Bundles that the API only names are fetched from there, without the token.
 *
 * @param repository `owner/name`
 * @param digest of the artifact, such as `sha256:…`
 * @throws SourceUnavailable when GitHub could not be asked, UsageError for a repository or a digest that is none
 */
export async function githubEvidence(reader: Reader, repository: string, digest: string, options: GitHubOptions = {}): Promise<FoundEvidence> {
  if (!/^[\w.-]+\/[\w.-]+$/u.test(String(repository))) throw new UsageError("invalid-argument", "a repository is owner/name");
  const [named] = Object.entries(digestsFromText(String(digest)));
  const api = base(options.api ?? "https://api.github.com", "api");
  const fetcher = new Fetcher(options, ["api", "token"]);
  const authorization = options.token === undefined ? undefined : `Bearer ${options.token}`;
  const hint = authorization === undefined ? "GitHub may want a token, or was asked too often without one" : undefined;
  const pieces: FoundPiece[] = [];
  let url: string | undefined = `${api}/repos/${repository}/attestations/${String(named?.join(":"))}?per_page=100`;
  for (let page = 0; url !== undefined && page < mostPages; page += 1) {
    // 422 is the answer about a digest of which nothing is known.
    const answer = await fetcher.get(url, { accept: "application/vnd.github+json", authorization, none: [404, 422], hint });
    if (answer === undefined) break;
    const source = read(reader, answer.bytes, url);
    pieces.push(...here(source, url));
    const elsewhere = source.pieces.flatMap((piece) => (piece.url === undefined ? [] : [piece]));
    pieces.push(...await inBatches(elsewhere, async ({ url: at, bundle: _, ...hints }) => {
      const blob = await fetcher.get(at, { accept: "*/*", none: [], from: api });
      if (blob === undefined) return [];
      return here(read(reader, blob.bytes, at), at).map((piece) => ({ ...hints, ...piece }));
    }));
    url = next(answer.headers.get("link"), url);
  }
  return found(pieces, fetcher.asked);
}

/** From a repository and a file, or its digest, to a verdict. A file is asked for by its SHA-256. */
export async function verifyGithub(
  verifier: Verifier,
  repository: string,
  artifact: Artifact,
  options: GitHubOptions & JudgeOptions,
): Promise<Outcome> {
  const { judging, asking } = apart(options);
  const digest = await digestOf(verifier, artifact, judging);
  const find = () => githubEvidence(verifier, repository, digest, asking);
  return judged(verifier, find, () => digest, `pkg:github/${repository}@${digest}`, judging);
}
