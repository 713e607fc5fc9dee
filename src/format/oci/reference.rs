//! Names of images, `registry/repository:tag@digest` (distribution `reference/regexp.go`; distribution-spec, "Pulling manifests").

use alloc::string::{String, ToString};
use core::fmt;

use super::digest::{ContentDigest, ContentDigestError};
use crate::crypto::Digest;
use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_IMAGE_NAME_BYTES, MAX_TAG_BYTES};

/// The name of an image. `Display` gives it back as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageReference {
    /// The registry, with its port. Without one, Docker means its own registry and, for names of one part, `library/`; others mean
    /// others: that is for the caller to say.
    pub registry: Option<String>,
    /// The repository.
    pub repository: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest.
    pub digest: Option<ContentDigest>,
}

/// Why a text does not name an image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Longer than [`MAX_IMAGE_NAME_BYTES`] without tag and digest.
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Not a registry.
    Registry {
        /// What stands in its place.
        found: String,
    },
    /// Not a repository.
    Repository {
        /// What stands in its place.
        found: String,
    },
    /// Sixty-four hexadecimal digits: Docker takes it for the id of an image.
    ImageId,
    /// Not a tag.
    Tag {
        /// What stands in its place.
        found: String,
    },
    /// Not a digest.
    Digest(ContentDigestError),
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { found } => {
                write!(f, "expected the name of an image of at most {MAX_IMAGE_NAME_BYTES} bytes, found {found}")
            }
            Self::Registry { found } => {
                write!(f, "expected a registry as `host` or `host:port`, found {}", Quoted(found))
            }
            Self::Repository { found } => {
                write!(
                    f,
                    "expected a repository of lower-case letters, digits and single separators, found {}",
                    Quoted(found)
                )
            }
            Self::ImageId => f.write_str("expected the name of a repository, found the id of an image"),
            Self::Tag { found } => write!(f, "expected a tag, found {}", Quoted(found)),
            Self::Digest(error) => error.fmt(f),
        }
    }
}

impl ImageReference {
    /// Reads the name of an image. The first part is a registry when Docker takes it for one: with a dot, a port or an upper-case
    /// letter, or `localhost`.
    ///
    /// # Errors
    /// [`ReferenceError`].
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let (rest, digest) = match text.split_once('@') {
            None => (text, None),
            Some((rest, digest)) => (rest, Some(ContentDigest::parse(digest).map_err(ReferenceError::Digest)?)),
        };
        // A colon before the last slash is that of a port.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        if name.len() > MAX_IMAGE_NAME_BYTES {
            return Err(ReferenceError::TooLong { found: name.len() });
        }
        if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
            return Err(ReferenceError::Tag { found: tag.to_string() });
        }
        let names_registry = |part: &str| {
            part.contains(['.', ':']) || part == "localhost" || part.contains(|c: char| c.is_ascii_uppercase())
        };
        let (registry, repository) = match name.split_once('/') {
            Some((first, rest)) if names_registry(first) => (Some(first), rest),
            _ => (None, name),
        };
        if let Some(registry) = registry.filter(|registry| !is_registry(registry)) {
            return Err(ReferenceError::Registry { found: registry.to_string() });
        }
        if !repository.split('/').all(is_path_component) {
            return Err(ReferenceError::Repository { found: repository.to_string() });
        }
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if registry.is_none() && repository.len() == 64 && repository.bytes().all(is_hex) {
            return Err(ReferenceError::ImageId);
        }
        let owned = |part: &str| part.to_string();
        Ok(Self { registry: registry.map(owned), repository: owned(repository), tag: tag.map(owned), digest })
    }

    /// The digest that says which image is meant. Without one, or with one that cannot be checked, it is whatever the registry
    /// answers: a tag can be moved ("tag not pinned").
    #[must_use]
    pub fn pinned(&self) -> Option<&Digest> {
        self.digest.as_ref().and_then(ContentDigest::known)
    }
}

/// `[a-zA-Z0-9_][a-zA-Z0-9._-]*`
fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= MAX_TAG_BYTES
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

/// Lower-case letters and digits, between which stand `.`, `_`, `__` or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |between: &str| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|b| b == b'-');
    text.starts_with(is_letter) && text.ends_with(is_letter) && text.split(is_letter).all(is_separator)
}

/// A host name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port = |port: &str| !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_label = |label: &str| {
        let is_letter = |c: char| c.is_ascii_alphanumeric();
        label.starts_with(is_letter) && label.ends_with(is_letter) && label.chars().all(|c| is_letter(c) || c == '-')
    };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<core::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(is_label),
    };
    is_host && port.is_none_or(is_port)
}

/// As it was read.
impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.as_ref().map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}
