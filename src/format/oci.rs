//! Documents of container registries: manifests and indexes of OCI (image-spec `manifest.md`, `image-index.md`) and of Docker
//! (schema 2), and how signatures and attestations hang on them.
//!
//! Nothing is fetched, and nothing is believed: a document says which bytes it means, by digest, and that is checked over the bytes
//! that the caller brings. Whether anybody signed that digest is another question.

pub mod attestation;
pub mod descriptor;
pub mod digest;
pub mod error;
pub mod evidence;
pub mod membership;
pub mod platform;
mod read;
pub mod reference;
pub mod referrer;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use self::descriptor::{Annotations, Descriptor};
use self::digest::{ContentDigest, ContentDigestError, ContentError};
use self::platform::Platform;
use self::read::{annotations, optional, optional_descriptor, optional_text, refuse_look_alikes, required, wrong};
use crate::encoding::json::{self, JsonError, Node, ShapeError, ShapeErrorKind, Value};
use crate::encoding::located::located_error;
use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_OCI_DESCRIPTORS, MAX_OCI_DOCUMENT_BYTES};

/// The media type of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// An OCI image manifest.
    OciManifest,
    /// An OCI image index.
    OciIndex,
    /// A Docker image manifest, version 2, schema 2.
    DockerManifest,
    /// A Docker manifest list.
    DockerList,
}

impl DocumentType {
    const ALL: [Self; 4] = [Self::OciManifest, Self::OciIndex, Self::DockerManifest, Self::DockerList];

    /// The type of this exact name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// The media type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OciManifest => "application/vnd.oci.image.manifest.v1+json",
            Self::OciIndex => "application/vnd.oci.image.index.v1+json",
            Self::DockerManifest => "application/vnd.docker.distribution.manifest.v2+json",
            Self::DockerList => "application/vnd.docker.distribution.manifest.list.v2+json",
        }
    }

    /// Whether it lists manifests, and has no layers of its own.
    #[must_use]
    pub fn is_index(self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerList)
    }
}

/// A manifest or an index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "documents are read one at a time, and most are manifests")]
pub enum Document {
    /// What one image or artifact consists of.
    Manifest(Manifest),
    /// Several of them.
    Index(Index),
}

/// What one image or artifact consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its media type: as written, else as expected, else OCI's.
    pub document_type: DocumentType,
    /// `artifactType`, as written; see [`Manifest::artifact_type`].
    pub declared_artifact_type: Option<String>,
    /// Its configuration.
    pub config: Descriptor,
    /// Its layers.
    pub layers: Vec<Descriptor>,
    /// What it says it is about: see [`referrer`].
    pub subject: Option<Descriptor>,
    /// Annotations.
    pub annotations: Annotations,
}

/// A list of manifests, most often one image for several platforms; also a registry's answer which manifests refer to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its media type: as written, else as expected, else OCI's.
    pub document_type: DocumentType,
    /// `artifactType`.
    pub artifact_type: Option<String>,
    /// Its manifests, or further indexes.
    pub manifests: Vec<Descriptor>,
    /// What it says it is about: see [`referrer`].
    pub subject: Option<Descriptor>,
    /// Annotations.
    pub annotations: Annotations,
}

located_error! {
    /// A rule of manifests and indexes that is broken, and where.
    OciError of OciErrorKind
}

/// The rules of manifests and indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OciErrorKind {
    /// Longer than [`MAX_OCI_DOCUMENT_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not JSON, or not of a document's shape.
    Shape(ShapeErrorKind),
    /// A member whose name is nearly that of a field, so that others take it for the field.
    LookAlike {
        /// The field.
        field: &'static str,
        /// The name found.
        found: String,
    },
    /// A `schemaVersion` other than 2.
    SchemaVersion,
    /// A media type that is none of [`DocumentType`].
    UnknownMediaType {
        /// The one found.
        found: String,
    },
    /// Another media type than the one under which the document was announced.
    OtherMediaType {
        /// The one announced.
        expected: String,
        /// The one in the document.
        found: String,
    },
    /// Members of a manifest and of an index in one document, or of a manifest of schema 1.
    Ambiguous {
        /// A member of the one.
        one: &'static str,
        /// A member of the other.
        other: &'static str,
    },
    /// Neither `layers` nor `manifests`.
    NoContent,
    /// The members of a manifest under the media type of an index, or the reverse.
    OtherKind {
        /// The media type.
        media_type: DocumentType,
        /// The member that does not belong there.
        found: &'static str,
    },
    /// Something that is no digest.
    Digest(ContentDigestError),
    /// Content sent along that is not what its descriptor names.
    Data(ContentError),
}

