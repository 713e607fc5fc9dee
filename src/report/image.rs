//! Names and documents of images, as JSON, for those who fetch them. Bytes are checked by the digest that they were asked by; whether anybody
//! signed that digest is another question.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::description::StatementClaim;
use crate::crypto::{Digest, sha256};
use crate::encoding::json::{self, Node, ShapeErrorKind, Value};
use crate::format::oci::Document;
use crate::format::oci::attestation::{Attestation, unsigned_statement};
use crate::format::oci::descriptor::Descriptor;
use crate::format::oci::digest::{ContentDigest, ContentError};
use crate::format::oci::error::ImageError;
use crate::format::oci::evidence::Evidence;
use crate::format::oci::membership::{Membership, MembershipError};
use crate::format::oci::platform::Platform;
use crate::format::oci::reference::ImageReference;
use crate::format::oci::referrer::{Attached, cosign_tag, fallback_tag};
use crate::format::source::cosign::{self, Annotations};
use crate::policy::options::{UsageError, UsageErrorKind};

/// The name of an image, taken apart.
#[derive(Debug, Serialize)]
pub struct NameDescription {
    /// The registry, with its port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// The repository.
    pub repository: String,
    /// The tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The digest, `sha256:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Which content is meant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DescriptorDescription {
    /// Its media type.
    pub media_type: String,
    /// Its digest, `sha256:…`.
    pub digest: String,
    /// Its size in bytes.
    pub size: u64,
    /// The type of the artifact that a manifest describes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// `os/architecture` or `os/architecture/variant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Which evidence it is, by its media type: `bundle`, `signature`, `attestation` or `statement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<&'static str>,
}

/// A manifest or an index.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentDescription {
    /// `manifest` or `index`.
    pub kind: &'static str,
    /// Its digest: the one that it was asked by, else of SHA-256.
    pub digest: String,
    /// Its size in bytes.
    pub size: usize,
    /// Its media type.
    pub media_type: &'static str,
    /// The type of the artifact that it describes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// What it says it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<DescriptorDescription>,
    /// The configuration of a manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<DescriptorDescription>,
    /// The layers of a manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<Vec<DescriptorDescription>>,
    /// The manifests of an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifests: Option<Vec<DescriptorDescription>>,
    /// The attestation manifests of an index, each with the image that it is about: see [`crate::format::oci::attestation`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attestations: Vec<AttestationDescription>,
    /// The tags under which evidence about it may be.
    pub tags: TagsDescription,
}

/// An attestation manifest, and its image.
#[derive(Debug, Serialize)]
pub struct AttestationDescription {
    /// The attestation manifest.
    pub manifest: DescriptorDescription,
    /// The digest of the image.
    pub image: String,
}

/// The tags under which evidence about a digest may be.
#[derive(Debug, Serialize)]
pub struct TagsDescription {
    /// Of the list of referrers, where the registry has no such list ([`fallback_tag`]).
    pub referrers: String,
    /// Of cosign's signatures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatures: Option<String>,
    /// Of cosign's attestations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestations: Option<String>,
}

/// Which content was asked for.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Its digest.
    pub digest: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Its media type: by a descriptor, or by the answer's `Content-Type`.
    pub media_type: Option<String>,
    /// The digest that its `subject` must have.
    pub subject: Option<String>,
}

impl Expected {
    /// Reads `{ "digest": "sha256:…", "size": 7, "mediaType": "…", "subject": "sha256:…" }`, in which each may be absent.
    ///
    /// # Errors
    /// [`UsageError`] of code `malformed-options`.
    pub fn from_json(text: &str) -> Result<Self, UsageError> {
        let value = json::parse(text.as_bytes())?;
        let root = Node::root(&value).strict();
        let mut fields = root.fields()?;
        let mut text = |name| fields.optional(name)?.map(|node| node.string().map(ToString::to_string)).transpose();
        let (digest, media_type, subject) = (text("digest")?, text("mediaType")?, text("subject")?);
        let size = fields.optional("size")?.map(|node| match node.value() {
            Value::Unsigned(size) => Ok(*size),
            _ => Err(node.error(ShapeErrorKind::Integer)),
        });
        let size = size.transpose()?;
        fields.end()?;
        Ok(Self { digest, size, media_type, subject })
    }
}

