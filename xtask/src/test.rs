//! `cargo xtask test`: every test there is, in one run.

use crate::{Outcome, build, e2e, project, size, step, tools};
use std::path::PathBuf;

pub const HELP: &str = "\
Runs everything: format and lint checks, the Rust tests, the core without features and without std, the build, the size of what was built, the type tests, the npm
package's tests on the built WebAssembly, the packed package in every runtime, browser and bundler (cargo xtask e2e), and the official
conformance cases.

usage: cargo xtask test

The conformance cases run when ADMISSIBLE_TEST_DATA names a folder that holds them (conformance/assets).
A failing step does not stop the ones after it; the failures are listed at the end.
";

/// The variable that names the folder of test data too large for the repository.
const TEST_DATA: &str = "ADMISSIBLE_TEST_DATA";

/// The features of the core that need no `std`: all but regular expressions.
const WITHOUT_STD: &str = "compare,images,p521,policy,predicates,registry,rsa,sources,timestamps";

/// Runs all steps; fails when one of them failed.
pub fn run() -> Outcome {
    let mut failures = Vec::new();
    let mut record = |what: &str, work: &dyn Fn() -> Outcome| {
        let outcome = step::timed(what, work);
        if let Err(error) = &outcome {
            println!("{error}");
            failures.push(format!("{what}: {error}"));
        }
        outcome.is_ok()
    };

    if tools::has_cargo("fmt") {
        record("check the format", &|| step::run(tools::cargo().args(["fmt", "--all", "--check"])));
    } else {
        step::skipped("check the format", "rustfmt is not installed (rustup component add rustfmt)");
    }
    if tools::has_cargo("clippy") {
        record("lint", &|| {
            let flags = ["clippy", "--workspace", "--all-targets", "--features", "admissible/rayon"];
            step::run(tools::cargo().args(flags).args(["--", "--deny", "warnings"]))
        });
    } else {
        step::skipped("lint", "clippy is not installed (rustup component add clippy)");
    }
    if std::env::var_os(TEST_DATA).is_none() {
        step::skipped(
            "the corpus of real bundles, the official cases, the larger vectors",
            &format!("{TEST_DATA} is not set"),
        );
    }
    record("Rust tests", &|| step::run(tools::cargo().args(["test", "--workspace"])));

    record("many bundles on several threads", &|| {
        step::run(tools::cargo().args(["test", "--features", "rayon", "--test", "par"]))
    });

    // Once with timestamps: in them, keys that a build lacks can stand beside evidence that it would take.
    record("the core without features", &|| {
        ["", "timestamps"].into_iter().try_for_each(|features| {
            let flags = ["test", "--package", "admissible", "--no-default-features", "--features", features];
            step::run(tools::cargo().args(flags).args(["--test", "left_out"]))
        })
    });

    match tools::need_target(tools::BARE_TARGET) {
        Ok(()) => {
            record("check the core without std", &|| {
                ["", WITHOUT_STD].into_iter().try_for_each(|features| {
                    let flags = ["check", "--package", "admissible", "--no-default-features", "--features", features];
                    step::run(tools::cargo().args(flags).args(["--target", tools::BARE_TARGET]))
                })
            });
        }
        Err(error) => step::skipped("check the core without std", &error.to_string()),
    }

    if record("build", &build::run) {
        record("size of the module", &size::check);
        record("type tests", &|| {
            step::run(tools::node().args(["js/node_modules/typescript/bin/tsc", "--project", "js/test"]))
        });
        record("npm package tests", &|| node_tests(project::js().join("test")));
        record("benchmark, a few rounds", &|| {
            let bench = project::root().join("tests/bench");
            tools::install(&bench)?;
            node_tests(bench)
        });
        record("end to end: runtimes, browsers, bundlers", &e2e::all);
        if std::env::var_os(TEST_DATA).is_some() {
            record("official conformance cases", &|| node_tests(project::root().join("tests/conformance")));
        } else {
            step::skipped("official conformance cases", &format!("{TEST_DATA} is not set"));
        }
    }

    if failures.is_empty() {
        println!("\nall steps passed");
        return Ok(());
    }
    Err(format!("{} failed:\n  {}", failures.len(), failures.join("\n  ")).into())
}

/// Node's own runner over the `*.test.mjs` files of a folder.
fn node_tests(folder: PathBuf) -> Outcome {
    step::run(tools::node().args(["--test", "--test-reporter=spec"]).args(project::files_ending(&folder, ".test.mjs")?))
}
