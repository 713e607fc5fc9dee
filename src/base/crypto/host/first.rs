//! A host that answers at once.

use super::super::memory::Memory;
use super::super::public_key::PublicKey;
use super::super::signature::{Message, Scheme, SignatureError, VerifySignature};
use super::{Candidate, Question};

/// [`Memory`], for a host that answers at once. Its "valid" is believed, and remembered; of what it finds invalid, and of what it is not asked
/// about, the memory decides: so no refusal is by the host's word, and a judgement is the one that the memory alone would give.
pub struct HostFirst<'a> {
    memory: &'a Memory,
    is_valid: &'a dyn Fn(Question<'_>) -> bool,
}

impl<'a> HostFirst<'a> {
    /// `is_valid` says whether the host found a signature valid: `false` also where it does not know.
    pub fn new(memory: &'a Memory, is_valid: &'a dyn Fn(Question<'_>) -> bool) -> Self {
        Self { memory, is_valid }
    }

    /// Whether it was found valid before, or is by the host.
    fn finds_valid(&self, key: &PublicKey, scheme: Scheme, message: Message<'_>, signature: &[u8]) -> bool {
        let Some(candidate) = Candidate::new(key, scheme, message, signature) else { return false };
        if self.memory.knows(&candidate.name) {
            return true;
        }
        let is_valid = candidate.question(key, message, signature).is_some_and(self.is_valid);
        if is_valid {
            self.memory.remember(candidate.name);
        }
        is_valid
    }
}

impl VerifySignature for HostFirst<'_> {
    fn verify(
        &self,
        key: &PublicKey,
        scheme: Scheme,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        if self.finds_valid(key, scheme, message, signature) {
            Ok(())
        } else {
            self.memory.verify(key, scheme, message, signature)
        }
    }
}
