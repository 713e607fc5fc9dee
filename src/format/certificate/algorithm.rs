//! Which scheme an algorithm identifier names.

use alloc::vec::Vec;

use der::Tag;
use der::oid::ObjectIdentifier;

use crate::crypto::{HashAlgorithm, Scheme};
use crate::encoding::der::{AlgorithmIdentifier, context, wrap};

/// The scheme that an AlgorithmIdentifier of a certificate or of a CMS signer names, or `None` when it names none that this
/// library verifies, or has parameters it must not have.
#[must_use]
pub fn signature_scheme(algorithm: &AlgorithmIdentifier<'_>) -> Option<Scheme> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }
    const ECDSA_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
    const ECDSA_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
    const ECDSA_SHA512: ObjectIdentifier = oid("1.2.840.10045.4.3.4");
    const RSA_SHA256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
    const RSA_SHA384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
    const RSA_SHA512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
    const RSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
    const ED25519: ObjectIdentifier = oid("1.3.101.112");

    let parameters = algorithm.parameters;
    let is_none_or_null = parameters.is_none() || algorithm.has_null();
    let (scheme, allowed) = match algorithm.oid {
        oid if oid == ECDSA_SHA256 => (Scheme::Ecdsa(Sha256), parameters.is_none()),
        oid if oid == ECDSA_SHA384 => (Scheme::Ecdsa(Sha384), parameters.is_none()),
        oid if oid == ECDSA_SHA512 => (Scheme::Ecdsa(Sha512), parameters.is_none()),
        oid if oid == ED25519 => (Scheme::Ed25519, parameters.is_none()),
        oid if oid == RSA_SHA256 => (Scheme::RsaPkcs1(Sha256), is_none_or_null),
        oid if oid == RSA_SHA384 => (Scheme::RsaPkcs1(Sha384), is_none_or_null),
        oid if oid == RSA_SHA512 => (Scheme::RsaPkcs1(Sha512), is_none_or_null),
        oid if oid == RSA_PSS => (Scheme::RsaPss(pss_hash(parameters?.raw)?), true),
        _ => return None,
    };
    allowed.then_some(scheme)
}

/// The hash of RSASSA-PSS parameters (RFC 4055 §3.1) whose mask uses the same hash, whose salt is as long as the hash, and
/// whose trailer is the default: the only form in use.
fn pss_hash(parameters: &[u8]) -> Option<HashAlgorithm> {
    [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512]
        .into_iter()
        .find(|hash| [true, false].into_iter().any(|null| pss_parameters(*hash, null).as_deref() == Some(parameters)))
}

/// The DER of RSASSA-PSS-params (RFC 4055 §3.1) for `hash`, MGF1 with the same hash and a salt of its length; the hash
/// identifiers with NULL parameters or without, both of which occur.
fn pss_parameters(hash: HashAlgorithm, null: bool) -> Option<Vec<u8>> {
    const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
    let mut identifier = wrap(Tag::ObjectIdentifier, hash.oid().as_bytes())?;
    if null {
        identifier.extend_from_slice(&[5, 0]);
    }
    let identifier = wrap(Tag::Sequence, &identifier)?;
    let mut mask = wrap(Tag::ObjectIdentifier, MGF1.as_bytes())?;
    mask.extend_from_slice(&identifier);
    let mut parameters = wrap(context(0), &identifier)?;
    parameters.extend_from_slice(&wrap(context(1), &wrap(Tag::Sequence, &mask)?)?);
    parameters.extend_from_slice(&wrap(context(2), &wrap(Tag::Integer, &[u8::try_from(hash.digest_len()).ok()?])?)?);
    wrap(Tag::Sequence, &parameters)
}
