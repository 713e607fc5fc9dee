//! Bundles in the form in which JSR has them (jsr-io/jsr `api/src/provenance.rs`; Deno writes it when it publishes): that of a JavaScript object of
//! an older Sigstore client, with `$case` beside what would stand alone, and certificates in PEM. Deno keeps of a log entry its index only, which is
//! no evidence: such a bundle fails for the time.

use alloc::vec::Vec;

use super::signer::pem_blocks;
use super::{Piece, PieceBundle, SourceError, SourceErrorKind, bundle, wrong};
use crate::encoding::json::Node;
use crate::format::bundle::KeyMaterial;
use crate::format::log_entry::LogEntry;
use crate::limits::{MAX_CHAIN_CERTIFICATES, MAX_LOG_ENTRIES};

/// Whether this is meant to be such a bundle.
#[must_use]
pub fn is_bundle(node: &Node<'_, '_>) -> bool {
    let has_case = |node: Node<'_, '_>| node.member("content").is_some_and(|content| content.member("$case").is_some());
    has_case(*node) && node.member("verificationMaterial").is_some_and(has_case)
}

/// Makes a bundle of it.
///
/// # Errors
/// [`SourceError`] for another shape.
pub fn read(node: &Node<'_, '_>) -> Result<Piece, SourceError> {
    let mut fields = node.fields()?;
    let content = fields.required("content")?;
    let envelope = content.fields()?.required("dsseEnvelope")?;
    let material = fields.required("verificationMaterial")?;
    let mut fields = material.fields()?;
    let key = key(&fields.required("content")?)?;
    let mut entries = Vec::new();
    if let Some(list) = fields.optional("tlogEntries")? {
        for entry in list.items("log entries", MAX_LOG_ENTRIES)? {
            if entry.member("canonicalizedBody").is_some() {
                entries.push(LogEntry::read(&entry, &mut Vec::new())?);
            }
        }
    }
    let text = bundle::text(("dsseEnvelope", envelope.value().clone()), &key, &entries, &[]);
    Ok(Piece::new(node.pointer(), PieceBundle::Here(text)))
}

fn key(content: &Node<'_, '_>) -> Result<KeyMaterial, SourceError> {
    let of = |certificate: &Node<'_, '_>| {
        let raw = certificate.fields()?.required("rawBytes")?;
        match pem_blocks(raw.string()?) {
            Some(KeyMaterial::CertificateChain(chain)) => Ok(chain),
            _ => Err(wrong(&raw, SourceErrorKind::Pem)),
        }
    };
    let chain = content.fields()?.required("x509CertificateChain")?;
    let list = chain.fields()?.required("certificates")?;
    let chain = list.items("certificates", MAX_CHAIN_CERTIFICATES)?.map(|certificate| of(&certificate));
    Ok(KeyMaterial::CertificateChain(chain.collect::<Result<Vec<_>, SourceError>>()?.concat()))
}
