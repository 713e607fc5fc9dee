//! What cosign and its relatives wrote before there were bundles, made into bundles and judged like any other: shapes of our own making,
//! and the real ones of the corpus.

mod corpus;
mod flaws;
mod layers;
mod shapes;

use std::collections::BTreeSet;

use admissible::{Options, Report, TrustedRoots, Verdict};
use serde_json::{Value, json};

/// Judges a bundle by these options; the codes of all failures, in order.
fn judge(bundle: &str, roots: &TrustedRoots, options: &Value, artifact: Option<&[u8]>) -> (Report, Vec<&'static str>) {
    let options = Options::from_json(&options.to_string(), artifact).expect("options");
    let report = admissible::inspect(bundle.as_bytes(), roots, &options);
    let codes: BTreeSet<_> = report.failures().iter().map(|failure| failure.code).collect();
    assert_eq!(codes.is_empty(), report.verdict() == Verdict::Passed);
    (report, codes.into_iter().collect())
}

/// Judges twice: as it is, and where the log's promise alone is enough.
fn judge_twice(bundle: &str, roots: &TrustedRoots, options: &Value, artifact: Option<&[u8]>) -> [Vec<&'static str>; 2] {
    let mut promise_only = options.clone();
    promise_only["require"]["promiseOnly"] = json!(true);
    [options, &promise_only].map(|options| judge(bundle, roots, options, artifact).1)
}

/// What a genuine signature with nothing but a promise gives: refused for that alone, accepted with leave.
const PROMISED: [&[&str]; 2] = [&["threshold-promise-only"], &[]];
