import type { Artifact, ArtifactDigests } from "../../artifact.js";
import { Engine } from "../../engine.js";
import { wasmModule } from "../module.js";

/** What a bundle says that it is about. */
export interface ClaimedArtifact {
  /** What a statement, or the signer of an image, calls it. */
  readonly name?: string;
  /** The digest by which bundles about it are found: `sha256:…`. */
  readonly digest: string;
  readonly artifact: Artifact;
}

let engine: Engine | undefined;

/** The artifact that a bundle says it is about, by its first subject, its message digest, or the image that its payload names; `undefined` when it cannot be read. */
export function claimedArtifact(bundle: Uint8Array): ClaimedArtifact | undefined {
  engine ??= new Engine(wasmModule(), undefined);
  const claims = engine.describe(bundle) as {
    readonly messageDigest?: string;
    readonly image?: { readonly digest: string; readonly reference?: string };
    readonly statement?: { readonly subjects: readonly { readonly name?: string; readonly digests: readonly string[] }[] };
  };
  const [subject] = claims.statement?.subjects ?? [];
  const signed = claims.messageDigest ?? claims.image?.digest;
  const digests = signed === undefined ? (subject?.digests ?? []) : [signed];
  const [digest] = [...digests].sort();
  if (digest === undefined) return undefined;
  const artifact = Object.fromEntries(digests.map((text) => text.split(":"))) as ArtifactDigests;
  const name = subject?.name ?? claims.image?.reference;
  return { digest, artifact, ...(name !== undefined && { name }) };
}
