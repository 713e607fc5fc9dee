//! What is wrong with a record that a comparison is made of: a report, a baseline, a list of what was used, or the options of a
//! summary. All of them come from the caller.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use core::fmt;

use super::options::{UsageError, UsageErrorKind};
use crate::encoding::json::{self, Fields, Node, ShapeError, ShapeErrorKind};
use crate::encoding::located::located_error;
use crate::encoding::quoted::Quoted;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// A report, as JSON.
    Report,
    /// What was remembered of a report.
    Baseline,
    /// What a build used, according to the caller.
    UsedInputs,
    /// Options of a summary.
    SummaryOptions,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordErrorKind {
    /// Not JSON of the documented shape.
    Shape(ShapeErrorKind),
    /// Too long to be one.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Another media type.
    MediaType {
        /// The one found.
        found: String,
    },
    /// A value of the right type that is none of those which may be here.
    Value {
        /// What was expected, with its article.
        expected: &'static str,
    },
    /// A report that did not pass: nothing in it may be relied on.
    NotPassed,
    /// A report that tells nothing of provenance.
    NoProvenance,
    /// Nothing to compare: that would match whatever was built.
    Nothing,
    /// Neither the report nor the options name the artifact by digest.
    NoSubject,
    /// The options name another artifact than the report.
    SubjectDiffers,
    /// The options name another policy than the evaluation.
    PolicyDiffers,
}

impl fmt::Display for RecordErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(kind) => kind.fmt(f),
            Self::TooLarge { limit } => write!(f, "expected at most {limit} bytes, found more"),
            Self::MediaType { found } => {
                write!(f, "expected the media type of such a document, found {}", Quoted(found))
            }
            Self::Value { expected } => write!(f, "expected {expected}, found something else"),
            Self::NotPassed => f.write_str("expected a report that passed, found one that failed"),
            Self::NoProvenance => f.write_str("expected a report on provenance, found one without"),
            Self::Nothing => f.write_str("expected a dependency, a commit or a source, found nothing to compare"),
            Self::NoSubject => {
                f.write_str("expected the artifact's digest in the report or as `subject`, found it in neither")
            }
            Self::PolicyDiffers => f.write_str("expected the digest of the policy that was judged by, found another"),
            Self::SubjectDiffers => f.write_str("expected the artifact's digest as in the report, found another"),
        }
    }
}

impl Record {
    /// Reads a record of this kind from its text: JSON of at most `limit` bytes, whose every key is known.
    ///
    /// # Errors
    /// [`UsageError`] of this record's code, located.
    pub fn read<T>(
        self,
        text: &str,
        limit: usize,
        read: impl FnOnce(&Node<'_, '_>) -> Result<T, RecordError>,
    ) -> Result<T, UsageError> {
        let read = || {
            if text.len() > limit {
                return Err(RecordError::new(String::new(), RecordErrorKind::TooLarge { limit }));
            }
            let value = json::parse(text.as_bytes()).map_err(ShapeError::from)?;
            read(&Node::root(&value).strict())
        };
        read().map_err(|error| error.of(self))
    }
}

located_error! {
    /// What is wrong with a record, and where.
    RecordError of RecordErrorKind
}

impl RecordError {
    /// This error, at this value.
    #[must_use]
    pub fn at(node: &Node<'_, '_>, kind: RecordErrorKind) -> Self {
        Self::new(node.pointer(), kind)
    }

    /// The value here is none of those expected.
    #[must_use]
    pub fn value(node: &Node<'_, '_>, expected: &'static str) -> Self {
        Self::at(node, RecordErrorKind::Value { expected })
    }

    /// The media type of a record, where it is the one expected.
    ///
    /// # Errors
    /// [`RecordErrorKind::MediaType`]; [`RecordErrorKind::Shape`] if there is none.
    pub fn media_type(fields: &mut Fields<'_, '_>, expected: &str) -> Result<(), Self> {
        let node = fields.required("mediaType")?;
        let found = node.string()?;
        if found != expected {
            return Err(Self::at(&node, RecordErrorKind::MediaType { found: found.to_owned() }));
        }
        Ok(())
    }

    /// As an error of use.
    #[must_use]
    pub fn of(self, record: Record) -> UsageError {
        let (at, kind) = self.into_parts();
        UsageError::new(at, UsageErrorKind::Record { record, kind })
    }
}

impl From<ShapeError> for RecordError {
    fn from(error: ShapeError) -> Self {
        let (at, kind) = error.into_parts();
        Self::new(at, RecordErrorKind::Shape(kind))
    }
}
