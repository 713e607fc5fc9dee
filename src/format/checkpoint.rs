//! Signed notes and checkpoints (C2SP `signed-note.md`, `tlog-checkpoint.md`, `tlog-cosignature.md`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::crypto::{PublicKey, sha256};
use crate::encoding::json::decimal;
use crate::encoding::{base64, hex};
use crate::limits::{MAX_CHECKPOINT_BYTES, MAX_NOTE_SIGNATURES};

/// A signed tree head:
///
/// ```text
/// rekor.sigstore.dev - 1193050959916656506
/// 33786589
/// 5iaX4xK6PMnp4ZFTP4iywMcwLgaTjzgRTkrTOUFIrfY=
///
/// — rekor.sigstore.dev wNI9ajBFAiEA…
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The text that is signed: everything before the last blank line, with its final newline.
    pub text: String,
    /// The first line: which log this is.
    pub origin: String,
    /// How many leaves the tree has.
    pub tree_size: u64,
    /// The root hash of the tree.
    pub root_hash: [u8; 32],
    /// The signature lines, in their order.
    pub signatures: Vec<NoteSignature>,
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The signer's name.
    pub name: String,
    /// The first four bytes of the signer's key hash: a hint, no more.
    pub key_id: [u8; 4],
    /// The signature, algorithm by algorithm.
    pub signature: Vec<u8>,
}

/// Why a text is not a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointFormatError {
    /// Longer than [`MAX_CHECKPOINT_BYTES`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// No blank line between text and signatures, a control character, or a signature line of another form.
    Note,
    /// More than [`MAX_NOTE_SIGNATURES`] signatures.
    TooManySignatures {
        /// Signatures found.
        found: usize,
    },
    /// No origin line.
    Origin,
    /// No tree size, or one that is not decimal.
    TreeSize,
    /// No root hash, or one that is not base64 of 32 bytes.
    RootHash,
    /// An empty extension line.
    Extension,
}

impl fmt::Display for CheckpointFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(f, "expected a checkpoint of at most {MAX_CHECKPOINT_BYTES} bytes, found {found}")
            }
            Self::Note => f.write_str("expected a signed note, found another text"),
            Self::TooManySignatures { found } => {
                write!(f, "expected at most {MAX_NOTE_SIGNATURES} signatures, found {found}")
            }
            Self::Origin => f.write_str("expected the log's origin in the first line, found none"),
            Self::TreeSize => f.write_str("expected the tree size in the second line, found something else"),
            Self::RootHash => f.write_str("expected the root hash in the third line, found something else"),
            Self::Extension => f.write_str("expected no empty line inside the checkpoint, found one"),
        }
    }
}

impl Checkpoint {
    /// Reads a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointFormatError`].
    pub fn parse(note: &str) -> Result<Self, CheckpointFormatError> {
        if note.len() > MAX_CHECKPOINT_BYTES {
            return Err(CheckpointFormatError::TooLarge { found: note.len() });
        }
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(CheckpointFormatError::Note);
        }
        let blank = note.rfind("\n\n").ok_or(CheckpointFormatError::Note)?;
        let (text, rest) = note.split_at_checked(blank.saturating_add(1)).ok_or(CheckpointFormatError::Note)?;
        let lines =
            rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n')).ok_or(CheckpointFormatError::Note)?;
        let signatures = lines
            .split('\n')
            .map(NoteSignature::parse)
            .collect::<Option<Vec<_>>>()
            .ok_or(CheckpointFormatError::Note)?;
        if signatures.len() > MAX_NOTE_SIGNATURES {
            return Err(CheckpointFormatError::TooManySignatures { found: signatures.len() });
        }
        let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointFormatError::Origin)?;
        let tree_size = lines.next().and_then(decimal).ok_or(CheckpointFormatError::TreeSize)?;
        let root_hash = lines
            .next()
            .and_then(base64::decode_standard)
            .and_then(|hash| hash.try_into().ok())
            .ok_or(CheckpointFormatError::RootHash)?;
        if lines.any(str::is_empty) {
            return Err(CheckpointFormatError::Extension);
        }
        Ok(Self { text: text.to_string(), origin: origin.to_string(), tree_size, root_hash, signatures })
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<Self> {
        let (name, blob) = line.strip_prefix("— ")?.split_once(' ')?;
        if !is_key_name(name) {
            return None;
        }
        let blob = base64::decode_standard(blob)?;
        let (key_id, signature) = blob.split_first_chunk::<4>()?;
        (!signature.is_empty()).then(|| Self { name: name.to_string(), key_id: *key_id, signature: signature.into() })
    }
}

