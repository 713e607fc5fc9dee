//! Cases in which exactly one thing is wrong; the name says which.

use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::certificate::{
    ANY_PURPOSE, BasicConstraints, Extension, GeneralName, SERVER_AUTH, SignedCertificate,
};
use admissible_box::dsse::{STATEMENT_V1, pae, provenance, subject};
use admissible_box::fulcio::{IDENTITY, claim};
use admissible_box::keys::{Hash, KeyAlg, KeyPair};
use admissible_box::note::SignatureLine;
use admissible_box::provenance::Build;
use admissible_box::rekor::{Generation, Kind};
use admissible_box::signed::Verifier;
use admissible_box::tsa::SigningCertificate;
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, World};
use admissible_box::{der, ecdsa};
use serde_json::json;

use crate::Case;

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for group in [certificates, scts, entries, promises, checkpoints, timestamps, envelopes, builds] {
        group(&mut |name, world, spec| all.push((name.to_owned(), world, spec)));
    }
    all
}

type Add<'a> = &'a mut dyn FnMut(&str, World, BundleSpec);

/// A Rekor v1 message bundle after one edit of the world and the bundle.
fn v1(add: Add<'_>, name: &str, edit: fn(&mut World, &mut BundleSpec)) {
    let mut world = World::new("bad");
    let mut spec = world.message();
    edit(&mut world, &mut spec);
    add(name, world, spec);
}

/// A Rekor v2 message bundle with a timestamp after one edit.
fn v2(add: Add<'_>, name: &str, edit: fn(&mut World, &mut BundleSpec)) {
    let mut world = World::new("bad");
    let mut spec = world.on_rekor_v2(world.message());
    edit(&mut world, &mut spec);
    add(name, world, spec);
}

fn certificates(add: Add<'_>) {
    v1(add, "leaf-expired-at-signing", |w, s| s.leaf().certificate.not_after = w.time + 5);
    v1(add, "leaf-not-yet-valid-at-signing", |w, s| s.leaf().certificate.not_before = w.time + 15);
    v1(add, "leaf-without-eku", |_, s| s.leaf().certificate.extended_key_usage = None);
    v1(add, "leaf-eku-server-auth", |_, s| purposes(s, SERVER_AUTH));
    v1(add, "leaf-eku-any", |_, s| purposes(s, ANY_PURPOSE));
    v1(add, "leaf-is-a-ca", |_, s| {
        s.leaf().certificate.basic_constraints = Some(BasicConstraints { ca: true, path_len: None, critical: true });
    });
    v1(add, "leaf-without-digital-signature", |_, s| {
        s.leaf().certificate.key_usage.iter_mut().for_each(|u| u.bits = vec![4]);
    });
    v1(add, "leaf-unknown-critical-extension", |_, s| {
        s.leaf().certificate.extra_extensions.push(Extension::new("1.2.3.4", true, der::null()));
    });
    v1(add, "leaf-identity-in-dns-name", |_, s| {
        *s.leaf() = s.leaf().clone().with_san(GeneralName::Dns(IDENTITY.into()));
    });
    v1(add, "leaf-issuers-differ", |_, s| {
        s.leaf().claims.insert(claim::ISSUER, "https://issuer.example".into());
    });
    v1(add, "leaf-signature-broken", |_, s| {
        s.leaf().certificate.alter_signed.set(|c| c.signature = ecdsa::zero());
    });
    v1(add, "leaf-outer-algorithm-differs", |_, s| {
        s.leaf().certificate.alter_signed.set(|c| c.algorithm = der::seq(&[der::oid("1.2.840.10045.4.3.2")]));
    });
    v1(add, "leaf-presented-with-twin-ca-signature", |_, s| {
        s.alter_presented_leaf.set(|leaf| {
            let mut parts = SignedCertificate::from_der(leaf);
            parts.signature = ecdsa::twin(KeyAlg::P384, &parts.signature);
            *leaf = parts.to_der();
        });
    });
    v1(add, "leaf-trailing-byte", |_, s| s.leaf().certificate.alter_der.set(|der| der.push(0)));
    v1(add, "leaf-of-untrusted-ca-with-the-same-names", |w, _| {
        let mut other = World::new("stranger");
        std::mem::swap(&mut w.cas, &mut other.cas);
        other.cas[0].trusted = true;
        w.cas[0].trusted = false;
        w.cas.push(other.cas.remove(0));
    });
    v1(add, "ca-window-closed-before-signing", |w, _| w.cas[0].valid_for.end = Some(w.time - 1));
    v1(add, "ca-window-opened-after-signing", |w, _| w.cas[0].valid_for.start = Some(w.time + 3600));
    v1(add, "intermediate-expired", |w, _| w.cas[0].chain[1].not_after = w.time - 1);
    v1(add, "root-expired", |w, _| w.cas[0].chain[0].not_after = w.time - 1);
    v1(add, "intermediate-is-no-ca", |w, _| {
        w.cas[0].chain[1].basic_constraints.iter_mut().for_each(|b| (b.ca, b.path_len) = (false, None));
    });
}

