//! What a caller asks for, read strictly from JSON: an unknown key or an impossible demand is an error of use, never ignored.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::pattern::{Pattern, PatternError};
use super::signer::{IdentityRule, KeyRule, KeyWindow, SignerPolicy, SignerRule};
use super::threshold::Requirements;
use crate::check::artifact::Artifact;
use crate::check::{Coded, codes};
use crate::crypto::{Digest, DigestError, HashAlgorithm, KeyError, PublicKey};
use crate::encoding::json::{self, Fields, JsonError, Node, ShapeError, ShapeErrorKind, Value};
use crate::encoding::quoted::Quoted;
use crate::format::checkpoint::WitnessKey;
use crate::format::fulcio::Claim;
use crate::format::trusted_root::TrustedRootError;
use crate::limits::{
    MAX_AUTHORITIES, MAX_LOG_ENTRIES, MAX_OPTIONS_BYTES, MAX_SCTS, MAX_SIGNER_RULES, MAX_TIMESTAMPS, MAX_WITNESSES,
};
use crate::time::UnixTime;

/// Everything that a verification needs besides bundle and trusted root.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// What the evidence must be about.
    pub artifact: Artifact<'a>,
    /// Who must have signed.
    pub signer: SignerPolicy,
    /// How many parties must vouch.
    pub require: Requirements,
    /// The current time, for refusing evidence from the future. Without it, no time is too late: the core reads no clock.
    pub now: Option<UnixTime>,
}

/// An error of use: what the caller asked for cannot be asked. Never about the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    /// JSON pointer into the options, or into the trusted root; empty for the whole.
    pub at: String,
    /// What is wrong.
    pub kind: UsageErrorKind,
}

/// What is wrong with options or trusted root.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsageErrorKind {
    /// Not JSON of the documented shape.
    Shape(ShapeErrorKind),
    /// Options longer than [`MAX_OPTIONS_BYTES`].
    TooLarge,
    /// No artifact, and the caller has not said that none is wanted.
    MissingArtifact,
    /// An artifact as bytes and as digest.
    AmbiguousArtifact,
    /// A digest that is not hexadecimal of its algorithm's length.
    ArtifactDigest(DigestError),
    /// `dangerouslyUnbound` or `dangerouslyAnySigner` that is not `true`.
    DangerouslyNotTrue,
    /// No signer.
    MissingSigner,
    /// A signer that is neither a rule nor a key nor everyone, or an empty list.
    Signer,
    /// A text that is no pattern.
    Pattern(PatternError),
    /// A claim that Fulcio does not certify.
    UnknownClaim {
        /// The name found.
        found: String,
    },
    /// A key that cannot be read.
    PublicKey(KeyError),
    /// A number that cannot be met or means nothing.
    Requirement,
    /// A witness key that cannot be read.
    WitnessKey,
    /// A time that is not RFC 3339.
    Time,
    /// A trusted root that cannot be used.
    TrustedRoot(TrustedRootError),
}

impl fmt::Display for UsageErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(kind) => kind.fmt(f),
            Self::TooLarge => write!(f, "expected options of at most {MAX_OPTIONS_BYTES} bytes, found more"),
            Self::MissingArtifact => f.write_str("expected an artifact, its digest, or dangerouslyUnbound, found none"),
            Self::AmbiguousArtifact => f.write_str("expected the artifact's bytes or its digest, found both"),
            Self::ArtifactDigest(error) => write!(f, "expected a digest in hexadecimal, found something else: {error}"),
            Self::DangerouslyNotTrue => f.write_str("expected true, which must be written out to lower a guarantee, found something else"),
            Self::MissingSigner => f.write_str("expected a signer, found none: say who must have signed, or dangerouslyAnySigner"),
            Self::Signer => f.write_str("expected { issuer, identity }, { publicKey }, a list of these, or { dangerouslyAnySigner: true }, found something else"),
            Self::Pattern(error) => error.fmt(f),
            Self::UnknownClaim { found } => write!(f, "expected the name of a certified claim, found {}", Quoted(found)),
            Self::PublicKey(error) => write!(f, "expected a public key in PEM, found something else: {error}"),
            Self::Requirement => f.write_str("expected a number that the evidence can reach, found another"),
            Self::WitnessKey => f.write_str("expected the verifier key of a witness (name+hash+key, Ed25519 cosignatures), found something else"),
            Self::Time => f.write_str("expected a time as RFC 3339 writes it, found something else"),
            Self::TrustedRoot(error) => write!(f, "trusted root: {error}"),
        }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl core::error::Error for UsageError {}

