//! Who signed the tree head: the log, and the witnesses that the caller asks for.

use admissible_box::keys::{KeyAlg, KeyPair};
use admissible_box::note::{CheckpointSpec, SignatureLine, Witness};
use admissible_box::rekor::{EntrySpec, Generation, Kind};
use admissible_box::world::{REKOR_V1, REKOR_V2, World};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::{Edit, Maker, Reason, Rows, SEED, accepted_in_both, message, message_v2, rejected_in_both};

const NOT_SIGNED: &[Reason] = &[("checkpoint", "checkpoint-not-signed-by-log")];
const INVALID: &[Reason] = &[("checkpoint", "checkpoint-signature-invalid")];
const MALFORMED: &[Reason] = &[("checkpoint", "checkpoint-malformed")];
const ORIGIN: &[Reason] = &[("checkpoint", "checkpoint-origin-differs")];
const COSIGNATURE: &[Reason] = &[("checkpoint", "checkpoint-cosignature-invalid")];
const WITNESSES: &[Reason] = &[("threshold", "threshold-witnesses")];

/// Row 28: the checkpoint is by another trusted log, of the same tree: under its own name, and under the log's.
#[test]
fn by_another_trusted_log() {
    for generation in [Generation::V1, Generation::V2] {
        for alg in [KeyAlg::P256, KeyAlg::Ed25519] {
            println!("{generation:?} {alg:?}");
            let other = move |world: &mut World| {
                let index = world.add_log(generation, alg);
                world.logs[index].clone()
            };
            for made in [message, message_v2 as Maker] {
                let whole = made(Box::new(move |world, spec| {
                    let other = other(world);
                    spec.entry().alter_checkpoint.set(move |checkpoint| {
                        let root = checkpoint.root.clone().try_into().expect("32 bytes");
                        *checkpoint = other.checkpoint(checkpoint.size.parse().expect("a size"), &root);
                    });
                }));
                whole.rejected(NOT_SIGNED);
                let line = made(Box::new(move |world, spec| {
                    let other = other(world);
                    spec.entry().alter_checkpoint.set(move |checkpoint| {
                        checkpoint.signatures = vec![SignatureLine::log(&other.host, &other.key)];
                    });
                }));
                line.rejected(NOT_SIGNED);
                let disguised = made(Box::new(move |world, spec| {
                    let other = other(world);
                    spec.entry().alter_checkpoint.set(move |checkpoint| {
                        let own = SignatureLine::log(&checkpoint.signatures[0].name, &other.key);
                        checkpoint.signatures = vec![own];
                    });
                }));
                disguised.rejected(NOT_SIGNED);
            }
        }
    }
}

type Spec = admissible_box::bundle::BundleSpec;

/// Row 28: the entry claims to be in another trusted log than the one that signed the checkpoint.
#[test]
fn entry_of_another_trusted_log() {
    let edit: Edit = |world, spec| {
        let other = world.add_log(Generation::V2, KeyAlg::Ed25519);
        spec.entry().log_id = Some(world.logs[other].log_id().to_vec());
    };
    message_v2(edit).rejected(NOT_SIGNED);
    // In Rekor v1 the promise, too, is of another log than the one named.
    message(edit).rejected(&[NOT_SIGNED[0], ("inclusion-promise", "inclusion-promise-signature-invalid")]);
}

/// The root knows two keys of one host, the first of them retired a day before signing.
fn rotated(world: &mut World, log: usize) -> usize {
    let (generation, alg) = (world.logs[log].generation, world.logs[log].key.alg());
    let old = world.add_log(generation, alg);
    world.logs[old].host = world.logs[log].host.clone();
    world.logs[old].tree_id = world.logs[log].tree_id;
    world.logs[old].valid_for.end = Some(world.time - 86_400);
    old
}

/// Row 28: the checkpoint is by the log's retired key, though the entry names the current one.
#[test]
fn by_the_key_before() {
    for (log, made) in [(REKOR_V1, message as Maker), (REKOR_V2, message_v2)] {
        made(Box::new(move |world, spec| {
            let old = rotated(world, log);
            let old = world.logs[old].clone();
            spec.entry().alter_checkpoint.set(move |checkpoint| {
                let root = checkpoint.root.clone().try_into().expect("32 bytes");
                *checkpoint = old.checkpoint(checkpoint.size.parse().expect("a size"), &root);
            });
        }))
        .rejected(NOT_SIGNED);
        // The current key beside the retired one is fine.
        made(Box::new(move |world, _| {
            rotated(world, log);
        }))
        .accepted();
    }
}

