//! Requirement `threshold`: enough independent parties vouch for the evidence.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::check::{Coded, codes};
use crate::format::checkpoint::WitnessKey;

/// How many parties must vouch. Each number counts independent parties: two entries of one log, two timestamps of one
/// authority, or two logs of one operator are one.
#[derive(Clone, Debug)]
pub struct Requirements {
    /// Transparency logs that include the entry.
    pub log_entries: usize,
    /// Certificate transparency logs that saw the certificate; not asked of managed keys.
    pub scts: usize,
    /// Timestamp authorities.
    pub signed_timestamps: usize,
    /// Whether an inclusion promise counts as an entry although no proof shows that it was kept.
    pub promise_only: bool,
    /// Witnesses whose cosignatures are verified.
    pub witnesses: Vec<WitnessKey>,
    /// How many of them must have cosigned the checkpoint of one entry.
    pub witness_threshold: usize,
}

/// One log entry, one SCT, no timestamp, no witnesses: what the public-good instance gives every signature.
impl Default for Requirements {
    fn default() -> Self {
        Self {
            log_entries: 1,
            scts: 1,
            signed_timestamps: 0,
            promise_only: false,
            witnesses: Vec::new(),
            witness_threshold: 0,
        }
    }
}

/// How many parties were found to vouch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Logs that include the entry, or have promised to where that is enough.
    pub log_entries: usize,
    /// Logs with a promise but no proof, counted or not.
    pub promised_only: usize,
    /// CT logs.
    pub scts: usize,
    /// Timestamp authorities.
    pub signed_timestamps: usize,
    /// Witnesses of the entry's checkpoint; of the best one, where there are several.
    pub witnesses: usize,
}

/// Which requirement is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThresholdError {
    /// Too few logs.
    LogEntries {
        /// How many are asked for.
        required: usize,
        /// How many there are.
        found: usize,
    },
    /// Enough logs have promised, but too few prove it.
    PromiseOnly,
    /// Too few CT logs.
    Scts {
        /// How many are asked for.
        required: usize,
        /// How many there are.
        found: usize,
    },
    /// Too few timestamp authorities.
    SignedTimestamps {
        /// How many are asked for.
        required: usize,
        /// How many there are.
        found: usize,
    },
    /// Too few witnesses.
    Witnesses {
        /// How many are asked for.
        required: usize,
        /// How many there are.
        found: usize,
    },
}

impl fmt::Display for ThresholdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogEntries { required, found } => {
                write!(f, "expected entries of {required} independent transparency logs, found {found}")
            }
            Self::PromiseOnly => {
                f.write_str("expected an inclusion proof with a checkpoint, found only an inclusion promise")
            }
            Self::Scts { required, found } => {
                write!(f, "expected signed certificate timestamps of {required} independent logs, found {found}")
            }
            Self::SignedTimestamps { required, found } => {
                write!(f, "expected timestamps of {required} independent authorities, found {found}")
            }
            Self::Witnesses { required, found } => {
                write!(f, "expected cosignatures of {required} witnesses, found {found}")
            }
        }
    }
}

impl Coded for ThresholdError {
    codes!(ThresholdError {
        E::LogEntries { .. } => "threshold-log-entries",
        E::PromiseOnly => "threshold-promise-only",
        E::Scts { .. } => "threshold-scts",
        E::SignedTimestamps { .. } => "threshold-signed-timestamps",
        E::Witnesses { .. } => "threshold-witnesses",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::PromiseOnly => {
                Some("old bundles have no proof: require { promiseOnly: true } accepts the log's word alone".into())
            }
            _ => None,
        }
    }
}

impl Requirements {
    /// Whether enough parties vouch. SCTs are asked for only where there is a certificate.
    ///
    /// # Errors
    /// Every requirement that is not met.
    #[inline(never)]
    pub fn evaluate(&self, counted: Counted, has_certificate: bool) -> Result<Counted, Vec<ThresholdError>> {
        let mut errors = Vec::new();
        let (required, found) = (self.log_entries, counted.log_entries);
        if found < required {
            // Where promises count, they are among those found.
            if !self.promise_only && found.saturating_add(counted.promised_only) >= required {
                errors.push(ThresholdError::PromiseOnly);
            } else {
                errors.push(ThresholdError::LogEntries { required, found });
            }
        }
        let (required, found) = (self.scts, counted.scts);
        if has_certificate && found < required {
            errors.push(ThresholdError::Scts { required, found });
        }
        let (required, found) = (self.signed_timestamps, counted.signed_timestamps);
        if found < required {
            errors.push(ThresholdError::SignedTimestamps { required, found });
        }
        let (required, found) = (self.witness_threshold, counted.witnesses);
        if found < required {
            errors.push(ThresholdError::Witnesses { required, found });
        }
        if errors.is_empty() { Ok(counted) } else { Err(errors) }
    }
}
