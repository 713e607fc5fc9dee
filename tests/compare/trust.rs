//! What changed between two releases.

use admissible::check::Coded;
use admissible::compare::{Severity, json as documents};
use admissible::{Baseline, Report, TrustComparison, compare_trust};

use crate::release::{Evidence, OWN, Release};

const INFO: Severity = Severity::Info;
const WARNING: Severity = Severity::Warning;
const CRITICAL: Severity = Severity::Critical;

type Edit = fn(&mut Release);

/// Compares by every way there is; all must say the same.
fn compare(previous: &Report, next: &Report) -> TrustComparison {
    let baseline = Baseline::of(previous).expect("a report that passed");
    let comparison = compare_trust(&baseline, next);
    let (text, next) = (previous.to_json(), next.to_json());
    assert_eq!(documents::compare_trust(&text, &next).as_ref(), Ok(&comparison));
    assert_eq!(documents::compare_trust(&baseline.to_json(), &next).as_ref(), Ok(&comparison));
    comparison
}

fn found(comparison: &TrustComparison) -> Vec<(&'static str, Severity)> {
    comparison.changes().iter().map(|change| (change.code(), change.severity)).collect()
}

/// From the one release to the other there are exactly these changes, worst first.
#[track_caller]
fn changes(name: &str, previous: Edit, next: Edit, expected: &[(&str, Severity)]) {
    println!("{name}");
    let comparison = compare(&Release::with(previous).report(), &Release::with(next).report());
    assert_eq!(found(&comparison), expected, "{name}: {:#?}", comparison.changes());
    assert_eq!(comparison.is_same(), expected.is_empty());
    assert_eq!(comparison.severity(), expected.first().map_or(Severity::None, |(_, severity)| *severity));
}

fn usual(_: &mut Release) {}

#[test]
fn the_same_is_the_same() {
    let releases: [Edit; 7] = [
        usual,
        |release| release.evidence = Evidence::V0_2,
        |release| release.evidence = Evidence::Message,
        |release| release.evidence = Evidence::Other("https://cyclonedx.org/bom"),
        |release| release.key = Some("one"),
        |release| release.build_type = OWN,
        |release| release.runner = None,
    ];
    for edit in releases {
        changes("the same", edit, edit, &[]);
    }
}

#[test]
fn another_tag_and_a_later_time_are_the_same() {
    changes(
        "the next version",
        usual,
        |release| {
            release.git_ref = "refs/tags/v1.3.0";
            release.time += 86_400;
            release.subject = "widget-1.3.0.tgz";
        },
        &[],
    );
    let reusable: Edit = |release| {
        release.reusable = Some("https://github.com/acme/ci/.github/workflows/build.yml@refs/tags/v1");
    };
    changes(
        "another version of the reusable workflow",
        reusable,
        |release| release.reusable = Some("https://github.com/acme/ci/.github/workflows/build.yml@refs/tags/v2"),
        &[],
    );
    changes(
        "other runners and packages of other versions",
        |release| {
            (release.build_type, release.builder) = (OWN, "https://gitlab.example/acme/one/-/runners/1");
            release.subject = "pkg:npm/%40acme/widget@1.2.3";
            release.key = Some("one");
        },
        |release| {
            (release.build_type, release.builder) = (OWN, "https://gitlab.example/acme/one/-/runners/2");
            release.subject = "pkg:npm/@acme/widget@1.3.0";
            release.key = Some("one");
        },
        &[],
    );
}

#[test]
fn a_version_that_does_not_verify_is_not_compared() {
    let release = Release::default();
    let comparison = compare(&release.report(), &release.failed());
    assert_eq!(found(&comparison), [("next-not-verified", CRITICAL)]);
    assert_eq!(comparison.changes()[0].next.as_deref(), Some("artifact-not-a-subject"));
}

