//! Claim `timestamp`: a trusted timestamp authority stamped this signature (RFC 3161).

use alloc::string::{String, ToString};
use core::fmt;

use super::certificate_path::chain::{Chain, ChainError};
use super::{Coded, codes};
use crate::crypto::{HashAlgorithm, KeyError, Message, VerifySignature, digest};
use crate::encoding::quoted::Quoted;
use crate::format::certificate::{Certificate, CertificateError, oid};
use crate::format::timestamp_token::{SigningCertificate, TimestampFormatError, TimestampToken};
use crate::format::trusted_root::{CertificateAuthority, TrustedRoot};
use crate::time::{UnixTime, Window};

/// Proof that an authority of the root saw the signature at this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedTimestamp {
    time: UnixTime,
    authority: usize,
    uri: String,
    operator: Option<String>,
}

impl VerifiedTimestamp {
    /// When the authority saw the signature.
    #[must_use]
    pub fn time(&self) -> UnixTime {
        self.time
    }

    /// The authority's place in the trusted root.
    #[must_use]
    pub fn authority(&self) -> usize {
        self.authority
    }

    /// The authority, as the trusted root names it.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Who runs the authority, where the root says so.
    #[must_use]
    pub fn operator(&self) -> Option<&str> {
        self.operator.as_deref()
    }
}

/// What became of a timestamp that does not condemn its bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// An authority of the root made it.
    Verified(VerifiedTimestamp),
    /// An authority that the root does not know made it, or nobody: it proves nothing.
    UnknownAuthority {
        /// The time it claims.
        claimed: UnixTime,
    },
}

/// Why a timestamp does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// The bytes are not a granted timestamp.
    Malformed(TimestampFormatError),
    /// The message imprint is made with a hash that is not accepted, such as SHA-1.
    ImprintAlgorithm,
    /// The timestamp is over another signature.
    ImprintDiffers,
    /// The signed digest is not the TSTInfo's.
    ContentDigest,
    /// The signature algorithm is not accepted.
    SignatureAlgorithm,
    /// The signature is not the authority's.
    SignatureInvalid,
    /// The certificate that came along, or the one whose hash was signed, is not the authority's.
    SignerCertificate,
    /// A certificate that came along has a key of a kind that this build lacks, so nobody can tell whether it is the authority's.
    SignerKey(KeyError),
    /// The authority's certificate is not for timestamping alone, critically so.
    Purpose,
    /// The authority's certificate is a CA's, has another key usage, or an unknown critical extension.
    CertificateProfile,
    /// The authority's certificate does not lead to its anchor, or did not at that time.
    Chain(ChainError),
    /// The authority was not trusted at that time.
    OutsideAuthorityWindow {
        /// The authority.
        authority: String,
        /// The time stamped.
        time: UnixTime,
        /// When it was trusted.
        window: Window,
    },
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::ImprintAlgorithm => f.write_str("expected a SHA-2 digest in the timestamp, found another hash"),
            Self::ImprintDiffers => {
                f.write_str("expected a timestamp over the bundle's signature, found one over something else")
            }
            Self::ContentDigest => {
                f.write_str("expected the digest of the timestamp's content among its signed attributes, found another")
            }
            Self::SignatureAlgorithm => f.write_str("expected a known signature algorithm, found another"),
            Self::SignatureInvalid => f.write_str("expected the timestamp authority's signature, found an invalid one"),
            Self::SignerCertificate => f.write_str("expected the timestamp authority's own certificate, found another"),
            Self::SignerKey(error) => error.fmt(f),
            Self::Purpose => {
                f.write_str("expected a certificate for timestamping alone, marked critical, found another")
            }
            Self::CertificateProfile => {
                f.write_str("expected an authority's end-entity certificate for signatures, found another")
            }
            Self::Chain(error) => error.fmt(f),
            Self::OutsideAuthorityWindow { authority, time, window } => write!(
                f,
                "expected a time while the timestamp authority {} was trusted, {window}, found {time}",
                Quoted(authority)
            ),
        }
    }
}

