//! Claim `certificate-path`: the leaf leads to a trusted CA, was valid at every signing time, and may sign code.

pub(in crate::check) mod chain;
mod name_constraints;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use self::chain::Chain;
pub use self::chain::ChainError;
use super::signing_time::SigningTimes;
use super::{Coded, codes};
use crate::crypto::{Message, VerifySignature, sha256};
use crate::encoding::quoted::Quoted;
use crate::format::certificate::{Certificate, CertificateError, oid};
use crate::format::fulcio::{Claims, ClaimsError, Identity};
use crate::format::trusted_root::{CertificateAuthority, TrustedRoot};
use crate::time::{UnixTime, Window};

/// Proof that a trusted CA certified this identity and these claims, at every attested time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedPath {
    identity: Identity,
    claims: Claims,
    authority: String,
    certificates: Vec<CertificateFacts>,
    issuer_key_sha256: [u8; 32],
}

/// What a report tells of a verified certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The subject's name; empty in Fulcio's leaves.
    pub subject: String,
    /// The issuer's name.
    pub issuer: String,
    /// The serial number, big-endian.
    pub serial: Vec<u8>,
    /// notBefore to notAfter.
    pub validity: Window,
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
}

impl VerifiedPath {
    /// Who signed.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What the CA certified besides.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The authority, as the trusted root names it.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The leaf first, the anchor last.
    #[must_use]
    pub fn certificates(&self) -> &[CertificateFacts] {
        &self.certificates
    }

    /// SHA-256 of the SPKI of the certificate that signed the leaf: part of what CT logs sign.
    #[must_use]
    pub fn issuer_key_sha256(&self) -> &[u8; 32] {
        &self.issuer_key_sha256
    }
}

/// Why a leaf certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificatePathError {
    /// The leaf cannot be read.
    Malformed(CertificateError),
    /// The leaf's identity or claims cannot be read, or contradict each other.
    Claims(ClaimsError),
    /// The leaf is a CA's certificate.
    LeafIsCa,
    /// The leaf's key usage lacks digitalSignature.
    KeyUsage,
    /// The leaf's extended key usage lacks codeSigning.
    Purpose,
    /// The leaf has a critical extension that is not understood.
    CriticalExtension {
        /// The extension.
        oid: String,
    },
    /// No authority of the root leads to the leaf, or none did at every attested time.
    Chain {
        /// What failed, on the way that came nearest.
        error: ChainError,
        /// When the newest authority of the root stops being trusted; `None` while one is open.
        newest_end: Option<UnixTime>,
        /// The latest attested time.
        latest: UnixTime,
    },
    /// The authority was not trusted at an attested time.
    OutsideAuthorityWindow {
        /// The authority.
        authority: String,
        /// The attested time.
        time: UnixTime,
        /// When it was trusted.
        window: Window,
    },
    /// A name constraint of an issuer forbids the identity.
    NameConstraint {
        /// The issuer.
        subject: String,
    },
    /// The root has no certificate authority at all.
    NoAuthority,
}

impl fmt::Display for CertificatePathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::Claims(error) => error.fmt(f),
            Self::LeafIsCa => f.write_str("expected a signer's certificate, found a certification authority's"),
            Self::KeyUsage => {
                f.write_str("expected a certificate whose key usage has digitalSignature, found one without")
            }
            Self::Purpose => f.write_str("expected a certificate for code signing, found one for other purposes"),
            Self::CriticalExtension { oid } => write!(f, "expected only known critical extensions, found {oid}"),
            Self::Chain { error, .. } => error.fmt(f),
            Self::OutsideAuthorityWindow { authority, time, window } => write!(
                f,
                "expected a signing time while the authority {} was trusted, {window}, found {time}",
                Quoted(authority)
            ),
            Self::NameConstraint { subject } => {
                write!(f, "expected an identity that {} may certify, found another", Quoted(subject))
            }
            Self::NoAuthority => f.write_str("expected a certificate authority in the trusted root, found none"),
        }
    }
}

