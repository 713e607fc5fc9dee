//! What a signed statement must say, and about which artifact.

use admissible_box::dsse::{IN_TOTO, STATEMENT_V01, STATEMENT_V1, provenance as statement, subject};
use admissible_box::keys::Hash;
use admissible_box::rekor::Kind;
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::{Reason, case, hex, provenance, provenance_v2};

/// Cases of this statement, truly signed and logged: as dsse and intoto in Rekor v1, and in Rekor v2; each with the artifact's
/// bytes and with its digest.
fn cases(edit: impl Fn(&mut Value)) -> Vec<Case> {
    let mut value = statement(&[subject(ARTIFACT_NAME, ARTIFACT)]);
    edit(&mut value);
    payload_cases(IN_TOTO, value.to_string().as_bytes())
}

fn payload_cases(payload_type: &str, payload: &[u8]) -> Vec<Case> {
    let made = [
        provenance(|_, spec| {
            (spec.dsse().payload_type, spec.dsse().payload) = (payload_type.into(), payload.into());
        }),
        provenance(|_, spec| {
            (spec.dsse().payload_type, spec.dsse().payload) = (payload_type.into(), payload.into());
            spec.entry().kind = Kind::Intoto;
        }),
        provenance_v2(|_, spec| {
            (spec.dsse().payload_type, spec.dsse().payload) = (payload_type.into(), payload.into());
        }),
    ];
    made.into_iter().flat_map(|case| [case.by_digest(), case]).collect()
}

#[track_caller]
fn rejected(cases: Vec<Case>, reason: Reason) {
    for case in cases {
        case.rejected(&[reason]);
    }
}

/// The control of this file: every kind of log entry, bytes and digest.
#[test]
fn statements_about_the_artifact_are_accepted() {
    let all = [
        cases(|_| {}),
        // The artifact need not be the first subject.
        cases(|value| value["subject"] = json!([subject("other", b"other"), subject(ARTIFACT_NAME, ARTIFACT)])),
        // A name proves nothing, so none is needed.
        cases(|value| value["subject"] = json!([{ "digest": subject("", ARTIFACT)["digest"] }])),
        cases(|value| value["_type"] = json!(STATEMENT_V01)),
        // Digests that never establish identity may stand beside one that does.
        cases(|value| value["subject"][0]["digest"]["gitCommit"] = json!("0123456789abcdef0123456789abcdef01234567")),
    ];
    for case in all.into_iter().flatten() {
        case.accepted();
    }
}

/// Row 1: the artifact is not a subject, whether its bytes (PATH) or its digest (DIGEST) are given.
#[test]
fn artifact_is_not_a_subject() {
    let not_a_subject = ("artifact", "artifact-not-a-subject");
    rejected(cases(|value| value["subject"] = json!([subject(ARTIFACT_NAME, b"other")])), not_a_subject);
    rejected(
        cases(|value| value["subject"] = json!([subject("a", b"a"), subject(ARTIFACT_NAME, b"b"), subject("c", b"c")])),
        not_a_subject,
    );
    for made in cases(|_| {}) {
        let other = if made.artifact.is_some() {
            made.artifact(b"other")
        } else {
            let mut made = made;
            made.options["artifact"] = json!({ "sha256": hex(&Hash::Sha256.digest(b"other")) });
            made
        };
        other.rejected(&[not_a_subject]);
    }
}

/// Row 1: the artifact's digest is elsewhere in the statement, but no subject has it.
#[test]
fn artifact_is_only_mentioned() {
    let edit = |value: &mut Value| {
        let digest = value["subject"][0]["digest"].clone();
        value["subject"] = json!([subject("other", b"other")]);
        value["predicate"]["buildDefinition"]["resolvedDependencies"] =
            json!([{ "name": ARTIFACT_NAME, "uri": "x:y", "digest": digest }]);
        value["subjects"] = json!([subject(ARTIFACT_NAME, ARTIFACT)]);
        value["subject"][0]["annotations"] = json!({ "sha256": hex(&Hash::Sha256.digest(ARTIFACT)) });
    };
    rejected(cases(edit), ("artifact", "artifact-not-a-subject"));
}

