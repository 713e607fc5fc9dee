//! Floor 3: what happened. A [`Report`] has a field for every check, so that none can be forgotten, and says everything that is
//! wrong at once.

pub mod codes;
pub mod description;
#[cfg(feature = "policy")]
pub mod evaluation;
#[cfg(feature = "images")]
pub mod image;
pub mod note;
pub mod registry;
#[cfg(feature = "sources")]
pub mod source;
pub mod wire;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

pub use self::note::Note;
use crate::check::artifact::{ArtifactError, MatchedArtifact};
use crate::check::certificate_path::{CertificatePathError, VerifiedPath};
use crate::check::checkpoint::{CheckpointError, VerifiedCheckpoint};
use crate::check::inclusion_promise::{InclusionPromiseError, PromisedEntry};
use crate::check::inclusion_proof::{IncludedEntry, InclusionProofError};
use crate::check::log_binding::{BoundEntry, LogBindingError};
use crate::check::provenance_binding::{BoundProvenance, ComparedProvenance, ProvenanceBindingError};
use crate::check::sct::{SctError, VerifiedScts};
use crate::check::signature::{SignatureCheckError, VerifiedSignature};
use crate::check::signing_time::{SigningTimeError, SigningTimes};
use crate::check::statement::{StatementError, VerifiedStatement};
use crate::check::timestamp::{TimestampError, VerifiedTimestamp};
use crate::check::{Coded, Located};
use crate::format::bundle::{BundleErrorKind, BundleVersion};
use crate::format::predicate::Predicate;
use crate::policy::level::Level;
use crate::policy::signer::{MatchedSigner, SignerError};
use crate::policy::threshold::{Counted, ThresholdError};

/// A check, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckId {
    /// The bundle has its format's shape.
    Bundle,
    /// A trusted log signed the tree head.
    Checkpoint,
    /// The entry is in the tree.
    InclusionProof,
    /// The log promised to include the entry.
    InclusionPromise,
    /// The entry speaks of this signature.
    LogBinding,
    /// A timestamp authority stamped the signature.
    Timestamp,
    /// A trusted party attested when.
    SigningTime,
    /// The certificate leads to a trusted CA.
    CertificatePath,
    /// A CT log saw the certificate.
    Sct,
    /// The key signed the content.
    Signature,
    /// The payload is an in-toto statement.
    Statement,
    /// The provenance agrees with what the CA certified.
    ProvenanceBinding,
    /// The evidence is about the caller's artifact.
    Artifact,
    /// The signer is one that the caller trusts.
    Signer,
    /// Enough independent parties vouch.
    Threshold,
}

impl CheckId {
    /// Every check, in the order of a report.
    pub const ALL: [Self; 15] = [
        Self::Bundle,
        Self::Checkpoint,
        Self::InclusionProof,
        Self::InclusionPromise,
        Self::LogBinding,
        Self::Timestamp,
        Self::SigningTime,
        Self::CertificatePath,
        Self::Sct,
        Self::Signature,
        Self::Statement,
        Self::ProvenanceBinding,
        Self::Artifact,
        Self::Signer,
        Self::Threshold,
    ];

    /// The name as a value and a heading: `certificate-path`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::Checkpoint => "checkpoint",
            Self::InclusionProof => "inclusion-proof",
            Self::InclusionPromise => "inclusion-promise",
            Self::LogBinding => "log-binding",
            Self::Timestamp => "timestamp",
            Self::SigningTime => "signing-time",
            Self::CertificatePath => "certificate-path",
            Self::Sct => "sct",
            Self::Signature => "signature",
            Self::Statement => "statement",
            Self::ProvenanceBinding => "provenance-binding",
            Self::Artifact => "artifact",
            Self::Signer => "signer",
            Self::Threshold => "threshold",
        }
    }
}

/// What became of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T, E> {
    /// It holds; the proof says what was found.
    Passed(T),
    /// It does not hold, for all of these reasons.
    Failed(Vec<Located<E>>),
    /// It could not be made, because another check failed.
    Blocked {
        /// The other check.
        by: CheckId,
    },
    /// There is nothing to check.
    Absent,
}

