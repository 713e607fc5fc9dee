//! What certificate transparency logs say about the certificate.

use admissible::report::Note;
use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::ct::{SctSpec, sct_list};
use admissible_box::der;
use admissible_box::keys::{Hash, KeyAlg, KeyPair, Scheme};
use admissible_box::world::World;
use serde_json::json;

use crate::edited::{Edit, Reason, SEED, accepted_in_both, case, message, message_v2, rejected_in_both};

const OUTSIDE_WINDOW: &[Reason] = &[("sct", "sct-outside-log-window")];
const INVALID: &[Reason] = &[("sct", "sct-signature-invalid")];
const MALFORMED: &[Reason] = &[("sct", "sct-malformed")];
const ALGORITHM: &[Reason] = &[("sct", "sct-algorithm")];
const TOO_FEW: &[Reason] = &[("threshold", "threshold-scts")];

fn sct(spec: &mut BundleSpec) -> &mut SctSpec {
    &mut spec.leaf().scts[0]
}

/// Row 21: the log's key was retired before the SCT's time, or not yet trusted.
#[test]
fn log_not_trusted_at_the_time() {
    rejected_in_both(&[
        ("retired a second before", |w, _| w.ct_logs[0].valid_for.end = Some(w.time - 1), OUTSIDE_WINDOW),
        // The SCT is of 123 milliseconds after the world's time.
        ("retired milliseconds before", |w, _| w.ct_logs[0].valid_for.end = Some(w.time), OUTSIDE_WINDOW),
        ("retired long before", |w, _| w.ct_logs[0].valid_for.end = Some(w.time - 86_400), OUTSIDE_WINDOW),
        ("not yet trusted", |w, _| w.ct_logs[0].valid_for.start = Some(w.time + 1), OUTSIDE_WINDOW),
        (
            "in the far future",
            |w, s| {
                w.ct_logs[0].valid_for.end = Some(w.time + 1);
                sct(s).timestamp = u64::MAX;
            },
            OUTSIDE_WINDOW,
        ),
    ]);
    accepted_in_both(&[
        ("retired after", |w, _| w.ct_logs[0].valid_for.end = Some(w.time + 1)),
        ("ends at the instant", |w, s| {
            w.ct_logs[0].valid_for.end = Some(w.time);
            sct(s).timestamp -= 123;
        }),
        ("starts at the instant", |w, s| {
            w.ct_logs[0].valid_for.start = Some(w.time);
            sct(s).timestamp -= 123;
        }),
        ("trusted again", |w, _| {
            let again = w.ct_logs[0].clone();
            w.ct_logs[0].valid_for.end = Some(w.time - 1);
            w.ct_logs.push(again);
        }),
    ]);
}

/// Row 22: the SCT is genuine, but of another precertificate, another issuer, or another sort of entry.
#[test]
fn sct_of_something_else() {
    rejected_in_both(&[
        ("another serial number", |_, s| s.leaf().alter_after_sct.set(|tbs| tbs.serial = der::int(1)), INVALID),
        (
            "another claim",
            |_, s| {
                s.leaf().alter_after_sct.set(|tbs| {
                    let run = tbs.extension("1.3.6.1.4.1.57264.1.21").expect("a run");
                    run.value = der::utf8("https://github.com/acme/widget/actions/runs/43/attempts/1");
                });
            },
            INVALID,
        ),
        ("another order of extensions", |_, s| s.leaf().alter_after_sct.set(|tbs| tbs.extensions.swap(0, 1)), INVALID),
        (
            "another key",
            |_, s| {
                let spki = KeyPair::derive(KeyAlg::P256, "stranger", "leaf").spki();
                let tbs = s.leaf().certificate.clone();
                let mut tbs = tbs.tbs(&tbs);
                tbs.spki = spki;
                sct(s).tbs = Some(tbs.to_der());
            },
            INVALID,
        ),
        ("another issuer key hash", |_, s| sct(s).issuer_key_hash = Some([7; 32]), INVALID),
        ("the root's key hash", |w, s| sct(s).issuer_key_hash = Some(w.cas[0].chain[0].key.id()), INVALID),
        ("an entry of a certificate", |_, s| sct(s).entry_type = 0, INVALID),
        ("another timestamp", |_, s| sct(s).alter.set(|bytes| bytes[40] ^= 1), INVALID),
        ("a flipped bit", |_, s| sct(s).alter_signature.set(|bytes| *bytes.last_mut().expect("a byte") ^= 1), INVALID),
        ("no signature", |_, s| sct(s).alter_signature.set(Vec::clear), INVALID),
        (
            "a zero signature",
            |_, s| sct(s).alter_signature.set(|bytes| *bytes = admissible_box::ecdsa::zero()),
            INVALID,
        ),
    ]);
}

/// Row 22: replayed whole: the list of another certificate of the same CA.
#[test]
fn list_of_another_certificate() {
    let replayed: Edit = |world, spec| {
        let mut other = world.leaf(KeyAlg::P256);
        other.certificate.serial = vec![1];
        let tbs = other.precertificate(&world.cas[0]).to_der();
        let minted = other.scts[0].mint(&world.ct_logs[0], &tbs, &world.cas[0].issuer().key);
        spec.leaf().sct_list = Some(sct_list(&[minted]));
    };
    message(replayed).rejected(INVALID);
    message_v2(replayed).rejected(INVALID);
}

