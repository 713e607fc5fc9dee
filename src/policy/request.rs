//! What is judged by a policy, besides the bundles.

use alloc::string::{String, ToString};

use super::options::{UsageError, UsageErrorKind};
use super::read::{artifact, time};
use crate::check::artifact::Artifact;
use crate::encoding::json::{self, Node};
use crate::limits::MAX_OPTIONS_BYTES;
use crate::time::UnixTime;

/// What is judged by a policy, besides the bundles.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The artifact.
    pub artifact: Artifact<'a>,
    /// The caller's time: for ages, expiries, and refusing evidence from the future.
    pub now: Option<UnixTime>,
    /// What the caller asked a registry for, such as `ghcr.io/acme/app:1.0` or `pkg:npm/app@1.0.0`: the caller's own word, for
    /// exceptions and for telling tags that are not pinned.
    pub reference: Option<String>,
    /// When the artifact was published, by the caller's own knowledge, for `legacyBefore`.
    pub published: Option<UnixTime>,
}

impl<'a> Request<'a> {
    /// Reads a request; `bytes` is the artifact itself, where the caller has it.
    ///
    /// ```json
    /// { "artifact": { "sha256": "…" }, "indexes": ["{…}"], "now": "2026-01-01T00:00:00Z", "reference": "ghcr.io/acme/app:1.0", "published": "…" }
    /// ```
    ///
    /// # Errors
    /// [`UsageError`] with a JSON pointer into the request.
    pub fn from_json(text: &str, bytes: Option<&'a [u8]>) -> Result<Self, UsageError> {
        if text.len() > MAX_OPTIONS_BYTES {
            return Err(UsageError::new(String::new(), UsageErrorKind::TooLarge));
        }
        let value = json::parse(text.as_bytes())?;
        let root = Node::root(&value).strict();
        let mut fields = root.fields()?;
        let artifact = artifact(&mut fields, bytes)?;
        let request = Self {
            artifact,
            now: fields.optional("now")?.map(|node| time(&node)).transpose()?,
            reference: fields.optional("reference")?.map(|node| node.string().map(ToString::to_string)).transpose()?,
            published: fields.optional("published")?.map(|node| time(&node)).transpose()?,
        };
        fields.end()?;
        Ok(request)
    }
}
