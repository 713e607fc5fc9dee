//! Referrers: manifests that say they are about another, by their `subject` (distribution-spec, "Listing Referrers").
//!
//! A registry lists them, and nobody signs that list: what counts is what each of them says, and what is signed inside.

use alloc::string::{String, ToString};
use core::fmt;

use super::descriptor::Descriptor;
use super::digest::ContentDigest;
use super::evidence::is_bundle_media_type;
use super::{Document, DocumentError, Index};
use crate::encoding::quoted::Quoted;
use crate::limits::MAX_TAG_BYTES;

/// The annotation of a bundle's referrer that tells what it holds: `dsse-envelope` or `message-signature`.
pub const BUNDLE_CONTENT: &str = "dev.sigstore.bundle.content";
/// The annotation of a bundle's referrer that tells the type of its predicate.
pub const BUNDLE_PREDICATE_TYPE: &str = "dev.sigstore.bundle.predicateType";

/// The artifact type of cosign's signatures as referrers, which cosign 2 wrote where it was asked to; their layers are those of
/// its other signatures.
pub const COSIGN_SIGNATURE_ARTIFACT: &str = "application/vnd.dev.cosign.artifact.sig.v1+json";

/// A document that was checked against its descriptor and says that it is about one image. Anybody who may write to the repository
/// can make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referrer {
    document: Document,
    image: ContentDigest,
}

/// Why a document is no referrer of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferrerError {
    /// It is not what is listed.
    Document(DocumentError),
    /// It has no `subject`.
    NoSubject,
    /// It is about something else.
    OtherSubject {
        /// The image.
        expected: ContentDigest,
        /// What it is about.
        found: ContentDigest,
    },
}

impl fmt::Display for ReferrerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(error) => error.fmt(f),
            Self::NoSubject => f.write_str("expected a `subject`, found none"),
            Self::OtherSubject { expected, found } => write!(f, "expected the subject {expected}, found {found}"),
        }
    }
}

/// Why a referrer holds no bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleLayerError {
    /// It is an index.
    NotAManifest,
    /// It is an artifact of another type.
    ArtifactType {
        /// The type.
        found: String,
    },
    /// Not exactly one layer.
    LayerCount {
        /// How many.
        found: usize,
    },
    /// The layer is of another type.
    LayerType {
        /// The type.
        found: String,
    },
}

impl fmt::Display for BundleLayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAManifest => f.write_str("expected a manifest with a bundle, found an index"),
            Self::ArtifactType { found } => {
                write!(f, "expected the artifact type of a Sigstore bundle, found {}", Quoted(found))
            }
            Self::LayerCount { found } => write!(f, "expected one layer, the bundle, found {found}"),
            Self::LayerType { found } => {
                write!(f, "expected a layer of the media type of a Sigstore bundle, found {}", Quoted(found))
            }
        }
    }
}

impl Referrer {
    /// Reads what `listed` names, and demands that its subject is `image`: a registry may list what it likes.
    ///
    /// # Errors
    /// [`ReferrerError`].
    pub fn read(listed: &Descriptor, bytes: &[u8], image: &ContentDigest) -> Result<Self, ReferrerError> {
        let document = Document::read_described(listed, bytes).map_err(ReferrerError::Document)?;
        let found = &document.subject().ok_or(ReferrerError::NoSubject)?.digest;
        if found != image {
            return Err(ReferrerError::OtherSubject { expected: image.clone(), found: found.clone() });
        }
        Ok(Self { document, image: image.clone() })
    }

    /// What it consists of.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The image that it says it is about.
    #[must_use]
    pub fn image(&self) -> &ContentDigest {
        &self.image
    }

    /// The layer that holds the bundle, as cosign 3, sigstore-js and GitHub write it (cosign `specs/BUNDLE_SPEC.md`). Which version
    /// the bundle has is said in the bundle.
    ///
    /// # Errors
    /// [`BundleLayerError`].
    pub fn bundle(&self) -> Result<&Descriptor, BundleLayerError> {
        let Document::Manifest(manifest) = &self.document else { return Err(BundleLayerError::NotAManifest) };
        manifest.bundle()
    }
}

impl super::Manifest {
    /// See [`Referrer::bundle`]; this one does not ask what the manifest is about.
    ///
    /// # Errors
    /// [`BundleLayerError`].
    pub fn bundle(&self) -> Result<&Descriptor, BundleLayerError> {
        if !is_bundle_media_type(self.artifact_type()) {
            return Err(BundleLayerError::ArtifactType { found: self.artifact_type().to_string() });
        }
        let [layer] = self.layers.as_slice() else {
            return Err(BundleLayerError::LayerCount { found: self.layers.len() });
        };
        if !is_bundle_media_type(&layer.media_type) {
            return Err(BundleLayerError::LayerType { found: layer.media_type.clone() });
        }
        Ok(layer)
    }
}

impl Index {
    /// The listed manifests that are said to be artifacts of this type. Registries need not filter, and some refuse to, so we do.
    pub fn of_artifact_type(&self, wanted: &str) -> impl Iterator<Item = &Descriptor> {
        self.manifests.iter().filter(move |listed| listed.artifact_type.as_deref() == Some(wanted))
    }

    /// The listed manifests that are said to be bundles, of any version.
    pub fn bundles(&self) -> impl Iterator<Item = &Descriptor> {
        self.manifests.iter().filter(|listed| listed.artifact_type.as_deref().is_some_and(is_bundle_media_type))
    }
}

/// The tag under which a registry without a list of referrers has it as an index (distribution-spec, "Referrers Tag Schema").
#[must_use]
pub fn fallback_tag(image: &ContentDigest) -> String {
    let name = image.to_string();
    let (algorithm, encoded) = name.split_once(':').unwrap_or_default();
    let (algorithm, encoded) = (algorithm.chars().take(32), encoded.chars().take(64));
    let in_tag = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    algorithm.chain(['-']).chain(encoded).map(in_tag).collect()
}

/// What cosign hung on images before registries listed referrers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// Signatures.
    Signatures,
    /// Attestations.
    Attestations,
    /// An unsigned SBOM.
    Sbom,
}

/// The tag under which cosign 1 and 2 keep what they attach to an image (cosign `specs/SIGNATURE_SPEC.md`, "Storage"); none where
/// a tag cannot be that long, as for `sha512`.
#[must_use]
pub fn cosign_tag(image: &ContentDigest, attached: Attached) -> Option<String> {
    let suffix = match attached {
        Attached::Signatures => "sig",
        Attached::Attestations => "att",
        Attached::Sbom => "sbom",
    };
    let tag = alloc::format!("{}.{suffix}", image.to_string().replace(':', "-"));
    (tag.len() <= MAX_TAG_BYTES).then_some(tag)
}
