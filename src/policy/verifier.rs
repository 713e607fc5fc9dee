//! Who is trusted to summarise verifications (slsa.dev `verification_summary`): the pair of a verifier's name and its signers.

use alloc::string::String;
use alloc::vec::Vec;

use super::evidence::Evidence;
use super::level::HIGHEST_BUILD_LEVEL;
use super::options::UsageError;
use super::pattern::Patterns;
use super::read::{patterns, text};
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
            id: text(&fields.required("id")?)?,
            signers: Signers::read(&fields.required("signers")?)?,
            resource_uri: patterns(&fields.required("resourceUri")?)?,
            level: fields.optional("level")?.map(|node| read_level(&node)).transpose()?.unwrap_or(HIGHEST_BUILD_LEVEL),
        };
        fields.end()?;
        Ok(verifier)
    }

    /// The highest build level that as many distinct signers of this verifier state as it takes, or a higher one.
    #[must_use]
    pub fn level(&self, evidence: &[Evidence<'_>]) -> Option<u8> {
        let stated: Vec<_> = evidence.iter().filter_map(|piece| Some((self.stated(piece)?, piece))).collect();
        let by_enough = |level: &u8| {
            let pieces = stated.iter().filter(|(stated, _)| stated >= level).map(|(_, piece)| *piece);
            self.signers.count(pieces) >= self.signers.threshold()
        };
        stated.iter().map(|(level, _)| *level).filter(by_enough).max()
    }

    /// The build level that a piece of evidence states, if it is a summary by this verifier that passed (VSA, "How to verify": signer
    /// and verifier are one pair, the resource is the expected one, the result is PASSED).
    fn stated(&self, evidence: &Evidence<'_>) -> Option<u8> {
        let Predicate::VerificationSummary(summary) = &evidence.statement()?.statement().predicate else { return None };
        let is_about = summary.resource_uri.as_deref().is_some_and(|uri| self.resource_uri.matches(uri));
        let is_by = summary.verifier == self.id && self.signers.trust(evidence);
        let level = summary.build_level().filter(|_| is_about && is_by)?;
        Some(level.min(self.level))
    }
}
