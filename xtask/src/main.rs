//! The one door to all chores: `cargo xtask bench | build | demo | e2e | size | test | www | help`.

mod bench;
mod build;
mod demo;
mod e2e;
mod project;
mod size;
mod step;
mod test;
mod tools;
mod www;

use std::process::ExitCode;

/// How every chore ends: done, or a message that says what to do next.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What runs a chore.
enum Run {
    /// Takes no arguments.
    Plain(fn() -> Outcome),
    /// Takes names of what to run, or options.
    Named(fn(&[String]) -> Outcome),
}

const HELP: &str = "\
The chores of admissible. Needed: rustup (or cargo with the wasm32-unknown-unknown target), Node 20 or newer, npm.

usage: cargo xtask <chore> [--help]

  bench   what a verification costs, beside other clients; with the names of parts, those alone
  build   compile the core to WebAssembly and the npm package into js/dist
  demo    build, verify a real bundle, refuse a tampered one, judge by a policy
  e2e     the packed package in every runtime, browser and bundler; with the names of suites, those alone
  size    what the bytes of the module are; fails when they are too many
  test    everything: lints, Rust tests, build, types, npm package tests, official cases
  www     the verification page into www/dist; with --serve, on this machine
  help    this text
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let (help, run): (&str, Run) = match chore.as_str() {
        "bench" => (bench::HELP, Run::Named(bench::run)),
        "build" => (build::HELP, Run::Plain(build::run)),
        "demo" => (demo::HELP, Run::Plain(demo::run)),
        "e2e" => (e2e::HELP, Run::Named(e2e::run)),
        "size" => (size::HELP, Run::Named(size::run)),
        "test" => (test::HELP, Run::Plain(test::run)),
        "www" => (www::HELP, Run::Named(www::run)),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        "" => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
        unknown => {
            eprint!("there is no chore `{unknown}`\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        print!("{help}");
        return ExitCode::SUCCESS;
    }
    let outcome = match (run, rest.first()) {
        (Run::Named(run), _) => run(&rest),
        (Run::Plain(run), None) => run(),
        (Run::Plain(_), Some(unknown)) => {
            eprint!("`{chore}` takes no argument `{unknown}`\n\n{help}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask {chore}: {error}");
            ExitCode::FAILURE
        }
    }
}