/// The image for a platform, or what has to be fetched to tell.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", untagged)]
pub enum PlatformDescription {
    /// It is found.
    Found {
        /// The image.
        image: DescriptorDescription,
        /// The digests of the nested indexes on the way, from the outside in.
        through: Vec<String>,
    },
    /// A nested index stands before it.
    Needed {
        /// Its digest.
        needed: String,
    },
}

/// A layer that is evidence.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum LayerDescription {
    /// What somebody signed.
    Bundle {
        /// The JSON text of a bundle, or of what holds an image's signature like one.
        bundle: String,
    },
    /// A statement that nobody signed.
    Statement {
        /// What it claims.
        statement: UnsignedStatement,
    },
}

/// A statement that nobody signed. It shows at most that there is provenance.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnsignedStatement {
    /// Always `false`: a reader of this must see it.
    pub verified: bool,
    /// What it claims.
    #[serde(flatten)]
    pub claims: StatementClaim,
    /// Of provenance, the SLSA build level that it can show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<UnsignedLevel>,
}

/// The SLSA build level of provenance that nobody signed.
#[derive(Debug, Serialize)]
pub struct UnsignedLevel {
    /// 1: that provenance exists ([SLSA 1.2, build track](https://slsa.dev/spec/v1.2/build-track-basics)).
    pub build: u8,
    /// Why it is not higher.
    pub reason: &'static str,
}

const UNSIGNED: &str = "nobody signed this provenance: whoever could write to the index could write it";

fn wrong(error: impl Into<ImageError>) -> UsageError {
    let error = error.into();
    let at = match &error {
        ImageError::Document(error) => error.at.clone(),
        _ => String::new(),
    };
    UsageError::new(at, UsageErrorKind::Image(error))
}

/// Takes the name of an image apart ([`ImageReference::parse`]).
///
/// # Errors
/// [`UsageError`] of code `invalid-image-name`.
pub fn read_image_name(name: &str) -> Result<NameDescription, UsageError> {
    let name = ImageReference::parse(name).map_err(|error| wrong(ImageError::Name(error)))?;
    let digest = name.digest.map(|digest| digest.to_string());
    Ok(NameDescription { registry: name.registry, repository: name.repository, tag: name.tag, digest })
}

/// Reads a manifest or an index, after a check that it is the one that was asked for: first its size, then its digest over the bytes as they
/// came.
///
/// # Errors
/// [`UsageError`] of code `image-content-differs`, `malformed-image-document` or `image-subject-differs`.
pub fn read_image_document(bytes: &[u8], expected: &Expected) -> Result<DocumentDescription, UsageError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if let Some(expected) = expected.size.filter(|expected| *expected != size) {
        return Err(wrong(ImageError::Content(ContentError::Size { expected, found: size })));
    }
    let digest = match &expected.digest {
        None => Digest::Sha256(sha256(bytes)),
        Some(expected) => {
            let expected = content_digest(expected)?;
            expected.check(bytes).map_err(|error| wrong(ImageError::Content(error)))?
        }
    };
    let document =
        Document::read(bytes, expected.media_type.as_deref()).map_err(|error| wrong(ImageError::Document(error)))?;
    if let Some(expected) = &expected.subject {
        let found = document.subject().map(|subject| subject.digest.to_string());
        if found.as_ref() != Some(expected) {
            return Err(wrong(ImageError::Subject { expected: expected.clone(), found }));
        }
    }
    Ok(DocumentDescription::of(document, digest.into(), bytes.len()))
}

/// Finds the image for a platform ([`Membership::of_platform`]) in the first of `indexes`; the others are nested ones that are at hand.
///
/// # Errors
/// [`UsageError`] of code `invalid-platform`, `no-such-platform` or `malformed-image-document`.
pub fn find_platform(platform: &str, indexes: &[&[u8]]) -> Result<PlatformDescription, UsageError> {
    let wanted =
        Platform::from_name(platform).ok_or_else(|| wrong(ImageError::Platform { found: platform.to_string() }))?;
    let (outermost, nested) = indexes.split_first().ok_or_else(|| wrong(MembershipError::NoIndex))?;
    let index = Digest::Sha256(sha256(outermost));
    let at_hand = |digest: &ContentDigest| nested.iter().copied().find(|bytes| digest.check(bytes).is_ok());
    match Membership::of_platform(&index, outermost, &wanted, &at_hand) {
        Ok(found) => Ok(PlatformDescription::Found {
            image: found.descriptor().into(),
            through: found.through().iter().map(ToString::to_string).collect(),
        }),
        Err(MembershipError::NotAtHand { digest }) => Ok(PlatformDescription::Needed { needed: digest.to_string() }),
        Err(error) => Err(wrong(error)),
    }
}

