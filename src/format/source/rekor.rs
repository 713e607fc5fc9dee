//! Log entries as cosign keeps them and as Rekor's API answers with them (rekor `openapi.yaml`, LogEntry).
//!
//! An entry is evidence by itself where the log holds all that was signed: hashedrekord and rekord hold the signature, its signer and the artifact's
//! digest; intoto 0.0.2 and dsse hold signature and signer, and an answer may have the payload beside them (`attestation`). intoto 0.0.1 never
//! is: its signature is in the envelope alone, of which the log has but the digest.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Piece, PieceBundle, SourceError, SourceErrorKind, bundle, parse, pieces, signer, wrong};
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::base64;
use crate::encoding::json::{self, Node, ShapeError, ShapeErrorKind, Value};
use crate::format::bundle::KeyMaterial;
use crate::format::envelope::IN_TOTO_PAYLOAD_TYPE;
use crate::format::log_body::{LogBody, LoggedContent, LoggedVerifier};
use crate::format::log_entry::{InclusionProof, LogEntry};
use crate::limits::{MAX_LOG_ENTRIES, MAX_PROOF_HASHES};
use crate::time::UnixTime;

/// Whether this is an answer of Rekor, or what cosign keeps of one.
#[must_use]
pub fn is_answer(node: &Node<'_, '_>) -> bool {
    let has_all = |node: &Node<'_, '_>, names: &[&str]| names.iter().all(|name| node.member(name).is_some());
    let is_entry = |node: &Node<'_, '_>| has_all(node, &["body", "logID", "logIndex"]);
    let is_list = |node: &Node<'_, '_>| {
        let Ok(mut members) = node.members() else { return false };
        members.next().is_some_and(|(_, first)| is_entry(&first)) && members.all(|(_, entry)| is_entry(&entry))
    };
    has_all(node, &["SignedEntryTimestamp", "Payload"]) || is_list(node)
}

/// A bundle of each entry of an answer that is evidence by itself.
///
/// # Errors
/// [`SourceError`] when none is: what is wrong, or what goes with it.
pub fn read(node: &Node<'_, '_>) -> Result<Vec<Piece>, SourceError> {
    if node.member("Payload").is_some() {
        return piece(node, promised(node));
    }
    let entries: Vec<_> = node.members()?.map(|(_, entry)| entry).collect();
    if entries.len() > MAX_LOG_ENTRIES {
        let (what, found) = ("log entries", entries.len());
        return Err(node.error(ShapeErrorKind::TooMany { what, limit: MAX_LOG_ENTRIES, found }).into());
    }
    pieces(entries.iter().map(|entry| (|| Piece::as_it_is(entry), piece(entry, answered(entry)))))
}

fn piece(node: &Node<'_, '_>, entry: Result<LogEntry, SourceError>) -> Result<Vec<Piece>, SourceError> {
    let attestation = node.member("attestation");
    let payload = attestation.as_ref().and_then(|attestation| attestation.member("data"));
    let payload = payload.as_ref().map(Node::string).transpose()?;
    let text = alone(entry?, payload).map_err(|found| wrong(node, SourceErrorKind::Unknown { found: Some(found) }))?;
    Ok(alloc::vec![Piece::new(node.pointer(), PieceBundle::Here(text))])
}

/// The bundle of an entry that the log holds all of; otherwise what the entry is. A payload of the wrong type, or another than was logged, does
/// not verify.
fn alone(entry: LogEntry, payload: Option<&str>) -> Result<String, &'static str> {
    const OTHER: &str = "a log entry of a kind that no bundle holds";
    let body = LogBody::from_json(&entry.body).map_err(|_| OTHER)?;
    let key = match body.verifier {
        LoggedVerifier::Certificate(leaf) => KeyMaterial::CertificateChain(alloc::vec![leaf]),
        LoggedVerifier::PublicKey(spki) => signer::public_key(&spki),
        LoggedVerifier::Detailed { .. } => return Err(OTHER),
    };
    let content = match (&body.content, &body.signature, payload) {
        (LoggedContent::Digest(digest), Some(signature), _) => bundle::message_signature(Some(*digest), signature),
        (LoggedContent::Payload { payload_type, .. }, Some(signature), Some(payload)) => {
            let payload_type = payload_type.as_deref().unwrap_or(IN_TOTO_PAYLOAD_TYPE);
            bundle::envelope(payload, payload_type, &base64::encode(signature), "")
        }
        _ => return Err("a log entry without the envelope that goes with it"),
    };
    Ok(bundle::text(content, &key, &[entry], &[]))
}

/// cosign's `{ SignedEntryTimestamp, Payload: { body, integratedTime, logIndex, logID } }`: an entry with the log's promise and
/// without proof (cosign `pkg/cosign/bundle/rekor.go`).
pub fn promised(node: &Node<'_, '_>) -> Result<LogEntry, SourceError> {
    let mut fields = node.fields()?;
    let promise = fields.required("SignedEntryTimestamp")?.bytes()?;
    let payload = fields.required("Payload")?;
    Ok(LogEntry { promise: Some(promise), ..entry(&payload)? })
}

/// The entries of an answer of Rekor, `{ uuid: entry }` or a list of such; or the one entry that cosign keeps.
pub fn from_json(text: &[u8]) -> Result<Vec<LogEntry>, SourceError> {
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
