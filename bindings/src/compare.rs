//! Reports beside each other, and beside what the caller knows.

use admissible::compare::json;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer;

/// What to remember of a report (JSON text) for the next version, as a baseline.
///
/// # Errors
/// Throws a `"usage"` text when it is no report, or one that failed.
#[wasm_bindgen]
pub fn baseline(report: &str) -> Result<String, String> {
    answer(&json::baseline(report))
}

/// What changed from a baseline or report to a report, all as JSON text.
///
/// # Errors
/// Throws a `"usage"` text when one of them is not that, or `previous` failed.
#[wasm_bindgen(js_name = compareTrust)]
pub fn compare_trust(previous: &str, next: &str) -> Result<String, String> {
    answer(&json::compare_trust(previous, next))
}

/// What the provenance of a report records beside what was used, both as JSON text.
///
/// # Errors
/// Throws a `"usage"` text when it is no report that passed and tells of provenance, or `used` is wrong.
#[wasm_bindgen(js_name = compareInputs)]
pub fn compare_inputs(report: &str, used: &str) -> Result<String, String> {
    answer(&json::compare_inputs(report, used))
}

/// Unsigned statements and lines about a report, both as JSON text.
///
/// # Errors
/// Throws a `"usage"` text when it is no report, or `options` are wrong.
#[wasm_bindgen]
pub fn summarize(report: &str, options: &str) -> Result<String, String> {
    answer(&json::summarize(report, options))
}
