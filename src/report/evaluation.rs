//! What came of judging several bundles together by a policy: a line for every requirement, and a report for every bundle.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Report;
use crate::check::{Coded, codes};
use crate::encoding::hex;
use crate::encoding::quoted::Quoted;
use crate::policy::document::Mode;
use crate::policy::requirement::{Line, Reason};
use crate::time::UnixTime;

/// The media type of an evaluation's JSON; the version rises when a reader of the old shape would misread the new one.
pub const MEDIA_TYPE: &str = "application/vnd.admissible.evaluation.v1+json";

/// What came of judging several bundles together by a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The policy's name.
    pub policy_name: Option<String>,
    /// SHA-256 of the policy's text.
    pub policy_sha256: [u8; 32],
    /// Whether a rejection refuses.
    pub mode: Mode,
    /// One line for how the artifact is named, one for the signers, and one for every requirement.
    pub lines: Vec<Line>,
    /// What lets the artifact pass although a line is unmet.
    pub exception: Option<Excepted>,
    /// What is worth knowing and decided nothing.
    pub findings: Vec<Finding>,
    /// The highest SLSA build level that trusted evidence shows of the artifact.
    pub level: Option<u8>,
    /// A report for every bundle, in the order given.
    pub reports: Vec<Report>,
}

/// The answer of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvaluationVerdict {
    /// Every requirement is met by verified evidence.
    Verified,
    /// Some is not, and an exception lets the artifact pass.
    Excepted,
    /// Some is not.
    Rejected,
}

impl EvaluationVerdict {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Excepted => "excepted",
            Self::Rejected => "rejected",
        }
    }
}

/// What lets an artifact pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excepted {
    /// An exception that has not expired.
    Exception {
        /// JSON pointer into the policy.
        at: String,
        /// Why.
        reason: String,
        /// The last instant at which it holds.
        expires: UnixTime,
    },
    /// It is older than the policy's demands.
    Legacy {
        /// Why.
        reason: String,
        /// The first instant at which this would no longer hold.
        before: UnixTime,
    },
}

/// Something worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A reference without digest.
    TagNotPinned {
        /// What was asked for.
        reference: String,
        /// What to refer to instead.
        pinned: Option<String>,
    },
    /// An exception about this artifact has expired.
    ExceptionExpired {
        /// JSON pointer into the policy.
        at: String,
        /// When.
        expires: UnixTime,
    },
    /// A bundle that did not verify, and so counted for nothing.
    BundleNotVerified {
        /// Which, from 0.
        bundle: usize,
        /// The code of its first failure.
        code: &'static str,
    },
}

impl Finding {
    fn at(&self) -> &str {
        match self {
            Self::ExceptionExpired { at, .. } => at,
            Self::TagNotPinned { .. } | Self::BundleNotVerified { .. } => "",
        }
    }

    fn bundle(&self) -> Option<usize> {
        match self {
            Self::BundleNotVerified { bundle, .. } => Some(*bundle),
            _ => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TagNotPinned { reference, .. } => {
                write!(f, "{} is not pinned: its registry may serve another artifact tomorrow", Quoted(reference))
            }
            Self::ExceptionExpired { expires, .. } => write!(f, "an exception for this artifact expired at {expires}"),
            Self::BundleNotVerified { bundle, code } => {
                write!(f, "bundle {bundle} did not verify ({code}), and counted for nothing")
            }
        }
    }
}

impl Coded for Finding {
    codes!(Finding {
        E::TagNotPinned { .. } => "tag-not-pinned",
        E::ExceptionExpired { .. } => "exception-expired",
        E::BundleNotVerified { .. } => "bundle-not-verified",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::TagNotPinned { pinned: Some(pinned), .. } => Some(alloc::format!("refer to {pinned}")),
            _ => None,
        }
    }
}

impl Evaluation {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> EvaluationVerdict {
        match (self.lines.iter().all(|line| line.is_met), &self.exception) {
            (true, _) => EvaluationVerdict::Verified,
            (false, Some(_)) => EvaluationVerdict::Excepted,
            (false, None) => EvaluationVerdict::Rejected,
        }
    }

