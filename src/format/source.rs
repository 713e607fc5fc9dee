//! Shapes in which others keep evidence, read into Sigstore bundles: what a registry or a file holds, as bytes that the caller has. Nothing is
//! verified here, and nothing that stands beside a bundle is believed; it is a hint at where to look.

mod bundle;
mod cloud_build;
pub mod cosign;
mod envelope;
pub mod github;
mod jsr;
pub mod npm;
pub mod pypi;
mod rekor;
mod resembling;
mod signer;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::encoding::json::{self, Node, ShapeError, ShapeErrorKind, Value};
use crate::encoding::located::located_error;
use crate::encoding::quoted::Quoted;
use crate::encoding::snappy::{self, SnappyError};
use crate::limits::{MAX_BUNDLE_BYTES, MAX_BUNDLES, MAX_SOURCE_BYTES};

/// What a document with evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceKind {
    /// A Sigstore bundle.
    Bundle,
    /// Several bundles, perhaps with other evidence between them: JSON Lines, or a JSON array as conda keeps them.
    Bundles,
    /// npm's answer about the attestations of a version.
    NpmAttestations,
    /// A provenance object of PyPI (PEP 740).
    PypiProvenance,
    /// An attestation object of PyPI (PEP 740).
    PypiAttestation,
    /// GitHub's answer about the attestations of a digest.
    GithubAttestations,
    /// What `cosign sign-blob --bundle` wrote before version 3.
    CosignBlobBundle,
    /// A DSSE envelope that stands for itself.
    Envelope,
    /// Several: JSON Lines, as slsa-github-generator's `….intoto.jsonl` may have, or a JSON array.
    Envelopes,
    /// Entries of a log, as Rekor's API answers with them.
    RekorEntries,
    /// Google Cloud Build's provenance of an image, as `gcloud` prints it.
    CloudBuildProvenance,
    /// A bundle in the form in which JSR has them.
    JsrBundle,
    /// An answer of npm's or GitHub's that lists no attestations: the two look alike.
    NoAttestations,
}

impl SourceKind {
    /// In kebab case, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::Bundles => "bundles",
            Self::NpmAttestations => "npm-attestations",
            Self::PypiProvenance => "pypi-provenance",
            Self::PypiAttestation => "pypi-attestation",
            Self::GithubAttestations => "github-attestations",
            Self::CosignBlobBundle => "cosign-blob-bundle",
            Self::Envelope => "envelope",
            Self::Envelopes => "envelopes",
            Self::RekorEntries => "rekor-entries",
            Self::CloudBuildProvenance => "cloud-build-provenance",
            Self::JsrBundle => "jsr-bundle",
            Self::NoAttestations => "no-attestations",
        }
    }

    /// In plain words, with its article.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Bundle => "a Sigstore bundle",
            Self::Bundles => "a list of Sigstore bundles",
            Self::NpmAttestations => "npm's attestations of a version",
            Self::PypiProvenance => "a provenance object of PyPI",
            Self::PypiAttestation => "an attestation object of PyPI",
            Self::GithubAttestations => "GitHub's attestations of a digest",
            Self::CosignBlobBundle => "a bundle of cosign's older form",
            Self::Envelope => "a DSSE envelope",
            Self::Envelopes => "a list of DSSE envelopes",
            Self::RekorEntries => "log entries of Rekor",
            Self::CloudBuildProvenance => "Google Cloud Build's provenance of an image",
            Self::JsrBundle => "a bundle in JSR's form",
            Self::NoAttestations => "an answer that lists no attestations",
        }
    }
}

/// A document with evidence, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// The evidence in it, in the order written.
    pub pieces: Vec<Piece>,
}

/// One piece of evidence in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// JSON pointer into the document; of JSON Lines, the line counted from 0.
    pub at: String,
    /// The bundle.
    pub bundle: PieceBundle,
    /// What the document says that the statement is about; nobody signed that here.
    pub predicate_type: Option<String>,
    /// Who published, by the registry's word.
    pub publisher: Option<pypi::Publisher>,
}

impl Piece {
    fn new(at: String, bundle: PieceBundle) -> Self {
        Self { at, bundle, predicate_type: None, publisher: None }
    }

