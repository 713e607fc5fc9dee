//! One change, everything else consistent: spot checks that the doors open and nothing leaks through them.

use admissible_box::bundle::{Content, Material, Minted, Signer, Version};
use admissible_box::certificate::{Extension, GeneralName, SignedCertificate};
use admissible_box::ct::SctSpec;
use admissible_box::fulcio::claim;
use admissible_box::keys::{Hash, KeyAlg, KeyPair, Scheme};
use admissible_box::note::SignatureLine;
use admissible_box::rekor::{Generation, Kind};
use admissible_box::signed::Verifier;
use admissible_box::tsa::{Embed, SigningCertificate};
use admissible_box::world::{ARTIFACT, REKOR_V1, World};
use admissible_box::{b64, der, ecdsa, merkle};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

fn bytes(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().expect("text")).expect("base64")
}

fn entry(minted: &Minted, n: usize) -> &Value {
    &minted.bundle["verificationMaterial"]["tlogEntries"][n]
}

/// The paths at which two JSON values differ.
fn differences(a: &Value, b: &Value, at: &str) -> Vec<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let keys: std::collections::BTreeSet<&String> = x.keys().chain(y.keys()).collect();
            keys.iter().flat_map(|k| differences(&a[k.as_str()], &b[k.as_str()], &format!("{at}/{k}"))).collect()
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            (0..x.len()).flat_map(|i| differences(&x[i], &y[i], &format!("{at}/{i}"))).collect()
        }
        _ if a == b => Vec::new(),
        _ => vec![at.to_owned()],
    }
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let mint = |seed: &str| {
        let world = World::new(seed);
        let spec = world.on_rekor_v2(world.provenance());
        (world.bundle(&spec), world.trusted_root())
    };
    assert_eq!(mint("one"), mint("one"));
    let ((bundle, root), (other_bundle, other_root)) = (mint("one"), mint("two"));
    for key in ["tlogs", "ctlogs"] {
        assert_ne!(root[key][0]["publicKey"]["rawBytes"], other_root[key][0]["publicKey"]["rawBytes"]);
        assert_eq!(root[key][0]["baseUrl"], other_root[key][0]["baseUrl"]);
    }
    assert_ne!(bundle["dsseEnvelope"]["signatures"], other_bundle["dsseEnvelope"]["signatures"]);
    assert_eq!(bundle["dsseEnvelope"]["payload"], other_bundle["dsseEnvelope"]["payload"]);
}

#[test]
fn every_key_signs_every_scheme_that_fits_it() {
    for alg in [KeyAlg::P256, KeyAlg::P384, KeyAlg::P521] {
        let key = KeyPair::derive(alg, "keys", "any");
        for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            assert_eq!(key.sign(Scheme::Ecdsa(hash), b"m"), key.sign(Scheme::Ecdsa(hash), b"m"));
        }
    }
    for alg in [KeyAlg::Rsa1024, KeyAlg::Rsa2048, KeyAlg::Rsa3072] {
        let key = KeyPair::derive(alg, "keys", "any");
        for scheme in [Scheme::RsaPkcs1(Hash::Sha1), Scheme::RsaPkcs1(Hash::Sha512), Scheme::RsaPss(Hash::Sha256)] {
            assert_eq!(key.sign(scheme, b"m"), key.sign(scheme, b"m"));
        }
    }
}

#[test]
fn the_twin_of_a_signature_is_valid_and_its_relatives_are_not() {
    use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
    let key = KeyPair::derive(KeyAlg::P256, "twin", "any");
    let public = VerifyingKey::from_sec1_bytes(&key.raw_public()).expect("a key");
    let signature = key.sign(Scheme::Ecdsa(Hash::Sha256), b"m");
    let verify = |raw: &[u8]| Signature::from_slice(raw).is_ok_and(|s| public.verify(b"m", &s).is_ok());
    let twin = ecdsa::twin(KeyAlg::P256, &signature);
    assert_ne!(twin, signature);
    assert!(verify(&ecdsa::p1363(KeyAlg::P256, &signature)));
    assert!(verify(&ecdsa::p1363(KeyAlg::P256, &twin)));
    assert_eq!(ecdsa::twin(KeyAlg::P256, &twin), signature);
    assert!([&signature, &twin].contains(&&ecdsa::high_s(KeyAlg::P256, &signature)));
    assert_eq!(hex::encode(ecdsa::zero()), "3006020100020100");
    assert_eq!(ecdsa::ber(&signature)[..2], [0x30, 0x81 + 1]);
}

