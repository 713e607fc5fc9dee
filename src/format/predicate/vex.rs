//! OpenVEX documents (openvex/spec `OPENVEX-SPEC.md`): which vulnerabilities affect the product, and which do not.

use alloc::string::String;
use alloc::vec::Vec;

use super::field::{other_text, required, tally, text};
use crate::encoding::json::{Node, ShapeError};

/// What a statement of the document says about a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VexStatus {
    /// `not_affected`
    NotAffected,
    /// `affected`
    Affected,
    /// `fixed`
    Fixed,
    /// `under_investigation`
    UnderInvestigation,
}

impl VexStatus {
    const ALL: [Self; 4] = [Self::NotAffected, Self::Affected, Self::Fixed, Self::UnderInvestigation];

    /// The label that OpenVEX defines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }
}

/// An OpenVEX document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vex {
    /// `@id`: the document's IRI.
    pub id: String,
    /// `author`: who says so; worth what the pair of it and the signer is worth.
    pub author: String,
    /// `timestamp`, as written.
    pub timestamp: String,
    /// `version` of the document.
    pub version: u64,
    /// How many statements say what; a status that none has is left out.
    pub statuses: Vec<(VexStatus, usize)>,
}

impl Vex {
    pub(super) fn read(predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let statements = required(predicate, "statements")?;
        let statuses = statements.items("statements", usize::MAX)?.map(|statement| status(&statement));
        Ok(Self {
            id: text(predicate, "@id")?,
            author: text(predicate, "author")?,
            timestamp: text(predicate, "timestamp")?,
            version: required(predicate, "version")?.int64()?.unsigned_abs(),
            statuses: tally(&VexStatus::ALL, statuses)?,
        })
    }

    /// How many statements the document has.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.statuses.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }
}

fn status(statement: &Node<'_, '_>) -> Result<VexStatus, ShapeError> {
    let status = required(statement, "status")?;
    let text = status.string()?;
    let known = VexStatus::ALL.into_iter().find(|known| known.name() == text);
    known.ok_or_else(|| other_text(&status, "not_affected, affected, fixed or under_investigation", text))
}

#[cfg(test)]
mod tests {
    use super::super::Predicate;
    use super::super::tests::{each_malformed, read};
    use super::*;

    const EXAMPLE: &str = r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://openvex.dev/docs/example/vex-1","author":"Wolfi J Inkinson",
        "timestamp":"2023-01-08T18:02:03.647787998-06:00","version":1,"statements":[
        {"vulnerability":{"name":"CVE-2023-12345"},"products":[{"@id":"pkg:apk/wolfi/git@2.39.0-r1"}],"status":"fixed"},
        {"vulnerability":{"name":"CVE-2023-12346"},"status":"not_affected"},{"status":"fixed"}]}"#;

    #[test]
    fn the_example() {
        for predicate_type in ["https://openvex.dev/ns", "https://openvex.dev/ns/v0.2.0"] {
            let Predicate::Vex(found) = read(predicate_type, EXAMPLE) else { panic!() };
            assert_eq!((found.author.as_str(), found.version), ("Wolfi J Inkinson", 1));
            assert_eq!(found.timestamp, "2023-01-08T18:02:03.647787998-06:00");
            assert_eq!(found.statuses, [(VexStatus::NotAffected, 1), (VexStatus::Fixed, 2)]);
            assert_eq!(found.statements(), 3);
        }
    }

    #[test]
    fn wrong_types_are_located() {
        each_malformed(
            "https://openvex.dev/ns/v0.2.0",
            EXAMPLE,
            &[
                (r#""not_affected""#, r#""harmless""#, "/predicate/statements/1/status"),
                (r#","status":"not_affected""#, "", "/predicate/statements/1"),
                (r#""version":1"#, r#""version":"one""#, "/predicate/version"),
                (r#""author""#, r#""by""#, "/predicate"),
                (r#""statements":"#, r#""statements":{},"x":"#, "/predicate/statements"),
            ],
        );
    }
}
