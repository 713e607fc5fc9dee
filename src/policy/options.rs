//! What a caller asks for, read strictly from JSON: an unknown key or an impossible demand is an error of use, never ignored.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::error::PolicyErrorKind;
use super::level::{LevelRow, table};
use super::pattern::PatternError;
use super::read::{artifact, must_be_true, requirements, signer_rule, time, wrong};
use super::record::{Record, RecordErrorKind};
use super::signer::SignerPolicy;
use super::threshold::Requirements;
use crate::check::artifact::Artifact;
use crate::check::{Coded, codes};
use crate::crypto::{DigestError, KeyError};
use crate::encoding::json::{self, JsonError, Node, ShapeError, ShapeErrorKind, Value};
use crate::encoding::located::located_error;
use crate::encoding::quoted::Quoted;
use crate::format::oci::error::ImageError;
use crate::format::oci::membership::MembershipError;
use crate::format::source::{SourceError, SourceErrorKind};
use crate::format::trusted_root::TrustedRootError;
use crate::limits::{MAX_OPTIONS_BYTES, MAX_SIGNER_RULES};
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
    /// The table of SLSA build levels; the built-in one when it is empty.
    pub levels: Vec<LevelRow>,
    /// Whether provenance may disagree with the certificate. It is then not looked at, and the report tells nothing of it.
    pub dangerously_unbound_provenance: bool,
}

located_error! {
    /// An error of use: what the caller asked for cannot be asked. Never about the evidence.
    UsageError of UsageErrorKind
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
    /// Indexes that do not list the artifact.
    Indexes(MembershipError),
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
    /// A row of levels without a certificate's issuer or a key, or with a level that SLSA does not have.
    Level,
    /// A policy that is not JSON of the documented shape.
    PolicyShape(ShapeErrorKind),
    /// A policy that means nothing, or can never be met.
    Policy(PolicyErrorKind),
    /// A trusted root that cannot be used.
    TrustedRoot(TrustedRootError),
    /// A report, baseline or the like that cannot be used in a comparison.
    Record {
        /// Which.
        record: Record,
        /// What is wrong with it.
        kind: RecordErrorKind,
    },
    /// The name of an image, or what should be a part of one.
    Image(ImageError),
    /// A document in which evidence was looked for.
    Source(SourceErrorKind),
}

impl fmt::Display for UsageErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(kind) => kind.fmt(f),
            Self::TooLarge => write!(f, "expected options of at most {MAX_OPTIONS_BYTES} bytes, found more"),
            Self::MissingArtifact => f.write_str("expected an artifact, its digest, or dangerouslyUnbound, found none"),
            Self::AmbiguousArtifact => f.write_str("expected the artifact's bytes or its digest, found both"),
            Self::ArtifactDigest(error) => write!(f, "expected a digest in hexadecimal, found something else: {error}"),
            Self::Indexes(error) => error.fmt(f),
            Self::DangerouslyNotTrue => f.write_str("expected true, which must be written out to lower a guarantee, found something else"),
            Self::MissingSigner => f.write_str("expected a signer, found none: say who must have signed, or dangerouslyAnySigner"),
            Self::Signer => f.write_str("expected { issuer, identity }, { publicKey }, a list of these, or { dangerouslyAnySigner: true }, found something else"),
            Self::Pattern(error) => error.fmt(f),
            Self::UnknownClaim { found } => write!(f, "expected the name of a certified claim, found {}", Quoted(found)),
            Self::PublicKey(error) => write!(f, "expected a public key in PEM, found something else: {error}"),
            Self::Requirement => f.write_str("expected a number that the evidence can reach, found another"),
            Self::WitnessKey => f.write_str("expected the verifier key of a witness (name+hash+key, Ed25519 cosignatures), found something else"),
            Self::Time => f.write_str("expected a time as RFC 3339 writes it, found something else"),
            Self::Level => f.write_str("expected a row with a name, a level from 0 to 3, and an issuer or a publicKey, found another"),
            Self::PolicyShape(kind) => kind.fmt(f),
            Self::Policy(kind) => kind.fmt(f),
            Self::TrustedRoot(error) => write!(f, "trusted root: {error}"),
            Self::Record { kind, .. } => kind.fmt(f),
            Self::Image(error) => error.fmt(f),
            Self::Source(kind) => kind.fmt(f),
        }
    }
}

impl core::error::Error for UsageError {}

