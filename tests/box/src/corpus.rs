//! The corpus: real bundles, statements and trusted roots that others published, with a manifest of what is known about each. It is
//! no part of the project: tests look for it under `ADMISSIBLE_TEST_DATA`.

use std::fs;
use std::path::{Path, PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

const PUBLIC_GOOD: &str = "trust/public-good/trusted_root.json";

/// The files, and what is known about them.
pub struct Corpus {
    folder: PathBuf,
    /// The manifest.
    pub manifest: Value,
}

/// A bundle, and what the manifest knows about it.
pub struct Sample {
    /// The file, relative to the corpus.
    pub path: String,
    /// Where it stands in that file; empty where it is the file.
    pub at: String,
    /// The file's bytes.
    pub file: Vec<u8>,
    /// The bundle's bytes.
    pub bundle: Vec<u8>,
    /// The manifest's entry.
    pub facts: Value,
}

impl Sample {
    /// The file, and the place in it.
    #[must_use]
    pub fn name(&self) -> String {
        if self.at.is_empty() { self.path.clone() } else { format!("{} {}", self.path, self.at) }
    }

    /// The path of the trusted root that it is to be judged by.
    #[must_use]
    pub fn root(&self) -> &str {
        self.facts["trust_root"]["path"].as_str().unwrap_or(PUBLIC_GOOD)
    }
}

/// The items of a list; none of what is no list.
#[must_use]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A member that is text; empty where it is not.
#[must_use]
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

impl Corpus {
    /// The corpus, or nothing and a word about it.
    #[must_use]
    pub fn open() -> Option<Self> {
        let Some(data) = std::env::var_os("ADMISSIBLE_TEST_DATA") else {
            println!("skipped: ADMISSIBLE_TEST_DATA is not set");
            return None;
        };
        let folder = Path::new(&data).join("corpus");
        let manifest = fs::read(folder.join("manifest.json")).expect("the corpus's manifest");
        Some(Self { folder, manifest: serde_json::from_slice(&manifest).expect("JSON") })
    }

    /// What is known about every file but trusted roots.
    #[must_use]
    pub fn entries(&self) -> &[Value] {
        list(&self.manifest["entries"])
    }

    /// A file.
    #[must_use]
    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A file of JSON.
    #[must_use]
    pub fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every bundle that the manifest describes, in its order.
    #[must_use]
    pub fn bundles(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        for entry in self.entries() {
            let (kind, path) = (text(entry, "kind"), text(entry, "path"));
            let is_container = kind.starts_with("bundle JSONL") || kind.ends_with("attestations-response");
            if !is_container && kind != "bundle" {
                continue;
            }
            let file = self.read(path);
            let items = if is_container { list(&entry["items"]) } else { std::slice::from_ref(entry) };
            assert!(!items.is_empty(), "{path} is empty");
            for facts in items {
                let at = if is_container { text(facts, "at") } else { "" };
                samples.push(Sample {
                    path: path.to_string(),
                    at: at.to_string(),
                    file: file.clone(),
                    bundle: pick(&file, at),
                    facts: facts.clone(),
                });
            }
        }
        samples
    }

    /// Every statement in a file of JSON or JSON lines, or in the blobs of an OCI layout: signed or not.
    #[must_use]
    pub fn statements(&self, path: &str) -> Vec<Value> {
        let path = self.folder.join(path);
        let mut files = vec![path.clone()];
        if path.ends_with("index.json") {
            let blobs = fs::read_dir(path.with_file_name("blobs").join("sha256")).expect("blobs");
            files.extend(blobs.map(|blob| blob.expect("a blob").path()));
            files.sort();
        }
        let mut found = Vec::new();
        for file in files {
            let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            found.extend(statements(&bytes));
        }
        found
    }
}

/// Every statement in JSON or JSON lines: as it stands, or as the payload of an envelope.
#[must_use]
pub fn statements(bytes: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    match serde_json::from_slice::<Value>(bytes) {
        Ok(whole) => statements_in(&whole, &mut found),
        Err(_) => bytes
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
            .for_each(|line| statements_in(&line, &mut found)),
    }
    found
}

fn statements_in(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) if members.contains_key("predicateType") && members.contains_key("_type") => {
            found.push(value.clone());
        }
        Value::Object(members) => {
            for (key, member) in members {
                let payload = member.as_str().filter(|_| ["payload", "statement"].contains(&key.as_str()));
                let payload = payload.and_then(|text| BASE64_STANDARD.decode(text).ok());
                match payload.map(|payload| serde_json::from_slice::<Value>(&payload)) {
                    Some(Ok(inner)) if inner.get("predicateType").is_some() => found.push(inner),
                    _ => statements_in(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| statements_in(item, found)),
        _ => {}
    }
}

/// The bundle at a place in a file: the whole, `whole/` and a JSON pointer, or `embed@` and about where an object starts.
fn pick(file: &[u8], at: &str) -> Vec<u8> {
    if let Some(offset) = at.strip_prefix("embed@") {
        let rest = &file[offset.parse::<usize>().expect("an offset")..];
        let start = rest.iter().position(|byte| *byte == b'{').expect("an object");
        let rest = &rest[start..];
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Value>();
        values.next().expect("an object").expect("JSON");
        return rest[..values.byte_offset()].to_vec();
    }
    match (at.strip_prefix("whole"), serde_json::from_slice::<Value>(file)) {
        (Some(pointer), whole) => whole.expect("JSON").pointer(pointer).expect("a bundle").to_string().into_bytes(),
        // conda keeps a list of bundles beside a package.
        (None, Ok(Value::Array(bundles))) if bundles.len() == 1 => bundles[0].to_string().into_bytes(),
        (None, _) => file.to_vec(),
    }
}
