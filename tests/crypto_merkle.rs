//! Inclusion proofs of the transparency-dev Merkle suite, when `ADMISSIBLE_TEST_DATA` is set.
//!
//! Origin: `testdata/inclusion` of <https://github.com/transparency-dev/merkle> (Apache-2.0), in
//! `corpus/suites/merkle/inclusion` of that directory. There are no exceptions.

use std::path::{Path, PathBuf};
use std::{env, fs};

use admissible::crypto::root_from_inclusion_proof;
use rfc4648::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// A hash of the suite; some vectors hold bytes that are no hash.
fn hash(value: &Value) -> Option<[u8; 32]> {
    let bytes = BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).unwrap();
    bytes.try_into().ok()
}

fn holds(vector: &Value) -> bool {
    let index = vector["leafIdx"].as_u64().unwrap();
    let size = vector["treeSize"].as_u64().unwrap();
    let hashes: Option<Vec<_>> = vector["proof"].as_array().into_iter().flatten().map(hash).collect();
    let (Some(root), Some(leaf), Some(hashes)) = (hash(&vector["root"]), hash(&vector["leafHash"]), hashes) else {
        return false;
    };
    root_from_inclusion_proof(index, size, leaf, &hashes) == Ok(root)
}

#[test]
fn inclusion() {
    let Some(data) = env::var_os("ADMISSIBLE_TEST_DATA") else {
        println!("skipped: ADMISSIBLE_TEST_DATA is not set");
        return;
    };
    let mut paths = Vec::new();
    files(&Path::new(&data).join("corpus/suites/merkle/inclusion"), &mut paths);
    let mut accepted = 0_usize;
    for path in &paths {
        let vector: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let expected = !vector["wantErr"].as_bool().unwrap();
        let description = &vector["desc"];
        assert_eq!(holds(&vector), expected, "{}: {description}", path.display());
        accepted += usize::from(expected);
    }
    println!("inclusion: {} vectors run, {accepted} accepted", paths.len());
    assert_ne!(accepted, 0);
    assert_ne!(accepted, paths.len());
}
