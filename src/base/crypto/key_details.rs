//! What trusted roots and log entries say about a key.

use core::fmt;

use super::digest::HashAlgorithm::{Sha256, Sha384, Sha512};
use super::public_key::{KeyError, KeyKind, PublicKey};
use super::signature::Scheme::{self, Ecdsa, Ed25519, Ed25519ph, RsaPkcs1, RsaPss};

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
    Some(Demand { encoding: KeyEncoding::Spki, kind, rsa_bits: None, scheme })
}

const fn spki_rsa(bits: u32, scheme: Scheme) -> Option<Demand> {
    Some(Demand { encoding: KeyEncoding::Spki, kind: KeyKind::Rsa, rsa_bits: Some(bits), scheme })
}

const fn pkcs1(scheme: Scheme) -> Option<Demand> {
    Some(Demand { encoding: KeyEncoding::Pkcs1, kind: KeyKind::Rsa, rsa_bits: None, scheme })
}

/// Number, name and demand of each value.
const TABLE: [(KeyDetails, i32, &str, Option<Demand>); 24] = {
    use KeyDetails as D;
    use KeyKind::{P256, P384, P521, Rsa};
    [
        (D::Unspecified, 0, "PUBLIC_KEY_DETAILS_UNSPECIFIED", None),
        (D::Pkcs1RsaPkcs1v5, 1, "PKCS1_RSA_PKCS1V5", pkcs1(RsaPkcs1(Sha256))),
        (D::Pkcs1RsaPss, 2, "PKCS1_RSA_PSS", pkcs1(RsaPss(Sha256))),
        (D::PkixRsaPkcs1v5, 3, "PKIX_RSA_PKCS1V5", spki(Rsa, RsaPkcs1(Sha256))),
        (D::PkixRsaPss, 4, "PKIX_RSA_PSS", spki(Rsa, RsaPss(Sha256))),
        (D::PkixEcdsaP256Sha256, 5, "PKIX_ECDSA_P256_SHA_256", spki(P256, Ecdsa(Sha256))),
        (D::PkixEcdsaP256HmacSha256, 6, "PKIX_ECDSA_P256_HMAC_SHA_256", spki(P256, Ecdsa(Sha256))),
        (D::PkixEd25519, 7, "PKIX_ED25519", spki(KeyKind::Ed25519, Ed25519)),
        (D::PkixEd25519Ph, 8, "PKIX_ED25519_PH", spki(KeyKind::Ed25519, Ed25519ph)),
        (D::PkixRsaPkcs1v15Rsa2048Sha256, 9, "PKIX_RSA_PKCS1V15_2048_SHA256", spki_rsa(2048, RsaPkcs1(Sha256))),
        (D::PkixRsaPkcs1v15Rsa3072Sha256, 10, "PKIX_RSA_PKCS1V15_3072_SHA256", spki_rsa(3072, RsaPkcs1(Sha256))),
        (D::PkixRsaPkcs1v15Rsa4096Sha256, 11, "PKIX_RSA_PKCS1V15_4096_SHA256", spki_rsa(4096, RsaPkcs1(Sha256))),
        (D::PkixEcdsaP384Sha384, 12, "PKIX_ECDSA_P384_SHA_384", spki(P384, Ecdsa(Sha384))),
        (D::PkixEcdsaP521Sha512, 13, "PKIX_ECDSA_P521_SHA_512", spki(P521, Ecdsa(Sha512))),
        (D::LmsSha256, 14, "LMS_SHA256", None),
        (D::LmotsSha256, 15, "LMOTS_SHA256", None),
        (D::PkixRsaPssRsa2048Sha256, 16, "PKIX_RSA_PSS_2048_SHA256", spki_rsa(2048, RsaPss(Sha256))),
        (D::PkixRsaPssRsa3072Sha256, 17, "PKIX_RSA_PSS_3072_SHA256", spki_rsa(3072, RsaPss(Sha256))),
        (D::PkixRsaPssRsa4096Sha256, 18, "PKIX_RSA_PSS_4096_SHA256", spki_rsa(4096, RsaPss(Sha256))),
        (D::PkixEcdsaP384Sha256, 19, "PKIX_ECDSA_P384_SHA_256", spki(P384, Ecdsa(Sha256))),
        (D::PkixEcdsaP521Sha256, 20, "PKIX_ECDSA_P521_SHA_256", spki(P521, Ecdsa(Sha256))),
        (D::MlDsa65, 21, "ML_DSA_65", None),
        (D::MlDsa87, 22, "ML_DSA_87", None),
        (D::MlDsa44, 23, "ML_DSA_44", None),
    ]
};

