//! Claim `checkpoint`: a trusted log signed this tree head, and these witnesses cosigned it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Coded, codes};
use crate::crypto::{Message, Scheme, VerifySignature};
use crate::encoding::quoted::Quoted;
use crate::format::checkpoint::{Checkpoint, CheckpointFormatError, NoteSignature, WitnessKey};
use crate::format::trusted_root::TransparencyLog;
use crate::time::{UnixTime, Window};

/// Proof that a tree head was signed by the log that an entry claims to be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCheckpoint {
    host: String,
    checkpoint: Checkpoint,
    witnesses: Vec<Cosignature>,
}

/// A witness's verified word that it saw this tree head and that it extends the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness's name.
    pub name: String,
    /// The witness's place among the keys that the caller passed.
    pub witness: usize,
    /// When it cosigned. Bounds the log's freshness; never a signing time.
    pub time: UnixTime,
}

impl VerifiedCheckpoint {
    /// The log's host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The log's origin line.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.checkpoint.origin
    }

    /// How many leaves the signed tree has.
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.checkpoint.tree_size
    }

    /// The signed root hash.
    #[must_use]
    pub fn root_hash(&self) -> &[u8; 32] {
        &self.checkpoint.root_hash
    }

    /// Who cosigned.
    #[must_use]
    pub fn witnesses(&self) -> &[Cosignature] {
        &self.witnesses
    }
}

/// Why a checkpoint is not the log's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The text is not a checkpoint.
    Malformed(CheckpointFormatError),
    /// The trusted root does not say under which name the log signs.
    LogWithoutHost,
    /// No signature line has the log's name and key id.
    NotSignedByLog {
        /// The name that was looked for.
        host: String,
    },
    /// A signature line with the log's name and key id does not verify.
    SignatureInvalid {
        /// The log's name.
        host: String,
    },
    /// The origin is neither the log's host nor, in Rekor v1, that host with a tree id.
    OriginDiffers {
        /// The log's host.
        host: String,
        /// The origin found.
        origin: String,
    },
    /// The log's key was no longer trusted when the signature was first seen, so the log cannot have taken it in while it was.
    LogRetired {
        /// The log's name.
        host: String,
        /// When a timestamp authority first saw the signature.
        seen: UnixTime,
        /// When the log's key was trusted.
        window: Window,
    },
    /// A cosignature by a witness that the caller knows does not verify.
    CosignatureInvalid {
        /// The witness's name.
        name: String,
    },
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::LogWithoutHost => f.write_str("expected a base URL for the log in the trusted root, found none"),
            Self::NotSignedByLog { host } => {
                write!(f, "expected a signature of the log {} on the checkpoint, found none", Quoted(host))
            }
            Self::SignatureInvalid { host } => write!(
                f,
                "expected a valid signature of the log {} on the checkpoint, found an invalid one",
                Quoted(host)
            ),
            Self::OriginDiffers { host, origin } => {
                write!(f, "expected a checkpoint of {}, found the origin {}", Quoted(host), Quoted(origin))
            }
            Self::LogRetired { host, seen, window } => write!(
                f,
                "expected a signature made while the key of the log {} was trusted, {window}, found one first seen {seen}",
                Quoted(host)
            ),
            Self::CosignatureInvalid { name } => {
                write!(f, "expected a valid cosignature of the witness {}, found an invalid one", Quoted(name))
            }
        }
    }
}

impl Coded for CheckpointError {
    codes!(CheckpointError {
        E::Malformed(_) => "checkpoint-malformed",
        E::LogWithoutHost => "checkpoint-log-without-host",
        E::NotSignedByLog { .. } => "checkpoint-not-signed-by-log",
        E::SignatureInvalid { .. } => "checkpoint-signature-invalid",
        E::OriginDiffers { .. } => "checkpoint-origin-differs",
        E::LogRetired { .. } => "checkpoint-log-retired",
        E::CosignatureInvalid { .. } => "checkpoint-cosignature-invalid",
    });
}

