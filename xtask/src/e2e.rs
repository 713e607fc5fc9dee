//! `cargo xtask e2e`: the packed package in every runtime, browser and bundler that it says it works with.

use crate::{Outcome, build, project, step, tools, www};
use std::path::{Path, PathBuf};

pub const HELP: &str = "\
Packs the npm package and tries it as a stranger would install it: in Node.js, Deno, Bun, workerd, the edge runtime, browsers, and
through bundlers. Prints a table of what ran, with versions.

usage: cargo xtask e2e [suite…]

  1. builds the package
  2. mints the test signer's cases, and has the native core report on them
  3. installs the runtimes and bundlers of tests/e2e/package-lock.json with npm
  4. installs Chromium, Firefox, WebKit and docker-registry with apt where they are missing and this is root on Debian
  5. builds the verification page over the package
  6. runs tests/e2e/*.test.mjs; `cargo xtask e2e runtimes` runs tests/e2e/runtimes.test.mjs alone
";

/// The programs of the system: the variable that names one, the commands that show that one is there, and Debian's package of it. As
/// the suites look for them, in `tests/e2e/browsers/executable.mjs`.
const PROGRAMS: [(&str, &[&str], &str); 5] = [
    ("ADMISSIBLE_CHROMIUM", &["chromium", "chromium-browser", "google-chrome"], "chromium"),
    ("ADMISSIBLE_FIREFOX", &["firefox-esr", "firefox"], "firefox-esr"),
    ("ADMISSIBLE_WEBKIT_DRIVER", &["WebKitWebDriver"], "webkit2gtk-driver"),
    ("ADMISSIBLE_XVFB", &["Xvfb"], "xvfb"),
    ("ADMISSIBLE_REGISTRY", &["docker-registry"], "docker-registry"),
];

/// Builds first; `suites` names files of `tests/e2e`, all of them when empty.
pub fn run(suites: &[String]) -> Outcome {
    build::run()?;
    let tests = project::root().join("tests/e2e");
    let files = if suites.is_empty() {
        project::files_ending(&tests, ".test.mjs")?
    } else {
        suites.iter().map(|suite| tests.join(format!("{suite}.test.mjs"))).collect()
    };
    if let Some(missing) = files.iter().find(|file| !file.is_file()) {
        return Err(format!("there is no suite {}", missing.display()).into());
    }
    built(files)
}

/// Every suite, over the package as it is built.
pub fn all() -> Outcome {
    built(project::files_ending(&project::root().join("tests/e2e"), ".test.mjs")?)
}

fn built(files: Vec<PathBuf>) -> Outcome {
    let target = tools::target_directory()?;
    let (minted, matrix) = (target.join("minted"), target.join("matrix.jsonl"));
    step::timed("mint cases", || cases(&minted))?;
    step::timed("install runtimes and bundlers", || tools::install(&project::root().join("tests/e2e")))?;
    www::built(&minted)?;
    step::timed("look for browsers and a registry", programs)?;
    if matrix.exists() {
        std::fs::remove_file(&matrix)?;
    }
    // One file after the other: they measure memory, and these are whole browsers.
    let mut command = tools::node();
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files);
    let outcome = step::run(command.env("ADMISSIBLE_MINTED", minted));
    print(&matrix)?;
    outcome
}

/// Mints the test signer's cases and has the native core report on them, and on what a host is asked.
fn cases(minted: &Path) -> Outcome {
    for kind in ["good", "bad", "gate", "image"] {
        let folder = minted.join(kind);
        mint(&folder, kind)?;
        if matches!(kind, "good" | "bad") {
            step::run(tools::cargo().args(["run", "--quiet", "--example", "reports", "--"]).arg(&folder))?;
        }
    }
    let questions = minted.join("questions.json");
    step::run(tools::cargo().args(["run", "--quiet", "--example", "questions", "--"]).arg(questions))
}

/// Has the test signer write its cases of this kind anew.
pub fn mint(folder: &Path, kind: &str) -> Outcome {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let mut mint = tools::cargo();
    mint.args(["run", "--quiet", "--package", "admissible-box", "--example", "mint", "--"])
        .args([folder.as_os_str(), kind.as_ref()]);
    step::run(&mut mint)
}

/// Installs with apt what is missing, where that is possible. What is missing then fails in the suite that needs it.
pub fn programs() -> Outcome {
    let is_there = |variable: &str, commands: &[&str]| {
        std::env::var_os(variable).is_some() || commands.iter().any(|command| tools::is_on_path(command))
    };
    let missing: Vec<_> = PROGRAMS
        .iter()
        .filter(|(variable, commands, _)| !is_there(variable, commands))
        .map(|(.., package)| *package)
        .collect();
    if missing.is_empty() || !tools::is_on_path("apt-get") || !tools::is_root() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        let mut apt = std::process::Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
        step::run(&mut apt)
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat())
}

/// Prints the rows that the suites wrote.
fn print(matrix: &Path) -> Outcome {
    let Ok(rows) = std::fs::read_to_string(matrix) else { return Ok(()) };
    println!("\n{:<10} {:<22} {:<18} {:<44} {:>6} {:>6}", "", "", "version", "tried", "passed", "failed");
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row)?;
        let text = |key| row.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let count = |key| row.get(key).and_then(serde_json::Value::as_u64).unwrap_or_default();
        println!(
            "{:<10} {:<22} {:<18} {:<44} {:>6} {:>6}",
            text("group"),
            text("name"),
            text("version"),
            text("tried"),
            count("passed"),
            count("failed")
        );
    }
    println!();
    Ok(())
}
