//! What options and policies have in common, read from JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::error::PolicyErrorKind;
use super::options::{UsageError, UsageErrorKind};
use super::pattern::{Pattern, PatternError, Patterns};
use super::signer::{IdentityRule, KeyRule, KeyWindow, SignerRule};
use super::threshold::Requirements;
use crate::check::artifact::Artifact;
use crate::crypto::{Digest, HashAlgorithm, PublicKey};
use crate::encoding::json::{Fields, Node, Value};
use crate::format::checkpoint::WitnessKey;
use crate::format::fulcio::Claim;
use crate::limits::{
    MAX_AUTHORITIES, MAX_INDEX_DEPTH, MAX_LOG_ENTRIES, MAX_PATTERNS, MAX_SCTS, MAX_TIMESTAMPS, MAX_WITNESSES,
};
use crate::time::UnixTime;

/// This error of use, here.
pub(super) fn wrong(node: &Node<'_, '_>, kind: UsageErrorKind) -> UsageError {
    UsageError::new(node.pointer(), kind)
}

/// The artifact: the caller's bytes, or what the member `artifact` says; exactly one of the two. `indexes` are the texts of image indexes, the
/// first of which lists the next, and the last of which lists the artifact: then evidence about the first is about the artifact as well.
pub(super) fn artifact<'a>(fields: &mut Fields<'_, '_>, bytes: Option<&'a [u8]>) -> Result<Artifact<'a>, UsageError> {
    let artifact = match (fields.optional("artifact")?, bytes) {
        (None, Some(bytes)) => Artifact::from_bytes(bytes),
        (Some(node), None) => named_artifact(&node)?,
        (None, None) => return Err(wrong(fields.node(), UsageErrorKind::MissingArtifact)),
        (Some(node), Some(_)) => return Err(wrong(&node, UsageErrorKind::AmbiguousArtifact)),
    };
    let Some(node) = fields.optional("indexes")? else { return Ok(artifact) };
    let texts = node.items("indexes", MAX_INDEX_DEPTH)?.map(|item| item.string().map(str::as_bytes));
    let indexes: Vec<&[u8]> = texts.collect::<Result<_, _>>()?;
    artifact.listed_in(&indexes).map_err(|error| wrong(&node, UsageErrorKind::Indexes(error)))
}

/// The artifact: its digests, or that there is none.
fn named_artifact<'a>(node: &Node<'_, '_>) -> Result<Artifact<'a>, UsageError> {
    let mut fields = node.fields()?;
    if let Some(unbound) = fields.optional("dangerouslyUnbound")? {
        must_be_true(&unbound)?;
        fields.end()?;
        return Ok(Artifact::DangerouslyUnbound);
    }
    let mut digests = Vec::new();
    for algorithm in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
        if let Some(node) = fields.optional(algorithm.name())? {
            let digest = Digest::from_hex(algorithm, &node.string()?.to_ascii_lowercase());
            digests.push(digest.map_err(|error| wrong(&node, UsageErrorKind::ArtifactDigest(error)))?);
        }
    }
    fields.end()?;
    if digests.is_empty() { Err(wrong(node, UsageErrorKind::MissingArtifact)) } else { Ok(Artifact::Digests(digests)) }
}

/// A word that lowers a guarantee is written out, or not there.
pub(super) fn must_be_true(node: &Node<'_, '_>) -> Result<(), UsageError> {
    match node.value() {
        Value::Bool(true) => Ok(()),
        _ => Err(wrong(node, UsageErrorKind::DangerouslyNotTrue)),
    }
}

