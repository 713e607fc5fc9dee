//! Summaries of verifications.

use admissible::check::Coded;
use admissible::compare::json as documents;
use admissible::{
    Evaluation, EvaluationVerdict, Policy, Report, Request, Summary, SummaryOptions, TrustedRoots, evaluate, summarize,
};
use admissible_box::keys::Hash;
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

use crate::release::{Evidence, OWN, Release, hex};

fn options() -> Value {
    json!({
        "now": "2026-01-01T00:00:00Z",
        "verifier": { "id": "https://acme.example/verifier" },
        "resourceUri": "pkg:generic/widget@1.2.3",
        "policy": { "uri": "https://acme.example/policy.json", "digest": format!("sha256:{}", "a".repeat(64)) },
    })
}

fn summary_of(report: &Report, options: &Value) -> Summary {
    let read = SummaryOptions::from_json(&options.to_string()).expect("usable options");
    let summary = summarize(report, &read).expect("a subject");
    assert_eq!(documents::summarize(&report.to_json(), &options.to_string()).as_ref(), Ok(&summary));
    summary
}

fn json_of(summary: &Summary) -> Value {
    serde_json::from_str(&summary.to_json()).expect("JSON")
}

#[test]
fn a_verification_summary_says_what_was_verified() {
    let report = Release::default().report();
    let summary = summary_of(&report, &options());
    let json = json_of(&summary);
    let policy = json!({ "uri": "https://acme.example/policy.json", "digest": { "sha256": "a".repeat(64) } });
    let subject = json!([{ "name": "widget-1.2.3.tgz", "digest": { "sha256": hex(&Hash::Sha256.digest(ARTIFACT)) } }]);
    assert_eq!(json["mediaType"], "application/vnd.admissible.summary.v1+json");
    assert_eq!(json["result"], "PASSED");
    assert_eq!(
        json["vsa"],
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subject,
            "predicateType": "https://slsa.dev/verification_summary/v1",
            "predicate": {
                "verifier": { "id": "https://acme.example/verifier", "version": { "admissible": env!("CARGO_PKG_VERSION") } },
                "timeVerified": "2026-01-01T00:00:00Z",
                "resourceUri": "pkg:generic/widget@1.2.3",
                "policy": policy,
                "inputAttestations": [{ "digest": { "sha256": hex(&report.inputs.bundle) } }],
                "verificationResult": "PASSED",
                "verifiedLevels": ["SLSA_BUILD_LEVEL_2"],
                "slsaVersion": "1.2",
            },
        })
    );
    assert_eq!(
        json["svr"],
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subject,
            "predicateType": "https://in-toto.io/attestation/svr/v0.2",
            "predicate": {
                "verifier": { "id": "https://acme.example/verifier", "policies": [policy] },
                "timeCreated": "2026-01-01T00:00:00Z",
                "properties": ["ADMISSIBLE_VERIFIED", "SLSA_BUILD_LEVEL_2"],
            },
        })
    );
    assert_eq!(serde_json::from_str::<Value>(&summary.vsa().to_json()).ok().as_ref(), Some(&json["vsa"]));
    assert_eq!(serde_json::from_str::<Value>(&summary.svr().to_json()).ok().as_ref(), Some(&json["svr"]));
}

#[test]
fn what_failed_has_no_level_and_no_property() {
    let mut options = options();
    options["subject"] = json!({ "name": "other.tgz", "digest": { "sha256": "b".repeat(64) } });
    let json = json_of(&summary_of(&Release::default().failed(), &options));
    assert_eq!(json["result"], "FAILED");
    assert_eq!(json["vsa"]["subject"], json!([{ "name": "other.tgz", "digest": { "sha256": "b".repeat(64) } }]));
    assert_eq!(json["vsa"]["predicate"]["verificationResult"], "FAILED");
    assert_eq!(json["vsa"]["predicate"]["verifiedLevels"], json!(["FAILED"]));
    assert_eq!(json["svr"]["predicate"]["properties"], json!([]));
    assert!(json["csv"]["line"].as_str().expect("a line").contains("\"artifact-not-a-subject\""));
}

#[test]
fn without_provenance_no_level_is_claimed() {
    let report = Release::with(|release| release.evidence = Evidence::Message).report();
    let json = json_of(&summary_of(&report, &options()));
    assert_eq!(json["vsa"]["predicate"]["verifiedLevels"], json!(["SLSA_BUILD_LEVEL_UNEVALUATED"]));
    assert_eq!(json["svr"]["predicate"]["properties"], json!(["ADMISSIBLE_VERIFIED"]));
}

