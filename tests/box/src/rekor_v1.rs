//! Bodies of Rekor v1 and the signed entry timestamp.

use serde_json::{Value, json};

use crate::b64;
use crate::hook::Hook;
use crate::keys::{Hash, KeyPair};
use crate::signed::Signed;

fn sha256_of(bytes: &[u8]) -> Value {
    json!({"algorithm": "sha256", "value": hex::encode(Hash::Sha256.digest(bytes))})
}

/// hashedrekord 0.0.1.
pub fn hashedrekord(signed: &Signed) -> Value {
    json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
        "data": {"hash": {"algorithm": signed.hash.lower(), "value": hex::encode(&signed.digest)}},
        "signature": {
            "content": b64(&signed.signature),
            "publicKey": {"content": signed.verifier.pem_base64()},
        },
    }})
}

/// rekord 0.0.1 of an X.509 key, as cosign logged before there was hashedrekord.
pub fn rekord(signed: &Signed) -> Value {
    let mut body = hashedrekord(signed);
    body["kind"] = json!("rekord");
    body["spec"]["signature"]["format"] = json!("x509");
    body
}

/// dsse 0.0.1.
pub fn dsse(signed: &Signed) -> Value {
    json!({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
        "envelopeHash": sha256_of(signed.envelope_json().as_bytes()),
        "payloadHash": sha256_of(signed.payload()),
        "signatures": [{
            "signature": b64(&signed.signature),
            "verifier": signed.verifier.pem_base64(),
        }],
    }})
}

/// intoto 0.0.2, with the payload (as some fixtures keep it) or without (as Rekor's canonical form is).
pub fn intoto_v002(signed: &Signed, with_payload: bool) -> Value {
    let payload_type = signed.envelope.as_ref().map(|e| e.payload_type.as_str()).unwrap_or_default();
    let mut signature = json!({
        "publicKey": signed.verifier.pem_base64(),
        "sig": b64(b64(&signed.signature)),
    });
    if let Some(keyid) = signed.envelope.as_ref().and_then(|e| e.keyid.as_ref()) {
        signature["keyid"] = json!(keyid);
    }
    let mut envelope = json!({"payloadType": payload_type, "signatures": [signature]});
    if with_payload {
        envelope["payload"] = json!(b64(b64(signed.payload())));
    }
    json!({"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {
        "envelope": envelope,
        "hash": sha256_of(signed.envelope_json().as_bytes()),
        "payloadHash": sha256_of(signed.payload()),
    }}})
}

/// intoto 0.0.1, which holds no signature.
pub fn intoto_v001(signed: &Signed) -> Value {
    json!({"apiVersion": "0.0.1", "kind": "intoto", "spec": {
        "content": {
            "hash": sha256_of(signed.envelope_json().as_bytes()),
            "payloadHash": sha256_of(signed.payload()),
        },
        "publicKey": signed.verifier.pem_base64(),
    }})
}

/// The inclusion promise. Each field that is set is promised instead of the entry's own value.
#[derive(Clone, Debug, Default)]
pub struct PromiseSpec {
    /// Another signer than the entry's log.
    pub key: Option<KeyPair>,
    /// Another body.
    pub body: Option<Vec<u8>>,
    /// Another time.
    pub integrated_time: Option<i64>,
    /// Another log.
    pub log_id: Option<Vec<u8>>,
    /// Another index.
    pub log_index: Option<u64>,
    /// Edits the message before it is signed.
    pub alter_message: Hook<Value>,
    /// Edits the signature.
    pub alter_signature: Hook<Vec<u8>>,
}

impl PromiseSpec {
    /// The signed entry timestamp over these values (or those set here).
    pub fn mint(&self, log: &KeyPair, body: &[u8], integrated_time: i64, log_id: &[u8], log_index: u64) -> Vec<u8> {
        let mut message = json!({
            "body": b64(self.body.as_deref().unwrap_or(body)),
            "integratedTime": self.integrated_time.unwrap_or(integrated_time),
            "logID": hex::encode(self.log_id.as_deref().unwrap_or(log_id)),
            "logIndex": self.log_index.unwrap_or(log_index),
        });
        self.alter_message.apply(&mut message);
        let key = self.key.as_ref().unwrap_or(log);
        let mut signature = key.sign(key.scheme(false), message.to_string().as_bytes());
        self.alter_signature.apply(&mut signature);
        signature
    }
}
