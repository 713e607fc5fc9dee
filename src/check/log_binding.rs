//! Claim `log-binding`: the log entry speaks of this very signature, key and payload.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::artifact::Artifact;
use super::{Coded, codes};
use crate::crypto::{Digest, HashAlgorithm, KeyDetails, PublicKey, Scheme, digest};
use crate::encoding::base64;
use crate::encoding::quoted::Quoted;
use crate::format::bundle::Content;
use crate::format::certificate::Certificate;
use crate::format::log_body::{LogBody, LogBodyError, LoggedContent, LoggedVerifier};
use crate::format::log_entry::LogEntry;
use crate::format::trusted_root::TransparencyLog;

/// Proof that the body of an entry names the bundle's signature, key and content, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundEntry {
    host: String,
    log_index: i64,
    kind: String,
    hash: Option<HashAlgorithm>,
    key_details: Option<KeyDetails>,
    canonical: bool,
}

impl BoundEntry {
    /// The host of the log that the entry names.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The entry's index in that log.
    #[must_use]
    pub fn log_index(&self) -> i64 {
        self.log_index
    }

    /// The entry's kind and version: `hashedrekord/0.0.1`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether a Rekor v2 body is, byte for byte, what its canonical form would be. Always so for other kinds, whose form is
    /// not fixed.
    #[must_use]
    pub fn is_canonical(&self) -> bool {
        self.canonical
    }

    /// The algorithm that the entry names, when it is another than `scheme` with `key`: by its key details, or by the hash of
    /// the digest that was logged. Rekor v2 names both, and both must be the one that was used.
    pub(super) fn logs_another_scheme(&self, key: &PublicKey, scheme: Scheme) -> Option<String> {
        // Deprecated values name the same algorithm without the size of the key.
        let other = |details: &KeyDetails| details.scheme() != Some(scheme) || details.kind() != Some(key.kind());
        if let Some(details) = self.key_details.filter(other) {
            return Some(details.name().to_string());
        }
        let hash = self.hash?;
        (scheme.hash() != Some(hash)).then(|| hash.to_string())
    }
}

/// Whose key the entry must name.
#[derive(Clone, Copy, Debug)]
pub enum Signer<'a> {
    /// The bundle's leaf certificate.
    Certificate(&'a Certificate),
    /// A key that the caller knows.
    PublicKey(&'a PublicKey),
}

impl<'a> Signer<'a> {
    /// The key.
    #[must_use]
    pub fn key(self) -> &'a PublicKey {
        match self {
            Self::Certificate(leaf) => leaf.public_key(),
            Self::PublicKey(key) => key,
        }
    }
}

/// In what a log entry speaks of something else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogBindingError {
    /// The body cannot be read.
    Body(LogBodyError),
    /// The bundle names another kind or version than the body.
    KindDiffers {
        /// What the bundle says.
        entry: String,
        /// What the body says.
        body: String,
    },
    /// A kind that logs another sort of content: an envelope's for an artifact, or the reverse.
    KindOfOtherContent {
        /// The kind.
        kind: String,
    },
    /// Another signature was logged.
    SignatureDiffers,
    /// Another certificate or key was logged, or a bare key instead of the certificate.
    KeyDiffers,
    /// The key's algorithm was logged as another than the key has.
    KeyDetailsDiffer {
        /// What was logged.
        logged: &'static str,
    },
    /// Another digest was logged.
    DigestDiffers {
        /// What was logged.
        logged: Digest,
        /// What the bundle's content has.
        found: Digest,
    },
    /// The logged digest is of an algorithm for which the artifact's digest is not known.
    DigestNotHeld {
        /// The algorithm.
        algorithm: HashAlgorithm,
    },
    /// Another payload type was logged.
    PayloadTypeDiffers {
        /// What was logged.
        logged: String,
    },
}

impl fmt::Display for LogBindingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::KindDiffers { entry, body } => {
                write!(f, "expected an entry body of kind {}, found {}", Quoted(entry), Quoted(body))
            }
            Self::KindOfOtherContent { kind } => {
                write!(f, "expected an entry kind that logs the bundle's sort of content, found {}", Quoted(kind))
            }
            Self::SignatureDiffers => f.write_str("expected the bundle's signature in the log entry, found another"),
            Self::KeyDiffers => f.write_str("expected the bundle's certificate or key in the log entry, found another"),
            Self::KeyDetailsDiffer { logged } => {
                write!(f, "expected the algorithm of the signer's key in the log entry, found {logged}")
            }
            Self::DigestDiffers { logged, found } => write!(f, "expected {found} in the log entry, found {logged}"),
            Self::DigestNotHeld { algorithm } => write!(
                f,
                "expected the {algorithm} digest of the artifact, which the log entry has, found other digests"
            ),
            Self::PayloadTypeDiffers { logged } => {
                write!(f, "expected the envelope's payload type in the log entry, found {}", Quoted(logged))
            }
        }
    }
}

