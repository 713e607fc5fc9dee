//! Running one step with a line that says what it is and how long it took.

use crate::Outcome;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Runs `work` between a line that announces it and a line with its duration.
pub fn timed<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("── {what}");
    let start = Instant::now();
    let outcome = work();
    let word = if outcome.is_ok() { "done" } else { "failed" };
    println!("── {what}: {word} in {:.1} s", start.elapsed().as_secs_f64());
    outcome
}

/// A line for a step that does not run, and why.
pub fn skipped(what: &str, why: &str) {
    println!("── {what}: skipped, {why}");
}

/// Runs a command with its output shown.
pub fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    let status = command.status().map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` ended with {status}").into()) }
}

/// Runs a command quietly and returns what it printed; `None` when it is missing or failed.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A command line as a person would type it, shortened.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    let line = words.join(" ");
    let short: String = line.chars().take(160).collect();
    if short.len() < line.len() { format!("{short}…") } else { line }
}
