//! ECDSA on P-521 (feature `p521`).

use alloc::boxed::Box;

use ecdsa::VerifyingKey;
use p521::NistP521;

use super::digest::Digest;
use super::public_key::{KeyError, KeyKind, on_curve, point};
use super::signature::{Scheme, SignatureError, ecdsa};

#[derive(Clone, Debug)]
pub(super) struct Key(Box<VerifyingKey<NistP521>>);

impl Key {
    pub(super) fn read(kind: KeyKind, bytes: &[u8]) -> Result<Self, KeyError> {
        let point = point::<NistP521>(kind, bytes)?;
        on_curve(kind, VerifyingKey::from_affine(point)).map(|key| Self(Box::new(key)))
    }

    pub(super) fn verify(&self, _: Scheme, prehash: &Digest, signature: &[u8]) -> Result<(), SignatureError> {
        ecdsa(&self.0, prehash, signature)
    }
}
