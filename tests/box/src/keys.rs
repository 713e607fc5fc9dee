//! Keys made from a seed, and signatures by them: every algorithm, any hash, always the same bytes.

use ed25519_dalek::Signer as _;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::convert::Infallible;

use crate::b64;
use crate::der;

macro_rules! pool {
    ($bits:literal) => {
        &[
            include_bytes!(concat!("../keys/rsa", $bits, "-0.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-1.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-2.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-3.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-4.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-5.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-6.der")),
            include_bytes!(concat!("../keys/rsa", $bits, "-7.der")),
        ]
    };
}

/// A kind of key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyAlg {
    /// ECDSA over NIST P-256.
    P256,
    /// ECDSA over NIST P-384.
    P384,
    /// ECDSA over NIST P-521.
    P521,
    /// RSA of 1024 bits: too weak on purpose.
    Rsa1024,
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
    /// Ed25519.
    Ed25519,
}

/// A hash function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hash {
    /// SHA-1, for negative tests.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// The name in Rekor v1 bodies and in-toto digest sets: `sha256`.
    pub fn lower(self) -> &'static str {
        ["sha1", "sha256", "sha384", "sha512"][self as usize]
    }

    /// The name in protobuf JSON: `SHA2_256`.
    pub fn proto(self) -> &'static str {
        ["SHA1", "SHA2_256", "SHA2_384", "SHA2_512"][self as usize]
    }

    /// The dotted OID.
    pub fn oid(self) -> &'static str {
        ["1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"][self as usize]
    }

    /// `AlgorithmIdentifier` without parameters, as CMS tokens of Go's TSA have it.
    pub fn algorithm(self) -> Vec<u8> {
        der::seq(&[der::oid(self.oid())])
    }

    /// `AlgorithmIdentifier` with NULL parameters.
    pub fn algorithm_with_null(self) -> Vec<u8> {
        der::seq(&[der::oid(self.oid()), der::null()])
    }
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// ECDSA over the hash, DER.
    Ecdsa(Hash),
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS: MGF1 of the same hash, salt as long as the hash.
    RsaPss(Hash),
    /// Ed25519 over the message.
    Ed25519,
    /// Ed25519ph: over SHA-512 of the message, empty context.
    Ed25519ph,
}

impl Scheme {
    /// The hash that a log sees for a signature of this scheme.
    pub fn hash(self) -> Hash {
        match self {
            Self::Ecdsa(h) | Self::RsaPkcs1(h) | Self::RsaPss(h) => h,
            Self::Ed25519 | Self::Ed25519ph => Hash::Sha512,
        }
    }

    /// The `AlgorithmIdentifier` of X.509 and CMS.
    ///
    /// # Panics
    /// On ECDSA with SHA-1 (not needed by any test).
    pub fn algorithm(self) -> Vec<u8> {
        match self {
            Self::Ecdsa(Hash::Sha1) => der::seq(&[der::oid("1.2.840.10045.4.1")]),
            Self::Ecdsa(h) => der::seq(&[der::oid(&format!("1.2.840.10045.4.3.{}", h as usize + 1))]),
            Self::RsaPkcs1(Hash::Sha1) => der::seq(&[der::oid("1.2.840.113549.1.1.5"), der::null()]),
            Self::RsaPkcs1(h) => der::seq(&[der::oid(&format!("1.2.840.113549.1.1.{}", h as usize + 10)), der::null()]),
            Self::RsaPss(h) => {
                let mgf = der::seq(&[der::oid("1.2.840.113549.1.1.8"), h.algorithm_with_null()]);
                let parameters = der::seq(&[
                    der::context(0, &h.algorithm_with_null()),
                    der::context(1, &mgf),
                    der::context(2, &der::int(h.digest(b"").len() as u64)),
                ]);
                der::seq(&[der::oid("1.2.840.113549.1.1.10"), parameters])
            }
            Self::Ed25519 | Self::Ed25519ph => der::seq(&[der::oid("1.3.101.112")]),
        }
    }
}

