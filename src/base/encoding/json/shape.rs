//! Reading a JSON value by the rules of protobuf JSON: [`Node`] and [`Fields`] know the JSON pointer (RFC 6901) of everything
//! they refuse.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{JsonError, Value};
use crate::encoding::base64;
use crate::encoding::located::located_error;
use crate::encoding::quoted::Quoted;
use crate::encoding::spelling;

located_error! {
    /// Why a JSON value has not the shape it should have, and where: a JSON pointer into the document.
    ShapeError of ShapeErrorKind
}

/// What is wrong with the shape of a JSON value. Exhaustive, so that a new kind does not compile until it has a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeErrorKind {
    /// The whole is not JSON.
    Json(JsonError),
    /// Another type of value.
    WrongType {
        /// What was expected, with its article.
        expected: &'static str,
        /// What was found, with its article.
        found: &'static str,
    },
    /// A member is missing, or null.
    Missing {
        /// The field's canonical (lowerCamelCase) name.
        field: &'static str,
    },
    /// A field is there under its camelCase and its snake_case name.
    SpelledTwice {
        /// The field's canonical name.
        field: &'static str,
    },
    /// Not base64.
    Base64,
    /// Not a decimal integer within 64 bits.
    Integer,
    /// More items or bytes than the limit.
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How many may be there.
        limit: usize,
        /// How many are there.
        found: usize,
    },
    /// Another length in bytes.
    Length {
        /// Bytes expected.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A member that nobody knows, where none may be.
    UnknownField {
        /// The name found.
        found: String,
        /// The known name that it is nearest to, if it is near to any.
        nearest: Option<&'static str>,
    },
    /// A text of the right type that is none of those that may stand there.
    OtherText {
        /// What was expected.
        expected: &'static str,
        /// The text found.
        found: String,
    },
}

impl fmt::Display for ShapeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(f),
            Self::WrongType { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Missing { field } => write!(f, "expected the field `{field}`, found none"),
            Self::SpelledTwice { field } => write!(f, "expected the field `{field}` once, found it in both spellings"),
            Self::Base64 => f.write_str("expected base64, found something else"),
            Self::Integer => f.write_str("expected a decimal integer of 64 bits, found something else"),
            Self::TooMany { what, limit, found } => write!(f, "expected at most {limit} {what}, found {found}"),
            Self::Length { expected, found } => write!(f, "expected {expected} bytes, found {found}"),
            Self::UnknownField { found, nearest } => {
                write!(f, "expected a known field, found {}", Quoted(found))?;
                nearest.map_or(Ok(()), |nearest| write!(f, ": did you mean `{nearest}`?"))
            }
            Self::OtherText { expected, found } => write!(f, "expected {expected}, found {}", Quoted(found)),
        }
    }
}

impl From<JsonError> for ShapeError {
    fn from(error: JsonError) -> Self {
        Self::new(String::new(), ShapeErrorKind::Json(error))
    }
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

/// A value together with the way to it, kept on the stack and spelled out only when it is needed.
#[derive(Clone, Copy)]
pub struct Node<'p, 'a> {
    value: &'p Value<'a>,
    parent: Option<&'p Node<'p, 'a>>,
    step: Step<'p>,
    is_strict: bool,
}

impl<'p, 'a> Node<'p, 'a> {
    /// The whole document.
    #[must_use]
    pub fn root(value: &'p Value<'a>) -> Self {
        Self { value, parent: None, step: Step::Root, is_strict: false }
    }

    /// This value and all below it as part of a document that people write by hand: names have one spelling, and `null` is a
    /// value like any other, so that no condition gets lost.
    #[must_use]
    pub fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    /// Whether this is part of such a document.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.is_strict
    }

    fn child(&'p self, value: &'p Value<'a>, step: Step<'p>) -> Self {
        Self { value, parent: Some(self), step, is_strict: self.is_strict }
    }

    /// The value itself.
    #[must_use]
    pub fn value(&self) -> &'p Value<'a> {
        self.value
    }

