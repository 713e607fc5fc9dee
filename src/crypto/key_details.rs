//! What trusted roots and log entries say about a key.

use core::fmt;

use super::digest::HashAlgorithm::{Sha256, Sha384, Sha512};
use super::public_key::{KeyError, KeyKind, PublicKey};
use super::signature::Scheme::{self, Ecdsa, Ed25519, Ed25519ph, RsaPkcs1, RsaPss};
use super::signature::registry_scheme;

/// How a key's raw bytes are encoded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyEncoding {
    /// A PKCS #1 RSAPublicKey ([RFC 8017 §A.1.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1)).
    Pkcs1,
    /// A SubjectPublicKeyInfo ([RFC 5280 §4.1.2.7](https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7)).
    Spki,
}

/// A `dev.sigstore.common.v1.PublicKeyDetails` value: encoding, kind and signature scheme of a key in one word
/// ([sigstore_common.proto](https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_common.proto)).
///
/// A value that this crate does not know, or whose algorithm it does not verify, is a value all the same: one such key
/// must not spoil a trusted root, only a bundle that needs it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum KeyDetails {
    /// 0: nothing is said.
    Unspecified,
    /// 1: RSA in PKCS #1, PKCS #1 v1.5 signatures; deprecated, but a certificate transparency log has it.
    Pkcs1RsaPkcs1v5,
    /// 2: RSA in PKCS #1, PSS signatures; deprecated.
    Pkcs1RsaPss,
    /// 3: RSA of any size, PKCS #1 v1.5 signatures; deprecated.
    PkixRsaPkcs1v5,
    /// 4: RSA of any size, PSS signatures; deprecated.
    PkixRsaPss,
    /// 5: ECDSA P-256 with SHA-256.
    PkixEcdsaP256Sha256,
    /// 6: the same with a deterministic nonce, which a verifier cannot tell apart; deprecated.
    PkixEcdsaP256HmacSha256,
    /// 7: pure Ed25519.
    PkixEd25519,
    /// 8: Ed25519ph.
    PkixEd25519Ph,
    /// 9: RSA 2048, PKCS #1 v1.5 with SHA-256.
    PkixRsaPkcs1v15Rsa2048Sha256,
    /// 10: RSA 3072, PKCS #1 v1.5 with SHA-256.
    PkixRsaPkcs1v15Rsa3072Sha256,
    /// 11: RSA 4096, PKCS #1 v1.5 with SHA-256.
    PkixRsaPkcs1v15Rsa4096Sha256,
    /// 12: ECDSA P-384 with SHA-384.
    PkixEcdsaP384Sha384,
    /// 13: ECDSA P-521 with SHA-512.
    PkixEcdsaP521Sha512,
    /// 14: LMS, which this crate does not verify; deprecated.
    LmsSha256,
    /// 15: LM-OTS, which this crate does not verify; deprecated.
    LmotsSha256,
    /// 16: RSA 2048, PSS with SHA-256.
    PkixRsaPssRsa2048Sha256,
    /// 17: RSA 3072, PSS with SHA-256.
    PkixRsaPssRsa3072Sha256,
    /// 18: RSA 4096, PSS with SHA-256.
    PkixRsaPssRsa4096Sha256,
    /// 19: ECDSA P-384 with SHA-256, as older clients signed.
    PkixEcdsaP384Sha256,
    /// 20: ECDSA P-521 with SHA-256, as older clients signed.
    PkixEcdsaP521Sha256,
    /// 21: ML-DSA-65, which this crate does not verify.
    MlDsa65,
    /// 22: ML-DSA-87, which this crate does not verify.
    MlDsa87,
    /// 23: ML-DSA-44, which this crate does not verify.
    MlDsa44,
    /// Any other value.
    Unknown,
}

/// What details demand of a key.
#[derive(Clone, Copy)]
struct Demand {
    encoding: KeyEncoding,
    kind: KeyKind,
    rsa_bits: Option<u32>,
    scheme: Scheme,
}

const fn spki(kind: KeyKind, scheme: Scheme) -> Option<Demand> {
    Some(Demand {
        encoding: KeyEncoding::Spki,
        kind,
        rsa_bits: None,
        scheme,
    })
}

