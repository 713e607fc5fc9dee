import type { ArtifactDigests, Verifier } from "admissible/slim";
import type { Named } from "./folder.js";
import { recognise, type Given } from "./given.js";

/** How the files of a folder are read. */
export interface Gathering {
  /** Evidence that is at hand already, and may be about a file in the folder. */
  readonly evidence: readonly Given[];
  readonly signal: AbortSignal;
  readonly reading: (name: string) => void;
  readonly hash: (name: string, file: Blob) => Promise<ArtifactDigests>;
}

/** What of a folder is of use. */
export interface Gathered {
  readonly given: readonly Given[];
  /** What says whom to trust: whoever packed the folder chose it. */
  readonly offered: readonly Given[];
}

/**
 * Finds evidence among the files of a folder, and the files that it names, by their digests. Where it names none of them, the one that is called as
 * the evidence is, or the only one, is judged, and fails.
 *
 * @throws Error when there is nothing to be judged
 */
export async function gather(verifier: Verifier, files: readonly Named[], { evidence, signal, reading, hash }: Gathering): Promise<Gathered> {
  const all: Given[] = [];
  for (const { name, file } of files) {
    reading(name);
    const given = await recognise(verifier, name, file);
    signal.throwIfAborted();
    all.push(given);
  }
  const found = all.filter(({ role }) => role === "evidence");
  const offered = all.filter(({ role }) => ["policy", "root", "key"].includes(role));
  // An SBOM may be what evidence is about, and is recognised as one.
  const others = all.filter(({ role, file }) => ["artifact", "other"].includes(role) && file !== undefined && file.size > 0);
  const bundles = [...evidence, ...found].flatMap((one) => one.bundles);
  const named = bundles.length === 0 ? [] : await namedAmong(others, verifier.claimedDigests(bundles), hash);
  const artifacts = named.length > 0 ? named : likely(others.filter(({ role }) => role === "artifact"), found);
  const used = found.length + offered.length + artifacts.length;
  if (found.length + artifacts.length + offered.length === 0) {
    throw new Error(`Nothing in this folder can be judged: expected evidence, such as a file that ends in .sigstore.json, found ${counted(files.length)} without.`);
  }
  const unused = files.length - used;
  const rest: Given = { name: counted(unused), role: "other", what: "in the same folder", note: "Neither evidence, nor what the evidence is about.", bundles: [] };
  return { given: [...found, ...artifacts, ...(unused > 0 ? [rest] : [])], offered };
}

/** Those that evidence claims to be about, as far as its claims go. */
async function namedAmong(files: readonly Given[], claimed: readonly ArtifactDigests[], hash: Gathering["hash"]): Promise<readonly Given[]> {
  const named: Given[] = [];
  let wanted = claimed;
  for (const given of files) {
    if (wanted.length === 0 || given.file === undefined) break;
    const digests = await hash(given.name, given.file);
    const left = wanted.filter((claim) => !isOf(claim, digests));
    if (left.length < wanted.length) named.push({ ...given, role: "artifact", artifact: digests });
    wanted = left;
  }
  return named;
}

function isOf(claim: ArtifactDigests, digests: ArtifactDigests): boolean {
  return Object.entries(claim).some(([algorithm, digest]) => digests[algorithm as keyof ArtifactDigests] === digest);
}

/** What a person would take for the file: the only one, or the one beside its evidence. */
function likely(files: readonly Given[], evidence: readonly Given[]): readonly Given[] {
  if (files.length < 2) return files;
  return files.filter(({ name }) => evidence.some((one) => one.name.startsWith(`${name}.`))).slice(0, 1);
}

function counted(files: number): string {
  return `${String(files)} ${files === 1 ? "file" : "files"}`;
}
