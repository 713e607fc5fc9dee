//! A host that answers later: a judgement is made as if all signatures were valid, and kept where nobody sees it until every one of them has
//! been verified.

use alloc::vec::Vec;
use core::cell::RefCell;

use super::super::digest::Digest;
use super::super::memory::Memory;
use super::super::public_key::PublicKey;
use super::super::signature::{Message, Scheme, SignatureError, VerifySignature};
use super::{Candidate, Question};
use crate::limits::{MAX_DEFERRED_SIGNATURES, MAX_HOST_MESSAGES_BYTES};

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
        let Some(candidate) = Candidate::new(key, scheme, message, signature) else { return false };
        let Ok(mut open) = self.open.try_borrow_mut() else { return false };
        if self.memory.knows(&candidate.name) || open.knows(&candidate.name) {
            return true;
        }
        if open.asked.len().saturating_add(open.own.len()) >= MAX_DEFERRED_SIGNATURES {
            return false;
        }
        match candidate.question(key, message, signature) {
            Some(question) if open.has_room_for(question.message) => {
                open.bytes = open.bytes.saturating_add(question.message.len());
                open.asked.push(candidate.name);
                drop(open);
                (self.ask)(question);
            }
            _ => {
                let Candidate { digest, name, .. } = candidate;
                open.own.push(Own { key: key.clone(), scheme, digest, signature: signature.to_vec(), name });
            }
        }
        true
    }
}

impl Open {
    fn knows(&self, name: &[u8; 32]) -> bool {
        self.asked.contains(name) || self.own.iter().any(|own| own.name == *name)
    }

    fn has_room_for(&self, message: &[u8]) -> bool {
        self.bytes.saturating_add(message.len()) <= MAX_HOST_MESSAGES_BYTES
    }
}
