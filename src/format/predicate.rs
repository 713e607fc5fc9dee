//! Predicates: what a statement says about its subjects, by the exact type that it names.

use alloc::boxed::Box;

use super::provenance::{Provenance, ProvenanceVersion};
use crate::encoding::json::{Node, ShapeError, ShapeErrorKind};

/// A predicate, read as far as its type is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// SLSA build provenance.
    Provenance(Box<Provenance>),
    /// A type that this library does not know: the envelope is judged, what it holds is not.
    Opaque,
    /// A known type whose predicate has not that type's shape; the pointer is into the statement.
    Malformed(ShapeError),
}

impl Predicate {
    /// Reads the predicate of a statement of this type.
    pub(super) fn read(predicate_type: &str, predicate: Option<&Node<'_, '_>>, statement: &Node<'_, '_>) -> Self {
        let missing = || statement.error(ShapeErrorKind::Missing { field: "predicate" });
        let read = match ProvenanceVersion::from_predicate_type(predicate_type) {
            Some(version) => match predicate {
                Some(node) => Provenance::read(version, node).map(|read| Self::Provenance(Box::new(read))),
                None => Err(missing()),
            },
            None => return Self::Opaque,
        };
        read.unwrap_or_else(Self::Malformed)
    }
}
