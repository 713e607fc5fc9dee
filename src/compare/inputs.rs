//! What the provenance says went into a build, beside what the caller says was used.
//!
//! An item that was used is looked for by URI, or by name where one side has no URI, in their spellings (`location.rs`); what has no
//! such partner, by a digest that is not weak. Of the partners one must agree in a digest, and differ in none:
//!
//! | status | |
//! |---|---|
//! | `matched` | the provenance lists it with this digest. `weak` where only MD5 or SHA-1 says so; the SHA-1 of a git commit is fine |
//! | `mismatched` | the provenance lists it with another digest of the same algorithm |
//! | `not-recorded` | it was used, and the provenance does not list it |
//! | `incomparable` | the provenance lists it, without a digest of an algorithm that the caller gave |
//! | `not-used` | the provenance lists it, and the caller did not use it |

mod item;
mod used;

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

pub use self::item::{FoundBy, InputComparison, InputCounts, InputItem, InputKind, InputSide, InputStatus};
use self::used::UsedDependency;
pub use self::used::UsedInputs;
use super::digests::DigestSet;
use super::location::Location;
use super::reported::{Reported, Told};
use crate::format::provenance::{FactName, GitSource, Resource};
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError, RecordErrorKind};

/// Compares what the provenance of a report records with what was used.
///
/// # Errors
/// [`UsageError`] of code `invalid-report`: it did not pass, or tells nothing of provenance.
pub fn compare_inputs(report: impl Into<Reported>, used: &UsedInputs) -> Result<InputComparison, UsageError> {
    let report = report.into();
    let wrong = |at: &str, kind| RecordError::new(at.to_owned(), kind).of(Record::Report);
    if !report.passed {
        return Err(wrong("/verdict", RecordErrorKind::NotPassed));
    }
    let told = report.provenance.as_ref().ok_or_else(|| wrong("", RecordErrorKind::NoProvenance))?;
    let recorded = Recorded::of(told);
    let mut consumed = alloc::vec![false; recorded.dependencies.len()];
    let mut items = Vec::new();
    if let Some(commit) = &used.commit {
        items.push(recorded.commit(commit, &mut consumed));
    }
    if let Some(source) = &used.source {
        items.push(recorded.source(source));
    }
    for (index, dependency) in used.dependencies.iter().enumerate() {
        let found = recorded.find(dependency);
        if let Some(place) = found.index.and_then(|index| consumed.get_mut(index)) {
            *place = true;
        }
        items.push(recorded.item(index, dependency, &found));
    }
    let unused = consumed.iter().enumerate().filter(|(_, consumed)| !**consumed);
    items.extend(unused.filter_map(|(index, _)| recorded.side(index)).map(|side| InputItem {
        kind: InputKind::Dependency,
        status: InputStatus::NotUsed,
        by: None,
        algorithm: None,
        weak: false,
        used: None,
        recorded: Some(side),
    }));
    Ok(InputComparison::new(items))
}

/// What the provenance records, ready to be looked up.
struct Recorded<'t> {
    dependencies: Vec<(&'t Resource, Option<Location>)>,
    /// Where a dependency of this location, name or digest stands; see [`key`].
    places: BTreeMap<String, Vec<usize>>,
    repository: Option<String>,
    commit: Option<&'t str>,
}

/// A key of [`Recorded::places`]: one map for three kinds of words, none of which has a line break in front.
fn key(kind: &str, word: &str) -> String {
    alloc::format!("{kind}\n{word}")
}

/// What became of looking for one used dependency.
struct Found {
    status: InputStatus,
    index: Option<usize>,
    by: Option<FoundBy>,
    algorithm: Option<&'static str>,
    weak: bool,
}

