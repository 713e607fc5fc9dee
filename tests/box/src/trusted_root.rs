//! The trusted root's JSON.

use serde_json::{Value, json};

use crate::authority::{Authority, Window};
use crate::b64;
use crate::certificate::CertificateSpec;
use crate::ct::CtLog;
use crate::keys::{KeyPair, Scheme};
use crate::rekor::Log;
use crate::time::rfc3339;

/// The media type of all deployed trusted roots.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

/// The media type of the format with `checkpointKeyId` and `operator`.
pub const MEDIA_TYPE_V02: &str = "application/vnd.dev.sigstore.trustedroot.v0.2+json";

/// `validFor`.
pub fn window(window: Window) -> Value {
    let mut out = json!({});
    if let Some(start) = window.start {
        out["start"] = json!(rfc3339(start));
    }
    if let Some(end) = window.end {
        out["end"] = json!(rfc3339(end));
    }
    out
}

/// `publicKey` of a log. (An RSA key in PKCS#1 form is [`KeyPair::raw_public`] under `PKCS1_RSA_PKCS1V5`.)
pub fn public_key(key: &KeyPair, scheme: Scheme, valid_for: Window) -> Value {
    json!({
        "rawBytes": b64(key.spki()),
        "keyDetails": key.details(scheme),
        "validFor": window(valid_for),
    })
}

/// A member of `tlogs`.
pub fn tlog(log: &Log) -> Value {
    let mut out = json!({
        "baseUrl": format!("https://{}", log.host),
        "hashAlgorithm": "SHA2_256",
        "publicKey": public_key(&log.key, log.key.scheme(false), log.valid_for),
        "logId": {"keyId": b64(log.log_id())},
    });
    if let Some(id) = &log.checkpoint_key_id {
        out["checkpointKeyId"] = json!({"keyId": b64(id)});
    }
    if let Some(operator) = &log.operator {
        out["operator"] = json!(operator);
    }
    out
}

/// A member of `ctlogs`.
pub fn ctlog(log: &CtLog) -> Value {
    let mut out = json!({
        "baseUrl": log.base_url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": public_key(&log.key, log.scheme(), log.valid_for),
        "logId": {"keyId": b64(log.log_id())},
    });
    if let Some(operator) = &log.operator {
        out["operator"] = json!(operator);
    }
    out
}

/// A member of `certificateAuthorities` or `timestampAuthorities`: the chain's last certificate first, the anchor last.
pub fn authority(authority: &Authority) -> Value {
    let mut certificates = authority.certificates();
    certificates.truncate(certificates.len() - authority.unlisted);
    let chain: Vec<Value> = certificates.iter().rev().map(|der| json!({"rawBytes": b64(der)})).collect();
    let common_name = authority.chain.first().map(common_name).unwrap_or_default();
    let mut out = json!({
        "subject": {"organization": "box.test", "commonName": common_name},
        "uri": authority.uri,
        "certChain": {"certificates": chain},
        "validFor": window(authority.valid_for),
    });
    if let Some(operator) = &authority.operator {
        out["operator"] = json!(operator);
    }
    out
}

fn common_name(certificate: &CertificateSpec) -> String {
    let last = crate::der::children(&certificate.subject).pop();
    let text = last.map(|rdn| crate::der::children(&crate::der::children(&rdn)[0])[1][2..].to_vec());
    String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
}
