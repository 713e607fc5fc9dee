//! Reports, baselines and the like as documents: what is written is read again, and what is wrong is located.

use admissible::check::Coded;
use admissible::compare::json as documents;
use admissible::{Baseline, Reported, UsageError};
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

use crate::release::{Evidence, OWN, Release, hex};

/// Releases of every kind.
fn releases() -> Vec<Release> {
    vec![
        Release::default(),
        Release::with(|release| release.evidence = Evidence::V0_2),
        Release::with(|release| release.evidence = Evidence::Message),
        Release::with(|release| release.evidence = Evidence::Other("https://spdx.dev/Document")),
        Release::with(|release| (release.key, release.build_type) = (Some("one"), OWN)),
        Release::with(|release| {
            (release.key, release.evidence) = (Some("one"), Evidence::Message);
        }),
    ]
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A report tells the same as a value and as JSON, whether it passed or failed.
#[test]
fn a_report_is_read_as_it_was_written() {
    for release in releases() {
        for report in [release.report(), release.failed()] {
            assert_eq!(Reported::from_json(&report.to_json()), Ok(Reported::from(&report)));
        }
    }
    let roots = admissible::TrustedRoots::public_good().expect("the embedded root");
    let options = r#"{ "signer": { "dangerouslyAnySigner": true } }"#;
    let options = admissible::Options::from_json(options, Some(ARTIFACT)).expect("options");
    let unreadable = admissible::inspect(b"{}", &roots, &options);
    assert_eq!(Reported::from_json(&unreadable.to_json()), Ok(Reported::from(&unreadable)));
}

#[test]
fn a_report_says_what_it_is_about() {
    let report = Release::default().report();
    let json = parsed(&report.to_json());
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["inputs"]["bundle"], format!("sha256:{}", hex(&report.inputs.bundle)));
    let root = report.inputs.trusted_root.expect("a root");
    assert_eq!(json["inputs"]["trustedRoot"], format!("sha256:{}", hex(&root)));

    let options = r#"{ "signer": { "dangerouslyAnySigner": true } }"#;
    let options = admissible::Options::from_json(options, Some(ARTIFACT)).expect("options");
    let lines = format!("{}\n{}\n", one_line(admissible::roots::STAGING), one_line(admissible::roots::PUBLIC_GOOD));
    let roots = admissible::TrustedRoots::from_json(lines.as_bytes()).expect("roots");
    let bundle = include_bytes!("../../js/demo/sigstore-5.0.0.sigstore.json");
    let report = admissible::inspect(bundle, &roots, &options);
    assert_eq!(report.trusted_root, 1);
    let sha256 = |bytes: &[u8]| admissible::crypto::sha256(bytes);
    assert_eq!(report.inputs.bundle, sha256(bundle));
    assert_eq!(report.inputs.trusted_root, Some(sha256(one_line(admissible::roots::PUBLIC_GOOD).as_bytes())));
    let unreadable = admissible::inspect(b"no bundle", &roots, &options);
    assert_eq!((unreadable.inputs.bundle, unreadable.inputs.trusted_root), (sha256(b"no bundle"), None));
}

fn one_line(json: &str) -> String {
    parsed(json).to_string()
}

#[test]
fn a_baseline_is_read_as_it_was_written() {
    for release in releases() {
        let baseline = Baseline::of(&release.report()).expect("a report that passed");
        assert_eq!(Baseline::from_json(&baseline.to_json()), Ok(baseline));
    }
}

#[test]
fn a_baseline_holds_what_trust_on_first_use_needs() {
    let baseline = Baseline::of(&Release::default().report()).expect("a report that passed");
    assert_eq!(
        parsed(&baseline.to_json()),
        json!({
            "mediaType": "application/vnd.admissible.baseline.v1+json",
            "signer": {
                "identity": "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
                "issuer": "https://token.actions.githubusercontent.com",
            },
            "predicateTypes": ["https://slsa.dev/provenance/v1"],
            "builder": "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "source": { "repository": "https://github.com/acme/widget", "repositoryId": "1234567", "ownerId": "7654321" },
            "config": { "path": ".github/workflows/release.yml" },
            "trigger": "push",
            "runner": "github-hosted",
            "level": 2,
            "signed": "2025-06-15T15:06:50Z",
            "subject": "widget-1.2.3.tgz",
        })
    );
    // Without provenance, what the CA certified is remembered all the same.
    let message = Baseline::of(&Release::with(|release| release.evidence = Evidence::Message).report());
    let message = parsed(&message.expect("a report that passed").to_json());
    assert_eq!(message["source"]["repositoryId"], "1234567");
    assert_eq!(message["config"]["path"], ".github/workflows/release.yml");
    assert_eq!((message.get("builder"), message.get("level")), (None, None));
}

