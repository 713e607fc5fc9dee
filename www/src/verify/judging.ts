import { npmKeys } from "admissible/policy";
import type { Outcome, SourceUnavailable } from "admissible/npm";
import type { Artifact, Evaluation, PassedReport, Report, Verifier } from "admissible/slim";
import type { Asking } from "./asking.js";
import type { Given } from "./given.js";
import type { Made } from "./trust.js";

/** A bundle whose evidence is genuine, and who signed it; whether that is who should have, nobody has said. */
export interface Signed {
  readonly report: PassedReport;
  /** It is by a key of npm's registry, and by no certificate. */
  readonly byNpm: boolean;
}

/** What can be said of what was handed in. Only `verdict` is one; and it takes that somebody named the signer, unless the evidence fails whoever signed. */
export type Judgement =
  /** There is no evidence yet. */
  | { readonly state: "waiting"; readonly artifact: Given | undefined }
  /** There is evidence, and what was said of its signer is no policy yet. */
  | { readonly state: "unready" }
  /** It is genuine, and nobody has said who should have signed. `failed` are bundles that do not verify, whoever that is. */
  | { readonly state: "unnamed"; readonly signed: readonly Signed[]; readonly failed: readonly Report[]; readonly bound: boolean }
  /** By a key that is not at hand: it cannot be verified yet. */
  | { readonly state: "unknown-key"; readonly report: Report }
  /** The policy is met, by evidence about a file that was not compared. */
  | { readonly state: "unbound"; readonly evaluation: Evaluation; readonly digests: readonly string[] }
  /** What a badge can be made of. */
  | { readonly state: "verdict"; readonly subject: Report | Evaluation | Outcome | { readonly error: unknown }; readonly name: string | undefined };

/** What is judged. */
export interface Question {
  readonly evidence: readonly Given[];
  readonly artifact: Given | undefined;
  readonly made: Exclude<Made, { state: "wrong" }>;
  /** What came of asking a registry, if one was asked. */
  readonly asked: Asking | undefined;
  readonly signal: AbortSignal;
}

/** The most files that evidence may name, for each of which the policy is tried before one is at hand. */
const mostClaimed = 32;

/** Judges. Everything is done on this device. */
export async function judge(verifier: Verifier, { evidence, artifact, made, asked, signal }: Question): Promise<Judgement> {
  const bundles = evidence.flatMap((given) => given.bundles);
  const reference = asked?.reference;
  const name = artifact?.name ?? asked?.name;
  if (asked?.error !== undefined && bundles.length === 0) return { state: "verdict", subject: { outcome: "unavailable", error: asked.error as SourceUnavailable }, name };
  const content = artifactOf(verifier, artifact, bundles);
  if (made.state === "nobody") {
    if (bundles.length > 0) return unnamed(verifier, bundles, content, name, signal);
    return asked?.found === undefined ? { state: "waiting", artifact } : { state: "verdict", subject: { outcome: "none-found", evaluation: undefined, evidence: asked.found }, name };
  }
  const { policy } = made;
  const indexes = evidence.flatMap((given) => given.indexes ?? []);
  const evaluate = (about: Artifact, pieces: readonly string[] = bundles): Promise<Evaluation> =>
    verifier.evaluate({ bundles: pieces, artifact: about, policy, now: new Date(), signal, ...(reference !== undefined && { reference }), ...(indexes.length > 0 && { indexes }) });
  if (bundles.length === 0) {
    // An exception of the policy can let it pass all the same.
    const evaluation = content === undefined ? undefined : await evaluate(content, []);
    return asked?.found === undefined ? { state: "waiting", artifact } : { state: "verdict", subject: { outcome: "none-found", evaluation, evidence: asked.found }, name };
  }
  if (content !== undefined) {
    const evaluation = await evaluate(content);
    const isOfRegistry = asked?.found !== undefined && asked.found.bundles.length > 0;
    return { state: "verdict", subject: isOfRegistry ? { outcome: "judged", evaluation, evidence: asked.found } : evaluation, name };
  }
  const claimed = verifier.claimedDigests(bundles);
  if (claimed.length === 0 || claimed.length > mostClaimed || verifier.wantsWhole(bundles)) return { state: "waiting", artifact };
  let refused: Evaluation | undefined;
  for (const digests of claimed) {
    const evaluation = await evaluate(digests);
    if (evaluation.verdict === "verified") return { state: "unbound", evaluation, digests: Object.entries(digests).map((pair) => pair.join(":")) };
    refused ??= evaluation;
  }
  // Refused about every file that it names, it is refused about all.
  return { state: "verdict", subject: refused ?? { error: new Error("nothing was judged") }, name };
}

/** A file as the bundles take it: by its digests, unless a signature is over its very bytes. */
function artifactOf(verifier: Verifier, artifact: Given | undefined, bundles: readonly string[]): Artifact | undefined {
  if (artifact === undefined) return undefined;
  if (artifact.file !== undefined && verifier.wantsWhole(bundles)) return artifact.file;
  return artifact.artifact as Artifact | undefined;
}

/** Whoever signed: is it genuine, and who was it? */
async function unnamed(verifier: Verifier, bundles: readonly string[], artifact: Artifact | undefined, name: string | undefined, signal: AbortSignal): Promise<Judgement> {
  const about = artifact ?? ({ dangerouslyUnbound: true } as const);
  const signed: Signed[] = [];
  const failed: Report[] = [];
  let unknown: Report | undefined;
  for (const bundle of bundles) {
    const report = await verifier.inspect(bundle, { artifact: about, signer: { dangerouslyAnySigner: true }, now: new Date(), signal });
    if (report.verdict === "passed") signed.push({ report, byNpm: false });
    else if (!isByKey(report)) failed.push(report);
    else {
      const byNpm = await verifier.inspect(bundle, { artifact: about, signer: npmKeys, now: new Date(), signal });
      if (byNpm.verdict === "passed") signed.push({ report: byNpm, byNpm: true });
      else unknown ??= report;
    }
  }
  if (signed.length > 0) return { state: "unnamed", signed, failed, bound: artifact !== undefined };
  if (unknown !== undefined) return { state: "unknown-key", report: unknown };
  return { state: "verdict", subject: failed[0] ?? { error: new Error("no bundle was read") }, name };
}

function isByKey({ checks: { bundle } }: Report): boolean {
  return bundle.status === "passed" && bundle.evidence.keyMaterial === "public-key";
}
