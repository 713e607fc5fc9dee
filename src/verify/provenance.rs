//! The provenance in a statement: held against the certificate, and what level it has.

use super::Inspection;
use super::outcome::failed;
use crate::check::certificate_path::{CertificatePathError, VerifiedPath};
use crate::check::provenance_binding::{self, BoundProvenance, ComparedProvenance, ProvenanceBindingError};
use crate::check::statement::{StatementError, VerifiedStatement};
use crate::policy::level::{self, Level};
use crate::report::{CheckId, Outcome, Report, Verdict};

type Binding = Outcome<BoundProvenance, ProvenanceBindingError>;

impl Inspection<'_> {
    /// Whether the provenance agrees with what the CA certified; and the facts, side by side.
    #[inline(never)]
    pub(super) fn provenance(
        &self,
        statement: &Outcome<VerifiedStatement, StatementError>,
        path: &Outcome<VerifiedPath, CertificatePathError>,
        has_certificate: bool,
    ) -> (Binding, Option<ComparedProvenance>) {
        const AT: &str = "/dsseEnvelope/payload";
        let statement = match statement {
            Outcome::Passed(statement) => statement,
            Outcome::Absent => return (Outcome::Absent, None),
            _ => return (Outcome::Blocked { by: CheckId::Statement }, None),
        };
        let is_provenance = provenance_binding::is_provenance(&statement.statement().predicate_type);
        if !is_provenance || self.options.dangerously_unbound_provenance {
            return (Outcome::Absent, None);
        }
        let path = path.passed();
        if has_certificate && path.is_none() {
            return (Outcome::Blocked { by: CheckId::CertificatePath }, None);
        }
        match provenance_binding::compare(statement, path) {
            Err(error) => (failed(AT, [error]), None),
            Ok(None) => (Outcome::Absent, None),
            Ok(Some(compared)) => match provenance_binding::verify(&compared) {
                Ok(bound) => (Outcome::Passed(bound), Some(compared)),
                Err(errors) => (failed(AT, errors), Some(compared)),
            },
        }
    }

    /// The build level of a report that passed.
    #[inline(never)]
    pub(super) fn level(&self, report: &Report) -> Option<Level> {
        let (Verdict::Passed, Outcome::Passed(_)) = (report.verdict(), &report.provenance_binding) else { return None };
        let (provenance, signature) = (report.provenance.as_ref()?, report.signature.passed()?);
        let rows = if self.options.levels.is_empty() { self.built_in } else { &self.options.levels };
        Some(level::level(provenance, report.certificate_path.passed(), signature, rows.iter()))
    }
}
