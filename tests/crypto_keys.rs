//! The keys of published trusted roots, when `ADMISSIBLE_TEST_DATA` is set.
//!
//! Origin: `corpus/trust` of that directory. Each log key is read as its details say, and its digest is compared with the
//! log's identifier where the log has that form of one.

use std::path::{Path, PathBuf};
use std::{env, fs};

use admissible::crypto::{KeyDetails, KeyKind};
use rfc4648::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn trusted_roots() {
    let Some(data) = env::var_os("ADMISSIBLE_TEST_DATA") else {
        println!("skipped: ADMISSIBLE_TEST_DATA is not set");
        return;
    };
    let mut paths = Vec::new();
    files(&Path::new(&data).join("corpus/trust"), &mut paths);
    let (mut keys, mut identified) = (0_usize, 0_usize);
    for path in paths {
        let root: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for log in ["tlogs", "ctlogs"].iter().flat_map(|logs| root[logs].as_array()).flatten() {
            let raw = &log["publicKey"]["rawBytes"];
            if raw.as_str().is_none_or(str::is_empty) {
                continue;
            }
            let details = KeyDetails::from_name(log["publicKey"]["keyDetails"].as_str().unwrap());
            let key = details.read_key(&bytes(raw));
            assert!(key.is_ok(), "{}: {key:?}", path.display());
            let key = key.unwrap();
            keys = keys.saturating_add(1);
            let identifier = &log["logId"]["keyId"];
            if key.kind() != KeyKind::Ed25519 && identifier.is_string() {
                assert_eq!(bytes(identifier), key.spki_sha256(), "{}: {log}", path.display());
                identified = identified.saturating_add(1);
            }
        }
    }
    println!("trusted roots: {keys} keys read, {identified} identified by their digest");
    assert_ne!(keys, 0);
    assert_ne!(identified, 0);
}
