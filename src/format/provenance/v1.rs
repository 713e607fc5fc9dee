//! Provenance 1 (slsa.dev `provenance/v1`).

use super::{FactName, Producer, Provenance, Resource, missing, parameter};
use crate::encoding::json::{Node, ShapeError, Value};

pub(super) fn read(predicate: &Node<'_, '_>) -> Result<Provenance, ShapeError> {
    predicate.must_be_object()?;
    let definition = predicate.member("buildDefinition").ok_or_else(|| missing(predicate, "buildDefinition"))?;
    let run = predicate.member("runDetails").ok_or_else(|| missing(predicate, "runDetails"))?;
    let builder = run.member("builder").ok_or_else(|| missing(&run, "builder"))?;
    let build_type = definition.member("buildType").ok_or_else(|| missing(&definition, "buildType"))?;
    let id = builder.member("id").ok_or_else(|| missing(&builder, "id"))?;
    let mut provenance = Provenance::new(&build_type, &id)?;

    match definition.member("externalParameters") {
        Some(external) => {
            provenance.parameters = parameter::read_all(&external)?;
            source(&mut provenance, &external)?;
        }
        None => provenance.lacks_parameters = true,
    }
    if let Some(list) = definition.member("resolvedDependencies") {
        provenance.dependencies = Resource::read_all(&list, "dependencies")?;
        for (index, resource) in list.items("dependencies", usize::MAX)?.enumerate() {
            match (index, provenance.producer.source_is_first()) {
                (0, true) => provenance.claim_source_dependency(&resource)?,
                (_, true) => break,
                (_, false) => provenance.claim_commit_of_dependency(index, &resource)?,
            }
        }
    }
    if let Some(list) = run.member("byproducts") {
        provenance.byproducts = Resource::read_all(&list, "byproducts")?;
    }
    if let Some(metadata) = run.member("metadata") {
        metadata.must_be_object()?;
        provenance.claim_member(FactName::Run, &metadata, "invocationId")?;
        provenance.claim_member(FactName::Started, &metadata, "startedOn")?;
        provenance.claim_member(FactName::Finished, &metadata, "finishedOn")?;
    }
    // Last, for they are spelled as environment variables are: what says the same in full speaks first.
    if let Some(internal) = definition.member("internalParameters") {
        internal.must_be_object()?;
        match provenance.producer {
            Producer::GithubAttestations | Producer::NpmGithub => {
                if let Some(github) = internal.member("github") {
                    github.must_be_object()?;
                    provenance.claim_github_parameters(&github)?;
                }
            }
            Producer::SlsaGenerator | Producer::SlsaDelegator | Producer::SlsaContainerBased => {
                provenance.claim_github_variables(&internal)?;
            }
            _ => {}
        }
    }
    if provenance.producer == Producer::NpmGithub && id.string()?.starts_with("https://github.com/actions/runner/") {
        forged(&mut provenance, &definition, &run)?;
    }
    Ok(provenance)
}

/// Where the external parameters say that the source is. Producers differ, and no name is used for two things.
fn source(provenance: &mut Provenance, external: &Node<'_, '_>) -> Result<(), ShapeError> {
    let is_known = provenance.producer != Producer::Other;
    let object = |name: &str| {
        let node = external.member(name)?;
        // Build types that we do not know may use the name for something else.
        (is_known || matches!(node.value(), Value::Object(_))).then_some(node)
    };
    // GitHub's and npm's; Cloud Build's and Tekton's.
    for name in ["workflow", "buildConfigSource"] {
        if let Some(config) = object(name) {
            config.must_be_object()?;
            if let Some(repository) = config.member("repository") {
                provenance.claim_source_uri(&repository)?;
            }
            provenance.claim_member(FactName::SourceRef, &config, "ref")?;
            provenance.claim_member(FactName::ConfigPath, &config, "path")?;
        }
    }
    // BuildKit's.
    if let Some(config) = object("configSource") {
        config.must_be_object()?;
        provenance.claim_source(&config)?;
        provenance.claim_member(FactName::ConfigPath, &config, "path")?;
    }
    match external.member("source") {
        // The container-based builder's; the GitLab runner's.
        Some(source) if matches!(source.value(), Value::Object(_)) => provenance.claim_source(&source)?,
        Some(source) if matches!(source.value(), Value::String(_)) => provenance.claim_source_uri(&source)?,
        Some(source) if is_known => source.must_be_object()?,
        _ => {}
    }
    if is_known {
        provenance.claim_member(FactName::ConfigPath, external, "configPath")?;
        provenance.claim_member(FactName::EntryPoint, external, "entryPoint")?;
    }
    Ok(())
}

/// What npm never writes (slsa-verifier `verifiers/internal/gha/npm.go`): a workflow that makes its own provenance could add it, and
/// a reader would take it for npm's word.
fn forged(provenance: &mut Provenance, definition: &Node<'_, '_>, run: &Node<'_, '_>) -> Result<(), ShapeError> {
    provenance.forged_members(
        definition,
        &["buildType", "externalParameters", "internalParameters", "resolvedDependencies"],
    )?;
    if let Some(external) = definition.member("externalParameters") {
        provenance.forged_members(&external, &["workflow"])?;
        if let Some(workflow) = external.member("workflow") {
            provenance.forged_members(&workflow, &["ref", "repository", "path"])?;
        }
    }
    if let Some(internal) = definition.member("internalParameters") {
        provenance.forged_members(&internal, &["github"])?;
        if let Some(github) = internal.member("github") {
            provenance.forged_members(&github, &["event_name", "repository_id", "repository_owner_id"])?;
        }
    }
    if let Some(list) = definition.member("resolvedDependencies") {
        provenance.forged(list.items("dependencies", usize::MAX)?.skip(1));
    }
    provenance.forged_members(run, &["builder", "metadata"])?;
    if let Some(metadata) = run.member("metadata") {
        provenance.forged_members(&metadata, &["invocationId"])?;
    }
    Ok(())
}
