//! SHA-2 digests and their names.

use alloc::string::String;
use core::cell::OnceCell;
use core::fmt;

use der::oid::ObjectIdentifier;

use crate::encoding::hex;

use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// A SHA-2 hash function.
///
/// Sigstore's registry allows no other family for signing, and SHA-1 or MD5 never identify an artifact here
/// ([algorithm registry](https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md)).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Reads the lower-case name used in in-toto digest sets, OCI digests and Rekor v1 entries, such as `sha256`
    /// ([in-toto DigestSet](https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md)).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Reads the name of a `dev.sigstore.common.v1.HashAlgorithm` value, such as `SHA2_256`
    /// ([sigstore_common.proto](https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_common.proto)).
    #[must_use]
    pub fn from_protobuf_name(name: &str) -> Option<Self> {
        match name {
            "SHA2_256" => Some(Self::Sha256),
            "SHA2_384" => Some(Self::Sha384),
            "SHA2_512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Reads the number of a `dev.sigstore.common.v1.HashAlgorithm` value: protobuf JSON allows it in place of the name
    /// ([ProtoJSON](https://protobuf.dev/programming-guides/json/)).
    #[must_use]
    pub fn from_protobuf_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Sha256),
            2 => Some(Self::Sha384),
            3 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The object identifier ([RFC 5754 §2](https://www.rfc-editor.org/rfc/rfc5754#section-2)).
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"),
            Self::Sha384 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"),
            Self::Sha512 => ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"),
        }
    }

    /// The function of an object identifier; none for SHA-1 and everything else that is not SHA-2 of 256 bits or more.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|algorithm| algorithm.oid() == *oid)
    }

    /// The lower-case name, such as `sha256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The protobuf name, such as `SHA2_256`.
    #[must_use]
    pub const fn protobuf_name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA2_256",
            Self::Sha384 => "SHA2_384",
            Self::Sha512 => "SHA2_512",
        }
    }

    /// The length of a digest in bytes.
    #[must_use]
    pub const fn digest_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A digest together with the function that made it.
///
/// Equality compares both, so a SHA-256 value never equals bytes that claim another function.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Digest {
    /// A SHA-256 digest.
    Sha256([u8; 32]),
    /// A SHA-384 digest.
    Sha384([u8; 48]),
    /// A SHA-512 digest.
    Sha512([u8; 64]),
}

impl Digest {
    /// Takes the bytes of a digest made elsewhere.
    ///
    /// # Errors
    /// [`DigestError::Length`] when the number of bytes is not the function's output length.
    pub fn new(algorithm: HashAlgorithm, bytes: &[u8]) -> Result<Self, DigestError> {
        match algorithm {
            HashAlgorithm::Sha256 => bytes.try_into().map(Self::Sha256),
            HashAlgorithm::Sha384 => bytes.try_into().map(Self::Sha384),
            HashAlgorithm::Sha512 => bytes.try_into().map(Self::Sha512),
        }
        .map_err(|_| DigestError::Length { algorithm, found: bytes.len() })
    }

    /// Reads lower-case hexadecimal, the only form that in-toto digest sets and OCI digests allow
    /// ([OCI image spec, digests](https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests)).
    ///
    /// # Errors
    /// [`DigestError::HexLength`] when there are not two digits per byte; [`DigestError::HexDigit`] at the first
    /// byte that is not one of `0-9a-f`.
    pub fn from_hex(algorithm: HashAlgorithm, hex: &str) -> Result<Self, DigestError> {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        let mut bytes = [0; 64];
        let wrong_length = DigestError::HexLength { algorithm, found: hex.len() };
        if !rest.is_empty() || pairs.len() != algorithm.digest_len() {
            return Err(wrong_length);
        }
        for (index, (byte, [high, low])) in bytes.iter_mut().zip(pairs).enumerate() {
            let at = index.saturating_mul(2);
            let high = hex_value(*high).ok_or(DigestError::HexDigit { at, found: *high })?;
            let low = hex_value(*low).ok_or(DigestError::HexDigit { at: at.saturating_add(1), found: *low })?;
            *byte = high << 4 | low;
        }
        Self::new(algorithm, bytes.get(..pairs.len()).ok_or(wrong_length)?)
    }

    /// The hash function.
    #[must_use]
    pub const fn algorithm(&self) -> HashAlgorithm {
        match self {
            Self::Sha256(_) => HashAlgorithm::Sha256,
            Self::Sha384(_) => HashAlgorithm::Sha384,
            Self::Sha512(_) => HashAlgorithm::Sha512,
        }
    }

    /// The digest's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha384(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }

    /// The digest in lower-case hexadecimal.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.as_bytes())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// `sha256:9f86…`, the form of OCI digests.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm(), self.to_hex())
    }
}

const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'a'..=b'f' => digit.checked_sub(b'a' - 10),
        _ => None,
    }
}

/// Why bytes or text are not a digest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DigestError {
    /// The number of bytes is not the function's output length.
    Length {
        /// The function named.
        algorithm: HashAlgorithm,
        /// The number of bytes found.
        found: usize,
    },
    /// The number of hexadecimal digits is not twice the function's output length.
    HexLength {
        /// The function named.
        algorithm: HashAlgorithm,
        /// The number of bytes of text found.
        found: usize,
    },
    /// A byte of the text is not a lower-case hexadecimal digit.
    HexDigit {
        /// The byte's offset in the text.
        at: usize,
        /// The byte.
        found: u8,
    },
}

