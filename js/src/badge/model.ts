import type { CheckId } from "../report.js";
import type { BadgeStrings } from "./strings.js";

/**
 * What a badge says, worst last but one. Only `verified` and `verified-with-notes` are good news; `excepted` is let pass without being verified,
 * `could-not-verify` and `none-found` say nothing about the artifact.
 */
export type BadgeState = "verified" | "verified-with-notes" | "excepted" | "could-not-verify" | "failed" | "none-found";

/** Every state. */
export const badgeStates = ["verified", "verified-with-notes", "excepted", "could-not-verify", "failed", "none-found"] as const satisfies readonly BadgeState[];

/** A symbol by its outline, which is another for each state: colour is never the only signal. */
export type BadgeSymbol = "shield-check" | "shield-note" | "diamond-exclamation" | "ring-question" | "octagon-cross" | "ring-dash";

/**
 * What was found about an artifact, in words for a person. All of it is plain text without markup; text of others is cut, and what could change how it
 * looks is spelt out (`\u{202e}`). It is made of the verifier's word alone: whoever can hand in a report can hand in any.
 */
export interface Badge {
  readonly state: BadgeState;
  /** What the caller calls the artifact; no evidence says so. */
  readonly name?: string;
  /** The state in a few words. */
  readonly title: string;
  /** What is known, in one sentence. */
  readonly claim: string;
  /** Whether this is the artifact that was signed, which it can be although nobody knows how it was built. */
  readonly integrity: BadgeLine;
  /** Whether it is known how it was built, which it can be although no artifact was bound. */
  readonly provenance: BadgeLine;
  /** What the evidence establishes; empty unless the state is `verified` or `verified-with-notes`. */
  readonly facts: readonly BadgeFact[];
  /** What a reader might take it for, and it is not. */
  readonly doesNotProve: readonly string[];
  /** What a reader should know and what decided nothing; first of all what the caller did without. */
  readonly notes: readonly string[];
  /** Why it is not verified; empty when it is. */
  readonly reasons: readonly BadgeReason[];
  /** What the policy demands, where one judged. */
  readonly requirements: readonly BadgeRequirement[];
  /** Every check of the bundle that the facts are from, or that failed, of several the first; empty where there is no such one. */
  readonly checks: readonly BadgeCheck[];
  /** From the source to the artifact, each link as far as the evidence establishes it; empty where `facts` is. */
  readonly custody: readonly BadgeLink[];
  /** All of it in one or two spoken sentences, the state first. */
  readonly aria: string;
  /** A short word, and which symbol. */
  readonly mark: { readonly word: string; readonly symbol: BadgeSymbol };
  /** The language of its sentences (BCP 47). */
  readonly language: string;
  /** Headings for whoever shows the whole. */
  readonly headings: BadgeStrings["heading"];
}

/**
 * `verified`: established; `claimed`: the signer says so, and nobody else; `absent`: the evidence does not say; `failed`: it is not so; `unknown`: there is no
 * verified evidence that could tell.
 */
export type BadgeLineState = "verified" | "claimed" | "absent" | "failed" | "unknown";

/** One half of what is known. */
export interface BadgeLine {
  readonly state: BadgeLineState;
  readonly text: string;
}

/** What a fact is about. */
export type BadgeFactKey =
  | "source"
  | "commit"
  | "ref"
  | "workflow"
  | "trigger"
  | "run"
  | "builder"
  | "buildType"
  | "statement"
  | "signer"
  | "issuer"
  | "level"
  | "signed"
  | "log"
  | "registry"
  | "digest";

/** A fact of a verified bundle. */
export interface BadgeFact {
  readonly key: BadgeFactKey;
  readonly label: string;
  readonly value: string;
  /** Over https, made of facts that are certified. */
  readonly href?: string;
  /** Whether somebody else than the signer says so: the CA, a log, a time authority. Otherwise it is only the signer's claim. */
  readonly certified: boolean;
}

/** Why something is not verified. */
export interface BadgeReason {
  /** Stable: of a check or a requirement; of an error, `unavailable-` and why; `none-found`, `exception`, `legacy`. */
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  readonly check?: CheckId;
  /** Which bundle, counted from 0. */
  readonly bundle?: number;
}

/** What a policy demands. */
export interface BadgeRequirement {
  readonly name: string;
  readonly met: boolean;
  readonly parts: readonly BadgeRequirement[];
}

/** One check of a report. */
export interface BadgeCheck {
  readonly id: CheckId;
  readonly label: string;
  readonly status: "passed" | "failed" | "blocked" | "absent";
  /** The status in a word. */
  readonly word: string;
  /** What the check asks; of one that failed or was not looked at, why. */
  readonly sentence: string;
  /** The verified facts; empty unless the whole bundle is verified. */
  readonly rows: readonly BadgeRow[];
}

/** A name and a value. */
export interface BadgeRow {
  readonly label: string;
  readonly value: string;
}

/** A link of the chain from source to artifact. */
export type BadgeLinkKey = "source" | "build" | "signature" | "certificate" | "timestamp" | "log" | "registry" | "artifact";

/** One link of that chain. */
export interface BadgeLink {
  readonly key: BadgeLinkKey;
  readonly label: string;
  readonly text: string;
  /** RFC 3339 in UTC. */
  readonly time?: string;
  /** The beginning of a window, as `time`; of a build as its builder wrote it. */
  readonly from?: string;
  readonly to?: string;
  /** The time or the window for people. */
  readonly when?: string;
  readonly href?: string;
  /** Of a certificate, how long each authority above it is to be trusted, from the one that issued it up. */
  readonly windows?: readonly BadgeWindow[];
  /** As that of a fact. */
  readonly certified: boolean;
}

/** For how long an authority is to be trusted. */
export interface BadgeWindow {
  readonly label: string;
  /** RFC 3339 in UTC. */
  readonly from: string;
  readonly to?: string;
  /** For people. */
  readonly when: string;
}
