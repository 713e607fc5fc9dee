//! Documents signed here: what a policy that names keys makes of them.

use admissible::format::source::{Piece, SourceErrorKind, SourceKind, read};
use admissible::{Evaluation, EvaluationVerdict, Policy, Request, TrustedRoots, evaluate};
use admissible_box::dsse::{EnvelopeSpec, provenance, subject};
use admissible_box::keys::{KeyAlg, KeyPair};
use serde_json::{Value, json};

use crate::here;

const ARTIFACT: &[u8] = b"the artifact";

fn key(label: &str) -> KeyPair {
    KeyPair::derive(KeyAlg::P256, "sources", label)
}

fn signature(envelope: &EnvelopeSpec, label: &str) -> Value {
    let key = key(label);
    let mut signature = envelope.signature_by(&key, key.scheme(false));
    signature["keyid"] = json!(label);
    signature
}

/// Provenance of the artifact, in an envelope that these keys signed.
fn envelope(labels: &[&str]) -> Value {
    let spec = EnvelopeSpec::new(&provenance(&[subject("app", ARTIFACT)]));
    let mut envelope = spec.to_json(b"");
    envelope["signatures"] = labels.iter().map(|label| signature(&spec, label)).collect();
    envelope
}

/// Judges by a policy that asks for no log, and for so many of these keys.
fn judged(pieces: &[Piece], trusted: &[&str], threshold: usize) -> Evaluation {
    let keys: Vec<_> = trusted.iter().map(|label| json!({ "publicKey": key(label).pem() })).collect();
    let policy = json!({
        "version": 1,
        "signers": { "threshold": threshold, "anyOf": keys },
        "evidence": { "logEntries": 0 },
        "require": [{ "predicateType": "https://slsa.dev/provenance/v1" }],
    });
    let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
    let request = Request::from_json("{}", Some(ARTIFACT)).expect("a request");
    let bundles: Vec<_> = pieces.iter().map(|piece| here(&piece.bundle).as_bytes()).collect();
    evaluate(&bundles, &TrustedRoots::public_good().expect("a root"), &policy, &request).expect("an evaluation")
}

fn is_verified(document: &Value, trusted: &[&str], threshold: usize) -> bool {
    let source = read(document.to_string().as_bytes()).expect("a source");
    judged(&source.pieces, trusted, threshold).verdict() == EvaluationVerdict::Verified
}

fn first_codes(document: &Value, trusted: &[&str]) -> Vec<Vec<&'static str>> {
    let source = read(document.to_string().as_bytes()).expect("a source");
    let evaluation = judged(&source.pieces, trusted, 1);
    evaluation.reports.iter().map(|report| report.failures().iter().map(|failure| failure.code).collect()).collect()
}

#[test]
fn an_envelope_counts_by_each_key_that_signed_it() {
    let both = envelope(&["one", "two"]);
    assert!(is_verified(&both, &["one"], 1));
    assert!(is_verified(&both, &["one", "two", "three"], 2));
    assert!(!is_verified(&envelope(&["one", "one"]), &["one", "two"], 2), "one signer counts once");
    assert!(!is_verified(&envelope(&["one"]), &["one", "two"], 2));
    assert_eq!(first_codes(&both, &["one"]), [vec![], vec!["signature-invalid"]]);
    // Whoever claims the id of a trusted key has not its signature.
    let mut claimed = envelope(&["two"]);
    claimed["signatures"][0]["keyid"] = json!("one");
    assert_eq!(first_codes(&claimed, &["one"]), [["signature-invalid"]]);
    let mut altered = envelope(&["one"]);
    altered["payloadType"] = json!("application/vnd.in-toto+json ");
    assert_eq!(first_codes(&altered, &["one"]), [["signature-invalid"]]);
    // A log is asked for unless the policy says otherwise.
    let source = read(both.to_string().as_bytes()).expect("a source");
    let policy = json!({ "version": 1, "signers": [{ "publicKey": key("one").pem() }] });
    let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
    let request = Request::from_json("{}", Some(ARTIFACT)).expect("a request");
    let roots = TrustedRoots::public_good().expect("a root");
    let bundle = here(&source.pieces[0].bundle).as_bytes();
    let evaluation = evaluate(&[bundle], &roots, &policy, &request).expect("an evaluation");
    let codes: Vec<_> = evaluation.reports[0].failures().iter().map(|failure| failure.code).collect();
    assert_eq!(codes, ["threshold-log-entries"]);
}

