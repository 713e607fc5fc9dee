//! `cargo xtask build`: the core to WebAssembly, its glue, and the TypeScript, into `js/dist`.

use crate::{Outcome, project, step, tools};
use base64ct::{Base64, Encoding};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

pub const HELP: &str = "\
Compiles the Rust core to WebAssembly and builds the npm package into js/dist.

usage: cargo xtask build

  1. adds the Rust target wasm32-unknown-unknown when it is missing
  2. compiles bindings/ in the release profile, twice at the same time: core.wasm uses the vector instructions that every current
     runtime has, core-baseline.wasm does without
  3. runs wasm-bindgen, as a library of the locked version
  4. installs the package's development tools with `npm ci` when the lock file changed
  5. compiles js/src with tsc, and puts the YAML parser of the command line beside it, and Lit, of which the elements are made
  6. puts the modules that every entry loads into one file, dist/core.js
";

/// The crate that is compiled to WebAssembly.
pub const PACKAGE: &str = "admissible-bindings";

/// The files that `wasm-bindgen` writes, before they move to their places.
const STEM: &str = "admissible";

/// Builds the package.
pub fn run() -> Outcome {
    tools::need_node()?;
    let (simd, baseline) = step::timed("compile the core to WebAssembly, with and without SIMD", compile)?;
    let dist = project::dist();
    step::timed("generate the glue", || {
        if dist.exists() {
            fs::remove_dir_all(&dist)?;
        }
        bind(&simd, &baseline, &dist.join("wasm"))
    })?;
    step::timed("install the development tools", || tools::install(&project::js()))?;
    step::timed("compile the TypeScript", || {
        step::run(tools::node().args(["js/node_modules/typescript/bin/tsc", "--project", "js"]))?;
        copy_the_rest(&dist)?;
        step::run(tools::node().arg("js/src/core/bundle.mjs").arg(&dist))
    })
}

/// Compiles with and without vector instructions; hashing is up to twice as fast with them.
fn compile() -> Outcome<(PathBuf, PathBuf)> {
    tools::need_target(tools::WASM_TARGET)?;
    std::thread::scope(|scope| {
        let other = scope.spawn(compile_with_simd);
        let baseline = compile_into(&tools::target_directory()?, &[], &[])?;
        let simd = other.join().map_err(|_| "the build with SIMD panicked")??;
        Ok((simd, baseline))
    })
}

/// Compiles with vector instructions alone.
pub fn compile_with_simd() -> Outcome<PathBuf> {
    compile_simd(&[])
}

/// The same with these of the features, and no others.
pub fn compile_features(features: &[&str]) -> Outcome<PathBuf> {
    compile_simd(&["--no-default-features", "--features", &features.join(",")])
}

fn compile_simd(features: &[&str]) -> Outcome<PathBuf> {
    tools::need_target(tools::WASM_TARGET)?;
    compile_into(&tools::target_directory()?.join("simd128"), &["-Ctarget-feature=+simd128"], features)
}

