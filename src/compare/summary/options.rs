//! What a summary is asked to say, read strictly.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::compare::digests::{self, DigestSet};
use crate::compare::reported::text;
use crate::encoding::json::Node;
use crate::limits::MAX_OPTIONS_BYTES;
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError};
use crate::time::UnixTime;

/// What a report cannot tell: who verified, when, for what, and by which policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryOptions {
    pub(super) now: UnixTime,
    pub(super) verifier: String,
    pub(super) resource_uri: String,
    pub(super) policy: PolicyReference,
    pub(super) subject: Option<GivenSubject>,
}

/// The policy that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyReference {
    pub(super) uri: String,
    pub(super) digest: Option<DigestSet>,
}

/// The artifact, according to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenSubject {
    pub(super) name: Option<String>,
    pub(super) digest: DigestSet,
}

impl SummaryOptions {
    /// Reads options:
    ///
    /// ```json
    /// { "now": "2026-01-01T00:00:00Z", "verifier": { "id": "https://acme.example/verifier" }, "resourceUri": "pkg:npm/app@1.0.0",
    ///   "policy": { "uri": "https://acme.example/policy.json", "digest": "sha256:…" },
    ///   "subject": { "name": "app.tgz", "digest": "sha256:…" } }
    /// ```
    ///
    /// `subject` is needed where the report tells no digest of the artifact, and must agree with it where it does.
    ///
    /// # Errors
    /// [`UsageError`] of code `invalid-summary-options`, located.
    pub fn from_json(text: &str) -> Result<Self, UsageError> {
        Record::SummaryOptions.read(text, MAX_OPTIONS_BYTES, read)
    }
}

fn read(root: &Node<'_, '_>) -> Result<SummaryOptions, RecordError> {
    let mut fields = root.fields()?;
    let options = SummaryOptions {
        now: digests::time(&fields.required("now")?)?,
        verifier: verifier(&fields.required("verifier")?)?,
        resource_uri: uri(&fields.required("resourceUri")?)?,
        policy: policy(&fields.required("policy")?)?,
        subject: fields.optional("subject")?.map(|node| subject(&node)).transpose()?,
    };
    fields.end()?;
    Ok(options)
}

fn verifier(node: &Node<'_, '_>) -> Result<String, RecordError> {
    let mut fields = node.fields()?;
    let id = uri(&fields.required("id")?)?;
    fields.end()?;
    Ok(id)
}

fn policy(node: &Node<'_, '_>) -> Result<PolicyReference, RecordError> {
    let mut fields = node.fields()?;
    let policy = PolicyReference {
        uri: uri(&fields.required("uri")?)?,
        digest: fields.optional("digest")?.map(|digest| DigestSet::read(&digest)).transpose()?,
    };
    fields.end()?;
    Ok(policy)
}

fn subject(node: &Node<'_, '_>) -> Result<GivenSubject, RecordError> {
    let mut fields = node.fields()?;
    let subject =
        GivenSubject { name: text(fields.optional("name")?)?, digest: DigestSet::read(&fields.required("digest")?)? };
    fields.end()?;
    Ok(subject)
}

/// A URI, as far as one can be told: a scheme, and no space.
fn uri(node: &Node<'_, '_>) -> Result<String, RecordError> {
    let text = node.string()?;
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty());
    let is_uri = has_scheme && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_uri { Ok(text.to_owned()) } else { Err(RecordError::value(node, "a URI")) }
}
