//! Public keys: strict reading, one canonical encoding.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use der::Tag;
use der::asn1::ObjectIdentifier;
use ecdsa::VerifyingKey;
use ecdsa::elliptic_curve::point::AffineCoordinates as _;
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes};

mod error;

pub use self::error::KeyError;
use super::digest::sha256;
#[cfg(not(feature = "p521"))]
use super::left_out as p521;
#[cfg(not(feature = "rsa"))]
use super::left_out as rsa;
#[cfg(feature = "p521")]
use super::p521;
#[cfg(feature = "rsa")]
use super::rsa;
use crate::encoding::der::{AlgorithmIdentifier, DerError, Element, wrap};
use crate::encoding::pem::{Block, PemError};

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const SECP384R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const SECP521R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const SPKI: &str = "SubjectPublicKeyInfo";
/// NULL in DER.
const NULL: &[u8] = &[5, 0];

/// The smallest RSA modulus read, in bits: the least that Sigstore's registry knows and that NIST allows
/// ([SP 800-131A §3](https://csrc.nist.gov/pubs/sp/800/131/a/r2/final)).
pub const MIN_RSA_BITS: u32 = 2048;

/// The largest RSA modulus read, in bits: Go's `crypto/tls` stops at the same size, after
/// [CVE-2023-29409](https://pkg.go.dev/vuln/GO-2023-1987), because the work grows with its square.
///
/// Sigstore's registry ends at 4096 bits; which sizes may sign what is the caller's to decide, by
/// [`PublicKey::rsa_bits`].
pub const MAX_RSA_BITS: u32 = 8192;

/// The smallest RSA public exponent
/// ([RFC 8017 §3.1](https://www.rfc-editor.org/rfc/rfc8017#section-3.1)).
pub const MIN_RSA_EXPONENT: u64 = 3;

/// The largest RSA public exponent: a verification costs as many multiplications as the exponent has bits, and keys in
/// use have 65537 (the bound is that of the `rsa` crate and of *ring*, after
/// [RSADoS](https://www.imperialviolet.org/2012/03/17/rsados.html)).
pub const MAX_RSA_EXPONENT: u64 = (1 << 33) - 1;

/// What a public key is for: the kind of signature it can verify.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum KeyKind {
    /// ECDSA on NIST P-256 (secp256r1).
    P256,
    /// ECDSA on NIST P-384 (secp384r1).
    P384,
    /// ECDSA on NIST P-521 (secp521r1).
    P521,
    /// Ed25519.
    Ed25519,
    /// RSA, of any padding.
    Rsa,
}

impl KeyKind {
    /// The stable name: `p256`, `p384`, `p521`, `ed25519` or `rsa`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Ed25519 => "ed25519",
            Self::Rsa => "rsa",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A public key that can be used: well encoded, on its curve, of an accepted size.
///
/// It keeps its one DER encoding as a SubjectPublicKeyInfo, since log and key identifiers are digests of those bytes.
/// Two keys are equal when these encodings are.
#[derive(Clone, Debug)]
pub struct PublicKey {
    spki_der: Vec<u8>,
    material: Material,
}

#[derive(Clone, Debug)]
pub(super) enum Material {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::Key),
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    Rsa(rsa::Key),
}

