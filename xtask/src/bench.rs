//! `cargo xtask bench`: what a verification costs, beside other clients.

use crate::{Outcome, build, project, step, tools};

pub const HELP: &str = "\
Measures verification in Node.js beside @sigstore/verify, in one process and interleaved, and prints medians and their ratio. Also written to
target/bench.json.

usage: cargo xtask bench

  1. builds the package
  2. installs the other clients of tests/bench/package-lock.json with npm
  3. runs tests/bench/verify.mjs, over the genuine bundles of ADMISSIBLE_TEST_DATA; without it, over that of the demo
";

/// Builds and measures. A benchmark, not a test: nothing fails for being slow.
pub fn run() -> Outcome {
    build::run()?;
    let bench = project::root().join("tests/bench");
    step::timed("install the other clients", || tools::install(&bench))?;
    let out = tools::target_directory()?.join("bench.json");
    step::run(tools::node().arg(bench.join("verify.mjs")).env("ADMISSIBLE_BENCH", out))
}
