//! The parts as the text of a bundle.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::crypto::Digest;
use crate::encoding::base64;
use crate::encoding::json::Value;
use crate::format::bundle::{IMAGE_SIGNATURE_FIELD, IMAGE_SIGNATURE_TYPE, KeyMaterial};
use crate::format::log_entry::{InclusionProof, LogEntry};

/// What was signed: the name of its field and the field.
pub type Content<'a> = (&'static str, Value<'a>);

fn bytes<'a>(bytes: &[u8]) -> Value<'a> {
    Value::String(Cow::Owned(base64::encode(bytes)))
}

fn int64<'a>(number: i64) -> Value<'a> {
    Value::String(Cow::Owned(number.to_string()))
}

fn object<'a>(members: Vec<(&'static str, Value<'a>)>) -> Value<'a> {
    Value::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
}

/// A signature over an artifact, and the artifact's digest where the shape holds it, or the artifact itself.
pub fn message_signature<'a>(digest: Option<Digest>, signature: &[u8]) -> Content<'a> {
    let hint = |digest: Digest| {
        let algorithm = Value::string(digest.algorithm().protobuf_name());
        Value::object([("algorithm", algorithm), ("digest", bytes(digest.as_bytes()))])
    };
    let mut members: Vec<_> = digest.map(|digest| ("messageDigest", hint(digest))).into_iter().collect();
    members.push(("signature", bytes(signature)));
    ("messageSignature", object(members))
}

/// A signature over a payload that names an image.
pub fn image_signature<'a>(payload: &[u8], signature: &[u8]) -> Content<'a> {
    (IMAGE_SIGNATURE_FIELD, Value::object([("payload", bytes(payload)), ("signature", bytes(signature))]))
}

/// An envelope, its texts as they are.
pub fn envelope<'a>(payload: &'a str, payload_type: &'a str, signature: &str, key_id: &str) -> Content<'a> {
    let mut members = alloc::vec![("sig", Value::string(signature))];
    if !key_id.is_empty() {
        members.push(("keyid", Value::string(key_id)));
    }
    let envelope = Value::object([
        ("payload", Value::String(Cow::Borrowed(payload))),
        ("payloadType", Value::String(Cow::Borrowed(payload_type))),
        ("signatures", Value::array([object(members)])),
    ]);
    ("dsseEnvelope", envelope)
}

/// The bundle: of version 0.1, which does without proofs; of 0.2 where every entry has a proof with checkpoint, so that nothing less
/// will do.
pub fn text(content: Content<'_>, key: &KeyMaterial, entries: &[LogEntry], timestamps: &[Vec<u8>]) -> String {
    let is_proven = |entry: &LogEntry| entry.proof.as_ref().is_some_and(|proof| proof.checkpoint.is_some());
    let media_type = if content.0 == IMAGE_SIGNATURE_FIELD {
        IMAGE_SIGNATURE_TYPE
    } else if !entries.is_empty() && entries.iter().all(is_proven) {
        "application/vnd.dev.sigstore.bundle+json;version=0.2"
    } else {
        "application/vnd.dev.sigstore.bundle+json;version=0.1"
    };
    let certificate = |der: &[u8]| Value::object([("rawBytes", bytes(der))]);
    let key = match key {
        KeyMaterial::Certificate(leaf) => ("certificate", certificate(leaf)),
        KeyMaterial::CertificateChain(chain) => {
            let certificates = Value::array(chain.iter().map(|der| certificate(der)));
            ("x509CertificateChain", Value::object([("certificates", certificates)]))
        }
        KeyMaterial::PublicKey { hint } => ("publicKey", Value::object([("hint", Value::string(hint))])),
    };
    let mut material = alloc::vec![key, ("tlogEntries", Value::array(entries.iter().map(log_entry)))];
    if !timestamps.is_empty() {
        let stamped = timestamps.iter().map(|response| Value::object([("signedTimestamp", bytes(response))]));
        material.push(("timestampVerificationData", Value::object([("rfc3161Timestamps", Value::array(stamped))])));
    }
    object(alloc::vec![("mediaType", Value::string(media_type)), ("verificationMaterial", object(material)), content,])
        .to_text()
}

fn log_entry<'a>(entry: &LogEntry) -> Value<'a> {
    let kind_version =
        Value::object([("kind", Value::string(&entry.kind)), ("version", Value::string(&entry.version))]);
    let mut members = alloc::vec![
        ("logIndex", int64(entry.log_index)),
        ("logId", Value::object([("keyId", bytes(&entry.log_id))])),
        ("kindVersion", kind_version),
        ("integratedTime", int64(entry.integrated_seconds)),
    ];
    if let Some(promise) = &entry.promise {
        members.push(("inclusionPromise", Value::object([("signedEntryTimestamp", bytes(promise))])));
    }
    if let Some(proof) = &entry.proof {
        members.push(("inclusionProof", inclusion_proof(proof)));
    }
    members.push(("canonicalizedBody", bytes(&entry.body)));
    object(members)
}

fn inclusion_proof<'a>(proof: &InclusionProof) -> Value<'a> {
    let mut members = alloc::vec![
        ("logIndex", int64(proof.log_index)),
        ("rootHash", bytes(&proof.root_hash)),
        ("treeSize", int64(proof.tree_size)),
        ("hashes", Value::array(proof.hashes.iter().map(|hash| bytes(hash)))),
    ];
    if let Some(checkpoint) = &proof.checkpoint {
        members.push(("checkpoint", Value::object([("envelope", Value::string(checkpoint))])));
    }
    object(members)
}
