//! What a log entry must say of the bundle, and the proof that it is in the log.

use admissible_box::bundle::BundleSpec;
use admissible_box::keys::{Hash, KeyAlg};
use admissible_box::rekor::{EntrySpec, Generation, Kind};
use admissible_box::signed::Verifier;
use admissible_box::world::{REKOR_V1, REKOR_V2, World};
use serde_json::json;

use crate::edited::SEED;
use crate::mint::{
    ENTRY, Reasons, at, case, each_accepted, each_rejected, every_kind, managed, notes, on_v1, on_v2, v1, v2,
    with_bundle,
};

const KEY: Reasons<'static> = &[("log-binding", "log-binding-key-differs")];
const SIGNATURE: Reasons<'static> = &[("log-binding", "log-binding-signature-differs")];
const DIGEST: Reasons<'static> = &[("log-binding", "log-binding-digest-differs")];
const UNSUPPORTED: Reasons<'static> = &[("log-binding", "log-binding-unsupported-kind")];
const KIND: Reasons<'static> = &[("log-binding", "log-binding-kind-differs")];

/// Rows 31–33: the bundles that each of the tests below spoils.
#[test]
fn every_kind_is_bound() {
    let world = World::new(SEED);
    for (name, spec) in every_kind(&world) {
        println!("{name}");
        case(&world, &spec).accepted();
        case(&world, &managed(&world, &spec)).accepted();
    }
}

/// Row 31: the entry was really logged, but for another certificate of the same key and identity, or for the bare key.
#[test]
fn an_entry_for_another_certificate_or_a_bare_key() {
    let world = World::new(SEED);
    let mut again = world.leaf(KeyAlg::P256);
    again.certificate.serial = vec![0x11; 20];
    let again = again.issue(&world.cas[0], &world.ct_logs);
    for (name, spec) in every_kind(&world) {
        for verifier in [Verifier::Certificate(again.clone()), Verifier::PublicKey(spec.key().spki())] {
            println!("{name} {verifier:?}");
            let mut spec = spec.clone();
            spec.entry().alter_signed.set(move |signed| signed.verifier = verifier.clone());
            case(&world, &spec).rejected(KEY);
        }
    }
}

/// Row 31, managed keys: the entry was logged for another key, or for a certificate of this key.
#[test]
fn an_entry_for_another_key_or_a_certificate() {
    let world = World::new(SEED);
    for (name, spec) in every_kind(&world) {
        let spec = managed(&world, &spec);
        let mut certificate = world.leaf(KeyAlg::P256);
        certificate.certificate.key = spec.key().clone();
        let certificate = certificate.issue(&world.cas[0], &world.ct_logs);
        let other = world.leaf(KeyAlg::P256).certificate.key.spki();
        for verifier in [Verifier::Certificate(certificate), Verifier::PublicKey(other)] {
            println!("{name} {verifier:?}");
            let mut spec = spec.clone();
            spec.entry().alter_signed.set(move |signed| signed.verifier = verifier.clone());
            case(&world, &spec).rejected(KEY);
        }
    }
}

/// Row 32: the entry was really logged, for another signature of the same key over the same content.
#[test]
fn an_entry_for_another_signature() {
    let world = World::new(SEED);
    for (name, mut spec) in every_kind(&world) {
        println!("{name}");
        let key = spec.key().clone();
        spec.entry().alter_signed.set(move |s| s.signature = key.sign(key.scheme(true), b"another artifact"));
        case(&world, &spec).rejected(SIGNATURE);
    }
}

/// Row 32: the entry was really logged, for another digest.
#[test]
fn an_entry_for_another_digest() {
    let world = World::new(SEED);
    for (name, mut spec) in every_kind(&world) {
        println!("{name}");
        spec.entry().alter_signed.set(|signed| {
            signed.digest = Hash::Sha256.digest(b"another artifact");
            if let Some(envelope) = &mut signed.envelope {
                envelope.payload.push(b' ');
            }
        });
        case(&world, &spec).rejected(DIGEST);
    }
}

/// Row 32: the entry was logged for an envelope of another payload type (intoto alone logs it).
#[test]
fn an_entry_for_another_payload_type() {
    let world = World::new(SEED);
    let mut spec = world.provenance();
    spec.entry().kind = Kind::Intoto;
    spec.entry().alter_signed.set(|s| s.envelope.iter_mut().for_each(|e| e.payload_type = "text/plain".into()));
    case(&world, &spec).rejected(&[("log-binding", "log-binding-payload-type-differs")]);
}

