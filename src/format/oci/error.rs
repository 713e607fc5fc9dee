//! Whatever can be wrong with an image's name or documents, in one type, for those who hand it on.

use alloc::string::String;
use core::fmt;

use super::attestation::AttestedError;
use super::digest::{ContentDigestError, ContentError};
use super::membership::MembershipError;
use super::reference::ReferenceError;
use super::{DocumentError, OciError};
use crate::encoding::quoted::Quoted;

/// What is wrong with an image's name or documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// No name of an image.
    Name(ReferenceError),
    /// No platform, `os/architecture` or `os/architecture/variant`.
    Platform {
        /// What stands in its place.
        found: String,
    },
    /// No digest by which content was asked for.
    Digest(ContentDigestError),
    /// Other content than was asked for.
    Content(ContentError),
    /// No manifest or index.
    Document(OciError),
    /// About something else than the image, or about nothing.
    Subject {
        /// The digest of the image.
        expected: String,
        /// What it is about.
        found: Option<String>,
    },
    /// The image for a platform cannot be told.
    Membership(MembershipError),
    /// No statement about the image.
    Statement(AttestedError),
    /// A layer that is no evidence.
    NoEvidence {
        /// Its media type.
        found: String,
    },
}

impl From<DocumentError> for ImageError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Content(error) => Self::Content(error),
            DocumentError::Document(error) => Self::Document(error),
        }
    }
}

impl From<MembershipError> for ImageError {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::Content { error, .. } => Self::Content(error),
            MembershipError::Document { error, .. } => Self::Document(error),
            other => Self::Membership(other),
        }
    }
}

impl From<AttestedError> for ImageError {
    fn from(error: AttestedError) -> Self {
        match error {
            AttestedError::Content(error) => Self::Content(error),
            other => Self::Statement(other),
        }
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => error.fmt(f),
            Self::Platform { found } => {
                write!(f, "expected a platform such as linux/amd64 or linux/arm/v7, found {}", Quoted(found))
            }
            Self::Digest(error) => error.fmt(f),
            Self::Content(error) => error.fmt(f),
            Self::Document(error) => error.fmt(f),
            Self::Subject { expected, found: Some(found) } => {
                write!(f, "expected the subject {expected}, found {found}")
            }
            Self::Subject { expected, found: None } => write!(f, "expected the subject {expected}, found none"),
            Self::Membership(error) => error.fmt(f),
            Self::Statement(error) => error.fmt(f),
            Self::NoEvidence { found } => {
                write!(f, "expected a layer that is evidence, found one of {}", Quoted(found))
            }
        }
    }
}
