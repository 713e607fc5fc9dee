// The types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import {
  createVerifier,
  createVerifierSync,
  UsageError,
  VerificationFailed,
  type Baseline,
  type ChangeCode,
  type CheckKey,
  type ClaimName,
  type FailedReport,
  type FailureCode,
  type InputComparison,
  type Report,
  type Summary,
  type TrustComparison,
  type UsageCode,
  type Verified,
  type VerifyOptions,
} from "admissible";
import {
  fromCosignFlags,
  fromKyverno,
  github,
  importPolicy,
  key,
  keyless,
  npmKeys,
  npmRegistry,
  cloudBuild,
  githubRelease,
  cloudBuildKeys,
  npm,
  pypi,
  type EvidenceRequirement,
  type Imported,
  type Policy,
  type PolicyException,
  type PolicySigner,
  type PolicySigners,
} from "admissible/policy";

const signer = { issuer: "https://issuer.example", identity: "someone@example.org" };
const bytes = new Uint8Array();
const verifier = await createVerifier();

// What verify returns has passed.
const verified: Verified = await verifier.verify("{}", { artifact: bytes, signer });
const passed: "passed" = verified.report.verdict;
const payload: Uint8Array | undefined = verified.payload;
const sameSync: Verified = createVerifierSync({ trustedRoot: "{}" }).verifySync({}, { artifact: bytes, signer });

// What inspect returns may have failed.
const report: Report = await verifier.inspect(bytes, { artifact: "sha256:00", signer });
const { results, counts } = await verifier.batch([{ bundle: "{}", artifact: bytes, signer }, { bundles: [], artifact: bytes, policy: "{}" }], { concurrency: 2 });
for (const { report: one, evaluation, error } of results) void (one?.verdict ?? evaluation?.verdict ?? error);
void (counts.verified satisfies number);
// @ts-expect-error an item names its signer, or a policy
await verifier.batch([{ bundle: "{}", artifact: bytes }]);
// @ts-expect-error the verdict is not known yet
const tooEarly: "passed" = report.verdict;
if (report.verdict === "passed") {
  const path = report.checks.certificatePath;
  if (path.status === "passed") {
    const identity: string = path.evidence.identity.value;
    const repository: string | undefined = path.evidence.claims.sourceRepositoryURI;
    // @ts-expect-error a claim that no certificate has
    path.evidence.claims.repository;
  }
  // @ts-expect-error nothing failed in a report that passed
  if (path.status === "failed") path.failures;
} else {
  const failed: FailedReport = report;
  const { sct } = report.checks;
  // @ts-expect-error evidence is there only when the check passed
  sct.evidence;
  if (sct.status === "blocked") {
    const by: string = sct.by;
  }
  if (sct.status === "failed") {
    for (const { code } of sct.failures) {
      const known: FailureCode<"sct"> = code;
      // @ts-expect-error the codes of another check
      const foreign: FailureCode<"bundle"> = code;
    }
  }
}

// What the statement says is told apart by its kind.
if (report.predicate?.kind === "verification-summary") {
  const level: number | undefined = report.predicate.buildLevel;
  // @ts-expect-error a field of another kind
  report.predicate.registry;
}
// @ts-expect-error a kind that there is not
if (report.predicate?.kind === "intoto") report.predicate;

// Reports are not changed.
// @ts-expect-error read only
report.summary = "";

// Reports are compared with reports, and with what was remembered of one.
const baseline: Baseline = verifier.baseline(report);
const { changes }: TrustComparison = verifier.compareTrust(baseline, report);
const change: ChangeCode | undefined = changes[0]?.code;
verifier.compareTrust(report, report);
// @ts-expect-error a baseline is no next version
verifier.compareTrust(report, baseline);
const inputs: InputComparison = verifier.compareInputs(report, { dependencies: [{ digest: { sha256: "00" } }], commit: "0" });
// @ts-expect-error a dependency without a digest proves nothing
verifier.compareInputs(report, { dependencies: [{ uri: "pkg:npm/a" }] });
const about = { verifier: { id: "https://a.example" }, resourceUri: "pkg:npm/a", policy: { uri: "https://a.example/p" } };
const summary: Summary = verifier.summarize(report, { ...about, now: new Date() });
// @ts-expect-error there is no clock
verifier.summarize(report, about);

