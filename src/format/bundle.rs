//! Sigstore bundles (protobuf-specs `sigstore_bundle.proto`), versions 0.1, 0.2 and 0.3, as strict protobuf JSON.

mod content;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

pub(crate) use self::content::IMAGE_SIGNATURE_FIELD;
pub use self::content::{Content, IMAGE_SIGNATURE_TYPE};
use super::certificate::{Certificate, CertificateError};
use super::envelope::Envelope;
use super::log_entry::{LogEntry, Unknown, note_unknown};
use crate::encoding::json::{self, JsonError, Node, ShapeError, ShapeErrorKind};
use crate::encoding::located::located_error;
use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_BUNDLE_BYTES, MAX_CHAIN_CERTIFICATES, MAX_LOG_ENTRIES, MAX_TIMESTAMPS};

/// The version of a bundle. It says which parts must be there; it never takes a check away, for nobody signs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BundleVersion {
    /// 0.1: an inclusion promise with every log entry.
    V0_1,
    /// 0.2: an inclusion proof with a checkpoint with every log entry.
    V0_2,
    /// 0.3: as 0.2, and a single certificate in place of a chain.
    V0_3,
}

/// The exact media types, and the version that each stands for.
const MEDIA_TYPES: [(&str, BundleVersion); 5] = [
    ("application/vnd.dev.sigstore.bundle+json;version=0.1", BundleVersion::V0_1),
    ("application/vnd.dev.sigstore.bundle+json;version=0.2", BundleVersion::V0_2),
    ("application/vnd.dev.sigstore.bundle+json;version=0.3", BundleVersion::V0_3),
    ("application/vnd.dev.sigstore.bundle.v0.3+json", BundleVersion::V0_3),
    (IMAGE_SIGNATURE_TYPE, BundleVersion::V0_1),
];

impl BundleVersion {
    /// `0.1`, `0.2` or `0.3`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1",
            Self::V0_2 => "0.2",
            Self::V0_3 => "0.3",
        }
    }
}

/// A bundle: what its bytes say, nothing of it verified.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The media type as written.
    pub media_type: String,
    /// The version that the media type names.
    pub version: BundleVersion,
    /// What was signed.
    pub content: Content,
    /// Whose key signed it.
    pub key_material: KeyMaterial,
    /// Transparency log entries.
    pub log_entries: Vec<LogEntry>,
    /// RFC 3161 responses, each with its JSON pointer.
    pub timestamps: Vec<(String, Vec<u8>)>,
    /// JSON pointers to fields that this library does not know, at most [`crate::limits::MAX_REPORTED_UNKNOWN_FIELDS`].
    pub unknown_fields: Vec<String>,
}

/// Whose key a bundle says it was signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// The leaf certificate, in DER.
    Certificate(Vec<u8>),
    /// The leaf, first, and certificates after it that are never trusted for being there.
    CertificateChain(Vec<Vec<u8>>),
    /// A key that the verifier must know; only a hint at which.
    PublicKey {
        /// The hint, most often base64 of the SHA-256 of the SPKI.
        hint: String,
    },
}

impl KeyMaterial {
    /// The leaf certificate in DER, if there is one.
    #[must_use]
    pub fn leaf(&self) -> Option<&[u8]> {
        match self {
            Self::Certificate(leaf) => Some(leaf),
            Self::CertificateChain(chain) => chain.first().map(Vec::as_slice),
            Self::PublicKey { .. } => None,
        }
    }
}

located_error! {
    /// A rule of the bundle format that is broken, and where.
    BundleError of BundleErrorKind
}

