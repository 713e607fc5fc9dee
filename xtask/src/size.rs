//! `cargo xtask size`: what the bytes of the npm package's module are, and whether they are too many.

mod features;
mod module;

use crate::{Outcome, build, project, step, tools};
use module::Module;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub const HELP: &str = "\
Compiles the core to WebAssembly as `cargo xtask build` does, and prints how many bytes of code each crate and each of our own rooms has,
and what the module and its glue have as they are, by gzip and by brotli.

usage: cargo xtask size [--features] [--record] [--json FILE]

  --features    builds the module without each feature of the core in turn too, and without any (lite), and prints what that saves
  --record      writes the sizes into tests/size.json, which the next run compares with
  --json FILE   writes all of it into FILE

The module with the names of its functions, for profilers, stays in target/size/named.wasm.
Fails when brotli makes more of module and glue than tests/size.json allows (`ceiling`). Code that was inlined counts for the function
that it was inlined into.
";

/// What a table shows; the rest is summed up.
const ROWS: usize = 24;

/// The two files that every page loads.
const FILES: [&str; 2] = ["core.wasm", "glue.js"];

/// Measures, compares, and records where that is asked for.
pub fn run(arguments: &[String]) -> Outcome {
    let (mut features, mut record, mut json) = (false, false, None);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--features" => features = true,
            "--record" => record = true,
            "--json" => json = Some(PathBuf::from(words.next().ok_or("`--json` wants the name of a file")?)),
            unknown => return Err(format!("there is no argument `{unknown}`\n\n{HELP}").into()),
        }
    }
    let compiled = step::timed("compile the core to WebAssembly, with SIMD", build::compile_with_simd)?;
    let folder = tools::target_directory()?.join("size");
    let named = build::bind_one(&compiled, &folder)?;
    fs::write(folder.join("named.wasm"), &named)?;
    let module = Module::parse(&named).ok_or("the module is not as this reads it: look at xtask/src/size/module.rs")?;
    let (crates, rooms) = (tally(&module, crate_of), tally(&module, room_of));
    let code: usize = module.functions.iter().map(|(_, bytes)| bytes).sum();
    table("code by crate", &crates, code);
    table("code by room of our own", &rooms, code);
    println!("\n{:<44}{:>10}", "data", module.data);
    let sizes = measure(&folder)?;
    let costs = if features { Some(features::costs(&sizes, &recorded()?["features"], &folder)?) } else { None };
    if let Some(path) = json {
        let mut whole = json!({ "files": sizes, "code": code, "data": module.data, "crates": crates, "rooms": rooms });
        if let Some(costs) = &costs {
            whole["features"] = costs.clone();
        }
        fs::write(path, format!("{whole:#}\n"))?;
    }
    judge(&sizes, costs, record)
}

/// Judges the files of the built package by the ceiling.
pub fn check() -> Outcome {
    judge(&measure(&project::dist().join("wasm"))?, None, false)
}

fn record_file() -> PathBuf {
    project::root().join("tests/size.json")
}

fn recorded() -> Outcome<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(record_file())?)?)
}

/// The bytes of each file: as it is, by gzip and by brotli, at their best.
fn measure(folder: &Path) -> Outcome<Value> {
    const SCRIPT: &str = "
        const { brotliCompressSync, constants, gzipSync } = require('node:zlib');
        const { readFileSync } = require('node:fs');
        const [folder, ...files] = process.argv.slice(1);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
        const sizes = (bytes) => ({
          raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, { params }).length,
        });
        console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, sizes(readFileSync(`${folder}/${file}`))]))));
    ";
    let text = step::output(tools::node().args(["--eval", SCRIPT, "--"]).arg(folder).args(FILES));
    Ok(serde_json::from_str(&text.ok_or("Node.js could not measure the module: build it first")?)?)
}

fn bytes(sizes: &Value, file: &str, kind: &str) -> i64 {
    sizes[file][kind].as_i64().unwrap_or_default()
}

fn sum(sizes: &Value, kind: &str) -> i64 {
    FILES.iter().map(|file| bytes(sizes, file, kind)).sum()
}

