//! Rules beyond the comparison of one fact with one claim: pull requests, contradictions, forged fields, and the switch that
//! turns it all off.

use admissible::Options;
use admissible::check::Coded;
use admissible_box::fulcio::{COMMIT, claim};
use admissible_box::provenance::{Build, WORKFLOW_COMMIT};
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

use crate::controls::FACTS;
use crate::judged::{at, build, certify, edited, judge, judge_by, judge_managed, with, world};

const HEAD: &str = "fedcba9876543210fedcba9876543210fedcba98";
const V1_COMMIT: &str = "/buildDefinition/resolvedDependencies/0/digest/gitCommit";

/// A run for this event at this ref, of which the predicate says the same.
fn event(name: &str, trigger: &str, git_ref: &str) -> Build {
    let mut made = build(name);
    certify(&mut made, claim::BUILD_TRIGGER, trigger);
    certify(&mut made, claim::SOURCE_REPOSITORY_REF, git_ref);
    let text = made.predicate.to_string().replace("\"push\"", &format!("\"{trigger}\""));
    // The workflow is at the certified ref of its own, and stays there.
    let text = text.replace("acme/widget@refs/tags/v1.2.3", &format!("acme/widget@{git_ref}"));
    made.predicate =
        serde_json::from_str(&text.replace("\"refs/tags/v1.2.3\"", &format!("\"{git_ref}\""))).expect("JSON");
    made
}

/// On a pull request the CA certifies the merge commit; what was built may be the commit that is to be merged.
#[test]
fn pull_requests_may_build_another_commit() {
    for (name, pointer) in [
        ("github-attestations", V1_COMMIT),
        ("npm-v1", V1_COMMIT),
        ("generator-generic", "/materials/0/digest/sha1"),
        ("generator-go", "/invocation/environment/github_sha1"),
    ] {
        println!("{name}");
        let mut made = event(name, "pull_request", "refs/pull/7/merge");
        judge(&made).passes();
        *at(&mut made.predicate, pointer) = json!(HEAD);
        let judged = judge(&made);
        let found = judged.passes().facts().into_iter().find(|fact| fact.pointer == pointer).expect("the commit");
        assert_eq!((found.status.as_str(), found.certified.as_deref()), ("claimed", Some(COMMIT)));
        // Where the certified commit is written too, it is the one that is shown.
        let others = judged.facts().iter().any(|fact| fact.name == "sourceCommit" && fact.status == "agrees");
        let shown = if others { COMMIT } else { HEAD };
        assert_eq!(judged.json["provenance"]["source"]["commit"], shown);
        made.claims.retain(|number, _| *number <= claim::WORKFLOW_REF);
        judge(&made).passes();
    }
}

#[test]
fn nothing_else_may_build_another_commit() {
    for (trigger, git_ref) in [
        ("push", "refs/pull/7/merge"),
        ("pull_request_target", "refs/pull/7/merge"),
        ("pull_request_review", "refs/pull/7/merge"),
        ("merge_group", "refs/heads/gh-readonly-queue/main/pr-7"),
        ("pull_request", "refs/heads/main"),
        ("pull_request", "refs/pull/7/head"),
        ("pull_request", "refs/pull/7/merge/x"),
        ("pull_request", "refs/pull/x/merge"),
        ("pull_request", "refs/pull//merge"),
        ("pull_request", "refs/pull/merge"),
        ("pull_request", "refs/heads/refs/pull/7/merge"),
    ] {
        println!("{trigger} {git_ref}");
        let mut made = event("github-attestations", trigger, git_ref);
        judge(&made).passes();
        *at(&mut made.predicate, V1_COMMIT) = json!(HEAD);
        judge(&made).disagrees("sourceCommit", &[V1_COMMIT]);
    }
    // Nor may a pull request differ in anything else, or only say of itself that it is one.
    let mut made = event("github-attestations", "pull_request", "refs/pull/7/merge");
    *at(&mut made.predicate, "/buildDefinition/externalParameters/workflow/ref") = json!("refs/pull/8/merge");
    judge(&made).disagrees("sourceRef", &["/buildDefinition/externalParameters/workflow/ref"]);
    let mut made = build("npm-v1");
    *at(&mut made.predicate, "/buildDefinition/internalParameters/github/event_name") = json!("pull_request");
    *at(&mut made.predicate, V1_COMMIT) = json!(HEAD);
    assert_eq!(judge(&made).codes(), ["provenance-source-commit-differs", "provenance-trigger-differs"]);
    // And what it says of the commit that nobody certified must be one thing.
    let mut made = event("generator-generic", "pull_request", "refs/pull/7/merge");
    *at(&mut made.predicate, "/materials/0/digest/sha1") = json!(HEAD);
    *at(&mut made.predicate, "/invocation/configSource/digest/sha1") = json!(WORKFLOW_COMMIT);
    judge(&made).fails("provenance-contradicts-itself");
}