/// Row 33: kinds and versions that cannot be bound to a signature, correctly logged and named.
#[test]
fn unknown_kinds() {
    let world = World::new(SEED);
    let other = |kind: &str, version: &str, base: &BundleSpec| {
        let mut spec = base.clone();
        let (kind, version) = (kind.to_owned(), version.to_owned());
        spec.entry().alter_body.set(move |body| {
            body["kind"] = json!(kind);
            body["apiVersion"] = json!(version);
        });
        case(&world, &spec)
    };
    let with_kind = |kind: Kind, base: BundleSpec| {
        let mut spec = base;
        spec.entry().kind = kind;
        case(&world, &spec)
    };
    for (kind, version) in [("mystery", "0.0.1"), ("hashedrekord", "0.0.3"), ("hashedrekord", ""), ("rekord", "0.0.1")]
    {
        other(kind, version, &world.message()).rejected(UNSUPPORTED);
        other(kind, version, &world.on_rekor_v2(world.message())).rejected(UNSUPPORTED);
    }
    other("dsse", "0.0.3", &world.provenance()).rejected(UNSUPPORTED);
    other("Dsse", "0.0.1", &world.provenance()).rejected(UNSUPPORTED);
    with_kind(Kind::IntotoV001, world.provenance()).rejected(UNSUPPORTED);
    with_kind(Kind::DsseV2, world.on_rekor_v2(world.provenance())).rejected(UNSUPPORTED);
    with_kind(Kind::Other(json!({})), world.message()).rejected(&[("log-binding", "log-binding-malformed-body")]);
}

/// Row 33: the bundle names another kind or version than the logged body.
#[test]
fn the_kind_differs_from_the_body() {
    each_rejected(
        on_v1,
        &[
            ("dsse", |_, s| s.entry().kind_version = Some(("dsse".into(), "0.0.1".into())), KIND),
            ("0.0.3", |_, s| s.entry().kind_version = Some(("hashedrekord".into(), "0.0.3".into())), KIND),
            ("empty", |_, s| s.entry().kind_version = Some((String::new(), String::new())), KIND),
        ],
    );
    each_rejected(
        on_v2,
        &[("0.0.1", |_, s| s.entry().kind_version = Some(("hashedrekord".into(), "0.0.1".into())), KIND)],
    );
    // Called an entry of Rekor v2, a v1 entry breaks two more rules of v2: it has a promise, and another global index.
    v1(|_, s| s.entry().kind_version = Some(("hashedrekord".into(), "0.0.2".into()))).rejected(&[
        ("inclusion-proof", "inclusion-proof-index-differs"),
        ("inclusion-promise", "inclusion-promise-in-rekor-v2"),
        ("log-binding", "log-binding-kind-differs"),
    ]);
}

/// Row 33: a kind that logs artifacts for an envelope, and the reverse; all that can be compared agrees.
#[test]
fn a_kind_for_other_content() {
    let world = World::new(SEED);
    let mut envelope = world.provenance();
    envelope.entry().kind = Kind::HashedRekordV1;
    let mut message = world.message();
    message.entry().kind = Kind::DsseV1;
    for spec in [envelope, message] {
        case(&world, &spec).rejected(&[("log-binding", "log-binding-kind-of-other-content")]);
    }
}

/// Row 33: an unsupported kind beside a good entry is passed over and noted; beside a bad one it is told.
#[test]
fn an_unsupported_kind_beside_another_entry() {
    let world = World::new(SEED);
    let mut spec = world.provenance();
    let mut second = spec.entry().clone();
    (second.kind, second.tree_index) = (Kind::IntotoV001, 6);
    spec.entries.push(second);
    let report = case(&world, &spec).accepted();
    assert_eq!(notes(&report), ["unsupported-log-entry"]);
    assert_eq!(report.notes[0].at(), "/verificationMaterial/tlogEntries/1");

    spec.entries[0].alter_signed.set(|s| s.verifier = Verifier::PublicKey(Vec::new()));
    case(&world, &spec)
        .rejected(&[("log-binding", "log-binding-key-differs"), ("log-binding", "log-binding-unsupported-kind")]);
}

