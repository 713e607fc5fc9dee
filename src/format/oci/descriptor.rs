//! Descriptors: which content is meant, of what type and size (image-spec `descriptor.md`).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::digest::{ContentDigest, ContentError};
use super::platform::Platform;
use super::read::{annotations, optional, optional_text, refuse_look_alikes, required, required_text, wrong};
use super::{DocumentType, OciError, OciErrorKind};
use crate::crypto::Digest;
use crate::encoding::base64;
use crate::encoding::json::{self, Node, ShapeErrorKind, Value};
use crate::limits::{MAX_EXACT_INTEGER, MAX_OCI_DOCUMENT_BYTES};

/// The media type of the empty descriptor.
pub const EMPTY_MEDIA_TYPE: &str = "application/vnd.oci.empty.v1+json";
/// What the empty descriptor names: the two bytes `{}`.
const EMPTY: &[u8] = b"{}";

/// Free text by name: said by whoever wrote the document, and good for finding things, not for believing them.
pub type Annotations = BTreeMap<String, String>;

/// Names some content.
///
/// `urls` is not read: where bytes come from does not matter, since they are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The content's media type, as written.
    pub media_type: String,
    /// Its digest.
    pub digest: ContentDigest,
    /// Its size in bytes, at most [`MAX_EXACT_INTEGER`].
    pub size: u64,
    /// Annotations.
    pub annotations: Annotations,
    /// The content itself, where it was sent along. It was checked when it was read; what cannot be checked is left out.
    pub data: Option<Vec<u8>>,
    /// The platform that an image runs on.
    pub platform: Option<Platform>,
    /// The type of the artifact that a manifest describes.
    pub artifact_type: Option<String>,
}

const FIELDS: [&str; 8] = ["mediaType", "digest", "size", "annotations", "data", "platform", "artifactType", "urls"];

impl Descriptor {
    /// Reads a descriptor that stands for itself.
    ///
    /// # Errors
    /// [`OciError`].
    pub fn from_json(text: &[u8]) -> Result<Self, OciError> {
        if text.len() > MAX_OCI_DOCUMENT_BYTES {
            return Err(OciError::new(String::new(), OciErrorKind::TooLarge { found: text.len() }));
        }
        let value = json::parse(text)?;
        Self::read(&Node::root(&value))
    }

    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, OciError> {
        refuse_look_alikes(node, &FIELDS)?;
        let media_type = required_text(node, "mediaType")?;
        let digest = required(node, "digest")?;
        let digest =
            ContentDigest::parse(digest.string()?).map_err(|error| wrong(&digest, OciErrorKind::Digest(error)))?;
        let size = required(node, "size")?;
        let size = match size.value() {
            // The specification says int64, and half of all readers would take a larger one for its neighbour.
            Value::Unsigned(number) if *number <= MAX_EXACT_INTEGER => *number,
            _ => return Err(size.error(ShapeErrorKind::Integer).into()),
        };
        let platform = optional(node, "platform").map(|platform| Platform::read(&platform)).transpose()?;
        let mut found = Self {
            media_type,
            digest,
            size,
            annotations: annotations(node)?,
            data: None,
            platform,
            artifact_type: optional_text(node, "artifactType")?,
        };
        if let Some(data) = optional(node, "data") {
            let bytes = base64::decode_standard(data.string()?).ok_or_else(|| data.error(ShapeErrorKind::Base64))?;
            match found.check(&bytes) {
                Ok(_) => found.data = Some(bytes),
                Err(ContentError::UnknownAlgorithm { .. }) => {}
                Err(error) => return Err(wrong(&data, OciErrorKind::Data(error))),
            }
        }
        Ok(found)
    }

    /// Demands that `content` is what this descriptor names: first by its size, so that nothing is hashed in vain, then by its
    /// digest, over the bytes as they came. Gives the digest.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn check(&self, content: &[u8]) -> Result<Digest, ContentError> {
        let found = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if found != self.size {
            return Err(ContentError::Size { expected: self.size, found });
        }
        self.digest.check(content)
    }

    /// The annotation of this name.
    #[must_use]
    pub fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.get(name).map(String::as_str)
    }

    /// Whether it names an index, by its media type.
    #[must_use]
    pub fn is_index(&self) -> bool {
        DocumentType::from_name(&self.media_type).is_some_and(DocumentType::is_index)
    }

    /// Whether this is the empty descriptor, which stands where there is nothing to say (image-spec `manifest.md`, "Guidance for an
    /// Empty Descriptor").
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.media_type == EMPTY_MEDIA_TYPE && self.check(EMPTY).is_ok()
    }
}
