//! Which layers of a manifest are evidence, by their media types: what to make of them is for those who read them.

use super::Manifest;
use super::descriptor::Descriptor;
use crate::format::envelope::IN_TOTO_PAYLOAD_TYPE;

/// The layer of a cosign signature: the payload that was signed; the signature is in an annotation.
pub const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The layer of a cosign attestation: an envelope.
pub const DSSE_ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
/// The annotation with the signature of a cosign signature; empty on attestations.
pub const COSIGN_SIGNATURE: &str = "dev.cosignproject.cosign/signature";
/// What every media type of a Sigstore bundle begins with.
const BUNDLE_PREFIX: &str = "application/vnd.dev.sigstore.bundle";

/// A layer that is evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence<'m> {
    /// A Sigstore bundle.
    Bundle(&'m Descriptor),
    /// The payload of a cosign signature (cosign `specs/SIGNATURE_SPEC.md`).
    Signature(&'m Descriptor),
    /// The envelope of a cosign attestation (cosign `specs/ATTESTATION_SPEC.md`).
    Attestation(&'m Descriptor),
    /// A statement that nobody signed: see [`super::attestation`].
    Statement(&'m Descriptor),
}

impl<'m> Evidence<'m> {
    /// What this layer is, if it is evidence.
    #[must_use]
    pub fn of(layer: &'m Descriptor) -> Option<Self> {
        match layer.media_type.as_str() {
            SIMPLE_SIGNING => Some(Self::Signature(layer)),
            DSSE_ENVELOPE => Some(Self::Attestation(layer)),
            IN_TOTO_PAYLOAD_TYPE => Some(Self::Statement(layer)),
            other => is_bundle_media_type(other).then_some(Self::Bundle(layer)),
        }
    }

    /// In one word, for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bundle(_) => "bundle",
            Self::Signature(_) => "signature",
            Self::Attestation(_) => "attestation",
            Self::Statement(_) => "statement",
        }
    }

    /// The layer.
    #[must_use]
    pub fn layer(&self) -> &'m Descriptor {
        match self {
            Self::Bundle(layer) | Self::Signature(layer) | Self::Attestation(layer) | Self::Statement(layer) => layer,
        }
    }
}

impl Manifest {
    /// The layers that are evidence, in order.
    pub fn evidence(&self) -> impl Iterator<Item = Evidence<'_>> {
        self.layers.iter().filter_map(Evidence::of)
    }
}

/// Whether a media type is that of a Sigstore bundle of some version, in either of the two ways in which they are written.
#[must_use]
pub fn is_bundle_media_type(media_type: &str) -> bool {
    media_type.strip_prefix(BUNDLE_PREFIX).is_some_and(|rest| rest.starts_with(['.', '+']))
}

/// What `cosign save` says that a manifest of its layout is: its annotation `kind`, a hint like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedKind {
    /// The image.
    Image,
    /// The image, for several platforms.
    ImageIndex,
    /// Its signatures.
    Signatures,
    /// Its attestations.
    Attestations,
}

impl SavedKind {
    /// The kind that a descriptor in the index of a layout is said to have (cosign `pkg/oci/layout`).
    #[must_use]
    pub fn of(descriptor: &Descriptor) -> Option<Self> {
        match descriptor.annotation("kind")? {
            "dev.cosignproject.cosign/image" => Some(Self::Image),
            "dev.cosignproject.cosign/imageIndex" => Some(Self::ImageIndex),
            "dev.cosignproject.cosign/sigs" => Some(Self::Signatures),
            "dev.cosignproject.cosign/atts" => Some(Self::Attestations),
            _ => None,
        }
    }
}
