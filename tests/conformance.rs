//! The official Sigstore client conformance cases, run in this process. They are not part of this project: the test looks for
//! them under `ADMISSIBLE_TEST_DATA` and says so when they are not there.

use std::fs;
use std::path::{Path, PathBuf};

use admissible::{Options, TrustedRoots, Verdict};
use serde_json::json;

const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn read(path: PathBuf) -> Option<Vec<u8>> {
    fs::read(path).ok()
}

fn text(path: PathBuf) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_string())
}

#[test]
fn official_cases() {
    let Some(data) = std::env::var_os("ADMISSIBLE_TEST_DATA") else {
        println!("skipped: ADMISSIBLE_TEST_DATA is not set");
        return;
    };
    let suite = Path::new(&data).join("conformance");
    let production = read(suite.join("roots/production.json")).expect("production root");
    let mut cases: Vec<_> =
        fs::read_dir(suite.join("assets/bundle-verify")).expect("cases").map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.is_dir());
    cases.sort();
    assert!(cases.len() >= 70, "found only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let bundle = read(case.join("bundle.sigstore.json")).expect("bundle");
        let artifact = read(case.join("artifact")).or_else(|| read(suite.join("assets/bundle-verify/a.txt")));
        let artifact = artifact.or_else(|| read(suite.join("assets/a.txt"))).expect("artifact");
        let signer = match text(case.join("key.pub")) {
            Some(pem) => json!({ "publicKey": pem }),
            None => json!({
                "issuer": text(case.join("issuer")).unwrap_or(ISSUER.into()),
                "identity": text(case.join("identity")).unwrap_or(IDENTITY.into()),
            }),
        };
        let digest = admissible::crypto::digest(admissible::HashAlgorithm::Sha256, &artifact).to_hex();
        let root = read(case.join("trusted_root.json")).unwrap_or_else(|| production.clone());
        for by_digest in [false, true] {
            // The cases are about the client specification, which reads no predicate.
            let mut options = json!({ "dangerouslyUnboundProvenance": true, "signer": signer });
            if by_digest {
                options["artifact"] = json!({ "sha256": digest });
            }
            let verdict = TrustedRoots::from_json(&root).and_then(|roots| {
                let options = Options::from_json(&options.to_string(), (!by_digest).then_some(&artifact))?;
                Ok(admissible::inspect(&bundle, &roots, &options))
            });
            let (passed, why) = match &verdict {
                Ok(report) => {
                    let why: Vec<_> = report.failures().iter().map(|f| format!("{}: {}", f.code, f.message)).collect();
                    assert_eq!(report.verdict() == Verdict::Passed, why.is_empty(), "{name}: {report:?}");
                    (report.verdict() == Verdict::Passed, why.join("; "))
                }
                Err(error) => (false, format!("{error} at {}", error.at)),
            };
            println!("{} {name} {}", if passed { "accept" } else { "reject" }, why);
            if passed == name.ends_with("fail") {
                wrong.push(format!("{name}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len() * 2, wrong.join("\n"));
}