impl<T, E> Outcome<T, E> {
    /// The proof, when the check holds.
    #[must_use]
    pub fn passed(&self) -> Option<&T> {
        match self {
            Self::Passed(proof) => Some(proof),
            _ => None,
        }
    }

    /// Whether the check holds.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed(_))
    }

    /// Whether the check stands in the way of a verdict: it failed, or could not be made.
    #[must_use]
    pub fn is_failed_or_blocked(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Blocked { .. })
    }
}

/// What a readable bundle consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFacts {
    /// The media type as written.
    pub media_type: String,
    /// The version.
    pub version: BundleVersion,
    /// What was signed: `dsse-envelope`, `message-signature` or `image-signature`.
    pub content: &'static str,
    /// Whether it holds an envelope.
    pub has_envelope: bool,
    /// How the signer is named.
    pub key_material: KeyMaterialKind,
    /// How many log entries it has.
    pub log_entries: usize,
    /// How many timestamps it has.
    pub timestamps: usize,
    /// JSON pointers to fields that this library does not know.
    pub unknown_fields: Vec<String>,
}

/// How a bundle names its signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMaterialKind {
    /// By a single certificate.
    Certificate,
    /// By a certificate chain.
    CertificateChain,
    /// By a hint at a public key.
    PublicKey,
}

/// What a report is about, by digest: whoever has the same bytes can make the same report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// SHA-256 of the bundle's bytes.
    pub bundle: [u8; 32],
    /// SHA-256 of the JSON text of the trusted root that judged, of its line where there are several; `None` where no root did.
    pub trusted_root: Option<[u8; 32]>,
}

/// A proof of each log entry or timestamp of the bundle.
pub type Each<T> = Vec<Located<T>>;

/// What happened when a bundle was inspected: one field for every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is about.
    pub inputs: Inputs,
    /// The bundle has its format's shape.
    pub bundle: Outcome<BundleFacts, BundleErrorKind>,
    /// A trusted log signed the tree heads.
    pub checkpoint: Outcome<Each<VerifiedCheckpoint>, CheckpointError>,
    /// The entries are in the trees.
    pub inclusion_proof: Outcome<Each<IncludedEntry>, InclusionProofError>,
    /// The logs promised to include the entries.
    pub inclusion_promise: Outcome<Each<PromisedEntry>, InclusionPromiseError>,
    /// The entries speak of this signature.
    pub log_binding: Outcome<Each<BoundEntry>, LogBindingError>,
    /// Timestamp authorities stamped the signature.
    pub timestamp: Outcome<Each<VerifiedTimestamp>, TimestampError>,
    /// A trusted party attested when.
    pub signing_time: Outcome<SigningTimes, SigningTimeError>,
    /// The certificate leads to a trusted CA.
    pub certificate_path: Outcome<VerifiedPath, CertificatePathError>,
    /// A CT log saw the certificate.
    pub sct: Outcome<VerifiedScts, SctError>,
    /// The key signed the content.
    pub signature: Outcome<VerifiedSignature, SignatureCheckError>,
    /// The payload is an in-toto statement.
    pub statement: Outcome<VerifiedStatement, StatementError>,
    /// The provenance agrees with what the CA certified.
    pub provenance_binding: Outcome<BoundProvenance, ProvenanceBindingError>,
    /// The evidence is about the caller's artifact.
    pub artifact: Outcome<MatchedArtifact, ArtifactError>,
    /// The signer is one that the caller trusts.
    pub signer: Outcome<MatchedSigner, SignerError>,
    /// Enough independent parties vouch.
    pub threshold: Outcome<Counted, ThresholdError>,
    /// The provenance in the statement, each fact beside what the CA certified; true only where `provenance_binding` passed.
    pub provenance: Option<ComparedProvenance>,
    /// The SLSA build level of the provenance, when the verdict is [`Verdict::Passed`].
    pub level: Option<Level>,
    /// What was passed over, and what is worth knowing.
    pub notes: Vec<Note>,
    /// Which of the trusted roots this is about, from 0.
    pub trusted_root: usize,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check that applies holds.
    Passed,
    /// Some check failed, could not be made, or is missing although it applies.
    Failed,
}

