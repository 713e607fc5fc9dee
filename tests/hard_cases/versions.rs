//! The versions of the bundle format, and that the label, which nobody signs, never takes a check away.

use admissible_box::bundle::{BundleSpec, Version};
use admissible_box::keys::{KeyAlg, KeyPair};
use admissible_box::rekor::Kind;
use admissible_box::world::World;
use serde_json::json;

use crate::edited::{Edit, Reason, VERSIONS, message, message_v2, provenance, provenance_v2};

const PROMISE_ONLY: Reason = ("threshold", "threshold-promise-only");

/// All four media types, for artifacts and envelopes, in Rekor v1 and v2 (whose entries version 0.1 cannot hold, for want of a
/// promise).
#[test]
fn every_version_is_accepted() {
    for version in VERSIONS {
        println!("{version:?}");
        let edit = |_: &mut World, spec: &mut BundleSpec| spec.version = version;
        message(edit).accepted();
        provenance(edit).accepted();
        provenance(|_, spec| {
            spec.version = version;
            spec.entry().kind = Kind::Intoto;
        })
        .accepted();
        for case in [message_v2(edit), provenance_v2(edit)] {
            if version == Version::V01 {
                case.rejected(&[("bundle", "bundle-no-promise")])
            } else {
                case.accepted()
            };
        }
    }
}

/// Only the log's word, and no proof: enough in version 0.1 and for a caller who says so.
#[test]
fn promise_without_proof() {
    let lenient = || json!({ "promiseOnly": true });
    for kind in [Kind::HashedRekordV1, Kind::DsseV1, Kind::Intoto] {
        for version in VERSIONS {
            println!("{kind:?} {version:?}");
            let edit = |_: &mut World, spec: &mut BundleSpec| {
                spec.version = version;
                spec.entry().kind = kind.clone();
                spec.entry().proof = false;
            };
            let case = if kind == Kind::HashedRekordV1 { message(edit) } else { provenance(edit) };
            if version == Version::V01 {
                case.rejected(&[PROMISE_ONLY]);
                case.clone().require(json!({ "promiseOnly": false })).rejected(&[PROMISE_ONLY]);
                let report = case.require(lenient()).accepted();
                assert_eq!(report.threshold.passed().expect("counted").promised_only, 1);
            } else {
                // The version demands the proof; besides, there is only a promise.
                case.rejected(&[("bundle", "bundle-no-proof"), PROMISE_ONLY]);
                case.require(lenient()).rejected(&[("bundle", "bundle-no-proof")]);
            }
        }
    }
    for wrong in [json!("true"), json!(1), json!(null), json!([])] {
        if !wrong.is_null() {
            message(|_, _| {}).require(json!({ "promiseOnly": wrong })).refused("malformed-options");
        }
    }
}

/// A 0.1 proof without checkpoint proves nothing: what is left is the promise.
#[test]
fn proof_without_checkpoint_in_version_0_1() {
    let case = message(|_, spec| {
        spec.version = Version::V01;
        spec.entry().alter_proof.set(|proof| proof.checkpoint = None);
    });
    case.rejected(&[PROMISE_ONLY]);
    let report = case.clone().require(json!({ "promiseOnly": true })).accepted();
    assert!(report.notes.iter().any(|note| matches!(note, admissible::report::Note::ProofWithoutCheckpoint { .. })));
    // Not even one that contradicts itself, for nothing in it is signed.
    let case = message(|_, spec| {
        spec.version = Version::V01;
        spec.entry().alter_proof.set(|proof| {
            proof.checkpoint = None;
            proof.root_hash[0] ^= 1;
        });
    });
    case.rejected(&[PROMISE_ONLY]);
    case.require(json!({ "promiseOnly": true })).accepted();
}

/// A promise that is wrong is not "no promise", and a checkpoint or proof that is wrong is not "promise only".
#[test]
fn relabelling_never_removes_a_check() {
    let rows: [(&str, Edit, &[Reason]); 12] = [
        ("hash", |_, s| s.entry().alter_proof.set(|p| p.hashes[0][0] ^= 1), &[WRONG_ROOT]),
        (
            "root",
            |_, s| s.entry().alter_proof.set(|p| p.root_hash[0] ^= 1),
            &[("inclusion-proof", "inclusion-proof-root-hash-differs")],
        ),
        (
            "size",
            |_, s| s.entry().alter_proof.set(|p| p.tree_size += 1),
            &[("inclusion-proof", "inclusion-proof-tree-size-differs")],
        ),
        (
            "checkpoint",
            |_, s| s.entry().alter_checkpoint.set(|c| c.signatures[0].alter_signature.set(|b| b[9] ^= 1)),
            &[("checkpoint", "checkpoint-signature-invalid")],
        ),
        (
            "stranger's checkpoint",
            |_, s| s.entry().alter_checkpoint.set(|c| c.signatures[0].name = "stranger".into()),
            &[("checkpoint", "checkpoint-not-signed-by-log")],
        ),
        (
            "promise",
            |w, s| s.entry().promise.iter_mut().for_each(|p| p.integrated_time = Some(w.time)),
            &[("inclusion-promise", "inclusion-promise-signature-invalid")],
        ),
        (
            "log entry",
            |_, s| s.entry().alter_signed.set(|f| f.digest[0] ^= 1),
            &[("log-binding", "log-binding-digest-differs")],
        ),
        (
            "certificate",
            |w, s| s.leaf().certificate.not_after = w.time + 5,
            &[("certificate-path", "certificate-not-valid-at-signing")],
        ),
        ("SCT", |_, s| s.leaf().scts[0].issuer_key_hash = Some([7; 32]), &[("sct", "sct-signature-invalid")]),
        ("no SCT", |_, s| s.leaf().scts.clear(), &[("threshold", "threshold-scts")]),
        (
            "timestamp",
            |w, s| {
                s.timestamps = vec![w.timestamp()];
                s.timestamps[0].signer = Some(KeyPair::derive(KeyAlg::P384, "stranger", "tsa"));
            },
            &[("timestamp", "timestamp-signature-invalid")],
        ),
        (
            "log",
            |w, _| w.logs[0].trusted = false,
            &[("signing-time", "signing-time-missing"), ("threshold", "threshold-log-entries")],
        ),
    ];
    for (name, edit, reasons) in rows {
        for version in VERSIONS {
            println!("{name} {version:?}");
            let case = message(|world, spec| {
                spec.version = version;
                edit(world, spec);
            });
            case.rejected(reasons);
            case.require(json!({ "promiseOnly": true })).rejected(reasons);
        }
    }
}

const WRONG_ROOT: Reason = ("inclusion-proof", "inclusion-proof-wrong-root");
