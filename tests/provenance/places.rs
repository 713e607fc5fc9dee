//! Locations, refs and paths that look like the certified ones: which are the same, and which are not. Everything here is the
//! whole text at the place where GitHub's attestations have it.

use admissible_box::fulcio::{COMMIT, claim};
use admissible_box::provenance::Build;
use serde_json::json;

use crate::judged::{build, certify, judge, judge_managed, with};

const REPOSITORY: &str = "/buildDefinition/externalParameters/workflow/repository";
const REF: &str = "/buildDefinition/externalParameters/workflow/ref";
const PATH: &str = "/buildDefinition/externalParameters/workflow/path";
const DEPENDENCY: &str = "/buildDefinition/resolvedDependencies/0/uri";

fn github(pointer: &str, text: &str) -> Build {
    println!("{pointer}: {text:?}");
    with("github-attestations", pointer, json!(text))
}

/// No part of a location may be left over, and none may be missing.
const OTHER_REPOSITORIES: &[&str] = &[
    "https://github.com/acme/widget-evil",
    "https://github.com/acme/widget/evil",
    "https://github.com/acme/widget/../evil",
    "https://github.com/acme/widget.git.git",
    "https://github.com/acme/widget.git/x",
    "https://github.com/acme/widget.gitx",
    "https://github.com/acme/widget?x=",
    "https://github.com/acme/widget%20",
    "https://github.com/acme/widget\u{0}",
    "https://github.com/acme/widget\u{200b}",
    "https://github.com/acme/widget ",
    " https://github.com/acme/widget",
    "https://github.com/acme/widge",
    "https://github.com/acme/",
    "https://github.com/acme",
    "https://github.com/xacme/widget",
    "https://github.com/evil/acme/widget",
    "https://github.com//acme/widget",
    "https://github.com/acme//widget",
    "https://github.com/acme/Widget",
    "https://github.com/ACME/widget",
    "https://github.com/\u{430}cme/widget",
    "https://gitlab.com/acme/widget",
    "https://github.com.evil.example/acme/widget",
    "https://evil.example/github.com/acme/widget",
    "https://evil.example/https://github.com/acme/widget",
    "https://www.github.com/acme/widget",
    "https://github.co\u{217f}/acme/widget",
    "https://github.com:443/acme/widget",
    "https://github.com./acme/widget",
    "https://github.com@evil.example/acme/widget",
    "https://acme@github.com/acme/widget",
    "https://acme:secret@github.com/acme/widget",
    "http://github.com/acme/widget",
    "HTTPS://github.com/acme/widget",
    "https:/github.com/acme/widget",
    "https:///github.com/acme/widget",
    "https:github.com/acme/widget",
    "//github.com/acme/widget",
    "ssh://git@github.com/acme/widget",
    "git://github.com/acme/widget",
    "git@github.com:acme/widget.git",
    "file:///acme/widget",
    "git+git+https://github.com/acme/widget",
    "hg+https://github.com/acme/widget",
    "github.com/acme/widget",
    "widget",
    "/acme/widget",
];

#[test]
fn other_repositories() {
    for text in OTHER_REPOSITORIES {
        judge(&github(REPOSITORY, text)).disagrees("sourceRepository", &[REPOSITORY]);
        // The same where the source is a dependency: no form of location may pass for one that is not about the source.
        if text.contains(':') && !text.starts_with(['h', ' ', '/']) || text.starts_with("http") {
            judge(&github(DEPENDENCY, &format!("git+{text}"))).fails("provenance-source-repository-differs");
            if !text.starts_with("hg") {
                judge(&github(DEPENDENCY, text)).fails("provenance-source-repository-differs");
            }
        }
    }
}

