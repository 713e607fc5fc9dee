//! Proofs without the tree head that they end at, and trees that somebody made at home.

use admissible_box::bundle::{BundleSpec, Version};
use admissible_box::keys::{KeyAlg, KeyPair};
use admissible_box::note::{CheckpointSpec, SignatureLine};
use admissible_box::world::World;
use serde_json::{Value, json};

use crate::Case;
use crate::edited::{Edit, Reason, accepted_in_both, message, message_v2, provenance, provenance_v2};

const NO_CHECKPOINT: Reason = ("bundle", "bundle-no-checkpoint");
const PROMISE_ONLY: Reason = ("threshold", "threshold-promise-only");
const TOO_FEW: Reason = ("threshold", "threshold-log-entries");

fn proof(bundle: &mut Value) -> &mut Value {
    &mut bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]
}

/// Row 25: a proof without checkpoint from version 0.2 on, however the absence is spelled. Besides, nothing then shows that the
/// entry is in the log: for Rekor v1 there is its promise, for Rekor v2 nothing.
#[test]
fn proof_without_checkpoint() {
    for version in [Version::V02, Version::V03Old, Version::V03] {
        let edit = |_: &mut World, spec: &mut BundleSpec| spec.version = version;
        for (case, besides) in [
            (message(edit), PROMISE_ONLY),
            (provenance(edit), PROMISE_ONLY),
            (message_v2(edit), TOO_FEW),
            (provenance_v2(edit), TOO_FEW),
        ] {
            for absent in [Value::Null, json!({}), json!({ "envelope": "" }), json!({ "envelope": null })] {
                println!("{version:?} {absent}");
                let without = case.clone().bundle_json(|bundle| proof(bundle)["checkpoint"] = absent);
                without.rejected(&[NO_CHECKPOINT, besides]);
                let lenient = without.require(json!({ "promiseOnly": true }));
                // The leniency is about proofs, not about the format; and Rekor v2 makes no promise.
                if besides == PROMISE_ONLY {
                    lenient.rejected(&[NO_CHECKPOINT]);
                } else {
                    lenient.rejected(&[NO_CHECKPOINT, TOO_FEW]);
                }
            }
            case.clone()
                .bundle_json(|bundle| proof(bundle)["checkpoint"] = json!(""))
                .rejected(&[("bundle", "bundle-wrong-type")]);
            let no_proof = case.bundle_json(|bundle| *proof(bundle) = Value::Null);
            no_proof.rejected(&[("bundle", "bundle-no-proof"), besides]);
        }
    }
}

/// Row 26: a tree of one leaf, made by the attacker, under a checkpoint that is unsigned, wrongly signed, or signed by a
/// stranger; or without any. The promise or the timestamp is genuine.
#[test]
fn tree_of_one_leaf() {
    type Edit = fn(&mut CheckpointSpec);
    let rows: [(&str, Edit, Reason); 8] = [
        ("unsigned", |c| c.signatures.clear(), ("checkpoint", "checkpoint-malformed")),
        (
            "text alone",
            |c| c.alter_envelope.set(|note| note.truncate(note.find("\n\n").expect("a blank line") + 1)),
            ("checkpoint", "checkpoint-malformed"),
        ),
        (
            "bogus signature",
            |c| c.signatures[0].alter_signature.set(|bytes| *bytes.last_mut().expect("a byte") ^= 1),
            ("checkpoint", "checkpoint-signature-invalid"),
        ),
        (
            "zeros",
            |c| c.signatures[0].alter_signature.set(|bytes| bytes.fill(0)),
            ("checkpoint", "checkpoint-signature-invalid"),
        ),
        (
            "signature of another text",
            |c| c.signatures[0].text = Some(c.text().replacen("\n1\n", "\n11\n", 1)),
            ("checkpoint", "checkpoint-signature-invalid"),
        ),
        (
            "stranger under the log's name and key id",
            |c| {
                c.signatures[0].key = KeyPair::derive(c.signatures[0].key.alg(), "stranger", "log");
            },
            ("checkpoint", "checkpoint-signature-invalid"),
        ),
        (
            "stranger under the log's name",
            |c| {
                let key = KeyPair::derive(c.signatures[0].key.alg(), "stranger", "log");
                c.signatures = vec![SignatureLine::log(&c.signatures[0].name, &key)];
            },
            ("checkpoint", "checkpoint-not-signed-by-log"),
        ),
        (
            "a stranger's log",
            |c| {
                c.origin = "rekor.stranger.test".into();
                c.signatures = vec![SignatureLine::log(
                    "rekor.stranger.test",
                    &KeyPair::derive(KeyAlg::Ed25519, "stranger", "log"),
                )];
            },
            ("checkpoint", "checkpoint-not-signed-by-log"),
        ),
    ];
    let one_leaf = |spec: &mut BundleSpec| (spec.entry().tree_index, spec.entry().tree_size) = (0, 1);
    // The log's own tree of one leaf is a tree.
    accepted_in_both(&[("genuine", |_, s| (s.entry().tree_index, s.entry().tree_size) = (0, 1))]);
    for (name, edit, reason) in rows {
        println!("{name}");
        let edit = |_: &mut World, spec: &mut BundleSpec| {
            one_leaf(spec);
            spec.entry().alter_checkpoint.set(edit);
        };
        for case in [message(edit), provenance(edit), message_v2(edit), provenance_v2(edit)] {
            case.rejected(&[reason]);
            case.require(json!({ "promiseOnly": true })).rejected(&[reason]);
        }
    }
    let none: crate::edited::Edit = |_, spec| {
        (spec.entry().tree_index, spec.entry().tree_size) = (0, 1);
        spec.entry().alter_proof.set(|proof| proof.checkpoint = None);
    };
    message(none).rejected(&[NO_CHECKPOINT, PROMISE_ONLY]);
    message_v2(none).rejected(&[NO_CHECKPOINT, TOO_FEW]);
}

/// Row 26: a genuine checkpoint of the log's true tree beside the home-made one.
#[test]
fn checkpoint_of_the_true_tree() {
    for made in [message, message_v2 as fn(Edit) -> Case] {
        let genuine: Value = serde_json::from_slice(&made(|_, _| {}).bundle).expect("JSON");
        let checkpoint = genuine["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]["checkpoint"].clone();
        let other = made(|_, spec| (spec.entry().tree_index, spec.entry().tree_size) = (0, 1))
            .bundle_json(|bundle| proof(bundle)["checkpoint"] = checkpoint.clone());
        other.rejected(&[("inclusion-proof", "inclusion-proof-tree-size-differs")]);
        // The size alone is not enough.
        let resized = other.bundle_json(|bundle| proof(bundle)["treeSize"] = json!("11"));
        resized.rejected(&[("inclusion-proof", "inclusion-proof-root-hash-differs")]);
        let true_root = genuine["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]["rootHash"].clone();
        let rooted = resized.bundle_json(|bundle| proof(bundle)["rootHash"] = true_root);
        rooted.rejected(&[("inclusion-proof", "inclusion-proof-malformed")]);
    }
}
