//! Two versions of one thing: what was trusted then, does it hold now?
//!
//! | code | severity | when |
//! |---|---|---|
//! | `next-not-verified` | critical | the new version does not verify; nothing else of it is then believed or compared |
//! | `signer-kind-changed` | critical | a key signed where a certified identity did, or the reverse |
//! | `signer-changed` | critical | another key, or another identity. The ref of a workflow is no part of it |
//! | `issuer-changed` | critical | another OIDC issuer vouched |
//! | `ref-kind-changed` | warning | the same workflow signed at a branch, a tag, a commit or a proposed change where it was another of these |
//! | `provenance-lost` | critical | provenance that could be bound was there, and is not |
//! | `provenance-gained` | info | the reverse |
//! | `predicate-type-lost` | warning | a type of evidence is gone, in any version |
//! | `predicate-version-changed` | info | the same type of evidence in another version |
//! | `repository-recreated` | critical | the name is the same, the repository's id is not |
//! | `repository-moved` | info | the id is the same, the name is not. Signer and builder may then have moved with it |
//! | `repository-changed` | critical | another name, and another id or none to tell |
//! | `owner-changed` | critical | another owner's id |
//! | `workflow-changed` | warning | another path of the workflow or build configuration |
//! | `builder-changed` | critical, warning | another host or organisation; the same, another builder. A workflow's ref and the number of a run, job or runner are no part of it |
//! | `runner-changed` | critical, info | `self-hosted` where it was not; any other change |
//! | `trigger-changed` | warning, info | an event that people without write access can cause; any other |
//! | `build-type-changed` | info | |
//! | `level-lowered`, `level-raised` | critical, info | the SLSA build level |
//! | `signed-earlier` | warning | the new version was signed before the previous one: a downgrade or a replay |
//! | `subject-changed` | warning | both name packages (purls), of different names; other names tell versions apart, and are not compared |
//! | `fact-lost` | warning, info | told before and not now: repository, its ids, workflow, builder; build type, trigger, runner |

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::baseline::Baseline;
use super::change::{Change, ChangeKind, Severity, TrustComparison};
use super::location::{self, Location};
use super::reported::Reported;
use crate::format::provenance::ProvenanceVersion;

/// Events that somebody without write access to the repository can cause, or that hand on what such a one did (GitHub, "Events that
/// trigger workflows"; GitLab, `CI_PIPELINE_SOURCE`).
const OPEN_TRIGGERS: [&str; 13] = [
    "pull_request",
    "pull_request_target",
    "pull_request_review",
    "pull_request_review_comment",
    "workflow_run",
    "issues",
    "issue_comment",
    "discussion",
    "discussion_comment",
    "fork",
    "watch",
    "merge_request_event",
    "external_pull_request_event",
];

/// Compares what was remembered of one version with the report of the next, or of the same.
#[must_use]
pub fn compare_trust(previous: &Baseline, next: impl Into<Reported>) -> TrustComparison {
    let next = next.into();
    if !next.passed {
        let failures = if next.failures.is_empty() { "a failed report".to_string() } else { next.failures.join(", ") };
        return TrustComparison::new(alloc::vec![Change {
            kind: ChangeKind::NotVerified,
            severity: Severity::Critical,
            previous: None,
            next: Some(failures),
        }]);
    }
    let next = Baseline::remember(&next);
    let mut comparison = Comparison { previous, next: &next, changes: Vec::new() };
    comparison.signer();
    comparison.evidence();
    comparison.repository();
    comparison.build();
    comparison.version();
    TrustComparison::new(comparison.changes)
}

struct Comparison<'c> {
    previous: &'c Baseline,
    next: &'c Baseline,
    changes: Vec<Change>,
}

/// The same part of both versions.
type Pair<'c> = (Option<&'c str>, Option<&'c str>);

impl<'c> Comparison<'c> {
    fn pair(&self, part: impl Fn(&'c Baseline) -> &'c Option<String>) -> Pair<'c> {
        (part(self.previous).as_deref(), part(self.next).as_deref())
    }

    fn add(&mut self, kind: ChangeKind, severity: Severity, (previous, next): Pair<'_>) {
        let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
        self.changes.push(Change { kind, severity, previous: owned(previous), next: owned(next) });
    }

