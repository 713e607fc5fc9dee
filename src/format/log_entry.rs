//! Transparency log entries as bundles carry them (protobuf-specs `sigstore_rekor.proto`, TransparencyLogEntry).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::encoding::json::{Fields, Node, ShapeError};
use crate::limits::{MAX_PROOF_HASHES, MAX_REPORTED_UNKNOWN_FIELDS};
use crate::time::UnixTime;

/// One entry of a transparency log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// JSON pointer to the entry in its bundle.
    pub at: String,
    /// Its index: global over the log's shards in Rekor v1, within the shard in Rekor v2.
    pub log_index: i64,
    /// The id of the log that it claims to be in.
    pub log_id: Vec<u8>,
    /// The kind of its body, `hashedrekord` and the like.
    pub kind: String,
    /// The version of that kind.
    pub version: String,
    /// When the log says it was integrated; evidence only together with [`LogEntry::promise`].
    pub integrated_time: Option<UnixTime>,
    /// The signed entry timestamp.
    pub promise: Option<Vec<u8>>,
    /// The inclusion proof.
    pub proof: Option<InclusionProof>,
    /// The exact bytes that were logged.
    pub body: Vec<u8>,
    /// The integrated time in seconds as the promise signs it; 0 when absent.
    pub integrated_seconds: i64,
}

/// A proof that a leaf is in a tree, and the tree head it ends at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's index in this tree.
    pub log_index: i64,
    /// How many leaves the tree has.
    pub tree_size: i64,
    /// The root hash it ends at.
    pub root_hash: [u8; 32],
    /// The hashes on the way from leaf to root.
    pub hashes: Vec<[u8; 32]>,
    /// The signed tree head, a note; `None` when the bundle has none.
    pub checkpoint: Option<String>,
}

/// Makes the pointers of unknown members known to the caller.
pub(super) type Unknown = Vec<String>;

pub(super) fn note_unknown(fields: &Fields<'_, '_>, unknown: &mut Unknown) {
    let room = MAX_REPORTED_UNKNOWN_FIELDS.saturating_sub(unknown.len());
    unknown.extend(fields.rest().take(room).map(|node| node.pointer()));
}

impl LogEntry {
    pub(super) fn read(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Self, ShapeError> {
        let mut fields = node.fields()?;
        let log_index = fields.optional("logIndex")?.map_or(Ok(0), |index| index.int64())?;

        let id = fields.required("logId")?;
        let mut id = id.fields()?;
        let log_id = id.required("keyId")?.bytes()?;
        note_unknown(&id, unknown);

        let kind_version = fields.required("kindVersion")?;
        let mut kind_version = kind_version.fields()?;
        let kind = kind_version.required("kind")?.string()?.to_string();
        let version = kind_version.required("version")?.string()?.to_string();
        note_unknown(&kind_version, unknown);

        let (integrated_seconds, integrated_time) = match fields.optional("integratedTime")? {
            None => (0, None),
            Some(node) => {
                let seconds = node.int64()?;
                let time = UnixTime::from_seconds(seconds)
                    .ok_or_else(|| node.error(crate::encoding::json::ShapeErrorKind::Integer))?;
                (seconds, (seconds != 0).then_some(time))
            }
        };

        let promise = match fields.optional("inclusionPromise")? {
            None => None,
            Some(promise) => {
                let mut promise = promise.fields()?;
                let timestamp = promise.required("signedEntryTimestamp")?.bytes()?;
                note_unknown(&promise, unknown);
                Some(timestamp)
            }
        };
        let proof = match fields.optional("inclusionProof")? {
            None => None,
            Some(proof) => Some(InclusionProof::read(&proof, unknown)?),
        };
        let body = fields.required("canonicalizedBody")?.bytes()?;
        note_unknown(&fields, unknown);
        Ok(Self {
            at: node.pointer(),
            log_index,
            log_id,
            kind,
            version,
            integrated_time,
            promise,
            proof,
            body,
            integrated_seconds,
        })
    }
}

impl InclusionProof {
    fn read(node: &Node<'_, '_>, unknown: &mut Unknown) -> Result<Self, ShapeError> {
        let mut fields = node.fields()?;
        let log_index = fields.optional("logIndex")?.map_or(Ok(0), |index| index.int64())?;
        let tree_size = fields.required("treeSize")?.int64()?;
        let root_hash = fields.required("rootHash")?.byte_array()?;
        let hashes = match fields.optional("hashes")? {
            None => Vec::new(),
            Some(list) => {
                list.items("hashes", MAX_PROOF_HASHES)?.map(|hash| hash.byte_array()).collect::<Result<_, _>>()?
            }
        };
        let checkpoint = match fields.optional("checkpoint")? {
            None => None,
            Some(checkpoint) => {
                let mut checkpoint = checkpoint.fields()?;
                let envelope = checkpoint.optional("envelope")?.map(|text| text.string().map(ToString::to_string));
                note_unknown(&checkpoint, unknown);
                envelope.transpose()?.filter(|text| !text.is_empty())
            }
        };
        note_unknown(&fields, unknown);
        Ok(Self { log_index, tree_size, root_hash, hashes, checkpoint })
    }
}
