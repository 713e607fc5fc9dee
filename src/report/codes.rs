//! Every stable code, for the snapshot that the TypeScript union is compared with. Removing or renaming one is a breaking
//! change.

use alloc::vec::Vec;

use serde::Serialize;

#[cfg(feature = "policy")]
use super::evaluation::Finding;
use super::registry::RegistryError;
use super::{CheckId, Note};
use crate::check::artifact::ArtifactError;
use crate::check::certificate_path::CertificatePathError;
use crate::check::checkpoint::CheckpointError;
use crate::check::inclusion_promise::InclusionPromiseError;
use crate::check::inclusion_proof::InclusionProofError;
use crate::check::log_binding::LogBindingError;
use crate::check::provenance_binding::ProvenanceBindingError;
use crate::check::sct::SctError;
use crate::check::signature::SignatureCheckError;
use crate::check::signing_time::SigningTimeError;
use crate::check::statement::StatementError;
use crate::check::timestamp::TimestampError;
use crate::check::{Coded, codes};
use crate::encoding::json::{JsonError, ShapeErrorKind};
use crate::format::bundle::BundleErrorKind;
use crate::policy::options::UsageError;
#[cfg(feature = "policy")]
use crate::policy::requirement::RequirementError;
use crate::policy::signer::SignerError;
use crate::policy::threshold::ThresholdError;

impl Coded for BundleErrorKind {
    codes!(BundleErrorKind {
        E::TooLarge { .. } => "bundle-too-large",
        E::Shape(ShapeErrorKind::Json(JsonError::DuplicateKey { .. }) | ShapeErrorKind::SpelledTwice { .. }) => "bundle-duplicate-key",
        E::Shape(ShapeErrorKind::Json(JsonError::TooDeep | JsonError::TooManyValues)) => "bundle-too-complex",
        E::Shape(ShapeErrorKind::Json(_)) => "bundle-malformed-json",
        E::Shape(ShapeErrorKind::WrongType { .. } | ShapeErrorKind::OtherText { .. }) => "bundle-wrong-type",
        E::Shape(ShapeErrorKind::Missing { .. }) => "bundle-missing-field",
        E::Shape(ShapeErrorKind::Base64) => "bundle-invalid-base64",
        E::Shape(ShapeErrorKind::Integer) => "bundle-invalid-integer",
        E::Shape(ShapeErrorKind::TooMany { .. }) => "bundle-too-many",
        E::Shape(ShapeErrorKind::Length { .. }) => "bundle-wrong-length",
        E::Shape(ShapeErrorKind::UnknownField { .. }) => "bundle-unknown-field",
        E::UnknownMediaType { .. } => "bundle-unknown-media-type",
        E::NoContent => "bundle-no-content",
        E::AmbiguousContent => "bundle-ambiguous-content",
        E::NoKeyMaterial => "bundle-no-key-material",
        E::AmbiguousKeyMaterial => "bundle-ambiguous-key-material",
        E::SignatureCount { .. } => "bundle-signature-count",
        E::EmptySignature => "bundle-empty-signature",
        E::ImagePayload(_) => "bundle-image-payload",
        E::MessageDigest => "bundle-message-digest",
        E::EmptyChain => "bundle-empty-chain",
        E::ChainNotAllowed => "bundle-chain-not-allowed",
        E::CertificateNotDefined { .. } => "bundle-certificate-not-defined",
        E::Certificate(_) => "bundle-chain-certificate",
        E::RootInChain => "bundle-root-in-chain",
        E::DuplicateCertificate => "bundle-duplicate-certificate",
        E::NoPromise => "bundle-no-promise",
        E::NoProof { .. } => "bundle-no-proof",
        E::NoCheckpoint { .. } => "bundle-no-checkpoint",
        E::DuplicateLogEntry => "bundle-duplicate-log-entry",
        E::KeyHint => "bundle-key-hint",
    });
}

/// A code, and what gives it: a check, `note`, `requirement`, `finding`, `registry` or `usage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CodeEntry {
    /// The check's name, `note`, `requirement`, `finding`, `registry` or `usage`.
    pub check: &'static str,
    /// The code.
    pub code: &'static str,
}

/// Every code that a report or an error of use can carry; [`crate::codes`] has those of comparisons too.
#[must_use]
pub fn codes() -> Vec<CodeEntry> {
    let of = |check: CheckId| -> &'static [&'static str] {
        match check {
            CheckId::Bundle => BundleErrorKind::CODES,
            CheckId::Checkpoint => CheckpointError::CODES,
            CheckId::InclusionProof => InclusionProofError::CODES,
            CheckId::InclusionPromise => InclusionPromiseError::CODES,
            CheckId::LogBinding => LogBindingError::CODES,
            CheckId::Timestamp => TimestampError::CODES,
            CheckId::SigningTime => SigningTimeError::CODES,
            CheckId::CertificatePath => CertificatePathError::CODES,
            CheckId::Sct => SctError::CODES,
            CheckId::Signature => SignatureCheckError::CODES,
            CheckId::Statement => StatementError::CODES,
            CheckId::ProvenanceBinding => ProvenanceBindingError::CODES,
            CheckId::Artifact => ArtifactError::CODES,
            CheckId::Signer => SignerError::CODES,
            CheckId::Threshold => ThresholdError::CODES,
        }
    };
    let checks = CheckId::ALL.into_iter().map(|check| (check.name(), of(check)));
    checks
        .chain([
            ("note", Note::CODES),
            #[cfg(feature = "policy")]
            ("requirement", RequirementError::CODES),
            #[cfg(feature = "policy")]
            ("finding", Finding::CODES),
            ("registry", RegistryError::CODES),
            ("usage", UsageError::CODES),
        ])
        .flat_map(|(check, codes)| codes.iter().map(move |code| CodeEntry { check, code }))
        .collect()
}
