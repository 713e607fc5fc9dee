//! in-toto statements v0.1 and v1 (in-toto/attestation `spec/v1/statement.md`, `digest_set.md`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::predicate::Predicate;
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::{self, JsonError, Node, ShapeError};
use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_SUBJECT_DIGESTS, MAX_SUBJECTS};

/// The `_type` of a statement of version 1.
pub const STATEMENT_V1: &str = "https://in-toto.io/Statement/v1";
/// The `_type` of a statement of version 0.1.
pub const STATEMENT_V0_1: &str = "https://in-toto.io/Statement/v0.1";

/// A statement: what it says about which artifacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `_type`.
    pub statement_type: String,
    /// The type of the predicate, a URI compared exactly.
    pub predicate_type: String,
    /// What the statement is about; never empty.
    pub subjects: Vec<Subject>,
    /// What is said.
    pub predicate: Predicate,
}

/// One artifact that a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its name: informational unless an ecosystem binds it.
    pub name: Option<String>,
    /// Its digests under the algorithms that may establish identity: SHA-256, SHA-384, SHA-512.
    pub digests: Vec<Digest>,
    /// Names of its other digest algorithms (`sha1`, `gitCommit`, …), which never establish identity here.
    pub other_algorithms: Vec<String>,
}

impl Subject {
    /// Its digest under `algorithm`.
    #[must_use]
    pub fn digest(&self, algorithm: HashAlgorithm) -> Option<&Digest> {
        self.digests.iter().find(|digest| digest.algorithm() == algorithm)
    }
}

/// Why a payload is not a statement that this library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementFormatError {
    /// Not JSON, or not of a statement's shape.
    Shape(ShapeError),
    /// A `_type` that is not a statement of version 0.1 or 1.
    UnknownType {
        /// The `_type` found.
        found: String,
    },
    /// No subject at all.
    NoSubject,
    /// A subject without any digest.
    SubjectWithoutDigest {
        /// JSON pointer into the payload.
        at: String,
    },
    /// A digest whose value is not the hexadecimal of its algorithm's length.
    MalformedDigest {
        /// JSON pointer into the payload.
        at: String,
    },
}

impl fmt::Display for StatementFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(error) => error.fmt(f),
            Self::UnknownType { found } => {
                write!(f, "expected the _type of an in-toto statement, found {}", Quoted(found))
            }
            Self::NoSubject => f.write_str("expected a subject, found none"),
            Self::SubjectWithoutDigest { .. } => f.write_str("expected a digest for the subject, found none"),
            Self::MalformedDigest { .. } => {
                f.write_str("expected hexadecimal of the algorithm's length, found something else")
            }
        }
    }
}

impl From<ShapeError> for StatementFormatError {
    fn from(error: ShapeError) -> Self {
        Self::Shape(error)
    }
}

impl From<JsonError> for StatementFormatError {
    fn from(error: JsonError) -> Self {
        Self::Shape(error.into())
    }
}

impl StatementFormatError {
    /// JSON pointer into the payload.
    #[must_use]
    pub fn at(&self) -> &str {
        match self {
            Self::Shape(error) => &error.at,
            Self::UnknownType { .. } => "/_type",
            Self::NoSubject => "/subject",
            Self::SubjectWithoutDigest { at } | Self::MalformedDigest { at } => at,
        }
    }
}

impl Statement {
    /// Reads a statement. Unknown members are ignored (the specification's "monotonic" rule lets them be added).
    ///
    /// # Errors
    /// [`StatementFormatError`].
    pub fn from_json(payload: &[u8]) -> Result<Self, StatementFormatError> {
        let value = json::parse(payload)?;
        let root = Node::root(&value);
        let mut fields = root.fields()?;
        let statement_type = fields.required("_type")?.string()?;
        if ![STATEMENT_V1, STATEMENT_V0_1].contains(&statement_type) {
            return Err(StatementFormatError::UnknownType { found: statement_type.to_string() });
        }
        let predicate_type = fields.required("predicateType")?.string()?.to_string();
        let list = fields.required("subject")?;
        let subjects =
            list.items("subjects", MAX_SUBJECTS)?.map(|node| Subject::read(&node)).collect::<Result<Vec<_>, _>>()?;
        if subjects.is_empty() {
            return Err(StatementFormatError::NoSubject);
        }
        let predicate = fields.optional("predicate")?;
        if let Some(predicate) = &predicate {
            let is_text = matches!(predicate.value(), json::Value::String(_));
            if !(is_text && Predicate::may_be_text(&predicate_type)) {
                predicate.must_be_object()?;
            }
        }
        let predicate = Predicate::read(&predicate_type, predicate.as_ref(), &root);
        Ok(Self { statement_type: statement_type.to_string(), predicate_type, subjects, predicate })
    }
}

impl Subject {
    fn read(node: &Node<'_, '_>) -> Result<Self, StatementFormatError> {
        let mut fields = node.fields()?;
        let name = fields.optional("name")?.map(|name| name.string().map(ToString::to_string)).transpose()?;
        let Some(set) = fields.optional("digest")? else {
            return Err(StatementFormatError::SubjectWithoutDigest { at: node.pointer() });
        };
        let (mut digests, mut other_algorithms) = (Vec::new(), Vec::new());
        for (count, (algorithm, value)) in set.members()?.enumerate() {
            if count >= MAX_SUBJECT_DIGESTS {
                let kind = json::ShapeErrorKind::TooMany {
                    what: "digests",
                    limit: MAX_SUBJECT_DIGESTS,
                    found: count.saturating_add(1),
                };
                return Err(set.error(kind).into());
            }
            let text = value.string()?;
            match HashAlgorithm::from_name(algorithm) {
                Some(known) => digests.push(
                    Digest::from_hex(known, &text.to_ascii_lowercase())
                        .map_err(|_| StatementFormatError::MalformedDigest { at: value.pointer() })?,
                ),
                None => other_algorithms.push(algorithm.to_string()),
            }
        }
        if digests.is_empty() && other_algorithms.is_empty() {
            return Err(StatementFormatError::SubjectWithoutDigest { at: node.pointer() });
        }
        Ok(Self { name, digests, other_algorithms })
    }
}