const fn spki_rsa(bits: u32, scheme: Scheme) -> Option<Demand> {
    Some(Demand {
        encoding: KeyEncoding::Spki,
        kind: KeyKind::Rsa,
        rsa_bits: Some(bits),
        scheme,
    })
}

const fn pkcs1(scheme: Scheme) -> Option<Demand> {
    Some(Demand {
        encoding: KeyEncoding::Pkcs1,
        kind: KeyKind::Rsa,
        rsa_bits: None,
        scheme,
    })
}

/// Number, name and demand of each value.
const TABLE: [(KeyDetails, i32, &str, Option<Demand>); 24] = {
    use KeyDetails as D;
    use KeyKind::{P256, P384, P521, Rsa};
    [
        (D::Unspecified, 0, "PUBLIC_KEY_DETAILS_UNSPECIFIED", None),
        (
            D::Pkcs1RsaPkcs1v5,
            1,
            "PKCS1_RSA_PKCS1V5",
            pkcs1(RsaPkcs1(Sha256)),
        ),
        (D::Pkcs1RsaPss, 2, "PKCS1_RSA_PSS", pkcs1(RsaPss(Sha256))),
        (
            D::PkixRsaPkcs1v5,
            3,
            "PKIX_RSA_PKCS1V5",
            spki(Rsa, RsaPkcs1(Sha256)),
        ),
        (D::PkixRsaPss, 4, "PKIX_RSA_PSS", spki(Rsa, RsaPss(Sha256))),
        (
            D::PkixEcdsaP256Sha256,
            5,
            "PKIX_ECDSA_P256_SHA_256",
            spki(P256, Ecdsa(Sha256)),
        ),
        (
            D::PkixEcdsaP256HmacSha256,
            6,
            "PKIX_ECDSA_P256_HMAC_SHA_256",
            spki(P256, Ecdsa(Sha256)),
        ),
        (
            D::PkixEd25519,
            7,
            "PKIX_ED25519",
            spki(KeyKind::Ed25519, Ed25519),
        ),
        (
            D::PkixEd25519Ph,
            8,
            "PKIX_ED25519_PH",
            spki(KeyKind::Ed25519, Ed25519ph),
        ),
        (
            D::PkixRsaPkcs1v15Rsa2048Sha256,
            9,
            "PKIX_RSA_PKCS1V15_2048_SHA256",
            spki_rsa(2048, RsaPkcs1(Sha256)),
        ),
        (
            D::PkixRsaPkcs1v15Rsa3072Sha256,
            10,
            "PKIX_RSA_PKCS1V15_3072_SHA256",
            spki_rsa(3072, RsaPkcs1(Sha256)),
        ),
        (
            D::PkixRsaPkcs1v15Rsa4096Sha256,
            11,
            "PKIX_RSA_PKCS1V15_4096_SHA256",
            spki_rsa(4096, RsaPkcs1(Sha256)),
        ),
        (
            D::PkixEcdsaP384Sha384,
            12,
            "PKIX_ECDSA_P384_SHA_384",
            spki(P384, Ecdsa(Sha384)),
        ),
        (
            D::PkixEcdsaP521Sha512,
            13,
            "PKIX_ECDSA_P521_SHA_512",
            spki(P521, Ecdsa(Sha512)),
        ),
        (D::LmsSha256, 14, "LMS_SHA256", None),
        (D::LmotsSha256, 15, "LMOTS_SHA256", None),
        (
            D::PkixRsaPssRsa2048Sha256,
            16,
            "PKIX_RSA_PSS_2048_SHA256",
            spki_rsa(2048, RsaPss(Sha256)),
        ),
        (
            D::PkixRsaPssRsa3072Sha256,
            17,
            "PKIX_RSA_PSS_3072_SHA256",
            spki_rsa(3072, RsaPss(Sha256)),
        ),
        (
            D::PkixRsaPssRsa4096Sha256,
            18,
            "PKIX_RSA_PSS_4096_SHA256",
            spki_rsa(4096, RsaPss(Sha256)),
        ),
        (
            D::PkixEcdsaP384Sha256,
            19,
            "PKIX_ECDSA_P384_SHA_256",
            spki(P384, Ecdsa(Sha256)),
        ),
        (
            D::PkixEcdsaP521Sha256,
            20,
            "PKIX_ECDSA_P521_SHA_256",
            spki(P521, Ecdsa(Sha256)),
        ),
        (D::MlDsa65, 21, "ML_DSA_65", None),
        (D::MlDsa87, 22, "ML_DSA_87", None),
        (D::MlDsa44, 23, "ML_DSA_44", None),
    ]
};

