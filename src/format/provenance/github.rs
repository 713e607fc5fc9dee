//! What GitHub Actions tells a run about itself, under the names of its environment variables.

use super::{FactName, Provenance, number};
use crate::encoding::json::{Node, ShapeError};
use crate::limits::MAX_REPORTED_FORGED_FIELDS;

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
    /// Takes the facts of an object that names them `GITHUB_REF` or, as slsa-github-generator does, `github_ref`. Where both are
    /// there, both count: nobody knows which of them a reader trusts.
    pub(super) fn claim_github_variables(&mut self, object: &Node<'_, '_>) -> Result<(), ShapeError> {
        for in_lower_case in [false, true] {
            let variable = |name: &str| {
                let upper = alloc::format!("GITHUB_{name}");
                object.member(if in_lower_case { upper.to_ascii_lowercase() } else { upper }.as_str())
            };
            for (name, fact) in VARIABLES {
                variable(name).map_or(Ok(()), |node| self.claim(*fact, &node))?;
            }
            if let Some(run) = variable("RUN_ID") {
                let attempt = variable("RUN_ATTEMPT").map(|attempt| number(&attempt)).transpose()?;
                let run_id = number(&run)?;
                let value = attempt.map_or_else(|| run_id.clone(), |attempt| alloc::format!("{run_id}-{attempt}"));
                self.claim_text(FactName::Run, &value, &run);
            }
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
        self.forged(object.members()?.filter(|(name, _)| !known.contains(name)).map(|(_, member)| member));
        Ok(())
    }

    /// Notes these as what the producer never writes: the first of them, for one is enough, and they may be very many.
    pub(super) fn forged<'p, 'a: 'p>(&mut self, nodes: impl Iterator<Item = Node<'p, 'a>>) {
        let room = MAX_REPORTED_FORGED_FIELDS.saturating_sub(self.forged.len());
        self.forged.extend(nodes.take(room).map(|node| node.pointer()));
    }
}
