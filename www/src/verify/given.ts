import { UsageError } from "admissible/policy";
import type { ArtifactDigests, Source, Verifier } from "admissible/slim";

/** What a thing that was handed in is good for here. */
export type Role = "evidence" | "artifact" | "policy" | "root" | "key" | "other";

/** Something that was handed in, and what it was found to be. Nothing of it is verified. */
export interface Given {
  readonly name: string;
  readonly role: Role;
  /** What it is, in plain words with the article. */
  readonly what: string;
  /** What to know or to do about it. */
  readonly note?: string;
  /** Of evidence: the bundles. */
  readonly bundles: readonly string[];
  /** Of a policy, a trusted root or a key. */
  readonly text?: string;
  /** The file itself: of an artifact to be hashed, of evidence for whoever wants the file judged and not what is in it. */
  readonly file?: Blob;
  /** Of an artifact that is known by its digest alone, or was hashed. */
  readonly artifact?: ArtifactDigests | string;
  /** What evidence was fetched for: what it must be about. */
  readonly reference?: string;
  /** Image indexes through which the artifact may be named. */
  readonly indexes?: readonly Uint8Array[];
}

/** What is larger is no document but a file to be hashed, unless it begins like JSON. */
const largestDocument = 8 * 1024 * 1024;
/** What the verifier reads at most. */
const largestJson = 64 * 1024 * 1024;

const reportNote = "It tells what somebody else's verifier found, and anybody can write one. Drop the bundle to verify it here.";

/** Names what was handed in by its content. The name of a file decides only what unreadable evidence was meant to be. */
export async function recognise(verifier: Verifier, name: string, file: Blob): Promise<Given> {
  const head = await file.slice(0, 64).arrayBuffer().catch((cause: unknown) => {
    throw new Error(`${name} cannot be read. If it is a folder, drop the files in it.`, { cause });
  });
  const begin = new TextDecoder("latin1").decode(head).trimStart();
  const isJson = /^[[{]/u.test(begin);
  if (file.size === 0) return { name, role: "other", what: "an empty file", bundles: [] };
  if (file.size > (isJson ? largestJson : largestDocument)) return artifact(name, file, "a file");
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(begin)) {
    return { name, role: "other", what: "a private key", note: "It is not read. Keep it to yourself: verifying never takes one.", bundles: [] };
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = (): string => new TextDecoder().decode(bytes);
  try {
    return evidence(name, file, verifier.readSource(bytes));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [, found = "something else"] = /, found (.*)$/su.exec(error.code === "unknown-source" ? error.message : "") ?? [];
    switch (found) {
      case "a policy":
        return { name, role: "policy", what: "a policy", bundles: [], text: text() };
      case "a trusted root":
        return { name, role: "root", what: "a trusted root", note: "Evidence is now judged by it alone.", bundles: [], text: text() };
      case "a public key":
        return { name, role: "key", what: "a public key", bundles: [], text: text() };
      case "a report":
      case "an evaluation":
        return { name, role: "other", what: found, note: reportNote, bundles: [] };
      case "something else":
        break;
      default:
        return { name, role: "other", what: found, note: "It holds no signed evidence.", bundles: [], file };
    }
    // What is called evidence and cannot be read fails as such: it must not pass for the file that the evidence is about.
    if (/\.(?:sigstore(?:\.json)?|intoto\.jsonl)$/iu.test(name)) {
      return { name, role: "evidence", what: "evidence that cannot be read", note: error.message, bundles: [text()], file };
    }
    if (error.code === "malformed-source" && isJson && error.at !== "") {
      return { name, role: "other", what: "a document that is not as its kind should be", note: `${error.message}, at ${error.at}`, bundles: [], file };
    }
    if (/^\s*\{\s*"version":\s*1,\s*"requests":\s*\[/u.test(text())) {
      return { name, role: "other", what: "the index of saved evidence", note: "Drop the files of its folder bundles.", bundles: [], file };
    }
    return artifact(name, file, resembling(begin, isJson));
  }
}

/** What whoever made it calls evidence. It is nothing else, whatever it is: as a policy or a root it would say whom to trust. */
export async function evidenceOf(verifier: Verifier, name: string, text: string): Promise<Given> {
  const given = await recognise(verifier, name, new Blob([text]));
  return given.role === "evidence" ? given : { name, role: "evidence", what: "evidence that cannot be read", bundles: [text] };
}

/** A file that is known by its digest alone. */
export function byDigest(artifact: ArtifactDigests | string, name?: string, note?: string): Given {
  const [algorithm = "", digest = ""] = typeof artifact === "string" ? [artifact] : (Object.entries(artifact)[0] ?? []);
  const short = `${algorithm}${digest === "" ? "" : `:${digest}`}`.slice(0, 19);
  return { name: name ?? `${short}…`, role: "artifact", what: "a file, by its digest", bundles: [], artifact, ...(note !== undefined && { note }) };
}

function evidence(name: string, file: Blob, { title, pieces, kind }: Source): Given {
  const bundles = pieces.flatMap(({ bundle }) => (bundle === undefined ? [] : [bundle]));
  const elsewhere = pieces.length - bundles.length;
  if (kind === "no-attestations" || pieces.length === 0) return { name, role: "other", what: title, note: "It lists no evidence.", bundles, file };
  const note = `${String(elsewhere)} of its attestations are only named, by an address. Nothing is fetched from there.`;
  return { name, role: "evidence", what: title, bundles, file, ...(elsewhere > 0 && { note }) };
}

function artifact(name: string, file: Blob, what: string): Given {
  return { name, role: "artifact", what, bundles: [], file };
}

function resembling(begin: string, isJson: boolean): string {
  if (begin.startsWith("\u{1f}\u{8b}")) return "a file compressed with gzip, such as a package";
  if (begin.startsWith("PK\u{3}\u{4}")) return "a ZIP archive, such as a wheel";
  return isJson ? "JSON of no kind that is evidence" : "a file";
}
