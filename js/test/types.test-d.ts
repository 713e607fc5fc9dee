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
  { dangerouslyUnbound: true },
];
// @ts-expect-error a name is no artifact
const named: VerifyOptions["artifact"] = "package.tgz";
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
