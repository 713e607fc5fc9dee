//! Which digests a verification will ask for.

use alloc::vec::Vec;

use super::parties::add;
use crate::crypto::{HashAlgorithm, compatibility_schemes, registry_scheme};
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