// Every way to name an artifact.
const artifacts: VerifyOptions["artifact"][] = [
  bytes,
  new ArrayBuffer(1),
  "sha256:00",
  "sha512:00",
  { sha256: "00" },
  { sha256: "00", sha512: "00" },
  new Blob([]),
  new ReadableStream<Uint8Array>(),
  new Response(),
  new File([], "app.tgz"),
  (async function* () { yield new Uint8Array(); })(),
  "sha512-…",
  { dangerouslyUnbound: true },
];
// @ts-expect-error a number is no artifact
const counted: VerifyOptions["artifact"] = 7;
// @ts-expect-error no digest
const empty: VerifyOptions["artifact"] = {};
// @ts-expect-error only true lowers the guarantee
const bound: VerifyOptions["artifact"] = { dangerouslyUnbound: false };

// Every way to name a signer.
const signers: VerifyOptions["signer"][] = [
  signer,
  [signer, { publicKey: "pem" }],
  { issuer: { glob: "https://*.example" }, identity: { regex: ".*" } },
  { ...signer, claims: { sourceRepositoryURI: "https://repository.example" } },
  { publicKey: "pem", validFor: { start: "2026-01-01T00:00:00Z" } },
  { dangerouslyAnySigner: true },
];
// @ts-expect-error an issuer alone trusts everyone it vouches for
const issuerOnly: VerifyOptions["signer"] = { issuer: "https://issuer.example" };
// @ts-expect-error a RegExp would not be anchored
const unanchored: VerifyOptions["signer"] = { ...signer, identity: /x/u };
// @ts-expect-error undefined is no condition
const undefinedIdentity: VerifyOptions["signer"] = { issuer: "https://issuer.example", identity: undefined };
// @ts-expect-error undefined is no condition
const undefinedClaim: VerifyOptions["signer"] = { ...signer, claims: { sourceRepositoryURI: undefined } };
// @ts-expect-error any signer is never one of several
const anyOfSeveral: VerifyOptions["signer"] = [signer, { dangerouslyAnySigner: true }];
// @ts-expect-error no such claim
const claim: ClaimName = "repository";

// @ts-expect-error the artifact is named by the caller
await verifier.verify("{}", { signer });
// @ts-expect-error the signer is named by the caller
await verifier.verify("{}", { artifact: bytes });
// @ts-expect-error no such requirement
await verifier.verify("{}", { artifact: bytes, signer, require: { logs: 1 } });
await verifier.verify("{}", { artifact: bytes, signer, require: { logEntries: 0, signedTimestamps: 1 }, now: new Date() });

// Errors narrow by class and by code.
try {
  await verifier.verify("{}", { artifact: bytes, signer });
} catch (error) {
  if (error instanceof VerificationFailed) {
    const code: FailureCode = error.code;
    const failed: "failed" = error.report.verdict;
    const check: CheckKey | undefined = error.failures[0]?.check;
  }
  if (error instanceof UsageError) {
    const code: UsageCode = error.code;
    if (error.code === "verifier-lost") throw error;
    // @ts-expect-error no such code
    if (error.code === "lost") throw error;
  }
}