/// Verifies that `log` signed the checkpoint `note` (client-spec §4.4, C2SP signed-note).
///
/// The line must carry the name and key id of exactly this log: another trusted log's signature does not count, or one log
/// could vouch for entries that claim to be in another. A line with the right name and id that does not verify condemns the
/// note, even beside a good one; lines of strangers are ignored, in whatever order. Cosignatures are verified for the
/// witnesses that the caller names.
///
/// `seen` is the earliest time at which a timestamp authority saw the signature, for entries without a time of the log's own.
/// A checkpoint is no time source, but a signature that did not exist before the log's key was retired cannot be in that log:
/// without this, a retired and leaked key would vouch for new signatures forever.
///
/// # Errors
/// [`CheckpointError`].
#[inline(never)]
pub fn verify(
    note: &str,
    log: &TransparencyLog,
    seen: Option<UnixTime>,
    witnesses: &[WitnessKey],
    door: &dyn VerifySignature,
) -> Result<VerifiedCheckpoint, CheckpointError> {
    let checkpoint = Checkpoint::parse(note).map_err(CheckpointError::Malformed)?;
    let host = &log.host;
    if host.is_empty() {
        return Err(CheckpointError::LogWithoutHost);
    }
    let mut signed = false;
    for line in checkpoint.signatures.iter().filter(|line| line.name == *host && line.key_id == log.note_key_id) {
        door.verify(&log.key, log.scheme, Message::Bytes(checkpoint.text.as_bytes()), &line.signature)
            .map_err(|_| CheckpointError::SignatureInvalid { host: host.clone() })?;
        signed = true;
    }
    if !signed {
        return Err(CheckpointError::NotSignedByLog { host: host.clone() });
    }
    if !is_origin_of(&checkpoint.origin, host) {
        return Err(CheckpointError::OriginDiffers { host: host.clone(), origin: checkpoint.origin });
    }
    if let Some(seen) = seen.filter(|seen| log.window.end.is_some_and(|end| end < *seen)) {
        return Err(CheckpointError::LogRetired { host: host.clone(), seen, window: log.window });
    }
    let witnesses = cosignatures(&checkpoint, witnesses, door)?;
    Ok(VerifiedCheckpoint { host: host.clone(), checkpoint, witnesses })
}

/// Rekor v2 uses its host as origin; Rekor v1 appends ` - ` and the tree id, which changes from shard to shard.
fn is_origin_of(origin: &str, host: &str) -> bool {
    match origin.strip_prefix(host) {
        Some("") => true,
        Some(rest) => {
            rest.strip_prefix(" - ").is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
        }
        None => false,
    }
}

/// Verifies cosignature/v1 lines (C2SP tlog-cosignature): eight bytes of seconds, then Ed25519 over
/// `cosignature/v1 LF time SECONDS LF` and the checkpoint's text. A quorum counts keys: the same one twice, be it under two
/// names, is one witness.
fn cosignatures(
    checkpoint: &Checkpoint,
    witnesses: &[WitnessKey],
    door: &dyn VerifySignature,
) -> Result<Vec<Cosignature>, CheckpointError> {
    let mut verified: Vec<Cosignature> = Vec::new();
    for (witness, key) in witnesses.iter().enumerate() {
        let by_witness = |line: &&NoteSignature| line.name == key.name && line.key_id == key.key_id;
        for line in checkpoint.signatures.iter().filter(by_witness) {
            let invalid = || CheckpointError::CosignatureInvalid { name: key.name.clone() };
            let (seconds, signature) = line.signature.split_first_chunk::<8>().ok_or_else(invalid)?;
            let seconds = i64::try_from(u64::from_be_bytes(*seconds)).map_err(|_| invalid())?;
            let time = UnixTime::from_seconds(seconds).ok_or_else(invalid)?;
            let message = alloc::format!("cosignature/v1\ntime {seconds}\n{}", checkpoint.text);
            door.verify(&key.key, Scheme::Ed25519, Message::Bytes(message.as_bytes()), signature)
                .map_err(|_| invalid())?;
            let same_key = |other: &Cosignature| witnesses.get(other.witness).is_some_and(|other| other.key == key.key);
            if !verified.iter().any(same_key) {
                verified.push(Cosignature { name: key.name.to_string(), witness, time });
            }
        }
    }
    Ok(verified)
}