    /// The JSON pointer to this value.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Node::pointer).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(key) => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Index(index) => pointer.push_str(&alloc::format!("/{index}")),
        }
        pointer
    }

    /// This error, here.
    #[must_use]
    pub fn error(&self, kind: ShapeErrorKind) -> ShapeError {
        ShapeError::new(self.pointer(), kind)
    }

    fn wrong_type(&self, expected: &'static str) -> ShapeError {
        self.error(ShapeErrorKind::WrongType { expected, found: self.value.kind() })
    }

    /// The members of this object.
    ///
    /// # Errors
    /// When this is not an object.
    pub fn fields(&'p self) -> Result<Fields<'p, 'a>, ShapeError> {
        match self.value {
            Value::Object(members) => Ok(Fields { node: self, members, taken: Vec::new(), known: Vec::new() }),
            _ => Err(self.wrong_type("an object")),
        }
    }

    /// The items of this array, at most `limit`; `what` names them in the error.
    ///
    /// # Errors
    /// When this is not an array, or a longer one.
    pub fn items(&'p self, what: &'static str, limit: usize) -> Result<impl Iterator<Item = Node<'p, 'a>>, ShapeError> {
        let Value::Array(items) = self.value else {
            return Err(self.wrong_type("an array"));
        };
        if items.len() > limit {
            return Err(self.error(ShapeErrorKind::TooMany { what, limit, found: items.len() }));
        }
        let node = move |(index, value)| self.child(value, Step::Index(index));
        Ok(items.iter().enumerate().map(node))
    }

    /// Demands an object.
    ///
    /// # Errors
    /// When this is not one.
    pub fn must_be_object(&self) -> Result<(), ShapeError> {
        if matches!(self.value, Value::Object(_)) { Ok(()) } else { Err(self.wrong_type("an object")) }
    }

    /// The member of this very name, where this is an object that has it. `null` counts as absent, but where people write by hand.
    #[must_use]
    pub fn member(&'p self, name: &str) -> Option<Node<'p, 'a>> {
        let mut members = self.members().ok()?;
        let found = members.find(|(key, node)| *key == name && (self.is_strict || *node.value != Value::Null));
        found.map(|(_, node)| node)
    }

    /// The text of this string.
    ///
    /// # Errors
    /// When this is not a string.
    pub fn string(&self) -> Result<&'p str, ShapeError> {
        match self.value {
            Value::String(text) => Ok(text),
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// This boolean.
    ///
    /// # Errors
    /// When this is not a boolean.
    pub fn boolean(&self) -> Result<bool, ShapeError> {
        match self.value {
            Value::Bool(value) => Ok(*value),
            _ => Err(self.wrong_type("a boolean")),
        }
    }

    /// The bytes that this string spells in base64, as protobuf JSON reads it.
    ///
    /// # Errors
    /// When this is not a string of base64.
    pub fn bytes(&self) -> Result<Vec<u8>, ShapeError> {
        base64::decode(self.string()?).ok_or_else(|| self.error(ShapeErrorKind::Base64))
    }

    /// A digest, key id or the like: base64 of exactly `N` bytes.
    ///
    /// # Errors
    /// When this is not that.
    pub fn byte_array<const N: usize>(&self) -> Result<[u8; N], ShapeError> {
        let bytes = self.bytes()?;
        let found = bytes.len();
        bytes.try_into().map_err(|_| self.error(ShapeErrorKind::Length { expected: N, found }))
    }

    /// A non-negative protobuf int64: a decimal string without sign, space, leading zero or fraction, or a JSON integer.
    ///
    /// # Errors
    /// When this is anything else. Every int64 of Sigstore's messages counts something, so a negative one is refused.
    pub fn int64(&self) -> Result<i64, ShapeError> {
        let number = match self.value {
            Value::Unsigned(number) => i64::try_from(*number).ok(),
            Value::String(text) => decimal(text).and_then(|number| i64::try_from(number).ok()),
            Value::Negative(_) | Value::Float(_) => None,
            _ => return Err(self.wrong_type("an integer")),
        };
        number.ok_or_else(|| self.error(ShapeErrorKind::Integer))
    }
}

/// A decimal number without sign, space or leading zero, below 2^64.
#[must_use]
pub fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    (digits && !leading_zero).then(|| text.parse().ok())?
}

/// The members of one object, taken one by one by their protobuf names. `null` counts as absent; lowerCamelCase and the
/// original snake_case are one field.
pub struct Fields<'p, 'a> {
    node: &'p Node<'p, 'a>,
    members: &'p [(Cow<'a, str>, Value<'a>)],
    taken: Vec<usize>,
    known: Vec<&'static str>,
}