// A policy is a document of a closed shape.
const policy: Policy = {
  version: 1,
  signers: [
    { issuer: "https://issuer.example", identity: [{ glob: "https://repository.example/*" }, "someone@example.org"] },
    { issuer: "https://issuer.example", claims: { sourceRepositoryIdentifier: "1" } },
    { publicKey: "pem", validFor: { end: "2027-01-01T00:00:00Z" } },
  ],
  require: [
    { predicateType: "https://slsa.dev/provenance/v1", level: 2, maxAge: "90d", parameters: { "/a": { any: true }, "/b": null } },
    { anyOf: [{ predicateType: ["a", "b"], package: { npm: "app" } }, { allOf: [{ predicateType: "c" }] }] },
  ],
};
// @ts-expect-error the version is 1
const version: Policy = { version: 2, signers: [] };
// @ts-expect-error nobody is trusted unless said
const nobody: Policy = { version: 1 };
// @ts-expect-error no such key
const misspelt: Policy = { version: 1, signers: [], requires: [] };
// @ts-expect-error only true lowers the guarantee
const anySigner: PolicySigners = { dangerouslyAnySigner: false };
// @ts-expect-error an issuer alone trusts everyone it vouches for
const issuerAlone: PolicySigner = { issuer: "https://issuer.example" };
// @ts-expect-error a key has no issuer
const both: PolicySigner = { publicKey: "pem", issuer: "https://issuer.example" };
// @ts-expect-error no such claim
const foreignClaim: PolicySigner = { issuer: "https://issuer.example", claims: { repository: "a" } };
// @ts-expect-error a RegExp would not be anchored
const regExp: EvidenceRequirement = { predicateType: "a", builder: /a/u };
// @ts-expect-error no such level
const level: EvidenceRequirement = { predicateType: "a", level: 4 };
// @ts-expect-error a group has no type
const group: Policy = { version: 1, signers: [], require: [{ anyOf: [], predicateType: "a" }] };
// @ts-expect-error an artifact is named by its digest or its reference
const exception: PolicyException = { digest: "sha256:00", reference: "a", reason: "b", expires: "c" };
// @ts-expect-error read only
policy.version = 1;

// Presets make policies.
const presets: Policy[] = [
  github({ repository: "acme/app", workflow: "release.yml", ref: { glob: "refs/tags/v*" }, repositoryId: 1, level: 3 }),
  npm({ package: "app", repository: "acme/app", version: { glob: "1.*" } }),
  npm({ package: "app", dangerouslyAnyRepository: true }),
  pypi({ project: "app", repository: "acme/app", workflow: "release.yml" }),
  pypi({ project: "app", publisher: { kind: "GitLab", repository: "acme/app", workflow_filepath: ".gitlab-ci.yml" } }),
  keyless({ issuer: "https://issuer.example", identity: { regex: ".*@example\\.org" } }),
  key({ pem: "pem" }),
  npmRegistry({ package: "app", version: "1.0.0" }),
  githubRelease({ repository: "acme/app", tag: { glob: "v*" } }),
  cloudBuild({ repository: "acme/app", config: "cloudbuild.yaml", level: 2 }),
  { version: 1, signers: [...npmKeys, ...cloudBuildKeys] },
];
// @ts-expect-error a repository is named, or any is trusted by name
const unnamed = () => npm({ package: "app" });
// @ts-expect-error not both
const ambiguous = () => npm({ package: "app", repository: "acme/app", dangerouslyAnyRepository: true });
// @ts-expect-error a publisher, in one of two ways
const unpublished = () => pypi({ project: "app", repository: "acme/app" });
// @ts-expect-error a reference is no regular expression
const reference = () => github({ repository: "acme/app", ref: { regex: ".*" } });

// An import may have made no policy.
const fromFlags: Imported = fromCosignFlags(["verify-blob", "--key", "key.pem"], { readKey: (path: string) => path, dangerouslyWiden: true });
// @ts-expect-error nothing safe could be said, perhaps
const certain: Policy = fromFlags.policy;
// @ts-expect-error only true widens
const unwidened = () => fromKyverno({}, { dangerouslyWiden: false });
for (const { kind, policy: found, unsupported } of importPolicy("", JSON.parse)) {
  if (found !== undefined) presets.push(found);
  const places: string[] = unsupported.filter(({ narrows }) => narrows).map(({ at }) => at);
  // @ts-expect-error no such kind
  if (kind === "rego") places.push(kind);
}

// A piece holds a bundle, or says where it is.
for (const piece of createVerifierSync().readSource("").pieces) {
  const where: string = piece.bundle === undefined ? piece.url : piece.bundle;
  // @ts-expect-error perhaps it is elsewhere
  const bundle: string = piece.bundle;
  console.log(where, bundle, piece.publisher?.repository);
}
