//! Digests and times in records.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::{Node, Value};
use crate::format::provenance::Resource;
use crate::limits::MAX_SUBJECT_DIGESTS;
use crate::policy::record::RecordError;
use crate::time::UnixTime;

/// A digest of this algorithm in lower-case hexadecimal.
pub(super) fn hex(algorithm: HashAlgorithm, node: &Node<'_, '_>) -> Result<Digest, RecordError> {
    Digest::from_hex(algorithm, node.string()?).map_err(|_| RecordError::value(node, "a digest in hexadecimal"))
}

/// `sha256:…`
pub(super) fn sha256(node: &Node<'_, '_>) -> Result<[u8; 32], RecordError> {
    let digits = node.string()?.strip_prefix("sha256:");
    match digits.map(|digits| Digest::from_hex(HashAlgorithm::Sha256, digits)) {
        Some(Ok(Digest::Sha256(bytes))) => Ok(bytes),
        _ => Err(RecordError::value(node, "a digest as sha256:…")),
    }
}

/// A SHA-256 in hexadecimal alone.
pub(super) fn sha256_hex(node: &Node<'_, '_>) -> Result<[u8; 32], RecordError> {
    match hex(HashAlgorithm::Sha256, node)? {
        Digest::Sha256(bytes) => Ok(bytes),
        _ => Err(RecordError::value(node, "a digest in hexadecimal")),
    }
}

/// An instant.
pub(super) fn time(node: &Node<'_, '_>) -> Result<UnixTime, RecordError> {
    UnixTime::from_rfc3339(node.string()?).ok_or_else(|| RecordError::value(node, "a time as RFC 3339 writes it"))
}

/// Digests of one thing by in-toto's names of algorithms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigestSet(pub(super) Vec<(&'static str, String)>);

impl DigestSet {
    /// Reads `"sha256:…"` or `{ "sha256": "…" }`, at least one.
    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, RecordError> {
        const NAMED: &str = "a digest as `sha256:…`, by in-toto's name of the algorithm";
        if let Value::String(text) = node.value() {
            let (name, value) = text.split_once(':').ok_or_else(|| RecordError::value(node, NAMED))?;
            let name = Resource::algorithm(name).ok_or_else(|| RecordError::value(node, NAMED))?;
            return Ok(Self(alloc::vec![(name, spelled(name, value, node)?)]));
        }
        let mut digests = Vec::new();
        for (name, value) in node.members()? {
            let name = Resource::algorithm(name).ok_or_else(|| RecordError::value(&value, NAMED))?;
            digests.push((name, spelled(name, value.string()?, &value)?));
        }
        let is_some = (1..=MAX_SUBJECT_DIGESTS).contains(&digests.len());
        if is_some { Ok(Self(digests)) } else { Err(RecordError::value(node, "a digest")) }
    }

    /// The digest of this algorithm, in lower case.
    #[must_use]
    pub fn get(&self, algorithm: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == algorithm).map(|(_, value)| value.as_str())
    }
}

/// A digest's value in lower case: a slip of the caller's must not look like another digest.
fn spelled(algorithm: &str, value: &str, node: &Node<'_, '_>) -> Result<String, RecordError> {
    let lengths: &[usize] = match algorithm {
        "md5" => &[32],
        "sha1" => &[40],
        "sha224" => &[56],
        "sha256" => &[64],
        "sha384" => &[96],
        "sha512" => &[128],
        "gitCommit" | "gitTree" | "gitBlob" | "gitTag" => &[40, 64],
        _ => &[],
    };
    let is_hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_right = if lengths.is_empty() { !value.is_empty() } else { is_hex && lengths.contains(&value.len()) };
    if is_right {
        Ok(value.to_ascii_lowercase())
    } else {
        Err(RecordError::value(node, "hexadecimal of the algorithm's length"))
    }
}

impl Serialize for DigestSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(algorithm, value)| (*algorithm, value)))
    }
}

/// `{ "sha256": "…" }` of one digest.
pub(super) fn set_of(digest: Digest) -> DigestSet {
    DigestSet(alloc::vec![(digest.algorithm().name(), digest.to_hex())])
}
