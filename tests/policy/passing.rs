//! How the artifact is named, and what may pass without the evidence.

use admissible::EvaluationVerdict;
use admissible::report::evaluation::Finding;
use admissible_box::keys::Hash;
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

use crate::pool::{DAY, PROVENANCE, REVIEW, TEST, person};
use crate::{Case, at, case, hex, piece};

const UNTESTED: &[(&str, &[&str])] = &[("/require/0", &["requirement-no-evidence"])];
const UNNAMED: &[(&str, &[&str])] =
    &[("/signers", &["requirement-too-few-signers"]), ("/require/0", &["requirement-no-evidence"])];

fn sha256() -> String {
    format!("sha256:{}", hex(&Hash::Sha256.digest(ARTIFACT)))
}

/// Evidence that is not enough: a test result is asked for.
fn lacking(bundles: &[&str], more: Value) -> Case {
    let mut policy = json!({ "require": [piece(TEST, json!({}))] });
    policy.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    case(bundles, policy)
}

#[test]
fn only_allowed_digests_bind() {
    const WEAK: &[(&str, &[&str])] =
        &[("/subject", &["subject-algorithm"]), ("/signers", &["requirement-too-few-signers"])];
    let by = |bundles: &[&str], algorithms: Value| case(bundles, json!({ "subject": { "algorithms": algorithms } }));
    by(&["provenance"], json!(["sha256"])).verified("/signers", &[0]);
    by(&["provenance"], json!(["sha384", "sha512"])).rejected(WEAK);
    by(&["sha512"], json!(["sha512"])).verified("/signers", &[0]);
    by(&["sha512"], json!(["sha256"])).rejected(WEAK);
    by(&["sha512"], json!(["sha384"])).rejected(WEAK);
    // Any digest that binds is enough, and so is any bundle.
    by(&["sha256 and sha512"], json!(["sha512"])).verified("/signers", &[0]);
    by(&["sha256 and sha512"], json!(["sha256"])).verified("/signers", &[0]);
    by(&["sha512", "provenance"], json!(["sha256"])).verified("/signers", &[1]);
    by(&["message"], json!(["sha256"])).verified("/signers", &[0]);
    by(&["message"], json!(["sha512"])).rejected(WEAK);
    // A digest that the caller does not know binds nothing.
    let known = json!({ "artifact": { "sha256": hex(&Hash::Sha256.digest(ARTIFACT)) } });
    by(&["sha256 and sha512"], json!(["sha256"])).asking(known.clone()).verified("/signers", &[0]);
    by(&["sha256 and sha512"], json!(["sha512"])).asking(known).rejected(WEAK);
    // What does not bind meets no requirement either.
    let mut both = by(&["sha512", "review by alice"], json!(["sha256"]));
    both.policy["require"] = json!([piece(PROVENANCE, json!({}))]);
    both.rejected(UNTESTED);
}

#[test]
fn references_are_pinned_or_told() {
    let digest = sha256();
    let other = format!("sha256:{}", "0".repeat(64));
    let pinned = |word: Option<&str>, reference: &str| {
        let subject = word.map_or(json!({}), |word| json!({ "pinned": word }));
        case(&["provenance"], json!({ "subject": subject })).asking(json!({ "reference": reference }))
    };
    const TAG: &[(&str, &[&str])] = &[("/subject", &["subject-not-pinned"])];
    const DIFFERS: &[(&str, &[&str])] = &[("/subject", &["subject-reference-differs"])];
    for reference in ["ghcr.io/acme/widget:1.2", "ghcr.io/acme/widget", "localhost:5000/widget", "docker://widget:1"] {
        for word in [None, Some("warn")] {
            let evaluation = pinned(word, reference).verified("/signers", &[0]);
            let [Finding::TagNotPinned { reference: told, pinned }] = &evaluation.findings[..] else {
                panic!("{:?}", evaluation.findings)
            };
            assert_eq!(told, reference);
            assert!(pinned.as_deref().is_some_and(|pinned| pinned.ends_with(&format!("@{digest}"))), "{pinned:?}");
        }
        assert_eq!(pinned(Some("ignore"), reference).verified("/signers", &[0]).findings, []);
        pinned(Some("require"), reference).rejected(TAG);
    }
    for word in [None, Some("warn"), Some("ignore"), Some("require")] {
        for reference in
            [&format!("ghcr.io/acme/widget@{digest}"), &format!("widget:1@{digest}"), "pkg:npm/widget@1.2.3"]
        {
            assert_eq!(pinned(word, reference).verified("/signers", &[0]).findings, []);
        }
        for reference in [&format!("ghcr.io/acme/widget@{other}"), &format!("oci://a/b@{other}"), "a@sha1:00", "a@b"] {
            pinned(word, reference).rejected(DIFFERS);
        }
    }
}

