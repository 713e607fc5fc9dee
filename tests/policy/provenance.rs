//! Conditions on provenance: each with evidence that meets it and evidence that does not.

use admissible_box::fulcio::{COMMIT, IDENTITY};
use serde_json::{Value, json};

use crate::build::{GENERATOR, GITHUB, OWN};
use crate::pool::{PROVENANCE, PROVENANCE_V0_1, PROVENANCE_V0_2};
use crate::{each, piece, requiring};

const BUILDER: &[&str] = &["requirement-builder"];
const BUILD_TYPE: &[&str] = &["requirement-build-type"];
const TRIGGER: &[&str] = &["requirement-trigger"];
const RUNNER: &[&str] = &["requirement-runner"];
const REPOSITORY: &[&str] = &["requirement-source-repository"];
const REF: &[&str] = &["requirement-source-ref"];
const COMMITS: &[&str] = &["requirement-source-commit"];
const REPOSITORY_ID: &[&str] = &["requirement-source-repository-id"];
const OWNER_ID: &[&str] = &["requirement-source-owner-id"];
const PATH: &[&str] = &["requirement-config-path"];
const NOT_CERTIFIED: &[&str] = &["requirement-not-certified"];
const LEVEL: &[&str] = &["requirement-level"];

fn source(key: &str, patterns: impl Into<Value>) -> Value {
    json!({ "source": { key: patterns.into() } })
}

#[test]
fn builder_type_trigger_and_runner_are_matched() {
    each(
        PROVENANCE,
        &[
            ("builder", "provenance", json!({ "builder": IDENTITY }), &[]),
            ("builder by glob", "provenance", json!({ "builder": { "glob": "https://github.com/acme/**" } }), &[]),
            ("any of several", "provenance", json!({ "builder": ["x", { "glob": "y*" }, IDENTITY] }), &[]),
            ("none of several", "provenance", json!({ "builder": ["x", { "glob": "y*" }] }), BUILDER),
            ("a beginning is no match", "provenance", json!({ "builder": &IDENTITY[..IDENTITY.len() - 1] }), BUILDER),
            (
                "a star stops at slashes",
                "provenance",
                json!({ "builder": { "glob": "https://github.com/*" } }),
                BUILDER,
            ),
            ("another case", "provenance", json!({ "builder": IDENTITY.to_uppercase() }), BUILDER),
            (
                "a regex is of the whole",
                "provenance",
                json!({ "builder": { "regex": "https://github.com/acme" } }),
                BUILDER,
            ),
            ("a regex", "provenance", json!({ "builder": { "regex": "https://github\\.com/acme/.*" } }), &[]),
            ("a builder's own name", "own", json!({ "builder": "https://acme.example/builder" }), &[]),
            ("build type", "provenance", json!({ "buildType": GITHUB }), &[]),
            ("another build type", "own", json!({ "buildType": GITHUB }), BUILD_TYPE),
            ("a build type nobody knows", "own", json!({ "buildType": OWN }), &[]),
            ("trigger", "provenance", json!({ "trigger": ["release", "push"] }), &[]),
            ("another trigger", "manual", json!({ "trigger": ["release", "push"] }), TRIGGER),
            ("runner", "provenance", json!({ "runner": "github-hosted" }), &[]),
            ("another runner", "self-hosted", json!({ "runner": "github-hosted" }), RUNNER),
            (
                "every reason is told",
                "self-hosted",
                json!({ "runner": "x", "trigger": "x", "builder": "x" }),
                &["requirement-builder", "requirement-trigger", "requirement-runner"],
            ),
        ],
    );
}

