//! A chain of certificates with a window of trust: a Fulcio instance or a timestamp authority.

use crate::certificate::{BasicConstraints, CODE_SIGNING, CertificateSpec, ExtendedKeyUsage, TIME_STAMPING, name};
use crate::keys::{KeyAlg, KeyPair};

/// `validFor` of a trusted root, in unix seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Left out of the JSON when `None`.
    pub start: Option<i64>,
    /// Left out of the JSON when `None`: still open.
    pub end: Option<i64>,
}

/// A certificate authority or a timestamp authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// `uri` in the trusted root.
    pub uri: String,
    /// `operator`, only written when present.
    pub operator: Option<String>,
    /// Anchor first, each issued by the one before. The last is what issues leaves (Fulcio) or signs tokens (TSA).
    pub chain: Vec<CertificateSpec>,
    /// The issuer of an anchor that is not self-signed.
    pub anchor_issuer: Option<Box<CertificateSpec>>,
    /// How many certificates from the end of the chain the trusted root leaves out (1 for a TSA: its own certificate).
    pub unlisted: usize,
    /// When it was trusted.
    pub valid_for: Window,
    /// Whether the trusted root names it.
    pub trusted: bool,
}

const YEAR: i64 = 365 * 86_400;

impl Authority {
    /// A Fulcio instance: a root and intermediates, all of one key kind, valid for years around `time`.
    pub fn fulcio(seed: &str, label: &str, alg: KeyAlg, intermediates: usize, time: i64) -> Self {
        let mut chain = Self::ca_chain(seed, label, alg, intermediates, time, CODE_SIGNING);
        if let (Some(last), true) = (chain.last_mut(), intermediates > 0) {
            last.basic_constraints = Some(BasicConstraints { ca: true, path_len: Some(0), critical: true });
        }
        Self::of(format!("https://{label}.box.test"), chain, time)
    }

    /// A timestamp authority: a root, intermediates and the certificate that signs tokens.
    pub fn tsa(seed: &str, label: &str, alg: KeyAlg, intermediates: usize, time: i64) -> Self {
        let mut chain = Self::ca_chain(seed, label, alg, intermediates, time, TIME_STAMPING);
        let mut leaf = CertificateSpec::end_entity(
            KeyPair::derive_nth(alg, seed, label, intermediates + 1),
            time - 2 * YEAR,
            time + 8 * YEAR,
        );
        leaf.subject = name("box.test", &format!("{label} leaf"));
        leaf.extended_key_usage = Some(ExtendedKeyUsage { purposes: vec![TIME_STAMPING.to_owned()], critical: true });
        chain.push(leaf);
        Self::of(format!("https://{label}.box.test/api/v1/timestamp"), chain, time)
    }

    fn of(uri: String, chain: Vec<CertificateSpec>, time: i64) -> Self {
        Self {
            uri,
            operator: None,
            chain,
            anchor_issuer: None,
            unlisted: 0,
            valid_for: Window { start: Some(time - YEAR), end: None },
            trusted: true,
        }
    }

    fn ca_chain(
        seed: &str,
        label: &str,
        alg: KeyAlg,
        intermediates: usize,
        time: i64,
        purpose: &str,
    ) -> Vec<CertificateSpec> {
        (0..=intermediates)
            .map(|i| {
                let title = if i == 0 { format!("{label} root") } else { format!("{label} intermediate {i}") };
                let key = KeyPair::derive_nth(alg, seed, label, i);
                let mut ca =
                    CertificateSpec::ca(key, name("box.test", &title), time - 3 * YEAR, time + 10 * YEAR - i as i64);
                if i > 0 {
                    ca.extended_key_usage =
                        Some(ExtendedKeyUsage { purposes: vec![purpose.to_owned()], critical: false });
                }
                ca
            })
            .collect()
    }

    /// The last of the chain: it issues leaves or signs tokens.
    ///
    /// # Panics
    /// On an empty chain.
    pub fn issuer(&self) -> &CertificateSpec {
        self.chain.last().expect("a chain")
    }

    /// The finished certificates, anchor first.
    pub fn certificates(&self) -> Vec<Vec<u8>> {
        let anchor = self.anchor_issuer.as_deref().or(self.chain.first());
        let issuers = anchor.into_iter().chain(&self.chain);
        self.chain.iter().zip(issuers).map(|(certificate, issuer)| certificate.issue(issuer)).collect()
    }
}
