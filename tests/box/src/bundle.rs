//! Bundles: a signing, everything that attests it, and its JSON.

use serde_json::{Value, json};

use crate::b64;
use crate::dsse::EnvelopeSpec;
use crate::fulcio::LeafSpec;
use crate::hook::Hook;
use crate::keys::{Hash, KeyPair, Scheme};
use crate::merkle::{self, Node};
use crate::rekor::{EntrySpec, Generation};
use crate::signed::{Signed, Verifier};
use crate::tsa::TimestampSpec;
use crate::world::World;

/// The bundle's format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// 0.1.
    V01,
    /// 0.2.
    V02,
    /// 0.3 in the old spelling.
    V03Old,
    /// 0.3.
    V03,
}

impl Version {
    /// `mediaType`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::V01 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Self::V02 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Self::V03Old => "application/vnd.dev.sigstore.bundle+json;version=0.3",
            Self::V03 => "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    }
}

/// Who signs.
#[derive(Clone, Debug)]
pub enum Signer {
    /// A Fulcio certificate.
    Leaf(Box<LeafSpec>),
    /// A managed key.
    Key(KeyPair),
}

/// What is signed.
#[derive(Clone, Debug)]
pub enum Content {
    /// An artifact: `messageSignature`.
    Message(Vec<u8>),
    /// An envelope: `dsseEnvelope`.
    Envelope(EnvelopeSpec),
}

/// How the bundle carries its signer.
#[derive(Clone, Debug, PartialEq)]
pub enum Material {
    /// `certificate` in 0.3, a chain of only the leaf before; `publicKey` for a managed key.
    Usual,
    /// `certificate`.
    Certificate,
    /// `x509CertificateChain`: the leaf and as many of the CA's certificates from the end of its chain up.
    Chain(usize),
    /// `x509CertificateChain` of these.
    Certificates(Vec<Vec<u8>>),
    /// `publicKey` with this hint.
    PublicKey(String),
}

/// A bundle to be made.
#[derive(Clone, Debug)]
pub struct BundleSpec {
    /// The format.
    pub version: Version,
    /// Who signs.
    pub signer: Signer,
    /// What is signed.
    pub content: Content,
    /// How; `None` is the key's own scheme (Ed25519: ph for artifacts and for Rekor v2, pure otherwise).
    pub scheme: Option<Scheme>,
    /// How the bundle carries its signer.
    pub material: Material,
    /// Log entries.
    pub entries: Vec<EntrySpec>,
    /// Timestamps.
    pub timestamps: Vec<TimestampSpec>,
    /// Edits the signature before it is logged, stamped and written.
    pub alter_signature: Hook<Vec<u8>>,
    /// Edits the signature in the bundle only: log and timestamps are about the one before.
    pub alter_presented_signature: Hook<Vec<u8>>,
    /// Edits the leaf certificate in the bundle only: the log is about the one before.
    pub alter_presented_leaf: Hook<Vec<u8>>,
    /// Whether a `messageSignature` says its digest.
    pub message_digest: bool,
}

/// A finished bundle and what it was made from.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The JSON.
    pub bundle: Value,
    /// The leaf certificate's DER; empty for a managed key.
    pub leaf: Vec<u8>,
    /// The signing key.
    pub key: KeyPair,
    /// The facts that log entries and timestamps are about.
    pub signed: Signed,
}

impl BundleSpec {
    /// A signature over an artifact, without any log entry.
    pub fn message(leaf: LeafSpec, artifact: &[u8]) -> Self {
        Self {
            version: Version::V03,
            signer: Signer::Leaf(Box::new(leaf)),
            content: Content::Message(artifact.to_vec()),
            scheme: None,
            material: Material::Usual,
            entries: Vec::new(),
            timestamps: Vec::new(),
            alter_signature: Hook::default(),
            alter_presented_signature: Hook::default(),
            alter_presented_leaf: Hook::default(),
            message_digest: true,
        }
    }

    /// A signed envelope, without any log entry.
    pub fn envelope(leaf: LeafSpec, envelope: EnvelopeSpec) -> Self {
        Self { content: Content::Envelope(envelope), ..Self::message(leaf, b"") }
    }

    /// The leaf, to be edited.
    ///
    /// # Panics
    /// When a managed key signs.
    pub fn leaf(&mut self) -> &mut LeafSpec {
        match &mut self.signer {
            Signer::Leaf(leaf) => leaf,
            Signer::Key(_) => panic!("a managed key signs"),
        }
    }

    /// The only log entry, to be edited.
    ///
    /// # Panics
    /// When there is none.
    pub fn entry(&mut self) -> &mut EntrySpec {
        self.entries.first_mut().expect("an entry")
    }

    /// The envelope, to be edited.
    ///
    /// # Panics
    /// When the content is a message.
    pub fn dsse(&mut self) -> &mut EnvelopeSpec {
        match &mut self.content {
            Content::Envelope(envelope) => envelope,
            Content::Message(_) => panic!("a message is signed"),
        }
    }

