//! Comparisons of documents that a caller kept as JSON text: what wasm and the command line call. An error's pointer begins with
//! the name of the document that it is about, where there are two.

use super::baseline::{self, Baseline};
use super::change::TrustComparison;
use super::inputs::{InputComparison, UsedInputs, compare_inputs as compare_inputs_of};
use super::judged::Judged;
use super::reported::Reported;
use super::summary::{Summary, SummaryOptions, summarize as summarize_judged};
use super::trust::compare_trust as compare_trust_of;
use crate::limits::MAX_REPORT_BYTES;
use crate::policy::options::UsageError;
use crate::policy::record::Record;

/// What to remember of a report.
///
/// # Errors
/// [`UsageError`]: no report, or one that did not pass.
pub fn baseline(report: &str) -> Result<Baseline, UsageError> {
    Baseline::of(Reported::from_json(report)?)
}

/// Compares a baseline, or the report of a previous version, with a report.
///
/// # Errors
/// [`UsageError`]: `previous` is neither or did not pass, or `next` is no report.
pub fn compare_trust(previous: &str, next: &str) -> Result<TrustComparison, UsageError> {
    let previous = remembered(previous).map_err(within("/previous"))?;
    let next = Reported::from_json(next).map_err(within("/next"))?;
    Ok(compare_trust_of(&previous, next))
}

/// Compares what the provenance of a report records with what was used.
///
/// # Errors
/// [`UsageError`]: no report that passed and tells of provenance, or `used` is wrong.
pub fn compare_inputs(report: &str, used: &str) -> Result<InputComparison, UsageError> {
    let used = UsedInputs::from_json(used).map_err(within("/used"))?;
    let report = Reported::from_json(report).map_err(within("/report"))?;
    compare_inputs_of(report, &used).map_err(within("/report"))
}

/// Summarises a report, or an evaluation.
///
/// # Errors
/// [`UsageError`]: neither, or options that are wrong.
pub fn summarize(report: &str, options: &str) -> Result<Summary, UsageError> {
    let options = SummaryOptions::from_json(options).map_err(within("/options"))?;
    let judged = Judged::from_json(report).map_err(within("/report"))?;
    summarize_judged(judged, &options).map_err(within("/options"))
}

/// A baseline, or what a report gives for one: by media type.
fn remembered(text: &str) -> Result<Baseline, UsageError> {
    Record::Report.read(text, MAX_REPORT_BYTES, |root| {
        let media_type = root.member("mediaType");
        Ok(if media_type.is_some_and(|node| node.string() == Ok(baseline::MEDIA_TYPE)) {
            Baseline::read(root).map_err(|error| error.of(Record::Baseline))
        } else {
            Baseline::of(Reported::read(root)?)
        })
    })?
}

fn within(document: &'static str) -> impl Fn(UsageError) -> UsageError {
    move |error| error.under(document)
}
