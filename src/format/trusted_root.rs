//! Trusted roots (protobuf-specs `sigstore_trustroot.proto`): which authorities the caller trusts, and from when to when.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::certificate::{Certificate, CertificateError};
use crate::crypto::{KeyDetails, KeyError, PublicKey, Scheme, sha256};
use crate::encoding::json::{self, Fields, Node, ShapeError};
use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_AUTHORITIES, MAX_CHAIN_CERTIFICATES, MAX_TRUSTED_ROOT_BYTES, MAX_TRUSTED_ROOTS};
use crate::time::{UnixTime, Window};

/// The media types of a trusted root, all of them in use.
pub const MEDIA_TYPES: [&str; 3] = [
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

/// One trusted root.
#[derive(Clone, Debug)]
pub struct TrustedRoot {
    /// Fulcio instances.
    pub certificate_authorities: Vec<CertificateAuthority>,
    /// Rekor instances, of either version.
    pub transparency_logs: Vec<TransparencyLog>,
    /// Certificate transparency logs.
    pub ct_logs: Vec<TransparencyLog>,
    /// RFC 3161 timestamp authorities.
    pub timestamp_authorities: Vec<CertificateAuthority>,
    /// Authorities that are in the root but cannot be used here, such as keys of an unknown algorithm.
    pub skipped: Vec<SkippedAuthority>,
    /// SHA-256 of the JSON text that it was read from, of its line where there are several; `None` of a root that was never text.
    pub sha256: Option<[u8; 32]>,
}

/// A certificate authority or a timestamp authority: its own certificates and its own window, never pooled with another's.
#[derive(Clone, Debug)]
pub struct CertificateAuthority {
    /// Where it is, as the root names it.
    pub uri: String,
    /// Its certificates: issuing ones first, the trust anchor last. A timestamp authority's leaf may come first.
    pub certificates: Vec<Certificate>,
    /// When it was trusted.
    pub window: Window,
    /// Who runs it; authorities of one operator count once towards a threshold.
    pub operator: Option<String>,
}

/// A transparency log: Rekor or certificate transparency.
#[derive(Clone, Debug)]
pub struct TransparencyLog {
    /// The host (and port) of its base URL: the name under which it signs checkpoints.
    pub host: String,
    /// Its public key.
    pub key: PublicKey,
    /// How it signs.
    pub scheme: Scheme,
    /// When its key was trusted.
    pub window: Window,
    /// Its id, recomputed from the key.
    pub log_id: Vec<u8>,
    /// The four bytes that mark its signature lines in notes, recomputed from the key by the rule that the root's ids follow.
    pub note_key_id: [u8; 4],
    /// Who runs it; logs of one operator count once towards a threshold.
    pub operator: Option<String>,
}

/// An authority in the root that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedAuthority {
    /// JSON pointer into the root.
    pub at: String,
    /// Why.
    pub reason: KeyError,
}

/// Why bytes are not a trusted root that this library uses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustedRootError {
    /// Longer than [`MAX_TRUSTED_ROOT_BYTES`] in one line.
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// No root, or more than [`MAX_TRUSTED_ROOTS`].
    RootCount {
        /// Roots found.
        found: usize,
    },
    /// Not JSON, or not of a trusted root's shape; a missing `validFor` or `start` is among these.
    Shape(ShapeError),
    /// An unknown media type.
    UnknownMediaType {
        /// The one found.
        found: String,
    },
    /// A time that is not RFC 3339.
    Time {
        /// JSON pointer.
        at: String,
    },
    /// A window that ends before it starts.
    EmptyWindow {
        /// JSON pointer.
        at: String,
    },
    /// A key of a supported algorithm that cannot be read.
    Key {
        /// JSON pointer.
        at: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A certificate that cannot be read.
    Certificate {
        /// JSON pointer.
        at: String,
        /// What is wrong with it.
        error: CertificateError,
    },
    /// An authority without certificates.
    NoCertificate {
        /// JSON pointer.
        at: String,
    },
    /// A log id, or checkpoint key id, that is not the one of the key beside it.
    LogId {
        /// JSON pointer.
        at: String,
    },
    /// Two logs of one id with different keys.
    DuplicateLogId {
        /// JSON pointer to the second.
        at: String,
    },
    /// A Merkle tree hashed with something else than SHA-256.
    HashAlgorithm {
        /// JSON pointer.
        at: String,
    },
    /// A base URL without a host.
    BaseUrl {
        /// JSON pointer.
        at: String,
    },
}

