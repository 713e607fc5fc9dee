//! Documents of npm, PyPI, GitHub and others that they published. What npm and GitHub keep are bundles already, and `tests/corpus.rs` judges them;
//! `tests/cosign` judges what cosign wrote; what PyPI keeps, envelopes and log entries are judged here. The tests look for the corpus under
//! `ADMISSIBLE_TEST_DATA` and say so when it is not there.

use std::collections::{BTreeMap, BTreeSet};

use admissible::format::source::{Source, SourceError, SourceErrorKind, read};
use admissible::{EvaluationVerdict, Options, Policy, Report, Request, TrustedRoots, Verdict, evaluate};
use admissible_box::corpus::{Corpus, list, text};
use serde_json::{Value, json};

use crate::here;

/// What the corpus calls a kind, what we call it in plain words, and of how many documents.
const NAMED: &[(&str, &[(&str, usize)])] = &[
    ("DSSE envelope (no bundle)", &[("a DSSE envelope", 72), ("a DSSE envelope that nobody signed", 3)]),
    (
        "OCI layout: image + cosign attestation manifest (DSSE layer, annotations certificate/chain/bundle)",
        &[("an image index", 1)],
    ),
    (
        "OCI layout: image + cosign attestation manifest (DSSE layer, annotations certificate/chain/bundle) + BuildKit attestation-manifest (unsigned in-toto)",
        &[("an image index", 4)],
    ),
    ("OCI manifest (cosign signature / sigstore bundle referrer)", &[("an image manifest", 7)]),
    ("RFC 3161 response", &[("a timestamp without the bundle that goes with it", 2)]),
    // conda keeps a list of one bundle beside a package.
    ("bundle", &[("a Sigstore bundle", 175), ("a list of Sigstore bundles", 2)]),
    ("bundle JSONL / container of bundles", &[("a list of Sigstore bundles", 1)]),
    ("cosign legacy --bundle (base64Signature/cert/rekorBundle)", &[("a bundle of cosign's older form", 1)]),
    (
        "cosign rekor bundle annotation (SignedEntryTimestamp/Payload)",
        &[("log entries of Rekor", 6), ("wrong at /Payload/body", 1)],
    ),
    ("cosign simple-signing payload", &[("the payload of an image's signature", 17)]),
    ("gh-attestations-response", &[("GitHub's attestations of a digest", 1)]),
    ("in-toto statement (unsigned)", &[("a statement that nobody signed", 21)]),
    ("npm-attestations-response", &[("npm's attestations of a version", 24)]),
    ("oci-index-buildkit-attestation (BuildKit docs)", &[("an image index", 1)]),
    ("oci-manifest-in-toto (BuildKit docs)", &[("an image manifest", 2)]),
    ("pep740-attestation", &[("an attestation object of PyPI", 7)]),
    ("pep740-provenance", &[("a provenance object of PyPI", 4)]),
    (
        "rekor log entry API response",
        &[
            ("a log entry of a kind that no bundle holds", 8),
            ("a log entry without the envelope that goes with it", 10),
            ("log entries of Rekor", 2),
        ],
    ),
];

/// What a document is, in plain words: as its kind says, or as it is refused.
fn name(read: &Result<Source, SourceError>) -> String {
    match read {
        Ok(source) => source.kind.title().to_string(),
        Err(error) => match error.kind {
            SourceErrorKind::Unknown { found } => found.unwrap_or("unknown").to_string(),
            _ => format!("wrong at {}", error.at),
        },
    }
}

/// Every document of a corpus kind, with what the manifest knows of it.
fn sources<'c>(
    corpus: &'c Corpus,
    kinds: &'static [&'static str],
) -> impl Iterator<Item = (&'c Value, &'c str, Result<Source, SourceError>)> {
    let entries = corpus.entries().iter().filter(|entry| kinds.contains(&text(entry, "kind")));
    entries.map(|entry| (entry, text(entry, "path"), read(&corpus.read(text(entry, "path")))))
}

