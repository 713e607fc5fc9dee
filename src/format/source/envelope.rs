//! DSSE envelopes (secure-systems-lab/dsse `envelope.md`) that stand for themselves, as in-toto, slsa-github-generator (`….intoto.jsonl`) and
//! Witness write them. A bundle holds one signature, so an envelope of several becomes a bundle for each: a policy counts the distinct signers.
//!
//! Who signed may stand beside the signature, in fields that DSSE does not know: `cert` is PEM (slsa-github-generator), `certificate` with
//! `intermediates` base64 of PEM (Witness). Then nothing tells when the certificate was used, for the file holds no log entry: such a bundle fails
//! for that, unless the entry is added (`cosign::certified_envelope`). Witness' timestamps are left out: they are bare tokens, and a bundle has
//! whole responses. Without a certificate a key signed, of which only the hint is there: it verifies with a key that the policy names.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::bundle::{self, Content};
use super::signer::{pem_blocks, pem_or_base64};
use super::{Piece, PieceBundle, SourceError, SourceErrorKind, pieces, wrong};
use crate::encoding::json::{Node, Value};
use crate::format::bundle::KeyMaterial;
use crate::limits::{MAX_CHAIN_CERTIFICATES, MAX_ENVELOPE_SIGNATURES, MAX_SOURCE_BYTES};

/// An envelope with one of its signatures, as a bundle will hold it: whether its parts are base64 is told by whoever reads the bundle.
pub struct Envelope<'p> {
    /// Payload, type and signature.
    pub content: Content<'p>,
    /// An unauthenticated hint at the key.
    pub key_id: String,
    /// The certificates that stand beside the signature, leaf first.
    pub certificates: Result<Option<KeyMaterial>, SourceError>,
}

/// Whether this is meant to be an envelope that somebody signed.
#[must_use]
pub fn is_envelope(node: &Node<'_, '_>) -> bool {
    let is_there = |name: &&str| node.member(name).is_some();
    let is_signed = node.member("signatures").is_some_and(|list| match list.value() {
        Value::Array(signatures) => !signatures.is_empty(),
        _ => false,
    });
    ["payload", "payloadType"].iter().all(is_there) && is_signed
}

/// A bundle for each signature of an envelope.
///
/// # Errors
/// [`SourceError`] when no signature can be read, with what belongs to it.
pub fn read(node: &Node<'_, '_>) -> Result<Vec<Piece>, SourceError> {
    let mut fields = node.fields()?;
    let payload = fields.required("payload")?.string()?.len();
    let list = fields.required("signatures")?;
    let signatures: Vec<_> = list.items("signatures", MAX_ENVELOPE_SIGNATURES)?.collect();
    // Each bundle repeats the payload.
    let found = payload.saturating_mul(signatures.len());
    if found > MAX_SOURCE_BYTES {
        return Err(wrong(node, SourceErrorKind::TooLarge { found }));
    }
    let bundle = |signature: &Node<'_, '_>| -> Result<Vec<Piece>, SourceError> {
        let Envelope { content, key_id, certificates } = Envelope::of(node, signature)?;
        let key = certificates?.unwrap_or(KeyMaterial::PublicKey { hint: key_id });
        let text = bundle::text(content, &key, &[], &[]);
        Ok(alloc::vec![Piece::new(signature.pointer(), PieceBundle::Here(text))])
    };
    pieces(signatures.iter().map(|signature| (|| Piece::as_it_is(signature), bundle(signature))))
}

impl<'p> Envelope<'p> {
    /// The envelope with its only signature.
    ///
    /// # Errors
    /// [`SourceError`] for another shape, or another number of signatures.
    pub fn only(node: &'p Node<'p, '_>) -> Result<Self, SourceError> {
        let mut fields = node.fields()?;
        let list = fields.required("signatures")?;
        let mut signatures = list.items("signatures", usize::MAX)?;
        match (signatures.next(), signatures.count()) {
            (Some(only), 0) => Self::of(node, &only),
            (first, more) => {
                let found = more.saturating_add(usize::from(first.is_some()));
                Err(wrong(&list, SourceErrorKind::SignatureCount { found }))
            }
        }
    }

    fn of(node: &'p Node<'p, '_>, signature: &Node<'_, '_>) -> Result<Self, SourceError> {
        let mut fields = node.fields()?;
        let payload = fields.required("payload")?.string()?;
        let payload_type = fields.required("payloadType")?.string()?;
        let mut fields = signature.fields()?;
        let sig = fields.required("sig")?.string()?;
        let key_id = fields.optional("keyid")?.map_or(Ok(""), |id| id.string())?.to_string();
        let content = bundle::envelope(payload, payload_type, sig, &key_id);
        Ok(Self { content, key_id, certificates: certificates(signature) })
    }
}

/// `cert`, or `certificate` and `intermediates`.
fn certificates(signature: &Node<'_, '_>) -> Result<Option<KeyMaterial>, SourceError> {
    let mut fields = signature.fields()?;
    if let Some(cert) = fields.optional("cert")? {
        return match pem_blocks(cert.string()?) {
            Some(chain @ KeyMaterial::CertificateChain(_)) => Ok(Some(chain)),
            _ => Err(wrong(&cert, SourceErrorKind::Pem)),
        };
    }
    let Some(leaf) = fields.optional("certificate")? else { return Ok(None) };
    let of = |node: &Node<'_, '_>| match pem_or_base64(node.string()?) {
        Some(KeyMaterial::CertificateChain(chain)) => Ok(chain),
        _ => Err(wrong(node, SourceErrorKind::Pem)),
    };
    let mut chain = of(&leaf)?;
    if let Some(above) = fields.optional("intermediates")? {
        for node in above.items("intermediates", MAX_CHAIN_CERTIFICATES)? {
            chain.extend(of(&node)?);
        }
    }
    Ok(Some(KeyMaterial::CertificateChain(chain)))
}
