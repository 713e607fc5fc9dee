//! Why a public key was not read.

use core::fmt;

use der::asn1::ObjectIdentifier;

use super::{KeyKind, MAX_RSA_BITS, MAX_RSA_EXPONENT, MIN_RSA_BITS, MIN_RSA_EXPONENT};
use crate::encoding::der::DerError;
use crate::encoding::pem::PemError;

/// Why bytes or text are not a usable public key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyError {
    /// The bytes are not DER of this structure.
    Der {
        /// The ASN.1 type expected.
        structure: &'static str,
        /// The offset at which reading stopped, when it is known.
        at: Option<u32>,
    },
    /// The Ed25519 point or the ECDSA key is not the length that its kind has.
    Length {
        /// The kind of key.
        kind: KeyKind,
        /// The length in bytes that the kind has.
        expected: usize,
        /// The length in bytes found.
        found: usize,
    },
    /// The key is of a kind that this build was compiled without (features `rsa` and `p521`).
    NotInBuild {
        /// The kind of key.
        kind: KeyKind,
    },
    /// The point is not on its curve, or not canonically encoded.
    NotOnCurve {
        /// The kind of key.
        kind: KeyKind,
    },
    /// The elliptic curve point is compressed, hybrid or at infinity.
    NotUncompressed {
        /// The kind of key.
        kind: KeyKind,
        /// The first byte found, where `04` is expected.
        found: u8,
    },
    /// The algorithm identifier has other parameters than its algorithm demands.
    Parameters {
        /// The algorithm.
        algorithm: ObjectIdentifier,
        /// What the algorithm demands.
        expected: &'static str,
    },
    /// The PEM armour is malformed.
    Pem(PemError),
    /// The RSA modulus is outside [`MIN_RSA_BITS`] to [`MAX_RSA_BITS`].
    RsaBits {
        /// The size of the modulus in bits.
        found: u32,
    },
    /// The size of the RSA modulus is not the one that the key's details name.
    RsaBitsMismatch {
        /// The size in bits that the details name.
        expected: u32,
        /// The size in bits found.
        found: u32,
    },
    /// The RSA exponent is even, or outside [`MIN_RSA_EXPONENT`] to [`MAX_RSA_EXPONENT`].
    RsaExponent {
        /// The exponent, when it fits 64 bits.
        found: Option<u64>,
    },
    /// The RSA modulus is even.
    RsaModulusEven,
    /// The Ed25519 point has small order: signatures by it say nothing about the message.
    SmallOrder,
    /// The key's algorithm is not one that this crate verifies.
    UnsupportedAlgorithm {
        /// The algorithm found.
        oid: ObjectIdentifier,
    },
    /// The key's curve is not one that this crate verifies.
    UnsupportedCurve {
        /// The curve found.
        oid: ObjectIdentifier,
    },
    /// The key's details name no algorithm, or one that this crate does not verify.
    UnsupportedDetails {
        /// The name of the details.
        details: &'static str,
    },
    /// The key is not a whole number of bytes.
    UnusedBits {
        /// The number of unused bits that the bit string claims.
        found: u8,
    },
    /// The key is of another kind than its details name.
    WrongKind {
        /// The kind that the details name.
        expected: KeyKind,
        /// The kind found.
        found: KeyKind,
    },
}

impl KeyError {
    pub(in crate::crypto) fn der(structure: &'static str, error: DerError) -> Self {
        Self::Der { structure, at: u32::try_from(error.offset).ok() }
    }
}

impl From<PemError> for KeyError {
    fn from(error: PemError) -> Self {
        Self::Pem(error)
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Der { structure, at: Some(at) } => write!(f, "not DER of {structure}: malformed at byte {at}"),
            Self::Der { structure, at: None } => write!(f, "not DER of {structure}"),
            Self::Length { kind, expected, found } => write!(f, "a {kind} key has {expected} bytes, found {found}"),
            Self::NotInBuild { kind } => write!(f, "this build does not verify {kind} keys"),
            Self::NotOnCurve { kind } => write!(f, "the {kind} key is not a point on its curve"),
            Self::NotUncompressed { kind, found } => {
                write!(f, "expected an uncompressed {kind} point, which begins with 0x04, found 0x{found:02x}")
            }
            Self::Parameters { algorithm, expected } => {
                write!(f, "key algorithm {algorithm} takes {expected}, found other parameters")
            }
            Self::Pem(error) => error.fmt(f),
            Self::RsaBits { found } => {
                write!(f, "expected an RSA modulus of {MIN_RSA_BITS} to {MAX_RSA_BITS} bits, found {found}")
            }
            Self::RsaBitsMismatch { expected, found } => {
                write!(f, "expected an RSA modulus of {expected} bits, found {found}")
            }
            Self::RsaExponent { found } => {
                write!(f, "expected an odd RSA exponent from {MIN_RSA_EXPONENT} to {MAX_RSA_EXPONENT}, found ")?;
                match found {
                    Some(found) => found.fmt(f),
                    None => f.write_str("more than 64 bits"),
                }
            }
            Self::RsaModulusEven => f.write_str("the RSA modulus is even"),
            Self::SmallOrder => f.write_str("the ed25519 key is a point of small order"),
            Self::UnsupportedAlgorithm { oid } => write!(f, "unsupported key algorithm {oid}"),
            Self::UnsupportedCurve { oid } => write!(f, "unsupported curve {oid}"),
            Self::UnsupportedDetails { details } => write!(f, "unsupported key details {details}"),
            Self::UnusedBits { found } => write!(f, "expected a whole number of bytes, found {found} unused bits"),
            Self::WrongKind { expected, found } => {
                write!(f, "expected a {expected} key, found {found}")
            }
        }
    }
}

impl core::error::Error for KeyError {}
