//! What a report on an honest build lists: every place where its producer writes a fact, and how that fact stands.

use admissible_box::fulcio::COMMIT;
use admissible_box::provenance::{REF, RUN, WORKFLOW_COMMIT};
use serde_json::{Value, json};

use crate::judged::{build, judge, judge_managed};

/// `status name pointer` of every fact, by the build's name in the box.
pub const FACTS: &[(&str, &[&str])] = &[
    (
        "github-attestations",
        &[
            "agrees builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees sourceRepository /buildDefinition/externalParameters/workflow/repository",
            "agrees sourceRef /buildDefinition/externalParameters/workflow/ref",
            "agrees configPath /buildDefinition/externalParameters/workflow/path",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
            "agrees trigger /buildDefinition/internalParameters/github/event_name",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/github/repository_id",
            "agrees sourceOwnerId /buildDefinition/internalParameters/github/repository_owner_id",
            "agrees runner /buildDefinition/internalParameters/github/runner_environment",
        ],
    ),
    (
        "npm-v1",
        &[
            "agrees builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees sourceRepository /buildDefinition/externalParameters/workflow/repository",
            "agrees sourceRef /buildDefinition/externalParameters/workflow/ref",
            "agrees configPath /buildDefinition/externalParameters/workflow/path",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
            "agrees trigger /buildDefinition/internalParameters/github/event_name",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/github/repository_id",
            "agrees sourceOwnerId /buildDefinition/internalParameters/github/repository_owner_id",
        ],
    ),
    (
        "npm-gha-v2",
        &[
            "claimed builder /builder/id",
            "claimed buildType /buildType",
            "agrees sourceRepository /invocation/configSource/uri",
            "agrees sourceRef /invocation/configSource/uri",
            "agrees sourceCommit /invocation/configSource/digest/sha1",
            "agrees configPath /invocation/configSource/entryPoint",
            "agrees trigger /invocation/environment/GITHUB_EVENT_NAME",
            "agrees sourceRepository /invocation/environment/GITHUB_REPOSITORY",
            "agrees sourceRef /invocation/environment/GITHUB_REF",
            "agrees sourceCommit /invocation/environment/GITHUB_SHA",
            "agrees sourceRepositoryId /invocation/environment/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /invocation/environment/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /invocation/environment/GITHUB_WORKFLOW_REF",
            "agrees configCommit /invocation/environment/GITHUB_WORKFLOW_SHA",
            "agrees run /invocation/environment/GITHUB_RUN_ID",
            "agrees sourceRepository /materials/0/uri",
            "agrees sourceRef /materials/0/uri",
            "agrees sourceCommit /materials/0/digest/sha1",
            "agrees run /metadata/buildInvocationId",
        ],
    ),
    (
        "npm-gha-v0",
        &[
            "claimed builder /builder/id",
            "claimed buildType /buildType",
            "agrees sourceRepository /invocation/configSource/uri",
            "agrees sourceRef /invocation/configSource/uri",
            "agrees sourceCommit /invocation/configSource/digest/sha1",
            "agrees configURI /invocation/configSource/entryPoint",
            "agrees trigger /invocation/environment/GITHUB_EVENT_NAME",
            "agrees sourceRepository /invocation/environment/GITHUB_REPOSITORY",
            "agrees sourceRef /invocation/environment/GITHUB_REF",
            "agrees sourceCommit /invocation/environment/GITHUB_SHA",
            "agrees sourceRepositoryId /invocation/environment/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /invocation/environment/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /invocation/environment/GITHUB_WORKFLOW_REF",
            "agrees configCommit /invocation/environment/GITHUB_WORKFLOW_SHA",
            "agrees run /invocation/environment/GITHUB_RUN_ID",
            "agrees sourceRepository /materials/0/uri",
            "agrees sourceCommit /materials/0/digest/sha1",
            "agrees run /metadata/buildInvocationId",
        ],
    ),
    (
        "npm-gitlab",
        &[
            "claimed builder /builder/id",
            "claimed buildType /buildType",
            "agrees sourceRepository /invocation/configSource/uri",
            "agrees sourceCommit /invocation/configSource/digest/sha1",
            "claimed entryPoint /invocation/configSource/entryPoint",
            "agrees trigger /invocation/parameters/CI_PIPELINE_SOURCE",
            "agrees sourceRepositoryId /invocation/parameters/CI_PROJECT_ID",
            "agrees sourceRepository /materials/0/uri",
            "agrees sourceCommit /materials/0/digest/sha1",
            "agrees run /metadata/buildInvocationId",
        ],
    ),
    (
        "generator-generic",
        &[
            "agrees builder /builder/id",
            "claimed buildType /buildType",
            "agrees sourceRepository /invocation/configSource/uri",
            "agrees sourceRef /invocation/configSource/uri",
            "agrees sourceCommit /invocation/configSource/digest/sha1",
            "agrees configPath /invocation/configSource/entryPoint",
            "agrees trigger /invocation/environment/github_event_name",
            "agrees sourceRef /invocation/environment/github_ref",
            "agrees sourceCommit /invocation/environment/github_sha1",
            "agrees sourceRepositoryId /invocation/environment/github_repository_id",
            "agrees sourceOwnerId /invocation/environment/github_repository_owner_id",
            "agrees run /invocation/environment/github_run_id",
            "agrees sourceRepository /materials/0/uri",
            "agrees sourceRef /materials/0/uri",
            "agrees sourceCommit /materials/0/digest/sha1",
            "agrees run /metadata/buildInvocationID",
        ],
    ),
    (
        "generator-go",
        &[
            "agrees builder /builder/id",
            "claimed buildType /buildType",
            "agrees sourceRepository /invocation/configSource/uri",
            "agrees sourceRef /invocation/configSource/uri",
            "agrees sourceCommit /invocation/configSource/digest/sha1",
            "agrees configPath /invocation/configSource/entryPoint",
            "agrees trigger /invocation/environment/github_event_name",
            "agrees sourceRef /invocation/environment/github_ref",
            "agrees sourceCommit /invocation/environment/github_sha1",
            "agrees sourceRepositoryId /invocation/environment/github_repository_id",
            "agrees sourceOwnerId /invocation/environment/github_repository_owner_id",
            "agrees run /invocation/environment/github_run_id",
            "agrees sourceRepository /materials/0/uri",
            "agrees sourceRef /materials/0/uri",
            "agrees sourceCommit /materials/0/digest/sha1",
            "agrees run /metadata/buildInvocationID",
        ],
    ),
    (
        "container-based",
        &[
            "agrees builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees sourceRepository /buildDefinition/externalParameters/source/uri",
            "agrees sourceRef /buildDefinition/externalParameters/source/uri",
            "agrees sourceCommit /buildDefinition/externalParameters/source/digest/sha1",
            "claimed configPath /buildDefinition/externalParameters/configPath",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/sha1",
            "agrees run /runDetails/metadata/invocationId",
            "agrees trigger /buildDefinition/internalParameters/GITHUB_EVENT_NAME",
            "agrees sourceRepository /buildDefinition/internalParameters/GITHUB_REPOSITORY",
            "agrees sourceRef /buildDefinition/internalParameters/GITHUB_REF",
            "agrees sourceCommit /buildDefinition/internalParameters/GITHUB_SHA",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /buildDefinition/internalParameters/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /buildDefinition/internalParameters/GITHUB_WORKFLOW_REF",
            "agrees configCommit /buildDefinition/internalParameters/GITHUB_WORKFLOW_SHA",
            "agrees run /buildDefinition/internalParameters/GITHUB_RUN_ID",
        ],
    ),
    (
        "delegator-v1",
        &[
            "claimed builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
            "agrees trigger /buildDefinition/internalParameters/GITHUB_EVENT_NAME",
            "agrees sourceRepository /buildDefinition/internalParameters/GITHUB_REPOSITORY",
            "agrees sourceRef /buildDefinition/internalParameters/GITHUB_REF",
            "agrees sourceCommit /buildDefinition/internalParameters/GITHUB_SHA",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /buildDefinition/internalParameters/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /buildDefinition/internalParameters/GITHUB_WORKFLOW_REF",
            "agrees configCommit /buildDefinition/internalParameters/GITHUB_WORKFLOW_SHA",
            "agrees run /buildDefinition/internalParameters/GITHUB_RUN_ID",
        ],
    ),
    (
        "delegator-v02",
        &[
            "claimed builder /builder/id",
            "claimed buildType /buildType",
            "agrees sourceRepository /invocation/configSource/uri",
            "agrees sourceRef /invocation/configSource/uri",
            "agrees sourceCommit /invocation/configSource/digest/sha1",
            "agrees configPath /invocation/configSource/entryPoint",
            "agrees trigger /invocation/environment/GITHUB_EVENT_NAME",
            "agrees sourceRepository /invocation/environment/GITHUB_REPOSITORY",
            "agrees sourceRef /invocation/environment/GITHUB_REF",
            "agrees sourceCommit /invocation/environment/GITHUB_SHA",
            "agrees sourceRepositoryId /invocation/environment/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /invocation/environment/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /invocation/environment/GITHUB_WORKFLOW_REF",
            "agrees configCommit /invocation/environment/GITHUB_WORKFLOW_SHA",
            "agrees run /invocation/environment/GITHUB_RUN_ID",
            "agrees sourceRepository /materials/0/uri",
            "agrees sourceRef /materials/0/uri",
            "agrees sourceCommit /materials/0/digest/sha1",
            "agrees run /metadata/buildInvocationId",
        ],
    ),
    (
        "unknown-type",
        &[
            "agrees builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees sourceRepository /buildDefinition/externalParameters/source",
            "agrees sourceRef /buildDefinition/externalParameters/source",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/1/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
            "claimed started /runDetails/metadata/startedOn",
            "claimed finished /runDetails/metadata/finishedOn",
        ],
    ),
    (
        "gitlab-runner",
        &[
            "claimed builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees sourceRepository /buildDefinition/externalParameters/source",
            "claimed entryPoint /buildDefinition/externalParameters/entryPoint",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees run /runDetails/metadata/invocationId",
            "claimed started /runDetails/metadata/startedOn",
            "claimed finished /runDetails/metadata/finishedOn",
        ],
    ),
    (
        "buildkit",
        &[
            "agrees builder /builder/id",
            "claimed buildType /buildType",
            "claimed sourceRepository /invocation/configSource/uri",
            "claimed sourceCommit /invocation/configSource/digest/sha1",
            "claimed configPath /invocation/configSource/entryPoint",
            "claimed sourceCommit /materials/1/digest/sha1",
            "claimed run /metadata/buildInvocationID",
            "claimed started /metadata/buildStartedOn",
        ],
    ),
    (
        "tekton",
        &[
            "claimed builder /builder/id",
            "claimed buildType /buildType",
            "claimed started /metadata/buildStartedOn",
            "claimed finished /metadata/buildFinishedOn",
        ],
    ),
    (
        "cloud-build-v1",
        &[
            "claimed builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "claimed sourceRepository /buildDefinition/externalParameters/buildConfigSource/repository",
            "claimed sourceRef /buildDefinition/externalParameters/buildConfigSource/ref",
            "claimed configPath /buildDefinition/externalParameters/buildConfigSource/path",
            "claimed sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "claimed sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "claimed sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "claimed run /runDetails/metadata/invocationId",
        ],
    ),
    (
        "cloud-build-v01",
        &[
            "claimed builder /builder/id",
            "claimed buildType /recipe/type",
            "claimed configPath /recipe/entryPoint",
            "claimed sourceRepository /materials/0/uri",
            "claimed sourceCommit /materials/0/uri",
            "claimed sourceCommit /materials/0/digest/sha1",
            "claimed run /metadata/buildInvocationId",
            "claimed started /metadata/buildStartedOn",
        ],
    ),
];