#[test]
fn every_document_is_named() {
    let Some(corpus) = Corpus::open() else { return };
    let mut found: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for entry in corpus.entries() {
        let name = name(&read(&corpus.read(text(entry, "path"))));
        *found.entry(text(entry, "kind")).or_default().entry(name).or_default() += 1;
    }
    let named = NAMED
        .iter()
        .map(|(kind, names)| (*kind, names.iter().map(|(name, count)| (name.to_string(), *count)).collect()));
    assert_eq!(found, named.collect());
}

/// The pieces of what npm, GitHub and others list are the bundles that the manifest lists, which `tests/corpus.rs` judges.
#[test]
fn pieces_are_the_bundles_that_are_judged() {
    let Some(corpus) = Corpus::open() else { return };
    let lists = &["npm-attestations-response", "gh-attestations-response", "bundle JSONL / container of bundles"];
    let samples = corpus.bundles();
    let parsed = |bundle: &[u8]| serde_json::from_slice(bundle).unwrap_or(Value::Null);
    let mut compared = 0_usize;
    for (_, path, source) in sources(&corpus, lists) {
        let source = source.unwrap_or_else(|error| panic!("{path}: {error}"));
        let found: Vec<Value> = source.pieces.iter().map(|piece| parsed(here(&piece.bundle).as_bytes())).collect();
        for sample in samples.iter().filter(|sample| sample.path == path) {
            assert!(found.contains(&parsed(&sample.bundle)), "{}", sample.name());
            compared += 1;
        }
    }
    println!("{compared} bundles in lists");
    assert!(compared >= 56, "only {compared}");
}

/// Keys of other projects' tests, by which envelopes of the corpus are signed: `pkg/cosign` of sigstore/cosign, `test/testpub.pem` of in-toto/witness.
const KEYS: [&str; 2] = [
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESF79b1ToAtoakhBOHEU5UjnEiihV\ngZPFIp557+TOoDxf14FODWc+sIPETk0OgCplAk60doVXbCv33IU4rXZHrg==\n-----END PUBLIC KEY-----\n",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAf29oPP8UghByG852uBdOxrJKKn7MM5hTbP9esgOZ/k0=\n-----END PUBLIC KEY-----\n",
];

/// What envelopes are refused for where keys are trusted and no log is asked for, by the manifest's word. Those that need a key verify by it, or fail
/// for what it is that they say; those with a certificate fail for the time, which nothing attests.
const ENVELOPES: &[(&str, &[&str], usize)] = &[
    ("needs an out-of-band key", &[], 4),
    ("needs an out-of-band key", &["bundle-invalid-base64"], 1),
    ("needs an out-of-band key", &["signature-invalid"], 27),
    ("needs an out-of-band key", &["signature-malformed"], 6),
    // What Witness signs for itself is no statement.
    ("needs an out-of-band key", &["statement-payload-type"], 3),
    ("needs an out-of-band key", &["statement-without-subject"], 1),
    ("refuse offline (no log entry or timestamp)", &["signature-invalid", "signing-time-missing"], 1),
    ("refuse offline (no log entry or timestamp)", &["signing-time-missing"], 31),
    ("refuse offline (no log entry or timestamp)", &["signing-time-missing", "statement-without-subject"], 1),
];