/// Row 28: everything is by the retired key, and the entry names it. In Rekor v1 the log itself says when: too late.
#[test]
fn by_a_retired_log() {
    let retired = [("inclusion-promise", "inclusion-promise-outside-log-window")];
    message(|world, spec| spec.entry().log = rotated(world, REKOR_V1)).rejected(&retired);
    message(|world, _| world.logs[REKOR_V1].valid_for.end = Some(world.time + 9)).rejected(&retired);
    message(|world, _| world.logs[REKOR_V1].valid_for.start = Some(world.time + 11)).rejected(&retired);
    // A timestamp inside the window does not excuse it.
    message(|world, spec| {
        world.logs[REKOR_V1].valid_for.end = Some(world.time + 9);
        spec.timestamps = vec![world.timestamp()];
        spec.timestamps[0].gen_time = world.time + 5;
    })
    .rejected(&retired);
}

/// Row 28: a Rekor v2 log attests no time, so the earliest timestamp is held against the end of its window: the box stamps
/// ten seconds after it signs.
#[test]
fn by_a_retired_log_of_rekor_v2() {
    const RETIRED: &[Reason] = &[("checkpoint", "checkpoint-log-retired")];
    message_v2(|world, spec| spec.entry().log = rotated(world, REKOR_V2)).rejected(RETIRED);
    message_v2(|world, _| world.logs[REKOR_V2].valid_for.end = Some(world.time + 9)).rejected(RETIRED);
    message_v2(|world, _| world.logs[REKOR_V2].valid_for.end = Some(world.time + 10)).accepted();
}

/// Row 29: the line has the log's key id and signature, and another key name. Only that changed.
#[test]
fn under_another_name() {
    for made in [message, message_v2 as Maker] {
        let renamed = |rename: fn(&str) -> String| {
            made(Box::new(move |_, spec| {
                spec.entry().alter_checkpoint.set(move |checkpoint| {
                    let line = &mut checkpoint.signatures[0];
                    line.name = rename(&line.name);
                });
            }))
        };
        let names: [fn(&str) -> String; 10] = [
            |_| "rekor-9.box.test".into(),
            |name| name.to_uppercase(),
            |name| format!("{name}."),
            |name| format!("{name}/"),
            |name| format!("{name}.evil.test"),
            |name| format!("evil.{name}"),
            |name| name[1..].into(),
            |name| name[..name.len() - 1].into(),
            |name| format!("https://{name}"),
            |name| name.replace('e', "\u{435}"),
        ];
        for rename in names {
            println!("{}", rename("rekor-N.box.test"));
            renamed(rename).rejected(NOT_SIGNED);
        }
        // Not even a name.
        let no_names: [fn(&str) -> String; 5] = [
            |_| String::new(),
            |name| format!("{name}+"),
            |name| format!("{name}\u{a0}x"),
            |name| format!("{name}\t"),
            |name| format!("{name} "),
        ];
        for rename in no_names {
            renamed(rename).rejected(MALFORMED);
        }
    }
}

/// The origin is the log's, too: signed by the log, but of another tree.
#[test]
fn origins() {
    rejected_in_both(&[
        ("another", |_, s| origin(s, |_| "rekor-9.box.test".into()), ORIGIN),
        ("prefix", |_, s| origin(s, |host| format!("{host}.evil.test")), ORIGIN),
        ("suffix", |_, s| origin(s, |host| format!("evil.{host}")), ORIGIN),
        ("case", |_, s| origin(s, str::to_uppercase), ORIGIN),
        ("no tree id", |_, s| origin(s, |host| format!("{host} - ")), ORIGIN),
        ("a tree id of letters", |_, s| origin(s, |host| format!("{host} - 12ab")), ORIGIN),
        ("another separator", |_, s| origin(s, |host| format!("{host}-1")), ORIGIN),
        ("none", |_, s| origin(s, |_| String::new()), MALFORMED),
    ]);
    accepted_in_both(&[("another shard", |_, s| {
        s.entry().alter_checkpoint.set(|checkpoint| {
            if let Some((host, _)) = checkpoint.origin.split_once(" - ") {
                checkpoint.origin = format!("{host} - 7");
            }
        });
    })]);
}

