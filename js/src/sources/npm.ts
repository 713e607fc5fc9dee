import type { Artifact, ArtifactDigests } from "../artifact.js";
import { digestsFromText } from "../digest-text.js";
import { UsageError } from "../errors.js";
import type { RegistryOptions, RegistryVerdict } from "../registry.js";
import type { Verifier } from "../verifier.js";
import { Fetcher, SourceUnavailable, type FetchOptions } from "./fetching.js";
import { base, found, type FoundEvidence, type Reader } from "./found.js";
import { inPath, npmAttestations, npmRegistry } from "./npm-attestations.js";
import { apart, judged, type JudgeOptions, type Outcome } from "./judge.js";

export { SourceUnavailable, type Asked, type FetchOptions, type UnavailableCode } from "./fetching.js";
export type { FoundEvidence, FoundPiece, Reader } from "./found.js";
export type { JudgeOptions, Outcome } from "./judge.js";

/** Options of `npmEvidence`. */
export interface NpmOptions extends FetchOptions {
  /** The registry's URL; npm's own unless stated. */
  readonly registry?: string;
  /** The keys by which the registry signs versions; npm's own, as embedded, unless stated: it is npm's versions that a mirror of npm serves. */
  readonly registryKeys?: NonNullable<RegistryOptions["keys"]>;
  /** When the version was published, which keys with an end need. */
  readonly published?: NonNullable<RegistryOptions["published"]>;
}

/** What `npmEvidence` needs of a verifier. */
export type NpmReader = Reader & Pick<Verifier, "verifyRegistrySignature">;

/** The evidence about a version, and what the registry says that its tarball is. */
export interface NpmEvidence extends FoundEvidence {
  /** By the registry's word (`dist.integrity`): what the tarball that it serves hashes to. Absent when there is no such version. */
  readonly digest?: ArtifactDigests;
  /** Whether npm, or whose keys were passed, signed that digest for this name and version. Absent when there is no such version. */
  readonly registrySignature?: RegistryVerdict;
  /** Where the tarball is. */
  readonly tarball?: string;
}

/**
 * Asks a registry of npm's kind for the attestations of a version: of the registry that it published, and of the workflow that built.
 *
 * @param reference `name@version`, such as `@acme/app@1.0.0`; a version, not a tag
 * @throws SourceUnavailable when the registry could not be asked, UsageError `invalid-argument` for a reference that is none
 */
export async function npmEvidence(reader: NpmReader, reference: string, options: NpmOptions = {}): Promise<NpmEvidence> {
  const { name, version } = readReference(reference);
  const registry = base(options.registry ?? npmRegistry, "registry");
  const fetcher = new Fetcher(options, ["registry", "registryKeys", "published"]);
  const at = `${registry}/${inPath(name)}/${encodeURIComponent(version)}`;
  const answer = await fetcher.get(at, { accept: "application/json" });
  if (answer === undefined) return found([], fetcher.asked);
  const { integrity, tarball, attestations } = dist(answer.bytes, at);
  const registrySignature = signature(reader, `${name}@${version}`, answer.bytes, at, options);
  const known = { ...(integrity !== undefined && { digest: integrity }), registrySignature, ...(tarball !== undefined && { tarball }) };
  if (!attestations) return { ...found([], fetcher.asked), ...known };
  return { ...found(await npmAttestations(reader, fetcher, registry, name, version), fetcher.asked), ...known };
}

/**
 * From name and version to a verdict, about the tarball that the registry says it serves. Whoever has the tarball passes it as `artifact`: then the
 * registry's word does not count.
 */
export async function verifyNpm(
  verifier: Verifier,
  reference: string,
  options: NpmOptions & JudgeOptions & { readonly artifact?: Artifact },
): Promise<Outcome<NpmEvidence>> {
  const { artifact, ...others } = options;
  const { judging, asking } = apart(others);
  const find = () => npmEvidence(verifier, reference, asking);
  return judged(verifier, find, ({ digest }) => artifact ?? digest, `pkg:npm/${reference.replace(/^@/u, "%40")}`, judging);
}

function readReference(reference: string): { name: string; version: string } {
  const [, name, version] = /^((?:@[^./@\s][^/@\s]*\/)?[^./@\s][^/@\s]*)@(\d[^\s/@]*)$/u.exec(String(reference)) ?? [];
  if (name === undefined || version === undefined) throw new UsageError("invalid-argument", "a reference is name@version, such as @acme/app@1.0.0");
  return { name, version };
}

function signature(reader: NpmReader, reference: string, description: Uint8Array, url: string, { registryKeys, published }: NpmOptions): RegistryVerdict {
  try {
    const options = { ...(registryKeys !== undefined && { keys: registryKeys }), ...(published !== undefined && { published }) };
    return reader.verifyRegistrySignature(reference, description, options);
  } catch (error) {
    if (!(error instanceof UsageError && error.at.startsWith("/description"))) throw error;
    throw new SourceUnavailable("malformed", url, error.message, 200, { cause: error });
  }
}

/** What a version's description says of its tarball. */
function dist(bytes: Uint8Array, url: string): { integrity: ArtifactDigests | undefined; tarball: string | undefined; attestations: boolean } {
  const malformed = (cause?: unknown): SourceUnavailable => new SourceUnavailable("malformed", url, "expected npm's description of a version, found something else", 200, { cause });
  let document: { readonly dist?: { readonly integrity?: unknown; readonly tarball?: unknown; readonly attestations?: unknown } } | null;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes)) as typeof document;
  } catch (cause) {
    throw malformed(cause);
  }
  const { integrity, tarball, attestations } = document?.dist ?? {};
  // What says of no tarball what it hashes to, and yet names attestations, would be judged by nothing.
  if (document?.dist === undefined || (attestations !== undefined && typeof integrity !== "string")) throw malformed();
  try {
    return {
      integrity: typeof integrity === "string" ? (digestsFromText(integrity) as ArtifactDigests) : undefined,
      tarball: typeof tarball === "string" ? tarball : undefined,
      attestations: typeof attestations === "object" && attestations !== null,
    };
  } catch (cause) {
    throw malformed(cause);
  }
}
