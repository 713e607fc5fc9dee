//! Provenance 0.1 and 0.2 (slsa.dev `provenance/v0.1`, `provenance/v0.2`), read as version 1 by its migration rules.

use super::{FactName, Producer, Provenance, Resource, missing, parameter};
use crate::encoding::json::{Node, ShapeError, Value};

pub(super) fn read_v0_2(predicate: &Node<'_, '_>) -> Result<Provenance, ShapeError> {
    predicate.must_be_object()?;
    let builder = predicate.member("builder").ok_or_else(|| missing(predicate, "builder"))?;
    let id = builder.member("id").ok_or_else(|| missing(&builder, "id"))?;
    let build_type = predicate.member("buildType").ok_or_else(|| missing(predicate, "buildType"))?;
    let mut provenance = Provenance::new(&build_type, &id)?;
    if let Some(invocation) = predicate.member("invocation") {
        invocation.must_be_object()?;
        if let Some(config) = invocation.member("configSource") {
            config.must_be_object()?;
            provenance.claim_source(&config)?;
            if let Some(entry_point) = config.member("entryPoint") {
                claim_entry_point(&mut provenance, &entry_point)?;
            }
        }
        if let Some(parameters) = invocation.member("parameters") {
            provenance.parameters = parameter::read_all(&parameters)?;
            gitlab_parameters(&mut provenance, &parameters)?;
        }
        if let Some(environment) = invocation.member("environment") {
            environment.must_be_object()?;
            if is_github(provenance.producer) {
                provenance.claim_github_variables(&environment)?;
            }
        }
    }
    materials(&mut provenance, predicate, None)?;
    metadata(&mut provenance, predicate)?;
    if provenance.producer == Producer::NpmGithubV2 {
        forged(&mut provenance, predicate)?;
    }
    Ok(provenance)
}

pub(super) fn read_v0_1(predicate: &Node<'_, '_>) -> Result<Provenance, ShapeError> {
    predicate.must_be_object()?;
    let builder = predicate.member("builder").ok_or_else(|| missing(predicate, "builder"))?;
    let id = builder.member("id").ok_or_else(|| missing(&builder, "id"))?;
    let recipe = predicate.member("recipe").ok_or_else(|| missing(predicate, "recipe"))?;
    let build_type = recipe.member("type").ok_or_else(|| missing(&recipe, "type"))?;
    let mut provenance = Provenance::new(&build_type, &id)?;
    if let Some(entry_point) = recipe.member("entryPoint") {
        claim_entry_point(&mut provenance, &entry_point)?;
    }
    if let Some(arguments) = recipe.member("arguments") {
        provenance.parameters = parameter::read_any(&arguments)?;
    }
    let defined_in = recipe.member("definedInMaterial").map(|index| index.int64()).transpose()?;
    materials(&mut provenance, predicate, defined_in.and_then(|index| usize::try_from(index).ok()))?;
    metadata(&mut provenance, predicate)?;
    Ok(provenance)
}

fn is_github(producer: Producer) -> bool {
    matches!(
        producer,
        Producer::NpmGithubV2 | Producer::NpmGithubV0 | Producer::SlsaGenerator | Producer::SlsaDelegator
    )
}

/// An entry point is the workflow's path, the workflow with its ref, or a title, as producers and their versions differ.
fn claim_entry_point(provenance: &mut Provenance, node: &Node<'_, '_>) -> Result<(), ShapeError> {
    let text = node.string()?;
    let is_file = |text: &str| text.ends_with(".yml") || text.ends_with(".yaml");
    // A path and a ref may both contain `@`.
    let is_before = |cut: Option<(&str, &str)>| cut.is_some_and(|(path, _)| is_file(path));
    let has_ref = is_before(text.split_once("@refs/")) || is_before(text.rsplit_once('@'));
    let name = match provenance.producer {
        Producer::BuildKit | Producer::NpmGithubV2 => FactName::ConfigPath,
        producer if is_github(producer) && has_ref => FactName::ConfigUri,
        _ if is_file(text) => FactName::ConfigPath,
        _ => FactName::EntryPoint,
    };
    provenance.claim_text(name, text, node);
    Ok(())
}

