//! Digests, Merkle trees, public keys and signatures.
//!
//! This room is the only importer of curve and hash crates: whatever the rest of the crate needs from them, it asks for
//! here, in types that cannot hold an invalid value. Signatures go through one door, [`VerifySignature`], so that a memo
//! or a host's own cryptography can stand in for [`RustCrypto`] without a change in any check.
//!
//! Nothing here reads a clock or a random source, and nothing needs to be constant-time: a verifier holds no secret.

mod digest;
mod host;
mod key_details;
#[cfg(not(all(feature = "p521", feature = "rsa")))]
mod left_out;
mod memory;
mod merkle;
#[cfg(feature = "p521")]
mod p521;
mod public_key;
#[cfg(feature = "rsa")]
mod rsa;
mod signature;
mod table;
#[cfg(test)]
mod vectors;

pub use self::digest::{Digest, DigestError, HashAlgorithm, HashedBytes, Hasher, digest, sha256};
pub use self::host::{Asking, Deferred, HostFirst, Question};
pub use self::key_details::{KeyDetails, KeyEncoding};
pub use self::memory::Memory;
pub use self::merkle::{MerkleError, leaf_hash, node_hash, root_from_inclusion_proof};
pub use self::public_key::{
    KeyError, KeyKind, MAX_RSA_BITS, MAX_RSA_EXPONENT, MIN_RSA_BITS, MIN_RSA_EXPONENT, PublicKey,
};
pub use self::signature::{
    Message, RustCrypto, Scheme, SignatureError, SignatureForm, VerifySignature, compatibility_schemes, registry_scheme,
};
