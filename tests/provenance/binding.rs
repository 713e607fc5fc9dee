//! In each case one fact of the provenance, at one of the places where it is written, is not what the CA certified; or the CA
//! certified something else than the provenance says everywhere.

use std::collections::BTreeSet;

use admissible_box::fulcio::claim;
use admissible_box::provenance::{GENERATOR, all};
use serde_json::{Value, json};

use crate::controls::FACTS;
use crate::judged::{at, build, certify, code_of, edited, judge, with};

/// Untrue values of a fact: what is replaced in the true text, and by what.
const UNTRUE: &[(&str, &[(&str, &str)])] = &[
    (
        "builder",
        &[
            ("release.yml@", "evil.yml@"),
            ("acme/widget", "acme/widget-evil"),
            ("v1.2.3", "v1.2.30"),
            ("_slsa3.yml", "_slsa3.yml.yml"),
            ("@refs/tags/v2.0.0", "@refs/heads/v2.0.0"),
            ("@refs/tags/v2.0.0", ""),
            ("slsa-framework/", "slsa-framework-evil/"),
            ("/github-hosted", "/self-hosted"),
            ("/github-hosted", "/github-hosted/"),
            ("runs/42", "runs/421"),
        ],
    ),
    (
        "sourceRepository",
        &[
            ("widget", "widget-evil"),
            ("widget", "widge"),
            ("acme", "xacme"),
            ("acme/", "acme/x/"),
            ("widget", "Widget"),
            ("https://git", "https://not-git"),
        ],
    ),
    (
        "sourceRef",
        &[("v1.2.3", "v1.2.4"), ("v1.2.3", "v1.2.3@x"), ("refs/tags", "refs/heads"), ("refs/tags/", "tags/")],
    ),
    (
        "sourceCommit",
        &[("0123456789", "1123456789"), ("abcdef", "ABCDEF"), ("0123456789abcdef0123456789abcdef01234567", "0123456")],
    ),
    ("sourceRepositoryId", &[("1234567", "12345678"), ("1234567", "01234567")]),
    ("sourceOwnerId", &[("7654321", "765432"), ("7654321", "1234567")]),
    (
        "configPath",
        &[("release.yml", "evil.yml"), (".github/", "x/.github/"), (".github/", "/.github/"), (".yml", ".yaml")],
    ),
    ("configURI", &[("release.yml", "evil.yml"), ("widget", "widget-evil"), ("v1.2.3", "v1.2.4")]),
    (
        "configCommit",
        &[("89abcdef", "99abcdef"), ("89abcdef0123456789abcdef0123456789abcdef", admissible_box::fulcio::COMMIT)],
    ),
    ("trigger", &[("push", "pull_request"), ("push", "pus")]),
    (
        "run",
        &[("42", "43"), ("42", "421"), ("attempts/1", "attempts/2"), ("-1", "-2"), ("acme/widget", "acme/widget-evil")],
    ),
    ("runner", &[("github-hosted", "self-hosted"), ("github-hosted", "github-hosted ")]),
];

/// Every agreeing fact of this build: name and pointer.
fn agreeing(lines: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    let parts = lines.iter().filter_map(|line| line.strip_prefix("agrees ")?.split_once(' '));
    parts.collect()
}

#[test]
fn each_place_of_each_fact_must_be_true() {
    let mut count = 0;
    for (name, lines) in FACTS {
        for (fact, pointer) in agreeing(lines) {
            let untrue = UNTRUE.iter().find(|(other, _)| *other == fact).unwrap_or_else(|| panic!("{fact}")).1;
            let before = count;
            for (from, to) in untrue {
                let mut made = build(name);
                let value = at(&mut made.predicate, pointer);
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                if !text.contains(from) {
                    continue;
                }
                // The repository and the ref of a location are two facts; the run's number is made of two fields.
                if fact == "run" && pointer.to_lowercase().ends_with("run_id") && from.starts_with('-') {
                    continue;
                }
                *value = json!(text.replacen(from, to, 1));
                println!("{name}: {fact} at {pointer}: {value}");
                judge(&made).disagrees(fact, &[pointer]);
                count += 1;
            }
            assert!(count > before, "{name}: nothing untrue about {fact} at {pointer}");
        }
    }
    println!("{count} untrue facts");
}