/// One signer: an identity by its names, or by claims of an issuer, or a key.
pub(super) fn signer_rule(node: &Node<'_, '_>) -> Result<SignerRule, UsageError> {
    let mut fields = node.fields().map_err(|_| wrong(node, UsageErrorKind::Signer))?;
    if node.is_strict() {
        fields.optional("name")?.map_or(Ok(""), |name| name.string())?;
    }
    let rule = if let Some(pem) = fields.optional("publicKey")? {
        let key = public_key(&pem)?;
        let window = fields.optional("validFor")?.map(|node| key_window(&node)).transpose()?;
        SignerRule::PublicKey(KeyRule { key, window })
    } else {
        let issuer = fields.optional("issuer")?.map(|issuer| issuer_patterns(&issuer)).transpose()?;
        let identity = fields.optional("identity")?.map(|identity| patterns(&identity)).transpose()?;
        let claims = fields.optional("claims")?.map(|wanted| claims(&wanted)).transpose()?.unwrap_or_default();
        // In a policy, claims alone may say who: options name the identity.
        let is_named = identity.is_some() || node.is_strict() && !claims.is_empty();
        match (issuer, identity) {
            // Without an issuer, it is the identity that says who.
            (Some(None), None) => return Err(wrong(node, UsageErrorKind::Signer)),
            (Some(issuer), identity) if is_named => SignerRule::Identity(IdentityRule { issuer, identity, claims }),
            _ => return Err(fields.misspelt().map_or_else(|| wrong(node, UsageErrorKind::Signer), UsageError::from)),
        }
    };
    fields.end()?;
    Ok(rule)
}

/// Patterns for the issuer, or `{ "none": true }` for a certificate that names none.
fn issuer_patterns(node: &Node<'_, '_>) -> Result<Option<Patterns>, UsageError> {
    if is_word(node, "none")? { Ok(None) } else { patterns(node).map(Some) }
}

/// A key in PEM.
pub(super) fn public_key(pem: &Node<'_, '_>) -> Result<PublicKey, UsageError> {
    PublicKey::from_pem(pem.string()?).map_err(|error| wrong(pem, UsageErrorKind::PublicKey(error)))
}

/// Claims of a certificate and what each must be: a text, which may be empty, or in a policy patterns, which may not.
pub(super) fn claims(wanted: &Node<'_, '_>) -> Result<Vec<(Claim, Patterns)>, UsageError> {
    let mut claims = Vec::new();
    for (name, value) in wanted.members()? {
        let Some(claim) = Claim::from_name(name) else {
            return Err(wrong(&value, UsageErrorKind::UnknownClaim { found: name.to_string() }));
        };
        let expected = match value.value() {
            _ if wanted.is_strict() => patterns(&value)?,
            _ => Patterns::one(Pattern::Exact(value.string()?.to_string())),
        };
        claims.push((claim, expected));
    }
    Ok(claims)
}

fn key_window(node: &Node<'_, '_>) -> Result<KeyWindow, UsageError> {
    // npm's and TUF's key lists write `end: null` for a window that is open.
    let mut fields = node.fields()?;
    let start = fields.optional("start")?.map(|node| time(&node)).transpose()?;
    let end = fields.optional("end")?.map(|node| time(&node)).transpose()?;
    fields.end()?;
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        return Err(wrong(node, UsageErrorKind::Time));
    }
    Ok(KeyWindow { start, end })
}

/// A text to be equal, or a pattern by name.
pub(super) fn pattern(node: &Node<'_, '_>) -> Result<Pattern, UsageError> {
    let made = match node.value() {
        Value::String(text) => Pattern::exact(text),
        _ => {
            let mut fields = node.fields()?;
            let made = match (fields.optional("glob")?, fields.optional("regex")?) {
                (Some(glob), None) => Pattern::glob(glob.string()?),
                (None, Some(regex)) => Pattern::regex(regex.string()?),
                (Some(_), Some(_)) => Err(PatternError::Both),
                (None, None) => {
                    // In a policy, a key that is no kind of pattern is told by its name.
                    if node.is_strict() {
                        fields.end()?;
                    }
                    return Err(wrong(node, UsageErrorKind::Pattern(PatternError::Empty)));
                }
            };
            fields.end()?;
            made
        }
    };
    made.map_err(|error| wrong(node, UsageErrorKind::Pattern(error)))
}

