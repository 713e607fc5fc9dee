import type { Source, SourcePiece } from "../source.js";
import { UsageError } from "../errors.js";
import type { Verifier } from "../verifier.js";
import { SourceUnavailable, type Asked } from "./fetching.js";

/** What an adapter needs of a verifier: it reads, and judges nothing. */
export type Reader = Pick<Verifier, "readSource">;

/** Evidence, with where it came from. No `bundles` means that there is none; what could not be fetched is thrown instead. */
export interface FoundEvidence {
  /** Sigstore bundles, for `evaluate`. */
  readonly bundles: readonly string[];
  /** The same with what the registry says of each, which nobody signed. */
  readonly pieces: readonly FoundPiece[];
  /** Every request that was answered, in order: what "none found" stands on. */
  readonly asked: readonly Asked[];
}

/** A bundle, and where it was. */
export type FoundPiece = Extract<SourcePiece, { readonly bundle: string }> & {
  /** The URL of the document that holds it. */
  readonly from: string;
};

/** The pieces of a document, those that are only named included. @throws SourceUnavailable `malformed` */
export function read(reader: Reader, bytes: Uint8Array, url: string): Source {
  try {
    return reader.readSource(bytes);
  } catch (error) {
    if (!(error instanceof UsageError && error.code.endsWith("-source"))) throw error;
    throw new SourceUnavailable("malformed", url, error.message, 200, { cause: error });
  }
}

/** The pieces that are here. */
export function here({ pieces }: Source, from: string): FoundPiece[] {
  return pieces.flatMap((piece) => (piece.bundle === undefined ? [] : [{ ...piece, from }]));
}

/** Puts together what was found. */
export function found(pieces: readonly FoundPiece[], asked: readonly Asked[]): FoundEvidence {
  return { bundles: pieces.map(({ bundle }) => bundle), pieces, asked: [...asked] };
}

/** A URL without the slash at its end. @throws UsageError */
export function base(url: string, option: string): string {
  try {
    new URL(url);
  } catch (cause) {
    throw new UsageError("invalid-argument", `\`${option}\` is a URL`, `/${option}`, { cause });
  }
  return url.replace(/\/+$/u, "");
}
