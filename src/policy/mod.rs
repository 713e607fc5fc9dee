//! Floor 3: is the verified evidence enough? Judges facts that checks have proved; never sees bytes.

pub mod document;
pub mod evidence;
pub mod exception;
pub mod level;
pub mod options;
pub mod package;
pub mod pattern;
mod read;
pub mod record;
pub mod request;
pub mod requirement;
pub mod signer;
pub mod signers;
pub mod subject;
pub mod threshold;
pub mod verifier;
