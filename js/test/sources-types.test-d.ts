// The adapters' types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import { createVerifierSync, type ArtifactDigests } from "admissible";
import { githubEvidence, verifyGithub, type SourceUnavailable } from "admissible/github";
import { npmEvidence, verifyNpm } from "admissible/npm";
import { imageEvidence, verifyImage, type CredentialsFor, type UnsignedPiece } from "admissible/oci";
import { Recording, replay, type Store } from "admissible/offline";
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
void [verifyPypi(verifier, "app-1.0.tar.gz", new Uint8Array(), { policy }), verifyGithub(verifier, "acme/app", "sha256:…", { policy }), verifyGithub(verifier, "acme/app", new Blob(), { policy })];

// Which image it is is known only where there is one.
const image = await verifyImage(verifier, "ghcr.io/acme/app:1.0", { policy, platform: "linux/amd64", credentials: { username: "a", password: "b" }, plainHttp: false });
const unsigned: readonly UnsignedPiece[] = image.evidence?.unsigned ?? [];
if (image.outcome === "judged") console.log(image.evaluation.verdict, image.evidence.image?.pinned, image.evidence.skipped[0]?.code, image.evidence.pieces[0]?.about, unsigned[0]?.statement.verified);
// @ts-expect-error there may be no such image
console.log(image.evidence?.image.digest);
const keyring: CredentialsFor = async (registry) => (registry === "docker.io" ? { token: "…" } : undefined);
void imageEvidence(verifier, "alpine", { credentials: keyring });
// @ts-expect-error a name and a password, or a token
const both = () => imageEvidence(verifier, "alpine", { credentials: { username: "a", password: "b", token: "…" } });
// @ts-expect-error a name without a password
const half = () => imageEvidence(verifier, "alpine", { credentials: { username: "a" } });
void [both, half];

// @ts-expect-error no policy
const lawless = () => verifyNpm(verifier, "app@1.0.0", {});
// @ts-expect-error PyPI knows no token
const misplaced = () => pypiEvidence(verifier, "app-1.0.tar.gz", { token: "…" });
// @ts-expect-error the file itself, or its digest
const blind = () => verifyPypi(verifier, "app-1.0.tar.gz", { policy });
void [lawless, misplaced, blind];

// What was recorded is replayed, from a store of any kind.
const files = new Map<string, Uint8Array>();
const store: Store = { read: async (path) => files.get(path), write: async (path, bytes) => void files.set(path, bytes) };
const recording = new Recording();
const paths: string[] = await recording.save(store, (await npmEvidence(verifier, "app@1.0.0", { fetch: recording.fetch })).bundles);
void [paths, await verifyNpm(verifier, "app@1.0.0", { policy, fetch: await replay({ read: store.read }) })];

// @ts-expect-error a folder is no store: who reads and writes it is the caller
const folder = () => replay("evidence");
void folder;