impl Coded for TimestampError {
    codes!(TimestampError {
        E::Malformed(TimestampFormatError::Status { .. }) => "timestamp-not-granted",
        E::Malformed(TimestampFormatError::SignerCount { .. }) => "timestamp-signer-count",
        E::Malformed(TimestampFormatError::Attribute { .. }) => "timestamp-signed-attributes",
        E::Malformed(TimestampFormatError::ContentType { .. }) => "timestamp-content-type",
        #[cfg(not(feature = "timestamps"))]
        E::Malformed(TimestampFormatError::NotInBuild) => "timestamp-not-in-build",
        E::Malformed(_) => "timestamp-malformed",
        E::ImprintAlgorithm => "timestamp-imprint-algorithm",
        E::ImprintDiffers => "timestamp-imprint-differs",
        E::ContentDigest => "timestamp-content-digest",
        E::SignatureAlgorithm => "timestamp-signature-algorithm",
        E::SignatureInvalid => "timestamp-signature-invalid",
        E::SignerCertificate | E::SignerKey(_) => "timestamp-signer-certificate",
        E::Purpose => "timestamp-certificate-purpose",
        E::CertificateProfile => "timestamp-certificate-profile",
        E::Chain(ChainError::NotValidAt { .. }) => "timestamp-certificate-not-valid",
        E::Chain(_) => "timestamp-certificate-path",
        E::OutsideAuthorityWindow { .. } => "timestamp-outside-authority-window",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::OutsideAuthorityWindow { time, window: Window { end: Some(end), .. }, .. } if time > end => Some(
                alloc::format!("your trusted root ends {end}, this timestamp is from {time}: update the trusted root"),
            ),
            Self::Malformed(TimestampFormatError::BareToken) => {
                Some("store the whole TimeStampResp in the bundle, not the token inside it".into())
            }
            _ => None,
        }
    }
}

