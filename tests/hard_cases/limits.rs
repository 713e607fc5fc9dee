//! How much is too much, what a threshold counts, and errors of use.

use std::time::{Duration, Instant};

use admissible_box::ct::SctSpec;
use admissible_box::dsse::{provenance, subject};
use admissible_box::rekor::Kind;
use admissible_box::time::rfc3339;
use admissible_box::tsa::TimestampSpec;
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, World};
use admissible_box::{b64, certificate::Extension, der};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::SEED;
use crate::mint::{ENTRY, Reasons, at, case, v1, v2, with_bundle, with_root};

const TOO_MANY: Reasons<'static> = &[("bundle", "bundle-too-many")];

fn items<'v>(bundle: &'v mut Value, pointer: &str) -> &'v mut Vec<Value> {
    at(bundle, pointer).as_array_mut().expect("an array")
}

const STAMPS: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
const ENTRIES: &str = "/verificationMaterial/tlogEntries";

/// Row 44: more entries or timestamps than a bundle may have, all of them good.
#[test]
fn entries_and_timestamps_are_limited() {
    let stamps = |n: i64| v2(move |w, s| s.timestamps = (0..n).map(|i| TimestampSpec::new(0, w.time + i)).collect());
    stamps(32).accepted();
    stamps(33).rejected(TOO_MANY);
    let entries = |n: u64| {
        v1(move |_, s| {
            let entry = s.entry().clone();
            s.entries = (0..n)
                .map(|i| admissible_box::rekor::EntrySpec { tree_index: i, tree_size: 40, ..entry.clone() })
                .collect();
        })
    };
    entries(32).accepted();
    entries(33).rejected(TOO_MANY);
    for (pointer, base) in [(STAMPS, v2(|_, _| ())), (ENTRIES, v2(|_, _| ()))] {
        with_bundle(base, |b| {
            let list = items(b, pointer);
            *list = vec![list[0].clone(); 2000];
        })
        .rejected(TOO_MANY);
    }
}

/// Row 44: the same party twice counts once.
#[test]
fn duplicates_count_once() {
    let requiring = |mut case: Case, require: Value| {
        case.options["require"] = require;
        case
    };
    // Two timestamps of one authority, the same one twice, and two of two authorities.
    let stamps = |offsets: &'static [i64]| {
        v2(|w, s| s.timestamps = offsets.iter().map(|o| TimestampSpec::new(0, w.time + o)).collect())
    };
    for offsets in [&[10, 11][..], &[10, 10]] {
        requiring(stamps(offsets), json!({ "signedTimestamps": 1 })).accepted();
        requiring(stamps(offsets), json!({ "signedTimestamps": 2 }))
            .rejected(&[("threshold", "threshold-signed-timestamps")]);
    }
    let two = v2(|w, s| {
        let second = w.add_tsa(admissible_box::keys::KeyAlg::P256, 0);
        s.timestamps.push(TimestampSpec::new(second, w.time + 10));
    });
    requiring(two, json!({ "signedTimestamps": 2 })).accepted();
    let one_operator = v2(|w, s| {
        let second = w.add_tsa(admissible_box::keys::KeyAlg::P256, 0);
        s.timestamps.push(TimestampSpec::new(second, w.time + 10));
        w.tsas.iter_mut().for_each(|tsa| tsa.operator = Some("box.test".into()));
    });
    requiring(one_operator, json!({ "signedTimestamps": 2 })).rejected(&[("threshold", "threshold-signed-timestamps")]);

    // Two entries of one log; the same entry twice is no bundle.
    let mut entries = v1(|_, s| {
        let mut second = s.entry().clone();
        second.tree_index += 1;
        s.entries.push(second);
    });
    entries.accepted();
    entries.options["require"] = json!({ "logEntries": 2 });
    entries.rejected(&[("threshold", "threshold-log-entries")]);
    for base in [v1(|_, _| ()), v2(|_, _| ())] {
        with_bundle(base, |b| {
            let list = items(b, ENTRIES);
            list.push(list[0].clone());
        })
        .rejected(&[("bundle", "bundle-duplicate-log-entry")]);
    }

    // Two SCTs of one log, and of two logs of one operator.
    let scts = |operator: Option<&'static str>, other: bool| {
        let case = v1(|w, s| {
            let second = w.add_ct_log(admissible_box::keys::KeyAlg::P256);
            let sct = SctSpec::new(if other { second } else { 0 }, w.time + 1);
            s.leaf().scts.push(sct);
            w.ct_logs.iter_mut().for_each(|log| log.operator = operator.map(str::to_owned));
        });
        requiring(case, json!({ "scts": 2 }))
    };
    scts(None, true).accepted();
    for spoilt in [scts(None, false), scts(Some("box.test"), true)] {
        spoilt.rejected(&[("threshold", "threshold-scts")]);
    }
}