impl fmt::Display for OciErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(f, "expected a manifest or index of at most {MAX_OCI_DOCUMENT_BYTES} bytes, found {found}")
            }
            Self::Shape(kind) => kind.fmt(f),
            Self::LookAlike { field, found } => {
                write!(f, "expected no name that can be taken for `{field}`, found {}", Quoted(found))
            }
            Self::SchemaVersion => f.write_str("expected the schemaVersion 2, found another"),
            Self::UnknownMediaType { found } => {
                write!(f, "expected the media type of a manifest or index of OCI or Docker, found {}", Quoted(found))
            }
            Self::OtherMediaType { expected, found } => {
                write!(f, "expected the media type {}, found {}", Quoted(expected), Quoted(found))
            }
            Self::Ambiguous { one, other } => {
                write!(f, "expected a manifest or an index, found `{one}` and `{other}` in one document")
            }
            Self::NoContent => f.write_str("expected `layers` or `manifests`, found neither"),
            Self::OtherKind { media_type, found } => {
                write!(f, "expected what belongs to the media type {}, found `{found}`", media_type.name())
            }
            Self::Digest(error) => error.fmt(f),
            Self::Data(error) => error.fmt(f),
        }
    }
}

impl From<ShapeError> for OciError {
    fn from(error: ShapeError) -> Self {
        let (at, kind) = error.into_parts();
        Self::new(at, OciErrorKind::Shape(kind))
    }
}

impl From<JsonError> for OciError {
    fn from(error: JsonError) -> Self {
        ShapeError::from(error).into()
    }
}

/// Every member that some reader looks for in some document of the family.
const FIELDS: [&str; 9] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "config",
    "layers",
    "manifests",
    "subject",
    "annotations",
    "fsLayers",
];

impl Document {
    /// Reads a manifest or an index. `expected` is the media type under which it was announced: by its descriptor, or by the
    /// registry's `Content-Type` (without parameters).
    ///
    /// A document that one client reads as an image and another as a list has two meanings under one digest (CVE-2021-41190), so
    /// each is refused that has members of both, or says that it is something else than it was announced as.
    ///
    /// # Errors
    /// [`OciError`].
    pub fn read(bytes: &[u8], expected: Option<&str>) -> Result<Self, OciError> {
        if bytes.len() > MAX_OCI_DOCUMENT_BYTES {
            return Err(OciError::new(String::new(), OciErrorKind::TooLarge { found: bytes.len() }));
        }
        let value = json::parse(bytes)?;
        let root = Node::root(&value);
        refuse_look_alikes(&root, &FIELDS)?;
        let version = required(&root, "schemaVersion")?;
        if *version.value() != Value::Unsigned(2) {
            return Err(wrong(&version, OciErrorKind::SchemaVersion));
        }

        // Even `null` counts here: what is there is there, for somebody.
        let names: Vec<&str> = root.members()?.map(|(name, _)| name).collect();
        let first = |of: &[&'static str]| of.iter().copied().find(|name| names.contains(name));
        let (of_manifest, of_index) = (first(&["layers", "config"]), first(&["manifests"]));
        let of_schema_1 = first(&["fsLayers"]);
        let both = |one, other| Err(wrong(&root, OciErrorKind::Ambiguous { one, other }));
        let (found, is_index) = match (of_manifest, of_index, of_schema_1) {
            (Some(one), Some(other), _) => return both(one, other),
            (Some(one), None, Some(other)) | (None, Some(one), Some(other)) => return both(one, other),
            (Some(found), None, None) => (found, false),
            (None, Some(found), None) => (found, true),
            (None, None, _) => return Err(wrong(&root, OciErrorKind::NoContent)),
        };
        let document_type = document_type(&root, expected, is_index)?;
        if document_type.is_index() != is_index {
            return Err(wrong(&root, OciErrorKind::OtherKind { media_type: document_type, found }));
        }
        let artifact_type = optional_text(&root, "artifactType")?;
        let subject = optional_descriptor(&root, "subject")?;
        let annotations = annotations(&root)?;
        if is_index {
            let manifests = descriptors(&root, "manifests")?;
            return Ok(Self::Index(Index { document_type, artifact_type, manifests, subject, annotations }));
        }
        let config = Descriptor::read(&required(&root, "config")?)?;
        let layers = descriptors(&root, "layers")?;
        let declared_artifact_type = artifact_type;
        Ok(Self::Manifest(Manifest { document_type, declared_artifact_type, config, layers, subject, annotations }))
    }

    /// Reads the document that a descriptor names, after a check that it is that one.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn read_described(descriptor: &Descriptor, bytes: &[u8]) -> Result<Self, DocumentError> {
        descriptor.check(bytes).map_err(DocumentError::Content)?;
        Self::read(bytes, Some(&descriptor.media_type)).map_err(DocumentError::Document)
    }