/// The error of use that `call` gives: its code and place.
fn error<T: std::fmt::Debug>(call: Result<T, UsageError>) -> (&'static str, String) {
    let error = call.expect_err("an error of use");
    (error.code(), error.at.clone())
}

type Edit = fn(&mut Value);

/// `document` with each edit is refused at its place.
#[track_caller]
fn each_refused(document: &Value, code: &str, read: fn(&str) -> Result<(), UsageError>, table: &[(Edit, &str)]) {
    assert_eq!(read(&document.to_string()), Ok(()));
    for (edit, at) in table {
        let mut document = document.clone();
        edit(&mut document);
        assert_eq!(error(read(&document.to_string())), (code, (*at).to_string()), "{document}");
    }
    for text in ["", "{", "[]", "null", r#"{"mediaType":"a","mediaType":"a"}"#] {
        assert_eq!(error(read(text)), (code, String::new()), "{text}");
    }
}

#[test]
fn wrong_reports_are_located() {
    let report = parsed(&Release::default().report().to_json());
    each_refused(
        &report,
        "invalid-report",
        |text| Reported::from_json(text).map(drop),
        &[
            (|report| report["mediaType"] = "application/vnd.admissible.report.v2+json".into(), "/mediaType"),
            (|report| report["verdict"] = "maybe".into(), "/verdict"),
            (|report| report["version"] = "1.0\n".into(), "/version"),
            (|report| report["inputs"]["bundle"] = "sha256:00".into(), "/inputs/bundle"),
            (|report| report["inputs"]["trustedRoot"] = "md5:00".into(), "/inputs/trustedRoot"),
            (|report| report["checks"] = json!([]), "/checks"),
            (|report| report["checks"]["signingTime"] = json!({}), "/checks/signingTime"),
            (
                |report| report["checks"]["signingTime"]["evidence"][0]["time"] = "now".into(),
                "/checks/signingTime/evidence/0/time",
            ),
            (
                |report| report["checks"]["artifact"]["evidence"]["digest"] = "00".into(),
                "/checks/artifact/evidence/digest",
            ),
            (
                |report| report["checks"]["artifact"]["evidence"]["algorithm"] = "md5".into(),
                "/checks/artifact/evidence/algorithm",
            ),
            (
                |report| report["checks"]["statement"]["evidence"]["predicateType"] = 1.into(),
                "/checks/statement/evidence/predicateType",
            ),
            (|report| report["certificate"]["identity"] = "me".into(), "/certificate/identity"),
            (|report| report["certificate"] = Value::Null, "/certificate"),
            (|report| drop(report.as_object_mut().map(|report| report.remove("certificate"))), "/checks"),
            (|report| report["provenance"]["level"]["build"] = 4.into(), "/provenance/level/build"),
            (|report| report["provenance"]["facts"][0]["value"] = 1.into(), "/provenance/facts/0/value"),
            (|report| report["provenance"]["dependencies"] = json!({}), "/provenance/dependencies"),
        ],
    );
}

