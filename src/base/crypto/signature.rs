//! The one door through which every signature is verified.

use core::fmt;

use ecdsa::elliptic_curve::{CurveArithmetic, FieldBytes};
use ecdsa::signature::hazmat::PrehashVerifier;
use ecdsa::{EcdsaCurve, Signature, VerifyingKey};
use sha2::Sha512;
use sha2::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update};

use super::digest::{Digest, HashAlgorithm, HashedBytes, digest};
use super::public_key::{KeyKind, Material, PublicKey};
use crate::encoding::der::two_unsigned;

/// How a signature is made from a message, given a key.
///
/// The curve or modulus is the key's own; [`Scheme::name`] names both together.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Scheme {
    /// ECDSA over the digest of the message, encoded in DER
    /// ([FIPS 186-5 §6](https://csrc.nist.gov/pubs/fips/186-5/final)).
    Ecdsa(HashAlgorithm),
    /// Ed25519 over the message itself ([RFC 8032 §5.1](https://www.rfc-editor.org/rfc/rfc8032#section-5.1)).
    Ed25519,
    /// Ed25519ph, over the SHA-512 digest of the message, with an empty context
    /// ([RFC 8032 §5.1](https://www.rfc-editor.org/rfc/rfc8032#section-5.1)).
    Ed25519ph,
    /// RSASSA-PKCS1-v1_5 ([RFC 8017 §8.2](https://www.rfc-editor.org/rfc/rfc8017#section-8.2)).
    RsaPkcs1(HashAlgorithm),
    /// RSASSA-PSS with MGF1 of the same hash and a salt as long as the digest
    /// ([RFC 8017 §8.1](https://www.rfc-editor.org/rfc/rfc8017#section-8.1)).
    RsaPss(HashAlgorithm),
}

impl Scheme {
    /// The hash of which the scheme signs the output, or none for pure Ed25519, which needs the message itself.
    #[must_use]
    pub const fn hash(self) -> Option<HashAlgorithm> {
        match self {
            Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash) => Some(hash),
            Self::Ed25519 => None,
            Self::Ed25519ph => Some(HashAlgorithm::Sha512),
        }
    }

    /// The stable name of this scheme with this key, such as `ecdsa-p256-sha256`, `ed25519ph` or `rsa-pss-sha256`.
    ///
    /// A key of another kind adds nothing to the name.
    #[must_use]
    pub const fn name(self, key: &PublicKey) -> &'static str {
        use HashAlgorithm::{Sha256, Sha384, Sha512};
        match (self, key.kind()) {
            (Self::Ecdsa(Sha256), KeyKind::P256) => "ecdsa-p256-sha256",
            (Self::Ecdsa(Sha384), KeyKind::P256) => "ecdsa-p256-sha384",
            (Self::Ecdsa(Sha512), KeyKind::P256) => "ecdsa-p256-sha512",
            (Self::Ecdsa(Sha256), KeyKind::P384) => "ecdsa-p384-sha256",
            (Self::Ecdsa(Sha384), KeyKind::P384) => "ecdsa-p384-sha384",
            (Self::Ecdsa(Sha512), KeyKind::P384) => "ecdsa-p384-sha512",
            (Self::Ecdsa(Sha256), KeyKind::P521) => "ecdsa-p521-sha256",
            (Self::Ecdsa(Sha384), KeyKind::P521) => "ecdsa-p521-sha384",
            (Self::Ecdsa(Sha512), KeyKind::P521) => "ecdsa-p521-sha512",
            _ => self.family(),
        }
    }

    const fn family(self) -> &'static str {
        use HashAlgorithm::{Sha256, Sha384, Sha512};
        match self {
            Self::Ecdsa(Sha256) => "ecdsa-sha256",
            Self::Ecdsa(Sha384) => "ecdsa-sha384",
            Self::Ecdsa(Sha512) => "ecdsa-sha512",
            Self::Ed25519 => "ed25519",
            Self::Ed25519ph => "ed25519ph",
            Self::RsaPkcs1(Sha256) => "rsa-pkcs1-sha256",
            Self::RsaPkcs1(Sha384) => "rsa-pkcs1-sha384",
            Self::RsaPkcs1(Sha512) => "rsa-pkcs1-sha512",
            Self::RsaPss(Sha256) => "rsa-pss-sha256",
            Self::RsaPss(Sha384) => "rsa-pss-sha384",
            Self::RsaPss(Sha512) => "rsa-pss-sha512",
        }
    }
}

/// The name without a curve, such as `ecdsa-sha256`.
impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.family())
    }
}

/// The scheme that Sigstore's registry pairs with a key when nothing else is said
/// ([algorithm registry](https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md)).
///
/// Ed25519 is the pure scheme; where only a digest is logged, the caller asks for [`Scheme::Ed25519ph`].
#[must_use]
pub const fn registry_scheme(key: &PublicKey) -> Scheme {
    match key.kind() {
        KeyKind::P256 => Scheme::Ecdsa(HashAlgorithm::Sha256),
        KeyKind::P384 => Scheme::Ecdsa(HashAlgorithm::Sha384),
        KeyKind::P521 => Scheme::Ecdsa(HashAlgorithm::Sha512),
        KeyKind::Ed25519 => Scheme::Ed25519,
        KeyKind::Rsa => Scheme::RsaPkcs1(HashAlgorithm::Sha256),
    }
}

