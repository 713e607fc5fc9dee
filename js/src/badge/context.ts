import { printable } from "../printable.js";
import type { PassedReport } from "../report.js";
import type { BadgeStrings } from "./strings.js";

/** How a badge is worded. */
export interface Context {
  readonly words: BadgeStrings;
  /** A time for people, from RFC 3339 in UTC. */
  readonly time: (time: string) => string;
  /** A link, or none where none are wanted. */
  readonly link: (href: string | undefined) => { readonly href?: string };
}

/** Date and time in UTC. What is no such time is shown as it is. */
export function utc(time: string): string {
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?Z$/u.exec(time) ?? [];
  return date === undefined || clock === undefined ? printable(time) : `${date} ${clock} UTC`;
}

/** A repository for people: a plain URL loses its scheme, anything else is shown as it is. */
export function repositoryText(repository: string): string {
  return printable(repository.replace(/^https:\/\/(?=[\w.-]+\/)/u, ""));
}

/** A commit in short, as Git shows it; whatever else stands in its place in full. */
export function commitText(commit: string): string {
  return /^[0-9a-f]{40,64}$/u.test(commit) ? commit.slice(0, 7) : printable(commit);
}

/** The name of an algorithm for people. */
export function algorithmText(algorithm: string): string {
  return printable(algorithm.replace(/^sha(\d+)$/u, "SHA-$1"));
}

/** A digest in short. */
export function digestText(digest: string): string {
  return digest.length > 16 ? `${printable(digest.slice(0, 12))}…` : printable(digest);
}

/** Who signed, within a sentence. */
export function signerText({ checks }: PassedReport, { words }: Context): string {
  if (checks.certificatePath.status === "passed" && !isByKey(checks.signer)) return printable(checks.certificatePath.evidence.identity.value);
  return words.signer.key(checks.signature.status === "passed" ? digestText(checks.signature.evidence.publicKey) : "");
}

/** Whether a key that the caller named is what was trusted: then no CA's word counts. */
export function isByKey(signer: PassedReport["checks"]["signer"]): boolean {
  return signer.status === "passed" && "publicKey" in signer.evidence;
}
