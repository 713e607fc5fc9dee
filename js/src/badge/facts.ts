import { printable } from "../printable.js";
import type { PassedReport } from "../report.js";
import type { Build, Said } from "./build.js";
import { algorithmText, commitText, digestText, isByKey, repositoryText, signerText, type Context } from "./context.js";
import { commitLink, fileLink, logLink, repositoryLink, runLink } from "./links.js";
import type { BadgeFact, BadgeFactKey, BadgeLine } from "./model.js";
import type { ClaimParts } from "./strings.js";

/** What a verified bundle establishes. */
export function factsOf(report: PassedReport, build: Build, isSignedByRegistry: boolean, context: Context): BadgeFact[] {
  const { words, link } = context;
  const { checks } = report;
  const { repository, ref, commit, workflow, file, run, level } = build;
  const facts: BadgeFact[] = [];
  const add = (key: BadgeFactKey, value: string, certified: boolean, href?: string): void => {
    facts.push({ key, label: words.fact[key], value, ...(certified && link(href)), certified });
  };
  const tell = (key: BadgeFactKey, what: Said | undefined, href?: string): void => {
    if (what !== undefined) add(key, printable(what.value), what.certified, href);
  };
  if (repository !== undefined) add("source", repositoryText(repository.value), repository.certified, repositoryLink(repository.value));
  tell("commit", commit, repository?.certified === true && commit !== undefined ? commitLink(repository.value, commit.value) : undefined);
  tell("ref", ref);
  tell("workflow", workflow, file && fileLink(file.at, file.commit));
  tell("trigger", build.trigger);
  tell("run", run, run && runLink(run.value));
  tell("builder", build.builder);
  tell("buildType", build.buildType);
  // Which kind of statement it is: that one verified is not that another would.
  if (checks.statement.status === "passed" && !build.attested) add("statement", printable(checks.statement.evidence.predicateType), false);
  add("signer", signerText(report, context), true);
  if (checks.certificatePath.status === "passed" && !isByKey(checks.signer)) {
    const { issuer } = checks.certificatePath.evidence;
    if (issuer !== undefined) add("issuer", printable(issuer), true);
  }
  // Level 1 takes the signer's word that there was a build; what is above, the table gives for who signed.
  if (level !== undefined) add("level", words.value.level(level.build, printable(level.why)), level.build > 1);
  for (const value of signed(report, context)) add("signed", value, true);
  if (checks.logBinding.status === "passed") {
    for (const { log, logIndex } of checks.logBinding.evidence) add("log", words.value.entry(printable(logIndex), printable(log)), true, logLink(log, logIndex));
  }
  if (isSignedByRegistry) add("registry", words.value.signedByRegistry, true);
  if (checks.artifact.status === "passed" && !("dangerouslyUnbound" in checks.artifact.evidence)) {
    const { algorithm, digest, listed } = checks.artifact.evidence;
    if (listed !== undefined) add("digest", printable(`${listed.algorithm}:${listed.digest}`), true);
    else if (algorithm !== undefined && digest !== undefined) add("digest", printable(`${algorithm}:${digest}`), true);
  }
  return facts;
}

/** Each time at which it was signed, by whose word. */
function signed({ checks }: PassedReport, { words, time }: Context): string[] {
  if (checks.signingTime.status !== "passed") return [];
  return checks.signingTime.evidence.map(({ time: at, source, at: place }) => {
    if (source === "inclusion-promise") {
      const promises = checks.inclusionPromise.status === "passed" ? checks.inclusionPromise.evidence : [];
      return words.value.byLog(time(at), printable(promises.find((promise) => promise.at === place)?.log ?? ""));
    }
    const stamps = checks.timestamp.status === "passed" ? checks.timestamp.evidence : [];
    return words.value.byAuthority(time(at), printable(stamps.find((stamp) => stamp.at === place)?.authority ?? ""));
  });
}

/** What is known, in one sentence. */
export function claimOf(report: PassedReport, build: Build, context: Context): string {
  const { claim } = context.words;
  const signer = signerText(report, context);
  const parts = certifiedParts(build);
  if (!build.attested) return parts === undefined ? claim.signed(signer) : claim.signedByRun(parts);
  if (parts !== undefined) return claim.built(parts);
  return build.repository === undefined ? claim.builtSomehow(signer) : claim.saidBuilt(repositoryText(build.repository.value), signer);
}

/** What of a claim is certified; nothing where the source is not. */
function certifiedParts({ repository, commit, workflow, platform }: Build): ClaimParts | undefined {
  if (repository?.certified !== true) return undefined;
  return {
    source: repositoryText(repository.value),
    ...(commit?.certified === true && { commit: commitText(commit.value) }),
    ...(workflow?.certified === true && { workflow: printable(workflow.value.replace(/^.*\//su, "")) }),
    ...(platform !== undefined && { platform }),
  };
}

/** Whether this is the artifact that was signed. */
export function integrityOf({ checks: { artifact } }: PassedReport, { words: { integrity } }: Context): BadgeLine {
  if (artifact.status !== "passed") return { state: "unknown", text: integrity.unknown };
  if ("dangerouslyUnbound" in artifact.evidence) return { state: "absent", text: integrity.unbound };
  const { algorithm, digest, listed } = artifact.evidence;
  if (listed !== undefined) return { state: "verified", text: integrity.listed(algorithmText(listed.algorithm), digestText(listed.digest)) };
  if (algorithm === undefined || digest === undefined) return { state: "verified", text: integrity.bytes };
  return { state: "verified", text: integrity.digest(algorithmText(algorithm), digestText(digest)) };
}

/** Whether it is known how it was built. */
export function provenanceOf(build: Build, { words: { provenance } }: Context): BadgeLine {
  if (!build.attested) return { state: "absent", text: provenance.absent };
  const { repository, builder } = build;
  const source = repository === undefined ? provenance.unnamed : repositoryText(repository.value);
  const by = build.platform !== undefined && repository?.certified === true ? build.platform : builder === undefined ? provenance.unnamed : printable(builder.value);
  return repository?.certified === true ? { state: "verified", text: provenance.certified(source, by) } : { state: "claimed", text: provenance.claimed(source, by) };
}
