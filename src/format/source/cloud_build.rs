//! Google Cloud Build's provenance of an image, as `gcloud artifacts docker images describe … --show-provenance --format json` prints it: a list of
//! envelopes that Google's keys signed, each with its payload once more as text for people. Nobody signed that text, so it must say what the payload
//! says (slsa-verifier `verifiers/internal/gcb`); one that does not is no evidence, nor are what else describes the build and the image.
//!
//! The keys `google-hosted-worker` and `provenanceSigner` sign as DSSE demands. Those of regions, and `builtByGCB`, sign the SHA-256 of the payload
//! instead, without its type: no such signature verifies here. Where both stand in one envelope, each is a piece of its own.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Piece, Source, SourceError, SourceErrorKind, SourceKind, envelope, pieces, wrong};
use crate::encoding::json::{self, Node, ShapeErrorKind, Value};
use crate::encoding::order::sorted;
use crate::limits::MAX_BUNDLES;

/// Whether this is such a list.
#[must_use]
pub fn is_provenance(root: &Node<'_, '_>) -> bool {
    root.member("provenance_summary").is_some()
}

/// Reads the list.
///
/// # Errors
/// [`SourceError`] when none of the envelopes, if there are any, can be used.
pub fn read(root: &Node<'_, '_>) -> Result<Source, SourceError> {
    let summary = root.fields()?.required("provenanceSummary")?;
    let list = summary.fields()?.optional("provenance")?;
    let builds = match &list {
        None => Vec::new(),
        Some(list) => list.items("provenance", MAX_BUNDLES)?.collect(),
    };
    let pieces = pieces(builds.iter().map(|item| (|| Piece::as_it_is(item), build(item))))?;
    Ok(Source { kind: SourceKind::CloudBuildProvenance, pieces })
}

fn build(item: &Node<'_, '_>) -> Result<Vec<Piece>, SourceError> {
    let envelope = item.fields()?.required("envelope")?;
    let payload = envelope.fields()?.required("payload")?;
    let bytes = payload.bytes()?;
    let signed = json::parse(&bytes).map_err(|error| payload.error(ShapeErrorKind::Json(error)))?;
    if let Some(build) = item.member("build") {
        for (_, copy) in build.members()?.filter(|(_, node)| node.member("_type").is_some()) {
            if !is_same_statement(copy.value(), &signed) {
                return Err(wrong(&copy, SourceErrorKind::CopyDiffers));
            }
        }
    }
    envelope::read(&envelope)
}

/// Whether a copy says what was signed. Of SLSA 0.1, copies call `slsaProvenance` what the payload calls `predicate`, and the payload has both.
fn is_same_statement(copy: &Value<'_>, signed: &Value<'_>) -> bool {
    let (Value::Object(copy), Value::Object(signed)) = (copy, signed) else { return false };
    let renamed = copy.iter().map(|(name, value)| (if name == "slsaProvenance" { "predicate" } else { name }, value));
    let signed = signed.iter().map(|(name, value)| (name.as_ref(), value));
    are_same(renamed.collect(), signed.filter(|(name, _)| *name != "slsaProvenance").collect())
}

fn are_same<'v>(one: Vec<(&'v str, &'v Value<'v>)>, other: Vec<(&'v str, &'v Value<'v>)>) -> bool {
    let [one_order, other_order] = [&one, &other].map(|members| sorted(members.iter().map(|(name, _)| *name)));
    let same_member = |(one_at, other_at): (usize, usize)| match (one.get(one_at), other.get(other_at)) {
        (Some(one), Some(other)) => one.0 == other.0 && is_same(one.1, other.1),
        _ => false,
    };
    let mut pairs = one_order.iter().zip(&other_order).map(|((_, one_at), (_, other_at))| (*one_at, *other_at));
    one.len() == other.len() && pairs.all(same_member)
}

/// Whether two values are one, whatever the order of members.
fn is_same<'v>(one: &'v Value<'v>, other: &'v Value<'v>) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let named = |(name, value): &'v (Cow<'v, str>, Value<'v>)| (name.as_ref(), value);
            are_same(one.iter().map(named).collect(), other.iter().map(named).collect())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}