    /// What the previous version told must be told still.
    fn lost(&mut self, fact: &'static str, severity: Severity, pair: Pair<'_>) {
        if let (Some(_), None) = pair {
            self.add(ChangeKind::FactLost { fact }, severity, pair);
        }
    }

    /// The repository's names, where it was renamed: the CA certified the same id for both.
    fn renamed(&self) -> Option<(&'c str, &'c str)> {
        let (Some(id), Some(next_id)) = self.pair(|b| &b.source.repository_id) else { return None };
        let (Some(old), Some(new)) = self.pair(|b| &b.source.repository) else { return None };
        (id == next_id && old != new).then_some((old, new))
    }

    /// Whether both are the same, or are so in a repository that was renamed.
    fn is_same_or_moved(&self, previous: &str, next: &str) -> bool {
        let moved = |(old, new): (&str, &str)| {
            let (previous, next) = (previous.strip_prefix(old), next.strip_prefix(new));
            previous == next && previous.is_some_and(|rest| rest.starts_with('/'))
        };
        previous == next || self.renamed().is_some_and(moved)
    }

    fn signer(&mut self) {
        let (identity, key) = (self.pair(|b| &b.signer.identity), self.pair(|b| &b.signer.public_key));
        match (identity, key) {
            ((Some(previous), Some(next)), _) => {
                let issuer = self.pair(|b| &b.signer.issuer);
                if issuer.0 != issuer.1 {
                    self.add(ChangeKind::Issuer, Severity::Critical, issuer);
                }
                let ((path, revision), (next_path, next_revision)) =
                    (location::split_ref(previous), location::split_ref(next));
                let (kind, next_kind) = (location::ref_kind(revision), location::ref_kind(next_revision));
                if !self.is_same_or_moved(path, next_path) {
                    self.add(ChangeKind::Signer, Severity::Critical, identity);
                } else if kind != next_kind {
                    self.add(ChangeKind::RefKind, Severity::Warning, identity);
                }
            }
            (_, (Some(previous), Some(next))) => {
                if previous != next {
                    self.add(ChangeKind::Signer, Severity::Critical, key);
                }
            }
            _ => {
                let either = (identity.0.or(key.0), identity.1.or(key.1));
                self.add(ChangeKind::SignerKind, Severity::Critical, either);
            }
        }
    }

    /// Provenance, and types of predicates.
    fn evidence(&mut self) {
        let types = (self.previous.predicate_types.first(), self.next.predicate_types.first());
        let types = (types.0.map(String::as_str), types.1.map(String::as_str));
        match (self.previous.level, self.next.level) {
            (Some(_), None) => self.add(ChangeKind::ProvenanceLost, Severity::Critical, types),
            (None, Some(_)) => self.add(ChangeKind::ProvenanceGained, Severity::Info, types),
            _ => {}
        }
        let (previous, next) = (self.previous, self.next);
        for lost in previous.predicate_types.iter().filter(|found| !next.predicate_types.contains(found)) {
            match next.predicate_types.iter().find(|other| family(other) == family(lost)) {
                Some(other) => self.add(ChangeKind::PredicateVersion, Severity::Info, (Some(lost), Some(other))),
                None if family(lost) == PROVENANCE && self.has_lost_provenance() => {}
                None => self.add(ChangeKind::PredicateTypeLost, Severity::Warning, (Some(lost), None)),
            }
        }
    }

    fn has_lost_provenance(&self) -> bool {
        self.previous.level.is_some() && self.next.level.is_none()
    }

    fn repository(&mut self) {
        let names = self.pair(|b| &b.source.repository);
        let ids = self.pair(|b| &b.source.repository_id);
        let is_other_id = matches!(ids, (Some(previous), Some(next)) if previous != next);
        match names {
            (Some(previous), Some(next)) if previous == next => {
                if is_other_id {
                    self.add(ChangeKind::RepositoryRecreated, Severity::Critical, ids);
                }
            }
            (Some(_), Some(_)) if self.renamed().is_some() => {
                self.add(ChangeKind::RepositoryMoved, Severity::Info, names);
            }
            (Some(_), Some(_)) => self.add(ChangeKind::Repository, Severity::Critical, names),
            (None, _) if is_other_id => self.add(ChangeKind::Repository, Severity::Critical, ids),
            _ => self.lost("repository", Severity::Warning, names),
        }
        let owners = self.pair(|b| &b.source.owner_id);
        if matches!(owners, (Some(previous), Some(next)) if previous != next) {
            self.add(ChangeKind::Owner, Severity::Critical, owners);
        }
        // Of another repository, other ids are no news.
        if names.0 == names.1 {
            self.lost("repository id", Severity::Warning, ids);
            self.lost("owner id", Severity::Warning, owners);
        }
    }

