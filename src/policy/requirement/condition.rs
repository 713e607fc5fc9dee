//! Whether a piece of evidence meets its conditions.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{
    Circumstances, Conditions, DependencyRule, ExpectedParameter, FactCondition, ParameterRule, RequirementError,
    VsaRule,
};
use crate::check::artifact::MatchedArtifact;
use crate::check::provenance_binding::{ComparedProvenance, FactStatus};
use crate::encoding::quoted::Quoted;
use crate::format::predicate::Predicate;
use crate::format::predicate::test_result::TestOutcome;
use crate::format::predicate::verification_summary::{VerificationResult, VerificationSummary};
use crate::format::provenance::{FactName, ParameterValue, Resource};
use crate::policy::evidence::Evidence;
use crate::policy::package::PackageRule;
use crate::policy::pattern::Patterns;

impl Conditions {
    /// Every condition that a piece does not meet.
    pub(super) fn unmet(&self, evidence: &Evidence<'_>, circumstances: Circumstances) -> Vec<RequirementError> {
        let mut errors = Vec::new();
        errors.extend(self.facts.iter().filter_map(|condition| condition.unmet(evidence, self.certified)));
        if let Some(required) = self.level {
            errors.extend(level(required, evidence, circumstances));
        }
        if let Some(rules) = &self.parameters {
            match evidence.provenance() {
                Some(provenance) => errors.extend(parameters(rules, provenance)),
                None => errors.push(RequirementError::Predicate),
            }
        }
        if let Some(rule) = &self.dependencies {
            match evidence.provenance() {
                Some(provenance) => errors.extend(rule.unmet(&provenance.provenance().dependencies)),
                None => errors.push(RequirementError::Predicate),
            }
        }
        if let Some(max_age) = self.max_age {
            errors.extend(age(max_age, evidence, circumstances));
        }
        if let Some(rule) = &self.package {
            errors.extend(package(rule, evidence));
        }
        let predicate = evidence.statement().map(|statement| &statement.statement().predicate);
        if let Some(expected) = &self.result {
            errors.extend(result(expected, predicate));
        }
        if let Some(rule) = &self.vsa {
            match predicate {
                Some(Predicate::VerificationSummary(summary)) => errors.extend(rule.unmet(summary)),
                _ => errors.push(RequirementError::Predicate),
            }
        }
        errors
    }
}

impl FactCondition {
    /// A fact that the provenance leaves out but the CA certified is what is certified. Where it claims two things about one, both
    /// must be as expected.
    fn unmet(&self, evidence: &Evidence<'_>, certified: bool) -> Option<RequirementError> {
        let is_expected = |value: &str| value.strip_prefix(self.prefix).is_some_and(|rest| self.expected.matches(rest));
        let claimed = evidence.provenance().and_then(|provenance| {
            let other = provenance.contradicting(self.name).filter(|other| !is_expected(&other.fact.value));
            other.or_else(|| provenance.fact(self.name))
        });
        let (found, is_certified) = match claimed {
            Some(compared) => (Some(compared.fact.value.clone()), compared.status == FactStatus::Agrees),
            None => {
                let certified = |provenance: &ComparedProvenance| provenance.certified(self.name, evidence.path()?);
                (evidence.provenance().and_then(certified), true)
            }
        };
        if !found.as_deref().is_some_and(is_expected) {
            let expected = match self.prefix {
                "" => self.expected.to_string(),
                prefix => alloc::format!("{} behind {prefix}", self.expected),
            };
            return Some(RequirementError::Fact { name: self.name, expected, found });
        }
        // No CA certifies a build type: it only says what the other facts mean.
        let is_demanded = certified && self.name != FactName::BuildType;
        (is_demanded && !is_certified).then_some(RequirementError::NotCertified { name: self.name })
    }
}

fn level(required: u8, evidence: &Evidence<'_>, circumstances: Circumstances) -> Option<RequirementError> {
    if circumstances.verified_level.is_some_and(|level| level >= required) {
        return None;
    }
    match evidence.level() {
        Some(level) if level.build >= required => None,
        Some(level) => Some(RequirementError::Level { required, found: level.build, why: level.why.clone() }),
        None => Some(RequirementError::Predicate),
    }
}

/// Every parameter must be listed, and every listed value be there: an input that nobody expected may have changed the build (SLSA 1,
/// verifying artifacts, step 2).
fn parameters(rules: &[ParameterRule], provenance: &ComparedProvenance) -> Vec<RequirementError> {
    let parameters = &provenance.provenance().parameters;
    let mut errors = Vec::new();
    // Version 1 demands that the parameters be stated: without them nobody knows what there was.
    if provenance.provenance().lacks_parameters {
        errors.push(RequirementError::Predicate);
    }
    for ParameterRule { name, expected } in rules {
        let found = parameters.iter().find(|parameter| parameter.name == *name).map(|parameter| &parameter.value);
        let (is_met, expected) = match expected {
            ExpectedParameter::Any => continue,
            ExpectedParameter::Value(value) => (found == Some(value), shown(value)),
            ExpectedParameter::Pattern(pattern) => {
                (matches!(found, Some(ParameterValue::Text(text)) if pattern.matches(text)), pattern.to_string())
            }
        };
        if !is_met {
            errors.push(RequirementError::Parameter { name: name.clone(), expected, found: found.map(shown) });
        }
    }
    for parameter in parameters {
        let is_listed = rules.iter().any(|rule| {
            let below = || parameter.name.strip_prefix(rule.name.as_str()).is_some_and(|rest| rest.starts_with('/'));
            parameter.name == rule.name || matches!(rule.expected, ExpectedParameter::Any) && below()
        });
        if !is_listed {
            errors.push(RequirementError::UnexpectedParameter { name: parameter.name.clone() });
        }
    }
    errors
}

