//! The one door through which every signature is verified.

use core::fmt;

use der::asn1::UintRef;
use der::{Decode, Encode, Sequence};
use ecdsa::elliptic_curve::{CurveArithmetic, FieldBytes};
use ecdsa::signature::hazmat::PrehashVerifier;
use ecdsa::{EcdsaCurve, Signature, VerifyingKey};
use rsa::traits::SignatureScheme;
use sha2::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update};
use sha2::{Sha256, Sha384, Sha512};

use super::digest::{Digest, HashAlgorithm, digest};
use super::public_key::{KeyKind, Material, PublicKey};

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
}

impl Message<'_> {
    /// The digest that `scheme` signs, made from the message or taken when it is the one at hand.
    fn prehash(self, scheme: Scheme, hash: HashAlgorithm) -> Result<Digest, SignatureError> {
        match self {
            Self::Bytes(bytes) => Ok(digest(hash, bytes)),
            Self::Digest(digest) if digest.algorithm() == hash => Ok(*digest),
            Self::Digest(digest) => Err(SignatureError::MessageNeeded { scheme, found: digest.algorithm() }),
        }
    }
}

/// The one door: says whether a key made a signature over a message.
///
/// Every check takes its verdicts from here, so a memo or a host's cryptography can stand in. An implementation never
/// says `Ok` of a signature that it has not verified.
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
            (Material::P521(key), Scheme::Ecdsa(hash)) => ecdsa(key, &message.prehash(scheme, hash)?, signature),
            (Material::Ed25519(key), Scheme::Ed25519) => {
                let message = match message {
                    Message::Bytes(bytes) => bytes,
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
            (Material::Rsa { key, bits }, Scheme::RsaPkcs1(hash)) => {
                let prehash = message.prehash(scheme, hash)?;
                let signature = rsa_signature(*bits, signature)?;
                match hash {
                    HashAlgorithm::Sha256 => rsa(key, rsa::Pkcs1v15Sign::new::<Sha256>(), &prehash, signature),
                    HashAlgorithm::Sha384 => rsa(key, rsa::Pkcs1v15Sign::new::<Sha384>(), &prehash, signature),
                    HashAlgorithm::Sha512 => rsa(key, rsa::Pkcs1v15Sign::new::<Sha512>(), &prehash, signature),
                }
            }
            (Material::Rsa { key, bits }, Scheme::RsaPss(hash)) => {
                let prehash = message.prehash(scheme, hash)?;
                let signature = rsa_signature(*bits, signature)?;
                match hash {
                    HashAlgorithm::Sha256 => rsa(key, rsa::Pss::<Sha256>::new(), &prehash, signature),
                    HashAlgorithm::Sha384 => rsa(key, rsa::Pss::<Sha384>::new(), &prehash, signature),
                    HashAlgorithm::Sha512 => rsa(key, rsa::Pss::<Sha512>::new(), &prehash, signature),
                }
            }
            (
                Material::P256(_) | Material::P384(_) | Material::P521(_) | Material::Ed25519(_) | Material::Rsa { .. },
                _,
            ) => Err(SignatureError::SchemeMismatch { key: key.kind(), scheme }),
        }
    }
}

/// RFC 3279 §2.2.3.
#[derive(Sequence)]
struct EcdsaSigValue<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

fn ecdsa<C>(key: &VerifyingKey<C>, prehash: &Digest, signature: &[u8]) -> Result<(), SignatureError>
where
    C: EcdsaCurve + CurveArithmetic,
{
    let value = EcdsaSigValue::from_der(signature)
        .ok()
        .filter(|value| value.to_der().is_ok_and(|canonical| canonical == signature))
        .ok_or(SignatureForm::EcdsaDer)?;
    let signature = field_bytes::<C>(value.r)
        .zip(field_bytes::<C>(value.s))
        .and_then(|(r, s)| Signature::<C>::from_scalars(r, s).ok())
        .ok_or(SignatureForm::EcdsaRange)?;
    // FIPS 186-5 §6.4.2 takes the leftmost bits of a digest longer than the order; a shorter one is a number as it is.
    // High s is accepted: Fulcio's users, Rekor and key services emit it.
    key.verify_prehash(prehash.as_bytes(), &signature).map_err(|_| SignatureError::Invalid)
}