fn purposes(spec: &mut BundleSpec, purpose: &str) {
    spec.leaf().certificate.extended_key_usage.iter_mut().for_each(|e| e.purposes = vec![purpose.to_owned()]);
}

fn scts(add: Add<'_>) {
    v1(add, "sct-none", |_, s| s.leaf().scts.clear());
    v1(add, "sct-empty-list", |_, s| s.leaf().sct_list = Some(vec![0, 0]));
    v1(add, "sct-of-another-precertificate", |_, s| {
        s.leaf().alter_after_sct.set(|tbs| tbs.serial = der::int(1));
    });
    v1(add, "sct-other-issuer-key-hash", |_, s| s.leaf().scts[0].issuer_key_hash = Some([7; 32]));
    v1(add, "sct-known-id-unknown-key", |_, s| {
        s.leaf().scts[0].signer = Some(KeyPair::derive(KeyAlg::P256, "stranger", "ct"));
    });
    v1(add, "sct-unknown-log", |w, _| w.ct_logs[0].trusted = false);
    v1(add, "sct-log-retired-before", |w, _| w.ct_logs[0].valid_for.end = Some(w.time - 1));
}

fn entries(add: Add<'_>) {
    v1(add, "entry-for-another-signature", |_, s| {
        let key = s.key().clone();
        s.entry().alter_signed.set(move |f| f.signature = key.sign(key.scheme(true), b"another artifact"));
    });
    v1(add, "entry-for-another-digest", |_, s| {
        s.entry().alter_signed.set(|f| f.digest = Hash::Sha256.digest(b"another artifact"));
    });
    v1(add, "entry-for-a-bare-key", |_, s| {
        let spki = s.key().spki();
        s.entry().alter_signed.set(move |f| f.verifier = Verifier::PublicKey(spki.clone()));
    });
    v2(add, "entry-v2-for-a-bare-key", |_, s| {
        let spki = s.key().spki();
        s.entry().alter_signed.set(move |f| f.verifier = Verifier::PublicKey(spki.clone()));
    });
    v2(add, "entry-v2-other-key-details", |_, s| {
        s.entry().alter_signed.set(|f| f.key_details = "PKIX_ECDSA_P384_SHA_384".into());
    });
    v1(add, "entry-kind-version-differs", |_, s| {
        s.entry().kind_version = Some(("dsse".into(), "0.0.1".into()));
    });
    v1(add, "entry-unknown-kind", |_, s| {
        s.entry().kind = Kind::Other(json!({"apiVersion": "0.0.1", "kind": "mystery", "spec": {}}));
    });
    v1(add, "signature-high-s-twin-not-logged", |_, s| {
        s.alter_presented_signature.set(|sig| *sig = ecdsa::twin(KeyAlg::P256, sig));
    });
    v1(add, "proof-hash-corrupted", |_, s| s.entry().alter_proof.set(|p| p.hashes[0][0] ^= 1));
    v1(add, "proof-missing", |_, s| s.entry().proof = false);
    v1(add, "proof-root-differs-from-checkpoint", |_, s| s.entry().alter_proof.set(|p| p.root_hash[0] ^= 1));
    v1(add, "proof-size-differs-from-checkpoint", |_, s| s.entry().alter_proof.set(|p| p.tree_size += 1));
    v2(add, "entry-v2-outer-index-differs", |_, s| s.entry().log_index = Some(6));
    v2(add, "entry-dsse-0.0.2-for-a-message", |_, s| s.entry().kind = Kind::DsseV2);
    v1(add, "log-untrusted", |w, _| w.logs[0].trusted = false);
}

fn promises(add: Add<'_>) {
    v1(add, "promise-by-another-log", |w, s| {
        let other = w.add_log(Generation::V1, KeyAlg::P256);
        promise(s).key = Some(w.logs[other].key.clone());
    });
    v1(add, "promise-for-another-log", |_, s| promise(s).log_id = Some(vec![7; 32]));
    v1(add, "promise-for-another-index", |_, s| promise(s).log_index = Some(1));
    v1(add, "promise-for-another-time", |w, s| promise(s).integrated_time = Some(w.time));
    v1(add, "promise-for-another-body", |_, s| promise(s).body = Some(b"{}".to_vec()));
    v1(add, "promise-zero-signature", |_, s| promise(s).alter_signature.set(|sig| *sig = ecdsa::zero()));
    v1(add, "promise-p1363", |_, s| {
        promise(s).alter_signature.set(|sig| *sig = ecdsa::p1363(KeyAlg::P256, sig));
    });
    v1(add, "promise-ber", |_, s| promise(s).alter_signature.set(|sig| *sig = ecdsa::ber(sig)));
    v1(add, "promise-r-plus-n", |_, s| {
        promise(s).alter_signature.set(|sig| *sig = ecdsa::r_plus_n(KeyAlg::P256, sig));
    });
    v1(add, "promise-missing", |_, s| s.entry().promise = None);
    v1(add, "promise-after-log-window", |w, _| w.logs[0].valid_for.end = Some(w.time));
}

