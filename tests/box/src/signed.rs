//! What was signed, by whom, with which bytes: the facts that log entries are about.

use crate::b64;
use crate::dsse::EnvelopeSpec;
use crate::keys::{Hash, pem};

/// The public half that goes into an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Verifier {
    /// A leaf certificate's DER.
    Certificate(Vec<u8>),
    /// An SPKI's DER.
    PublicKey(Vec<u8>),
}

impl Verifier {
    /// Base64 of the PEM, as Rekor v1 bodies have it.
    pub fn pem_base64(&self) -> String {
        b64(match self {
            Self::Certificate(der) => pem("CERTIFICATE", der),
            Self::PublicKey(der) => pem("PUBLIC KEY", der),
        })
    }
}

/// The facts of one signing. An entry is made from a copy that a test may edit ([`crate::rekor::EntrySpec::alter_signed`]).
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who.
    pub verifier: Verifier,
    /// `PublicKeyDetails` of the key and scheme.
    pub key_details: String,
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// The hash that the log sees.
    pub hash: Hash,
    /// The digest of the artifact or of the envelope's pre-authentication encoding.
    pub digest: Vec<u8>,
    /// The envelope, when there is one.
    pub envelope: Option<EnvelopeSpec>,
}

impl Signed {
    /// The envelope's text as it would be sent to the log; empty for a message signature.
    pub fn envelope_json(&self) -> String {
        self.envelope.as_ref().map(|e| e.to_json(&self.signature).to_string()).unwrap_or_default()
    }

    /// The envelope's payload; empty for a message signature.
    pub fn payload(&self) -> &[u8] {
        self.envelope.as_ref().map(|e| &e.payload[..]).unwrap_or_default()
    }
}
