//! Who writes provenance: the build type tells, and with it what the fields mean.

use super::FactName;

/// A family of producers whose predicates read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Producer {
    /// GitHub artifact attestations (actions/attest; actions/toolkit `packages/attest/src/provenance.ts`).
    GithubAttestations,
    /// The npm command line on GitHub Actions, and attestations by GitHub before they had a build type of their own
    /// (github-actions-buildtypes `workflow/v1`; npm/cli `libnpmpublish/lib/provenance.js`).
    NpmGithub,
    /// The npm command line on GitHub Actions, SLSA 0.2, last form: fields beyond its own are forged (slsa-verifier
    /// `verifiers/internal/gha`).
    NpmGithubV2,
    /// The npm command line on GitHub Actions before that.
    NpmGithubV0,
    /// The npm command line on GitLab CI.
    NpmGitlab,
    /// slsa-github-generator: generic, Go and container workflows (its `PROVENANCE_FORMAT.md`).
    SlsaGenerator,
    /// slsa-github-generator's delegators (BYOB): the builder is the workflow that delegated, and the delegator signed for it.
    SlsaDelegator,
    /// slsa-github-generator's container-based builder.
    SlsaContainerBased,
    /// Google Cloud Build.
    CloudBuild,
    /// The GitLab runner's own metadata.
    GitlabRunner,
    /// BuildKit (moby/buildkit `docs/attestations`).
    BuildKit,
    /// Tekton Chains.
    Tekton,
    /// Anyone else.
    Other,
}

impl Producer {
    /// The producer of this build type.
    #[must_use]
    pub fn of(build_type: &str, builder_id: &str) -> Self {
        const GENERATOR: &str = "https://github.com/slsa-framework/slsa-github-generator";
        match build_type {
            "https://actions.github.io/buildtypes/workflow/v1" => Self::GithubAttestations,
            "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1" => Self::NpmGithub,
            "https://github.com/npm/cli/gha/v2" => Self::NpmGithubV2,
            "https://slsa.dev/container-based-build/v0.1?draft" => Self::SlsaContainerBased,
            "https://mobyproject.org/buildkit@v1"
            | "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md" => Self::BuildKit,
            "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1" => Self::CloudBuild,
            _ if build_type.starts_with("https://github.com/npm/cli/gha@")
                || build_type.starts_with("https://github.com/npm/slsa-provenance/gha@") =>
            {
                Self::NpmGithubV0
            }
            _ if build_type.starts_with("https://github.com/npm/cli/gitlab/") => Self::NpmGitlab,
            _ if build_type.starts_with("https://cloudbuild.googleapis.com/") => Self::CloudBuild,
            _ if build_type.starts_with("https://gitlab.com/gitlab-org/gitlab-runner/") => Self::GitlabRunner,
            _ if build_type.starts_with("https://tekton.dev/") || build_type.starts_with("tekton.dev/") => Self::Tekton,
            _ => match build_type.strip_prefix(GENERATOR) {
                Some(rest) if rest.starts_with("/delegator-") => Self::SlsaDelegator,
                Some(rest) if rest.starts_with(['/', '@']) || rest.starts_with("-go@") => Self::SlsaGenerator,
                _ if builder_id.starts_with("https://cloudbuild.googleapis.com/") => Self::CloudBuild,
                _ => Self::Other,
            },
        }
    }

    /// Whether this producer writes about the very run that the CA certifies: such a fact must be what is certified. BuildKit,
    /// Tekton and Cloud Build describe a build inside or beside that run, which may be of another source; whoever signs it vouches
    /// for what it says, and the CA does not.
    #[must_use]
    pub fn describes_certified_run(self, name: FactName) -> bool {
        match self {
            Self::GithubAttestations
            | Self::NpmGithub
            | Self::NpmGithubV2
            | Self::NpmGithubV0
            | Self::NpmGitlab
            | Self::SlsaGenerator
            | Self::SlsaDelegator
            | Self::GitlabRunner => true,
            // Its configuration is that of the container build, not the workflow.
            Self::SlsaContainerBased => name != FactName::ConfigPath,
            Self::Other => !matches!(name, FactName::ConfigPath | FactName::ConfigUri | FactName::ConfigCommit),
            Self::CloudBuild | Self::BuildKit | Self::Tekton => name == FactName::Builder || name == FactName::Run,
        }
    }

    /// Whether the first dependency is the source itself.
    pub(super) fn source_is_first(self) -> bool {
        matches!(
            self,
            Self::GithubAttestations
                | Self::NpmGithub
                | Self::NpmGithubV2
                | Self::NpmGithubV0
                | Self::NpmGitlab
                | Self::SlsaGenerator
                | Self::SlsaDelegator
                | Self::SlsaContainerBased
                | Self::CloudBuild
                | Self::GitlabRunner
        )
    }
}
