//! The one JSON shape of a report, for Rust, wasm and the command line. Integers that may exceed 2^53 are decimal strings,
//! times RFC 3339, bytes lower-case hexadecimal; absent facts are absent.

mod evidence;
mod predicate;
mod provenance;
mod resource;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

pub(super) use self::evidence::ClaimsWire;
use self::evidence::Evidence;
use self::predicate::PredicateWire;
use self::provenance::{ProvenanceWire, certificate};
use super::{AnyOutcome, CheckId, Failure, Inputs, Note, Outcome, Report, Verdict};
use crate::check::Coded;
use crate::crypto::Digest;

/// The media type of a report's JSON; the version rises when a reader of the old shape would misread the new one.
pub const MEDIA_TYPE: &str = "application/vnd.admissible.report.v1+json";

/// The version of this library, in every report that it makes.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Report {
    /// The report as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let verdict = match self.verdict() {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
        };
        let (certificate, provenance) = (certificate(self), ProvenanceWire::of(self));
        let mut report = serializer.serialize_struct("Report", 11)?;
        report.serialize_field("mediaType", MEDIA_TYPE)?;
        report.serialize_field("version", VERSION)?;
        report.serialize_field("verdict", verdict)?;
        report.serialize_field("summary", &self.summary())?;
        report.serialize_field("trustedRoot", &self.trusted_root)?;
        report.serialize_field("inputs", &InputsWire::from(&self.inputs))?;
        report.serialize_field("checks", &Checks(self))?;
        match &certificate {
            Some(certificate) => report.serialize_field("certificate", certificate)?,
            None => report.skip_field("certificate")?,
        }
        match &provenance {
            Some(provenance) => report.serialize_field("provenance", provenance)?,
            None => report.skip_field("provenance")?,
        }
        if let Some(verified) = self.statement.passed() {
            report.serialize_field("predicate", &PredicateWire::from(verified.statement()))?;
        }
        report.serialize_field("notes", &self.notes)?;
        report.end()
    }
}

/// Digests with their algorithm's name, `sha256:…`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputsWire {
    bundle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted_root: Option<String>,
}

impl From<&Inputs> for InputsWire {
    fn from(Inputs { bundle, trusted_root }: &Inputs) -> Self {
        let named = |sha256: [u8; 32]| Digest::Sha256(sha256).to_string();
        Self { bundle: named(*bundle), trusted_root: trusted_root.map(named) }
    }
}

struct Checks<'r>(&'r Report);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.0;
        let mut checks = serializer.serialize_struct("Checks", CheckId::ALL.len())?;
        checks.serialize_field("bundle", &check(CheckId::Bundle, &report.bundle))?;
        checks.serialize_field("checkpoint", &check(CheckId::Checkpoint, &report.checkpoint))?;
        checks.serialize_field("inclusionProof", &check(CheckId::InclusionProof, &report.inclusion_proof))?;
        checks.serialize_field("inclusionPromise", &check(CheckId::InclusionPromise, &report.inclusion_promise))?;
        checks.serialize_field("logBinding", &check(CheckId::LogBinding, &report.log_binding))?;
        checks.serialize_field("timestamp", &check(CheckId::Timestamp, &report.timestamp))?;
        checks.serialize_field("signingTime", &check(CheckId::SigningTime, &report.signing_time))?;
        checks.serialize_field("certificatePath", &check(CheckId::CertificatePath, &report.certificate_path))?;
        checks.serialize_field("sct", &check(CheckId::Sct, &report.sct))?;
        checks.serialize_field("signature", &check(CheckId::Signature, &report.signature))?;
        checks.serialize_field("statement", &check(CheckId::Statement, &report.statement))?;
        checks.serialize_field("provenanceBinding", &check(CheckId::ProvenanceBinding, &report.provenance_binding))?;
        checks.serialize_field("artifact", &check(CheckId::Artifact, &report.artifact))?;
        checks.serialize_field("signer", &check(CheckId::Signer, &report.signer))?;
        checks.serialize_field("threshold", &check(CheckId::Threshold, &report.threshold))?;
        checks.end()
    }
}

/// `{ status, evidence? | failures? | by? }`
struct Check<'r, W> {
    id: CheckId,
    outcome: &'r dyn AnyOutcome,
    evidence: Option<W>,
}

fn check<'r, T: Evidence<'r>, E: Coded>(id: CheckId, outcome: &'r Outcome<T, E>) -> Check<'r, T::Wire> {
    Check { id, outcome, evidence: outcome.passed().map(Evidence::wire) }
}

impl<W: Serialize> Serialize for Check<'_, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut check = serializer.serialize_struct("Check", 4)?;
        check.serialize_field("status", self.outcome.status())?;
        if let Some(evidence) = &self.evidence {
            check.serialize_field("evidence", evidence)?;
        }
        why_not(&mut check, self.id, self.outcome)?;
        check.end()
    }
}

/// Apart from the above, which there is once for each check.
fn why_not<S: SerializeStruct>(check: &mut S, id: CheckId, outcome: &dyn AnyOutcome) -> Result<(), S::Error> {
    if let Some(by) = outcome.blocked_by() {
        check.serialize_field("by", by.name())?;
    }
    let failures: Vec<_> = outcome.failures(id).into_iter().map(FailureWire::from).collect();
    if failures.is_empty() { Ok(()) } else { check.serialize_field("failures", &failures) }
}

#[derive(Serialize)]
struct FailureWire {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl From<Failure> for FailureWire {
    fn from(Failure { check: _, code, message, at, hint }: Failure) -> Self {
        Self { code, message, at, hint }
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FailureWire { code: self.code(), message: self.to_string(), at: self.at().to_string(), hint: self.hint() }
            .serialize(serializer)
    }
}