/// An attempt is part of the run, which is shown where its number is.
#[test]
fn the_attempt_must_be_true() {
    for (name, prefix, case) in [
        ("npm-gha-v2", "/invocation/environment", "GITHUB_RUN_"),
        ("generator-generic", "/invocation/environment", "github_run_"),
        ("delegator-v1", "/buildDefinition/internalParameters", "GITHUB_RUN_"),
    ] {
        let (id, attempt) = if case == "GITHUB_RUN_" { ("ID", "ATTEMPT") } else { ("id", "attempt") };
        let made = with(name, &format!("{prefix}/{case}{attempt}"), json!("2"));
        judge(&made).disagrees("run", &[&format!("{prefix}/{case}{id}")]);
        // Without the attempt, the run's number is true all the same.
        judge(&with(name, &format!("{prefix}/{case}{attempt}"), Value::Null)).passes();
    }
}

/// A fact that its producer writes in two spellings, or that somebody adds in the other: both count.
#[test]
fn each_spelling_must_be_true() {
    for (name, pointer, fact, value) in [
        ("generator-go", "/invocation/environment/GITHUB_REF", "sourceRef", "refs/heads/evil"),
        ("generator-go", "/invocation/environment/GITHUB_RUN_ID", "run", "43"),
        ("generator-go", "/invocation/environment/github_sha", "sourceCommit", "evil"),
        ("generator-go", "/invocation/environment/github_repository", "sourceRepository", "acme/evil"),
        ("delegator-v1", "/buildDefinition/internalParameters/github_event_name", "trigger", "release"),
        ("delegator-v02", "/metadata/buildInvocationID", "run", "43-1"),
        ("generator-go", "/metadata/buildInvocationId", "run", "43-1"),
        ("github-attestations", "/buildDefinition/resolvedDependencies/0/digest/sha1", "sourceCommit", "evil"),
        ("container-based", "/buildDefinition/externalParameters/source/digest/gitCommit", "sourceCommit", "evil"),
        ("npm-gha-v0", "/materials/0/digest/gitCommit", "sourceCommit", "evil"),
        ("npm-v1", "/buildDefinition/internalParameters/github/runner_environment", "runner", "self-hosted"),
    ] {
        println!("{name} {pointer}");
        let judged = judge(&with(name, pointer, json!(value)));
        let found = judged.facts().into_iter().find(|shown| shown.pointer == pointer).expect("a fact there");
        assert_eq!((found.name.as_str(), found.status.as_str()), (fact, "disagrees"));
        assert!(judged.codes().contains(&code_of(fact).as_str()));
    }
}