#[test]
fn envelopes_verify_by_the_key_that_signed_them() {
    let Some(corpus) = Corpus::open() else { return };
    let roots = TrustedRoots::public_good().expect("a root");
    let keys = Value::from_iter(KEYS.map(|key| json!({ "publicKey": key })));
    let mut found: BTreeMap<_, usize> = BTreeMap::new();
    for (entry, _, source) in sources(&corpus, &["DSSE envelope (no bundle)"]) {
        let Ok(source) = source else { continue };
        for piece in &source.pieces {
            let digest = &entry["artifact"]["subjects"][0]["digest"]["sha256"];
            let artifact =
                if digest.is_null() { json!({ "dangerouslyUnbound": true }) } else { json!({ "sha256": digest }) };
            let codes = |signer: &Value| {
                let options = json!({ "signer": signer, "artifact": artifact, "require": { "logEntries": 0 } });
                let options = Options::from_json(&options.to_string(), None).expect("options");
                let report = admissible::inspect(here(&piece.bundle).as_bytes(), &roots, &options);
                report.failures().iter().map(|failure| failure.code).collect::<BTreeSet<_>>()
            };
            let any = json!({ "dangerouslyAnySigner": true });
            let expected = text(entry, "expected");
            let codes = codes(if expected.starts_with("needs") { &keys } else { &any });
            *found.entry((expected, codes.into_iter().collect())).or_default() += 1;
        }
    }
    let expected = ENVELOPES.iter().map(|(expected, codes, count)| ((*expected, codes.to_vec()), *count)).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_pypi_keeps_verifies_as_a_bundle() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut passed, mut wrong) = (0_usize, Vec::new());
    for (entry, path, source) in sources(&corpus, &["pep740-provenance", "pep740-attestation"]) {
        let source = source.unwrap_or_else(|error| panic!("{path}: {error} at {}", error.at));
        let items = list(&entry["items"]);
        assert_eq!(source.pieces.len(), items.len(), "{path}");
        for (piece, facts) in source.pieces.iter().zip(items) {
            let root = corpus.read(facts["trust_root"]["path"].as_str().expect("a root"));
            let roots = TrustedRoots::from_json(&root).expect("a trusted root");
            let signer =
                json!({ "issuer": text(&facts["signer"], "issuer"), "identity": text(&facts["signer"], "san") });
            let sha256 = &facts["artifact"]["subjects"][0]["digest"]["sha256"];
            let options = json!({ "signer": signer, "artifact": { "sha256": sha256 } });
            let options = Options::from_json(&options.to_string(), None).expect("options");
            let report = admissible::inspect(here(&piece.bundle).as_bytes(), &roots, &options);
            let is_valid = report.verdict() == Verdict::Passed;
            if is_valid != (text(facts, "expected") == "valid") {
                let why: Vec<_> = report.failures().iter().map(|failure| failure.message.clone()).collect();
                wrong.push(format!("{path} {}: {}: {}", piece.at, text(facts, "expected"), why.join("; ")));
            }
            passed += usize::from(is_valid);
        }
    }
    println!("{passed} of PyPI's attestations verify");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(passed >= 11, "only {passed}");
}

/// What log entries are refused for by themselves, where a promise is enough and the signer is not the question; and why that is right.
const ENTRIES: &[(&str, &[&str], &str)] = &[
    (
        "cosign-oci/sigstore__cosign/hist_c739d63_README.md.embed_5468_optional_Bundle.json",
        &[],
        "all that was signed is logged",
    ),
    (
        "cosign-oci/sigstore__cosign/specs__SIGNATURE_SPEC.md.embed_5075.json",
        &["threshold-scts"],
        "Fulcio embedded no SCT",
    ),
    (
        "cosign-oci/sigstore__sigstore-python/hist_e9a9736_assets__offline-rekor.txt.rekor",
        &["sct-outside-log-window"],
        "the SCT is of a staging CT log outside its window",
    ),
    (
        "cosign-oci/sigstore__sigstore-rs/cosign__bundle.rs.embed_4263.json",
        &["signer-certificate-expected"],
        "a key signed, and none is trusted",
    ),
    (
        "cosign-oci/sigstore__sigstore-rs/cosign__signature_layers.rs.embed_50263.json",
        &["threshold-scts"],
        "Fulcio embedded no SCT",
    ),
    (
        "cosign-oci/sigstore__sigstore-rs/hist_21649a9_verification_constraint__certificate_verifier.rs.embed_9680.json",
        &["certificate-unknown-issuer"],
        "the certificate is of a private CA",
    ),
    (
        "rekor-entries/aquasecurity__trivy/hist_552a051_testdata__log-entries-no-attestation.json.whole_0.json",
        &[],
        "all that was signed is logged",
    ),
    (
        "rekor-entries/sigstore__rekor/hist_1075e40_release-verify.md.embed_4775.json",
        &["threshold-scts"],
        "Fulcio embedded no SCT",
    ),
];

