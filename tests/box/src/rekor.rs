//! Transparency logs and their entries, both generations.

use serde_json::{Value, json};

use crate::authority::Window;
use crate::b64;
use crate::hook::Hook;
use crate::keys::{KeyPair, expand};
use crate::merkle::{self, Node};
use crate::note::{CheckpointSpec, SignatureLine, key_hash};
use crate::rekor_v1::{self, PromiseSpec};
use crate::rekor_v2;
use crate::signed::Signed;

/// Which Rekor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Generation {
    /// Promises and proofs; log id SHA-256(SPKI); origin `host - treeID`; a global index beside the tree's.
    V1,
    /// Proofs only; log id = checkpoint key hash; origin = host.
    V2,
}

/// A transparency log.
#[derive(Clone, Debug)]
pub struct Log {
    /// Which Rekor.
    pub generation: Generation,
    /// Its key.
    pub key: KeyPair,
    /// The host name in `baseUrl` and checkpoints.
    pub host: String,
    /// The tree id in a v1 origin.
    pub tree_id: u64,
    /// What a v1 log adds to the tree's index.
    pub index_offset: u64,
    /// `operator` in the trusted root, only written when present.
    pub operator: Option<String>,
    /// `checkpointKeyId` in the trusted root, only written when present.
    pub checkpoint_key_id: Option<Vec<u8>>,
    /// When its key was trusted.
    pub valid_for: Window,
    /// Whether the trusted root names it.
    pub trusted: bool,
}

impl Log {
    /// `logId`.
    pub fn log_id(&self) -> [u8; 32] {
        match self.generation {
            Generation::V1 => self.key.id(),
            Generation::V2 => key_hash(&self.host, &self.key),
        }
    }

    /// The checkpoint's first line.
    pub fn origin(&self) -> String {
        match self.generation {
            Generation::V1 => format!("{} - {}", self.host, self.tree_id),
            Generation::V2 => self.host.clone(),
        }
    }

    /// The leaf hash of an entry that somebody else made.
    pub fn filler(&self, index: u64) -> Node {
        merkle::leaf_hash(&expand(&format!("{} {} {index}", self.host, self.tree_id), 40))
    }

    /// A checkpoint of this log over this tree, with the log's signature.
    pub fn checkpoint(&self, size: u64, root: &Node) -> CheckpointSpec {
        let mut line = SignatureLine::log(&self.host, &self.key);
        if self.generation == Generation::V1 {
            line.key_id = self.key.id()[..4].to_vec();
        }
        CheckpointSpec {
            origin: self.origin(),
            size: size.to_string(),
            root: root.to_vec(),
            extra_lines: Vec::new(),
            text: None,
            signatures: vec![line],
            alter_envelope: Hook::default(),
        }
    }
}

/// Which body an entry has.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// hashedrekord 0.0.1.
    HashedRekordV1,
    /// rekord 0.0.1.
    Rekord,
    /// dsse 0.0.1.
    DsseV1,
    /// intoto 0.0.2 in Rekor's canonical form.
    Intoto,
    /// intoto 0.0.2 with its payload.
    IntotoWithPayload,
    /// intoto 0.0.1: holds no signature.
    IntotoV001,
    /// hashedrekord 0.0.2.
    HashedRekordV2,
    /// dsse 0.0.2: withdrawn.
    DsseV2,
    /// Any body; kind and version are read from it.
    Other(Value),
}

impl Kind {
    /// The body about what was signed.
    pub fn body(&self, signed: &Signed) -> Value {
        match self {
            Self::HashedRekordV1 => rekor_v1::hashedrekord(signed),
            Self::Rekord => rekor_v1::rekord(signed),
            Self::DsseV1 => rekor_v1::dsse(signed),
            Self::Intoto => rekor_v1::intoto_v002(signed, false),
            Self::IntotoWithPayload => rekor_v1::intoto_v002(signed, true),
            Self::IntotoV001 => rekor_v1::intoto_v001(signed),
            Self::HashedRekordV2 => rekor_v2::hashedrekord(signed),
            Self::DsseV2 => rekor_v2::dsse(signed),
            Self::Other(body) => body.clone(),
        }
    }
}

/// An inclusion proof before it is written: editing it changes the proof only, the checkpoint stays true.
#[derive(Clone, Debug)]
pub struct Proof {
    /// `logIndex`.
    pub log_index: u64,
    /// `treeSize`.
    pub tree_size: u64,
    /// `rootHash`.
    pub root_hash: Vec<u8>,
    /// `hashes`.
    pub hashes: Vec<Vec<u8>>,
    /// `checkpoint.envelope`; `None` leaves it out.
    pub checkpoint: Option<String>,
}