impl KeyDetails {
    /// Reads the protobuf name; any name that is not in the table is [`KeyDetails::Unknown`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        TABLE
            .iter()
            .find(|row| row.2 == name)
            .map_or(Self::Unknown, |row| row.0)
    }

    /// Reads the protobuf number, which protobuf JSON allows in place of the name; any number that is not in the table is
    /// [`KeyDetails::Unknown`] ([ProtoJSON](https://protobuf.dev/programming-guides/json/)).
    #[must_use]
    pub fn from_number(number: i32) -> Self {
        TABLE
            .iter()
            .find(|row| row.1 == number)
            .map_or(Self::Unknown, |row| row.0)
    }

    /// The details under which a Rekor v2 log records a key that its client chose nothing else for: the registry's
    /// scheme, and Ed25519ph in place of pure Ed25519, since the log sees only a digest. None for an RSA key of a size
    /// that has no value
    /// ([Rekor v2 spec](https://github.com/sigstore/architecture-docs/blob/main/rekor-v2-spec.md)).
    #[must_use]
    pub fn default_for(key: &PublicKey) -> Option<Self> {
        match registry_scheme(key) {
            Ed25519 => Some(Self::PkixEd25519Ph),
            scheme => Self::for_scheme(key, scheme),
        }
    }

    /// The details, other than deprecated ones, that name this kind of key, its RSA size and this scheme.
    #[must_use]
    pub fn for_scheme(key: &PublicKey, scheme: Scheme) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| {
                row.3.is_some_and(|demand| {
                    demand.kind == key.kind()
                        && demand.scheme == scheme
                        && demand.rsa_bits == key.rsa_bits()
                })
            })
            .map(|row| row.0)
    }

    /// The protobuf name, or `UNKNOWN`.
    #[must_use]
    pub fn name(self) -> &'static str {
        TABLE
            .iter()
            .find(|row| row.0 == self)
            .map_or("UNKNOWN", |row| row.2)
    }

    /// How the key's raw bytes are encoded, or none when this crate does not verify the algorithm.
    #[must_use]
    pub fn encoding(self) -> Option<KeyEncoding> {
        self.demand().map(|demand| demand.encoding)
    }

    /// The kind of key, or none when this crate does not verify the algorithm.
    #[must_use]
    pub fn kind(self) -> Option<KeyKind> {
        self.demand().map(|demand| demand.kind)
    }

    /// The scheme of the key's signatures, or none when this crate does not verify the algorithm.
    ///
    /// The values that leave the hash open mean SHA-256, the only one the registry pairs with RSA.
    #[must_use]
    pub fn scheme(self) -> Option<Scheme> {
        self.demand().map(|demand| demand.scheme)
    }

    /// Reads a key's raw bytes in the encoding that the details name, and demands the kind and size that they name.
    ///
    /// # Errors
    /// [`KeyError::UnsupportedDetails`] when this crate does not verify the algorithm; [`KeyError::WrongKind`] and
    /// [`KeyError::RsaBitsMismatch`] when the key is not what the details say; any other [`KeyError`] when the bytes are
    /// not a key.
    pub fn read_key(self, raw: &[u8]) -> Result<PublicKey, KeyError> {
        let demand = self.demand().ok_or(KeyError::UnsupportedDetails {
            details: self.name(),
        })?;
        let key = match demand.encoding {
            KeyEncoding::Pkcs1 => PublicKey::from_pkcs1_der(raw)?,
            KeyEncoding::Spki => PublicKey::from_spki_der(raw)?,
        };
        if key.kind() != demand.kind {
            return Err(KeyError::WrongKind {
                expected: demand.kind,
                found: key.kind(),
            });
        }
        match (demand.rsa_bits, key.rsa_bits()) {
            (Some(expected), Some(found)) if expected != found => {
                Err(KeyError::RsaBitsMismatch { expected, found })
            }
            _ => Ok(key),
        }
    }

    fn demand(self) -> Option<Demand> {
        TABLE.iter().find(|row| row.0 == self).and_then(|row| row.3)
    }
}

impl fmt::Display for KeyDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