/// Row 48: digests that are none, and artifacts that are missing or there twice.
#[test]
fn artifacts_as_digests() {
    let hex = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    let with = |artifact: Value| {
        let mut case = v1(|_, _| ());
        case.artifact = None;
        case.options["artifact"] = artifact;
        case
    };
    for wrong in [
        String::new(),
        hex[..63].into(),
        hex[..62].into(),
        format!("{hex}00"),
        format!("{}g", &hex[..63]),
        format!(" {}", &hex[..63]),
        format!("0x{}", &hex[..62]),
        format!("sha256:{hex}"),
        format!("sha512:{}", &hex[..57]),
        format!("{hex}\n"),
        format!("{}é", &hex[..62]),
        "あ".repeat(22),
        b64([7; 32]),
        b64([7; 48]),
    ] {
        println!("{wrong:?}");
        with(json!({ "sha256": wrong })).refused("invalid-artifact-digest");
    }
    with(json!({ "sha512": hex })).refused("invalid-artifact-digest");
    with(json!({ "sha384": hex })).refused("invalid-artifact-digest");
    with(json!({ "sha256": hex, "sha512": hex })).refused("invalid-artifact-digest");
    for unknown in ["sha1", "SHA256", "sha-256", "sha3-256", "md5", "sha512:"] {
        with(json!({ unknown: hex })).refused("malformed-options");
    }
    with(json!({ "sha256": 7 })).refused("malformed-options");
    with(json!(hex)).refused("malformed-options");
    with(json!({})).refused("missing-artifact");
    with(json!(null)).refused("missing-artifact");
    for not_true in [json!(false), json!("true"), json!(1)] {
        with(json!({ "dangerouslyUnbound": not_true })).refused("dangerously-not-true");
    }
    with(json!({ "dangerouslyUnbound": true, "sha256": hex })).refused("malformed-options");
    let mut twice = with(json!({ "sha256": hex }));
    twice.artifact = Some(ARTIFACT.to_vec());
    twice.refused("ambiguous-artifact");

    // Right in form, of something else: the first half of the artifact's SHA-512, and the digest of nothing.
    let sha = |hash: admissible_box::keys::Hash, bytes: &[u8]| -> String {
        hash.digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    use admissible_box::keys::Hash::{Sha256, Sha512};
    let reasons: Reasons<'_> =
        &[("log-binding", "log-binding-digest-differs"), ("artifact", "artifact-digest-differs")];
    for other in [sha(Sha512, ARTIFACT)[..64].to_owned(), sha(Sha256, b""), "0".repeat(64)] {
        with(json!({ "sha256": other })).rejected(reasons);
    }
    let good = sha(Sha256, ARTIFACT);
    with(json!({ "sha256": good })).accepted();
    with(json!({ "sha256": good.to_ascii_uppercase() })).accepted();
    with(json!({ "sha256": good, "sha512": sha(Sha512, ARTIFACT) })).accepted();
}

/// Thresholds that can never be met are errors of use.
#[test]
fn impossible_requirements() {
    let with = |require: Value| {
        let mut case = v1(|_, _| ());
        case.options["require"] = require;
        case
    };
    for field in ["logEntries", "scts", "signedTimestamps"] {
        for wrong in [json!(-1), json!(1.5), json!(33), json!(u64::MAX), json!("1"), json!(true)] {
            with(json!({ field: wrong })).refused("invalid-requirement");
        }
    }
    with(json!({ "log_entries": 1, "logEntries": 1 })).refused("malformed-options");
    with(json!({ "logEntry": 1 })).refused("malformed-options");
    with(json!({ "witnesses": { "keys": [], "threshold": 1 } })).refused("invalid-requirement");
    with(json!({ "witnesses": { "keys": ["x"], "threshold": 1 } })).refused("invalid-witness-key");
}

/// Far beyond what the slowest machine takes for work that grows with the input, far below what work that grows with its square takes
/// at these sizes: hours.
const SOON: Duration = Duration::from_secs(300);

/// Runs the test and demands that it ends soon.
fn soon<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < SOON, "{what} took {:?}", start.elapsed());
    result
}