impl PublicKey {
    /// Reads the DER encoding of a SubjectPublicKeyInfo
    /// ([RFC 5280 §4.1.2.7](https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7)).
    ///
    /// ```text
    /// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
    /// ```
    ///
    /// The encoding must be the only one for this key: DER without a byte after it; a named curve and an uncompressed
    /// point ([RFC 5480 §2](https://www.rfc-editor.org/rfc/rfc5480#section-2)); no parameters for Ed25519
    /// ([RFC 8410 §3](https://www.rfc-editor.org/rfc/rfc8410#section-3)); NULL for RSA
    /// ([RFC 3279 §2.3.1](https://www.rfc-editor.org/rfc/rfc3279#section-2.3.1)). Otherwise one key could have two
    /// identifiers.
    ///
    /// # Errors
    /// A [`KeyError`] that says which rule the bytes break.
    pub fn from_spki_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, bits) = spki(bytes).map_err(|error| KeyError::der(SPKI, error))?;
        let key = match bits.split_first() {
            Some((0, key)) => key,
            Some((unused, _)) => return Err(KeyError::UnusedBits { found: *unused }),
            None => return Err(KeyError::Der { structure: SPKI, at: None }),
        };
        let material = match algorithm.oid {
            oid if oid == EC_PUBLIC_KEY => match curve(&algorithm)? {
                oid if oid == SECP256R1 => point::<p256::NistP256>(KeyKind::P256, key)
                    .and_then(|point| on_curve(KeyKind::P256, VerifyingKey::from_affine(point)))
                    .map(Material::P256)?,
                oid if oid == SECP384R1 => point::<p384::NistP384>(KeyKind::P384, key)
                    .and_then(|point| on_curve(KeyKind::P384, VerifyingKey::from_affine(point)))
                    .map(Material::P384)?,
                oid if oid == SECP521R1 => p521::Key::read(KeyKind::P521, key).map(Material::P521)?,
                oid => return Err(KeyError::UnsupportedCurve { oid }),
            },
            oid if oid == ED25519 => {
                if algorithm.parameters.is_some() {
                    return Err(KeyError::Parameters { algorithm: ED25519, expected: "no parameters" });
                }
                let expected = ed25519_dalek::PUBLIC_KEY_LENGTH;
                let key = key.try_into().map_err(|_| KeyError::Length {
                    kind: KeyKind::Ed25519,
                    expected,
                    found: key.len(),
                })?;
                ed25519(key)?
            }
            oid if oid == RSA_ENCRYPTION => {
                if !algorithm.has_null() {
                    return Err(KeyError::Parameters { algorithm: RSA_ENCRYPTION, expected: "NULL" });
                }
                rsa::Key::read(KeyKind::Rsa, key).map(Material::Rsa)?
            }
            oid => return Err(KeyError::UnsupportedAlgorithm { oid }),
        };
        Ok(Self { spki_der: bytes.to_vec(), material })
    }

    /// Reads the DER encoding of a PKCS #1 RSAPublicKey, and wraps it into the SubjectPublicKeyInfo of the same key
    /// ([RFC 8017 §A.1.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1)).
    ///
    /// ```text
    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
    /// ```
    ///
    /// # Errors
    /// A [`KeyError`] that says which rule the bytes break.
    pub fn from_pkcs1_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let material = rsa::Key::read(KeyKind::Rsa, bytes).map(Material::Rsa)?;
        Ok(Self { spki_der: encode_spki(RSA_ENCRYPTION, NULL, bytes)?, material })
    }

    /// Takes the 32 bytes of an Ed25519 key, the form in which witnesses publish theirs
    /// ([RFC 8032 §5.1.5](https://www.rfc-editor.org/rfc/rfc8032#section-5.1.5)).
    ///
    /// # Errors
    /// [`KeyError::NotOnCurve`] when the bytes are not the canonical encoding of a point; [`KeyError::SmallOrder`] when
    /// the point has small order.
    pub fn from_ed25519_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let material = ed25519(bytes)?;
        Ok(Self { spki_der: encode_spki(ED25519, &[], bytes)?, material })
    }

    /// Reads the text of exactly one PEM block labelled `PUBLIC KEY` (a SubjectPublicKeyInfo) or `RSA PUBLIC KEY`
    /// (PKCS #1) ([RFC 7468 §13](https://www.rfc-editor.org/rfc/rfc7468#section-13)).
    ///
    /// White space may surround the block, and lines may end in CRLF. Other text, a second block, headers and base64
    /// that is not canonical are refused, so that no reader can see another key in the same text.
    ///
    /// # Errors
    /// [`KeyError::Pem`] for the armour, any other [`KeyError`] for what is inside.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let block = Block::first(text)?;
        if !block.rest.trim_ascii().is_empty() {
            return Err(PemError::Trailing.into());
        }
        match block.label {
            "PUBLIC KEY" => Self::from_spki_der(&block.bytes),
            "RSA PUBLIC KEY" => Self::from_pkcs1_der(&block.bytes),
            _ => Err(PemError::Begin.into()),
        }
    }

    /// The DER encoding as a SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki_der
    }

    /// The SHA-256 digest of [`spki_der`](Self::spki_der): a log's identifier in Rekor v1 and in certificate transparency
    /// ([RFC 6962 §3.2](https://www.rfc-editor.org/rfc/rfc6962#section-3.2)).
    #[must_use]
    pub fn spki_sha256(&self) -> [u8; 32] {
        sha256(&self.spki_der)
    }

    /// The kind of key.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match self.material {
            Material::P256(_) => KeyKind::P256,
            Material::P384(_) => KeyKind::P384,
            Material::P521(_) => KeyKind::P521,
            Material::Ed25519(_) => KeyKind::Ed25519,
            Material::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// The size of the RSA modulus in bits, or none for another kind of key.
    #[must_use]
    pub const fn rsa_bits(&self) -> Option<u32> {
        match &self.material {
            Material::Rsa(key) => Some(key.bits()),
            _ => None,
        }
    }

    /// The 32 bytes of an Ed25519 key, of which signed notes build their key identifiers
    /// ([C2SP signed-note](https://c2sp.org/signed-note)); none for another kind of key.
    #[must_use]
    pub fn ed25519_bytes(&self) -> Option<[u8; 32]> {
        match &self.material {
            Material::Ed25519(key) => Some(key.to_bytes()),
            _ => None,
        }
    }

    pub(super) const fn material(&self) -> &Material {
        &self.material
    }
}

