//! Who signed, from the PEM in which documents have it.

use alloc::vec::Vec;

use crate::crypto::sha256;
use crate::encoding::base64;
use crate::encoding::pem::Block;
use crate::format::bundle::KeyMaterial;
use crate::limits::MAX_CHAIN_CERTIFICATES;

/// PEM as it is, or in base64 as cosign writes it into JSON and into files.
pub fn pem_or_base64(text: &str) -> Option<KeyMaterial> {
    let text = text.trim_ascii();
    if text.starts_with("-----BEGIN") {
        return pem_blocks(text);
    }
    pem_blocks(core::str::from_utf8(&base64::decode(text)?).ok()?)
}

/// Certificates, leaf first and no more than a bundle may have; or one public key.
pub fn pem_blocks(text: &str) -> Option<KeyMaterial> {
    let first = Block::first(text).ok()?;
    if first.label == "PUBLIC KEY" && first.rest.trim_ascii().is_empty() {
        return Some(public_key(&first.bytes));
    }
    let (mut chain, mut rest) = (Vec::new(), text);
    while !rest.trim_ascii().is_empty() {
        let block = Block::first(rest).ok()?;
        if block.label != "CERTIFICATE" || chain.len() >= MAX_CHAIN_CERTIFICATES {
            return None;
        }
        chain.push(block.bytes);
        rest = block.rest;
    }
    Some(KeyMaterial::CertificateChain(chain))
}

/// A public key, of which a bundle has but a hint: the one that cosign makes, base64 of the SHA-256 of the SPKI.
pub fn public_key(spki: &[u8]) -> KeyMaterial {
    KeyMaterial::PublicKey { hint: base64::encode(&sha256(spki)) }
}
