//! Requirements: which evidence must be there, and what it must say.

mod condition;
mod error;
mod read;

use alloc::string::String;
use alloc::vec::Vec;

pub use self::error::RequirementError;
pub(super) use self::read::level as read_level;
use super::evidence::Evidence;
use super::package::PackageRule;
use super::pattern::{Pattern, Patterns};
use super::signers::Signers;
use crate::format::predicate::Predicate;
use crate::format::provenance::{FactName, ParameterValue};
use crate::time::UnixTime;

/// Evidence that must be there: a piece, or a group.
#[derive(Clone, Debug)]
pub enum Requirement {
    /// All of these.
    AllOf {
        /// JSON pointer into the policy.
        at: String,
        /// The parts; never empty.
        parts: Vec<Requirement>,
    },
    /// Any of these.
    AnyOf {
        /// JSON pointer into the policy.
        at: String,
        /// The parts; never empty.
        parts: Vec<Requirement>,
    },
    /// One piece.
    Piece(alloc::boxed::Box<Piece>),
}

/// One piece of evidence: a verified bundle of this type, by a trusted signer, that meets every condition at once.
#[derive(Clone, Debug)]
pub struct Piece {
    /// JSON pointer into the policy.
    pub at: String,
    /// Its name, for reports.
    pub name: Option<String>,
    /// The types of predicate that will do, each exactly.
    pub predicate_types: Vec<String>,
    /// Who is trusted for it, in place of the policy's signers.
    pub signers: Option<Signers>,
    conditions: Conditions,
}

/// What a piece must say besides.
#[derive(Clone, Debug, Default)]
struct Conditions {
    facts: Vec<FactCondition>,
    level: Option<u8>,
    certified: bool,
    parameters: Option<Vec<ParameterRule>>,
    dependencies: Option<DependencyRule>,
    /// In milliseconds.
    max_age: Option<i64>,
    package: Option<PackageRule>,
    result: Option<Patterns>,
    vsa: Option<VsaRule>,
}

/// What one fact of the provenance must be.
#[derive(Clone, Debug)]
struct FactCondition {
    name: FactName,
    /// What the value must begin with; the patterns are for the rest.
    prefix: &'static str,
    expected: Patterns,
}

/// What a place in the external parameters may hold.
#[derive(Clone, Debug)]
struct ParameterRule {
    name: String,
    expected: ExpectedParameter,
}

#[derive(Clone, Debug)]
enum ExpectedParameter {
    /// Whatever is at the place or below it.
    Any,
    Value(ParameterValue),
    Pattern(Pattern),
}

/// What must be, and must not be, among the dependencies.
#[derive(Clone, Debug, Default)]
struct DependencyRule {
    digests_required: bool,
    allow: Option<Patterns>,
    deny: Option<Patterns>,
    require: Vec<(Pattern, Option<(String, String)>)>,
}

/// What a verification summary must say.
#[derive(Clone, Debug)]
struct VsaRule {
    verifier: String,
    resource_uri: Option<Patterns>,
    level: Option<u8>,
}

/// What every piece is judged with.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The caller's time.
    pub now: Option<UnixTime>,
    /// The highest build level that a trusted verifier states of the artifact.
    pub verified_level: Option<u8>,
}

/// What became of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// JSON pointer into the policy.
    pub at: String,
    /// What it is about, in a few words.
    pub name: String,
    /// The bundles that meet it, from 0; empty when it is unmet.
    pub met_by: Vec<usize>,
    /// Whether it is met.
    pub is_met: bool,
    /// Why it is unmet: of the piece of evidence that came nearest.
    pub reasons: Vec<Reason>,
    /// The lines of a group.
    pub parts: Vec<Line>,
}

/// Why a requirement is unmet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong.
    pub error: RequirementError,
    /// In which bundle, from 0; `None` when there is none to speak of.
    pub bundle: Option<usize>,
}

impl Line {
    /// Whether this bundle is among those that meet it, or a part of it.
    #[must_use]
    pub fn uses(&self, bundle: usize) -> bool {
        self.met_by.contains(&bundle) || self.parts.iter().any(|part| part.uses(bundle))
    }
}