#[test]
fn the_source_is_matched_part_by_part() {
    let widget = "https://github.com/acme/widget";
    each(
        PROVENANCE,
        &[
            ("repository", "provenance", source("repository", widget), &[]),
            ("another repository", "renamed", source("repository", widget), REPOSITORY),
            ("its location in git's words", "provenance", source("repository", format!("git+{widget}")), REPOSITORY),
            (
                "a repository that begins so",
                "provenance",
                source("repository", "https://github.com/acme/wid"),
                REPOSITORY,
            ),
            ("whole ref", "provenance", source("ref", "refs/tags/v1.2.3"), &[]),
            ("short ref", "provenance", source("ref", "v1.2.3"), REF),
            ("tag", "provenance", source("tag", json!({ "glob": "v*" })), &[]),
            ("another tag", "provenance", source("tag", "v1.2.4"), REF),
            ("a branch is no tag", "branch", source("tag", json!({ "glob": "**" })), REF),
            ("branch", "branch", source("branch", "main"), &[]),
            ("another branch", "branch", source("branch", ["master", "release"].to_vec()), REF),
            ("a tag is no branch", "provenance", source("branch", json!({ "glob": "**" })), REF),
            ("the whole ref is no branch's name", "branch", source("branch", "refs/heads/main"), REF),
            ("commit", "provenance", source("commit", COMMIT), &[]),
            ("another commit", "provenance", source("commit", "f".repeat(40)), COMMITS),
            ("an id survives a rename", "renamed", source("repositoryId", "1234567"), &[]),
            ("an id is not inherited", "re-created", source("repositoryId", "1234567"), REPOSITORY_ID),
            ("owner", "renamed", source("ownerId", "7654321"), &[]),
            ("another owner", "re-created", source("ownerId", "7654321"), OWNER_ID),
            (
                "all parts at once",
                "renamed",
                json!({ "source": { "repository": widget, "repositoryId": "1234567", "tag": "v9" } }),
                &["requirement-source-repository", "requirement-source-ref"],
            ),
            ("path", "provenance", json!({ "config": { "path": ".github/workflows/release.yml" } }), &[]),
            ("another path", "other workflow", json!({ "config": { "path": ".github/workflows/release.yml" } }), PATH),
            ("a path that ends so", "provenance", json!({ "config": { "path": "release.yml" } }), PATH),
        ],
    );
    // A repository that only looks alike, by another signer: two reasons to refuse, and the signer's is enough.
    requiring(&["evil"], piece(PROVENANCE, source("repository", widget)))
        .rejected(&[("/signers", &["requirement-too-few-signers"]), ("/require/0", &["requirement-no-evidence"])]);
}

/// What the provenance leaves out is what the CA certified of the run; what neither says meets nothing.
#[test]
fn what_is_left_out_is_what_the_ca_certified() {
    let any = || json!({ "glob": "**" });
    each(
        PROVENANCE,
        &[
            ("trigger", "bare", json!({ "trigger": "push" }), &[]),
            ("another trigger", "bare", json!({ "trigger": "release" }), TRIGGER),
            ("runner", "bare", json!({ "runner": "github-hosted" }), &[]),
            ("another runner", "bare", json!({ "runner": "self-hosted" }), RUNNER),
            ("repository", "bare", source("repository", "https://github.com/acme/widget"), &[]),
            ("another repository", "bare", source("repository", "https://github.com/acme/gadget"), REPOSITORY),
            ("ref", "bare", source("tag", "v1.2.3"), &[]),
            ("commit", "bare", source("commit", COMMIT), &[]),
            ("another commit", "bare", source("commit", "f".repeat(40)), COMMITS),
            ("repository id", "bare", source("repositoryId", "1234567"), &[]),
            ("owner id", "bare", source("ownerId", "7654321"), &[]),
            (
                "it is certified",
                "bare",
                json!({ "trigger": "push", "runner": "github-hosted", "certified": true }),
                &[],
            ),
            ("a path is not certified as such", "bare", json!({ "config": { "path": any() } }), PATH),
            ("not even where it is compared", "no path", json!({ "config": { "path": any() } }), PATH),
            ("nobody certified a trigger", "own by key", json!({ "trigger": any() }), TRIGGER),
            ("nobody certified a runner", "own by key", json!({ "runner": any() }), RUNNER),
            ("nobody certified a repository", "own by key", source("repository", any()), REPOSITORY),
            ("nobody certified a ref", "own by key", source("ref", any()), REF),
            ("nobody certified a commit", "own by key", source("commit", any()), COMMITS),
            ("nobody certified a repository id", "own by key", source("repositoryId", any()), REPOSITORY_ID),
            ("nobody certified an owner id", "own by key", source("ownerId", any()), OWNER_ID),
            ("a key's word is a claim", "by key", json!({ "trigger": "push" }), &[]),
        ],
    );
    each(
        PROVENANCE_V0_2,
        &[
            ("a runner that 0.2 has no place for", "generator", json!({ "runner": "github-hosted" }), &[]),
            ("an id that 0.2 has no place for", "generator", source("repositoryId", "1234567"), &[]),
            ("another id", "generator", source("repositoryId", "66"), REPOSITORY_ID),
        ],
    );
}