fn origin(spec: &mut Spec, edit: fn(&str) -> String) {
    spec.entry().alter_checkpoint.set(move |checkpoint| checkpoint.origin = edit(&checkpoint.signatures[0].name));
}

fn note(spec: &mut Spec, edit: fn(&mut String)) {
    spec.entry().alter_checkpoint.set(move |checkpoint| checkpoint.alter_envelope.set(edit));
}

/// A note that a stranger made for a tree of his own.
fn forged() -> String {
    let key = KeyPair::derive(KeyAlg::Ed25519, "stranger", "log");
    let spec = CheckpointSpec {
        origin: "rekor-1.box.test".into(),
        size: "1".into(),
        root: vec![7; 32],
        extra_lines: Vec::new(),
        text: None,
        signatures: vec![SignatureLine::log("rekor-1.box.test", &key)],
        alter_envelope: admissible_box::hook::Hook::default(),
    };
    spec.envelope()
}

fn forged_text() -> String {
    forged().split("\n\n").next().expect("a text").to_owned() + "\n"
}

fn forged_lines() -> String {
    forged().split("\n\n").nth(1).expect("lines").to_owned()
}

/// Row 30: a forged note before or after the valid one, joined in every way; and junk after the signatures.
#[test]
fn two_notes_in_one() {
    let rows: Rows<'_> = &[
        ("appended", |_, s| note(s, |text| *text += &forged()), MALFORMED),
        ("appended after a blank line", |_, s| note(s, |text| *text += &format!("\n{}", forged())), MALFORMED),
        ("prepended", |_, s| note(s, |text| *text = forged() + text), MALFORMED),
        ("prepended before a blank line", |_, s| note(s, |text| *text = format!("{}\n{text}", forged())), MALFORMED),
        ("text prepended", |_, s| note(s, |text| *text = forged_text() + text), INVALID),
        ("text prepended, with a blank line", |_, s| note(s, |text| *text = forged_text() + "\n" + text), MALFORMED),
        (
            "lines appended to the text",
            |_, s| note(s, |text| *text = text.replacen("\n\n", &format!("\n{}\n", forged_text()), 1)),
            INVALID,
        ),
        ("another blank section", |_, s| note(s, |text| *text += &format!("\n{}", forged_lines())), MALFORMED),
        ("junk", |_, s| note(s, |text| *text += "junk\n"), MALFORMED),
        ("junk without newline", |_, s| note(s, |text| *text += "junk"), MALFORMED),
        ("a blank line", |_, s| note(s, |text| *text += "\n"), MALFORMED),
        ("a space", |_, s| note(s, |text| *text += " "), MALFORMED),
        ("a comment", |_, s| note(s, |text| *text += "# comment\n"), MALFORMED),
        ("a hyphen for the dash", |_, s| note(s, |text| *text = text.replace('\u{2014}', "-")), MALFORMED),
        ("no newline at the end", |_, s| note(s, |text| text.truncate(text.len() - 1)), MALFORMED),
        ("carriage returns", |_, s| note(s, |text| *text = text.replace('\n', "\r\n")), MALFORMED),
        ("a NUL", |_, s| note(s, |text| *text += "\0"), MALFORMED),
        (
            "junk before the signatures",
            |_, s| note(s, |text| *text = text.replacen("\n\n", "\n\njunk\n", 1)),
            MALFORMED,
        ),
    ];
    rejected_in_both(rows);
}

