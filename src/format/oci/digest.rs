//! Digests as OCI writes them, `algorithm:encoded` (image-spec `descriptor.md`, "Digests").

use alloc::string::{String, ToString};
use core::fmt;

use crate::crypto::{self, Digest, DigestError, HashAlgorithm};
use crate::encoding::quoted::Quoted;
use crate::limits::MAX_CONTENT_DIGEST_BYTES;

/// The name of some content: by it, bytes are known again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentDigest {
    /// One that can be computed: `sha256`, `sha512`.
    Known(Digest),
    /// One that is spelled right, of another algorithm: it can be compared with its like, but no bytes can be checked by it.
    Other(OtherDigest),
}

/// A digest of an algorithm that is not computed here, as written. Only reading makes one, so its spelling is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherDigest(String);

/// The algorithms that image-spec registers and that are computed here.
const ALGORITHMS: [HashAlgorithm; 2] = [HashAlgorithm::Sha256, HashAlgorithm::Sha512];

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentDigestError {
    /// Not `algorithm:encoded`.
    Grammar {
        /// The text.
        found: String,
    },
    /// Longer than [`MAX_CONTENT_DIGEST_BYTES`].
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Of a known algorithm, but not lower-case hexadecimal of its length.
    Encoded(DigestError),
}

impl fmt::Display for ContentDigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grammar { found } => write!(f, "expected a digest as `algorithm:encoded`, found {}", Quoted(found)),
            Self::TooLong { found } => {
                write!(f, "expected a digest of at most {MAX_CONTENT_DIGEST_BYTES} bytes, found {found}")
            }
            Self::Encoded(error) => error.fmt(f),
        }
    }
}

/// Why bytes are not those that a digest or a descriptor names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// Another number of bytes.
    Size {
        /// Bytes expected.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// Another digest.
    Digest {
        /// The one expected.
        expected: Digest,
        /// The one that the bytes have.
        found: Digest,
    },
    /// A digest of an algorithm that is not computed here.
    UnknownAlgorithm {
        /// The digest.
        digest: String,
    },
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { expected, found } => write!(f, "expected {expected} bytes, found {found}"),
            Self::Digest { expected, found } => write!(f, "expected content with the digest {expected}, found {found}"),
            Self::UnknownAlgorithm { digest } => {
                write!(
                    f,
                    "expected a digest of sha256 or sha512, by which content can be checked, found {}",
                    Quoted(digest)
                )
            }
        }
    }
}

impl ContentDigest {
    /// Reads a digest.
    ///
    /// # Errors
    /// [`ContentDigestError`] when it breaks the grammar, or that of a known algorithm: upper-case hexadecimal would be a second
    /// name of the same content.
    pub fn parse(text: &str) -> Result<Self, ContentDigestError> {
        if text.len() > MAX_CONTENT_DIGEST_BYTES {
            return Err(ContentDigestError::TooLong { found: text.len() });
        }
        let wrong = || ContentDigestError::Grammar { found: text.to_string() };
        let (algorithm, encoded) = text.split_once(':').ok_or_else(wrong)?;
        if let Some(known) = ALGORITHMS.into_iter().find(|known| known.name() == algorithm) {
            return Digest::from_hex(known, encoded).map(Self::Known).map_err(ContentDigestError::Encoded);
        }
        let is_component = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let is_encoded = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'_' | b'-');
        let is_spelled_right = algorithm.split(['+', '.', '_', '-']).all(is_component)
            && !encoded.is_empty()
            && encoded.bytes().all(is_encoded);
        is_spelled_right.then(|| Self::Other(OtherDigest(text.to_string()))).ok_or_else(wrong)
    }

    /// The digest, where bytes can be checked by it.
    #[must_use]
    pub fn known(&self) -> Option<&Digest> {
        match self {
            Self::Known(digest) => Some(digest),
            Self::Other(_) => None,
        }
    }

    /// Every name of this content that can be computed here.
    #[must_use]
    pub fn all_of(content: &[u8]) -> [Self; 2] {
        ALGORITHMS.map(|algorithm| Self::Known(crypto::digest(algorithm, content)))
    }

    /// Demands that `content` has this digest; gives the digest, which is now more than a word.
    ///
    /// # Errors
    /// [`ContentError::Digest`] when it has another, [`ContentError::UnknownAlgorithm`] when nobody here can tell.
    pub fn check(&self, content: &[u8]) -> Result<Digest, ContentError> {
        let Self::Known(expected) = self else {
            return Err(ContentError::UnknownAlgorithm { digest: self.to_string() });
        };
        let found = crypto::digest(expected.algorithm(), content);
        if found != *expected {
            return Err(ContentError::Digest { expected: *expected, found });
        }
        Ok(found)
    }
}

impl From<Digest> for ContentDigest {
    fn from(digest: Digest) -> Self {
        // SHA-384 is not registered, so no document that is read here can name it as known.
        if ALGORITHMS.contains(&digest.algorithm()) {
            Self::Known(digest)
        } else {
            Self::Other(OtherDigest(digest.to_string()))
        }
    }
}

/// `algorithm:encoded`
impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(digest) => digest.fmt(f),
            Self::Other(OtherDigest(text)) => f.write_str(text),
        }
    }
}