/// What npm copies from GitLab's variables (npm/cli `libnpmpublish/lib/provenance.js`).
fn gitlab_parameters(provenance: &mut Provenance, parameters: &Node<'_, '_>) -> Result<(), ShapeError> {
    if provenance.producer == Producer::NpmGitlab {
        provenance.claim_member(FactName::Trigger, parameters, "CI_PIPELINE_SOURCE")?;
        provenance.claim_member(FactName::SourceRepositoryId, parameters, "CI_PROJECT_ID")?;
    }
    Ok(())
}

/// The materials. Which is the source: the one that the recipe names, the first of producers that put it there, or the one with
/// the location of the configuration.
fn materials(
    provenance: &mut Provenance,
    predicate: &Node<'_, '_>,
    defined_in: Option<usize>,
) -> Result<(), ShapeError> {
    let Some(list) = predicate.member("materials") else { return Ok(()) };
    provenance.dependencies = Resource::read_all(&list, "materials")?;
    let first = provenance.producer.source_is_first().then_some(0);
    for (index, material) in list.items("materials", usize::MAX)?.enumerate() {
        if defined_in.or(first) == Some(index) {
            provenance.claim_source_dependency(&material)?;
        } else if defined_in.or(first).is_none() {
            provenance.claim_commit_of_dependency(index, &material)?;
        }
    }
    Ok(())
}

/// `buildInvocationId` in the specification, `buildInvocationID` in in-toto-golang and so in what it writes.
fn metadata(provenance: &mut Provenance, predicate: &Node<'_, '_>) -> Result<(), ShapeError> {
    let Some(metadata) = predicate.member("metadata") else { return Ok(()) };
    metadata.must_be_object()?;
    for name in ["buildInvocationId", "buildInvocationID"] {
        provenance.claim_member(FactName::Run, &metadata, name)?;
    }
    provenance.claim_member(FactName::Started, &metadata, "buildStartedOn")?;
    provenance.claim_member(FactName::Finished, &metadata, "buildFinishedOn")
}

/// What npm never writes in this form (slsa-verifier `verifiers/internal/gha/npm.go`, its "forgeable fields").
fn forged(provenance: &mut Provenance, predicate: &Node<'_, '_>) -> Result<(), ShapeError> {
    const ENVIRONMENT: &[&str] = &[
        "GITHUB_EVENT_NAME",
        "GITHUB_REF",
        "GITHUB_REPOSITORY",
        "GITHUB_REPOSITORY_ID",
        "GITHUB_REPOSITORY_OWNER_ID",
        "GITHUB_RUN_ATTEMPT",
        "GITHUB_RUN_ID",
        "GITHUB_SHA",
        "GITHUB_WORKFLOW_REF",
        "GITHUB_WORKFLOW_SHA",
    ];
    provenance.forged_members(predicate, &["builder", "buildType", "invocation", "metadata", "materials"])?;
    if let Some(invocation) = predicate.member("invocation") {
        provenance.forged_members(&invocation, &["configSource", "parameters", "environment"])?;
        if let Some(parameters) = invocation.member("parameters") {
            provenance.forged_members(&parameters, &[])?;
        }
        if let Some(environment) = invocation.member("environment") {
            provenance.forged_members(&environment, ENVIRONMENT)?;
        }
    }
    if let Some(metadata) = predicate.member("metadata") {
        provenance.forged_members(&metadata, &["buildInvocationId", "completeness", "reproducible"])?;
        let completeness = metadata.member("completeness");
        let claims = metadata.member("reproducible").into_iter();
        let claims = claims.chain(
            completeness.iter().flat_map(|object| object.members().into_iter().flatten()).map(|(_, claim)| claim),
        );
        provenance.forged(claims.filter(|claim| *claim.value() != Value::Bool(false)));
    }
    if let Some(list) = predicate.member("materials") {
        provenance.forged(list.items("materials", usize::MAX)?.skip(1));
    }
    Ok(())
}
