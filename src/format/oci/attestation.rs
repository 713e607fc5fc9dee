//! What BuildKit says about the images that it builds, beside them in the index (BuildKit
//! `docs/attestations/attestation-storage.md`).
//!
//! Nobody signs these statements. They are part of the index, so they are as good as a signature on the index's digest: whoever
//! signed it signed that they were there, not that they are true.

use alloc::string::{String, ToString};
use core::fmt;

use super::descriptor::Descriptor;
use super::digest::{ContentDigest, ContentError};
use super::evidence::Evidence;
use super::platform::Platform;
use super::{Document, DocumentError, Index, Manifest};
use crate::encoding::quoted::Quoted;
use crate::format::statement::{Statement, StatementFormatError};

const REFERENCE_TYPE: &str = "vnd.docker.reference.type";
const REFERENCE_DIGEST: &str = "vnd.docker.reference.digest";
const ATTESTATION_MANIFEST: &str = "attestation-manifest";
const PREDICATE_TYPE: &str = "in-toto.io/predicate-type";

/// The artifact type of an attestation manifest that is written as an OCI artifact.
pub const ATTESTATION_ARTIFACT_TYPE: &str = "application/vnd.docker.attestation.manifest.v1+json";

/// An attestation manifest in an index, and the image there that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attestation<'i> {
    manifest: &'i Descriptor,
    image: &'i Descriptor,
}

/// Why something in an index is no attestation manifest, although it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttestationError {
    /// It does not say of which image.
    NoReference,
    /// What it says it is about is no digest.
    Reference {
        /// What it says.
        found: String,
    },
    /// What it says it is about is not in the index.
    NotListed {
        /// The digest.
        digest: ContentDigest,
    },
    /// It is about an attestation manifest, which is no image.
    OfAttestation {
        /// The digest.
        digest: ContentDigest,
    },
    /// It has a platform, so that machines would run it as an image.
    Platform {
        /// The platform.
        found: Platform,
    },
}

impl fmt::Display for AttestationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReference => write!(f, "expected the annotation `{REFERENCE_DIGEST}`, found none"),
            Self::Reference { found } => write!(f, "expected the digest of an image, found {}", Quoted(found)),
            Self::NotListed { digest } => write!(f, "expected an image of the same index, found {digest}"),
            Self::OfAttestation { digest } => {
                write!(f, "expected an image, found the attestation manifest {digest}")
            }
            Self::Platform { found } => write!(f, "expected the platform `unknown/unknown`, found {found}"),
        }
    }
}

/// Why an attestation manifest, or a statement in it, is not what the index says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttestedError {
    /// It is not the document that is listed.
    Document(DocumentError),
    /// It is an index.
    NotAManifest,
    /// Its `subject` is another image.
    OtherSubject {
        /// The image.
        expected: ContentDigest,
        /// The subject.
        found: ContentDigest,
    },
    /// The statement is not what its layer names.
    Content(ContentError),
    /// No statement.
    Statement(StatementFormatError),
    /// The layer says that the predicate is of another type.
    PredicateType {
        /// What the layer says.
        expected: String,
        /// What the statement says.
        found: String,
    },
    /// The statement is not about the image.
    NotAbout {
        /// The image.
        image: ContentDigest,
    },
}

impl fmt::Display for AttestedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(error) => error.fmt(f),
            Self::NotAManifest => f.write_str("expected an attestation manifest, found an index"),
            Self::OtherSubject { expected, found } => write!(f, "expected the subject {expected}, found {found}"),
            Self::Content(error) => error.fmt(f),
            Self::Statement(error) => error.fmt(f),
            Self::PredicateType { expected, found } => {
                write!(f, "expected the predicate type {}, found {}", Quoted(expected), Quoted(found))
            }
            Self::NotAbout { image } => write!(f, "expected a statement about {image}, found one about others"),
        }
    }
}

fn is_attestation(listed: &Descriptor) -> bool {
    listed.annotation(REFERENCE_TYPE) == Some(ATTESTATION_MANIFEST)
}

