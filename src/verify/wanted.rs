//! What a verification will ask of the artifact, and which artifact the bundle speaks of: all by the bundle's own word.

use alloc::vec::Vec;

use super::parties::add;
use crate::crypto::{Digest, HashAlgorithm, compatibility_schemes, registry_scheme};
use crate::format::bundle::{Bundle, Content};
use crate::format::certificate::Certificate;
use crate::format::log_body::{LogBody, LoggedContent};
use crate::format::statement::Statement;

/// The digests of the artifact that verifying `bundle` would compare, so that a stream is hashed once and no more than needed:
/// the algorithms of the subjects, of the message digest, and of the log entries. SHA-256 when the bundle tells nothing.
#[must_use]
pub fn wanted_digests(bundle: &[u8]) -> Vec<HashAlgorithm> {
    let mut wanted = Vec::new();
    if let Ok(bundle) = Bundle::from_json(bundle) {
        match &bundle.content {
            Content::Envelope(envelope) => {
                let statement = Statement::from_json(&envelope.payload);
                for digest in statement.iter().flat_map(|s| &s.subjects).flat_map(|subject| &subject.digests) {
                    add(&mut wanted, digest.algorithm());
                }
            }
            Content::ImageSignature { image, .. } => add(&mut wanted, image.manifest_digest.algorithm()),
            Content::MessageSignature { digest, .. } => {
                if let Some(digest) = digest {
                    add(&mut wanted, digest.algorithm());
                }
                if let Some(Ok(leaf)) = bundle.key_material.leaf().map(Certificate::from_der) {
                    let key = leaf.public_key();
                    for scheme in
                        core::iter::once(registry_scheme(key)).chain(compatibility_schemes(key).iter().copied())
                    {
                        add(&mut wanted, scheme.hash().unwrap_or(HashAlgorithm::Sha512));
                    }
                }
                for entry in &bundle.log_entries {
                    if let Ok(body) = LogBody::from_json(&entry.body)
                        && let LoggedContent::Digest(digest) = body.content
                    {
                        add(&mut wanted, digest.algorithm());
                    }
                }
            }
        }
    }
    if wanted.is_empty() {
        wanted.push(HashAlgorithm::Sha256);
    }
    wanted
}

/// Whether verifying `bundle` may take the artifact itself, where its digests are not enough: a signature over a message by a plain Ed25519
/// key ([RFC 8032 §4](https://www.rfc-editor.org/rfc/rfc8032#section-4)), or by a key that the bundle does not hold.
#[must_use]
pub fn wants_whole(bundle: &[u8]) -> bool {
    let Ok(bundle) = Bundle::from_json(bundle) else { return false };
    if !matches!(bundle.content, Content::MessageSignature { .. }) {
        return false;
    }
    match bundle.key_material.leaf().map(Certificate::from_der) {
        Some(Ok(leaf)) => registry_scheme(leaf.public_key()).hash().is_none(),
        _ => true,
    }
}

/// The artifacts that `bundle` says it is about, each by its digests, with nothing verified: what to look for, never what was found.
/// No more than [`MAX_SUBJECTS`](crate::limits::MAX_SUBJECTS).
#[must_use]
pub fn claimed_digests(bundle: &[u8]) -> Vec<Vec<Digest>> {
    let Ok(bundle) = Bundle::from_json(bundle) else { return Vec::new() };
    match &bundle.content {
        Content::Envelope(envelope) => Statement::from_json(&envelope.payload)
            .map(|statement| {
                statement.subjects.into_iter().map(|subject| subject.digests).filter(|some| !some.is_empty()).collect()
            })
            .unwrap_or_default(),
        Content::ImageSignature { image, .. } => alloc::vec![alloc::vec![image.manifest_digest]],
        Content::MessageSignature { digest, .. } => digest.iter().map(|digest| alloc::vec![*digest]).collect(),
    }
}