fn promise(spec: &mut BundleSpec) -> &mut admissible_box::rekor_v1::PromiseSpec {
    spec.entry().promise.as_mut().expect("a v1 entry")
}

fn checkpoints(add: Add<'_>) {
    v1(add, "checkpoint-missing", |_, s| s.entry().alter_proof.set(|p| p.checkpoint = None));
    v1(add, "checkpoint-unsigned", |_, s| s.entry().alter_checkpoint.set(|c| c.signatures.clear()));
    v1(add, "checkpoint-by-another-trusted-log", |w, s| {
        let other = w.add_log(Generation::V1, KeyAlg::P256);
        let log = w.logs[other].clone();
        s.entry().alter_checkpoint.set(move |c| c.signatures = vec![SignatureLine::log(&log.host, &log.key)]);
    });
    v1(add, "checkpoint-other-key-id", |_, s| {
        s.entry().alter_checkpoint.set(|c| c.signatures[0].key_id[0] ^= 1);
    });
    v2(add, "checkpoint-other-key-name", |_, s| {
        s.entry().alter_checkpoint.set(|c| c.signatures[0].name = "rekor-9.box.test".into());
    });
    v2(add, "checkpoint-other-root", |_, s| s.entry().alter_checkpoint.set(|c| c.root[0] ^= 1));
    v2(add, "checkpoint-other-size", |_, s| s.entry().alter_checkpoint.set(|c| c.size = "12".into()));
    v2(add, "checkpoint-without-root", |_, s| {
        s.entry().alter_checkpoint.set(|c| c.text = Some(format!("{}\n{}\n", c.origin, c.size)));
    });
    v2(add, "checkpoint-junk-after-signatures", |_, s| {
        s.entry().alter_checkpoint.set(|c| c.alter_envelope.set(|note| note.push_str("junk\n")));
    });
    v2(add, "checkpoint-short-signature", |_, s| {
        s.entry().alter_checkpoint.set(|c| c.signatures[0].alter_signature.set(|sig| sig.truncate(63)));
    });
}

fn timestamps(add: Add<'_>) {
    v2(add, "timestamp-missing", |_, s| s.timestamps.clear());
    v2(add, "timestamp-rejected", |_, s| s.timestamps[0].status = 2);
    v2(add, "timestamp-of-other-bytes", |_, s| s.timestamps[0].message = Some(b"other".to_vec()));
    v2(add, "timestamp-imprint-sha1", |_, s| s.timestamps[0].imprint_hash = Hash::Sha1);
    v2(add, "timestamp-two-signer-infos", |_, s| s.timestamps[0].signer_infos = 2);
    v2(add, "timestamp-without-signing-certificate", |_, s| {
        s.timestamps[0].signing_certificate = SigningCertificate::Missing;
    });
    v2(add, "timestamp-without-signed-attributes", |_, s| s.timestamps[0].signed_attributes = false);
    v2(add, "timestamp-unsorted-attributes", |_, s| {
        s.timestamps[0].sorted_attributes = false;
        s.timestamps[0].alter_attributes.set(|all| all.reverse());
    });
    v2(add, "timestamp-content-type", |_, s| s.timestamps[0].content_type = "1.2.840.113549.1.7.1".into());
    v2(add, "timestamp-trailing-byte", |_, s| s.timestamps[0].alter_der.set(|der| der.push(0)));
    v2(add, "timestamp-by-another-key", |_, s| {
        s.timestamps[0].signer = Some(KeyPair::derive(KeyAlg::P384, "stranger", "tsa"));
    });
    v2(add, "timestamp-tsa-untrusted", |w, _| w.tsas[0].trusted = false);
    v2(add, "timestamp-tsa-eku-not-critical", |w, _| {
        w.tsas[0].chain.iter_mut().filter_map(|c| c.extended_key_usage.as_mut()).for_each(|e| e.critical = false);
    });
    v2(add, "timestamp-tsa-without-eku", |w, _| {
        w.tsas[0].chain.iter_mut().for_each(|c| c.extended_key_usage = None);
    });
    v2(add, "timestamp-tsa-window-closed", |w, _| w.tsas[0].valid_for.end = Some(w.time));
    v2(add, "timestamp-tsa-root-expired", |w, _| w.tsas[0].chain[0].not_after = w.time);
    v2(add, "timestamp-after-leaf-expiry", |w, s| s.timestamps[0].gen_time = w.time + 601);
    v2(add, "timestamp-second-after-leaf-expiry", |w, s| {
        let second = w.add_tsa(KeyAlg::P256, 0);
        let mut late = w.timestamp();
        (late.tsa, late.gen_time) = (second, w.time + 601);
        s.timestamps.push(late);
    });
}