/// Row 22: a stranger signs under a known log's id; a known log signs under another's.
#[test]
fn stranger_with_a_known_id() {
    rejected_in_both(&[
        ("a stranger's key", |_, s| sct(s).signer = Some(KeyPair::derive(KeyAlg::P256, "stranger", "ct")), INVALID),
        (
            "another known log",
            |w, s| {
                let other = w.add_ct_log(KeyAlg::P256);
                sct(s).log_id = Some(w.ct_logs[other].log_id());
            },
            INVALID,
        ),
        // The id of nobody: passed over, and then there is none.
        ("an unknown id", |_, s| sct(s).log_id = Some([7; 32]), TOO_FEW),
        ("an unknown log", |w, _| w.ct_logs[0].trusted = false, TOO_FEW),
    ]);
    let report = message(|world, _| world.ct_logs[0].trusted = false).rejected(TOO_FEW);
    assert!(report.notes.iter().any(|note| matches!(note, Note::UnknownCtLog { .. })), "{:?}", report.notes);
}

/// Row 22: an empty list, bytes that are no list, or nothing at all. Nothing is enough only for a caller who says so.
#[test]
fn no_sct() {
    rejected_in_both(&[
        ("empty list", |_, s| s.leaf().sct_list = Some(vec![0, 0]), MALFORMED),
        ("no bytes", |_, s| s.leaf().sct_list = Some(Vec::new()), MALFORMED),
        ("an empty SCT", |_, s| s.leaf().sct_list = Some(vec![0, 2, 0, 0]), MALFORMED),
        ("too short a list", |_, s| s.leaf().sct_list = Some(vec![0, 9, 0]), MALFORMED),
        ("a byte after the SCT", |_, s| sct(s).alter.set(|bytes| bytes.push(0)), MALFORMED),
        ("version 2", |_, s| sct(s).version = 1, MALFORMED),
        ("none", |_, s| s.leaf().scts.clear(), TOO_FEW),
        (
            "two, one of them cut off",
            |_, s| {
                let again = sct(s).clone();
                s.leaf().scts.push(again);
                s.leaf().scts[1].alter.set(|bytes| bytes.truncate(30));
            },
            MALFORMED,
        ),
    ]);
    let none: Edit = |_, spec| spec.leaf().scts.clear();
    for case in [message(none), message_v2(none)] {
        case.clone().require(json!({ "scts": 0 })).accepted();
        // What is there must hold, required or not.
        message(|_, spec| sct(spec).issuer_key_hash = Some([7; 32])).require(json!({ "scts": 0 })).rejected(INVALID);
        case.require(json!({ "scts": 2 })).rejected(TOO_FEW);
    }
}

/// The two algorithm bytes are the log's (RFC 5246 §7.4.1.4.1).
#[test]
fn algorithms() {
    rejected_in_both(&[
        ("RSA", |_, s| sct(s).algorithm = Some([4, 1]), ALGORITHM),
        ("SHA-512", |_, s| sct(s).algorithm = Some([6, 3]), ALGORITHM),
        ("none", |_, s| sct(s).algorithm = Some([0, 0]), ALGORITHM),
        ("anonymous", |_, s| sct(s).algorithm = Some([4, 0]), ALGORITHM),
        ("SHA-1", |w, _| w.ct_logs[0].scheme = Some(Scheme::Ecdsa(Hash::Sha1)), ALGORITHM),
    ]);
    for (alg, extensions) in [
        (KeyAlg::P256, vec![]),
        (KeyAlg::P384, vec![]),
        (KeyAlg::Rsa2048, vec![]),
        (KeyAlg::P256, vec![0, 0, 5, 0, 0, 0, 0, 0x70]),
    ] {
        println!("{alg:?} {extensions:?}");
        message(|world, spec| {
            world.ct_logs.clear();
            world.add_ct_log(alg);
            sct(spec).extensions = extensions;
        })
        .accepted();
    }
}

/// Extensions of an SCT are signed: neither added nor taken away.
#[test]
fn extensions_are_signed() {
    rejected_in_both(&[(
        "another leaf index",
        |_, s| {
            sct(s).extensions = vec![0, 0, 5, 0, 0, 0, 0, 0x70];
            sct(s).alter.set(|bytes| bytes[50] = 0x71);
        },
        INVALID,
    )]);
}

/// A good SCT does not excuse a bad one of a known log; one of an unknown log is passed over.
#[test]
fn good_and_bad() {
    let second = |world: &mut World, spec: &mut BundleSpec, first: bool| {
        let log = world.add_ct_log(KeyAlg::P256);
        let mut other = SctSpec::new(log, world.time);
        other.issuer_key_hash = Some([7; 32]);
        spec.leaf().scts.insert(usize::from(!first), other);
    };
    for first in [true, false] {
        message(|world, spec| second(world, spec, first)).rejected(INVALID);
        message(|world, spec| {
            second(world, spec, first);
            world.ct_logs[1].trusted = false;
        })
        .accepted();
    }
}

/// A managed key has no certificate, so no CT log is asked for.
#[test]
fn managed_keys_need_none() {
    let world = World::new(SEED);
    let key = world.managed_key(KeyAlg::P256);
    let mut spec = world.message();
    spec.signer = Signer::Key(key.clone());
    case(&world, &spec).signer(json!({ "publicKey": key.pem() })).accepted();
}
