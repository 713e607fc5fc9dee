import type { PassedReport } from "admissible/slim";
import type { Trust } from "./trust.js";

/** Whom a visitor trusts who says that the signer of this bundle is the expected one: as narrow as a form can say it. */
export function expected(report: PassedReport): Trust | undefined {
  const { certificatePath, statement } = report.checks;
  if (certificatePath.status !== "passed") return undefined;
  const { identity, issuer, claims } = certificatePath.evidence;
  const source = claims.sourceRepositoryURI;
  const { predicateType = "", subjects = [] } = statement.status === "passed" ? statement.evidence : {};
  const isProvenance = predicateType.startsWith("https://slsa.dev/provenance/");
  const [, encoded] = /^pkg:npm\/((?:%40[^/@]+\/)?[^/@]+)@[^/@]+$/u.exec(subjects[0]?.name ?? "") ?? [];
  const hosted = source !== undefined && /^https:\/\/(?:github|gitlab)\.com\//u.test(source);
  if (isProvenance && encoded !== undefined && hosted) {
    return { kind: "npm", fields: { package: encoded.replace(/^%40/u, "@"), repository: source.replace(/^https:\/\/github\.com\//u, "") } };
  }
  const [, repository] = /^https:\/\/github\.com\/([^/]+\/[^/]+)$/u.exec(source ?? "") ?? [];
  const [, workflow] = /\/\.github\/workflows\/([^/@]+\.ya?ml)@/u.exec(claims.buildConfigURI ?? "") ?? [];
  const isByGitHub = predicateType === "https://slsa.dev/provenance/v1" && issuer === "https://token.actions.githubusercontent.com";
  if (isByGitHub && repository !== undefined && workflow !== undefined) {
    return { kind: "github", fields: { repository, workflow } };
  }
  if (issuer === undefined) return undefined;
  // With a star in it, the form would take it for a pattern.
  return identity.value.includes("*") || issuer.includes("*") ? undefined : { kind: "keyless", fields: { identity: identity.value, issuer } };
}
