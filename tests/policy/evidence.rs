//! Which evidence counts: of the type that is asked for, about the artifact, verified, recent enough, and in enough hands.

use serde_json::{Value, json};

use crate::pool::{DAY, NPM, PROVENANCE, PURL, REVIEW, TEST, VSA, key, person};
use crate::{at, case, each, piece, requiring};

const NOTHING: &[&str] = &["requirement-no-evidence"];
const NOBODY: (&str, &[&str]) = ("/signers", &["requirement-too-few-signers"]);

#[test]
fn the_type_is_exact() {
    for (name, wanted, is_met) in [
        ("the type", json!(PROVENANCE), true),
        ("one of several", json!([VSA, PROVENANCE]), true),
        ("another", json!(VSA), false),
        ("several others", json!([VSA, TEST]), false),
        ("another version", json!("https://slsa.dev/provenance/v0.2"), false),
        ("a later version", json!("https://slsa.dev/provenance/v1.1"), false),
        ("a slash more", json!("https://slsa.dev/provenance/v1/"), false),
        ("a beginning", json!("https://slsa.dev/provenance/"), false),
        ("another case", json!("https://slsa.dev/Provenance/v1"), false),
        ("another scheme", json!("http://slsa.dev/provenance/v1"), false),
        ("no glob", json!("https://slsa.dev/provenance/*"), false),
        ("a space", json!("https://slsa.dev/provenance/v1 "), false),
    ] {
        println!("{name}");
        let case = requiring(&["provenance"], json!({ "predicateType": wanted }));
        if is_met {
            case.verified("/require/0", &[0]);
        } else {
            case.rejected(&[("/require/0", NOTHING)]);
        }
    }
}

/// That some attestation verified never stands for the one that is asked for.
#[test]
fn no_other_evidence_stands_in() {
    let provenance = || piece(PROVENANCE, json!({}));
    let bundles = [
        ("of another type", "vsa", false),
        ("of no type", "message", false),
        ("of another signer", "evil", true),
        ("of another key", "by other key", true),
        ("about another artifact", "about another artifact", true),
        ("of a broken signature", "broken", true),
        ("of another world", "foreign", true),
        ("that disagrees with its certificate", "disagreeing", true),
        ("in no log", "timeless", true),
        ("that is no bundle", "no bundle", true),
    ];
    for (name, bundle, is_alone) in bundles {
        println!("{name}");
        let alone: &[_] = &[NOBODY, ("/require/0", NOTHING)];
        requiring(&[bundle], provenance()).rejected(if is_alone { alone } else { &alone[1..] });
        // Not beside good evidence of another type, and not in the way of good evidence of this one.
        requiring(&["tests passed", bundle], provenance()).rejected(&[("/require/0", NOTHING)]);
        requiring(&[bundle, "provenance"], provenance()).verified("/require/0", &[1]);
    }
    // Two bundles do not meet one requirement by halves.
    let both = json!({ "trigger": "push", "runner": "self-hosted", "source": { "tag": "v1.2.3" } });
    requiring(&["provenance", "manual"], piece(PROVENANCE, both)).rejected(&[("/require/0", &["requirement-runner"])]);
    case(&[], json!({})).rejected(&[NOBODY]);
    requiring(&[], provenance()).rejected(&[NOBODY, ("/require/0", NOTHING)]);
}

#[test]
fn without_requirements_any_bundle_by_the_signers_will_do() {
    for bundle in ["provenance", "message", "vsa of failure", "malformed vsa", "tests failed", "by key"] {
        case(&[bundle], json!({})).verified("/signers", &[0]);
    }
    for bundle in ["evil", "by other key", "broken", "foreign", "about another artifact"] {
        case(&[bundle], json!({})).rejected(&[NOBODY]);
    }
    case(&["broken", "message", "foreign", "provenance"], json!({})).verified("/signers", &[1, 3]);
}

/// A predicate that names a type and has not its shape says nothing of that type.
#[test]
fn malformed_predicates_meet_nothing() {
    const MALFORMED: &[&str] = &["requirement-malformed-predicate"];
    let rules = [
        ("malformed vsa", VSA, json!({})),
        ("malformed vsa", VSA, json!({ "result": { "glob": "**" } })),
        ("malformed vsa", VSA, json!({ "vsa": { "verifier": "https://acme.example/verifier" } })),
    ];
    for (bundle, predicate_type, conditions) in rules {
        requiring(&[bundle], piece(predicate_type, conditions)).rejected(&[("/require/0", MALFORMED)]);
    }
    let mut case = requiring(&["npm publish of nothing"], piece(NPM, json!({ "package": { "npm": "@acme/widget" } })));
    case.policy["signers"] = json!([{ "publicKey": key("npm").pem() }]);
    case.rejected(&[("/require/0", MALFORMED)]);
}