/// Strangers' lines are ignored wherever they stand; a second line under the log's name and key id must hold like the first.
#[test]
fn other_lines() {
    accepted_in_both(&[
        ("a stranger's, last", |_, s| note(s, |text| *text += "\u{2014} stranger.test AAAAAAAA\n")),
        ("a stranger's, first", |_, s| {
            note(s, |text| *text = text.replacen("\n\n", "\n\n\u{2014} stranger.test AAAAAAAA\n", 1));
        }),
        ("the log's name, another key id", |_, s| {
            s.entry().alter_checkpoint.set(|checkpoint| {
                let key = KeyPair::derive(KeyAlg::Ed25519, "stranger", "log");
                let line = SignatureLine::log(&checkpoint.signatures[0].name, &key);
                checkpoint.signatures.insert(0, line);
            });
        }),
        ("twice", |_, s| {
            s.entry().alter_checkpoint.set(|checkpoint| {
                let line = checkpoint.signatures[0].clone();
                checkpoint.signatures.push(line);
            });
        }),
    ]);
    let bad_beside_good = |spec: &mut Spec, at: usize| {
        spec.entry().alter_checkpoint.set(move |checkpoint| {
            let mut line = checkpoint.signatures[0].clone();
            line.alter_signature.set(|bytes| *bytes.last_mut().expect("a byte") ^= 1);
            checkpoint.signatures.insert(at, line);
        });
    };
    for at in [0, 1] {
        message(|_, spec| bad_beside_good(spec, at)).rejected(INVALID);
        message_v2(|_, spec| bad_beside_good(spec, at)).rejected(INVALID);
    }
}

/// A Rekor v2 bundle whose checkpoint has more lines, before the log's.
fn cosigned(lines: impl Fn(&[Witness], u64) -> Vec<SignatureLine> + Send + Sync + 'static) -> Case {
    message_v2(|world, spec| {
        world.add_witness();
        let (witnesses, time) = (world.witnesses.clone(), u64::try_from(world.time).expect("after 1970"));
        spec.entry().alter_checkpoint.set(move |checkpoint| {
            checkpoint.signatures.splice(0..0, lines(&witnesses, time));
        });
    })
}

fn keys(witnesses: &[usize]) -> Vec<String> {
    let mut world = World::new(SEED);
    world.add_witness();
    witnesses.iter().map(|index| world.witnesses[*index].vkey()).collect()
}

fn ask(keys: Vec<String>, threshold: usize) -> Value {
    json!({ "witnesses": { "keys": keys, "threshold": threshold } })
}

/// k of n witnesses: those that the caller names count, each once; unknown ones are ignored.
#[test]
fn witnesses() {
    let by_all = cosigned(|witnesses, time| witnesses.iter().map(|witness| witness.cosign(time)).collect());
    by_all.accepted();
    for threshold in 0..=3 {
        let report = by_all.clone().require(ask(keys(&[0, 1, 2]), threshold)).accepted();
        assert_eq!(report.threshold.passed().expect("counted").witnesses, 3);
    }
    let by_two = cosigned(|witnesses, time| witnesses[..2].iter().map(|witness| witness.cosign(time)).collect());
    by_two.clone().require(ask(keys(&[0, 1, 2]), 2)).accepted();
    by_two.clone().require(ask(keys(&[0, 1, 2]), 3)).rejected(WITNESSES);
    by_two.clone().require(ask(keys(&[2]), 1)).rejected(WITNESSES);
    by_two.clone().require(ask(keys(&[1]), 1)).accepted();
    message_v2(|_, _| {}).require(ask(keys(&[0]), 1)).rejected(WITNESSES);
    // The same cosignature, or another of the same witness, is no second one; nor is a key that is named twice.
    let twice = cosigned(|witnesses, time| {
        vec![witnesses[0].cosign(time), witnesses[0].cosign(time), witnesses[0].cosign(time + 1)]
    });
    twice.clone().require(ask(keys(&[0, 1]), 1)).accepted();
    twice.clone().require(ask(keys(&[0, 1]), 2)).rejected(WITNESSES);
    twice.require(ask(keys(&[0, 0]), 2)).refused("invalid-requirement");
}

/// One key under two names is one witness.
#[test]
fn witness_of_two_names() {
    let alias = |witness: &Witness| Witness { name: "alias.box.test".into(), key: witness.key.clone() };
    let case = cosigned(move |witnesses, time| vec![witnesses[0].cosign(time), alias(&witnesses[0]).cosign(time)]);
    let mut both = keys(&[0]);
    both.push(alias(&World::new(SEED).witnesses[0]).vkey());
    case.clone().require(ask(both.clone(), 1)).accepted();
    case.require(ask(both, 2)).rejected(WITNESSES);
}