#[test]
fn certified_facts_are_more_than_claims() {
    let certified = |mut conditions: Value| {
        conditions["certified"] = json!(true);
        conditions
    };
    each(
        PROVENANCE,
        &[
            (
                "all that GitHub certifies",
                "provenance",
                certified(json!({
                    "builder": IDENTITY, "trigger": "push", "runner": "github-hosted", "buildType": GITHUB,
                    "config": { "path": ".github/workflows/release.yml" },
                    "source": {
                        "repository": "https://github.com/acme/widget", "tag": "v1.2.3", "commit": COMMIT,
                        "repositoryId": "1234567", "ownerId": "7654321",
                    },
                })),
                &[],
            ),
            (
                "a builder's own name",
                "own",
                certified(json!({ "builder": "https://acme.example/builder" })),
                NOT_CERTIFIED,
            ),
            (
                "a key's claims",
                "by key",
                certified(json!({ "trigger": "push", "runner": "github-hosted" })),
                &["requirement-not-certified", "requirement-not-certified"],
            ),
            ("not asked for", "by key", json!({ "trigger": "push", "certified": false }), &[]),
            ("a type only says what the rest means", "by key", certified(json!({ "buildType": GITHUB })), &[]),
            ("wrong stays wrong", "by key", certified(json!({ "trigger": "release" })), TRIGGER),
        ],
    );
}

/// Two claims about one thing that no CA settles: both must be as expected.
#[test]
fn one_of_two_claims_is_not_enough() {
    let path = |patterns: Value| json!({ "config": { "path": patterns } });
    each(
        PROVENANCE,
        &[
            ("the first", "two paths", path(json!("a.yml")), PATH),
            ("the second", "two paths", path(json!("b.yml")), PATH),
            ("both", "two paths", path(json!(["a.yml", "b.yml"])), &[]),
        ],
    );
}

#[test]
fn the_level_follows_from_the_table() {
    each(
        PROVENANCE,
        &[
            ("a hosted workflow", "provenance", json!({ "level": 2 }), &[]),
            ("is no more than that", "provenance", json!({ "level": 3 }), LEVEL),
            ("a self-hosted one", "self-hosted", json!({ "level": 1 }), &[]),
            ("is no more than that", "self-hosted", json!({ "level": 2 }), LEVEL),
            ("nobody's builder", "own", json!({ "level": 1 }), &[]),
            ("is no more than that", "own", json!({ "level": 2 }), LEVEL),
            ("a key that no row knows", "by key", json!({ "level": 2 }), LEVEL),
        ],
    );
    each(PROVENANCE_V0_2, &[("a reusable generator", "generator", json!({ "level": 3, "builder": GENERATOR }), &[])]);
}

#[test]
fn parameters_are_all_listed() {
    let all = json!({
        "/target": "release", "/jobs": 4, "/debug": false, "/cache": null, "/inputs/a~1b": "x", "/offset": -1,
        "/inputs/list": { "any": true }, "/ratio": 0.5, "/__proto__": { "glob": "?" },
    });
    let with = |pointer: &str, value: Value| {
        let mut all = all.clone();
        all[pointer] = value;
        json!({ "parameters": all })
    };
    let without = |pointer: &str| {
        let mut all = all.clone();
        all.as_object_mut().expect("an object").remove(pointer);
        json!({ "parameters": all })
    };
    const WRONG: &[&str] = &["requirement-parameter"];
    const MORE: &[&str] = &["requirement-unexpected-parameter"];
    each(
        PROVENANCE,
        &[
            ("all of them", "own", json!({ "parameters": all }), &[]),
            ("another text", "own", with("/target", json!("debug")), WRONG),
            ("another number", "own", with("/jobs", json!(5)), WRONG),
            ("a number as text", "own", with("/jobs", json!("4")), WRONG),
            ("another boolean", "own", with("/debug", json!(true)), WRONG),
            ("a boolean as text", "own", with("/debug", json!("false")), WRONG),
            ("null is a value", "own", with("/cache", json!(false)), WRONG),
            ("a pattern", "own", with("/target", json!({ "glob": "rel*" })), &[]),
            ("a pattern that does not match", "own", with("/target", json!({ "regex": "rel" })), WRONG),
            ("a pattern is for texts", "own", with("/jobs", json!({ "glob": "*" })), WRONG),
            ("anything below", "own", with("/inputs", json!({ "any": true })), &[]),
            ("anything there", "own", with("/cache", json!({ "any": true })), &[]),
            ("a value beside anything above", "own", with("/inputs/list/1", json!("2")), &[]),
            ("another beside anything above", "own", with("/inputs/list/1", json!("3")), WRONG),
            ("not listed", "own", without("/debug"), MORE),
            (
                "not listed, though its parent's name begins so",
                "own",
                without("/inputs/list"),
                &["requirement-unexpected-parameter", "requirement-unexpected-parameter"],
            ),
            (
                "a name that another begins with",
                "own",
                json!({ "parameters": { "/": { "any": true } } }),
                &["requirement-unexpected-parameter"; 10],
            ),
            ("listed and not there", "own", with("/more", json!("x")), WRONG),
            ("null is not nothing", "own", with("/more", Value::Null), WRONG),
            ("anything, even nothing", "own", with("/more", json!({ "any": true })), &[]),
            ("none, and none is there", "no parameters", json!({ "parameters": {} }), &[]),
            (
                "none, and some are there",
                "provenance",
                json!({ "parameters": {} }),
                &["requirement-unexpected-parameter"; 3],
            ),
            (
                "none stated where they must be",
                "bare",
                json!({ "parameters": {} }),
                &["requirement-malformed-predicate"],
            ),
            ("a workflow", "provenance", json!({ "parameters": { "/workflow": { "any": true } } }), &[]),
        ],
    );
    each(
        PROVENANCE_V0_1,
        &[
            ("arguments", "arguments", json!({ "parameters": { "/target": "release" } }), &[]),
            ("other arguments", "arguments", json!({ "parameters": {} }), MORE),
            ("a list of arguments", "argument list", json!({ "parameters": {} }), MORE),
            ("arguments as a text", "argument text", json!({ "parameters": { "/target": { "any": true } } }), MORE),
        ],
    );
}

