//! What a registry of npm's kind signs of each version that it serves (`dist.signatures` of npm's description of a version), and the keys that it signs by:
//! as npm's API answers with them (`/-/npm/v1/keys`), or as they stand in Sigstore's TUF repository (root-signing `targets/registry.npmjs.org/keys.json`).
//! Source: npm/cli `lib/utils/verify-signatures.js`, pacote `lib/registry.js`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::source::{SourceError, SourceErrorKind, parse, wrong};
use crate::crypto::{KeyDetails, KeyKind, PublicKey};
use crate::encoding::base64;
use crate::encoding::json::{Node, ShapeErrorKind};
use crate::limits::{MAX_AUTHORITIES, MAX_ENVELOPE_SIGNATURES};
use crate::time::UnixTime;

/// A key by which a registry signs versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryKey {
    /// What signatures call it.
    pub id: String,
    /// The key: of NIST's P-256.
    pub key: PublicKey,
    /// From when on it signs nothing any more.
    pub end: Option<UnixTime>,
}

/// A signature of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrySignature {
    /// An unauthenticated hint at the key.
    pub key_id: String,
    /// The signature; `None` where it is not base64.
    pub bytes: Option<Vec<u8>>,
}

/// What a registry says of a version's tarball.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Subresource Integrity of the tarball, as it is written.
    pub integrity: Option<String>,
    /// Who signed it.
    pub signatures: Vec<RegistrySignature>,
}

impl RegistryKey {
    /// Reads a list of keys in either form. Those of other algorithms than P-256 are passed over, so that a signature by one counts for nothing, and
    /// those that sign attestations only.
    ///
    /// When a key starts is not read: registries sign old versions again by new keys.
    ///
    /// # Errors
    /// [`SourceError`] for another shape, or a key that is none.
    pub fn list_from_json(text: &[u8]) -> Result<Vec<Self>, SourceError> {
        let value = parse(text)?;
        let root = Node::root(&value);
        let list = root.fields()?.required("keys")?;
        let mut keys = Vec::new();
        for item in list.items("keys", MAX_AUTHORITIES)? {
            let key = if item.member("publicKey").is_some() { Self::of_tuf(&item)? } else { Self::of_api(&item)? };
            keys.extend(key);
        }
        Ok(keys)
    }

    /// `{ keyid, keytype, scheme, key, expires }`
    fn of_api(item: &Node<'_, '_>) -> Result<Option<Self>, SourceError> {
        let mut fields = item.fields()?;
        let id = fields.required("keyid")?.string()?.to_string();
        let end = fields.optional("expires")?.map(|end| time(&end)).transpose()?;
        let spki = fields.required("key")?;
        if fields.required("keytype")?.string()? != "ecdsa-sha2-nistp256" {
            return Ok(None);
        }
        Ok(Some(Self { id, key: p256(&spki)?, end }))
    }

    /// `{ keyId, keyUsage, publicKey: { rawBytes, keyDetails, validFor: { start, end } } }`
    fn of_tuf(item: &Node<'_, '_>) -> Result<Option<Self>, SourceError> {
        let mut fields = item.fields()?;
        let id = fields.required("keyId")?.string()?.to_string();
        let usage = fields.required("keyUsage")?.string()?;
        let key = fields.required("publicKey")?;
        let mut fields = key.fields()?;
        let spki = fields.required("rawBytes")?;
        let details = KeyDetails::from_name(fields.required("keyDetails")?.string()?);
        let end = match fields.optional("validFor")? {
            None => None,
            Some(window) => window.fields()?.optional("end")?.map(|end| time(&end)).transpose()?,
        };
        if usage != "npm:signatures" || details.kind() != Some(KeyKind::P256) {
            return Ok(None);
        }
        Ok(Some(Self { id, key: p256(&spki)?, end }))
    }
}

impl Distribution {
    /// Takes what matters from npm's description of a version.
    ///
    /// # Errors
    /// [`SourceError`] for another document.
    pub fn from_description(text: &[u8]) -> Result<Self, SourceError> {
        let value = parse(text)?;
        let root = Node::root(&value);
        let dist = root.fields()?.required("dist")?;
        let mut fields = dist.fields()?;
        let integrity = fields.optional("integrity")?.map(|text| text.string().map(ToString::to_string)).transpose()?;
        let list = fields.optional("signatures")?;
        // Whatever else stands there counts for nothing, and is no reason not to read the rest.
        let items = list.iter().filter_map(|list| list.items("signatures", usize::MAX).ok()).flatten();
        let signatures = items.take(MAX_ENVELOPE_SIGNATURES).map(|item| {
            let text = |name| item.member(name).and_then(|node| node.string().ok().map(ToString::to_string));
            let bytes = text("sig").and_then(|sig| base64::decode(&sig));
            RegistrySignature { key_id: text("keyid").unwrap_or_default(), bytes }
        });
        Ok(Self { integrity, signatures: signatures.collect() })
    }
}

fn p256(spki: &Node<'_, '_>) -> Result<PublicKey, SourceError> {
    let key = PublicKey::from_spki_der(&spki.bytes()?).ok();
    key.filter(|key| key.kind() == KeyKind::P256).ok_or_else(|| wrong(spki, SourceErrorKind::Key))
}

fn time(node: &Node<'_, '_>) -> Result<UnixTime, SourceError> {
    let expected = "a time as RFC 3339 writes it";
    UnixTime::from_rfc3339(node.string()?).ok_or_else(|| {
        node.error(ShapeErrorKind::OtherText { expected, found: node.string().unwrap_or("").into() }).into()
    })
}
