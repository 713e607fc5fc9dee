//! Sigstore in a box: the test-only signer.
pub mod authority;
pub mod certificate;
pub mod ct;
pub mod der;
pub mod ecdsa;
pub mod fulcio;
pub mod hook;
pub mod keys;
pub mod merkle;
pub mod note;
pub mod time;
