//! An evaluation as JSON, and its one sentence.

use std::collections::BTreeSet;

use admissible_box::keys::Hash;
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

use crate::pool::{DAY, PROVENANCE, REVIEW, TEST};
use crate::{Case, at, case, hex, piece};

/// The evaluation's JSON without the policy's digest and the reports, which have tests of their own.
fn shape(case: &Case) -> Value {
    let evaluation = case.evaluate();
    let mut found: Value = serde_json::from_str(&evaluation.to_json()).expect("JSON");
    assert_eq!(found["policy"]["sha256"], hex(&Hash::Sha256.digest(case.policy.to_string().as_bytes())));
    found["policy"].as_object_mut().expect("an object").remove("sha256");
    assert_eq!(found["summary"], evaluation.summary());
    for (bundle, report) in found["bundles"].as_array_mut().expect("a list").iter_mut().zip(&evaluation.reports) {
        let expected: Value = serde_json::from_str(&report.to_json()).expect("JSON");
        assert_eq!(*bundle, json!({ "report": expected }));
        *bundle = expected["verdict"].clone();
    }
    found
}

#[test]
fn verified() {
    let require = json!([
        piece(PROVENANCE, json!({ "name": "provenance", "level": 2 })),
        { "anyOf": [piece(TEST, json!({ "name": "tests" })), { "allOf": [piece(REVIEW, json!({}))] }] },
    ]);
    let case = case(&["broken", "provenance", "review by alice"], json!({ "name": "release", "require": require }))
        .asking(json!({ "reference": "ghcr.io/acme/widget:1" }));
    let sha256 = hex(&Hash::Sha256.digest(ARTIFACT));
    assert_eq!(
        shape(&case),
        json!({
            "mediaType": "application/vnd.admissible.evaluation.v1+json",
            "verdict": "verified",
            "admitted": true,
            "mode": "enforce",
            "summary": "verified: all 4 requirements are met, by 2 of 3 bundles",
            "policy": { "name": "release" },
            "requirements": [
                { "at": "/subject", "name": "subject", "met": true },
                { "at": "/signers", "name": "signers", "met": true, "metBy": [1, 2] },
                { "at": "/require/0", "name": "provenance", "met": true, "metBy": [1] },
                { "at": "/require/1", "name": "any of", "met": true, "parts": [
                    { "at": "/require/1/anyOf/0", "name": "tests", "met": false, "failures": [{
                        "code": "requirement-no-evidence",
                        "message": format!("expected a verified statement of type `{TEST}`, found none"),
                    }] },
                    { "at": "/require/1/anyOf/1", "name": "all of", "met": true, "parts": [
                        { "at": "/require/1/anyOf/1/allOf/0", "name": REVIEW, "met": true, "metBy": [2] },
                    ] },
                ] },
            ],
            "level": 2,
            "findings": [
                {
                    "code": "tag-not-pinned",
                    "message": "`ghcr.io/acme/widget:1` is not pinned: its registry may serve another artifact tomorrow",
                    "hint": format!("refer to ghcr.io/acme/widget@sha256:{sha256}"),
                },
                {
                    "code": "bundle-not-verified",
                    "message": "bundle 0 did not verify (log-binding-signature-differs), and counted for nothing",
                    "bundle": 0,
                },
            ],
            "bundles": ["failed", "passed", "passed"],
        })
    );
    let one = crate::case(&["provenance"], json!({})).evaluate();
    assert_eq!(one.summary(), "verified: all 2 requirements are met, by 1 bundle");
}

