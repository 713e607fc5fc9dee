//! What the CA certified about one fact, and whether two spellings of it are the same.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::{CertifiedFact, FactStatus};
use crate::format::fulcio::{Claim, Claims, Identity, IdentityKind};
use crate::format::provenance::{Fact, FactName, GitSource, Producer};

/// The issuer of GitHub Actions' tokens, whose certificates of 2022 name no host.
const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";
const GENERATOR_WORKFLOWS: &str = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";
const GITHUB_RUNNER: &str = "https://github.com/actions/runner/";

/// What came of comparing one fact.
pub(super) struct Comparison {
    pub(super) status: FactStatus,
    pub(super) certified: Option<CertifiedFact>,
}

impl Comparison {
    pub(super) const NOTHING_CERTIFIED: Self = Self { status: FactStatus::Claimed, certified: None };

    fn of(certified: (&'static str, String), agrees: bool) -> Self {
        let status = if agrees { FactStatus::Agrees } else { FactStatus::Disagrees };
        let (claim, value) = certified;
        Self { status, certified: Some(CertifiedFact { claim, value }) }
    }

    /// The CA certified something, but not about this.
    fn beside((claim, value): (&'static str, String)) -> Self {
        Self { status: FactStatus::Claimed, certified: Some(CertifiedFact { claim, value }) }
    }
}

/// Compares a fact with what the CA certified about it.
pub(super) fn compare(fact: &Fact, producer: Producer, claims: &Claims, identity: &Identity) -> Comparison {
    let value = fact.value.as_str();
    if fact.name == FactName::Builder {
        return builder(value, producer, claims, identity);
    }
    if !producer.describes_certified_run(fact.name) {
        return Comparison::NOTHING_CERTIFIED;
    }
    let Some(certified) = certified(fact.name, claims) else { return Comparison::NOTHING_CERTIFIED };
    match fact.name {
        // A build type that we do not know, or that is not of a CI run, may call anything a run.
        FactName::Run if !is_ci(producer) && !is_run(value) => Comparison::beside(certified),
        FactName::ConfigPath => {
            let agrees = is_path_of(value, &certified.1, claims);
            Comparison::of(certified, agrees)
        }
        // On pull requests the CI runs, and certifies, the merge commit, which no branch has; what was checked out may be the
        // commit that was merged (GitHub, "Events that trigger workflows", pull_request).
        FactName::SourceCommit if certified.1 != value && is_pull_request(claims) => Comparison::beside(certified),
        // npm, and GitHub's attestations while they had npm's build type, split `path@ref` at every `@` and keep the first two
        // parts: of a tag like `@acme/app@1.0.0` only `refs/tags/` is left (npm/cli `libnpmpublish/lib/provenance.js`).
        FactName::SourceRef
            if producer == Producer::NpmGithub && certified.1.split_once('@').is_some_and(|(cut, _)| cut == value) =>
        {
            Comparison::of(certified, true)
        }
        _ => {
            let agrees = same(fact.name, value, &certified.1);
            Comparison::of(certified, agrees)
        }
    }
}

/// The claim about a fact, in its new form or else in the one before 2023.
pub(super) fn certified(name: FactName, claims: &Claims) -> Option<(&'static str, String)> {
    let (new, old) = match name {
        FactName::SourceRepository => (Claim::SourceRepositoryUri, Some(Claim::GithubWorkflowRepository)),
        FactName::SourceRef => (Claim::SourceRepositoryRef, Some(Claim::GithubWorkflowRef)),
        FactName::SourceCommit => (Claim::SourceRepositoryDigest, Some(Claim::GithubWorkflowSha)),
        FactName::SourceRepositoryId => (Claim::SourceRepositoryIdentifier, None),
        FactName::SourceOwnerId => (Claim::SourceRepositoryOwnerIdentifier, None),
        FactName::ConfigPath | FactName::ConfigUri => (Claim::BuildConfigUri, None),
        FactName::ConfigCommit => (Claim::BuildConfigDigest, None),
        FactName::Trigger => (Claim::BuildTrigger, Some(Claim::GithubWorkflowTrigger)),
        FactName::Run => (Claim::RunInvocationUri, None),
        FactName::Runner => (Claim::RunnerEnvironment, None),
        FactName::Builder | FactName::BuildType | FactName::EntryPoint | FactName::Started | FactName::Finished => {
            return None;
        }
    };
    if let Some(value) = claims.get(new) {
        let value =
            if name == FactName::SourceRepository { GitSource::parse(value).repository } else { value.to_owned() };
        return Some((new.name(), value));
    }
    let old = old?;
    let value = claims.get(old)?;
    let is_repository = old == Claim::GithubWorkflowRepository && claims.issuer() == Some(GITHUB_ISSUER);
    let value = if is_repository { alloc::format!("https://github.com/{value}") } else { value.to_owned() };
    Some((old.name(), value))
}

/// The workflow that signed.
fn signer_workflow<'c>(claims: &'c Claims, identity: &'c Identity) -> Option<(&'static str, &'c str)> {
    let is_github = identity.kind == IdentityKind::Uri && claims.issuer() == Some(GITHUB_ISSUER);
    let certified = claims.get(Claim::BuildSignerUri).map(|value| (Claim::BuildSignerUri.name(), value));
    certified.or_else(|| is_github.then_some(("identity", identity.value.as_str())))
}

/// A builder is what the CA certified where its id names a workflow, a run or a runner; other ids are names that the signer gives
/// to its builder, for which the policy says who may use them.
fn builder(value: &str, producer: Producer, claims: &Claims, identity: &Identity) -> Comparison {
    let claim = |claim: Claim| Some((claim.name(), claims.get(claim)?.to_owned()));
    let workflow = signer_workflow(claims, identity).map(|(claim, value)| (claim, value.to_owned()));
    match workflow {
        Some(certified) if certified.1 == value => return Comparison::of(certified, true),
        Some(certified) if producer == Producer::GithubAttestations => return Comparison::of(certified, false),
        // A delegator signs for the workflow that called it, and checks who that was (BYOB design).
        Some(certified) if producer == Producer::SlsaDelegator && is_delegator(&certified.1) => {
            return Comparison::beside(certified);
        }
        _ => {}
    }
    if let (Some(environment), Some(certified)) = (value.strip_prefix(GITHUB_RUNNER), claim(Claim::RunnerEnvironment)) {
        let agrees = environment == certified.1;
        return Comparison::of(certified, agrees);
    }
    if let (true, Some(certified)) = (is_run(value), claim(Claim::RunInvocationUri)) {
        let agrees = same(FactName::Run, value, &certified.1);
        return Comparison::of(certified, agrees);
    }
    if let (Some((project, _)), Some(certified)) = (value.split_once("/-/runners/"), claim(Claim::SourceRepositoryUri))
    {
        // The project is certified; which of its runners it was is not.
        return if project == certified.1 { Comparison::beside(certified) } else { Comparison::of(certified, false) };
    }
    match workflow {
        Some(certified) if value.contains("/.github/workflows/") => Comparison::of(certified, false),
        Some(certified) => Comparison::beside(certified),
        None => Comparison::NOTHING_CERTIFIED,
    }
}

fn is_ci(producer: Producer) -> bool {
    !matches!(producer, Producer::Other | Producer::BuildKit | Producer::Tekton | Producer::CloudBuild)
}

fn is_run(text: &str) -> bool {
    text.contains("/actions/runs/") || text.contains("/-/jobs/")
}

fn is_delegator(workflow: &str) -> bool {
    workflow.strip_prefix(GENERATOR_WORKFLOWS).is_some_and(|file| file.starts_with("delegator_"))
}

fn is_pull_request(claims: &Claims) -> bool {
    let trigger = claims.get(Claim::BuildTrigger).or_else(|| claims.get(Claim::GithubWorkflowTrigger));
    let git_ref = claims.get(Claim::SourceRepositoryRef).or_else(|| claims.get(Claim::GithubWorkflowRef));
    let number = |text| str::strip_prefix(text, "refs/pull/")?.strip_suffix("/merge");
    let is_merge = |text| {
        number(text).is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    trigger == Some("pull_request") && git_ref.is_some_and(is_merge)
}

/// Whether a path is that of the certified configuration, `https://host/owner/repository/path@ref`. A producer that cuts at the first
/// `@` and one that cuts at the last are both right: either may be part of a path.
fn is_path_of(path: &str, config: &str, claims: &Claims) -> bool {
    let Some((_, file)) = config.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else { return false };
    let cuts = |file: &str| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('@'));
    let repository = certified(FactName::SourceRepository, claims);
    let repository = repository.as_ref().and_then(|(_, uri)| config.strip_prefix(uri.as_str()));
    // GitLab writes `//` between project and path.
    let in_repository =
        repository.and_then(|rest| rest.strip_prefix('/')).map(|rest| rest.strip_prefix('/').unwrap_or(rest));
    in_repository.is_some_and(cuts) || cuts(file)
}

/// Whether two texts are the same fact in two spellings.
pub(super) fn same(name: FactName, one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let either = |accept: &dyn Fn(&str, &str) -> bool| accept(one, other) || accept(other, one);
    match name {
        // `owner/repository` and its location; `owner/repository/path@ref` likewise. One location in another is neither.
        FactName::SourceRepository | FactName::ConfigUri => either(&|short, long| {
            let path = long.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map(|(_, path)| path);
            path == Some(short) && !short.contains(':')
        }),
        // A branch or tag by its short name. A branch may itself be called `refs/tags/v1`, which is not that tag.
        FactName::SourceRef => either(&|short, long| {
            let name = long.strip_prefix("refs/heads/").or_else(|| long.strip_prefix("refs/tags/"));
            name == Some(short) && !short.starts_with("refs/")
        }),
        // The number of a run, with or without its attempt, and its location; the number of a GitLab job, and its location.
        FactName::Run => either(&|short, long| {
            if let Some((_, job)) = long.split_once("/-/jobs/") {
                return short == job;
            }
            let Some((_, run)) = long.split_once("/actions/runs/") else { return false };
            let Some((number, attempt)) = run.split_once("/attempts/") else { return false };
            match short.split_once("/actions/runs/") {
                Some(_) => long.strip_suffix(attempt).and_then(|rest| rest.strip_suffix("/attempts/")) == Some(short),
                None => short.split_once('-').map_or(short == number, |(n, a)| n == number && a == attempt),
            }
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_fact_are_the_same_and_no_others() {
        let run = "https://github.com/a/b/actions/runs/42/attempts/3";
        for (name, one, other, expected) in [
            (FactName::SourceRepository, "a/b", "https://github.com/a/b", true),
            (FactName::SourceRepository, "b", "https://github.com/a/b", false),
            (FactName::SourceRepository, "a/b", "https://github.com/x/a/b", false),
            (FactName::SourceRepository, "https://github.com/a/b", "https://evil.test/https://github.com/a/b", false),
            (
                FactName::ConfigUri,
                "a/b/.github/workflows/w.yml@refs/heads/m",
                "https://github.com/a/b/.github/workflows/w.yml@refs/heads/m",
                true,
            ),
            (
                FactName::ConfigUri,
                "a/b/.github/workflows/w.yml@refs/heads/m",
                "https://github.com/a/b/.github/workflows/w.yml@refs/heads/main",
                false,
            ),
            (FactName::SourceRef, "main", "refs/heads/main", true),
            (FactName::SourceRef, "refs/heads/main", "refs/tags/main", false),
            (FactName::SourceRef, "refs/tags/v1", "refs/heads/refs/tags/v1", false),
            (FactName::Run, "42-3", run, true),
            (FactName::Run, run, "42", true),
            (FactName::Run, "42-2", run, false),
            (FactName::Run, "2-3", run, false),
            (FactName::Run, "https://github.com/a/b/actions/runs/42", run, true),
            (FactName::Run, "https://github.com/a/b/actions/runs/4", run, false),
            (FactName::Run, "https://github.com/x/b/actions/runs/42", run, false),
            (FactName::Run, "42", "https://gitlab.com/a/b/-/jobs/42", true),
            (FactName::Run, "4", "https://gitlab.com/a/b/-/jobs/42", false),
            (FactName::Run, "https://gitlab.com/a/c/-/jobs/42", "https://gitlab.com/a/b/-/jobs/42", false),
            (FactName::Trigger, "push", "pull", false),
        ] {
            assert_eq!(same(name, one, other), expected, "{one} {other}");
            assert_eq!(same(name, other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn paths_are_whole() {
        let claims = Claims::default();
        let config = "https://github.com/a/b/.github/workflows/w@1.yml@refs/heads/m@n";
        for (path, expected) in [
            ("a/b/.github/workflows/w", true),
            ("a/b/.github/workflows/w@1.yml", true),
            ("a/b/.github/workflows/", false),
            ("a/b/.github/workflows/w@1", false),
            (".github/workflows/w@1.yml", false),
            ("", false),
        ] {
            assert_eq!(is_path_of(path, config, &claims), expected, "{path}");
        }
    }
}
