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
//! ```
//! use admissible_box::world::World;
//!
//! let world = World::new("docs");
//! let mut spec = world.message();
//! spec.leaf().certificate.not_after = world.time + 5; // The log entry came ten seconds after.
//! let (bundle, root) = (world.bundle(&spec), world.trusted_root());
//! # assert!(bundle.is_object() && root.is_object());
//! ```
pub mod authority;
pub mod bundle;
pub mod certificate;
pub mod ct;
pub mod der;
pub mod dsse;
pub mod ecdsa;
pub mod fulcio;
pub mod hook;
pub mod keys;
pub mod merkle;
pub mod note;
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