fn nested(open: &str, close: &str) -> String {
    format!("{}{}{}", open.repeat(100_000), 0, close.repeat(100_000))
}

/// Row 59: JSON nested 100,000 deep, everywhere that JSON is read.
#[test]
fn deep_json() {
    const COMPLEX: Reasons<'static> = &[("bundle", "bundle-too-complex")];
    for deep in [
        nested("[", "]"),
        nested("{\"a\":", "}"),
        nested("[{\"a\":", "}]"),
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
    ] {
        soon("deep JSON", || {
            let good = v1(|_, _| ());
            Case { bundle: deep.clone().into_bytes(), ..good.clone() }.rejected(COMPLEX);
            // As an unknown member, which is otherwise ignored.
            let text = String::from_utf8(good.bundle.clone()).expect("JSON");
            let inside = format!("{{\"x\":{deep},{}", &text[1..]);
            Case { bundle: inside.into_bytes(), ..good.clone() }.rejected(COMPLEX);
            Case { root: deep.clone().into_bytes(), ..good.clone() }.refused("invalid-trusted-root");
            let error = admissible::Options::from_json(&deep, None).expect_err("too deep");
            assert_eq!(admissible::check::Coded::code(&error), "malformed-options");

            // Signed and logged.
            let world = World::new(SEED);
            let mut spec = world.provenance();
            spec.dsse().payload = deep.clone().into_bytes();
            case(&world, &spec).rejected(&[("statement", "statement-malformed")]);
            let mut spec = world.message();
            spec.entry().body_bytes = Some(deep.into_bytes());
            case(&world, &spec).rejected(&[("log-binding", "log-binding-malformed-body")]);
        });
    }
}

