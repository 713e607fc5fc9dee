import type { Pattern, PublicKeySigner } from "../options.js";
import { escaped, gitHubRepository, gitLabProject, gitReference, keysOf, pattern, text, workflowFile, wrong } from "./argument.js";
import type { BuildLevel, CertifiedSigner, ClaimedSigner, PackageName, Policy, PolicyClaims } from "./document.js";
import { cloudBuildKeys, npmKeys } from "./keys.js";
import { isPublicKey } from "./pem.js";

/** The OIDC issuer of GitHub Actions. */
export const gitHubIssuer = "https://token.actions.githubusercontent.com";

/** The OIDC issuer of gitlab.com. */
export const gitLabIssuer = "https://gitlab.com";

/** The predicate type of SLSA provenance 1. */
export const provenanceV1 = "https://slsa.dev/provenance/v1";

/** The predicate type of SLSA provenance 0.2, which npm wrote at first. */
export const provenanceV02 = "https://slsa.dev/provenance/v0.2";

/** The predicate type of SLSA provenance 0.1, which Cloud Build writes beside 1. */
export const provenanceV01 = "https://slsa.dev/provenance/v0.1";

/** The predicate type of npm's publish attestations. */
export const npmPublish = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";

/** The predicate type of GitHub's attestations of releases. */
export const gitHubRelease = "https://in-toto.io/attestation/release/v0.2";

/** The predicate type of PyPI's publish attestations. */
export const pypiPublish = "https://docs.pypi.org/attestations/publish/v1";

/** What {@link github} is asked. */
export interface GitHubPolicy {
  /** `owner/repository`, spelled as GitHub spells it. */
  readonly repository: string;
  /** The file name of the workflow that was started, such as `release.yml`; any of the repository's unless stated. */
  readonly workflow?: string;
  /** The whole git reference that was built, such as `refs/heads/main`, or a glob such as `refs/tags/v*`. */
  readonly ref?: string | { readonly glob: string };
  /** The repository's id, which nobody gets who creates a repository of the same name anew. */
  readonly repositoryId?: string | number;
  /** The owner's id, which nobody gets who takes the same name anew. */
  readonly ownerId?: string | number;
  /** The lowest SLSA build level; none unless stated. */
  readonly level?: BuildLevel;
}

/**
 * Trusts SLSA provenance that GitHub Actions signed for a build of this repository.
 *
 * @throws UsageError
 */
export function github(argument: GitHubPolicy): Policy {
  const fields = keysOf(argument, ["repository", "workflow", "ref", "repositoryId", "ownerId", "level"]);
  const repository = `https://github.com/${gitHubName(fields["repository"], "/repository")}`;
  const ref = fields["ref"] === undefined ? undefined : reference(fields["ref"], "/ref");
  const claims: Record<string, Pattern> = { sourceRepositoryURI: repository };
  if (fields["repositoryId"] !== undefined) claims["sourceRepositoryIdentifier"] = id(fields["repositoryId"], "/repositoryId");
  if (fields["ownerId"] !== undefined) claims["sourceRepositoryOwnerIdentifier"] = id(fields["ownerId"], "/ownerId");
  if (ref !== undefined) claims["sourceRepositoryRef"] = ref;
  if (fields["workflow"] !== undefined) {
    claims["buildConfigURI"] = workflowAt(`${repository}/.github/workflows/${workflowName(fields["workflow"], "/workflow")}`, ref);
  }
  const level = fields["level"] === undefined ? {} : { level: buildLevel(fields["level"], "/level") };
  return {
    version: 1,
    name: `built by GitHub Actions from ${repository}`,
    signers: [{ issuer: gitHubIssuer, claims: claims as PolicyClaims & ClaimedSigner["claims"] }],
    require: [{ name: "provenance", predicateType: provenanceV1, certified: true, source: { repository }, ...level }],
  };
}

/** What {@link githubRelease} is asked. */
export interface GitHubReleasePolicy {
  /** `owner/repository`. */
  readonly repository: string;
  /** The release's tag, exactly, or a pattern by name; any unless stated. */
  readonly tag?: Pattern;
}

/**
 * Trusts GitHub's own word that a file is part of an immutable release of this repository. It takes GitHub's trusted root, whose authorities alone attest the time;
 * it says nothing of who built the file.
 *
 * @throws UsageError
 */
export function githubRelease(argument: GitHubReleasePolicy): Policy {
  const fields = keysOf(argument, ["repository", "tag"]);
  const repository = gitHubName(fields["repository"], "/repository");
  const version = fields["tag"] === undefined ? {} : { version: pattern(fields["tag"], "/tag") };
  return {
    version: 1,
    name: `released on GitHub by ${repository}`,
    signers: [{ issuer: { none: true }, identity: "https://dotcom.releases.github.com" }],
    evidence: { logEntries: 0, scts: 0, signedTimestamps: 1 },
    require: [{ name: "release", predicateType: gitHubRelease, package: { github: repository, ...version } }],
  };
}

