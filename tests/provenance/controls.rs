//! What a report on an honest build lists: every place where its producer writes a fact, and how that fact stands.

use serde_json::json;

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
            "agrees trigger /buildDefinition/internalParameters/github/event_name",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/github/repository_id",
            "agrees sourceOwnerId /buildDefinition/internalParameters/github/repository_owner_id",
            "agrees runner /buildDefinition/internalParameters/github/runner_environment",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
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
            "agrees trigger /buildDefinition/internalParameters/github/event_name",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/github/repository_id",
            "agrees sourceOwnerId /buildDefinition/internalParameters/github/repository_owner_id",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
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
            "agrees trigger /buildDefinition/internalParameters/GITHUB_EVENT_NAME",
            "agrees sourceRepository /buildDefinition/internalParameters/GITHUB_REPOSITORY",
            "agrees sourceRef /buildDefinition/internalParameters/GITHUB_REF",
            "agrees sourceCommit /buildDefinition/internalParameters/GITHUB_SHA",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /buildDefinition/internalParameters/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /buildDefinition/internalParameters/GITHUB_WORKFLOW_REF",
            "agrees configCommit /buildDefinition/internalParameters/GITHUB_WORKFLOW_SHA",
            "agrees run /buildDefinition/internalParameters/GITHUB_RUN_ID",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/sha1",
            "agrees run /runDetails/metadata/invocationId",
        ],
    ),
    (
        "delegator-v1",
        &[
            "claimed builder /runDetails/builder/id",
            "claimed buildType /buildDefinition/buildType",
            "agrees trigger /buildDefinition/internalParameters/GITHUB_EVENT_NAME",
            "agrees sourceRepository /buildDefinition/internalParameters/GITHUB_REPOSITORY",
            "agrees sourceRef /buildDefinition/internalParameters/GITHUB_REF",
            "agrees sourceCommit /buildDefinition/internalParameters/GITHUB_SHA",
            "agrees sourceRepositoryId /buildDefinition/internalParameters/GITHUB_REPOSITORY_ID",
            "agrees sourceOwnerId /buildDefinition/internalParameters/GITHUB_REPOSITORY_OWNER_ID",
            "agrees configURI /buildDefinition/internalParameters/GITHUB_WORKFLOW_REF",
            "agrees configCommit /buildDefinition/internalParameters/GITHUB_WORKFLOW_SHA",
            "agrees run /buildDefinition/internalParameters/GITHUB_RUN_ID",
            "agrees sourceRepository /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceRef /buildDefinition/resolvedDependencies/0/uri",
            "agrees sourceCommit /buildDefinition/resolvedDependencies/0/digest/gitCommit",
            "agrees run /runDetails/metadata/invocationId",
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
