//! Floor 4: reports beside each other, and beside what the caller knows: did the trust change since the last version
//! ([`compare_trust`]), did the build use what it says ([`compare_inputs`]), and one line for the books ([`summarize`]).
//!
//! Reports come as values, or as JSON that the caller kept ([`json`]). Such a report is the caller's own word: it is read strictly,
//! and not verified again.

mod baseline;
mod change;
mod codes;
mod digests;
mod inputs;
pub mod json;
mod judged;
mod location;
mod reported;
mod summary;
mod trust;

pub use self::baseline::Baseline;
pub use self::change::{Change, ChangeKind, Severity, TrustComparison};
pub use self::codes::codes;
pub use self::digests::DigestSet;
pub use self::inputs::{
    FoundBy, InputComparison, InputCounts, InputItem, InputKind, InputSide, InputStatus, UsedInputs, compare_inputs,
};
pub use self::judged::Judged;
pub use self::reported::Reported;
pub use self::summary::{Line, Statement, Summary, SummaryOptions, Svr, Vsa, summarize};
pub use self::trust::compare_trust;
