//! Predicates: what a statement says about its subjects, by the exact type that it names. Of each known type there is a summary:
//! who says what and when, and how much of it; the payload itself stays with the caller. Everything in it is what the predicate
//! *claims*.
//!
//! Not summarised, and so [`Predicate::Opaque`]: in-toto's SCAI, link, reference and runtime-trace, whose meaning lies in whatever
//! their users agreed on, and every type that nobody here knows.

pub mod cosign;
mod field;
pub mod publish;
pub mod sbom;
pub mod test_result;
pub mod verification_result;
pub mod verification_summary;
pub mod vex;
pub mod vulnerability_scan;

use alloc::boxed::Box;

use self::cosign::{CosignCustom, CosignSignature};
use self::publish::{CondaPublish, NpmPublish, Release};
use self::sbom::{Sbom, SbomType};
use self::test_result::{TEST_RESULT, TestResult};
use self::verification_result::SimpleVerificationResult;
use self::verification_summary::{VerificationSummary, VerificationSummaryVersion};
use self::vex::Vex;
use self::vulnerability_scan::VulnerabilityScan;
use super::provenance::{Provenance, ProvenanceVersion};
use crate::encoding::json::{Node, ShapeError, ShapeErrorKind};

/// A predicate, read as far as its type is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Predicate {
    /// SLSA build provenance.
    Provenance(Box<Provenance>),
    /// A SLSA verification summary.
    VerificationSummary(Box<VerificationSummary>),
    /// in-toto's simple verification result.
    SimpleVerificationResult(Box<SimpleVerificationResult>),
    /// npm's publish attestation.
    NpmPublish(Box<NpmPublish>),
    /// PyPI's publish attestation, which says nothing besides its type.
    PypiPublish,
    /// conda's publish attestation.
    CondaPublish(CondaPublish),
    /// in-toto's release, as GitHub writes it.
    Release(Box<Release>),
    /// A vulnerability scan, in in-toto's form or cosign's.
    VulnerabilityScan(Box<VulnerabilityScan>),
    /// The result of a run of tests.
    TestResult(TestResult),
    /// A bill of materials, in SPDX or CycloneDX.
    Sbom(Box<Sbom>),
    /// An OpenVEX document.
    Vex(Box<Vex>),
    /// Whatever somebody attested with cosign.
    CosignCustom(CosignCustom),
    /// A container image's signature by cosign 3.
    CosignSignature(CosignSignature),
    /// A type that this library does not know: the envelope is judged, what it holds is not.
    Opaque,
    /// A known type whose predicate has not that type's shape; the pointer is into the statement.
    Malformed(ShapeError),
}

impl Predicate {
    /// Whether a predicate of this type may be a text instead of an object.
    pub(super) fn may_be_text(predicate_type: &str) -> bool {
        predicate_type == sbom::SPDX
    }

    /// Reads the predicate of a statement of this type.
    pub(super) fn read(predicate_type: &str, predicate: Option<&Node<'_, '_>>, statement: &Node<'_, '_>) -> Self {
        Self::read_known(predicate_type, predicate, statement).unwrap_or_else(Self::Malformed)
    }

    fn read_known(
        predicate_type: &str,
        predicate: Option<&Node<'_, '_>>,
        statement: &Node<'_, '_>,
    ) -> Result<Self, ShapeError> {
        let required = || predicate.ok_or_else(|| statement.error(ShapeErrorKind::Missing { field: "predicate" }));
        if let Some(version) = ProvenanceVersion::from_predicate_type(predicate_type) {
            return Ok(Self::Provenance(Box::new(Provenance::read(version, required()?)?)));
        }
        if cfg!(feature = "predicates") {
            Self::read_other(predicate_type, predicate, statement)
        } else {
            Ok(Self::Opaque)
        }
    }

    /// A function of its own, which is not compiled for provenance.
    #[inline(never)]
    fn read_other(
        predicate_type: &str,
        predicate: Option<&Node<'_, '_>>,
        statement: &Node<'_, '_>,
    ) -> Result<Self, ShapeError> {
        let required = || predicate.ok_or_else(|| statement.error(ShapeErrorKind::Missing { field: "predicate" }));
        if let Some(sbom_type) = SbomType::from_predicate_type(predicate_type) {
            return Ok(Self::Sbom(Box::new(Sbom::read(sbom_type, required()?)?)));
        }
        if let Some(version) = VerificationSummaryVersion::from_predicate_type(predicate_type) {
            return Ok(Self::VerificationSummary(Box::new(VerificationSummary::read(version, required()?)?)));
        }
        let known = match predicate_type {
            "https://in-toto.io/attestation/svr/v0.1" => {
                Self::SimpleVerificationResult(Box::new(SimpleVerificationResult::read(required()?, false)?))
            }
            "https://in-toto.io/attestation/svr/v0.2" => {
                Self::SimpleVerificationResult(Box::new(SimpleVerificationResult::read(required()?, true)?))
            }
            "https://github.com/npm/attestation/tree/main/specs/publish/v0.1" => {
                Self::NpmPublish(Box::new(NpmPublish::read(required()?)?))
            }
            "https://docs.pypi.org/attestations/publish/v1" => Self::PypiPublish,
            "https://schemas.conda.org/attestations-publish-1.schema.json" => {
                Self::CondaPublish(predicate.map_or_else(|| Ok(CondaPublish::default()), CondaPublish::read)?)
            }
            "https://in-toto.io/attestation/release/v0.1" => Self::Release(Box::new(Release::read(required()?, true)?)),
            "https://in-toto.io/attestation/release/v0.2" => {
                Self::Release(Box::new(Release::read(required()?, false)?))
            }
            "https://in-toto.io/attestation/vulns/v0.1" | "https://in-toto.io/attestation/vulns/v0.2" => {
                Self::VulnerabilityScan(Box::new(VulnerabilityScan::read(required()?)?))
            }
            // cosign's own types had no scheme at first.
            "https://cosign.sigstore.dev/attestation/vuln/v1" | "cosign.sigstore.dev/attestation/vuln/v1" => {
                Self::VulnerabilityScan(Box::new(VulnerabilityScan::read_cosign(required()?)?))
            }
            "https://cosign.sigstore.dev/attestation/v1" | "cosign.sigstore.dev/attestation/v1" => {
                Self::CosignCustom(CosignCustom::read(required()?)?)
            }
            "https://sigstore.dev/cosign/sign/v1" => Self::CosignSignature(CosignSignature::read(statement)?),
            TEST_RESULT => Self::TestResult(TestResult::read(required()?)?),
            "https://openvex.dev/ns" | "https://openvex.dev/ns/v0.2.0" => Self::Vex(Box::new(Vex::read(required()?)?)),
            _ => Self::Opaque,
        };
        Ok(known)
    }
}

#[cfg(test)]
mod tests;
