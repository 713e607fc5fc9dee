//! Cases of the box's usual world in which a test edits one thing.

use admissible_box::bundle::{BundleSpec, Content, Signer, Version};
use admissible_box::keys::Hash;
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

use crate::Case;

/// The seed of the usual world: a test that makes it again gets the same keys.
pub const SEED: &str = "hard cases";

/// Check and code, as [`Case::rejected`] takes them.
pub type Reason = (&'static str, &'static str);

/// A change of the world, the bundle, or both, before anything is made.
pub type Edit = fn(&mut World, &mut BundleSpec);

/// One of the makers of cases below, for edits that are not plain functions.
pub type Maker = fn(Box<dyn FnOnce(&mut World, &mut BundleSpec)>) -> Case;

/// A test's table: what is edited, how, and what a report must say.
pub type Rows<'r> = &'r [(&'r str, Edit, &'r [Reason])];

/// The case of this bundle. A managed key is the one that the options name.
pub fn case(world: &World, spec: &BundleSpec) -> Case {
    let artifact = match &spec.content {
        Content::Message(artifact) => artifact,
        Content::Envelope(_) => ARTIFACT,
    };
    let mut case = Case::new(&world.bundle(spec), &world.trusted_root(), artifact);
    if let Signer::Key(key) = &spec.signer {
        case.options["signer"] = json!({ "publicKey": key.pem() });
    }
    case
}

fn edited(usual: fn(&World) -> BundleSpec, edit: impl FnOnce(&mut World, &mut BundleSpec)) -> Case {
    let mut world = World::new(SEED);
    let mut spec = usual(&world);
    edit(&mut world, &mut spec);
    case(&world, &spec)
}

/// A signed artifact in Rekor v1, edited.
pub fn message(edit: impl FnOnce(&mut World, &mut BundleSpec)) -> Case {
    edited(World::message, edit)
}

/// A signed artifact in Rekor v2 with a timestamp, edited.
pub fn message_v2(edit: impl FnOnce(&mut World, &mut BundleSpec)) -> Case {
    edited(|world| world.on_rekor_v2(world.message()), edit)
}

/// A signed statement in Rekor v1, edited.
pub fn provenance(edit: impl FnOnce(&mut World, &mut BundleSpec)) -> Case {
    edited(World::provenance, edit)
}

/// A signed statement in Rekor v2 with a timestamp, edited.
pub fn provenance_v2(edit: impl FnOnce(&mut World, &mut BundleSpec)) -> Case {
    edited(|world| world.on_rekor_v2(world.provenance()), edit)
}

/// Every row must be rejected, in Rekor v1 and v2, for its reasons.
#[track_caller]
pub fn rejected_in_both(rows: Rows<'_>) {
    message(|_, _| {}).accepted();
    message_v2(|_, _| {}).accepted();
    for (name, edit, reasons) in rows {
        println!("{name}");
        message(edit).rejected(reasons);
        message_v2(edit).rejected(reasons);
    }
}

/// Every row must be accepted, in Rekor v1 and v2. (The reasons are empty.)
#[track_caller]
pub fn accepted_in_both(rows: &[(&str, Edit)]) {
    for (name, edit) in rows {
        println!("{name}");
        message(edit).accepted();
        message_v2(edit).accepted();
    }
}

impl Case {
    /// The same evidence, judged by a digest of the artifact instead of its bytes.
    pub fn by_digest(&self) -> Self {
        let mut case = self.clone();
        let artifact = case.artifact.take().expect("the artifact");
        case.options["artifact"] = json!({ "sha256": hex(&Hash::Sha256.digest(&artifact)) });
        case
    }

    /// Another signer policy.
    pub fn signer(mut self, signer: Value) -> Self {
        self.options["signer"] = signer;
        self
    }

    /// Another requirement.
    pub fn require(mut self, require: Value) -> Self {
        self.options["require"] = require;
        self
    }

    /// Another artifact.
    pub fn artifact(mut self, artifact: &[u8]) -> Self {
        self.artifact = Some(artifact.to_vec());
        self
    }

    /// The bundle's JSON, edited after everything was made.
    pub fn bundle_json(mut self, edit: impl FnOnce(&mut Value)) -> Self {
        let mut bundle = serde_json::from_slice(&self.bundle).expect("the box's JSON");
        edit(&mut bundle);
        self.bundle = bundle.to_string().into_bytes();
        self
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All four spellings of the three versions.
pub const VERSIONS: [Version; 4] = [Version::V01, Version::V02, Version::V03Old, Version::V03];
