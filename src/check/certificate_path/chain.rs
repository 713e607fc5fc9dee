//! A way from a certificate to the anchor of one authority (RFC 5280 §6.1), for code signing and for timestamping alike.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use der::oid::ObjectIdentifier;

use crate::crypto::{Message, VerifySignature};
use crate::encoding::quoted::Quoted;
use crate::format::certificate::{Certificate, oid};
use crate::limits::MAX_CHAIN_CERTIFICATES;
use crate::time::{UnixTime, Window};

/// The certificates above a leaf, its issuer first and the authority's anchor last.
#[derive(Clone, Debug)]
pub(in crate::check) struct Chain<'r> {
    pub(in crate::check) issuers: Vec<&'r Certificate>,
}

/// Why there is no way, or not at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChainError {
    /// The authority has no certificate of the issuer's name.
    UnknownIssuer {
        /// The issuer's name.
        issuer: String,
    },
    /// A signature is not by the issuer's key, or of an algorithm that is not verified.
    SignatureInvalid {
        /// Whose certificate it is on.
        subject: String,
        /// The algorithm's object identifier.
        algorithm: String,
    },
    /// An issuer is no CA.
    IssuerNotCa {
        /// The issuer's name.
        subject: String,
    },
    /// An issuer must not sign certificates.
    IssuerKeyUsage {
        /// The issuer's name.
        subject: String,
    },
    /// An issuer must not issue for this purpose.
    IssuerPurpose {
        /// The issuer's name.
        subject: String,
    },
    /// More certificates below an issuer than it allows.
    PathLength {
        /// The issuer's name.
        subject: String,
        /// How many it allows.
        limit: u8,
    },
    /// An issuer has a critical extension that is not understood.
    IssuerCriticalExtension {
        /// The issuer's name.
        subject: String,
        /// The extension.
        oid: String,
    },
    /// A certificate was not valid at an attested time.
    NotValidAt {
        /// The certificate's subject; empty for a leaf that has none.
        subject: String,
        /// The attested time.
        time: UnixTime,
        /// When the certificate is valid.
        validity: Window,
    },
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownIssuer { issuer } => {
                write!(f, "expected an issuer that the trusted root knows, found {}", Quoted(issuer))
            }
            Self::SignatureInvalid { subject, algorithm } if subject.is_empty() => write!(
                f,
                "expected the issuer's signature on the signer's certificate, found an invalid one of algorithm {algorithm}"
            ),
            Self::SignatureInvalid { subject, algorithm } => write!(
                f,
                "expected the issuer's signature on the certificate of {}, found an invalid one of algorithm {algorithm}",
                Quoted(subject)
            ),
            Self::IssuerNotCa { subject } => {
                write!(f, "expected a certification authority as issuer, found {}, which is none", Quoted(subject))
            }
            Self::IssuerKeyUsage { subject } => {
                write!(f, "expected an issuer that may sign certificates, found {}, which may not", Quoted(subject))
            }
            Self::IssuerPurpose { subject } => write!(
                f,
                "expected an issuer that may issue for this purpose, found {}, which may not",
                Quoted(subject)
            ),
            Self::PathLength { subject, limit } => {
                write!(f, "expected at most {limit} intermediates below {}, found more", Quoted(subject))
            }
            Self::IssuerCriticalExtension { subject, oid } => write!(
                f,
                "expected only known critical extensions in the certificate of {}, found {oid}",
                Quoted(subject)
            ),
            Self::NotValidAt { subject, time, validity } if subject.is_empty() => {
                write!(f, "expected the signer's certificate to be valid at {time}, found it valid {validity}")
            }
            Self::NotValidAt { subject, time, validity } => write!(
                f,
                "expected the certificate of {} to be valid at {time}, found it valid {validity}",
                Quoted(subject)
            ),
        }
    }
}

impl ChainError {
    /// How far the search came, to tell the person the error of the way that nearly held.
    pub(in crate::check) fn rank(&self) -> u8 {
        match self {
            Self::UnknownIssuer { .. } => 0,
            Self::SignatureInvalid { .. } => 1,
            Self::IssuerNotCa { .. }
            | Self::IssuerKeyUsage { .. }
            | Self::IssuerPurpose { .. }
            | Self::PathLength { .. }
            | Self::IssuerCriticalExtension { .. } => 2,
            Self::NotValidAt { .. } => 3,
        }
    }
}

