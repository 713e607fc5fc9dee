//! Inspects every minted case in a folder with the native core, and writes options and report beside it, so that the end-to-end
//! suites can show that WebAssembly gives the very same report.

use std::{env, fs, path::Path};

use admissible::{Options, TrustedRoots, inspect};
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
    fs::write(case.join("options.json"), options)?;
    fs::write(case.join("report.json"), report.to_json())?;
    Ok(())
}