    /// An item of a list as a bundle, whatever it is. One that is none fails when it is verified, and does not hide the others: more evidence
    /// never hurts.
    fn as_it_is(item: &Node<'_, '_>) -> Self {
        Self::new(item.pointer(), PieceBundle::Here(item.value().to_text()))
    }
}

/// A bundle, or where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceBundle {
    /// The JSON text of a Sigstore bundle: as it was, where it stands for itself; else without white space, or put together from the
    /// document's parts.
    Here(String),
    /// To be fetched from this URL, without any credentials of the API that named it.
    Elsewhere(String),
}

located_error! {
    /// A document that is not read as evidence, and where.
    SourceError of SourceErrorKind
}

/// What is wrong with a document that should be evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceErrorKind {
    /// Longer than [`MAX_SOURCE_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not of the shape that documents of its kind have.
    Shape(ShapeErrorKind),
    /// Of a kind that this library knows in another version.
    Version {
        /// The one found.
        found: String,
    },
    /// Snappy data that cannot be decoded.
    Snappy(SnappyError),
    /// A text for people beside an envelope that says something else than was signed.
    CopyDiffers,
    /// Not the SPKI of a public key of the kind that is asked for, in base64.
    Key,
    /// Not PEM of certificates only, or of one public key, as it is or in base64.
    Pem,
    /// Not the lower-case hexadecimal of 32 bytes: a log's id or a hash.
    Hex,
    /// The body of a log entry that does not say of which kind it is.
    LogBody(ShapeError),
    /// An envelope without exactly one signature, which is all that a bundle can hold.
    SignatureCount {
        /// How many.
        found: usize,
    },
    /// A document of another kind, where that is known: in plain words, with its article.
    Unknown {
        /// What it is.
        found: Option<&'static str>,
    },
}

impl From<ShapeError> for SourceError {
    fn from(error: ShapeError) -> Self {
        let (at, kind) = error.into_parts();
        Self::new(at, SourceErrorKind::Shape(kind))
    }
}

impl fmt::Display for SourceErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => write!(f, "expected at most {MAX_SOURCE_BYTES} bytes, found {found}"),
            Self::Shape(kind) => kind.fmt(f),
            Self::Version { found } => write!(f, "expected version 1, found {}", Quoted(found)),
            Self::Snappy(error) => error.fmt(f),
            Self::CopyDiffers => {
                f.write_str("expected the statement beside the envelope to say what was signed, found another")
            }
            Self::Key => f.write_str("expected a public key, found something else"),
            Self::Pem => f.write_str("expected PEM of certificates or of a public key, found something else"),
            Self::Hex => f.write_str("expected 64 digits of lower-case hexadecimal, found something else"),
            Self::LogBody(error) => write!(f, "{error} at {} of the entry's body", Quoted(&error.at)),
            Self::SignatureCount { found } => write!(f, "expected exactly one signature, found {found}"),
            Self::Unknown { found } => {
                let found = found.unwrap_or("something else");
                write!(
                    f,
                    "expected a bundle, an envelope, or an answer of a registry or log that holds some, found {found}"
                )
            }
        }
    }
}

impl core::error::Error for SourceError {}

/// Reads a document of any known kind; which, is told by its shape and never by a name. GitHub's files in Snappy, framed or not, are decoded first.
///
/// # Errors
/// [`SourceError`] when it is of no known kind, or not as that kind should be. A bundle in it is not read here, nor an item of a list refused for
/// being none: it fails when it is verified.
pub fn read(document: &[u8]) -> Result<Source, SourceError> {
    if document.len() > MAX_SOURCE_BYTES {
        return Err(whole(SourceErrorKind::TooLarge { found: document.len() }));
    }
    if snappy::is_framed(document) {
        let decoded =
            snappy::decode(document, MAX_BUNDLE_BYTES).map_err(|error| whole(SourceErrorKind::Snappy(error)))?;
        return read_text(&decoded);
    }
    // A bare block has no mark; it begins with its length, and never decodes by chance to what is JSON too.
    match read_text(document) {
        Err(error) if is_not_json(&error) => match snappy::decode(document, MAX_BUNDLE_BYTES) {
            Ok(decoded) if json::parse(&decoded).is_ok() => read_text(&decoded),
            _ => Err(match resembling::what_else(document) {
                None => error,
                found => whole(SourceErrorKind::Unknown { found }),
            }),
        },
        outcome => outcome,
    }
}

