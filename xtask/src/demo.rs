//! `cargo xtask demo`: a real bundle verified through WebAssembly, and a tampered one refused.

use crate::{Outcome, build, project, tools};
use std::fs;
use std::path::Path;

pub const HELP: &str = "\
Builds the package, verifies a real bundle with it, shows a tampered copy refused, and judges the genuine one by a policy.

usage: cargo xtask demo

The bundle is the published provenance of the npm package sigstore 5.0.0 (js/demo/ORIGIN.md).
No network is needed beyond what the build installs.
";

const BUNDLE: &str = "js/demo/sigstore-5.0.0.sigstore.json";
const POLICY: &str = "js/demo/policy.json";
const TAMPERED: &str = "js/dist/tampered.sigstore.json";
const ARTIFACT: &str = "sha512:849a897e81bf7b8a8541a6ae40bd3473a27a16b1cb0462ad905bd6dc96d34881\
                        053a12eb4a375233f81677fc9439f628fe0b0445e8535c60b5559597fbd5f80e";
const IDENTITY: &str = "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// Builds, verifies, and demands that each verdict is the expected one.
pub fn run() -> Outcome {
    build::run()?;
    println!("\n1. The provenance that npm publishes for sigstore 5.0.0, against the tarball's digest:\n");
    expect(verify(BUNDLE), 0)?;

    println!("\n2. The same with one character of the signed statement changed:\n");
    let tampered = project::root().join(TAMPERED);
    tamper(&project::root().join(BUNDLE), &tampered)?;
    let refused = expect(verify(TAMPERED), 1);
    fs::remove_file(&tampered)?;
    refused?;

    println!("\n3. The genuine one judged by a policy ({POLICY}): who, from which source, at which SLSA level:\n");
    let mut judge = tools::node();
    judge.args(["js/dist/cli.js", "verify", ARTIFACT, "--bundle", BUNDLE, "--policy", POLICY]);
    expect(judge, 0)?;

    println!("\nEvery verdict is as it should be: the genuine bundle verified, the tampered one did not.");
    Ok(())
}

fn verify(bundle: &str) -> std::process::Command {
    let mut command = tools::node();
    command.args(["js/dist/cli.js", "verify", ARTIFACT, "--bundle", bundle]);
    command.args(["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUER]);
    command
}

fn expect(mut command: std::process::Command, code: i32) -> Outcome {
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    println!("$ node {}\n", words.join(" ").replace(" --", " \\\n    --"));
    let status = command.status()?;
    if status.code() == Some(code) {
        Ok(())
    } else {
        Err(format!("the exit code should have been {code}: {status}").into())
    }
}

/// A copy of a bundle whose statement names another package: the payload's base64 of `sigstore@5.0.0`
/// becomes that of `sigstore@5.0.1`.
fn tamper(genuine: &Path, tampered: &Path) -> Outcome {
    let mut bundle: serde_json::Value = serde_json::from_slice(&fs::read(genuine)?)?;
    let payload = bundle.pointer_mut("/dsseEnvelope/payload").ok_or("the demo bundle has no DSSE payload")?;
    let text = payload.as_str().unwrap_or_default();
    // `@5.0.0",` and `@5.0.1",` in base64, as the three-byte groups fall in this payload.
    let changed = text.replacen("UA1LjAuMCIs", "UA1LjAuMSIs", 1);
    if changed == text {
        return Err("the demo bundle's payload does not name sigstore@5.0.0".into());
    }
    *payload = changed.into();
    fs::write(tampered, serde_json::to_vec(&bundle)?)?;
    Ok(())
}