/// Row 59: fields of 8 MB.
#[test]
fn large_fields() {
    const EIGHT: usize = 8_000_000;
    let bytes = b64(vec![b'A'; EIGHT]);
    // Base64 is slow to read without optimisation: the largest size stands where most is done with the bytes.
    let fewer = b64(vec![b'A'; EIGHT / 16]);
    let text = "A".repeat(EIGHT);
    let good = v1(|w, s| s.timestamps = vec![w.timestamp()]);
    let put = |pointer: &str, value: &str| with_bundle(good.clone(), |b| *at(b, pointer) = json!(value));
    let entry = |field: &str| format!("{ENTRY}/{field}");
    let table: Vec<(String, &str, Reasons<'_>)> = vec![
        (
            "/messageSignature/signature".into(),
            &bytes,
            &[
                ("log-binding", "log-binding-signature-differs"),
                ("timestamp", "timestamp-imprint-differs"),
                ("signature", "signature-malformed"),
            ],
        ),
        ("/messageSignature/messageDigest/digest".into(), &fewer, &[("bundle", "bundle-message-digest")]),
        ("/mediaType".into(), &text, &[("bundle", "bundle-unknown-media-type")]),
        ("/verificationMaterial/certificate/rawBytes".into(), &bytes, &[("certificate-path", "certificate-malformed")]),
        (format!("{STAMPS}/0/signedTimestamp"), &fewer, &[("timestamp", "timestamp-malformed")]),
        // A log of another id is an unknown one.
        (entry("logId/keyId"), &fewer, &[("threshold", "threshold-log-entries")]),
        (entry("kindVersion/kind"), &text, &[("log-binding", "log-binding-kind-differs")]),
        (entry("logIndex"), &text, &[("bundle", "bundle-invalid-integer")]),
        // Another leaf than the promise and the proof are about, too.
        (
            entry("canonicalizedBody"),
            &bytes,
            &[
                ("inclusion-proof", "inclusion-proof-wrong-root"),
                ("inclusion-promise", "inclusion-promise-signature-invalid"),
                ("log-binding", "log-binding-malformed-body"),
            ],
        ),
        (
            entry("inclusionPromise/signedEntryTimestamp"),
            &fewer,
            &[("inclusion-promise", "inclusion-promise-signature-invalid")],
        ),
        (entry("inclusionProof/rootHash"), &fewer, &[("bundle", "bundle-wrong-length")]),
        (entry("inclusionProof/hashes/0"), &fewer, &[("bundle", "bundle-wrong-length")]),
        (entry("inclusionProof/checkpoint/envelope"), &text, &[("checkpoint", "checkpoint-malformed")]),
    ];
    for (pointer, value, reasons) in table {
        println!("{pointer}");
        let case = put(&pointer, value);
        let report = soon(&pointer, || case.rejected(reasons));
        // What is said of it stays short.
        for failure in report.failures() {
            assert!(failure.message.len() < 2000, "{}", failure.message.len());
        }
        assert!(report.notes.iter().all(|note| note.to_string().len() < 2000));
    }
    // A predicate of 8 MB is a large one, and no more.
    soon("a large predicate", || {
        let world = World::new(SEED);
        let mut statement = provenance(&[subject(ARTIFACT_NAME, ARTIFACT)]);
        statement["predicate"]["more"] = json!(text);
        case(&world, &world.statement(&statement)).accepted();
    });
    soon("17 MB", || {
        with_bundle(good.clone(), |b| b["more"] = json!(text.repeat(3))).rejected(&[("bundle", "bundle-too-large")]);
    });
    soon("a large root", || {
        with_root(good.clone(), |r| r["more"] = json!(text)).refused("invalid-trusted-root");
    });
    soon("large options", || {
        let mut case = good.clone();
        case.options["signer"]["identity"] = json!(text);
        case.refused("malformed-options");
        case.options["signer"]["identity"] = json!("A".repeat(100_000));
        case.rejected(&[("signer", "signer-identity-differs")]);
    });
}

