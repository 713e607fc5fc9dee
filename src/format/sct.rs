//! Signed certificate timestamps as embedded in a certificate (RFC 6962 §3.2, §3.3).

use alloc::vec::Vec;
use core::fmt;

use der::Tag;

use crate::encoding::der::Element;
use crate::limits::MAX_SCTS;
use crate::time::UnixTime;

/// One signed certificate timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCertificateTimestamp {
    /// The log's id: SHA-256 of its SPKI.
    pub log_id: [u8; 32],
    /// Milliseconds since 1970, as signed.
    pub timestamp: u64,
    /// Extensions, opaque and signed; static CT logs write their leaf index here.
    pub extensions: Vec<u8>,
    /// TLS hash algorithm: 4 is SHA-256, 5 SHA-384, 6 SHA-512 (RFC 5246 §7.4.1.4.1).
    pub hash: u8,
    /// TLS signature algorithm: 1 is RSA, 3 ECDSA.
    pub signature_algorithm: u8,
    /// The log's signature.
    pub signature: Vec<u8>,
}

/// Why an SCT list cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SctFormatError {
    /// The extension is not an OCTET STRING holding a TLS list of SCTs, each used up exactly.
    Malformed,
    /// The list is empty.
    Empty,
    /// An SCT of another version than 1.
    Version {
        /// The version byte.
        found: u8,
    },
    /// More than [`MAX_SCTS`].
    TooMany {
        /// How many.
        found: usize,
    },
}

impl fmt::Display for SctFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("expected a list of signed certificate timestamps, found other bytes"),
            Self::Empty => f.write_str("expected a signed certificate timestamp, found an empty list"),
            Self::Version { found } => {
                write!(f, "expected a signed certificate timestamp of version 1, found version byte {found}")
            }
            Self::TooMany { found } => {
                write!(f, "expected at most {MAX_SCTS} signed certificate timestamps, found {found}")
            }
        }
    }
}

impl SignedCertificateTimestamp {
    /// The instant that the log attested.
    #[must_use]
    pub fn time(&self) -> UnixTime {
        UnixTime::from_millis(i64::try_from(self.timestamp).unwrap_or(i64::MAX))
    }

    /// Reads the value of the SCT list extension.
    ///
    /// # Errors
    /// [`SctFormatError`].
    pub fn list(extension: &[u8]) -> Result<Vec<Self>, SctFormatError> {
        let list = Element::only(extension, "a list").and_then(|list| list.expect(Tag::OctetString, "a list"));
        let list = list.map_err(|_| SctFormatError::Malformed)?;
        let (mut rest, after) = vector16(list).ok_or(SctFormatError::Malformed)?;
        if !after.is_empty() {
            return Err(SctFormatError::Malformed);
        }
        let mut scts = Vec::new();
        while !rest.is_empty() {
            let (body, after) = vector16(rest).ok_or(SctFormatError::Malformed)?;
            rest = after;
            scts.push(Self::read(body)?);
        }
        match scts.len() {
            0 => Err(SctFormatError::Empty),
            1..=MAX_SCTS => Ok(scts),
            found => Err(SctFormatError::TooMany { found }),
        }
    }

    fn read(body: &[u8]) -> Result<Self, SctFormatError> {
        let (version, body) = body.split_first().ok_or(SctFormatError::Malformed)?;
        if *version != 0 {
            return Err(SctFormatError::Version { found: *version });
        }
        Self::read_v1(body).ok_or(SctFormatError::Malformed)
    }

    fn read_v1(body: &[u8]) -> Option<Self> {
        let (log_id, body) = body.split_first_chunk::<32>()?;
        let (timestamp, body) = body.split_first_chunk::<8>()?;
        let (extensions, body) = vector16(body)?;
        let ([hash, signature_algorithm], body) = body.split_first_chunk::<2>()?;
        let (signature, body) = vector16(body)?;
        body.is_empty().then(|| Self {
            log_id: *log_id,
            timestamp: u64::from_be_bytes(*timestamp),
            extensions: extensions.into(),
            hash: *hash,
            signature_algorithm: *signature_algorithm,
            signature: signature.into(),
        })
    }

    /// What the log signed for an embedded SCT: the precertificate entry (RFC 6962 §3.2), from the issuer's key hash and the
    /// leaf's TBSCertificate without the SCT list. `None` when the parts are longer than their length fields hold.
    #[must_use]
    pub fn precertificate_entry(&self, issuer_key_hash: &[u8; 32], tbs: &[u8]) -> Option<Vec<u8>> {
        const VERSION_1: u8 = 0;
        const CERTIFICATE_TIMESTAMP: u8 = 0;
        const PRECERT_ENTRY: [u8; 2] = [0, 1];
        let mut entry = alloc::vec![VERSION_1, CERTIFICATE_TIMESTAMP];
        entry.extend_from_slice(&self.timestamp.to_be_bytes());
        entry.extend_from_slice(&PRECERT_ENTRY);
        entry.extend_from_slice(issuer_key_hash);
        let [high, length @ ..] = u32::try_from(tbs.len()).ok()?.to_be_bytes();
        if high != 0 {
            return None;
        }
        entry.extend_from_slice(&length);
        entry.extend_from_slice(tbs);
        entry.extend_from_slice(&u16::try_from(self.extensions.len()).ok()?.to_be_bytes());
        entry.extend_from_slice(&self.extensions);
        Some(entry)
    }
}

/// A TLS vector with a length of two bytes, and what follows it.
fn vector16(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(list: &[u8]) -> Vec<u8> {
        let mut der = alloc::vec![4, u8::try_from(list.len()).unwrap()];
        der.extend_from_slice(list);
        der
    }

    #[test]
    fn every_byte_is_used() {
        let mut body = alloc::vec![0; 41];
        body.extend_from_slice(&[0, 0, 4, 3, 0, 1, 9]);
        let list = |body: &[u8]| {
            let mut list = alloc::vec![0, u8::try_from(body.len() + 2).unwrap(), 0, u8::try_from(body.len()).unwrap()];
            list.extend_from_slice(body);
            wrapped(&list)
        };
        assert_eq!(SignedCertificateTimestamp::list(&list(&body)).unwrap()[0].signature, [9]);
        body.push(0);
        assert_eq!(SignedCertificateTimestamp::list(&list(&body)), Err(SctFormatError::Malformed));
        body[0] = 1;
        assert_eq!(SignedCertificateTimestamp::list(&list(&body)), Err(SctFormatError::Version { found: 1 }));
        assert_eq!(SignedCertificateTimestamp::list(&wrapped(&[0, 0])), Err(SctFormatError::Empty));
        assert_eq!(SignedCertificateTimestamp::list(&wrapped(&[0, 0, 0])), Err(SctFormatError::Malformed));
    }
}