impl KeyDetails {
    /// Reads the protobuf name; any name that is not in the table is [`KeyDetails::Unknown`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        TABLE.iter().find(|row| row.2 == name).map_or(Self::Unknown, |row| row.0)
    }

    /// Reads the protobuf number, which protobuf JSON allows in place of the name; any number that is not in the table is
    /// [`KeyDetails::Unknown`] ([ProtoJSON](https://protobuf.dev/programming-guides/json/)).
    #[must_use]
    pub fn from_number(number: i32) -> Self {
        TABLE.iter().find(|row| row.1 == number).map_or(Self::Unknown, |row| row.0)
    }

    /// The details, other than deprecated ones, that name this kind of key, its RSA size and this scheme.
    #[must_use]
    pub fn for_scheme(key: &PublicKey, scheme: Scheme) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| {
                row.3.is_some_and(|demand| {
                    demand.kind == key.kind() && demand.scheme == scheme && demand.rsa_bits == key.rsa_bits()
                })
            })
            .map(|row| row.0)
    }

    /// The protobuf name, or `UNKNOWN`.
    #[must_use]
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("UNKNOWN", |row| row.2)
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
        let demand = self.demand().ok_or(KeyError::UnsupportedDetails { details: self.name() })?;
        let key = match demand.encoding {
            KeyEncoding::Pkcs1 => PublicKey::from_pkcs1_der(raw)?,
            KeyEncoding::Spki => PublicKey::from_spki_der(raw)?,
        };
        if key.kind() != demand.kind {
            return Err(KeyError::WrongKind { expected: demand.kind, found: key.kind() });
        }
        match (demand.rsa_bits, key.rsa_bits()) {
            (Some(expected), Some(found)) if expected != found => Err(KeyError::RsaBitsMismatch { expected, found }),
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

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::string::ToString;

    use super::super::vectors::{
        ED25519_KEY, P256_SPKI, P384_SPKI, P521_SPKI, RSA2048_PKCS1, RSA2048_SPKI, RSA2049_SPKI, RSA3072_SPKI, unhex,
    };
    use super::*;

    fn spki(hex: &str) -> PublicKey {
        PublicKey::from_spki_der(&unhex(hex)).unwrap()
    }

    fn ed25519() -> PublicKey {
        PublicKey::from_ed25519_bytes(&unhex(ED25519_KEY).try_into().unwrap()).unwrap()
    }

    #[test]
    fn numbers_and_names_round_trip() {
        let names: BTreeSet<_> = TABLE.iter().map(|row| row.2).collect();
        assert_eq!(names.len(), TABLE.len());
        for (number, row) in (0..).zip(TABLE) {
            assert_eq!(row.1, number);
            let details = KeyDetails::from_number(number);
            assert_eq!(KeyDetails::from_name(details.name()), details);
            assert_eq!(details, row.0);
            assert_eq!(details.to_string(), row.2);
            assert_eq!(details.scheme().is_some(), details.encoding().is_some());
            assert_eq!(details.scheme().is_some(), details.kind().is_some());
        }
        assert_eq!(KeyDetails::from_number(24), KeyDetails::Unknown);
        assert_eq!(KeyDetails::from_number(-1), KeyDetails::Unknown);
        assert_eq!(KeyDetails::from_name("UNKNOWN"), KeyDetails::Unknown);
        assert_eq!(KeyDetails::from_name("pkix_ed25519"), KeyDetails::Unknown);
        assert_eq!(KeyDetails::Unknown.name(), "UNKNOWN");
    }

    #[test]
    fn keys_are_read_as_their_details_say() {
        use KeyDetails as D;
        let ed25519 = ed25519();
        let p256 = spki(P256_SPKI);
        let rsa = spki(RSA2048_SPKI);
        for (details, key) in [
            (D::PkixEcdsaP256Sha256, &p256),
            (D::PkixEcdsaP256HmacSha256, &p256),
            (D::PkixEcdsaP384Sha384, &spki(P384_SPKI)),
            (D::PkixEcdsaP384Sha256, &spki(P384_SPKI)),
            (D::PkixEcdsaP521Sha512, &spki(P521_SPKI)),
            (D::PkixEcdsaP521Sha256, &spki(P521_SPKI)),
            (D::PkixEd25519, &ed25519),
            (D::PkixEd25519Ph, &ed25519),
            (D::PkixRsaPkcs1v5, &rsa),
            (D::PkixRsaPss, &spki(RSA2049_SPKI)),
            (D::PkixRsaPkcs1v15Rsa2048Sha256, &rsa),
            (D::PkixRsaPssRsa2048Sha256, &rsa),
            (D::PkixRsaPkcs1v15Rsa3072Sha256, &spki(RSA3072_SPKI)),
        ] {
            assert_eq!(details.read_key(key.spki_der()).as_ref(), Ok(key), "{details}");
        }
        for details in [D::Pkcs1RsaPkcs1v5, D::Pkcs1RsaPss] {
            assert_eq!(details.read_key(&unhex(RSA2048_PKCS1)).as_ref(), Ok(&rsa));
            assert_eq!(details.encoding(), Some(KeyEncoding::Pkcs1));
            let error = details.read_key(rsa.spki_der()).unwrap_err();
            assert!(matches!(error, KeyError::Der { structure: "RSAPublicKey", .. }), "{error:?}");
        }
        let error = D::PkixRsaPkcs1v5.read_key(&unhex(RSA2048_PKCS1)).unwrap_err();
        assert!(matches!(error, KeyError::Der { structure: "SubjectPublicKeyInfo", .. }), "{error:?}");
    }

    #[test]
    fn another_kind_of_key_is_refused() {
        let error = KeyDetails::PkixEcdsaP256Sha256.read_key(&unhex(P384_SPKI)).unwrap_err();
        assert_eq!(error, KeyError::WrongKind { expected: KeyKind::P256, found: KeyKind::P384 });
        assert_eq!(error.to_string(), "expected a p256 key, found p384");
        let error = KeyDetails::PkixEd25519.read_key(&unhex(RSA2048_SPKI)).unwrap_err();
        assert_eq!(error, KeyError::WrongKind { expected: KeyKind::Ed25519, found: KeyKind::Rsa });
    }

    #[test]
    fn another_size_is_refused() {
        for details in [KeyDetails::PkixRsaPkcs1v15Rsa2048Sha256, KeyDetails::PkixRsaPssRsa2048Sha256] {
            for (spki, found) in [(RSA2049_SPKI, 2049), (RSA3072_SPKI, 3072)] {
                let error = details.read_key(&unhex(spki)).unwrap_err();
                assert_eq!(error, KeyError::RsaBitsMismatch { expected: 2048, found });
            }
        }
        let error = KeyError::RsaBitsMismatch { expected: 2048, found: 3072 };
        assert_eq!(error.to_string(), "expected an RSA modulus of 2048 bits, found 3072");
    }

    #[test]
    fn unsupported_details_read_no_key() {
        let unsupported: BTreeSet<_> =
            (-1..=24).filter(|number| KeyDetails::from_number(*number).scheme().is_none()).collect();
        assert_eq!(unsupported, BTreeSet::from([-1, 0, 14, 15, 21, 22, 23, 24]));
        for number in unsupported {
            let details = KeyDetails::from_number(number);
            let error = details.read_key(&unhex(P256_SPKI)).unwrap_err();
            assert_eq!(error, KeyError::UnsupportedDetails { details: details.name() });
        }
        let error = KeyError::UnsupportedDetails { details: KeyDetails::MlDsa65.name() };
        assert_eq!(error.to_string(), "unsupported key details ML_DSA_65");
    }

    #[test]
    fn keys_and_schemes_have_names() {
        assert_eq!(KeyDetails::for_scheme(&ed25519(), Ed25519ph).map(KeyDetails::name), Some("PKIX_ED25519_PH"));
        let details = |key, scheme| KeyDetails::for_scheme(&spki(key), scheme).map(KeyDetails::name);
        assert_eq!(details(P256_SPKI, Ecdsa(Sha256)), Some("PKIX_ECDSA_P256_SHA_256"));
        assert_eq!(details(RSA2048_SPKI, RsaPkcs1(Sha256)), Some("PKIX_RSA_PKCS1V15_2048_SHA256"));
        assert_eq!(details(RSA2049_SPKI, RsaPkcs1(Sha256)), None);
        assert_eq!(details(P384_SPKI, Ecdsa(Sha256)), Some("PKIX_ECDSA_P384_SHA_256"));
        assert_eq!(details(P521_SPKI, Ecdsa(Sha256)), Some("PKIX_ECDSA_P521_SHA_256"));
        assert_eq!(details(RSA3072_SPKI, RsaPss(Sha256)), Some("PKIX_RSA_PSS_3072_SHA256"));
        assert_eq!(details(P256_SPKI, Ecdsa(Sha512)), None);
        assert_eq!(details(P256_SPKI, Ed25519), None);
    }
}
