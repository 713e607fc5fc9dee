//! Documents that are policies and documents that are none: `documents.json`, which the schema's tests read too. And what no JSON
//! value can show: sizes, depths, keys twice, and requests.

use admissible::check::Coded;
use admissible::{Policy, UsageError};
use serde_json::{Value, json};

use crate::pool::{self, PROVENANCE};
use crate::{at, case, piece};

fn refusal(text: &str) -> Option<UsageError> {
    Policy::from_json(text.as_bytes()).err()
}

#[track_caller]
fn refused(text: &str, code: &str, at: &str) -> UsageError {
    let error = refusal(text).expect("accepted");
    assert_eq!((error.code(), error.at.as_str()), (code, at), "{error}");
    error
}

#[test]
fn each_document_is_accepted_or_refused_for_its_reason() {
    let documents: Vec<Value> = serde_json::from_str(include_str!("documents.json")).expect("JSON");
    assert!(documents.iter().filter(|document| document["valid"] == false).count() > 300);
    let mut wrong = Vec::new();
    for document in &documents {
        let text = |key: &str| document[key].as_str();
        let expected = (document["valid"] == false).then(|| (text("code").unwrap_or(""), text("at").unwrap_or("")));
        let error = refusal(&document["policy"].to_string());
        let found = error.as_ref().map(|error| (error.code(), error.at.as_str()));
        let told = error.as_ref().map(ToString::to_string).unwrap_or_default();
        let meant = told.split_once(": did you mean `").and_then(|(_, rest)| rest.strip_suffix("`?"));
        if found != expected || meant != text("didYouMean") {
            wrong.push(format!("{}: {found:?} ({told}), expected {expected:?}", document["name"]));
        }
        if let Some(error) = &error {
            assert!(told.starts_with("expected ") && told.contains(", found "), "{told}");
            assert!(document["policy"].pointer(&error.at).is_some(), "{} is nowhere in {}", error.at, document["name"]);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_document_is_refused_before_it_is_read() {
    let policy = json!({ "version": 1, "signers": { "dangerouslyAnySigner": true } }).to_string();
    assert!(refusal(&policy).is_none());
    for (name, text) in [
        ("nothing", String::new()),
        ("no JSON", "version: 1".into()),
        ("a comment", format!("{policy} // mine")),
        ("two documents", policy.clone() + &policy),
        ("a byte order mark", format!("\u{feff}{policy}")),
        ("a trailing comma", policy.replace("true}", "true,}")),
        ("a key twice", policy.replace("\"version\":1", "\"version\":1,\"version\":1")),
        ("a key twice within", policy.replace("true}", "true,\"dangerouslyAnySigner\":true}")),
        ("a key twice by an escape", policy.replace("\"version\":1", "\"version\":1,\"v\\u0065rsion\":1")),
        ("a hundred thousand lists", "[".repeat(100_000)),
        ("a hundred thousand objects", "{\"a\":".repeat(100_000)),
        ("a hundred thousand groups", format!("{{\"version\":1,\"require\":{}", "[{\"allOf\":".repeat(100_000))),
        ("sixty-five closed lists", "[".repeat(65) + &"]".repeat(65)),
    ] {
        println!("{name}");
        refused(&text, "malformed-policy", "");
    }
    assert!(
        Policy::from_json(b"{\"version\":1,\"name\":\"\xff\"}").is_err_and(|error| error.code() == "malformed-policy")
    );
    // A number that is 1, and is not written so.
    refused(&policy.replace(":1", ":1.0"), "invalid-policy", "/version");
    refused(&policy.replace(":1", ":1e0"), "invalid-policy", "/version");
    let threshold = r#"{"version":1,"signers":{"threshold":1.0,"anyOf":[{"issuer":"i","identity":"s"}]}}"#;
    refused(threshold, "invalid-requirement", "/signers/threshold");
    // Names of other objects' insides are keys like any other.
    let inherited = policy.replace("\"version\":1", "\"version\":1,\"__proto__\":{}");
    refused(&inherited, "malformed-policy", "/__proto__");
    // An unknown name is told cut and escaped.
    let long = policy.replace("\"version\":1", &format!("\"version\":1,\"{}\\u0007\":1", "x".repeat(10_000)));
    let error = refused(&long, "malformed-policy", &format!("/{}\u{7}", "x".repeat(10_000)));
    assert!(error.to_string().len() < 400 && !error.to_string().contains('\u{7}'));
}

#[test]
fn there_can_be_too_much_of_everything() {
    let with = |more: Value| {
        let mut policy = json!({ "version": 1, "signers": { "dangerouslyAnySigner": true } });
        policy.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        policy.to_string()
    };
    let rule = json!({ "issuer": "i", "identity": "s" });
    let review = json!({ "predicateType": "t" });
    let patterns = |count: usize| json!([{ "issuer": "i", "identity": vec!["s"; count] }]);
    let types = |count: usize| json!([{ "predicateType": vec!["t"; count] }]);
    let parameters = |count: usize| {
        let all: serde_json::Map<_, _> = (0..count).map(|index| (format!("/{index}"), json!(1))).collect();
        json!([piece(PROVENANCE, json!({ "parameters": all }))])
    };
    let dependencies = |count: usize| {
        json!([piece(PROVENANCE, json!({ "dependencies": { "require": vec![json!({ "uri": "u" }); count] } }))])
    };
    let row = json!({ "name": "r", "level": 1, "issuer": "i" });
    let verifier = json!({ "id": "v", "signers": [rule], "resourceUri": "r" });
    let exception = json!({ "reference": "a", "reason": "r", "expires": "2027-01-01T00:00:00Z" });
    // The most that there may be of it, what it looks like, and where one more is refused.
    type Many<'m> = (&'m str, usize, &'m dyn Fn(usize) -> Value, &'m str, &'m str);
    let rows: &[Many<'_>] = &[
        ("signers", 256, &|count| json!(vec![rule.clone(); count]), "malformed-policy", "/signers"),
        ("signers", 256, &patterns, "malformed-policy", "/signers/0/identity"),
        ("require", 256, &|count| json!(vec![review.clone(); count]), "malformed-policy", "/require"),
        (
            "require",
            127,
            &|count| json!([{ "allOf": vec![review.clone(); 128] }, { "anyOf": vec![review.clone(); count - 1] }]),
            "invalid-policy",
            "/require/1/anyOf",
        ),
        ("require", 256, &types, "malformed-policy", "/require/0/predicateType"),
        ("require", 4096, &parameters, "invalid-policy", "/require/0/parameters"),
        ("require", 256, &dependencies, "malformed-policy", "/require/0/dependencies/require"),
        ("levels", 256, &|count| json!(vec![row.clone(); count]), "malformed-policy", "/levels"),
        ("verifiers", 64, &|count| json!(vec![verifier.clone(); count]), "malformed-policy", "/verifiers"),
        ("exceptions", 4096, &|count| json!(vec![exception.clone(); count]), "malformed-policy", "/exceptions"),
    ];
    for (key, most, make, code, at) in rows {
        println!("{most} at {at}");
        let error = refusal(&with(json!({ *key: make(*most) })));
        assert!(error.is_none(), "{}", error.expect("an error"));
        refused(&with(json!({ *key: make(most + 1) })), code, at);
    }
    let padded = |bytes: usize| {
        let text = with(json!({}));
        text.clone() + &" ".repeat(bytes - text.len())
    };
    assert!(refusal(&padded(1024 * 1024)).is_none());
    refused(&padded(1024 * 1024 + 1), "invalid-policy", "");
}

#[test]
fn requests_are_as_strict() {
    let policy = || case(&["provenance"], json!({}));
    for (name, request, code, at) in [
        ("unknown", json!({ "nwo": "x" }), "malformed-options", "/nwo"),
        ("in snake case", json!({ "Reference": "x" }), "malformed-options", "/Reference"),
        ("now null", json!({ "now": null }), "malformed-options", "/now"),
        ("now a number", json!({ "now": 1 }), "malformed-options", "/now"),
        ("now otherwise", json!({ "now": "today" }), "invalid-time", "/now"),
        ("published otherwise", json!({ "published": "2025-02-30T00:00:00Z" }), "invalid-time", "/published"),
        ("reference null", json!({ "reference": null }), "malformed-options", "/reference"),
        ("an artifact of no digest", json!({ "artifact": {} }), "missing-artifact", "/artifact"),
        ("an artifact null", json!({ "artifact": null }), "malformed-options", "/artifact"),
        ("a short digest", json!({ "artifact": { "sha256": "00" } }), "invalid-artifact-digest", "/artifact/sha256"),
        (
            "unbound, false",
            json!({ "artifact": { "dangerouslyUnbound": false } }),
            "dangerously-not-true",
            "/artifact/dangerouslyUnbound",
        ),
    ] {
        println!("{name}");
        policy().asking(request).refused(code, at);
    }
    let parse = |text: &str, bytes: Option<&'static [u8]>| admissible::Request::from_json(text, bytes).map(|_| ());
    assert_eq!(parse("{}", None).expect_err("nothing").code(), "missing-artifact");
    let twice = parse(r#"{"artifact":{"dangerouslyUnbound":true}}"#, Some(b"x")).expect_err("two artifacts");
    assert_eq!((twice.code(), twice.at.as_str()), ("ambiguous-artifact", "/artifact"));
}

#[test]
fn what_a_policy_needs_must_be_given() {
    let without_now = |more: Value| {
        let mut case = case(&["provenance"], more);
        case.request = json!({});
        case
    };
    let exception = json!({ "reference": "a", "reason": "r", "expires": at(0) });
    let aged = piece(PROVENANCE, json!({ "maxAge": "1d" }));
    without_now(json!({})).verified("/signers", &[0]);
    without_now(json!({ "require": [piece(PROVENANCE, json!({}))] })).verified("/require/0", &[0]);
    for needy in [
        json!({ "exceptions": [exception] }),
        json!({ "require": [aged] }),
        json!({ "require": [{ "anyOf": [piece(PROVENANCE, json!({})), { "allOf": [aged] }] }] }),
    ] {
        without_now(needy).refused("invalid-policy", "");
    }
    let mut many = case(&[], json!({}));
    many.bundles = vec![pool::bundle("no bundle"); 1024];
    assert_eq!(many.evaluate().reports.len(), 1024);
    many.bundles.push(pool::bundle("provenance"));
    many.refused("invalid-policy", "");
}