/// Row 2: another payload type, correctly signed and logged.
#[test]
fn payload_type_is_not_in_toto() {
    let payload = statement(&[subject(ARTIFACT_NAME, ARTIFACT)]).to_string();
    for payload_type in [
        "text/plain",
        "application/json",
        "application/vnd.in-toto",
        "application/vnd.in-toto+jsonl",
        "application/vnd.in-toto+json;version=1",
        "application/vnd.in-toto+json ",
        " application/vnd.in-toto+json",
        "application/vnd.in-toto+json\n",
        "Application/Vnd.In-Toto+JSON",
        "application/vnd.in-toto.provenance+json",
        "https://in-toto.io/Statement/v1",
        "",
    ] {
        println!("{payload_type:?}");
        rejected(payload_cases(payload_type, payload.as_bytes()), ("statement", "statement-payload-type"));
    }
}

/// Row 3: the payload is not JSON.
#[test]
fn payload_is_not_json() {
    let whole = statement(&[subject(ARTIFACT_NAME, ARTIFACT)]).to_string();
    for payload in [
        b"not JSON".to_vec(),
        Vec::new(),
        b"null".to_vec(),
        b"[]".to_vec(),
        whole.as_bytes()[..whole.len() - 1].to_vec(),
        format!("{whole} {{}}").into_bytes(),
        format!("[{whole}]").into_bytes(),
        format!("\u{feff}{whole}").into_bytes(),
        whole.replacen("\"subject\":", "\"subject\":[],\"subject\":", 1).into_bytes(),
        whole.replacen("widget-1.2.3.tgz", "\u{0}", 1).into_bytes(),
        [whole.as_bytes().split_at(40).0, &[0xff], whole.as_bytes().split_at(40).1].concat(),
    ] {
        println!("{}", String::from_utf8_lossy(&payload));
        rejected(payload_cases(IN_TOTO, &payload), ("statement", "statement-malformed"));
    }
}

/// Row 3: no subject.
#[test]
fn no_subject() {
    rejected(cases(|value| value["subject"] = json!([])), ("statement", "statement-without-subject"));
    for wrong in [Value::Null, json!({}), json!("subject"), json!([null]), json!(["subject"])] {
        println!("{wrong}");
        rejected(cases(|value| value["subject"] = wrong.clone()), ("statement", "statement-malformed"));
    }
    let removed = cases(|value| {
        value.as_object_mut().expect("an object").remove("subject");
    });
    rejected(removed, ("statement", "statement-malformed"));
}

/// Row 3: a subject without digest, even beside one that has the artifact's.
#[test]
fn subject_without_digest() {
    for without in [
        json!({ "name": ARTIFACT_NAME }),
        json!({ "name": ARTIFACT_NAME, "digest": {} }),
        json!({ "name": ARTIFACT_NAME, "digest": null }),
    ] {
        println!("{without}");
        let reason = ("statement", "statement-subject-without-digest");
        rejected(cases(|value| value["subject"] = json!([without])), reason);
        rejected(cases(|value| value["subject"] = json!([without, subject("", ARTIFACT)])), reason);
        rejected(cases(|value| value["subject"] = json!([subject("", ARTIFACT), without])), reason);
    }
}

/// Row 4: the artifact's SHA-256 under another label never binds it.
#[test]
fn digest_under_another_label() {
    let digest = hex(&Hash::Sha256.digest(ARTIFACT));
    for label in ["sha1", "sha224", "md5", "SHA256", "SHA2_256", "sha2-256", "sha256 ", "sha3_256", "dirHash", ""] {
        println!("{label:?}");
        rejected(
            cases(|value| value["subject"] = json!([{ "name": ARTIFACT_NAME, "digest": { label: digest } }])),
            ("artifact", "artifact-no-common-algorithm"),
        );
    }
    for label in ["sha384", "sha512"] {
        println!("{label:?}");
        rejected(
            cases(|value| value["subject"] = json!([{ "name": ARTIFACT_NAME, "digest": { label: digest } }])),
            ("statement", "statement-malformed-digest"),
        );
    }
}

