//! Reading requirements.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Conditions, DependencyRule, ExpectedParameter, FactCondition, ParameterRule, Piece, Requirement, VsaRule};
use crate::encoding::json::{Node, Value, decimal};
use crate::format::predicate::test_result::TEST_RESULT;
use crate::format::predicate::verification_summary::VerificationSummaryVersion;
use crate::format::provenance::{FactName, ParameterValue, ProvenanceVersion, Resource};
use crate::limits::{MAX_PARAMETERS, MAX_PATTERNS, MAX_REQUIREMENT_DEPTH, MAX_REQUIREMENTS};
use crate::policy::error::PolicyErrorKind;
use crate::policy::level::HIGHEST_BUILD_LEVEL;
use crate::policy::options::{UsageError, UsageErrorKind};
use crate::policy::package::{Ecosystem, PackageRule};
use crate::policy::read::{count, is_word, pattern, patterns, some, text, wrong};
use crate::policy::signers::Signers;

fn bad(node: &Node<'_, '_>, kind: PolicyErrorKind) -> UsageError {
    wrong(node, UsageErrorKind::Policy(kind))
}

/// Reads a list, all of which must be met.
pub(super) fn requirements(node: &Node<'_, '_>) -> Result<Vec<Requirement>, UsageError> {
    let mut left = MAX_REQUIREMENTS;
    list(node, &mut left, MAX_REQUIREMENT_DEPTH)
}

fn list(node: &Node<'_, '_>, left: &mut usize, depth: usize) -> Result<Vec<Requirement>, UsageError> {
    let mut parts = Vec::new();
    for item in node.items("requirements", MAX_REQUIREMENTS)? {
        *left = left.checked_sub(1).ok_or_else(|| bad(node, PolicyErrorKind::TooMany))?;
        parts.push(requirement(&item, left, depth)?);
    }
    some(node, parts)
}

fn requirement(node: &Node<'_, '_>, left: &mut usize, depth: usize) -> Result<Requirement, UsageError> {
    let depth = depth.checked_sub(1).ok_or_else(|| bad(node, PolicyErrorKind::TooMany))?;
    let mut fields = node.fields()?;
    let (all, any) = (fields.optional("allOf")?, fields.optional("anyOf")?);
    let at = node.pointer();
    match (all, any) {
        (Some(parts), None) => {
            let parts = list(&parts, left, depth)?;
            fields.end()?;
            Ok(Requirement::AllOf { at, parts })
        }
        (None, Some(parts)) => {
            let parts = list(&parts, left, depth)?;
            fields.end()?;
            Ok(Requirement::AnyOf { at, parts })
        }
        (Some(_), Some(_)) => Err(bad(node, PolicyErrorKind::TwoGroups)),
        (None, None) => Ok(Requirement::Piece(Box::new(piece(node)?))),
    }
}

