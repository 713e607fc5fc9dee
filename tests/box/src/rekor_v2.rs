//! Bodies of Rekor v2.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::keys::Hash;
use crate::signed::{Signed, Verifier};

fn verifier(signed: &Signed) -> Value {
    match &signed.verifier {
        Verifier::Certificate(der) => json!({
            "keyDetails": signed.key_details,
            "x509Certificate": {"rawBytes": BASE64_STANDARD.encode(der)},
        }),
        Verifier::PublicKey(der) => json!({
            "keyDetails": signed.key_details,
            "publicKey": {"rawBytes": BASE64_STANDARD.encode(der)},
        }),
    }
}

/// hashedrekord 0.0.2: of an artifact's digest, or of an envelope's pre-authentication encoding.
pub fn hashedrekord(signed: &Signed) -> Value {
    json!({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
        "data": {"algorithm": signed.hash.proto(), "digest": BASE64_STANDARD.encode(&signed.digest)},
        "signature": {"content": BASE64_STANDARD.encode(&signed.signature), "verifier": verifier(signed)},
    }}})
}

/// dsse 0.0.2, which was withdrawn.
pub fn dsse(signed: &Signed) -> Value {
    let payload_hash = BASE64_STANDARD.encode(Hash::Sha256.digest(signed.payload()));
    json!({"apiVersion": "0.0.2", "kind": "dsse", "spec": {"dsseV002": {
        "payloadHash": {"algorithm": "SHA2_256", "digest": payload_hash},
        "signatures": [{"content": BASE64_STANDARD.encode(&signed.signature), "verifier": verifier(signed)}],
    }}})
}
