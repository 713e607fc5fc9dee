//! What stands for the kinds of keys whose features a build lacks. There is no value of [`Key`], so the compiler sees that such a key is never read,
//! and that nothing is ever verified by one.

use super::digest::Digest;
use super::public_key::{KeyError, KeyKind};
use super::signature::{Scheme, SignatureError};

#[derive(Clone, Debug)]
pub(super) enum Key {}

impl Key {
    pub(super) fn read(kind: KeyKind, _bytes: &[u8]) -> Result<Self, KeyError> {
        Err(KeyError::NotInBuild { kind })
    }

    #[cfg(not(feature = "rsa"))]
    pub(super) const fn bits(&self) -> u32 {
        match *self {}
    }

    pub(super) fn verify(&self, _: Scheme, _: &Digest, _: &[u8]) -> Result<(), SignatureError> {
        match *self {}
    }
}