fn piece(node: &Node<'_, '_>) -> Result<Piece, UsageError> {
    let mut fields = node.fields()?;
    // Known here too, so that a word near to them is told.
    let (_, _) = (fields.optional("allOf")?, fields.optional("anyOf")?);
    let types = fields.required("predicateType")?;
    let predicate_types = predicate_types(&types)?;
    let mut conditions = Conditions::default();

    // Conditions on provenance.
    let mut of_provenance: Option<Node<'_, '_>> = None;
    for (key, name) in [
        ("builder", FactName::Builder),
        ("buildType", FactName::BuildType),
        ("trigger", FactName::Trigger),
        ("runner", FactName::Runner),
    ] {
        if let Some(node) = fields.optional(key)? {
            conditions.facts.push(FactCondition { name, prefix: "", expected: patterns(&node)? });
            of_provenance = Some(node);
        }
    }
    if let Some(node) = fields.optional("level")? {
        conditions.level = Some(level(&node)?);
        of_provenance = Some(node);
    }
    if let Some(node) = fields.optional("source")? {
        source(&node, &mut conditions.facts)?;
        of_provenance = Some(node);
    }
    if let Some(node) = fields.optional("config")? {
        let mut config = node.fields()?;
        let expected = patterns(&config.required("path")?)?;
        config.end()?;
        conditions.facts.push(FactCondition { name: FactName::ConfigPath, prefix: "", expected });
        of_provenance = Some(node);
    }
    if let Some(node) = fields.optional("parameters")? {
        conditions.parameters = Some(parameters(&node)?);
        of_provenance = Some(node);
    }
    if let Some(node) = fields.optional("dependencies")? {
        conditions.dependencies = Some(dependencies(&node)?);
        of_provenance = Some(node);
    }
    if let Some(node) = fields.optional("certified")? {
        conditions.certified = node.boolean()?;
        of_provenance = Some(node);
    }

    // Conditions on other types, and on all.
    let result = fields.optional("result")?;
    conditions.result = result.as_ref().map(patterns).transpose()?;
    let vsa = fields.optional("vsa")?;
    conditions.vsa = vsa.as_ref().map(vsa_rule).transpose()?;
    conditions.max_age = fields.optional("maxAge")?.map(|node| age(&node)).transpose()?;
    conditions.package = fields.optional("package")?.map(|node| package(&node)).transpose()?;
    let piece = Piece {
        at: node.pointer(),
        name: fields.optional("name")?.map(|node| node.string().map(ToString::to_string)).transpose()?,
        signers: fields.optional("signers")?.map(|node| Signers::read(&node)).transpose()?,
        predicate_types,
        conditions,
    };
    fields.end()?;

    // A condition that no piece of the types could ever meet is a mistake, best told at once.
    let all = |is_of: &dyn Fn(&str) -> bool| piece.predicate_types.iter().all(|text| is_of(text));
    let is_provenance = |text: &str| ProvenanceVersion::from_predicate_type(text).is_some();
    if let Some(node) = of_provenance.filter(|_| !all(&is_provenance)) {
        return Err(bad(&node, PolicyErrorKind::NotOfType));
    }
    let is_summary = |text: &str| VerificationSummaryVersion::from_predicate_type(text).is_some();
    if let Some(node) = vsa.filter(|_| !all(&is_summary)) {
        return Err(bad(&node, PolicyErrorKind::NotOfType));
    }
    let has_result = |text: &str| is_summary(text) || text == TEST_RESULT;
    if let Some(node) = result.filter(|_| !all(&has_result)) {
        return Err(bad(&node, PolicyErrorKind::NotOfType));
    }
    Ok(piece)
}

fn predicate_types(node: &Node<'_, '_>) -> Result<Vec<String>, UsageError> {
    if !matches!(node.value(), Value::Array(_)) {
        return Ok(alloc::vec![text(node)?]);
    }
    some(node, node.items("types", MAX_PATTERNS)?.map(|item| text(&item)).collect::<Result<_, _>>()?)
}

pub(in crate::policy) fn level(node: &Node<'_, '_>) -> Result<u8, UsageError> {
    let number = count(node, usize::from(HIGHEST_BUILD_LEVEL))?;
    match u8::try_from(number) {
        Ok(level) if level > 0 => Ok(level),
        _ => Err(bad(node, PolicyErrorKind::Zero)),
    }
}

fn source(node: &Node<'_, '_>, facts: &mut Vec<FactCondition>) -> Result<(), UsageError> {
    let mut fields = node.fields()?;
    let before = facts.len();
    for (key, name, prefix) in [
        ("repository", FactName::SourceRepository, ""),
        ("ref", FactName::SourceRef, ""),
        ("branch", FactName::SourceRef, "refs/heads/"),
        ("tag", FactName::SourceRef, "refs/tags/"),
        ("commit", FactName::SourceCommit, ""),
        ("repositoryId", FactName::SourceRepositoryId, ""),
        ("ownerId", FactName::SourceOwnerId, ""),
    ] {
        if let Some(node) = fields.optional(key)? {
            facts.push(FactCondition { name, prefix, expected: patterns(&node)? });
        }
    }
    fields.end()?;
    let prefixes = |prefix| facts.iter().any(|condition| condition.prefix == prefix);
    if facts.len() == before {
        return Err(bad(node, PolicyErrorKind::Empty));
    }
    if prefixes("refs/heads/") && prefixes("refs/tags/") {
        return Err(bad(node, PolicyErrorKind::BranchAndTag));
    }
    Ok(())
}

fn parameters(node: &Node<'_, '_>) -> Result<Vec<ParameterRule>, UsageError> {
    let mut rules = Vec::new();
    for (name, value) in node.members()? {
        if !is_pointer(name) {
            return Err(bad(&value, PolicyErrorKind::Pointer));
        }
        if rules.len() >= MAX_PARAMETERS {
            return Err(bad(node, PolicyErrorKind::TooMany));
        }
        let expected = match value.value() {
            Value::Object(_) if is_word(&value, "any")? => ExpectedParameter::Any,
            Value::Object(_) => ExpectedParameter::Pattern(pattern(&value)?),
            scalar => match ParameterValue::scalar(scalar) {
                Some(scalar) => ExpectedParameter::Value(scalar),
                None => return Err(bad(&value, PolicyErrorKind::Parameter)),
            },
        };
        rules.push(ParameterRule { name: name.to_string(), expected });
    }
    Ok(rules)
}

