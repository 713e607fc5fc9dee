//! Every stable code, those of comparisons among them.

use alloc::vec::Vec;

use super::change::Change;
use crate::check::Coded;
use crate::report::codes::{self, CodeEntry};

/// Every code that a report, an error of use or a comparison can carry. Removing or renaming one is a breaking change.
#[must_use]
pub fn codes() -> Vec<CodeEntry> {
    let changes = Change::CODES.iter().map(|code| CodeEntry { check: "comparison", code });
    codes::codes().into_iter().chain(changes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut all: Vec<_> = codes().into_iter().map(|entry| entry.code).collect();
        assert!(all.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
