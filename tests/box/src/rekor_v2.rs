//! Bodies of Rekor v2.

use serde_json::{Value, json};

use crate::b64;
use crate::keys::Hash;
use crate::signed::{Signed, Verifier};

fn verifier(signed: &Signed) -> Value {
    match &signed.verifier {
        Verifier::Certificate(der) => json!({
            "keyDetails": signed.key_details,
            "x509Certificate": {"rawBytes": b64(der)},
        }),
        Verifier::PublicKey(der) => json!({
            "keyDetails": signed.key_details,
            "publicKey": {"rawBytes": b64(der)},
        }),
    }
}

/// hashedrekord 0.0.2: of an artifact's digest, or of an envelope's pre-authentication encoding.
pub fn hashedrekord(signed: &Signed) -> Value {
    json!({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
        "data": {"algorithm": signed.hash.proto(), "digest": b64(&signed.digest)},
        "signature": {"content": b64(&signed.signature), "verifier": verifier(signed)},
    }}})
}

/// dsse 0.0.2, which was withdrawn.
pub fn dsse(signed: &Signed) -> Value {
    let payload_hash = b64(Hash::Sha256.digest(signed.payload()));
    json!({"apiVersion": "0.0.2", "kind": "dsse", "spec": {"dsseV002": {
        "payloadHash": {"algorithm": "SHA2_256", "digest": payload_hash},
        "signatures": [{"content": b64(&signed.signature), "verifier": verifier(signed)}],
    }}})
}
