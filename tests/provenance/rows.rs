//! A caller's rows of levels: they go before the built-in ones, and bad ones are refused.

use admissible::Options;
use admissible::check::Coded;
use admissible_box::fulcio::{IDENTITY, ISSUER};
use admissible_box::keys::KeyAlg;
use admissible_box::provenance::Build;
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

use crate::judged::{build, judge_by, judge_managed, world};
use crate::levels::{L3, REUSABLE, attested_by, is_level, self_hosted, without_runner};

/// Cloud Build's keys are Google's: any other key is one of the caller's.
#[test]
fn managed_keys_are_the_callers() {
    let key = world().managed_key(KeyAlg::P256).pem();
    let other = world().managed_key(KeyAlg::P384).pem();
    for name in ["cloud-build-v1", "cloud-build-v01", "github-attestations", "generator-generic"] {
        is_level(&judge_managed(&build(name)), 1, "unlisted");
    }
    let mine = json!({ "name": "mine", "level": 3, "publicKey": key, "builder": { "glob": "https://cloudbuild.googleapis.com/**" } });
    let not_mine = json!({ "name": "not mine", "level": 2, "publicKey": other });
    let by = |name: &str, rows: Value| judge_by(&build(name).managed(world()), &json!({ "levels": rows }));
    is_level(&by("cloud-build-v1", json!([not_mine, mine])), 3, "mine");
    is_level(&by("github-attestations", json!([not_mine, mine])), 1, "unlisted");
    is_level(&by("github-attestations", json!([not_mine])), 1, "unlisted");
    // A row about certificates is not about keys, nor the reverse.
    let any = json!({ "name": "any", "level": 3, "issuer": { "glob": "**" } });
    is_level(&by("github-attestations", json!([any])), 1, "unlisted");
    let judged = judge_by(&build("github-attestations").spec(world()), &json!({ "levels": [mine] }));
    is_level(&judged, 2, "github-hosted-workflow");
    // Not even when the certificate is for that very key.
    let mut spec = build("github-attestations").spec(world());
    spec.leaf().certificate.key = world().managed_key(KeyAlg::P256);
    let same = json!({ "name": "same", "level": 3, "publicKey": key });
    is_level(&judge_by(&spec, &json!({ "levels": [same] })), 2, "github-hosted-workflow");
    // The built-in rows are not mine to fit by the builder's name alone.
    let no_builder = json!({ "name": "signer", "level": 3, "publicKey": key, "builder": { "signer": true } });
    is_level(&by("github-attestations", json!([no_builder])), 1, "unlisted");
}

#[test]
fn a_callers_rows_go_first() {
    let by = |made: &Build, rows: Value| judge_by(&made.spec(world()), &json!({ "levels": rows }));
    let row = |name: &str, level: u8, more: Value| {
        let mut row = json!({ "name": name, "level": level, "issuer": ISSUER });
        row.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        row
    };
    // They raise a reusable workflow, and nobody else.
    let raise = row(
        "acme builders",
        3,
        json!({ "identity": { "glob": "https://github.com/acme/builders/.github/workflows/*@refs/heads/main" }, "claims": { "runnerEnvironment": "github-hosted" }, "builder": { "signer": true }, "reusable": true }),
    );
    is_level(&by(&attested_by(REUSABLE), json!([raise])), 3, "acme builders");
    is_level(&by(&build("github-attestations"), json!([raise])), 2, "github-hosted-workflow");
    is_level(&by(&self_hosted(without_runner(attested_by(REUSABLE))), json!([raise])), 1, "github-self-hosted");
    is_level(&by(&attested_by(&REUSABLE.replace("main", "evil")), json!([raise])), 2, "github-reusable-workflow");
    // They lower, to nothing if need be.
    let lower = row(
        "not these",
        0,
        json!({ "claims": { "sourceRepositoryURI": "https://github.com/acme/widget" }, "higher": "we left GitHub" }),
    );
    for made in [build("github-attestations"), build("generator-generic"), build("npm-v1")] {
        let judged = by(&made, json!([lower]));
        is_level(&judged, 0, "not these");
        assert_eq!(judged.json["provenance"]["level"]["why"], "we left GitHub");
    }
    // The first that fits decides.
    let (one, two) = (row("one", 1, json!({})), row("two", 2, json!({})));
    is_level(&by(&build("generator-generic"), json!([one, two])), 1, "one");
    is_level(&by(&build("generator-generic"), json!([two, one])), 2, "two");
    is_level(&by(&build("generator-generic"), json!([])), 3, L3);
    is_level(&by(&build("npm-gitlab"), json!([one])), 2, "gitlab-hosted");
    // Every condition counts.
    for (more, fits) in [
        (json!({ "buildType": "https://actions.github.io/buildtypes/workflow/v1" }), true),
        (json!({ "buildType": ["x", { "glob": "https://actions.github.io/**" }] }), true),
        (json!({ "buildType": "https://actions.github.io/buildtypes/workflow/v2" }), false),
        (json!({ "builder": IDENTITY }), true),
        (json!({ "builder": { "regex": "https://github.com/acme/widget/.*" } }), true),
        (json!({ "builder": { "regex": "https://github.com/acme/widget" } }), false),
        (json!({ "identity": IDENTITY }), true),
        (json!({ "identity": REUSABLE }), false),
        (json!({ "claims": { "sourceRepositoryIdentifier": "1234567", "buildTrigger": { "glob": "p*" } } }), true),
        (json!({ "claims": { "sourceRepositoryIdentifier": "1234567", "buildTrigger": "release" } }), false),
        (json!({ "claims": { "deploymentEnvironment": { "glob": "**" } } }), false),
        (json!({ "reusable": false }), true),
        (json!({ "reusable": true }), false),
        (json!({ "release": true }), true),
        (json!({ "release": false }), false),
    ] {
        println!("{more}");
        let expected = if fits { (3, "row") } else { (2, "github-hosted-workflow") };
        is_level(&by(&build("github-attestations"), json!([row("row", 3, more)])), expected.0, expected.1);
    }
}