/// What `gcloud` prints about these builds: each its envelope and the statement for people.
fn gcloud(builds: &[(Value, Value)]) -> Value {
    let builds: Vec<_> = builds
        .iter()
        .map(|(envelope, build)| json!({ "build": build, "envelope": envelope, "kind": "BUILD", "resourceUri": "x" }))
        .collect();
    json!({ "image_summary": { "digest": "sha256:00" }, "provenance_summary": { "provenance": builds } })
}

/// The statement for people, as SLSA 1 and as 0.1 have it.
fn copies() -> [Value; 2] {
    let statement = provenance(&[subject("app", ARTIFACT)]);
    let mut older = statement.clone();
    let predicate = older.as_object_mut().and_then(|members| members.remove("predicate")).expect("a predicate");
    older["slsaProvenance"] = predicate;
    [json!({ "inTotoSlsaProvenanceV1": statement }), json!({ "intotoStatement": older })]
}

#[test]
fn builds_of_cloud_build_verify_where_the_text_is_what_was_signed() {
    for copy in copies() {
        let document = gcloud(&[(envelope(&["google", "regional"]), copy)]);
        let source = read(document.to_string().as_bytes()).expect("a source");
        assert_eq!(source.kind, SourceKind::CloudBuildProvenance);
        let at: Vec<_> = source.pieces.iter().map(|piece| piece.at.as_str()).collect();
        let list = "/provenance_summary/provenance/0/envelope/signatures";
        assert_eq!(at, [format!("{list}/0"), format!("{list}/1")]);
        assert_eq!(first_codes(&document, &["google"]), [vec![], vec!["signature-invalid"]]);
        assert!(is_verified(&document, &["google"], 1));
    }
    // The payload of SLSA 0.1 says it under both names.
    let mut statement = provenance(&[subject("app", ARTIFACT)]);
    statement["slsaProvenance"] = statement["predicate"].clone();
    let spec = EnvelopeSpec::new(&statement);
    let mut twice = spec.to_json(b"");
    twice["signatures"] = json!([signature(&spec, "google")]);
    assert!(is_verified(&gcloud(&[(twice, copies()[1].clone())]), &["google"], 1));
    assert!(is_verified(&gcloud(&[(envelope(&["google"]), json!({}))]), &["google"], 1), "no text misleads nobody");
    assert_eq!(read(gcloud(&[]).to_string().as_bytes()).expect("a source").pieces, []);
}

#[test]
fn a_text_that_says_something_else_is_no_evidence() {
    let changes: [fn(&mut Value); 6] = [
        |copy| copy["subject"][0]["digest"]["sha256"] = json!("00"),
        |copy| copy["predicateType"] = json!("https://slsa.dev/provenance/v0.2"),
        |copy| copy["more"] = json!(1),
        |copy| drop(copy.as_object_mut().and_then(|members| members.remove("subject"))),
        |copy| copy["subject"] = json!([]),
        |copy| copy["predicate"]["runDetails"]["builder"]["id"] = json!("https://other.example"),
    ];
    for change in changes {
        let mut copy = copies()[0].clone();
        change(&mut copy["inTotoSlsaProvenanceV1"]);
        let differing = (envelope(&["google"]), copy.clone());
        let error =
            read(gcloud(std::slice::from_ref(&differing)).to_string().as_bytes()).expect_err("a differing text");
        assert_eq!(error.kind, SourceErrorKind::CopyDiffers, "{copy}");
        assert_eq!(error.at, "/provenance_summary/provenance/0/build/inTotoSlsaProvenanceV1");
        // It does not hide a good one, and adds nothing to it.
        let good = (envelope(&["google"]), copies()[0].clone());
        let document = gcloud(&[differing, good]);
        assert_eq!(first_codes(&document, &["google"]), [vec!["bundle-missing-field"], vec![]]);
    }
    let hidden = [copies()[0].clone(), json!({ "intotoStatement": { "_type": "x" } })];
    let [mut build, other] = hidden;
    build["intotoStatement"] = other["intotoStatement"].clone();
    let error = read(gcloud(&[(envelope(&["google"]), build)]).to_string().as_bytes()).expect_err("a second text");
    assert_eq!(error.at, "/provenance_summary/provenance/0/build/intotoStatement");
}