#[test]
fn age_is_by_the_earliest_attested_time() {
    let aged = |bundle: &str, age: &str, now: i64| {
        let mut case = requiring(&[bundle], piece(PROVENANCE, json!({ "maxAge": age })));
        case.request["now"] = json!(at(now));
        case
    };
    const OLD: &[(&str, &[&str])] = &[("/require/0", &["requirement-too-old"])];
    // The log saw it ten seconds after the world's moment.
    for (age, seconds) in [("1d", DAY), ("24h", DAY), ("36h", 36 * 3600), ("1440m", DAY), ("15m", 900)] {
        aged("provenance", age, 10 + seconds).verified("/require/0", &[0]);
        aged("provenance", age, 11 + seconds).rejected(OLD);
    }
    aged("provenance", "1d", 0).verified("/require/0", &[0]);
    aged("twenty days old", "19d", 60).rejected(OLD);
    aged("twenty days old", "21d", 60).verified("/require/0", &[0]);
    aged("twenty days old by key", "19d", 60).rejected(OLD);
    // A timestamp five seconds older than the log's word.
    aged("stamped", "15m", 5 + 900).verified("/require/0", &[0]);
    aged("stamped", "15m", 6 + 900).rejected(OLD);
    // Without any attested time, nobody knows.
    let mut timeless = aged("timeless", "365d", 60);
    timeless.policy["evidence"] = json!({ "logEntries": 0 });
    timeless.rejected(&[("/require/0", &["requirement-without-time"])]);
    timeless.policy["require"] = json!([piece(PROVENANCE, json!({}))]);
    timeless.verified("/require/0", &[0]);
    // The younger of two will do.
    let mut two = requiring(&["twenty days old", "a day old"], piece(PROVENANCE, json!({ "maxAge": "2d" })));
    two.verified("/require/0", &[1]);
    two.request = json!({});
    two.refused("invalid-policy", "");
}

#[test]
fn packages_are_named_as_their_ecosystem_names_them() {
    const PACKAGE: &[&str] = &["requirement-package"];
    let npm = |name: &str| json!({ "package": { "npm": name } });
    let version = |version: Value| json!({ "package": { "npm": "@acme/widget", "version": version } });
    each(
        PROVENANCE,
        &[
            ("npm", "npm provenance", npm("@acme/widget"), &[]),
            ("a version", "npm provenance", version(json!("1.2.3")), &[]),
            ("a range of versions", "npm provenance", version(json!({ "glob": "1.*" })), &[]),
            ("another version", "npm provenance", version(json!("1.2.30")), PACKAGE),
            ("no other range", "npm provenance", version(json!({ "glob": "2.*" })), PACKAGE),
            ("another name", "npm provenance", npm("@acme/gadget"), PACKAGE),
            ("without scope", "npm provenance", npm("widget"), PACKAGE),
            ("as the package URL writes it", "npm provenance", npm("%40acme/widget"), PACKAGE),
            ("a package URL is no name", "npm provenance", npm(PURL), PACKAGE),
            ("another case", "npm provenance", npm("@acme/Widget"), PACKAGE),
            ("of another ecosystem", "npm provenance", json!({ "package": { "pypi": "@acme/widget" } }), PACKAGE),
            ("of the same name elsewhere", "npm provenance", json!({ "package": { "jsr": "@acme/widget" } }), PACKAGE),
            ("jsr", "jsr provenance", json!({ "package": { "jsr": "@acme/widget", "version": "1.2.3" } }), &[]),
            ("another name at jsr", "jsr provenance", json!({ "package": { "jsr": "@acme/gadget" } }), PACKAGE),
            (
                "another version at jsr",
                "jsr provenance",
                json!({ "package": { "jsr": "@acme/widget", "version": "1.2" } }),
                PACKAGE,
            ),
            ("not at npm", "jsr provenance", npm("@acme/widget"), PACKAGE),
            ("a subject that is no package", "provenance", npm("widget"), PACKAGE),
        ],
    );
    let published = |bundle: &str, conditions: Value| {
        let mut case = requiring(&[bundle], piece(NPM, conditions));
        case.policy["signers"] = json!([{ "publicKey": key("npm").pem() }]);
        case
    };
    published("npm publish", npm("@acme/widget")).verified("/require/0", &[0]);
    published("npm publish", version(json!("1.2.3"))).verified("/require/0", &[0]);
    published("npm publish", version(json!("9.9.9"))).rejected(&[("/require/0", PACKAGE)]);
    // The registry says one version, and the subject is another.
    for conditions in [npm("@acme/widget"), version(json!("1.2.3")), version(json!("9.9.9"))] {
        published("npm publish of another version", conditions).rejected(&[("/require/0", PACKAGE)]);
    }
    let pypi = |name: &str, version: Value| {
        let mut conditions = json!({ "package": { "pypi": name } });
        if !version.is_null() {
            conditions["package"]["version"] = version;
        }
        requiring(&["wheel"], piece("https://docs.pypi.org/attestations/publish/v1", conditions))
    };
    for name in ["acme-widget", "Acme_Widget", "acme.widget"] {
        pypi(name, json!(null)).verified("/require/0", &[0]);
    }
    pypi("acme-widget", json!("1.2.3")).verified("/require/0", &[0]);
    pypi("acme-widget", json!("1.2")).rejected(&[("/require/0", PACKAGE)]);
    pypi("acme", json!(null)).rejected(&[("/require/0", PACKAGE)]);
    pypi("widget", json!(null)).rejected(&[("/require/0", PACKAGE)]);
    requiring(&["message"], piece(PROVENANCE, npm("widget"))).rejected(&[("/require/0", NOTHING)]);
}

