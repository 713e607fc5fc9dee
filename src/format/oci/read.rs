//! How members of OCI documents are read: by their exact names, unlike those of protobuf JSON.

use alloc::string::{String, ToString};

use super::descriptor::{Annotations, Descriptor};
use super::{OciError, OciErrorKind};
use crate::encoding::json::{Node, ShapeErrorKind};
use crate::limits::MAX_ANNOTATIONS;

pub(super) fn wrong(node: &Node<'_, '_>, kind: OciErrorKind) -> OciError {
    OciError::new(node.pointer(), kind)
}

/// Refuses an object with a member that has nearly the name of a field. Registries and clients are written in Go, whose reader
/// of JSON takes `Layers` for `layers`: they would see a field where we see none.
pub(super) fn refuse_look_alikes(node: &Node<'_, '_>, fields: &[&'static str]) -> Result<(), OciError> {
    for (key, member) in node.members()? {
        let is_alike = |field: &&str| *field != key && field.chars().map(fold).eq(key.chars().map(fold));
        if let Some(field) = fields.iter().copied().find(is_alike) {
            return Err(wrong(&member, OciErrorKind::LookAlike { field, found: key.to_string() }));
        }
    }
    Ok(())
}

/// What Go folds to an ASCII letter (`encoding/json/fold.go`); it also has a sign for `k`, which is in no field's name.
fn fold(c: char) -> char {
    if c == '\u{17f}' { 's' } else { c.to_ascii_lowercase() }
}

/// A field; `null` is absent, as Go writes it.
pub(super) fn optional<'p, 'a>(node: &'p Node<'p, 'a>, field: &str) -> Option<Node<'p, 'a>> {
    node.member(field)
}

pub(super) fn required<'p, 'a>(node: &'p Node<'p, 'a>, field: &'static str) -> Result<Node<'p, 'a>, OciError> {
    optional(node, field).ok_or_else(|| node.error(ShapeErrorKind::Missing { field }).into())
}

pub(super) fn required_text(node: &Node<'_, '_>, field: &'static str) -> Result<String, OciError> {
    Ok(required(node, field)?.string()?.to_string())
}

/// A text; an empty one is absent, as Go writes it.
pub(super) fn optional_text(node: &Node<'_, '_>, field: &str) -> Result<Option<String>, OciError> {
    let Some(found) = optional(node, field) else { return Ok(None) };
    let text = found.string()?;
    Ok((!text.is_empty()).then(|| text.to_string()))
}

pub(super) fn optional_descriptor(node: &Node<'_, '_>, field: &str) -> Result<Option<Descriptor>, OciError> {
    optional(node, field).map(|found| Descriptor::read(&found)).transpose()
}

pub(super) fn annotations(node: &Node<'_, '_>) -> Result<Annotations, OciError> {
    let mut found = Annotations::new();
    let Some(annotations) = optional(node, "annotations") else { return Ok(found) };
    let count = annotations.members()?.count();
    if count > MAX_ANNOTATIONS {
        let kind = ShapeErrorKind::TooMany { what: "annotations", limit: MAX_ANNOTATIONS, found: count };
        return Err(annotations.error(kind).into());
    }
    for (name, value) in annotations.members()? {
        found.insert(name.to_string(), value.string()?.to_string());
    }
    Ok(found)
}
