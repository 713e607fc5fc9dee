//! JSON (RFC 8259) read strictly: duplicate keys are refused, since two parsers may each keep another one; nesting and size
//! are bounded; numbers never pass through floating point on their way to an integer. On top of it, [`Node`] and [`Fields`]
//! read protobuf JSON by its rules and know the JSON pointer (RFC 6901) of everything they refuse.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use super::base64;
use super::quoted::Quoted;
use crate::limits::{MAX_JSON_DEPTH, MAX_JSON_VALUES};

/// A JSON value. Strings are borrowed from the text unless they held an escape.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number written as a non-negative integer below 2^64.
    Unsigned(u64),
    /// A number written as a negative integer not below -2^63.
    Negative(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object: its members in the order written, each key once.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl Value<'_> {
    /// The member of this object under exactly this key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Self> {
        match self {
            Value::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of this string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Unsigned(_) | Value::Negative(_) | Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

/// Why a text is not JSON that this library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// Not UTF-8, from this byte on.
    NotUtf8 {
        /// Offset of the first wrong byte.
        offset: usize,
    },
    /// Not JSON, or a number too large to hold.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// An object has this key twice.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// Nested deeper than [`MAX_JSON_DEPTH`].
    TooDeep,
    /// More than [`MAX_JSON_VALUES`] values.
    TooManyValues,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { offset } => write!(f, "expected UTF-8, found another byte at offset {offset}"),
            Self::Syntax { line, column } => {
                write!(f, "expected JSON, found something else at line {line} column {column}")
            }
            Self::DuplicateKey { key } => {
                write!(f, "expected each key once, found {} twice in one object", Quoted(key))
            }
            Self::TooDeep => write!(f, "expected at most {MAX_JSON_DEPTH} levels of nesting, found more"),
            Self::TooManyValues => write!(f, "expected at most {MAX_JSON_VALUES} values, found more"),
        }
    }
}

/// Reads one JSON text.
///
/// # Errors
/// [`JsonError`] for anything that is not exactly one JSON value within the limits.
pub fn parse(text: &[u8]) -> Result<Value<'_>, JsonError> {
    let text = core::str::from_utf8(text).map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    let refusal = RefCell::new(None);
    let count = Cell::new(0);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Seed { depth: 0, refusal: &refusal, count: &count }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| match refusal.take() {
            Some(refusal) => refusal,
            None => JsonError::Syntax { line: error.line(), column: error.column() },
        })
}

#[derive(Clone, Copy)]
struct Seed<'s> {
    depth: usize,
    /// serde's errors are text; the reason travels beside them.
    refusal: &'s RefCell<Option<JsonError>>,
    count: &'s Cell<usize>,
}

impl Seed<'_> {
    fn refuse<E: serde::de::Error>(&self, reason: JsonError) -> E {
        self.refusal.replace(Some(reason));
        E::custom("")
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_JSON_DEPTH {
            return Err(self.refuse(JsonError::TooDeep));
        }
        Ok(Self { depth: self.depth.saturating_add(1), ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        self.count.set(self.count.get().saturating_add(1));
        if self.count.get() > MAX_JSON_VALUES {
            return Err(self.refuse(JsonError::TooManyValues));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(u64::try_from(value).map_or(Value::Negative(value), Value::Unsigned))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Owned(value.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut members = Vec::new();
        while let Some(key) = access.next_key_seed(inner)? {
            let Value::String(key) = key else {
                return Err(A::Error::custom("key"));
            };
            members.push((key, access.next_value_seed(inner)?));
        }
        let mut keys: Vec<&str> = members.iter().map(|(key, _): &(Cow<'_, str>, _)| key.as_ref()).collect();
        keys.sort_unstable();
        if let Some(key) = keys.array_windows::<2>().find_map(|[a, b]| (a == b).then_some(*a)) {
            return Err(self.refuse(JsonError::DuplicateKey { key: key.into() }));
        }
        Ok(Value::Object(members))
    }
}

/// Why a JSON value has not the shape it should have, and where: a JSON pointer into the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// JSON pointer (RFC 6901) to the value, or to the object that lacks it; empty for the whole document.
    pub at: String,
    /// What is wrong there.
    pub kind: ShapeErrorKind,
}

/// What is wrong with the shape of a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    UnknownField,
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
            Self::UnknownField => f.write_str("expected a known field, found another name"),
        }
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl From<JsonError> for ShapeError {
    fn from(error: JsonError) -> Self {
        Self { at: String::new(), kind: ShapeErrorKind::Json(error) }
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
}

impl<'p, 'a> Node<'p, 'a> {
    /// The whole document.
    #[must_use]
    pub fn root(value: &'p Value<'a>) -> Self {
        Self { value, parent: None, step: Step::Root }
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
        ShapeError { at: self.pointer(), kind }
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
            Value::Object(members) => Ok(Fields { node: self, members, taken: Vec::new() }),
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
        let node = move |(index, value)| Node { value, parent: Some(self), step: Step::Index(index) };
        Ok(items.iter().enumerate().map(node))
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
        for (index, (key, value)) in self.members.iter().enumerate() {
            if !same_field(field, key) {
                continue;
            }
            self.taken.push(index);
            if found.is_some() {
                return Err(self.node.error(ShapeErrorKind::SpelledTwice { field }));
            }
            found = Some(Node { value, parent: Some(self.node), step: Step::Key(key) });
        }
        Ok(found.filter(|node| *node.value != Value::Null))
    }

    /// The field of this canonical name.
    ///
    /// # Errors
    /// When it is not there, or in both spellings.
    pub fn required(&mut self, field: &'static str) -> Result<Node<'p, 'a>, ShapeError> {
        self.optional(field)?.ok_or_else(|| self.node.error(ShapeErrorKind::Missing { field }))
    }

    /// Every member that was not taken.
    pub fn rest(&self) -> impl Iterator<Item = Node<'p, 'a>> {
        self.members.iter().enumerate().filter(|(index, _)| !self.taken.contains(index)).map(|(_, (key, value))| Node {
            value,
            parent: Some(self.node),
            step: Step::Key(key),
        })
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`ShapeErrorKind::UnknownField`] at the first member that was not taken.
    pub fn end(self) -> Result<(), ShapeError> {
        match self.rest().next() {
            Some(node) => Err(node.error(ShapeErrorKind::UnknownField)),
            None => Ok(()),
        }
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
        Ok(members.iter().map(|(key, value)| (key.as_ref(), Node { value, parent: Some(self), step: Step::Key(key) })))
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
    use super::*;

    #[test]
    fn duplicates_depth_and_garbage_are_refused() {
        assert_eq!(parse(br#"{"a":1,"b":{"c":1,"c":2}}"#), Err(JsonError::DuplicateKey { key: "c".into() }));
        assert_eq!(parse("[".repeat(100_000).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse(b"{} x"), Err(JsonError::Syntax { line: 1, column: 4 }));
        assert_eq!(parse(b"\"\xff\""), Err(JsonError::NotUtf8 { offset: 1 }));
        assert!(matches!(parse(b"\xef\xbb\xbf{}"), Err(JsonError::Syntax { .. })));
        assert!(matches!(parse(br#""\ud800""#), Err(JsonError::Syntax { .. })));
        let many = alloc::format!("[{}0]", "0,".repeat(MAX_JSON_VALUES));
        assert_eq!(parse(many.as_bytes()), Err(JsonError::TooManyValues));
    }

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