    /// What it says it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&Descriptor> {
        match self {
            Self::Manifest(manifest) => manifest.subject.as_ref(),
            Self::Index(index) => index.subject.as_ref(),
        }
    }

    /// The type of artifact that it describes: see [`Manifest::artifact_type`].
    #[must_use]
    pub fn artifact_type(&self) -> Option<&str> {
        match self {
            Self::Manifest(manifest) => Some(manifest.artifact_type()),
            Self::Index(index) => index.artifact_type.as_deref(),
        }
    }
}

/// Why bytes are not the document that a descriptor names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// Other bytes.
    Content(ContentError),
    /// The very bytes, but they are no document.
    Document(OciError),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(error) => error.fmt(f),
            Self::Document(error) => error.fmt(f),
        }
    }
}

/// The type as written; else as announced; else OCI's, which may leave it out.
fn document_type(root: &Node<'_, '_>, expected: Option<&str>, is_index: bool) -> Result<DocumentType, OciError> {
    let unknown = |found: &str| OciErrorKind::UnknownMediaType { found: found.to_string() };
    let written = match optional(root, "mediaType") {
        None => None,
        Some(written) => {
            let name = written.string()?;
            if let Some(expected) = expected.filter(|expected| *expected != name) {
                let (expected, found) = (expected.to_string(), name.to_string());
                return Err(wrong(&written, OciErrorKind::OtherMediaType { expected, found }));
            }
            Some(DocumentType::from_name(name).ok_or_else(|| wrong(&written, unknown(name)))?)
        }
    };
    match (written, expected) {
        (Some(written), _) => Ok(written),
        (None, Some(expected)) => DocumentType::from_name(expected).ok_or_else(|| wrong(root, unknown(expected))),
        (None, None) if is_index => Ok(DocumentType::OciIndex),
        (None, None) => Ok(DocumentType::OciManifest),
    }
}

/// A list of descriptors, in which `null` is a list of none: so Go writes it.
fn descriptors(root: &Node<'_, '_>, field: &'static str) -> Result<Vec<Descriptor>, OciError> {
    let null = root.members()?.any(|(name, node)| name == field && *node.value() == Value::Null);
    if null {
        return Ok(Vec::new());
    }
    let list = required(root, field)?;
    list.items(field, MAX_OCI_DESCRIPTORS)?.map(|node| Descriptor::read(&node)).collect()
}

impl Manifest {
    /// The type of artifact that this describes: `artifactType`, else the media type of its configuration (distribution-spec,
    /// "Listing Referrers").
    #[must_use]
    pub fn artifact_type(&self) -> &str {
        self.declared_artifact_type.as_deref().unwrap_or(&self.config.media_type)
    }
}

impl Index {
    /// The first manifest of this digest.
    #[must_use]
    pub fn find(&self, digest: &ContentDigest) -> Option<&Descriptor> {
        self.manifests.iter().find(|manifest| manifest.digest == *digest)
    }

    /// The first manifest for a platform, by [`Platform::is_for`]; one that is further in, in a nested index, is found by
    /// [`membership::Membership::of_platform`].
    ///
    /// That it says of itself that it is an attestation makes no difference, for those who run images take it all the same. Some
    /// prefer another compression, or an older variant, to the first: of what runs, only its digest can tell whether it is this one.
    #[must_use]
    pub fn for_platform(&self, wanted: &Platform) -> Option<&Descriptor> {
        let is_for = |manifest: &&Descriptor| manifest.platform.as_ref().is_some_and(|found| found.is_for(wanted));
        self.manifests.iter().find(is_for)
    }
}
