//! Floor 1: the shapes of the field. Everything here says what bytes *claim*, never whether it is true.

pub mod bundle;
pub mod certificate;
pub mod checkpoint;
pub mod envelope;
pub mod fulcio;
pub mod log_body;
pub mod log_entry;
pub mod oci;
pub mod predicate;
pub mod provenance;
pub mod registry;
pub mod sct;
pub mod simple_signing;
pub mod source;
pub mod statement;
pub mod timestamp_token;
pub mod trusted_root;
