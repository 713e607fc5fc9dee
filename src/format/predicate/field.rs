//! Ways to take a predicate's fields. `null` counts as absent; the names are exact, and unknown members are ignored.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::encoding::json::{Node, ShapeError, ShapeErrorKind, Value};

/// The member of this name.
pub fn required<'n, 'a>(object: &'n Node<'_, 'a>, name: &'static str) -> Result<Node<'n, 'a>, ShapeError> {
    optional(object, name)?.ok_or_else(|| object.error(ShapeErrorKind::Missing { field: name }))
}

/// The member of this name, if there.
pub fn optional<'n, 'a>(object: &'n Node<'_, 'a>, name: &str) -> Result<Option<Node<'n, 'a>>, ShapeError> {
    object.must_be_object()?;
    Ok(object.member(name))
}

/// The text of the member of this name.
pub fn text(object: &Node<'_, '_>, name: &'static str) -> Result<String, ShapeError> {
    required(object, name)?.string().map(ToString::to_string)
}

/// The text of the member of this name, if there. An empty text claims nothing.
pub fn optional_text(object: &Node<'_, '_>, name: &str) -> Result<Option<String>, ShapeError> {
    claimed(optional(object, name)?)
}

/// The text of a field, if there. An empty text claims nothing.
pub fn claimed(node: Option<Node<'_, '_>>) -> Result<Option<String>, ShapeError> {
    let text = node.map(|node| node.string().map(ToString::to_string)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// An identifier, if there: a string, or an integer that its writer leaves bare.
pub fn optional_id(object: &Node<'_, '_>, name: &str) -> Result<Option<String>, ShapeError> {
    match optional(object, name)? {
        Some(node) if matches!(node.value(), Value::Unsigned(_)) => node.int64().map(|id| Some(id.to_string())),
        node => claimed(node),
    }
}

/// A list of texts, at most `limit`.
pub fn texts(list: &Node<'_, '_>, what: &'static str, limit: usize) -> Result<Vec<String>, ShapeError> {
    list.items(what, limit)?.map(|item| item.string().map(ToString::to_string)).collect()
}

/// How many objects the list of this name holds; `None` when there is no list.
pub fn count_objects(object: &Node<'_, '_>, name: &str) -> Result<Option<usize>, ShapeError> {
    count(object, name, |item| item.must_be_object())
}

/// How many texts the list of this name holds; `None` when there is no list.
pub fn count_texts(object: &Node<'_, '_>, name: &str) -> Result<Option<usize>, ShapeError> {
    count(object, name, |item| item.string().map(|_| ()))
}

fn count(
    object: &Node<'_, '_>,
    name: &str,
    demand: fn(&Node<'_, '_>) -> Result<(), ShapeError>,
) -> Result<Option<usize>, ShapeError> {
    let Some(list) = optional(object, name)? else { return Ok(None) };
    let mut found = 0_usize;
    for item in list.items("items", usize::MAX)? {
        demand(&item)?;
        found = found.saturating_add(1);
    }
    Ok(Some(found))
}

/// The error of a text that is none of those that may stand there.
pub fn other_text(node: &Node<'_, '_>, expected: &'static str, found: &str) -> ShapeError {
    node.error(ShapeErrorKind::OtherText { expected, found: found.to_string() })
}

/// How often each of a few known values occurred, in the order of `all`; what did not occur is left out.
pub fn tally<T: Copy + PartialEq>(all: &[T], found: impl Iterator<Item = Result<T, ShapeError>>) -> Tally<T> {
    let mut counts: Vec<(T, usize)> = all.iter().map(|value| (*value, 0)).collect();
    for value in found {
        let value = value?;
        for (_, count) in counts.iter_mut().filter(|(known, _)| *known == value) {
            *count = count.saturating_add(1);
        }
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(counts)
}

/// What [`tally`] gives.
pub type Tally<T> = Result<Vec<(T, usize)>, ShapeError>;