/// The schemes that a key is also seen with, because clients up to bundle 0.3 used SHA-256 with every curve: the pairs
/// `PKIX_ECDSA_P384_SHA_256` and `PKIX_ECDSA_P521_SHA_256` of the registry
/// ([sigstore_common.proto](https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_common.proto)).
#[must_use]
pub const fn compatibility_schemes(key: &PublicKey) -> &'static [Scheme] {
    match key.kind() {
        KeyKind::P384 | KeyKind::P521 => &[Scheme::Ecdsa(HashAlgorithm::Sha256)],
        KeyKind::P256 | KeyKind::Ed25519 | KeyKind::Rsa => &[],
    }
}

/// What was signed: the message, or as much as is known of it.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// The message itself.
    Bytes(&'a [u8]),
    /// Only a digest of the message, as when the artifact stays with the caller.
    Digest(&'a Digest),
    /// The message, of which others ask for digests as well.
    Hashed(&'a HashedBytes<'a>),
}

impl<'a> Message<'a> {
    /// The message itself, where it is known.
    pub(super) const fn bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Hashed(hashed) => Some(hashed.as_bytes()),
            Self::Digest(_) => None,
        }
    }

    /// The digest that `scheme` signs, made from the message or taken when it is the one at hand.
    pub(super) fn prehash(self, scheme: Scheme, hash: HashAlgorithm) -> Result<Digest, SignatureError> {
        match self {
            Self::Bytes(bytes) => Ok(digest(hash, bytes)),
            Self::Hashed(hashed) => Ok(hashed.digest(hash)),
            Self::Digest(digest) if digest.algorithm() == hash => Ok(*digest),
            Self::Digest(digest) => Err(SignatureError::MessageNeeded { scheme, found: digest.algorithm() }),
        }
    }
}