/** What {@link npm} is asked. */
export type NpmPolicy = {
  /** The package's name, with its scope. */
  readonly package: string;
  /** The version, exactly, or a pattern by name; any unless stated. */
  readonly version?: Pattern;
} & (
  | {
      /** `owner/repository` on GitHub, or the URL of a repository on github.com or gitlab.com. */
      readonly repository: string;
      readonly dangerouslyAnyRepository?: never;
    }
  | {
      /**
       * Trusts every repository on GitHub and GitLab: whoever has one can sign provenance that names this
       * package. Only what the registry itself checks ties the two together.
       */
      readonly dangerouslyAnyRepository: true;
      readonly repository?: never;
    }
);

/**
 * Trusts SLSA provenance about this npm package, signed by GitHub Actions or GitLab for a build of the repository.
 *
 * @throws UsageError
 */
export function npm(argument: NpmPolicy): Policy {
  const fields = keysOf(argument, ["package", "version", "repository", "dangerouslyAnyRepository"]);
  const name = text(fields["package"], "/package", npmPackage, "the name of an npm package");
  const version = fields["version"] === undefined ? {} : { version: pattern(fields["version"], "/version") };
  const piece = {
    name: "provenance",
    predicateType: [provenanceV1, provenanceV02],
    package: { npm: name, ...version } satisfies PackageName,
  };
  if (fields["dangerouslyAnyRepository"] !== undefined) {
    if (fields["dangerouslyAnyRepository"] !== true) throw wrong("/dangerouslyAnyRepository", "expected true");
    if (fields["repository"] !== undefined) throw wrong("/repository", "a repository, or any repository: not both");
    return { version: 1, name: `npm package ${name}, built in any repository`, signers: anyRepository, require: [piece] };
  }
  if (fields["repository"] === undefined) {
    throw wrong("/repository", "expected the repository that the package is built from: without it, every repository is trusted to be it");
  }
  const { issuer, repository } = hosted(fields["repository"], "/repository");
  return {
    version: 1,
    name: `npm package ${name}, built from ${repository}`,
    signers: [{ issuer, claims: { sourceRepositoryURI: repository } }],
    require: [{ ...piece, source: { repository } }],
  };
}

/** What {@link npmRegistry} is asked. */
export interface NpmRegistryPolicy {
  /** The package's name, with its scope. */
  readonly package: string;
  /** The version, exactly, or a pattern by name; any unless stated. */
  readonly version?: Pattern;
}

/**
 * Trusts npm's own word that it published this package, signed by the keys of its registry ({@link npmKeys}). It says nothing of who built it: the provenance
 * beside it does ({@link npm}).
 *
 * @throws UsageError
 */
export function npmRegistry(argument: NpmRegistryPolicy): Policy {
  const fields = keysOf(argument, ["package", "version"]);
  const name = text(fields["package"], "/package", npmPackage, "the name of an npm package");
  const version = fields["version"] === undefined ? {} : { version: pattern(fields["version"], "/version") };
  return {
    version: 1,
    name: `npm package ${name}, published by npm's registry`,
    signers: npmKeys,
    require: [{ name: "publication", predicateType: npmPublish, package: { npm: name, ...version } }],
  };
}

/** What {@link cloudBuild} is asked. */
export interface CloudBuildPolicy {
  /** `owner/repository` on GitHub, or the URL of a repository on github.com or gitlab.com. */
  readonly repository: string;
  /** The path of the build's configuration in the repository; `cloudbuild.yaml` unless stated. */
  readonly config?: string;
  /** The lowest SLSA build level; none unless stated. */
  readonly level?: BuildLevel;
}

/**
 * Trusts SLSA provenance that Google Cloud Build signed for a build of this repository, by the steps that its configuration there says. Google signs for all its
 * customers, and no log has its signatures: somebody else may build the same commit in a project of theirs, with other substitutions.
 *
 * @throws UsageError
 */
export function cloudBuild(argument: CloudBuildPolicy): Policy {
  const fields = keysOf(argument, ["repository", "config", "level"]);
  const { repository } = hosted(fields["repository"], "/repository");
  const path = fields["config"] === undefined ? "cloudbuild.yaml" : text(fields["config"], "/config", filePath, "the path of a file in the repository");
  const level = fields["level"] === undefined ? {} : { level: buildLevel(fields["level"], "/level") };
  const builder = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
  return {
    version: 1,
    name: `built by Google Cloud Build from ${repository}`,
    signers: cloudBuildKeys,
    evidence: { logEntries: 0 },
    require: [
      {
        name: "provenance",
        predicateType: [provenanceV1, provenanceV01],
        builder: [builder, { glob: `${builder}@v*` }],
        source: { repository },
        config: { path },
        ...level,
      },
    ],
  };
}

