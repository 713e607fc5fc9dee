//! What cosign kept on images before there were bundles: what is minted as a bundle, taken apart again.

use serde_json::{Value, json};

use crate::bundle::Minted;
use crate::keys::pem;

/// The payload of an image's signature (cosign `specs/SIGNATURE_SPEC.md`).
pub fn simple_signing(reference: &str, digest: &str) -> Vec<u8> {
    let critical = json!({
        "identity": { "docker-reference": reference },
        "image": { "docker-manifest-digest": digest },
        "type": "cosign container image signature",
    });
    json!({ "critical": critical, "optional": null }).to_string().into_bytes()
}

/// The only log entry as cosign keeps it: `{ SignedEntryTimestamp, Payload }`.
pub fn promised(bundle: &Value) -> Value {
    let entry = entry(bundle);
    json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": {
            "body": entry["canonicalizedBody"],
            "integratedTime": number(&entry["integratedTime"]),
            "logIndex": number(&entry["logIndex"]),
            "logID": hexed(&entry["logId"]["keyId"]),
        },
    })
}

/// The only log entry as Rekor's API answers with it: `{ uuid: entry }`.
pub fn answered(bundle: &Value) -> Value {
    let entry = entry(bundle);
    let proof = &entry["inclusionProof"];
    let hashes: Vec<_> = proof["hashes"].as_array().expect("hashes").iter().map(hexed).collect();
    let mut answered = promised(bundle)["Payload"].take();
    answered["verification"] = json!({
        "signedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "inclusionProof": {
            "checkpoint": proof["checkpoint"]["envelope"],
            "hashes": hashes,
            "logIndex": number(&proof["logIndex"]),
            "rootHash": hexed(&proof["rootHash"]),
            "treeSize": number(&proof["treeSize"]),
        },
    });
    json!({ "24296fb24b8ad77a": answered })
}

/// The annotations of the layer that holds the payload or the envelope. Of an attestation the signature is in the envelope, and the
/// annotation empty.
pub fn annotations(minted: &Minted) -> Value {
    let signature = minted.bundle["messageSignature"]["signature"].as_str().unwrap_or_default();
    json!({
        "dev.cosignproject.cosign/signature": signature,
        "dev.sigstore.cosign/certificate": pem("CERTIFICATE", &minted.leaf),
        "dev.sigstore.cosign/bundle": promised(&minted.bundle).to_string(),
    })
}

/// The envelope as Go writes it.
pub fn envelope(bundle: &Value) -> String {
    let envelope = &bundle["dsseEnvelope"];
    let signature = &envelope["signatures"][0];
    envelope_text(&envelope["payload"], &envelope["payloadType"], &signature["sig"], None)
}

/// An envelope as Go writes it, perhaps with the certificate in it.
pub fn envelope_text(payload: &Value, payload_type: &Value, signature: &Value, certificate: Option<&str>) -> String {
    let certificate = certificate.map(|pem| format!(r#","cert":{}"#, json!(pem))).unwrap_or_default();
    format!(
        r#"{{"payloadType":{payload_type},"payload":{payload},"signatures":[{{"keyid":"","sig":{signature}{certificate}}}]}}"#
    )
}

fn entry(bundle: &Value) -> &Value {
    &bundle["verificationMaterial"]["tlogEntries"][0]
}

fn number(text: &Value) -> i64 {
    text.as_str().expect("a string").parse().expect("a number")
}

fn hexed(text: &Value) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    hex::encode(BASE64_STANDARD.decode(text.as_str().expect("a string")).expect("base64"))
}
