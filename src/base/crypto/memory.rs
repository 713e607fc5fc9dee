//! A door that remembers: which signatures it has verified, and the tables of the few keys that sign again and again.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cell::RefCell;

use ecdsa::elliptic_curve::CurveArithmetic;
use ecdsa::elliptic_curve::group::Group as _;
use ecdsa::signature::hazmat::PrehashVerifier as _;
use ecdsa::{EcdsaCurve, VerifyingKey};
use p256::NistP256;
use p384::NistP384;

use super::HashAlgorithm;
use super::digest::{Digest, Hasher};
use super::public_key::{Material, PublicKey};
use super::signature::{Message, RustCrypto, Scheme, SignatureError, VerifySignature, parsed};
use super::table::{Table, is_by};
use crate::limits::{MAX_COUNTED_KEYS, MAX_KEY_TABLES, MAX_REMEMBERED_SIGNATURES, USES_BEFORE_TABLE};

/// [`RustCrypto`], with a memory. Certificates of authorities, tree heads and whole bundles come again: a signature that was verified is not
/// verified twice, and a key that was used a few times gets a table. What was refused is not remembered. A memory is for one thread.
#[derive(Default)]
pub struct Memory {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    verified: VecDeque<[u8; 32]>,
    p256: Keys<NistP256>,
    p384: Keys<NistP384>,
}

impl VerifySignature for Memory {
    fn verify(
        &self,
        key: &PublicKey,
        scheme: Scheme,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        // A signature over a digest is over whatever has it; hashing comes first, and once.
        let digest = match (scheme.hash(), message) {
            (Some(hash), message) => Some(message.prehash(scheme, hash)?),
            (None, _) => None,
        };
        let message = digest.as_ref().map_or(message, Message::Digest);
        let name = name(key, scheme, message, signature);
        let Ok(mut state) = self.state.try_borrow_mut() else {
            return RustCrypto.verify(key, scheme, message, signature);
        };
        if state.verified.contains(&name) {
            return Ok(());
        }
        match (key.material(), scheme, digest) {
            (Material::P256(point), Scheme::Ecdsa(_), Some(digest)) => {
                state.p256.verify(key, point, *point.as_affine(), &digest, signature)?
            }
            (Material::P384(point), Scheme::Ecdsa(_), Some(digest)) => {
                state.p384.verify(key, point, *point.as_affine(), &digest, signature)?
            }
            _ => RustCrypto.verify(key, scheme, message, signature)?,
        }
        state.remember(name);
        Ok(())
    }
}

impl State {
    fn remember(&mut self, name: [u8; 32]) {
        if self.verified.len() >= MAX_REMEMBERED_SIGNATURES {
            self.verified.pop_front();
        }
        self.verified.push_back(name);
    }
}

impl Memory {
    /// Whether the signature of this name was verified.
    pub(super) fn knows(&self, name: &[u8; 32]) -> bool {
        self.state.try_borrow().is_ok_and(|state| state.verified.contains(name))
    }

    /// Remembers a signature that was verified elsewhere.
    pub(super) fn remember(&self, name: [u8; 32]) {
        if let Ok(mut state) = self.state.try_borrow_mut() {
            state.remember(name);
        }
    }
}

/// What tells a signature by this key, over this message, from all others.
pub(super) fn name(key: &PublicKey, scheme: Scheme, message: Message<'_>, signature: &[u8]) -> [u8; 32] {
    let mut hasher = Hasher::new(HashAlgorithm::Sha256);
    hasher.update(&key.spki_sha256());
    hasher.update(scheme.name(key).as_bytes());
    match message {
        Message::Bytes(bytes) => {
            hasher.update(&[0]);
            hasher.update(&super::sha256(bytes));
        }
        Message::Hashed(hashed) => {
            hasher.update(&[0]);
            hasher.update(hashed.digest(HashAlgorithm::Sha256).as_bytes());
        }
        Message::Digest(digest) => {
            hasher.update(&[1]);
            hasher.update(digest.algorithm().name().as_bytes());
            hasher.update(digest.as_bytes());
        }
    }
    hasher.update(signature);
    match hasher.finish() {
        Digest::Sha256(name) => name,
        _ => [0; 32],
    }
}

/// The keys of one curve, the latest used last.
struct Keys<C: CurveArithmetic> {
    generator: Option<Table<C>>,
    known: Vec<Known<C>>,
}

struct Known<C: CurveArithmetic> {
    spki_sha256: [u8; 32],
    uses: u32,
    table: Option<Table<C>>,
}

impl<C: CurveArithmetic> Default for Keys<C> {
    fn default() -> Self {
        Self { generator: None, known: Vec::new() }
    }
}

impl<C: EcdsaCurve + CurveArithmetic> Keys<C> {
    fn verify(
        &mut self,
        key: &PublicKey,
        verifying: &VerifyingKey<C>,
        point: C::AffinePoint,
        prehash: &Digest,
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let signature = parsed::<C>(signature)?;
        self.count(key, point);
        let known = self.known.last().and_then(|known| known.table.as_ref());
        let is_valid = match (&self.generator, known) {
            (Some(generator), Some(table)) => is_by(table, generator, prehash.as_bytes(), &signature),
            _ => verifying.verify_prehash(prehash.as_bytes(), &signature).is_ok(),
        };
        if is_valid { Ok(()) } else { Err(SignatureError::Invalid) }
    }

