import type { Artifact, ArtifactDigests } from "../../artifact.js";
import { Engine } from "../../engine.js";
import { wasmModule } from "../module.js";

/** What a bundle says that it is about. */
export interface ClaimedArtifact {
  /** What a statement calls it. */
  readonly name?: string;
  /** The digest by which bundles about it are found: `sha256:…`. */
  readonly digest: string;
  readonly artifact: Artifact;
}

let engine: Engine | undefined;

/** The artifact that a bundle says it is about, by its first subject or its message digest; `undefined` when it cannot be read. */
export function claimedArtifact(bundle: Uint8Array): ClaimedArtifact | undefined {
  engine ??= new Engine(wasmModule(), undefined);
  const claims = engine.describe(bundle) as {
    readonly messageDigest?: string;
    readonly statement?: { readonly subjects: readonly { readonly name?: string; readonly digests: readonly string[] }[] };
  };
  const [subject] = claims.statement?.subjects ?? [];
  const digests = claims.messageDigest === undefined ? (subject?.digests ?? []) : [claims.messageDigest];
  const [digest] = [...digests].sort();
  if (digest === undefined) return undefined;
  const artifact = Object.fromEntries(digests.map((text) => text.split(":"))) as ArtifactDigests;
  return { digest, artifact, ...(subject?.name !== undefined && { name: subject.name }) };
}
