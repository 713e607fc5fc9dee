//! What a bundle's signature is over.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{BundleError, BundleErrorKind, broken};
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::{self, Fields, Node};
use crate::format::envelope::Envelope;
use crate::format::log_entry::{Unknown, note_unknown};
use crate::format::simple_signing::SimpleSigning;

/// The media type of what holds a legacy image signature in the way of a bundle 0.1, which knows no such content: in place of
/// `messageSignature` stands `imageSignature: { payload, signature }`. It is our own, as no other names these signatures with all that
/// verifying them takes.
pub const IMAGE_SIGNATURE_TYPE: &str = "application/vnd.admissible.image-signature.v1+json";
/// The field of its content.
pub(crate) const IMAGE_SIGNATURE_FIELD: &str = "imageSignature";

/// What a bundle's signature is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An artifact, directly.
    MessageSignature {
        /// What the bundle says the artifact's digest is: a hint that nobody signed.
        digest: Option<Digest>,
        /// The signature.
        signature: Vec<u8>,
    },
    /// An envelope, most often around an in-toto statement.
    Envelope(Envelope),
    /// A payload that names an image: what cosign signed before it signed statements.
    ImageSignature {
        /// What the payload says.
        image: SimpleSigning,
        /// The payload, which is what was signed.
        payload: Vec<u8>,
        /// The signature.
        signature: Vec<u8>,
    },
}

impl Content {
    /// Reads whichever of the fields is there: each media type has its own.
    pub(super) fn read(
        root: &Node<'_, '_>,
        fields: &mut Fields<'_, '_>,
        is_image_signature: bool,
        unknown: &mut Unknown,
    ) -> Result<Self, BundleError> {
        if is_image_signature {
            let node =
                fields.optional(IMAGE_SIGNATURE_FIELD)?.ok_or_else(|| broken(root, BundleErrorKind::NoContent))?;
            return image_signature(&node, unknown);
        }
        match (fields.optional("messageSignature")?, fields.optional("dsseEnvelope")?) {
            (Some(node), None) => message_signature(&node, unknown),
            (None, Some(node)) => Ok(Self::Envelope(envelope(&node, unknown)?)),
            (None, None) => Err(broken(root, BundleErrorKind::NoContent)),
            (Some(_), Some(_)) => Err(broken(root, BundleErrorKind::AmbiguousContent)),
        }
    }

    /// The name in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::MessageSignature { .. } => "message-signature",
            Self::Envelope(_) => "dsse-envelope",
            Self::ImageSignature { .. } => "image-signature",
        }
    }

    /// The one signature.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        match self {
            Self::MessageSignature { signature, .. } | Self::ImageSignature { signature, .. } => signature,
            Self::Envelope(envelope) => &envelope.signature,
        }
    }
}

fn message_signature(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Content, BundleError> {
    let mut fields = node.fields()?;
    let signature = signature_bytes(&fields.required("signature")?)?;
    let digest = match fields.optional("messageDigest")? {
        None => None,
        Some(node) => {
            let mut fields = node.fields()?;
            let algorithm = fields.required("algorithm")?;
            let algorithm = match algorithm.value() {
                json::Value::Unsigned(number) => {
                    i32::try_from(*number).ok().and_then(HashAlgorithm::from_protobuf_number)
                }
                _ => HashAlgorithm::from_protobuf_name(algorithm.string()?),
            };
            let bytes = fields.required("digest")?.bytes()?;
            note_unknown(&fields, unknown);
            let digest = algorithm.and_then(|algorithm| Digest::new(algorithm, &bytes).ok());
            Some(digest.ok_or_else(|| broken(&node, BundleErrorKind::MessageDigest))?)
        }
    };
    note_unknown(&fields, unknown);
    Ok(Content::MessageSignature { digest, signature })
}

/// The payload is read here, since it says which image is meant; that it was signed is for the signature's check.
fn image_signature(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Content, BundleError> {
    let mut fields = node.fields()?;
    let signature = signature_bytes(&fields.required("signature")?)?;
    let text = fields.required("payload")?;
    let payload = text.bytes()?;
    let image = SimpleSigning::from_json(&payload)
        .map_err(|error| BundleError::new(text.pointer(), BundleErrorKind::ImagePayload(error)))?;
    note_unknown(&fields, unknown);
    Ok(Content::ImageSignature { image, payload, signature })
}

fn envelope(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Envelope, BundleError> {
    let mut fields = node.fields()?;
    let payload = fields.required("payload")?.bytes()?;
    let payload_type = fields.required("payloadType")?.string()?.to_string();
    let list = fields.required("signatures")?;
    let mut items = list.items("signatures", usize::MAX)?;
    let (first, more) = (items.next(), items.count());
    let (Some(first), 0) = (first, more) else {
        let found = more.saturating_add(usize::from(first.is_some()));
        return Err(broken(&list, BundleErrorKind::SignatureCount { found }));
    };
    let mut signature = first.fields()?;
    let bytes = signature_bytes(&signature.required("sig")?)?;
    let key_id = signature.optional("keyid")?.map_or(Ok(""), |id| id.string())?.to_string();
    note_unknown(&signature, unknown);
    note_unknown(&fields, unknown);
    Ok(Envelope { payload, payload_type, signature: bytes, key_id })
}

fn signature_bytes(node: &Node<'_, '_>) -> Result<Vec<u8>, BundleError> {
    let bytes = node.bytes()?;
    if bytes.is_empty() { Err(broken(node, BundleErrorKind::EmptySignature)) } else { Ok(bytes) }
}