/// Reads a layer that is evidence: into a bundle, or as a statement that nobody signed, which must be about `image`. `layer` is its descriptor,
/// as JSON.
///
/// # Errors
/// [`UsageError`] of code `image-content-differs`, `malformed-image-document`, `malformed-image-statement` or `malformed-source`.
pub fn read_image_layer(layer: &str, bytes: &[u8], image: Option<&str>) -> Result<LayerDescription, UsageError> {
    let layer = Descriptor::from_json(layer.as_bytes()).map_err(|error| wrong(ImageError::Document(error)))?;
    layer.check(bytes).map_err(|error| wrong(ImageError::Content(error)))?;
    let annotations =
        || Annotations::from_pairs(layer.annotations.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let bundle = match Evidence::of(&layer) {
        None => return Err(wrong(ImageError::NoEvidence { found: layer.media_type })),
        Some(Evidence::Bundle(_)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Evidence::Signature(_)) => cosign::image_signature(bytes, &annotations())?,
        Some(Evidence::Attestation(_)) => cosign::attestation(bytes, &annotations())?,
        Some(Evidence::Statement(_)) => {
            let image = image.map(content_digest).transpose()?;
            let statement = unsigned_statement(&layer, bytes, image.as_ref()).map_err(wrong)?;
            let claims = StatementClaim::from(statement);
            let level = claims.is_provenance.then_some(UnsignedLevel { build: 1, reason: UNSIGNED });
            return Ok(LayerDescription::Statement { statement: UnsignedStatement { verified: false, claims, level } });
        }
    };
    Ok(LayerDescription::Bundle { bundle })
}

fn content_digest(text: &str) -> Result<ContentDigest, UsageError> {
    ContentDigest::parse(text).map_err(|error| wrong(ImageError::Digest(error)))
}

impl DocumentDescription {
    fn of(document: Document, digest: ContentDigest, size: usize) -> Self {
        let artifact_type = document.artifact_type().map(ToString::to_string);
        let tags = TagsDescription {
            referrers: fallback_tag(&digest),
            signatures: cosign_tag(&digest, Attached::Signatures),
            attestations: cosign_tag(&digest, Attached::Attestations),
        };
        let all = |descriptors: &[Descriptor]| Some(descriptors.iter().map(DescriptorDescription::from).collect());
        let digest = digest.to_string();
        match document {
            Document::Manifest(manifest) => Self {
                kind: "manifest",
                digest,
                size,
                media_type: manifest.document_type.name(),
                artifact_type,
                subject: manifest.subject.as_ref().map(Into::into),
                config: Some((&manifest.config).into()),
                layers: all(&manifest.layers),
                manifests: None,
                attestations: Vec::new(),
                annotations: manifest.annotations,
                tags,
            },
            Document::Index(index) => Self {
                kind: "index",
                digest,
                size,
                media_type: index.document_type.name(),
                artifact_type,
                subject: index.subject.as_ref().map(Into::into),
                config: None,
                layers: None,
                manifests: all(&index.manifests),
                attestations: index.attestations().flatten().map(AttestationDescription::from).collect(),
                annotations: index.annotations,
                tags,
            },
        }
    }
}

impl From<Attestation<'_>> for AttestationDescription {
    fn from(attestation: Attestation<'_>) -> Self {
        Self { manifest: attestation.manifest().into(), image: attestation.image().digest.to_string() }
    }
}

impl From<&Descriptor> for DescriptorDescription {
    fn from(descriptor: &Descriptor) -> Self {
        Self {
            media_type: descriptor.media_type.clone(),
            digest: descriptor.digest.to_string(),
            size: descriptor.size,
            artifact_type: descriptor.artifact_type.clone(),
            platform: descriptor.platform.as_ref().map(Platform::name),
            annotations: descriptor.annotations.clone(),
            evidence: Evidence::of(descriptor).map(|evidence| evidence.name()),
        }
    }
}
