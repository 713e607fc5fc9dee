//! Floor 3: is the verified evidence enough? Judges facts that checks have proved; never sees bytes.

pub mod document;
pub mod level;
pub mod options;
pub mod pattern;
mod read;
pub mod record;
pub mod signer;
pub mod threshold;
