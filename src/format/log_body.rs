//! The bodies of log entries (rekor `pkg/types/*`, rekor-tiles `api/proto/rekor/v2`): what was logged. The log hashes the exact
//! bytes; this reads the same bytes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::crypto::{Digest, HashAlgorithm, KeyDetails};
use crate::encoding::base64;
use crate::encoding::json::{self, Node, ShapeError};
use crate::encoding::pem::Block;
use crate::encoding::quoted::Quoted;

/// What a log entry says was logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogBody {
    /// `kind` of the body itself.
    pub kind: String,
    /// `apiVersion` of the body itself.
    pub version: String,
    /// The rest.
    pub content: LoggedContent,
    /// The one signature; `None` where only [`LoggedContent::EnvelopeText`] covers it.
    pub signature: Option<Vec<u8>>,
    /// Who made it.
    pub verifier: LoggedVerifier,
}

/// What the logged signature is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoggedContent {
    /// hashedrekord and rekord: a digest of what was signed.
    Digest(Digest),
    /// dsse and intoto 0.0.2: the digest of an envelope's payload.
    Payload {
        /// The digest of the payload.
        digest: Digest,
        /// The payload type, where the kind logs it.
        payload_type: Option<String>,
    },
    /// intoto 0.0.1: the digest of the very text of an envelope with its signature.
    EnvelopeText {
        /// The digest of the text.
        digest: Digest,
        /// The digest of the payload, where it was logged.
        payload: Option<Digest>,
    },
}

/// The key or certificate in a log entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoggedVerifier {
    /// A certificate, in DER.
    Certificate(Vec<u8>),
    /// A public key: SPKI in DER.
    PublicKey(Vec<u8>),
    /// Rekor v2: either of them with the key's registered algorithm.
    Detailed {
        /// Whether `der` is a certificate.
        certificate: bool,
        /// The certificate or SPKI in DER.
        der: Vec<u8>,
        /// The algorithm that the log checked the signature with.
        key_details: KeyDetails,
    },
}

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogBodyError {
    /// Not JSON, or not of its kind's shape.
    Shape(ShapeError),
    /// A kind and version that cannot be bound to a signature here.
    UnsupportedKind {
        /// The kind.
        kind: String,
        /// Its version.
        version: String,
    },
    /// A hash algorithm or digest that is not SHA-2 of its length.
    Digest {
        /// JSON pointer into the body.
        at: String,
    },
    /// A key or certificate that is not PEM of a known label.
    Verifier {
        /// JSON pointer into the body.
        at: String,
    },
    /// Not exactly one signature.
    SignatureCount {
        /// How many.
        found: usize,
    },
}

impl fmt::Display for LogBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(error) => write!(f, "{error} at {} of the entry's body", Quoted(&error.at)),
            Self::UnsupportedKind { kind, version } => write!(
                f,
                "expected hashedrekord 0.0.1, hashedrekord 0.0.2, dsse 0.0.1, intoto 0.0.2, or rekord 0.0.1 or intoto 0.0.1 as cosign made them, found {} {}",
                Quoted(kind),
                Quoted(version)
            ),
            Self::Digest { at } => {
                write!(f, "expected a SHA-2 digest at {at} of the entry's body, found something else")
            }
            Self::Verifier { at } => {
                write!(f, "expected a certificate or public key at {at} of the entry's body, found something else")
            }
            Self::SignatureCount { found } => {
                write!(f, "expected exactly one signature in the entry's body, found {found}")
            }
        }
    }
}

impl From<ShapeError> for LogBodyError {
    fn from(error: ShapeError) -> Self {
        Self::Shape(error)
    }
}