/// An entry of a log in a bundle.
#[derive(Clone, Debug)]
pub struct EntrySpec {
    /// The log: an index into the world's.
    pub log: usize,
    /// Which body.
    pub kind: Kind,
    /// Edits what the entry is about, before its body is made.
    pub alter_signed: Hook<Signed>,
    /// Edits the body; leaf, proof, checkpoint and promise are made over the edited body.
    pub alter_body: Hook<Value>,
    /// Other bytes than the body's canonical JSON; everything is made over them.
    pub body_bytes: Option<Vec<u8>>,
    /// `kindVersion` when it is not the body's.
    pub kind_version: Option<(String, String)>,
    /// The place in the tree.
    pub tree_index: u64,
    /// The size of the tree; all other leaves are filler (and other entries of the bundle in the same log).
    pub tree_size: u64,
    /// `logIndex` when it is not the true one; a promise is made over it.
    pub log_index: Option<u64>,
    /// `logId` when it is not the log's; a promise is made over it.
    pub log_id: Option<Vec<u8>>,
    /// `integratedTime`; left out when `None`.
    pub integrated_time: Option<i64>,
    /// The inclusion promise; left out when `None`.
    pub promise: Option<PromiseSpec>,
    /// Whether there is an inclusion proof.
    pub proof: bool,
    /// Edits the checkpoint before it is signed.
    pub alter_checkpoint: Hook<CheckpointSpec>,
    /// Edits the proof after the checkpoint is signed.
    pub alter_proof: Hook<Proof>,
    /// Edits the finished entry.
    pub alter: Hook<Value>,
}

impl EntrySpec {
    /// A Rekor v1 entry with proof, checkpoint and promise.
    pub fn v1(log: usize, kind: Kind, integrated_time: i64) -> Self {
        Self { integrated_time: Some(integrated_time), promise: Some(PromiseSpec::default()), ..Self::v2(log, kind) }
    }

    /// A Rekor v2 entry with proof and checkpoint.
    pub fn v2(log: usize, kind: Kind) -> Self {
        Self {
            log,
            kind,
            alter_signed: Hook::default(),
            alter_body: Hook::default(),
            body_bytes: None,
            kind_version: None,
            tree_index: 5,
            tree_size: 11,
            log_index: None,
            log_id: None,
            integrated_time: None,
            promise: None,
            proof: true,
            alter_checkpoint: Hook::default(),
            alter_proof: Hook::default(),
            alter: Hook::default(),
        }
    }

    /// The body about what was signed: its JSON (with kind and version) and the logged bytes.
    pub fn body(&self, signed: &Signed) -> (Value, Vec<u8>) {
        let mut signed = signed.clone();
        self.alter_signed.apply(&mut signed);
        let mut body = self.kind.body(&signed);
        self.alter_body.apply(&mut body);
        let bytes = self.body_bytes.clone().unwrap_or_else(|| body.to_string().into_bytes());
        (body, bytes)
    }

    /// The entry. `neighbours` are the entries of the same log and bundle, by tree index.
    pub fn mint(&self, log: &Log, signed: &Signed, neighbours: &[(u64, Node)]) -> Value {
        let (body, bytes) = self.body(signed);
        let (kind, version) = self.kind_version.clone().unwrap_or_else(|| {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            (text(&body["kind"]), text(&body["apiVersion"]))
        });
        let offset = if log.generation == Generation::V1 { log.index_offset } else { 0 };
        let log_index = self.log_index.unwrap_or(self.tree_index + offset);
        let log_id = self.log_id.clone().unwrap_or_else(|| log.log_id().to_vec());
        let mut entry = json!({
            "logIndex": log_index.to_string(),
            "logId": {"keyId": b64(&log_id)},
            "kindVersion": {"kind": kind, "version": version},
            "canonicalizedBody": b64(&bytes),
        });
        if let Some(time) = self.integrated_time {
            entry["integratedTime"] = json!(time.to_string());
        }
        if let Some(promise) = &self.promise {
            let time = self.integrated_time.unwrap_or_default();
            let set = promise.mint(&log.key, &bytes, time, &log_id, log_index);
            entry["inclusionPromise"] = json!({"signedEntryTimestamp": b64(set)});
        }
        if self.proof {
            entry["inclusionProof"] = self.inclusion_proof(log, &bytes, neighbours);
        }
        self.alter.apply(&mut entry);
        entry
    }

    fn inclusion_proof(&self, log: &Log, body: &[u8], neighbours: &[(u64, Node)]) -> Value {
        let leaf = |index: u64| {
            if index == self.tree_index {
                return merkle::leaf_hash(body);
            }
            let known = neighbours.iter().find(|(at, _)| *at == index);
            known.map_or_else(|| log.filler(index), |(_, hash)| *hash)
        };
        let leaves: Vec<Node> = (0..self.tree_size).map(leaf).collect();
        let root = merkle::root(&leaves);
        let mut checkpoint = log.checkpoint(self.tree_size, &root);
        self.alter_checkpoint.apply(&mut checkpoint);
        let mut proof = Proof {
            log_index: self.tree_index,
            tree_size: self.tree_size,
            root_hash: root.to_vec(),
            hashes: merkle::proof(&leaves, self.tree_index as usize).iter().map(|h| h.to_vec()).collect(),
            checkpoint: Some(checkpoint.envelope()),
        };
        self.alter_proof.apply(&mut proof);
        let mut out = json!({
            "logIndex": proof.log_index.to_string(),
            "treeSize": proof.tree_size.to_string(),
            "rootHash": b64(&proof.root_hash),
            "hashes": proof.hashes.iter().map(b64).collect::<Vec<_>>(),
        });
        if let Some(envelope) = proof.checkpoint {
            out["checkpoint"] = json!({"envelope": envelope});
        }
        out
    }
}
