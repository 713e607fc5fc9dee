//! DSSE envelopes (secure-systems-lab/dsse `protocol.md`, `envelope.md`).

use alloc::string::String;
use alloc::vec::Vec;

use crate::encoding::{base64, pem};

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

    /// The JSON text in which clients in Go write this envelope, store it and send it to a log: what `json.Marshal` makes of
    /// go-securesystemslib's `dsse.Envelope` (cosign), or, with the signer's certificate, of slsa-github-generator's
    /// `envelope.Envelope`. `None` where that would escape something, for then there are several spellings; types and key ids that
    /// need it do not occur.
    #[must_use]
    pub fn text_by_go(&self, certificate: Option<&[u8]>) -> Option<String> {
        let is_plain = |b: u8| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\' | b'<' | b'>' | b'&');
        if !self.payload_type.bytes().chain(self.key_id.bytes()).all(is_plain) {
            return None;
        }
        let certificate = certificate.map(|der| pem::encode("CERTIFICATE", der).replace('\n', r"\n"));
        let certificate = certificate.map(|pem| alloc::format!(r#","cert":"{pem}""#));
        Some(alloc::format!(
            r#"{{"payloadType":"{}","payload":"{}","signatures":[{{"keyid":"{}","sig":"{}"{}}}]}}"#,
            self.payload_type,
            base64::encode(&self.payload),
            self.key_id,
            base64::encode(&self.signature),
            certificate.unwrap_or_default()
        ))
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

    #[test]
    fn the_text_by_go_needs_no_escapes() {
        let envelope = |payload_type: &str, key_id: &str| Envelope {
            payload: b"{}".into(),
            payload_type: payload_type.into(),
            signature: alloc::vec![0xfb, 0xff],
            key_id: key_id.into(),
        };
        let text = r#"{"payloadType":"a/b+json","payload":"e30=","signatures":[{"keyid":"k","sig":"+/8="}]}"#;
        assert_eq!(envelope("a/b+json", "k").text_by_go(None).unwrap(), text);
        let pem = r#","cert":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}"#;
        let text = text.replacen('}', pem, 1);
        assert_eq!(envelope("a/b+json", "k").text_by_go(Some(&[0, 0, 0])).unwrap(), text);
        for odd in ["\"", "\\", "<", "&", "\n", "é"] {
            assert_eq!(envelope(odd, "").text_by_go(None), None, "{odd}");
            assert_eq!(envelope("a", odd).text_by_go(None), None, "{odd}");
        }
    }
}
