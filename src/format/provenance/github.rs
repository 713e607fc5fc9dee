//! What GitHub Actions tells a run about itself, under the names of its environment variables.

use super::{FactName, Provenance, text};
use crate::encoding::json::{Node, ShapeError};

/// The variables that repeat what the CA certifies, and the facts that they are.
const VARIABLES: &[(&str, FactName)] = &[
    ("EVENT_NAME", FactName::Trigger),
    ("REPOSITORY", FactName::SourceRepository),
    ("REF", FactName::SourceRef),
    ("SHA", FactName::SourceCommit),
    ("SHA1", FactName::SourceCommit),
    ("REPOSITORY_ID", FactName::SourceRepositoryId),
    ("REPOSITORY_OWNER_ID", FactName::SourceOwnerId),
    ("WORKFLOW_REF", FactName::ConfigUri),
    ("WORKFLOW_SHA", FactName::ConfigCommit),
];

impl Provenance {
    /// Takes the facts of an object that names them `GITHUB_REF` or, as slsa-github-generator does, `github_ref`.
    pub(super) fn claim_github_variables(&mut self, object: &Node<'_, '_>) -> Result<(), ShapeError> {
        let variable = |name: &str| {
            let upper = alloc::format!("GITHUB_{name}");
            object.member(&upper).or_else(|| object.member(&upper.to_ascii_lowercase()))
        };
        for (name, fact) in VARIABLES {
            if let Some(node) = variable(name) {
                self.claim(*fact, &node)?;
            }
        }
        if let Some(run) = variable("RUN_ID") {
            let attempt = variable("RUN_ATTEMPT").map(|attempt| text(&attempt)).transpose()?;
            let run_id = text(&run)?;
            let value = attempt.map_or_else(|| run_id.clone(), |attempt| alloc::format!("{run_id}-{attempt}"));
            self.claim_text(FactName::Run, &value, &run);
        }
        Ok(())
    }

    /// Takes the facts of `internalParameters.github`, as GitHub's and npm's predicates of version 1 write it.
    pub(super) fn claim_github_parameters(&mut self, object: &Node<'_, '_>) -> Result<(), ShapeError> {
        self.claim_member(FactName::Trigger, object, "event_name")?;
        self.claim_member(FactName::SourceRepositoryId, object, "repository_id")?;
        self.claim_member(FactName::SourceOwnerId, object, "repository_owner_id")?;
        self.claim_member(FactName::Runner, object, "runner_environment")
    }

    /// Notes every member of `object` whose name is not in `known` as one that the producer never writes.
    pub(super) fn forged_members(&mut self, object: &Node<'_, '_>, known: &[&str]) -> Result<(), ShapeError> {
        for (name, member) in object.members()? {
            if !known.contains(&name) {
                self.forged.push(member.pointer());
            }
        }
        Ok(())
    }
}
