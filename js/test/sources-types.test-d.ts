// The adapters' types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import { createVerifierSync, type ArtifactDigests } from "admissible";
import { githubEvidence, verifyGithub, type SourceUnavailable } from "admissible/github";
import { npmEvidence, verifyNpm } from "admissible/npm";
import { npm } from "admissible/policy";
import { pypiEvidence, verifyPypi } from "admissible/pypi";

const verifier = createVerifierSync();
const policy = npm({ package: "app", repository: "acme/app" });

// The outcome tells apart what there is.
const { outcome, evaluation, evidence, error } = await verifyNpm(verifier, "app@1.0.0", { policy, fetch: (url, init) => globalThis.fetch(url, init), retries: 1 });
if (outcome === "judged") {
  const [verdict, digest]: [string, ArtifactDigests | undefined] = [evaluation.verdict, evidence.digest];
  console.log(verdict, digest);
} else if (outcome === "unavailable") {
  const reason: SourceUnavailable = error;
  console.log(reason.code, reason.url);
} else {
  // @ts-expect-error nothing was judged where the registry names no digest
  console.log(evaluation.verdict, evidence.asked);
}
const bundles: readonly string[] = (await npmEvidence(verifier, "app@1.0.0", { registry: "https://registry.example", timeout: 5000 })).bundles;
void [bundles, pypiEvidence(verifier, "app-1.0.tar.gz"), githubEvidence(verifier, "acme/app", "sha256:…", { token: "…" })];
void [verifyPypi(verifier, "app-1.0.tar.gz", new Uint8Array(), { policy }), verifyGithub(verifier, "acme/app", "sha256:…", { policy })];

// @ts-expect-error no policy
const lawless = () => verifyNpm(verifier, "app@1.0.0", {});
// @ts-expect-error PyPI knows no token
const misplaced = () => pypiEvidence(verifier, "app-1.0.tar.gz", { token: "…" });
// @ts-expect-error the file itself, or its digest
const blind = () => verifyPypi(verifier, "app-1.0.tar.gz", { policy });
void [lawless, misplaced, blind];
