export type { Artifact, ArtifactDigests } from "./artifact.js";
export type { Bundle } from "./bundle.js";
export type * from "./codes.js";
export type * from "./comparison.js";
export type { Verified } from "./engine.js";
export { UsageError, VerificationFailed, type CheckFailure } from "./errors.js";
export type { WasmSource } from "./module.js";
export type {
  ClaimName,
  LevelRow,
  Pattern,
  Patterns,
  PublicKeySigner,
  Requirements,
  Signer,
  SignerRule,
  VerifyOptions,
} from "./options.js";
export type * from "./provenance.js";
export type * from "./report.js";
export type { CreateVerifier, CreateVerifierSync, Verifier, VerifierOptions } from "./verifier.js";