impl LogBody {
    /// Reads a body of one of the supported kinds.
    ///
    /// Refused with [`LogBodyError::UnsupportedKind`], although logs hold them: rekord 0.0.1 of other keys than X.509 knows (PGP,
    /// minisign, SSH), for no bundle holds their signatures; dsse 0.0.2 existed only in staging and is deprecated.
    ///
    /// # Errors
    /// [`LogBodyError`].
    pub fn from_json(body: &[u8]) -> Result<Self, LogBodyError> {
        let value = json::parse(body).map_err(ShapeError::from)?;
        let root = Node::root(&value);
        let mut fields = root.fields()?;
        let kind = fields.required("kind")?.string()?;
        let version = fields.required("apiVersion")?.string()?;
        let spec = fields.required("spec")?;
        let (content, signature, verifier) = match (kind, version) {
            ("hashedrekord", "0.0.1") => hashedrekord_v1(&spec)?,
            // What cosign logged before there was hashedrekord: the same parts.
            ("rekord", "0.0.1") if is_x509(&spec) => hashedrekord_v1(&spec)?,
            ("hashedrekord", "0.0.2") => hashedrekord_v2(&spec)?,
            ("dsse", "0.0.1") => dsse(&spec)?,
            ("intoto", "0.0.2") => intoto(&spec)?,
            ("intoto", "0.0.1") => intoto_v1(&spec)?,
            _ => return Err(LogBodyError::UnsupportedKind { kind: kind.to_string(), version: version.to_string() }),
        };
        Ok(Self { kind: kind.to_string(), version: version.to_string(), content, signature, verifier })
    }

    /// Whether this kind belongs to Rekor v2, which has neither promises nor integrated times.
    #[must_use]
    pub fn is_rekor_v2(&self) -> bool {
        is_rekor_v2(&self.kind, &self.version)
    }
}

/// Whether this kind and version belong to Rekor v2.
#[must_use]
pub fn is_rekor_v2(kind: &str, version: &str) -> bool {
    matches!((kind, version), ("hashedrekord" | "dsse", "0.0.2"))
}

type Parts = (LoggedContent, Option<Vec<u8>>, LoggedVerifier);

/// `{ signature: { format: "x509" } }`
fn is_x509(spec: &Node<'_, '_>) -> bool {
    let signature = spec.member("signature");
    let format = signature.as_ref().and_then(|signature| signature.member("format"));
    format.is_some_and(|format| format.string() == Ok("x509"))
}

/// `{ data: { hash: { algorithm, value } }, signature: { content, publicKey: { content } } }`
fn hashedrekord_v1(spec: &Node<'_, '_>) -> Result<Parts, LogBodyError> {
    let mut fields = spec.fields()?;
    let data = fields.required("data")?;
    let hash = data.fields()?.required("hash")?;
    let signature = fields.required("signature")?;
    let mut signature = signature.fields()?;
    let content = signature.required("content")?.bytes()?;
    let key = signature.required("publicKey")?;
    let key = key.fields()?.required("content")?;
    Ok((LoggedContent::Digest(hex_digest(&hash)?), Some(content), pem_verifier(&key)?))
}

/// `{ hashedRekordV002: { data: { algorithm, digest }, signature: { content, verifier } } }`
fn hashedrekord_v2(spec: &Node<'_, '_>) -> Result<Parts, LogBodyError> {
    let spec = spec.fields()?.required("hashedRekordV002")?;
    let mut fields = spec.fields()?;
    let data = fields.required("data")?;
    let mut data_fields = data.fields()?;
    let name = data_fields.required("algorithm")?.string()?;
    let bytes = data_fields.required("digest")?.bytes()?;
    let digest = HashAlgorithm::from_protobuf_name(name)
        .and_then(|algorithm| Digest::new(algorithm, &bytes).ok())
        .ok_or_else(|| LogBodyError::Digest { at: data.pointer() })?;
    let signature = fields.required("signature")?;
    let mut signature = signature.fields()?;
    let content = signature.required("content")?.bytes()?;
    let verifier = signature.required("verifier")?;
    let mut fields = verifier.fields()?;
    let key_details = KeyDetails::from_name(fields.required("keyDetails")?.string()?);
    let (certificate, raw) = match (fields.optional("x509Certificate")?, fields.optional("publicKey")?) {
        (Some(certificate), None) => (true, certificate.fields()?.required("rawBytes")?.bytes()?),
        (None, Some(key)) => (false, key.fields()?.required("rawBytes")?.bytes()?),
        _ => return Err(LogBodyError::Verifier { at: verifier.pointer() }),
    };
    Ok((LoggedContent::Digest(digest), Some(content), LoggedVerifier::Detailed { certificate, der: raw, key_details }))
}

