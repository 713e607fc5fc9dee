//! Signatures that the host verifies: its own cryptography is several times as fast. Where it answers at once it is a door like any other
//! ([`HostFirst`]); where it answers later there is no judgement until it has ([`Deferred`]).

mod deferred;
mod first;

use alloc::vec::Vec;

use p256::NistP256;
use p384::NistP384;

pub use self::deferred::{Asking, Deferred};
pub use self::first::HostFirst;
use super::HashAlgorithm;
use super::digest::Digest;
use super::memory::name;
use super::public_key::{KeyKind, Material, PublicKey};
use super::signature::{Message, Scheme, parsed};
use crate::limits::MAX_HOST_MESSAGE_BYTES;

/// What the host is asked: whether the holder of this key signed this message, by ECDSA. The key is a point on its curve and the signature two
/// integers between zero and the order, in the one spelling that DER has for them, so that any answer but "valid" and "invalid" is the host's own failure.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// [`KeyKind::P256`] or [`KeyKind::P384`].
    pub curve: KeyKind,
    /// The hash of the message that is signed.
    pub hash: HashAlgorithm,
    /// The key's uncompressed point (SEC 1 §2.3.3).
    pub point: &'q [u8],
    /// The signature in DER (RFC 3279 §2.2.3).
    pub signature: &'q [u8],
    /// The same in the other spelling that hosts have: its two integers side by side, each as long as the order (IEEE P1363).
    pub integers: &'q [u8],
    /// The message.
    pub message: &'q [u8],
}

/// A signature by a key that hosts take, of the form that a valid one has.
struct Candidate {
    hash: HashAlgorithm,
    digest: Digest,
    integers: Vec<u8>,
    /// What the memory calls it.
    name: [u8; 32],
}

impl Candidate {
    fn new(key: &PublicKey, scheme: Scheme, message: Message<'_>, signature: &[u8]) -> Option<Self> {
        let Scheme::Ecdsa(hash) = scheme else { return None };
        let integers = match key.material() {
            Material::P256(_) => parsed::<NistP256>(signature).ok()?.to_bytes().to_vec(),
            Material::P384(_) => parsed::<NistP384>(signature).ok()?.to_bytes().to_vec(),
            _ => return None,
        };
        let digest = message.prehash(scheme, hash).ok()?;
        let name = name(key, scheme, Message::Digest(&digest), signature);
        Some(Self { hash, digest, integers, name })
    }

    /// What the host is asked, if it can be: where the message is at hand, and not long.
    fn question<'q>(&'q self, key: &'q PublicKey, message: Message<'q>, signature: &'q [u8]) -> Option<Question<'q>> {
        let message = message.bytes().filter(|message| message.len() <= MAX_HOST_MESSAGE_BYTES)?;
        Some(Question {
            curve: key.kind(),
            hash: self.hash,
            point: point(key)?,
            signature,
            integers: &self.integers,
            message,
        })
    }
}

/// The uncompressed point at the end of an elliptic curve key, whose encoding [`PublicKey`] has checked.
fn point(key: &PublicKey) -> Option<&[u8]> {
    let length = match key.kind() {
        KeyKind::P256 => 65,
        KeyKind::P384 => 97,
        _ => return None,
    };
    let spki = key.spki_der();
    spki.get(spki.len().checked_sub(length)?..).filter(|point| point.first() == Some(&4))
}

#[cfg(test)]
mod tests;