/// A known witness's wrong cosignature condemns the checkpoint, even where enough others are good; an unknown witness may have
/// signed anything.
#[test]
fn wrong_cosignatures() {
    let edits: [fn(&mut SignatureLine); 8] = [
        |line| line.alter_signature.set(|bytes| *bytes.last_mut().expect("a byte") ^= 1),
        |line| line.alter_signature.set(|bytes| bytes[7] ^= 1),
        |line| line.alter_signature.set(|bytes| bytes.truncate(64)),
        |line| line.alter_signature.set(|bytes| bytes.truncate(5)),
        |line| line.alter_signature.set(|bytes| bytes.push(0)),
        |line| line.cosigned_at = None,
        |line| line.text = Some("rekor-1.box.test\n12\nAAAA\n".into()),
        |line| line.key = KeyPair::derive(KeyAlg::Ed25519, "stranger", "witness"),
    ];
    for edit in edits {
        let case = cosigned(move |witnesses, time| {
            let mut wrong = witnesses[1].cosign(time);
            edit(&mut wrong);
            vec![witnesses[0].cosign(time), wrong]
        });
        case.clone().require(ask(keys(&[0, 1]), 1)).rejected(COSIGNATURE);
        case.clone().require(ask(keys(&[0, 1]), 0)).rejected(COSIGNATURE);
        case.require(ask(keys(&[0, 2]), 1)).accepted();
    }
    // Under another key id or name a line is a stranger's.
    for edit in [(|line| line.key_id[0] ^= 1) as fn(&mut SignatureLine), |line| line.name = "witness-9.box.test".into()]
    {
        let case = cosigned(move |witnesses, time| {
            let mut other = witnesses[0].cosign(time);
            edit(&mut other);
            vec![other]
        });
        case.require(ask(keys(&[0]), 1)).rejected(WITNESSES);
    }
}

/// Demands on witnesses that cannot be met, or cannot be read, are refused.
#[test]
fn impossible_witnesses() {
    let case = message_v2(|_, _| {});
    let key = &keys(&[0])[0];
    let (name, rest) = key.split_once('+').expect("a key");
    for (require, code) in [
        (ask(keys(&[0, 1]), 3), "invalid-requirement"),
        (ask(vec![], 1), "invalid-requirement"),
        (json!({ "witnesses": { "keys": [key] } }), "malformed-options"),
        (json!({ "witnesses": { "threshold": 1 } }), "malformed-options"),
        (json!({ "witnesses": { "keys": [key], "threshold": "1" } }), "invalid-requirement"),
        (json!({ "witnesses": { "keys": [key], "threshold": -1 } }), "invalid-requirement"),
        (ask(vec![String::new()], 1), "invalid-witness-key"),
        (ask(vec![format!("other.test+{rest}")], 1), "invalid-witness-key"),
        (ask(vec![format!("{name}+00000000+{}", rest.split_once('+').expect("a key").1)], 1), "invalid-witness-key"),
        (ask(vec![key.to_uppercase()], 1), "invalid-witness-key"),
    ] {
        println!("{require}");
        case.clone().require(require).refused(code);
    }
}

/// The log's own key must not pass for a witness's, nor the reverse: their key ids are of different types.
#[test]
fn log_is_no_witness() {
    let world = World::new(SEED);
    let log = &world.logs[REKOR_V2];
    let as_witness = Witness { name: log.host.clone(), key: log.key.clone() };
    message_v2(|_, _| {}).require(ask(vec![as_witness.vkey()], 1)).rejected(WITNESSES);
    let case = message_v2(|world, spec| {
        spec.entries = vec![EntrySpec::v2(REKOR_V2, Kind::HashedRekordV2)];
        let witness = Witness { name: world.logs[REKOR_V2].host.clone(), key: world.logs[REKOR_V2].key.clone() };
        let time = u64::try_from(world.time).expect("after 1970");
        spec.entry().alter_checkpoint.set(move |checkpoint| checkpoint.signatures = vec![witness.cosign(time)]);
    });
    case.rejected(NOT_SIGNED);
}