impl Coded for CertificatePathError {
    codes!(CertificatePathError {
        E::Malformed(_) => "certificate-malformed",
        E::Claims(ClaimsError::Malformed { .. }) => "certificate-malformed-claim",
        E::Claims(ClaimsError::Disagree { .. }) => "certificate-claims-disagree",
        E::Claims(ClaimsError::NameCount { .. }) => "certificate-identity-count",
        E::Claims(ClaimsError::NameKind) => "certificate-identity-kind",
        E::LeafIsCa => "certificate-is-ca",
        E::KeyUsage => "certificate-key-usage",
        E::Purpose => "certificate-not-for-code-signing",
        E::CriticalExtension { .. } => "certificate-critical-extension",
        E::Chain { error: ChainError::UnknownIssuer { .. }, .. } => "certificate-unknown-issuer",
        E::Chain { error: ChainError::SignatureInvalid { .. }, .. } => "certificate-signature-invalid",
        E::Chain { error: ChainError::IssuerNotCa { .. }, .. } => "certificate-issuer-not-ca",
        E::Chain { error: ChainError::IssuerKeyUsage { .. }, .. } => "certificate-issuer-key-usage",
        E::Chain { error: ChainError::IssuerPurpose { .. }, .. } => "certificate-issuer-purpose",
        E::Chain { error: ChainError::PathLength { .. }, .. } => "certificate-path-length",
        E::Chain { error: ChainError::IssuerCriticalExtension { .. }, .. } => "certificate-issuer-critical-extension",
        E::Chain { error: ChainError::NotValidAt { .. }, .. } => "certificate-not-valid-at-signing",
        E::OutsideAuthorityWindow { .. } => "certificate-outside-authority-window",
        E::NameConstraint { .. } => "certificate-name-constraint",
        E::NoAuthority => "certificate-no-authority",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::OutsideAuthorityWindow { time, window: Window { end: Some(end), .. }, .. } if time > end => {
                Some(alloc::format!("your trusted root ends {end}, this bundle is from {time}: update the trusted root"))
            }
            Self::Chain {
                error: ChainError::UnknownIssuer { .. } | ChainError::SignatureInvalid { .. },
                newest_end: Some(end),
                latest,
            } if latest > end => {
                Some(alloc::format!("your trusted root ends {end}, this bundle is from {latest}: update the trusted root"))
            }
            Self::Chain { error: ChainError::UnknownIssuer { .. }, .. } | Self::NoAuthority => Some(
                "the bundle is of another Sigstore instance than the trusted root, or newer than it: pass the instance's current trusted root".into(),
            ),
            _ => None,
        }
    }
}

/// Reads the leaf certificate.
///
/// # Errors
/// [`CertificatePathError::Malformed`].
pub fn read_leaf(der: &[u8]) -> Result<Certificate, CertificatePathError> {
    Certificate::from_der(der).map_err(CertificatePathError::Malformed)
}

/// Announces the signature on the leaf, which takes longest to verify, to the door: by the issuer that is tried first.
pub fn announce(leaf: &Certificate, root: &TrustedRoot, door: &dyn VerifySignature) {
    let certificates = root.certificate_authorities.iter().flat_map(|authority| &authority.certificates);
    let issuers = certificates.filter(|certificate| certificate.subject_der() == leaf.issuer_der());
    if let Some(issuer) = issuers.min_by_key(|issuer| !leaf.names_key_of(issuer))
        && let (Some(scheme), Some(signature)) = (leaf.signature_scheme(), leaf.signature())
    {
        door.announce(issuer.public_key(), scheme, Message::Bytes(leaf.tbs_der()), signature);
    }
}