/// Prints the sizes beside the last ones, and fails above the ceiling.
fn judge(sizes: &Value, costs: Option<Value>, record: bool) -> Outcome {
    let mut last = recorded()?;
    let kinds = ["raw", "gzip", "brotli"];
    println!("\n{:<24}{:>10}{:>10}{:>10}", "", kinds[0], kinds[1], kinds[2]);
    let row = |name: &str, of: &dyn Fn(&str) -> i64| {
        println!("{name:<24}{:>10}{:>10}{:>10}", of(kinds[0]), of(kinds[1]), of(kinds[2]));
    };
    for file in FILES {
        row(file, &|kind| bytes(sizes, file, kind));
    }
    row("together", &|kind| sum(sizes, kind));
    row("since the last record", &|kind| sum(sizes, kind) - sum(&last["sizes"], kind));
    let (found, ceiling) = (sum(sizes, "brotli"), last["ceiling"].as_i64().ok_or("tests/size.json has no ceiling")?);
    if record {
        last["sizes"] = sizes.clone();
        if let Some(costs) = costs {
            last["features"] = costs;
        }
        fs::write(record_file(), format!("{last:#}\n"))?;
        println!("\nrecorded in tests/size.json");
    }
    if found > ceiling {
        return Err(format!(
            "expected at most {ceiling} bytes of brotli for {}, found {found}: make it smaller, or raise the ceiling in tests/size.json",
            FILES.join(" and ")
        )
        .into());
    }
    println!("\n{found} bytes of brotli; the ceiling is {ceiling}");
    Ok(())
}

/// Bytes of code by what `of` says of a function's name, if anything.
fn tally<'m>(module: &'m Module, of: impl Fn(&'m str) -> Option<&'m str>) -> BTreeMap<&'m str, usize> {
    let mut bytes = BTreeMap::new();
    for (function, size) in &module.functions {
        if let Some(of) = of(function) {
            *bytes.entry(of).or_default() += size;
        }
    }
    bytes
}

fn table(title: &str, bytes: &BTreeMap<&str, usize>, code: usize) {
    println!("\n{title:<44}{:>10}{:>8}", "raw", "share");
    let mut rows: Vec<_> = bytes.iter().map(|(name, bytes)| (*name, *bytes)).collect();
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let rest: usize = rows.iter().skip(ROWS).map(|(_, bytes)| bytes).sum();
    rows.truncate(ROWS);
    if rest > 0 {
        rows.push(("all else", rest));
    }
    for (name, bytes) in rows {
        println!("{name:<44}{bytes:>10}{:>7.1}%", 100.0 * bytes as f64 / code as f64);
    }
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The crate of the type that a function is of, or of the function: `core` for `<core::iter::Map<I, F> as …>::next`.
fn crate_of(function: &str) -> Option<&str> {
    if !function.contains("::") {
        return Some("what JavaScript calls, and what has no crate");
    }
    let mut start = function.trim_start_matches(|c| !is_part(c));
    for word in ["mut ", "dyn ", "impl ", "const "] {
        start = start.strip_prefix(word).unwrap_or(start);
    }
    let end = start.find(|c| !is_part(c)).unwrap_or(start.len());
    Some(match &start[..end] {
        // A type parameter: the code is of a crate that nothing names.
        parameter if parameter.len() == 1 => "generic",
        name => name,
    })
}

/// The room of ours that a function's name is about: `admissible::format`.
fn room_of(function: &str) -> Option<&str> {
    ["admissible_base::", "admissible::"].into_iter().find_map(|krate| {
        let at = function.find(krate)?;
        let name = at + krate.len();
        let room = function[name..].find(|c| !is_part(c)).unwrap_or(function.len() - name);
        Some(&function[at..name + room])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_have_crates_and_rooms() {
        for (function, krate, room) in [
            ("admissible::format::bundle::Bundle::from_json", "admissible", Some("admissible::format")),
            (
                "<admissible_base::crypto::Digest as core::fmt::Display>::fmt",
                "admissible_base",
                Some("admissible_base::crypto"),
            ),
            (
                "<&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_map",
                "serde_json",
                None,
            ),
            ("core::ptr::drop_in_place<admissible::report::Report>", "core", Some("admissible::report")),
            ("core[c5930c85a12de822]::fmt::write", "core", None),
            ("<T as der::encode::Encode>::encode", "generic", None),
            ("verifier_evaluate", "what JavaScript calls, and what has no crate", None),
        ] {
            assert_eq!((crate_of(function), room_of(function)), (Some(krate), room), "{function}");
        }
    }
}
