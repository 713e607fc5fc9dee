//! Series for benchmarks: bundles of one world that differ in one thing only, how much of it there is.

use std::path::Path;
use std::{fs, io};

use admissible_box::bundle::{BundleSpec, Content};
use admissible_box::dsse::{provenance, statement, subject};
use admissible_box::keys::{KeyAlg, KeyPair};
use admissible_box::merkle::{Node, node_hash};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, World};
use serde_json::{Value, json};

/// Enough that one comes again only when a verifier has forgotten its signatures.
const BUNDLES: usize = 1000;
/// The longest inclusion proof: that of a tree of 2^40 leaves, a thousand times what Rekor holds.
const LONGEST_PROOF: usize = 40;

/// Writes the trusted root, and a file for each series, a line for each bundle: `{ "x": how much, "bundle": … }`.
pub fn write(dir: &Path) -> io::Result<()> {
    let world = World::new("bench");
    fs::create_dir_all(dir)?;
    fs::write(dir.join("trusted_root.json"), world.trusted_root().to_string())?;
    let predicate_type = "https://box.test/padding/v1";
    let padded = |predicate: &Value| world.statement(&statement(&[this()], predicate_type, predicate));
    let sizes = || (10..=20).map(|power| (1_usize << power) * 3 / 4);
    let text = sizes().map(|size| padded(&json!({ "text": "x".repeat(size) })));
    let values = sizes().map(|size| padded(&json!({ "values": (0..size / 100).map(component).collect::<Vec<_>>() })));
    series(dir, "text", &world, text.map(|spec| (None, spec)))?;
    series(dir, "values", &world, values.map(|spec| (None, spec)))?;
    let subjects = (0..=10).map(|power| 1_usize << power);
    series(dir, "subjects", &world, subjects.map(|count| (Some(count), world.statement(&provenance(&named(count))))))?;
    series(dir, "proof", &world, (0..=LONGEST_PROOF).step_by(4).map(|count| (Some(count), proved(&world, count))))?;
    series(dir, "bundles", &world, (0..BUNDLES).map(|nth| (Some(nth), another(&world, nth))))
}

fn series(
    dir: &Path,
    name: &str,
    world: &World,
    specs: impl Iterator<Item = (Option<usize>, BundleSpec)>,
) -> io::Result<()> {
    let line = |(x, spec): (Option<usize>, BundleSpec)| {
        let bundle = world.bundle(&spec);
        let x = x.unwrap_or_else(|| bundle.to_string().len());
        json!({ "x": x, "bundle": bundle }).to_string() + "\n"
    };
    fs::write(dir.join(format!("{name}.jsonl")), specs.map(line).collect::<String>())
}

fn this() -> Value {
    subject(ARTIFACT_NAME, ARTIFACT)
}

/// Some hundred bytes of many values, as a list of components has them.
fn component(nth: usize) -> Value {
    json!({ "name": format!("component-{nth}"), "version": "1.2.3", "licence": "MIT", "size": nth, "parts": [1, 2, 3], "isDev": false })
}

/// So many subjects, the artifact as the last.
fn named(count: usize) -> Vec<Value> {
    let other = |nth: usize| subject(&format!("other-{nth}"), &nth.to_be_bytes());
    (1..count).map(other).chain([this()]).collect()
}

/// Provenance whose entry is the first of a tree so large that its proof has `count` hashes.
fn proved(world: &World, count: usize) -> BundleSpec {
    let mut spec = world.provenance();
    let entry = spec.entry();
    // Of a tree with this one entry the root is its leaf hash, from which the way up begins.
    (entry.tree_index, entry.tree_size) = (0, 1);
    let siblings: Vec<Node> = (0..count).map(|level| node_hash(&[level as u8; 32], &[0; 32])).collect();
    let root = {
        let siblings = siblings.clone();
        move |leaf: &[u8]| {
            let leaf: Node = leaf.try_into().expect("a hash");
            siblings.iter().fold(leaf, |node, sibling| node_hash(&node, sibling)).to_vec()
        }
    };
    let above = root.clone();
    entry.alter_checkpoint.set(move |checkpoint| {
        checkpoint.root = above(&checkpoint.root);
        checkpoint.size = (1_u64 << count).to_string();
    });
    entry.alter_proof.set(move |proof| {
        proof.root_hash = root(&proof.root_hash);
        proof.tree_size = 1_u64 << count;
        proof.hashes = siblings.iter().map(|hash| hash.to_vec()).collect();
    });
    spec
}

/// One of many: its own leaf certificate, artifact or provenance, and place in the log, and every third with a timestamp on Rekor v2.
fn another(world: &World, nth: usize) -> BundleSpec {
    let artifact = format!("artifact {nth}");
    let mut spec = if nth.is_multiple_of(2) {
        let mut spec = world.message();
        spec.content = Content::Message(artifact.into_bytes());
        spec
    } else {
        world.statement(&provenance(&[subject(&format!("widget-{nth}.tgz"), artifact.as_bytes())]))
    };
    spec.leaf().certificate.key = KeyPair::derive_nth(KeyAlg::P256, &world.seed, "leaf", nth);
    if nth.is_multiple_of(3) {
        return world.on_rekor_v2(spec);
    }
    let entry = spec.entry();
    (entry.tree_index, entry.tree_size) = (nth as u64 % 11, 11);
    spec
}
