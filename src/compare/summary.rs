//! A verification in the words of others: statements that a verifier may sign (SLSA's VSA v1, in-toto's SVR v0.2), and a line for a
//! file in which verifications are kept. Nothing here is signed, and the time is the caller's.

mod line;
mod options;
mod statement;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

pub use self::line::Line;
pub use self::options::SummaryOptions;
pub use self::statement::{Statement, Svr, Vsa};
use self::statement::{Subject, svr, vsa};
use super::digests::{DigestSet, set_of};
use super::reported::{Reported, Signer};
use crate::crypto::Digest;
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError, RecordErrorKind};

/// The media type of a summary.
pub const MEDIA_TYPE: &str = "application/vnd.admissible.summary.v1+json";

/// A verification, summarised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    media_type: &'static str,
    result: &'static str,
    vsa: Statement<Vsa>,
    svr: Statement<Svr>,
    markdown: Line,
    csv: Line,
}

impl Summary {
    /// `PASSED` or `FAILED`.
    #[must_use]
    pub fn result(&self) -> &'static str {
        self.result
    }

    /// The verification summary, to be signed.
    #[must_use]
    pub fn vsa(&self) -> &Statement<Vsa> {
        &self.vsa
    }

    /// The simple verification result, to be signed.
    #[must_use]
    pub fn svr(&self) -> &Statement<Svr> {
        &self.svr
    }

    /// The row of a Markdown table (GFM).
    #[must_use]
    pub fn markdown(&self) -> &Line {
        &self.markdown
    }

    /// The record of a CSV file (RFC 4180).
    #[must_use]
    pub fn csv(&self) -> &Line {
        &self.csv
    }

    /// The summary as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A verdict on one artifact by any number of bundles.
struct Judged {
    passed: bool,
    level: Option<u8>,
    subject: Subject,
    evidence: Vec<Evidence>,
    failures: Vec<String>,
    /// Of the library that judged.
    version: String,
}

/// One bundle, and by what it was judged.
struct Evidence {
    bundle: [u8; 32],
    trusted_root: Option<[u8; 32]>,
    signer: Option<Signer>,
    signed: Option<String>,
}

/// Summarises a report.
///
/// # Errors
/// [`UsageError`] of code `invalid-summary-options`: the artifact's digest is neither in the report nor in the options, or they
/// contradict each other.
pub fn summarize(report: impl Into<Reported>, options: &SummaryOptions) -> Result<Summary, UsageError> {
    let report = report.into();
    let subject = subject(&report, options).map_err(|error| error.of(Record::SummaryOptions))?;
    let judged = Judged {
        passed: report.passed,
        level: report.level,
        subject,
        evidence: alloc::vec![Evidence {
            bundle: report.bundle,
            trusted_root: report.trusted_root,
            signer: report.signer,
            signed: report.signed.map(|time| time.to_string()),
        }],
        failures: report.failures,
        version: report.version,
    };
    Ok(Summary {
        media_type: MEDIA_TYPE,
        result: judged.result(),
        vsa: vsa(&judged, options),
        svr: svr(&judged, options),
        markdown: line::markdown(&judged, options),
        csv: line::csv(&judged, options),
    })
}

impl Judged {
    fn result(&self) -> &'static str {
        if self.passed { "PASSED" } else { "FAILED" }
    }
}

/// The artifact: what the report verified, or the caller's word where it tells no digest.
fn subject(report: &Reported, options: &SummaryOptions) -> Result<Subject, RecordError> {
    let matched = report.artifact.as_ref();
    let name = matched.and_then(|artifact| artifact.name.clone());
    let digest = matched.and_then(|artifact| artifact.digest);
    let Some(given) = &options.subject else {
        let digest = digest.map(set_of);
        let digest = digest.ok_or(RecordError { at: String::new(), kind: RecordErrorKind::NoSubject })?;
        return Ok(Subject { name, digest });
    };
    let name = given.name.clone().or(name);
    match digest {
        Some(digest) if given.digest.get(digest.algorithm().name()) == Some(&digest.to_hex()) => {
            Ok(Subject { name, digest: set_of(digest) })
        }
        Some(_) => Err(RecordError { at: "/subject/digest".into(), kind: RecordErrorKind::SubjectDiffers }),
        None => Ok(Subject { name, digest: given.digest.clone() }),
    }
}

/// `sha256:…`
fn named(sha256: [u8; 32]) -> String {
    Digest::Sha256(sha256).to_string()
}

fn set(sha256: [u8; 32]) -> DigestSet {
    set_of(Digest::Sha256(sha256))
}