/// Whether a text is a JSON pointer (RFC 6901) to something below the whole.
fn is_pointer(text: &str) -> bool {
    text.starts_with('/') && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

fn dependencies(node: &Node<'_, '_>) -> Result<DependencyRule, UsageError> {
    let mut fields = node.fields()?;
    let mut rule = DependencyRule::default();
    if node.members()?.next().is_none() {
        return Err(bad(node, PolicyErrorKind::Empty));
    }
    if let Some(node) = fields.optional("digests")? {
        if node.string()? != "required" {
            return Err(bad(&node, PolicyErrorKind::Word { expected: "\"required\"" }));
        }
        rule.digests_required = true;
    }
    rule.allow = fields.optional("allow")?.map(|node| patterns(&node)).transpose()?;
    rule.deny = fields.optional("deny")?.map(|node| patterns(&node)).transpose()?;
    if let Some(node) = fields.optional("require")? {
        for item in node.items("dependencies", MAX_PATTERNS)? {
            let mut fields = item.fields()?;
            let uri = pattern(&fields.required("uri")?)?;
            let digest = fields.optional("digest")?.map(|node| digest(&node)).transpose()?;
            fields.end()?;
            rule.require.push((uri, digest));
        }
        rule.require = some(&node, rule.require)?;
    }
    fields.end()?;
    Ok(rule)
}

/// `sha256:…`, or the digest by another algorithm of in-toto's in the same form.
fn digest(node: &Node<'_, '_>) -> Result<(String, String), UsageError> {
    match node.string()?.split_once(':') {
        Some((algorithm, value)) if Resource::algorithm(algorithm).is_some() && !value.is_empty() => {
            Ok((algorithm.to_string(), value.to_ascii_lowercase()))
        }
        _ => Err(bad(node, PolicyErrorKind::Word { expected: "a digest such as \"sha256:…\"" })),
    }
}

fn vsa_rule(node: &Node<'_, '_>) -> Result<VsaRule, UsageError> {
    let mut fields = node.fields()?;
    let rule = VsaRule {
        verifier: text(&fields.required("verifier")?)?,
        resource_uri: fields.optional("resourceUri")?.map(|node| patterns(&node)).transpose()?,
        level: fields.optional("level")?.map(|node| level(&node)).transpose()?,
    };
    fields.end()?;
    Ok(rule)
}

/// `90d`, `36h` or `15m`, in milliseconds.
fn age(node: &Node<'_, '_>) -> Result<i64, UsageError> {
    let text = node.string()?;
    let millis = [("d", 86_400_000_u64), ("h", 3_600_000), ("m", 60_000)].into_iter().find_map(|(unit, millis)| {
        let number = decimal(text.strip_suffix(unit)?)?;
        i64::try_from(number.checked_mul(millis)?).ok().filter(|millis| *millis > 0)
    });
    millis.ok_or_else(|| bad(node, PolicyErrorKind::Word { expected: "an age such as \"90d\", \"36h\" or \"15m\"" }))
}

fn package(node: &Node<'_, '_>) -> Result<PackageRule, UsageError> {
    let mut fields = node.fields()?;
    let (npm, jsr, pypi) = (fields.optional("npm")?, fields.optional("jsr")?, fields.optional("pypi")?);
    let github = fields.optional("github")?;
    let version = fields.optional("version")?.map(|node| pattern(&node)).transpose()?;
    let (ecosystem, name) = match (npm, jsr, pypi, github) {
        (Some(name), None, None, None) => (Ecosystem::Npm, name),
        (None, Some(name), None, None) => (Ecosystem::Jsr, name),
        (None, None, Some(name), None) => (Ecosystem::Pypi, name),
        (None, None, None, Some(name)) => (Ecosystem::GitHub, name),
        _ => return Err(bad(node, PolicyErrorKind::Word { expected: "one of npm, jsr, pypi and github" })),
    };
    let name = text(&name)?;
    fields.end()?;
    Ok(PackageRule { ecosystem, name, version })
}
