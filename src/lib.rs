//! Admissible: is the evidence about where this software came from genuine, about this very artifact, and good enough?
#![no_std]
extern crate alloc;

pub mod check;
pub mod crypto;
pub mod encoding;
pub mod format;
pub mod limits;
pub mod policy;
pub mod report;
pub mod roots;
pub mod time;
pub mod verify;

pub use crate::crypto::{Digest, HashAlgorithm, Hasher};
pub use crate::policy::options::{Options, UsageError};
pub use crate::report::codes::codes;
pub use crate::report::description::{Description, describe};
pub use crate::report::{Report, Verdict};
pub use crate::verify::{TrustedRoots, Verified, inspect, verify, wanted_digests};