/// The claims that speak of a fact, and of what else: changed in the certificate, every place of the fact is untrue.
#[test]
fn the_certificate_may_disagree_with_every_place() {
    let claims: &[(u8, &str, &[&str])] = &[
        (claim::SOURCE_REPOSITORY_URI, "https://github.com/acme/evil", &["sourceRepository", "configPath"]),
        (claim::SOURCE_REPOSITORY_DIGEST, "1123456789abcdef0123456789abcdef01234567", &["sourceCommit"]),
        (claim::SOURCE_REPOSITORY_REF, "refs/heads/main", &["sourceRef"]),
        (claim::SOURCE_REPOSITORY_IDENTIFIER, "7", &["sourceRepositoryId"]),
        (claim::SOURCE_REPOSITORY_OWNER_IDENTIFIER, "7", &["sourceOwnerId"]),
        (claim::BUILD_TRIGGER, "schedule", &["trigger"]),
        (
            claim::BUILD_CONFIG_URI,
            "https://github.com/acme/widget/.github/workflows/evil.yml@refs/tags/v1.2.3",
            &["configPath", "configURI"],
        ),
        (claim::BUILD_CONFIG_DIGEST, "7", &["configCommit"]),
        (claim::RUN_INVOCATION_URI, "https://github.com/acme/widget/actions/runs/7/attempts/1", &["run"]),
        (claim::RUNNER_ENVIRONMENT, "self-hosted", &["runner"]),
        (claim::BUILD_SIGNER_URI, "https://github.com/acme/widget/.github/workflows/evil.yml@refs/tags/v1.2.3", &[]),
        (claim::SOURCE_REPOSITORY_OWNER_URI, "https://github.com/evil", &[]),
    ];
    // Whose builder's id is certified by which claim besides; a delegator's is no delegator any more.
    let of_builder = |name: &str, number| match number {
        claim::BUILD_SIGNER_URI => {
            ["generator", "container", "delegator", "github-", "unknown"].iter().any(|start| name.starts_with(start))
        }
        claim::RUNNER_ENVIRONMENT => name == "npm-v1",
        claim::SOURCE_REPOSITORY_URI => name == "npm-gitlab" || name == "gitlab-runner",
        claim::RUN_INVOCATION_URI => name == "buildkit",
        _ => false,
    };
    for (name, lines) in FACTS {
        for (number, value, facts) in claims {
            println!("{name}: .{number}");
            let mut made = build(name);
            certify(&mut made, *number, value);
            let mut expected: BTreeSet<_> = agreeing(lines)
                .into_iter()
                .filter(|(fact, _)| facts.contains(fact))
                .map(|(fact, pointer)| (fact, pointer.to_owned()))
                .collect();
            if of_builder(name, *number) {
                let pointer = lines.iter().find_map(|line| line.split_once(" builder ")).expect("a builder").1;
                expected.insert(("builder", pointer.to_owned()));
            }
            let judged = judge(&made);
            let found: Vec<_> = judged.facts().into_iter().filter(|fact| fact.status == "disagrees").collect();
            let found: BTreeSet<_> = found.iter().map(|fact| (fact.name.as_str(), fact.pointer.clone())).collect();
            assert_eq!(found, expected);
            let codes: BTreeSet<_> = expected.iter().map(|(fact, _)| code_of(fact)).collect();
            assert_eq!(judged.codes(), codes.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

/// What the CA does not certify is the signer's word.
#[test]
fn an_absent_claim_makes_its_facts_claimed() {
    let claims: &[(&[u8], &[&str])] = &[
        (&[claim::SOURCE_REPOSITORY_DIGEST, claim::WORKFLOW_SHA], &["sourceCommit"]),
        (&[claim::SOURCE_REPOSITORY_REF, claim::WORKFLOW_REF], &["sourceRef"]),
        (&[claim::SOURCE_REPOSITORY_IDENTIFIER], &["sourceRepositoryId"]),
        (&[claim::SOURCE_REPOSITORY_OWNER_IDENTIFIER], &["sourceOwnerId"]),
        (&[claim::BUILD_TRIGGER, claim::WORKFLOW_TRIGGER], &["trigger"]),
        (&[claim::BUILD_CONFIG_DIGEST], &["configCommit"]),
        (&[claim::RUNNER_ENVIRONMENT], &["runner"]),
    ];
    for (name, lines) in FACTS {
        for (numbers, facts) in claims {
            println!("{name}: {numbers:?}");
            let mut made = build(name);
            made.claims.retain(|number, _| !numbers.contains(number));
            // A runner is certified by the same claim when it is the builder.
            let is_absent = |line: &str| {
                facts.iter().any(|fact| line.starts_with(&format!("agrees {fact} ")))
                    || (facts == &["runner"] && *name == "npm-v1" && line.starts_with("agrees builder"))
            };
            let expected: Vec<_> = lines
                .iter()
                .map(|line| if is_absent(line) { line.replacen("agrees", "claimed", 1) } else { (*line).to_owned() })
                .collect();
            assert_eq!(judge(&made).passes().lines(), expected);
        }
    }
}

/// Without a certified repository, nobody knows where in the workflow's location its path begins.
#[test]
fn an_absent_repository_leaves_no_path() {
    for (name, lines) in FACTS {
        println!("{name}");
        let mut made = build(name);
        made.claims.remove(&claim::SOURCE_REPOSITORY_URI);
        if !name.contains("gitlab") {
            assert_eq!(judge(&made).passes().lines(), *lines, "the old claim says as much");
        }
        made.claims.remove(&claim::WORKFLOW_REPOSITORY);
        let judged = judge(&made);
        match agreeing(lines).into_iter().find(|(fact, _)| *fact == "configPath") {
            Some((fact, pointer)) => judged.disagrees(fact, &[pointer]),
            None => {
                let lines: Vec<_> = lines
                    .iter()
                    .map(|line| line.replace("agrees sourceRepository ", "claimed sourceRepository "))
                    .collect();
                assert_eq!(judged.passes().lines(), lines);
            }
        }
    }
}

/// Certificates before 2023 say less, under other names.
#[test]
fn old_claims_count() {
    const OLD: &[&str] = &["builder", "sourceRepository", "sourceRef", "sourceCommit", "trigger"];
    for (name, lines) in FACTS.iter().filter(|(name, _)| !name.contains("gitlab")) {
        println!("{name}");
        let old = |mut made: admissible_box::provenance::Build| {
            made.claims.retain(|number, _| *number <= claim::WORKFLOW_REF);
            made
        };
        let still = |fact: &str| OLD.contains(&fact) && !(fact == "builder" && ["npm-v1", "buildkit"].contains(name));
        let expected: Vec<_> = lines
            .iter()
            .map(|line| {
                let fact = line.split(' ').nth(1).expect("a fact");
                if still(fact) { (*line).to_owned() } else { line.replacen("agrees", "claimed", 1) }
            })
            .collect();
        assert_eq!(judge(&old(build(name))).passes().lines(), expected);
        for (fact, pointer) in agreeing(lines).into_iter().filter(|(fact, _)| still(fact)) {
            let (_, untrue) = UNTRUE.iter().find(|(other, _)| *other == fact).expect("untrue values");
            let mut made = build(name);
            let value = at(&mut made.predicate, pointer);
            let text = value.as_str().expect("a text").to_owned();
            let (from, to) = untrue.iter().find(|(from, _)| text.contains(from)).expect("an untrue value");
            *value = json!(text.replacen(from, to, 1));
            judge(&old(made)).disagrees(fact, &[pointer]);
        }
    }
}

/// Whoever names another workflow as the builder names one that did not sign, whatever the build type.
#[test]
fn a_builder_that_is_a_workflow_must_have_signed() {
    for (name, _) in all() {
        let pointer =
            if build(name).predicate.get("runDetails").is_some() { "/runDetails/builder/id" } else { "/builder/id" };
        let foreign = "https://github.com/acme/evil/.github/workflows/release.yml@refs/tags/v1.2.3";
        let judged = judge(&with(name, pointer, json!(foreign)));
        println!("{name}");
        // A delegator vouches for the workflow that called it.
        if name.starts_with("delegator") { _ = judged.passes() } else { judged.disagrees("builder", &[pointer]) }
    }
    // Only a delegator vouches for others.
    for name in ["delegator-v1", "delegator-v02"] {
        for signer in [
            format!("{GENERATOR}generator_generic_slsa3.yml@refs/tags/v2.0.0"),
            "https://github.com/acme/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.0.0".into(),
            format!("{GENERATOR}x/delegator_generic_slsa3.yml@refs/tags/v2.0.0"),
        ] {
            let mut made = build(name);
            made.identity.clone_from(&signer);
            certify(&mut made, claim::BUILD_SIGNER_URI, &signer);
            let pointer = if name == "delegator-v1" { "/runDetails/builder/id" } else { "/builder/id" };
            judge(&made).disagrees("builder", &[pointer]);
        }
    }
}

/// A GitLab job's builder is a runner of the certified project.
#[test]
fn a_runner_must_be_of_the_certified_project() {
    for id in [
        "https://gitlab.com/acme/tools/widget-evil/-/runners/1",
        "https://gitlab.com/acme/tools/-/runners/1",
        "/-/runners/1",
    ] {
        judge(&with("npm-gitlab", "/builder/id", json!(id))).disagrees("builder", &["/builder/id"]);
    }
    judge(&with("npm-gitlab", "/builder/id", json!("https://gitlab.com/acme/tools/widget/-/runners/2"))).passes();
}

/// What BuildKit, Tekton and Cloud Build build need not be of the run that signed.
#[test]
fn other_builds_are_about_other_sources() {
    for name in ["buildkit", "tekton", "cloud-build-v1", "cloud-build-v01"] {
        let judged = judge(&build(name));
        assert!(judged.passes().facts().iter().all(|fact| fact.name == "builder" || fact.status == "claimed"));
    }
    // A run of the CI system is one all the same.
    let made = edited("buildkit", |predicate| {
        predicate["metadata"]["buildInvocationID"] = json!("https://github.com/acme/widget/actions/runs/43")
    });
    judge(&made).disagrees("run", &["/metadata/buildInvocationID"]);
}
