//! Values as text again: for documents that are put together from parts of others.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

use super::Value;

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Unsigned(number) => serializer.serialize_u64(*number),
            Value::Negative(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => serializer.collect_seq(items),
            Value::Object(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl<'a> Value<'a> {
    /// This value as JSON text, without white space.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Serialising to memory fails only for map keys that are not strings, and there are none.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// An object of these members.
    #[must_use]
    pub fn object<const N: usize>(members: [(&'a str, Value<'a>); N]) -> Self {
        Value::Object(members.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
    }

    /// An array of these items.
    #[must_use]
    pub fn array(items: impl IntoIterator<Item = Value<'a>>) -> Self {
        Value::Array(items.into_iter().collect::<Vec<_>>())
    }

    /// A string.
    #[must_use]
    pub fn string(text: &str) -> Self {
        Value::String(Cow::Owned(text.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn text_is_what_was_read() {
        let text = r#"{"a":[0,-7,18446744073709551615,1.5,true,null,"\"\n\u0000ü"],"":{}}"#;
        let value = parse(text.as_bytes()).unwrap();
        assert_eq!(value.to_text(), text);
        assert_eq!(parse(value.to_text().as_bytes()).unwrap(), value);
    }
}
