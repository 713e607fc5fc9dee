//! What a report says about the predicate of a verified statement: a summary of the types that are known by their exact names,
//! `opaque` and a note for every other, a note with a pointer for what has not its type's shape. None of it moves the verdict.
//!
//! The corpus of real statements is not part of this project: the last test looks for it under `ADMISSIBLE_TEST_DATA` and says
//! so when it is not there.

use std::collections::{BTreeMap, BTreeSet};

use admissible::check::Coded;
use admissible::format::predicate::Predicate;
use admissible::format::statement::Statement;
use admissible::{Options, Report, TrustedRoots, Verdict};
use admissible_box::corpus::Corpus;
use admissible_box::dsse::{STATEMENT_V1, statement, subject};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, World};
use admissible_box::{bundle::BundleSpec, fulcio};
use serde_json::{Value, json};

const VSA: &str = "https://slsa.dev/verification_summary/v1";

fn inspect(world: &World, spec: &BundleSpec) -> Report {
    let roots = TrustedRoots::from_json(world.trusted_root().to_string().as_bytes()).expect("a trusted root");
    let options = json!({ "signer": { "issuer": fulcio::ISSUER, "identity": fulcio::IDENTITY } }).to_string();
    let options = Options::from_json(&options, Some(ARTIFACT)).expect("options");
    admissible::inspect(world.bundle(spec).to_string().as_bytes(), &roots, &options)
}

/// The report on a statement with this predicate, truly signed and logged; it must pass.
fn report(predicate_type: &str, predicate: &Value) -> Report {
    let world = World::new("predicates");
    let spec = world.statement(&statement(&[subject(ARTIFACT_NAME, ARTIFACT)], predicate_type, predicate));
    let report = inspect(&world, &spec);
    assert_eq!(report.verdict(), Verdict::Passed, "{:#?}", report.failures());
    report
}

fn json_of(report: &Report) -> Value {
    serde_json::from_str(&report.to_json()).expect("JSON")
}

/// The `predicate` of a report without notes.
fn summary(predicate_type: &str, predicate: &Value) -> Value {
    let report = report(predicate_type, predicate);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    json_of(&report)["predicate"].take()
}

fn vsa() -> Value {
    json!({
        "verifier": { "id": "https://example.com/verifier", "version": { "__proto__": "v1" } },
        "resourceUri": "pkg:npm/widget@1.2.3",
        "policy": { "uri": "https://example.com/policy", "digest": { "sha256": "AB", "__proto__": "00" } },
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
        "dependencyLevels": { "__proto__": 9_007_199_254_740_993_u64 },
    })
}

#[test]
fn known_types_have_a_summary() {
    assert_eq!(
        summary(VSA, &vsa()),
        json!({
            "predicateType": VSA,
            "kind": "verification-summary",
            "verifier": { "id": "https://example.com/verifier", "versions": [{ "name": "__proto__", "version": "v1" }] },
            "resourceUri": "pkg:npm/widget@1.2.3",
            "policy": { "uri": "https://example.com/policy", "digest": { "sha256": "ab" } },
            "verificationResult": "passed",
            "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
            "buildLevel": 3,
            "dependencyLevels": [{ "name": "__proto__", "count": "9007199254740993" }],
        })
    );
    let npm = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
    let predicate = json!({ "name": "widget", "version": "1.2.3", "registry": "https://registry.npmjs.org" });
    let mut expected = json!({ "predicateType": npm, "kind": "npm-publish" });
    expected.as_object_mut().expect("an object").extend(predicate.as_object().expect("an object").clone());
    assert_eq!(summary(npm, &predicate), expected);
    let pypi = "https://docs.pypi.org/attestations/publish/v1";
    assert_eq!(summary(pypi, &Value::Null), json!({ "predicateType": pypi, "kind": "pypi-publish" }));
    let text = json!(
        "{\"spdxVersion\":\"SPDX-2.3\",\"name\":\"w\",\"documentNamespace\":\"n\",\"creationInfo\":{\"created\":\"c\"}}"
    );
    assert_eq!(
        summary("https://spdx.dev/Document", &text),
        json!({
            "predicateType": "https://spdx.dev/Document", "kind": "sbom", "format": "spdx", "specVersion": "2.3",
            "name": "w", "id": "n", "created": "c", "packages": 0, "files": 0, "relationships": 0,
        })
    );
    let scan = json!({
        "scanner": { "uri": "s", "result": [{ "id": "CVE-1", "severity": [{ "method": "m", "score": "LOW" }] }] },
        "metadata": { "scanStartedOn": "a", "scanFinishedOn": "b" },
    });
    assert_eq!(
        summary("https://in-toto.io/attestation/vulns/v0.2", &scan),
        json!({
            "predicateType": "https://in-toto.io/attestation/vulns/v0.2", "kind": "vulnerability-scan",
            "scanner": { "uri": "s" }, "database": {}, "results": 1, "severities": [{ "name": "low", "count": 1 }],
            "started": "a", "finished": "b",
        })
    );
    // A failed verification is a summary like any other: whether it is good enough is not for this check to say.
    let mut failed = vsa();
    failed["verificationResult"] = json!("FAILED");
    failed["verifiedLevels"] = json!(["FAILED"]);
    let found = summary(VSA, &failed);
    assert_eq!((&found["verificationResult"], found.get("buildLevel")), (&json!("failed"), None));
}