impl Requirement {
    /// Judges the evidence. `default` are the signers for pieces that name none.
    #[must_use]
    pub fn evaluate(&self, evidence: &[Evidence<'_>], default: &Signers, circumstances: Circumstances) -> Line {
        let group = |at: &String, name: &str, parts: &[Self]| {
            let parts: Vec<_> = parts.iter().map(|part| part.evaluate(evidence, default, circumstances)).collect();
            Line { at: at.clone(), name: name.into(), met_by: Vec::new(), is_met: false, reasons: Vec::new(), parts }
        };
        match self {
            Self::AllOf { at, parts } => {
                let line = group(at, "all of", parts);
                Line { is_met: line.parts.iter().all(|part| part.is_met), ..line }
            }
            Self::AnyOf { at, parts } => {
                let line = group(at, "any of", parts);
                Line { is_met: line.parts.iter().any(|part| part.is_met), ..line }
            }
            Self::Piece(piece) => piece.evaluate(evidence, default, circumstances),
        }
    }

    /// Shows every piece to `visit`.
    pub fn each_piece<'p>(&'p self, visit: &mut dyn FnMut(&'p Piece)) {
        match self {
            Self::AllOf { parts, .. } | Self::AnyOf { parts, .. } => {
                parts.iter().for_each(|part| part.each_piece(visit))
            }
            Self::Piece(piece) => visit(piece),
        }
    }

    /// Reads a list of requirements, all of which must be met.
    pub(super) fn read_all(
        node: &crate::encoding::json::Node<'_, '_>,
    ) -> Result<Vec<Self>, super::options::UsageError> {
        read::requirements(node)
    }
}

impl Piece {
    /// Whether it takes the caller's time to judge this.
    #[must_use]
    pub fn needs_now(&self) -> bool {
        self.conditions.max_age.is_some()
    }

    fn evaluate(&self, evidence: &[Evidence<'_>], default: &Signers, circumstances: Circumstances) -> Line {
        let signers = self.signers.as_ref().unwrap_or(default);
        // A piece with signers of its own asks for as many as they say; the policy's threshold is a line of its own.
        let threshold = self.signers.as_ref().map_or(1, Signers::threshold);
        let mut met = Vec::new();
        let mut nearest: Option<Vec<Reason>> = None;
        let mut is_there = false;
        for piece in evidence {
            let Some(statement) = piece.statement() else { continue };
            if !self.predicate_types.contains(&statement.statement().predicate_type) {
                continue;
            }
            is_there = true;
            let errors = match &statement.statement().predicate {
                _ if !signers.trust(piece) => alloc::vec![RequirementError::Signer],
                // It names the type, and is not of it: nothing is known of what it says.
                Predicate::Malformed(_) => alloc::vec![RequirementError::Predicate],
                _ => self.conditions.unmet(piece, circumstances),
            };
            if errors.is_empty() {
                met.push(piece);
                continue;
            }
            // What a trusted signer says comes nearer than anything that another says.
            let closeness = |reasons: &[Reason]| {
                let by_other = reasons.iter().any(|reason| reason.error == RequirementError::Signer);
                (by_other, reasons.len())
            };
            let reasons: Vec<_> =
                errors.into_iter().map(|error| Reason { error, bundle: Some(piece.bundle()) }).collect();
            if nearest.as_ref().is_none_or(|best| closeness(&reasons) < closeness(best)) {
                nearest = Some(reasons);
            }
        }
        let found = signers.count(met.iter().copied());
        let is_met = found >= threshold;
        let reasons = match (is_met, is_there) {
            (true, _) => Vec::new(),
            (false, false) => {
                let types = self.predicate_types.clone();
                alloc::vec![Reason { error: RequirementError::NoEvidence { types }, bundle: None }]
            }
            (false, true) => {
                let too_few = RequirementError::TooFewSigners { required: threshold, found };
                let too_few = (threshold > 1).then_some(Reason { error: too_few, bundle: None });
                too_few.into_iter().chain(nearest.unwrap_or_default()).collect()
            }
        };
        Line {
            at: self.at.clone(),
            name: self.name.clone().unwrap_or_else(|| self.predicate_types.join(" or ")),
            met_by: if is_met { met.iter().map(|piece| piece.bundle()).collect() } else { Vec::new() },
            is_met,
            reasons,
            parts: Vec::new(),
        }
    }
}
