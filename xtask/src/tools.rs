//! The tools that a chore needs, each looked for before it is used.

use crate::{Outcome, project, step};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compile target of the bindings.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A target that has no `std`: what builds for it is free of clock, network and operating system.
pub const BARE_TARGET: &str = "thumbv7em-none-eabi";

/// The oldest Node.js that the package supports.
const OLDEST_NODE: u32 = 20;

/// The cargo that runs this, in the repository's root.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project::root());
    command
}

/// The folders into which cargo unpacks crates, one for each registry.
pub fn unpacked_crates() -> Outcome<Vec<PathBuf>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).ok_or("there is no home directory")?;
    let mut folders = Vec::new();
    for entry in fs::read_dir(home.join("registry/src")).into_iter().flatten() {
        // The end of the prefix is that of a folder's name.
        folders.push(entry?.path().join(""));
    }
    folders.sort();
    Ok(folders)
}

/// Where the sources of the standard library are, if they are installed (`rust-src`, which editors want), and what they are called where they are not.
pub fn standard_library() -> Outcome<(PathBuf, String)> {
    let about = rustc(&["--version", "--verbose"])?;
    let commit = about.lines().find_map(|line| line.strip_prefix("commit-hash: ")).ok_or("rustc tells no commit")?;
    Ok((sysroot()?.join("lib/rustlib/src/rust"), format!("/rustc/{commit}")))
}

/// The folder of the compiler.
fn sysroot() -> Outcome<PathBuf> {
    Ok(rustc(&["--print", "sysroot"])?.trim_end().into())
}

/// What the compiler tells of itself.
fn rustc(arguments: &[&str]) -> Outcome<String> {
    let told = step::output(Command::new("rustc").args(arguments).current_dir(project::root()));
    Ok(told.ok_or("rustc is not installed: install rustup, then run this again")?)
}

/// Node.js, in the repository's root.
pub fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(project::root());
    command
}

/// npm, in the package's folder.
pub fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(project::js());
    command
}

/// Checks that Node.js is there, new enough, and comes with npm.
pub fn need_node() -> Outcome {
    let version = step::output(node().arg("--version"))
        .ok_or("Node.js is not installed: install version 20 or newer, then run this again")?;
    let version = version.trim();
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        return Err(format!(
            "Node.js {version} is too old: install version {OLDEST_NODE} or newer, then run this again"
        )
        .into());
    }
    if step::output(npm().arg("--version")).is_none() {
        return Err("npm is not installed: it comes with Node.js, or as the package `npm`".into());
    }
    Ok(())
}

/// `npm ci` in a folder, unless it already holds what its lock file says.
pub fn install(folder: &Path) -> Outcome {
    let lock = folder.join("package-lock.json");
    let mark = folder.join("node_modules/.admissible-lock");
    if mark.is_file() && fs::read(&mark)? == fs::read(&lock)? {
        return Ok(());
    }
    step::run(npm().current_dir(folder).args(["ci", "--no-fund", "--no-audit"]))?;
    fs::copy(lock, mark)?;
    Ok(())
}

/// Whether a command is there.
pub fn is_on_path(command: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(command).is_file()))
}

/// Whether this may install packages of the system.
pub fn is_root() -> bool {
    step::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// Checks that a compile target is there, and adds it when rustup can.
pub fn need_target(target: &str) -> Outcome {
    if sysroot()?.join("lib/rustlib").join(target).is_dir() {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    add.current_dir(project::root()).args(["target", "add", target]);
    step::run(&mut add).map_err(|error| {
        format!(
            "the Rust target {target} is missing and could not be added ({error}): \
             run `rustup target add {target}` or install it with your Rust, then run this again"
        )
        .into()
    })
}

/// Whether a cargo subcommand such as `clippy` is installed.
pub fn has_cargo(subcommand: &str) -> bool {
    step::output(cargo().args([subcommand, "--version"])).is_some()
}

/// What cargo says of the workspace.
pub fn metadata() -> Outcome<serde_json::Value> {
    let metadata =
        step::output(cargo().args(["metadata", "--format-version=1", "--no-deps"])).ok_or("`cargo metadata` failed")?;
    Ok(serde_json::from_str(&metadata)?)
}

/// Cargo's target directory, wherever the environment or a configuration puts it.
pub fn target_directory() -> Outcome<PathBuf> {
    let metadata = metadata()?;
    let target = metadata
        .get("target_directory")
        .and_then(serde_json::Value::as_str)
        .ok_or("`cargo metadata` names no target directory")?;
    Ok(PathBuf::from(target))
}
