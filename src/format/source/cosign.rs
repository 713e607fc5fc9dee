//! What cosign and its relatives wrote before there were bundles: the layers of legacy signature and attestation manifests
//! (cosign `specs/SIGNATURE_SPEC.md`, `specs/ATTESTATION_SPEC.md`), the old `sign-blob --bundle`, signatures with their
//! certificate in files beside them, and slsa-github-generator's envelopes that carry their certificate.
//!
//! The log entries of these shapes most often hold only the log's promise, so their bundles are of version 0.1 and pass
//! only where `require: { promiseOnly: true }` takes the log's word alone. An entry as Rekor's API gives it may hold a proof with
//! checkpoint: then the bundle is of version 0.2, and needs no such leave.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::envelope::Envelope;
use super::signer::{pem_blocks, pem_or_base64};
use super::{SourceError, SourceErrorKind, bundle, parse, rekor, whole, wrong};
use crate::encoding::base64;
use crate::encoding::json::{Node, ShapeErrorKind};
use crate::format::bundle::KeyMaterial;
use crate::format::log_entry::LogEntry;
use crate::format::simple_signing::SimpleSigning;
use crate::limits::MAX_SOURCE_BYTES;

/// The annotations of one layer that belong to its signature. Empty ones are as good as none: cosign writes both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// `dev.cosignproject.cosign/signature`: the signature in base64; empty with attestations, whose envelope holds it.
    pub signature: Option<String>,
    /// `dev.sigstore.cosign/certificate`: the signer's certificate in PEM; not there where a key signed.
    pub certificate: Option<String>,
    /// `dev.sigstore.cosign/chain`: the certificates above it in PEM, most often with the root.
    pub chain: Option<String>,
    /// `dev.sigstore.cosign/bundle`: JSON of the log entry with the log's promise.
    pub bundle: Option<String>,
    /// `dev.sigstore.cosign/rfc3161timestamp`: JSON of the timestamp.
    pub timestamp: Option<String>,
}

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

impl Annotations {
    /// Takes what matters from all annotations of a layer.
    #[must_use]
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut annotations = Self::default();
        for (name, value) in pairs {
            let place = match name {
                SIGNATURE => &mut annotations.signature,
                CERTIFICATE => &mut annotations.certificate,
                CHAIN => &mut annotations.chain,
                BUNDLE => &mut annotations.bundle,
                TIMESTAMP => &mut annotations.timestamp,
                _ => continue,
            };
            *place = Some(value.to_string()).filter(|value| !value.is_empty());
        }
        annotations
    }

    /// Reads the object that a layer has as `annotations` in its manifest.
    ///
    /// # Errors
    /// [`SourceError`] where that is not an object of strings (OCI image-spec, annotations).
    pub fn from_json(text: &[u8]) -> Result<Self, SourceError> {
        let value = parse(text)?;
        let root = Node::root(&value);
        let pairs: Result<Vec<_>, _> =
            root.members()?.map(|(name, node)| node.string().map(|value| (name, value))).collect();
        Ok(Self::from_pairs(pairs?))
    }
}

/// The pointer to an annotation.
fn annotation(name: &str) -> String {
    alloc::format!("/annotations/{}", name.replace('/', "~1"))
}

/// Makes a bundle of a layer `application/vnd.dev.cosign.simplesigning.v1+json` of a legacy signature manifest (tag
/// `sha256-….sig`): `payload` is the layer's blob. The bundle holds it, for it is what was signed and names the image
/// ([`Content::ImageSignature`](crate::format::bundle::Content::ImageSignature)).
///
/// # Errors
/// [`SourceError`] at `/payload` or `/annotations`.
pub fn image_signature(payload: &[u8], annotations: &Annotations) -> Result<String, SourceError> {
    if payload.len() > MAX_SOURCE_BYTES {
        return Err(whole(SourceErrorKind::TooLarge { found: payload.len() }).under("/payload"));
    }
    SimpleSigning::from_json(payload).map_err(|error| SourceError::from(error).under("/payload"))?;
    let at = annotation(SIGNATURE);
    let Some(signature) = &annotations.signature else {
        let kind = SourceErrorKind::Shape(ShapeErrorKind::Missing { field: SIGNATURE });
        return Err(SourceError::new("/annotations".into(), kind));
    };
    let kind = SourceErrorKind::Shape(ShapeErrorKind::Base64);
    let signature = base64::decode(signature).ok_or(SourceError::new(at, kind))?;
    let key = signer(annotations, "")?;
    let timestamps = match &annotations.timestamp {
        None => Vec::new(),
        Some(text) => alloc::vec![timestamp(text).map_err(|error| error.under(&annotation(TIMESTAMP)))?],
    };
    let content = bundle::image_signature(payload, &signature);
    Ok(bundle::text(content, &key, &entries(annotations)?, &timestamps))
}

/// Makes a bundle of a layer `application/vnd.dsse.envelope.v1+json` of a legacy attestation manifest (tag `sha256-….att`):
/// `envelope` is the layer's blob.
///
/// A timestamp beside it is left out: cosign asked for it over the whole text of the envelope, and a bundle's timestamps are over
/// the signature (`sigstore_bundle.proto`, `rfc3161_timestamps`).
///
/// # Errors
/// [`SourceError`] at `/envelope` or `/annotations`.
pub fn attestation(envelope: &[u8], annotations: &Annotations) -> Result<String, SourceError> {
    let value = parse(envelope).map_err(|error| error.under("/envelope"))?;
    let root = Node::root(&value);
    let envelope = Envelope::only(&root).map_err(|error| error.under("/envelope"))?;
    let key = signer(annotations, &envelope.key_id)?;
    Ok(bundle::text(envelope.content, &key, &entries(annotations)?, &[]))
}