#[track_caller]
fn contradicts(judged: &crate::judged::Judged, pointers: [&str; 2]) {
    judged.fails("provenance-contradicts-itself");
    let failures = judged.report.failures();
    assert_eq!(failures.len(), 1, "{failures:#?}");
    for pointer in pointers {
        assert!(failures[0].message.contains(&format!("`/predicate{pointer}`")), "{pointer}: {}", failures[0].message);
    }
}

/// What nobody certified must at least be said alike everywhere.
#[test]
fn a_fact_in_two_places_is_one() {
    let mut count = 0;
    for (name, lines) in FACTS {
        let mut first_at = std::collections::BTreeMap::new();
        for (fact, pointer) in lines.iter().filter_map(|line| line.strip_prefix("agrees ")?.split_once(' ')) {
            let Some(first) = first_at.get(fact) else {
                first_at.insert(fact, pointer);
                continue;
            };
            println!("{name}: {fact} at {first} and {pointer}");
            let mut made = build(name);
            let value = at(&mut made.predicate, pointer);
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let (from, to) = match fact {
                "sourceRepository" => ("widget", "evil"),
                "sourceRef" => ("v1.2.3", "v1.2.4"),
                "run" => ("42", "43"),
                _ => ("0123456", "1123456"),
            };
            *value = json!(text.replacen(from, to, 1));
            if fact == "configURI" {
                *value = json!(text.replace("release.yml", "evil.yml"));
            }
            contradicts(&judge_managed(&made), [first, pointer]);
            count += 1;
        }
    }
    assert!(count >= 40, "only {count}");
    // The same in a certificate that says nothing of it.
    let mut made = build("github-attestations");
    made.claims.retain(|number, _| ![claim::SOURCE_REPOSITORY_REF, claim::WORKFLOW_REF].contains(number));
    let uri = "/buildDefinition/resolvedDependencies/0/uri";
    *at(&mut made.predicate, uri) = json!("git+https://github.com/acme/widget@refs/heads/main");
    contradicts(&judge(&made), ["/buildDefinition/externalParameters/workflow/ref", uri]);
}

/// A short spelling fits several others, which do not fit each other.
#[test]
fn a_short_spelling_hides_no_contradiction() {
    let places = ["/invocation/configSource/uri", "/invocation/environment/GITHUB_REF", "/materials/0/uri"];
    for (texts, conflict) in [
        (["main", "refs/heads/main", "refs/tags/main"], Some([1, 2])),
        (["refs/heads/main", "main", "refs/tags/main"], Some([0, 2])),
        (["main", "main", "refs/heads/main"], None),
    ] {
        let uri = |revision: &str| json!(format!("git+https://github.com/acme/widget@{revision}"));
        let made = edited("npm-gha-v0", |predicate| {
            *at(predicate, places[0]) = uri(texts[0]);
            *at(predicate, places[1]) = json!(texts[1]);
            *at(predicate, places[2]) = uri(texts[2]);
        });
        match conflict {
            Some([one, other]) => contradicts(&judge_managed(&made), [places[one], places[other]]),
            None => _ = judge_managed(&made).passes(),
        }
    }
    let repositories = ["acme/widget", "https://github.com/acme/widget", "https://gitlab.com/acme/widget"];
    let made = edited("npm-gha-v0", |predicate| {
        *at(predicate, places[0]) = json!(repositories[0]);
        predicate["invocation"]["environment"]["GITHUB_REPOSITORY"] = json!(repositories[1]);
        *at(predicate, places[2]) = json!(repositories[2]);
    });
    contradicts(&judge_managed(&made), ["/invocation/environment/GITHUB_REPOSITORY", places[2]]);
}

/// BuildKit, Tekton and Cloud Build may speak of several sources.
#[test]
fn other_builds_have_several_sources() {
    for (name, pointer) in
        [("buildkit", "/materials/1/digest/sha1"), ("cloud-build-v1", "/buildDefinition/resolvedDependencies/0/uri")]
    {
        judge_managed(&with(name, pointer, json!("git+https://github.com/acme/other@refs/heads/x"))).passes();
    }
}

#[track_caller]
fn is_forged(name: &str, pointer: &str, value: Value) {
    println!("{name} {pointer}");
    let made = edited(name, |predicate| {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match predicate.pointer_mut(parent) {
            Some(Value::Array(items)) if items.len() <= key.parse().expect("an index") => items.push(value.clone()),
            Some(_) => *at(predicate, pointer) = value.clone(),
            None => panic!("nothing at {parent}"),
        }
    });
    for judged in [judge(&made), judge_managed(&made)] {
        judged.fails("provenance-forged-field");
        let failures = judged.report.failures();
        assert_eq!(failures.len(), 1, "{failures:#?}");
        assert!(failures[0].message.contains(&format!("`/predicate{pointer}`")), "{}", failures[0].message);
    }
}

