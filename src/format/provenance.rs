//! SLSA build provenance 0.1, 0.2 and 1 (slsa.dev `provenance/v0.1`, `/v0.2`, `/v1`), as one view: who built what from which
//! source, how it was started, and what went in. Everything here is what the predicate *claims*, each fact with the JSON pointer
//! that it came from; `check/provenance_binding.rs` compares it with what the CA certified.

mod fact;
mod github;
mod parameter;
mod producer;
mod resource;
mod source;
mod v0;
mod v1;

use alloc::string::String;
use alloc::vec::Vec;

pub use self::fact::{Fact, FactName};
pub use self::parameter::{Parameter, ParameterValue};
pub use self::producer::Producer;
pub use self::resource::Resource;
pub use self::source::GitSource;
use crate::encoding::json::{Node, ShapeError, ShapeErrorKind};

/// A version of the predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenanceVersion {
    /// `https://slsa.dev/provenance/v0.1`, and its first name `https://in-toto.io/Provenance/v0.1`.
    V0_1,
    /// `https://slsa.dev/provenance/v0.2`
    V0_2,
    /// `https://slsa.dev/provenance/v1`
    V1,
}

impl ProvenanceVersion {
    /// The version that a predicate type names, exactly.
    #[must_use]
    pub fn from_predicate_type(predicate_type: &str) -> Option<Self> {
        match predicate_type {
            "https://slsa.dev/provenance/v0.1" | "https://in-toto.io/Provenance/v0.1" => Some(Self::V0_1),
            "https://slsa.dev/provenance/v0.2" => Some(Self::V0_2),
            "https://slsa.dev/provenance/v1" => Some(Self::V1),
            _ => None,
        }
    }
}

/// What a provenance predicate claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Who writes predicates of this build type, and so what its fields mean.
    pub producer: Producer,
    /// Every fact, the one that speaks for its name first. A name may have several, from several places.
    pub facts: Vec<Fact>,
    /// The parameters that whoever started the build could choose, one for each value in them.
    pub parameters: Vec<Parameter>,
    /// Whether its version demands external parameters and it has none, not even an empty object.
    pub lacks_parameters: bool,
    /// What the build says went in.
    pub dependencies: Vec<Resource>,
    /// What else the build says came out.
    pub byproducts: Vec<Resource>,
    /// JSON pointers to fields that this producer never writes: whoever added them was not the producer.
    pub forged: Vec<String>,
}

impl Provenance {
    /// Reads a predicate of this version; pointers are into the statement.
    ///
    /// # Errors
    /// [`ShapeError`], located: a field has another type than the specification or the producer gives it, a field is missing
    /// without which this is no provenance (`builder.id`, `buildType`), or there are too many of something.
    pub fn read(version: ProvenanceVersion, predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        match version {
            ProvenanceVersion::V0_1 => v0::read_v0_1(predicate),
            ProvenanceVersion::V0_2 => v0::read_v0_2(predicate),
            ProvenanceVersion::V1 => v1::read(predicate),
        }
    }

    /// The fact that speaks for this name.
    #[must_use]
    pub fn fact(&self, name: FactName) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.name == name)
    }

    fn new(build_type: &Node<'_, '_>, builder_id: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let mut provenance = Self {
            producer: Producer::of(build_type.string()?, builder_id.string()?),
            facts: Vec::new(),
            parameters: Vec::new(),
            lacks_parameters: false,
            dependencies: Vec::new(),
            byproducts: Vec::new(),
            forged: Vec::new(),
        };
        provenance.claim(FactName::Builder, builder_id)?;
        provenance.claim(FactName::BuildType, build_type)?;
        Ok(provenance)
    }

    /// Takes a fact from a string; an id also from an integer, for some producers write it bare. An empty text claims nothing.
    fn claim(&mut self, name: FactName, node: &Node<'_, '_>) -> Result<(), ShapeError> {
        let is_id = matches!(name, FactName::SourceRepositoryId | FactName::SourceOwnerId);
        let value = if is_id { number(node)? } else { node.string()?.into() };
        self.claim_text(name, &value, node);
        Ok(())
    }

    fn claim_text(&mut self, name: FactName, value: &str, node: &Node<'_, '_>) {
        if !value.is_empty() {
            self.facts.push(Fact { name, value: value.into(), pointer: node.pointer() });
        }
    }

    /// Takes a fact from a member, if there.
    fn claim_member(&mut self, name: FactName, object: &Node<'_, '_>, member: &str) -> Result<(), ShapeError> {
        match object.member(member) {
            Some(node) => self.claim(name, &node),
            None => Ok(()),
        }
    }

    /// Takes repository and ref or commit from the location of a source.
    fn claim_source_uri(&mut self, node: &Node<'_, '_>) -> Result<(), ShapeError> {
        let source = GitSource::parse(node.string()?);
        self.claim_text(FactName::SourceRepository, &source.repository, node);
        if let Some(revision) = &source.revision {
            let name = if source::is_commit(revision) { FactName::SourceCommit } else { FactName::SourceRef };
            self.claim_text(name, revision, node);
        }
        Ok(())
    }

    /// Takes the commit from the digests of a source, under its new name and its old one.
    fn claim_source_digest(&mut self, digests: &Node<'_, '_>) -> Result<(), ShapeError> {
        ["gitCommit", "sha1"].iter().try_for_each(|name| self.claim_member(FactName::SourceCommit, digests, name))
    }

    /// Takes repository, ref and commit from a resource that is the source itself.
    fn claim_source(&mut self, resource: &Node<'_, '_>) -> Result<(), ShapeError> {
        if let Some(uri) = resource.member("uri") {
            self.claim_source_uri(&uri)?;
        }
        resource.member("digest").map_or(Ok(()), |digests| self.claim_source_digest(&digests))
    }

    /// Takes the facts of the dependency that the producer puts where the source belongs; not of one that is no source code.
    fn claim_source_dependency(&mut self, resource: &Node<'_, '_>) -> Result<(), ShapeError> {
        let uri = resource.member("uri").map(|uri| uri.string()).transpose()?;
        let is_source = self.producer == Producer::CloudBuild || uri.is_none_or(source::is_location);
        if is_source { self.claim_source(resource) } else { Ok(()) }
    }

    /// Takes the commit from the dependency that is the source, where the source is known already.
    fn claim_commit_of_dependency(&mut self, index: usize, resource: &Node<'_, '_>) -> Result<(), ShapeError> {
        let of_source = |uri: &str| {
            let repository = GitSource::parse(uri).repository;
            self.facts.iter().any(|fact| fact.name == FactName::SourceRepository && fact.value == repository)
        };
        let is_source = self.dependencies.get(index).and_then(|found| found.uri.as_deref()).is_some_and(of_source);
        match resource.member("digest") {
            Some(digests) if is_source => self.claim_source_digest(&digests),
            _ => Ok(()),
        }
    }
}

/// The text of a string, or of an integer.
fn number(node: &Node<'_, '_>) -> Result<String, ShapeError> {
    use crate::encoding::json::Value;
    match node.value() {
        Value::Unsigned(number) => Ok(alloc::format!("{number}")),
        _ => node.string().map(Into::into),
    }
}

/// The error of an object that lacks a field without which it is no provenance.
fn missing(object: &Node<'_, '_>, field: &'static str) -> ShapeError {
    object.error(ShapeErrorKind::Missing { field })
}

#[cfg(test)]
mod tests;
