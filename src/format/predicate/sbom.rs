//! Bills of materials: SPDX 2 and 3 (in-toto/attestation `spec/predicates/spdx2.md`, `spdx3.md`) and CycloneDX (`cyclonedx.md`).
//! The documents are counted, not judged: what their own schemas demand besides the fields below is not looked at.

mod cyclonedx;
mod spdx;

use alloc::string::String;

use crate::encoding::json::{self, Node, ShapeError, Value};

/// A format of bills of materials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SbomFormat {
    /// SPDX.
    Spdx,
    /// CycloneDX.
    CycloneDx,
}

/// What a predicate type says about the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SbomType {
    /// SPDX 2 in JSON.
    Spdx2,
    /// SPDX 3 in JSON.
    Spdx3,
    /// SPDX of whatever version, and the only type whose document may be a text.
    Spdx,
    /// CycloneDX in JSON.
    CycloneDx,
}

/// The predicate type of SPDX documents of no particular version. `cosign attest --type spdx` puts the document into a text.
pub(super) const SPDX: &str = "https://spdx.dev/Document";

impl SbomType {
    pub(super) fn from_predicate_type(predicate_type: &str) -> Option<Self> {
        match predicate_type {
            SPDX => Some(Self::Spdx),
            "https://spdx.dev/Document/v2.2" | "https://spdx.dev/Document/v2.3" => Some(Self::Spdx2),
            "https://spdx.dev/Document/v3" | "https://spdx.dev/Document/v3.0" | "https://spdx.dev/Document/v3.0.1" => {
                Some(Self::Spdx3)
            }
            "https://cyclonedx.org/bom"
            | "https://cyclonedx.org/bom/v1.2"
            | "https://cyclonedx.org/bom/v1.3"
            | "https://cyclonedx.org/bom/v1.4"
            | "https://cyclonedx.org/bom/v1.5"
            | "https://cyclonedx.org/bom/v1.6"
            | "https://cyclonedx.org/bom/v1.7" => Some(Self::CycloneDx),
            _ => None,
        }
    }
}

/// A bill of materials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sbom {
    /// The format.
    pub format: SbomFormat,
    /// The format's version, as the document says: `2.3`, `3.0.1`, `1.6`.
    pub spec_version: String,
    /// The document's name; of CycloneDX, that of the component that it describes.
    pub name: Option<String>,
    /// What identifies the document: SPDX 2's `documentNamespace`, SPDX 3's `spdxId`, CycloneDX's `serialNumber`.
    pub id: Option<String>,
    /// When it was made, as written.
    pub created: Option<String>,
    /// What is in it; `None` for a document in SPDX's tag-value form, which is not read further.
    pub contents: Option<SbomContents>,
}

/// How much is in a bill of materials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SbomContents {
    /// SPDX's packages; CycloneDX's components, without those inside other components.
    pub packages: usize,
    /// SPDX's files; CycloneDX's components of type `file`, which count as components too.
    pub files: usize,
    /// SPDX's relationships; CycloneDX's entries in `dependencies`.
    pub relationships: usize,
}

impl Sbom {
    /// Reads a predicate. cosign once put documents into its custom predicate, as a text or an object in `Data`.
    ///
    /// A pointer to something in a document that is a text goes on into that document.
    pub(super) fn read(sbom_type: SbomType, predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let is_document = ["spdxVersion", "@context", "bomFormat"].iter().any(|name| predicate.member(name).is_some());
        let wrapped = predicate.member("Data").filter(|_| !is_document);
        let document = wrapped.as_ref().unwrap_or(predicate);
        let Value::String(text) = document.value() else {
            return Self::read_object(sbom_type, document);
        };
        if sbom_type != SbomType::CycloneDx
            && let Some(sbom) = spdx::read_tag_value(text)
        {
            return Ok(sbom);
        }
        let within = |error: ShapeError| error.under(&document.pointer());
        let value = json::parse(text.as_bytes()).map_err(|error| within(error.into()))?;
        Self::read_object(sbom_type, &Node::root(&value)).map_err(within)
    }

    fn read_object(sbom_type: SbomType, document: &Node<'_, '_>) -> Result<Self, ShapeError> {
        match sbom_type {
            SbomType::Spdx2 => spdx::read_v2(document),
            SbomType::Spdx3 => spdx::read_v3(document),
            SbomType::Spdx if document.member("@graph").is_some() => spdx::read_v3(document),
            SbomType::Spdx => spdx::read_v2(document),
            SbomType::CycloneDx => cyclonedx::read(document),
        }
    }
}