/// Row 59: 100,000 hashes, a checkpoint of 1 MB, a million values, and what else can be many.
#[test]
fn large_numbers() {
    let hash = b64([7; 32]);
    for count in [65, 100_000] {
        soon("hashes", || {
            let hashes = json!(vec![hash.clone(); count]);
            with_bundle(v2(|_, _| ()), |b| *at(b, &format!("{ENTRY}/inclusionProof/hashes")) = hashes)
                .rejected(TOO_MANY);
        });
    }
    v2(|_, s| s.entry().alter_proof.set(|p| p.hashes = vec![vec![7; 32]; 64]))
        .rejected(&[("inclusion-proof", "inclusion-proof-malformed")]);

    const CHECKPOINT: Reasons<'static> = &[("checkpoint", "checkpoint-malformed")];
    soon("checkpoints", || {
        v2(|_, s| s.entry().alter_checkpoint.set(|c| c.extra_lines.push("x".repeat(1_000_000)))).rejected(CHECKPOINT);
        v2(|_, s| s.entry().alter_checkpoint.set(|c| c.extra_lines = vec!["x".into(); 500_000])).rejected(CHECKPOINT);
        v2(|_, s| s.entry().alter_checkpoint.set(|c| c.alter_envelope.set(|note| *note += &"\n".repeat(1_000_000))))
            .rejected(CHECKPOINT);
        v2(|_, s| s.entry().alter_checkpoint.set(|c| c.signatures = vec![c.signatures[0].clone(); 65]))
            .rejected(CHECKPOINT);
    });
    v2(|_, s| s.entry().alter_checkpoint.set(|c| c.signatures = vec![c.signatures[0].clone(); 64])).accepted();
    v2(|_, s| s.entry().alter_checkpoint.set(|c| c.extra_lines.push("x".repeat(60_000)))).accepted();

    soon("values", || {
        let mut case = v2(|_, _| ());
        let text = String::from_utf8(case.bundle).expect("JSON");
        case.bundle = format!("{{\"x\":[{}0],{}", "0,".repeat(2_000_000), &text[1..]).into_bytes();
        case.rejected(&[("bundle", "bundle-too-complex")]);
    });
    soon("unknown members", || {
        let many = |n: usize| (0..n).map(|i| (format!("x{i}"), json!(i))).collect::<serde_json::Map<_, _>>();
        let report =
            with_bundle(v2(|_, _| ()), |b| b.as_object_mut().expect("an object").extend(many(100_000))).accepted();
        let listed = report.bundle.passed().map(|facts| facts.unknown_fields.len());
        assert_eq!(listed, Some(admissible::limits::MAX_REPORTED_UNKNOWN_FIELDS));
    });
    soon("subjects", || {
        let subjects = |n: usize| {
            let mut all: Vec<Value> = (0..n - 1).map(|i| subject("other", &i.to_be_bytes())).collect();
            all.push(subject(ARTIFACT_NAME, ARTIFACT));
            let world = World::new(SEED);
            case(&world, &world.statement(&provenance(&all)))
        };
        subjects(1024).accepted();
        subjects(1025).rejected(&[("statement", "statement-malformed")]);
    });
    soon("extensions", || {
        let extensions = |n: u64| {
            let more = move |i| Extension::new(&format!("1.2.3.4.{i}"), false, der::null());
            v1(move |_, s| s.leaf().certificate.extra_extensions.extend((0..n).map(more)))
        };
        extensions(60).accepted();
        extensions(200).rejected(&[("certificate-path", "certificate-malformed")]);
    });
    soon("a chain", || {
        let case = v1(|_, s| s.version = admissible_box::bundle::Version::V02);
        with_bundle(case, |b| {
            let list = items(b, "/verificationMaterial/x509CertificateChain/certificates");
            *list = vec![list[0].clone(); 11];
        })
        .rejected(TOO_MANY);
    });
    soon("authorities", || {
        for list in ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"] {
            with_root(v2(|_, _| ()), |r| r[list] = json!(vec![r[list][0].clone(); 65])).refused("invalid-trusted-root");
        }
        let mut many = v2(|_, _| ());
        let rule = many.options["signer"].clone();
        many.options["signer"] = json!(vec![rule.clone(); 256]);
        many.accepted();
        many.options["signer"] = json!(vec![rule; 257]);
        many.refused("malformed-options");
    });
}

/// Row 60: everything is consistent, but far in the future. Without `now` no time is too late, for the core reads no clock;
/// with it, the time is refused.
#[test]
fn the_far_future() {
    const FUTURE: Reasons<'static> = &[("signing-time", "signing-time-in-future")];
    let world = World::at("future", 4_000_000_000);
    let mut both = world.message();
    both.timestamps = vec![world.timestamp()];
    for spec in [world.message(), world.on_rekor_v2(world.message()), both.clone(), world.provenance()] {
        let mut case = case(&world, &spec);
        case.accepted();
        for (now, late) in [
            (1_750_000_000, true),
            (world.time - 3600, true),
            (world.time - 300, true),
            // Clocks of honest machines differ by minutes.
            (world.time - 200, false),
            (world.time + 10, false),
            (world.time + 1_000_000_000, false),
        ] {
            println!("{now}");
            case.options["now"] = json!(rfc3339(now));
            if late { drop(case.rejected(FUTURE)) } else { drop(case.accepted()) }
        }
        for wrong in [json!("tomorrow"), json!("2026-01-01")] {
            case.options["now"] = wrong;
            case.refused("invalid-time");
        }
    }
    // One of two times is enough to be refused.
    both.timestamps[0].gen_time = world.time + 500;
    let mut case = case(&world, &both);
    case.accepted();
    case.options["now"] = json!(rfc3339(world.time + 100));
    case.rejected(FUTURE);
    // A managed key's time is refused as well.
    let mut spec = crate::mint::managed(&world, &world.message());
    spec.entry().kind = Kind::HashedRekordV1;
    let mut case = crate::mint::case(&world, &spec);
    case.accepted();
    case.options["now"] = json!(rfc3339(1_750_000_000));
    case.rejected(FUTURE);
}
