//! The build level: from who signed, which builder and which runner, by the built-in table and a caller's rows before it.

use admissible_box::fulcio::{IDENTITY, ISSUER, claim};
use admissible_box::provenance::{Build, GENERATOR, generator};
use serde_json::{Value, json};

use crate::judged::{Judged, at, build, certify, edited, judge, judge_by, with, world};

pub const REUSABLE: &str = "https://github.com/acme/builders/.github/workflows/build.yml@refs/heads/main";

/// Signed by another workflow than the one that was started.
fn signed_by(mut made: Build, workflow: &str) -> Build {
    made.identity = workflow.to_owned();
    certify(&mut made, claim::BUILD_SIGNER_URI, workflow);
    made
}

/// GitHub's attestation by this workflow, which it names as its builder.
pub fn attested_by(workflow: &str) -> Build {
    signed_by(with("github-attestations", "/runDetails/builder/id", json!(workflow)), workflow)
}

/// slsa-github-generator's provenance by one of its workflows at this ref.
fn generated(workflow: &str, git_ref: &str) -> Build {
    let signer = format!("{GENERATOR}{workflow}@{git_ref}");
    let mut made = signed_by(generator("generic@v1", workflow), &signer);
    made.predicate["builder"]["id"] = json!(signer);
    made
}

/// The delegator's, at this ref, for this builder.
fn delegated(delegator: &str, git_ref: &str, builder: &str) -> Build {
    let made = with("delegator-v1", "/runDetails/builder/id", json!(builder));
    signed_by(made, &format!("{GENERATOR}{delegator}@{git_ref}"))
}

fn certified(mut made: Build, number: u8, value: &str) -> Build {
    certify(&mut made, number, value);
    made
}

pub fn self_hosted(made: Build) -> Build {
    certified(made, claim::RUNNER_ENVIRONMENT, "self-hosted")
}

fn without(mut made: Build, number: u8) -> Build {
    made.claims.remove(&number);
    made
}

fn issued_by(mut made: Build, issuer: &str) -> Build {
    for number in [claim::ISSUER, claim::ISSUER_V2] {
        certify(&mut made, number, issuer);
    }
    made
}

#[track_caller]
pub fn is_level(judged: &Judged, level: u64, row: &str) {
    assert_eq!(judged.level(), (level, row.to_owned()));
    let why = judged.json["provenance"]["level"]["why"].as_str().expect("a reason");
    assert!(!why.is_empty());
}

#[track_caller]
fn each_is(table: Vec<(Build, u64, &str)>) {
    for (number, (made, level, row)) in table.into_iter().enumerate() {
        println!("{number}: {level} {row}");
        is_level(&judge(&made), level, row);
    }
}

const RELEASE: &str = "refs/tags/v2.0.0";
pub const L3: &str = "slsa-github-generator";
const UNRELEASED: &str = "slsa-github-generator-unreleased";

