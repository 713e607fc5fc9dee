//! Merkle trees of RFC 6962 §2.1, by its recursive definition (the verifier walks proofs; this builds them).

use sha2::{Digest as _, Sha256};

/// A node's hash.
pub type Node = [u8; 32];

/// SHA-256 of 0x00 and the entry.
pub fn leaf_hash(entry: &[u8]) -> Node {
    Sha256::new_with_prefix([0]).chain_update(entry).finalize().into()
}

/// SHA-256 of 0x01 and both children.
pub fn node_hash(left: &Node, right: &Node) -> Node {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The largest power of two below `n`.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The root over these leaf hashes.
pub fn root(leaves: &[Node]) -> Node {
    match leaves {
        [] => Sha256::digest(b"").into(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// The audit path of leaf `index`, from the bottom up.
pub fn proof(leaves: &[Node], index: usize) -> Vec<Node> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = if index < left.len() {
        (proof(left, index), root(right))
    } else {
        (proof(right, index - left.len()), root(left))
    };
    path.push(sibling);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_tree_and_empty_leaf() {
        assert_eq!(hex::encode(root(&[])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex::encode(leaf_hash(b"")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }

    /// RFC 6962's reference implementation: the tree of its eight test entries and a path in it.
    #[test]
    fn the_reference_tree() {
        let entries =
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let leaves: Vec<Node> = entries.iter().map(|e| leaf_hash(&hex::decode(e).expect("hex"))).collect();
        assert_eq!(hex::encode(root(&leaves)), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        let path: Vec<String> = proof(&leaves, 0).iter().map(hex::encode).collect();
        assert_eq!(
            path,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
    }
}
