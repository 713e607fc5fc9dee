//! Foreign shapes: signatures and attestations as they were kept before there were bundles, turned into the text of a Sigstore
//! bundle. Nothing is verified here and nothing is added: what a shape does not hold, its bundle does not hold either.

pub mod cosign;

use alloc::string::String;
use core::fmt;

use crate::encoding::json::{self, JsonError, Node, ShapeError, ShapeErrorKind, Value};
use crate::encoding::quoted::Quoted;
use crate::limits::MAX_BUNDLE_BYTES;

/// Why no bundle can be made of something, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// JSON pointer (RFC 6901): its first part is the name of the argument, where a function takes several; then the way in the
    /// JSON that stands there, also where that is the text of a string.
    pub at: String,
    /// What is wrong there.
    pub kind: SourceErrorKind,
}

/// What is wrong with a foreign shape.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceErrorKind {
    /// Longer than [`MAX_BUNDLE_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not JSON, or not of its shape.
    Shape(ShapeErrorKind),
    /// Not PEM of certificates only, or of one public key, as it is or in base64.
    Pem,
    /// Not the lower-case hexadecimal of 32 bytes: a log id or a hash.
    Hex,
    /// The body of a log entry that does not say of which kind it is.
    LogBody(ShapeError),
    /// An envelope without exactly one signature, which is all that a bundle can hold.
    SignatureCount {
        /// How many.
        found: usize,
    },
    /// The digest of an image that is not SHA-2 of its length, with its name before it.
    ImageDigest,
}

impl fmt::Display for SourceErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => write!(f, "expected at most {MAX_BUNDLE_BYTES} bytes, found {found}"),
            Self::Shape(kind) => kind.fmt(f),
            Self::Pem => f.write_str("expected PEM of certificates or of a public key, found something else"),
            Self::Hex => f.write_str("expected 64 digits of lower-case hexadecimal, found something else"),
            Self::LogBody(error) => write!(f, "{error} at {} of the entry's body", Quoted(&error.at)),
            Self::SignatureCount { found } => write!(f, "expected exactly one signature, found {found}"),
            Self::ImageDigest => f.write_str("expected an image's SHA-2 digest, `sha256:…`, found something else"),
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl From<ShapeError> for SourceError {
    fn from(error: ShapeError) -> Self {
        Self { at: error.at, kind: SourceErrorKind::Shape(error.kind) }
    }
}

impl From<JsonError> for SourceError {
    fn from(error: JsonError) -> Self {
        ShapeError::from(error).into()
    }
}

impl SourceError {
    /// This error, in the document that stands at `at` of another.
    fn under(self, at: &str) -> Self {
        Self { at: alloc::format!("{at}{}", self.at), ..self }
    }
}

fn wrong(node: &Node<'_, '_>, kind: SourceErrorKind) -> SourceError {
    SourceError { at: node.pointer(), kind }
}

/// Reads a document that is no larger than a bundle may be.
fn parse(text: &[u8]) -> Result<Value<'_>, SourceError> {
    if text.len() > MAX_BUNDLE_BYTES {
        let kind = SourceErrorKind::TooLarge { found: text.len() };
        return Err(SourceError { at: String::new(), kind });
    }
    Ok(json::parse(text)?)
}