impl Coded for UsageErrorKind {
    codes!(UsageErrorKind {
        E::Shape(_) | E::TooLarge => "malformed-options",
        E::MissingArtifact => "missing-artifact",
        E::AmbiguousArtifact => "ambiguous-artifact",
        E::ArtifactDigest(_) => "invalid-artifact-digest",
        E::Indexes(_) => "invalid-indexes",
        E::DangerouslyNotTrue => "dangerously-not-true",
        E::MissingSigner => "missing-signer",
        E::Signer => "invalid-signer",
        E::Pattern(_) => "invalid-pattern",
        E::UnknownClaim { .. } => "unknown-claim",
        E::PublicKey(_) => "invalid-public-key",
        E::Requirement => "invalid-requirement",
        E::WitnessKey => "invalid-witness-key",
        E::Time => "invalid-time",
        E::Level => "invalid-level",
        E::PolicyShape(_) => "malformed-policy",
        E::Policy(_) => "invalid-policy",
        E::TrustedRoot(_) => "invalid-trusted-root",
        E::Record { record: Record::Report, .. } => "invalid-report",
        E::Record { record: Record::Baseline, .. } => "invalid-baseline",
        E::Record { record: Record::UsedInputs, .. } => "invalid-used-inputs",
        E::Record { record: Record::SummaryOptions, .. } => "invalid-summary-options",
        E::Image(ImageError::Name(_)) => "invalid-image-name",
        E::Image(ImageError::Platform { .. }) => "invalid-platform",
        E::Image(ImageError::Digest(_)) => "invalid-image-digest",
        E::Image(ImageError::Content(_)) => "image-content-differs",
        E::Image(ImageError::Subject { .. }) => "image-subject-differs",
        E::Image(ImageError::Membership(MembershipError::NoPlatform { .. })) => "no-such-platform",
        E::Image(ImageError::Statement(_)) => "malformed-image-statement",
        E::Image(_) => "malformed-image-document",
        E::Source(SourceErrorKind::Unknown { .. }) => "unknown-source",
        E::Source(_) => "malformed-source",
    });
}

impl Coded for UsageError {
    const CODES: &'static [&'static str] = UsageErrorKind::CODES;

    fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl From<ShapeError> for UsageError {
    fn from(error: ShapeError) -> Self {
        let (at, kind) = error.into_parts();
        Self::new(at, UsageErrorKind::Shape(kind))
    }
}

impl From<JsonError> for UsageError {
    fn from(error: JsonError) -> Self {
        ShapeError::from(error).into()
    }
}

impl From<SourceError> for UsageError {
    fn from(error: SourceError) -> Self {
        let (at, kind) = error.into_parts();
        Self::new(at, UsageErrorKind::Source(kind))
    }
}

impl From<TrustedRootError> for UsageError {
    fn from(error: TrustedRootError) -> Self {
        Self::new(error.at().to_string(), UsageErrorKind::TrustedRoot(error))
    }
}

impl<'a> Options<'a> {
    /// Reads options; `bytes` is the artifact itself, where the caller has it. The shape:
    ///
    /// ```json
    /// { "artifact": { "sha256": "…" },
    ///   "indexes": ["{…}"],
    ///   "signer": { "issuer": "…", "identity": "…", "claims": { "sourceRepositoryURI": "…" } },
    ///   "require": { "logEntries": 1, "scts": 1, "signedTimestamps": 0, "promiseOnly": false,
    ///                "witnesses": { "keys": ["…"], "threshold": 1 } },
    ///   "levels": [{ "name": "…", "level": 3, "issuer": "…", "identity": "…" }],
    ///   "now": "2026-01-01T00:00:00Z" }
    /// ```
    ///
    /// # Errors
    /// [`UsageError`].
    pub fn from_json(text: &str, bytes: Option<&'a [u8]>) -> Result<Self, UsageError> {
        if text.len() > MAX_OPTIONS_BYTES {
            return Err(UsageError::new(String::new(), UsageErrorKind::TooLarge));
        }
        let value = json::parse(text.as_bytes())?;
        let root = Node::root(&value);
        let mut fields = root.fields()?;
        let artifact = artifact(&mut fields, bytes)?;
        let Some(node) = fields.optional("signer")? else {
            return Err(wrong(&root, UsageErrorKind::MissingSigner));
        };
        let signer = signer_policy(&node)?;
        let require = match fields.optional("require")? {
            Some(node) => requirements(&node)?,
            None => Requirements::default(),
        };
        let now = fields.optional("now")?.map(|node| time(&node)).transpose()?;
        let levels = fields.optional("levels")?.map(|node| table(&node)).transpose()?.unwrap_or_default();
        let unbound = fields.optional("dangerouslyUnboundProvenance")?;
        unbound.as_ref().map_or(Ok(()), must_be_true)?;
        fields.end()?;
        Ok(Self { artifact, signer, require, now, levels, dangerously_unbound_provenance: unbound.is_some() })
    }
}

fn signer_policy(node: &Node<'_, '_>) -> Result<SignerPolicy, UsageError> {
    match node.value() {
        Value::Array(_) => {
            let rules = node.items("signers", MAX_SIGNER_RULES)?.map(|item| signer_rule(&item));
            let rules = rules.collect::<Result<Vec<_>, _>>()?;
            if rules.is_empty() { Err(wrong(node, UsageErrorKind::Signer)) } else { Ok(SignerPolicy::AnyOf(rules)) }
        }
        Value::Object(_) => {
            if let Some(any) = node.member("dangerouslyAnySigner") {
                must_be_true(&any)?;
                let mut fields = node.fields()?;
                fields.optional("dangerouslyAnySigner")?;
                fields.end()?;
                return Ok(SignerPolicy::DangerouslyAny);
            }
            Ok(SignerPolicy::AnyOf(alloc::vec![signer_rule(node)?]))
        }
        _ => Err(wrong(node, UsageErrorKind::Signer)),
    }
}