#[test]
fn wrong_baselines_are_located() {
    let baseline = Baseline::of(&Release::default().report()).expect("a report that passed");
    let baseline = parsed(&baseline.to_json());
    each_refused(
        &baseline,
        "invalid-baseline",
        |text| Baseline::from_json(text).map(drop),
        &[
            (|baseline| baseline["mediaType"] = "application/vnd.admissible.baseline.v2+json".into(), "/mediaType"),
            (|baseline| baseline["repository"] = "x".into(), "/repository"),
            (|baseline| baseline["source"]["repositoryID"] = "1".into(), "/source/repositoryID"),
            (|baseline| baseline["source"]["repositoryId"] = 1.into(), "/source/repositoryId"),
            (|baseline| baseline["config"]["entryPoint"] = "x".into(), "/config/entryPoint"),
            (|baseline| baseline["signer"] = json!({}), "/signer"),
            (|baseline| baseline["signer"]["publicKey"] = "00".into(), "/signer/publicKey"),
            (|baseline| baseline["signer"]["publicKey"] = "0".repeat(64).into(), "/signer"),
            (|baseline| baseline["predicateTypes"] = Value::Null, "/predicateTypes"),
            (|baseline| baseline["predicateTypes"][0] = 1.into(), "/predicateTypes/0"),
            (|baseline| baseline["level"] = "2".into(), "/level"),
            (|baseline| baseline["signed"] = "yesterday".into(), "/signed"),
            (|baseline| baseline["trigger"] = Value::Null, "/trigger"),
        ],
    );
}

#[test]
fn wrong_lists_of_used_inputs_are_located() {
    let used = json!({
        "dependencies": [{ "uri": "pkg:docker/alpine", "digest": "sha256:".to_string() + &"a".repeat(64) }],
        "commit": "0".repeat(40),
    });
    each_refused(
        &used,
        "invalid-used-inputs",
        |text| admissible::UsedInputs::from_json(text).map(drop),
        &[
            (|used| *used = json!({}), ""),
            (|used| *used = json!({ "dependencies": [] }), ""),
            (|used| used["materials"] = json!([]), "/materials"),
            (|used| used["commit"] = "main".into(), "/commit"),
            (|used| used["dependencies"][0]["digest"] = "a".into(), "/dependencies/0/digest"),
            (|used| used["dependencies"][0]["digest"] = json!({}), "/dependencies/0/digest"),
            (|used| used["dependencies"][0]["digest"] = json!({ "sha265": "aa" }), "/dependencies/0/digest/sha265"),
            (|used| used["dependencies"][0]["digest"] = json!({ "sha256": "aa" }), "/dependencies/0/digest/sha256"),
            (
                |used| used["dependencies"][0]["digest"] = json!({ "__proto__": "aa" }),
                "/dependencies/0/digest/__proto__",
            ),
            (|used| used["dependencies"][0]["digests"] = json!({}), "/dependencies/0/digests"),
            (|used| drop(used["dependencies"][0].as_object_mut().map(|item| item.remove("digest"))), "/dependencies/0"),
        ],
    );
}

#[test]
fn a_report_that_failed_is_no_baseline_and_has_no_inputs() {
    let (passed, failed) = (Release::default().report().to_json(), Release::default().failed().to_json());
    let used = json!({ "commit": "0".repeat(40) }).to_string();
    assert_eq!(error(documents::baseline(&failed)), ("invalid-report", "/verdict".into()));
    assert_eq!(error(documents::compare_trust(&failed, &passed)), ("invalid-report", "/previous/verdict".into()));
    assert_eq!(error(documents::compare_inputs(&failed, &used)), ("invalid-report", "/report/verdict".into()));
    let message = Release::with(|release| release.evidence = Evidence::Message).report().to_json();
    assert_eq!(error(documents::compare_inputs(&message, &used)), ("invalid-report", "/report".into()));
}

#[test]
fn errors_name_the_document() {
    let report = Release::default().report().to_json();
    let baseline = documents::baseline(&report).expect("a report that passed").to_json();
    let wrong = baseline.replace("\"trigger\"", "\"triger\"");
    assert_eq!(error(documents::compare_trust(&wrong, &report)), ("invalid-baseline", "/previous/triger".into()));
    assert_eq!(error(documents::compare_trust("{}", &report)), ("invalid-report", "/previous".into()));
    // A baseline is no next version.
    assert_eq!(error(documents::compare_trust(&report, &baseline)), ("invalid-report", "/next/mediaType".into()));
    assert_eq!(error(documents::compare_inputs(&report, "{}")), ("invalid-used-inputs", "/used".into()));
    assert_eq!(error(documents::summarize(&report, "{}")), ("invalid-summary-options", "/options".into()));
}
