export type { Artifact, ArtifactDigests, DigestAlgorithm } from "./artifact.js";
export type { Batch, BatchCounts, BatchItem, BatchOptions, BatchProgress, BatchResult } from "./batch.js";
export type { Bundle } from "./bundle.js";
export type * from "./codes.js";
export type * from "./comparison.js";
export type { CheckedPolicy, Hasher, Verified } from "./engine.js";
export { UsageError, VerificationFailed, type CheckFailure } from "./errors.js";
export type * from "./evaluation.js";
export type { Progress, Watch } from "./hashing.js";
export type {
  ExpectedContent,
  FoundPlatform,
  ImageDescriptor,
  ImageDocument,
  ImageLayer,
  ImageName,
  UnsignedStatement,
} from "./image.js";
export type { WasmModule, WasmSource, WasmSourceSync } from "./module.js";
export type {
  ClaimName,
  NoIssuer,
  Pattern,
  PublicKeySigner,
  Requirements,
  Signer,
  SignerRule,
  VerifyOptions,
} from "./options.js";
export type { LevelRow, Patterns, Policy } from "./policy/document.js";
export type * from "./predicate.js";
export type * from "./provenance.js";
export type { RegistryFailure, RegistryOptions, RegistryVerdict } from "./registry.js";
export type * from "./report.js";
export type { EvaluationRequest } from "./request.js";
export type { Publisher, Source, SourceKind, SourcePiece } from "./source.js";
export type { CreateVerifier, CreateVerifierSync, DigestOptions, Verifier, VerifierOptions, VerifierOptionsSync } from "./verifier.js";
