//! What is remembered of one version of a thing, for the next: trust on first use (slsa.dev `verifying-artifacts`, "Forming
//! expectations": remember the provenance of the first use, and alarm on change).

mod read;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::location;
use super::reported::{Reported, Signer};
use crate::format::fulcio::Claim;
use crate::format::provenance::{FactName, GitSource};
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError, RecordErrorKind};
use crate::time::UnixTime;

/// The media type of a baseline.
pub const MEDIA_TYPE: &str = "application/vnd.admissible.baseline.v1+json";

/// What one version of a thing was trusted for. Where a CA certified and the provenance claims one thing, it is what the CA
/// certified; ids of repository and owner are only that, unless a managed key signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    media_type: &'static str,
    pub(super) signer: BaselineSigner,
    pub(super) predicate_types: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) builder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) build_type: Option<String>,
    #[serde(skip_serializing_if = "Source::is_empty")]
    pub(super) source: Source,
    #[serde(skip_serializing_if = "Config::is_empty")]
    pub(super) config: Config,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trigger: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) runner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<u8>,
    /// The earliest attested time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signed: Option<UnixTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
}

/// Who signed: a certified identity, or a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BaselineSigner {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<String>,
    /// SHA-256 of the SPKI in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_key: Option<String>,
}

/// The source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner_id: Option<String>,
}

impl Source {
    fn is_empty(&self) -> bool {
        let Self { repository, repository_id, owner_id } = self;
        [repository, repository_id, owner_id].into_iter().all(Option::is_none)
    }
}

/// The build's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
}

impl Config {
    fn is_empty(&self) -> bool {
        self.path.is_none()
    }
}

impl Baseline {
    /// What to remember of a report.
    ///
    /// # Errors
    /// [`UsageError`] of code `invalid-report` when it did not pass: what did not verify must not become what is trusted.
    pub fn of(report: impl Into<Reported>) -> Result<Self, UsageError> {
        let report = report.into();
        if !report.passed {
            let error = RecordError::new("/verdict".into(), RecordErrorKind::NotPassed);
            return Err(error.of(Record::Report));
        }
        Ok(Self::remember(&report))
    }

    pub(super) fn remember(report: &Reported) -> Self {
        let fact = |name| report.provenance.as_ref().and_then(|told| told.fact(name));
        let value = |name| fact(name).map(|fact| fact.value.clone());
        let claim = |name| report.signer.as_ref().and_then(|signer| signer.claim(name));
        let owned = |text: &str| text.to_owned();
        let certified = claim(Claim::SourceRepositoryUri).map(|uri| GitSource::parse(uri).repository);
        let told = fact(FactName::SourceRepository);
        let told = told.map(|fact| fact.certified.clone().unwrap_or_else(|| GitSource::parse(&fact.value).repository));
        let repository = told.or_else(|| certified.clone());
        // Whoever signs could claim any id: under a certificate only what the CA certified of this very repository counts.
        let id = |name: FactName, by: Claim| match &report.signer {
            Some(Signer::Key { .. }) => value(name),
            _ => claim(by).filter(|_| repository == certified).map(owned),
        };
        let path = || path_in_certificate(claim(Claim::BuildConfigUri)?, claim(Claim::SourceRepositoryUri)?);
        Self {
            media_type: MEDIA_TYPE,
            signer: match report.signer.clone() {
                Some(Signer::Certified { identity, issuer, .. }) => {
                    BaselineSigner { identity: Some(identity), issuer, public_key: None }
                }
                Some(Signer::Key { sha256 }) => BaselineSigner { public_key: Some(sha256), ..Default::default() },
                None => BaselineSigner::default(),
            },
            predicate_types: report.predicate_type.iter().cloned().collect(),
            builder: value(FactName::Builder),
            build_type: value(FactName::BuildType),
            source: Source {
                repository_id: id(FactName::SourceRepositoryId, Claim::SourceRepositoryIdentifier),
                owner_id: id(FactName::SourceOwnerId, Claim::SourceRepositoryOwnerIdentifier),
                repository,
            },
            config: Config { path: value(FactName::ConfigPath).or_else(path) },
            trigger: claim(Claim::BuildTrigger)
                .or_else(|| claim(Claim::GithubWorkflowTrigger))
                .map(owned)
                .or_else(|| value(FactName::Trigger)),
            runner: claim(Claim::RunnerEnvironment).map(owned).or_else(|| value(FactName::Runner)),
            level: report.level,
            signed: report.signed,
            subject: report.artifact.as_ref().and_then(|artifact| artifact.name.clone()),
        }
    }

    /// The baseline as JSON text, to be kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn path_in_certificate(config: &str, repository: &str) -> Option<String> {
    location::path_in(config, repository).map(ToOwned::to_owned)
}
