//! Provenance that others published: what is read of it, held against what the corpus knows about each file, and what level it
//! has.

use std::collections::{BTreeMap, BTreeSet};

use admissible::format::predicate::Predicate;
use admissible::format::provenance::{FactName, GitSource, Provenance};
use admissible::format::statement::Statement;
use admissible::report::CheckId;
use admissible::{Options, Report, TrustedRoots, Verdict};
use admissible_box::corpus::{Corpus, Sample, list, text};
use admissible_box::dsse::{STATEMENT_V1, subject};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME};
use serde_json::{Value, json};

/// Every bundle with provenance inside.
fn bundles(corpus: &Corpus) -> impl Iterator<Item = Sample> {
    corpus.bundles().into_iter().filter(|sample| is_provenance(&sample.facts))
}

/// Every statement of provenance in a file.
pub fn statements(corpus: &Corpus, path: &str) -> Vec<Value> {
    let mut found = corpus.statements(path);
    found.retain(|statement| text(statement, "predicateType").contains("rovenance/v"));
    found
}

fn is_provenance(known: &Value) -> bool {
    ["https://slsa.dev/provenance/", "https://in-toto.io/Provenance/"]
        .iter()
        .any(|start| text(known, "predicate_type").starts_with(start))
}

/// The provenance in a statement. Fixtures whose subjects are placeholders get one that is whole: here the predicates count.
pub fn provenance(statement: &Value) -> Result<Provenance, String> {
    let read = |value: &Value| Statement::from_json(value.to_string().as_bytes());
    let found = read(statement).or_else(|_| {
        let mut whole = statement.clone();
        whole["_type"] = json!(STATEMENT_V1);
        whole["subject"] = json!([subject(ARTIFACT_NAME, ARTIFACT)]);
        read(&whole)
    });
    match found.map_err(|error| error.to_string())?.predicate {
        Predicate::Provenance(provenance) => Ok(*provenance),
        Predicate::Malformed(error) => Err(format!("{error} at {}", error.at)),
        other => Err(format!("{other:?}")),
    }
}

pub fn fact(provenance: &Provenance, name: &str) -> Option<String> {
    let name = FactName::ALL.iter().find(|found| found.name() == name).expect("the name of a fact");
    provenance.fact(*name).map(|fact| fact.value.clone())
}

/// Judges a bundle by the root that the corpus has for it; any signer will do, and a promise of the log where there is no more.
fn judge(corpus: &Corpus, sample: &Sample) -> Option<(Report, Value)> {
    let roots = TrustedRoots::from_json(&corpus.read(sample.root())).ok()?;
    let require = if text(&sample.facts, "mode").starts_with("no log") {
        json!({ "logEntries": 0, "scts": 0, "signedTimestamps": 1 })
    } else {
        json!({ "promiseOnly": true })
    };
    let options = json!({
        "signer": { "dangerouslyAnySigner": true }, "artifact": { "dangerouslyUnbound": true }, "require": require,
    });
    let options = Options::from_json(&options.to_string(), None).expect("options");
    let report = admissible::inspect(&sample.bundle, &roots, &options);
    let json = serde_json::from_str(&report.to_json()).expect("JSON");
    Some((report, json))
}