impl<'p, 'a> Fields<'p, 'a> {
    /// The object itself.
    #[must_use]
    pub fn node(&self) -> &'p Node<'p, 'a> {
        self.node
    }

    /// The field of this canonical name, if there.
    ///
    /// # Errors
    /// When it is there in both spellings.
    pub fn optional(&mut self, field: &'static str) -> Result<Option<Node<'p, 'a>>, ShapeError> {
        let mut found = None;
        self.known.push(field);
        for (index, (key, value)) in self.members.iter().enumerate() {
            if !(field == key.as_ref() || !self.node.is_strict && same_field(field, key)) {
                continue;
            }
            self.taken.push(index);
            if found.is_some() {
                return Err(self.node.error(ShapeErrorKind::SpelledTwice { field }));
            }
            found = Some(self.node.child(value, Step::Key(key)));
        }
        Ok(found.filter(|node| self.node.is_strict || *node.value != Value::Null))
    }

    /// The field of this canonical name.
    ///
    /// # Errors
    /// When it is not there, or in both spellings. Where people write by hand, a name that is near to one asked for so far is
    /// refused for what it is.
    pub fn required(&mut self, field: &'static str) -> Result<Node<'p, 'a>, ShapeError> {
        if let Some(found) = self.optional(field)? {
            return Ok(found);
        }
        Err(self.misspelt().unwrap_or_else(|| self.node.error(ShapeErrorKind::Missing { field })))
    }

    /// Where the document is strict, the first member whose name is nearly one that was asked for: it says more than what is missing.
    pub fn misspelt(&self) -> Option<ShapeError> {
        let unknown = self.rest().filter(|_| self.node.is_strict).map(|node| self.unknown(&node));
        let mut near =
            unknown.filter(|error| matches!(error.kind, ShapeErrorKind::UnknownField { nearest: Some(_), .. }));
        near.next()
    }

    /// Every member that was not taken.
    pub fn rest(&self) -> impl Iterator<Item = Node<'p, 'a>> {
        self.members
            .iter()
            .enumerate()
            .filter(|(index, _)| !self.taken.contains(index))
            .map(|(_, (key, value))| self.node.child(value, Step::Key(key)))
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`ShapeErrorKind::UnknownField`] at the first member that was not taken, with the name that was asked for and is nearest.
    pub fn end(self) -> Result<(), ShapeError> {
        self.rest().next().map_or(Ok(()), |node| Err(self.unknown(&node)))
    }

    /// The error that nobody knows this member, with the name that was asked for and is nearest.
    fn unknown(&self, node: &Node<'_, '_>) -> ShapeError {
        let found = match node.step {
            Step::Key(key) => key,
            Step::Root | Step::Index(_) => "",
        };
        let nearest = spelling::nearest(found, &self.known);
        node.error(ShapeErrorKind::UnknownField { found: found.into(), nearest })
    }
}

impl<'p, 'a> Node<'p, 'a> {
    /// Every member of this object under the key it has, with its key.
    ///
    /// # Errors
    /// When this is not an object.
    pub fn members(&'p self) -> Result<impl Iterator<Item = (&'p str, Node<'p, 'a>)>, ShapeError> {
        let Value::Object(members) = self.value else {
            return Err(self.wrong_type("an object"));
        };
        Ok(members.iter().map(|(key, value)| (key.as_ref(), self.child(value, Step::Key(key)))))
    }
}

/// Whether `key` is `camel` or the snake_case name that protobuf makes of it.
fn same_field(camel: &str, key: &str) -> bool {
    if camel == key {
        return true;
    }
    let mut key = key.bytes();
    for expected in camel.bytes() {
        let matches = if expected.is_ascii_uppercase() {
            key.next() == Some(b'_') && key.next() == Some(expected.to_ascii_lowercase())
        } else {
            key.next() == Some(expected)
        };
        if !matches {
            return false;
        }
    }
    key.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn integers_are_exact() {
        let read = |text: &str| {
            let value = parse(text.as_bytes()).unwrap();
            Node::root(&value).int64()
        };
        for (text, number) in [("7", 7), ("\"7\"", 7), ("\"9223372036854775807\"", i64::MAX), ("0", 0)] {
            assert_eq!(read(text), Ok(number), "{text}");
        }
        for text in [
            "\"0x7\"",
            "\" 7\"",
            "\"+7\"",
            "\"1_0\"",
            "\"７\"",
            "7.4",
            "\"NaN\"",
            "1e40",
            "-1",
            "\"-1\"",
            "\"07\"",
            "\"\"",
            "18446744073709551616",
            "7.0",
        ] {
            assert_eq!(read(text).unwrap_err().kind, ShapeErrorKind::Integer, "{text}");
        }
        assert!(matches!(read("true").unwrap_err().kind, ShapeErrorKind::WrongType { .. }));
    }

    #[test]
    fn fields_have_two_spellings_and_pointers() {
        let value = parse(br#"{"log_index":1,"logId":null,"x/y":[{"__proto__":0}]}"#).unwrap();
        let root = Node::root(&value);
        let mut fields = root.fields().unwrap();
        assert_eq!(fields.required("logIndex").unwrap().int64(), Ok(1));
        assert!(fields.optional("logId").unwrap().is_none());
        assert_eq!(fields.rest().next().unwrap().pointer(), "/x~1y");
        let error = fields.required("rootHash").err().unwrap();
        assert_eq!(error.kind, ShapeErrorKind::Missing { field: "rootHash" });
        assert_eq!(fields.end().unwrap_err().at, "/x~1y");

        let value = parse(br#"{"logIndex":1,"log_index":2}"#).unwrap();
        let root = Node::root(&value);
        let error = root.fields().unwrap().optional("logIndex").err().unwrap();
        assert_eq!(error.kind, ShapeErrorKind::SpelledTwice { field: "logIndex" });
        assert!(same_field("rfc3161Timestamps", "rfc3161_timestamps") && !same_field("logId", "log_Id"));
    }
}