#[test]
fn the_generator_has_level_3_at_a_release() {
    let generic = "generator_generic_slsa3.yml";
    each_is(vec![
        (generated(generic, RELEASE), 3, L3),
        (generated("generator_container_slsa3.yml", RELEASE), 3, L3),
        (generated("builder_go_slsa3.yml", "refs/tags/v10.20.30"), 3, L3),
        (build("container-based"), 3, L3),
        // At a branch, a commit, or a tag that is no full release.
        (generated(generic, "refs/heads/main"), 1, UNRELEASED),
        (generated(generic, "refs/heads/v2.0.0"), 1, UNRELEASED),
        (generated(generic, "refs/heads/x@refs/tags/v2"), 1, UNRELEASED),
        (generated(generic, "0123456789abcdef0123456789abcdef01234567"), 1, UNRELEASED),
        (generated(generic, "refs/tags/v2"), 1, UNRELEASED),
        (generated(generic, "refs/tags/v2.0"), 1, UNRELEASED),
        (generated(generic, "refs/tags/v2.0.0-rc.1"), 1, UNRELEASED),
        (generated(generic, "refs/tags/v2.0.0+x"), 1, UNRELEASED),
        (generated(generic, "refs/tags/v2.0.0.0"), 1, UNRELEASED),
        (generated(generic, "refs/tags/2.0.0"), 1, UNRELEASED),
        (generated(generic, "refs/tags/x/v2.0.0"), 1, UNRELEASED),
        (self_hosted(generated(generic, "refs/heads/main")), 1, UNRELEASED),
        // On a runner of one's own, or nobody knows which.
        (self_hosted(generated(generic, RELEASE)), 1, "github-self-hosted"),
        (without(generated(generic, RELEASE), claim::RUNNER_ENVIRONMENT), 1, "unlisted"),
        (certified(generated(generic, RELEASE), claim::RUNNER_ENVIRONMENT, "github-hosted "), 1, "unlisted"),
        // Another workflow of that repository is a reusable one like others.
        (generated("generator_generic_slsa4.yml", RELEASE), 2, "github-reusable-workflow"),
        (generated("x/generator_generic_slsa3.yml", RELEASE), 2, "github-reusable-workflow"),
        // A name that the generator gives to its builder, but not its own.
        (with("generator-generic", "/builder/id", json!("https://example.com/builder")), 1, "unlisted"),
        (with("generator-generic", "/builder/id", json!("")), 1, "unlisted"),
        // Another identity provider.
        (issued_by(generated(generic, RELEASE), "https://token.actions.githubusercontent.com/acme"), 1, "unlisted"),
        (issued_by(generated(generic, RELEASE), "https://gitlab.com"), 1, "unlisted"),
    ]);
    let fork = GENERATOR.replace("slsa-framework", "acme");
    let fork = format!("{fork}{generic}@{RELEASE}");
    let mut made = signed_by(build("generator-generic"), &fork);
    made.predicate["builder"]["id"] = json!(fork);
    is_level(&judge(&made), 2, "github-reusable-workflow");
}

#[test]
fn a_delegator_has_level_3_for_the_generators_builders() {
    let node = format!("{GENERATOR}builder_nodejs_slsa3.yml@refs/tags/v1.10.0");
    let row = "slsa-github-generator-delegator";
    let (generic, low) = ("delegator_generic_slsa3.yml", "delegator_lowperms-generic_slsa3.yml");
    each_is(vec![
        (delegated(generic, RELEASE, &node), 3, row),
        (delegated(low, RELEASE, &node), 3, row),
        (build("delegator-v02"), 3, row),
        // A builder elsewhere, at a branch, or of another name.
        (delegated(generic, RELEASE, &node.replace("slsa-framework", "acme")), 1, "unlisted"),
        (delegated(generic, RELEASE, &node.replace("slsa-github-generator", "example-trw")), 1, "unlisted"),
        (delegated(generic, RELEASE, &node.replace("refs/tags/v1.10.0", "refs/heads/main")), 1, "unlisted"),
        (delegated(generic, RELEASE, &node.replace("builder_", "x_")), 1, "unlisted"),
        (delegated(generic, RELEASE, &node.replace("builder_nodejs", "builder_x/y")), 1, "unlisted"),
        (delegated(generic, RELEASE, "https://example.com/builder"), 1, "unlisted"),
        // A delegator that is no release.
        (delegated(generic, "refs/heads/main", &node), 1, UNRELEASED),
        (delegated(low, "refs/tags/v2", &node), 1, UNRELEASED),
        (self_hosted(delegated(generic, RELEASE, &node)), 1, "github-self-hosted"),
        (issued_by(delegated(generic, RELEASE, &node), "https://example.com"), 1, "unlisted"),
    ]);
    // The builder of a delegator is the word of no other workflow: a plain generator may not say so of itself.
    let made = with("generator-generic", "/builder/id", json!(node));
    judge(&made).disagrees("builder", &["/builder/id"]);
}