impl Coded for LogBindingError {
    codes!(LogBindingError {
        E::Body(LogBodyError::UnsupportedKind { .. }) => "log-binding-unsupported-kind",
        E::Body(_) => "log-binding-malformed-body",
        E::KindDiffers { .. } => "log-binding-kind-differs",
        E::KindOfOtherContent { .. } => "log-binding-kind-of-other-content",
        E::SignatureDiffers => "log-binding-signature-differs",
        E::KeyDiffers => "log-binding-key-differs",
        E::KeyDetailsDiffer { .. } => "log-binding-key-details-differ",
        E::DigestDiffers { .. } => "log-binding-digest-differs",
        E::DigestNotHeld { .. } => "log-binding-digest-not-held",
        E::PayloadTypeDiffers { .. } => "log-binding-payload-type-differs",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::Body(LogBodyError::UnsupportedKind { .. }) => {
                Some("sign again with a current client: this kind of log entry cannot be bound to a signature".into())
            }
            Self::DigestNotHeld { .. } => Some("pass the artifact itself, or its digest of that algorithm".into()),
            _ => None,
        }
    }
}

/// Compares what was logged with what the bundle holds (client-spec §4.5): kind, signature, certificate or key, digest or
/// payload. All of it, always: a log entry that is genuine but speaks of something else was the flaw behind
/// CVE-2022-36056 and CVE-2026-22703.
///
/// # Errors
/// Every difference.
#[inline(never)]
pub fn verify(
    entry: &LogEntry,
    log: &TransparencyLog,
    content: &Content,
    signer: Signer<'_>,
    artifact: &Artifact<'_>,
) -> Result<BoundEntry, Vec<LogBindingError>> {
    let body = LogBody::from_json(&entry.body).map_err(|error| alloc::vec![LogBindingError::Body(error)])?;
    let mut errors = Vec::new();
    let kind = alloc::format!("{}/{}", body.kind, body.version);
    if (entry.kind.as_str(), entry.version.as_str()) != (body.kind.as_str(), body.version.as_str()) {
        let entry = alloc::format!("{}/{}", entry.kind, entry.version);
        errors.push(LogBindingError::KindDiffers { entry, body: kind.clone() });
    }
    let is_signature = match (&body.signature, &body.content) {
        (Some(logged), _) => logged == content.signature(),
        // The text that is compared below holds the signature.
        (None, LoggedContent::EnvelopeText { .. }) => true,
        (None, _) => false,
    };
    if !is_signature {
        errors.push(LogBindingError::SignatureDiffers);
    }
    errors.extend(compare_signer(&body.verifier, signer));
    errors.extend(compare_content(&body, content, signer, artifact));
    if !errors.is_empty() {
        return Err(errors);
    }
    let hash = match &body.content {
        LoggedContent::Digest(digest) => Some(digest.algorithm()),
        LoggedContent::Payload { .. } | LoggedContent::EnvelopeText { .. } => None,
    };
    let key_details = match &body.verifier {
        LoggedVerifier::Detailed { key_details, .. } => Some(*key_details),
        _ => None,
    };
    let canonical = canonical_v2(&body).is_none_or(|canonical| canonical.as_bytes() == entry.body);
    Ok(BoundEntry { host: log.host.clone(), log_index: entry.log_index, kind, hash, key_details, canonical })
}

fn compare_signer(logged: &LoggedVerifier, signer: Signer<'_>) -> Option<LogBindingError> {
    let same = match (logged, signer) {
        (LoggedVerifier::Certificate(der), Signer::Certificate(leaf)) => der == leaf.der(),
        (LoggedVerifier::PublicKey(der), Signer::PublicKey(key)) => der == key.spki_der(),
        (LoggedVerifier::Detailed { certificate: true, der, .. }, Signer::Certificate(leaf)) => der == leaf.der(),
        (LoggedVerifier::Detailed { certificate: false, der, .. }, Signer::PublicKey(key)) => der == key.spki_der(),
        _ => false,
    };
    if !same {
        return Some(LogBindingError::KeyDiffers);
    }
    match logged {
        LoggedVerifier::Detailed { key_details, .. } => {
            let key = signer.key();
            let fits = key_details.scheme().is_some()
                && key_details.kind() == Some(key.kind())
                && key_details.scheme().and_then(|scheme| KeyDetails::for_scheme(key, scheme)) == Some(*key_details);
            (!fits).then(|| LogBindingError::KeyDetailsDiffer { logged: key_details.name() })
        }
        _ => None,
    }
}