#[test]
fn dependencies_are_there_allowed_and_named() {
    let rule = |more: Value| json!({ "dependencies": more });
    let alpine = json!({ "glob": "pkg:docker/alpine@*" });
    let source = json!({ "glob": "git+https://github.com/acme/**" });
    const WITHOUT: &[&str] = &["requirement-dependency-without-digest"];
    const NOT_ALLOWED: &[&str] = &["requirement-dependency-not-allowed"];
    const MISSING: &[&str] = &["requirement-dependency-missing"];
    const NONE: &[&str] = &["requirement-no-dependencies"];
    let sha256 = "sha256:".to_owned() + &"ab".repeat(32);
    each(
        PROVENANCE,
        &[
            ("each has a digest", "own", rule(json!({ "digests": "required" })), &[]),
            ("one has none", "no digest", rule(json!({ "digests": "required" })), WITHOUT),
            ("one has an empty one", "empty digest", rule(json!({ "digests": "required" })), WITHOUT),
            ("each is allowed", "own", rule(json!({ "allow": [alpine, source] })), &[]),
            ("one is not allowed", "own", rule(json!({ "allow": source })), NOT_ALLOWED),
            ("one names no location", "no uri", rule(json!({ "allow": { "glob": "**" } })), NOT_ALLOWED),
            ("none is denied", "own", rule(json!({ "deny": "pkg:docker/debian" })), &[]),
            ("one is denied", "own", rule(json!({ "deny": alpine })), NOT_ALLOWED),
            ("one that names no location may be denied", "no uri", rule(json!({ "deny": "x" })), NOT_ALLOWED),
            (
                "denied goes before allowed",
                "own",
                rule(json!({ "allow": { "glob": "**" }, "deny": alpine })),
                NOT_ALLOWED,
            ),
            ("one is there", "own", rule(json!({ "require": [{ "uri": alpine }] })), &[]),
            ("with this digest", "own", rule(json!({ "require": [{ "uri": alpine, "digest": sha256 }] })), &[]),
            (
                "in capitals",
                "own",
                rule(json!({ "require": [{ "uri": alpine, "digest": sha256.replace("ab", "AB") }] })),
                &[],
            ),
            (
                "with another digest",
                "own",
                rule(json!({ "require": [{ "uri": alpine, "digest": "sha256:00" }] })),
                MISSING,
            ),
            (
                "by another algorithm",
                "own",
                rule(json!({ "require": [{ "uri": alpine, "digest": "sha512:00" }] })),
                MISSING,
            ),
            (
                "by git's",
                "own",
                rule(json!({ "require": [{ "uri": source, "digest": format!("gitCommit:{COMMIT}") }] })),
                &[],
            ),
            ("of another", "own", rule(json!({ "require": [{ "uri": source, "digest": sha256 }] })), MISSING),
            (
                "one of two is not there",
                "own",
                rule(json!({ "require": [{ "uri": alpine }, { "uri": "x" }] })),
                MISSING,
            ),
            ("no list at all", "bare", rule(json!({ "digests": "required" })), NONE),
            ("nothing listed to deny", "no parameters", rule(json!({ "deny": "x" })), NONE),
            ("nothing listed to allow", "no parameters", rule(json!({ "allow": "x" })), NONE),
            ("nothing listed of what must be there", "bare", rule(json!({ "require": [{ "uri": "x" }] })), MISSING),
        ],
    );
}