#[test]
fn a_shorter_certificate_changes_the_certificate_and_what_is_made_over_it() {
    let world = World::new("leaf");
    let good = world.message();
    let mut spec = good.clone();
    spec.leaf().certificate.not_after -= 1;
    let changed = differences(&world.bundle(&good), &world.bundle(&spec), "");
    let entry = "/verificationMaterial/tlogEntries/0";
    assert_eq!(
        changed,
        [
            "/verificationMaterial/certificate/rawBytes".to_owned(),
            format!("{entry}/canonicalizedBody"),
            format!("{entry}/inclusionPromise/signedEntryTimestamp"),
            format!("{entry}/inclusionProof/checkpoint/envelope"),
            format!("{entry}/inclusionProof/rootHash"),
        ]
    );
}

#[test]
fn the_sct_can_be_about_another_certificate() {
    let world = World::new("sct");
    let mut spec = world.message();
    let plain = spec.mint(&world).leaf;
    spec.leaf().alter_after_sct.set(|tbs| tbs.subject = admissible_box::certificate::name("", "late"));
    assert_ne!(spec.mint(&world).leaf, plain);
    let leaf = spec.leaf();
    leaf.alter_after_sct = Default::default();
    leaf.scts[0].issuer_key_hash = Some([7; 32]);
    let other_hash = spec.mint(&world).leaf;
    // Same length give or take the signature, another SCT, and so another CA signature.
    assert_ne!(other_hash, plain);
    assert_eq!(SignedCertificate::from_der(&other_hash).algorithm, SignedCertificate::from_der(&plain).algorithm);
    spec.leaf().scts = vec![SctSpec::new(0, world.time), SctSpec::new(0, world.time + 1)];
    spec.leaf().sct_list = Some(vec![0, 0]);
    let empty = spec.mint(&world).leaf;
    assert!(empty.windows(6).any(|w| w == [0x04, 0x04, 0x04, 0x02, 0x00, 0x00]));
}

#[test]
fn the_leaf_says_what_it_is_told() {
    let world = World::new("claims");
    let mut spec = world.message();
    let leaf = spec.leaf();
    leaf.claims.remove(&claim::ISSUER);
    leaf.claims.insert(claim::DEPLOYMENT_ENVIRONMENT, "prod".into());
    leaf.certificate.extra_extensions.push(Extension::new("1.2.3.4", true, der::null()));
    *leaf = leaf.clone().with_san(GeneralName::Username("ada!example.com".into()));
    let der = spec.mint(&world).leaf;
    let holds = |needle: &[u8]| der.windows(needle.len()).any(|w| w == needle);
    assert!(holds(&Extension::new("1.2.3.4", true, der::null()).to_der()));
    assert!(holds(&GeneralName::Username("ada!example.com".into()).to_der()));
    assert!(holds(&[der::oid("1.3.6.1.4.1.57264.1.23"), der::octets(&der::utf8("prod"))].concat()));
    assert!(!holds(&der::oid("1.3.6.1.4.1.57264.1.1")));
}

#[test]
fn an_entry_can_be_about_another_signing() {
    let world = World::new("entry");
    let mut spec = world.message();
    spec.entry().alter_signed.set(|signed| {
        signed.digest = Hash::Sha256.digest(b"another artifact");
        signed.verifier = Verifier::PublicKey(KeyPair::derive(KeyAlg::P256, "thief", "key").spki());
    });
    let minted = spec.mint(&world);
    let body: Value = serde_json::from_slice(&bytes(&entry(&minted, 0)["canonicalizedBody"])).expect("JSON");
    assert_eq!(body["spec"]["data"]["hash"]["value"], json!(hex::encode(Hash::Sha256.digest(b"another artifact"))));
    assert_eq!(minted.signed.digest, Hash::Sha256.digest(ARTIFACT));
}

#[test]
fn a_promise_over_other_values_leaves_the_entry_alone() {
    let world = World::new("promise");
    let good = world.message();
    let mut spec = good.clone();
    spec.entry().promise.as_mut().expect("a promise").log_index = Some(1);
    let changed = differences(&world.bundle(&good), &world.bundle(&spec), "");
    assert_eq!(changed, ["/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp"]);
}

#[test]
fn a_checkpoint_is_signed_as_edited() {
    let mut world = World::new("checkpoint");
    let alien = world.add_log(Generation::V2, KeyAlg::P256);
    let other = world.logs[alien].clone();
    let witness = world.witnesses[0].clone();
    let mut spec = world.on_rekor_v2(world.message());
    spec.entry().alter_checkpoint.set(move |c| {
        c.size = "12".into();
        c.signatures.push(SignatureLine::log(&other.host, &other.key));
        c.signatures.insert(0, witness.cosign(1_750_000_000));
        c.alter_envelope.set(|note| note.push_str("junk"));
    });
    let minted = spec.mint(&world);
    let proof = &entry(&minted, 0)["inclusionProof"];
    let note = proof["checkpoint"]["envelope"].as_str().expect("a note");
    assert_eq!(proof["treeSize"], json!("11"));
    assert!(note.contains("\n12\n") && note.ends_with("junk"));
    assert_eq!(note.matches('\u{2014}').count(), 3);
}

