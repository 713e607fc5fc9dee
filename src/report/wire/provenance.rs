//! The provenance and the certificate in a report's JSON. No object here has a key that a predicate chose: such a key could be
//! `__proto__`.

use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::evidence::IdentityWire;
use super::resource::ResourceWire;
use crate::check::provenance_binding::{ComparedFact, ComparedProvenance};
use crate::format::fulcio::Claim;
use crate::format::provenance::{FactName, Parameter, ParameterValue};
use crate::policy::level::Level;
use crate::report::Report;

/// The largest integer that a JavaScript number holds exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// What a CA certified in the leaf, when its path is verified.
#[derive(Serialize)]
pub(super) struct CertificateFactsWire<'r> {
    identity: IdentityWire<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'r str>,
    claims: Vec<ClaimWire<'r>>,
}

#[derive(Serialize)]
struct ClaimWire<'r> {
    name: &'static str,
    label: &'static str,
    oid: String,
    value: &'r str,
}

/// The decoded claims, with their names for people and their OIDs.
pub(super) fn certificate(report: &Report) -> Option<CertificateFactsWire<'_>> {
    let path = report.certificate_path.passed()?;
    let claim = |(claim, value): (Claim, _)| ClaimWire {
        name: claim.name(),
        label: claim.label(),
        oid: alloc::format!("1.3.6.1.4.1.57264.1.{}", claim.number()),
        value,
    };
    Some(CertificateFactsWire {
        identity: IdentityWire { r#type: path.identity().kind.name(), value: &path.identity().value },
        issuer: path.claims().issuer(),
        claims: path.claims().iter().map(claim).collect(),
    })
}

/// The provenance: its facts always, and the view of them only when none disagrees.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProvenanceWire<'r> {
    predicate_type: &'r str,
    #[serde(flatten)]
    view: Option<View<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<LevelWire<'r>>,
    facts: Vec<FactWire<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    builder: Option<BuilderWire<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_type: Option<&'r str>,
    #[serde(skip_serializing_if = "SourceWire::is_empty")]
    source: SourceWire<'r>,
    #[serde(skip_serializing_if = "ConfigWire::is_empty")]
    config: ConfigWire<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runner: Option<&'r str>,
    parameters: Vec<ParameterWire<'r>>,
    dependencies: Vec<ResourceWire<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    byproducts: Vec<ResourceWire<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<&'r str>,
}

#[derive(Serialize)]
struct BuilderWire<'r> {
    id: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SourceWire<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<&'r str>,
}

impl SourceWire<'_> {
    fn is_empty(&self) -> bool {
        let Self { repository, r#ref, commit, repository_id, owner_id } = self;
        [repository, r#ref, commit, repository_id, owner_id].into_iter().all(Option::is_none)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfigWire<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_point: Option<&'r str>,
}

impl ConfigWire<'_> {
    fn is_empty(&self) -> bool {
        self.path.is_none() && self.entry_point.is_none()
    }
}

#[derive(Serialize)]
struct ParameterWire<'r> {
    name: &'r str,
    value: ValueWire<'r>,
}

struct ValueWire<'r>(&'r ParameterValue);

impl Serialize for ValueWire<'_> {
    /// Scalars as they are; numbers that another JSON reader may round are text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ParameterValue::Null => serializer.serialize_none(),
            ParameterValue::Boolean(value) => serializer.serialize_bool(*value),
            ParameterValue::Unsigned(number) if *number <= MAX_SAFE_INTEGER => serializer.serialize_u64(*number),
            ParameterValue::Negative(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER => {
                serializer.serialize_i64(*number)
            }
            ParameterValue::Unsigned(number) => serializer.collect_str(number),
            ParameterValue::Negative(number) => serializer.collect_str(number),
            ParameterValue::Number(text) | ParameterValue::Text(text) => serializer.serialize_str(text),
            ParameterValue::Empty => serializer.serialize_map(Some(0))?.end(),
        }
    }
}

#[derive(Serialize)]
struct LevelWire<'r> {
    build: u8,
    row: &'r str,
    why: &'r str,
}

#[derive(Serialize)]
struct FactWire<'r> {
    name: &'static str,
    value: &'r str,
    pointer: &'r str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    certified: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<&'static str>,
}

impl<'r> ProvenanceWire<'r> {
    pub(super) fn of(report: &'r Report) -> Option<Self> {
        let provenance = report.provenance.as_ref()?;
        let statement = report.statement.passed()?;
        Some(Self {
            predicate_type: &statement.statement().predicate_type,
            view: report.provenance_binding.is_passed().then(|| View::of(provenance)),
            level: report.level.as_ref().map(|Level { build, row, why }| LevelWire { build: *build, row, why }),
            facts: provenance.facts().iter().map(FactWire::of).collect(),
        })
    }
}

impl<'r> View<'r> {
    fn of(compared: &'r ComparedProvenance) -> Self {
        let fact = |name| compared.fact(name).map(|compared| compared.fact.value.as_str());
        let provenance = compared.provenance();
        Self {
            builder: fact(FactName::Builder).map(|id| BuilderWire { id }),
            build_type: fact(FactName::BuildType),
            source: SourceWire {
                repository: fact(FactName::SourceRepository),
                r#ref: fact(FactName::SourceRef),
                commit: fact(FactName::SourceCommit),
                repository_id: fact(FactName::SourceRepositoryId),
                owner_id: fact(FactName::SourceOwnerId),
            },
            config: ConfigWire { path: fact(FactName::ConfigPath), entry_point: fact(FactName::EntryPoint) },
            trigger: fact(FactName::Trigger),
            run: fact(FactName::Run),
            runner: fact(FactName::Runner),
            parameters: provenance
                .parameters
                .iter()
                .map(|Parameter { name, value }| ParameterWire { name, value: ValueWire(value) })
                .collect(),
            dependencies: provenance.dependencies.iter().map(ResourceWire::from).collect(),
            byproducts: provenance.byproducts.iter().map(ResourceWire::from).collect(),
            started: fact(FactName::Started),
            finished: fact(FactName::Finished),
        }
    }
}

impl<'r> FactWire<'r> {
    fn of(ComparedFact { fact, status, certified }: &'r ComparedFact) -> Self {
        Self {
            name: fact.name.name(),
            value: &fact.value,
            pointer: &fact.pointer,
            status: status.name(),
            certified: certified.as_ref().map(|certified| certified.value.as_str()),
            claim: certified.as_ref().map(|certified| certified.claim),
        }
    }
}
