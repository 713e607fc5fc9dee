//! `cargo xtask bench`: what a verification costs, beside other clients.

use crate::{Outcome, build, e2e, project, step, tools};
use std::path::PathBuf;

pub const HELP: &str = "\
Measures the package beside other clients, in turns within one process, and prints medians and their ratio. A benchmark, not a test: nothing
fails for being slow.

usage: cargo xtask bench [part…] [--quick] [--charts] [--docs]

  warm       one verification in a warm process, by kind of bundle, beside @sigstore/verify
  cold       from the start of a process to its first verdict, beside @sigstore/verify
  node24     both of these by Node.js 24, whatever `node` is
  mixed      1,000 mixed bundles on one thread, beside @sigstore/verify
  hash       SHA-256 of 1 GiB in pieces, beside node:crypto and WebCrypto, and the memory that takes
  share      where the time of one verification goes
  scale      cost by size of the bundle, length of the proof, subjects, and number of bundles
  native     the Rust core, beside the crate sigstore-verify with aws-lc-rs; takes a C compiler and minutes to build
  browsers   one verification in Chromium and Firefox, and a first one in a new page, beside @freedomofpress/sigstore-browser
  workerd    one verification in Cloudflare's workerd, beside @freedomofpress/sigstore-browser

  --quick    a few rounds each, to see that it runs; the numbers say nothing
  --charts   draws docs/charts/*.svg from what was measured
  --docs     writes the tables of docs/performance.md from what was measured

Without a part all of them run, which takes some twenty minutes; with --charts or --docs alone none does. What was measured is in target/bench.json, where
a part that ran again replaces what it found before.

The bundles are the genuine ones of ADMISSIBLE_TEST_DATA; without it, that of the demo.
";

/// As `tests/bench/bench.mjs` names them.
const WORDS: [&str; 13] = [
    "warm", "cold", "node24", "mixed", "hash", "share", "scale", "native", "browsers", "workerd", "--quick",
    "--charts", "--docs",
];

/// Builds what the wanted parts need, and measures.
pub fn run(arguments: &[String]) -> Outcome {
    if let Some(unknown) = arguments.iter().find(|word| !WORDS.contains(&word.as_str())) {
        return Err(format!("there is no part or option `{unknown}`\n\n{HELP}").into());
    }
    let parts: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| !word.starts_with("--")).collect();
    let is_told_only = parts.is_empty() && arguments.iter().any(|word| word == "--charts" || word == "--docs");
    let wants = |part: &str| !is_told_only && (parts.is_empty() || parts.contains(&part));
    let bench = project::root().join("tests/bench");
    let target = tools::target_directory()?;
    let mut command = tools::node();
    command.arg(bench.join("bench.mjs")).args(arguments).env("ADMISSIBLE_BENCH", target.join("bench.json"));
    if !is_told_only {
        build::run()?;
        step::timed("install the other clients", || tools::install(&bench))?;
    }
    if ["warm", "node24", "scale", "native"].into_iter().any(wants) {
        let minted = target.join("minted/bench");
        step::timed("mint series of bundles", || e2e::mint(&minted, "bench"))?;
        command.env("ADMISSIBLE_BENCH_MINTED", minted);
    }
    if wants("native") {
        command.env("ADMISSIBLE_BENCH_NATIVE", step::timed("build the native benchmark", native)?);
    }
    if ["node24", "browsers", "workerd"].into_iter().any(wants) {
        step::timed("install browsers' drivers, workerd and Node.js 24", || {
            tools::install(&project::root().join("tests/e2e"))
        })?;
    }
    if wants("browsers") {
        step::timed("look for browsers", e2e::programs)?;
    }
    step::run(&mut command)
}

/// Builds the benchmark that has a lock file of its own, and says where it is.
fn native() -> Outcome<PathBuf> {
    let target = tools::target_directory()?.join("bench-native");
    let mut build = tools::cargo();
    build.args(["build", "--release", "--locked", "--manifest-path", "tests/bench/native/Cargo.toml", "--target-dir"]);
    step::run(build.arg(&target))?;
    Ok(target.join("release").join(format!("admissible-bench-native{}", std::env::consts::EXE_SUFFIX)))
}