/// Every statement of provenance is read; where the manifest knows builder and build type, they are what was read.
#[test]
fn every_statement_is_read() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut counts, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    for entry in corpus.entries() {
        let path = text(entry, "path");
        for statement in statements(&corpus, path) {
            match provenance(&statement) {
                Ok(found) => *counts.entry(format!("{:?}", found.producer)).or_default() += 1,
                Err(error) => wrong.push(format!("{path}: {error}")),
            }
        }
    }
    for sample in bundles(&corpus) {
        let found = admissible_box::corpus::statements(&sample.bundle);
        let [statement] = found.as_slice() else { panic!("{}: not one statement", sample.name()) };
        let found = provenance(statement).expect("provenance");
        for (name, key) in [("builder", "builder_id"), ("buildType", "build_type")] {
            let known = sample.facts[key].as_str().map(str::to_owned);
            assert!(known.is_some(), "{}: the manifest has no {key}", sample.path);
            if fact(&found, name) != known {
                wrong.push(format!("{}: {name} {:?} instead of {known:?}", sample.name(), fact(&found, name)));
            }
        }
    }
    for (producer, count) in &counts {
        println!("{count:>5}  {producer}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let seen: BTreeSet<_> = counts.keys().map(String::as_str).collect();
    let known = [
        "BuildKit",
        "GithubAttestations",
        "NpmGithub",
        "NpmGithubV0",
        "NpmGithubV2",
        "Other",
        "SlsaContainerBased",
        "SlsaDelegator",
        "SlsaGenerator",
        "Tekton",
    ];
    assert_eq!(seen, BTreeSet::from(known), "another producer needs a file of its own in `real.rs`");
    assert!(counts.values().sum::<usize>() >= 130, "{counts:?}");
}

/// Bundles that pass, and their levels: each file's name, and the level and row.
const LEVELS: &[(&str, &str, u64, &str)] = &[
    (
        "mitchdenny__sigstore-dotnet/data__playwright-cli-0.1.1-attestations.json",
        "whole/attestations/1/bundle",
        2,
        "npm-github-hosted",
    ),
    ("npm__pacote/sigstore__valid-attestations.json", "whole/attestations/0/bundle", 1, "unlisted"),
    (
        "slsa-framework__slsa-verifier/gha__supreme-googles-cli-v02-tag.tgz.json",
        "whole/attestations/1/bundle",
        1,
        "unlisted",
    ),
    (
        "slsa-framework__slsa-verifier/gha__provenance-npm-test-ossf.tgz.json",
        "whole/attestations/1/bundle",
        3,
        "slsa-github-generator-delegator",
    ),
    // Of an enterprise's own issuer.
    ("cli__cli/data__custom-issuer.sigstore.json", "", 1, "unlisted"),
    ("cli__cli/data__reusable-workflow-attestation.sigstore.json", "", 2, "npm-github-hosted"),
    ("cli__cli/data__sigstore-js-2.1.0-bundle.json", "", 2, "npm-github-hosted"),
    ("slsa-framework__slsa-verifier/bcr__rules_lint-v1.3.1.tar.gz.intoto.jsonl", "", 2, "github-reusable-workflow"),
    (
        "slsa-framework__slsa-verifier/v1.7.0__binary-linux-amd64-workflow_dispatch.intoto.sigstore",
        "",
        3,
        "slsa-github-generator",
    ),
    (
        "slsa-framework__slsa-verifier/v2.0.0__binary-linux-amd64-push-v14.2.intoto.build.slsa",
        "",
        3,
        "slsa-github-generator",
    ),
    (
        "slsa-framework__slsa-verifier/v2.1.0__binary-linux-amd64-push-v13.0.30.intoto.jsonl",
        "",
        3,
        "slsa-github-generator",
    ),
    // Its builder is another repository's.
    ("slsa-framework__slsa-verifier/v2.1.0__binary-linux-amd64-push-v13.0.30.build.slsa", "", 1, "unlisted"),
    (
        "slsa-framework__slsa-verifier/v2.1.0__binary-linux-amd64-push-v13.0.30.build~2.slsa",
        "",
        3,
        "slsa-github-generator-delegator",
    ),
    // Its delegator ran at a branch.
    (
        "slsa-framework__slsa-verifier/v1.9.0__binary-linux-amd64-push-v14.2.build.slsa",
        "",
        1,
        "slsa-github-generator-unreleased",
    ),
    ("carabiner-dev__collector/testdata__onebad.jsonl", "embed@13200", 1, "unlisted"),
    ("sigstore__sigstore-go/bundles__dsse.sigstore.json", "", 1, "unlisted"),
];

#[test]
fn every_bundle_that_passes_has_a_level() {
    let Some(corpus) = Corpus::open() else { return };
    let (mut counts, mut seen) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for sample in bundles(&corpus) {
        let name = sample.name();
        let Some((report, json)) = judge(&corpus, &sample) else { continue };
        let codes: Vec<_> = report.failures().iter().map(|failure| failure.code).collect();
        let is_unbound = report.failures().iter().any(|failure| failure.check == CheckId::ProvenanceBinding);
        // Only the one that was published as an attack is not what its certificate says.
        assert_eq!(is_unbound, name.contains("wrong-signer"), "{name}: {codes:?}");
        let shown = &json["provenance"];
        if report.verdict() == Verdict::Failed {
            assert!(shown.get("level").is_none(), "{name}");
            *counts.entry(format!("failed ({})", codes.join(" "))).or_default() += 1;
            continue;
        }
        let level = &shown["level"];
        assert!(level["build"].is_u64() && level["why"].is_string(), "{name}: {level}");
        *counts.entry(format!("level {} ({})", level["build"], text(level, "row"))).or_default() += 1;
        if let Some(row) = LEVELS.iter().find(|(path, at, ..)| sample.path.ends_with(path) && sample.at == *at) {
            assert_eq!((level["build"].as_u64(), text(level, "row")), (Some(row.2), row.3), "{name}");
            seen.insert(row);
        }
        if let Some(source) = sample.facts["signer"]["source_repo"].as_str() {
            let source = GitSource::parse(source).repository;
            assert_eq!(shown["source"]["repository"], source, "{name}");
            let facts = list(&shown["facts"]);
            let certified = facts.iter().find(|fact| fact["name"] == "sourceRepository" && fact["status"] == "agrees");
            assert_eq!(certified.map(|fact| text(fact, "certified")), Some(source.as_str()), "{name}");
        }
    }
    for (row, count) in &counts {
        println!("{count:>5}  {row}");
    }
    let missing: Vec<_> = LEVELS.iter().filter(|row| !seen.contains(row)).collect();
    assert!(missing.is_empty(), "not there, or not passed: {missing:?}");
}
