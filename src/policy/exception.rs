//! What may pass although the evidence is not enough. It is then `excepted`, never `verified`.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::PolicyErrorKind;
use super::options::{UsageError, UsageErrorKind};
use super::pattern::Pattern;
use super::read::{pattern, some, text, time, wrong};
use crate::check::artifact::Artifact;
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::Node;
use crate::limits::MAX_EXCEPTIONS;
use crate::time::UnixTime;

/// An artifact that may pass until a time.
#[derive(Clone, Debug)]
pub struct Exception {
    target: Target,
    /// Why.
    pub reason: String,
    /// The last instant at which it holds.
    pub expires: UnixTime,
}

#[derive(Clone, Debug)]
enum Target {
    Digest(Digest),
    Reference(Pattern),
}

/// A time before which artifacts were made without the evidence that is asked for now.
#[derive(Clone, Debug)]
pub struct Legacy {
    /// The first instant at which it no longer holds.
    pub time: UnixTime,
    /// Why.
    pub reason: String,
}

impl Exception {
    pub(super) fn read_all(node: &Node<'_, '_>) -> Result<Vec<Self>, UsageError> {
        let all = node.items("exceptions", MAX_EXCEPTIONS)?.map(|item| Self::read(&item));
        some(node, all.collect::<Result<_, _>>()?)
    }

    fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        let mut fields = node.fields()?;
        let word =
            |node: &Node<'_, '_>, expected| wrong(node, UsageErrorKind::Policy(PolicyErrorKind::Word { expected }));
        let target = match (fields.optional("digest")?, fields.optional("reference")?) {
            (Some(digest), None) => {
                let named = digest.string()?.split_once(':').and_then(|(name, hex)| {
                    Digest::from_hex(HashAlgorithm::from_name(name)?, &hex.to_ascii_lowercase()).ok()
                });
                Target::Digest(named.ok_or_else(|| word(&digest, "a digest such as \"sha256:…\""))?)
            }
            (None, Some(reference)) => Target::Reference(pattern(&reference)?),
            _ => return Err(word(node, "one of digest and reference")),
        };
        let exception =
            Self { target, reason: text(&fields.required("reason")?)?, expires: time(&fields.required("expires")?)? };
        fields.end()?;
        Ok(exception)
    }

    /// Whether it is about this artifact, expired or not.
    #[must_use]
    pub fn is_about(&self, artifact: &Artifact<'_>, reference: Option<&str>) -> bool {
        match &self.target {
            Target::Digest(digest) => artifact.is_named_by(digest),
            Target::Reference(pattern) => reference.is_some_and(|reference| pattern.matches(reference)),
        }
    }
}

impl Legacy {
    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        let mut fields = node.fields()?;
        let legacy = Self { time: time(&fields.required("time")?)?, reason: text(&fields.required("reason")?)? };
        fields.end()?;
        Ok(legacy)
    }
}
