//! Documents of container registries, as bytes: which are read, which are refused and by which rule, and what they show about each
//! other. Each refused one differs from one that is read in exactly one thing.
//!
//! The corpus of real documents is not part of this project: its tests look for it under `ADMISSIBLE_TEST_DATA` and say so when it
//! is not there.

mod attestation;
mod corpus;
mod digest;
mod document;
mod listed;
mod membership;
mod platform;
mod reference;
mod referrer;
mod robustness;
mod sentences;

use admissible::format::oci::descriptor::Descriptor;
use admissible::format::oci::digest::ContentDigest;
use admissible::format::oci::{Document, Index, Manifest, OciError};
use admissible_box::keys::Hash;
use serde_json::{Value, json};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// `sha256:` and the digest.
fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Hash::Sha256.digest(bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A descriptor of these bytes.
fn describe(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": sha256(bytes), "size": bytes.len() })
}

/// The descriptor of these bytes, with other members.
fn describe_with(media_type: &str, bytes: &[u8], members: &Value) -> Value {
    let mut descriptor = describe(media_type, bytes);
    set(&mut descriptor, members);
    descriptor
}

/// Sets members.
fn set(object: &mut Value, members: &Value) {
    for (name, value) in members.as_object().expect("an object") {
        object[name] = value.clone();
    }
}

/// An image manifest with one layer.
fn manifest() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": describe(CONFIG, b"{}"),
        "layers": [describe(LAYER, b"layer")],
    })
}

/// An image index of these descriptors.
fn index(manifests: &[Value]) -> Value {
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests })
}

fn text(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn read(value: &Value) -> Result<Document, OciError> {
    Document::read(&text(value), None)
}

fn read_manifest(value: &Value) -> Manifest {
    match read(value) {
        Ok(Document::Manifest(manifest)) => manifest,
        other => panic!("{other:?}"),
    }
}

fn read_index(value: &Value) -> Index {
    match read(value) {
        Ok(Document::Index(index)) => index,
        other => panic!("{other:?}"),
    }
}

/// The descriptor of these bytes, read.
fn descriptor(media_type: &str, bytes: &[u8]) -> Descriptor {
    read_index(&index(&[describe(media_type, bytes)])).manifests.remove(0)
}

fn digest_of(bytes: &[u8]) -> ContentDigest {
    ContentDigest::parse(&sha256(bytes)).expect("a digest")
}