    fn build(&mut self) {
        let paths = self.pair(|b| &b.config.path);
        self.differing(paths, ChangeKind::Workflow, |_, _| Severity::Warning);
        let builders = self.pair(|b| &b.builder);
        if let (Some(previous), Some(next)) = builders
            && !self.is_same_or_moved(location::builder(previous), location::builder(next))
        {
            let is_elsewhere = location::organisation(previous) != location::organisation(next);
            let severity = if is_elsewhere { Severity::Critical } else { Severity::Warning };
            self.add(ChangeKind::Builder, severity, builders);
        }
        let types = self.pair(|b| &b.build_type);
        self.differing(types, ChangeKind::BuildType, |_, _| Severity::Info);
        let runners = self.pair(|b| &b.runner);
        self.differing(runners, ChangeKind::Runner, |_, next| match next {
            "self-hosted" => Severity::Critical,
            _ => Severity::Info,
        });
        let triggers = self.pair(|b| &b.trigger);
        self.differing(triggers, ChangeKind::Trigger, |_, next| match OPEN_TRIGGERS.contains(&next) {
            true => Severity::Warning,
            false => Severity::Info,
        });
        match (self.previous.level, self.next.level) {
            (Some(previous), Some(next)) if previous != next => {
                let (kind, severity) = match next < previous {
                    true => (ChangeKind::LevelLowered, Severity::Critical),
                    false => (ChangeKind::LevelRaised, Severity::Info),
                };
                self.add(kind, severity, (Some(&previous.to_string()), Some(&next.to_string())));
            }
            _ => {}
        }
        // Where the whole provenance is gone, that is the news.
        if !self.has_lost_provenance() {
            self.lost("workflow", Severity::Warning, paths);
            self.lost("builder", Severity::Warning, builders);
            self.lost("build type", Severity::Info, types);
            self.lost("runner", Severity::Info, runners);
            self.lost("trigger", Severity::Info, triggers);
        }
    }

    fn differing(&mut self, pair: Pair<'_>, kind: ChangeKind, severity: impl Fn(&str, &str) -> Severity) {
        if let (Some(previous), Some(next)) = pair
            && previous != next
        {
            self.add(kind, severity(previous, next), pair);
        }
    }

    /// Whether the new version is a later one of the same thing.
    fn version(&mut self) {
        if let (Some(previous), Some(next)) = (self.previous.signed, self.next.signed)
            && next < previous
        {
            let (previous, next) = (previous.to_string(), next.to_string());
            self.add(ChangeKind::SignedEarlier, Severity::Warning, (Some(&previous), Some(&next)));
        }
        let subjects = self.pair(|b| &b.subject);
        if let (Some(previous), Some(next)) = subjects {
            let (package, next_package) = (Location::parse(previous), Location::parse(next));
            if package.is_package() && next_package.is_package() && package.key != next_package.key {
                self.add(ChangeKind::Subject, Severity::Warning, subjects);
            }
        }
    }
}

/// The family of every version of SLSA provenance.
const PROVENANCE: &str = "https://slsa.dev/provenance";

/// A predicate type without its version: `https://slsa.dev/provenance/v1` is of the family `https://slsa.dev/provenance`.
fn family(predicate_type: &str) -> &str {
    if ProvenanceVersion::from_predicate_type(predicate_type).is_some() {
        return PROVENANCE;
    }
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|number| {
            number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && number.bytes().any(|b| b.is_ascii_digit())
        })
    };
    match predicate_type.rsplit_once('/') {
        Some((family, version)) if is_version(version) => family,
        _ => predicate_type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_of_predicate_types() {
        assert_eq!(family("https://in-toto.io/Provenance/v0.1"), family("https://slsa.dev/provenance/v1"));
        assert_eq!(family("https://cyclonedx.org/bom/v1.4"), "https://cyclonedx.org/bom");
        assert_eq!(family("https://spdx.dev/Document"), "https://spdx.dev/Document");
        assert_eq!(family("https://a.example/v"), "https://a.example/v");
    }
}
