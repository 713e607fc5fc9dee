//! SLSA build levels: by the table, by rows before it, and by summaries of trusted verifiers.

use admissible_box::fulcio::{IDENTITY, ISSUER};
use serde_json::{Value, json};

use crate::build::{GENERATOR, OWN};
use crate::pool::{PROVENANCE, PROVENANCE_V0_2, PURL, REVIEW, key, person};
use crate::{Case, case, piece};

const TOO_LOW: &[(&str, &[&str])] = &[("/require/0", &["requirement-level"])];

fn asking(level: u8, bundles: &[&str], more: Value) -> Case {
    let types = json!([PROVENANCE, PROVENANCE_V0_2]);
    let mut policy = json!({ "require": [{ "predicateType": types, "level": level }] });
    policy.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    case(bundles, policy)
}

#[test]
fn a_row_goes_before_the_table() {
    let row = |level: u8, more: Value| {
        let mut row = json!({ "name": "ours", "level": level, "issuer": ISSUER });
        row.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        if row["publicKey"].is_string() {
            row.as_object_mut().expect("an object").remove("issuer");
        }
        row
    };
    let managed = json!({ "publicKey": key("managed").pem() });
    for (name, bundle, rows, level) in [
        ("no row", "provenance", json!([row(3, json!({ "identity": "x" }))]), 2),
        ("raised", "provenance", json!([row(3, json!({ "identity": IDENTITY }))]), 3),
        ("lowered", "provenance", json!([row(0, json!({ "identity": IDENTITY }))]), 0),
        ("the first that fits", "provenance", json!([row(1, json!({})), row(3, json!({}))]), 1),
        ("another issuer", "provenance", json!([row(3, json!({ "issuer": "https://x.example" }))]), 2),
        ("any of several issuers", "provenance", json!([row(3, json!({ "issuer": ["x", ISSUER] }))]), 3),
        ("a claim", "provenance", json!([row(3, json!({ "claims": { "sourceRepositoryIdentifier": "1234567" } }))]), 3),
        (
            "another claim",
            "re-created",
            json!([row(3, json!({ "claims": { "sourceRepositoryIdentifier": "1234567" } }))]),
            2,
        ),
        (
            "a claim that is not there",
            "provenance",
            json!([row(3, json!({ "claims": { "deploymentEnvironment": "x" } }))]),
            2,
        ),
        ("the signer is the builder", "provenance", json!([row(3, json!({ "builder": { "signer": true } }))]), 3),
        ("the signer is not the builder", "own", json!([row(3, json!({ "builder": { "signer": true } }))]), 1),
        ("a builder", "own", json!([row(3, json!({ "builder": { "glob": "https://acme.example/*" } }))]), 3),
        ("another builder", "provenance", json!([row(3, json!({ "builder": "https://acme.example/builder" }))]), 2),
        ("a build type", "own", json!([row(2, json!({ "buildType": OWN }))]), 2),
        ("another build type", "provenance", json!([row(3, json!({ "buildType": OWN }))]), 2),
        ("reusable", "generator", json!([row(1, json!({ "reusable": true }))]), 1),
        ("not reusable", "provenance", json!([row(1, json!({ "reusable": true }))]), 2),
        ("a workflow of its own", "provenance", json!([row(3, json!({ "reusable": false }))]), 3),
        ("a release", "provenance", json!([row(3, json!({ "release": true }))]), 3),
        ("no release", "branch", json!([row(3, json!({ "release": true }))]), 2),
        ("a branch", "branch", json!([row(3, json!({ "release": false }))]), 3),
        ("a key", "by key", json!([row(3, managed.clone())]), 3),
        ("a key and no certificate", "provenance", json!([row(3, managed)]), 2),
        ("another key", "by key", json!([row(3, json!({ "publicKey": key("other").pem() }))]), 1),
        ("a certificate and no key", "by key", json!([row(3, json!({}))]), 1),
    ] {
        println!("{name}");
        let levels = json!({ "levels": rows });
        if level > 0 {
            let evaluation = asking(level, &[bundle], levels.clone()).verified("/require/0", &[0]);
            assert_eq!(evaluation.level, Some(level));
        }
        if level < 3 {
            let evaluation = asking(level + 1, &[bundle], levels).rejected(TOO_LOW);
            assert_eq!(evaluation.level, Some(level));
        }
    }
    let why = json!({ "levels": [row(1, json!({ "higher": "the cache is shared" }))] });
    let evaluation = asking(2, &["provenance"], why).rejected(TOO_LOW);
    assert_eq!(
        evaluation.lines[2].reasons[0].error.to_string(),
        "expected SLSA build level 2, found 1: `the cache is shared`"
    );
    let unlisted = asking(1, &["by key"], json!({})).verified("/require/0", &[0]);
    assert_eq!(unlisted.level, Some(1));
}