#[test]
fn no_artifact_is_a_word_written_twice() {
    let unbound = json!({ "artifact": { "dangerouslyUnbound": true } });
    case(&["provenance"], json!({})).asking(unbound.clone()).refused("invalid-policy", "");
    let allowed = case(&["provenance", "about another artifact"], json!({ "subject": { "dangerouslyUnbound": true } }));
    allowed.verified("/signers", &[0]);
    allowed.asking(unbound.clone()).verified("/signers", &[0, 1]);
    // Nothing is known of its name.
    let package = piece(PROVENANCE, json!({ "package": { "npm": "@acme/widget" } }));
    case(&["npm provenance"], json!({ "subject": { "dangerouslyUnbound": true }, "require": [package] }))
        .asking(unbound)
        .rejected(&[("/require/0", &["requirement-package"])]);
}

#[test]
fn an_exception_is_about_an_artifact_and_has_an_end() {
    let until = at(DAY);
    let except = |more: Value, now: i64| {
        let mut exception = json!({ "reason": "old image", "expires": until });
        exception.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        lacking(&["provenance"], json!({ "exceptions": [exception] })).asking(json!({ "now": at(now) }))
    };
    let by_digest = || json!({ "digest": sha256() });
    let evaluation = except(by_digest(), 60).fails(EvaluationVerdict::Excepted, UNTESTED);
    assert!(evaluation.is_admitted() && evaluation.findings.is_empty());
    // It holds at its last instant and not after.
    except(by_digest(), DAY).fails(EvaluationVerdict::Excepted, UNTESTED);
    let expired = except(by_digest(), DAY + 1).rejected(UNTESTED);
    assert!(matches!(&expired.findings[..], [Finding::ExceptionExpired { at, .. }] if at == "/exceptions/0"));
    except(json!({ "digest": sha256().to_uppercase().replace("SHA256", "sha256") }), 60)
        .fails(EvaluationVerdict::Excepted, UNTESTED);
    for digest in [format!("sha256:{}", "0".repeat(64)), format!("sha384:{}", hex(&Hash::Sha384.digest(b"another")))] {
        assert_eq!(except(json!({ "digest": digest }), DAY + 1).rejected(UNTESTED).findings, []);
    }
    except(json!({ "digest": format!("sha512:{}", hex(&Hash::Sha512.digest(ARTIFACT))) }), 60)
        .fails(EvaluationVerdict::Excepted, UNTESTED);
    // By the reference that the caller gave.
    let image = json!({ "reference": { "glob": "ghcr.io/acme/*:1.*" } });
    for (reference, is_excepted) in [
        ("ghcr.io/acme/widget:1.2", true),
        ("ghcr.io/acme/widget:2.0", false),
        ("ghcr.io/evil/ghcr.io/acme/widget:1.2", false),
        ("ghcr.io/acme/a/b:1.2", false),
    ] {
        let case = except(image.clone(), 60).asking(json!({ "reference": reference }));
        let verdict = if is_excepted { EvaluationVerdict::Excepted } else { EvaluationVerdict::Rejected };
        case.fails(verdict, UNTESTED);
    }
    except(image, 60).rejected(UNTESTED);
    // Nothing is excepted that is verified.
    let mut met = except(by_digest(), DAY + 1);
    met.bundles.push(crate::pool::bundle("tests passed"));
    assert_eq!(met.verified("/require/0", &[1]).findings, []);
    // Without any evidence at all, and the first that has not expired.
    let mut bare = except(by_digest(), 60);
    bare.bundles.clear();
    bare.fails(EvaluationVerdict::Excepted, UNNAMED);
    let [over, fine] =
        [at(-1), at(DAY)].map(|expires| json!({ "digest": sha256(), "reason": "r", "expires": expires }));
    let two = lacking(&["provenance"], json!({ "exceptions": [over, fine] }));
    let evaluation = two.fails(EvaluationVerdict::Excepted, UNTESTED);
    assert!(matches!(&evaluation.findings[..], [Finding::ExceptionExpired { at, .. }] if at == "/exceptions/0"));
    assert!(evaluation.summary().starts_with(&format!("excepted until {}", at(DAY))));
}