/// `{ word: true }`, which stands where a pattern may; `false` where a pattern stands, whose keys are then checked beside the word, so
/// that a spelling near to it is told.
pub(super) fn is_word(node: &Node<'_, '_>, word: &'static str) -> Result<bool, UsageError> {
    if !matches!(node.value(), Value::Object(_)) {
        return Ok(false);
    }
    let mut fields = node.fields()?;
    let found = fields.optional(word)?;
    match &found {
        Some(found) => must_be_true(found)?,
        None => drop((fields.optional("glob")?, fields.optional("regex")?)),
    }
    fields.end()?;
    Ok(found.is_some())
}

/// A pattern, or in a policy a list of which any will do.
pub(super) fn patterns(node: &Node<'_, '_>) -> Result<Patterns, UsageError> {
    if !node.is_strict() || !matches!(node.value(), Value::Array(_)) {
        return Ok(Patterns::one(pattern(node)?));
    }
    let all = node.items("patterns", MAX_PATTERNS)?.map(|item| pattern(&item)).collect::<Result<Vec<_>, _>>()?;
    Patterns::any_of(all).ok_or_else(|| wrong(node, UsageErrorKind::Pattern(PatternError::Empty)))
}

/// How many parties must vouch.
pub(super) fn requirements(node: &Node<'_, '_>) -> Result<Requirements, UsageError> {
    let mut require = Requirements::default();
    let mut fields = node.fields()?;
    for (name, number, limit) in [
        ("logEntries", &mut require.log_entries, MAX_LOG_ENTRIES),
        ("scts", &mut require.scts, MAX_SCTS),
        ("signedTimestamps", &mut require.signed_timestamps, MAX_TIMESTAMPS.min(MAX_AUTHORITIES)),
    ] {
        if let Some(node) = fields.optional(name)? {
            *number = count(&node, limit)?;
        }
    }
    if let Some(node) = fields.optional("promiseOnly")? {
        require.promise_only = node.boolean()?;
    }
    if let Some(node) = fields.optional("witnesses")? {
        let mut fields = node.fields()?;
        let keys = fields.required("keys")?;
        for key in keys.items("witnesses", MAX_WITNESSES)? {
            let key = WitnessKey::from_vkey(key.string()?).ok_or_else(|| wrong(&key, UsageErrorKind::WitnessKey))?;
            if !require.witnesses.contains(&key) {
                require.witnesses.push(key);
            }
        }
        let threshold = fields.required("threshold")?;
        require.witness_threshold = count(&threshold, require.witnesses.len())?;
        fields.end()?;
    }
    fields.end()?;
    Ok(require)
}

/// A text that says something.
pub(super) fn text(node: &Node<'_, '_>) -> Result<String, UsageError> {
    match node.string()? {
        "" => Err(wrong(node, UsageErrorKind::Policy(PolicyErrorKind::Empty))),
        text => Ok(text.to_string()),
    }
}

/// A list that has something in it.
#[cfg(feature = "policy")]
pub(super) fn some<T>(node: &Node<'_, '_>, list: Vec<T>) -> Result<Vec<T>, UsageError> {
    if list.is_empty() { Err(wrong(node, UsageErrorKind::Policy(PolicyErrorKind::Empty))) } else { Ok(list) }
}

/// A whole number from 0 to `limit`; a larger one could never be met, and is a mistake.
pub(super) fn count(node: &Node<'_, '_>, limit: usize) -> Result<usize, UsageError> {
    match node.value() {
        Value::Unsigned(number) => usize::try_from(*number).ok().filter(|number| *number <= limit),
        _ => None,
    }
    .ok_or_else(|| wrong(node, UsageErrorKind::Requirement))
}

/// An instant.
pub(super) fn time(node: &Node<'_, '_>) -> Result<UnixTime, UsageError> {
    UnixTime::from_rfc3339(node.string()?).ok_or_else(|| wrong(node, UsageErrorKind::Time))
}