fn read_text(text: &[u8]) -> Result<Source, SourceError> {
    match json::parse(text) {
        Ok(value) if is_bundle(&Node::root(&value)) => {
            let bundle = Piece::new(String::new(), PieceBundle::Here(String::from_utf8_lossy(text).into_owned()));
            Ok(Source { kind: SourceKind::Bundle, pieces: alloc::vec![bundle] })
        }
        Ok(value) => read_value(&value),
        Err(error) => lines(text).unwrap_or_else(|| Err(whole(SourceErrorKind::Shape(ShapeErrorKind::Json(error))))),
    }
}

fn read_value(value: &Value<'_>) -> Result<Source, SourceError> {
    let root = Node::root(value);
    if let Value::Array(_) = value {
        return array(&root);
    }
    if let Some(attestations) = root.member("attestations") {
        let items: Vec<_> = attestations.items("attestations", MAX_BUNDLES)?.collect();
        let Some(first) = items.first() else {
            return Ok(Source { kind: SourceKind::NoAttestations, pieces: Vec::new() });
        };
        return Ok(if github::is_item(first) { github::read(&items) } else { npm::read(&items) });
    }
    if root.member("attestation_bundles").is_some() {
        return pypi::provenance(&root);
    }
    if root.member("verification_material").is_some() && root.member("envelope").is_some() {
        let piece = pypi::attestation(&root)?;
        return Ok(Source { kind: SourceKind::PypiAttestation, pieces: alloc::vec![piece] });
    }
    if root.member("base64Signature").is_some() {
        let bundle = Piece::new(String::new(), PieceBundle::Here(cosign::blob_bundle_of(&root)?));
        return Ok(Source { kind: SourceKind::CosignBlobBundle, pieces: alloc::vec![bundle] });
    }
    if cloud_build::is_provenance(&root) {
        return cloud_build::read(&root);
    }
    if let Some(bundle) = [Some(root), root.member("bundle")].into_iter().flatten().find(jsr::is_bundle) {
        return Ok(Source { kind: SourceKind::JsrBundle, pieces: alloc::vec![jsr::read(&bundle)?] });
    }
    let (kind, pieces) = item(&root)?;
    Ok(Source { kind, pieces })
}

/// What an item of a list is, and the evidence in it.
type Item = Result<(SourceKind, Vec<Piece>), SourceError>;

/// What may stand for itself as well as in a list: a bundle, an envelope, or log entries.
fn item(node: &Node<'_, '_>) -> Item {
    if is_bundle(node) {
        return Ok((SourceKind::Bundle, alloc::vec![Piece::as_it_is(node)]));
    }
    if envelope::is_envelope(node) {
        return Ok((SourceKind::Envelope, envelope::read(node)?));
    }
    if rekor::is_answer(node) {
        return Ok((SourceKind::RekorEntries, rekor::read(node)?));
    }
    Err(wrong(node, SourceErrorKind::Unknown { found: resembling::what(node) }))
}

/// A JSON array.
fn array(root: &Node<'_, '_>) -> Result<Source, SourceError> {
    let items: Vec<_> = root.items("bundles", MAX_BUNDLES)?.collect();
    list(items.iter().map(|node| (move || Piece::as_it_is(node), item(node))))
}

/// JSON Lines; `None` when no line is of a known kind, nor the first one JSON of another.
fn lines(text: &[u8]) -> Option<Result<Source, SourceError>> {
    let text = core::str::from_utf8(text).ok()?;
    let lines: Vec<_> = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()).collect();
    lines.first()?;
    if lines.len() > MAX_BUNDLES {
        let kind = ShapeErrorKind::TooMany { what: "bundles", limit: MAX_BUNDLES, found: lines.len() };
        return Some(Err(whole(SourceErrorKind::Shape(kind))));
    }
    let as_it_is = |number: usize, line: &str| Piece::new(pointer(number), PieceBundle::Here(line.to_string()));
    match list(lines.into_iter().map(|(number, text)| (move || as_it_is(number, text), line(number, text)))) {
        Err(error) if is_not_json(&error) => None,
        read => Some(read),
    }
}

