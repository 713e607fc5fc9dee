//! Claim `signature`: that key signed this envelope or artifact.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::{fmt, slice};

use super::artifact::Artifact;
use super::log_binding::BoundEntry;
use super::{Coded, codes};
use crate::crypto::{
    Digest, HashAlgorithm, HashedBytes, KeyKind, Message, PublicKey, Scheme, SignatureError, VerifySignature,
    compatibility_schemes, registry_scheme,
};
use crate::format::bundle::Content;

/// Proof that a key signed the content of a bundle. Says nothing of whose key it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSignature {
    scheme: Scheme,
    scheme_name: &'static str,
    key_sha256: [u8; 32],
    compatibility: bool,
}

impl VerifiedSignature {
    /// How it was signed.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// How it was signed, for reports: `ecdsa-p256-sha256`.
    #[must_use]
    pub fn scheme_name(&self) -> &'static str {
        self.scheme_name
    }

    /// SHA-256 of the key's SPKI.
    #[must_use]
    pub fn key_sha256(&self) -> &[u8; 32] {
        &self.key_sha256
    }

    /// Whether the hash is not the one registered for the key, but one that older clients used with it.
    #[must_use]
    pub fn is_compatibility_pair(&self) -> bool {
        self.compatibility
    }
}

/// Why the content is not shown to be signed by the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureCheckError {
    /// The signature is not the key's over this content, under any algorithm registered for the key.
    Invalid {
        /// The kind of key.
        key: KeyKind,
    },
    /// The bytes cannot be a signature by the key.
    Malformed(SignatureError),
    /// The key signs the artifact itself, or another digest of it than the one at hand.
    NeedsArtifact(SignatureError),
    /// There is no artifact, and the bundle names no digest either.
    NoMessage,
    /// The log entry was made with another algorithm than the signature.
    SchemeNotLogged {
        /// How it was signed.
        scheme: &'static str,
        /// What the log entry names.
        logged: String,
    },
}

impl fmt::Display for SignatureCheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { key } => {
                write!(f, "expected a signature by the {key} key over this content, found one that is not")
            }
            Self::Malformed(error) => write!(f, "expected a well-formed signature, found other bytes: {error}"),
            Self::NeedsArtifact(error) => write!(f, "expected the artifact, found only a digest: {error}"),
            Self::NoMessage => f.write_str("expected an artifact or a message digest in the bundle, found neither"),
            Self::SchemeNotLogged { scheme, logged } => {
                write!(f, "expected the algorithm that was logged, {logged}, found {scheme}")
            }
        }
    }
}

impl Coded for SignatureCheckError {
    codes!(SignatureCheckError {
        E::Invalid { .. } => "signature-invalid",
        E::Malformed(_) => "signature-malformed",
        E::NeedsArtifact(_) => "signature-needs-artifact",
        E::NoMessage => "signature-without-message",
        E::SchemeNotLogged { .. } => "signature-scheme-not-logged",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::NeedsArtifact(_) => Some("pass the artifact's bytes instead of a digest".into()),
            _ => None,
        }
    }
}

/// What was signed, as far as it is known.
enum Signed<'a> {
    Bytes(Cow<'a, [u8]>),
    Artifact(&'a HashedBytes<'a>),
    Digests(&'a [Digest]),
}

impl Signed<'_> {
    fn verify(
        &self,
        key: &PublicKey,
        scheme: Scheme,
        signature: &[u8],
        door: &dyn VerifySignature,
    ) -> Result<(), SignatureError> {
        let message = match self {
            Self::Bytes(bytes) => Message::Bytes(bytes),
            Self::Artifact(hashed) => Message::Hashed(hashed),
            Self::Digests(digests) => {
                let fitting = digests.iter().find(|digest| Some(digest.algorithm()) == scheme.hash());
                match fitting.or(digests.first()) {
                    Some(digest) => Message::Digest(digest),
                    None => return Err(SignatureError::MessageNeeded { scheme, found: HashAlgorithm::Sha256 }),
                }
            }
        };
        door.verify(key, scheme, message, signature)
    }
}