#[test]
fn every_fact_of_every_producer() {
    for (name, expected) in FACTS {
        println!("{name}");
        let judged = judge(&build(name));
        assert_eq!(judged.passes().lines(), *expected);
        let agreeing = expected.iter().filter(|line| line.starts_with("agrees")).count();
        let evidence = json!({ "agreeing": agreeing, "claimed": expected.len() - agreeing });
        assert_eq!(judged.json["checks"]["provenanceBinding"]["evidence"], evidence);
    }
    assert_eq!(FACTS.len(), admissible_box::provenance::all().len(), "a build without its facts");
}

/// What is certified about an agreeing fact is shown beside it, with the claim's name.
#[test]
fn agreeing_facts_name_their_claim() {
    for (name, _) in FACTS {
        for fact in judge(&build(name)).json["provenance"]["facts"].as_array().expect("facts") {
            let is_shown = fact["certified"].is_string() && fact["claim"].is_string();
            assert!(is_shown || fact["status"] == "claimed", "{name}: {fact}");
        }
    }
}

#[test]
fn a_managed_key_certifies_nothing() {
    for (name, expected) in FACTS {
        println!("{name}");
        let judged = judge_managed(&build(name));
        let expected: Vec<_> = expected.iter().map(|line| line.replacen("agrees", "claimed", 1)).collect();
        assert_eq!(judged.passes().lines(), expected);
        assert!(judged.facts().iter().all(|fact| fact.certified.is_none()));
    }
}

