//! External parameters: what whoever started the build could choose (slsa.dev `provenance/v1`, `externalParameters`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::encoding::json::{Node, ShapeError, ShapeErrorKind, Value};
use crate::limits::{MAX_PARAMETER_NAME_BYTES, MAX_PARAMETERS};

/// One value in the external parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// JSON pointer below the external parameters: `/workflow/ref`.
    pub name: String,
    /// The value there.
    pub value: ParameterValue,
}

/// The value of a parameter: a scalar, or an object or array that holds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A non-negative integer.
    Unsigned(u64),
    /// A negative integer.
    Negative(i64),
    /// Any other number, as Rust writes it: the shortest text that reads back the same.
    Number(String),
    /// A string.
    Text(String),
    /// `{}` or `[]`.
    Empty,
}

impl ParameterValue {
    /// The scalar of a JSON value; `None` for an object or array.
    #[must_use]
    pub fn scalar(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Boolean(*value)),
            Value::Unsigned(number) => Some(Self::Unsigned(*number)),
            Value::Negative(number) => Some(Self::Negative(*number)),
            Value::Float(number) => Some(Self::Number(number.to_string())),
            Value::String(text) => Some(Self::Text(text.to_string())),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// Every value in an object of parameters.
pub(super) fn read_all(parameters: &Node<'_, '_>) -> Result<Vec<Parameter>, ShapeError> {
    parameters.must_be_object()?;
    read_any(parameters)
}

/// Every value in parameters that may be of any type; a scalar has the empty pointer for its name.
pub(super) fn read_any(parameters: &Node<'_, '_>) -> Result<Vec<Parameter>, ShapeError> {
    let mut found = Vec::new();
    if !is_empty(parameters.value()) {
        collect(parameters, parameters.pointer().len(), &mut found)?;
    }
    Ok(found)
}

fn is_empty(value: &Value<'_>) -> bool {
    matches!(value, Value::Object(members) if members.is_empty())
        || matches!(value, Value::Array(items) if items.is_empty())
}

fn collect(node: &Node<'_, '_>, base: usize, found: &mut Vec<Parameter>) -> Result<(), ShapeError> {
    let value = match (node.value(), ParameterValue::scalar(node.value())) {
        (_, Some(scalar)) => scalar,
        (value, None) if is_empty(value) => ParameterValue::Empty,
        (Value::Object(_), None) => {
            for (_, member) in node.members()? {
                collect(&member, base, found)?;
            }
            return Ok(());
        }
        (_, None) => {
            for item in node.items("values", usize::MAX)? {
                collect(&item, base, found)?;
            }
            return Ok(());
        }
    };
    if found.len() >= MAX_PARAMETERS {
        let (limit, found) = (MAX_PARAMETERS, found.len().saturating_add(1));
        return Err(node.error(ShapeErrorKind::TooMany { what: "parameters", limit, found }));
    }
    let pointer = node.pointer();
    let name = pointer.get(base..).unwrap_or_default();
    if name.len() > MAX_PARAMETER_NAME_BYTES {
        let (limit, found) = (MAX_PARAMETER_NAME_BYTES, name.len());
        return Err(node.error(ShapeErrorKind::TooMany { what: "bytes in a parameter's name", limit, found }));
    }
    found.push(Parameter { name: name.to_string(), value });
    Ok(())
}