fn field_bytes<C: CurveArithmetic>(integer: UintRef<'_>) -> Option<FieldBytes<C>> {
    let bytes = integer.as_bytes();
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

/// RFC 8017 §8.1.2 and §8.2.2, step 1: the signature is as long as the modulus.
fn rsa_signature(bits: u32, signature: &[u8]) -> Result<&[u8], SignatureError> {
    let expected = usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX);
    if signature.len() == expected {
        Ok(signature)
    } else {
        Err(SignatureForm::Length { expected, found: signature.len() }.into())
    }
}

fn rsa<S: SignatureScheme>(
    key: &rsa::RsaPublicKey,
    padding: S,
    prehash: &Digest,
    signature: &[u8],
) -> Result<(), SignatureError> {
    key.verify(padding, prehash.as_bytes(), signature).map_err(|_| SignatureError::Invalid)
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
mod tests {
    use alloc::string::ToString;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::super::vectors::{
        ED25519_EMPTY, ED25519_KEY, ED25519PH_ABC, ED25519PH_KEY, MESSAGE, P256_SHA256, P256_SHA256_OTHER_S,
        P256_SHA384, P256_SHA512, P256_SPKI, P384_SHA256, P384_SHA384, P384_SHA512, P384_SPKI, P521_SHA256,
        P521_SHA384, P521_SHA512, P521_SPKI, RSA2048_PKCS1V15_SHA256, RSA2048_PKCS1V15_SHA384, RSA2048_PKCS1V15_SHA512,
        RSA2048_PSS_SHA256, RSA2048_PSS_SHA384, RSA2048_PSS_SHA512, RSA2048_SPKI, RSA2049_PKCS1V15_SHA256,
        RSA2049_PSS_SHA256, RSA2049_SPKI, unhex,
    };
    use super::HashAlgorithm::{Sha256, Sha384, Sha512};
    use super::*;

    const PREHASHED: [(&str, Scheme, &str, &str); 17] = [
        (P256_SPKI, Scheme::Ecdsa(Sha256), P256_SHA256, "ecdsa-p256-sha256"),
        (P256_SPKI, Scheme::Ecdsa(Sha384), P256_SHA384, "ecdsa-p256-sha384"),
        (P256_SPKI, Scheme::Ecdsa(Sha512), P256_SHA512, "ecdsa-p256-sha512"),
        (P384_SPKI, Scheme::Ecdsa(Sha256), P384_SHA256, "ecdsa-p384-sha256"),
        (P384_SPKI, Scheme::Ecdsa(Sha384), P384_SHA384, "ecdsa-p384-sha384"),
        (P384_SPKI, Scheme::Ecdsa(Sha512), P384_SHA512, "ecdsa-p384-sha512"),
        (P521_SPKI, Scheme::Ecdsa(Sha256), P521_SHA256, "ecdsa-p521-sha256"),
        (P521_SPKI, Scheme::Ecdsa(Sha384), P521_SHA384, "ecdsa-p521-sha384"),
        (P521_SPKI, Scheme::Ecdsa(Sha512), P521_SHA512, "ecdsa-p521-sha512"),
        (RSA2048_SPKI, Scheme::RsaPkcs1(Sha256), RSA2048_PKCS1V15_SHA256, "rsa-pkcs1-sha256"),
        (RSA2048_SPKI, Scheme::RsaPkcs1(Sha384), RSA2048_PKCS1V15_SHA384, "rsa-pkcs1-sha384"),
        (RSA2048_SPKI, Scheme::RsaPkcs1(Sha512), RSA2048_PKCS1V15_SHA512, "rsa-pkcs1-sha512"),
        (RSA2048_SPKI, Scheme::RsaPss(Sha256), RSA2048_PSS_SHA256, "rsa-pss-sha256"),
        (RSA2048_SPKI, Scheme::RsaPss(Sha384), RSA2048_PSS_SHA384, "rsa-pss-sha384"),
        (RSA2048_SPKI, Scheme::RsaPss(Sha512), RSA2048_PSS_SHA512, "rsa-pss-sha512"),
        (RSA2049_SPKI, Scheme::RsaPkcs1(Sha256), RSA2049_PKCS1V15_SHA256, "rsa-pkcs1-sha256"),
        (RSA2049_SPKI, Scheme::RsaPss(Sha256), RSA2049_PSS_SHA256, "rsa-pss-sha256"),
    ];

    const SCHEMES: [Scheme; 11] = [
        Scheme::Ecdsa(Sha256),
        Scheme::Ecdsa(Sha384),
        Scheme::Ecdsa(Sha512),
        Scheme::Ed25519,
        Scheme::Ed25519ph,
        Scheme::RsaPkcs1(Sha256),
        Scheme::RsaPkcs1(Sha384),
        Scheme::RsaPkcs1(Sha512),
        Scheme::RsaPss(Sha256),
        Scheme::RsaPss(Sha384),
        Scheme::RsaPss(Sha512),
    ];

    fn spki(hex: &str) -> PublicKey {
        PublicKey::from_spki_der(&unhex(hex)).unwrap()
    }

    fn ed25519_key(hex: &str) -> PublicKey {
        PublicKey::from_ed25519_bytes(&unhex(hex).try_into().unwrap()).unwrap()
    }

    fn keys() -> Vec<PublicKey> {
        let mut keys: Vec<_> = [P256_SPKI, P384_SPKI, P521_SPKI, RSA2048_SPKI, RSA2049_SPKI].map(spki).into();
        keys.push(ed25519_key(ED25519_KEY));
        keys
    }

    #[test]
    fn signatures_by_openssl() {
        for (key, scheme, signature, name) in PREHASHED {
            let (key, signature) = (spki(key), unhex(signature));
            assert_eq!(scheme.name(&key), name);
            let verify = |message: Message<'_>| RustCrypto.verify(&key, scheme, message, &signature);
            assert_eq!(verify(Message::Bytes(MESSAGE)), Ok(()), "{name}");
            assert_eq!(verify(Message::Bytes(b"Admissible")), Err(SignatureError::Invalid));
            for hash in [Sha256, Sha384, Sha512] {
                let found = verify(Message::Digest(&digest(hash, MESSAGE)));
                if Some(hash) == scheme.hash() {
                    assert_eq!(found, Ok(()));
                } else {
                    assert_eq!(found, Err(SignatureError::MessageNeeded { scheme, found: hash }));
                }
            }
        }
        let error = SignatureError::MessageNeeded { scheme: Scheme::Ecdsa(Sha384), found: Sha256 };
        let text = "ecdsa-sha384 needs the message or its sha384 digest, found a sha256 digest";
        assert_eq!(error.to_string(), text);
        let text = "the signature is not by this key over this message";
        assert_eq!(SignatureError::Invalid.to_string(), text);
    }

    /// A signature that verifies under one scheme verifies under no other.
    #[test]
    fn schemes_are_apart() {
        for (key, scheme, signature, name) in PREHASHED {
            let key = spki(key);
            for other in SCHEMES.into_iter().filter(|other| *other != scheme) {
                let message = Message::Bytes(MESSAGE);
                let found = RustCrypto.verify(&key, other, message, &unhex(signature));
                assert!(found.is_err(), "{name} as {other}");
            }
        }
    }

    #[test]
    fn a_scheme_needs_its_kind_of_key() {
        for key in keys() {
            for scheme in SCHEMES {
                let fits = match scheme {
                    Scheme::Ecdsa(_) => {
                        matches!(key.kind(), KeyKind::P256 | KeyKind::P384 | KeyKind::P521)
                    }
                    Scheme::Ed25519 | Scheme::Ed25519ph => key.kind() == KeyKind::Ed25519,
                    Scheme::RsaPkcs1(_) | Scheme::RsaPss(_) => key.kind() == KeyKind::Rsa,
                };
                let found = RustCrypto.verify(&key, scheme, Message::Bytes(b""), b"");
                let mismatch = Err(SignatureError::SchemeMismatch { key: key.kind(), scheme });
                assert_eq!(found == mismatch, !fits, "{found:?}");
                if !fits {
                    assert_eq!(scheme.name(&key), scheme.to_string());
                }
            }
        }
        let error = SignatureError::SchemeMismatch { key: KeyKind::Rsa, scheme: Scheme::Ed25519 };
        assert_eq!(error.to_string(), "expected a key for ed25519, found one for rsa");
    }

    #[test]
    fn high_s_is_accepted() {
        let key = spki(P256_SPKI);
        for signature in [P256_SHA256, P256_SHA256_OTHER_S] {
            let message = Message::Bytes(MESSAGE);
            let scheme = Scheme::Ecdsa(Sha256);
            assert_eq!(RustCrypto.verify(&key, scheme, message, &unhex(signature)), Ok(()));
        }
    }

    #[test]
    fn ecdsa_is_strict_der() {
        let key = spki(P256_SPKI);
        let verify =
            |signature: &[u8]| RustCrypto.verify(&key, Scheme::Ecdsa(Sha256), Message::Bytes(MESSAGE), signature);
        let valid = unhex(P256_SHA256);
        // 30 44 | 02 20 r | 02 20 s
        assert_eq!((valid.len(), &valid[..4], &valid[36..38]), (70, &[0x30, 0x44, 2, 0x20][..], &[2, 0x20][..]));
        let (r, s) = (&valid[4..36], &valid[38..]);
        for malformed in [
            vec![],
            [r, s].concat(),
            valid[..69].to_vec(),
            [&valid[..], &[0]].concat(),
            [&[0x30, 0x81, 0x44], &valid[2..]].concat(),
            [&[0x30, 0x80], &valid[2..], &[0, 0]].concat(),
            [&[0x31], &valid[1..]].concat(),
            [&[0x30, 0x45, 2, 0x21, 0], r, &valid[36..]].concat(),
            [&[0x30, 0x45], &valid[2..36], &[2, 0x21, 0], s].concat(),
            [&[0x30, 0x47], &valid[2..], &[2, 1, 1]].concat(),
            [&[0x30, 0x22], &valid[2..36]].concat(),
            [&[0x30, 0x25, 2, 1, 0x81], &valid[36..]].concat(),
            [&[0x30, 0x24, 2, 0], &valid[36..]].concat(),
            [&[0x30, 0x44, 3, 0x20], &valid[4..]].concat(),
        ] {
            let error = SignatureError::Malformed(SignatureForm::EcdsaDer);
            assert_eq!(verify(&malformed), Err(error), "{malformed:02x?}");
            let text = "the signature is not DER of two positive integers";
            assert_eq!(error.to_string(), text);
        }
        let order = unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        for out_of_range in [
            [&[0x30, 0x25, 2, 1, 0], &valid[36..]].concat(),
            [&[0x30, 0x25], &valid[2..36], &[2, 1, 0]].concat(),
            [&[0x30, 0x45, 2, 0x21, 0], &order[..], &valid[36..]].concat(),
            [&[0x30, 0x45], &valid[2..36], &[2, 0x21, 0], &order].concat(),
            [&[0x30, 0x45, 2, 0x21, 1], r, &valid[36..]].concat(),
            [&[0x30, 0x46, 2, 0x22, 0, 0xff], r, &valid[36..]].concat(),
        ] {
            let error = SignatureError::Malformed(SignatureForm::EcdsaRange);
            assert_eq!(verify(&out_of_range), Err(error), "{out_of_range:02x?}");
            let text = "the signature's integers are not between zero and the curve's order";
            assert_eq!(error.to_string(), text);
        }
        // Small integers and the largest are in range.
        let mut largest = order.clone();
        largest[31] = 0x50;
        for in_range in
            [vec![0x30, 6, 2, 1, 1, 2, 1, 1], [&[0x30, 0x45], &valid[2..36], &[2, 0x21, 0], &largest].concat()]
        {
            assert_eq!(verify(&in_range), Err(SignatureError::Invalid));
        }
    }

    #[test]
    fn ed25519_signs_the_message() {
        let (key, signature) = (ed25519_key(ED25519_KEY), unhex(ED25519_EMPTY));
        let scheme = Scheme::Ed25519;
        assert_eq!(scheme.name(&key), "ed25519");
        let verify = |message: Message<'_>, signature: &[u8]| RustCrypto.verify(&key, scheme, message, signature);
        assert_eq!(verify(Message::Bytes(b""), &signature), Ok(()));
        assert_eq!(verify(Message::Bytes(b"\0"), &signature), Err(SignatureError::Invalid));
        let error = SignatureError::MessageNeeded { scheme, found: Sha512 };
        assert_eq!(verify(Message::Digest(&digest(Sha512, b"")), &signature), Err(error));
        let text = "ed25519 needs the message itself, found a sha512 digest";
        assert_eq!(error.to_string(), text);
        for length in [0, 32, 63, 65] {
            let mut changed = signature.clone();
            changed.resize(length, 0);
            let form = SignatureForm::Length { expected: 64, found: length };
            let found = verify(Message::Bytes(b""), &changed);
            assert_eq!(found, Err(SignatureError::Malformed(form)));
        }
        let form = SignatureForm::Length { expected: 64, found: 63 };
        let text = "expected a signature of 64 bytes, found 63";
        assert_eq!(SignatureError::Malformed(form).to_string(), text);
    }

    /// `s + order` makes the same equation true; RFC 8032 §5.1.7 refuses it.
    #[test]
    fn ed25519_s_is_reduced() {
        let mut signature = unhex(ED25519_EMPTY);
        let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let mut carry = 0_u16;
        for (byte, addend) in signature[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte).wrapping_add(addend.into()).wrapping_add(carry);
            *byte = u8::try_from(sum & 0xff).unwrap();
            carry = sum >> 8;
        }
        let key = ed25519_key(ED25519_KEY);
        let found = RustCrypto.verify(&key, Scheme::Ed25519, Message::Bytes(b""), &signature);
        assert_eq!(found, Err(SignatureError::Invalid));
    }

    #[test]
    fn ed25519ph_signs_a_digest() {
        let (key, signature) = (ed25519_key(ED25519PH_KEY), unhex(ED25519PH_ABC));
        let scheme = Scheme::Ed25519ph;
        let verify = |scheme, message: Message<'_>| RustCrypto.verify(&key, scheme, message, &signature);
        assert_eq!(verify(scheme, Message::Bytes(b"abc")), Ok(()));
        assert_eq!(verify(scheme, Message::Digest(&digest(Sha512, b"abc"))), Ok(()));
        let error = Err(SignatureError::Invalid);
        assert_eq!(verify(scheme, Message::Bytes(b"abd")), error);
        assert_eq!(verify(Scheme::Ed25519, Message::Bytes(b"abc")), error);
        assert_eq!(verify(Scheme::Ed25519, Message::Bytes(digest(Sha512, b"abc").as_bytes())), error);
        let error = SignatureError::MessageNeeded { scheme, found: Sha256 };
        assert_eq!(verify(scheme, Message::Digest(&digest(Sha256, b"abc"))), Err(error));
        let found = RustCrypto.verify(&key, scheme, Message::Bytes(b"abc"), &signature[1..]);
        let form = SignatureForm::Length { expected: 64, found: 63 };
        assert_eq!(found, Err(SignatureError::Malformed(form)));
    }

    #[test]
    fn rsa_signatures_are_as_long_as_the_modulus() {
        for (key, expected) in [(RSA2048_SPKI, 256), (RSA2049_SPKI, 257)] {
            let key = spki(key);
            for scheme in [Scheme::RsaPkcs1(Sha256), Scheme::RsaPss(Sha256)] {
                let verify = |signature: &[u8]| RustCrypto.verify(&key, scheme, Message::Bytes(MESSAGE), signature);
                for found in [0, 1, 255, 258, 512] {
                    let form = SignatureForm::Length { expected, found };
                    let error = SignatureError::Malformed(form);
                    assert_eq!(verify(&vec![0; found]), Err(error));
                }
                for byte in [0, 1, 0xff] {
                    assert_eq!(verify(&vec![byte; expected]), Err(SignatureError::Invalid));
                }
            }
        }
    }

    /// Each number of bits in the modulus' first byte, since PSS sets as many bits of its padding aside, and each place
    /// of the signature's highest bit.
    #[test]
    fn rsa_of_every_size_refuses_small_signatures() {
        for bits in 2048..=2057 {
            let length = usize::try_from(u32::div_ceil(bits, 8)).unwrap();
            let mut modulus = vec![0x55; length];
            modulus[0] = 1 << (bits.wrapping_sub(1) % 8);
            let header = [0x30, 0x82, 1, 0, 2, 0x82, 1, 0];
            let sign = &[0][..usize::from(bits % 8 == 0)];
            let mut der = [&header[..], sign, &modulus, &[2, 3, 1, 0, 1]].concat();
            der[7] = u8::try_from(length.wrapping_add(sign.len()) & 0xff).unwrap();
            der[3] = der[7].wrapping_add(9);
            let key = PublicKey::from_pkcs1_der(&der).unwrap();
            assert_eq!(key.rsa_bits(), Some(bits));
            for scheme in [Scheme::RsaPkcs1(Sha512), Scheme::RsaPss(Sha512)] {
                for position in 0..length {
                    let mut signature = vec![0; length];
                    signature[position] = 1;
                    let message = Message::Bytes(MESSAGE);
                    let found = RustCrypto.verify(&key, scheme, message, &signature);
                    assert_eq!(found, Err(SignatureError::Invalid));
                }
            }
        }
    }

    #[test]
    fn changed_signatures_are_refused() {
        for (key, scheme, signature, name) in PREHASHED {
            let (key, signature) = (spki(key), unhex(signature));
            for position in (0..signature.len()).step_by(7) {
                let mut changed = signature.clone();
                changed[position] ^= 0x10;
                let found = RustCrypto.verify(&key, scheme, Message::Bytes(MESSAGE), &changed);
                assert!(found.is_err(), "{name}, byte {position}");
            }
        }
    }

    #[test]
    fn the_registry_pairs_keys_with_schemes() {
        let ecdsa256 = [Scheme::Ecdsa(Sha256)];
        for (key, scheme, compatibility) in [
            (spki(P256_SPKI), Scheme::Ecdsa(Sha256), &[][..]),
            (spki(P384_SPKI), Scheme::Ecdsa(Sha384), &ecdsa256),
            (spki(P521_SPKI), Scheme::Ecdsa(Sha512), &ecdsa256),
            (spki(RSA2048_SPKI), Scheme::RsaPkcs1(Sha256), &[]),
            (ed25519_key(ED25519_KEY), Scheme::Ed25519, &[]),
        ] {
            assert_eq!(registry_scheme(&key), scheme);
            assert_eq!(compatibility_schemes(&key), compatibility);
        }
    }
}
