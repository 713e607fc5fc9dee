//! One line for a file in which verifications are kept, as Markdown or CSV, that another program or a person reads later: no text in
//! it may become markup, a formula, or another line.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

use serde::Serialize;

use super::{Said, SummaryOptions, named};
use crate::compare::digests::DigestSet;
use crate::compare::reported::Reported;
use crate::compare::reported::Signer;

/// A line and the header of its file, both without line ends (CSV: put CR LF between, RFC 4180).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The names of the columns; in Markdown, two lines.
    pub header: String,
    /// The line.
    pub line: String,
}

/// The columns.
const COLUMNS: [&str; 16] = [
    "time",
    "result",
    "resource",
    "artifact",
    "artifact digest",
    "signer",
    "issuer",
    "signed",
    "level",
    "failures",
    "bundle digest",
    "trusted root digest",
    "policy",
    "policy digest",
    "verifier",
    "version",
];

fn cells(said: &Said, options: &SummaryOptions) -> [String; 16] {
    let of = |part: &dyn Fn(&Reported) -> Option<String>| {
        said.judged.evidence.iter().filter_map(part).collect::<Vec<_>>().join(" ")
    };
    let signer = |evidence: &Reported| match evidence.signer.as_ref()? {
        Signer::Certified { identity, .. } => Some(identity.clone()),
        Signer::Key { sha256 } => Some(alloc::format!("key sha256:{sha256}")),
    };
    let issuer = |evidence: &Reported| match evidence.signer.as_ref()? {
        Signer::Certified { issuer, .. } => issuer.clone(),
        Signer::Key { .. } => None,
    };
    [
        options.now.to_string(),
        said.result().to_string(),
        options.resource_uri.clone(),
        said.subject.name.clone().unwrap_or_default(),
        digests(&said.subject.digest),
        of(&signer),
        of(&issuer),
        of(&|evidence| evidence.signed.map(|time| time.to_string())),
        said.judged.level.map(|level| level.to_string()).unwrap_or_default(),
        said.judged.failures.join(" "),
        of(&|evidence| Some(named(evidence.bundle))),
        of(&|evidence| evidence.trusted_root.map(named)),
        said.policy.uri.clone(),
        said.policy.digest.as_ref().map(digests).unwrap_or_default(),
        options.verifier.clone(),
        said.judged.version.clone(),
    ]
}

fn digests(set: &DigestSet) -> String {
    let each = set.0.iter().map(|(algorithm, value)| alloc::format!("{algorithm}:{value}"));
    each.collect::<Vec<_>>().join(" ")
}

pub(super) fn markdown(said: &Said, options: &SummaryOptions) -> Line {
    let row = |cells: &[String]| alloc::format!("| {} |", cells.join(" | "));
    let header = COLUMNS.map(ToString::to_string);
    let rule = COLUMNS.map(|_| "---".to_string());
    let cells = cells(said, options).map(|cell| markdown_cell(&cell));
    Line { header: alloc::format!("{}\n{}", row(&header), row(&rule)), line: row(&cells) }
}

pub(super) fn csv(said: &Said, options: &SummaryOptions) -> Line {
    let header = COLUMNS.map(csv_cell).join(",");
    Line { header, line: cells(said, options).map(|cell| csv_cell(&cell)).join(",") }
}

/// A code span, in which nothing is markup, link or mention. What could end it or the cell is escaped.
fn markdown_cell(text: &str) -> String {
    if text.is_empty() { String::new() } else { alloc::format!("`{}`", plain(text, &['`', '|'])) }
}

/// A quoted field. What a spreadsheet would take for a formula gets an apostrophe (OWASP, "CSV Injection").
fn csv_cell(text: &str) -> String {
    let text = plain(text, &[]).replace('"', "\"\"");
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    alloc::format!("\"{}{text}\"", if is_formula { "'" } else { "" })
}

/// Printable ASCII as it is; everything else, the backslash, and `also`, as `\u{…}`: it can be read back.
fn plain(text: &str, also: &[char]) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' if c != '\\' && !also.contains(&c) => plain.push(c),
            // Writing to a string does not fail.
            _ => write!(plain, "{}", c.escape_unicode()).unwrap_or_default(),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        for (text, cell) in [
            ("", ""),
            ("plain", "`plain`"),
            ("<img src=x> @team #1 [a](b) **b**", "`<img src=x> @team #1 [a](b) **b**`"),
            ("a`b", "`a\\u{60}b`"),
            ("a | b\\|c", "`a \\u{7c} b\\u{5c}\\u{7c}c`"),
            ("a\nb\r\u{202e}é", "`a\\u{a}b\\u{d}\\u{202e}\\u{e9}`"),
        ] {
            assert_eq!(markdown_cell(text), cell);
            assert_eq!(cell.matches('`').count() % 2, 0);
        }
    }

    #[test]
    fn no_text_becomes_a_formula_or_another_field() {
        for (text, cell) in [
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("  =1", "\"'  =1\""),
            ("\t=1", "\"\\u{9}=1\""),
            ("a\r\n=1", "\"a\\u{d}\\u{a}=1\""),
            ("\u{ff1d}1", "\"\\u{ff1d}1\""),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }
}