fn envelopes(add: Add<'_>) {
    let world = World::new("bad");
    let statement = provenance(&[subject(ARTIFACT_NAME, ARTIFACT)]);
    let mut with = |name: &str, edit: &dyn Fn(&mut BundleSpec)| {
        let mut spec = world.provenance();
        edit(&mut spec);
        add(name, world.clone(), spec);
    };
    with("dsse-signed-without-pae", &|s| s.dsse().signed_bytes = Some(statement.to_string().into_bytes()));
    with("dsse-signed-for-another-type", &|s| {
        s.dsse().signed_bytes = Some(pae("text/plain", statement.to_string().as_bytes()));
    });
    with("dsse-payload-type", &|s| s.dsse().payload_type = "text/plain".into());
    with("dsse-payload-not-json", &|s| s.dsse().payload = b"not JSON".to_vec());
    with("dsse-second-signature", &|s| s.dsse().signatures_after = vec![json!({"sig": "AAAA"})]);
    with("dsse-bogus-signature-first", &|s| s.dsse().signatures_before = vec![json!({"sig": "AAAA"})]);
    let mut statement = |name: &str, edit: &dyn Fn(&mut serde_json::Value)| {
        let mut value = provenance(&[subject(ARTIFACT_NAME, ARTIFACT)]);
        edit(&mut value);
        with(name, &|s| s.dsse().payload = value.to_string().into_bytes());
    };
    statement("dsse-another-subject", &|v| v["subject"] = json!([subject(ARTIFACT_NAME, b"other")]));
    statement("dsse-no-subject", &|v| v["subject"] = json!([]));
    statement("dsse-subject-without-digest", &|v| v["subject"] = json!([{"name": ARTIFACT_NAME}]));
    statement("dsse-statement-type", &|v| v["_type"] = json!(STATEMENT_V1.replace("v1", "v9")));
    let mut spec = world.message();
    spec.signer = Signer::Leaf(Box::new(world.leaf(KeyAlg::P256)));
    spec.alter_signature.set(|sig| *sig = ecdsa::zero());
    add("signature-zero", world, spec);
}

/// Provenance that is not what the certificate says, contradicts itself, or says what its producer never does.
fn builds(add: Add<'_>) {
    let world = World::new("bad");
    let build =
        |name: &str| admissible_box::provenance::all().into_iter().find(|(other, _)| *other == name).expect(name).1;
    let mut with = |name: &str, base: &str, edit: fn(&mut Build)| {
        let mut made = build(base);
        edit(&mut made);
        add(name, world.clone(), made.spec(&world));
    };
    with("provenance-of-another-repository", "github-attestations", |b| {
        b.predicate["buildDefinition"]["externalParameters"]["workflow"]["repository"] =
            json!("https://github.com/acme/widget-evil");
    });
    with("provenance-of-another-commit", "generator-generic", |b| {
        b.predicate["materials"][0]["digest"]["sha1"] = json!("1123456789abcdef0123456789abcdef01234567");
    });
    with("provenance-by-another-builder", "delegator-v1", |b| {
        b.identity = IDENTITY.into();
        b.claims.insert(claim::BUILD_SIGNER_URI, IDENTITY.into());
    });
    with("provenance-on-another-runner", "npm-v1", |b| {
        b.claims.insert(claim::RUNNER_ENVIRONMENT, "self-hosted".into());
    });
    with("provenance-of-another-project", "npm-gitlab", |b| {
        b.predicate["builder"]["id"] = json!("https://gitlab.com/acme/evil/-/runners/1");
    });
    with("provenance-with-a-forged-field", "npm-gha-v2", |b| {
        b.predicate["metadata"]["buildStartedOn"] = json!("2025-06-15T15:06:30Z");
    });
    with("provenance-without-builder", "npm-gha-v0", |b| b.predicate["builder"] = json!({}));
    let mut made = build("npm-gha-v0");
    made.predicate["metadata"]["buildInvocationId"] = json!("43-1");
    add("provenance-contradicts-itself", world.clone(), made.managed(&world));
}
