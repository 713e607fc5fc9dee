import type { CheckKey } from "../report.js";
import type { BadgeFactKey, BadgeLinkKey, BadgeState } from "./model.js";

/** What a claim is put together from; each is plain text, and there only where it is certified. */
export interface ClaimParts {
  /** For instance `github.com/acme/app`. */
  readonly source: string;
  /** Shortened. */
  readonly commit?: string;
  /** The workflow's file name. */
  readonly workflow?: string;
  /** For instance `GitHub Actions`. */
  readonly platform?: string;
}

/** Every sentence and word of a badge in one language. Parts from outside are plain text that is cut already. */
export interface BadgeStrings {
  /** BCP 47. */
  readonly language: { readonly tag: string };
  /** The state in a few words. */
  readonly title: Readonly<Record<BadgeState, string>>;
  /** The state in one word or two, for a small mark. */
  readonly word: Readonly<Record<BadgeState, string>>;
  readonly claim: {
    /** Built, by signed provenance, from a source that the CA certified. */
    readonly built: (parts: ClaimParts) => string;
    /** Built, by signed provenance, from a source that is only the signer's word. */
    readonly saidBuilt: (source: string, signer: string) => string;
    /** Provenance that names no source. */
    readonly builtSomehow: (signer: string) => string;
    /** Signed by a workflow; how it was built nobody attests. */
    readonly signedByRun: (parts: ClaimParts) => string;
    readonly signed: (signer: string) => string;
    readonly failed: string;
    readonly rejected: string;
    /** What is rejected, and let pass since the policy only warns. */
    readonly warned: string;
    readonly excepted: string;
    readonly noneFound: string;
    readonly noVerdict: string;
  };
  /** Who signed, within a sentence. */
  readonly signer: { readonly key: (digest: string) => string };
  readonly integrity: {
    /** The artifact's digest is the signed one. */
    readonly digest: (algorithm: string, digest: string) => string;
    /** The signature is over the artifact's own bytes. */
    readonly bytes: string;
    /** An index that was signed lists the artifact. */
    readonly listed: (algorithm: string, digest: string) => string;
    readonly unbound: string;
    readonly differs: string;
    readonly unknown: string;
  };
  readonly provenance: {
    /** The CA certified the source. */
    readonly certified: (source: string, builder: string) => string;
    /** Only the signer says so, which comes first: a small picture cuts the end. */
    readonly claimed: (source: string, builder: string) => string;
    readonly absent: string;
    readonly differs: string;
    readonly unknown: string;
    /** In place of a source or a builder that is not named. */
    readonly unnamed: string;
  };
  readonly fact: Readonly<Record<BadgeFactKey, string>>;
  readonly value: {
    readonly level: (build: number, why: string) => string;
    /** When it was signed, by the word of a log. */
    readonly byLog: (time: string, log: string) => string;
    /** When it was signed, by the word of a time authority. */
    readonly byAuthority: (time: string, authority: string) => string;
    readonly entry: (index: string, log: string) => string;
    readonly signedByRegistry: string;
  };
  /** What the badge does not prove. */
  readonly limit: {
    readonly flaws: string;
    readonly reviewed: string;
    readonly source: (source: string) => string;
    readonly signer: string;
    readonly claimed: (labels: readonly string[]) => string;
    readonly level: (build: number, why: string) => string;
    readonly noProvenance: string;
    readonly unbound: string;
    readonly registry: string;
    readonly failed: string;
    readonly excepted: string;
    readonly noneFound: string;
    readonly noVerdict: string;
  };
  readonly note: {
    readonly anySigner: string;
    readonly unbound: string;
    readonly promiseOnly: string;
    readonly unboundProvenance: string;
    readonly passedOver: (failed: number, all: number) => string;
    readonly sources: (sources: readonly string[]) => string;
    readonly registryDiffers: string;
    readonly pullRequest: string;
    /** What was signed is that a verification or a test did not pass. */
    readonly negative: string;
    readonly unreadable: string;
    readonly more: (reasons: number) => string;
  };
  readonly reason: {
    readonly exception: (reason: string, until: string) => string;
    readonly legacy: (reason: string, before: string) => string;
    readonly asked: (url: string, status: number) => string;
    readonly notAsked: string;
    /** An error that says nothing of itself. */
    readonly error: string;
  };
  /** A check's name. */
  readonly check: Readonly<Record<CheckKey, string>>;
  /** What it asks: a question, for of a bundle that did not verify nothing is told as a fact. */
  readonly checked: Readonly<Record<CheckKey, string>>;
  readonly status: {
    readonly passed: string;
    readonly failed: string;
    readonly blocked: string;
    readonly absent: string;
    readonly needs: (check: string) => string;
  };
  /** Names of rows below a check. */
  readonly row: Readonly<
    Record<"format" | "log" | "tree" | "witness" | "entry" | "time" | "authority" | "identity" | "issuer" | "validity" | "algorithm" | "key" | "type" | "subject" | "facts" | "digest" | "listed" | "name" | "signer" | "evidence", string>
  > & {
    readonly agreeing: (agreeing: number, claimed: number) => string;
    readonly rule: (number: number) => string;
    readonly publicKey: (number: number) => string;
    readonly any: string;
    readonly counts: (entries: number, scts: number, timestamps: number, witnesses: number) => string;
  };
  readonly link: Readonly<Record<BadgeLinkKey, string>>;
  readonly custody: {
    readonly at: (source: string, commit: string) => string;
    readonly build: (workflow: string, platform: string) => string;
    readonly signature: (signer: string) => string;
    readonly certificate: (authority: string) => string;
    readonly window: (from: string, to: string) => string;
    readonly since: (from: string) => string;
  };
  /** Headings for whoever shows all of it. */
  readonly heading: {
    readonly facts: string;
    readonly custody: string;
    readonly limits: string;
    readonly notes: string;
    readonly reasons: string;
    readonly requirements: string;
    readonly checks: string;
    readonly integrity: string;
    readonly provenance: string;
    /** Of a fact, that somebody else than the signer says so, or nobody. */
    readonly certified: string;
    readonly claimed: string;
    /** Before what may be done. */
    readonly next: string;
    readonly met: string;
    readonly unmet: string;
  };
  /** What the elements of `admissible/element` say beside. */
  readonly element: {
    /** How long certificates and authorities are valid. */
    readonly windows: string;
    /** In place of a title, before there is anything to show. */
    readonly pending: string;
    readonly close: string;
    readonly copy: string;
    readonly copied: string;
    readonly notCopied: string;
    /** To copy the whole of what was handed in. */
    readonly json: string;
  };
  readonly aria: {
    readonly sentence: (title: string, name: string | undefined, claim: string) => string;
  };
}

/** Other words in place of some. */
export type BadgeWords = { readonly [Group in keyof BadgeStrings]?: Partial<BadgeStrings[Group]> };
