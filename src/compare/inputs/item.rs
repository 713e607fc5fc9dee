//! Recorded and used inputs, side by side.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::compare::digests::DigestSet;

/// The media type of a comparison of inputs.
pub const MEDIA_TYPE: &str = "application/vnd.admissible.input-comparison.v1+json";

/// What an item is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// A dependency.
    Dependency,
    /// The commit that was built.
    Commit,
    /// The repository that was built.
    Source,
}

/// What came of comparing one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputStatus {
    /// Recorded so, and used.
    Matched,
    /// Recorded otherwise.
    Mismatched,
    /// Used, not recorded.
    NotRecorded,
    /// Recorded, not used.
    NotUsed,
    /// Recorded, without a digest that both give.
    Incomparable,
}

/// How a used item found what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// By location.
    Uri,
    /// By name.
    Name,
    /// By digest alone.
    Digest,
}

/// One side of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputSide {
    /// JSON pointer into what was used, or into the report.
    pub at: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Its digests.
    pub digest: DigestSet,
}

/// One item that was used, recorded, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputItem {
    /// What it is about.
    pub kind: InputKind,
    /// What came of it.
    pub status: InputStatus,
    /// How the two were brought together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<FoundBy>,
    /// The digest algorithm that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<&'static str>,
    /// Whether it matched by a digest for which others can be made to match.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub weak: bool,
    /// What was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<InputSide>,
    /// What was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<InputSide>,
}

/// How many items have each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputCounts {
    /// Recorded so, and used.
    pub matched: usize,
    /// Recorded otherwise.
    pub mismatched: usize,
    /// Used, not recorded.
    pub not_recorded: usize,
    /// Recorded, not used.
    pub not_used: usize,
    /// Recorded, without a digest that both give.
    pub incomparable: usize,
    /// How many of the matched are weak.
    pub weak: usize,
}

/// Recorded and used inputs, side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputComparison {
    media_type: &'static str,
    matches: bool,
    counts: InputCounts,
    items: Vec<InputItem>,
}

impl InputComparison {
    pub(super) fn new(items: Vec<InputItem>) -> Self {
        let count = |status| items.iter().filter(|item| item.status == status).count();
        let counts = InputCounts {
            matched: count(InputStatus::Matched),
            mismatched: count(InputStatus::Mismatched),
            not_recorded: count(InputStatus::NotRecorded),
            not_used: count(InputStatus::NotUsed),
            incomparable: count(InputStatus::Incomparable),
            weak: items.iter().filter(|item| item.weak).count(),
        };
        let matches =
            counts.matched > 0 && counts.mismatched == 0 && counts.not_recorded == 0 && counts.incomparable == 0;
        Self { media_type: MEDIA_TYPE, matches, counts, items }
    }

    /// Whether everything that was used is recorded so. What was recorded and not used does not count against it.
    #[must_use]
    pub fn matches(&self) -> bool {
        self.matches
    }

    /// How many items have each status.
    #[must_use]
    pub fn counts(&self) -> InputCounts {
        self.counts
    }

    /// Commit, source and dependencies that were used, then what was only recorded.
    #[must_use]
    pub fn items(&self) -> &[InputItem] {
        &self.items
    }

    /// The comparison as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}
