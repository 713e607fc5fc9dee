//! The payload of a legacy image signature (containers/image `docs/containers-signature.5.md`; sigstore
//! `pkg/signature/payload`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::{self, Node, ShapeError, ShapeErrorKind, Value};

/// The only type that is read. `atomic container signature` is the sibling of containers/image, which GPG signs.
pub const SIMPLE_SIGNING_TYPE: &str = "cosign container image signature";

/// What a legacy image signature is over: which image, and under which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleSigning {
    /// The digest of the image's manifest or index.
    pub manifest_digest: Digest,
    /// The name that the signer gave the image, most often without tag. cosign itself compares it with nothing.
    pub docker_reference: String,
    /// What the signer added with `-a`: the name and the JSON text of each value.
    pub optional: Vec<(String, String)>,
}

impl SimpleSigning {
    /// Reads a payload. Strictly, as containers-signature demands: all that is `critical` must be known, names have one spelling, and
    /// another type is another statement. Only `optional` may hold anything, or be `null` or missing: cosign writes it so.
    ///
    /// # Errors
    /// [`ShapeError`] with a pointer into the payload.
    pub fn from_json(payload: &[u8]) -> Result<Self, ShapeError> {
        let value = json::parse(payload)?;
        let root = Node::root(&value).strict();
        let mut fields = root.fields()?;
        let critical = fields.required("critical")?;
        let optional = match fields.optional("optional")? {
            Some(node) if *node.value() != Value::Null => {
                node.members()?.map(|(name, node)| (name.to_string(), node.value().to_text())).collect()
            }
            _ => Vec::new(),
        };
        fields.end()?;

        let mut fields = critical.fields()?;
        let (identity, image, kind) =
            (fields.required("identity")?, fields.required("image")?, fields.required("type")?);
        fields.end()?;
        if kind.string()? != SIMPLE_SIGNING_TYPE {
            let found = kind.string()?.to_string();
            return Err(kind.error(ShapeErrorKind::OtherText { expected: SIMPLE_SIGNING_TYPE, found }));
        }
        let mut fields = identity.fields()?;
        let docker_reference = fields.required("docker-reference")?.string()?.to_string();
        fields.end()?;
        let mut fields = image.fields()?;
        let node = fields.required("docker-manifest-digest")?;
        fields.end()?;
        let text = node.string()?;
        let manifest_digest = text
            .split_once(':')
            .and_then(|(name, hex)| Digest::from_hex(HashAlgorithm::from_name(name)?, hex).ok())
            .ok_or_else(|| {
                let expected = "an image's SHA-2 digest, `sha256:…`";
                node.error(ShapeErrorKind::OtherText { expected, found: text.to_string() })
            })?;
        Ok(Self { manifest_digest, docker_reference, optional })
    }
}