#[test]
fn workflows_on_github() {
    each_is(vec![
        (build("github-attestations"), 2, "github-hosted-workflow"),
        (build("unknown-type"), 2, "github-hosted-workflow"),
        (attested_by(REUSABLE), 2, "github-reusable-workflow"),
        (build("npm-v1"), 2, "npm-github-hosted"),
        // The generator's own workflow names look like levels; others' do not count.
        (
            attested_by("https://github.com/acme/x/.github/workflows/a_slsa3.yml@refs/tags/v1.0.0"),
            2,
            "github-reusable-workflow",
        ),
        // Self-hosted, as the certificate says, and not the provenance.
        (self_hosted(without_runner(build("github-attestations"))), 1, "github-self-hosted"),
        (self_hosted(without_runner(attested_by(REUSABLE))), 1, "github-self-hosted"),
        (
            self_hosted(with(
                "npm-v1",
                "/runDetails/builder/id",
                json!("https://github.com/actions/runner/self-hosted"),
            )),
            1,
            "github-self-hosted",
        ),
        (without(build("github-attestations"), claim::RUNNER_ENVIRONMENT), 1, "unlisted"),
        (without(build("npm-v1"), claim::RUNNER_ENVIRONMENT), 1, "unlisted"),
        (
            certified(without_runner(build("github-attestations")), claim::RUNNER_ENVIRONMENT, "larger-runner"),
            1,
            "unlisted",
        ),
        // Nobody knows whether it is reusable.
        (without_path(without(build("github-attestations"), claim::BUILD_CONFIG_URI)), 1, "unlisted"),
        (without(build("github-attestations"), claim::BUILD_SIGNER_URI), 1, "unlisted"),
        // Old forms name no runner as their builder.
        (build("npm-gha-v2"), 1, "unlisted"),
        (build("npm-gha-v0"), 1, "unlisted"),
        // The builder is no workflow, or only looks like a runner.
        (with("unknown-type", "/runDetails/builder/id", json!("https://example.com/builder")), 1, "unlisted"),
        (with("unknown-type", "/runDetails/builder/id", json!("")), 1, "unlisted"),
        (with("npm-v1", "/runDetails/builder/id", json!("https://github.com/actions/runner")), 1, "unlisted"),
        (
            with("npm-v1", "/runDetails/builder/id", json!("http://github.com/actions/runner/github-hosted")),
            1,
            "unlisted",
        ),
        (
            with("npm-v1", "/runDetails/builder/id", json!("https://GitHub.com/actions/runner/github-hosted")),
            1,
            "unlisted",
        ),
        // Another identity provider.
        (issued_by(build("github-attestations"), "https://token.actions.acme.ghe.com"), 1, "unlisted"),
        (issued_by(build("npm-v1"), "https://token.actions.githubusercontent.com/acme"), 1, "unlisted"),
        (issued_by(build("npm-v1"), "https://token.actions.githubusercontent.com.evil.example"), 1, "unlisted"),
    ]);
}

/// The build without its own word about the runner.
pub fn without_runner(mut made: Build) -> Build {
    let github = at(&mut made.predicate, "/buildDefinition/internalParameters/github");
    github.as_object_mut().expect("an object").remove("runner_environment");
    made
}

fn without_path(mut made: Build) -> Build {
    let workflow = at(&mut made.predicate, "/buildDefinition/externalParameters/workflow");
    workflow.as_object_mut().expect("an object").remove("path");
    made
}

/// Who names the signing workflow or runner as the builder of a build whose source nobody compares has no level for it.
#[test]
fn a_build_beside_the_run() {
    let row = "build-beside-the-run";
    for build_type in [
        "https://mobyproject.org/buildkit@v1",
        "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",
        "https://tekton.dev/chains/v2/slsa",
        "tekton.dev/v1beta1/TaskRun",
        "tekton.dev/",
        "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1",
    ] {
        for builder in [IDENTITY, "https://github.com/actions/runner/github-hosted"] {
            println!("{build_type} {builder}");
            let made = edited("unknown-type", |predicate| {
                predicate["buildDefinition"]["buildType"] = json!(build_type);
                predicate["buildDefinition"]["externalParameters"]["source"] = json!("https://github.com/acme/images");
                predicate["runDetails"]["builder"]["id"] = json!(builder);
            });
            let judged = judge(&made);
            is_level(&judged, 1, row);
            assert!(judged.facts().iter().all(|fact| fact.name != "sourceRepository" || fact.status == "claimed"));
        }
        let made = with("npm-gitlab", "/buildType", json!(build_type));
        is_level(&judge(&made), 1, row);
    }
    each_is(vec![(build("buildkit"), 1, row), (build("tekton"), 1, row), (build("cloud-build-v1"), 1, row)]);
}

