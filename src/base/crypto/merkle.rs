//! Merkle trees of transparency logs.

use core::fmt;

use sha2::{Digest as _, Sha256};

/// The hash of a leaf: SHA-256 of a zero byte and the entry
/// ([RFC 6962 §2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1)).
///
/// The prefix differs from that of an inner node, so that no node can be passed off as an entry.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node: SHA-256 of a one byte and both children
/// ([RFC 6962 §2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1)).
#[must_use]
pub fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree with `size` leaves in which the leaf at `index` has this hash and these siblings, lowest first
/// ([RFC 9162 §2.1.3.2](https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2)).
///
/// The number of siblings follows from index and size alone, and it is demanded exactly: a shorter or longer path would
/// let a proof for one tree speak about another. The caller compares the root with a signed one.
///
/// # Errors
/// [`MerkleError::IndexOutOfRange`] when the tree has no such leaf; [`MerkleError::PathLength`] when the number of
/// hashes is not the one that index and size give.
pub fn root_from_inclusion_proof(
    index: u64,
    size: u64,
    leaf_hash: [u8; 32],
    hashes: &[[u8; 32]],
) -> Result<[u8; 32], MerkleError> {
    let last = size.checked_sub(1).filter(|last| index <= *last).ok_or(MerkleError::IndexOutOfRange { index, size })?;
    // Below this level the path to the leaf and the path to the last leaf differ, so every node has a sibling. From it
    // on, both run along the tree's right edge, where only the nodes that are right children have one.
    let split = u64::BITS.saturating_sub((index ^ last).leading_zeros());
    let edge = index.checked_shr(split).unwrap_or(0);
    let expected = split.saturating_add(edge.count_ones());
    if usize::try_from(expected) != Ok(hashes.len()) {
        return Err(MerkleError::PathLength { index, size, expected, found: hashes.len() });
    }
    let root = (0..).zip(hashes).fold(leaf_hash, |node, (level, sibling)| {
        let is_left = level < split && index.checked_shr(level).unwrap_or(0) & 1 == 0;
        if is_left { node_hash(&node, sibling) } else { node_hash(sibling, &node) }
    });
    Ok(root)
}

/// Why an inclusion proof has no root.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MerkleError {
    /// The index is not below the tree's size.
    IndexOutOfRange {
        /// The leaf's index.
        index: u64,
        /// The number of leaves.
        size: u64,
    },
    /// The number of hashes is not the one that index and size give.
    PathLength {
        /// The leaf's index.
        index: u64,
        /// The number of leaves.
        size: u64,
        /// The number of hashes that index and size give.
        expected: u32,
        /// The number of hashes found.
        found: usize,
    },
}

impl fmt::Display for MerkleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IndexOutOfRange { index, size } => {
                write!(f, "expected a leaf index below the tree size {size}, found {index}")
            }
            Self::PathLength { index, size, expected, found } => {
                write!(f, "leaf {index} of {size} has {expected} hashes on its path, found {found}")
            }
        }
    }
}

impl core::error::Error for MerkleError {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    /// The recursive definition of RFC 6962 §2.1, which shares nothing with the bit arithmetic under test.
    fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => crate::crypto::sha256(b""),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                node_hash(&root(left), &root(right))
            }
        }
    }

    /// The recursive definition of RFC 6962 §2.1.1.
    fn path(index: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
        if leaves.len() == 1 {
            return vec![];
        }
        let middle = split(leaves.len());
        let (left, right) = leaves.split_at(middle);
        let (mut hashes, sibling) = if index < middle {
            (path(index, left), root(right))
        } else {
            (path(index.abs_diff(middle), right), root(left))
        };
        hashes.push(sibling);
        hashes
    }

    fn split(count: usize) -> usize {
        count.next_power_of_two() / 2
    }

    fn leaves(count: u8) -> Vec<[u8; 32]> {
        (0..count).map(|entry| leaf_hash(&[entry])).collect()
    }

    #[test]
    fn hashes_have_their_prefixes() {
        assert_eq!(leaf_hash(b"abc"), crate::crypto::sha256(b"\0abc"));
        let node = [&[1][..], &[2; 32], &[3; 32]].concat();
        assert_eq!(node_hash(&[2; 32], &[3; 32]), crate::crypto::sha256(&node));
    }

    #[test]
    fn every_leaf_of_every_small_tree() {
        for size in 1..=40_u8 {
            let leaves = leaves(size);
            let expected = root(&leaves);
            for index in 0..size {
                let hashes = path(index.into(), &leaves);
                let leaf = leaves[usize::from(index)];
                let prove = |hashes: &[[u8; 32]]| root_from_inclusion_proof(index.into(), size.into(), leaf, hashes);
                assert_eq!(prove(&hashes), Ok(expected), "leaf {index} of {size}");

                assert_ne!(
                    root_from_inclusion_proof(index.into(), size.into(), [0; 32], &hashes),
                    Ok(expected),
                    "another leaf at {index} of {size}",
                );
                for position in 0..hashes.len() {
                    for bit in [1, 0x80] {
                        let mut corrupted = hashes.clone();
                        corrupted[position][31] ^= bit;
                        assert_ne!(prove(&corrupted), Ok(expected), "hash {position} of {index} of {size}");
                    }
                    let mut missing = hashes.clone();
                    missing.remove(position);
                    assert!(matches!(prove(&missing), Err(MerkleError::PathLength { .. })));
                }
                for position in 0..=hashes.len() {
                    let mut extra = hashes.clone();
                    extra.insert(position, expected);
                    assert!(matches!(prove(&extra), Err(MerkleError::PathLength { .. })));
                }
                for other in (0..size).filter(|other| *other != index) {
                    assert_ne!(
                        root_from_inclusion_proof(other.into(), size.into(), leaf, &hashes),
                        Ok(expected),
                        "leaf {index} proven at {other} of {size}",
                    );
                }
            }
        }
    }

    #[test]
    fn an_index_outside_the_tree_is_refused() {
        for (index, size) in [(0, 0), (1, 1), (8, 8), (u64::MAX, 0), (u64::MAX, u64::MAX)] {
            let found = root_from_inclusion_proof(index, size, [0; 32], &[]);
            assert_eq!(found, Err(MerkleError::IndexOutOfRange { index, size }));
        }
        let error = MerkleError::IndexOutOfRange { index: 8, size: 8 };
        assert_eq!(error.to_string(), "expected a leaf index below the tree size 8, found 8");
    }

    #[test]
    fn the_largest_tree_has_a_path() {
        for (index, expected) in [(0, 64), (u64::MAX - 1, 63)] {
            let error = root_from_inclusion_proof(index, u64::MAX, [0; 32], &[]).unwrap_err();
            assert_eq!(error, MerkleError::PathLength { index, size: u64::MAX, expected, found: 0 });
            let hashes = vec![[0; 32]; usize::try_from(expected).unwrap()];
            assert!(root_from_inclusion_proof(index, u64::MAX, [0; 32], &hashes).is_ok());
        }
        let error = MerkleError::PathLength { index: 3, size: 8, expected: 3, found: 4 };
        assert_eq!(error.to_string(), "leaf 3 of 8 has 3 hashes on its path, found 4");
    }
}
