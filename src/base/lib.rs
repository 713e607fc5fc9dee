//! Floor 0 of `admissible`: bytes to values and back. Knows no Sigstore and trusts nothing.
//!
//! A crate of its own, which `admissible` re-exports, for curve arithmetic is compiled where it is used: so it is optimised for
//! speed, and the floors above, which are most of the code and little of the time, for size.
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

pub mod crypto;
pub mod encoding;
pub mod limits;
pub mod time;
