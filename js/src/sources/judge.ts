import type { Artifact } from "../artifact.js";
import type { Evaluation } from "../evaluation.js";
import type { Watch } from "../hashing.js";
import type { EvaluationRequest } from "../request.js";
import type { Verifier } from "../verifier.js";
import { SourceUnavailable, type FetchOptions } from "./fetching.js";
import type { FoundEvidence } from "./found.js";

/** What evidence is judged by, and who is told how far the reading of an artifact is. */
export interface JudgeOptions extends Pick<Watch, "onProgress"> {
  /** Which evidence is enough. */
  readonly policy: EvaluationRequest["policy"];
  /** The present; needed by policies with ages or exceptions. */
  readonly now?: string | Date;
}

/** What came of asking for evidence and judging it. Only `judged` with an evaluation that is `verified` says that the evidence is enough. */
export type Outcome<Found extends FoundEvidence = FoundEvidence> =
  /** There is evidence; `evaluation` says whether it is enough. */
  | { readonly outcome: "judged"; readonly evaluation: Evaluation; readonly evidence: Found; readonly error?: undefined }
  /** There is none, by the word of whoever was asked: `evidence.asked`. The policy may admit the artifact all the same, by an exception. */
  | { readonly outcome: "none-found"; readonly evaluation: Evaluation | undefined; readonly evidence: Found; readonly error?: undefined }
  /** It could not be fetched: there is no verdict. */
  | { readonly outcome: "unavailable"; readonly evaluation?: undefined; readonly evidence?: undefined; readonly error: SourceUnavailable };

/** Options of `verify…`, taken apart: how evidence is judged, and how it is asked for. The signal ends both. */
export function apart<Options extends JudgeOptions & FetchOptions>(options: Options): { judging: JudgeOptions & Watch; asking: Omit<Options, keyof JudgeOptions> } {
  const { policy, now, onProgress, ...asking } = options;
  const { signal } = options;
  const judging = { policy, ...(now !== undefined && { now }), ...(onProgress !== undefined && { onProgress }), ...(signal !== undefined && { signal }) };
  return { judging, asking };
}

/** Fetches and judges; `indexes` of the evidence are those through which it may be about the artifact. @throws UsageError when the policy or the request is wrong; the signal's reason when that aborts. */
export async function judged<Found extends FoundEvidence & Pick<EvaluationRequest, "indexes">>(
  verifier: Verifier,
  find: () => Promise<Found>,
  artifactOf: (evidence: Found) => Artifact | undefined,
  reference: string,
  { policy, ...more }: JudgeOptions & Watch,
): Promise<Outcome<Found>> {
  verifier.checkPolicy(policy);
  let evidence: Found;
  try {
    evidence = await find();
  } catch (error) {
    if (error instanceof SourceUnavailable) return { outcome: "unavailable", error };
    throw error;
  }
  const { bundles, indexes = [] } = evidence;
  const artifact = artifactOf(evidence);
  const request = { bundles, policy, reference, ...(indexes.length > 0 && { indexes }), ...more };
  const evaluation = artifact === undefined ? undefined : await verifier.evaluate({ ...request, artifact });
  if (bundles.length > 0 && evaluation !== undefined) return { outcome: "judged", evaluation, evidence };
  return { outcome: "none-found", evaluation, evidence };
}
