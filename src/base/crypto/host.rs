//! Signatures that the host verifies. Its own cryptography is several times as fast, but answers later: so a judgement is made as if all signatures
//! were valid, and kept where nobody sees it until every one of them has been verified.

use alloc::vec::Vec;
use core::cell::RefCell;

use p256::NistP256;
use p384::NistP384;

use super::HashAlgorithm;
use super::digest::Digest;
use super::memory::{Memory, name};
use super::public_key::{KeyKind, Material, PublicKey};
use super::signature::{Message, Scheme, SignatureError, VerifySignature, parsed};
use crate::limits::{MAX_DEFERRED_SIGNATURES, MAX_HOST_MESSAGE_BYTES, MAX_HOST_MESSAGES_BYTES};

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

/// A signature that is verified here after all, while the host is at work: the host needs the message, and there is only its digest, or much of it.
struct Own {
    key: PublicKey,
    scheme: Scheme,
    digest: Digest,
    signature: Vec<u8>,
    name: [u8; 32],
}

#[derive(Default)]
struct Open {
    /// The names of the signatures that the host was asked about.
    asked: Vec<[u8; 32]>,
    bytes: usize,
    own: Vec<Own>,
}

/// A judgement that holds if some signatures are valid, which nobody has verified yet. It is not told before: until then it is worth nothing.
///
/// Why this is the judgement that [`Memory`] alone would give: the same checks over the same bytes got the same answer to each question
/// about a signature. If one of these answers turns out to be wrong, there is no judgement at all, and everything is judged anew.
pub struct Deferred<T> {
    judgement: T,
    open: Open,
    refused: bool,
}

impl<T> Deferred<T> {
    /// Judges by a door that takes every ECDSA signature of the right form for valid, unless `memory` knows it to be. The host is asked at once, so
    /// that it is at work meanwhile, and about each signature once.
    pub fn judge(memory: &Memory, ask: &dyn Fn(Question<'_>), judge: impl FnOnce(&Asking<'_>) -> T) -> Self {
        let asking = Asking { memory, ask, open: RefCell::default() };
        let judgement = judge(&asking);
        Self { judgement, open: asking.open.into_inner(), refused: false }
    }

    /// Verifies what is not for the host. [`settle`](Self::settle) does so too; this is for the time in which the host is at work.
    pub fn verify_own(&mut self, memory: &Memory) {
        for own in self.open.own.drain(..) {
            self.refused |= memory.verify(&own.key, own.scheme, Message::Digest(&own.digest), &own.signature).is_err();
        }
    }

    /// The judgement, if every signature is valid: those that the host was asked about when it found as many valid, and the others by `memory`. What
    /// is valid is remembered.
    pub fn settle(mut self, memory: &Memory, found_valid: usize) -> Option<T> {
        if found_valid != self.open.asked.len() {
            return None;
        }
        self.verify_own(memory);
        if self.refused {
            return None;
        }
        for name in self.open.asked {
            memory.remember(name);
        }
        Some(self.judgement)
    }
}

/// The door of a [`Deferred`] judgement, which alone can make one: it says `Ok` of signatures that are yet to be verified.
pub struct Asking<'a> {
    memory: &'a Memory,
    ask: &'a dyn Fn(Question<'_>),
    open: RefCell<Open>,
}

impl VerifySignature for Asking<'_> {
    fn verify(
        &self,
        key: &PublicKey,
        scheme: Scheme,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if self.defer(key, scheme, message, signature) {
            Ok(())
        } else {
            self.memory.verify(key, scheme, message, signature)
        }
    }

    /// Asks at once. Should the check not come to it, an invalid signature costs a second judgement, and no more.
    fn announce(&self, key: &PublicKey, scheme: Scheme, message: Message<'_>, signature: &[u8]) {
        self.defer(key, scheme, message, signature);
    }
}

impl Asking<'_> {
    /// Whether it can be verified later. Whatever has another form than a valid signature could have is refused now, by the memory.
    fn defer(&self, key: &PublicKey, scheme: Scheme, message: Message<'_>, signature: &[u8]) -> bool {
        let Scheme::Ecdsa(hash) = scheme else { return false };
        let integers = match key.material() {
            Material::P256(_) => parsed::<NistP256>(signature).map(|signature| signature.to_bytes().to_vec()),
            Material::P384(_) => parsed::<NistP384>(signature).map(|signature| signature.to_bytes().to_vec()),
            _ => return false,
        };
        let (Ok(integers), Ok(digest)) = (integers, message.prehash(scheme, hash)) else { return false };
        let name = name(key, scheme, Message::Digest(&digest), signature);
        let Ok(mut open) = self.open.try_borrow_mut() else { return false };
        if self.memory.knows(&name) || open.knows(&name) {
            return true;
        }
        if open.asked.len().saturating_add(open.own.len()) >= MAX_DEFERRED_SIGNATURES {
            return false;
        }
        match (message.bytes(), point(key)) {
            (Some(message), Some(point)) if open.has_room_for(message) => {
                open.bytes = open.bytes.saturating_add(message.len());
                open.asked.push(name);
                drop(open);
                (self.ask)(Question { curve: key.kind(), hash, point, signature, integers: &integers, message });
            }
            _ => open.own.push(Own { key: key.clone(), scheme, digest, signature: signature.to_vec(), name }),
        }
        true
    }
}

impl Open {
    fn knows(&self, name: &[u8; 32]) -> bool {
        self.asked.contains(name) || self.own.iter().any(|own| own.name == *name)
    }

    fn has_room_for(&self, message: &[u8]) -> bool {
        message.len() <= MAX_HOST_MESSAGE_BYTES && self.bytes.saturating_add(message.len()) <= MAX_HOST_MESSAGES_BYTES
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
