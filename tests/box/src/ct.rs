//! Certificate transparency logs and their SCTs (RFC 6962 §3.2, §3.3).

use sha2::{Digest as _, Sha256};

use crate::authority::Window;
use crate::hook::Hook;
use crate::keys::{Hash, KeyPair, Scheme};

/// A CT log.
#[derive(Clone, Debug)]
pub struct CtLog {
    /// Its key.
    pub key: KeyPair,
    /// `None`: the key's own scheme.
    pub scheme: Option<Scheme>,
    /// `baseUrl` in the trusted root.
    pub base_url: String,
    /// `operator`, only written when present.
    pub operator: Option<String>,
    /// When its key was trusted.
    pub valid_for: Window,
    /// Whether the trusted root names it.
    pub trusted: bool,
}

impl CtLog {
    /// SHA-256 of its SPKI.
    pub fn log_id(&self) -> [u8; 32] {
        self.key.id()
    }

    /// Its scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme.unwrap_or_else(|| self.key.scheme(false))
    }
}

/// A signed certificate timestamp.
#[derive(Clone, Debug)]
pub struct SctSpec {
    /// The log: an index into the world's CT logs.
    pub log: usize,
    /// 0 is v1.
    pub version: u8,
    /// Milliseconds.
    pub timestamp: u64,
    /// CtExtensions, without their length.
    pub extensions: Vec<u8>,
    /// Another log id than the log's.
    pub log_id: Option<[u8; 32]>,
    /// Another hash than that of the issuer's key in what is signed.
    pub issuer_key_hash: Option<[u8; 32]>,
    /// Another certificate than the real one in what is signed.
    pub tbs: Option<Vec<u8>>,
    /// 1 is a precertificate entry; 0 an x509 entry.
    pub entry_type: u16,
    /// Other algorithm bytes (hash, signature) than the scheme's.
    pub algorithm: Option<[u8; 2]>,
    /// Another signer than the log.
    pub signer: Option<KeyPair>,
    /// Edits the signature.
    pub alter_signature: Hook<Vec<u8>>,
    /// Edits the finished SCT.
    pub alter: Hook<Vec<u8>>,
}

impl SctSpec {
    /// An SCT by this log at this time (seconds).
    ///
    /// # Panics
    /// On a time before 1970.
    pub fn new(log: usize, time: i64) -> Self {
        Self {
            log,
            version: 0,
            timestamp: u64::try_from(time).expect("after 1970") * 1000 + 123,
            extensions: Vec::new(),
            log_id: None,
            issuer_key_hash: None,
            tbs: None,
            entry_type: 1,
            algorithm: None,
            signer: None,
            alter_signature: Hook::default(),
            alter: Hook::default(),
        }
    }

    /// What the log signs.
    pub fn message(&self, tbs: &[u8], issuer: &KeyPair) -> Vec<u8> {
        let tbs = self.tbs.as_deref().unwrap_or(tbs);
        let mut out = vec![self.version, 0];
        out.extend(self.timestamp.to_be_bytes());
        out.extend(self.entry_type.to_be_bytes());
        if self.entry_type == 1 {
            out.extend(self.issuer_key_hash.unwrap_or_else(|| Sha256::digest(issuer.spki()).into()));
        }
        out.extend(&(tbs.len() as u32).to_be_bytes()[1..]);
        out.extend(tbs);
        out.extend((self.extensions.len() as u16).to_be_bytes());
        out.extend(&self.extensions);
        out
    }

    /// The serialised SCT about the certificate `tbs` (without SCT extension) by `issuer`.
    pub fn mint(&self, log: &CtLog, tbs: &[u8], issuer: &KeyPair) -> Vec<u8> {
        let signer = self.signer.as_ref().unwrap_or(&log.key);
        let scheme = if self.signer.is_some() { signer.scheme(false) } else { log.scheme() };
        let mut signature = signer.sign(scheme, &self.message(tbs, issuer));
        self.alter_signature.apply(&mut signature);
        let hash = match scheme.hash() {
            _ if scheme == Scheme::Ed25519 => 8,
            Hash::Sha1 => 2,
            Hash::Sha256 => 4,
            Hash::Sha384 => 5,
            Hash::Sha512 => 6,
        };
        let kind = match scheme {
            Scheme::Ecdsa(_) => 3,
            Scheme::RsaPkcs1(_) | Scheme::RsaPss(_) => 1,
            Scheme::Ed25519 | Scheme::Ed25519ph => 7,
        };
        let mut out = vec![self.version];
        out.extend(self.log_id.unwrap_or_else(|| log.log_id()));
        out.extend(self.timestamp.to_be_bytes());
        out.extend((self.extensions.len() as u16).to_be_bytes());
        out.extend(&self.extensions);
        out.extend(self.algorithm.unwrap_or([hash, kind]));
        out.extend((signature.len() as u16).to_be_bytes());
        out.extend(signature);
        self.alter.apply(&mut out);
        out
    }
}

/// `SignedCertificateTimestampList`: a length, then each SCT with its length.
pub fn sct_list(scts: &[Vec<u8>]) -> Vec<u8> {
    let body: Vec<u8> = scts.iter().flat_map(|s| [&(s.len() as u16).to_be_bytes()[..], s].concat()).collect();
    [&(body.len() as u16).to_be_bytes()[..], &body].concat()
}