#[test]
fn results_are_what_was_stated() {
    const RESULT: &[&str] = &["requirement-result"];
    let result = |patterns: Value| json!({ "result": patterns });
    each(
        TEST,
        &[
            ("passed", "tests passed", result(json!("PASSED")), &[]),
            ("warned is not passed", "tests warned", result(json!("PASSED")), RESULT),
            ("either", "tests warned", result(json!(["PASSED", "WARNED"])), &[]),
            ("failed", "tests failed", result(json!(["PASSED", "WARNED"])), RESULT),
            ("by another case", "tests passed", result(json!("passed")), RESULT),
            ("no condition", "tests failed", json!({}), &[]),
        ],
    );
    each(
        VSA,
        &[
            ("passed", "vsa", result(json!("PASSED")), &[]),
            ("failed", "vsa of failure", result(json!("PASSED")), RESULT),
            ("failed, as asked for", "vsa of failure", result(json!("FAILED")), &[]),
        ],
    );
}

#[test]
fn summaries_are_of_the_verifier_the_resource_and_the_level() {
    let id = "https://acme.example/verifier";
    let vsa = |more: Value| {
        let mut rule = json!({ "verifier": id });
        rule.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({ "vsa": rule })
    };
    const LEVEL: &[&str] = &["requirement-verified-level"];
    const RESOURCE: &[&str] = &["requirement-resource"];
    each(
        VSA,
        &[
            ("the verifier", "vsa", vsa(json!({})), &[]),
            ("another", "vsa of another", vsa(json!({})), &["requirement-verifier"]),
            ("the resource", "vsa", vsa(json!({ "resourceUri": PURL })), &[]),
            ("by pattern", "vsa", vsa(json!({ "resourceUri": ["x", { "glob": "pkg:npm/%40acme/*" }] })), &[]),
            ("another resource", "vsa about another", vsa(json!({ "resourceUri": PURL })), RESOURCE),
            ("the level", "vsa", vsa(json!({ "level": 3 })), &[]),
            ("a higher level", "vsa", vsa(json!({ "level": 2 })), &[]),
            ("a lower level", "vsa of level 2", vsa(json!({ "level": 3 })), LEVEL),
            ("no level", "vsa without level", vsa(json!({ "level": 1 })), LEVEL),
            ("no level, and none asked for", "vsa without level", vsa(json!({})), &[]),
            ("a failure is none of it", "vsa of failure", vsa(json!({})), &["requirement-result"]),
            (
                "a failure has no level",
                "vsa of failure",
                vsa(json!({ "level": 1 })),
                &["requirement-result", "requirement-verified-level"],
            ),
        ],
    );
}