/// Sources of other crates are named as from the folder that cargo unpacks them into, and those of the standard library as where they are not
/// installed: the module must not depend on where they are, and has these names in it.
fn compile_into(target: &Path, flags: &[&str], features: &[&str]) -> Outcome<PathBuf> {
    let mut flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    for folder in tools::unpacked_crates()? {
        flags.push(format!("--remap-path-prefix={}=", folder.display()));
    }
    let (sources, name) = tools::standard_library()?;
    flags.push(format!("--remap-path-prefix={}={name}", sources.display()));
    let mut cargo = tools::cargo();
    cargo.args(["build", "--package", PACKAGE, "--release", "--target", tools::WASM_TARGET, "--target-dir"]);
    cargo.arg(target).args(features);
    step::run(cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")))?;
    Ok(target.join(tools::WASM_TARGET).join("release").join("admissible_bindings.wasm"))
}

/// Writes `glue.js`, which serves both modules, `core.wasm`, `core-baseline.wasm`, and `inline.js`.
fn bind(simd: &Path, baseline: &Path, out: &Path) -> Outcome {
    let (glue, core) = bound(simd, false)?;
    let (same, fallback) = bound(baseline, false)?;
    if glue != same {
        return Err("the modules with and without SIMD want different glue".into());
    }
    fs::create_dir_all(out)?;
    fs::write(out.join("glue.js"), isolated(&glue)?)?;
    fs::write(out.join("inline.js"), format!("export const base64 =\n  \"{}\";\n", Base64::encode_string(&core)))?;
    fs::write(out.join("core.wasm"), core)?;
    fs::write(out.join("core-baseline.wasm"), fallback)?;
    Ok(())
}

/// Writes `glue.js` and `core.wasm` of one compiled module, and returns the module with the names of its functions.
pub fn bind_one(wasm: &Path, out: &Path) -> Outcome<Vec<u8>> {
    let (glue, core) = bound(wasm, false)?;
    fs::create_dir_all(out)?;
    fs::write(out.join("glue.js"), isolated(&glue)?)?;
    fs::write(out.join("core.wasm"), core)?;
    Ok(bound(wasm, true)?.1)
}

/// What wasm-bindgen makes of a compiled module: its glue and the module.
fn bound(wasm: &Path, has_names: bool) -> Outcome<(String, Vec<u8>)> {
    let mut generated = Bindgen::new()
        .input_path(wasm)
        .out_name(STEM)
        .no_modules(true)?
        .no_modules_global("glue")?
        .typescript(false)
        .remove_name_section(!has_names)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate_output()?;
    let glue = generated.js().to_owned();
    Ok((glue, generated.wasm_mut().emit_wasm()))
}

/// The glue as a function that makes a new, independent instance each time it is called.
///
/// wasm-bindgen's script keeps its one instance in a variable of its own. Ours must be replaceable after a
/// trap, so the middle of the script (classes, imports, conversions) moves into a function. Its loader is
/// left behind: each entry file brings a compiled `WebAssembly.Module`, and so the glue has no `fetch`, and
/// no `instanceof WebAssembly.Module`, which fails for a module of another realm (edge runtimes, `node:vm`).
/// Finalizers are off: a hasher is freed where it is used, and a verifier with its whole instance; one that
/// ran on a trapped instance would trap again, outside of any `try`.
fn isolated(glue: &str) -> Outcome<String> {
    let middle = glue
        .split_once("let glue = (function(exports) {")
        .and_then(|(_, rest)| rest.split_once("/**"))
        .and_then(|(_, rest)| rest.split_once("async function __wbg_load("))
        .map(|(middle, _)| middle.trim_end())
        .filter(|middle| middle.contains("function __wbg_finalize_init(instance, module) {"))
        .ok_or("the glue that wasm-bindgen wrote has changed: look at `isolated` in xtask/src/build.rs")?;
    let middle = without_documentation(&format!("/**{middle}"));
    Ok(format!(
        "/** Makes a new instance of the compiled module. */\n\
         export function instantiate(module) {{\n\
         const exports = {{ __proto__: null }};\n\
         const FinalizationRegistry = undefined;\n\
         {middle}\n\
         __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);\n\
         return exports;\n}}\n"
    ))
}

/// A script without the comments for its readers: they are those of bindings/src/lib.rs, and a third of what a page would load.
fn without_documentation(script: &str) -> String {
    let mut is_documentation = false;
    let lines = script.lines().filter(|line| {
        let line = line.trim();
        let is_kept = !is_documentation && !line.starts_with("/**");
        is_documentation = !is_kept && !line.ends_with("*/");
        is_kept
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The YAML parser of the command line's `policy import`, of the locked version, as a part of the package: it has no dependencies at
/// run time.
fn vendor_yaml(dist: &Path) -> Outcome {
    let yaml = project::js().join("node_modules/yaml");
    let vendor = dist.join("vendor/yaml");
    copy_scripts(&yaml.join("browser"), &vendor)?;
    fs::copy(yaml.join("LICENSE"), vendor.join("LICENSE"))?;
    Ok(())
}

/// Lit, of the locked version, as one file for `admissible/element`.
fn vendor_lit(dist: &Path) -> Outcome {
    let vendor = dist.join("vendor/lit");
    step::run(tools::node().arg("js/src/vendor/lit/bundle.mjs").arg(vendor.join("index.js")))?;
    fs::copy(project::js().join("node_modules/lit/LICENSE"), vendor.join("LICENSE"))?;
    Ok(())
}

fn copy_scripts(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_scripts(&path, &target)?;
        } else if path.extension().is_some_and(|extension| extension == "js") {
            fs::copy(path, target)?;
        }
    }
    Ok(())
}

/// Copies what tsc leaves where it is, and makes the command executable.
fn copy_the_rest(dist: &Path) -> Outcome {
    for (folder, suffix) in
        [("entries", ".js"), ("wasm", "glue.d.ts"), ("wasm", "inline.d.ts"), ("wasm", "core.wasm.d.ts")]
    {
        for file in project::files_ending(&project::js().join("src").join(folder), suffix)? {
            if let Some(name) = file.file_name() {
                fs::copy(&file, dist.join(folder).join(name))?;
            }
        }
    }
    vendor_yaml(dist)?;
    vendor_lit(dist)?;
    for text in ["README.md", "LICENSE"] {
        fs::copy(project::root().join(text), project::js().join(text))?;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(dist.join("cli.js"), fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