    /// The signing key.
    pub fn key(&self) -> &KeyPair {
        match &self.signer {
            Signer::Leaf(leaf) => &leaf.certificate.key,
            Signer::Key(key) => key,
        }
    }

    /// Makes everything: certificate, signature, entries, timestamps, JSON.
    pub fn mint(&self, world: &World) -> Minted {
        let leaf = match &self.signer {
            Signer::Leaf(leaf) => leaf.issue(&world.cas[leaf.ca], &world.ct_logs),
            Signer::Key(_) => Vec::new(),
        };
        let signed = self.sign(world, &leaf);
        let entries = self.mint_entries(world, &signed);
        let timestamps: Vec<Value> = self
            .timestamps
            .iter()
            .map(|t| t.mint(&world.tsas[t.tsa], &signed.signature))
            .map(|der| json!({"signedTimestamp": b64(der)}))
            .collect();

        let mut presented_leaf = leaf.clone();
        self.alter_presented_leaf.apply(&mut presented_leaf);
        let mut material = self.material(world, &presented_leaf);
        material["tlogEntries"] = json!(entries);
        if !timestamps.is_empty() {
            material["timestampVerificationData"] = json!({"rfc3161Timestamps": timestamps});
        }
        let mut bundle = json!({"mediaType": self.version.media_type(), "verificationMaterial": material});
        let mut presented = signed.signature.clone();
        self.alter_presented_signature.apply(&mut presented);
        match &self.content {
            Content::Message(_) => {
                bundle["messageSignature"] = json!({"signature": b64(presented)});
                if self.message_digest {
                    bundle["messageSignature"]["messageDigest"] = json!({
                        "algorithm": signed.hash.proto(),
                        "digest": b64(&signed.digest),
                    });
                }
            }
            Content::Envelope(envelope) => bundle["dsseEnvelope"] = envelope.to_json(&presented),
        }
        Minted { bundle, leaf, key: self.key().clone(), signed }
    }

    fn sign(&self, world: &World, leaf: &[u8]) -> Signed {
        let key = self.key();
        let prehash = matches!(self.content, Content::Message(_))
            || self.entries.iter().any(|e| world.logs[e.log].generation == Generation::V2);
        let scheme = self.scheme.unwrap_or_else(|| key.scheme(prehash));
        let message = match &self.content {
            Content::Message(artifact) => artifact.clone(),
            Content::Envelope(envelope) => envelope.message(),
        };
        let mut signature = key.sign(scheme, &message);
        self.alter_signature.apply(&mut signature);
        Signed {
            verifier: match self.signer {
                Signer::Leaf(_) => Verifier::Certificate(leaf.to_vec()),
                Signer::Key(_) => Verifier::PublicKey(key.spki()),
            },
            key_details: key.details(scheme).to_owned(),
            signature,
            hash: scheme.hash(),
            digest: scheme.hash().digest(&message),
            envelope: match &self.content {
                Content::Message(_) => None,
                Content::Envelope(envelope) => Some(envelope.clone()),
            },
        }
    }

    fn mint_entries(&self, world: &World, signed: &Signed) -> Vec<Value> {
        let neighbours = |log: usize| -> Vec<(u64, Node)> {
            let same = self.entries.iter().filter(|e| e.log == log);
            same.map(|e| (e.tree_index, merkle::leaf_hash(&e.body(signed).1))).collect()
        };
        self.entries.iter().map(|e| e.mint(&world.logs[e.log], signed, &neighbours(e.log))).collect()
    }

    fn material(&self, world: &World, leaf: &[u8]) -> Value {
        let chain = |certificates: &[Vec<u8>]| {
            let all: Vec<Value> = certificates.iter().map(|der| json!({"rawBytes": b64(der)})).collect();
            json!({"x509CertificateChain": {"certificates": all}})
        };
        match (&self.material, &self.signer) {
            (Material::PublicKey(hint), _) => json!({"publicKey": {"hint": hint}}),
            (Material::Usual, Signer::Key(key)) => json!({"publicKey": {"hint": key_hint(key)}}),
            (Material::Certificates(all), _) => chain(all),
            (Material::Chain(n), signer) => {
                let mut all = vec![leaf.to_vec()];
                if let Signer::Leaf(spec) = signer {
                    all.extend(world.cas[spec.ca].certificates().into_iter().rev().take(*n));
                }
                chain(&all)
            }
            (Material::Usual, _) if matches!(self.version, Version::V01 | Version::V02) => chain(&[leaf.to_vec()]),
            (Material::Usual | Material::Certificate, _) => {
                json!({"certificate": {"rawBytes": b64(leaf)}})
            }
        }
    }
}

/// The usual hint of a managed key: base64 of SHA-256 of its SPKI.
pub fn key_hint(key: &KeyPair) -> String {
    b64(Hash::Sha256.digest(&key.spki()))
}