/// Verifies the way from the leaf to one authority of the root (RFC 5280 §6, client-spec §4.4), at every attested time at
/// once: the leaf, each issuer, the anchor, and the authority's own window. Certificates of the bundle besides the leaf are not
/// used, nor those of another authority.
///
/// # Errors
/// Everything that is wrong with the leaf itself, and what is wrong with the way that came nearest.
#[inline(never)]
pub fn verify(
    leaf: &Certificate,
    root: &TrustedRoot,
    times: &SigningTimes,
    door: &dyn VerifySignature,
) -> Result<VerifiedPath, Vec<CertificatePathError>> {
    let mut errors = leaf_errors(leaf);
    let mut readable = |result: Result<(), ClaimsError>| errors.extend(result.err().map(CertificatePathError::Claims));
    let claims = Claims::of(leaf);
    let identity = Identity::of(leaf);
    readable(claims.as_ref().map(|_| ()).map_err(Clone::clone));
    readable(identity.as_ref().map(|_| ()).map_err(Clone::clone));

    let mut found = None;
    let mut closest: Option<(u8, CertificatePathError)> = None;
    // Authorities that follow each other have intermediates of one name: first that of the key that the leaf names.
    let authorities = root.certificate_authorities.iter();
    let (named, others): (Vec<_>, Vec<_>) =
        authorities.partition(|authority| authority.certificates.iter().any(|issuer| leaf.names_key_of(issuer)));
    for authority in named.into_iter().chain(others) {
        match verify_by(leaf, authority, identity.as_ref().ok(), root, times, door) {
            Ok(chain) => {
                found = Some((authority, chain));
                break;
            }
            Err((rank, error)) => {
                if closest.as_ref().is_none_or(|(best, _)| rank > *best) {
                    closest = Some((rank, error));
                }
            }
        }
    }
    let (Some((authority, chain)), Ok(claims), Ok(identity), true) = (found, claims, identity, errors.is_empty())
    else {
        match closest {
            Some((_, error)) => errors.push(error),
            None if root.certificate_authorities.is_empty() => errors.push(CertificatePathError::NoAuthority),
            None => {}
        }
        return Err(errors);
    };
    let facts = |certificate: &Certificate| CertificateFacts {
        subject: certificate.subject(),
        issuer: certificate.issuer(),
        serial: certificate.serial().into(),
        validity: certificate.validity(),
        sha256: sha256(certificate.der()),
    };
    let issuer = chain.issuers.first().copied();
    Ok(VerifiedPath {
        identity,
        claims,
        authority: authority.uri.clone(),
        certificates: core::iter::once(leaf).chain(chain.issuers.iter().copied()).map(facts).collect(),
        issuer_key_sha256: issuer.map_or([0; 32], |issuer| issuer.public_key().spki_sha256()),
    })
}

/// What is wrong with the leaf, whoever issued it (fulcio `certificate-specification.md`).
fn leaf_errors(leaf: &Certificate) -> Vec<CertificatePathError> {
    let mut errors = Vec::new();
    if leaf.is_ca() {
        errors.push(CertificatePathError::LeafIsCa);
    }
    if !leaf.key_usage().is_some_and(|usage| usage.digital_signature()) {
        errors.push(CertificatePathError::KeyUsage);
    }
    // anyExtendedKeyUsage is not enough for a leaf: it must say what it is for.
    if !leaf.extended_key_usage().is_some_and(|(_, purposes)| purposes.contains(&oid::CODE_SIGNING)) {
        errors.push(CertificatePathError::Purpose);
    }
    for oid in leaf.unknown_critical_extensions() {
        errors.push(CertificatePathError::CriticalExtension { oid: oid.to_string() });
    }
    errors
}

fn verify_by<'r>(
    leaf: &Certificate,
    authority: &'r CertificateAuthority,
    identity: Option<&Identity>,
    root: &TrustedRoot,
    times: &SigningTimes,
    door: &dyn VerifySignature,
) -> Result<Chain<'r>, (u8, CertificatePathError)> {
    let failed = |error: ChainError| {
        let mut ends = root.certificate_authorities.iter().map(|authority| authority.window.end);
        let newest_end = ends.try_fold(UnixTime::from_millis(i64::MIN), |newest, end| Some(newest.max(end?)));
        let latest = times.times().iter().map(|signing| signing.time).max();
        let latest = latest.unwrap_or(UnixTime::from_millis(i64::MIN));
        (error.rank(), CertificatePathError::Chain { error, newest_end, latest })
    };
    let chain = Chain::build(leaf, &authority.certificates, &oid::CODE_SIGNING, door).map_err(failed)?;
    for issuer in &chain.issuers {
        if let Some(identity) = identity
            && !name_constraints::allows(issuer, leaf, identity)
        {
            return Err((4, CertificatePathError::NameConstraint { subject: issuer.subject() }));
        }
    }
    for signing in times.times() {
        chain.verify_at(leaf, signing.time).map_err(failed)?;
        if !authority.window.contains(signing.time) {
            let (authority, window) = (authority.uri.clone(), authority.window);
            let error = CertificatePathError::OutsideAuthorityWindow { authority, time: signing.time, window };
            return Err((5, error));
        }
    }
    Ok(chain)
}