/// Entries of both generations of Rekor, and of several logs, all verified; an unknown log beside them is passed over.
#[test]
fn several_entries() {
    let mut world = World::new(SEED);
    let second = world.add_log(Generation::V1, KeyAlg::P384);
    let (v1, v2) = (world.entry_v1(Kind::HashedRekordV1), EntrySpec::v2(REKOR_V2, Kind::HashedRekordV2));
    let other = EntrySpec { log: second, ..v1.clone() };
    let mut spec = world.message();
    for (entries, logs) in [
        (vec![v1.clone(), v2.clone()], 2),
        (vec![v2.clone(), v1.clone()], 2),
        (vec![v1.clone(), other.clone()], 2),
        (vec![v1.clone(), other.clone(), v2.clone()], 3),
    ] {
        spec.entries = entries;
        let mut case = case(&world, &spec);
        case.options["require"] = json!({ "logEntries": logs });
        case.accepted();
        case.options["require"] = json!({ "logEntries": logs + 1 });
        case.rejected(&[("threshold", "threshold-log-entries")]);
    }
    // Each entry counts: one that speaks of another signature condemns the bundle.
    spec.entries[2].alter_signed.set(|signed| signed.signature[9] ^= 1);
    case(&world, &spec).rejected(SIGNATURE);

    spec.entries = vec![v1, other];
    world.logs[second].trusted = false;
    assert_eq!(notes(&case(&world, &spec).accepted()), ["unknown-log"]);
    world.logs[REKOR_V1].trusted = false;
    // No trusted log is left: neither a time nor an entry that counts.
    case(&world, &spec).rejected(&[("signing-time", "signing-time-missing"), ("threshold", "threshold-log-entries")]);
}

/// Row 36: index, size and root of the proof against the checkpoint that the log signed.
#[test]
fn the_proof_disagrees_with_the_checkpoint() {
    const ROOT: Reasons<'static> = &[("inclusion-proof", "inclusion-proof-wrong-root")];
    const MALFORMED: Reasons<'static> = &[("inclusion-proof", "inclusion-proof-malformed")];
    const SIZE: Reasons<'static> = &[("inclusion-proof", "inclusion-proof-tree-size-differs")];
    each_rejected(
        on_v1,
        &[
            ("index", |_, s| s.entry().alter_proof.set(|p| p.log_index = 4), ROOT),
            ("index = size", |_, s| s.entry().alter_proof.set(|p| p.log_index = 11), MALFORMED),
            ("index > size", |_, s| s.entry().alter_proof.set(|p| p.log_index = i64::MAX as u64), MALFORMED),
            ("size", |_, s| s.entry().alter_proof.set(|p| p.tree_size = 12), SIZE),
            ("size 0", |_, s| s.entry().alter_proof.set(|p| p.tree_size = 0), SIZE),
            ("signed size", |_, s| s.entry().alter_checkpoint.set(|c| c.size = "12".into()), SIZE),
            (
                "root",
                |_, s| s.entry().alter_proof.set(|p| p.root_hash[0] ^= 1),
                &[("inclusion-proof", "inclusion-proof-root-hash-differs")],
            ),
            (
                "signed root",
                |_, s| s.entry().alter_checkpoint.set(|c| c.root[31] ^= 1),
                &[("inclusion-proof", "inclusion-proof-root-hash-differs")],
            ),
            (
                "another tree",
                |_, s| {
                    s.entry().alter_checkpoint.set(|c| c.root[0] ^= 1);
                    s.entry().alter_proof.set(|p| p.root_hash[0] ^= 1);
                },
                ROOT,
            ),
            ("hash", |_, s| s.entry().alter_proof.set(|p| p.hashes[1][7] ^= 1), ROOT),
            ("hashes swapped", |_, s| s.entry().alter_proof.set(|p| p.hashes.swap(0, 1)), ROOT),
            ("a hash too few", |_, s| s.entry().alter_proof.set(|p| p.hashes.truncate(3)), MALFORMED),
            ("a hash too many", |_, s| s.entry().alter_proof.set(|p| p.hashes.push(vec![0; 32])), MALFORMED),
            ("no hashes", |_, s| s.entry().alter_proof.set(|p| p.hashes.clear()), MALFORMED),
            (
                "size 2^64 + 11",
                |_, s| s.entry().alter_checkpoint.set(|c| c.size = "18446744073709551627".into()),
                &[("checkpoint", "checkpoint-malformed")],
            ),
        ],
    );
    for (field, number) in [
        ("treeSize", "18446744073709551627"),
        ("treeSize", "-11"),
        ("logIndex", "18446744073709551621"),
        ("logIndex", "-5"),
    ] {
        let edited = with_bundle(v1(|_, _| ()), |b| *at(b, &format!("{ENTRY}/inclusionProof/{field}")) = json!(number));
        edited.rejected(&[("bundle", "bundle-invalid-integer")]);
    }
}