/// The one door: says whether a key made a signature over a message.
///
/// Every check takes its verdicts from here, so a memo or a host's cryptography can stand in. An implementation never
/// says `Ok` of a signature that it has not verified; the only exception, [`Asking`](super::Asking), keeps all that is judged by it to itself
/// until they are.
pub trait VerifySignature {
    /// Verifies `signature` over `message` by `key`.
    ///
    /// The scheme comes from the caller, who derives it from the key and its role, never from text beside the signature.
    ///
    /// # Errors
    /// [`SignatureError::SchemeMismatch`] when the key cannot be used with the scheme; [`SignatureError::Malformed`]
    /// when the bytes cannot be a signature by the key; [`SignatureError::MessageNeeded`] when the digest given is not
    /// the one that the scheme signs; [`SignatureError::Invalid`] when the signature is not the key's.
    fn verify(
        &self,
        key: &PublicKey,
        scheme: Scheme,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError>;

    /// Tells that this will probably be asked soon, so that a door that has others verify can let them begin. Decides nothing.
    fn announce(&self, _key: &PublicKey, _scheme: Scheme, _message: Message<'_>, _signature: &[u8]) {}
}

/// Signature verification in pure Rust, by the RustCrypto and dalek crates.
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCrypto;

impl VerifySignature for RustCrypto {
    fn verify(
        &self,
        key: &PublicKey,
        scheme: Scheme,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match (key.material(), scheme) {
            (Material::P256(key), Scheme::Ecdsa(hash)) => ecdsa(key, &message.prehash(scheme, hash)?, signature),
            (Material::P384(key), Scheme::Ecdsa(hash)) => ecdsa(key, &message.prehash(scheme, hash)?, signature),
            (Material::P521(key), Scheme::Ecdsa(hash)) => {
                key.verify(scheme, &message.prehash(scheme, hash)?, signature)
            }
            (Material::Ed25519(key), Scheme::Ed25519) => {
                let message = match message {
                    Message::Bytes(bytes) => bytes,
                    Message::Hashed(hashed) => hashed.as_bytes(),
                    Message::Digest(digest) => {
                        return Err(SignatureError::MessageNeeded { scheme, found: digest.algorithm() });
                    }
                };
                // The strict form also refuses points of small order, by which one signature would fit many messages.
                key.verify_strict(message, &ed25519(signature)?).map_err(|_| SignatureError::Invalid)
            }
            (Material::Ed25519(key), Scheme::Ed25519ph) => {
                let Digest::Sha512(digest) = message.prehash(scheme, HashAlgorithm::Sha512)? else {
                    return Err(SignatureError::Invalid);
                };
                key.verify_prehashed_strict(Prehashed(digest), None, &ed25519(signature)?)
                    .map_err(|_| SignatureError::Invalid)
            }
            (Material::Rsa(key), Scheme::RsaPkcs1(hash) | Scheme::RsaPss(hash)) => {
                key.verify(scheme, &message.prehash(scheme, hash)?, signature)
            }
            (
                Material::P256(_) | Material::P384(_) | Material::P521(_) | Material::Ed25519(_) | Material::Rsa(_),
                _,
            ) => Err(SignatureError::SchemeMismatch { key: key.kind(), scheme }),
        }
    }
}

pub(super) fn ecdsa<C>(key: &VerifyingKey<C>, prehash: &Digest, signature: &[u8]) -> Result<(), SignatureError>
where
    C: EcdsaCurve + CurveArithmetic,
{
    let signature = parsed::<C>(signature)?;
    // FIPS 186-5 §6.4.2 takes the leftmost bits of a digest longer than the order; a shorter one is a number as it is.
    key.verify_prehash(prehash.as_bytes(), &signature).map_err(|_| SignatureError::Invalid)
}

/// The two integers of a signature (RFC 3279 §2.2.3). High s is accepted: Fulcio's users, Rekor and key services emit it.
pub(super) fn parsed<C>(signature: &[u8]) -> Result<Signature<C>, SignatureError>
where
    C: EcdsaCurve + CurveArithmetic,
{
    let (r, s) = two_unsigned(signature).map_err(|_| SignatureForm::EcdsaDer)?;
    field_bytes::<C>(r)
        .zip(field_bytes::<C>(s))
        .and_then(|(r, s)| Signature::<C>::from_scalars(r, s).ok())
        .ok_or_else(|| SignatureForm::EcdsaRange.into())
}

fn field_bytes<C: CurveArithmetic>(bytes: &[u8]) -> Option<FieldBytes<C>> {
    let mut field = FieldBytes::<C>::default();
    let start = field.len().checked_sub(bytes.len())?;
    field.get_mut(start..)?.copy_from_slice(bytes);
    Some(field)
}

fn ed25519(signature: &[u8]) -> Result<ed25519_dalek::Signature, SignatureError> {
    let expected = ed25519_dalek::SIGNATURE_LENGTH;
    let bytes = signature.try_into().map_err(|_| SignatureForm::Length { expected, found: signature.len() })?;
    Ok(ed25519_dalek::Signature::from_bytes(bytes))
}

/// A SHA-512 digest made elsewhere, in the place where the curve crate expects a hash still running.
struct Prehashed([u8; 64]);

impl Default for Prehashed {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl FixedOutput for Prehashed {
    fn finalize_into(self, out: &mut Output<Self>) {
        *out = self.0.into();
    }
}

impl HashMarker for Prehashed {}

impl OutputSizeUser for Prehashed {
    type OutputSize = <Sha512 as OutputSizeUser>::OutputSize;
}

impl Update for Prehashed {
    fn update(&mut self, _: &[u8]) {}
}

/// Why a signature was not verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureError {
    /// The signature is well formed, but not the key's over this message.
    Invalid,
    /// The bytes cannot be a signature by the key.
    Malformed(SignatureForm),
    /// The scheme signs another digest than the one given, or the message itself.
    MessageNeeded {
        /// The scheme asked for.
        scheme: Scheme,
        /// The function of the digest given.
        found: HashAlgorithm,
    },
    /// The key cannot be used with the scheme.
    SchemeMismatch {
        /// The kind of key.
        key: KeyKind,
        /// The scheme asked for.
        scheme: Scheme,
    },
}

impl From<SignatureForm> for SignatureError {
    fn from(form: SignatureForm) -> Self {
        Self::Malformed(form)
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("the signature is not by this key over this message"),
            Self::Malformed(form) => form.fmt(f),
            Self::MessageNeeded { scheme, found } => match scheme.hash() {
                Some(hash) => write!(f, "{scheme} needs the message or its {hash} digest, found a {found} digest"),
                None => write!(f, "{scheme} needs the message itself, found a {found} digest"),
            },
            Self::SchemeMismatch { key, scheme } => {
                write!(f, "expected a key for {scheme}, found one for {key}")
            }
        }
    }
}

impl core::error::Error for SignatureError {}

/// The rule of form that a signature breaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureForm {
    /// An ECDSA signature is the DER of `SEQUENCE { r INTEGER, s INTEGER }`, with minimal positive integers and no byte
    /// after it ([RFC 3279 §2.2.3](https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3)).
    EcdsaDer,
    /// The two integers of an ECDSA signature are at least one and below the order of the curve
    /// ([FIPS 186-5 §6.4.2](https://csrc.nist.gov/pubs/fips/186-5/final)).
    EcdsaRange,
    /// An Ed25519 signature has 64 bytes, an RSA signature as many as the modulus.
    Length {
        /// The length in bytes that the key gives.
        expected: usize,
        /// The length in bytes found.
        found: usize,
    },
}

impl fmt::Display for SignatureForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EcdsaDer => f.write_str("the signature is not DER of two positive integers"),
            Self::EcdsaRange => f.write_str("the signature's integers are not between zero and the curve's order"),
            Self::Length { expected, found } => {
                write!(f, "expected a signature of {expected} bytes, found {found}")
            }
        }
    }
}

#[cfg(test)]
mod tests;