/// Whether `name` may name a key: not empty, no white space, no `+` (signed-note.md, "Format").
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

/// The key of a witness, as witnesses publish it: `name+12345678+base64` (C2SP signed-note.md, "Verifier keys"), with type
/// 0x04, Ed25519 cosignatures (tlog-cosignature.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    /// The witness's name in signature lines.
    pub name: String,
    /// The four bytes that mark its lines.
    pub key_id: [u8; 4],
    /// Its Ed25519 key.
    pub key: PublicKey,
}

impl WitnessKey {
    /// Reads a verifier key and checks that its hash is the one of its name and key. `None` for anything else.
    #[must_use]
    pub fn from_vkey(text: &str) -> Option<Self> {
        const COSIGNATURE_V1: u8 = 0x04;
        let mut parts = text.splitn(3, '+');
        let (name, hash, blob) = (parts.next()?, parts.next()?, parts.next()?);
        let blob = base64::decode_standard(blob)?;
        let [COSIGNATURE_V1, bytes @ ..] = blob.as_slice() else { return None };
        let key = PublicKey::from_ed25519_bytes(bytes.try_into().ok()?).ok()?;
        let mut hashed = alloc::format!("{name}\n").into_bytes();
        hashed.extend_from_slice(&blob);
        let [a, b, c, d, ..] = sha256(&hashed);
        let key_id = [a, b, c, d];
        let canonical = is_key_name(name) && hex::encode(&key_id) == hash;
        canonical.then(|| Self { name: name.to_string(), key_id, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "5iaX4xK6PMnp4ZFTP4iywMcwLgaTjzgRTkrTOUFIrfY=";

    #[test]
    fn the_last_blank_line_separates() {
        let note = alloc::format!("log\n7\n{ROOT}\nextension\n\n— log AAAAAAA=\n— witness AAAAAAA=\n");
        let checkpoint = Checkpoint::parse(&note).unwrap();
        assert_eq!((checkpoint.tree_size, checkpoint.signatures.len()), (7, 2));
        assert!(checkpoint.text.ends_with("extension\n"));
    }

    #[test]
    fn each_line_has_its_error() {
        use CheckpointFormatError as E;
        for (note, error) in [
            (alloc::format!("log\n7\n{ROOT}\n"), E::Note),
            (alloc::format!("log\n7\n{ROOT}\n\n"), E::Note),
            (alloc::format!("log\n7\n{ROOT}\n\n— log AAAAAAA="), E::Note),
            (alloc::format!("log\n7\n{ROOT}\n\n— log AAAAAAA=\njunk\n"), E::Note),
            (alloc::format!("log\n7\n{ROOT}\n\n- log AAAAAAA=\n"), E::Note),
            (alloc::format!("log\n7\n{ROOT}\n\n— lo+g AAAAAAA=\n"), E::Note),
            (alloc::format!("log\n7\n{ROOT}\n\n— log AAAA\n"), E::Note),
            (alloc::format!("log\r\n7\n{ROOT}\n\n— log AAAAAAA=\n"), E::Note),
            (alloc::format!("\n7\n{ROOT}\n\n— log AAAAAAA=\n"), E::Origin),
            (alloc::format!("log\n07\n{ROOT}\n\n— log AAAAAAA=\n"), E::TreeSize),
            (alloc::format!("log\n18446744073709551616\n{ROOT}\n\n— log AAAAAAA=\n"), E::TreeSize),
            (alloc::format!("log\n{ROOT}\n\n— log AAAAAAA=\n"), E::TreeSize),
            ("log\n7\n\n— log AAAAAAA=\n".into(), E::RootHash),
            (alloc::format!("log\n7\n{ROOT}\n\nx\n\n— log AAAAAAA=\n"), E::Extension),
        ] {
            assert_eq!(Checkpoint::parse(&note), Err(error), "{note}");
        }
    }
}
