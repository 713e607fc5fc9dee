//! What judging by a policy costs beside verifying the bundles: `cargo run --release --example bench_policy`.
//!
//! Ten bundles about one artifact are inspected, and inspected and judged by three requirements, turn by turn in one run, so that
//! whatever else the machine does falls on both. What judging costs is the difference, by the medians and by the quickest rounds, which
//! a busy machine disturbs least.

use std::time::{Duration, Instant};

use admissible::{EvaluationVerdict, Options, Policy, Request, TrustedRoots, Verdict, evaluate, inspect};
use admissible_box::dsse::{provenance, statement, subject};
use admissible_box::fulcio::{IDENTITY, ISSUER};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, World};
use serde_json::json;

const ROUNDS: usize = 100;
const TEST: &str = "https://in-toto.io/attestation/test-result/v0.1";
const VSA: &str = "https://slsa.dev/verification_summary/v1";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Ten bundles: four of provenance, three test results, two summaries, and a signature over the artifact itself.
fn mint(world: &World) -> Vec<Vec<u8>> {
    let subjects = [subject(ARTIFACT_NAME, ARTIFACT)];
    let tests = json!({ "result": "PASSED", "configuration": [{ "name": "ci.yml" }] });
    let summary = json!({
        "verifier": { "id": "https://acme.example/verifier" },
        "resourceUri": "pkg:npm/widget@1.2.3",
        "policy": { "uri": "https://acme.example/policy" },
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
    });
    let mut statements = vec![provenance(&subjects); 4];
    statements.extend(vec![statement(&subjects, TEST, &tests); 3]);
    statements.extend(vec![statement(&subjects, VSA, &summary); 2]);
    let mut specs: Vec<_> = statements.iter().map(|statement| world.statement(statement)).collect();
    specs.push(world.message());
    // Each in its own place of the log.
    for (index, spec) in (0..).zip(&mut specs) {
        let entry = spec.entry();
        (entry.tree_index, entry.tree_size) = (index, 40);
    }
    specs.iter().map(|spec| world.bundle(spec).to_string().into_bytes()).collect()
}

/// What both take at the same place of their sorted times, and how much more the second is.
fn compare(what: &str, verifying: Duration, evaluating: Duration) {
    let more = (evaluating.as_secs_f64() / verifying.as_secs_f64() - 1.0) * 100.0;
    println!("{what}: verifying {verifying:.2?}, verifying and judging {evaluating:.2?}: {more:+.2} %");
}

fn main() -> Outcome<()> {
    let world = World::new("benchmark");
    let bundles = mint(&world);
    let bundles: Vec<&[u8]> = bundles.iter().map(Vec::as_slice).collect();
    let roots = TrustedRoots::from_json(world.trusted_root().to_string().as_bytes())?;
    let signer = json!({ "issuer": ISSUER, "identity": IDENTITY });
    let options = Options::from_json(&json!({ "signer": [signer] }).to_string(), Some(ARTIFACT))?;
    let policy = json!({
        "version": 1,
        "signers": [signer],
        "require": [
            { "predicateType": "https://slsa.dev/provenance/v1", "level": 2, "certified": true, "runner": "github-hosted",
              "source": { "repository": "https://github.com/acme/widget", "tag": { "glob": "v*" } },
              "parameters": { "/workflow": { "any": true } }, "dependencies": { "digests": "required" } },
            { "predicateType": TEST, "result": "PASSED" },
            { "anyOf": [{ "predicateType": VSA, "vsa": { "verifier": "https://acme.example/verifier", "level": 3 } }] },
        ],
    });
    let policy = Policy::from_json(policy.to_string().as_bytes())?;
    let request = Request::from_json("{}", Some(ARTIFACT))?;

    let (mut verifying, mut evaluating) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let verify = || {
            let start = Instant::now();
            let passed = bundles.iter().filter(|bundle| inspect(bundle, &roots, &options).verdict() == Verdict::Passed);
            assert_eq!(passed.count(), bundles.len());
            start.elapsed()
        };
        let judge = || {
            let start = Instant::now();
            let evaluation = evaluate(&bundles, &roots, &policy, &request);
            let time = start.elapsed();
            assert!(evaluation.is_ok_and(|evaluation| evaluation.verdict() == EvaluationVerdict::Verified));
            time
        };
        // Whichever goes first may find the caches cold.
        let (verified, evaluated) = if round % 2 == 0 {
            let verified = verify();
            (verified, judge())
        } else {
            let evaluated = judge();
            (verify(), evaluated)
        };
        verifying.push(verified);
        evaluating.push(evaluated);
    }
    verifying.sort_unstable();
    evaluating.sort_unstable();
    println!("{} bundles, {} requirements, {ROUNDS} rounds", bundles.len(), 3);
    compare("medians", verifying[ROUNDS / 2], evaluating[ROUNDS / 2]);
    compare("quickest", verifying[0], evaluating[0]);
    Ok(())
}