/// The rules of the bundle format.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleErrorKind {
    /// Longer than [`MAX_BUNDLE_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not JSON, or not of a bundle's shape.
    Shape(ShapeErrorKind),
    /// A media type that is none of the known ones, byte for byte.
    UnknownMediaType {
        /// The one found.
        found: String,
    },
    /// None of the contents that the media type has.
    NoContent,
    /// Both a message signature and an envelope.
    AmbiguousContent,
    /// Neither certificate nor chain nor public key.
    NoKeyMaterial,
    /// More than one of certificate, chain and public key.
    AmbiguousKeyMaterial,
    /// An envelope without exactly one signature.
    SignatureCount {
        /// How many.
        found: usize,
    },
    /// A signature of no bytes.
    EmptySignature,
    /// A payload that should name an image, and does not.
    ImagePayload(ShapeError),
    /// A message digest of an algorithm other than SHA-2, or of another length.
    MessageDigest,
    /// A certificate chain of no certificates.
    EmptyChain,
    /// A chain in version 0.3, which has a single certificate.
    ChainNotAllowed,
    /// A single certificate in version 0.1 or 0.2, which have chains.
    CertificateNotDefined {
        /// The version.
        version: BundleVersion,
    },
    /// A certificate after the leaf that cannot be read.
    Certificate(CertificateError),
    /// A self-signed certificate after the leaf that is not the end of its chain: see [`Bundle::superfluous_root`].
    RootInChain,
    /// The same certificate twice in the chain.
    DuplicateCertificate,
    /// No inclusion promise, which version 0.1 demands.
    NoPromise,
    /// No inclusion proof, which versions from 0.2 on demand.
    NoProof {
        /// The version.
        version: BundleVersion,
    },
    /// An inclusion proof without checkpoint, which versions from 0.2 on demand.
    NoCheckpoint {
        /// The version.
        version: BundleVersion,
    },
    /// The same log entry twice.
    DuplicateLogEntry,
    /// The envelope's key id names another key than the bundle's hint.
    KeyHint,
}

impl fmt::Display for BundleErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(f, "expected a bundle of at most {MAX_BUNDLE_BYTES} bytes, found {found}")
            }
            Self::Shape(kind) => kind.fmt(f),
            Self::UnknownMediaType { found } => {
                write!(f, "expected the media type of a bundle of version 0.1, 0.2 or 0.3, found {}", Quoted(found))
            }
            Self::NoContent => {
                f.write_str("expected the content of the media type, a messageSignature or a dsseEnvelope, found none")
            }
            Self::AmbiguousContent => f.write_str("expected a messageSignature or a dsseEnvelope, found both"),
            Self::NoKeyMaterial => {
                f.write_str("expected a certificate, an x509CertificateChain or a publicKey, found none")
            }
            Self::AmbiguousKeyMaterial => {
                f.write_str("expected one of certificate, x509CertificateChain and publicKey, found several")
            }
            Self::SignatureCount { found } => write!(f, "expected exactly one signature, found {found}"),
            Self::EmptySignature => f.write_str("expected a signature, found no bytes"),
            Self::ImagePayload(error) => write!(f, "{error} at {} of the payload", Quoted(&error.at)),
            Self::MessageDigest => {
                f.write_str("expected a SHA-2 digest of its algorithm's length, found something else")
            }
            Self::EmptyChain => f.write_str("expected a certificate, found an empty chain"),
            Self::ChainNotAllowed => {
                f.write_str("expected a single certificate in a bundle of version 0.3, found an x509CertificateChain")
            }
            Self::CertificateNotDefined { version } => write!(
                f,
                "expected an x509CertificateChain in a bundle of version {}, found a single certificate",
                version.name()
            ),
            Self::Certificate(error) => error.fmt(f),
            Self::RootInChain => {
                f.write_str("expected no self-signed certificate but the issuer at the end of the chain, found another")
            }
            Self::DuplicateCertificate => f.write_str("expected each certificate once, found one twice"),
            Self::NoPromise => f.write_str("expected an inclusion promise, as version 0.1 demands, found none"),
            Self::NoProof { version } => {
                write!(f, "expected an inclusion proof, as version {} demands, found none", version.name())
            }
            Self::NoCheckpoint { version } => write!(
                f,
                "expected a checkpoint with the inclusion proof, as version {} demands, found none",
                version.name()
            ),
            Self::DuplicateLogEntry => f.write_str("expected each log entry once, found one twice"),
            Self::KeyHint => f.write_str("expected the envelope's keyid to equal the public key's hint, found another"),
        }
    }
}

impl From<ShapeError> for BundleError {
    fn from(error: ShapeError) -> Self {
        let (at, kind) = error.into_parts();
        Self::new(at, BundleErrorKind::Shape(kind))
    }
}

