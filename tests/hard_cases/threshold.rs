//! How many independent parties vouch.

use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::ct::SctSpec;
use admissible_box::keys::KeyAlg;
use admissible_box::rekor::{EntrySpec, Generation, Kind};
use admissible_box::rekor_v1::PromiseSpec;
use admissible_box::tsa::TimestampSpec;
use admissible_box::world::World;
use serde_json::json;

use crate::Case;
use crate::edited::{Edit, Maker, Reason, SEED, message, message_v2};

const LOGS: &[Reason] = &[("threshold", "threshold-log-entries")];
const SCTS: &[Reason] = &[("threshold", "threshold-scts")];
const TIMESTAMPS: &[Reason] = &[("threshold", "threshold-signed-timestamps")];

/// One more entry, in another log of the same kind, and the log's index.
fn second_log(world: &mut World, spec: &mut BundleSpec) -> usize {
    let generation = world.logs[spec.entry().log].generation;
    let log = world.add_log(generation, KeyAlg::P256);
    let mut entry = spec.entry().clone();
    entry.log = log;
    spec.entries.push(entry);
    log
}

fn second_sct(world: &mut World, spec: &mut BundleSpec) -> usize {
    let log = world.add_ct_log(KeyAlg::P256);
    spec.leaf().scts.push(SctSpec::new(log, world.time));
    log
}

fn second_stamp(world: &mut World, spec: &mut BundleSpec) -> usize {
    let tsa = world.add_tsa(KeyAlg::P256, 0);
    spec.timestamps.push(TimestampSpec::new(tsa, world.time + 20));
    tsa
}

fn operated(operators: [&str; 2]) -> [Option<String>; 2] {
    operators.map(|operator| Some(operator.to_owned()).filter(|operator| operator != "none"))
}

/// Operators of two parties, and how many they are.
const OPERATORS: [([&str; 2], usize); 6] = [
    (["none", "none"], 2),
    (["a.test", "b.test"], 2),
    (["a.test", "none"], 2),
    (["none", "b.test"], 2),
    (["a.test", "a.test"], 1),
    // Nobody's name is no name.
    (["", ""], 2),
];

#[track_caller]
fn counted(case: &Case, name: &str, found: usize, too_few: &[Reason]) {
    for required in 0..=2 {
        let case = case.clone().require(json!({ name: required }));
        if required <= found {
            case.accepted()
        } else {
            case.rejected(too_few)
        };
    }
}

/// Logs, CT logs and timestamp authorities count by operator where the root names one, and else each for itself.
#[test]
fn parties_are_counted_by_operator() {
    for (operators, found) in OPERATORS {
        println!("{operators:?}");
        for made in [message, message_v2 as Maker] {
            let case = made(Box::new(move |world, spec| {
                let (first, second) = (spec.entry().log, second_log(world, spec));
                let [a, b] = operated(operators);
                (world.logs[first].operator, world.logs[second].operator) = (a, b);
            }));
            counted(&case, "logEntries", found, LOGS);
        }
        let case = message(|world, spec| {
            let second = second_sct(world, spec);
            let [a, b] = operated(operators);
            (world.ct_logs[0].operator, world.ct_logs[second].operator) = (a, b);
        });
        counted(&case, "scts", found, SCTS);
        let case = message_v2(|world, spec| {
            let second = second_stamp(world, spec);
            let [a, b] = operated(operators);
            (world.tsas[0].operator, world.tsas[second].operator) = (a, b);
        });
        counted(&case, "signedTimestamps", found, TIMESTAMPS);
    }
}

/// A log of either generation is one party.
#[test]
fn both_generations() {
    let edit: Edit = |world, spec| {
        spec.entries.push(EntrySpec::v2(1, Kind::HashedRekordV2));
        spec.timestamps = vec![world.timestamp()];
    };
    counted(&message(edit), "logEntries", 2, LOGS);
    // The same log under two labels is not two.
    counted(&message(|_, _| {}), "logEntries", 1, LOGS);
}