/// One reason why a report failed, for people and programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The check that failed.
    pub check: CheckId,
    /// The stable code.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
    /// JSON pointer into the bundle; empty for the whole.
    pub at: String,
    /// The next step, where there is one.
    pub hint: Option<String>,
}

impl Report {
    /// A report on bytes that cannot be read as a bundle: nothing else can be checked. `bundle` is their SHA-256.
    #[must_use]
    pub fn unreadable(bundle: [u8; 32], at: &str, kind: BundleErrorKind) -> Self {
        let by = CheckId::Bundle;
        Self {
            inputs: Inputs { bundle, trusted_root: None },
            bundle: Outcome::Failed(alloc::vec![Located::new(at, kind)]),
            checkpoint: Outcome::Blocked { by },
            inclusion_proof: Outcome::Blocked { by },
            inclusion_promise: Outcome::Blocked { by },
            log_binding: Outcome::Blocked { by },
            timestamp: Outcome::Blocked { by },
            signing_time: Outcome::Blocked { by },
            certificate_path: Outcome::Blocked { by },
            sct: Outcome::Blocked { by },
            signature: Outcome::Blocked { by },
            statement: Outcome::Blocked { by },
            provenance_binding: Outcome::Blocked { by },
            artifact: Outcome::Blocked { by },
            signer: Outcome::Blocked { by },
            threshold: Outcome::Blocked { by },
            provenance: None,
            level: None,
            notes: Vec::new(),
            trusted_root: 0,
        }
    }

    /// What the statement says about its subjects, when the payload is a statement that the signer signed. It is what the
    /// signer claims: the verdict does not depend on it.
    #[must_use]
    pub fn predicate(&self) -> Option<&Predicate> {
        self.statement.passed().map(|verified| &verified.statement().predicate)
    }

    /// The verdict. Nothing failed or blocked, and everything passed that this kind of bundle cannot do without: absence is
    /// only ever accepted where there is nothing to check. (Destructured without `..`: a new check does not compile until it
    /// is judged here.)
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let Self {
            inputs: _,
            bundle,
            checkpoint,
            inclusion_proof,
            inclusion_promise,
            log_binding,
            timestamp,
            signing_time,
            certificate_path,
            sct,
            signature,
            statement,
            provenance_binding,
            artifact,
            signer,
            threshold,
            provenance: _,
            level: _,
            notes: _,
            trusted_root: _,
        } = self;
        let Some(facts) = bundle.passed() else { return Verdict::Failed };
        let nothing_failed = !(checkpoint.is_failed_or_blocked()
            || inclusion_proof.is_failed_or_blocked()
            || inclusion_promise.is_failed_or_blocked()
            || log_binding.is_failed_or_blocked()
            || timestamp.is_failed_or_blocked()
            || signing_time.is_failed_or_blocked()
            || certificate_path.is_failed_or_blocked()
            || sct.is_failed_or_blocked()
            || statement.is_failed_or_blocked()
            || provenance_binding.is_failed_or_blocked());
        let essential = signature.is_passed() && artifact.is_passed() && signer.is_passed() && threshold.is_passed();
        let certified = match facts.key_material {
            KeyMaterialKind::PublicKey => true,
            KeyMaterialKind::Certificate | KeyMaterialKind::CertificateChain => {
                signing_time.is_passed() && certificate_path.is_passed()
            }
        };
        let stated = !facts.has_envelope || statement.is_passed();
        if nothing_failed && essential && certified && stated { Verdict::Passed } else { Verdict::Failed }
    }

    /// Every reason why this report failed, in the order of the checks; empty exactly when the verdict is
    /// [`Verdict::Passed`].
    #[must_use]
    pub fn failures(&self) -> Vec<Failure> {
        let mut failures = Vec::new();
        self.each_check(&mut |check, outcome| failures.extend(outcome.failures(check)));
        failures
    }

    /// Shows every check to `visit`, in order.
    pub fn each_check(&self, visit: &mut dyn FnMut(CheckId, &dyn AnyOutcome)) {
        for check in CheckId::ALL {
            let outcome: &dyn AnyOutcome = match check {
                CheckId::Bundle => &self.bundle,
                CheckId::Checkpoint => &self.checkpoint,
                CheckId::InclusionProof => &self.inclusion_proof,
                CheckId::InclusionPromise => &self.inclusion_promise,
                CheckId::LogBinding => &self.log_binding,
                CheckId::Timestamp => &self.timestamp,
                CheckId::SigningTime => &self.signing_time,
                CheckId::CertificatePath => &self.certificate_path,
                CheckId::Sct => &self.sct,
                CheckId::Signature => &self.signature,
                CheckId::Statement => &self.statement,
                CheckId::ProvenanceBinding => &self.provenance_binding,
                CheckId::Artifact => &self.artifact,
                CheckId::Signer => &self.signer,
                CheckId::Threshold => &self.threshold,
            };
            visit(check, outcome);
        }
    }

    /// One plain sentence: who signed when, or which checks failed.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.verdict() == Verdict::Failed {
            let mut names: Vec<_> = self.failures().iter().map(|failure| failure.check.name()).collect();
            names.dedup();
            return alloc::format!("not verified: {} failed", names.join(", "));
        }
        let by = match &self.certificate_path {
            Outcome::Passed(path) => crate::encoding::quoted::Quoted(&path.identity().value).to_string(),
            _ => "the given public key".to_string(),
        };
        let when = self.signing_time.passed().and_then(|times| times.times().first());
        let when = when.map(|signing| alloc::format!(" at {}", signing.time)).unwrap_or_default();
        match self.artifact.passed() {
            Some(MatchedArtifact::DangerouslyUnbound) => {
                alloc::format!("verified: signed by {by}{when}, bound to no artifact")
            }
            Some(matched) if matched.through().is_some() => {
                alloc::format!("verified: an index that lists this artifact was signed by {by}{when}")
            }
            _ => alloc::format!("verified: this artifact was signed by {by}{when}"),
        }
    }
}