/// Row 4: a true SHA-1 of the artifact does not bind it either.
#[test]
fn sha1_never_binds() {
    let digest = hex(&Hash::Sha1.digest(ARTIFACT));
    rejected(
        cases(|value| value["subject"] = json!([{ "name": ARTIFACT_NAME, "digest": { "sha1": digest } }])),
        ("artifact", "artifact-no-common-algorithm"),
    );
}

/// Row 4: a truncated, empty, prolonged or otherwise misspelled digest.
#[test]
fn malformed_digest() {
    let digest = hex(&Hash::Sha256.digest(ARTIFACT));
    for wrong in [
        String::new(),
        digest[..62].to_owned(),
        digest[..40].to_owned(),
        digest[..63].to_owned(),
        format!("{digest}00"),
        format!("{digest} "),
        format!("{digest}\n"),
        format!("0x{}", &digest[2..]),
        format!("sha256:{digest}"),
        format!("g{}", &digest[1..]),
        admissible_box::b64(Hash::Sha256.digest(ARTIFACT)),
    ] {
        println!("{wrong:?}");
        rejected(
            cases(|value| value["subject"] = json!([{ "name": ARTIFACT_NAME, "digest": { "sha256": wrong } }])),
            ("statement", "statement-malformed-digest"),
        );
    }
}

/// Row 4: one digest of a subject is the artifact's and another is not: with the bytes at hand the contradiction shows; with
/// one digest at hand, only that one can be compared.
#[test]
fn digests_that_contradict_each_other() {
    let edit = |value: &mut Value| value["subject"][0]["digest"]["sha512"] = json!(hex(&Hash::Sha512.digest(b"other")));
    for case in cases(edit) {
        if case.artifact.is_some() {
            case.rejected(&[("artifact", "artifact-subject-contradicts")]);
            continue;
        }
        case.accepted();
        let mut both = case;
        both.options["artifact"]["sha512"] = json!(hex(&Hash::Sha512.digest(ARTIFACT)));
        both.rejected(&[("artifact", "artifact-subject-contradicts")]);
    }
}

/// Row 5: `_type` is not that of an in-toto statement.
#[test]
fn statement_type_is_not_in_toto() {
    for wrong in [
        "https://in-toto.io/Statement/v2",
        "https://in-toto.io/Statement/v0.2",
        "https://in-toto.io/Statement/v1/",
        "https://in-toto.io/Statement/v1.0",
        "https://in-toto.io/Statement",
        "http://in-toto.io/Statement/v1",
        "https://in-toto.io/statement/v1",
        "https://in-toto.io/Statement/v1\n",
        "https://in-toto.io/Link/v1",
        "https://slsa.dev/provenance/v1",
        "",
    ] {
        println!("{wrong:?}");
        assert_ne!(wrong, STATEMENT_V1);
        rejected(cases(|value| value["_type"] = json!(wrong)), ("statement", "statement-unknown-type"));
    }
    for wrong in [Value::Null, json!(1), json!([STATEMENT_V1])] {
        rejected(cases(|value| value["_type"] = wrong.clone()), ("statement", "statement-malformed"));
    }
    let renamed = cases(|value| {
        let object = value.as_object_mut().expect("an object");
        let found = object.remove("_type").expect("a type");
        object.insert("type".into(), found);
    });
    rejected(renamed, ("statement", "statement-malformed"));
}

/// A message signature whose artifact is another: the bundle's own digest and the log say so, too.
#[test]
fn another_artifact_than_the_signed_one() {
    let world = admissible_box::world::World::new("messages");
    let made = case(&world, &world.message());
    made.accepted();
    made.by_digest().accepted();
    let other = made.artifact(b"other");
    let reasons = [("log-binding", "log-binding-digest-differs"), ("artifact", "artifact-digest-differs")];
    other.by_digest().rejected(&reasons);
    other.rejected(&reasons);
}
