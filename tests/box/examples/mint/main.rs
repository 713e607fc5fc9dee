//! Writes named cases to be shown to other clients: `cargo run -p admissible-box --example mint -- DIR` those which must
//! verify, with `bad` after it those in which exactly one thing is wrong, with `gate` provenance of large bodies,
//! with `image` an image and its evidence in one file, with `bench` series for benchmarks.
//!
//! But for `image` and `bench`, each case is a directory with `bundle.sigstore.json`, `trusted_root.json`, `case.json` (identity, issuer or `key.pem`) and,
//! but for `gate`, `artifact`; beside them lie the parts for openssl: `leaf.pem`, `ca-N.pem`, `tsa-N.pem` (anchor first),
//! `token-N.tsr` and `signature.bin`.

use std::path::Path;
use std::{env, fs, io};

use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::certificate::GeneralName;
use admissible_box::fulcio::{IDENTITY, ISSUER, claim};
use admissible_box::keys::{KeyPair, pem};
use admissible_box::note::Witness;
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, World};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

mod bad;
mod bench;
mod gate;
mod good;
mod image;

/// A name, who takes part, and what is minted.
type Case = (String, World, BundleSpec);

fn main() -> io::Result<()> {
    let Some(dir) = env::args().nth(1) else {
        return Err(io::Error::other("usage: mint DIR [bad | bench | gate | image]"));
    };
    let kind = env::args().nth(2);
    if kind.as_deref() == Some("bench") {
        return bench::write(Path::new(&dir));
    }
    if kind.as_deref() == Some("image") {
        fs::create_dir_all(&dir)?;
        return fs::write(Path::new(&dir).join("image.json"), image::image().to_string());
    }
    let cases = match kind.as_deref() {
        Some("bad") => bad::cases(),
        Some("gate") => gate::cases(),
        _ => good::cases(),
    };
    for (name, world, spec) in cases {
        let dir = Path::new(&dir).join(name);
        write(&dir, &world, &spec)?;
        if kind.as_deref() != Some("gate") {
            fs::write(dir.join("artifact"), ARTIFACT)?;
        }
    }
    Ok(())
}

fn write(dir: &Path, world: &World, spec: &BundleSpec) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let minted = spec.mint(world);
    fs::write(dir.join("bundle.sigstore.json"), minted.bundle.to_string())?;
    fs::write(dir.join("trusted_root.json"), world.trusted_root().to_string())?;
    fs::write(dir.join("case.json"), case(world, spec, &minted.key).to_string())?;
    fs::write(dir.join("signature.bin"), &minted.signed.signature)?;
    match &spec.signer {
        Signer::Key(key) => fs::write(dir.join("key.pem"), key.pem())?,
        Signer::Leaf(leaf) => {
            fs::write(dir.join("leaf.pem"), pem("CERTIFICATE", &minted.leaf))?;
            write_chain(dir, "ca", &world.cas[leaf.ca].certificates())?;
        }
    }
    let tokens = &minted.bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"];
    for (i, token) in tokens.as_array().into_iter().flatten().enumerate() {
        let der = BASE64_STANDARD.decode(token["signedTimestamp"].as_str().unwrap_or_default());
        fs::write(dir.join(format!("token-{i}.tsr")), der.map_err(io::Error::other)?)?;
        write_chain(dir, "tsa", &world.tsas[spec.timestamps[i].tsa].certificates())?;
    }
    Ok(())
}

fn write_chain(dir: &Path, name: &str, certificates: &[Vec<u8>]) -> io::Result<()> {
    for (i, der) in certificates.iter().enumerate() {
        fs::write(dir.join(format!("{name}-{i}.pem")), pem("CERTIFICATE", der))?;
    }
    Ok(())
}

fn case(world: &World, spec: &BundleSpec, key: &KeyPair) -> Value {
    let mut out = json!({
        "subject": ARTIFACT_NAME,
        "keyAlgorithm": format!("{:?}", key.alg()),
        "witnesses": world.witnesses.iter().map(Witness::vkey).collect::<Vec<_>>(),
    });
    if let Signer::Leaf(leaf) = &spec.signer {
        let san = leaf.certificate.subject_alt_name.iter().flat_map(|s| &s.names).next();
        out["identity"] = match san {
            Some(GeneralName::Uri(text) | GeneralName::Email(text) | GeneralName::Username(text)) => json!(text),
            _ => json!(IDENTITY),
        };
        let issuer = leaf.claims.get(&claim::ISSUER_V2);
        out["issuer"] = json!(issuer.map_or(ISSUER, |text| text));
    }
    out
}
