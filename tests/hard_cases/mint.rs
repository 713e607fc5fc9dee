//! Short ways to a case: the usual bundles, with one edit.

use admissible::Report;
use admissible::check::Coded;
use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::keys::KeyPair;
use admissible_box::rekor::Kind;
use admissible_box::world::World;
use serde_json::Value;

use crate::Case;
pub use crate::edited::{Edit, case, message as v1, message_v2 as v2};

/// The reasons that a report must give: `(check, code)`.
pub type Reasons<'a> = &'a [(&'a str, &'a str)];

/// Every edit makes `base` fail for exactly its reasons.
#[track_caller]
pub fn each_rejected(base: fn(Edit) -> Case, table: &[(&str, Edit, Reasons<'_>)]) {
    for (name, edit, reasons) in table {
        println!("{name}");
        base(*edit).rejected(reasons);
    }
}

/// No edit makes `base` fail.
#[track_caller]
pub fn each_accepted(base: fn(Edit) -> Case, table: &[(&str, Edit)]) {
    for (name, edit) in table {
        println!("{name}");
        base(*edit).accepted();
    }
}

/// [`v1`] for tables.
pub fn on_v1(edit: Edit) -> Case {
    v1(edit)
}

/// [`v2`] for tables.
pub fn on_v2(edit: Edit) -> Case {
    v2(edit)
}

/// The case with its bundle's JSON edited.
pub fn with_bundle(mut case: Case, edit: impl FnOnce(&mut Value)) -> Case {
    case.bundle = edited(&case.bundle, edit);
    case
}

/// The case with its trusted root's JSON edited.
pub fn with_root(mut case: Case, edit: impl FnOnce(&mut Value)) -> Case {
    case.root = edited(&case.root, edit);
    case
}

fn edited(text: &[u8], edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value = serde_json::from_slice(text).expect("JSON");
    edit(&mut value);
    value.to_string().into_bytes()
}

/// The value at this JSON pointer, to be replaced.
pub fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    value.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// The codes of the report's notes.
pub fn notes(report: &Report) -> Vec<&'static str> {
    report.notes.iter().map(Coded::code).collect()
}

/// One bundle for every kind of log entry that can be bound to a signature.
pub fn every_kind(world: &World) -> Vec<(&'static str, BundleSpec)> {
    let kind = |kind| {
        let mut spec = world.provenance();
        spec.entry().kind = kind;
        spec
    };
    let mut rekord = world.message();
    rekord.entry().kind = Kind::Rekord;
    vec![
        ("hashedrekord 0.0.1", world.message()),
        ("rekord 0.0.1", rekord),
        ("dsse 0.0.1", world.provenance()),
        ("intoto 0.0.2", kind(Kind::Intoto)),
        ("intoto 0.0.2 with payload", kind(Kind::IntotoWithPayload)),
        ("hashedrekord 0.0.2 of a message", world.on_rekor_v2(world.message())),
        ("hashedrekord 0.0.2 of an envelope", world.on_rekor_v2(world.provenance())),
    ]
}

/// The same bundle signed by a managed key of the same kind.
pub fn managed(world: &World, spec: &BundleSpec) -> BundleSpec {
    let mut spec = spec.clone();
    spec.signer = Signer::Key(world.managed_key(spec.key().alg()));
    spec
}

/// A key that nobody trusts.
pub fn stranger(alg: admissible_box::keys::KeyAlg) -> KeyPair {
    KeyPair::derive(alg, "stranger", "any")
}

/// The path of the only log entry.
pub const ENTRY: &str = "/verificationMaterial/tlogEntries/0";
