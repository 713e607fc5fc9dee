//! Names in order. Sorting as the standard library does it is several kilobytes of code for each type that is sorted.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

/// These names in order, each with its place before; equal ones stay in theirs.
#[must_use]
pub fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<(&'n str, usize)> {
    let numbered: Vec<_> = names.enumerate().map(|(at, name)| (name, at)).collect();
    BinaryHeap::from(numbered).into_sorted_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_the_standard_library_sorts() {
        let names: Vec<_> = (0..500_usize).map(|n| alloc::format!("{}", n.wrapping_mul(7919) % 211)).collect();
        let mut expected: Vec<_> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        expected.sort();
        assert_eq!(sorted(names.iter().map(|name| name.as_str())), expected);
        assert_eq!(sorted([].into_iter()), []);
    }
}
