//! JSON (RFC 8259) read strictly: duplicate keys are refused, since two parsers may each keep another one; nesting and size
//! are bounded; numbers never pass through floating point on their way to an integer.

mod shape;
mod text;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

pub use self::shape::{Fields, Node, ShapeError, ShapeErrorKind, decimal};
use super::order::sorted;
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
    /// The kind of value, with its article.
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
        let keys = sorted(members.iter().map(|(key, _): &(Cow<'_, str>, _)| key.as_ref()));
        if let Some(key) = keys.array_windows::<2>().find_map(|[(a, _), (b, _)]| (a == b).then_some(*a)) {
            return Err(self.refuse(JsonError::DuplicateKey { key: key.into() }));
        }
        Ok(Value::Object(members))
    }
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
}
