//! Claim `sct`: a trusted certificate transparency log saw the precertificate.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::certificate_path::VerifiedPath;
use super::{Coded, codes};
use crate::crypto::{HashAlgorithm, Message, Scheme, VerifySignature};
use crate::encoding::hex;
use crate::encoding::quoted::Quoted;
use crate::format::certificate::{Certificate, oid};
use crate::format::sct::{SctFormatError, SignedCertificateTimestamp};
use crate::format::trusted_root::{TransparencyLog, TrustedRoot};
use crate::time::{UnixTime, Window};

/// Proof that the leaf's precertificate was shown to these CT logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedScts {
    scts: Vec<VerifiedSct>,
    unknown_logs: Vec<[u8; 32]>,
}

/// One verified signed certificate timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSct {
    /// The log's host.
    pub log: String,
    /// The log's id.
    pub log_id: [u8; 32],
    /// Who runs the log, where the root says so.
    pub operator: Option<String>,
    /// When the log saw the precertificate.
    pub time: UnixTime,
}

impl VerifiedScts {
    /// The verified ones.
    #[must_use]
    pub fn scts(&self) -> &[VerifiedSct] {
        &self.scts
    }

    /// Ids of logs that the root does not know, whose SCTs were passed over.
    #[must_use]
    pub fn unknown_logs(&self) -> &[[u8; 32]] {
        &self.unknown_logs
    }
}

/// Why a signed certificate timestamp does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SctError {
    /// The list cannot be read.
    Malformed(SctFormatError),
    /// The precertificate cannot be rebuilt from the leaf.
    Precertificate,
    /// An algorithm that is not the log's.
    Algorithm {
        /// The log's host.
        log: String,
    },
    /// The signature is not the log's over this precertificate.
    SignatureInvalid {
        /// The log's host.
        log: String,
    },
    /// The log was not trusted at the SCT's time.
    OutsideLogWindow {
        /// The log's host.
        log: String,
        /// The SCT's time.
        time: UnixTime,
        /// When the log was trusted.
        window: Window,
    },
}

impl fmt::Display for SctError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::Precertificate => {
                f.write_str("expected a certificate whose precertificate can be rebuilt, found another")
            }
            Self::Algorithm { log } => {
                write!(f, "expected the signature algorithm of the CT log {}, found another", Quoted(log))
            }
            Self::SignatureInvalid { log } => write!(
                f,
                "expected a valid signature of the CT log {} over this certificate, found an invalid one",
                Quoted(log)
            ),
            Self::OutsideLogWindow { log, time, window } => {
                write!(f, "expected a timestamp while the CT log {} was trusted, {window}, found {time}", Quoted(log))
            }
        }
    }
}

impl Coded for SctError {
    codes!(SctError {
        E::Malformed(_) => "sct-malformed",
        E::Precertificate => "sct-precertificate",
        E::Algorithm { .. } => "sct-algorithm",
        E::SignatureInvalid { .. } => "sct-signature-invalid",
        E::OutsideLogWindow { .. } => "sct-outside-log-window",
    });
}

/// Verifies the SCTs embedded in the leaf (RFC 6962 §3.2): each is over the precertificate, rebuilt from the leaf, and over
/// the key of the CA that signed it. `None` when the leaf has no list. An SCT of a log that the root does not know is
/// passed over and reported; one of a known log must hold.
///
/// # Errors
/// Every SCT of a known log that does not hold.
#[inline(never)]
pub fn verify(
    leaf: &Certificate,
    path: &VerifiedPath,
    root: &TrustedRoot,
    door: &dyn VerifySignature,
) -> Result<Option<VerifiedScts>, Vec<SctError>> {
    let Some(extension) = leaf.extension(&oid::SCT_LIST) else { return Ok(None) };
    let list = SignedCertificateTimestamp::list(extension).map_err(|error| alloc::vec![SctError::Malformed(error)])?;
    let tbs = leaf.tbs_without(&oid::SCT_LIST).ok_or_else(|| alloc::vec![SctError::Precertificate])?;
    let (mut verified, mut errors) = (VerifiedScts { scts: Vec::new(), unknown_logs: Vec::new() }, Vec::new());
    for sct in &list {
        let mut outcome = None;
        for log in root.ct_logs.iter().filter(|log| log.log_id == sct.log_id) {
            // A log may have several windows; one that fits is enough.
            outcome = Some(verify_one(sct, log, path, &tbs, door));
            if matches!(outcome, Some(Ok(_))) {
                break;
            }
        }
        match outcome {
            Some(Ok(sct)) => verified.scts.push(sct),
            Some(Err(error)) => errors.push(error),
            None => verified.unknown_logs.push(sct.log_id),
        }
    }
    if errors.is_empty() { Ok(Some(verified)) } else { Err(errors) }
}

fn verify_one(
    sct: &SignedCertificateTimestamp,
    log: &TransparencyLog,
    path: &VerifiedPath,
    tbs: &[u8],
    door: &dyn VerifySignature,
) -> Result<VerifiedSct, SctError> {
    let name = || if log.host.is_empty() { hex::encode(&log.log_id) } else { log.host.clone() };
    if scheme(sct) != Some(log.scheme) {
        return Err(SctError::Algorithm { log: name() });
    }
    let entry = sct.precertificate_entry(path.issuer_key_sha256(), tbs).ok_or(SctError::Precertificate)?;
    door.verify(&log.key, log.scheme, Message::Bytes(&entry), &sct.signature)
        .map_err(|_| SctError::SignatureInvalid { log: name() })?;
    let time = sct.time();
    if !log.window.contains(time) {
        return Err(SctError::OutsideLogWindow { log: name(), time, window: log.window });
    }
    Ok(VerifiedSct { log: name(), log_id: sct.log_id, operator: log.operator.clone(), time })
}

/// The scheme that an SCT's two algorithm bytes name (RFC 5246 §7.4.1.4.1).
fn scheme(sct: &SignedCertificateTimestamp) -> Option<Scheme> {
    let hash = match sct.hash {
        4 => HashAlgorithm::Sha256,
        5 => HashAlgorithm::Sha384,
        6 => HashAlgorithm::Sha512,
        _ => return None,
    };
    match sct.signature_algorithm {
        1 => Some(Scheme::RsaPkcs1(hash)),
        3 => Some(Scheme::Ecdsa(hash)),
        _ => None,
    }
}
