import type { ClaimName } from "../options.js";
import type { FactName, Provenance, ProvenanceLevel } from "../provenance.js";
import type { CertificatePathEvidence, PassedReport } from "../report.js";
import { configFile, type ConfigFile } from "./links.js";

/** Something that is said, and whether by somebody else than the signer too. */
export interface Said {
  readonly value: string;
  readonly certified: boolean;
}

/** What a verified bundle says of a build. */
export interface Build {
  /** Whether it has provenance; without, what is here is what the CA certified of the run that signed. */
  readonly attested: boolean;
  readonly repository?: Said;
  readonly ref?: Said;
  readonly commit?: Said;
  /** The path of the workflow. */
  readonly workflow?: Said;
  /** Where that is, at which commit; as the CA certified it. */
  readonly file?: { readonly at: ConfigFile; readonly commit: string };
  readonly trigger?: Said;
  readonly run?: Said;
  readonly builder?: Said;
  readonly buildType?: Said;
  readonly level?: ProvenanceLevel;
  /** As the builder wrote them. */
  readonly started?: string;
  readonly finished?: string;
  /** What builds there, for people. */
  readonly platform?: string;
}

/** What runs builds and has the CA certify them, by the issuer of their identities. */
const platforms: Readonly<Record<string, string>> = {
  "https://token.actions.githubusercontent.com": "GitHub Actions",
  "https://gitlab.com": "GitLab CI/CD",
};

/** What is known of a build. */
export function buildOf({ checks, provenance }: PassedReport): Build {
  const path = checks.certificatePath.status === "passed" ? checks.certificatePath.evidence : undefined;
  const platform = path?.issuer !== undefined && Object.hasOwn(platforms, path.issuer) ? platforms[path.issuer] : undefined;
  const build = provenance === undefined ? ofRun(path) : ofProvenance(provenance, path);
  return platform === undefined ? build : { ...build, platform };
}

/** The CA certified the run, not that anything was built. */
function ofRun(path: CertificatePathEvidence | undefined): Build {
  const claim = (key: keyof Build, name: ClaimName): Partial<Build> => said(key, path?.claims[name], true);
  const file = fileOf(path);
  return {
    attested: false,
    ...claim("repository", "sourceRepositoryURI"),
    ...claim("ref", "sourceRepositoryRef"),
    ...claim("commit", "sourceRepositoryDigest"),
    ...claim("trigger", "buildTrigger"),
    ...claim("run", "runInvocationURI"),
    ...(file !== undefined && { workflow: { value: file.at.path, certified: true }, file }),
  };
}

function ofProvenance({ source = {}, config = {}, facts, level, started, finished, ...view }: Provenance, path: CertificatePathEvidence | undefined): Build {
  // The view has the spelling that is certified; where several places say it, one that agrees is enough, for none disagrees.
  const certified = (name: FactName, value: string | undefined): boolean => facts.some((fact) => fact.name === name && fact.status === "agrees" && fact.value === value);
  const fact = (key: keyof Build, name: FactName, value: string | undefined): Partial<Build> => said(key, value, certified(name, value));
  const isOfRun = certified("sourceRepository", source.repository);
  const located = fileOf(path);
  const file = located !== undefined && isOfRun && (config.path ?? located.at.path) === located.at.path ? located : undefined;
  const isCertified = config.path !== undefined && certified("configPath", config.path);
  const workflow =
    file === undefined ? said("workflow", config.path ?? config.entryPoint, isCertified) : { workflow: { value: file.at.path, certified: true }, file };
  return {
    attested: true,
    ...fact("repository", "sourceRepository", source.repository),
    ...fact("ref", "sourceRef", source.ref),
    ...fact("commit", "sourceCommit", source.commit),
    ...workflow,
    ...fact("trigger", "trigger", view.trigger),
    ...fact("run", "run", view.run),
    ...fact("builder", "builder", view.builder?.id),
    ...fact("buildType", "buildType", view.buildType),
    ...(level !== undefined && { level }),
    ...(started !== undefined && { started }),
    ...(finished !== undefined && { finished }),
  };
}

function said(key: keyof Build, value: string | undefined, certified: boolean): Partial<Build> {
  return value === undefined ? {} : { [key]: { value, certified } };
}

function fileOf(path: CertificatePathEvidence | undefined): Build["file"] {
  const { buildConfigURI, buildConfigDigest } = path?.claims ?? {};
  const at = buildConfigURI === undefined ? undefined : configFile(buildConfigURI);
  return at === undefined || buildConfigDigest === undefined ? undefined : { at, commit: buildConfigDigest };
}
