//! Claim `signing-time`: at least one trusted party attested when the signature was there.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::inclusion_promise::PromisedEntry;
use super::log_binding::BoundEntry;
use super::timestamp::VerifiedTimestamp;
use super::{Coded, codes};
use crate::format::trusted_root::TrustedRoot;
use crate::limits::CLOCK_SKEW_MILLIS;
use crate::time::UnixTime;

/// Proof that trusted parties attested these times; never empty. The certificate must be valid at each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningTimes {
    times: Vec<SigningTime>,
}

/// One attested time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningTime {
    /// The instant.
    pub time: UnixTime,
    /// Who attested it.
    pub source: TimeSource,
    /// JSON pointer to the evidence in the bundle.
    pub at: String,
}

/// Who may attest a time. A checkpoint never does, and an integrated time only with its promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// A transparency log's inclusion promise.
    InclusionPromise,
    /// A timestamp authority.
    SignedTimestamp,
}

impl TimeSource {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InclusionPromise => "inclusion-promise",
            Self::SignedTimestamp => "signed-timestamp",
        }
    }
}

impl SigningTimes {
    /// The attested times.
    #[must_use]
    pub fn times(&self) -> &[SigningTime] {
        &self.times
    }
}

/// Why no time is attested.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningTimeError {
    /// Neither a promise of a log nor a timestamp of an authority that the root knows.
    Missing {
        /// Timestamps whose authority the root does not know.
        unknown_timestamps: usize,
        /// Promises whose log the root does not know.
        unknown_logs: usize,
        /// The latest time that these claim, which nobody attested.
        claimed: Option<UnixTime>,
        /// When the last of the root's logs and timestamp authorities stops being trusted; `None` while one is open.
        root_ends: Option<UnixTime>,
    },
    /// A time after the caller's `now`.
    InFuture {
        /// The attested time.
        time: UnixTime,
        /// The caller's.
        now: UnixTime,
    },
}

impl fmt::Display for SigningTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { unknown_timestamps: 0, unknown_logs: 0, .. } => {
                f.write_str("expected a time attested by a trusted log or timestamp authority, found none")
            }
            Self::Missing { unknown_timestamps, unknown_logs, .. } => write!(
                f,
                "expected a time attested by a trusted log or timestamp authority, found {unknown_timestamps} timestamps and {unknown_logs} log entries by parties that the trusted root does not know"
            ),
            Self::InFuture { time, now } => write!(f, "expected a signing time before now, {now}, found {time}"),
        }
    }
}

impl Coded for SigningTimeError {
    codes!(SigningTimeError {
        E::Missing { .. } => "signing-time-missing",
        E::InFuture { .. } => "signing-time-in-future",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { unknown_timestamps: 0, unknown_logs: 0, .. } => None,
            Self::Missing { claimed: Some(claimed), root_ends: Some(end), .. } if claimed > end => {
                Some(alloc::format!("your trusted root ends {end}, this bundle is from {claimed}: update the trusted root"))
            }
            Self::Missing { .. } => {
                Some("the trusted root may be older than the bundle, or of another Sigstore instance: update it or pass the right one".into())
            }
            Self::InFuture { .. } => Some("check the time that was passed as now".into()),
        }
    }
}

/// What was passed over on the way, for the error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Skipped {
    /// Timestamps whose authority the root does not know.
    pub timestamps: usize,
    /// Log entries whose log the root does not know.
    pub logs: usize,
    /// The latest time that these claim.
    pub claimed: Option<UnixTime>,
}

/// Collects the attested times: of promises only where the same entry is bound to this signature, of timestamps always, for they
/// are over the signature itself (client-spec §4.3). None may lie after `now`, when the caller gave one.
///
/// # Errors
/// [`SigningTimeError`].
#[inline(never)]
pub fn verify(
    promised: &[(&str, &PromisedEntry, &BoundEntry)],
    timestamps: &[(&str, &VerifiedTimestamp)],
    skipped: Skipped,
    root: &TrustedRoot,
    now: Option<UnixTime>,
) -> Result<SigningTimes, Vec<SigningTimeError>> {
    let promises = promised.iter().map(|(at, entry, _)| SigningTime {
        time: entry.integrated_time(),
        source: TimeSource::InclusionPromise,
        at: (*at).to_string(),
    });
    let stamps = timestamps.iter().map(|(at, timestamp)| SigningTime {
        time: timestamp.time(),
        source: TimeSource::SignedTimestamp,
        at: (*at).to_string(),
    });
    let times: Vec<SigningTime> = promises.chain(stamps).collect();
    if times.is_empty() {
        let authorities = root.timestamp_authorities.iter().map(|authority| authority.window.end);
        let mut ends = authorities.chain(root.transparency_logs.iter().map(|log| log.window.end));
        let root_ends = ends.try_fold(UnixTime::from_millis(i64::MIN), |newest, end| Some(newest.max(end?)));
        let Skipped { timestamps: unknown_timestamps, logs: unknown_logs, claimed } = skipped;
        return Err(alloc::vec![SigningTimeError::Missing { unknown_timestamps, unknown_logs, claimed, root_ends }]);
    }
    if let Some(now) = now {
        let latest = now.saturating_add_millis(CLOCK_SKEW_MILLIS);
        let future: Vec<_> = times
            .iter()
            .filter(|signing| signing.time > latest)
            .map(|signing| SigningTimeError::InFuture { time: signing.time, now })
            .collect();
        if !future.is_empty() {
            return Err(future);
        }
    }
    Ok(SigningTimes { times })
}