#[test]
fn who_signed() {
    let key: Edit = |release| release.key = Some("one");
    changes("another key", key, |release| release.key = Some("two"), &[("signer-changed", CRITICAL)]);
    changes("a key for a certificate", usual, key, &[("signer-kind-changed", CRITICAL), ("level-lowered", CRITICAL)]);
    changes("a certificate for a key", key, usual, &[("signer-kind-changed", CRITICAL), ("level-raised", INFO)]);
    changes(
        "another issuer",
        |release| release.evidence = Evidence::Message,
        |release| (release.evidence, release.issuer) = (Evidence::Message, "https://token.actions.acme.ghe.com"),
        &[("issuer-changed", CRITICAL)],
    );
    changes(
        "another reusable workflow, which is the builder too",
        |release| release.reusable = Some("https://github.com/acme/ci/.github/workflows/build.yml@refs/tags/v1"),
        |release| release.reusable = Some("https://github.com/acme/ci/.github/workflows/other.yml@refs/tags/v1"),
        &[("signer-changed", CRITICAL), ("builder-changed", WARNING)],
    );
    changes(
        "of another organisation",
        |release| release.reusable = Some("https://github.com/acme/ci/.github/workflows/build.yml@refs/tags/v1"),
        |release| release.reusable = Some("https://github.com/acme-ci/ci/.github/workflows/build.yml@refs/tags/v1"),
        &[("signer-changed", CRITICAL), ("builder-changed", CRITICAL)],
    );
    changes(
        "a branch for a tag",
        usual,
        |release| release.git_ref = "refs/heads/v1.2.3",
        &[("ref-kind-changed", WARNING)],
    );
}

#[test]
fn evidence() {
    let message: Edit = |release| release.evidence = Evidence::Message;
    let bom: Edit = |release| release.evidence = Evidence::Other("https://cyclonedx.org/bom");
    changes("no statement any more", usual, message, &[("provenance-lost", CRITICAL)]);
    changes("another statement", usual, bom, &[("provenance-lost", CRITICAL)]);
    changes("provenance at last", message, usual, &[("provenance-gained", INFO)]);
    changes(
        "another type",
        bom,
        |release| release.evidence = Evidence::Other("https://spdx.dev/Document"),
        &[("predicate-type-lost", WARNING)],
    );
    changes(
        "another version of it",
        bom,
        |release| {
            release.evidence = Evidence::Other("https://cyclonedx.org/bom/v1.6");
        },
        &[("predicate-version-changed", INFO)],
    );
    changes(
        "another version of the provenance",
        |release| (release.build_type, release.evidence) = (OWN, Evidence::V0_2),
        |release| release.build_type = OWN,
        &[("predicate-version-changed", INFO)],
    );
}

#[test]
fn the_repository() {
    changes(
        "deleted and made anew",
        usual,
        |release| release.repository_id = "999",
        &[("repository-recreated", CRITICAL)],
    );
    changes(
        "made anew by another owner",
        usual,
        |release| (release.repository_id, release.owner_id) = ("999", "9"),
        &[("repository-recreated", CRITICAL), ("owner-changed", CRITICAL)],
    );
    changes(
        "renamed, signer and builder with it",
        usual,
        |release| {
            release.repository = "https://github.com/acme/gadget";
        },
        &[("repository-moved", INFO)],
    );
    changes(
        "handed to another owner",
        usual,
        |release| (release.repository, release.owner_id) = ("https://github.com/other/widget", "9"),
        &[("owner-changed", CRITICAL), ("repository-moved", INFO)],
    );
}

#[test]
fn another_repository() {
    changes(
        "with another id",
        usual,
        |release| (release.repository, release.repository_id) = ("https://github.com/acme/gadget", "999"),
        &[("signer-changed", CRITICAL), ("repository-changed", CRITICAL), ("builder-changed", WARNING)],
    );
    changes(
        "signed by the same key, which tells no ids",
        |release| {
            (release.key, release.build_type) = (Some("one"), OWN);
            release.evidence = Evidence::V0_2;
        },
        |release| {
            (release.key, release.build_type) = (Some("one"), OWN);
            (release.evidence, release.repository) = (Evidence::V0_2, "https://github.com/acme/gadget");
        },
        &[("repository-changed", CRITICAL)],
    );
}

/// The ids that a stranger writes into provenance of a kind that the certificate does not bind make no renamed repository of it.
#[test]
fn a_stranger_cannot_move_the_repository() {
    const BUILDKIT: &str = "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md";
    let stranger: Edit = |release| {
        (release.repository, release.repository_id, release.owner_id) = ("https://github.com/mallory/gadget", "3", "4");
        release.build_type = BUILDKIT;
        release.statement = |statement| {
            let github = &mut statement["predicate"]["buildDefinition"]["internalParameters"]["github"];
            github["repository_id"] = "1234567".into();
            github["repository_owner_id"] = "7654321".into();
        };
    };
    let comparison = compare(&Release::default().report(), &Release::with(stranger).report());
    let found = found(&comparison);
    assert!(found.contains(&("signer-changed", CRITICAL)), "{found:?}");
    assert!(!found.iter().any(|(code, _)| *code == "repository-moved"), "{found:?}");
}