impl Index {
    /// What in this index says that it is an attestation manifest, and of which image. One that is wrong does not hide the others.
    pub fn attestations(&self) -> impl Iterator<Item = Result<Attestation<'_>, AttestationError>> {
        self.manifests.iter().filter(|listed| is_attestation(listed)).map(|listed| self.attestation(listed))
    }

    fn attestation<'i>(&'i self, manifest: &'i Descriptor) -> Result<Attestation<'i>, AttestationError> {
        if let Some(found) = manifest.platform.as_ref().filter(|platform| !platform.is_unknown()) {
            return Err(AttestationError::Platform { found: found.clone() });
        }
        let reference = manifest.annotation(REFERENCE_DIGEST).ok_or(AttestationError::NoReference)?;
        let wrong = |_| AttestationError::Reference { found: reference.to_string() };
        let digest = ContentDigest::parse(reference).map_err(wrong)?;
        match self.find(&digest) {
            None => Err(AttestationError::NotListed { digest }),
            Some(image) if is_attestation(image) => Err(AttestationError::OfAttestation { digest }),
            Some(image) => Ok(Attestation { manifest, image }),
        }
    }
}

impl<'i> Attestation<'i> {
    /// The attestation manifest, as the index lists it.
    #[must_use]
    pub fn manifest(&self) -> &'i Descriptor {
        self.manifest
    }

    /// The image that it is about.
    #[must_use]
    pub fn image(&self) -> &'i Descriptor {
        self.image
    }

    /// Reads the attestation manifest. Its `subject`, which only some have, must be the image.
    ///
    /// # Errors
    /// [`AttestedError`].
    pub fn read(&self, bytes: &[u8]) -> Result<Manifest, AttestedError> {
        let document = Document::read_described(self.manifest, bytes).map_err(AttestedError::Document)?;
        let Document::Manifest(manifest) = document else { return Err(AttestedError::NotAManifest) };
        match manifest.subject.as_ref().map(|subject| &subject.digest) {
            Some(found) if *found != self.image.digest => {
                Err(AttestedError::OtherSubject { expected: self.image.digest.clone(), found: found.clone() })
            }
            _ => Ok(manifest),
        }
    }

    /// Reads a statement of the attestation manifest: see [`unsigned_statement`].
    ///
    /// # Errors
    /// [`AttestedError`].
    pub fn statement(&self, layer: &Descriptor, bytes: &[u8]) -> Result<Statement, AttestedError> {
        unsigned_statement(layer, bytes, Some(&self.image.digest))
    }
}

/// Reads a statement that nobody signed: its predicate must be of the type that its layer says, and the image, where there is one, is
/// one of its subjects.
///
/// # Errors
/// [`AttestedError`].
pub fn unsigned_statement(
    layer: &Descriptor,
    bytes: &[u8],
    image: Option<&ContentDigest>,
) -> Result<Statement, AttestedError> {
    layer.check(bytes).map_err(AttestedError::Content)?;
    let statement = Statement::from_json(bytes).map_err(AttestedError::Statement)?;
    if let Some(expected) = predicate_type(layer).filter(|expected| *expected != statement.predicate_type) {
        let (expected, found) = (expected.to_string(), statement.predicate_type);
        return Err(AttestedError::PredicateType { expected, found });
    }
    let Some(image) = image else { return Ok(statement) };
    let known = image.known();
    let is_about = statement.subjects.iter().any(|subject| subject.digests.iter().any(|own| Some(own) == known));
    is_about.then_some(statement).ok_or_else(|| AttestedError::NotAbout { image: image.clone() })
}

/// The type of the predicate in a layer, as the layer says.
#[must_use]
pub fn predicate_type(layer: &Descriptor) -> Option<&str> {
    layer.annotation(PREDICATE_TYPE)
}

impl Manifest {
    /// The layers with statements that nobody signed.
    pub fn unsigned_statements(&self) -> impl Iterator<Item = &Descriptor> {
        self.evidence().filter_map(|evidence| match evidence {
            Evidence::Statement(layer) => Some(layer),
            _ => None,
        })
    }
}
