//! What npm's registry signs of each version. It is the word of the registry and of nobody else: that the tarball of this name and version is the one that
//! was published there, whoever serves it. Who built it, only attestations tell.

use alloc::string::String;
use alloc::vec::Vec;

use crate::crypto::{Message, RustCrypto, VerifySignature, registry_scheme};
use crate::format::registry::{Distribution, RegistryKey};
use crate::policy::options::{UsageError, UsageErrorKind};
use crate::report::registry::{RegistryError, RegistryVerdict};
use crate::roots::NPM_KEYS;
use crate::time::UnixTime;

/// Verifies the registry's signature over `name@version:integrity` in npm's description of a version. `reference` is `name@version`, by the word of whoever
/// asked and not by that of the description. `keys` are those of the registry, in either of their forms; npm's own, as embedded in this version, unless they
/// are given: keys that the registry itself serves prove nothing about it. `published` is when the version was published, which keys with an end need; it is
/// the registry's word too, and nobody signed it.
///
/// A signature by a key that is not known counts for nothing; one that is not the key's whose id it bears fails, even beside a good one.
///
/// # Errors
/// [`UsageError`] at `/description`, `/keys` or `/published` when that cannot be read; never for a signature.
pub fn verify_registry_signature(
    reference: &str,
    description: &[u8],
    keys: Option<&[u8]>,
    published: Option<&str>,
) -> Result<RegistryVerdict, UsageError> {
    let wrong_time = || UsageError::new("/published".into(), UsageErrorKind::Time);
    let published = published.map(|text| UnixTime::from_rfc3339(text).ok_or_else(wrong_time)).transpose()?;
    let keys = keys.unwrap_or(NPM_KEYS.as_bytes());
    let keys = RegistryKey::list_from_json(keys).map_err(|error| error.under("/keys"))?;
    let distribution = Distribution::from_description(description).map_err(|error| error.under("/description"))?;
    let Distribution { integrity, signatures } = distribution;
    let failed = |integrity, error| RegistryVerdict { integrity, key_id: None, failures: alloc::vec![error] };
    let Some(signed) = integrity.as_deref().filter(|integrity| !integrity.is_empty()) else {
        return Ok(failed(integrity, RegistryError::WithoutIntegrity));
    };
    let message = alloc::format!("{reference}:{signed}");
    let (mut key_id, mut invalid, mut uncounted): (Option<String>, Vec<_>, Vec<_>) = (None, Vec::new(), Vec::new());
    for signature in &signatures {
        let Some(known) = keys.iter().find(|key| key.id == signature.key_id) else {
            uncounted.push(RegistryError::UnknownKey { found: signature.key_id.clone() });
            continue;
        };
        let scheme = registry_scheme(&known.key);
        let message = Message::Bytes(message.as_bytes());
        let is_valid =
            signature.bytes.as_ref().is_some_and(|bytes| RustCrypto.verify(&known.key, scheme, message, bytes).is_ok());
        match (is_valid, known.end, published) {
            (false, ..) => invalid.push(RegistryError::Invalid { key_id: known.id.clone() }),
            (true, Some(end), None) => uncounted.push(RegistryError::WithoutTime { end }),
            (true, Some(end), Some(published)) if published >= end => {
                uncounted.push(RegistryError::Expired { published, end });
            }
            (true, ..) => key_id = key_id.or(Some(known.id.clone())),
        }
    }
    if signatures.is_empty() {
        uncounted.push(RegistryError::Missing);
    }
    let failures = match (invalid.is_empty(), &key_id) {
        (false, _) => invalid,
        (true, Some(_)) => Vec::new(),
        (true, None) => uncounted,
    };
    let key_id = key_id.filter(|_| failures.is_empty());
    Ok(RegistryVerdict { integrity, key_id, failures })
}