/// A private key with its public half.
#[derive(Clone)]
pub struct KeyPair {
    alg: KeyAlg,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    P521(Box<p521::ecdsa::SigningKey>),
    Rsa(Box<rsa::RsaPrivateKey>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({:?} {})", self.alg, hex::encode(&self.id()[..4]))
    }
}

impl PartialEq for KeyPair {
    fn eq(&self, other: &Self) -> bool {
        self.spki() == other.spki()
    }
}

impl KeyPair {
    /// The key of this kind for a seed and a label: the same for the same three, another for any other.
    /// RSA keys are the first four of a small pool ([`KeyPair::rsa`] picks by number), so two labels or seeds can share one.
    ///
    /// # Panics
    /// Never in practice: a derived scalar is out of range with negligible probability.
    pub fn derive(alg: KeyAlg, seed: &str, label: &str) -> Self {
        let bytes = expand(&format!("{seed}\n{label}\n{alg:?}"), 66);
        let secret = match alg {
            KeyAlg::P256 => {
                Secret::P256(Box::new(p256::ecdsa::SigningKey::from_slice(&bytes[..32]).expect("a scalar")))
            }
            KeyAlg::P384 => {
                Secret::P384(Box::new(p384::ecdsa::SigningKey::from_slice(&bytes[..48]).expect("a scalar")))
            }
            KeyAlg::P521 => {
                let mut scalar = bytes;
                scalar[0] = 0;
                Secret::P521(Box::new(p521::ecdsa::SigningKey::from_slice(&scalar).expect("a scalar")))
            }
            KeyAlg::Ed25519 => return Self::ed25519(&bytes[..32]),
            KeyAlg::Rsa1024 | KeyAlg::Rsa2048 | KeyAlg::Rsa3072 | KeyAlg::Rsa4096 => {
                return Self::rsa(alg, usize::from(bytes[0]) % 4);
            }
        };
        Self { alg, secret }
    }

    /// The n-th of a row of keys for a seed and a label: up to four in a row differ, RSA included, and none of them is an
    /// RSA key that [`KeyPair::derive`] picks.
    pub fn derive_nth(alg: KeyAlg, seed: &str, label: &str, n: usize) -> Self {
        match alg {
            KeyAlg::Rsa2048 | KeyAlg::Rsa3072 | KeyAlg::Rsa4096 => {
                let first = usize::from(expand(&format!("{seed}\n{label}"), 1)[0]);
                Self::rsa(alg, 4 + (first + n) % 4)
            }
            _ => Self::derive(alg, seed, &format!("{label} {n}")),
        }
    }

    /// The RSA key number `index` of eight (of 1024 bits there is only one).
    ///
    /// # Panics
    /// When `alg` is not RSA.
    pub fn rsa(alg: KeyAlg, index: usize) -> Self {
        let pool: &[&[u8]] = match alg {
            KeyAlg::Rsa1024 => &[include_bytes!("../keys/rsa1024-0.der")],
            KeyAlg::Rsa2048 => pool!("2048"),
            KeyAlg::Rsa3072 => pool!("3072"),
            KeyAlg::Rsa4096 => pool!("4096"),
            other => panic!("{other:?} is not RSA"),
        };
        let key = rsa::RsaPrivateKey::from_pkcs1_der(pool[index % pool.len()]).expect("a stored key");
        Self { alg, secret: Secret::Rsa(Box::new(key)) }
    }

    /// The Ed25519 key with this 32-byte secret.
    ///
    /// # Panics
    /// When the secret is not 32 bytes long.
    pub fn ed25519(secret: &[u8]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(secret.try_into().expect("32 bytes"));
        Self { alg: KeyAlg::Ed25519, secret: Secret::Ed25519(Box::new(key)) }
    }

    /// Its kind.
    pub fn alg(&self) -> KeyAlg {
        self.alg
    }

