//! Sigstore in a box: the test-only signer.
//!
//! Everything that a Sigstore verifier consumes is minted here from a seed: certificate authorities, CT logs, both
//! generations of Rekor, timestamp authorities, envelopes, bundles and trusted roots. It shares no line with the
//! verifier, so that one bug cannot cancel itself.
//!
//! A [`World`](world::World) holds the parties. A [`BundleSpec`](bundle::BundleSpec) says what to sign and how it is
//! attested. Every field is open and has a default that verifies; a [`Hook`](hook::Hook) edits what has no field. What is
//! changed is signed as changed: all that comes after is made over the altered thing, so exactly one thing is wrong.
//!
//! Beside what is minted stands what is real: the [`corpus`] of files that others published.
//!
//! ```
//! use admissible_box::world::World;
//!
//! let world = World::new("docs");
//! let mut spec = world.message();
//! spec.leaf().certificate.not_after = world.time + 5; // The log entry came ten seconds after.
//! let (bundle, root) = (world.bundle(&spec), world.trusted_root());
//! # assert!(bundle.is_object() && root.is_object());
//! ```
//!
//! # Where to change what
//!
//! | thing | door |
//! |---|---|
//! | who is trusted, and when | [`World`](world::World)'s lists: `trusted`, `valid_for`, `chain[n]`, `key`; or edit the JSON |
//! | a certificate | [`CertificateSpec`](certificate::CertificateSpec)'s fields, `alter_tbs` (signed so), `alter_signed`, `alter_der` |
//! | Fulcio's extensions | [`LeafSpec::claims`](fulcio::LeafSpec), or raw ones in `extra_extensions` |
//! | SCTs | [`SctSpec`](ct::SctSpec); `alter_after_sct` makes them speak of another certificate |
//! | provenance of every producer | [`provenance::Build`]: predicate, identity and claims |
//! | what is signed | [`EnvelopeSpec`](dsse::EnvelopeSpec), [`Content`](bundle::Content), `scheme`, `alter_signature` |
//! | what a log entry is about | [`EntrySpec`](rekor::EntrySpec): `alter_signed`, `alter_body`, `body_bytes`, `kind` |
//! | promise, proof, checkpoint | [`PromiseSpec`](rekor_v1::PromiseSpec), `alter_proof`, `alter_checkpoint` ([`CheckpointSpec`](note::CheckpointSpec)) |
//! | a timestamp | [`TimestampSpec`](tsa::TimestampSpec), layer by layer |
//! | only what the bundle shows | `alter_presented_signature`, `alter_presented_leaf`, or edit the JSON |
//! | bytes | [`der`], [`ecdsa`] (twins, raw and impossible signatures), [`KeyPair::sign`](keys::KeyPair::sign) |
pub mod authority;
pub mod bundle;
pub mod certificate;
pub mod corpus;
pub mod cosign;
pub mod ct;
pub mod der;
pub mod dsse;
pub mod ecdsa;
pub mod fulcio;
pub mod hook;
pub mod keys;
pub mod merkle;
pub mod note;
pub mod provenance;
pub mod rekor;
pub mod rekor_v1;
pub mod rekor_v2;
pub mod signed;
pub mod time;
pub mod trusted_root;
pub mod tsa;
pub mod world;

use base64::{Engine, prelude::BASE64_STANDARD};

/// Standard base64 with padding, as bundles spell bytes.
pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    /// Canonical bodies rely on it: serde_json's `preserve_order` would break them silently.
    #[test]
    fn json_keys_are_sorted() {
        assert_eq!(serde_json::json!({"b": {"d": 1, "c": 2}, "a": 3}).to_string(), r#"{"a":3,"b":{"c":2,"d":1}}"#);
    }
}