/// An exception excuses missing evidence, and not another artifact than the one that was asked for.
#[test]
fn nothing_excuses_another_artifact() {
    let other = json!({ "reference": format!("ghcr.io/acme/widget@sha256:{}", "0".repeat(64)) });
    const BOTH: &[(&str, &[&str])] =
        &[("/subject", &["subject-reference-differs"]), ("/require/0", &["requirement-no-evidence"])];
    let exceptions = [json!({ "digest": sha256() }), json!({ "reference": { "glob": "**" } })];
    for mut exception in exceptions {
        exception["reason"] = json!("r");
        exception["expires"] = json!(at(DAY));
        lacking(&["provenance"], json!({ "exceptions": [exception] })).asking(other.clone()).rejected(BOTH);
    }
    let legacy = json!({ "legacyBefore": { "time": at(DAY), "reason": "r" } });
    lacking(&["provenance"], legacy).asking(other).rejected(BOTH);
}

#[test]
fn what_is_older_than_the_demands_passes() {
    let before = |bundles: &[&str], time: i64| {
        lacking(bundles, json!({ "legacyBefore": { "time": at(time), "reason": "before we signed" } }))
    };
    let excepted = |case: Case| case.fails(EvaluationVerdict::Excepted, UNTESTED);
    // By the earliest attested time of trusted evidence: ten seconds after the world's moment.
    excepted(before(&["provenance"], 11));
    before(&["provenance"], 10).rejected(UNTESTED);
    excepted(before(&["stamped"], 6));
    before(&["stamped"], 5).rejected(UNTESTED);
    excepted(before(&["provenance", "twenty days old"], -DAY));
    excepted(before(&["twenty days old by key"], -DAY));
    // Not by evidence that counts for nothing.
    for bundle in ["evil", "broken", "about another artifact", "foreign", "by other key"] {
        before(&[bundle], DAY).rejected(UNNAMED);
    }
    before(&[], DAY).rejected(UNNAMED);
    // Nor by a signer who is trusted for something else.
    let mut else_where = before(&["review by mallory"], DAY);
    let mallory = piece(REVIEW, json!({ "signers": [person("mallory@evil.example")] }));
    else_where.policy["require"] = json!([piece(TEST, json!({})), mallory]);
    else_where.rejected(UNNAMED);
    // By the caller's word, with or without evidence.
    let published = |case: Case, time: i64| case.asking(json!({ "published": at(time) }));
    excepted(published(before(&["provenance"], 0), -1));
    published(before(&["provenance"], 0), 0).rejected(UNTESTED);
    published(before(&[], 0), -1).fails(EvaluationVerdict::Excepted, UNNAMED);
    published(before(&[], 0), 0).rejected(UNNAMED);
    // No `now` is needed, and a policy that is met is met.
    let mut case = before(&["provenance", "tests passed"], DAY);
    case.request = json!({});
    let evaluation = case.verified("/require/0", &[1]);
    assert!(evaluation.exception.is_none());
    let summary = before(&["provenance"], 11).evaluate().summary();
    assert_eq!(
        summary,
        format!("excepted as older than {}, not verified (`{TEST}` unmet): `before we signed`", at(11))
    );
}

#[test]
fn a_warning_is_a_rejection_that_admits() {
    for (mode, is_admitted) in [(None, false), (Some("enforce"), false), (Some("warn"), true)] {
        let more = mode.map_or(json!({}), |mode| json!({ "mode": mode }));
        let evaluation = lacking(&["provenance"], more).rejected(UNTESTED);
        assert_eq!(evaluation.is_admitted(), is_admitted);
        let warned = if is_admitted { ", and admitted, for the policy only warns" } else { "" };
        assert_eq!(evaluation.summary(), format!("rejected: `{TEST}` unmet{warned}"));
    }
    case(&["provenance"], json!({ "mode": "warn" })).verified("/signers", &[0]);
}
