//! The artifact's signature and the signer's certificate: every algorithm, and other spellings of the same.

use std::cell::Cell;

use admissible::Verdict;
use admissible::crypto::{self, Message, PublicKey, RustCrypto, SignatureError, VerifySignature};
use admissible_box::bundle::{BundleSpec, Material, Signer, Version};
use admissible_box::certificate::SignedCertificate;
use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::rekor::Generation;
use admissible_box::world::World;
use admissible_box::{der, ecdsa};
use serde_json::json;

use crate::edited::SEED;
use crate::mint::{Edit, Reasons, case, each_rejected, every_kind, managed, notes, on_v1, on_v2, v1, v2};

const INVALID: Reasons<'static> = &[("signature", "signature-invalid")];
const CERTIFICATE: Reasons<'static> = &[("certificate-path", "certificate-malformed")];
const KEY: Reasons<'static> = &[("log-binding", "log-binding-key-differs")];

/// Row 38: the high-S twin of the artifact's signature is valid ECDSA, but not the bytes that were logged and stamped.
#[test]
fn the_twin_of_the_signature() {
    let world = World::new(SEED);
    for (name, spec) in every_kind(&world) {
        for spec in [spec.clone(), managed(&world, &spec)] {
            println!("{name}");
            // Rekor v2 comes with a timestamp, which is over the logged bytes as well.
            let timestamp = (!spec.timestamps.is_empty()).then_some(("timestamp", "timestamp-imprint-differs"));
            let mut reasons = vec![("log-binding", "log-binding-signature-differs")];
            reasons.extend(timestamp);
            let mut twin = spec.clone();
            twin.alter_presented_signature.set(|sig| *sig = ecdsa::twin(KeyAlg::P256, sig));
            case(&world, &twin).rejected(&reasons);

            // Of the two, either may be the one that was logged: signers emit both.
            let mut high = spec.clone();
            high.alter_signature.set(|sig| *sig = ecdsa::high_s(KeyAlg::P256, sig));
            case(&world, &high).accepted();
        }
    }
}