#[test]
fn a_line_holds_every_digest() {
    let report = Release::default().report();
    let summary = summary_of(&report, &options());
    let artifact = format!("sha256:{}", hex(&Hash::Sha256.digest(ARTIFACT)));
    let (bundle, root) = (hex(&report.inputs.bundle), hex(&report.inputs.trusted_root.expect("a root")));
    let cells = [
        "2026-01-01T00:00:00Z",
        "PASSED",
        "pkg:generic/widget@1.2.3",
        "widget-1.2.3.tgz",
        &artifact,
        "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://token.actions.githubusercontent.com",
        "2025-06-15T15:06:50Z",
        "2",
        "",
        &format!("sha256:{bundle}"),
        &format!("sha256:{root}"),
        "https://acme.example/policy.json",
        &format!("sha256:{}", "a".repeat(64)),
        "https://acme.example/verifier",
        env!("CARGO_PKG_VERSION"),
    ];
    let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
    assert_eq!(summary.csv().line, quoted.join(","));
    assert_eq!(summary.csv().header.split(',').count(), cells.len());
    let code = cells.map(|cell| if cell.is_empty() { String::new() } else { format!("`{cell}`") });
    assert_eq!(summary.markdown().line, format!("| {} |", code.join(" | ")));
    let header: Vec<_> = summary.markdown().header.lines().collect();
    assert_eq!(header.len(), 2);
    assert!(header.iter().all(|line| line.matches('|').count() == cells.len() + 1), "{header:?}");
}

#[test]
fn hostile_names_stay_text() {
    let report = Release::with(|release| {
        release.key = Some("one");
        release.build_type = OWN;
        release.subject = "=HYPERLINK(\"https://evil.example\",\"x\")`|\n| <img src=x onerror=alert(1)> @admin";
    })
    .report();
    let summary = summary_of(&report, &options());
    let (csv, markdown) = (&summary.csv().line, &summary.markdown().line);
    assert!(
        csv.contains(
            "\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")`|\\u{a}| <img src=x onerror=alert(1)> @admin\""
        ),
        "{csv}"
    );
    assert!(!csv.contains('\n') && !markdown.contains('\n'));
    assert!(
        markdown.contains("`=HYPERLINK(\"https://evil.example\",\"x\")\\u{60}\\u{7c}\\u{a}\\u{7c} <img src=x onerror=alert(1)> @admin`"),
        "{markdown}"
    );
    assert_eq!(markdown.matches('|').count(), 17);
}

#[test]
fn the_artifact_is_the_one_of_the_report() {
    let artifact = hex(&Hash::Sha256.digest(ARTIFACT));
    let code = |report: &Report, options: &Value| {
        let options = SummaryOptions::from_json(&options.to_string()).expect("usable options");
        summarize(report, &options).map(drop).map_err(|error| (error.code(), error.at.clone()))
    };
    let with = |subject: Value| {
        let mut options = options();
        options["subject"] = subject;
        options
    };
    let (passed, failed) = (Release::default().report(), Release::default().failed());
    let wrong = |at: &str| Err(("invalid-summary-options", at.to_string()));
    assert_eq!(code(&passed, &options()), Ok(()));
    assert_eq!(code(&failed, &options()), wrong(""));
    assert_eq!(code(&passed, &with(json!({ "digest": { "sha256": artifact } }))), Ok(()));
    assert_eq!(code(&passed, &with(json!({ "digest": { "sha256": "b".repeat(64) } }))), wrong("/subject/digest"));
    assert_eq!(code(&passed, &with(json!({ "digest": { "sha512": "b".repeat(128) } }))), wrong("/subject/digest"));
    // Another digest beside the one that was verified is nobody's word.
    let both = with(json!({ "name": "mine", "digest": { "sha256": artifact, "sha512": "b".repeat(128) } }));
    let json = json_of(&summary_of(&passed, &both));
    assert_eq!(json["vsa"]["subject"], json!([{ "name": "mine", "digest": { "sha256": artifact } }]));
}

type Edit = fn(&mut Value);

#[test]
fn wrong_options_are_located() {
    let table: [(Edit, &str); 12] = [
        (|options| drop(options.as_object_mut().map(|options| options.remove("now"))), ""),
        (|options| options["now"] = "today".into(), "/now"),
        (|options| options["now"] = Value::Null, "/now"),
        (|options| options["verifier"] = "me".into(), "/verifier"),
        (|options| options["verifier"]["id"] = "me".into(), "/verifier/id"),
        (|options| options["verifier"]["version"] = json!({}), "/verifier/version"),
        (|options| options["resourceUri"] = "a b:c".into(), "/resourceUri"),
        (|options| options["policy"] = json!({}), "/policy"),
        (|options| options["policy"]["digest"] = "sha256:x".into(), "/policy/digest"),
        (|options| options["policy"]["sha256"] = "x".into(), "/policy/sha256"),
        (|options| options["subject"] = json!({ "name": "x" }), "/subject"),
        (|options| options["levels"] = json!([]), "/levels"),
    ];
    for (edit, at) in table {
        let mut options = options();
        edit(&mut options);
        let error = SummaryOptions::from_json(&options.to_string()).expect_err("an error of use");
        assert_eq!((error.code(), error.at.as_str()), ("invalid-summary-options", at), "{options}");
    }
}

