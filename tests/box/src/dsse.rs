//! DSSE envelopes over in-toto statements.

use serde_json::{Value, json};

use crate::b64;
use crate::keys::{Hash, KeyPair, Scheme};

/// The payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";
/// `_type` of statements v1.
pub const STATEMENT_V1: &str = "https://in-toto.io/Statement/v1";
/// `_type` of statements v0.1.
pub const STATEMENT_V01: &str = "https://in-toto.io/Statement/v0.1";

/// The pre-authentication encoding.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// A subject with the SHA-256 of the artifact.
pub fn subject(name: &str, artifact: &[u8]) -> Value {
    json!({"name": name, "digest": {"sha256": hex::encode(Hash::Sha256.digest(artifact))}})
}

/// A statement v1 with any predicate.
pub fn statement(subjects: &[Value], predicate_type: &str, predicate: &Value) -> Value {
    json!({
        "_type": STATEMENT_V1,
        "subject": subjects,
        "predicateType": predicate_type,
        "predicate": predicate,
    })
}

/// A statement v1 with SLSA provenance v1 of the default leaf's workflow.
pub fn provenance(subjects: &[Value]) -> Value {
    statement(
        subjects,
        "https://slsa.dev/provenance/v1",
        &json!({
            "buildDefinition": {
                "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                "externalParameters": {"workflow": {
                    "ref": "refs/tags/v1.2.3",
                    "repository": "https://github.com/acme/widget",
                    "path": ".github/workflows/release.yml",
                }},
                "internalParameters": {"github": {
                    "event_name": "push",
                    "repository_id": "1234567",
                    "repository_owner_id": "7654321",
                    "runner_environment": "github-hosted",
                }},
                "resolvedDependencies": [{
                    "uri": "git+https://github.com/acme/widget@refs/tags/v1.2.3",
                    "digest": {"gitCommit": crate::fulcio::COMMIT},
                }],
            },
            "runDetails": {
                "builder": {"id": crate::fulcio::IDENTITY},
                "metadata": {"invocationId": "https://github.com/acme/widget/actions/runs/42/attempts/1"},
            },
        }),
    )
}

/// An envelope to be signed.
#[derive(Clone, Debug)]
pub struct EnvelopeSpec {
    /// `payloadType`.
    pub payload_type: String,
    /// The payload's bytes.
    pub payload: Vec<u8>,
    /// Other bytes to be signed than the pre-authentication encoding.
    pub signed_bytes: Option<Vec<u8>>,
    /// `keyid`; `None` leaves it out.
    pub keyid: Option<String>,
    /// More signatures (already made), put before the real one.
    pub signatures_before: Vec<Value>,
    /// More signatures, put after the real one.
    pub signatures_after: Vec<Value>,
}

impl EnvelopeSpec {
    /// An in-toto envelope around this statement.
    pub fn new(statement: &Value) -> Self {
        Self::raw(IN_TOTO, statement.to_string().as_bytes())
    }

    /// An envelope around any bytes.
    pub fn raw(payload_type: &str, payload: &[u8]) -> Self {
        Self {
            payload_type: payload_type.to_owned(),
            payload: payload.to_vec(),
            signed_bytes: None,
            keyid: None,
            signatures_before: Vec::new(),
            signatures_after: Vec::new(),
        }
    }

    /// What is signed.
    pub fn message(&self) -> Vec<u8> {
        self.signed_bytes.clone().unwrap_or_else(|| pae(&self.payload_type, &self.payload))
    }

    /// One more signature by this key, for envelopes with several.
    pub fn signature_by(&self, key: &KeyPair, scheme: Scheme) -> Value {
        json!({"sig": b64(key.sign(scheme, &self.message()))})
    }

    /// The envelope with this signature.
    pub fn to_json(&self, signature: &[u8]) -> Value {
        let mut real = json!({"sig": b64(signature)});
        if let Some(keyid) = &self.keyid {
            real["keyid"] = json!(keyid);
        }
        let mut signatures = self.signatures_before.clone();
        signatures.push(real);
        signatures.extend(self.signatures_after.iter().cloned());
        json!({
            "payload": b64(&self.payload),
            "payloadType": self.payload_type,
            "signatures": signatures,
        })
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_of_the_protocol() {
        assert_eq!(
            super::pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }
}