fn compare_content(
    body: &LogBody,
    content: &Content,
    signer: Signer<'_>,
    artifact: &Artifact<'_>,
) -> Option<LogBindingError> {
    let (logged, found) = match (&body.content, content) {
        (LoggedContent::Digest(logged), Content::MessageSignature { digest: hint, .. }) => {
            let algorithm = logged.algorithm();
            let found = match artifact {
                Artifact::DangerouslyUnbound => hint.filter(|hint| hint.algorithm() == algorithm),
                _ => artifact.digest(algorithm),
            };
            (*logged, found)
        }
        (LoggedContent::Digest(logged), Content::ImageSignature { payload, .. }) => {
            (*logged, Some(digest(logged.algorithm(), payload)))
        }
        (LoggedContent::Digest(logged), Content::Envelope(envelope)) if body.is_rekor_v2() => {
            (*logged, Some(digest(logged.algorithm(), &envelope.pae())))
        }
        (LoggedContent::Payload { digest: logged, payload_type }, Content::Envelope(envelope)) => {
            if let Some(logged) = payload_type.as_ref().filter(|logged| **logged != envelope.payload_type) {
                return Some(LogBindingError::PayloadTypeDiffers { logged: logged.clone() });
            }
            (*logged, Some(digest(logged.algorithm(), &envelope.payload)))
        }
        (LoggedContent::EnvelopeText { digest: logged, payload }, Content::Envelope(envelope)) => {
            let differs = payload.map(|logged| (logged, digest(logged.algorithm(), &envelope.payload)));
            if let Some((logged, found)) = differs.filter(|(logged, found)| logged != found) {
                return Some(LogBindingError::DigestDiffers { logged, found });
            }
            // A bundle does not hold the text. Where it was the usual one it can be written again, and its digest binds all that
            // is in it: payload, type, key id and signature. Where it was not, the entry may be good or not: nobody can tell.
            let leaf = match signer {
                Signer::Certificate(leaf) => Some(leaf.der()),
                Signer::PublicKey(_) => None,
            };
            let is_logged = |text: String| digest(logged.algorithm(), text.as_bytes()) == *logged;
            let is_bound = envelope.text_by_go(None).is_some_and(is_logged)
                || leaf.is_some_and(|leaf| envelope.text_by_go(Some(leaf)).is_some_and(is_logged));
            return (!is_bound).then(|| {
                let (kind, version) = (body.kind.clone(), body.version.clone());
                LogBindingError::Body(LogBodyError::UnsupportedKind { kind, version })
            });
        }
        _ => return Some(LogBindingError::KindOfOtherContent { kind: body.kind.clone() }),
    };
    match found {
        Some(found) if found == logged => None,
        Some(found) => Some(LogBindingError::DigestDiffers { logged, found }),
        None => Some(LogBindingError::DigestNotHeld { algorithm: logged.algorithm() }),
    }
}

/// The canonical body (RFC 8785) that Rekor v2 makes of these parts (rekor-v2-spec §6.1.4).
fn canonical_v2(body: &LogBody) -> Option<String> {
    let (LoggedContent::Digest(digest), LoggedVerifier::Detailed { certificate, der, key_details }) =
        (&body.content, &body.verifier)
    else {
        return None;
    };
    let holder = if *certificate { "x509Certificate" } else { "publicKey" };
    // Where x509Certificate sorts after keyDetails, publicKey does as well.
    Some(alloc::format!(
        concat!(
            r#"{{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{{"hashedRekordV002":{{"data":{{"algorithm":"{}","digest":"{}"}},"#,
            r#""signature":{{"content":"{}","verifier":{{"keyDetails":"{}","{}":{{"rawBytes":"{}"}}}}}}}}}}}}"#
        ),
        digest.algorithm().protobuf_name(),
        base64::encode(digest.as_bytes()),
        base64::encode(body.signature.as_deref()?),
        key_details.name(),
        holder,
        base64::encode(der)
    ))
}
