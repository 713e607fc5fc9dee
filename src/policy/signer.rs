//! Requirement `signer`: the verified identity, or the key, is one that the caller trusts.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::pattern::Patterns;
use crate::check::certificate_path::VerifiedPath;
use crate::check::signing_time::SigningTimes;
use crate::check::{Coded, codes};
use crate::crypto::PublicKey;
use crate::encoding::quoted::Quoted;
use crate::format::fulcio::Claim;
use crate::time::{UnixTime, Window};

/// Whom the caller trusts. There is no default.
#[derive(Clone, Debug)]
pub enum SignerPolicy {
    /// Any of these; never empty when read from options.
    AnyOf(Vec<SignerRule>),
    /// Whoever a trusted CA certified. Proves that somebody signed, not who should have.
    DangerouslyAny,
}

/// One alternative.
#[derive(Clone, Debug)]
pub enum SignerRule {
    /// An identity that a trusted CA certified.
    Identity(IdentityRule),
    /// A key that the caller knows.
    PublicKey(KeyRule),
    /// Whoever a trusted CA certified, where other alternatives are keys.
    DangerouslyAny,
}

/// An identity: issuer and subject alternative name, and what else must be certified.
#[derive(Clone, Debug)]
pub struct IdentityRule {
    /// The OIDC issuer; `None` where the certificate must name none, as GitHub's for releases do.
    pub issuer: Option<Patterns>,
    /// The subject alternative name; `None` only where claims say who it is.
    pub identity: Option<Patterns>,
    /// Claims and what they must be.
    pub claims: Vec<(Claim, Patterns)>,
}

/// A managed key.
#[derive(Clone, Debug)]
pub struct KeyRule {
    /// The key.
    pub key: PublicKey,
    /// When it was trusted, if not always: then the signature needs an attested time inside.
    pub window: Option<KeyWindow>,
}

/// When a key is trusted; either end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyWindow {
    /// The first instant inside.
    pub start: Option<UnixTime>,
    /// The last instant inside.
    pub end: Option<UnixTime>,
}

/// Which alternative was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchedSigner {
    /// The rule at this place.
    Rule(usize),
    /// The key at this place.
    PublicKey(usize),
    /// The caller trusts anyone.
    DangerouslyAny,
}

/// Why no alternative is met.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignerError {
    /// The bundle has a certificate, and only keys are trusted.
    KeyExpected,
    /// The bundle has no certificate, and only identities are trusted.
    CertificateExpected,
    /// The certificate names no issuer.
    IssuerMissing,
    /// The certificate names an issuer, and the rule asks for one that names none.
    IssuerPresent {
        /// The issuer.
        found: String,
    },
    /// Another issuer.
    IssuerDiffers {
        /// What the rule asks for.
        expected: String,
        /// What is certified.
        found: String,
    },
    /// Another identity.
    IdentityDiffers {
        /// What the rule asks for.
        expected: String,
        /// What is certified.
        found: String,
    },
    /// A claim that the rule asks for is not certified.
    ClaimMissing {
        /// The claim.
        claim: Claim,
    },
    /// A claim has another value.
    ClaimDiffers {
        /// The claim.
        claim: Claim,
        /// What the rule asks for.
        expected: String,
        /// What is certified.
        found: String,
    },
    /// The key has a window, and no time is attested.
    KeyWithoutTime,
    /// The key was not trusted at an attested time.
    KeyOutsideWindow {
        /// The attested time.
        time: UnixTime,
    },
}

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyExpected => {
                f.write_str("expected a bundle signed with a known public key, found one with a certificate")
            }
            Self::CertificateExpected => {
                f.write_str("expected a bundle with a certificate, found one signed with a public key")
            }
            Self::IssuerMissing => f.write_str("expected an issuer in the certificate, found none"),
            Self::IssuerPresent { found } => {
                write!(f, "expected a certificate that names no issuer, found {}", Quoted(found))
            }
            Self::IssuerDiffers { expected, found } => {
                write!(f, "expected the issuer {expected}, found {}", Quoted(found))
            }
            Self::IdentityDiffers { expected, found } => {
                write!(f, "expected the identity {expected}, found {}", Quoted(found))
            }
            Self::ClaimMissing { claim } => {
                write!(f, "expected the claim {} in the certificate, found none", claim.name())
            }
            Self::ClaimDiffers { claim, expected, found } => {
                write!(f, "expected {expected} as claim {}, found {}", claim.name(), Quoted(found))
            }
            Self::KeyWithoutTime => {
                f.write_str("expected an attested time, for the key is trusted for a time only, found none")
            }
            Self::KeyOutsideWindow { time } => {
                write!(f, "expected a signing time while the key was trusted, found {time}")
            }
        }
    }
}

impl Coded for SignerError {
    codes!(SignerError {
        E::KeyExpected => "signer-key-expected",
        E::CertificateExpected => "signer-certificate-expected",
        E::IssuerMissing => "signer-issuer-missing",
        E::IssuerPresent { .. } => "signer-issuer-present",
        E::IssuerDiffers { .. } => "signer-issuer-differs",
        E::IdentityDiffers { .. } => "signer-identity-differs",
        E::ClaimMissing { .. } => "signer-claim-missing",
        E::ClaimDiffers { .. } => "signer-claim-differs",
        E::KeyWithoutTime => "signer-key-without-time",
        E::KeyOutsideWindow { .. } => "signer-key-outside-window",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::KeyExpected => Some("pass issuer and identity of the signer instead of a key".into()),
            Self::CertificateExpected => Some("pass the signer's public key instead of an identity".into()),
            _ => None,
        }
    }
}