#[test]
fn jobs_on_gitlab() {
    let row = "gitlab-hosted";
    let runner = "https://gitlab.com/acme/tools/widget/-/runners/7";
    each_is(vec![
        (build("npm-gitlab"), 2, row),
        (build("gitlab-runner"), 2, row),
        (with("npm-gitlab", "/builder/id", json!(runner)), 2, row),
        (self_hosted(build("npm-gitlab")), 1, "unlisted"),
        (certified(build("npm-gitlab"), claim::RUNNER_ENVIRONMENT, "github-hosted"), 1, "unlisted"),
        (without(build("npm-gitlab"), claim::RUNNER_ENVIRONMENT), 1, "unlisted"),
        (with("npm-gitlab", "/builder/id", json!("https://gitlab.com/acme/tools/widget")), 1, "unlisted"),
        (with("npm-gitlab", "/builder/id", json!("https://gitlab.com/acme/tools/widget/-/runners/7/x")), 1, "unlisted"),
        (with("npm-gitlab", "/builder/id", json!("")), 1, "unlisted"),
        (issued_by(build("npm-gitlab"), "https://gitlab.example.com"), 1, "unlisted"),
        (issued_by(build("npm-gitlab"), ISSUER), 1, "unlisted"),
    ]);
}

/// A level that provenance gives itself is a text like any other.
#[test]
fn no_provenance_levels_itself() {
    let levels = json!({
        "level": 3, "slsaLevel": 3, "build": 3, "row": "mine", "slsa": { "level": 3 }, "SLSA_BUILD_LEVEL_3": true,
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3"], "levels": [{ "name": "x", "level": 3, "issuer": ISSUER }],
    });
    for name in ["github-attestations", "unknown-type", "npm-gha-v0", "buildkit"] {
        let honest = judge(&build(name));
        let root = [
            "",
            "/buildDefinition",
            "/runDetails",
            "/runDetails/builder",
            "/runDetails/metadata",
            "/builder",
            "/metadata",
            "/invocation",
        ];
        for parent in root {
            let Some(Value::Object(_)) = build(name).predicate.pointer(parent) else { continue };
            let made = edited(name, |predicate| {
                let object = predicate.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
                object.extend(levels.as_object().expect("an object").clone());
            });
            println!("{name}{parent}");
            assert_eq!(judge(&made).json["provenance"], honest.json["provenance"]);
        }
    }
    // Nor does a name that says it.
    let made = with("unknown-type", "/runDetails/builder/id", json!("https://example.com/SLSA_BUILD_LEVEL_3/slsa3"));
    is_level(&judge(&made), 1, "unlisted");
}

/// Only provenance has a level.
#[test]
fn other_predicates_have_none() {
    for (predicate_type, predicate) in [
        (
            "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
            json!({ "name": "widget", "version": "1", "registry": "r" }),
        ),
        ("https://docs.pypi.org/attestations/publish/v1", Value::Null),
        (
            "https://slsa.dev/verification_summary/v1",
            json!({
                "verifier": { "id": "v" }, "resourceUri": "r", "policy": { "uri": "p" }, "timeVerified": "2025-01-01T00:00:00Z",
                "verificationResult": "PASSED", "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
            }),
        ),
        ("https://cyclonedx.org/bom", json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" })),
        ("https://example.com/provenance/v1", build("github-attestations").predicate),
        ("https://slsa.dev/provenance/v1/", build("github-attestations").predicate),
        ("https://slsa.dev/provenance/v1.0", build("github-attestations").predicate),
        ("https://slsa.dev/Provenance/v1", build("github-attestations").predicate),
        ("https://slsa.dev/provenance/v1?draft", build("github-attestations").predicate),
    ] {
        println!("{predicate_type}");
        let mut made = build("github-attestations");
        (made.predicate_type, made.predicate) = (predicate_type, predicate);
        let judged = judge(&made);
        assert_eq!(judged.report.verdict(), admissible::Verdict::Passed, "{:?}", judged.report.failures());
        assert_eq!(judged.json["checks"]["provenanceBinding"], json!({ "status": "absent" }));
        assert_eq!((judged.json.get("provenance"), &judged.report.level), (None, &None));
    }
}

/// A level is of evidence that passes as a whole.
#[test]
fn a_failed_report_has_no_level() {
    let spec = build("generator-generic").spec(world());
    let signer = json!({ "issuer": ISSUER, "identity": "https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main" });
    let judged = judge_by(&spec, &json!({ "signer": signer }));
    assert_eq!(judged.report.verdict(), admissible::Verdict::Failed);
    assert_eq!((judged.json["provenance"].get("level"), &judged.report.level), (None, &None));
}
