//! Claim `statement`: the signed payload is an in-toto statement.

use alloc::string::String;
use core::fmt;

use super::signature::VerifiedSignature;
use super::{Coded, codes};
use crate::encoding::quoted::Quoted;
use crate::format::envelope::{Envelope, IN_TOTO_PAYLOAD_TYPE};
use crate::format::statement::{Statement, StatementFormatError};

/// Proof that a signed payload says what this statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedStatement {
    statement: Statement,
}

impl VerifiedStatement {
    /// What was stated.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        &self.statement
    }
}

/// Why a payload is not a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementError {
    /// A payload of another type.
    PayloadType {
        /// The type found.
        found: String,
    },
    /// Not a statement that this library reads.
    Malformed(StatementFormatError),
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PayloadType { found } => {
                write!(f, "expected a payload of type {IN_TOTO_PAYLOAD_TYPE}, found {}", Quoted(found))
            }
            Self::Malformed(error) => write!(f, "{error} (at {} of the payload)", Quoted(error.at())),
        }
    }
}

impl Coded for StatementError {
    codes!(StatementError {
        E::PayloadType { .. } => "statement-payload-type",
        E::Malformed(StatementFormatError::Shape(_)) => "statement-malformed",
        E::Malformed(StatementFormatError::UnknownType { .. }) => "statement-unknown-type",
        E::Malformed(StatementFormatError::NoSubject) => "statement-without-subject",
        E::Malformed(StatementFormatError::SubjectWithoutDigest { .. }) => "statement-subject-without-digest",
        E::Malformed(StatementFormatError::MalformedDigest { .. }) => "statement-malformed-digest",
    });
}

/// Reads the statement in an envelope whose signature is verified (client-spec §4.7): exactly the bytes that were signed.
///
/// # Errors
/// [`StatementError`].
#[inline(never)]
pub fn verify(_: &VerifiedSignature, envelope: &Envelope) -> Result<VerifiedStatement, StatementError> {
    if envelope.payload_type != IN_TOTO_PAYLOAD_TYPE {
        return Err(StatementError::PayloadType { found: envelope.payload_type.clone() });
    }
    let statement = Statement::from_json(&envelope.payload).map_err(StatementError::Malformed)?;
    Ok(VerifiedStatement { statement })
}