#[test]
fn excepted() {
    let exceptions = json!([
        { "digest": format!("sha256:{}", hex(&Hash::Sha256.digest(ARTIFACT))), "reason": "over", "expires": at(-DAY) },
        { "reference": "pkg:npm/widget@1.2.3", "reason": "built \"before\"", "expires": at(DAY) },
    ]);
    let more = json!({ "exceptions": exceptions, "require": [piece(TEST, json!({ "name": "tests" }))] });
    let case = case(&[], more).asking(json!({ "reference": "pkg:npm/widget@1.2.3" }));
    assert_eq!(
        shape(&case),
        json!({
            "mediaType": "application/vnd.admissible.evaluation.v1+json",
            "verdict": "excepted",
            "admitted": true,
            "mode": "enforce",
            "summary": format!("excepted until {}, not verified (`signers`, `tests` unmet): `built \"before\"`", at(DAY)),
            "policy": {},
            "requirements": [
                { "at": "/subject", "name": "subject", "met": true },
                { "at": "/signers", "name": "signers", "met": false, "failures": [{
                    "code": "requirement-too-few-signers",
                    "message": "expected 1 distinct trusted signers, found 0",
                }] },
                { "at": "/require/0", "name": "tests", "met": false, "failures": [{
                    "code": "requirement-no-evidence",
                    "message": format!("expected a verified statement of type `{TEST}`, found none"),
                }] },
            ],
            "exception": { "kind": "exception", "at": "/exceptions/1", "reason": "built \"before\"", "expires": at(DAY) },
            "findings": [{
                "code": "exception-expired",
                "message": format!("an exception for this artifact expired at {}", at(-DAY)),
                "at": "/exceptions/0",
            }],
            "bundles": [],
        })
    );
    let legacy = json!({ "legacyBefore": { "time": at(DAY), "reason": "r" }, "require": [piece(TEST, json!({}))] });
    let found = shape(&crate::case(&["provenance"], legacy));
    assert_eq!(
        found["exception"],
        json!({ "kind": "legacy", "at": "/legacyBefore", "reason": "r", "before": at(DAY) })
    );
}

#[test]
fn rejected() {
    let conditions =
        json!({ "name": "provenance", "level": 3, "certified": true, "builder": "https://acme.example/builder" });
    let case = case(&["own", "evil"], json!({ "mode": "warn", "require": [piece(PROVENANCE, conditions)] }));
    assert_eq!(
        shape(&case),
        json!({
            "mediaType": "application/vnd.admissible.evaluation.v1+json",
            "verdict": "rejected",
            "admitted": true,
            "mode": "warn",
            "summary": "rejected: `provenance` unmet, and admitted, for the policy only warns",
            "policy": {},
            "requirements": [
                { "at": "/subject", "name": "subject", "met": true },
                { "at": "/signers", "name": "signers", "met": true, "metBy": [0] },
                { "at": "/require/0", "name": "provenance", "met": false, "failures": [
                    {
                        "code": "requirement-not-certified",
                        "message": "expected a certified builder, found only the signer's claim",
                        "bundle": 0,
                        "hint": "sign with the CI system's own identity, so that its CA certifies this, or drop `certified` from the requirement",
                    },
                    {
                        "code": "requirement-level",
                        "message": "expected SLSA build level 3, found 1: `no row of the table knows this signer with this builder: add one of your own if you do`",
                        "bundle": 0,
                    },
                ] },
            ],
            "level": 1,
            "findings": [{
                "code": "bundle-not-verified",
                "message": "bundle 1 did not verify (signer-identity-differs), and counted for nothing",
                "bundle": 1,
            }],
            "bundles": ["passed", "failed"],
        })
    );
}

/// What evidence calls its parameters and dependencies is told as values, never as keys.
#[test]
fn no_untrusted_text_is_a_key() {
    let conditions = json!({ "parameters": { "/target": "debug" }, "dependencies": { "allow": "x" } });
    let found = shape(&case(&["own"], json!({ "require": [piece(PROVENANCE, conditions)] })));
    let mut keys = BTreeSet::new();
    collect(&found, &mut keys);
    let known = [
        "admitted",
        "at",
        "bundle",
        "bundles",
        "code",
        "failures",
        "findings",
        "hint",
        "level",
        "mediaType",
        "message",
        "met",
        "metBy",
        "mode",
        "name",
        "policy",
        "requirements",
        "summary",
        "verdict",
    ];
    assert!(keys.is_subset(&known.map(String::from).into()), "{keys:?}");
    let messages = found["requirements"][2]["failures"].to_string();
    assert!(messages.contains("/__proto__") && messages.contains("/inputs/a~1b"), "{messages}");
}

fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            collect(value, keys);
        }),
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        _ => {}
    }
}