/** What {@link pypi} is asked. */
export type PypiPolicy = {
  /** The project's name; spellings that PyPI takes for the same are the same. */
  readonly project: string;
  /** The version, exactly, or a pattern by name; any unless stated. */
  readonly version?: Pattern;
} & (
  | {
      /** `owner/repository` on GitHub. */
      readonly repository: string;
      /** The file name of the workflow that publishes. */
      readonly workflow: string;
      readonly publisher?: never;
    }
  | {
      /** The publisher, as PyPI's integrity API prints it. */
      readonly publisher: PypiPublisher;
      readonly repository?: never;
      readonly workflow?: never;
    }
);

/** A trusted publisher of a PyPI project. */
export type PypiPublisher =
  | { readonly kind: "GitHub"; readonly repository: string; readonly workflow: string }
  | { readonly kind: "GitLab"; readonly repository: string; readonly workflow_filepath: string }
  | { readonly kind: "Google"; readonly email: string };

/**
 * Trusts attestations about this PyPI project by its trusted publisher.
 *
 * @throws UsageError
 */
export function pypi(argument: PypiPolicy): Policy {
  const fields = keysOf(argument, ["project", "version", "repository", "workflow", "publisher"]);
  const project = text(fields["project"], "/project", pypiProject, "the name of a PyPI project");
  const normal = project.toLowerCase().replace(/[-_.]+/gu, "-");
  const version = fields["version"] === undefined ? {} : { version: pattern(fields["version"], "/version") };
  let signer: CertifiedSigner | ClaimedSigner;
  if (fields["publisher"] === undefined) {
    signer = gitHubPublisher(fields["repository"], fields["workflow"], "");
  } else {
    for (const key of ["repository", "workflow"]) {
      if (fields[key] !== undefined) throw wrong(`/${key}`, "the publisher says this: write one of the two");
    }
    signer = publisher(fields["publisher"]);
  }
  return {
    version: 1,
    name: `PyPI project ${normal}`,
    signers: [signer],
    require: [{ name: "publication", predicateType: [pypiPublish, provenanceV1], package: { pypi: normal, ...version } }],
  };
}

/** What {@link keyless} is asked. */
export interface KeylessPolicy {
  /** The OIDC issuer. */
  readonly issuer: Pattern;
  /** The certificate's subject: a workflow's URI or an e-mail address. */
  readonly identity: Pattern;
}

/**
 * Trusts any evidence whose certificate has this issuer and subject.
 *
 * @throws UsageError
 */
export function keyless(argument: KeylessPolicy): Policy {
  const fields = keysOf(argument, ["issuer", "identity"]);
  const [issuer, identity] = [particular(fields["issuer"], "/issuer"), particular(fields["identity"], "/identity")];
  return { version: 1, name: "signed by an identity", signers: [{ issuer, identity }] };
}

/** What {@link key} is asked. */
export interface KeyPolicy {
  /** The public key as PEM (SPKI or PKCS#1). */
  readonly pem: string;
  /** When the key may sign, both ends included, as RFC 3339. */
  readonly validFor?: NonNullable<PublicKeySigner["validFor"]>;
}

/**
 * Trusts any evidence that this key signed.
 *
 * @throws UsageError
 */
export function key(argument: KeyPolicy): Policy {
  const fields = keysOf(argument, ["pem", "validFor"]);
  const { pem } = fields;
  if (typeof pem !== "string" || !isPublicKey(pem)) {
    throw wrong("/pem", "expected one public key as PEM (-----BEGIN PUBLIC KEY-----)");
  }
  if (fields["validFor"] === undefined) return { version: 1, name: "signed by a key", signers: [{ publicKey: pem }] };
  const window = keysOf(fields["validFor"], ["start", "end"], "/validFor");
  const ends = Object.entries(window).map(([end, time]) => [end, text(time, `/validFor/${end}`, rfc3339, "a time as RFC 3339 writes it")]);
  return { version: 1, name: "signed by a key", signers: [{ publicKey: pem, validFor: Object.fromEntries(ends) as { start?: string } }] };
}

/** Every workflow and every pipeline that the two hosts vouch for. */
const anyRepository = [
  { issuer: gitHubIssuer, identity: { glob: "https://github.com/**" } },
  { issuer: gitLabIssuer, identity: { glob: "https://gitlab.com/**" } },
] as const;

