//! Inspects every minted case in a folder with the native core, and judges it by a policy; writes options and report, policy and
//! evaluation beside it, so that the end-to-end suites can show that WebAssembly gives the very same.

use std::{env, fs, path::Path};

use admissible::{
    Baseline, Options, Policy, Report, Request, SummaryOptions, TrustedRoots, UsedInputs, compare_inputs,
    compare_trust, evaluate, inspect, summarize,
};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let folder = env::args().nth(1).ok_or("usage: reports FOLDER")?;
    let mut count = 0;
    for case in fs::read_dir(folder)? {
        report(&case?.path())?;
        count += 1;
    }
    println!("{count} reports");
    Ok(())
}

fn report(case: &Path) -> Outcome<()> {
    let about: Value = serde_json::from_slice(&fs::read(case.join("case.json"))?)?;
    let signer = match fs::read_to_string(case.join("key.pem")) {
        Ok(pem) => json!({ "publicKey": pem }),
        Err(_) => json!({ "issuer": about["issuer"], "identity": about["identity"] }),
    };
    let options = json!({ "signer": signer }).to_string();
    let artifact = fs::read(case.join("artifact"))?;
    let roots = TrustedRoots::from_json(&fs::read(case.join("trusted_root.json"))?)?;
    let bundle = fs::read(case.join("bundle.sigstore.json"))?;
    let report = inspect(&bundle, &roots, &Options::from_json(&options, Some(&artifact))?);
    let policy = json!({
        "version": 1,
        "signers": [signer],
        "require": [{ "anyOf": [
            { "predicateType": "https://slsa.dev/provenance/v1", "level": 1, "source": { "repository": { "glob": "https://github.com/acme/*" } } },
            { "predicateType": ["https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v0.1"], "certified": true, "builder": { "glob": "**" } },
            { "predicateType": "https://slsa.dev/verification_summary/v1", "result": "PASSED" },
        ] }],
        "exceptions": [{ "reference": { "glob": "registry.example/**" }, "reason": "none", "expires": "2020-01-01T00:00:00Z" }],
    })
    .to_string();
    let request = json!({ "now": "2030-01-01T00:00:00Z", "reference": "registry.example/app:1" }).to_string();
    let evaluation = evaluate(
        &[&bundle, &bundle],
        &roots,
        &Policy::from_json(policy.as_bytes())?,
        &Request::from_json(&request, Some(&artifact))?,
    )?;
    fs::write(case.join("policy.json"), policy)?;
    fs::write(case.join("request.json"), request)?;
    fs::write(case.join("evaluation.json"), evaluation.to_json())?;
    fs::write(case.join("options.json"), options)?;
    fs::write(case.join("report.json"), report.to_json())?;
    comparisons(case, &report)
}

/// What is made of a report besides: WebAssembly must make the same.
fn comparisons(case: &Path, report: &Report) -> Outcome<()> {
    let digest = format!("sha256:{}", "0".repeat(64));
    let options = json!({
        "now": "2026-01-01T00:00:00Z",
        "verifier": { "id": "https://admissible.example/verifier" },
        "resourceUri": "https://admissible.example/artifact",
        "policy": { "uri": "https://admissible.example/policy" },
    });
    let used = json!({ "dependencies": [{ "digest": digest }], "commit": "0".repeat(40) });
    let Ok(baseline) = Baseline::of(report) else { return Ok(()) };
    let inputs = compare_inputs(report, &UsedInputs::from_json(&used.to_string())?);
    let summary = summarize(report, &SummaryOptions::from_json(&options.to_string())?);
    let parsed = |text: String| serde_json::from_str::<Value>(&text);
    let all = json!({
        "used": used,
        "options": options,
        "baseline": parsed(baseline.to_json())?,
        "trust": parsed(compare_trust(&baseline, report).to_json())?,
        "inputs": inputs.ok().map(|inputs| parsed(inputs.to_json())).transpose()?,
        "summary": summary.ok().map(|summary| parsed(summary.to_json())).transpose()?,
    });
    fs::write(case.join("comparisons.json"), all.to_string())?;
    Ok(())
}