#[test]
fn groups_are_of_all_or_of_any() {
    let provenance = piece(PROVENANCE, json!({}));
    let tests = piece(TEST, json!({ "result": "PASSED" }));
    let review = piece(REVIEW, json!({}));
    let all = |parts: &[&Value]| json!({ "allOf": parts });
    let any = |parts: &[&Value]| json!({ "anyOf": parts });
    let both = ["provenance", "tests passed"];
    requiring(&both, all(&[&provenance, &tests])).verified("/require/0/allOf/1", &[1]);
    requiring(&["tests passed"], all(&[&provenance, &tests])).rejected(&[("/require/0/allOf/0", NOTHING)]);
    let evaluation = requiring(&["tests passed"], any(&[&provenance, &tests])).evaluate();
    assert!(evaluation.verdict() == admissible::EvaluationVerdict::Verified && !evaluation.lines[2].parts[0].is_met);
    requiring(&["review by alice"], any(&[&provenance, &tests]))
        .rejected(&[("/require/0/anyOf/0", NOTHING), ("/require/0/anyOf/1", NOTHING)]);
    // (provenance and (tests or review)), from the inside out.
    let nested = all(&[&provenance, &any(&[&tests, &all(&[&review])])]);
    for (bundles, is_met) in [
        (&["provenance", "tests passed"][..], true),
        (&["provenance", "review by alice"], true),
        (&["provenance", "tests failed"], false),
        (&["provenance", "review by mallory"], false),
        (&["review by alice", "tests passed"], false),
    ] {
        let verdict = requiring(bundles, nested.clone()).evaluate().verdict();
        assert_eq!(verdict == admissible::EvaluationVerdict::Verified, is_met, "{bundles:?}");
    }
    // A list of requirements is all of them.
    case(&["provenance"], json!({ "require": [provenance, tests] })).rejected(&[("/require/1", NOTHING)]);
}

#[test]
fn a_piece_has_signers_of_its_own() {
    const SIGNER: &[&str] = &["requirement-signer"];
    let by = |signers: Value| piece(REVIEW, json!({ "signers": signers }));
    let [alice, bob] = ["alice@acme.example", "bob@acme.example"].map(person);
    let both = || json!({ "threshold": 2, "anyOf": [alice, bob] });
    requiring(&["review by alice"], by(json!([alice]))).verified("/require/0", &[0]);
    requiring(&["review by alice"], by(json!([bob]))).rejected(&[("/require/0", SIGNER)]);
    requiring(&["review by alice", "review by bob"], by(both())).verified("/require/0", &[0, 1]);
    requiring(&["review by alice", "review by alice"], by(both()))
        .rejected(&[("/require/0", &["requirement-too-few-signers"])]);
    // The second signer's evidence is of another type.
    requiring(&["tests by alice", "review by bob"], by(both()))
        .rejected(&[("/require/0", &["requirement-too-few-signers"])]);
    // They are trusted for this piece and for nothing else.
    let mallory = piece(REVIEW, json!({ "signers": [person("mallory@evil.example")] }));
    requiring(&["review by mallory"], mallory.clone()).rejected(&[NOBODY]);
    let tests = piece(TEST, json!({}));
    case(&["review by mallory", "vsa by stranger", "provenance"], json!({ "require": [mallory, tests] }))
        .rejected(&[("/require/1", NOTHING)]);
    let anyone = by(json!({ "dangerouslyAnySigner": true }));
    requiring(&["provenance", "review by mallory"], anyone.clone()).verified("/require/0", &[1]);
    requiring(&["review by mallory"], anyone).rejected(&[NOBODY]);
}

#[test]
fn enough_parties_vouch_for_each_bundle() {
    let with = |bundle: &str, evidence: Value| case(&[bundle], json!({ "evidence": evidence }));
    for (bundle, evidence, is_enough) in [
        ("provenance", json!({}), true),
        ("provenance", json!({ "logEntries": 2 }), false),
        ("provenance", json!({ "scts": 2 }), false),
        ("provenance", json!({ "signedTimestamps": 1 }), false),
        ("stamped", json!({ "signedTimestamps": 1 }), true),
        ("timeless", json!({}), false),
        ("timeless", json!({ "logEntries": 0 }), true),
        ("provenance", json!({ "promiseOnly": true }), true),
    ] {
        let verdict = with(bundle, evidence.clone()).evaluate().verdict();
        assert_eq!(verdict == admissible::EvaluationVerdict::Verified, is_enough, "{bundle} {evidence}");
    }
    let evaluation = with("provenance", json!({ "logEntries": 2 })).rejected(&[NOBODY]);
    assert_eq!(
        evaluation.findings[0].to_string(),
        "bundle 0 did not verify (threshold-log-entries), and counted for nothing"
    );
    // One bundle that is vouched for does not vouch for another.
    let reviewed = json!({ "evidence": { "signedTimestamps": 1 }, "require": [piece(REVIEW, json!({}))] });
    case(&["stamped", "review by alice"], reviewed).rejected(&[("/require/0", NOTHING)]);
}