impl<'r> Chain<'r> {
    /// Finds the way from `leaf` to the last of `certificates`, using no other certificates. Names alone prove nothing (roots of
    /// one name and different keys are common), so every certificate of the issuer's name is tried.
    pub(in crate::check) fn build(
        leaf: &Certificate,
        certificates: &'r [Certificate],
        purpose: &ObjectIdentifier,
        door: &dyn VerifySignature,
    ) -> Result<Self, ChainError> {
        let mut chain = Self { issuers: Vec::new() };
        chain.extend(leaf, certificates, purpose, door)?;
        Ok(chain)
    }

    fn extend(
        &mut self,
        below: &Certificate,
        certificates: &'r [Certificate],
        purpose: &ObjectIdentifier,
        door: &dyn VerifySignature,
    ) -> Result<(), ChainError> {
        let mut closest = ChainError::UnknownIssuer { issuer: below.issuer() };
        if self.issuers.len() >= MAX_CHAIN_CERTIFICATES {
            return Err(closest);
        }
        let (named, others): (Vec<_>, Vec<_>) =
            certificates.iter().enumerate().partition(|(_, issuer)| below.names_key_of(issuer));
        for (index, issuer) in named.into_iter().chain(others) {
            if issuer.subject_der() != below.issuer_der() || self.issuers.contains(&issuer) {
                continue;
            }
            let step = verify_issued_by(below, issuer, door)
                .and_then(|()| self.verify_issuer(issuer, purpose))
                .and_then(|()| {
                    self.issuers.push(issuer);
                    let is_anchor = index.saturating_add(1) == certificates.len();
                    let rest = if is_anchor { Ok(()) } else { self.extend(issuer, certificates, purpose, door) };
                    if rest.is_err() {
                        self.issuers.pop();
                    }
                    rest
                });
            match step {
                Ok(()) => return Ok(()),
                Err(error) if error.rank() >= closest.rank() => closest = error,
                Err(_) => {}
            }
        }
        Err(closest)
    }

    /// What RFC 5280 §6.1.4 asks of an issuer: CA, path length, key usage, critical extensions; and that its purposes, where it
    /// has any, include the leaf's.
    fn verify_issuer(&self, issuer: &Certificate, purpose: &ObjectIdentifier) -> Result<(), ChainError> {
        let subject = || issuer.subject();
        if !issuer.is_ca() {
            return Err(ChainError::IssuerNotCa { subject: subject() });
        }
        if issuer.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
            return Err(ChainError::IssuerKeyUsage { subject: subject() });
        }
        if let Some((_, purposes)) = issuer.extended_key_usage()
            && !purposes.iter().any(|found| found == purpose || *found == oid::ANY_EXTENDED_KEY_USAGE)
        {
            return Err(ChainError::IssuerPurpose { subject: subject() });
        }
        if let Some(limit) = issuer.path_length() {
            let below = self.issuers.iter().filter(|certificate| !certificate.is_self_issued()).count();
            if below > usize::from(limit) {
                return Err(ChainError::PathLength { subject: subject(), limit });
            }
        }
        match issuer.unknown_critical_extensions().first() {
            Some(oid) => Err(ChainError::IssuerCriticalExtension { subject: subject(), oid: oid.to_string() }),
            None => Ok(()),
        }
    }

    /// Whether `leaf` and every certificate above it, the anchor included, were valid at `time` (CVE-2026-24122: looking at the
    /// leaf alone is not enough).
    pub(in crate::check) fn verify_at(&self, leaf: &Certificate, time: UnixTime) -> Result<(), ChainError> {
        for certificate in core::iter::once(leaf).chain(self.issuers.iter().copied()) {
            let validity = certificate.validity();
            if !validity.contains(time) {
                return Err(ChainError::NotValidAt { subject: certificate.subject(), time, validity });
            }
        }
        Ok(())
    }
}

fn verify_issued_by(
    certificate: &Certificate,
    issuer: &Certificate,
    door: &dyn VerifySignature,
) -> Result<(), ChainError> {
    let verified = match (certificate.signature_scheme(), certificate.signature()) {
        (Some(scheme), Some(signature)) => {
            door.verify(issuer.public_key(), scheme, Message::Bytes(certificate.tbs_der()), signature).is_ok()
        }
        _ => false,
    };
    if verified {
        return Ok(());
    }
    Err(ChainError::SignatureInvalid { subject: certificate.subject(), algorithm: certificate.signature_algorithm() })
}