impl From<JsonError> for BundleError {
    fn from(error: JsonError) -> Self {
        ShapeError::from(error).into()
    }
}

const CHAIN: &str = "/verificationMaterial/x509CertificateChain";

fn broken(node: &Node<'_, '_>, kind: BundleErrorKind) -> BundleError {
    BundleError::new(node.pointer(), kind)
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    /// [`BundleError`] when there is nothing to go on with: bytes that are not a bundle, or one whose content or key is
    /// missing or ambiguous. Rules whose breach leaves the rest readable are in [`Bundle::violations`], so that a report
    /// can say everything that is wrong.
    pub fn from_json(text: &[u8]) -> Result<Self, BundleError> {
        if text.len() > MAX_BUNDLE_BYTES {
            let kind = BundleErrorKind::TooLarge { found: text.len() };
            return Err(BundleError::new(String::new(), kind));
        }
        let value = json::parse(text)?;
        let root = Node::root(&value);
        let mut fields = root.fields()?;
        let mut unknown = Unknown::new();
        let media_type = fields.required("mediaType")?;
        let found = media_type.string()?;
        let (_, version) = MEDIA_TYPES
            .into_iter()
            .find(|(name, _)| *name == found)
            .ok_or_else(|| broken(&media_type, BundleErrorKind::UnknownMediaType { found: found.to_string() }))?;

        let content = Content::read(&root, &mut fields, found == IMAGE_SIGNATURE_TYPE, &mut unknown)?;
        let material = fields.required("verificationMaterial")?;
        note_unknown(&fields, &mut unknown);

        let mut fields = material.fields()?;
        let key_material = match (
            fields.optional("certificate")?,
            fields.optional("x509CertificateChain")?,
            fields.optional("publicKey")?,
        ) {
            (Some(node), None, None) => KeyMaterial::Certificate(raw_bytes(&node, &mut unknown)?),
            (None, Some(node), None) => KeyMaterial::CertificateChain(chain(&node, &mut unknown)?),
            (None, None, Some(node)) => {
                let mut fields = node.fields()?;
                let hint = fields.optional("hint")?.map_or(Ok(""), |hint| hint.string())?.to_string();
                note_unknown(&fields, &mut unknown);
                KeyMaterial::PublicKey { hint }
            }
            (None, None, None) => return Err(broken(&material, BundleErrorKind::NoKeyMaterial)),
            _ => return Err(broken(&material, BundleErrorKind::AmbiguousKeyMaterial)),
        };
        let log_entries = match fields.optional("tlogEntries")? {
            None => Vec::new(),
            Some(list) => list
                .items("log entries", MAX_LOG_ENTRIES)?
                .map(|entry| LogEntry::read(&entry, &mut unknown))
                .collect::<Result<_, _>>()?,
        };
        let timestamps = match fields.optional("timestampVerificationData")? {
            None => Vec::new(),
            Some(data) => timestamps(&data, &mut unknown)?,
        };
        note_unknown(&fields, &mut unknown);
        Ok(Self {
            media_type: found.to_string(),
            version,
            content,
            key_material,
            log_entries,
            timestamps,
            unknown_fields: unknown,
        })
    }

    /// JSON pointer to the root at the end of the chain, where it stands in order: after the certificate that it issued.
    ///
    /// Signers must not include it, but those of 2022 and 2023 did (npm, slsa-github-generator): verifiers should ignore it
    /// (`sigstore_bundle.proto`, `x509_certificate_chain`). Nothing after the leaf is ever trusted, so it changes nothing.
    #[must_use]
    pub fn superfluous_root(&self) -> Option<String> {
        let KeyMaterial::CertificateChain(chain) = &self.key_material else { return None };
        let [.., issued, root] = chain.as_slice() else { return None };
        let (issued, root) = (Certificate::from_der(issued).ok()?, Certificate::from_der(root).ok()?);
        let in_order = root.is_self_issued() && issued.issuer_der() == root.subject_der() && issued.der() != root.der();
        in_order.then(|| alloc::format!("{CHAIN}/certificates/{}", chain.len().saturating_sub(1)))
    }

    /// The rules of its version that this bundle breaks.
    #[must_use]
    pub fn violations(&self) -> Vec<BundleError> {
        let mut violations = Vec::new();
        let mut found = |at: &str, kind| violations.push(BundleError::new(at.to_string(), kind));
        let version = self.version;
        match &self.key_material {
            KeyMaterial::Certificate(_) if version < BundleVersion::V0_3 => {
                found("/verificationMaterial/certificate", BundleErrorKind::CertificateNotDefined { version });
            }
            KeyMaterial::CertificateChain(chain) => {
                if version >= BundleVersion::V0_3 {
                    found(CHAIN, BundleErrorKind::ChainNotAllowed);
                }
                for (index, der) in chain.iter().enumerate().skip(1) {
                    let at = alloc::format!("{CHAIN}/certificates/{index}");
                    if chain.iter().take(index).any(|earlier| earlier == der) {
                        found(&at, BundleErrorKind::DuplicateCertificate);
                    }
                    match Certificate::from_der(der) {
                        Ok(certificate) if certificate.is_self_issued() => {
                            if self.superfluous_root().is_none_or(|root| root != at) {
                                found(&at, BundleErrorKind::RootInChain);
                            }
                        }
                        Ok(_) => {}
                        Err(error) => found(&at, BundleErrorKind::Certificate(error)),
                    }
                }
            }
            KeyMaterial::PublicKey { hint } => {
                if let Content::Envelope(Envelope { key_id, .. }) = &self.content
                    && !key_id.is_empty()
                    && !hint.is_empty()
                    && key_id != hint
                {
                    found("/dsseEnvelope/signatures/0/keyid", BundleErrorKind::KeyHint);
                }
            }
            KeyMaterial::Certificate(_) => {}
        }
        for (index, entry) in self.log_entries.iter().enumerate() {
            let same = |other: &&LogEntry| (&other.log_id, other.log_index) == (&entry.log_id, entry.log_index);
            if self.log_entries.iter().take(index).any(|other| same(&other)) {
                found(&entry.at, BundleErrorKind::DuplicateLogEntry);
            }
            match (&entry.proof, version) {
                (_, BundleVersion::V0_1) if entry.promise.is_none() => found(&entry.at, BundleErrorKind::NoPromise),
                (_, BundleVersion::V0_1) => {}
                (None, _) => found(&entry.at, BundleErrorKind::NoProof { version }),
                (Some(proof), _) if proof.checkpoint.is_none() => {
                    found(&alloc::format!("{}/inclusionProof", entry.at), BundleErrorKind::NoCheckpoint { version });
                }
                (Some(_), _) => {}
            }
        }
        violations
    }
}