#[test]
fn the_same_repository() {
    for text in [
        "https://github.com/acme/widget",
        "https://github.com/acme/widget/",
        "https://github.com/acme/widget.git",
        "https://GitHub.COM/acme/widget",
        "git+https://github.com/acme/widget.git",
        "https://github.com/acme/widget#sub/directory",
        "acme/widget",
    ] {
        judge(&github(REPOSITORY, text)).passes();
    }
    for text in [
        "git+https://github.com/acme/widget.git@refs/tags/v1.2.3",
        "git+https://GITHUB.com/acme/widget@refs/tags/v1.2.3#sub@directory",
        "https://github.com/acme/widget@v1.2.3",
        &format!("git+https://github.com/acme/widget@{COMMIT}"),
        &format!("https://github.com/acme/widget/commit/{COMMIT}"),
    ] {
        judge(&github(DEPENDENCY, text)).passes();
    }
    // The certificate's own spelling may be another, too.
    let mut made = build("npm-v1");
    certify(&mut made, claim::SOURCE_REPOSITORY_URI, "https://github.com/acme/widget.git");
    made.claims.remove(&claim::WORKFLOW_REPOSITORY);
    assert!(judge(&made).facts().iter().all(|fact| fact.name != "sourceRepository" || fact.status == "agrees"));
}

/// What is left out says nothing; what is no source code is not taken for the source.
#[test]
fn a_dependency_that_is_no_source() {
    for uri in ["pkg:npm/widget@1.2.3", "oci://ubuntu", "bash@sha256:00", "x:y"] {
        let judged = judge(&github(DEPENDENCY, uri));
        assert!(judged.passes().facts().iter().all(|fact| !fact.pointer.contains("resolvedDependencies")), "{uri}");
    }
}

#[test]
fn other_revisions() {
    for (revision, fact) in [
        ("refs/tags/v1.2.30", "sourceRef"),
        ("refs/tags/v1.2", "sourceRef"),
        ("refs/tags/V1.2.3", "sourceRef"),
        ("refs/heads/v1.2.3", "sourceRef"),
        ("refs/heads/refs/tags/v1.2.3", "sourceRef"),
        ("refs/tags/refs/tags/v1.2.3", "sourceRef"),
        ("refs/tags/x@refs/tags/v1.2.3", "sourceRef"),
        ("refs/tags/v1.2.3@refs/tags/v1.2.3", "sourceRef"),
        ("main", "sourceRef"),
        ("heads/v1.2.3", "sourceRef"),
        ("1123456789abcdef0123456789abcdef01234567", "sourceCommit"),
        ("0123456", "sourceRef"),
    ] {
        judge(&github(DEPENDENCY, &format!("git+https://github.com/acme/widget@{revision}")))
            .disagrees(fact, &[DEPENDENCY]);
    }
    for text in ["refs/tags/v1.2.3 ", "refs/tags/v1.2.3/", "refs/heads/v1.2.3", "v1.2", "refs/tags/", COMMIT] {
        judge(&github(REF, text)).disagrees("sourceRef", &[REF]);
    }
    judge(&github(REF, "v1.2.3")).passes();
    // In a location, what comes before the ref belongs to the repository.
    let text = "git+https://github.com/acme/widget@evil@refs/tags/v1.2.3";
    judge(&github(DEPENDENCY, text)).disagrees("sourceRepository", &[DEPENDENCY]);
}