impl TrustedRootError {
    /// JSON pointer into the root; empty for the whole.
    #[must_use]
    pub fn at(&self) -> &str {
        match self {
            Self::TooLarge { .. } | Self::RootCount { .. } => "",
            Self::Shape(error) => &error.at,
            Self::UnknownMediaType { .. } => "/mediaType",
            Self::Time { at }
            | Self::EmptyWindow { at }
            | Self::Key { at, .. }
            | Self::Certificate { at, .. }
            | Self::NoCertificate { at }
            | Self::LogId { at }
            | Self::DuplicateLogId { at }
            | Self::HashAlgorithm { at }
            | Self::BaseUrl { at } => at,
        }
    }
}

impl fmt::Display for TrustedRootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(f, "expected a trusted root of at most {MAX_TRUSTED_ROOT_BYTES} bytes, found {found}")
            }
            Self::RootCount { found } => write!(f, "expected 1 to {MAX_TRUSTED_ROOTS} trusted roots, found {found}"),
            Self::Shape(error) => error.fmt(f),
            Self::UnknownMediaType { found } => {
                write!(f, "expected the media type of a trusted root, found {}", Quoted(found))
            }
            Self::Time { .. } => f.write_str("expected a time as RFC 3339 writes it, found something else"),
            Self::EmptyWindow { .. } => f.write_str("expected a window that ends after it starts, found the reverse"),
            Self::Key { error, .. } => write!(f, "expected a usable public key, found none: {error}"),
            Self::Certificate { error, .. } => error.fmt(f),
            Self::NoCertificate { .. } => f.write_str("expected a certificate, found none"),
            Self::LogId { .. } => f.write_str("expected the id that the log's key gives, found another"),
            Self::DuplicateLogId { .. } => f.write_str("expected one key for each log id, found a second one"),
            Self::HashAlgorithm { .. } => f.write_str("expected SHA2_256 as the tree's hash, found another"),
            Self::BaseUrl { .. } => f.write_str("expected a URL with a host, found something else"),
        }
    }
}

impl From<ShapeError> for TrustedRootError {
    fn from(error: ShapeError) -> Self {
        Self::Shape(error)
    }
}

impl TrustedRoot {
    /// Reads one root, or several in JSON lines as `gh attestation trusted-root` prints them. The roots stay apart: a bundle
    /// is judged by each on its own, so that a private root never vouches for public identities or the reverse.
    ///
    /// # Errors
    /// [`TrustedRootError`]. An authority whose key algorithm is unknown is skipped and listed; everything else that cannot
    /// be read refuses the whole.
    pub fn several_from_json(text: &[u8]) -> Result<Vec<Self>, TrustedRootError> {
        let lines: Vec<&[u8]> =
            text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
        // The first line of a pretty-printed root is not JSON by itself.
        let json_lines = lines.len() > 1 && lines.first().is_some_and(|line| json::parse(line).is_ok());
        if !json_lines {
            return Self::from_json(text).map(|root| alloc::vec![root]);
        }
        if lines.len() > MAX_TRUSTED_ROOTS {
            return Err(TrustedRootError::RootCount { found: lines.len() });
        }
        lines.into_iter().map(Self::from_json).collect()
    }

    /// Reads one root.
    ///
    /// # Errors
    /// As [`TrustedRoot::several_from_json`].
    pub fn from_json(text: &[u8]) -> Result<Self, TrustedRootError> {
        if text.len() > MAX_TRUSTED_ROOT_BYTES {
            return Err(TrustedRootError::TooLarge { found: text.len() });
        }
        let value = json::parse(text).map_err(ShapeError::from)?;
        let root = Node::root(&value);
        let mut fields = root.fields()?;
        let media_type = fields.required("mediaType")?.string()?;
        if !MEDIA_TYPES.contains(&media_type) {
            return Err(TrustedRootError::UnknownMediaType { found: media_type.to_string() });
        }
        let mut skipped = Vec::new();
        Ok(Self {
            transparency_logs: logs(&mut fields, "tlogs", LogKind::Rekor, &mut skipped)?,
            certificate_authorities: authorities(&mut fields, "certificateAuthorities", &mut skipped)?,
            ct_logs: logs(&mut fields, "ctlogs", LogKind::CertificateTransparency, &mut skipped)?,
            timestamp_authorities: authorities(&mut fields, "timestampAuthorities", &mut skipped)?,
            skipped,
            sha256: Some(sha256(text)),
        })
    }