/// Verifies a timestamp over `signature`: the token's own structure, then, for each authority of the root whose certificate it
/// names, imprint, signature, certificate and window, each authority with its own certificates and window only (RFC 3161
/// §2.3, RFC 5652 §5.4 and §5.6, RFC 5816). An authority that the root does not know is no failure: genuine bundles carry
/// timestamps of second authorities.
///
/// # Errors
/// [`TimestampError`], of the authority that came nearest.
#[inline(never)]
pub fn verify(
    response: &[u8],
    signature: &[u8],
    root: &TrustedRoot,
    door: &dyn VerifySignature,
) -> Result<Stamp, TimestampError> {
    let token = TimestampToken::from_response(response).map_err(TimestampError::Malformed)?;
    verify_keys_are_in_build(&token)?;
    let mut refusal = None;
    for (index, authority) in root.timestamp_authorities.iter().enumerate() {
        let Some((leaf, issuers)) = signer_certificate(&token, authority, door) else { continue };
        match verify_by(&token, signature, &leaf, issuers, authority, door) {
            Ok(()) => {
                return Ok(Stamp::Verified(VerifiedTimestamp {
                    time: token.time,
                    authority: index,
                    uri: authority.uri.clone(),
                    operator: authority.operator.clone(),
                }));
            }
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    refusal.map_or(Ok(Stamp::UnknownAuthority { claimed: token.time }), Err)
}

/// Where a kind of key is left out of the build, a certificate of such a key cannot be read, and its timestamp would pass for one of an unknown
/// authority, whatever is wrong with it.
fn verify_keys_are_in_build(token: &TimestampToken) -> Result<(), TimestampError> {
    if cfg!(all(feature = "p521", feature = "rsa")) {
        return Ok(());
    }
    token.certificates.iter().try_for_each(|der| match Certificate::from_der(der) {
        Err(CertificateError::Key(error @ KeyError::NotInBuild { .. })) => Err(TimestampError::SignerKey(error)),
        _ => Ok(()),
    })
}

/// The certificate that the token names as its signer, and the authority's certificates above it. An authority that lists its
/// leaf has that one alone; one that lists only CAs has those whose leaf came with the token and was issued by them.
fn signer_certificate<'r>(
    token: &TimestampToken,
    authority: &'r CertificateAuthority,
    door: &dyn VerifySignature,
) -> Option<(Certificate, &'r [Certificate])> {
    let (first, rest) = authority.certificates.split_first()?;
    if !first.is_ca() {
        return token.signer.names(first).then(|| (first.clone(), rest));
    }
    token
        .certificates
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .find(|leaf| {
            token.signer.names(leaf) && Chain::build(leaf, &authority.certificates, &oid::TIME_STAMPING, door).is_ok()
        })
        .map(|leaf| (leaf, authority.certificates.as_slice()))
}

fn verify_by(
    token: &TimestampToken,
    signature: &[u8],
    leaf: &Certificate,
    issuers: &[Certificate],
    authority: &CertificateAuthority,
    door: &dyn VerifySignature,
) -> Result<(), TimestampError> {
    let imprint = token.imprint_algorithm.ok_or(TimestampError::ImprintAlgorithm)?;
    if digest(imprint, signature).as_bytes() != token.imprint {
        return Err(TimestampError::ImprintDiffers);
    }
    let content = token.digest_algorithm.ok_or(TimestampError::SignatureAlgorithm)?;
    if digest(content, &token.tst_info).as_bytes() != token.message_digest {
        return Err(TimestampError::ContentDigest);
    }
    let scheme = token.scheme.ok_or(TimestampError::SignatureAlgorithm)?;
    door.verify(leaf.public_key(), scheme, Message::Bytes(&token.signed_attributes), &token.signature)
        .map_err(|_| TimestampError::SignatureInvalid)?;
    verify_certificate_is_signed_along(token, leaf)?;
    verify_profile(leaf)?;
    let chain = if issuers.is_empty() {
        // The root lists nothing but the leaf: it is the anchor itself.
        Chain { issuers: alloc::vec::Vec::new() }
    } else {
        Chain::build(leaf, issuers, &oid::TIME_STAMPING, door).map_err(TimestampError::Chain)?
    };
    chain.verify_at(leaf, token.time).map_err(TimestampError::Chain)?;
    if !authority.window.contains(token.time) {
        let (authority, window) = (authority.uri.to_string(), authority.window);
        return Err(TimestampError::OutsideAuthorityWindow { authority, time: token.time, window });
    }
    Ok(())
}

/// The certificate hash among the signed attributes, and any certificate that came along under the signer's name, must be the
/// authority's (RFC 5816 §2.2.1).
fn verify_certificate_is_signed_along(token: &TimestampToken, leaf: &Certificate) -> Result<(), TimestampError> {
    if let SigningCertificate::V2 { algorithm, digest: signed } = &token.signing_certificate {
        let algorithm: HashAlgorithm = (*algorithm).ok_or(TimestampError::SignerCertificate)?;
        if digest(algorithm, leaf.der()).as_bytes() != signed.as_slice() {
            return Err(TimestampError::SignerCertificate);
        }
    }
    if token.certificates.iter().any(|der| der.as_slice() != leaf.der() && token.signer.may_name(der)) {
        return Err(TimestampError::SignerCertificate);
    }
    Ok(())
}

/// RFC 3161 §2.3: one extended key usage, timeStamping, critical. Judged on the certificate that verified the signature, never
/// on one found in the token's bag (CVE-2026-39984).
fn verify_profile(leaf: &Certificate) -> Result<(), TimestampError> {
    match leaf.extended_key_usage() {
        Some((true, [purpose])) if *purpose == oid::TIME_STAMPING => {}
        _ => return Err(TimestampError::Purpose),
    }
    let signs = leaf.key_usage().is_none_or(|usage| usage.digital_signature() || usage.non_repudiation());
    if leaf.is_ca() || !signs || !leaf.unknown_critical_extensions().is_empty() {
        return Err(TimestampError::CertificateProfile);
    }
    Ok(())
}