#[test]
fn bad_rows_are_located() {
    let key = world().managed_key(KeyAlg::P256).pem();
    for (row, code, at) in [
        (json!({ "name": "x", "level": 3 }), "invalid-level", "/levels/0"),
        (json!({ "name": "x", "level": 4, "issuer": ISSUER }), "invalid-level", "/levels/0/level"),
        (json!({ "name": "x", "level": -1, "issuer": ISSUER }), "invalid-level", "/levels/0/level"),
        (json!({ "name": "x", "level": 2.5, "issuer": ISSUER }), "invalid-level", "/levels/0/level"),
        (json!({ "name": "x", "level": "3", "issuer": ISSUER }), "invalid-level", "/levels/0/level"),
        (json!({ "name": "x", "level": null, "issuer": ISSUER }), "invalid-level", "/levels/0/level"),
        (json!({ "name": "x", "level": 3, "issuer": ISSUER, "publicKey": key }), "invalid-level", "/levels/0"),
        (json!({ "name": "x", "level": 3, "publicKey": key, "identity": "x" }), "invalid-level", "/levels/0"),
        (json!({ "name": "x", "level": 3, "publicKey": key, "reusable": true }), "invalid-level", "/levels/0"),
        (json!({ "name": "x", "level": 3, "publicKey": key, "release": false }), "invalid-level", "/levels/0"),
        (
            json!({ "name": "x", "level": 3, "publicKey": key, "claims": { "buildTrigger": "x" } }),
            "invalid-level",
            "/levels/0",
        ),
        (json!({ "name": "x", "issuer": ISSUER }), "malformed-options", "/levels/0"),
        (json!({ "level": 3, "issuer": ISSUER }), "malformed-options", "/levels/0"),
        (json!({ "name": 7, "level": 3, "issuer": ISSUER }), "malformed-options", "/levels/0/name"),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "buildTypes": "x" }),
            "malformed-options",
            "/levels/0/buildTypes",
        ),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "build_type": "x" }),
            "malformed-options",
            "/levels/0/build_type",
        ),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "reusable": "true" }),
            "malformed-options",
            "/levels/0/reusable",
        ),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "reusable": null }),
            "malformed-options",
            "/levels/0/reusable",
        ),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "builder": { "signer": false } }),
            "dangerously-not-true",
            "/levels/0/builder/signer",
        ),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "builder": { "signer": true, "glob": "x" } }),
            "malformed-options",
            "/levels/0/builder/glob",
        ),
        (
            json!({ "name": "x", "level": 3, "issuer": ISSUER, "claims": { "sourceRepository": "x" } }),
            "unknown-claim",
            "/levels/0/claims/sourceRepository",
        ),
        (json!({ "name": "x", "level": 3, "issuer": { "regex": "(" } }), "invalid-pattern", "/levels/0/issuer"),
        (json!({ "name": "x", "level": 3, "publicKey": "x" }), "invalid-public-key", "/levels/0/publicKey"),
        (json!("x"), "malformed-options", "/levels/0"),
    ] {
        println!("{row}");
        let options = json!({ "signer": { "dangerouslyAnySigner": true }, "levels": [row] });
        let error = Options::from_json(&options.to_string(), Some(ARTIFACT)).expect_err("refused");
        assert_eq!((error.code(), error.at.as_str()), (code, at), "{error}");
        assert!(error.to_string().starts_with("expected "), "{error}");
        if at.ends_with("buildTypes") {
            assert!(error.to_string().contains("did you mean `buildType`?"), "{error}");
        }
    }
}
