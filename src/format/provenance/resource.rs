//! Resource descriptors (in-toto `spec/v1/resource_descriptor.md`) and the materials of old provenance.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::encoding::json::{Node, ShapeError};
use crate::limits::{MAX_DEPENDENCIES, MAX_SUBJECT_DIGESTS};

/// Something that went into a build, or came out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// `name`.
    pub name: Option<String>,
    /// `uri`.
    pub uri: Option<String>,
    /// Digests by their in-toto names, in lower case; names that nobody has defined are passed over (`digest_set.md`).
    pub digests: Vec<(&'static str, String)>,
}

/// The names of digests that in-toto defines (`digest_set.md`).
const ALGORITHMS: &[&str] = &[
    "sha256",
    "sha224",
    "sha384",
    "sha512",
    "sha512_224",
    "sha512_256",
    "sha3_224",
    "sha3_256",
    "sha3_384",
    "sha3_512",
    "shake128",
    "shake256",
    "blake2b",
    "blake2s",
    "blake3",
    "ripemd160",
    "sm3",
    "gost",
    "sha1",
    "md5",
    "dirHash",
    "dirHash1",
    "gitCommit",
    "gitTree",
    "gitBlob",
    "gitTag",
];

impl Resource {
    /// Reads one resource. Fields that are not looked at may be anything.
    pub(in crate::format) fn read(node: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let text = |name: &str| node.member(name).map(|member| member.string().map(ToString::to_string)).transpose();
        node.must_be_object()?;
        let mut digests = Vec::new();
        if let Some(set) = node.member("digest") {
            for (name, value) in set.members()?.take(MAX_SUBJECT_DIGESTS) {
                let text = value.string()?;
                if let Some(known) = ALGORITHMS.iter().find(|known| **known == name) {
                    digests.push((*known, text.to_ascii_lowercase()));
                }
            }
        }
        Ok(Self { name: text("name")?, uri: text("uri")?, digests })
    }

    /// Reads a list of resources.
    pub(super) fn read_all(list: &Node<'_, '_>, what: &'static str) -> Result<Vec<Self>, ShapeError> {
        list.items(what, MAX_DEPENDENCIES)?.map(|node| Self::read(&node)).collect()
    }

    /// Whether digests of this name are read.
    #[must_use]
    pub fn knows_algorithm(name: &str) -> bool {
        ALGORITHMS.contains(&name)
    }

    /// The digest of this name.
    #[must_use]
    pub fn digest(&self, algorithm: &str) -> Option<&str> {
        self.digests.iter().find(|(name, _)| *name == algorithm).map(|(_, value)| value.as_str())
    }
}