/// Row 38: other spellings of the artifact's signature, logged and stamped as they are.
#[test]
fn other_spellings_of_the_signature() {
    const MALFORMED: Reasons<'static> = &[("signature", "signature-malformed")];
    let table: &[(&str, Edit, Reasons<'_>)] = &[
        ("r = s = 0", |_, s| s.alter_signature.set(|sig| *sig = ecdsa::zero()), MALFORMED),
        ("r = n", |_, s| s.alter_signature.set(|sig| *sig = ecdsa::r_equals_n(KeyAlg::P256, sig)), MALFORMED),
        ("r + n", |_, s| s.alter_signature.set(|sig| *sig = ecdsa::r_plus_n(KeyAlg::P256, sig)), MALFORMED),
        ("r ‖ s", |_, s| s.alter_signature.set(|sig| *sig = ecdsa::p1363(KeyAlg::P256, sig)), MALFORMED),
        ("BER", |_, s| s.alter_signature.set(|sig| *sig = ecdsa::ber(sig)), MALFORMED),
        ("padded r", |_, s| s.alter_signature.set(|sig| *sig = ecdsa::padded_r(sig)), MALFORMED),
        ("trailing byte", |_, s| s.alter_signature.set(|sig| sig.push(0)), MALFORMED),
        (
            "another message",
            |_, s| {
                let key = s.key().clone();
                s.alter_signature.set(move |sig| *sig = key.sign(key.scheme(true), b"other"));
            },
            INVALID,
        ),
    ];
    each_rejected(on_v1, table);
    each_rejected(on_v2, table);
}

/// Row 39: the bundle shows the leaf in another spelling than was logged.
#[test]
fn the_certificate_in_another_spelling() {
    // A valid CA signature, but another certificate than the logged one.
    let twin: &[(&str, Edit, Reasons<'_>)] = &[(
        "high-S",
        |_, s| {
            s.alter_presented_leaf.set(|leaf| {
                let mut parts = SignedCertificate::from_der(leaf);
                parts.signature = ecdsa::twin(KeyAlg::P384, &parts.signature);
                *leaf = parts.to_der();
            });
        },
        KEY,
    )];
    each_rejected(on_v1, twin);
    each_rejected(on_v2, twin);
    // Logged as it is, each of the two is the CA's signature.
    v1(|_, s| {
        s.leaf().certificate.alter_signed.set(|c| c.signature = ecdsa::twin(KeyAlg::P384, &c.signature));
    })
    .accepted();

    for (name, edit) in respellings() {
        println!("{name}");
        v1(|_, s| s.alter_presented_leaf.set(edit)).rejected(CERTIFICATE);
        v2(|_, s| s.alter_presented_leaf.set(edit)).rejected(CERTIFICATE);
        // Logged in that spelling, it is no certificate either.
        v1(|_, s| s.leaf().certificate.alter_der.set(edit)).rejected(CERTIFICATE);
        v2(|_, s| s.leaf().certificate.alter_der.set(edit)).rejected(CERTIFICATE);
    }
    // The signature's bits: spelled otherwise, or too few of them.
    for (name, edit) in [
        ("BER signature", (|c| c.signature = ecdsa::ber(&c.signature)) as fn(&mut SignedCertificate)),
        ("raw signature", |c| c.signature = ecdsa::p1363(KeyAlg::P384, &c.signature)),
        ("no signature", |c| c.signature.clear()),
        ("zero signature", |c| c.signature = ecdsa::zero()),
    ] {
        println!("{name}");
        v1(|_, s| s.leaf().certificate.alter_signed.set(edit))
            .rejected(&[("certificate-path", "certificate-signature-invalid")]);
    }
}

type Respell = fn(&mut Vec<u8>);

/// The same certificate in BER, with other bytes around, or with its algorithm named otherwise outside the signed part.
fn respellings() -> [(&'static str, Respell); 8] {
    [
        ("long length", |leaf| {
            let (tag, head, _) = der::header(leaf);
            *leaf = der::tlv_ber_length(tag, &leaf[head..], 1);
        }),
        ("long length inside", |leaf| {
            let mut parts = der::children(leaf);
            let (tag, head, _) = der::header(&parts[0]);
            parts[0] = der::tlv_ber_length(tag, &parts[0][head..], 1);
            *leaf = der::seq(&parts);
        }),
        ("indefinite length", |leaf| {
            let (tag, head, _) = der::header(leaf);
            *leaf = [&[tag, 0x80], &leaf[head..], &[0, 0]].concat();
        }),
        ("trailing byte", |leaf| leaf.push(0)),
        ("trailing element", |leaf| {
            let mut parts = der::children(leaf);
            parts.push(der::null());
            *leaf = der::seq(&parts);
        }),
        ("unused bits of the signature", |leaf| {
            let mut parts = der::children(leaf);
            let (_, head, _) = der::header(&parts[2]);
            parts[2][head] = 9;
            *leaf = der::seq(&parts);
        }),
        ("another algorithm outside", |leaf| {
            let mut parts = SignedCertificate::from_der(leaf);
            parts.algorithm = Scheme::Ecdsa(Hash::Sha256).algorithm();
            *leaf = parts.to_der();
        }),
        ("parameters of the algorithm outside", |leaf| {
            let mut parts = SignedCertificate::from_der(leaf);
            parts.algorithm = der::seq(&[der::oid("1.2.840.10045.4.3.3"), der::null()]);
            *leaf = parts.to_der();
        }),
    ]
}

/// Row 39: spellings inside the signed part that DER forbids, signed by the CA as they are.
#[test]
fn a_certificate_that_is_signed_but_not_der() {
    let critical = |value: &[u8]| {
        let value = value.to_vec();
        v1(move |_, s| {
            // The first extension (key usage) spells its criticality otherwise.
            s.leaf().alter_after_sct.set(move |tbs| tbs.extensions[0].critical = true);
            s.leaf().certificate.alter_signed.set(move |signed| {
                let mut fields = der::children(&signed.tbs);
                let wrapper = fields.len() - 1;
                let mut extensions = der::children(&der::children(&fields[wrapper])[0]);
                let mut first = der::children(&extensions[0]);
                first[1] = value.clone();
                extensions[0] = der::seq(&first);
                fields[wrapper] = der::context(3, &der::seq(&extensions));
                signed.tbs = der::seq(&fields);
            });
        })
    };
    critical(&der::tlv(1, &[1])).rejected(CERTIFICATE);
    critical(&der::boolean(false)).rejected(CERTIFICATE);
}

const KEYS: [(KeyAlg, Scheme); 11] = [
    (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha256)),
    (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha384)),
    (KeyAlg::P521, Scheme::Ecdsa(Hash::Sha512)),
    (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha256)),
    (KeyAlg::P521, Scheme::Ecdsa(Hash::Sha256)),
    (KeyAlg::Rsa2048, Scheme::RsaPkcs1(Hash::Sha256)),
    (KeyAlg::Rsa3072, Scheme::RsaPkcs1(Hash::Sha256)),
    (KeyAlg::Rsa4096, Scheme::RsaPkcs1(Hash::Sha256)),
    (KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha256)),
    (KeyAlg::Rsa3072, Scheme::RsaPss(Hash::Sha256)),
    (KeyAlg::Rsa4096, Scheme::RsaPss(Hash::Sha256)),
];