/// Row 36: trees of all shapes are proved.
#[test]
fn proofs_of_all_shapes() {
    for (index, size) in [(0, 1), (0, 2), (1, 2), (2, 3), (6, 7), (7, 8), (63, 64), (64, 65), (0, 65)] {
        v2(|_, s| (s.entry().tree_index, s.entry().tree_size) = (index, size)).accepted();
    }
}

/// Row 37: the entry's own index must be the proof's in Rekor v2, where both count within the shard; not in Rekor v1.
#[test]
fn the_index_of_the_entry_and_of_the_proof() {
    const INDEX: Reasons<'static> = &[("inclusion-proof", "inclusion-proof-index-differs")];
    each_rejected(
        on_v2,
        &[
            ("another", |_, s| s.entry().log_index = Some(6), INDEX),
            ("0", |_, s| s.entry().log_index = Some(0), INDEX),
            ("none", |_, s| s.entry().alter.set(|e| drop(e.as_object_mut().map(|e| e.remove("logIndex")))), INDEX),
        ],
    );
    each_accepted(
        on_v1,
        &[
            ("another", |_, s| s.entry().log_index = Some(6)),
            // protobuf JSON leaves zeros out.
            ("none", |_, s| {
                s.entry().log_index = Some(0);
                s.entry().alter.set(|e| drop(e.as_object_mut().map(|e| e.remove("logIndex"))));
            }),
        ],
    );
    each_accepted(
        on_v2,
        &[("the first", |_, s| {
            s.entry().tree_index = 0;
            s.entry().alter.set(|e| drop(e.as_object_mut().map(|e| e.remove("logIndex"))));
        })],
    );
}

/// Row 46: a Rekor v2 body with a bare key instead of the certificate, or with other details than the key's.
#[test]
fn rekor_v2_names_the_signer_exactly() {
    const DETAILS: Reasons<'static> = &[("log-binding", "log-binding-key-details-differ")];
    v2(|_, s| {
        let spki = s.key().spki();
        s.entry().alter_signed.set(move |signed| signed.verifier = Verifier::PublicKey(spki.clone()));
    })
    .rejected(KEY);
    for details in [
        "PKIX_ECDSA_P384_SHA_384",
        "PKIX_ECDSA_P384_SHA_256",
        "PKIX_ECDSA_P256_HMAC_SHA_256",
        "PKIX_ED25519_PH",
        "PKIX_RSA_PKCS1V15_2048_SHA256",
        "ML_DSA_65",
        "PUBLIC_KEY_DETAILS_UNSPECIFIED",
        "pkix_ecdsa_p256_sha_256",
        "",
    ] {
        println!("{details}");
        let world = World::new(SEED);
        for spec in [world.message(), world.provenance()] {
            let mut spec = world.on_rekor_v2(spec);
            spec.entry().alter_signed.set(|signed| signed.key_details = details.into());
            case(&world, &spec).rejected(DETAILS);
            case(&world, &managed(&world, &spec)).rejected(DETAILS);
        }
    }
    // Both, or neither, of certificate and key: nothing to compare.
    const VERIFIER: &str = "/spec/hashedRekordV002/signature/verifier";
    v2(|_, s| s.entry().alter_body.set(|body| at(body, VERIFIER)["publicKey"] = json!({"rawBytes": ""})))
        .rejected(&[("log-binding", "log-binding-malformed-body")]);
    v2(|_, s| s.entry().alter_body.set(|body| *at(body, VERIFIER) = json!({"keyDetails": "PKIX_ECDSA_P256_SHA_256"})))
        .rejected(&[("log-binding", "log-binding-malformed-body")]);
}