#[test]
fn the_build() {
    changes(
        "another workflow, which is the signer and builder",
        usual,
        |release| {
            release.workflow = ".github/workflows/test.yml";
        },
        &[("signer-changed", CRITICAL), ("workflow-changed", WARNING), ("builder-changed", WARNING)],
    );
    let own: Edit = |release| release.build_type = OWN;
    changes(
        "another builder of the same organisation",
        own,
        |release| (release.build_type, release.builder) = (OWN, "https://builds.example/acme/two"),
        &[("builder-changed", WARNING)],
    );
    changes(
        "another organisation's builder",
        own,
        |release| (release.build_type, release.builder) = (OWN, "https://builds.example/mallory/one"),
        &[("builder-changed", CRITICAL)],
    );
    changes(
        "another build type",
        own,
        |release| release.build_type = "https://acme.example/build/v2",
        &[("build-type-changed", INFO)],
    );
    changes(
        "an own runner, and so a lower level",
        usual,
        |release| release.runner = Some("self-hosted"),
        &[("runner-changed", CRITICAL), ("level-lowered", CRITICAL)],
    );
    changes(
        "a hosted runner",
        |release| release.runner = Some("self-hosted"),
        usual,
        &[("runner-changed", INFO), ("level-raised", INFO)],
    );
    changes("another event", usual, |release| release.trigger = "release", &[("trigger-changed", INFO)]);
    for trigger in ["pull_request_target", "workflow_run", "issue_comment"] {
        let comparison =
            compare(&Release::default().report(), &Release::with(|release| release.trigger = trigger).report());
        assert_eq!(found(&comparison), [("trigger-changed", WARNING)], "{trigger}");
    }
    changes(
        "a runner is not told any more",
        |_| {},
        |release| release.runner = None,
        &[("level-lowered", CRITICAL), ("fact-lost", INFO)],
    );
}

#[test]
fn the_version() {
    changes("signed before", usual, |release| release.time -= 3600, &[("signed-earlier", WARNING)]);
    changes(
        "another package",
        |release| release.subject = "pkg:npm/widget@1.2.3",
        |release| release.subject = "pkg:npm/gadget@1.2.3",
        &[("subject-changed", WARNING)],
    );
}

#[test]
fn what_a_baseline_remembers_must_still_be_told() {
    let report = Release::with(|release| {
        (release.key, release.build_type, release.evidence) = (Some("one"), OWN, Evidence::V0_2);
    })
    .report();
    let mut baseline: serde_json::Value =
        serde_json::from_str(&Baseline::of(&report).expect("passed").to_json()).expect("JSON");
    baseline["source"]["repositoryId"] = "1234567".into();
    baseline["source"]["ownerId"] = "7654321".into();
    baseline["trigger"] = "push".into();
    let comparison = documents::compare_trust(&baseline.to_string(), &report.to_json()).expect("usable");
    assert_eq!(found(&comparison), [("fact-lost", WARNING), ("fact-lost", WARNING), ("fact-lost", INFO)]);
    let sentences: Vec<_> = comparison.changes().iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            "expected the repository id `1234567`, found none",
            "expected the owner id `7654321`, found none",
            "expected the trigger `push`, found none",
        ]
    );
}

/// Untrusted text stays data: it is quoted in sentences, and whole in the values.
#[test]
fn values_are_quoted() {
    let hostile = Release::with(|release| {
        (release.build_type, release.builder) = (OWN, "https://builds.example/acme/\u{202e}\n| <b>");
    });
    let own = Release::with(|release| release.build_type = OWN);
    let comparison = compare(&own.report(), &hostile.report());
    let change = &comparison.changes()[0];
    assert_eq!(
        change.to_string(),
        "expected the builder `https://builds.example/acme/one`, found `https://builds.example/acme/\\u{202e}\\u{a}| <b>`"
    );
    assert_eq!(change.next.as_deref(), Some(hostile.builder));
}