/// The four usual bundles, signed with this key by a leaf or as a managed key.
fn signed(world: &World, alg: KeyAlg, scheme: Option<Scheme>) -> Vec<(String, BundleSpec)> {
    let mut all = Vec::new();
    for (content, spec) in [("message", world.message()), ("envelope", world.provenance())] {
        for (log, mut spec) in [("v1", spec.clone()), ("v2", world.on_rekor_v2(spec))] {
            spec.scheme = scheme;
            for (who, signer) in
                [("leaf", Signer::Leaf(Box::new(world.leaf(alg)))), ("managed", Signer::Key(world.managed_key(alg)))]
            {
                spec.signer = signer;
                all.push((format!("{alg:?} {scheme:?} {content} {log} {who}"), spec.clone()));
            }
        }
    }
    all
}

/// Row 47, accepted: every algorithm of the registry end to end, and the listed older pairs, which are noted.
#[test]
fn every_algorithm() {
    let world = World::new(SEED);
    for (alg, scheme) in KEYS {
        let older = alg != KeyAlg::P256 && scheme == Scheme::Ecdsa(Hash::Sha256);
        for (name, spec) in signed(&world, alg, Some(scheme)) {
            println!("{name}");
            let report = case(&world, &spec).accepted();
            let expected: &[&str] = if older { &["compatibility-algorithm"] } else { &[] };
            assert_eq!(notes(&report), expected);
        }
    }
}

/// [`RustCrypto`], which counts the signatures that it refuses.
#[derive(Default)]
struct Counting(Cell<usize>);

impl VerifySignature for Counting {
    fn verify(
        &self,
        key: &PublicKey,
        scheme: crypto::Scheme,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let verdict = RustCrypto.verify(key, scheme, message, signature);
        self.0.set(self.0.get() + usize::from(verdict.is_err()));
        verdict
    }
}

/// A host's wrong guess has everything judged twice: the algorithm that the log names is tried first, and none is tried again.
#[test]
fn the_logged_algorithm_comes_first() {
    let world = World::new(SEED);
    let refused = |spec: &BundleSpec| {
        let door = Counting::default();
        let verdict = case(&world, spec).inspect_by(&door).verdict();
        (verdict, door.0.get())
    };
    for (alg, scheme) in KEYS {
        for (name, mut spec) in signed(&world, alg, Some(scheme)) {
            // Rekor v1 names the hash of artifacts, and nothing for envelopes.
            let older = alg != KeyAlg::P256 && scheme == Scheme::Ecdsa(Hash::Sha256);
            let is_pss = matches!(scheme, Scheme::RsaPss(_));
            let guesses = usize::from(older && name.contains("envelope v1") || is_pss && name.contains("v1"));
            assert_eq!(refused(&spec), (Verdict::Passed, guesses), "{name}");
            if alg == KeyAlg::P256 {
                spec.alter_signature.set(|signature| *signature.last_mut().unwrap() ^= 1);
                assert_eq!(refused(&spec), (Verdict::Failed, 1), "{name}");
            }
        }
    }
}