/// An outcome of whatever check.
pub trait AnyOutcome {
    /// `passed`, `failed`, `blocked` or `absent`.
    fn status(&self) -> &'static str;
    /// The check that stands in the way, when blocked.
    fn blocked_by(&self) -> Option<CheckId>;
    /// Shows every reason to `visit`, when failed, with the JSON pointer to what it is about.
    fn each_reason(&self, visit: &mut dyn FnMut(&str, &dyn Reason));
}

impl<T, E: Coded> AnyOutcome for Outcome<T, E> {
    fn status(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "failed",
            Self::Blocked { .. } => "blocked",
            Self::Absent => "absent",
        }
    }

    fn blocked_by(&self) -> Option<CheckId> {
        match self {
            Self::Blocked { by } => Some(*by),
            _ => None,
        }
    }

    fn each_reason(&self, visit: &mut dyn FnMut(&str, &dyn Reason)) {
        if let Self::Failed(errors) = self {
            errors.iter().for_each(|Located { at, value }| visit(at, value));
        }
    }
}

impl dyn AnyOutcome + '_ {
    /// The reasons, when failed.
    #[must_use]
    pub fn failures(&self, check: CheckId) -> Vec<Failure> {
        let mut failures = Vec::new();
        self.each_reason(&mut |at, reason| {
            let (code, message) = (reason.stable_code(), reason.to_string());
            failures.push(Failure { check, code, message, at: at.to_string(), hint: reason.next_step() });
        });
        failures
    }
}

/// An error of whatever check: [`Coded`] without the list of its codes.
pub trait Reason: fmt::Display {
    /// [`Coded::code`].
    fn stable_code(&self) -> &'static str;
    /// [`Coded::hint`].
    fn next_step(&self) -> Option<String>;
}

impl<E: Coded> Reason for E {
    fn stable_code(&self) -> &'static str {
        self.code()
    }

    fn next_step(&self) -> Option<String> {
        self.hint()
    }
}
