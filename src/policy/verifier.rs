//! Who is trusted to summarise verifications (slsa.dev `verification_summary`): the pair of a verifier's name and its signers.

use alloc::string::{String, ToString};

use super::evidence::Evidence;
use super::level::HIGHEST_BUILD_LEVEL;
use super::options::UsageError;
use super::pattern::Patterns;
use super::read::patterns;
use super::requirement::read_level;
use super::signers::Signers;
use crate::encoding::json::Node;
use crate::format::predicate::Predicate;

/// A verifier whose summaries raise the artifact's build level.
#[derive(Clone, Debug)]
pub struct TrustedVerifier {
    id: String,
    pub(super) signers: Signers,
    resource_uri: Patterns,
    level: u8,
}

impl TrustedVerifier {
    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        let mut fields = node.fields()?;
        let verifier = Self {
            id: fields.required("id")?.string()?.to_string(),
            signers: Signers::read(&fields.required("signers")?)?,
            resource_uri: patterns(&fields.required("resourceUri")?)?,
            level: fields.optional("level")?.map(|node| read_level(&node)).transpose()?.unwrap_or(HIGHEST_BUILD_LEVEL),
        };
        fields.end()?;
        Ok(verifier)
    }

    /// The build level that a piece of evidence verifies, if it is a summary by this verifier that passed (VSA, "How to verify": signer
    /// and verifier are one pair, the resource is the expected one, the result is PASSED).
    #[must_use]
    pub fn level(&self, evidence: &Evidence<'_>) -> Option<u8> {
        let Predicate::VerificationSummary(summary) = &evidence.statement()?.statement().predicate else { return None };
        let is_about = summary.resource_uri.as_deref().is_some_and(|uri| self.resource_uri.matches(uri));
        let is_by = summary.verifier == self.id && self.signers.trust(evidence);
        let level = summary.build_level().filter(|_| is_about && is_by)?;
        Some(level.min(self.level))
    }
}