/// Row 47, accepted: Ed25519 signs envelopes as they are in Rekor v1, and by their SHA-512 wherever a log sees only a digest.
#[test]
fn ed25519_in_both_forms() {
    let world = World::new(SEED);
    for (name, spec) in signed(&world, KeyAlg::Ed25519, None) {
        println!("{name}");
        let expected = if name.contains("envelope v1") { "ed25519" } else { "ed25519ph" };
        let report = case(&world, &spec).accepted();
        assert_eq!(report.signature.passed().map(|signature| signature.scheme_name()), Some(expected));
        assert_eq!(notes(&report), [""; 0]);
    }
}

/// Row 47: another hash than the registry's, correctly logged and stamped.
#[test]
fn another_hash_than_registered() {
    let world = World::new(SEED);
    for (alg, scheme) in [
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha384)),
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::P521, Scheme::Ecdsa(Hash::Sha384)),
        (KeyAlg::Rsa2048, Scheme::RsaPkcs1(Hash::Sha384)),
        (KeyAlg::Rsa3072, Scheme::RsaPkcs1(Hash::Sha512)),
        (KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha384)),
        (KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha512)),
    ] {
        for (name, spec) in signed(&world, alg, Some(scheme)) {
            println!("{name}");
            case(&world, &spec).rejected(INVALID);
        }
    }
}

/// Row 47: the signature is the registry's, but the log names the digest of another hash than was signed.
#[test]
fn another_hash_than_logged() {
    const NOT_LOGGED: Reasons<'static> = &[("signature", "signature-scheme-not-logged")];
    let world = World::new(SEED);
    for (alg, other) in [
        (KeyAlg::P256, Hash::Sha512),
        (KeyAlg::P256, Hash::Sha384),
        (KeyAlg::P384, Hash::Sha256),
        (KeyAlg::P521, Hash::Sha256),
        (KeyAlg::Rsa2048, Hash::Sha512),
        (KeyAlg::Ed25519, Hash::Sha256),
    ] {
        for (name, mut spec) in signed(&world, alg, None) {
            // dsse 0.0.1 logs the payload's digest, whatever was signed.
            if name.contains("envelope v1") {
                continue;
            }
            println!("{name} {other:?}");
            spec.entry().alter_signed.set(move |signed| {
                let message = signed.envelope.as_ref().map(|envelope| envelope.message());
                signed.digest = other.digest(message.as_deref().unwrap_or(admissible_box::world::ARTIFACT));
                signed.hash = other;
            });
            case(&world, &spec).rejected(NOT_LOGGED);
        }
    }
    // Key details of the older pair for a signature of the registry's, and the reverse.
    for (scheme, details) in [(Hash::Sha384, "PKIX_ECDSA_P384_SHA_256"), (Hash::Sha256, "PKIX_ECDSA_P384_SHA_384")] {
        let mut spec = world.on_rekor_v2(world.message());
        spec.signer = Signer::Leaf(Box::new(world.leaf(KeyAlg::P384)));
        spec.scheme = Some(Scheme::Ecdsa(scheme));
        spec.entry().alter_signed.set(|signed| signed.key_details = details.into());
        case(&world, &spec).rejected(NOT_LOGGED);
    }
    // Pure Ed25519 over an artifact of which the log saw only a digest.
    for (name, spec) in signed(&world, KeyAlg::Ed25519, Some(Scheme::Ed25519)) {
        println!("{name}");
        match name.as_str() {
            name if name.contains("envelope v1") => drop(case(&world, &spec).accepted()),
            // Rekor v2 knows the pure form by its own key details, but cannot have verified it.
            _ => drop(case(&world, &spec).rejected(NOT_LOGGED)),
        }
    }
}