/// How two sets of digests stand to each other.
enum Agreement {
    By { algorithm: &'static str, weak: bool },
    Differ { algorithm: &'static str },
    NothingInCommon,
}

impl<'t> Recorded<'t> {
    fn of(told: &'t Told) -> Self {
        let repository = told.fact(FactName::SourceRepository).map(|fact| GitSource::parse(&fact.value).repository);
        let mut recorded = Self {
            dependencies: Vec::new(),
            places: BTreeMap::new(),
            repository,
            commit: told.fact(FactName::SourceCommit).map(|fact| fact.value.as_str()),
        };
        for (index, resource) in told.dependencies.iter().enumerate() {
            let location = resource.uri.as_deref().map(Location::parse);
            let mut add = |key| recorded.places.entry(key).or_default().push(index);
            if let Some(location) = &location {
                add(key("uri", &location.key));
            }
            if let Some(name) = &resource.name {
                add(key("name", name));
            }
            let is_git = location.as_ref().is_some_and(Location::is_git);
            for (algorithm, value) in &resource.digests {
                for name in [*algorithm, git_name(algorithm, is_git)] {
                    add(key("digest", &key(name, value)));
                }
            }
            recorded.dependencies.push((resource, location));
        }
        recorded
    }

    /// The recorded dependency for a used one: of those at its place, or else of its name, the one that agrees, else one that
    /// differs, else one that cannot be compared; where there is none, whatever has its digest.
    fn find(&self, used: &UsedDependency) -> Found {
        let location = used.uri.as_deref().map(Location::parse);
        let mut candidates: Vec<(usize, FoundBy)> = Vec::new();
        if let Some(location) = &location {
            let at = self.places.get(&key("uri", &location.key)).into_iter().flatten().copied();
            let is_there = |index: &usize| {
                let (_, recorded) = self.dependencies.get(*index)?;
                Some(recorded.as_ref()?.is_same(location))
            };
            candidates.extend(at.filter(|index| is_there(index) == Some(true)).map(|index| (index, FoundBy::Uri)));
        }
        if let (Some(name), true) = (&used.name, candidates.is_empty()) {
            let named = self.places.get(&key("name", name)).into_iter().flatten().copied();
            // Both have a location, and it is another one.
            let is_elsewhere =
                |index: usize| location.is_some() && self.dependencies.get(index).is_some_and(|(_, at)| at.is_some());
            candidates.extend(named.filter(|index| !is_elsewhere(*index)).map(|index| (index, FoundBy::Name)));
        }
        let mut best: Option<Found> = None;
        for (index, by) in candidates {
            let Some((resource, at)) = self.dependencies.get(index) else { continue };
            let (status, algorithm, weak) = match agreement((&used.digest, &location), (resource, at)) {
                Agreement::By { algorithm, weak } => (InputStatus::Matched, Some(algorithm), weak),
                Agreement::Differ { algorithm } => (InputStatus::Mismatched, Some(algorithm), false),
                Agreement::NothingInCommon => (InputStatus::Incomparable, None, false),
            };
            let found = Found { status, index: Some(index), by: Some(by), algorithm, weak };
            if best.as_ref().is_none_or(|best| rank(&found) < rank(best)) {
                best = Some(found);
            }
        }
        best.unwrap_or_else(|| self.find_by_digest(used, &location))
    }

    fn find_by_digest(&self, used: &UsedDependency, location: &Option<Location>) -> Found {
        let is_anonymous = used.uri.is_none() && used.name.is_none();
        let (weak, strong): (Vec<_>, Vec<_>) = used.digest.0.iter().partition(|(name, _)| is_weak(name));
        for (algorithm, value) in strong.into_iter().chain(weak.into_iter().filter(|_| is_anonymous)) {
            let found = self.places.get(&key("digest", &key(algorithm, value)));
            let Some(index) = found.and_then(|places| places.first()).copied() else { continue };
            let Some((resource, at)) = self.dependencies.get(index) else { continue };
            if let Agreement::By { algorithm, weak } = agreement((&used.digest, location), (resource, at)) {
                let status = InputStatus::Matched;
                return Found {
                    status,
                    index: Some(index),
                    by: Some(FoundBy::Digest),
                    algorithm: Some(algorithm),
                    weak,
                };
            }
        }
        Found { status: InputStatus::NotRecorded, index: None, by: None, algorithm: None, weak: false }
    }

    fn item(&self, index: usize, used: &UsedDependency, found: &Found) -> InputItem {
        InputItem {
            kind: InputKind::Dependency,
            status: found.status,
            by: found.by,
            algorithm: found.algorithm,
            weak: found.weak,
            used: Some(InputSide {
                at: alloc::format!("/dependencies/{index}"),
                name: used.name.clone(),
                uri: used.uri.clone(),
                digest: used.digest.clone(),
            }),
            recorded: found.index.and_then(|index| self.side(index)),
        }
    }

    fn side(&self, index: usize) -> Option<InputSide> {
        let (resource, _) = self.dependencies.get(index)?;
        Some(InputSide {
            at: alloc::format!("/provenance/dependencies/{index}"),
            name: resource.name.clone(),
            uri: resource.uri.clone(),
            digest: DigestSet(resource.digests.clone()),
        })
    }

    /// The commit that was built. The dependency that is the source is then no other input.
    fn commit(&self, used: &str, consumed: &mut [bool]) -> InputItem {
        let status = match self.commit {
            None => InputStatus::NotRecorded,
            Some(recorded) if recorded.len() != used.len() => InputStatus::Incomparable,
            Some(recorded) if recorded.eq_ignore_ascii_case(used) => InputStatus::Matched,
            Some(_) => InputStatus::Mismatched,
        };
        for ((resource, at), consumed) in self.dependencies.iter().zip(consumed) {
            let is_source = at.as_ref().is_some_and(|at| at.is_git() && Some(&at.key) == self.repository.as_ref());
            let commit = resource.digest("gitCommit").or_else(|| resource.digest("sha1"));
            *consumed |= is_source && commit.is_some() && commit == self.commit;
        }
        let side = |at: &str, commit: &str| InputSide {
            at: at.to_owned(),
            name: None,
            uri: None,
            digest: DigestSet(alloc::vec![("gitCommit", commit.to_owned())]),
        };
        InputItem {
            kind: InputKind::Commit,
            status,
            by: None,
            algorithm: matches!(status, InputStatus::Matched | InputStatus::Mismatched).then_some("gitCommit"),
            weak: false,
            used: Some(side("/commit", used)),
            recorded: self.commit.map(|commit| side("/provenance/source/commit", commit)),
        }
    }

    fn source(&self, used: &str) -> InputItem {
        let status = match &self.repository {
            None => InputStatus::NotRecorded,
            Some(recorded) if *recorded == GitSource::parse(used).repository => InputStatus::Matched,
            Some(_) => InputStatus::Mismatched,
        };
        let side = |at: &str, uri: &str| InputSide {
            at: at.to_owned(),
            name: None,
            uri: Some(uri.to_owned()),
            digest: DigestSet::default(),
        };
        InputItem {
            kind: InputKind::Source,
            status,
            by: Some(FoundBy::Uri).filter(|_| self.repository.is_some()),
            algorithm: None,
            weak: false,
            used: Some(side("/source", used)),
            recorded: self.repository.as_deref().map(|uri| side("/provenance/source/repository", uri)),
        }
    }
}

/// Agreement before contradiction before nothing; and strong agreement before weak.
fn rank(found: &Found) -> u8 {
    match found.status {
        InputStatus::Matched if !found.weak => 0,
        InputStatus::Matched => 1,
        InputStatus::Mismatched => 2,
        _ => 3,
    }
}

/// Whether others can be made to have the same digest.
fn is_weak(algorithm: &str) -> bool {
    matches!(algorithm, "md5" | "sha1")
}

/// Of a git source, `sha1` is an old name of `gitCommit`.
fn git_name(algorithm: &'static str, is_git: bool) -> &'static str {
    if is_git && algorithm == "sha1" { "gitCommit" } else { algorithm }
}

/// Compares digests of common algorithms: all must be equal. A SHA-1 is a commit only for a side that is a git source itself: the
/// recorded side must not make one of the caller's.
fn agreement(
    (used, used_at): (&DigestSet, &Option<Location>),
    (recorded, recorded_at): (&Resource, &Option<Location>),
) -> Agreement {
    let is_git = |at: &Option<Location>| at.as_ref().is_some_and(Location::is_git);
    let (used_is_git, recorded_is_git) = (is_git(used_at), is_git(recorded_at));
    let mut by: Option<&'static str> = None;
    for (used_name, value) in &used.0 {
        for (recorded_name, other) in &recorded.digests {
            let name = git_name(used_name, used_is_git);
            let algorithm = match name == git_name(recorded_name, recorded_is_git) {
                true => name,
                false if used_name == recorded_name => used_name,
                false => continue,
            };
            // A commit has one id in each of git's two object formats.
            if algorithm == "gitCommit" && value.len() != other.len() {
                continue;
            }
            if value != other {
                return Agreement::Differ { algorithm };
            }
            if by.is_none_or(is_weak) {
                by = Some(algorithm);
            }
        }
    }
    by.map_or(Agreement::NothingInCommon, |algorithm| Agreement::By { algorithm, weak: is_weak(algorithm) })
}