    /// A root that trusts nobody.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            certificate_authorities: Vec::new(),
            transparency_logs: Vec::new(),
            ct_logs: Vec::new(),
            timestamp_authorities: Vec::new(),
            skipped: Vec::new(),
            sha256: None,
        }
    }

    /// The logs of this id; more than one when a log's key has several windows.
    pub fn transparency_logs_of<'r>(&'r self, log_id: &'r [u8]) -> impl Iterator<Item = &'r TransparencyLog> {
        self.transparency_logs.iter().filter(move |log| log.log_id == log_id)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LogKind {
    Rekor,
    CertificateTransparency,
}

type Skipped = Vec<SkippedAuthority>;

fn logs(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
    kind: LogKind,
    skipped: &mut Skipped,
) -> Result<Vec<TransparencyLog>, TrustedRootError> {
    let Some(list) = fields.optional(name)? else { return Ok(Vec::new()) };
    let mut logs: Vec<TransparencyLog> = Vec::new();
    for node in list.items("logs", MAX_AUTHORITIES)? {
        let Some(log) = TransparencyLog::read(&node, kind, skipped)? else { continue };
        if logs.iter().any(|other| other.log_id == log.log_id && other.key != log.key) {
            return Err(TrustedRootError::DuplicateLogId { at: node.pointer() });
        }
        logs.push(log);
    }
    Ok(logs)
}

fn authorities(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
    skipped: &mut Skipped,
) -> Result<Vec<CertificateAuthority>, TrustedRootError> {
    let Some(list) = fields.optional(name)? else { return Ok(Vec::new()) };
    let mut authorities = Vec::new();
    for node in list.items("authorities", MAX_AUTHORITIES)? {
        authorities.extend(CertificateAuthority::read(&node, skipped)?);
    }
    Ok(authorities)
}

impl TransparencyLog {
    fn read(node: &Node<'_, '_>, kind: LogKind, skipped: &mut Skipped) -> Result<Option<Self>, TrustedRootError> {
        let mut fields = node.fields()?;
        let host = match fields.optional("baseUrl")? {
            None => String::new(),
            Some(url) => {
                host(url.string()?).ok_or_else(|| TrustedRootError::BaseUrl { at: url.pointer() })?.to_string()
            }
        };
        if let Some(algorithm) = fields.optional("hashAlgorithm")? {
            let sha256 = match algorithm.value() {
                json::Value::String(name) => name == "SHA2_256",
                json::Value::Unsigned(number) => *number == 1,
                _ => false,
            };
            if !sha256 {
                return Err(TrustedRootError::HashAlgorithm { at: algorithm.pointer() });
            }
        }
        let public_key = fields.required("publicKey")?;
        let mut key_fields = public_key.fields()?;
        let raw = key_fields.required("rawBytes")?.bytes()?;
        let details = key_details(&key_fields.required("keyDetails")?)?;
        let window = window(&key_fields.required("validFor")?)?;
        let operator = operator(&mut fields)?;
        let Some(scheme) = details.scheme() else {
            let reason = KeyError::UnsupportedDetails { details: details.name() };
            skipped.push(SkippedAuthority { at: node.pointer(), reason });
            return Ok(None);
        };
        let key = details.read_key(&raw).map_err(|error| TrustedRootError::Key { at: public_key.pointer(), error })?;

        let spki_hash = key.spki_sha256();
        let note_hash = note_key_hash(&host, &key);
        let id = fields.required("logId")?;
        let log_id = id.fields()?.required("keyId")?.bytes()?;
        let known = match kind {
            LogKind::CertificateTransparency => log_id == spki_hash,
            LogKind::Rekor => log_id == spki_hash || log_id == note_hash,
        };
        if !known {
            return Err(TrustedRootError::LogId { at: id.pointer() });
        }
        // Where the root names no checkpoint key id, the log id is it (sigstore_trustroot.proto, checkpoint_key_id): of the key
        // alone in Rekor v1, whatever the key's kind, and of name and key in Rekor v2.
        let named = if log_id == spki_hash { spki_hash } else { note_hash };
        let note_key_id = match fields.optional("checkpointKeyId")? {
            None => note_hash_prefix(&named),
            Some(id) => {
                let bytes = id.fields()?.required("keyId")?.bytes()?;
                let is_spelled = |hash: &&[u8; 32]| bytes == **hash || bytes == note_hash_prefix(hash);
                let hash = [&note_hash, &named].into_iter().find(is_spelled);
                note_hash_prefix(hash.ok_or_else(|| TrustedRootError::LogId { at: id.pointer() })?)
            }
        };
        Ok(Some(Self { host, key, scheme, window, log_id, note_key_id, operator }))
    }
}

impl CertificateAuthority {
    fn read(node: &Node<'_, '_>, skipped: &mut Skipped) -> Result<Option<Self>, TrustedRootError> {
        let mut fields = node.fields()?;
        let uri = fields.optional("uri")?.map_or(Ok(""), |uri| uri.string())?.to_string();
        let window = window(&fields.required("validFor")?)?;
        let operator = operator(&mut fields)?;
        let chain = fields.required("certChain")?;
        let list = chain.fields()?.required("certificates")?;
        let mut certificates = Vec::new();
        for item in list.items("certificates", MAX_CHAIN_CERTIFICATES)? {
            let der = item.fields()?.required("rawBytes")?.bytes()?;
            match Certificate::from_der(&der) {
                Ok(certificate) => certificates.push(certificate),
                Err(CertificateError::Key(
                    reason @ (KeyError::UnsupportedAlgorithm { .. } | KeyError::UnsupportedCurve { .. }),
                )) => {
                    skipped.push(SkippedAuthority { at: node.pointer(), reason });
                    return Ok(None);
                }
                Err(error) => return Err(TrustedRootError::Certificate { at: item.pointer(), error }),
            }
        }
        if certificates.is_empty() {
            return Err(TrustedRootError::NoCertificate { at: list.pointer() });
        }
        Ok(Some(Self { uri, certificates, window, operator }))
    }
}

fn operator(fields: &mut Fields<'_, '_>) -> Result<Option<String>, ShapeError> {
    let operator =
        fields.optional("operator")?.map(|operator| operator.string().map(ToString::to_string)).transpose()?;
    Ok(operator.filter(|operator| !operator.is_empty()))
}

fn key_details(node: &Node<'_, '_>) -> Result<KeyDetails, ShapeError> {
    match node.value() {
        json::Value::Unsigned(number) => {
            Ok(i32::try_from(*number).map_or(KeyDetails::Unknown, KeyDetails::from_number))
        }
        _ => Ok(KeyDetails::from_name(node.string()?)),
    }
}

/// `{ start, end? }`; without a start nothing is trusted.
fn window(node: &Node<'_, '_>) -> Result<Window, TrustedRootError> {
    let time = |node: Node<'_, '_>| {
        let text = node.string()?;
        UnixTime::from_rfc3339(text).ok_or_else(|| TrustedRootError::Time { at: node.pointer() })
    };
    let mut fields = node.fields()?;
    let start = time(fields.required("start")?)?;
    let end = fields.optional("end")?.map(time).transpose()?;
    if end.is_some_and(|end| end < start) {
        return Err(TrustedRootError::EmptyWindow { at: node.pointer() });
    }
    Ok(Window { start, end })
}

/// The host and port of a URL whose scheme may be missing.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?;
    (super::checkpoint::is_key_name(host) && !host.contains('@')).then_some(host)
}

/// The key id in a note's signature lines: the first four bytes of the full key hash.
fn note_hash_prefix(hash: &[u8; 32]) -> [u8; 4] {
    let [a, b, c, d, ..] = *hash;
    [a, b, c, d]
}

/// The full key hash by which a log signs notes (C2SP signed-note.md, "Signature types"; rekor-tiles `pkg/note`): over name
/// and key for Ed25519 and RSA, over the SPKI alone for ECDSA.
#[must_use]
pub fn note_key_hash(name: &str, key: &PublicKey) -> [u8; 32] {
    const ED25519: u8 = 0x01;
    const OTHER: u8 = 0xff;
    let mut text = name.as_bytes().to_vec();
    text.push(b'\n');
    if let Some(bytes) = key.ed25519_bytes() {
        text.push(ED25519);
        text.extend_from_slice(&bytes);
    } else if key.rsa_bits().is_some() {
        text.push(OTHER);
        text.extend_from_slice(b"PKIX-RSA-PKCS#1v1.5");
        text.extend_from_slice(key.spki_der());
    } else {
        return key.spki_sha256();
    }
    sha256(&text)
}
