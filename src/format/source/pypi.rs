//! PyPI's provenance and attestation objects ([PEP 740](https://peps.python.org/pep-0740/)), version 1. They have their own spelling of an envelope
//! with a certificate and log entries; all of it goes into a bundle 0.3. Source: pypi-attestations `_impl.py`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Piece, PieceBundle, Source, SourceError, SourceErrorKind, SourceKind};
use crate::encoding::json::{Node, ShapeErrorKind, Value};
use crate::format::envelope::IN_TOTO_PAYLOAD_TYPE;
use crate::limits::{MAX_BUNDLES, MAX_LOG_ENTRIES, MAX_PUBLISHER_BYTES};

/// The publisher of a file, by PyPI's own word: what was set up as its Trusted Publisher. The certificate says who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Publisher {
    /// A workflow at GitHub.
    GitHub {
        /// `owner/name`.
        repository: String,
        /// The file's name, below `.github/workflows`.
        workflow: String,
        /// The deployment environment.
        environment: Option<String>,
    },
    /// A pipeline at GitLab.
    GitLab {
        /// `namespace/project`.
        repository: String,
        /// The pipeline's file.
        workflow_filepath: String,
        /// The deployment environment.
        environment: Option<String>,
    },
    /// A service account at Google.
    Google {
        /// Its address.
        email: String,
    },
    /// Anybody else.
    Other {
        /// What PyPI calls the kind.
        kind: String,
    },
}

/// Reads a provenance object.
///
/// # Errors
/// [`SourceError`] for another version, or another shape.
pub fn provenance(root: &Node<'_, '_>) -> Result<Source, SourceError> {
    let mut fields = root.fields()?;
    must_be_version_1(&fields.required("version")?)?;
    let bundles = fields.required("attestation_bundles")?;
    let mut pieces = Vec::new();
    for bundle in bundles.items("attestation bundles", MAX_BUNDLES)? {
        let mut fields = bundle.fields()?;
        let publisher = publisher(&fields.required("publisher")?)?;
        let attestations = fields.required("attestations")?;
        for item in attestations.items("attestations", MAX_BUNDLES.saturating_sub(pieces.len()))? {
            let piece = attestation(&item).unwrap_or_else(|_| Piece::as_it_is(&item));
            pieces.push(Piece { publisher: Some(publisher.clone()), ..piece });
        }
    }
    Ok(Source { kind: SourceKind::PypiProvenance, pieces })
}

/// Reads an attestation object.
///
/// # Errors
/// [`SourceError`] for another version, or another shape.
pub fn attestation(item: &Node<'_, '_>) -> Result<Piece, SourceError> {
    let mut fields = item.fields()?;
    must_be_version_1(&fields.required("version")?)?;
    let envelope = fields.required("envelope")?;
    let mut envelope = envelope.fields()?;
    let statement = envelope.required("statement")?;
    let signature = envelope.required("signature")?;
    let material = fields.required("verification_material")?;
    let mut material = material.fields()?;
    let certificate = material.required("certificate")?;
    let entries = material.required("transparency_entries")?;
    let entries: Vec<_> = entries.items("log entries", MAX_LOG_ENTRIES)?.map(|entry| entry.value().clone()).collect();
    let bundle = Value::object([
        ("mediaType", Value::string("application/vnd.dev.sigstore.bundle.v0.3+json")),
        (
            "verificationMaterial",
            Value::object([
                ("certificate", Value::object([("rawBytes", base64(&certificate)?)])),
                ("tlogEntries", Value::Array(entries)),
            ]),
        ),
        (
            "dsseEnvelope",
            Value::object([
                ("payload", base64(&statement)?),
                ("payloadType", Value::string(IN_TOTO_PAYLOAD_TYPE)),
                ("signatures", Value::array([Value::object([("sig", base64(&signature)?)])])),
            ]),
        ),
    ]);
    Ok(Piece::new(item.pointer(), PieceBundle::Here(bundle.to_text())))
}

/// Base64 as a bundle has it: early attestations have line breaks, as MIME wants them.
fn base64<'a>(text: &Node<'_, '_>) -> Result<Value<'a>, SourceError> {
    Ok(Value::string(&text.string()?.replace('\n', "")))
}

fn publisher(node: &Node<'_, '_>) -> Result<Publisher, SourceError> {
    let mut fields = node.fields()?;
    let kind = fields.required("kind")?.string()?;
    let mut text = |name| short(&fields.required(name)?);
    let environment = || node.member("environment").map(|environment| short(&environment)).transpose();
    Ok(match kind {
        "GitHub" => Publisher::GitHub {
            repository: text("repository")?,
            workflow: text("workflow")?,
            environment: environment()?,
        },
        "GitLab" => Publisher::GitLab {
            repository: text("repository")?,
            workflow_filepath: text("workflow_filepath")?,
            environment: environment()?,
        },
        "Google" => Publisher::Google { email: text("email")? },
        _ => Publisher::Other { kind: short(&node.fields()?.required("kind")?)? },
    })
}

/// What a publisher is called: each of its attestations repeats it, so that a long text would become far more than the document.
fn short(text: &Node<'_, '_>) -> Result<String, SourceError> {
    let found = text.string()?;
    if found.len() > MAX_PUBLISHER_BYTES {
        let expected = "a publisher's name of a usual length";
        return Err(text.error(ShapeErrorKind::OtherText { expected, found: found.to_string() }).into());
    }
    Ok(found.to_string())
}

fn must_be_version_1(version: &Node<'_, '_>) -> Result<(), SourceError> {
    match version.value() {
        Value::Unsigned(1) => Ok(()),
        found => Err(SourceError::new(version.pointer(), SourceErrorKind::Version { found: found.to_text() })),
    }
}