impl Coded for UsageError {
    codes!(UsageError {
        E { kind: UsageErrorKind::Shape(_) | UsageErrorKind::TooLarge, .. } => "malformed-options",
        E { kind: UsageErrorKind::MissingArtifact, .. } => "missing-artifact",
        E { kind: UsageErrorKind::AmbiguousArtifact, .. } => "ambiguous-artifact",
        E { kind: UsageErrorKind::ArtifactDigest(_), .. } => "invalid-artifact-digest",
        E { kind: UsageErrorKind::DangerouslyNotTrue, .. } => "dangerously-not-true",
        E { kind: UsageErrorKind::MissingSigner, .. } => "missing-signer",
        E { kind: UsageErrorKind::Signer, .. } => "invalid-signer",
        E { kind: UsageErrorKind::Pattern(_), .. } => "invalid-pattern",
        E { kind: UsageErrorKind::UnknownClaim { .. }, .. } => "unknown-claim",
        E { kind: UsageErrorKind::PublicKey(_), .. } => "invalid-public-key",
        E { kind: UsageErrorKind::Requirement, .. } => "invalid-requirement",
        E { kind: UsageErrorKind::WitnessKey, .. } => "invalid-witness-key",
        E { kind: UsageErrorKind::Time, .. } => "invalid-time",
        E { kind: UsageErrorKind::TrustedRoot(_), .. } => "invalid-trusted-root",
    });
}

impl From<ShapeError> for UsageError {
    fn from(error: ShapeError) -> Self {
        Self { at: error.at, kind: UsageErrorKind::Shape(error.kind) }
    }
}

impl From<JsonError> for UsageError {
    fn from(error: JsonError) -> Self {
        ShapeError::from(error).into()
    }
}

impl From<TrustedRootError> for UsageError {
    fn from(error: TrustedRootError) -> Self {
        Self { at: error.at().to_string(), kind: UsageErrorKind::TrustedRoot(error) }
    }
}

fn wrong(node: &Node<'_, '_>, kind: UsageErrorKind) -> UsageError {
    UsageError { at: node.pointer(), kind }
}

impl<'a> Options<'a> {
    /// Reads options; `bytes` is the artifact itself, where the caller has it. The shape:
    ///
    /// ```json
    /// { "artifact": { "sha256": "…" },
    ///   "signer": { "issuer": "…", "identity": "…", "claims": { "sourceRepositoryURI": "…" } },
    ///   "require": { "logEntries": 1, "scts": 1, "signedTimestamps": 0, "promiseOnly": false,
    ///                "witnesses": { "keys": ["…"], "threshold": 1 } },
    ///   "now": "2026-01-01T00:00:00Z" }
    /// ```
    ///
    /// # Errors
    /// [`UsageError`].
    pub fn from_json(text: &str, bytes: Option<&'a [u8]>) -> Result<Self, UsageError> {
        if text.len() > MAX_OPTIONS_BYTES {
            return Err(UsageError { at: String::new(), kind: UsageErrorKind::TooLarge });
        }
        let value = json::parse(text.as_bytes())?;
        let root = Node::root(&value);
        let mut fields = root.fields()?;
        let artifact = match (fields.optional("artifact")?, bytes) {
            (None, Some(bytes)) => Artifact::from_bytes(bytes),
            (Some(node), None) => artifact(&node)?,
            (None, None) => return Err(wrong(&root, UsageErrorKind::MissingArtifact)),
            (Some(node), Some(_)) => return Err(wrong(&node, UsageErrorKind::AmbiguousArtifact)),
        };
        let Some(node) = fields.optional("signer")? else {
            return Err(wrong(&root, UsageErrorKind::MissingSigner));
        };
        let signer = signer_policy(&node)?;
        let require = match fields.optional("require")? {
            Some(node) => requirements(&node)?,
            None => Requirements::default(),
        };
        let now = fields.optional("now")?.map(|node| time(&node)).transpose()?;
        fields.end()?;
        Ok(Self { artifact, signer, require, now })
    }
}

