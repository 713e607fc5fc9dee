//! Admissible: is the evidence about where this software came from genuine, about this very artifact, and good enough?
#![no_std]
extern crate alloc;

pub mod crypto;