#[test]
fn entries_of_one_log_share_its_tree() {
    let world = World::new("tree");
    let mut spec = world.provenance();
    let mut second = spec.entry().clone();
    second.tree_index = 9;
    second.kind = Kind::Intoto;
    spec.entries.push(second);
    let minted = spec.mint(&world);
    let roots: Vec<&Value> = (0..2).map(|n| &entry(&minted, n)["inclusionProof"]["rootHash"]).collect();
    assert_eq!(roots[0], roots[1]);
    let mut spec = world.message();
    spec.entry().tree_index = 0;
    spec.entry().tree_size = 1;
    let minted = spec.mint(&world);
    let body = bytes(&entry(&minted, 0)["canonicalizedBody"]);
    assert_eq!(entry(&minted, 0)["inclusionProof"]["rootHash"], json!(b64(merkle::leaf_hash(&body))));
    assert_eq!(spec.entry().log, REKOR_V1);
}

#[test]
fn a_timestamp_opens_at_every_layer() {
    let world = World::new("tsa");
    let mut spec = world.on_rekor_v2(world.message());
    let token = |spec: &admissible_box::bundle::BundleSpec| {
        let minted = spec.mint(&world);
        bytes(
            &minted.bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"][0]["signedTimestamp"],
        )
    };
    let plain = token(&spec);
    let stamp = &mut spec.timestamps[0];
    stamp.embed = Embed::Nothing;
    stamp.signing_certificate = SigningCertificate::Missing;
    stamp.imprint_hash = Hash::Sha1;
    stamp.signer_infos = 2;
    stamp.alter_tst.set(|tst| tst.policy = der::oid("1.2.3"));
    stamp.alter_attributes.set(|all| {
        all.pop();
    });
    stamp.alter_signer_info.set(|info| info.digest_algorithm = Hash::Sha512.algorithm());
    stamp.alter_signed_data.set(|data| data.version = der::int(9));
    stamp.alter_der.set(|der| der.push(0));
    let odd = token(&spec);
    let holds = |needle: &[u8]| odd.windows(needle.len()).any(|w| w == needle);
    assert_ne!(odd, plain);
    assert!(holds(&der::oid("1.2.3")) && holds(&der::oid(Hash::Sha1.oid())) && holds(&der::int(9)));
    assert!(!holds(&der::oid("1.2.840.113549.1.9.16.2.47")) && odd.ends_with(&[0]));
    let infos = der::children(&der::children(&der::children(&der::children(&odd)[1])[1])[0]);
    assert_eq!(der::children(infos.last().expect("SignerInfos")).len(), 2);
}

#[test]
fn material_takes_each_form() {
    let world = World::new("material");
    let mut spec = world.message();
    spec.version = Version::V02;
    spec.material = Material::Chain(2);
    let chain = &world.bundle(&spec)["verificationMaterial"]["x509CertificateChain"]["certificates"];
    assert_eq!(chain.as_array().map(Vec::len), Some(3));
    spec.signer = Signer::Key(world.managed_key(KeyAlg::Ed25519));
    spec.material = Material::Usual;
    assert!(world.bundle(&spec)["verificationMaterial"]["publicKey"]["hint"].is_string());
    spec.content = Content::Message(b"other".to_vec());
    assert_eq!(world.bundle(&spec)["messageSignature"]["messageDigest"]["algorithm"], json!("SHA2_512"));
}

#[test]
fn a_certificate_can_be_edited_and_signed_again() {
    let world = World::new("resign");
    let ca = world.cas[0].issuer();
    let leaf = world.message().mint(&world).leaf;
    let mut parts = SignedCertificate::from_der(&leaf);
    let before = parts.clone();
    parts.resign(ca);
    assert_eq!(parts.to_der(), leaf, "signing is deterministic");
    let last = parts.tbs.len() - 1;
    parts.tbs[last] ^= 1;
    parts.resign(ca);
    assert_ne!(parts.signature, before.signature);
}

#[test]
fn what_the_bundle_shows_can_differ_from_what_was_logged() {
    let world = World::new("presented");
    let good = world.message();
    let mut spec = good.clone();
    spec.alter_presented_leaf.set(|leaf| leaf.push(0));
    spec.alter_presented_signature.set(|signature| *signature = ecdsa::twin(KeyAlg::P256, signature));
    assert_eq!(
        differences(&world.bundle(&good), &world.bundle(&spec), ""),
        ["/messageSignature/signature", "/verificationMaterial/certificate/rawBytes"]
    );
}

#[test]
fn a_bundle_without_logs_has_a_timestamp() {
    let world = World::new("no logs");
    let bundle = world.bundle(&world.without_logs(world.provenance()));
    assert_eq!(bundle["verificationMaterial"]["tlogEntries"], json!([]));
    assert!(bundle["verificationMaterial"]["timestampVerificationData"].is_object());
}