/// What is shown of a build: each thing once, in the spelling that is certified where one place has that.
#[test]
fn what_is_shown_of_each_build() {
    let github = json!({
        "repository": "https://github.com/acme/widget", "ref": REF, "commit": COMMIT, "repositoryId": "1234567", "ownerId": "7654321",
    });
    let gitlab =
        json!({ "repository": "https://gitlab.com/acme/tools/widget", "commit": COMMIT, "repositoryId": "1234567" });
    let images = json!({ "repository": "https://github.com/acme/images", "commit": WORKFLOW_COMMIT });
    let mut images_main = images.clone();
    images_main["ref"] = json!("refs/heads/main");
    let nothing = Value::Null;
    let path = json!({ "path": ".github/workflows/release.yml" });
    let push = json!("push");
    let table = [
        ("github-attestations", &github, &path, json!(RUN), &push),
        ("npm-v1", &github, &path, json!(RUN), &push),
        ("npm-gha-v2", &github, &path, json!("42-1"), &push),
        ("npm-gha-v0", &github, &nothing, json!("42-1"), &push),
        (
            "npm-gitlab",
            &gitlab,
            &json!({ "entryPoint": "publish" }),
            json!("https://gitlab.com/acme/tools/widget/-/jobs/42"),
            &push,
        ),
        ("generator-generic", &github, &path, json!("42-1"), &push),
        ("generator-go", &github, &path, json!("42-1"), &push),
        ("container-based", &github, &json!({ "path": ".github/configs-docker/config.toml" }), json!(RUN), &push),
        ("delegator-v1", &github, &nothing, json!(RUN), &push),
        ("delegator-v02", &github, &path, json!("42-1"), &push),
        ("buildkit", &images, &json!({ "path": "Dockerfile" }), json!("j6fosxfpi15ygjfmg79swarf4"), &nothing),
        ("tekton", &nothing, &nothing, Value::Null, &nothing),
        ("cloud-build-v01", &images, &json!({ "path": "cloudbuild.yaml" }), json!("7"), &nothing),
        (
            "cloud-build-v1",
            &images_main,
            &json!({ "path": "cloudbuild.yaml" }),
            json!("https://cloudbuild.googleapis.com/v1/projects/acme/locations/global/builds/7"),
            &nothing,
        ),
    ];
    for (name, source, config, run, trigger) in table {
        println!("{name}");
        for judged in [judge(&build(name)), judge_managed(&build(name))] {
            let shown = &judged.passes().json["provenance"];
            let found = [&shown["source"], &shown["config"], &shown["run"], &shown["trigger"]];
            assert_eq!(found, [source, config, &run, trigger]);
        }
        let runner = judge(&build(name)).json["provenance"]["runner"].clone();
        assert_eq!(runner.is_string(), name == "github-attestations");
    }
    // A short spelling before the full one.
    let mut made = build("npm-gha-v0");
    made.predicate["invocation"]["configSource"]["uri"] = json!("acme/widget");
    made.predicate["materials"][0]["uri"] = json!("git+https://github.com/acme/widget@v1.2.3");
    assert_eq!(judge(&made).passes().json["provenance"]["source"], github);
}
