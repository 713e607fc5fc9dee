export { UsageError } from "../errors.js";
export type { ClaimName, NoIssuer, Pattern, Requirements } from "../options.js";
export type * from "./document.js";
export { fromClusterImagePolicy } from "./import/cluster-image-policy.js";
export { fromCosignFlags, type CosignImportOptions } from "./import/cosign.js";
export { fromGhFlags } from "./import/gh.js";
export { fromKyverno } from "./import/kyverno.js";
export { importPolicy, type DocumentKind, type ImportedDocument } from "./import/read.js";
export type { Imported, ImportOptions, Unsupported } from "./import/result.js";
export { cloudBuildKeys, npmKeys } from "./keys.js";
export {
  cloudBuild,
  github,
  githubRelease,
  key,
  keyless,
  npm,
  npmRegistry,
  pypi,
  type CloudBuildPolicy,
  type GitHubPolicy,
  type GitHubReleasePolicy,
  type KeylessPolicy,
  type KeyPolicy,
  type NpmPolicy,
  type NpmRegistryPolicy,
  type PypiPolicy,
  type PypiPublisher,
} from "./presets.js";