/// A mirror answers to `acme@2.0.0` with what it has of `acme@1.0.0`: the digest, and that version's genuine evidence. So the digest is no proof of the version,
/// and no policy has to say it once more.
#[test]
fn genuine_evidence_of_another_version_is_not_of_the_one_that_is_asked_for() {
    for (subject_name, same, other) in [
        ("pkg:npm/acme@1.0.0", "pkg:npm/acme@1.0.0", "pkg:npm/acme@2.0.0"),
        ("pkg:npm/%40acme/app@1.0.0", "pkg:npm/%40acme/app@1.0.0", "pkg:npm/app@1.0.0"),
        ("pkg:jsr/@acme/app@1.0.0", "pkg:jsr/@acme/app@1.0.0", "pkg:jsr/@acme/app@2.0.0"),
        (
            "acme-1.0.tar.gz",
            "pkg:pypi/acme@1.0?file_name=acme-1.0.tar.gz",
            "pkg:pypi/acme@2.0?file_name=acme-2.0.tar.gz",
        ),
        ("app", "pkg:npm/acme@2.0.0", ""),
    ] {
        let spec = EnvelopeSpec::new(&provenance(&[subject(subject_name, ARTIFACT)]));
        let mut document = spec.to_json(b"");
        document["signatures"] = json!([signature(&spec, "one")]);
        let source = read(document.to_string().as_bytes()).expect("a source");
        let bundle = here(&source.pieces[0].bundle).as_bytes();
        let policy =
            json!({ "version": 1, "signers": [{ "publicKey": key("one").pem() }], "evidence": { "logEntries": 0 } });
        let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
        let judged = |reference: &str| {
            let request = json!({ "reference": reference }).to_string();
            let request = Request::from_json(&request, Some(ARTIFACT)).expect("a request");
            let roots = TrustedRoots::public_good().expect("a root");
            evaluate(&[bundle], &roots, &policy, &request).expect("an evaluation")
        };
        assert_eq!(judged(same).verdict(), EvaluationVerdict::Verified, "{same}");
        if other.is_empty() {
            continue;
        }
        let evaluation = judged(other);
        assert_eq!(evaluation.verdict(), EvaluationVerdict::Rejected, "{other}");
        let told = serde_json::to_value(&evaluation).expect("JSON");
        let failure = &told["requirements"][0]["failures"][0];
        assert_eq!(failure["code"], "subject-reference-differs");
        let message =
            format!("expected evidence about the package that `{other}` names, found some about `{subject_name}`");
        assert_eq!(failure["message"], message);
    }
}

/// GHSA-r2xv-vpr2-42m9, CVE-2022-35929: npm's word about its own publication is verified like any other bundle, and what npm says beside a bundle is no word about
/// what was signed.
#[test]
fn what_npm_says_beside_a_bundle_is_believed_by_nobody() {
    let spec = EnvelopeSpec::new(&provenance(&[subject("pkg:npm/acme@1.0.0", ARTIFACT)]));
    let mut signed = spec.to_json(b"");
    signed["signatures"] = json!([signature(&spec, "npm")]);
    let source = read(signed.to_string().as_bytes()).expect("a source");
    let good: Value = serde_json::from_str(here(&source.pieces[0].bundle)).expect("JSON");
    let answer = |predicate_type: &str, bundle: &Value| json!({ "attestations": [{ "predicateType": predicate_type, "bundle": bundle }] });
    let slsa = "https://slsa.dev/provenance/v1";
    assert!(is_verified(&answer(slsa, &good), &["npm"], 1));
    assert!(is_verified(&answer("https://example.com/another", &good), &["npm"], 1));

    let mut forged = good.clone();
    forged["dsseEnvelope"]["signatures"][0]["sig"] = signature(&spec, "stranger")["sig"].clone();
    assert_eq!(first_codes(&answer(slsa, &forged), &["npm"]), [["signature-invalid"]]);
    let publication = json!({ "_type": "https://in-toto.io/Statement/v1", "subject": [subject("pkg:npm/acme@1.0.0", ARTIFACT)],
        "predicateType": "https://github.com/npm/attestation/tree/main/specs/publish/v0.1", "predicate": {} });
    let spec = EnvelopeSpec::new(&publication);
    let mut other = good.clone();
    other["dsseEnvelope"] = spec.to_json(b"");
    other["dsseEnvelope"]["signatures"] = json!([{ "sig": signature(&spec, "npm")["sig"] }]);
    let source = read(answer(slsa, &other).to_string().as_bytes()).expect("a source");
    let evaluation = judged(&source.pieces, &["npm"], 1);
    assert_eq!(evaluation.verdict(), EvaluationVerdict::Rejected);
    let told = serde_json::to_value(&evaluation).expect("JSON");
    assert_eq!(told["requirements"][2]["failures"][0]["code"], "requirement-no-evidence");
}
