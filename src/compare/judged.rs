//! What is summarised: a report, or an evaluation of several bundles by a policy, as a value or as JSON.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::digests;
use super::reported::{Matched, Reported, build_level};
use crate::check::Coded;
use crate::encoding::json::Node;
use crate::limits::{MAX_BUNDLES, MAX_REPORT_BYTES, MAX_REQUIREMENTS};
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError};
use crate::policy::requirement::Line;
use crate::report::Report;
use crate::report::evaluation::{Evaluation, EvaluationVerdict, MEDIA_TYPE};
use crate::report::wire::VERSION;

/// A verdict on one artifact by any number of bundles. Made of a [`Report`], an [`Evaluation`], or the JSON of either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub(super) passed: bool,
    pub(super) level: Option<u8>,
    pub(super) artifact: Option<Matched>,
    /// The bundles that verified; of a single report, the one, whether it did or not.
    pub(super) evidence: Vec<Reported>,
    /// The codes of all failures.
    pub(super) failures: Vec<String>,
    /// Of the library that judged.
    pub(super) version: String,
    /// SHA-256 of the policy, of an evaluation.
    pub(super) policy: Option<[u8; 32]>,
}

impl From<Reported> for Judged {
    fn from(report: Reported) -> Self {
        Self {
            passed: report.passed,
            level: report.level,
            artifact: report.artifact.clone(),
            failures: report.failures.clone(),
            version: report.version.clone(),
            policy: None,
            evidence: alloc::vec![report],
        }
    }
}

impl From<&Report> for Judged {
    fn from(report: &Report) -> Self {
        Reported::from(report).into()
    }
}

impl From<&Evaluation> for Judged {
    fn from(evaluation: &Evaluation) -> Self {
        let verdict = evaluation.verdict();
        let mut codes = Vec::new();
        evaluation.lines.iter().for_each(|line| unmet(line, &mut codes));
        let reports = evaluation.reports.iter().map(Reported::from).collect();
        Self::evaluated(verdict, evaluation.level, codes, reports, evaluation.policy_sha256, VERSION.to_owned())
    }
}

fn unmet(line: &Line, codes: &mut Vec<String>) {
    if !line.is_met {
        codes.extend(line.reasons.iter().map(|reason| reason.error.code().to_string()));
        line.parts.iter().for_each(|part| unmet(part, codes));
    }
}

impl Judged {
    /// Reads the JSON of a report or of an evaluation, by its media type. What it says is the caller's word; nothing is verified again.
    ///
    /// # Errors
    /// [`UsageError`] of code `invalid-report`, located.
    pub fn from_json(text: &str) -> Result<Self, UsageError> {
        Record::Report.read(text, MAX_REPORT_BYTES, |root| {
            let is_evaluation = root.member("mediaType").is_some_and(|node| node.string() == Ok(MEDIA_TYPE));
            if is_evaluation { Self::read(root) } else { Reported::read(root).map(Self::from) }
        })
    }

    fn read(root: &Node<'_, '_>) -> Result<Self, RecordError> {
        let mut fields = root.fields()?;
        let node = fields.required("verdict")?;
        let verdict = match node.string()? {
            "verified" => EvaluationVerdict::Verified,
            "excepted" => EvaluationVerdict::Excepted,
            "rejected" => EvaluationVerdict::Rejected,
            _ => return Err(RecordError::value(&node, "`verified`, `excepted` or `rejected`")),
        };
        let level = fields.optional("level")?.map(|node| build_level(&node)).transpose()?;
        let policy = fields.required("policy")?;
        let policy = digests::sha256_hex(&policy.fields()?.required("sha256")?)?;
        let mut codes = Vec::new();
        let lines = fields.required("requirements")?;
        for line in lines.items("requirements", MAX_REQUIREMENTS)? {
            read_unmet(&line, &mut codes)?;
        }
        let bundles = fields.required("bundles")?;
        let mut reports = Vec::new();
        for bundle in bundles.items("bundles", MAX_BUNDLES)? {
            reports.push(Reported::read(&bundle.fields()?.required("report")?)?);
        }
        let version = reports.first().map_or_else(|| VERSION.to_owned(), |report| report.version.clone());
        Ok(Self::evaluated(verdict, level, codes, reports, policy, version))
    }

    /// What an exception lets pass is not verified, and whoever reads the summary must not take it for that.
    fn evaluated(
        verdict: EvaluationVerdict,
        level: Option<u8>,
        codes: Vec<String>,
        reports: Vec<Reported>,
        policy: [u8; 32],
        version: String,
    ) -> Self {
        let evidence: Vec<_> = reports.into_iter().filter(|report| report.passed).collect();
        let excepted = (verdict == EvaluationVerdict::Excepted).then(|| "excepted".to_string());
        Self {
            passed: verdict == EvaluationVerdict::Verified,
            level,
            artifact: evidence.iter().find_map(|report| report.artifact.clone()),
            evidence,
            failures: excepted.into_iter().chain(codes).collect(),
            version,
            policy: Some(policy),
        }
    }
}

fn read_unmet(line: &Node<'_, '_>, codes: &mut Vec<String>) -> Result<(), RecordError> {
    let mut fields = line.fields()?;
    if fields.required("met")?.boolean()? {
        return Ok(());
    }
    if let Some(list) = fields.optional("failures")? {
        for failure in list.items("failures", usize::MAX)? {
            codes.push(failure.fields()?.required("code")?.string()?.to_owned());
        }
    }
    if let Some(parts) = fields.optional("parts")? {
        for part in parts.items("parts", MAX_REQUIREMENTS)? {
            read_unmet(&part, codes)?;
        }
    }
    Ok(())
}
