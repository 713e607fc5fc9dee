import type { BadgeState, BadgeSubject } from "admissible/badge";
import type { Policy } from "admissible/policy";
import type { EvaluationRequest, Evaluation, Verifier } from "admissible/slim";
import { verifierBy } from "../engine.js";

/** A case of the test signer: nobody's real evidence. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  /** What was altered, in one sentence. */
  readonly altered: string;
  /** What must come of it; `check` and `code` are of the first failure. */
  readonly state: BadgeState;
  readonly check?: string;
  readonly code?: string;
  readonly artifact: string;
  /** None: there is no evidence. */
  readonly bundles: readonly string[];
  readonly policy: Policy;
  /** Which trusted root, counted from 0. */
  readonly root: number;
}

/** All samples, and the roots that they are judged by. */
export interface Samples {
  readonly roots: readonly string[];
  readonly samples: readonly Sample[];
}

let loading: Promise<Samples> | undefined;
const verifiers = new Map<string, Promise<Verifier>>();

/** Whether there are samples: the one file has none. */
export const hasSamples = (): boolean => document.documentElement.dataset["hosted"] !== undefined;

/** Fetches them, once; a failure is tried again by the next call. */
export function loadSamples(): Promise<Samples> {
  loading ??= fetched().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetched(): Promise<Samples> {
  const response = await fetch(new URL("./samples/samples.json", document.baseURI));
  if (!response.ok) throw new Error("This page was built without its samples.");
  return (await response.json()) as Samples;
}

/** The verifier that trusts the test signer's root, and no other. */
export function verifierOf({ roots }: Samples, root: number): Promise<Verifier> {
  const text = roots[root];
  if (text === undefined) throw new RangeError(`expected a root, found none by the number ${String(root)}`);
  const made = verifiers.get(text) ?? verifierBy(text);
  verifiers.set(text, made);
  made.catch(() => verifiers.delete(text));
  return made;
}

/** What is asked about a sample. */
export function requestOf({ artifact, bundles, policy }: Sample): EvaluationRequest {
  return { artifact: new TextEncoder().encode(artifact), bundles, policy, now: new Date() };
}

/** What came of it: without evidence there is nothing that was refused. */
export function subjectOf({ bundles }: Sample, evaluation: Evaluation): BadgeSubject {
  return bundles.length > 0 ? evaluation : { outcome: "none-found", evaluation, evidence: { bundles: [], pieces: [], asked: [] } };
}