/// Row 47: keys that are too weak or unknown are no keys.
#[test]
fn weak_and_unknown_keys() {
    v1(|w, s| s.signer = Signer::Leaf(Box::new(w.leaf(KeyAlg::Rsa1024)))).rejected(CERTIFICATE);
    v1(|_, s| {
        s.leaf().certificate.alter_tbs.set(|tbs| {
            tbs.spki = der::seq(&[der::seq(&[der::oid("1.3.101.113")]), der::bits(&[7; 57])]);
        });
    })
    .rejected(CERTIFICATE);
    v1(|w, s| {
        s.signer = Signer::Leaf(Box::new(w.leaf(KeyAlg::P256)));
        s.leaf().certificate.alter_tbs.set(|tbs| {
            // The point in compressed form.
            let mut parts = der::children(&tbs.spki);
            parts[1] = der::bits(&[&[2 + (parts[1][67] & 1)], &parts[1][4..36]].concat());
            tbs.spki = der::seq(&parts);
        });
    })
    .rejected(CERTIFICATE);
}

/// A chain of the leaf and another leaf of the same CA.
type MakeChain<'a> = &'a dyn Fn(&World, Vec<u8>, Vec<u8>) -> Vec<Vec<u8>>;

/// Row 55: what may not stand in a chain, and where the leaf is.
#[test]
fn certificate_chains() {
    let chain = |edit: MakeChain<'_>| {
        v2(|w, s| {
            s.version = Version::V02;
            let leaf = s.mint(w).leaf;
            let mut other = w.leaf(KeyAlg::P256);
            other.certificate.key = crate::mint::stranger(KeyAlg::P256);
            let other = other.issue(&w.cas[0], &w.ct_logs);
            s.material = Material::Certificates(edit(w, leaf, other));
        })
    };
    let intermediate = |w: &World| w.cas[0].certificates()[1].clone();
    let root = |w: &World| w.cas[0].certificates()[0].clone();

    chain(&|_, leaf, _| vec![leaf]).accepted();
    chain(&|w, leaf, _| vec![leaf, intermediate(w)]).accepted();
    // Certificates after the leaf are never used, whatever they are.
    chain(&|_, leaf, other| vec![leaf, other]).accepted();

    // The signer is the first: another than was logged, and than signed.
    let another: Reasons<'_> = &[("log-binding", "log-binding-key-differs"), ("signature", "signature-invalid")];
    chain(&|_, leaf, other| vec![other, leaf]).rejected(another);
    // A CA is no signer: besides, it signed nothing, and names no one.
    chain(&|w, leaf, _| vec![intermediate(w), leaf]).rejected(&[
        ("log-binding", "log-binding-key-differs"),
        ("certificate-path", "certificate-is-ca"),
        ("certificate-path", "certificate-key-usage"),
        ("certificate-path", "certificate-identity-count"),
        ("signature", "signature-invalid"),
    ]);
    // The trust store's root after the certificate that it issued is passed over, as old signers wrote it; elsewhere it is none
    // of the chain's.
    let report = chain(&|w, leaf, _| vec![leaf, intermediate(w), root(w)]).accepted();
    assert_eq!(notes(&report), ["superfluous-root"]);
    chain(&|w, leaf, _| vec![leaf, root(w), intermediate(w)]).rejected(&[("bundle", "bundle-root-in-chain")]);
    chain(&|w, leaf, _| vec![leaf, root(w)]).rejected(&[("bundle", "bundle-root-in-chain")]);
    chain(&|w, leaf, _| vec![leaf, intermediate(w), intermediate(w)])
        .rejected(&[("bundle", "bundle-duplicate-certificate")]);
    chain(&|_, leaf, _| vec![leaf.clone(), leaf]).rejected(&[("bundle", "bundle-duplicate-certificate")]);
    chain(&|_, leaf, _| vec![leaf, b"junk".to_vec()]).rejected(&[("bundle", "bundle-chain-certificate")]);
    chain(&|_, leaf, _| vec![vec![], leaf]).rejected(CERTIFICATE);
    chain(&|_, _, _| vec![]).rejected(&[("bundle", "bundle-empty-chain")]);
}

