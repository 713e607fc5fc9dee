//! Log entries as cosign keeps them and as Rekor's API answers with them (rekor `openapi.yaml`, LogEntry).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{parse, wrong};
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::{self, Node, ShapeError, ShapeErrorKind, Value};
use crate::format::log_entry::{InclusionProof, LogEntry};
use crate::format::source::{SourceError, SourceErrorKind};
use crate::limits::{MAX_LOG_ENTRIES, MAX_PROOF_HASHES};
use crate::time::UnixTime;

/// cosign's `{ SignedEntryTimestamp, Payload: { body, integratedTime, logIndex, logID } }`: an entry with the log's promise and
/// without proof (cosign `pkg/cosign/bundle/rekor.go`).
pub(super) fn promised(node: &Node<'_, '_>) -> Result<LogEntry, SourceError> {
    let mut fields = node.fields()?;
    let promise = fields.required("SignedEntryTimestamp")?.bytes()?;
    let payload = fields.required("Payload")?;
    Ok(LogEntry { promise: Some(promise), ..entry(&payload)? })
}

/// The entries of an answer of Rekor, `{ uuid: entry }` or a list of such; or the one entry that cosign keeps.
pub(super) fn from_json(text: &[u8]) -> Result<Vec<LogEntry>, SourceError> {
    let value = parse(text)?;
    let root = Node::root(&value);
    let mut entries = Vec::new();
    if matches!(value, Value::Array(_)) {
        for answer in root.items("log entries", MAX_LOG_ENTRIES)? {
            of_answer(&answer, &mut entries)?;
        }
    } else if root.member("Payload").is_some() {
        entries.push(promised(&root)?);
    } else {
        of_answer(&root, &mut entries)?;
    }
    Ok(entries)
}

fn of_answer(answer: &Node<'_, '_>, entries: &mut Vec<LogEntry>) -> Result<(), SourceError> {
    for (_, node) in answer.members()? {
        if entries.len() >= MAX_LOG_ENTRIES {
            let (what, found) = ("log entries", entries.len().saturating_add(1));
            return Err(answer.error(ShapeErrorKind::TooMany { what, limit: MAX_LOG_ENTRIES, found }).into());
        }
        entries.push(answered(&node)?);
    }
    Ok(())
}

/// An entry of an answer: with promise, with proof, with both or with neither.
fn answered(node: &Node<'_, '_>) -> Result<LogEntry, SourceError> {
    let mut answered = entry(node)?;
    let mut fields = node.fields()?;
    let Some(verification) = fields.optional("verification")? else { return Ok(answered) };
    let mut fields = verification.fields()?;
    answered.promise = fields.optional("signedEntryTimestamp")?.map(|promise| promise.bytes()).transpose()?;
    answered.proof = fields.optional("inclusionProof")?.map(|node| proof(&node)).transpose()?;
    Ok(answered)
}

fn entry(node: &Node<'_, '_>) -> Result<LogEntry, SourceError> {
    let mut fields = node.fields()?;
    let log_index = fields.required("logIndex")?.int64()?;
    let log_id = hash(&fields.required("logID")?)?.to_vec();
    let time = fields.required("integratedTime")?;
    let integrated_seconds = time.int64()?;
    let integrated_time =
        UnixTime::from_seconds(integrated_seconds).ok_or_else(|| time.error(ShapeErrorKind::Integer))?;
    let body_node = fields.required("body")?;
    let body = body_node.bytes()?;
    let (kind, version) = kind(&body).map_err(|error| wrong(&body_node, SourceErrorKind::LogBody(error)))?;
    Ok(LogEntry {
        at: String::new(),
        log_index,
        log_id,
        kind,
        version,
        integrated_time: Some(integrated_time),
        promise: None,
        proof: None,
        body,
        integrated_seconds,
    })
}

/// Neither shape says of which kind an entry is, only its body does.
fn kind(body: &[u8]) -> Result<(String, String), ShapeError> {
    let value = json::parse(body)?;
    let root = Node::root(&value);
    let mut fields = root.fields()?;
    Ok((fields.required("kind")?.string()?.to_string(), fields.required("apiVersion")?.string()?.to_string()))
}

/// The proof of an answer, in hexadecimal. Answers of before September 2022 have no checkpoint, which makes the proof worth nothing.
fn proof(node: &Node<'_, '_>) -> Result<InclusionProof, SourceError> {
    let mut fields = node.fields()?;
    let log_index = fields.required("logIndex")?.int64()?;
    let tree_size = fields.required("treeSize")?.int64()?;
    let root_hash = hash(&fields.required("rootHash")?)?;
    let hashes = match fields.optional("hashes")? {
        None => Vec::new(),
        Some(list) => list.items("hashes", MAX_PROOF_HASHES)?.map(|node| hash(&node)).collect::<Result<_, _>>()?,
    };
    let checkpoint = fields.optional("checkpoint")?.map(|text| text.string().map(ToString::to_string)).transpose()?;
    let checkpoint = checkpoint.filter(|text| !text.is_empty());
    Ok(InclusionProof { log_index, tree_size, root_hash, hashes, checkpoint })
}

fn hash(node: &Node<'_, '_>) -> Result<[u8; 32], SourceError> {
    match Digest::from_hex(HashAlgorithm::Sha256, node.string()?) {
        Ok(Digest::Sha256(bytes)) => Ok(bytes),
        _ => Err(wrong(node, SourceErrorKind::Hex)),
    }
}