/// Paths and refs may contain `@`.
#[test]
fn at_signs() {
    let certified = |path: &str, git_ref: &str| {
        let mut made = build("github-attestations");
        let workflow = format!("https://github.com/acme/widget/{path}@{git_ref}");
        made.identity.clone_from(&workflow);
        for number in [claim::BUILD_SIGNER_URI, claim::BUILD_CONFIG_URI] {
            certify(&mut made, number, &workflow);
        }
        certify(&mut made, claim::SOURCE_REPOSITORY_REF, git_ref);
        made.predicate["runDetails"]["builder"]["id"] = json!(workflow);
        made.predicate["buildDefinition"]["externalParameters"]["workflow"]["ref"] = json!(git_ref);
        made.predicate["buildDefinition"]["externalParameters"]["workflow"]["path"] = json!(path);
        made.predicate["buildDefinition"]["resolvedDependencies"][0]["uri"] =
            json!(format!("git+https://github.com/acme/widget@{git_ref}"));
        made
    };
    let odd = || certified(".github/workflows/w@1.yml", "refs/tags/v1@2@refs/heads/x");
    judge(&odd()).passes();
    for (path, is_true) in [
        // Producers cut the workflow at its first `@`, or at the one before the ref.
        (".github/workflows/w", true),
        (".github/workflows/w@1.yml", true),
        ("acme/widget/.github/workflows/w@1.yml", true),
        (".github/workflows/w@1", false),
        (".github/workflows/w@", false),
        (".github/workflows/", false),
        (".github/workflows/w@1.yml@", false),
        ("widget/.github/workflows/w", false),
        ("https://github.com/acme/widget/.github/workflows/w", false),
    ] {
        println!("{path}");
        let mut made = odd();
        made.predicate["buildDefinition"]["externalParameters"]["workflow"]["path"] = json!(path);
        if is_true { _ = judge(&made).passes() } else { judge(&made).disagrees("configPath", &[PATH]) }
    }
    let mut made = odd();
    made.predicate["buildDefinition"]["externalParameters"]["workflow"]["ref"] = json!("refs/tags/v1");
    judge(&made).disagrees("sourceRef", &[REF]);
    // An entry point is a workflow with its ref, or a path, whatever is in them.
    for (name, entry_point, fact) in [
        ("npm-gha-v0", "acme/widget/.github/workflows/e@1.yml@refs/tags/v1.2.3", "configURI"),
        ("npm-gha-v0", "acme/widget/.github/workflows/evil.yml@refs/heads/x.yml", "configURI"),
        ("npm-gha-v0", ".github/workflows/e@1.yml", "configPath"),
        ("generator-go", ".github/workflows/e@1.yml", "configPath"),
        ("generator-go", ".github/workflows/evil.yaml", "configPath"),
        ("npm-gha-v2", ".github/workflows/evil", "configPath"),
        ("npm-gha-v2", "evil", "configPath"),
    ] {
        println!("{entry_point}");
        let pointer = "/invocation/configSource/entryPoint";
        judge(&with(name, pointer, json!(entry_point))).disagrees(fact, &[pointer]);
    }
    // Before 2023 it was the workflow's title.
    let titled = judge(&with("generator-go", "/invocation/configSource/entryPoint", json!("Release @ night")));
    assert!(titled.passes().lines().contains(&"claimed entryPoint /invocation/configSource/entryPoint".to_owned()));
}

/// npm cuts the ref at its first `@`: packages of a monorepo are tagged `@acme/app@1.0.0`. What is shown is the whole.
#[test]
fn refs_that_npm_cuts() {
    let git_ref = "refs/tags/@acme/app@1.0.0";
    let cut = |claimed: &str| {
        let mut made = build("npm-v1");
        certify(&mut made, claim::SOURCE_REPOSITORY_REF, git_ref);
        certify(&mut made, claim::WORKFLOW_REF, git_ref);
        made.predicate["buildDefinition"]["externalParameters"]["workflow"]["ref"] = json!(claimed);
        made.predicate["buildDefinition"]["resolvedDependencies"][0]["uri"] =
            json!(format!("git+https://github.com/acme/widget@{git_ref}"));
        judge(&made)
    };
    let judged = cut("refs/tags/");
    assert_eq!(judged.passes().json["provenance"]["source"]["ref"], git_ref);
    cut(git_ref).passes();
    for wrong in ["refs/tags", "refs/", "refs/tags/@acme/app", "refs/heads/"] {
        cut(wrong).disagrees("sourceRef", &[REF]);
    }
}

/// A workflow of another repository, as an organisation's rules may demand, has its whole path.
#[test]
fn a_workflow_of_another_repository() {
    let mut made = build("npm-v1");
    let workflow = "https://github.com/acme/rules/.github/workflows/release.yml@refs/heads/main";
    certify(&mut made, claim::BUILD_CONFIG_URI, workflow);
    judge(&made).disagrees("configPath", &[PATH]);
    made.predicate["buildDefinition"]["externalParameters"]["workflow"]["path"] =
        json!("acme/rules/.github/workflows/release.yml");
    judge(&made).passes();
}

/// Locations are read alike when nobody certifies anything.
#[test]
fn user_names_in_locations_are_shown_as_they_are() {
    let uri = "https://github.com@evil.example/acme/widget";
    let judged = judge_managed(&with("unknown-type", "/buildDefinition/externalParameters/source", json!(uri)));
    assert_eq!(judged.passes().json["provenance"]["source"]["repository"], uri);
}
