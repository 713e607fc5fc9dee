//! DSSE envelopes (secure-systems-lab/dsse `protocol.md`, `envelope.md`).

use alloc::string::String;
use alloc::vec::Vec;

/// The payload type of an in-toto statement: the only one that a Sigstore bundle may carry (client-spec §4.7).
pub const IN_TOTO_PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A DSSE envelope with its one signature: Sigstore bundles allow no other number, so that every check looks at the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The payload, decoded: the bytes that are signed and the bytes that are read.
    pub payload: Vec<u8>,
    /// The payload's type; signed together with it.
    pub payload_type: String,
    /// The signature, decoded.
    pub signature: Vec<u8>,
    /// An unauthenticated hint at the key.
    pub key_id: String,
}

impl Envelope {
    /// What the signature is over: the pre-authentication encoding,
    /// `DSSEv1 SP LEN(type) SP type SP LEN(payload) SP payload` (protocol.md, "Signature Definition").
    #[must_use]
    pub fn pae(&self) -> Vec<u8> {
        let mut pae =
            alloc::format!("DSSEv1 {} {} {} ", self.payload_type.len(), self.payload_type, self.payload.len())
                .into_bytes();
        pae.extend_from_slice(&self.payload);
        pae
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pae_of_the_specification() {
        let envelope = Envelope {
            payload: b"hello world".into(),
            payload_type: "http://example.com/HelloWorld".into(),
            signature: Vec::new(),
            key_id: String::new(),
        };
        assert_eq!(envelope.pae(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
