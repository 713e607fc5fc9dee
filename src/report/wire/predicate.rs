//! What a predicate says, under `predicate` in a report. Its `kind` tells which fields there are; no key is taken from the
//! statement, since a key such as `__proto__` is not harmless everywhere.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::resource::ResourceWire;
use crate::format::predicate::Predicate;
use crate::format::predicate::publish::Release;
use crate::format::predicate::sbom::{Sbom, SbomFormat};
use crate::format::predicate::test_result::{TestOutcome, TestResult};
use crate::format::predicate::verification_result::SimpleVerificationResult;
use crate::format::predicate::verification_summary::{VerificationResult, VerificationSummary};
use crate::format::predicate::vex::Vex;
use crate::format::predicate::vulnerability_scan::VulnerabilityScan;
use crate::format::provenance::Resource;
use crate::format::statement::Statement;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PredicateWire<'r> {
    predicate_type: &'r str,
    #[serde(flatten)]
    summary: Kind<'r>,
}

impl<'r> From<&'r Statement> for PredicateWire<'r> {
    fn from(statement: &'r Statement) -> Self {
        Self { predicate_type: &statement.predicate_type, summary: (&statement.predicate).into() }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Kind<'r> {
    SlsaProvenance,
    VerificationSummary(VerificationSummaryWire<'r>),
    SimpleVerificationResult(VerificationResultWire<'r>),
    NpmPublish {
        name: &'r str,
        version: &'r str,
        registry: &'r str,
    },
    PypiPublish,
    CondaPublish {
        #[serde(skip_serializing_if = "Option::is_none")]
        target_channel: Option<&'r str>,
    },
    Release(ReleaseWire<'r>),
    VulnerabilityScan(VulnerabilityScanWire<'r>),
    TestResult(TestResultWire<'r>),
    Sbom(SbomWire<'r>),
    Vex(VexWire<'r>),
    CosignCustom {
        #[serde(skip_serializing_if = "Option::is_none")]
        timestamp: Option<&'r str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        data_length: Option<usize>,
        data_is_json: bool,
    },
    CosignSignature {
        annotations: usize,
    },
    Opaque,
    Malformed {
        at: &'r str,
        message: String,
    },
}

impl<'r> From<&'r Predicate> for Kind<'r> {
    fn from(predicate: &'r Predicate) -> Self {
        match predicate {
            Predicate::Provenance(_) => Self::SlsaProvenance,
            Predicate::VerificationSummary(summary) => Self::VerificationSummary(summary.as_ref().into()),
            Predicate::SimpleVerificationResult(result) => Self::SimpleVerificationResult(result.as_ref().into()),
            Predicate::NpmPublish(npm) => {
                Self::NpmPublish { name: &npm.name, version: &npm.version, registry: &npm.registry }
            }
            Predicate::PypiPublish => Self::PypiPublish,
            Predicate::CondaPublish(conda) => Self::CondaPublish { target_channel: conda.target_channel.as_deref() },
            Predicate::Release(release) => Self::Release(release.as_ref().into()),
            Predicate::VulnerabilityScan(scan) => Self::VulnerabilityScan(scan.as_ref().into()),
            Predicate::TestResult(result) => Self::TestResult(result.into()),
            Predicate::Sbom(sbom) => Self::Sbom(sbom.as_ref().into()),
            Predicate::Vex(vex) => Self::Vex(vex.as_ref().into()),
            Predicate::CosignCustom(custom) => Self::CosignCustom {
                timestamp: custom.timestamp.as_deref(),
                data_length: custom.data_length,
                data_is_json: custom.data_is_json,
            },
            Predicate::CosignSignature(signature) => Self::CosignSignature { annotations: signature.annotations },
            Predicate::Opaque => Self::Opaque,
            Predicate::Malformed(error) => Self::Malformed { at: &error.at, message: error.to_string() },
        }
    }
}

/// How many there are of something.
#[derive(Serialize)]
struct CountWire<'r, C> {
    name: &'r str,
    count: C,
}

#[derive(Serialize)]
struct ComponentWire<'r> {
    name: &'r str,
    version: &'r str,
}

#[derive(Serialize)]
struct VerifierWire<'r> {
    id: &'r str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<ComponentWire<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationSummaryWire<'r> {
    verifier: VerifierWire<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_verified: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_uri: Option<&'r str>,
    policy: ResourceWire<'r>,
    verification_result: &'static str,
    verified_levels: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    build_level: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dependency_levels: Option<Vec<CountWire<'r, String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_attestations: Option<Vec<ResourceWire<'r>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slsa_version: Option<&'r str>,
}

impl<'r> From<&'r VerificationSummary> for VerificationSummaryWire<'r> {
    fn from(summary: &'r VerificationSummary) -> Self {
        let versions = summary.verifier_versions.iter().map(|(name, version)| ComponentWire { name, version });
        let dependencies = summary
            .dependency_levels
            .as_ref()
            .map(|levels| levels.iter().map(|(name, count)| CountWire { name, count: count.to_string() }).collect());
        Self {
            verifier: VerifierWire { id: &summary.verifier, versions: versions.collect() },
            time_verified: summary.time_verified.as_deref(),
            resource_uri: summary.resource_uri.as_deref(),
            policy: (&summary.policy).into(),
            verification_result: match summary.result {
                VerificationResult::Passed => "passed",
                VerificationResult::Failed => "failed",
            },
            verified_levels: &summary.verified_levels,
            build_level: summary.build_level(),
            dependency_levels: dependencies,
            input_attestations: summary.input_attestations.as_deref().map(resources),
            slsa_version: summary.slsa_version.as_deref(),
        }
    }
}

fn resources(list: &[Resource]) -> Vec<ResourceWire<'_>> {
    list.iter().map(ResourceWire::from).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationResultWire<'r> {
    verifier: VerifierWire<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policies: Option<Vec<ResourceWire<'r>>>,
    time_created: &'r str,
    properties: &'r [String],
}

impl<'r> From<&'r SimpleVerificationResult> for VerificationResultWire<'r> {
    fn from(result: &'r SimpleVerificationResult) -> Self {
        Self {
            verifier: VerifierWire { id: &result.verifier, versions: Vec::new() },
            policies: result.policies.as_deref().map(resources),
            time_created: &result.time_created,
            properties: &result.properties,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseWire<'r> {
    purl: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    package_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database_id: Option<&'r str>,
}

impl<'r> From<&'r Release> for ReleaseWire<'r> {
    fn from(release: &'r Release) -> Self {
        Self {
            purl: &release.purl,
            package_id: release.package_id.as_deref(),
            repository: release.repository.as_deref(),
            repository_id: release.repository_id.as_deref(),
            owner_id: release.owner_id.as_deref(),
            tag: release.tag.as_deref(),
            database_id: release.database_id.as_deref(),
        }
    }
}

/// A scanner, or its database.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolWire<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_update: Option<&'r str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VulnerabilityScanWire<'r> {
    scanner: ToolWire<'r>,
    database: ToolWire<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<usize>,
    severities: Vec<CountWire<'static, usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<&'r str>,
}

impl<'r> From<&'r VulnerabilityScan> for VulnerabilityScanWire<'r> {
    fn from(scan: &'r VulnerabilityScan) -> Self {
        let severities = scan.severities.iter();
        Self {
            scanner: ToolWire {
                uri: scan.scanner.as_deref(),
                version: scan.scanner_version.as_deref(),
                last_update: None,
            },
            database: ToolWire {
                uri: scan.database.as_deref(),
                version: scan.database_version.as_deref(),
                last_update: scan.database_updated.as_deref(),
            },
            results: scan.results,
            severities: severities
                .map(|(severity, count)| CountWire { name: severity.name(), count: *count })
                .collect(),
            started: scan.started.as_deref(),
            finished: scan.finished.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestResultWire<'r> {
    result: &'static str,
    configurations: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passed_tests: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warned_tests: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_tests: Option<usize>,
}

impl<'r> From<&'r TestResult> for TestResultWire<'r> {
    fn from(result: &'r TestResult) -> Self {
        Self {
            result: match result.outcome {
                TestOutcome::Passed => "passed",
                TestOutcome::Warned => "warned",
                TestOutcome::Failed => "failed",
            },
            configurations: result.configurations,
            url: result.url.as_deref(),
            passed_tests: result.passed,
            warned_tests: result.warned,
            failed_tests: result.failed,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SbomWire<'r> {
    format: &'static str,
    spec_version: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packages: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relationships: Option<usize>,
}

impl<'r> From<&'r Sbom> for SbomWire<'r> {
    fn from(sbom: &'r Sbom) -> Self {
        Self {
            format: match sbom.format {
                SbomFormat::Spdx => "spdx",
                SbomFormat::CycloneDx => "cyclonedx",
            },
            spec_version: &sbom.spec_version,
            name: sbom.name.as_deref(),
            id: sbom.id.as_deref(),
            created: sbom.created.as_deref(),
            packages: sbom.contents.map(|contents| contents.packages),
            files: sbom.contents.map(|contents| contents.files),
            relationships: sbom.contents.map(|contents| contents.relationships),
        }
    }
}

#[derive(Serialize)]
struct VexWire<'r> {
    id: &'r str,
    author: &'r str,
    timestamp: &'r str,
    version: String,
    statements: usize,
    statuses: Vec<CountWire<'static, usize>>,
}

impl<'r> From<&'r Vex> for VexWire<'r> {
    fn from(vex: &'r Vex) -> Self {
        let statuses = vex.statuses.iter();
        Self {
            id: &vex.id,
            author: &vex.author,
            timestamp: &vex.timestamp,
            version: vex.version.to_string(),
            statements: vex.statements(),
            statuses: statuses.map(|(status, count)| CountWire { name: status.name(), count: *count }).collect(),
        }
    }
}
