import type { FoundEvidence, SourceUnavailable } from "admissible/npm";
import type { ArtifactDigests, Verifier } from "admissible/slim";
import { byDigest, type Given } from "./given.js";
import { askedHost, type Reference } from "./reference.js";

/** What came of asking a registry. */
export interface Asking {
  /** What was asked about, for people. */
  readonly name: string;
  /** The same for a policy. */
  readonly reference?: string;
  readonly found?: FoundEvidence;
  readonly error?: unknown;
}

/** Evidence and the artifact, as a registry has them. */
export interface Answer extends Asking {
  readonly given: readonly Given[];
}

/** Who is told of requests, and how to end them. */
interface Watch {
  readonly signal: AbortSignal;
  readonly onRequest: (url: string) => void;
}

/** Asks the registry that a reference names. The only requests that the page makes. `digest` is of the file at hand, by SHA-256. */
export async function ask(verifier: Verifier, reference: Exclude<Reference, { kind: "digest" }>, digest: string | undefined, watch: Watch): Promise<Answer> {
  try {
    return await answer(verifier, reference, digest, watch);
  } catch (error) {
    watch.signal.throwIfAborted();
    if (!isUnavailable(error)) throw error;
    return { name: nameOf(reference), error, given: [] };
  }
}

async function answer(verifier: Verifier, reference: Exclude<Reference, { kind: "digest" }>, digest: string | undefined, watch: Watch): Promise<Answer> {
  const name = nameOf(reference);
  const host = askedHost(reference);
  switch (reference.kind) {
    case "npm": {
      const { npmEvidence } = await import("admissible/npm");
      const found = await npmEvidence(verifier, reference.name, watch);
      const isSigned = found.registrySignature?.verdict === "passed";
      const word = isSigned ? "npm's key signed that this is the version's digest" : "By npm's word alone: its key did not sign this digest";
      const about = found.digest === undefined ? [] : [byDigest(found.digest, reference.name, word)];
      return { name, reference: `pkg:npm/${reference.name.replace(/^@/u, "%40")}`, found, given: [...evidence(found, host), ...about] };
    }
    case "pypi": {
      const { pypiEvidence } = await import("admissible/pypi");
      const found = await pypiEvidence(verifier, reference.file, watch);
      const about = reference.digest === undefined ? [] : [byDigest(reference.digest, reference.file)];
      // Project and version as the adapter read them from the file's name: evidence about another version must not do.
      const [project = "", version = ""] = new URL(found.asked[0]?.url ?? "").pathname.split("/").slice(2).map(decodeURIComponent);
      return { name, reference: `pkg:pypi/${project}@${version}?file_name=${reference.file}`, found, given: [...evidence(found, host), ...about] };
    }
    case "github": {
      const of = reference.digest ?? digest;
      if (of === undefined) throw new TypeError("GitHub is asked about a file: drop it first, or type its digest behind the repository.");
      const { githubEvidence } = await import("admissible/github");
      const found = await githubEvidence(verifier, reference.repository, of, watch);
      const about = reference.digest === undefined ? [] : [byDigest(reference.digest)];
      return { name, reference: `pkg:github/${reference.repository}@${of}`, found, given: [...evidence(found, host), ...about] };
    }
    case "image": {
      const { imageEvidence } = await import("admissible/oci");
      const found = await imageEvidence(verifier, reference.name, { ...watch, ...(reference.platform !== undefined && { platform: reference.platform }) });
      const { image, indexes } = found;
      const digests = image && ({ ...pair(image.digest), ...(image.sha256 !== undefined && pair(image.sha256)) } as ArtifactDigests);
      const word = "By the registry's word, unless the digest stands in what you typed.";
      const about = digests === undefined || image === undefined ? [] : [byDigest(digests, image.pinned, word)];
      return { name, reference: reference.name, found, given: [...evidence(found, host, indexes), ...about] };
    }
  }
}

function evidence({ bundles }: FoundEvidence, host: string, indexes: readonly Uint8Array[] = []): readonly Given[] {
  if (bundles.length === 0) return [];
  const what = `${String(bundles.length)} ${bundles.length === 1 ? "attestation" : "attestations"}`;
  return [{ name: host, role: "evidence", what, bundles, ...(indexes.length > 0 && { indexes }) }];
}

function pair(digest: string): Record<string, string> {
  const at = digest.indexOf(":");
  return { [digest.slice(0, at)]: digest.slice(at + 1) };
}

/** As the badge calls it. */
function nameOf(reference: Exclude<Reference, { kind: "digest" }>): string {
  switch (reference.kind) {
    case "npm":
      return `npm:${reference.name}`;
    case "pypi":
      return reference.file;
    case "github":
      return `a file of ${reference.repository}`;
    case "image":
      return reference.name;
  }
}

/** By its name: each adapter may have been loaded on its own. */
export function isUnavailable(error: unknown): error is SourceUnavailable {
  return error instanceof Error && error.name === "SourceUnavailable";
}

/** What a browser cannot tell from nobody being there: the registry answered, and lets no page read it. */
export function advice(error: unknown, reference: Reference): string | undefined {
  if (!isUnavailable(error) || error.code !== "unreachable") return undefined;
  const host = askedHost(reference);
  const often = reference.kind === "image" ? "Most registries of images let no page do so" : "Some registries let no page do so";
  const instead = "Ask from the command line instead, and drop the files of evidence/bundles here.";
  return `${host} did not let this page read its answer, or nobody answered. ${often} (CORS). ${instead}`;
}

/** The command that asks where a browser may not. */
export function command(reference: Reference): string {
  switch (reference.kind) {
    case "npm":
      return `npx admissible download npm ${reference.name} --to evidence`;
    case "pypi":
      return `npx admissible download pypi ${reference.file} --to evidence`;
    case "github":
      return `npx admissible download github ${reference.digest ?? "FILE"} --repo ${reference.repository} --to evidence`;
    case "image":
      return `npx admissible download image ${reference.name} --to evidence`;
    case "digest":
      return "";
  }
}
