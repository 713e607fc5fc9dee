//! Admissible: is the evidence about where this software came from genuine, about this very artifact, and good enough for
//! my policy?
//!
//! The core reads Sigstore bundles that the caller hands in and answers from those bytes alone: no network, no clock, no
//! randomness, no panic. [`inspect`] tells everything that holds and everything that does not; [`verify()`] demands that
//! everything holds.
//!
//! ```
//! use admissible::{Options, TrustedRoots, inspect};
//!
//! let roots = TrustedRoots::public_good()?;
//! let options = Options::from_json(
//!     r#"{ "signer": { "issuer": "https://token.actions.githubusercontent.com",
//!                      "identity": "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.0.0" } }"#,
//!     Some(b"the artifact"),
//! )?;
//! let report = inspect(b"not a bundle", &roots, &options);
//! assert_eq!(report.failures()[0].code, "bundle-malformed-json");
//! # Ok::<(), admissible::UsageError>(())
//! ```
//!
//! The rooms, from the floor up; each names only rooms below it:
//!
//! | floor | rooms | |
//! |---|---|---|
//! | 4 | [`mod@verify`], [`mod@evaluate`], [`compare`] | the order of the checks; several bundles and a policy; reports beside each other |
//! | 3 | [`report`], [`policy`] | what happened; is it enough |
//! | 2 | [`check`] | one file per claim |
//! | 1 | [`mod@format`] | shapes: bundle, certificate, log entry, … |
//! | 0 | [`crypto`], [`encoding`], [`time`], [`limits`] | bytes |
//!
//! Features, all on by default but the last: `timestamps` (RFC 3161), `rsa` and `p521` (keys), `regex` (in signer rules), `predicates` (other than
//! provenance), `policy`, `compare`, `sources`, `images`, `registry`; and `rayon`, for `par::inspect_many`, which takes many bundles on many threads.
//! What a build lacks it refuses, and says so: without features it verifies bundles without timestamps, by ECDSA on P-256 and P-384 and by Ed25519.
#![no_std]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]

extern crate alloc;

pub mod check;
#[cfg(feature = "compare")]
pub mod compare;
#[cfg(feature = "policy")]
pub mod evaluate;
pub mod format;
#[cfg(feature = "rayon")]
pub mod par;
pub mod policy;
pub mod report;
pub mod roots;
pub mod verify;

pub use admissible_base::{crypto, encoding, limits, time};

#[cfg(feature = "compare")]
pub use crate::compare::{
    Baseline, InputComparison, Reported, Summary, SummaryOptions, TrustComparison, UsedInputs, codes, compare_inputs,
    compare_trust, summarize,
};
pub use crate::crypto::{Digest, HashAlgorithm, Hasher};
#[cfg(feature = "policy")]
pub use crate::evaluate::{evaluate, evaluate_by};
#[cfg(feature = "policy")]
pub use crate::policy::document::Policy;
pub use crate::policy::options::{Options, UsageError};
#[cfg(feature = "policy")]
pub use crate::policy::request::Request;
#[cfg(not(feature = "compare"))]
pub use crate::report::codes::codes;
pub use crate::report::description::{Description, describe};
#[cfg(feature = "policy")]
pub use crate::report::evaluation::{Evaluation, EvaluationVerdict};
#[cfg(feature = "images")]
pub use crate::report::image::{Expected, find_platform, read_image_document, read_image_layer, read_image_name};
pub use crate::report::registry::RegistryVerdict;
#[cfg(feature = "sources")]
pub use crate::report::source::{SourceDescription, read_source};
pub use crate::report::{Report, Verdict};
#[cfg(feature = "registry")]
pub use crate::verify::verify_registry_signature;
pub use crate::verify::{
    TrustedRoots, Verified, claimed_digests, inspect, inspect_by, verify, verify_by, wanted_digests, wants_whole,
};
