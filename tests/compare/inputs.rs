//! Recorded inputs beside used ones.

use admissible::compare::{InputStatus, json as documents};
use admissible::{InputComparison, UsedInputs, compare_inputs};
use admissible_box::fulcio::COMMIT;
use serde_json::{Value, json};

use crate::release::{OWN, Release};

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const C: &str = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";
const WEAK: &str = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const SHA1: &str = "cccccccccccccccccccccccccccccccccccccccc";

/// A build that recorded a base image, an archive, a git dependency, something by name alone, and its source.
fn release() -> Release {
    Release::with(|release| {
        release.build_type = OWN;
        release.statement = |statement| {
            let dependencies = &mut statement["predicate"]["buildDefinition"]["resolvedDependencies"];
            let recorded = [
                json!({"uri": "pkg:docker/alpine@3.17?platform=linux%2Famd64", "digest": {"sha256": A}}),
                json!({"uri": "https://example.com/old.tgz", "digest": {"sha1": SHA1}}),
                json!({"uri": "git+https://github.com/acme/lib@refs/tags/v1", "digest": {"sha1": SHA1}}),
                json!({"name": "toolchain", "digest": {"sha512": format!("{A}{A}")}}),
                json!({"name": "archive", "uri": "git+https://github.com/acme/archive", "digest": {"sha1": WEAK}}),
                json!({"uri": "https://example.com/both.tgz", "digest": {"sha256": B, "sha1": SHA1}}),
            ];
            dependencies.as_array_mut().expect("a list").extend(recorded);
        };
    })
}

fn compare(used: &Value) -> InputComparison {
    let report = release().report();
    let inputs = UsedInputs::from_json(&used.to_string()).expect("usable");
    let comparison = compare_inputs(&report, &inputs).expect("provenance");
    assert_eq!(documents::compare_inputs(&report.to_json(), &used.to_string()).as_ref(), Ok(&comparison));
    comparison
}

/// One used dependency has this status; the comparison matches when it does.
#[track_caller]
fn one(used: Value, status: InputStatus, weak: bool) -> Value {
    let comparison = compare(&json!({"dependencies": [used]}));
    let item = &comparison.items()[0];
    assert_eq!((item.status, item.weak), (status, weak), "{item:#?}");
    assert_eq!(comparison.matches(), status == InputStatus::Matched);
    assert_eq!(comparison.counts().weak, usize::from(weak));
    serde_json::to_value(item).expect("JSON")
}

#[test]
fn matched() {
    for used in [
        json!({"uri": "pkg:docker/alpine@3.17?platform=linux%2Famd64", "digest": format!("sha256:{A}")}),
        json!({"uri": "pkg:docker/alpine", "digest": {"sha256": A.to_uppercase()}}),
        json!({"name": "toolchain", "digest": {"sha512": format!("{A}{A}"), "sha256": B}}),
        json!({"uri": "https://github.com/acme/lib.git", "digest": {"gitCommit": SHA1}}),
        json!({"uri": "https://example.com/both.tgz", "digest": {"sha256": B, "sha1": SHA1}}),
    ] {
        one(used, InputStatus::Matched, false);
    }
    let item =
        one(json!({"uri": "https://mirror.example/alpine.tar", "digest": {"sha256": A}}), InputStatus::Matched, false);
    assert_eq!((&item["by"], &item["algorithm"]), (&json!("digest"), &json!("sha256")));
    assert_eq!(item["recorded"]["at"], "/provenance/dependencies/1");
    assert_eq!(
        item["used"],
        json!({"at": "/dependencies/0", "uri": "https://mirror.example/alpine.tar", "digest": {"sha256": A}})
    );
}

#[test]
fn weak_matches_say_so() {
    one(json!({"uri": "https://example.com/old.tgz", "digest": {"sha1": SHA1}}), InputStatus::Matched, true);
    one(json!({"digest": {"sha1": SHA1}}), InputStatus::Matched, true);
    // That the provenance calls something a commit does not make one of it.
    one(json!({"name": "archive", "digest": {"sha1": WEAK}}), InputStatus::Matched, true);
    one(json!({"digest": {"sha1": WEAK}}), InputStatus::Matched, true);
    one(json!({"digest": {"gitCommit": WEAK}}), InputStatus::Matched, false);
    one(json!({"uri": "https://elsewhere.example/x", "digest": {"sha1": SHA1}}), InputStatus::NotRecorded, false);
}

#[test]
fn mismatched() {
    for used in [
        json!({"uri": "pkg:docker/alpine@3.17", "digest": {"sha256": B}}),
        json!({"name": "toolchain", "digest": {"sha512": format!("{A}{B}")}}),
        json!({"uri": "git+https://github.com/acme/lib@refs/tags/v1", "digest": {"gitCommit": COMMIT}}),
        json!({"uri": "https://example.com/both.tgz", "digest": {"sha256": B, "sha1": COMMIT}}),
    ] {
        one(used, InputStatus::Mismatched, false);
    }
}

#[test]
fn neither_recorded_nor_comparable() {
    for used in [
        json!({"uri": "pkg:docker/alpine@3.18", "digest": {"sha256": C}}),
        json!({"uri": "pkg:docker/debian", "digest": {"sha256": C}}),
        json!({"digest": {"sha256": C}}),
    ] {
        one(used, InputStatus::NotRecorded, false);
    }
    one(json!({"uri": "pkg:docker/alpine", "digest": {"sha512": format!("{A}{A}")}}), InputStatus::Incomparable, false);
}

#[test]
fn commit_and_source() {
    let comparison =
        compare(&json!({"commit": COMMIT.to_uppercase(), "source": "git+https://github.com/acme/widget.git"}));
    assert!(comparison.matches());
    // The dependency that is the source is used up by the commit; the other six were not used.
    assert_eq!((comparison.counts().matched, comparison.counts().not_used), (2, 6));
    for (used, status) in [
        (json!({"commit": SHA1}), InputStatus::Mismatched),
        (json!({"commit": A}), InputStatus::Incomparable),
        (json!({"source": "https://github.com/acme/gadget"}), InputStatus::Mismatched),
    ] {
        let comparison = compare(&used);
        assert_eq!(comparison.items()[0].status, status, "{used}");
        assert!(!comparison.matches());
    }
}

#[test]
fn what_was_not_used_is_told_and_does_not_count() {
    let comparison = compare(&json!({"dependencies": [{"uri": "pkg:docker/alpine", "digest": {"sha256": A}}]}));
    let json: Value = serde_json::from_str(&comparison.to_json()).expect("JSON");
    assert_eq!(json["mediaType"], "application/vnd.admissible.input-comparison.v1+json");
    assert_eq!(json["matches"], true);
    assert_eq!(
        json["counts"],
        json!({"matched": 1, "mismatched": 0, "notRecorded": 0, "notUsed": 6, "incomparable": 0, "weak": 0})
    );
    assert_eq!(json["items"][1]["status"], "not-used");
    assert_eq!(json["items"][1]["recorded"]["at"], "/provenance/dependencies/0");
}

#[test]
fn one_wrong_item_among_many_does_not_match() {
    let good = json!({"uri": "pkg:docker/alpine", "digest": {"sha256": A}});
    let bad = json!({"uri": "pkg:docker/alpine", "digest": {"sha256": B}});
    let comparison = compare(&json!({"dependencies": [good, bad]}));
    assert_eq!((comparison.matches(), comparison.counts().matched, comparison.counts().mismatched), (false, 1, 1));
}
