//! Whether a registry signed what it says of a version, as JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use crate::check::{Coded, codes};
use crate::encoding::quoted::Quoted;
use crate::time::UnixTime;

/// Whether a registry signed what it says of a version: that the tarball of this name and version hashes to this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryVerdict {
    /// Subresource Integrity of the tarball, as the registry writes it.
    pub integrity: Option<String>,
    /// The id of the key whose signature holds.
    pub key_id: Option<String>,
    /// Why it does not count; empty where it does.
    pub failures: Vec<RegistryError>,
}

/// Why what a registry says of a version is not shown to be its word.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// There is no digest that could be signed.
    WithoutIntegrity,
    /// Nobody signed.
    Missing,
    /// Only keys signed that are not known.
    UnknownKey {
        /// The first one's id.
        found: String,
    },
    /// A signature by the id of a known key is not that key's over this name, version and digest.
    Invalid {
        /// The key's id.
        key_id: String,
    },
    /// The key signs nothing any more since before the version was published.
    Expired {
        /// When the version was published.
        published: UnixTime,
        /// The key's end.
        end: UnixTime,
    },
    /// The key has an end, and when the version was published is not said.
    WithoutTime {
        /// The key's end.
        end: UnixTime,
    },
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WithoutIntegrity => f.write_str("expected the tarball's `integrity`, found none"),
            Self::Missing => f.write_str("expected a signature of the registry, found none"),
            Self::UnknownKey { found } => {
                write!(f, "expected a signature by a known key of the registry, found one by {}", Quoted(found))
            }
            Self::Invalid { key_id } => {
                write!(
                    f,
                    "expected the signature of {} over this name, version and digest, found one that is not",
                    Quoted(key_id)
                )
            }
            Self::Expired { published, end } => {
                write!(f, "expected a version published before the key's end, {end}, found {published}")
            }
            Self::WithoutTime { end } => {
                write!(f, "expected the time of publication, for the key signs only until {end}, found none")
            }
        }
    }
}

impl Coded for RegistryError {
    codes!(RegistryError {
        E::WithoutIntegrity => "registry-without-integrity",
        E::Missing => "registry-signature-missing",
        E::UnknownKey { .. } => "registry-key-unknown",
        E::Invalid { .. } => "registry-signature-invalid",
        E::Expired { .. } => "registry-key-expired",
        E::WithoutTime { .. } => "registry-key-without-time",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { .. } => {
                Some("the registry may have taken another key, or be another one than npm's: pass its keys".into())
            }
            Self::WithoutTime { .. } => {
                Some("pass when the version was published: `time` of the package's description has it".into())
            }
            _ => None,
        }
    }
}

impl Serialize for RegistryVerdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Failure {
            code: &'static str,
            message: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            hint: Option<String>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            verdict: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            integrity: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            key_id: Option<&'a str>,
            failures: Vec<Failure>,
        }
        let failure =
            |error: &RegistryError| Failure { code: error.code(), message: error.to_string(), hint: error.hint() };
        Wire {
            verdict: if self.failures.is_empty() { "passed" } else { "failed" },
            integrity: self.integrity.as_deref(),
            key_id: self.key_id.as_deref(),
            failures: self.failures.iter().map(failure).collect(),
        }
        .serialize(serializer)
    }
}