fn shown(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Null => "null".into(),
        ParameterValue::Boolean(value) => value.to_string(),
        ParameterValue::Unsigned(number) => number.to_string(),
        ParameterValue::Negative(number) => number.to_string(),
        ParameterValue::Number(text) => text.clone(),
        ParameterValue::Text(text) => Quoted(text).to_string(),
        ParameterValue::Empty => "{}".into(),
    }
}

impl DependencyRule {
    fn unmet(&self, dependencies: &[Resource]) -> Vec<RequirementError> {
        let mut errors = Vec::new();
        // A list that is not there says nothing of what went in.
        if dependencies.is_empty() && self.require.is_empty() {
            errors.push(RequirementError::NoDependencies);
        }
        for resource in dependencies {
            let uri = resource.uri.as_deref();
            let dependency = || uri.or(resource.name.as_deref()).unwrap_or("a dependency without name").to_string();
            if self.digests_required && resource.digests.iter().all(|(_, value)| value.is_empty()) {
                errors.push(RequirementError::DependencyWithoutDigest { dependency: dependency() });
            }
            // A dependency that names no location cannot be one that is allowed, and may be one that is denied.
            let is_allowed = self.allow.as_ref().is_none_or(|allow| uri.is_some_and(|uri| allow.matches(uri)));
            let is_denied = self.deny.as_ref().is_some_and(|deny| uri.is_none_or(|uri| deny.matches(uri)));
            if !is_allowed || is_denied {
                errors.push(RequirementError::DependencyNotAllowed { dependency: dependency() });
            }
        }
        for (uri, digest) in &self.require {
            let has_digest = |resource: &Resource| match digest {
                Some((algorithm, value)) => resource.digest(algorithm) == Some(value),
                None => true,
            };
            let fits = |resource: &Resource| {
                resource.uri.as_deref().is_some_and(|found| uri.matches(found)) && has_digest(resource)
            };
            if !dependencies.iter().any(fits) {
                let expected = match digest {
                    Some((algorithm, value)) => alloc::format!("{uri} with {algorithm}:{value}"),
                    None => uri.to_string(),
                };
                errors.push(RequirementError::DependencyMissing { expected });
            }
        }
        errors
    }
}

fn age(max_age: i64, evidence: &Evidence<'_>, circumstances: Circumstances) -> Option<RequirementError> {
    let (Some(signed), Some(now)) = (evidence.earliest(), circumstances.now) else {
        return Some(RequirementError::WithoutTime);
    };
    let oldest = now.saturating_add_millis(max_age.saturating_neg());
    (signed < oldest).then_some(RequirementError::TooOld { signed, oldest })
}

fn package(rule: &PackageRule, evidence: &Evidence<'_>) -> Option<RequirementError> {
    let subject = match evidence.artifact() {
        MatchedArtifact::Subject { name, .. } => name.clone(),
        _ => None,
    };
    let mut is_met = subject.as_deref().is_some_and(|subject| rule.allows(subject));
    // What the registry says that it published is the subject's name in other words.
    let statement = evidence.statement().map(|statement| statement.statement());
    if let Some(Predicate::NpmPublish(publish)) = statement.map(|statement| &statement.predicate) {
        let named = subject.as_deref().and_then(crate::policy::package::npm);
        is_met &= named.is_some_and(|(name, version)| name == publish.name && version == publish.version);
    }
    if let Some(Predicate::Release(release)) = statement.map(|statement| &statement.predicate) {
        is_met |= rule.allows_release(release);
    }
    let expected = || {
        let version = rule.version.as_ref().map(|version| alloc::format!(" in version {version}")).unwrap_or_default();
        alloc::format!("the {} package {}{version}", rule.ecosystem.name(), Quoted(&rule.name))
    };
    (!is_met).then(|| RequirementError::Package { expected: expected(), found: subject })
}

fn result(expected: &Patterns, predicate: Option<&Predicate>) -> Option<RequirementError> {
    let found = match predicate {
        Some(Predicate::VerificationSummary(summary)) => match summary.result {
            VerificationResult::Passed => "PASSED",
            VerificationResult::Failed => "FAILED",
        },
        Some(Predicate::TestResult(result)) => match result.outcome {
            TestOutcome::Passed => "PASSED",
            TestOutcome::Warned => "WARNED",
            TestOutcome::Failed => "FAILED",
        },
        _ => return Some(RequirementError::Predicate),
    };
    (!expected.matches(found)).then(|| RequirementError::Result { expected: expected.to_string(), found })
}

impl VsaRule {
    fn unmet(&self, summary: &VerificationSummary) -> Vec<RequirementError> {
        let mut errors = Vec::new();
        if summary.verifier != self.verifier {
            let (expected, found) = (self.verifier.clone(), summary.verifier.clone());
            errors.push(RequirementError::Verifier { expected, found });
        }
        if let Some(expected) = &self.resource_uri {
            let found = &summary.resource_uri;
            if !found.as_deref().is_some_and(|uri| expected.matches(uri)) {
                errors.push(RequirementError::Resource { expected: expected.to_string(), found: found.clone() });
            }
        }
        if summary.result != VerificationResult::Passed {
            errors.push(RequirementError::Result { expected: "PASSED".into(), found: "FAILED" });
        }
        if let Some(required) = self.level {
            let found = summary.build_level();
            if found.is_none_or(|level| level < required) {
                errors.push(RequirementError::VerifiedLevel { required, found });
            }
        }
        errors
    }
}
