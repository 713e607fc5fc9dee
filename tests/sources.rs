//! Documents of npm, PyPI, GitHub and cosign that others published, read into bundles. What npm and GitHub keep are bundles already, and `tests/corpus.rs`
//! judges them; `tests/cosign` judges what cosign wrote; what PyPI keeps is judged here. The tests look for the corpus under `ADMISSIBLE_TEST_DATA` and say so when it is not there.

use std::collections::BTreeMap;

use admissible::format::source::{PieceBundle, Source, SourceKind, read};
use admissible::{Options, TrustedRoots, Verdict};
use admissible_box::corpus::{Corpus, list, text};
use serde_json::{Value, json};

/// What the corpus calls a kind, and what it is to us.
const KINDS: [(&str, SourceKind); 6] = [
    ("bundle", SourceKind::Bundle),
    ("npm-attestations-response", SourceKind::NpmAttestations),
    ("gh-attestations-response", SourceKind::GithubAttestations),
    ("pep740-provenance", SourceKind::PypiProvenance),
    ("pep740-attestation", SourceKind::PypiAttestation),
    ("cosign legacy --bundle (base64Signature/cert/rekorBundle)", SourceKind::CosignBlobBundle),
];

/// Every document of a known kind, with what the manifest knows of it.
fn sources(corpus: &Corpus) -> Vec<(&Value, SourceKind, Source)> {
    let known = corpus.entries().iter().filter_map(|entry| {
        let (_, kind) = KINDS.iter().find(|(name, _)| *name == text(entry, "kind"))?;
        let path = text(entry, "path");
        let source = read(&corpus.read(path)).unwrap_or_else(|error| panic!("{path}: {error} at {}", error.at));
        Some((entry, *kind, source))
    });
    known.collect()
}

fn here(bundle: &PieceBundle) -> &str {
    let PieceBundle::Here(bundle) = bundle else { panic!("a bundle that is elsewhere") };
    bundle
}

#[test]
fn every_document_is_told_by_its_shape() {
    let Some(corpus) = Corpus::open() else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (entry, kind, source) in sources(&corpus) {
        let path = text(entry, "path");
        // conda keeps a list of one bundle beside a package.
        let is_list = source.kind == SourceKind::Bundles && source.pieces.len() == 1;
        assert!(source.kind == kind || kind == SourceKind::Bundle && is_list, "{path} is {:?}", source.kind);
        if ["npm-attestations-response", "gh-attestations-response"].contains(&text(entry, "kind")) {
            let document = corpus.json(path);
            let listed: Vec<_> =
                list(&entry["items"]).iter().map(|item| text(item, "at").trim_start_matches("whole")).collect();
            let found: Vec<_> = source.pieces.iter().map(|piece| piece.at.as_str()).collect();
            assert!(listed.iter().all(|at| found.contains(at)), "{path}: {listed:?}, found {found:?}");
            for piece in &source.pieces {
                let bundle: Value = serde_json::from_str(here(&piece.bundle)).expect("JSON");
                assert_eq!(Some(&bundle), document.pointer(&piece.at), "{path} {}", piece.at);
            }
        }
        *counts.entry(source.kind.title()).or_default() += 1;
    }
    for (kind, count) in &counts {
        println!("{count:>5}  {kind}");
    }
    assert_eq!(counts.len(), KINDS.len() + 1);
}

#[test]
fn what_pypi_keeps_verifies_as_a_bundle() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut passed, mut wrong) = (0_usize, Vec::new());
    for (entry, kind, source) in sources(&corpus) {
        if ![SourceKind::PypiProvenance, SourceKind::PypiAttestation].contains(&kind) {
            continue;
        }
        let path = text(entry, "path");
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