/// Makes a bundle of the file that `cosign sign-blob --bundle` wrote before version 3:
/// `{ base64Signature, cert, rekorBundle }`. `cert` may be a public key, of which only the hint remains.
///
/// # Errors
/// [`SourceError`], with a pointer into the file.
pub fn blob_bundle(text: &[u8]) -> Result<String, SourceError> {
    let value = parse(text)?;
    blob_bundle_of(&Node::root(&value))
}

/// The same, read.
pub(super) fn blob_bundle_of(root: &Node<'_, '_>) -> Result<String, SourceError> {
    let mut fields = root.fields()?;
    let signature = fields.required("base64Signature")?.bytes()?;
    let key = match fields.optional("cert")? {
        None => KeyMaterial::PublicKey { hint: String::new() },
        Some(node) => pem_or_base64(node.string()?).ok_or_else(|| wrong(&node, SourceErrorKind::Pem))?,
    };
    let entries = match fields.optional("rekorBundle")? {
        None => Vec::new(),
        Some(node) => alloc::vec![rekor::promised(&node)?],
    };
    Ok(bundle::text(bundle::message_signature(None, &signature), &key, &entries, &[]))
}

/// Makes a bundle of files that stand beside an artifact: the signature (in base64, or raw), the certificate or public key (PEM, or that
/// in base64), and the log entry. The last is what Rekor's API answers, or `{ SignedEntryTimestamp, Payload }`; without it nothing tells
/// when a certificate was used, and only a key that the caller knows can be verified.
///
/// # Errors
/// [`SourceError`] at `/signer` or `/logEntries`.
pub fn detached(signature: &[u8], signer: Option<&[u8]>, log_entries: Option<&[u8]>) -> Result<String, SourceError> {
    let decoded = core::str::from_utf8(signature).ok().and_then(|text| base64::decode(text.trim_ascii()));
    let content = bundle::message_signature(None, decoded.as_deref().unwrap_or(signature));
    let key = match signer {
        None => KeyMaterial::PublicKey { hint: String::new() },
        Some(signer) => core::str::from_utf8(signer)
            .ok()
            .and_then(pem_or_base64)
            .ok_or_else(|| SourceError::new("/signer".into(), SourceErrorKind::Pem))?,
    };
    Ok(bundle::text(content, &key, &answered(log_entries)?, &[]))
}

/// Makes a bundle of an envelope that carries its signer's certificate in a field that DSSE does not know, `signatures[0].cert`
/// (slsa-github-generator's `….intoto.jsonl`, one line) or `signatures[0].certificate` (Witness), and of its log entry as in [`detached`]: the
/// file does not hold it, and without it nothing tells when the certificate was used.
///
/// # Errors
/// [`SourceError`] at `/envelope` or `/logEntries`.
pub fn certified_envelope(envelope: &[u8], log_entries: Option<&[u8]>) -> Result<String, SourceError> {
    let value = parse(envelope).map_err(|error| error.under("/envelope"))?;
    let root = Node::root(&value);
    let certified = Envelope::only(&root).and_then(|envelope| Ok((envelope.content, envelope.certificates?)));
    let (content, certificates) = certified.map_err(|error| error.under("/envelope"))?;
    let Some(key) = certificates else {
        let kind = SourceErrorKind::Shape(ShapeErrorKind::Missing { field: "cert" });
        return Err(SourceError::new("/envelope/signatures/0".into(), kind));
    };
    Ok(bundle::text(content, &key, &answered(log_entries)?, &[]))
}

/// The log entries of an answer of Rekor, if there is one.
fn answered(text: Option<&[u8]>) -> Result<Vec<LogEntry>, SourceError> {
    text.map_or(Ok(Vec::new()), |text| rekor::from_json(text).map_err(|error| error.under("/logEntries")))
}

/// The log entry of an annotation, if there is one.
fn entries(annotations: &Annotations) -> Result<Vec<LogEntry>, SourceError> {
    let Some(text) = &annotations.bundle else { return Ok(Vec::new()) };
    let read = || {
        let value = parse(text.as_bytes())?;
        rekor::promised(&Node::root(&value))
    };
    let entry = read().map_err(|error: SourceError| error.under(&annotation(BUNDLE)))?;
    Ok(alloc::vec![entry])
}

/// `{ SignedRFC3161Timestamp }`, an RFC 3161 response.
fn timestamp(text: &str) -> Result<Vec<u8>, SourceError> {
    let value = parse(text.as_bytes())?;
    let root = Node::root(&value);
    let mut fields = root.fields()?;
    Ok(fields.required("SignedRFC3161Timestamp")?.bytes()?)
}

/// Whose key the annotations name. Without a certificate a key signed: `hint` is all that is known of it.
fn signer(annotations: &Annotations, hint: &str) -> Result<KeyMaterial, SourceError> {
    let certificates = |pem: &str, name| {
        let kind = SourceErrorKind::Pem;
        match pem_blocks(pem) {
            Some(KeyMaterial::CertificateChain(chain)) => Ok(chain),
            _ => Err(SourceError::new(annotation(name), kind)),
        }
    };
    let Some(leaf) = &annotations.certificate else {
        return Ok(KeyMaterial::PublicKey { hint: hint.to_string() });
    };
    let mut chain = certificates(leaf, CERTIFICATE)?;
    if let Some(above) = &annotations.chain {
        chain.extend(certificates(above, CHAIN)?);
    }
    Ok(KeyMaterial::CertificateChain(chain))
}
