//! A verification in the words of others: statements that a verifier may sign (SLSA's VSA v1, in-toto's SVR v0.2), and a line for a
//! file in which verifications are kept. Nothing here is signed, and the time is the caller's.

mod line;
mod options;
mod statement;

use alloc::string::{String, ToString};

use serde::Serialize;

pub use self::line::Line;
use self::options::PolicyReference;
pub use self::options::SummaryOptions;
pub use self::statement::{Statement, Svr, Vsa};
use self::statement::{Subject, svr, vsa};
use super::digests::{DigestSet, set_of};
use super::judged::Judged;
use super::reported::Matched;
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

/// What is said in each of these words.
struct Said {
    judged: Judged,
    subject: Subject,
    policy: PolicyReference,
}

/// Summarises a report, or an evaluation by a policy: whose digest is then the evaluation's.
///
/// # Errors
/// [`UsageError`] of code `invalid-summary-options`: the artifact's digest is neither in the report nor in the options, or they
/// contradict each other, or the options name another policy than the one that was judged by.
pub fn summarize(judged: impl Into<Judged>, options: &SummaryOptions) -> Result<Summary, UsageError> {
    let judged = judged.into();
    let of_options = |error: RecordError| error.of(Record::SummaryOptions);
    let subject = subject(judged.artifact.as_ref(), options).map_err(of_options)?;
    let policy = policy(judged.policy, options).map_err(of_options)?;
    let said = Said { judged, subject, policy };
    Ok(Summary {
        media_type: MEDIA_TYPE,
        result: said.result(),
        vsa: vsa(&said, options),
        svr: svr(&said, options),
        markdown: line::markdown(&said, options),
        csv: line::csv(&said, options),
    })
}

impl Said {
    fn result(&self) -> &'static str {
        if self.judged.passed { "PASSED" } else { "FAILED" }
    }
}

/// The policy: where the caller says that it lies, and the digest of the one that was judged by.
fn policy(judged_by: Option<[u8; 32]>, options: &SummaryOptions) -> Result<PolicyReference, RecordError> {
    let uri = options.policy.uri.clone();
    let Some(judged_by) = judged_by.map(set) else { return Ok(options.policy.clone()) };
    let differs = |given: &DigestSet| given.get("sha256") != judged_by.get("sha256");
    if options.policy.digest.as_ref().is_some_and(differs) {
        return Err(RecordError::new("/policy/digest".into(), RecordErrorKind::PolicyDiffers));
    }
    Ok(PolicyReference { uri, digest: Some(judged_by) })
}

/// The artifact: what the report verified, or the caller's word where it tells no digest.
fn subject(matched: Option<&Matched>, options: &SummaryOptions) -> Result<Subject, RecordError> {
    let name = matched.and_then(|artifact| artifact.name.clone());
    let digest = matched.and_then(|artifact| artifact.digest);
    let Some(given) = &options.subject else {
        let digest = digest.map(set_of);
        let digest = digest.ok_or(RecordError::new(String::new(), RecordErrorKind::NoSubject))?;
        return Ok(Subject { name, digest });
    };
    let name = given.name.clone().or(name);
    match digest {
        Some(digest) if given.digest.get(digest.algorithm().name()) == Some(&digest.to_hex()) => {
            Ok(Subject { name, digest: set_of(digest) })
        }
        Some(_) => Err(RecordError::new("/subject/digest".into(), RecordErrorKind::SubjectDiffers)),
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
