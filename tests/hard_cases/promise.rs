//! Inclusion promises, checkpoint signatures, and the window of the log's key.

use admissible_box::ecdsa;
use admissible_box::keys::KeyAlg;
use admissible_box::note::{SignatureLine, key_hash};
use admissible_box::rekor::{EntrySpec, Generation, Kind, Log};
use admissible_box::rekor_v1::PromiseSpec;
use admissible_box::world::World;
use admissible_box::{b64, bundle::BundleSpec};
use serde_json::json;

use crate::edited::SEED;
use crate::mint::{Edit, Reasons, case, each_accepted, each_rejected, on_v1, on_v2, v2, with_root};

const PROMISE: Reasons<'static> = &[("inclusion-promise", "inclusion-promise-signature-invalid")];
const WINDOW: Reasons<'static> = &[("inclusion-promise", "inclusion-promise-outside-log-window")];
const CHECKPOINT: Reasons<'static> = &[("checkpoint", "checkpoint-signature-invalid")];
const NOT_SIGNED: Reasons<'static> = &[("checkpoint", "checkpoint-not-signed-by-log")];

fn promise(spec: &mut BundleSpec) -> &mut PromiseSpec {
    spec.entry().promise.as_mut().expect("a promise")
}

/// Row 34: the promise is by another trusted log, or over another log id, index, time or body.
#[test]
fn a_promise_over_something_else() {
    let table: &[(&str, Edit, Reasons<'_>)] = &[
        (
            "signer",
            |w, s| {
                let other = w.add_log(Generation::V1, KeyAlg::P256);
                promise(s).key = Some(w.logs[other].key.clone());
            },
            PROMISE,
        ),
        (
            "log id",
            |w, s| {
                let other = w.add_log(Generation::V1, KeyAlg::P256);
                promise(s).log_id = Some(w.logs[other].log_id().to_vec());
            },
            PROMISE,
        ),
        ("index in the tree instead of the global one", |_, s| promise(s).log_index = Some(5), PROMISE),
        ("time", |w, s| promise(s).integrated_time = Some(w.time + 9), PROMISE),
        ("body", |_, s| promise(s).body = Some(b"{}".to_vec()), PROMISE),
        ("one more field", |_, s| promise(s).alter_message.set(|m| m["extra"] = json!(1)), PROMISE),
        (
            "time as text",
            |w, s| {
                let time = (w.time + 10).to_string();
                promise(s).alter_message.set(move |m| m["integratedTime"] = json!(time));
            },
            PROMISE,
        ),
    ];
    each_rejected(on_v1, table);
    // A timestamp gives the time that the promise does not: the promise is wrong all the same.
    for (name, edit, reasons) in table {
        println!("{name}, beside a timestamp");
        crate::mint::v1(|w, s| {
            s.timestamps = vec![w.timestamp()];
            edit(w, s);
        })
        .rejected(reasons);
    }
}

/// Row 34: the entry names another trusted log than the one that promised, signed and included it.
#[test]
fn an_entry_that_names_another_log() {
    crate::mint::v1(|w, s| {
        let other = w.add_log(Generation::V1, KeyAlg::P256);
        s.entry().log_id = Some(w.logs[other].log_id().to_vec());
    })
    // The named log signed neither the promise nor the checkpoint.
    .rejected(&[
        ("checkpoint", "checkpoint-not-signed-by-log"),
        ("inclusion-promise", "inclusion-promise-signature-invalid"),
    ]);
}

/// Row 35: the integrated time is outside the window of the log's key; both ends are inside.
#[test]
fn the_window_of_the_log() {
    each_rejected(
        on_v1,
        &[
            ("after the end", |w, _| w.logs[0].valid_for.end = Some(w.time + 9), WINDOW),
            ("before the start", |w, _| w.logs[0].valid_for.start = Some(w.time + 11), WINDOW),
            (
                "beside a timestamp",
                |w, s| {
                    s.timestamps = vec![w.timestamp()];
                    w.logs[0].valid_for.end = Some(w.time + 9);
                },
                WINDOW,
            ),
        ],
    );
    each_accepted(
        on_v1,
        &[
            ("at the end", |w, _| w.logs[0].valid_for.end = Some(w.time + 10)),
            ("at the start", |w, _| w.logs[0].valid_for.start = Some(w.time + 10)),
            ("ended later", |w, _| w.logs[0].valid_for.end = Some(w.time + 3600)),
            // One key trusted twice: the window that covers the time counts, in either order.
            ("another window after it", |w, _| w.logs.push(earlier(w))),
            ("another window before it", |w, _| w.logs.insert(0, earlier(w))),
        ],
    );
}

fn earlier(world: &World) -> Log {
    let mut log = world.logs[0].clone();
    log.valid_for.end = Some(world.time - 3600);
    log
}

type Forge = fn(&[u8]) -> Vec<u8>;

/// Row 40: other spellings and impossible values of a genuine ECDSA signature.
const FORGERIES: [(&str, Forge); 8] = [
    ("r = s = 0", |_| ecdsa::zero()),
    ("r = n", |s| ecdsa::r_equals_n(KeyAlg::P256, s)),
    ("r + n", |s| ecdsa::r_plus_n(KeyAlg::P256, s)),
    ("s = 0", |s| ecdsa::from_parts(&ecdsa::parts(KeyAlg::P256, s).0, &[0])),
    ("r ‖ s", |s| ecdsa::p1363(KeyAlg::P256, s)),
    ("BER", ecdsa::ber),
    ("padded r", ecdsa::padded_r),
    ("trailing byte", |s| [s, &[0]].concat()),
];

/// Row 40: forged spellings of the promise's signature.
#[test]
fn impossible_promises() {
    for (name, forge) in FORGERIES {
        println!("{name}");
        crate::mint::v1(|_, s| promise(s).alter_signature.set(move |sig| *sig = forge(sig))).rejected(PROMISE);
    }
    crate::mint::v1(|_, s| promise(s).alter_signature.set(Vec::clear)).rejected(PROMISE);
}

/// Row 40: forged spellings of the checkpoint's signature, in a Rekor v1 and in a Rekor v2 log with ECDSA keys.
#[test]
fn impossible_checkpoint_signatures() {
    for (name, forge) in FORGERIES {
        for generation in [Generation::V1, Generation::V2] {
            println!("{name} {generation:?}");
            let mut world = World::new(SEED);
            let log = world.add_log(generation, KeyAlg::P256);
            let mut spec = world.message();
            spec.timestamps = vec![world.timestamp()];
            spec.entries = vec![match generation {
                Generation::V1 => EntrySpec { log, ..world.entry_v1(Kind::HashedRekordV1) },
                Generation::V2 => EntrySpec::v2(log, Kind::HashedRekordV2),
            }];
            spec.entry().alter_checkpoint.set(move |checkpoint| {
                checkpoint.signatures[0].alter_signature.set(move |signature| *signature = forge(signature));
            });
            case(&world, &spec).rejected(CHECKPOINT);
        }
    }
}

/// Row 40: the high-S twin is a valid signature; logs emit it, and nothing is bound to its bytes.
#[test]
fn high_s_of_logs_is_accepted() {
    let high = |signature: &mut Vec<u8>| *signature = ecdsa::high_s(KeyAlg::P256, signature);
    crate::mint::v1(|_, s| promise(s).alter_signature.set(high)).accepted();
    crate::mint::v1(|_, s| {
        s.entry().alter_checkpoint.set(move |checkpoint| checkpoint.signatures[0].alter_signature.set(high));
    })
    .accepted();
}

/// Row 45: the line of a Rekor v2 Ed25519 log whose key id was derived from another name, or whose signature has another
/// length.
#[test]
fn the_checkpoint_line_of_rekor_v2() {
    each_rejected(
        on_v2,
        &[
            (
                "key id of another name",
                |_, s| {
                    s.entry().alter_checkpoint.set(|c| {
                        let line = &mut c.signatures[0];
                        line.key_id = key_hash("rekor-0.box.test", &line.key)[..4].to_vec();
                    });
                },
                NOT_SIGNED,
            ),
            (
                "key id of the SPKI",
                |_, s| {
                    s.entry().alter_checkpoint.set(|c| {
                        let line = &mut c.signatures[0];
                        line.key_id = line.key.id()[..4].to_vec();
                    });
                },
                NOT_SIGNED,
            ),
            (
                "another key's line under this log's name",
                |_, s| {
                    s.entry().alter_checkpoint.set(|c| {
                        c.signatures = vec![SignatureLine::log(&c.origin, &crate::mint::stranger(KeyAlg::Ed25519))];
                    });
                },
                NOT_SIGNED,
            ),
            ("63 bytes", |_, s| line(s, |l| l.alter_signature.set(|sig| sig.truncate(63))), CHECKPOINT),
            ("65 bytes", |_, s| line(s, |l| l.alter_signature.set(|sig| sig.push(0))), CHECKPOINT),
            ("a bit", |_, s| line(s, |l| l.alter_signature.set(|sig| sig[40] ^= 1)), CHECKPOINT),
            (
                "no bytes",
                |_, s| line(s, |l| l.alter_signature.set(Vec::clear)),
                &[("checkpoint", "checkpoint-malformed")],
            ),
        ],
    );
    each_accepted(
        on_v2,
        &[
            ("beside a stranger's line of this name", |_, s| {
                s.entry().alter_checkpoint.set(|c| {
                    c.signatures.insert(0, SignatureLine::log(&c.origin, &crate::mint::stranger(KeyAlg::Ed25519)));
                });
            }),
            ("twice", |_, s| s.entry().alter_checkpoint.set(|c| c.signatures.push(c.signatures[0].clone()))),
        ],
    );
}

fn line(spec: &mut BundleSpec, edit: impl Fn(&mut SignatureLine) + Send + Sync + 'static) {
    spec.entry().alter_checkpoint.set(move |checkpoint| edit(&mut checkpoint.signatures[0]));
}

/// Row 45: a `checkpointKeyId` in the root that is not that of the key beside it.
#[test]
fn a_wrong_checkpoint_key_id_in_the_root() {
    let base = || v2(|_, _| ());
    let log = World::new(SEED).logs[1].clone();
    let id = key_hash(&log.host, &log.key);
    let with_id = |id: &[u8]| with_root(base(), |r| r["tlogs"][1]["checkpointKeyId"] = json!({ "keyId": b64(id) }));
    with_id(&id[..4]).accepted();
    with_id(&id).accepted();
    for wrong in [&id[..3], &id[1..5], &log.key.id()[..4], &log.key.id(), &[]] {
        with_id(wrong).refused("invalid-trusted-root");
    }
    // The id under which the entry names its log is recomputed from key and host as well.
    with_root(base(), |r| r["tlogs"][1]["logId"]["keyId"] = json!(b64([7; 32]))).refused("invalid-trusted-root");
    with_root(base(), |r| r["tlogs"][1]["baseUrl"] = json!("https://rekor-9.box.test")).refused("invalid-trusted-root");
}
