//! Floor 3: is the verified evidence enough? Judges facts that checks have proved; never sees bytes.

#[cfg(feature = "policy")]
pub mod document;
pub mod error;
#[cfg(feature = "policy")]
pub mod evidence;
#[cfg(feature = "policy")]
pub mod exception;
pub mod level;
pub mod options;
#[cfg(feature = "policy")]
pub mod package;
pub mod pattern;
mod read;
pub mod record;
#[cfg(feature = "policy")]
pub mod request;
#[cfg(feature = "policy")]
pub mod requirement;
pub mod signer;
#[cfg(feature = "policy")]
pub mod signers;
#[cfg(feature = "policy")]
pub mod subject;
pub mod threshold;
#[cfg(feature = "policy")]
pub mod verifier;