/// Two entries of one log, two SCTs of one log, two timestamps of one authority: one party each.
#[test]
fn one_party_twice() {
    let entries: Edit = |_, spec| {
        let mut again = spec.entry().clone();
        again.tree_index += 1;
        spec.entries.push(again);
    };
    counted(&message(entries), "logEntries", 1, LOGS);
    counted(&message_v2(entries), "logEntries", 1, LOGS);
    let scts: Edit = |world, spec| spec.leaf().scts.push(SctSpec::new(0, world.time + 1));
    counted(&message(scts), "scts", 1, SCTS);
    let same_sct: Edit = |_, spec| {
        let again = spec.leaf().scts[0].clone();
        spec.leaf().scts.push(again);
    };
    counted(&message(same_sct), "scts", 1, SCTS);
    let stamps: Edit = |world, spec| spec.timestamps.push(TimestampSpec::new(0, world.time + 20));
    counted(&message_v2(stamps), "signedTimestamps", 1, TIMESTAMPS);
    let same_stamp: Edit = |_, spec| {
        let again = spec.timestamps[0].clone();
        spec.timestamps.push(again);
    };
    counted(&message_v2(same_stamp), "signedTimestamps", 1, TIMESTAMPS);
}

/// The root may list one party several times, with one window after the other: it stays one.
#[test]
fn one_party_in_two_windows() {
    let case = message_v2(|world, spec| {
        let mut again = world.tsas[0].clone();
        world.tsas[0].valid_for.end = Some(world.time + 15);
        again.valid_for.start = Some(world.time + 16);
        world.tsas.push(again);
        spec.timestamps.push(TimestampSpec::new(0, world.time + 20));
    });
    counted(&case, "signedTimestamps", 1, TIMESTAMPS);
    let case = message(|world, spec| {
        let mut again = world.logs[0].clone();
        world.logs[0].valid_for.end = Some(world.time + 15);
        again.valid_for.start = Some(world.time + 16);
        world.logs.push(again);
        let mut entry = spec.entry().clone();
        entry.tree_index += 1;
        entry.integrated_time = Some(world.time + 20);
        spec.entries.push(entry);
    });
    counted(&case, "logEntries", 1, LOGS);
    let case = message(|world, spec| {
        let mut again = world.ct_logs[0].clone();
        world.ct_logs[0].valid_for.end = Some(world.time + 1);
        again.valid_for.start = Some(world.time + 2);
        world.ct_logs.push(again);
        spec.leaf().scts.push(SctSpec::new(0, world.time + 2));
    });
    counted(&case, "scts", 1, SCTS);
}

/// The same entry twice is a broken bundle.
#[test]
fn the_same_entry_twice() {
    let edit: Edit = |_, spec| {
        let again = spec.entry().clone();
        spec.entries.push(again);
    };
    for case in [message(edit), message_v2(edit)] {
        case.rejected(&[("bundle", "bundle-duplicate-log-entry")]);
    }
}

/// Parties that the root does not know do not count, and do no harm.
#[test]
fn unknown_parties() {
    let log = message(|world, spec| {
        let second = second_log(world, spec);
        world.logs[second].trusted = false;
    });
    counted(&log, "logEntries", 1, LOGS);
    let sct = message(|world, spec| {
        let second = second_sct(world, spec);
        world.ct_logs[second].trusted = false;
    });
    counted(&sct, "scts", 1, SCTS);
    let tsa = message_v2(|world, spec| {
        let second = second_stamp(world, spec);
        world.tsas[second].trusted = false;
    });
    counted(&tsa, "signedTimestamps", 1, TIMESTAMPS);
    counted(&message(|_, _| {}), "signedTimestamps", 0, TIMESTAMPS);
}

/// All known parties must be right, even where fewer would do.
#[test]
fn a_wrong_one_beside_enough() {
    message(|world, spec| {
        second_log(world, spec);
        spec.entries[1].alter_proof.set(|proof| proof.hashes[0][0] ^= 1);
    })
    .rejected(&[("inclusion-proof", "inclusion-proof-wrong-root")]);
    message_v2(|world, spec| {
        second_log(world, spec);
        spec.entries[1].alter_signed.set(|signed| signed.digest[0] ^= 1);
    })
    .rejected(&[("log-binding", "log-binding-digest-differs")]);
    message_v2(|world, spec| {
        second_stamp(world, spec);
        spec.timestamps[1].message = Some(b"another signature".to_vec());
    })
    .rejected(&[("timestamp", "timestamp-imprint-differs")]);
}