/// `{ payloadHash: { algorithm, value }, signatures: [{ signature, verifier }] }`; the envelope's own hash is over the text
/// that the signer uploaded, which a bundle does not hold.
fn dsse(spec: &Node<'_, '_>) -> Result<Parts, LogBodyError> {
    let mut fields = spec.fields()?;
    let digest = hex_digest(&fields.required("payloadHash")?)?;
    let list = fields.required("signatures")?;
    let signature = one_signature(&list)?;
    let mut signature = signature.fields()?;
    let content = signature.required("signature")?.bytes()?;
    let verifier = pem_verifier(&signature.required("verifier")?)?;
    Ok((LoggedContent::Payload { digest, payload_type: None }, Some(content), verifier))
}

/// `{ content: { envelope: { payloadType, signatures: [{ publicKey, sig }] }, payloadHash } }`; `sig` is base64 of the
/// envelope's base64 text. Rekor drops `envelope.payload` before hashing, so it is neither required nor looked at.
fn intoto(spec: &Node<'_, '_>) -> Result<Parts, LogBodyError> {
    let content = spec.fields()?.required("content")?;
    let mut fields = content.fields()?;
    let digest = hex_digest(&fields.required("payloadHash")?)?;
    let envelope = fields.required("envelope")?;
    let mut envelope = envelope.fields()?;
    let payload_type = envelope.required("payloadType")?.string()?.to_string();
    let list = envelope.required("signatures")?;
    let signature = one_signature(&list)?;
    let mut signature = signature.fields()?;
    let node = signature.required("sig")?;
    let text = node.bytes()?;
    let content = core::str::from_utf8(&text)
        .ok()
        .and_then(base64::decode)
        .ok_or_else(|| node.error(json::ShapeErrorKind::Base64))?;
    let verifier = pem_verifier(&signature.required("publicKey")?)?;
    Ok((LoggedContent::Payload { digest, payload_type: Some(payload_type) }, Some(content), verifier))
}

/// `{ content: { hash, payloadHash }, publicKey }`: `hash` is over the envelope's text as the signer uploaded it, signature and all
/// (rekor `pkg/types/intoto/v0.0.1`).
fn intoto_v1(spec: &Node<'_, '_>) -> Result<Parts, LogBodyError> {
    let mut fields = spec.fields()?;
    let verifier = pem_verifier(&fields.required("publicKey")?)?;
    let content = fields.required("content")?;
    let mut fields = content.fields()?;
    let digest = hex_digest(&fields.required("hash")?)?;
    let payload = fields.optional("payloadHash")?.map(|hash| hex_digest(&hash)).transpose()?;
    Ok((LoggedContent::EnvelopeText { digest, payload }, None, verifier))
}

fn one_signature<'p, 'a>(list: &'p Node<'p, 'a>) -> Result<Node<'p, 'a>, LogBodyError> {
    let mut items = list.items("signatures", usize::MAX)?;
    match (items.next(), items.count()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(LogBodyError::SignatureCount { found: 0 }),
        (Some(_), more) => Err(LogBodyError::SignatureCount { found: more.saturating_add(1) }),
    }
}

fn hex_digest(node: &Node<'_, '_>) -> Result<Digest, LogBodyError> {
    let mut fields = node.fields()?;
    let algorithm = fields.required("algorithm")?.string()?;
    let value = fields.required("value")?.string()?;
    HashAlgorithm::from_name(algorithm)
        .and_then(|algorithm| Digest::from_hex(algorithm, value).ok())
        .ok_or_else(|| LogBodyError::Digest { at: node.pointer() })
}

/// base64 of PEM; only the first block counts, since signers uploaded chains as well as leaves.
fn pem_verifier(node: &Node<'_, '_>) -> Result<LoggedVerifier, LogBodyError> {
    let bytes = node.bytes()?;
    match core::str::from_utf8(&bytes).ok().and_then(|text| Block::first(text).ok()) {
        Some(Block { label: "CERTIFICATE", bytes, .. }) => Ok(LoggedVerifier::Certificate(bytes)),
        Some(Block { label: "PUBLIC KEY", bytes, .. }) => Ok(LoggedVerifier::PublicKey(bytes)),
        _ => Err(LogBodyError::Verifier { at: node.pointer() }),
    }
}