/// Log entries that hold all that was signed are evidence by themselves: promise and binding hold as the manifest says, and what is refused is
/// decided above.
#[test]
fn log_entries_verify_by_themselves() {
    let Some(corpus) = Corpus::open() else { return };
    let kinds = &["rekor log entry API response", "cosign rekor bundle annotation (SignedEntryTimestamp/Payload)"];
    let mut found = Vec::new();
    for (entry, path, source) in sources(&corpus, kinds) {
        let Ok(source) = source else { continue };
        let checked = text(&entry["pyca_checks"], "set");
        let is_staging = checked.contains("staging");
        let root = if is_staging { admissible::roots::STAGING } else { admissible::roots::PUBLIC_GOOD };
        let roots = TrustedRoots::from_json(root.as_bytes()).expect("a root");
        for piece in &source.pieces {
            let any = json!({ "dangerouslyAnySigner": true });
            let require = json!({ "promiseOnly": true });
            let options = json!({ "signer": any, "artifact": { "dangerouslyUnbound": true }, "require": require });
            let options = Options::from_json(&options.to_string(), None).expect("options");
            let report = admissible::inspect(here(&piece.bundle).as_bytes(), &roots, &options);
            assert!(report.inclusion_promise.is_passed() && checked.starts_with("ok"), "{path}");
            let by_key = here(&piece.bundle).contains("publicKey");
            assert!(by_key || report.log_binding.is_passed() && report.signature.is_passed(), "{path}");
            found.push((path, report.failures().iter().map(|failure| failure.code).collect::<Vec<_>>()));
        }
    }
    found.sort_unstable();
    let decided: Vec<_> = ENTRIES.iter().map(|(path, codes, _)| (*path, codes.to_vec())).collect();
    assert_eq!(found, decided);
}