fn artifact<'a>(node: &Node<'_, '_>) -> Result<Artifact<'a>, UsageError> {
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

fn must_be_true(node: &Node<'_, '_>) -> Result<(), UsageError> {
    match node.value() {
        Value::Bool(true) => Ok(()),
        _ => Err(wrong(node, UsageErrorKind::DangerouslyNotTrue)),
    }
}

fn signer_policy(node: &Node<'_, '_>) -> Result<SignerPolicy, UsageError> {
    match node.value() {
        Value::Array(_) => {
            let rules = node
                .items("signers", MAX_SIGNER_RULES)?
                .map(|item| {
                    let mut fields = item.fields().map_err(|_| wrong(&item, UsageErrorKind::Signer))?;
                    signer_rule(&mut fields)
                })
                .collect::<Result<Vec<_>, _>>()?;
            if rules.is_empty() { Err(wrong(node, UsageErrorKind::Signer)) } else { Ok(SignerPolicy::AnyOf(rules)) }
        }
        Value::Object(_) => {
            let mut fields = node.fields()?;
            if let Some(any) = fields.optional("dangerouslyAnySigner")? {
                must_be_true(&any)?;
                fields.end()?;
                return Ok(SignerPolicy::DangerouslyAny);
            }
            Ok(SignerPolicy::AnyOf(alloc::vec![signer_rule(&mut fields)?]))
        }
        _ => Err(wrong(node, UsageErrorKind::Signer)),
    }
}

fn signer_rule(fields: &mut Fields<'_, '_>) -> Result<SignerRule, UsageError> {
    let node = *fields.node();
    let rule = if let Some(pem) = fields.optional("publicKey")? {
        let key = PublicKey::from_pem(pem.string()?).map_err(|error| wrong(&pem, UsageErrorKind::PublicKey(error)))?;
        let window = fields.optional("validFor")?.map(|node| key_window(&node)).transpose()?;
        SignerRule::PublicKey(KeyRule { key, window })
    } else {
        let (Some(issuer), Some(identity)) = (fields.optional("issuer")?, fields.optional("identity")?) else {
            return Err(wrong(&node, UsageErrorKind::Signer));
        };
        let (issuer, identity) = (pattern(&issuer)?, pattern(&identity)?);
        let mut claims = Vec::new();
        if let Some(wanted) = fields.optional("claims")? {
            for (name, value) in wanted.members()? {
                let Some(claim) = Claim::from_name(name) else {
                    return Err(wrong(&value, UsageErrorKind::UnknownClaim { found: name.to_string() }));
                };
                claims.push((claim, value.string()?.to_string()));
            }
        }
        SignerRule::Identity(IdentityRule { issuer, identity, claims })
    };
    match fields.rest().next() {
        Some(unknown) => Err(unknown.error(ShapeErrorKind::UnknownField).into()),
        None => Ok(rule),
    }
}

fn key_window(node: &Node<'_, '_>) -> Result<KeyWindow, UsageError> {
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

fn pattern(node: &Node<'_, '_>) -> Result<Pattern, UsageError> {
    let made = match node.value() {
        Value::String(text) => Pattern::exact(text),
        _ => {
            let mut fields = node.fields()?;
            let made = match (fields.optional("glob")?, fields.optional("regex")?) {
                (Some(glob), None) => Pattern::glob(glob.string()?),
                (None, Some(regex)) => Pattern::regex(regex.string()?),
                _ => return Err(wrong(node, UsageErrorKind::Pattern(PatternError::Empty))),
            };
            fields.end()?;
            made
        }
    };
    made.map_err(|error| wrong(node, UsageErrorKind::Pattern(error)))
}

fn requirements(node: &Node<'_, '_>) -> Result<Requirements, UsageError> {
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

/// A whole number from 0 to `limit`; a larger one could never be met, and is a mistake.
fn count(node: &Node<'_, '_>, limit: usize) -> Result<usize, UsageError> {
    match node.value() {
        Value::Unsigned(number) => usize::try_from(*number).ok().filter(|number| *number <= limit),
        _ => None,
    }
    .ok_or_else(|| wrong(node, UsageErrorKind::Requirement))
}

fn time(node: &Node<'_, '_>) -> Result<UnixTime, UsageError> {
    UnixTime::from_rfc3339(node.string()?).ok_or_else(|| wrong(node, UsageErrorKind::Time))
}
