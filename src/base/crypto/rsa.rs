//! RSA keys and the signatures by them (feature `rsa`).

use alloc::boxed::Box;

use rsa::traits::SignatureScheme;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};

use super::digest::{Digest, HashAlgorithm};
use super::public_key::{KeyError, KeyKind, MAX_RSA_BITS, MAX_RSA_EXPONENT, MIN_RSA_BITS, MIN_RSA_EXPONENT};
use super::signature::{Scheme, SignatureError, SignatureForm};
use crate::encoding::der::two_unsigned;

#[derive(Clone, Debug)]
pub(super) struct Key {
    key: Box<RsaPublicKey>,
    bits: u32,
}

impl Key {
    pub(super) fn read(_: KeyKind, bytes: &[u8]) -> Result<Self, KeyError> {
        // RFC 8017 §A.1.1.
        let (modulus, exponent) = two_unsigned(bytes).map_err(|error| KeyError::der("RSAPublicKey", error))?;
        let bits = bit_length(modulus);
        if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
            return Err(KeyError::RsaBits { found: bits });
        }
        if modulus.last().is_none_or(|byte| byte & 1 == 0) {
            return Err(KeyError::RsaModulusEven);
        }
        let found = small(exponent);
        let exponent = found
            .filter(|exponent| (MIN_RSA_EXPONENT..=MAX_RSA_EXPONENT).contains(exponent) && exponent & 1 == 1)
            .ok_or(KeyError::RsaExponent { found })?;
        let key = RsaPublicKey::new(BoxedUint::from_be_slice_vartime(modulus), BoxedUint::from(exponent))
            .map_err(|_| KeyError::RsaBits { found: bits })?;
        Ok(Self { key: Box::new(key), bits })
    }

    pub(super) const fn bits(&self) -> u32 {
        self.bits
    }

    pub(super) fn verify(&self, scheme: Scheme, prehash: &Digest, signature: &[u8]) -> Result<(), SignatureError> {
        // RFC 8017 §8.1.2 and §8.2.2, step 1: the signature is as long as the modulus.
        let expected = usize::try_from(self.bits.div_ceil(8)).unwrap_or(usize::MAX);
        if signature.len() != expected {
            return Err(SignatureForm::Length { expected, found: signature.len() }.into());
        }
        match (scheme, prehash.algorithm()) {
            (Scheme::RsaPkcs1(_), HashAlgorithm::Sha256) => self.by(Pkcs1v15Sign::new::<Sha256>(), prehash, signature),
            (Scheme::RsaPkcs1(_), HashAlgorithm::Sha384) => self.by(Pkcs1v15Sign::new::<Sha384>(), prehash, signature),
            (Scheme::RsaPkcs1(_), HashAlgorithm::Sha512) => self.by(Pkcs1v15Sign::new::<Sha512>(), prehash, signature),
            (Scheme::RsaPss(_), HashAlgorithm::Sha256) => self.by(Pss::<Sha256>::new(), prehash, signature),
            (Scheme::RsaPss(_), HashAlgorithm::Sha384) => self.by(Pss::<Sha384>::new(), prehash, signature),
            (Scheme::RsaPss(_), HashAlgorithm::Sha512) => self.by(Pss::<Sha512>::new(), prehash, signature),
            _ => Err(SignatureError::SchemeMismatch { key: KeyKind::Rsa, scheme }),
        }
    }

    fn by<S: SignatureScheme>(&self, padding: S, prehash: &Digest, signature: &[u8]) -> Result<(), SignatureError> {
        self.key.verify(padding, prehash.as_bytes(), signature).map_err(|_| SignatureError::Invalid)
    }
}

/// The number of bits of a big-endian integer without leading zero bytes.
fn bit_length(bytes: &[u8]) -> u32 {
    let leading = bytes.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(leading)
}

/// The value of a big-endian integer, when it fits.
fn small(bytes: &[u8]) -> Option<u64> {
    let mut value = [0; 8];
    let start = value.len().checked_sub(bytes.len())?;
    value.get_mut(start..)?.copy_from_slice(bytes);
    Some(u64::from_be_bytes(value))
}
