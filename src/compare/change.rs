//! What changed between two versions of one thing.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::check::{Coded, codes};
use crate::encoding::quoted::Quoted;

/// The media type of a comparison of trust.
pub const MEDIA_TYPE: &str = "application/vnd.admissible.trust-comparison.v1+json";

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing changed.
    None,
    /// Worth knowing.
    Info,
    /// To be looked at before the new version is used.
    Warning,
    /// What the old version was trusted for does not hold for the new one.
    Critical,
}

impl Severity {
    /// The name in comparisons.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The new version does not verify.
    NotVerified,
    /// A certificate signed where a key did, or the reverse.
    SignerKind,
    /// Another identity, or another key, signed.
    Signer,
    /// Another issuer vouched for the signer.
    Issuer,
    /// The signer's ref is of another kind: a branch where there was a tag.
    RefKind,
    /// There is no provenance any more.
    ProvenanceLost,
    /// There is provenance now.
    ProvenanceGained,
    /// Evidence of a type is not there any more.
    PredicateTypeLost,
    /// The type of the evidence has another version.
    PredicateVersion,
    /// A repository of the old name, with another id: it was deleted and made anew, maybe by somebody else.
    RepositoryRecreated,
    /// The repository of the old id has another name.
    RepositoryMoved,
    /// Another repository.
    Repository,
    /// Another owner of the repository.
    Owner,
    /// Another workflow or build configuration.
    Workflow,
    /// Another builder.
    Builder,
    /// Another kind of build.
    BuildType,
    /// Another runner environment.
    Runner,
    /// Another event started the build.
    Trigger,
    /// A lower SLSA build level.
    LevelLowered,
    /// A higher SLSA build level.
    LevelRaised,
    /// Signed before the previous version.
    SignedEarlier,
    /// The evidence is about another package.
    Subject,
    /// Something that the previous version told is not told any more.
    FactLost {
        /// What.
        fact: &'static str,
    },
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub kind: ChangeKind,
    /// How much it matters.
    pub severity: Severity,
    /// What it was.
    pub previous: Option<String>,
    /// What it is.
    pub next: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let previous = Quoted(self.previous.as_deref().unwrap_or_default());
        let next = Quoted(self.next.as_deref().unwrap_or_default());
        let expected = match self.kind {
            ChangeKind::NotVerified => return write!(f, "expected a version that verifies, found {next}"),
            ChangeKind::SignerKind => "the signer",
            ChangeKind::Signer => "the signer",
            ChangeKind::Issuer => "the signer's issuer",
            ChangeKind::RefKind => "a ref of the kind of",
            ChangeKind::ProvenanceLost => return f.write_str("expected provenance, found none"),
            ChangeKind::ProvenanceGained => return f.write_str("expected no provenance, found some"),
            ChangeKind::PredicateTypeLost => return write!(f, "expected evidence of type {previous}, found none"),
            ChangeKind::PredicateVersion => "evidence of type",
            ChangeKind::RepositoryRecreated => {
                return write!(
                    f,
                    "expected the repository with the id {previous}, found another of its name, with the id {next}"
                );
            }
            ChangeKind::RepositoryMoved => {
                return write!(f, "expected the repository {previous}, found it under the name {next}");
            }
            ChangeKind::Repository => "the repository",
            ChangeKind::Owner => "the repository's owner, by id,",
            ChangeKind::Workflow => "the workflow",
            ChangeKind::Builder => "the builder",
            ChangeKind::BuildType => "the build type",
            ChangeKind::Runner => "the runner",
            ChangeKind::Trigger => "the trigger",
            ChangeKind::LevelLowered | ChangeKind::LevelRaised => "SLSA build level",
            ChangeKind::SignedEarlier => {
                return write!(f, "expected a signature after {previous}, found one of {next}");
            }
            ChangeKind::Subject => "the package",
            ChangeKind::FactLost { fact } => return write!(f, "expected the {fact} {previous}, found none"),
        };
        write!(f, "expected {expected} {previous}, found {next}")
    }
}

impl Coded for Change {
    codes!(Change {
        E { kind: ChangeKind::NotVerified, .. } => "next-not-verified",
        E { kind: ChangeKind::SignerKind, .. } => "signer-kind-changed",
        E { kind: ChangeKind::Signer, .. } => "signer-changed",
        E { kind: ChangeKind::Issuer, .. } => "issuer-changed",
        E { kind: ChangeKind::RefKind, .. } => "ref-kind-changed",
        E { kind: ChangeKind::ProvenanceLost, .. } => "provenance-lost",
        E { kind: ChangeKind::ProvenanceGained, .. } => "provenance-gained",
        E { kind: ChangeKind::PredicateTypeLost, .. } => "predicate-type-lost",
        E { kind: ChangeKind::PredicateVersion, .. } => "predicate-version-changed",
        E { kind: ChangeKind::RepositoryRecreated, .. } => "repository-recreated",
        E { kind: ChangeKind::RepositoryMoved, .. } => "repository-moved",
        E { kind: ChangeKind::Repository, .. } => "repository-changed",
        E { kind: ChangeKind::Owner, .. } => "owner-changed",
        E { kind: ChangeKind::Workflow, .. } => "workflow-changed",
        E { kind: ChangeKind::Builder, .. } => "builder-changed",
        E { kind: ChangeKind::BuildType, .. } => "build-type-changed",
        E { kind: ChangeKind::Runner, .. } => "runner-changed",
        E { kind: ChangeKind::Trigger, .. } => "trigger-changed",
        E { kind: ChangeKind::LevelLowered, .. } => "level-lowered",
        E { kind: ChangeKind::LevelRaised, .. } => "level-raised",
        E { kind: ChangeKind::SignedEarlier, .. } => "signed-earlier",
        E { kind: ChangeKind::Subject, .. } => "subject-changed",
        E { kind: ChangeKind::FactLost { .. }, .. } => "fact-lost",
    });
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 5)?;
        change.serialize_field("code", self.code())?;
        change.serialize_field("severity", &self.severity)?;
        change.serialize_field("message", &alloc::format!("{self}"))?;
        for (name, value) in [("previous", &self.previous), ("next", &self.next)] {
            match value {
                Some(value) => change.serialize_field(name, value)?,
                None => change.skip_field(name)?,
            }
        }
        change.end()
    }
}

/// Everything that changed, worst first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustComparison {
    changes: Vec<Change>,
}

impl TrustComparison {
    /// Puts the worst changes first, and leaves the others in the order of the comparison.
    pub(super) fn new(found: Vec<Change>) -> Self {
        let mut changes = Vec::<Change>::with_capacity(found.len());
        for change in found {
            changes.insert(changes.partition_point(|before| before.severity >= change.severity), change);
        }
        Self { changes }
    }

    /// Everything that changed, worst first.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// How much the worst change matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.changes.first().map_or(Severity::None, |change| change.severity)
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.changes.is_empty()
    }

    /// The comparison as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for TrustComparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut comparison = serializer.serialize_struct("TrustComparison", 4)?;
        comparison.serialize_field("mediaType", MEDIA_TYPE)?;
        comparison.serialize_field("same", &self.is_same())?;
        comparison.serialize_field("severity", &self.severity())?;
        comparison.serialize_field("changes", &self.changes)?;
        comparison.end()
    }
}
