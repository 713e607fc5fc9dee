//! What a report tells besides verdicts: what was passed over, and why it could be.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::check::statement::VerifiedStatement;
use crate::check::{Coded, codes};
use crate::crypto::KeyError;
use crate::encoding::hex;
use crate::encoding::json::ShapeError;
use crate::encoding::quoted::Quoted;
use crate::format::predicate::Predicate;
use crate::format::provenance::ProvenanceVersion;

/// Something worth knowing that decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A log entry of a log that the trusted root does not know was passed over.
    UnknownLog {
        /// JSON pointer into the bundle.
        at: String,
        /// The log's id.
        log_id: Vec<u8>,
    },
    /// A log entry of a kind that cannot be bound to a signature was passed over, for others could.
    UnsupportedLogEntry {
        /// JSON pointer into the bundle.
        at: String,
        /// Kind and version.
        kind: String,
    },
    /// A timestamp of an authority that the trusted root does not know was passed over.
    UnknownTimestampAuthority {
        /// JSON pointer into the bundle.
        at: String,
    },
    /// An SCT of a CT log that the trusted root does not know was passed over.
    UnknownCtLog {
        /// The log's id.
        log_id: [u8; 32],
    },
    /// An inclusion proof without checkpoint, in a bundle of version 0.1, proves nothing and was passed over.
    ProofWithoutCheckpoint {
        /// JSON pointer into the bundle.
        at: String,
    },
    /// A root at the end of the bundle's certificate chain was passed over.
    SuperfluousRoot {
        /// JSON pointer into the bundle.
        at: String,
    },
    /// A Rekor v2 body was logged in another spelling than the canonical one.
    LogBodyNotCanonical {
        /// JSON pointer into the bundle.
        at: String,
    },
    /// The signature uses a hash that is not registered for its key, but that older clients used.
    CompatibilityAlgorithm {
        /// The algorithm.
        algorithm: &'static str,
    },
    /// The identity has characters outside ASCII, which may look like others.
    IdentityNotAscii,
    /// The statement's predicate is of a type that this library does not know: the envelope is verified, what it says is not
    /// looked at.
    PredicateOpaque {
        /// The type.
        predicate_type: String,
    },
    /// The statement's predicate has not the shape of its type. (Of SLSA provenance that is a failing check.)
    PredicateMalformed(ShapeError),
    /// An authority of the trusted root cannot be used here and was passed over.
    SkippedAuthority {
        /// JSON pointer into the trusted root.
        at: String,
        /// Why.
        reason: KeyError,
    },
}

impl Note {
    /// What there is to note about the predicate of a statement.
    #[must_use]
    pub fn on_predicate(verified: &VerifiedStatement) -> Option<Self> {
        let statement = verified.statement();
        let is_provenance = ProvenanceVersion::from_predicate_type(&statement.predicate_type).is_some();
        match &statement.predicate {
            Predicate::Opaque => Some(Self::PredicateOpaque { predicate_type: statement.predicate_type.clone() }),
            Predicate::Malformed(error) if !is_provenance => Some(Self::PredicateMalformed(error.clone())),
            _ => None,
        }
    }

    /// JSON pointer to what the note is about, into the bundle unless the sentence says otherwise; empty when it has none.
    #[must_use]
    pub fn at(&self) -> &str {
        match self {
            Self::UnknownLog { at, .. }
            | Self::UnsupportedLogEntry { at, .. }
            | Self::UnknownTimestampAuthority { at }
            | Self::ProofWithoutCheckpoint { at }
            | Self::SuperfluousRoot { at }
            | Self::LogBodyNotCanonical { at }
            | Self::SkippedAuthority { at, .. } => at,
            Self::PredicateMalformed(error) => &error.at,
            Self::UnknownCtLog { .. }
            | Self::CompatibilityAlgorithm { .. }
            | Self::IdentityNotAscii
            | Self::PredicateOpaque { .. } => "",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownLog { log_id, .. } => write!(
                f,
                "passed over an entry of the log {}, which the trusted root does not know",
                Quoted(&hex::encode(log_id))
            ),
            Self::UnsupportedLogEntry { kind, .. } => {
                write!(f, "passed over a log entry of kind {}, which cannot be bound to a signature", Quoted(kind))
            }
            Self::UnknownTimestampAuthority { .. } => {
                f.write_str("passed over a timestamp of an authority that the trusted root does not know")
            }
            Self::UnknownCtLog { log_id } => write!(
                f,
                "passed over a certificate timestamp of the CT log {}, which the trusted root does not know",
                hex::encode(log_id)
            ),
            Self::ProofWithoutCheckpoint { .. } => {
                f.write_str("passed over an inclusion proof without checkpoint: it proves nothing")
            }
            Self::SuperfluousRoot { .. } => {
                f.write_str("passed over the root in the bundle's chain: only the trusted root says what to trust")
            }
            Self::LogBodyNotCanonical { .. } => f.write_str("the log entry is not in its canonical form"),
            Self::CompatibilityAlgorithm { algorithm } => {
                write!(f, "the signature uses {algorithm}, an older pairing of key and hash")
            }
            Self::IdentityNotAscii => {
                f.write_str("the identity has characters outside ASCII, which may look like others")
            }
            Self::PredicateOpaque { predicate_type } => write!(
                f,
                "the envelope is verified; what it says is not looked at, for its type {} is not known here",
                Quoted(predicate_type)
            ),
            Self::PredicateMalformed(error) => {
                write!(f, "the predicate has not the shape of its type: {error} (the pointer is into the statement)")
            }
            Self::SkippedAuthority { reason, .. } => {
                write!(f, "passed over an authority of the trusted root: {reason}")
            }
        }
    }
}

impl Coded for Note {
    codes!(Note {
        E::UnknownLog { .. } => "unknown-log",
        E::UnsupportedLogEntry { .. } => "unsupported-log-entry",
        E::UnknownTimestampAuthority { .. } => "unknown-timestamp-authority",
        E::UnknownCtLog { .. } => "unknown-ct-log",
        E::ProofWithoutCheckpoint { .. } => "proof-without-checkpoint",
        E::SuperfluousRoot { .. } => "superfluous-root",
        E::LogBodyNotCanonical { .. } => "log-body-not-canonical",
        E::CompatibilityAlgorithm { .. } => "compatibility-algorithm",
        E::IdentityNotAscii => "identity-not-ascii",
        E::PredicateOpaque { .. } => "predicate-opaque",
        E::PredicateMalformed(_) => "predicate-malformed",
        E::SkippedAuthority { .. } => "skipped-authority",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownLog { .. } | Self::UnknownTimestampAuthority { .. } => {
                Some("a newer trusted root, or that of another instance, may know it".to_string())
            }
            _ => None,
        }
    }
}