    /// The scheme of the algorithm registry for this kind of key. `prehash` picks Ed25519ph for Ed25519.
    pub fn scheme(&self, prehash: bool) -> Scheme {
        match self.alg {
            KeyAlg::P256 => Scheme::Ecdsa(Hash::Sha256),
            KeyAlg::P384 => Scheme::Ecdsa(Hash::Sha384),
            KeyAlg::P521 => Scheme::Ecdsa(Hash::Sha512),
            KeyAlg::Ed25519 if prehash => Scheme::Ed25519ph,
            KeyAlg::Ed25519 => Scheme::Ed25519,
            _ => Scheme::RsaPkcs1(Hash::Sha256),
        }
    }

    /// The uncompressed point, the 32 bytes of Ed25519, or PKCS#1 `RSAPublicKey`.
    pub fn raw_public(&self) -> Vec<u8> {
        match &self.secret {
            Secret::P256(k) => k.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::P384(k) => k.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::P521(k) => k.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::Rsa(k) => der::seq(&[der::uint(&k.n_bytes()), der::uint(&k.e_bytes())]),
            Secret::Ed25519(k) => k.verifying_key().to_bytes().to_vec(),
        }
    }

    /// The DER `SubjectPublicKeyInfo`.
    pub fn spki(&self) -> Vec<u8> {
        let curve = |c: &str| der::seq(&[der::oid("1.2.840.10045.2.1"), der::oid(c)]);
        let algorithm = match self.alg {
            KeyAlg::P256 => curve("1.2.840.10045.3.1.7"),
            KeyAlg::P384 => curve("1.3.132.0.34"),
            KeyAlg::P521 => curve("1.3.132.0.35"),
            KeyAlg::Ed25519 => Scheme::Ed25519.algorithm(),
            _ => der::seq(&[der::oid("1.2.840.113549.1.1.1"), der::null()]),
        };
        der::seq(&[algorithm, der::bits(&self.raw_public())])
    }

    /// SHA-256 of the SPKI: the id of Rekor v1 and CT logs.
    pub fn id(&self) -> [u8; 32] {
        Sha256::digest(self.spki()).into()
    }

    /// The subject key identifier: SHA-1 of the public key bits.
    pub fn key_identifier(&self) -> Vec<u8> {
        Hash::Sha1.digest(&self.raw_public())
    }