#[test]
fn provenance_has_its_kind() {
    let world = World::new("predicates");
    let report = inspect(&world, &world.provenance());
    assert!(matches!(report.predicate(), Some(Predicate::Provenance(_))));
    let expected = json!({ "predicateType": "https://slsa.dev/provenance/v1", "kind": "slsa-provenance" });
    assert_eq!(json_of(&report)["predicate"], expected);
    assert!(report.notes.is_empty());
}

#[test]
fn other_types_are_opaque() {
    for predicate_type in [
        "https://example.com/predicate/v1".to_string(),
        format!("{VSA}/"),
        format!("{VSA} "),
        VSA.to_uppercase(),
        VSA.replace("/v1", "/V1"),
        VSA.replace("/v1", "/v1.0"),
        VSA.replace("/v1", "/v2"),
        VSA.replace("https:", "http:"),
        "https://in-toto.io/attestation/scai/v0.3".to_string(),
    ] {
        let report = report(&predicate_type, &vsa());
        assert_eq!(report.predicate(), Some(&Predicate::Opaque), "{predicate_type}");
        let found = json_of(&report);
        assert_eq!(found["predicate"], json!({ "predicateType": predicate_type, "kind": "opaque" }));
        let codes: Vec<_> = report.notes.iter().map(Coded::code).collect();
        assert_eq!(codes, ["predicate-opaque"], "{predicate_type}");
        let message = found["notes"][0]["message"].as_str().expect("a sentence");
        assert!(message.contains(predicate_type.trim()), "{message}");
    }
}

#[test]
fn malformed_predicates_are_noted_where_they_are() {
    let edits: [(&str, Value, &str); 4] = [
        ("verificationResult", json!("MAYBE"), "/predicate/verificationResult"),
        ("verifiedLevels", json!(["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_2"]), "/predicate/verifiedLevels/1"),
        ("verifier", json!({ "id": 7 }), "/predicate/verifier/id"),
        ("policy", Value::Null, "/predicate"),
    ];
    for (name, value, at) in edits {
        let mut predicate = vsa();
        predicate[name] = value;
        let report = report(VSA, &predicate);
        let found = json_of(&report);
        assert_eq!(found["predicate"]["kind"], "malformed");
        assert_eq!(found["predicate"]["at"], at);
        assert_eq!(found["notes"].as_array().map(Vec::len), Some(1));
        let note = &found["notes"][0];
        assert_eq!((&note["code"], &note["at"]), (&json!("predicate-malformed"), &json!(at)));
        let message = note["message"].as_str().expect("a sentence");
        assert!(message.contains("expected") && message.contains("into the statement"), "{message}");
    }
}

#[test]
fn what_is_not_a_signed_statement_has_no_predicate() {
    let world = World::new("predicates");
    let message = inspect(&world, &world.message());
    assert_eq!((message.predicate(), json_of(&message).get("predicate")), (None, None));
    // A statement that nobody signed is not quoted.
    let mut forged = world.statement(&statement(&[subject(ARTIFACT_NAME, ARTIFACT)], VSA, &vsa()));
    forged.dsse().signed_bytes = Some(b"other".to_vec());
    let report = inspect(&world, &forged);
    assert_eq!(report.verdict(), Verdict::Failed);
    assert_eq!((report.predicate(), json_of(&report).get("predicate")), (None, None));
    assert!(report.notes.is_empty());
}

/// Statements of the corpus whose predicate has not its type's shape, by path, with the reason.
const MALFORMED: &[(&str, &str)] = &[(
    "dsse/aquasecurity__trivy/sbom__sbom_test.go.embed_1724.json",
    "its authors made it to be no valid SPDX document: all it has is a version, a name and a wrong id",
)];

/// The predicate of a statement. Fixtures of other projects that have placeholders for subjects get one that is whole: here
/// it is the predicates that count.
fn predicate_of(mut found: Value) -> Predicate {
    let read = |value: &Value| Statement::from_json(value.to_string().as_bytes());
    if let Ok(statement) = read(&found) {
        return statement.predicate;
    }
    found["_type"] = json!(STATEMENT_V1);
    found["subject"] = json!([subject(ARTIFACT_NAME, ARTIFACT)]);
    read(&found).expect("a statement").predicate
}

#[test]
fn real_statements_are_read() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut kinds, mut wrong, mut excused) = (BTreeMap::<String, usize>::new(), Vec::new(), BTreeSet::new());
    for entry in corpus.entries() {
        let path = entry["path"].as_str().expect("a path");
        let found = corpus.statements(path);
        if found.is_empty() && entry["predicate_type"].is_string() {
            wrong.push(format!("{path}: no statement found"));
        }
        for statement in found {
            let predicate_type = statement["predicateType"].clone();
            let predicate = predicate_of(statement);
            if let Predicate::Malformed(error) = &predicate {
                match MALFORMED.iter().find(|(other, _)| *other == path) {
                    Some(excuse) => _ = excused.insert(excuse),
                    None => wrong.push(format!("{path}: {error} at {} ({predicate_type})", error.at)),
                }
            }
            let name = format!("{predicate:?}");
            let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            *kinds.entry(name.to_string()).or_default() += 1;
        }
    }
    for (kind, count) in &kinds {
        println!("{count:>5}  {kind}");
    }
    for (path, reason) in &excused {
        println!("malformed: {path}: {reason}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(excused.len(), MALFORMED.len(), "an excuse is not needed any more");
    let read: usize = kinds.values().sum();
    assert!(read >= 240, "only {read} statements found");
}
