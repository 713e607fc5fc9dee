import { npmKeys } from "admissible/policy";
import type { Outcome, SourceUnavailable } from "admissible/npm";
import type { Artifact, Evaluation, PassedReport, Report, Verifier, VerifyOptions } from "admissible/slim";
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
export async function judge(verifier: Verifier, question: Question): Promise<Judgement> {
  const { evidence, artifact, made, asked, signal } = question;
  const bundles = evidence.flatMap((given) => given.bundles);
  const name = artifact?.name ?? asked?.name;
  const verdict = (subject: Extract<Judgement, { state: "verdict" }>["subject"]): Judgement => ({ state: "verdict", subject, name });
  if (asked?.error !== undefined && bundles.length === 0) return verdict({ outcome: "unavailable", error: asked.error as SourceUnavailable });
  const content = artifactOf(verifier, artifact, bundles);
  const indexes = evidence.flatMap((given) => given.indexes ?? []);
  const among = { now: new Date(), signal, ...(indexes.length > 0 && { indexes }) };
  if (made.state === "nobody" && bundles.length > 0) {
    const { signed, failed, unknown } = await signersOf(verifier, bundles, { ...among, artifact: content ?? { dangerouslyUnbound: true } });
    if (signed.length > 0) return { state: "unnamed", signed, failed, bound: content !== undefined };
    if (unknown !== undefined && failed.length === 0) return { state: "unknown-key", report: unknown };
    return verdict(failed[0] ?? { error: new Error("no bundle was read") });
  }
  const evaluate = async (about: Artifact): Promise<Evaluation | undefined> => {
    if (made.state === "nobody") return undefined;
    const { reference } = asked ?? {};
    return verifier.evaluate({ ...among, bundles, artifact: about, policy: made.policy, ...(reference !== undefined && { reference }) });
  };
  // An exception of the policy can let pass what has no evidence.
  const evaluation = content === undefined ? undefined : await evaluate(content);
  if (bundles.length === 0) {
    return asked?.found === undefined ? { state: "waiting", artifact } : verdict({ outcome: "none-found", evaluation, evidence: asked.found });
  }
  if (evaluation !== undefined) {
    const isOfRegistry = asked?.found !== undefined && asked.found.bundles.length > 0;
    return verdict(isOfRegistry ? { outcome: "judged", evaluation, evidence: asked.found } : evaluation);
  }
  const claimed = verifier.claimedDigests(bundles);
  if (claimed.length === 0 || claimed.length > mostClaimed || verifier.wantsWhole(bundles)) return { state: "waiting", artifact };
  let refused: Evaluation | undefined;
  for (const digests of claimed) {
    const tried = await evaluate(digests);
    if (tried?.verdict === "verified") return { state: "unbound", evaluation: tried, digests: Object.entries(digests).map((pair) => pair.join(":")) };
    refused ??= tried;
  }
  // Refused about every file that it names, it is refused about all.
  return verdict(refused ?? { error: new Error("nothing was judged") });
}

/** A file as the bundles take it: by its digests, unless a signature is over its very bytes. */
function artifactOf(verifier: Verifier, artifact: Given | undefined, bundles: readonly string[]): Artifact | undefined {
  if (artifact === undefined) return undefined;
  if (artifact.file !== undefined && verifier.wantsWhole(bundles)) return artifact.file;
  return artifact.artifact as Artifact | undefined;
}

/** npm's keys as a verification takes them, which gives them no names. */
const npmSigners = npmKeys.map(({ publicKey, validFor }) => ({ publicKey, ...(validFor !== undefined && { validFor }) }));

/** Whoever signed: is it genuine, and who was it? `unknown` is by a key that is not at hand. */
async function signersOf(
  verifier: Verifier,
  bundles: readonly string[],
  about: Omit<VerifyOptions, "signer">,
): Promise<{ signed: readonly Signed[]; failed: readonly Report[]; unknown: Report | undefined }> {
  const [signed, failed]: [Signed[], Report[]] = [[], []];
  let unknown: Report | undefined;
  for (const bundle of bundles) {
    const report = await verifier.inspect(bundle, { ...about, signer: { dangerouslyAnySigner: true } });
    if (report.verdict === "passed") signed.push({ report, byNpm: false });
    else if (!isByKey(report)) failed.push(report);
    else {
      const byNpm = await verifier.inspect(bundle, { ...about, signer: npmSigners });
      if (byNpm.verdict === "passed") signed.push({ report: byNpm, byNpm: true });
      else if (byNpm.checks.signature.status === "passed") failed.push(byNpm);
      else unknown ??= report;
    }
  }
  return { signed, failed, unknown };
}

function isByKey({ checks: { bundle } }: Report): boolean {
  return bundle.status === "passed" && bundle.evidence.keyMaterial === "public-key";
}