impl fmt::Display for DigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { algorithm, found } => {
                write!(f, "a {algorithm} digest has {} bytes, found {found}", algorithm.digest_len())
            }
            Self::HexLength { algorithm, found } => {
                let digits = algorithm.digest_len().saturating_mul(2);
                write!(f, "a {algorithm} digest has {digits} hexadecimal digits, found {found} bytes of text")
            }
            Self::HexDigit { at, found } => {
                write!(f, "expected a lower-case hexadecimal digit at byte {at}, found 0x{found:02x}")
            }
        }
    }
}

impl core::error::Error for DigestError {}

/// Hashes a message that arrives in pieces.
#[derive(Clone, Debug)]
pub struct Hasher(State);

#[derive(Clone, Debug)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    /// Starts an empty message.
    #[must_use]
    pub fn new(algorithm: HashAlgorithm) -> Self {
        Self(match algorithm {
            HashAlgorithm::Sha256 => State::Sha256(Sha256::new()),
            HashAlgorithm::Sha384 => State::Sha384(Sha384::new()),
            HashAlgorithm::Sha512 => State::Sha512(Sha512::new()),
        })
    }

    /// Appends bytes to the message.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sha384(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// Ends the message.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => Digest::Sha256(state.finalize().into()),
            State::Sha384(state) => Digest::Sha384(state.finalize().into()),
            State::Sha512(state) => Digest::Sha512(state.finalize().into()),
        }
    }
}

/// The SHA-256 digest of a message.
#[must_use]
pub fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// The digest of a message under a chosen function.
#[must_use]
pub fn digest(algorithm: HashAlgorithm, message: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(message);
    hasher.finish()
}

/// Bytes, and those of their digests that were asked for: an artifact may be large, and several ask.
#[derive(Clone, Debug)]
pub struct HashedBytes<'a> {
    bytes: &'a [u8],
    digests: [OnceCell<Digest>; 3],
}

impl<'a> HashedBytes<'a> {
    /// Takes bytes; they are hashed when somebody asks.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, digests: Default::default() }
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The digest of these bytes.
    #[must_use]
    pub fn digest(&self, algorithm: HashAlgorithm) -> Digest {
        let [sha256, sha384, sha512] = &self.digests;
        let cell = match algorithm {
            HashAlgorithm::Sha256 => sha256,
            HashAlgorithm::Sha384 => sha384,
            HashAlgorithm::Sha512 => sha512,
        };
        *cell.get_or_init(|| digest(algorithm, self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const ALGORITHMS: [HashAlgorithm; 3] = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

    /// FIPS 180-4 examples for the message `abc`.
    const ABC: [&str; 3] = [
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ];

    #[test]
    fn fips_180_examples() {
        for (algorithm, hex) in ALGORITHMS.into_iter().zip(ABC) {
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"a");
            hasher.update(b"");
            hasher.update(b"bc");
            let found = hasher.finish();
            assert_eq!(found.to_hex(), hex);
            assert_eq!(found, digest(algorithm, b"abc"));
            assert_eq!(Digest::from_hex(algorithm, hex), Ok(found));
            assert_eq!(Digest::new(algorithm, found.as_bytes()), Ok(found));
            assert_eq!(found.to_string(), alloc::format!("{}:{hex}", algorithm.name()));
        }
        assert_eq!(digest(HashAlgorithm::Sha256, b"abc"), Digest::Sha256(sha256(b"abc")));
    }

    #[test]
    fn names_round_trip() {
        for (number, algorithm) in (1..).zip(ALGORITHMS) {
            assert_eq!(HashAlgorithm::from_name(algorithm.name()), Some(algorithm));
            assert_eq!(HashAlgorithm::from_protobuf_name(algorithm.protobuf_name()), Some(algorithm));
            assert_eq!(HashAlgorithm::from_protobuf_number(number), Some(algorithm));
            assert_eq!(digest(algorithm, b"").as_bytes().len(), algorithm.digest_len());
        }
        assert_eq!(HashAlgorithm::from_name("SHA256"), None);
        assert_eq!(HashAlgorithm::from_name("sha-256"), None);
        assert_eq!(HashAlgorithm::from_protobuf_name("SHA3_256"), None);
        assert_eq!(HashAlgorithm::from_protobuf_number(0), None);
        assert_eq!(HashAlgorithm::from_protobuf_number(4), None);
    }

    #[test]
    fn a_wrong_length_is_refused() {
        let algorithm = HashAlgorithm::Sha384;
        for length in [0, 32, 47, 49, 64] {
            let error = Digest::new(algorithm, &[0; 64][..length]).unwrap_err();
            assert_eq!(error, DigestError::Length { algorithm, found: length });
        }
        let error = DigestError::Length { algorithm, found: 32 };
        assert_eq!(error.to_string(), "a sha384 digest has 48 bytes, found 32");
    }

    #[test]
    fn hex_is_strict() {
        let algorithm = HashAlgorithm::Sha256;
        for found in [0, 62, 63, 65, 66, 128] {
            let error = Digest::from_hex(algorithm, &"0".repeat(found)).unwrap_err();
            assert_eq!(error, DigestError::HexLength { algorithm, found });
        }
        let mut text = ABC[0].to_string();
        text.replace_range(0..2, "bA");
        let error = Digest::from_hex(algorithm, &text).unwrap_err();
        assert_eq!(error, DigestError::HexDigit { at: 1, found: b'A' });
        assert_eq!(error.to_string(), "expected a lower-case hexadecimal digit at byte 1, found 0x41");
        text.replace_range(0..2, "é");
        let error = Digest::from_hex(algorithm, &text).unwrap_err();
        assert_eq!(error, DigestError::HexDigit { at: 0, found: 0xc3 });
    }

    #[test]
    fn equality_includes_the_function() {
        assert_ne!(Digest::new(HashAlgorithm::Sha256, &[0; 32]), Digest::new(HashAlgorithm::Sha384, &[0; 48]));
    }
}
