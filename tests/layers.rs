//! The architecture, held by a test: which room may name which, and which third-party crate each room may import
//! (DESIGN.md, "Five floors").

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room of `src/`, the rooms below it that it may name, and the crates that it may import.
struct Room {
    name: &'static str,
    may_name: &'static [&'static str],
    may_import: &'static [&'static str],
}

const ROOMS: &[Room] = &[
    Room { name: "limits", may_name: &[], may_import: &[] },
    Room { name: "time", may_name: &[], may_import: &["der", "serde"] },
    Room { name: "encoding", may_name: &["limits"], may_import: &["der", "rfc4648", "serde", "serde_json"] },
    Room {
        name: "crypto",
        may_name: &["encoding", "limits"],
        may_import: &["der", "ecdsa", "ed25519_dalek", "p256", "p384", "p521", "rsa", "sha2"],
    },
    Room { name: "format", may_name: &["crypto", "encoding", "limits", "time"], may_import: &["der"] },
    Room { name: "check", may_name: &["format", "crypto", "encoding", "limits", "time"], may_import: &["der"] },
    Room {
        name: "policy",
        may_name: &["check", "format", "crypto", "encoding", "limits", "time"],
        may_import: &["regex_lite"],
    },
    Room {
        name: "report",
        may_name: &["policy", "check", "format", "crypto", "encoding", "limits", "time"],
        may_import: &["serde", "serde_json"],
    },
    Room {
        name: "evaluate",
        may_name: &["crypto", "verify", "report", "policy", "check", "limits", "time"],
        may_import: &[],
    },
    Room {
        name: "compare",
        may_name: &["crypto", "report", "policy", "check", "format", "crypto", "encoding", "limits", "time"],
        may_import: &["serde", "serde_json"],
    },
    Room { name: "par", may_name: &["crypto", "verify", "report", "policy"], may_import: &["rayon"] },
    Room { name: "roots", may_name: &[], may_import: &[] },
    Room {
        name: "verify",
        may_name: &["report", "policy", "check", "format", "crypto", "limits", "roots", "time"],
        may_import: &[],
    },
];

const CRATES: &[&str] = &[
    // Only `lib.rs` names floor 0's crate; everybody else names the rooms.
    "admissible_base",
    "rfc4648",
    "der",
    "ecdsa",
    "ed25519_dalek",
    "p256",
    "p384",
    "p521",
    "rayon",
    "regex_lite",
    "rsa",
    "serde",
    "serde_json",
    "sha2",
    "x509_cert",
    "std",
];

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.file_stem().is_some_and(|stem| stem != "tests")
            && path.extension().is_some_and(|extension| extension == "rs")
        {
            found.push(path);
        }
    }
}

/// The code of a file: without comments and without its unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_string();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The identifiers that follow `prefix` in `code`.
fn names_after<'c>(code: &'c str, prefix: &str) -> BTreeSet<&'c str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    code.match_indices(prefix)
        .filter(|(at, _)| !code[..*at].ends_with(is_part))
        .map(|(at, _)| code[at + prefix.len()..].split(|c| !is_part(c)).next().unwrap_or_default())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn rooms_name_only_rooms_below_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    let mut breaches = Vec::new();
    let entries = [src.clone(), src.join("base")].map(|folder| fs::read_dir(folder).unwrap());
    for entry in entries.into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // `base` and its manifest hold floor 0, a crate of its own.
        if ["lib", "base", "Cargo"].contains(&name.as_str()) {
            continue;
        }
        let room = ROOMS.iter().find(|room| room.name == name).unwrap_or_else(|| panic!("src/{name} is no known room"));
        let mut sources = Vec::new();
        if path.is_dir() {
            files(&path, &mut sources)
        } else {
            sources.push(path)
        }
        for source in sources {
            let code = code(&source);
            for named in names_after(&code, "crate::") {
                if named != room.name && ROOMS.iter().any(|r| r.name == named) && !room.may_name.contains(&named) {
                    breaches.push(format!("{} names the room {named}", source.display()));
                }
            }
            for krate in CRATES {
                let named =
                    code.contains(&format!("use {krate}::")) || !names_after(&code, &format!("{krate}::")).is_empty();
                // `der::` is also a module of the room `encoding`.
                let is_own_module = *krate == "der" && code.contains("crate::encoding::der");
                if named && !room.may_import.contains(krate) && !is_own_module {
                    breaches.push(format!("{} imports {krate}", source.display()));
                }
            }
            checked += 1;
        }
    }
    assert!(checked > 30, "only {checked} files found");
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn every_check_is_one_file_one_id_and_one_field() {
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    let mut files: BTreeSet<String> = fs::read_dir(check)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| path.file_stem().unwrap().to_string_lossy().replace('_', "-"))
        .filter(|name| name != "mod")
        .collect();
    // The bundle's shape is checked where it is read; signer and threshold are policy.
    files.extend(["bundle", "signer", "threshold"].map(String::from));
    let ids: BTreeSet<String> = admissible::report::CheckId::ALL.iter().map(|check| check.name().to_string()).collect();
    assert_eq!(files, ids);
    let report = admissible::Report::unreadable([0; 32], "", admissible::format::bundle::BundleErrorKind::NoContent);
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    let fields: BTreeSet<String> = json["checks"].as_object().unwrap().keys().map(|key| kebab(key)).collect();
    assert_eq!(fields, ids);
}

fn kebab(camel: &str) -> String {
    camel
        .chars()
        .flat_map(|c| if c.is_ascii_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] })
        .collect()
}
