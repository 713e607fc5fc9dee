//! What a report tells that comparisons look at, whether it came as a value or as JSON.

mod read;

pub(super) use self::read::{build_level, text};

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::check::artifact::MatchedArtifact;
use crate::check::provenance_binding::{ComparedFact, FactStatus};
use crate::crypto::Digest;
use crate::encoding::hex;
use crate::format::fulcio::Claim;
use crate::format::provenance::{FactName, Resource};
use crate::report::wire::VERSION;
use crate::report::{Outcome, Report, Verdict};
use crate::time::UnixTime;

/// The members of a report that comparisons need. Made of a [`Report`], or of its JSON: both give the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    pub(super) passed: bool,
    /// The codes of all failures.
    pub(super) failures: Vec<String>,
    /// The version of the library that made the report.
    pub(super) version: String,
    pub(super) bundle: [u8; 32],
    pub(super) trusted_root: Option<[u8; 32]>,
    pub(super) signer: Option<Signer>,
    /// The earliest attested time.
    pub(super) signed: Option<UnixTime>,
    pub(super) predicate_type: Option<String>,
    /// Only of a report that passed.
    pub(super) provenance: Option<Told>,
    pub(super) level: Option<u8>,
    pub(super) artifact: Option<Matched>,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signer {
    /// Whom a CA certified.
    Certified { identity: String, issuer: Option<String>, claims: Vec<(Claim, String)> },
    /// A managed key, by the SHA-256 of its SPKI in hexadecimal.
    Key { sha256: String },
}

impl Signer {
    /// A claim of the certificate.
    pub(super) fn claim(&self, name: Claim) -> Option<&str> {
        let Self::Certified { claims, .. } = self else { return None };
        claims.iter().find(|(claim, _)| *claim == name).map(|(_, value)| value.as_str())
    }
}

/// What bound provenance tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) facts: Vec<ToldFact>,
    pub(super) dependencies: Vec<Resource>,
}

/// One fact of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ToldFact {
    pub(super) name: FactName,
    pub(super) value: String,
    /// What the CA certified, where it certified the same.
    pub(super) certified: Option<String>,
}

impl Told {
    /// The fact that speaks for this name: a certified one before others.
    pub(super) fn fact(&self, name: FactName) -> Option<&ToldFact> {
        let of_name = || self.facts.iter().filter(move |fact| fact.name == name);
        of_name().find(|fact| fact.certified.is_some()).or_else(|| of_name().next())
    }
}

/// The artifact that the evidence is about: the image, where it is about an index that lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) name: Option<String>,
    pub(super) digest: Option<Digest>,
}

impl From<&Report> for Reported {
    fn from(report: &Report) -> Self {
        let passed = report.verdict() == Verdict::Passed;
        let signer = match (&report.certificate_path, report.signature.passed()) {
            (Outcome::Passed(path), _) => Some(Signer::Certified {
                identity: path.identity().value.clone(),
                issuer: path.claims().issuer().map(ToOwned::to_owned),
                claims: path.claims().iter().map(|(claim, value)| (claim, value.to_owned())).collect(),
            }),
            (Outcome::Absent, Some(signature)) => Some(Signer::Key { sha256: hex::encode(signature.key_sha256()) }),
            _ => None,
        };
        let provenance = report.provenance.as_ref().filter(|_| passed).map(|compared| Told {
            facts: compared.facts().iter().map(ToldFact::from).collect(),
            dependencies: compared.provenance().dependencies.clone(),
        });
        let artifact = report.artifact.passed().and_then(|matched| {
            let (name, digest) = match matched {
                MatchedArtifact::Signed { digest, .. } => (None, *digest),
                MatchedArtifact::Subject { name, digest, .. } => (name.clone(), Some(*digest)),
                MatchedArtifact::Image { reference, digest, .. } => (Some(reference.clone()), Some(*digest)),
                MatchedArtifact::DangerouslyUnbound => return None,
            };
            Some(Matched { name, digest: matched.through().map(|membership| *membership.image()).or(digest) })
        });
        Self {
            passed,
            failures: report.failures().iter().map(|failure| failure.code.to_string()).collect(),
            version: VERSION.to_owned(),
            bundle: report.inputs.bundle,
            trusted_root: report.inputs.trusted_root,
            signer,
            signed: report
                .signing_time
                .passed()
                .and_then(|times| times.times().iter().map(|signing| signing.time).min()),
            predicate_type: report.statement.passed().map(|verified| verified.statement().predicate_type.clone()),
            provenance,
            level: report.level.as_ref().map(|level| level.build),
            artifact,
        }
    }
}

impl From<&ComparedFact> for ToldFact {
    fn from(ComparedFact { fact, status, certified }: &ComparedFact) -> Self {
        let certified = certified.as_ref().filter(|_| *status == FactStatus::Agrees);
        Self {
            name: fact.name,
            value: fact.value.clone(),
            certified: certified.map(|certified| certified.value.clone()),
        }
    }
}