/// GitHub's answer may hold what its own instance signed beside what the public-good one did: each is judged by its own root, and by no other.
#[test]
fn bundles_of_two_instances_in_one_answer_are_each_judged_by_their_own_root() {
    let Some(corpus) = Corpus::open() else { return };
    let release = corpus.json("bundles/sigstore__sigstore-rust/fixtures__bundle_v3_jdx_communique.json");
    let private = corpus.json("bundles/cli__cli/data__github_provenance_demo-0.0.12-py3-none-any-bundle.jsonl");
    let public = corpus.json("bundles/carabiner-dev__ampel/testdata__github-actions-bundle.json");
    let bundles = [public, release, private];
    let answer: Vec<_> = bundles.iter().map(|bundle| json!({ "repository_id": 1, "bundle": bundle })).collect();
    let source = read(json!({ "attestations": answer }).to_string().as_bytes()).expect("an answer");
    let pieces: Vec<_> = source.pieces.iter().map(|piece| here(&piece.bundle).as_bytes()).collect();
    // No party but GitHub's authorities attests what GitHub's own instance signs.
    let policy = json!({
        "version": 1,
        "signers": { "dangerouslyAnySigner": true },
        "subject": { "dangerouslyUnbound": true },
        "evidence": { "logEntries": 0, "scts": 0 },
        "require": [
            { "name": "a build", "predicateType": "https://slsa.dev/provenance/v1" },
            { "name": "the release", "predicateType": "https://in-toto.io/attestation/release/v0.2" },
        ],
    });
    let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
    let request = Request::from_json(r#"{ "artifact": { "dangerouslyUnbound": true } }"#, None).expect("a request");
    let judged = |root: &[u8]| {
        let roots = TrustedRoots::from_json(root).expect("roots");
        let evaluation = evaluate(&pieces, &roots, &policy, &request).expect("an evaluation");
        let passed = |report: &Report| (report.verdict() == Verdict::Passed).then_some(report.trusted_root);
        (evaluation.verdict(), evaluation.reports.iter().map(passed).collect::<Vec<_>>())
    };
    // As JSON Lines, which is how `gh attestation trusted-root` prints them.
    let line = |root: &str| serde_json::from_str::<Value>(root).expect("JSON").to_string();
    let both = [admissible::roots::PUBLIC_GOOD, admissible::roots::GITHUB].map(line).join("\n");
    assert_eq!(judged(both.as_bytes()), (EvaluationVerdict::Verified, vec![Some(0), Some(1), Some(1)]));
    let public_good = judged(admissible::roots::PUBLIC_GOOD.as_bytes());
    assert_eq!(public_good, (EvaluationVerdict::Rejected, vec![Some(0), None, None]));
    let github = judged(admissible::roots::GITHUB.as_bytes());
    assert_eq!(github, (EvaluationVerdict::Verified, vec![None, Some(0), Some(0)]));

    // The release is GitHub's own word about its files, by an authority's time alone.
    let roots = TrustedRoots::from_json(admissible::roots::GITHUB.as_bytes()).expect("roots");
    let artifact = json!({ "sha256": "b958c6046bab52febf958c94974e1ffcc450bff78c28d7233e179bfd73828912" });
    let report = |require: Value| {
        let any = json!({ "dangerouslyAnySigner": true });
        let options = json!({ "signer": any, "artifact": artifact, "require": require }).to_string();
        admissible::inspect(pieces[1], &roots, &Options::from_json(&options, None).expect("options"))
    };
    let passed = report(json!({ "logEntries": 0, "scts": 0, "signedTimestamps": 1 }));
    assert_eq!(passed.verdict(), Verdict::Passed);
    let path = passed.certificate_path.passed().expect("a path");
    assert_eq!((path.identity().value.as_str(), path.claims().issuer()), ("https://dotcom.releases.github.com", None));
    // Who signed is told by the certificate, which names no issuer; of whose repository it is, by what it says.
    let verdict = |change: &[(&str, Value)]| {
        let signer = json!({ "issuer": { "none": true }, "identity": "https://dotcom.releases.github.com" });
        let package = json!({ "github": "JDX/communique", "version": "v0.1.9" });
        let release = json!({ "predicateType": "https://in-toto.io/attestation/release/v0.2", "package": package });
        let mut policy = json!({ "version": 1, "signers": [signer], "require": [release] });
        policy["evidence"] = json!({ "logEntries": 0, "scts": 0, "signedTimestamps": 1 });
        for (at, value) in change {
            *policy.pointer_mut(at).expect("a place") = value.clone();
        }
        let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
        let request = Request::from_json(&json!({ "artifact": artifact }).to_string(), None).expect("a request");
        evaluate(&pieces, &roots, &policy, &request).expect("an evaluation").verdict()
    };
    assert_eq!(verdict(&[]), EvaluationVerdict::Verified);
    for (at, value) in [
        ("/signers/0/identity", json!("https://releases.github.com")),
        ("/signers/0/issuer", json!({ "glob": "**" })),
        ("/require/0/package", json!({ "github": "jdx/communiques" })),
        ("/require/0/package", json!({ "github": "other/communique" })),
        ("/require/0/package", json!({ "npm": "communique" })),
        ("/require/0/package/version", json!("v0.1.8")),
        ("/require/0/package/version", json!("0.1.9")),
    ] {
        assert_eq!(verdict(&[(at, value.clone())]), EvaluationVerdict::Rejected, "{at} {value}");
    }
    let codes: Vec<_> = report(json!({})).failures().iter().map(|failure| failure.code).collect();
    assert_eq!(codes, ["threshold-log-entries", "threshold-scts"]);
}
