//! Signed notes: checkpoints of logs and the cosignatures of witnesses (C2SP signed-note, tlog-checkpoint,
//! tlog-cosignature).

use sha2::{Digest as _, Sha256};

use crate::b64;
use crate::hook::Hook;
use crate::keys::{KeyAlg, KeyPair, Scheme};

/// The full key hash of a log's key, whose first four bytes are the key id: the name counts for Ed25519 and RSA, an
/// ECDSA key is hashed without it.
pub fn key_hash(name: &str, key: &KeyPair) -> [u8; 32] {
    match key.alg() {
        KeyAlg::P256 | KeyAlg::P384 | KeyAlg::P521 => key.id(),
        KeyAlg::Ed25519 => typed_key_hash(name, &[0x01], &key.raw_public()),
        _ => typed_key_hash(name, b"\xffPKIX-RSA-PKCS#1v1.5", &key.spki()),
    }
}

/// SHA-256 of the name, a newline, the type and the key.
pub fn typed_key_hash(name: &str, kind: &[u8], key: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(name).chain_update("\n").chain_update(kind).chain_update(key).finalize().into()
}

/// A checkpoint before signing: whatever is edited is signed as edited.
#[derive(Clone, Debug)]
pub struct CheckpointSpec {
    /// First line.
    pub origin: String,
    /// Second line.
    pub size: String,
    /// Third line, before base64.
    pub root: Vec<u8>,
    /// More lines.
    pub extra_lines: Vec<String>,
    /// The whole text (with its last newline), instead of the lines above.
    pub text: Option<String>,
    /// The signatures, in order.
    pub signatures: Vec<SignatureLine>,
    /// Edits the finished note.
    pub alter_envelope: Hook<String>,
}

impl CheckpointSpec {
    /// The signed text.
    pub fn text(&self) -> String {
        self.text.clone().unwrap_or_else(|| {
            let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, b64(&self.root));
            for line in &self.extra_lines {
                text += &format!("{line}\n");
            }
            text
        })
    }

    /// The note: text, blank line, signature lines.
    pub fn envelope(&self) -> String {
        let text = self.text();
        let lines: String = self.signatures.iter().map(|line| line.mint(&text)).collect();
        let mut note = format!("{text}\n{lines}");
        self.alter_envelope.apply(&mut note);
        note
    }
}

/// A signature line of a note.
#[derive(Clone, Debug)]
pub struct SignatureLine {
    /// The signer's name.
    pub name: String,
    /// The four bytes before the signature (of any length).
    pub key_id: Vec<u8>,
    /// The signer.
    pub key: KeyPair,
    /// The signer's scheme.
    pub scheme: Scheme,
    /// Makes it a cosignature/v1 at this time (seconds).
    pub cosigned_at: Option<u64>,
    /// Another text than the note's to be signed.
    pub text: Option<String>,
    /// Edits the bytes after the key id.
    pub alter_signature: Hook<Vec<u8>>,
    /// Edits the finished line (with its newline).
    pub alter_line: Hook<String>,
}

impl SignatureLine {
    /// A log's own signature.
    pub fn log(name: &str, key: &KeyPair) -> Self {
        Self {
            name: name.to_owned(),
            key_id: key_hash(name, key)[..4].to_vec(),
            key: key.clone(),
            scheme: key.scheme(false),
            cosigned_at: None,
            text: None,
            alter_signature: Hook::default(),
            alter_line: Hook::default(),
        }
    }

    /// The line about this text.
    pub fn mint(&self, text: &str) -> String {
        let text = self.text.as_deref().unwrap_or(text);
        let mut signature = match self.cosigned_at {
            None => self.key.sign(self.scheme, text.as_bytes()),
            Some(time) => {
                let message = format!("cosignature/v1\ntime {time}\n{text}");
                [time.to_be_bytes().to_vec(), self.key.sign(self.scheme, message.as_bytes())].concat()
            }
        };
        self.alter_signature.apply(&mut signature);
        let blob = b64([self.key_id.clone(), signature].concat());
        let mut line = format!("\u{2014} {} {blob}\n", self.name);
        self.alter_line.apply(&mut line);
        line
    }
}

/// A witness with an Ed25519 key.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: KeyPair,
}

impl Witness {
    /// The first four bytes of the hash with type 0x04.
    pub fn key_id(&self) -> Vec<u8> {
        typed_key_hash(&self.name, &[0x04], &self.key.raw_public())[..4].to_vec()
    }

    /// `name+keyid+base64(0x04 ‖ key)`.
    pub fn vkey(&self) -> String {
        let key = b64([vec![0x04], self.key.raw_public()].concat());
        format!("{}+{}+{key}", self.name, hex::encode(self.key_id()))
    }

    /// Its cosignature/v1 line at this time.
    pub fn cosign(&self, time: u64) -> SignatureLine {
        SignatureLine {
            key_id: self.key_id(),
            scheme: Scheme::Ed25519,
            cosigned_at: Some(time),
            ..SignatureLine::log(&self.name, &self.key)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_STANDARD};

    /// rekor-tiles `pkg/note`: the key hash of its Ed25519 test key under the name `testkey`.
    #[test]
    fn the_key_hash_of_rekor_tiles() {
        let pkcs8 =
            BASE64_STANDARD.decode("MC4CAQAwBQYDK2VwBCIEIGuZ8UWTFmXi/26ZgF4VYL8HfLSuW12TN5XMFQRt1Loc").expect("base64");
        let key = KeyPair::ed25519(&pkcs8[pkcs8.len() - 32..]);
        assert_eq!(
            hex::encode(key_hash("testkey", &key)),
            "e4de82e34c8c270d87612a3d6a1e297e2cd0ed9cb89ea7aeec8ce4d0b54e6775"
        );
    }

    /// C2SP signed-note: the key id in the example's vkey.
    #[test]
    fn the_key_id_of_c2sp() {
        let key = BASE64_STANDARD.decode("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").expect("base64");
        assert_eq!(hex::encode(&typed_key_hash("example.com/foo", &key[..1], &key[1..])[..4]), "530d903a");
    }
}
