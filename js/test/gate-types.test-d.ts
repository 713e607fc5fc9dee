// The gate's types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import { createVerifierSync, type ArtifactDigests, type Bundle, type RequirementLine } from "admissible";
import { cacheApiCache, gate, gateResponse, memoryCache, type GateCode, type GateOutcome, type GateProblem, type VerdictCache } from "admissible/gate";
import { npm } from "admissible/policy";

const verifier = createVerifierSync();
const policy = npm({ package: "app", repository: "acme/app" });

interface Env {
  readonly bundles: readonly Bundle[];
}

// As a worker's handler: the environment's type reaches `evidence`, and the handler asks for it.
const worker: { fetch(request: Request, env: Env): Promise<Response> } = {
  fetch: gate({ verifier, policy, evidence: (_request, env: Env) => env.bundles }),
};
void worker;

// As a function of the request alone.
const alone = gate({ verifier: async () => verifier, policy: JSON.stringify(policy), evidence: async () => ({ bundles: [], digest: "sha256:…" }) });
const answered: Promise<Response> = alone(new Request("https://acme.example/"));
void answered;

const caches: VerdictCache[] = [memoryCache(), memoryCache({ most: 5 }), cacheApiCache(() => globalThis.caches.open("verdicts")), cacheApiCache(globalThis.caches.open("verdicts"), "https://acme.example/")];
for (const cache of caches) void gateResponse(new Response(), { verifier, policy, evidence: [], cache, reportOnly: true, mode: "buffer" });

// An outcome says in its type what it can tell.
export function told(outcome: GateOutcome): readonly RequirementLine[] {
  if (outcome.verdict === "unavailable") {
    const code: GateCode = outcome.code;
    console.log(code, outcome.cause);
    return [];
  }
  if (outcome.admitted) {
    const digest: ArtifactDigests = outcome.digest;
    console.log(digest);
    return outcome.judgement.requirements;
  }
  const code: "rejected" | "no-evidence" | "digest-mismatch" = outcome.code;
  console.log(code);
  return outcome.judgement?.requirements ?? [];
}

export const refused = async (response: Response): Promise<GateCode> => ((await response.json()) as GateProblem).code;

// @ts-expect-error no evidence
const blind = () => gate({ verifier, policy });
// @ts-expect-error no policy
const lawless = () => gate({ verifier, evidence: () => [] });
// @ts-expect-error no such mode
const half = () => gate({ verifier, policy, evidence: () => [], mode: "half" });
// @ts-expect-error no such option
const typo = () => gate({ verifier, policy, evidence: () => [], reportonly: true });
// @ts-expect-error a list of bundles, or an object with one
const nothing = () => gate({ verifier, policy, evidence: () => undefined });
// @ts-expect-error `gateResponse` fetches nothing
const fetching = () => gateResponse(new Response(), { verifier, policy, evidence: [], fetch });
void [blind, lawless, half, typo, nothing, fetching];
