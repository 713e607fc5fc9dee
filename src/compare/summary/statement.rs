//! The unsigned statements: a verification summary (slsa.dev `spec/v1.2/verification_summary`) and a simple verification result
//! (in-toto/attestation `spec/predicates/svr.md`, v0.2).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::{Said, SummaryOptions, set};
use crate::compare::digests::DigestSet;
use crate::format::statement::STATEMENT_V1;
use crate::time::UnixTime;

/// The predicate type of a verification summary.
pub const VSA_TYPE: &str = "https://slsa.dev/verification_summary/v1";
/// The predicate type of a simple verification result.
pub const SVR_TYPE: &str = "https://in-toto.io/attestation/svr/v0.2";
/// The version of SLSA whose levels these are.
const SLSA_VERSION: &str = "1.2";
/// What this library verified, as a property of its own: nobody else's names begin so.
const VERIFIED: &str = "ADMISSIBLE_VERIFIED";

/// An in-toto statement that nobody has signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement<P> {
    #[serde(rename = "_type")]
    statement_type: &'static str,
    subject: [Subject; 1],
    predicate_type: &'static str,
    predicate: P,
}

impl<P: Serialize> Statement<P> {
    /// The statement as JSON text, as a payload to be signed.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) digest: DigestSet,
}

/// Something by URI and digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Resource {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<DigestSet>,
}

/// A verification summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vsa {
    verifier: Verifier,
    time_verified: UnixTime,
    resource_uri: String,
    policy: Resource,
    input_attestations: Vec<Resource>,
    verification_result: &'static str,
    verified_levels: [String; 1],
    slsa_version: &'static str,
}

/// Who verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Verifier {
    id: String,
    version: Versions,
}

/// With what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Versions {
    admissible: String,
}

/// A simple verification result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Svr {
    verifier: SvrVerifier,
    time_created: UnixTime,
    properties: Vec<String>,
}

/// Who verified, by which policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct SvrVerifier {
    id: String,
    policies: [Resource; 1],
}

fn statement<P>(said: &Said, predicate_type: &'static str, predicate: P) -> Statement<P> {
    Statement { statement_type: STATEMENT_V1, subject: [said.subject.clone()], predicate_type, predicate }
}

fn policy(said: &Said) -> Resource {
    Resource { uri: Some(said.policy.uri.clone()), digest: said.policy.digest.clone() }
}

fn level(level: u8) -> String {
    alloc::format!("SLSA_BUILD_LEVEL_{level}")
}

/// The verification summary. Without provenance it claims no level.
pub(super) fn vsa(said: &Said, options: &SummaryOptions) -> Statement<Vsa> {
    let level = match (said.judged.passed, said.judged.level) {
        (false, _) => "FAILED".to_string(),
        (true, Some(build)) => level(build),
        (true, None) => "SLSA_BUILD_LEVEL_UNEVALUATED".to_string(),
    };
    let input = |bundle| Resource { uri: None, digest: Some(set(bundle)) };
    statement(
        said,
        VSA_TYPE,
        Vsa {
            verifier: Verifier {
                id: options.verifier.clone(),
                version: Versions { admissible: said.judged.version.clone() },
            },
            time_verified: options.now,
            resource_uri: options.resource_uri.clone(),
            policy: policy(said),
            input_attestations: said.judged.evidence.iter().map(|evidence| input(evidence.bundle)).collect(),
            verification_result: said.result(),
            verified_levels: [level],
            slsa_version: SLSA_VERSION,
        },
    )
}

/// The simple verification result: what holds, so nothing of what failed.
pub(super) fn svr(said: &Said, options: &SummaryOptions) -> Statement<Svr> {
    let properties = match said.judged.passed {
        true => core::iter::once(VERIFIED.to_string()).chain(said.judged.level.map(level)).collect(),
        false => Vec::new(),
    };
    statement(
        said,
        SVR_TYPE,
        Svr {
            verifier: SvrVerifier { id: options.verifier.clone(), policies: [policy(said)] },
            time_created: options.now,
            properties,
        },
    )
}
