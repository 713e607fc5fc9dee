//! Who is trusted, and how many of them must have signed.

use admissible::policy::signer::MatchedSigner;
use admissible_box::fulcio::{IDENTITY, ISSUER};
use serde_json::{Value, json};

use crate::build::{GENERATOR, RELEASE};
use crate::pool::{DAY, PEOPLE, PROVENANCE, REVIEW, TEST, key, person};
use crate::{at, case, piece};

const NOBODY: &[(&str, &[&str])] = &[("/signers", &["requirement-too-few-signers"])];

/// The bundles that meet the line of signers, or nothing where it is unmet.
#[track_caller]
fn judged(bundles: &[&str], signers: &Value, met_by: &[usize]) {
    let case = case(bundles, json!({ "signers": signers }));
    match met_by {
        [] => drop(case.rejected(NOBODY)),
        _ => drop(case.verified("/signers", met_by)),
    }
}

#[test]
fn a_rule_is_of_issuer_identity_and_claims() {
    let rule = |more: Value| {
        let mut rule = RELEASE.rule();
        rule.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!([rule])
    };
    let claims = |more: Value| rule(json!({ "claims": more }));
    for (name, signers, is_met) in [
        ("exactly", rule(json!({ "name": "release" })), true),
        ("no issuer", rule(json!({ "issuer": { "none": true } })), false),
        ("another issuer", rule(json!({ "issuer": PEOPLE })), false),
        ("another identity", rule(json!({ "identity": IDENTITY.replace("v1.2.3", "v1.2.4") })), false),
        ("a beginning of the identity", rule(json!({ "identity": IDENTITY.replace("v1.2.3", "v1.2") })), false),
        ("any of several issuers", rule(json!({ "issuer": [PEOPLE, ISSUER] })), true),
        ("none of several issuers", rule(json!({ "issuer": [PEOPLE, "https://x.example"] })), false),
        (
            "any of several identities",
            rule(json!({ "identity": ["x", { "glob": "https://github.com/acme/**" }] })),
            true,
        ),
        (
            "none of several identities",
            rule(json!({ "identity": ["x", { "glob": "https://github.com/acme/*" }] })),
            false,
        ),
        ("a claim", claims(json!({ "buildTrigger": "push" })), true),
        ("another value", claims(json!({ "buildTrigger": "release" })), false),
        ("any of several values", claims(json!({ "buildTrigger": ["release", { "regex": "pu.h" }] })), true),
        ("none of several values", claims(json!({ "buildTrigger": ["release", "pull_request"] })), false),
        ("one claim of two", claims(json!({ "buildTrigger": "push", "runnerEnvironment": "self-hosted" })), false),
        ("a claim that is not there", claims(json!({ "deploymentEnvironment": { "glob": "**" } })), false),
        ("the second rule of two", json!([person("alice@acme.example"), RELEASE.rule()]), true),
        ("anyone", json!({ "dangerouslyAnySigner": true }), true),
    ] {
        println!("{name}");
        judged(&["provenance"], &signers, if is_met { &[0] } else { &[] });
    }
}

#[test]
fn claims_alone_say_who_it_is() {
    let by_claims = |claims: Value| json!([{ "issuer": ISSUER, "claims": claims }]);
    let ids = json!({ "sourceRepositoryIdentifier": "1234567", "sourceRepositoryOwnerIdentifier": "7654321" });
    judged(&["provenance", "renamed", "re-created", "evil"], &by_claims(ids.clone()), &[0, 1]);
    judged(&["re-created"], &by_claims(ids.clone()), &[]);
    judged(&["generator", "generator for evil"], &by_claims(ids.clone()), &[0]);
    judged(&["evil"], &by_claims(json!({ "runnerEnvironment": "github-hosted" })), &[0]);
    judged(&["review by alice"], &by_claims(ids.clone()), &[]);
    // The identity beside the ids: neither the old name alone nor the ids alone.
    let named = json!([{ "issuer": ISSUER, "identity": IDENTITY, "claims": ids }]);
    judged(&["provenance"], &named, &[0]);
    judged(&["renamed"], &named, &[]);
    judged(&["re-created"], &named, &[]);
    // Claims before 2023 have names of their own.
    judged(&["provenance"], &by_claims(json!({ "githubWorkflowRepository": "acme/widget" })), &[0]);
}