/// An evaluation is summarised with every bundle that verified, and with the policy that was judged by.
#[test]
fn an_evaluation_is_summarised_with_its_policy() {
    let release = Release::default();
    let (bundle, root) = release.signed();
    let roots = TrustedRoots::from_json(&root).expect("a root");
    let judge = |policy: Value, bundles: &[&[u8]]| {
        let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
        let request = Request::from_json(r#"{ "now": "2026-01-01T00:00:00Z", "reference": "acme:1" }"#, Some(ARTIFACT));
        evaluate(bundles, &roots, &policy, &request.expect("a request")).expect("an evaluation")
    };
    let signers = json!({ "dangerouslyAnySigner": true });
    let policy = json!({ "version": 1, "signers": signers });
    let options = |digest: Option<String>| {
        let mut policy = json!({ "uri": "https://acme.example/policy.json" });
        if let Some(digest) = digest {
            policy["digest"] = json!(digest);
        }
        json!({
            "now": "2026-01-01T00:00:00Z", "verifier": { "id": "https://acme.example/verifier" },
            "resourceUri": "pkg:generic/widget@1.2.3", "policy": policy,
        })
    };
    let summarized = |evaluation: &Evaluation, options: &Value| {
        let read = SummaryOptions::from_json(&options.to_string()).expect("usable options");
        let summary = summarize(evaluation, &read);
        let same = documents::summarize(&evaluation.to_json(), &options.to_string());
        assert_eq!(same.is_ok(), summary.is_ok());
        let summary = summary?;
        assert_eq!(same.as_ref(), Ok(&summary));
        Ok::<_, admissible::UsageError>(json_of(&summary))
    };
    let sha256 = hex(&Hash::Sha256.digest(policy.to_string().as_bytes()));

    let verified = judge(policy.clone(), &[&bundle, b"{", &bundle]);
    let json = summarized(&verified, &options(None)).expect("a summary");
    assert_eq!(json["result"], "PASSED");
    assert_eq!(json["vsa"]["predicate"]["policy"]["digest"], json!({ "sha256": sha256 }));
    assert_eq!(json["vsa"]["predicate"]["verifiedLevels"], json!(["SLSA_BUILD_LEVEL_2"]));
    let input = json!({ "digest": { "sha256": hex(&Hash::Sha256.digest(&bundle)) } });
    assert_eq!(json["vsa"]["predicate"]["inputAttestations"], json!([input, input]), "only what verified");
    assert!(json["csv"]["line"].as_str().is_some_and(|line| line.contains(&sha256)));
    assert!(summarized(&verified, &options(Some(format!("sha256:{sha256}")))).is_ok());
    let error =
        summarized(&verified, &options(Some(format!("sha256:{}", "0".repeat(64))))).expect_err("another policy");
    assert_eq!((error.code(), error.at.as_str()), ("invalid-summary-options", "/policy/digest"));

    // What is let through is not verified.
    let mut lenient = policy;
    lenient["require"] = json!([{ "anyOf": [{ "predicateType": "https://example.org/none" }] }]);
    let subject = json!({ "digest": format!("sha256:{}", hex(&Hash::Sha256.digest(ARTIFACT))) });
    let mut of_artifact = options(None);
    of_artifact["subject"] = subject;
    let json = summarized(&judge(lenient.clone(), &[&bundle[..]]), &of_artifact).expect("a summary");
    assert_eq!(json["result"], "FAILED");
    assert!(json["csv"]["line"].as_str().is_some_and(|line| line.contains("requirement-no-evidence")));
    lenient["exceptions"] =
        json!([{ "reference": "acme:1", "reason": "migrating", "expires": "2027-01-01T00:00:00Z" }]);
    let excepted = judge(lenient, &[&bundle]);
    assert_eq!(excepted.verdict(), EvaluationVerdict::Excepted);
    let json = summarized(&excepted, &of_artifact).expect("a summary");
    assert_eq!(json["result"], "FAILED");
    assert_eq!(json["vsa"]["predicate"]["verifiedLevels"], json!(["FAILED"]));
    assert!(json["csv"]["line"].as_str().is_some_and(|line| line.contains("excepted")));
}