fn line(number: usize, line: &str) -> Item {
    let at = pointer(number);
    let value = parse(line.as_bytes()).map_err(|error| error.under(&at))?;
    let (kind, pieces) = item(&Node::root(&value)).map_err(|error| error.under(&at))?;
    if kind == SourceKind::Bundle {
        // As it is written: a bundle is known by the digest of its text.
        return Ok((kind, alloc::vec![Piece::new(at, PieceBundle::Here(line.to_string()))]));
    }
    let below = |piece: Piece| Piece { at: alloc::format!("{at}{}", piece.at), ..piece };
    Ok((kind, pieces.into_iter().map(below).collect()))
}

fn pointer(line: usize) -> String {
    alloc::format!("/{line}")
}

/// A list of what may stand for itself. An item is read only when those before it were not too much: an envelope of many signatures becomes far
/// more than it was.
fn list<F: FnOnce() -> Piece>(items: impl Iterator<Item = (F, Item)>) -> Result<Source, SourceError> {
    let mut kinds: Vec<SourceKind> = Vec::new();
    let items = items.map(|(as_it_is, read)| (as_it_is, read.map(|(kind, pieces)| (kinds.push(kind), pieces).1)));
    let pieces = pieces(items)?;
    let kind = match kinds.first() {
        Some(SourceKind::Envelope) if kinds.iter().all(|kind| *kind == SourceKind::Envelope) => SourceKind::Envelopes,
        Some(SourceKind::RekorEntries) if kinds.iter().all(|kind| *kind == SourceKind::RekorEntries) => {
            SourceKind::RekorEntries
        }
        _ => SourceKind::Bundles,
    };
    Ok(Source { kind, pieces })
}

/// What was read of each item, and how it is handed on where it cannot be read: it fails when it is verified, and does not hide the others, for
/// more evidence never hurts. Where none can be read, the first says why.
fn pieces<F: FnOnce() -> Piece>(
    items: impl IntoIterator<Item = (F, Result<Vec<Piece>, SourceError>)>,
) -> Result<Vec<Piece>, SourceError> {
    let (mut all, mut size, mut refusal, mut is_any_read) = (Vec::new(), 0_usize, None, false);
    for (as_it_is, read) in items {
        is_any_read |= read.is_ok();
        let read = read.unwrap_or_else(|error| {
            refusal.get_or_insert(error);
            alloc::vec![as_it_is()]
        });
        for piece in read {
            if let PieceBundle::Here(bundle) = &piece.bundle {
                size = size.saturating_add(bundle.len());
            }
            all.push(piece);
        }
        if size > MAX_SOURCE_BYTES {
            return Err(whole(SourceErrorKind::TooLarge { found: size }));
        }
        if all.len() > MAX_BUNDLES {
            let kind = ShapeErrorKind::TooMany { what: "bundles", limit: MAX_BUNDLES, found: all.len() };
            return Err(whole(SourceErrorKind::Shape(kind)));
        }
    }
    match refusal {
        Some(error) if !is_any_read => Err(error),
        _ => Ok(all),
    }
}

/// Whether this is meant to be a bundle, by its media type or its members; whether it is one is for the verification to tell.
fn is_bundle(node: &Node<'_, '_>) -> bool {
    let named = ["mediaType", "media_type"].iter().find_map(|name| node.member(name)?.string().ok());
    let has_any = |names: &[&str]| names.iter().any(|name| node.member(name).is_some());
    let is_meant = named.is_some_and(|media_type| media_type.starts_with("application/vnd.dev.sigstore.bundle"))
        || has_any(&["verificationMaterial", "verification_material"])
            && has_any(&["dsseEnvelope", "dsse_envelope", "messageSignature", "message_signature"]);
    is_meant && !jsr::is_bundle(node)
}

fn is_not_json(error: &SourceError) -> bool {
    matches!(error.kind, SourceErrorKind::Shape(ShapeErrorKind::Json(_)))
}

fn whole(kind: SourceErrorKind) -> SourceError {
    SourceError::new(String::new(), kind)
}

pub(super) fn wrong(node: &Node<'_, '_>, kind: SourceErrorKind) -> SourceError {
    SourceError::new(node.pointer(), kind)
}

pub(super) fn parse(text: &[u8]) -> Result<Value<'_>, SourceError> {
    if text.len() > MAX_SOURCE_BYTES {
        return Err(whole(SourceErrorKind::TooLarge { found: text.len() }));
    }
    Ok(json::parse(text).map_err(ShapeError::from)?)
}

#[cfg(test)]
mod tests;