fn raw_bytes(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Vec<u8>, ShapeError> {
    let mut fields = node.fields()?;
    let bytes = fields.required("rawBytes")?.bytes()?;
    note_unknown(&fields, unknown);
    Ok(bytes)
}

fn chain(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Vec<Vec<u8>>, BundleError> {
    let mut fields = node.fields()?;
    let Some(list) = fields.optional("certificates")? else {
        return Err(broken(node, BundleErrorKind::EmptyChain));
    };
    let mut chain = Vec::new();
    for certificate in list.items("certificates", MAX_CHAIN_CERTIFICATES)? {
        chain.push(raw_bytes(&certificate, unknown)?);
    }
    note_unknown(&fields, unknown);
    if chain.is_empty() { Err(broken(&list, BundleErrorKind::EmptyChain)) } else { Ok(chain) }
}

fn timestamps(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Vec<(String, Vec<u8>)>, ShapeError> {
    let mut fields = node.fields()?;
    let Some(list) = fields.optional("rfc3161Timestamps")? else {
        note_unknown(&fields, unknown);
        return Ok(Vec::new());
    };
    let mut timestamps = Vec::new();
    for item in list.items("timestamps", MAX_TIMESTAMPS)? {
        let mut fields = item.fields()?;
        timestamps.push((item.pointer(), fields.required("signedTimestamp")?.bytes()?));
        note_unknown(&fields, unknown);
    }
    note_unknown(&fields, unknown);
    Ok(timestamps)
}
