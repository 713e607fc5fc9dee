//! The one door to all chores: `cargo xtask build | demo | test | help`.

mod build;
mod demo;
mod project;
mod step;
mod test;
mod tools;

use std::process::ExitCode;

/// How every chore ends: done, or a message that says what to do next.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const HELP: &str = "\
The chores of admissible. Needed: rustup (or cargo with the wasm32-unknown-unknown target), Node 20 or newer, npm.

usage: cargo xtask <chore> [--help]

  build   compile the core to WebAssembly and the npm package into js/dist
  demo    build, verify a real bundle, refuse a tampered one, judge by a policy
  test    everything: lints, Rust tests, build, types, npm package tests, official cases
  help    this text
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let (help, run): (&str, fn() -> Outcome) = match chore.as_str() {
        "build" => (build::HELP, build::run),
        "demo" => (demo::HELP, demo::run),
        "test" => (test::HELP, test::run),
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
    match rest.first().map(String::as_str) {
        None => {}
        Some("--help" | "-h") => {
            print!("{help}");
            return ExitCode::SUCCESS;
        }
        Some(unknown) => {
            eprint!("`{chore}` takes no argument `{unknown}`\n\n{help}");
            return ExitCode::from(2);
        }
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask {chore}: {error}");
            ExitCode::FAILURE
        }
    }
}
