//! Floor 0: bytes to values and back. Knows no Sigstore, trusts nothing, allocates within [`crate::limits`].

pub mod base64;
pub mod der;
pub mod hex;
pub mod json;
pub mod located;
pub mod order;
pub mod pem;
pub mod quoted;
pub mod snappy;
pub mod spelling;
