//! An image for two platforms with evidence of every kind that a registry keeps, for those who play the registry.

use admissible_box::bundle::BundleSpec;
use admissible_box::cosign::{annotations, envelope, simple_signing};
use admissible_box::dsse::{provenance, subject};
use admissible_box::fulcio::{IDENTITY, ISSUER};
use admissible_box::keys::{Hash, KeyAlg};
use admissible_box::rekor::Kind;
use admissible_box::world::World;
use serde_json::{Value, json};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const NAME: &str = "pkg:oci/app";

/// The image and its evidence: `blobs` and `manifests` as text in the order in which they are pushed, which of them is what, and the evidence
/// with the layers that it needs. `trustedRoot`, `issuer` and `identity` judge it.
pub fn image() -> Value {
    let world = World::new("image");
    let mut pushed = Pushed { blobs: vec!["{}".into()], manifests: Vec::new() };
    let amd64 = pushed.image("amd64");
    let arm64 = pushed.image("arm64");
    let buildkit = pushed.statement(&amd64);
    let listed = |text: &str, members: Value| describe(MANIFEST, text, members);
    let platform = |os: &str, architecture: &str| json!({ "os": os, "architecture": architecture });
    let inner = pushed.index(&[listed(&arm64, json!({ "platform": platform("linux", "arm64") }))]);
    let reference = json!({
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": sha256(&amd64),
    });
    let index = pushed.index(&[
        listed(&amd64, json!({ "platform": platform("linux", "amd64") })),
        describe(INDEX, &inner, json!({})),
        listed(&buildkit, json!({ "platform": platform("unknown", "unknown"), "annotations": reference })),
    ]);
    let unsigned = pushed.image("s390x");

    let bundle = |text: &str| world.bundle(&statement(&world, text));
    let signature = |text: &str, digest: &str| {
        let payload = simple_signing("registry.example/app", digest);
        let mut spec = BundleSpec::message(world.leaf(KeyAlg::P256), &payload);
        spec.entries = vec![world.entry_v1(Kind::HashedRekordV1)];
        let payload = String::from_utf8(payload).expect("text");
        json!({ "about": sha256(text), "content": payload, "annotations": annotations(&spec.mint(&world)) })
    };
    let attestation = |text: &str, of: &str| {
        let minted = statement(&world, of).mint(&world);
        json!({ "about": sha256(text), "content": envelope(&minted.bundle), "annotations": annotations(&minted) })
    };
    let mut other = World::new("another image");
    other.time = world.time;
    json!({
        "trustedRoot": world.trusted_root(),
        "issuer": ISSUER,
        "identity": IDENTITY,
        "blobs": pushed.blobs,
        "manifests": pushed.manifests,
        "names": {
            "index": sha256(&index), "inner": sha256(&inner), "amd64": sha256(&amd64), "arm64": sha256(&arm64),
            "unsigned": sha256(&unsigned),
        },
        "bundles": {
            "index": bundle(&index),
            "amd64": bundle(&amd64),
            "arm64": bundle(&arm64),
            "another image": bundle("another image"),
            "another authority": other.bundle(&statement(&other, &index)),
        },
        "signatures": {
            "index": signature(&index, &sha256(&index)),
            "amd64": signature(&amd64, &sha256(&amd64)),
            "another image": signature(&index, &sha256("another image")),
        },
        "attestations": {
            "index": attestation(&index, &index),
            "another image": attestation(&index, "another image"),
        },
    })
}

/// Signed provenance of a document. Of kind dsse, which legacy attestations can be bound by.
fn statement(world: &World, text: &str) -> BundleSpec {
    world.statement(&provenance(&[subject(NAME, text.as_bytes())]))
}

struct Pushed {
    blobs: Vec<String>,
    manifests: Vec<String>,
}

impl Pushed {
    fn image(&mut self, architecture: &str) -> String {
        let config = json!({ "os": "linux", "architecture": architecture }).to_string();
        let layer = format!("the files of {architecture}");
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": describe("application/vnd.oci.image.config.v1+json", &config, json!({})),
            "layers": [describe("application/vnd.oci.image.layer.v1.tar+gzip", &layer, json!({}))],
        });
        self.blobs.extend([config, layer]);
        self.manifest(&manifest)
    }

    fn index(&mut self, manifests: &[Value]) -> String {
        self.manifest(&json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests }))
    }

    /// What BuildKit writes beside an image.
    fn statement(&mut self, of: &str) -> String {
        let statement = provenance(&[subject("_", of.as_bytes())]);
        let predicate_type = json!({ "in-toto.io/predicate-type": statement["predicateType"] });
        let layer = statement.to_string();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": describe("application/vnd.oci.image.config.v1+json", "{}", json!({})),
            "layers": [describe("application/vnd.in-toto+json", &layer, json!({ "annotations": predicate_type }))],
        });
        self.blobs.push(layer);
        self.manifest(&manifest)
    }

    fn manifest(&mut self, manifest: &Value) -> String {
        let text = manifest.to_string();
        self.manifests.push(text.clone());
        text
    }
}

fn describe(media_type: &str, text: &str, members: Value) -> Value {
    let mut descriptor = json!({ "mediaType": media_type, "digest": sha256(text), "size": text.len() });
    for (name, value) in members.as_object().expect("members") {
        descriptor[name] = value.clone();
    }
    descriptor
}

fn sha256(text: &str) -> String {
    format!("sha256:{}", hex::encode(Hash::Sha256.digest(text.as_bytes())))
}