    /// Whether the artifact may be used: it is verified or excepted, or the policy only warns.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        self.verdict() != EvaluationVerdict::Rejected || self.mode == Mode::Warn
    }

    /// One plain sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let unmet: Vec<_> =
            self.lines.iter().filter(|line| !line.is_met).map(|line| Quoted(&line.name).to_string()).collect();
        let unmet = unmet.join(", ");
        match (self.verdict(), &self.exception) {
            (EvaluationVerdict::Verified, _) => {
                let (met, bundles) = (self.lines.len(), self.reports.len());
                let used = (0..bundles).filter(|bundle| self.lines.iter().any(|line| line.uses(*bundle))).count();
                let used = if used == bundles { String::new() } else { alloc::format!("{used} of ") };
                alloc::format!(
                    "verified: all {met} requirements are met, by {used}{bundles} {}",
                    plural(bundles, "bundle")
                )
            }
            (_, Some(Excepted::Exception { reason, expires, .. })) => {
                alloc::format!("excepted until {expires}, not verified ({unmet} unmet): {}", Quoted(reason))
            }
            (_, Some(Excepted::Legacy { reason, before })) => {
                alloc::format!("excepted as older than {before}, not verified ({unmet} unmet): {}", Quoted(reason))
            }
            (_, None) => {
                let warned = if self.mode == Mode::Warn { ", and admitted, for the policy only warns" } else { "" };
                alloc::format!("rejected: {unmet} unmet{warned}")
            }
        }
    }

    /// The evaluation as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.into() } else { alloc::format!("{word}s") }
}

impl Serialize for Evaluation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut evaluation = serializer.serialize_struct("Evaluation", 11)?;
        evaluation.serialize_field("mediaType", MEDIA_TYPE)?;
        evaluation.serialize_field("verdict", self.verdict().name())?;
        evaluation.serialize_field("admitted", &self.is_admitted())?;
        evaluation.serialize_field("mode", self.mode.name())?;
        evaluation.serialize_field("summary", &self.summary())?;
        let policy = PolicyWire { name: self.policy_name.as_deref(), sha256: hex::encode(&self.policy_sha256) };
        evaluation.serialize_field("policy", &policy)?;
        evaluation.serialize_field("requirements", &self.lines.iter().map(LineWire::of).collect::<Vec<_>>())?;
        match &self.exception {
            Some(exception) => evaluation.serialize_field("exception", &ExceptedWire::of(exception))?,
            None => evaluation.skip_field("exception")?,
        }
        match self.level {
            Some(level) => evaluation.serialize_field("level", &level)?,
            None => evaluation.skip_field("level")?,
        }
        evaluation.serialize_field("findings", &self.findings.iter().map(FindingWire::of).collect::<Vec<_>>())?;
        evaluation
            .serialize_field("bundles", &self.reports.iter().map(|report| BundleWire { report }).collect::<Vec<_>>())?;
        evaluation.end()
    }
}

#[derive(Serialize)]
struct PolicyWire<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'r str>,
    sha256: String,
}

#[derive(Serialize)]
struct BundleWire<'r> {
    report: &'r Report,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineWire<'r> {
    at: &'r str,
    name: &'r str,
    met: bool,
    #[serde(skip_serializing_if = "<[usize]>::is_empty")]
    met_by: &'r [usize],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<ReasonWire>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<LineWire<'r>>,
}

#[derive(Serialize)]
struct ReasonWire {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl<'r> LineWire<'r> {
    fn of(line: &'r Line) -> Self {
        let reason = |Reason { error, bundle }: &Reason| ReasonWire {
            code: error.code(),
            message: error.to_string(),
            bundle: *bundle,
            hint: error.hint(),
        };
        Self {
            at: &line.at,
            name: &line.name,
            met: line.is_met,
            met_by: &line.met_by,
            failures: line.reasons.iter().map(reason).collect(),
            parts: line.parts.iter().map(Self::of).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ExceptedWire<'r> {
    Exception { at: &'r str, reason: &'r str, expires: UnixTime },
    Legacy { at: &'static str, reason: &'r str, before: UnixTime },
}

impl<'r> ExceptedWire<'r> {
    fn of(excepted: &'r Excepted) -> Self {
        match excepted {
            Excepted::Exception { at, reason, expires } => Self::Exception { at, reason, expires: *expires },
            Excepted::Legacy { reason, before } => Self::Legacy { at: "/legacyBefore", reason, before: *before },
        }
    }
}

#[derive(Serialize)]
struct FindingWire<'r> {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    at: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl<'r> FindingWire<'r> {
    fn of(finding: &'r Finding) -> Self {
        Self {
            code: finding.code(),
            message: finding.to_string(),
            at: finding.at(),
            bundle: finding.bundle(),
            hint: finding.hint(),
        }
    }
}
