//! Claim `inclusion-proof`: the entry's leaf hashes up to the tree head that the log signed.

use core::fmt;

use super::checkpoint::VerifiedCheckpoint;
use super::{Coded, codes};
use crate::crypto::{MerkleError, leaf_hash, root_from_inclusion_proof};
use crate::encoding::hex;
use crate::format::log_body::is_rekor_v2;
use crate::format::log_entry::{InclusionProof, LogEntry};

/// Proof that an entry is in the tree of a verified checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludedEntry {
    leaf_hash: [u8; 32],
    log_index: u64,
    tree_size: u64,
}

impl IncludedEntry {
    /// The hash of the entry's leaf.
    #[must_use]
    pub fn leaf_hash(&self) -> &[u8; 32] {
        &self.leaf_hash
    }

    /// The leaf's index in the tree.
    #[must_use]
    pub fn log_index(&self) -> u64 {
        self.log_index
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.tree_size
    }
}

/// Why an entry is not shown to be in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InclusionProofError {
    /// The proof is for another tree size than the checkpoint.
    TreeSizeDiffers {
        /// What the log signed.
        signed: u64,
        /// What the proof says.
        found: i64,
    },
    /// The proof ends at another root hash than the checkpoint says.
    RootHashDiffers {
        /// What the log signed.
        signed: [u8; 32],
        /// What the proof says.
        found: [u8; 32],
    },
    /// The entry's own index differs from the proof's, in Rekor v2, where both count within one shard.
    IndexDiffers {
        /// The entry's index.
        entry: i64,
        /// The proof's index.
        proof: i64,
    },
    /// The index is outside the tree, or the number of hashes does not fit.
    Malformed(MerkleError),
    /// The leaf does not hash up to the signed root.
    WrongRoot {
        /// What the log signed.
        signed: [u8; 32],
        /// What leaf and hashes give.
        computed: [u8; 32],
    },
}

impl fmt::Display for InclusionProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TreeSizeDiffers { signed, found } => {
                write!(f, "expected a proof for the signed tree size {signed}, found one for {found}")
            }
            Self::RootHashDiffers { signed, found } => write!(
                f,
                "expected a proof for the signed root hash {}, found one for {}",
                hex::encode(signed),
                hex::encode(found)
            ),
            Self::IndexDiffers { entry, proof } => {
                write!(f, "expected a proof for the log index {entry}, found one for {proof}")
            }
            Self::Malformed(error) => error.fmt(f),
            Self::WrongRoot { signed, computed } => write!(
                f,
                "expected the entry to hash up to the signed root {}, found {}",
                hex::encode(signed),
                hex::encode(computed)
            ),
        }
    }
}

impl Coded for InclusionProofError {
    codes!(InclusionProofError {
        E::TreeSizeDiffers { .. } => "inclusion-proof-tree-size-differs",
        E::RootHashDiffers { .. } => "inclusion-proof-root-hash-differs",
        E::IndexDiffers { .. } => "inclusion-proof-index-differs",
        E::Malformed(_) => "inclusion-proof-malformed",
        E::WrongRoot { .. } => "inclusion-proof-wrong-root",
    });
}

/// Verifies that `entry` is in the tree whose head `checkpoint` proves (RFC 9162 §2.1.3.2). Size and root of proof and
/// checkpoint must be one: Rekor gives both for the same tree, so a difference is an attack or a mix-up.
///
/// # Errors
/// [`InclusionProofError`].
#[inline(never)]
pub fn verify(
    entry: &LogEntry,
    proof: &InclusionProof,
    checkpoint: &VerifiedCheckpoint,
) -> Result<IncludedEntry, InclusionProofError> {
    let tree_size = checkpoint.tree_size();
    if u64::try_from(proof.tree_size) != Ok(tree_size) {
        return Err(InclusionProofError::TreeSizeDiffers { signed: tree_size, found: proof.tree_size });
    }
    let signed = *checkpoint.root_hash();
    if proof.root_hash != signed {
        return Err(InclusionProofError::RootHashDiffers { signed, found: proof.root_hash });
    }
    if is_rekor_v2(&entry.kind, &entry.version) && entry.log_index != proof.log_index {
        return Err(InclusionProofError::IndexDiffers { entry: entry.log_index, proof: proof.log_index });
    }
    let log_index = u64::try_from(proof.log_index).unwrap_or(u64::MAX);
    let leaf_hash = leaf_hash(&entry.body);
    let computed = root_from_inclusion_proof(log_index, tree_size, leaf_hash, &proof.hashes)
        .map_err(InclusionProofError::Malformed)?;
    if computed != signed {
        return Err(InclusionProofError::WrongRoot { signed, computed });
    }
    Ok(IncludedEntry { leaf_hash, log_index, tree_size })
}