impl SignerPolicy {
    /// The keys among the alternatives, with their places.
    pub fn keys(&self) -> impl Iterator<Item = (usize, &KeyRule)> {
        let rules = match self {
            Self::AnyOf(rules) => rules.as_slice(),
            Self::DangerouslyAny => &[],
        };
        rules.iter().enumerate().filter_map(|(index, rule)| match rule {
            SignerRule::PublicKey(key) => Some((index, key)),
            SignerRule::Identity(_) | SignerRule::DangerouslyAny => None,
        })
    }

    /// Whether any certified identity could satisfy this.
    #[must_use]
    pub fn has_identities(&self) -> bool {
        match self {
            Self::AnyOf(rules) => rules.iter().any(|rule| !matches!(rule, SignerRule::PublicKey(_))),
            Self::DangerouslyAny => true,
        }
    }

    /// Whether a trusted CA certified one of the trusted identities.
    ///
    /// # Errors
    /// What the rule that came nearest lacks.
    #[inline(never)]
    pub fn evaluate_identity(&self, path: &VerifiedPath) -> Result<MatchedSigner, Vec<SignerError>> {
        let Self::AnyOf(rules) = self else { return Ok(MatchedSigner::DangerouslyAny) };
        if rules.iter().any(|rule| matches!(rule, SignerRule::DangerouslyAny)) {
            return Ok(MatchedSigner::DangerouslyAny);
        }
        let mut closest: Option<Vec<SignerError>> = None;
        for (index, rule) in rules.iter().enumerate() {
            let SignerRule::Identity(rule) = rule else { continue };
            let errors = rule.differences(path);
            if errors.is_empty() {
                return Ok(MatchedSigner::Rule(index));
            }
            if closest.as_ref().is_none_or(|best| errors.len() < best.len()) {
                closest = Some(errors);
            }
        }
        Err(closest.unwrap_or_else(|| alloc::vec![SignerError::KeyExpected]))
    }

    /// Whether `key`, which made the signature, is trusted at every attested time. A key may be trusted in several windows,
    /// each a rule of its own; any one of them is enough.
    ///
    /// # Errors
    /// What the first rule of that key lacks.
    #[inline(never)]
    pub fn evaluate_key(
        &self,
        key: &PublicKey,
        times: Option<&SigningTimes>,
    ) -> Result<MatchedSigner, Vec<SignerError>> {
        let mut first = None;
        for (index, rule) in self.keys().filter(|(_, rule)| rule.key == *key) {
            match rule.evaluate(index, times) {
                Ok(matched) => return Ok(matched),
                Err(errors) => first = first.or(Some(errors)),
            }
        }
        Err(first.unwrap_or_else(|| alloc::vec![SignerError::CertificateExpected]))
    }
}

impl IdentityRule {
    /// Everything in which a certified identity differs from this rule. A claim that is absent never satisfies it, not even
    /// where the rule asks for an empty value.
    pub(super) fn differences(&self, path: &VerifiedPath) -> Vec<SignerError> {
        let mut errors = Vec::new();
        match (&self.issuer, path.claims().issuer()) {
            (None, None) => {}
            (None, Some(found)) => errors.push(SignerError::IssuerPresent { found: found.into() }),
            (Some(_), None) => errors.push(SignerError::IssuerMissing),
            (Some(expected), Some(found)) if expected.matches(found) => {}
            (Some(expected), Some(found)) => {
                errors.push(SignerError::IssuerDiffers { expected: expected.to_string(), found: found.into() })
            }
        }
        let found = &path.identity().value;
        if let Some(identity) = self.identity.as_ref().filter(|identity| !identity.matches(found)) {
            errors.push(SignerError::IdentityDiffers { expected: identity.to_string(), found: found.clone() });
        }
        for (claim, expected) in &self.claims {
            match path.claims().get(*claim) {
                None => errors.push(SignerError::ClaimMissing { claim: *claim }),
                Some(found) if expected.matches(found) => {}
                Some(found) => errors.push(SignerError::ClaimDiffers {
                    claim: *claim,
                    expected: expected.to_string(),
                    found: found.into(),
                }),
            }
        }
        errors
    }
}

impl KeyRule {
    /// Whether the key was trusted at every attested time (GHSA-wqqc-jjcq-vfxm: a key's window must be compared).
    ///
    /// # Errors
    /// [`SignerError::KeyWithoutTime`] and [`SignerError::KeyOutsideWindow`].
    #[inline(never)]
    pub fn evaluate(&self, index: usize, times: Option<&SigningTimes>) -> Result<MatchedSigner, Vec<SignerError>> {
        let Some(KeyWindow { start, end }) = self.window else { return Ok(MatchedSigner::PublicKey(index)) };
        let times = times.map_or(&[][..], SigningTimes::times);
        if times.is_empty() {
            return Err(alloc::vec![SignerError::KeyWithoutTime]);
        }
        let window = Window { start: start.unwrap_or(UnixTime::from_millis(i64::MIN)), end };
        let outside: Vec<_> = times
            .iter()
            .filter(|signing| !window.contains(signing.time))
            .map(|signing| SignerError::KeyOutsideWindow { time: signing.time })
            .collect();
        if outside.is_empty() { Ok(MatchedSigner::PublicKey(index)) } else { Err(outside) }
    }
}