const npmPackage = /^(?=.{1,214}$)(?:@[A-Za-z0-9~-][A-Za-z0-9._~-]*\/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$/u;
const pypiProject = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/u;
const filePath = /^(?!\/)[A-Za-z0-9._+/-]+$/u;
const email = /^[^\s@*?\p{Cc}]+@[^\s@*?\p{Cc}]+$/u;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/u;

function gitHubName(value: unknown, at: string): string {
  return text(value, at, gitHubRepository, "`owner/repository`, as GitHub spells it");
}

function workflowName(value: unknown, at: string): string {
  return text(value, at, workflowFile, "the file name of a workflow, such as `release.yml`, without its folder");
}

/**
 * A GitHub workflow at a reference. Without one, at any: `@refs/**` cannot be met by another file, for a workflow
 * lies directly in its folder, and a file called `release.yml@refs` with something below it would not.
 */
function workflowAt(uri: string, ref: Pattern | undefined): Pattern {
  if (typeof ref === "string") return `${uri}@${ref}`;
  return { glob: `${uri}@${ref !== undefined && "glob" in ref ? ref.glob : "refs/**"}` };
}

function reference(value: unknown, at: string): string | { readonly glob: string } {
  if (typeof value === "string") return text(value, at, gitReference, "a whole git reference such as `refs/heads/main`, or { glob }");
  const { glob } = keysOf(value, ["glob"], at);
  return { glob: text(glob, `${at}/glob`, /^refs\/(?:heads|tags|pull)\/[^\s~^:[\\@{}\p{Cc}]+$/u, "a glob such as `refs/tags/v*`") };
}

function id(value: unknown, at: string): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return String(value);
  return text(value, at, /^[1-9][0-9]*$/u, "a number as the platform's API prints it");
}

function buildLevel(value: unknown, at: string): BuildLevel {
  if (value === 1 || value === 2 || value === 3) return value;
  throw wrong(at, "expected a build level: 1, 2 or 3");
}

/** A repository on one of the two hosts whose pipelines npm takes provenance from. */
function hosted(value: unknown, at: string): { issuer: string; repository: string } {
  const expected = "`owner/repository` on GitHub, or the URL of a repository on github.com or gitlab.com";
  const address = text(value, at, /^[^\s]+$/u, expected);
  if (!address.includes(":"))
    return { issuer: gitHubIssuer, repository: `https://github.com/${text(address, at, gitHubRepository, expected)}` };
  const [, host, path] = /^https:\/\/(github|gitlab)\.com\/(.+)$/u.exec(address) ?? [];
  if (host === undefined || path === undefined) throw wrong(at, `expected ${expected}`);
  text(path, at, host === "github" ? gitHubRepository : gitLabProject, expected);
  return { issuer: host === "github" ? gitHubIssuer : gitLabIssuer, repository: address };
}

function gitHubPublisher(repository: unknown, workflow: unknown, at: string): ClaimedSigner {
  const uri = `https://github.com/${gitHubName(repository, `${at}/repository`)}`;
  const file = workflowName(workflow, `${at}/workflow`);
  const buildConfigURI = workflowAt(`${uri}/.github/workflows/${file}`, undefined);
  return { issuer: gitHubIssuer, claims: { sourceRepositoryURI: uri, buildConfigURI } };
}

function publisher(value: unknown): CertifiedSigner | ClaimedSigner {
  const at = "/publisher";
  const { kind } = keysOf(value, ["kind", "repository", "workflow", "workflow_filepath", "email"], at);
  switch (kind) {
    case "GitHub": {
      const fields = keysOf(value, ["kind", "repository", "workflow"], at);
      return gitHubPublisher(fields["repository"], fields["workflow"], at);
    }
    case "GitLab": {
      const fields = keysOf(value, ["kind", "repository", "workflow_filepath"], at);
      const repository = text(fields["repository"], `${at}/repository`, gitLabProject, "`group/project` on GitLab");
      const path = text(fields["workflow_filepath"], `${at}/workflow_filepath`, filePath, "the path of the pipeline's file");
      const uri = `https://gitlab.com/${repository}`;
      // A pipeline's file may lie anywhere, also in a folder whose name ends in `.yml@refs`: hence no second `@`.
      return {
        issuer: gitLabIssuer,
        claims: { sourceRepositoryURI: uri, buildConfigURI: { regex: `${escaped(`${uri}//${path}`)}@refs/[^@]+` } },
      };
    }
    case "Google": {
      const fields = keysOf(value, ["kind", "email"], at);
      return { issuer: "https://accounts.google.com", identity: text(fields["email"], `${at}/email`, email, "an e-mail address") };
    }
    default:
      throw wrong(`${at}/kind`, "expected GitHub, GitLab or Google");
  }
}

/** A pattern that does not match everything. */
function particular(value: unknown, at: string): Pattern {
  const made = pattern(value, at);
  if (typeof made === "string") return made;
  const [kind, source] = Object.entries(made)[0] as ["glob" | "regex", string];
  const all = kind === "glob" ? /^[*?]+$/u : /^\^?(?:\(\?s\))?(?:\.[*+]\??)+\$?$/u;
  if (all.test(source)) throw wrong(`${at}/${kind}`, "this matches everything");
  return made;
}
