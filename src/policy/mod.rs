//! Floor 3: is the verified evidence enough? Judges facts that checks have proved; never sees bytes.

pub mod options;
pub mod pattern;
pub mod signer;
pub mod threshold;
