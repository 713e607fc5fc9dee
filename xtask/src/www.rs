//! `cargo xtask www`: the verification page, built over the packed package.

use crate::{Outcome, build, e2e, project, step, tools};
use std::path::{Path, PathBuf};

pub const HELP: &str = "\
Builds the verification page into www/dist: a static site, and the same as one file, www/dist/admissible.html.

usage: cargo xtask www [--built] [--serve]

  1. builds the npm package; with --built, takes the one in js/dist as it is
  2. installs the page's development tools with `npm ci` when the lock file changed
  3. has the test signer mint the samples
  4. packs the package, unpacks it as a stranger would get it, checks the types, and bundles
  5. with --serve: serves the page on this machine, until Ctrl+C
";

/// Builds the page, and serves it when asked to.
pub fn run(arguments: &[String]) -> Outcome {
    if let Some(unknown) = arguments.iter().find(|word| !["--built", "--serve"].contains(&word.as_str())) {
        return Err(format!("there is no argument `{unknown}`\n\n{HELP}").into());
    }
    let has = |flag: &str| arguments.iter().any(|word| word == flag);
    if has("--built") {
        if !project::dist().join("wasm/core.wasm").is_file() {
            return Err("js/dist holds no package: leave out --built".into());
        }
    } else {
        build::run()?;
    }
    let minted = tools::target_directory()?.join("samples");
    step::timed("mint samples", || ["good", "bad"].iter().try_for_each(|kind| e2e::mint(&minted.join(kind), kind)))?;
    built(&minted)?;
    if has("--serve") { step::run(tools::node().arg(folder().join("serve.mjs")).arg("8080")) } else { Ok(()) }
}

/// Builds the page over the package in `js/dist`, with samples of what was minted.
pub fn built(minted: &Path) -> Outcome {
    step::timed("install the page's tools", || tools::install(&folder()))?;
    step::timed("gather the page's samples", || {
        step::run(tools::node().arg(folder().join("samples.mjs")).arg(minted))
    })?;
    step::timed("build the page", || step::run(tools::node().arg(folder().join("build.mjs"))))
}

fn folder() -> PathBuf {
    project::root().join("www")
}
