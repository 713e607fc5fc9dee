//! Admissible: is the evidence about where this software came from genuine, about this very artifact, and good enough?
#![no_std]
extern crate alloc;

pub mod crypto;
pub mod encoding;
pub mod format;
pub mod limits;
pub mod time;