/// Verifies the bundle's signature with `key`: over the envelope's pre-authentication encoding, over the payload that names an image, or
/// over the artifact.
///
/// The algorithms tried follow from the key alone: the one registered for it, and those listed for it
/// (sigstore architecture-docs `algorithm-registry.md`). Entries that log a hash must have logged the one that was used.
///
/// # Errors
/// [`SignatureCheckError`].
#[inline(never)]
pub fn verify(
    key: &PublicKey,
    content: &Content,
    artifact: &Artifact<'_>,
    bound: &[BoundEntry],
    door: &dyn VerifySignature,
) -> Result<VerifiedSignature, SignatureCheckError> {
    let signed = match (content, artifact) {
        (Content::Envelope(envelope), _) => Signed::Bytes(Cow::Owned(envelope.pae())),
        (Content::ImageSignature { payload, .. }, _) => Signed::Bytes(Cow::Borrowed(payload)),
        (Content::MessageSignature { .. }, Artifact::Bytes(hashed)) => Signed::Artifact(hashed),
        (Content::MessageSignature { .. }, Artifact::Digests(digests) | Artifact::Listed { digests, .. }) => {
            Signed::Digests(digests)
        }
        (Content::MessageSignature { digest, .. }, Artifact::DangerouslyUnbound) => {
            Signed::Digests(slice::from_ref(digest.as_ref().ok_or(SignatureCheckError::NoMessage)?))
        }
    };
    let signature = content.signature();
    let mut refusal = None;
    for (scheme, compatibility) in candidates(key, content, bound) {
        match signed.verify(key, scheme, signature, door) {
            Ok(()) => {
                let scheme_name = scheme.name(key);
                for entry in bound {
                    if let Some(logged) = entry.logs_another_scheme(key, scheme) {
                        return Err(SignatureCheckError::SchemeNotLogged { scheme: scheme_name, logged });
                    }
                }
                return Ok(VerifiedSignature { scheme, scheme_name, key_sha256: key.spki_sha256(), compatibility });
            }
            // What is worth saying: that bytes are missing, else that they are malformed, else that they are invalid.
            Err(error) => {
                let rank = |error: &SignatureError| match error {
                    SignatureError::MessageNeeded { .. } => 2,
                    SignatureError::Malformed(_) => 1,
                    _ => 0,
                };
                refusal = match refusal {
                    Some(earlier) if rank(&earlier) >= rank(&error) => Some(earlier),
                    _ => Some(error),
                };
            }
        }
    }
    Err(match refusal {
        Some(error @ SignatureError::MessageNeeded { .. }) => SignatureCheckError::NeedsArtifact(error),
        Some(error @ SignatureError::Malformed(_)) => SignatureCheckError::Malformed(error),
        _ => SignatureCheckError::Invalid { key: key.kind() },
    })
}

/// The algorithms to try, and whether each is of older clients alone. Those that the log entries name come first: a door that defers takes the
/// first for the right one, and judges again when it was not.
fn candidates(key: &PublicKey, content: &Content, bound: &[BoundEntry]) -> Vec<(Scheme, bool)> {
    let registered = schemes(key, content).map(|scheme| (scheme, false));
    let compatibility = compatibility_schemes(key).iter().map(|scheme| (*scheme, true));
    let is_logged = |scheme| bound.iter().all(|entry| entry.logs_another_scheme(key, scheme).is_none());
    let (mut all, others): (Vec<_>, Vec<_>) =
        registered.into_iter().chain(compatibility).partition(|(scheme, _)| is_logged(*scheme));
    all.extend(others);
    // A key of an elliptic curve has one registered algorithm, and it is tried once.
    all.dedup();
    all
}

/// The algorithms registered for a key. Ed25519 signs envelopes as they are and artifacts by their SHA-512, since logs see
/// only digests; the other form of each is registered too.
fn schemes(key: &PublicKey, content: &Content) -> [Scheme; 2] {
    match (key.kind(), content) {
        (KeyKind::Ed25519, Content::Envelope(_) | Content::ImageSignature { .. }) => {
            [Scheme::Ed25519, Scheme::Ed25519ph]
        }
        (KeyKind::Ed25519, Content::MessageSignature { .. }) => [Scheme::Ed25519ph, Scheme::Ed25519],
        (KeyKind::Rsa, _) => [Scheme::RsaPkcs1(HashAlgorithm::Sha256), Scheme::RsaPss(HashAlgorithm::Sha256)],
        (KeyKind::P256 | KeyKind::P384 | KeyKind::P521, _) => [registry_scheme(key); 2],
    }
}