#[test]
fn keys_are_trusted_while_they_are() {
    let managed = key("managed").pem();
    let within = |start: Option<i64>, end: Option<i64>| {
        let mut window = json!({});
        for (end, value) in [("start", start), ("end", end)] {
            if let Some(value) = value {
                window[end] = json!(at(value));
            }
        }
        json!({ "publicKey": managed, "validFor": window })
    };
    judged(&["by key", "by other key", "provenance"], &json!([{ "publicKey": managed }]), &[0]);
    judged(&["by other key"], &json!([{ "publicKey": managed }]), &[]);
    judged(&["provenance"], &json!([{ "publicKey": managed }]), &[]);
    judged(&["by key"], &json!([RELEASE.rule()]), &[]);
    judged(&["by key"], &json!({ "dangerouslyAnySigner": true }), &[]);
    for (start, end, is_met) in [
        (None, None, true),
        (Some(10), Some(10), true),
        (Some(11), None, false),
        (None, Some(9), false),
        (Some(-DAY), Some(DAY), true),
    ] {
        judged(&["by key"], &json!([within(start, end)]), if is_met { &[0] } else { &[] });
    }
    // Several windows of one key, each a rule of its own.
    let [old, new] = [within(None, Some(-10 * DAY)), within(Some(-10 * DAY), None)];
    judged(&["by key", "twenty days old by key"], &json!([old]), &[1]);
    judged(&["by key", "twenty days old by key"], &json!([new]), &[0]);
    judged(&["by key", "twenty days old by key"], &json!([old, new]), &[0, 1]);
    // One key is one signer, in however many windows.
    judged(&["by key", "twenty days old by key"], &json!({ "threshold": 2, "anyOf": [old, new] }), &[]);
    // No time, no window.
    let timeless = json!({ "signers": [within(None, None)], "evidence": { "logEntries": 0 } });
    case(&["timeless"], timeless).rejected(NOBODY);
}

#[test]
fn a_threshold_is_of_distinct_signers_by_distinct_rules() {
    let of = |threshold: usize, rules: &[Value]| json!({ "threshold": threshold, "anyOf": rules });
    let [alice, bob] = ["alice@acme.example", "bob@acme.example"].map(person);
    let any_person = json!({ "issuer": PEOPLE, "identity": { "glob": "*@acme.example" } });
    let managed = json!({ "publicKey": key("managed").pem() });
    let (a, b, k) = ("review by alice", "review by bob", "by key");
    for (name, bundles, signers, met_by) in [
        ("two of two", &[a, b][..], of(2, &[alice.clone(), bob.clone()]), &[0, 1][..]),
        ("one of two", &[a], of(2, &[alice.clone(), bob.clone()]), &[]),
        ("one is enough", &[b], of(1, &[alice.clone(), bob.clone()]), &[0]),
        ("the same bundle twice", &[a, a], of(2, &[alice.clone(), bob.clone()]), &[]),
        ("two bundles of one signer", &[a, "tests by alice"], of(2, &[alice.clone(), bob.clone()]), &[]),
        ("one signer by two rules", &[a], of(2, &[alice.clone(), any_person.clone()]), &[]),
        (
            "two bundles of one signer by two rules",
            &[a, "tests by alice"],
            of(2, &[alice.clone(), any_person.clone()]),
            &[],
        ),
        ("two signers by one rule", &[a, b], of(2, &[any_person.clone(), managed.clone()]), &[]),
        ("two signers by two alike rules", &[a, b], of(2, &[any_person.clone(), any_person.clone()]), &[0, 1]),
        ("each by the rule that is left", &[a, b], of(2, &[any_person.clone(), alice.clone()]), &[0, 1]),
        ("the same, in another order", &[b, a], of(2, &[alice.clone(), any_person.clone()]), &[0, 1]),
        ("a key and a person", &[k, b], of(2, &[managed.clone(), alice.clone(), bob.clone()]), &[0, 1]),
        ("three of three", &[a, k, b], of(3, &[managed.clone(), alice.clone(), bob.clone()]), &[0, 1, 2]),
        ("two of three asked for", &[a, k, "review by mallory"], of(3, &[managed, alice.clone(), bob.clone()]), &[]),
        ("a stranger is none", &[a, "review by mallory"], of(2, &[alice.clone(), bob.clone()]), &[]),
        ("a broken one is none", &["broken", a], of(2, &[RELEASE.rule(), alice.clone()]), &[]),
    ] {
        println!("{name}");
        judged(bundles, &signers, met_by);
    }
    // Anyone of one type of evidence counts for the policy's threshold; a piece asks for a signer of its own.
    let require = json!([piece(REVIEW, json!({})), piece(TEST, json!({}))]);
    let policy = json!({ "signers": of(2, &[alice, RELEASE.rule()]), "require": require });
    case(&[a, "tests passed"], policy.clone()).verified("/signers", &[0, 1]);
    case(&[a, "tests by alice"], policy).rejected(NOBODY);
}

