/** Every code with which a check can fail, by check. Removing or renaming one is a breaking change. */
export const failureCodes = {
  bundle: ["bundle-malformed"],
  checkpoint: [],
  inclusionProof: [],
  inclusionPromise: [],
  logBinding: [],
  timestamp: [],
  signingTime: [],
  certificatePath: [],
  sct: [],
  signature: [],
  statement: [],
  artifact: [],
  signer: [],
  threshold: [],
} as const;

/** Every code of a note: something a reader should know that decides nothing. */
export const noteCodes = ["unknown-log"] as const;

/** Every code of a `UsageError`. The last two are of this package, the others of the core. */
export const usageCodes = [
  "malformed-options",
  "missing-artifact",
  "invalid-artifact-digest",
  "missing-signer",
  "invalid-signer",
  "invalid-pattern",
  "unknown-claim",
  "invalid-public-key",
  "invalid-requirement",
  "invalid-witness-key",
  "invalid-time",
  "invalid-trusted-root",
  "invalid-argument",
  "verifier-lost",
] as const;

/** A code with which a check failed; with a check's key, one of that check's. */
export type FailureCode<Check extends keyof typeof failureCodes = keyof typeof failureCodes> =
  (typeof failureCodes)[Check][number];

/** A code of a note. */
export type NoteCode = (typeof noteCodes)[number];

/** A code of a `UsageError`. */
export type UsageCode = (typeof usageCodes)[number];