#[test]
fn a_trusted_summary_raises_the_level() {
    let id = "https://acme.example/verifier";
    let verifier = |more: Value| {
        let signers = json!([{ "issuer": ISSUER, "identity": IDENTITY }]);
        let mut verifier = json!({ "id": id, "signers": signers, "resourceUri": PURL });
        verifier.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        verifier
    };
    let by = |signers: Value| json!([verifier(json!({ "signers": signers }))]);
    let ours = json!([verifier(json!({}))]);
    let person = |name: &str| person(&format!("{name}@acme.example"));
    let both = json!({ "threshold": 2, "anyOf": [{ "issuer": ISSUER, "identity": IDENTITY }, person("verifier")] });
    for (name, summaries, verifiers, level) in [
        ("signer, id, resource and result", &["vsa"][..], ours.clone(), 3),
        ("no verifiers", &["vsa"], Value::Null, 2),
        ("no summary", &[], ours.clone(), 2),
        ("its own level", &["vsa of level 2"], ours.clone(), 2),
        ("the higher of two", &["vsa of level 2", "vsa"], ours.clone(), 3),
        ("another id", &["vsa of another"], ours.clone(), 2),
        ("another resource", &["vsa about another"], ours.clone(), 2),
        ("another result", &["vsa of failure"], ours.clone(), 2),
        ("no level", &["vsa without level"], ours.clone(), 2),
        ("no shape", &["malformed vsa"], ours.clone(), 2),
        ("no verifier's signer", &["vsa by stranger"], ours.clone(), 2),
        ("a trusted signer, and not of the verifier", &["vsa by second"], ours.clone(), 2),
        ("another trusted signer", &["vsa"], by(json!([person("verifier")])), 2),
        ("its trusted signer", &["vsa by second"], by(json!([person("verifier")])), 3),
        ("anyone", &["vsa by stranger"], by(json!({ "dangerouslyAnySigner": true })), 3),
        ("capped", &["vsa"], json!([verifier(json!({ "level": 2 }))]), 2),
        ("not capped", &["vsa"], json!([verifier(json!({ "level": 3 }))]), 3),
        ("by the second verifier", &["vsa"], json!([verifier(json!({ "id": "x" })), verifier(json!({}))]), 3),
        ("a pattern of resources", &["vsa"], json!([verifier(json!({ "resourceUri": { "glob": "pkg:npm/**" } }))]), 3),
        ("one of two signers", &["vsa"], by(both.clone()), 2),
        ("the same signer twice", &["vsa", "vsa"], by(both.clone()), 2),
        ("two of two signers", &["vsa", "vsa by second"], by(both.clone()), 3),
        ("two of two, for what both say", &["vsa of level 2", "vsa by second"], by(both.clone()), 2),
    ] {
        println!("{name}");
        let more = if verifiers.is_null() { json!({}) } else { json!({ "verifiers": verifiers }) };
        let bundles = [&["provenance"], summaries].concat();
        let evaluation = asking(3, &bundles, more).evaluate();
        assert_eq!(evaluation.lines[2].is_met, level == 3, "{name}: {}", evaluation.summary());
        assert_eq!(evaluation.level, Some(level), "{name}");
    }
    // The cap holds against a requirement, and the table is not lowered by a low summary.
    let capped = json!({ "verifiers": [verifier(json!({ "level": 1 }))] });
    asking(2, &["self-hosted", "vsa"], capped.clone()).rejected(TOO_LOW);
    asking(3, &["generator", "vsa of level 2"], capped).verified("/require/0", &[0]);
    // A summary is no provenance.
    asking(1, &["vsa"], json!({ "verifiers": ours })).rejected(&[("/require/0", &["requirement-no-evidence"])]);
    // Nor does it make certified what is claimed, or lift any other condition.
    let policy = |conditions: Value| json!({ "verifiers": ours, "require": [piece(PROVENANCE, conditions)] });
    case(&["self-hosted", "vsa"], policy(json!({ "level": 3, "runner": "github-hosted" })))
        .rejected(&[("/require/0", &["requirement-runner"])]);
}

/// Whoever is trusted for something else shows no level.
#[test]
fn the_level_is_that_of_trusted_evidence() {
    let anyone = piece(REVIEW, json!({ "signers": { "dangerouslyAnySigner": true } }));
    let policy = json!({ "signers": [person("alice@acme.example")], "require": [anyone] });
    let evaluation = case(&["review by alice", "generator for evil"], policy).verified("/require/0", &[0]);
    assert_eq!(evaluation.level, None);
    let ours = json!([{ "issuer": ISSUER, "identity": GENERATOR }]);
    assert_eq!(case(&["generator"], json!({ "signers": ours })).verified("/signers", &[0]).level, Some(3));
}