/// Two bundles of one workflow differ in what the CA certified besides: each counts for the rules that are about it, in any order.
#[test]
fn a_signer_is_all_of_its_bundles() {
    let called_by =
        |id: &str| json!({ "issuer": ISSUER, "identity": GENERATOR, "claims": { "sourceRepositoryIdentifier": id } });
    let ours = json!([called_by("1234567")]);
    judged(&["generator", "generator for evil"], &ours, &[0]);
    judged(&["generator for evil", "generator"], &ours, &[1]);
    judged(&["generator for evil"], &ours, &[]);
    // The other one is trusted for something else, and so it is looked at; it stands in nobody's way.
    let anyone = piece(REVIEW, json!({ "signers": { "dangerouslyAnySigner": true } }));
    for bundles in [["generator", "generator for evil"], ["generator for evil", "generator"]] {
        let met_by = if bundles[0] == "generator" { 0 } else { 1 };
        let all = [bundles[0], bundles[1], "review by mallory"];
        case(&all, json!({ "signers": ours, "require": [anyone] })).verified("/signers", &[met_by]);
    }
    // One name is one signer, however many callers it signs for.
    let both = json!({ "threshold": 2, "anyOf": [called_by("1234567"), called_by("66")] });
    judged(&["generator", "generator for evil"], &both, &[]);
    // A key in one window, and in another for a piece.
    let window = |bound: &str| json!([{ "publicKey": key("managed").pem(), "validFor": { bound: at(-10 * DAY) } }]);
    let old = piece(PROVENANCE, json!({ "signers": window("end") }));
    for bundles in [["by key", "twenty days old by key"], ["twenty days old by key", "by key"]] {
        let new = if bundles[0] == "by key" { 0 } else { 1 };
        let policy = json!({ "signers": window("start"), "require": [old] });
        let case = case(&bundles, policy);
        case.verified("/signers", &[new]);
        case.verified("/require/0", &[1 - new]);
    }
}

/// Whoever is trusted without being named still leaves the keys that are named to be trusted.
#[test]
fn anyone_and_a_key() {
    let policy = json!({
        "signers": { "dangerouslyAnySigner": true },
        "require": [piece(PROVENANCE, json!({ "signers": [{ "publicKey": key("managed").pem() }] }))],
    });
    let evaluation = case(&["by key", "evil"], policy.clone()).verified("/require/0", &[0]);
    let signers: Vec<_> = evaluation.reports.iter().map(|report| report.signer.passed().cloned()).collect();
    assert_eq!(signers, [Some(MatchedSigner::PublicKey(0)), Some(MatchedSigner::DangerouslyAny)]);
    case(&["by other key", "evil"], policy).rejected(&[("/require/0", &["requirement-signer"])]);
}