/// A workflow that makes its own provenance could add what npm never writes.
#[test]
fn npm_writes_no_more_than_npm_writes() {
    let resource = json!({ "uri": "pkg:npm/evil@1", "digest": { "sha256": "00" } });
    for (pointer, value) in [
        ("/buildDefinition/extension", json!(1)),
        ("/buildDefinition/externalParameters/inputs", json!({})),
        ("/buildDefinition/externalParameters/workflow/inputs", json!({})),
        ("/buildDefinition/internalParameters/extra", json!("x")),
        ("/buildDefinition/internalParameters/github/actor_id", json!("5")),
        ("/buildDefinition/internalParameters/github/runner_environment", json!("github-hosted")),
        ("/buildDefinition/resolvedDependencies/1", resource.clone()),
        ("/runDetails/byproducts", json!([resource])),
        ("/runDetails/metadata/startedOn", json!("2025-06-15T15:06:30Z")),
        ("/runDetails/metadata/finishedOn", json!("2025-06-15T15:06:40Z")),
        ("/runDetails/metadata/__proto__", json!({})),
        ("/runDetails/extra", json!(null)),
    ] {
        is_forged("npm-v1", pointer, value);
    }
    for (pointer, value) in [
        ("/buildConfig", json!({})),
        ("/invocation/extra", json!({})),
        ("/invocation/parameters/input", json!("x")),
        ("/invocation/environment/GITHUB_ACTOR_ID", json!("5")),
        ("/invocation/environment/github_actor", json!("5")),
        ("/metadata/buildStartedOn", json!("2025-06-15T15:06:30Z")),
        ("/metadata/buildFinishedOn", json!("2025-06-15T15:06:40Z")),
        ("/metadata/completeness/parameters", json!(true)),
        ("/metadata/completeness/environment", json!("false")),
        ("/metadata/completeness/extra", json!(true)),
        ("/metadata/reproducible", json!(true)),
        ("/materials/1", json!({ "uri": "pkg:npm/evil@1", "digest": { "sha256": "00" } })),
    ] {
        is_forged("npm-gha-v2", pointer, value);
    }
}

/// Others write such fields. GitHub's attestations once had npm's build type, and name their workflow as the builder.
#[test]
fn others_may_write_more() {
    let mut made = build("github-attestations");
    made.predicate["buildDefinition"]["buildType"] = build("npm-v1").predicate["buildDefinition"]["buildType"].clone();
    made.predicate["runDetails"]["metadata"]["startedOn"] = json!("2025-06-15T15:06:30Z");
    judge(&made).passes();
    judge(&with("github-attestations", "/runDetails/metadata/startedOn", json!("2025-06-15T15:06:30Z"))).passes();
    judge(&with("npm-gha-v0", "/metadata/buildStartedOn", json!("2025-06-15T15:06:30Z"))).passes();
}

#[test]
fn unbound_provenance_is_not_looked_at() {
    for made in [
        build("github-attestations"),
        with("github-attestations", V1_COMMIT, json!(HEAD)),
        with("npm-v1", "/runDetails/metadata/startedOn", json!("x")),
        with("npm-v1", "/runDetails/builder/id", json!(7)),
    ] {
        let judged = judge_by(&made.spec(world()), &json!({ "dangerouslyUnboundProvenance": true }));
        assert_eq!(judged.report.verdict(), admissible::Verdict::Passed);
        assert_eq!(judged.json["checks"]["provenanceBinding"], json!({ "status": "absent" }));
        assert_eq!(judged.json.get("provenance"), None);
        assert!(judged.report.level.is_none() && judged.report.provenance.is_none());
    }
}

#[test]
fn it_must_be_written_out_that_provenance_is_unbound() {
    for value in [json!(false), json!("true"), json!(1), json!({}), json!([true])] {
        let options = json!({ "signer": { "dangerouslyAnySigner": true }, "dangerouslyUnboundProvenance": value });
        let error = Options::from_json(&options.to_string(), Some(ARTIFACT)).expect_err("refused");
        assert_eq!((error.code(), error.at.as_str()), ("dangerously-not-true", "/dangerouslyUnboundProvenance"));
    }
    let options = json!({ "signer": { "dangerouslyAnySigner": true }, "dangerouslyUnboundProvenence": true });
    let error = Options::from_json(&options.to_string(), Some(ARTIFACT)).expect_err("refused");
    assert_eq!((error.code(), error.at.as_str()), ("malformed-options", "/dangerouslyUnboundProvenence"));
    assert!(error.to_string().contains("did you mean `dangerouslyUnboundProvenance`?"), "{error}");
}

/// Nothing is said about provenance whose certificate does not verify.
#[test]
fn provenance_waits_for_the_certificate() {
    let mut spec = build("npm-v1").spec(world());
    spec.leaf().certificate.not_after = world().time + 5;
    let judged = judge_by(&spec, &json!({}));
    let check = &judged.json["checks"]["provenanceBinding"];
    assert_eq!((&check["status"], &check["by"]), (&json!("blocked"), &json!("certificate-path")));
    assert_eq!(judged.json.get("provenance"), None);
}