impl Eq for PublicKey {}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki_der == other.spki_der
    }
}

/// The algorithm of a SubjectPublicKeyInfo, and the value of its BIT STRING.
fn spki(bytes: &[u8]) -> Result<(AlgorithmIdentifier<'_>, &[u8]), DerError> {
    let mut fields = Element::only(bytes, SPKI)?.open(Tag::Sequence, SPKI)?;
    let algorithm = AlgorithmIdentifier::read(&fields.next("an algorithm")?, "an algorithm")?;
    let bits = fields.next("a key")?.expect(Tag::BitString, "a key")?;
    fields.end()?;
    Ok((algorithm, bits))
}

fn curve(algorithm: &AlgorithmIdentifier<'_>) -> Result<ObjectIdentifier, KeyError> {
    algorithm
        .parameters
        .and_then(|parameters| parameters.oid(Tag::ObjectIdentifier, "a named curve").ok())
        .ok_or(KeyError::Parameters { algorithm: EC_PUBLIC_KEY, expected: "the OID of a named curve" })
}

/// SEC 1 §2.3.4, for `04 ‖ x ‖ y` alone. Compressed points are optional for readers, and would give a key two encodings; by its
/// coordinates the curve crate takes the point if they are below the modulus and meet the equation, and brings no square roots along.
pub(super) fn point<C: CurveArithmetic>(kind: KeyKind, point: &[u8]) -> Result<AffinePoint<C>, KeyError> {
    let (mut x, mut y) = (FieldBytes::<C>::default(), FieldBytes::<C>::default());
    let expected = x.len().saturating_mul(2).saturating_add(1);
    let coordinates = match point.split_first() {
        Some((4, rest)) if point.len() == expected => rest.split_at_checked(x.len()),
        Some((4, _)) | None => None,
        Some((prefix, _)) => return Err(KeyError::NotUncompressed { kind, found: *prefix }),
    };
    let (of_x, of_y) = coordinates.ok_or(KeyError::Length { kind, expected, found: point.len() })?;
    x.copy_from_slice(of_x);
    y.copy_from_slice(of_y);
    AffinePoint::<C>::from_coordinates(&x, &y).into_option().ok_or(KeyError::NotOnCurve { kind })
}

pub(super) fn on_curve<K, E>(kind: KeyKind, key: Result<K, E>) -> Result<K, KeyError> {
    key.map_err(|_| KeyError::NotOnCurve { kind })
}

fn ed25519(bytes: &[u8; 32]) -> Result<Material, KeyError> {
    let kind = KeyKind::Ed25519;
    // RFC 8032 §5.1.3 refuses y >= p = 2^255 - 19, which the curve crate would reduce: a second encoding of the same key.
    let [lowest, middle @ .., highest] = bytes;
    if *lowest >= 0xed && middle.iter().all(|byte| *byte == 0xff) && highest | 0x80 == 0xff {
        return Err(KeyError::NotOnCurve { kind });
    }
    let key = on_curve(kind, ed25519_dalek::VerifyingKey::from_bytes(bytes))?;
    if key.is_weak() {
        return Err(KeyError::SmallOrder);
    }
    Ok(Material::Ed25519(Box::new(key)))
}

/// The SubjectPublicKeyInfo of an algorithm, its parameters in DER, and a key.
fn encode_spki(oid: ObjectIdentifier, parameters: &[u8], key: &[u8]) -> Result<Vec<u8>, KeyError> {
    let encoded = || {
        let algorithm = [&wrap(Tag::ObjectIdentifier, oid.as_bytes())?, parameters].concat();
        let parts = [wrap(Tag::Sequence, &algorithm)?, wrap(Tag::BitString, &[&[0], key].concat())?];
        wrap(Tag::Sequence, &parts.concat())
    };
    encoded().ok_or(KeyError::Der { structure: SPKI, at: None })
}

#[cfg(test)]
mod tests;