    /// Counts a use of this key, which is the last one then; those that were not used for long make room.
    fn count(&mut self, key: &PublicKey, point: C::AffinePoint) {
        let spki_sha256 = key.spki_sha256();
        let at = self.known.iter().position(|known| known.spki_sha256 == spki_sha256);
        let mut known = match at {
            Some(at) => self.known.remove(at),
            None => Known { spki_sha256, uses: 0, table: None },
        };
        known.uses = known.uses.saturating_add(1);
        if known.table.is_none() && known.uses > USES_BEFORE_TABLE {
            if self.known.iter().filter(|known| known.table.is_some()).count() >= MAX_KEY_TABLES
                && let Some(oldest) = self.known.iter_mut().find(|known| known.table.is_some())
            {
                (oldest.table, oldest.uses) = (None, 0);
            }
            self.generator.get_or_insert_with(|| Table::new(C::ProjectivePoint::generator()));
            known.table = Some(Table::new(point.into()));
        }
        if self.known.len() >= MAX_COUNTED_KEYS {
            self.known.remove(0);
        }
        self.known.push(known);
    }
}

#[cfg(test)]
mod tests {
    use admissible_box::keys::{KeyAlg, KeyPair};

    use super::*;
    use crate::crypto::digest;

    struct Signed {
        key: PublicKey,
        digest: Digest,
        signature: Vec<u8>,
    }

    fn signed(alg: KeyAlg, key: usize, message: usize) -> Signed {
        let pair = KeyPair::derive_nth(alg, "memory", "key", key);
        let message = message.to_be_bytes();
        Signed {
            key: PublicKey::from_spki_der(&pair.spki()).unwrap(),
            digest: digest(HashAlgorithm::Sha256, &message),
            signature: pair.sign(pair.scheme(true), &message),
        }
    }

    const SCHEME: Scheme = Scheme::Ecdsa(HashAlgorithm::Sha256);

    fn verify(memory: &Memory, key: &Signed, digest: &Signed, signature: &Signed) -> Result<(), SignatureError> {
        memory.verify(&key.key, SCHEME, Message::Digest(&digest.digest), &signature.signature)
    }

    #[test]
    fn only_what_was_verified_is_remembered() {
        let memory = Memory::default();
        let [one, other, stranger] = [(0, 0), (0, 1), (1, 0)].map(|(key, message)| signed(KeyAlg::P256, key, message));
        for _ in 0..2 {
            assert_eq!(verify(&memory, &one, &other, &one), Err(SignatureError::Invalid));
            assert!(memory.state.borrow().verified.is_empty());
        }
        for _ in 0..10 {
            assert_eq!(verify(&memory, &one, &one, &one), Ok(()));
            // The key, the message and the signature are each a part of what is remembered.
            assert_eq!(verify(&memory, &stranger, &one, &one), Err(SignatureError::Invalid));
            assert_eq!(verify(&memory, &one, &other, &one), Err(SignatureError::Invalid));
            assert_eq!(verify(&memory, &one, &one, &other), Err(SignatureError::Invalid));
            assert_eq!(memory.state.borrow().verified.len(), 1);
        }
        // A scheme that signs another digest than the one at hand is told before anything is looked up.
        let sha384 = Scheme::Ecdsa(HashAlgorithm::Sha384);
        let needed = memory.verify(&one.key, sha384, Message::Digest(&one.digest), &one.signature);
        assert!(matches!(needed, Err(SignatureError::MessageNeeded { .. })), "{needed:?}");
    }

    #[test]
    fn keys_that_come_again_get_tables_and_all_is_bounded() {
        let memory = Memory::default();
        let uses = usize::try_from(USES_BEFORE_TABLE).unwrap();
        let tables = |state: &State| state.p256.known.iter().filter(|known| known.table.is_some()).count();
        for key in 0..MAX_KEY_TABLES + 3 {
            for message in 0..=uses {
                assert_eq!(tables(&memory.state.borrow()), key.min(MAX_KEY_TABLES), "{key} {message}");
                let signed = signed(KeyAlg::P256, key, message);
                assert_eq!(verify(&memory, &signed, &signed, &signed), Ok(()));
            }
        }
        assert_eq!(tables(&memory.state.borrow()), MAX_KEY_TABLES);
        for key in 0..=MAX_COUNTED_KEYS {
            let signed = signed(KeyAlg::P256, 100 + key, 0);
            assert_eq!(verify(&memory, &signed, &signed, &signed), Ok(()));
        }
        let state = memory.state.borrow();
        assert_eq!((state.p256.known.len(), tables(&state)), (MAX_COUNTED_KEYS, 0));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let memory = Memory::default();
        for name in 0..MAX_REMEMBERED_SIGNATURES {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&name.to_be_bytes());
            memory.state.borrow_mut().verified.push_back(bytes);
        }
        let signed = signed(KeyAlg::P256, 0, 0);
        assert_eq!(verify(&memory, &signed, &signed, &signed), Ok(()));
        let state = memory.state.borrow();
        assert_eq!(state.verified.len(), MAX_REMEMBERED_SIGNATURES);
        assert!(!state.verified.contains(&[0; 32]), "the oldest makes room");
    }
}
