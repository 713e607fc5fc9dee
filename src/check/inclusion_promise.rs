//! Claim `inclusion-promise`: the log promised to include this entry, at this time (the signed entry timestamp, SET).

use alloc::string::String;
use core::fmt;

use super::{Coded, codes};
use crate::crypto::{Message, VerifySignature};
use crate::encoding::quoted::Quoted;
use crate::encoding::{base64, hex};
use crate::format::log_body::is_rekor_v2;
use crate::format::log_entry::LogEntry;
use crate::format::trusted_root::TransparencyLog;
use crate::time::{UnixTime, Window};

/// Proof that a trusted log signed body, index and integrated time of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromisedEntry {
    integrated_time: UnixTime,
    host: String,
}

impl PromisedEntry {
    /// When the log says it integrated the entry.
    #[must_use]
    pub fn integrated_time(&self) -> UnixTime {
        self.integrated_time
    }

    /// The log's host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// Why a promise does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InclusionPromiseError {
    /// A promise in an entry of Rekor v2, which makes none.
    InRekorV2,
    /// A promise without the time that it is about.
    NoIntegratedTime,
    /// The promise is not by this log over this entry.
    SignatureInvalid {
        /// The log's host.
        host: String,
    },
    /// The log's key was not trusted at that time.
    OutsideLogWindow {
        /// The integrated time.
        time: UnixTime,
        /// When the key was trusted.
        window: Window,
    },
}

impl fmt::Display for InclusionPromiseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InRekorV2 => f.write_str("expected no inclusion promise in an entry of Rekor v2, found one"),
            Self::NoIntegratedTime => f.write_str("expected an integrated time with the inclusion promise, found none"),
            Self::SignatureInvalid { host } => {
                write!(f, "expected a valid promise of the log {} over this entry, found an invalid one", Quoted(host))
            }
            Self::OutsideLogWindow { time, window } => {
                write!(f, "expected an integrated time while the log's key was trusted, {window}, found {time}")
            }
        }
    }
}

impl Coded for InclusionPromiseError {
    codes!(InclusionPromiseError {
        E::InRekorV2 => "inclusion-promise-in-rekor-v2",
        E::NoIntegratedTime => "inclusion-promise-without-time",
        E::SignatureInvalid { .. } => "inclusion-promise-signature-invalid",
        E::OutsideLogWindow { .. } => "inclusion-promise-outside-log-window",
    });
}

/// Verifies the signed entry timestamp of `entry` (rekor-spec, "Signed Entry Timestamp"): over the canonical JSON of body,
/// integrated time, log id and global index. Only then is the integrated time a time.
///
/// # Errors
/// [`InclusionPromiseError`].
#[inline(never)]
pub fn verify(
    entry: &LogEntry,
    promise: &[u8],
    log: &TransparencyLog,
    door: &dyn VerifySignature,
) -> Result<PromisedEntry, InclusionPromiseError> {
    if is_rekor_v2(&entry.kind, &entry.version) {
        return Err(InclusionPromiseError::InRekorV2);
    }
    let integrated_time = entry.integrated_time.ok_or(InclusionPromiseError::NoIntegratedTime)?;
    let message = alloc::format!(
        r#"{{"body":"{}","integratedTime":{},"logID":"{}","logIndex":{}}}"#,
        base64::encode(&entry.body),
        entry.integrated_seconds,
        hex::encode(&entry.log_id),
        entry.log_index
    );
    door.verify(&log.key, log.scheme, Message::Bytes(message.as_bytes()), promise)
        .map_err(|_| InclusionPromiseError::SignatureInvalid { host: log.host.clone() })?;
    if !log.window.contains(integrated_time) {
        return Err(InclusionPromiseError::OutsideLogWindow { time: integrated_time, window: log.window });
    }
    Ok(PromisedEntry { integrated_time, host: log.host.clone() })
}