/// Row 58: with only a digest, an algorithm that signs the artifact itself cannot be verified.
#[test]
fn digests_instead_of_the_artifact() {
    let world = World::new(SEED);
    let digests = |spec: &BundleSpec, hashes: &[Hash]| {
        let mut case = case(&world, spec);
        let artifact = case.artifact.take().expect("an artifact");
        let all = hashes.iter().map(|hash| (hash.lower().to_owned(), json!(hex(&hash.digest(&artifact)))));
        case.options["artifact"] = all.collect::<serde_json::Map<_, _>>().into();
        case
    };
    // Pure Ed25519 with a managed key and no log: whatever digest there is, the bytes are needed.
    let mut pure = managed(&world, &world.without_logs(world.message()));
    pure.signer = Signer::Key(world.managed_key(KeyAlg::Ed25519));
    pure.scheme = Some(Scheme::Ed25519);
    let unlogged = |mut case: crate::Case| {
        case.options["require"] = json!({ "logEntries": 0 });
        case
    };
    unlogged(case(&world, &pure)).accepted();
    for hashes in [&[Hash::Sha256][..], &[Hash::Sha512], &[Hash::Sha256, Hash::Sha384, Hash::Sha512]] {
        unlogged(digests(&pure, hashes)).rejected(&[("signature", "signature-needs-artifact")]);
    }
    // Ed25519ph signs the SHA-512, which does as well as the bytes; another digest says nothing of it, nor of the log entry.
    let mut prehashed = world.message();
    prehashed.signer = Signer::Leaf(Box::new(world.leaf(KeyAlg::Ed25519)));
    digests(&prehashed, &[Hash::Sha512]).accepted();
    digests(&prehashed, &[Hash::Sha256, Hash::Sha512]).accepted();
    digests(&prehashed, &[Hash::Sha256])
        .rejected(&[("log-binding", "log-binding-digest-not-held"), ("signature", "signature-needs-artifact")]);
    // The same of ECDSA and RSA.
    digests(&world.message(), &[Hash::Sha256]).accepted();
    digests(&world.message(), &[Hash::Sha512])
        .rejected(&[("log-binding", "log-binding-digest-not-held"), ("signature", "signature-needs-artifact")]);
    // An envelope holds what was signed: the digest is only compared with the subjects.
    let mut envelope = world.provenance();
    envelope.signer = Signer::Leaf(Box::new(world.leaf(KeyAlg::Ed25519)));
    digests(&envelope, &[Hash::Sha256]).accepted();
    digests(&envelope, &[Hash::Sha512]).rejected(&[("artifact", "artifact-no-common-algorithm")]);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Logs with other keys than the public instance's.
#[test]
fn logs_of_every_kind() {
    use admissible_box::rekor::{EntrySpec, Kind};
    for (generation, alg) in [
        (Generation::V1, KeyAlg::P384),
        (Generation::V1, KeyAlg::Rsa2048),
        (Generation::V1, KeyAlg::Ed25519),
        (Generation::V2, KeyAlg::P256),
        (Generation::V2, KeyAlg::P384),
        (Generation::V2, KeyAlg::P521),
        (Generation::V2, KeyAlg::Rsa3072),
    ] {
        println!("{generation:?} {alg:?}");
        v2(|w, s| {
            let log = w.add_log(generation, alg);
            s.entries = vec![match generation {
                Generation::V1 => EntrySpec { log, ..w.entry_v1(Kind::HashedRekordV1) },
                Generation::V2 => EntrySpec::v2(log, Kind::HashedRekordV2),
            }];
        })
        .accepted();
    }
}