/// Promises count only for a caller who says so, and then beside proofs.
#[test]
fn promises_beside_proofs() {
    let case = message(|world, spec| {
        spec.version = admissible_box::bundle::Version::V01;
        second_log(world, spec);
        spec.entries[1].proof = false;
    });
    counted(&case, "logEntries", 1, &[("threshold", "threshold-promise-only")]);
    case.clone().require(json!({ "logEntries": 2, "promiseOnly": true })).accepted();
    case.require(json!({ "logEntries": 3, "promiseOnly": true })).rejected(LOGS);
    // A second promise of the log that has a proof is nothing new.
    let case = message(|_, spec| {
        spec.version = admissible_box::bundle::Version::V01;
        let mut again = spec.entry().clone();
        again.tree_index += 1;
        again.proof = false;
        spec.entries.push(again);
    });
    case.require(json!({ "logEntries": 2, "promiseOnly": true })).rejected(LOGS);
}

/// No log at all, for callers of an instance without logs; and never by itself.
#[test]
fn instances_without_logs() {
    let edit: Edit = |world, spec| {
        let without = world.without_logs(spec.clone());
        *spec = without;
    };
    let case = message(edit);
    case.rejected(&[LOGS[0], SCTS[0]]);
    case.clone().require(json!({ "logEntries": 0 })).rejected(SCTS);
    case.clone().require(json!({ "scts": 0 })).rejected(LOGS);
    case.clone().require(json!({ "logEntries": 0, "scts": 0 })).accepted();
    case.clone().require(json!({ "logEntries": 0, "scts": 0, "signedTimestamps": 1 })).accepted();
    case.require(json!({ "logEntries": 0, "scts": 0, "signedTimestamps": 2 })).rejected(TIMESTAMPS);
    // Without any time, a certificate is worth nothing, whatever is required.
    message(|_, spec| {
        spec.entries.clear();
    })
    .require(json!({ "logEntries": 0, "scts": 0 }))
    .rejected(&[("signing-time", "signing-time-missing")]);
}

/// A managed key asks for the same logs, and for no SCT.
#[test]
fn managed_keys() {
    let key = World::new(SEED).managed_key(KeyAlg::P256);
    let made = |edit: Edit| {
        let key = key.clone();
        let pem = key.pem();
        message(move |world, spec| {
            spec.signer = Signer::Key(key);
            edit(world, spec);
        })
        .signer(json!({ "publicKey": pem }))
    };
    made(|_, _| {}).require(json!({ "scts": 2 })).accepted();
    made(|_, spec| spec.entries.clear()).rejected(LOGS);
    made(|_, spec| spec.entries.clear()).require(json!({ "logEntries": 0 })).accepted();
    made(|_, spec| spec.entry().promise = None::<PromiseSpec>).accepted();
}

/// Numbers that no bundle can reach, or that are none, are refused.
#[test]
fn impossible_requirements() {
    let case = message(|_, _| {});
    for (require, code) in [
        (json!({ "logEntries": 33 }), "invalid-requirement"),
        (json!({ "scts": 17 }), "invalid-requirement"),
        (json!({ "signedTimestamps": 33 }), "invalid-requirement"),
        (json!({ "logEntries": -1 }), "invalid-requirement"),
        (json!({ "logEntries": 1.5 }), "invalid-requirement"),
        (json!({ "logEntries": "1" }), "invalid-requirement"),
        (json!({ "logEntries": true }), "invalid-requirement"),
        (json!({ "logEntries": 1e30 }), "invalid-requirement"),
        (json!({ "logentries": 2 }), "malformed-options"),
        (json!({ "sct": 2 }), "malformed-options"),
        (json!([]), "malformed-options"),
        (json!("none"), "malformed-options"),
    ] {
        println!("{require}");
        case.clone().require(require).refused(code);
    }
    case.clone().require(json!({ "logEntries": 32 })).rejected(LOGS);
    // The other spelling of protobuf JSON is read, never ignored.
    case.require(json!({ "log_entries": 2 })).rejected(LOGS);
}

/// Logs of every kind of key. Rekor v1 marks its lines by the hash of the SPKI, whatever the key.
#[test]
fn keys_of_logs() {
    for generation in [Generation::V1, Generation::V2] {
        for alg in [KeyAlg::P256, KeyAlg::P384, KeyAlg::Ed25519, KeyAlg::Rsa2048] {
            println!("{generation:?} {alg:?}");
            let made = if generation == Generation::V1 { message } else { message_v2 };
            made(|world: &mut World, spec: &mut BundleSpec| spec.entry().log = world.add_log(generation, alg))
                .accepted();
        }
    }
}