    /// `-----BEGIN PUBLIC KEY-----`.
    pub fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki())
    }

    /// The protobuf `PublicKeyDetails` name for this key when it signs with `scheme`.
    pub fn details(&self, scheme: Scheme) -> &'static str {
        use KeyAlg::{Ed25519, P256, P384, P521, Rsa2048, Rsa3072, Rsa4096};
        match (self.alg, scheme) {
            (P256, _) => "PKIX_ECDSA_P256_SHA_256",
            (P384, Scheme::Ecdsa(Hash::Sha256)) => "PKIX_ECDSA_P384_SHA_256",
            (P384, _) => "PKIX_ECDSA_P384_SHA_384",
            (P521, Scheme::Ecdsa(Hash::Sha256)) => "PKIX_ECDSA_P521_SHA_256",
            (P521, _) => "PKIX_ECDSA_P521_SHA_512",
            (Ed25519, Scheme::Ed25519ph) => "PKIX_ED25519_PH",
            (Ed25519, _) => "PKIX_ED25519",
            (Rsa2048, Scheme::RsaPss(_)) => "PKIX_RSA_PSS_2048_SHA256",
            (Rsa3072, Scheme::RsaPss(_)) => "PKIX_RSA_PSS_3072_SHA256",
            (Rsa4096, Scheme::RsaPss(_)) => "PKIX_RSA_PSS_4096_SHA256",
            (Rsa2048, _) => "PKIX_RSA_PKCS1V15_2048_SHA256",
            (Rsa3072, _) => "PKIX_RSA_PKCS1V15_3072_SHA256",
            (Rsa4096, _) => "PKIX_RSA_PKCS1V15_4096_SHA256",
            (KeyAlg::Rsa1024, _) => "PKIX_RSA_PKCS1V5",
        }
    }

    /// Signs `message`; ECDSA gives DER.
    ///
    /// # Panics
    /// When the scheme does not fit the key.
    pub fn sign(&self, scheme: Scheme, message: &[u8]) -> Vec<u8> {
        match (&self.secret, scheme) {
            (Secret::Ed25519(k), Scheme::Ed25519) => k.sign(message).to_bytes().to_vec(),
            (Secret::Ed25519(k), Scheme::Ed25519ph) => {
                let hash = Sha512::new_with_prefix(message);
                k.sign_prehashed(hash, None).expect("an empty context").to_bytes().to_vec()
            }
            _ => self.sign_digest(scheme, &scheme.hash().digest(message)),
        }
    }

    /// Signs a digest that is already made (ECDSA and RSA).
    ///
    /// # Panics
    /// When the scheme does not fit the key, or the digest's length does not fit RSA's hash.
    pub fn sign_digest(&self, scheme: Scheme, digest: &[u8]) -> Vec<u8> {
        use ecdsa::signature::hazmat::PrehashSigner as _;
        // A digest shorter than the field is the same number with leading zeros (SEC 1 §4.1.3).
        let field = |n: usize| [vec![0; n.saturating_sub(digest.len())], digest.to_vec()].concat();
        match (&self.secret, scheme) {
            (Secret::P256(k), Scheme::Ecdsa(_)) => {
                let s: p256::ecdsa::Signature = k.sign_prehash(&field(32)).expect("a digest");
                crate::ecdsa::from_p1363(&s.to_bytes())
            }
            (Secret::P384(k), Scheme::Ecdsa(_)) => {
                let s: p384::ecdsa::Signature = k.sign_prehash(&field(48)).expect("a digest");
                crate::ecdsa::from_p1363(&s.to_bytes())
            }
            (Secret::P521(k), Scheme::Ecdsa(_)) => {
                let s: p521::ecdsa::Signature = k.sign_prehash(&field(66)).expect("a digest");
                crate::ecdsa::from_p1363(&s.to_bytes())
            }
            (Secret::Rsa(k), Scheme::RsaPkcs1(h)) => {
                let info = der::seq(&[h.algorithm_with_null(), der::octets(digest)]);
                let prefix = info[..info.len() - digest.len()].into();
                let padding = rsa::Pkcs1v15Sign { hash_len: Some(digest.len()), prefix };
                k.sign(padding, digest).expect("an RSA signature")
            }
            (Secret::Rsa(k), Scheme::RsaPss(h)) => {
                let mut rng = Expansion::new(&hex::encode(digest));
                match h {
                    Hash::Sha1 => k.sign_with_rng(&mut rng, rsa::Pss::<sha1::Sha1>::new(), digest),
                    Hash::Sha256 => k.sign_with_rng(&mut rng, rsa::Pss::<Sha256>::new(), digest),
                    Hash::Sha384 => k.sign_with_rng(&mut rng, rsa::Pss::<Sha384>::new(), digest),
                    Hash::Sha512 => k.sign_with_rng(&mut rng, rsa::Pss::<Sha512>::new(), digest),
                }
                .expect("an RSA signature")
            }
            (_, scheme) => panic!("{:?} cannot sign a digest with {scheme:?}", self.alg),
        }
    }
}

/// RFC 7468 text with 64 columns.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = b64(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}

/// `n` bytes which depend on nothing but the text: SHA-256 in counter mode.
pub fn expand(text: &str, n: usize) -> Vec<u8> {
    let mut bytes = vec![0; n];
    let Ok(()) = Expansion::new(text).try_fill_bytes(&mut bytes);
    bytes
}

/// The counter-mode stream as the random source that RSA-PSS asks for.
struct Expansion {
    seed: [u8; 32],
    counter: u64,
}

impl Expansion {
    fn new(text: &str) -> Self {
        Self { seed: Sha256::digest(text).into(), counter: 0 }
    }
}

impl TryRng for Expansion {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            let block = Sha256::new_with_prefix(self.seed).chain_update(self.counter.to_be_bytes()).finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
            self.counter += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Expansion {}
