//! All the parties of one seed, at one moment.

use serde_json::{Value, json};

use crate::authority::{Authority, Window};
use crate::bundle::{BundleSpec, Signer};
use crate::ct::CtLog;
use crate::dsse::{EnvelopeSpec, provenance, subject};
use crate::fulcio::LeafSpec;
use crate::keys::{KeyAlg, KeyPair};
use crate::note::Witness;
use crate::rekor::{EntrySpec, Generation, Kind, Log};
use crate::trusted_root;
use crate::tsa::TimestampSpec;

/// The moment of signing in every world: 2025-06-15T15:06:40Z.
pub const TIME: i64 = 1_750_000_000;
/// The index of the Rekor v1 log.
pub const REKOR_V1: usize = 0;
/// The index of the Rekor v2 log with an Ed25519 key.
pub const REKOR_V2: usize = 1;
/// The artifact of the ready bundles.
pub const ARTIFACT: &[u8] = b"the artifact of the box\n";
/// The artifact's name in statements.
pub const ARTIFACT_NAME: &str = "widget-1.2.3.tgz";

/// Authorities and logs of one seed. All fields are open; authorities are minted anew for each bundle and root, so an
/// edit shows everywhere. A world of another seed has other keys (RSA excepted: see [`KeyPair::derive`]) under the same
/// names and hosts; its parties can be moved here (`world.cas.extend(other.cas)`).
#[derive(Clone, Debug)]
pub struct World {
    /// What all keys are derived from.
    pub seed: String,
    /// The moment of signing.
    pub time: i64,
    /// Fulcio instances. At first one: P-384, root and intermediate.
    pub cas: Vec<Authority>,
    /// CT logs. At first one, P-256.
    pub ct_logs: Vec<CtLog>,
    /// Transparency logs. At first [`REKOR_V1`] (P-256) and [`REKOR_V2`] (Ed25519).
    pub logs: Vec<Log>,
    /// Timestamp authorities. At first one: P-384, root and leaf.
    pub tsas: Vec<Authority>,
    /// Witnesses. At first two.
    pub witnesses: Vec<Witness>,
}

impl World {
    /// A world at [`TIME`].
    pub fn new(seed: &str) -> Self {
        Self::at(seed, TIME)
    }

    /// A world at another moment (unix seconds). The keys are those of the seed.
    pub fn at(seed: &str, time: i64) -> Self {
        let mut world = Self {
            seed: seed.to_owned(),
            time,
            cas: Vec::new(),
            ct_logs: Vec::new(),
            logs: Vec::new(),
            tsas: Vec::new(),
            witnesses: Vec::new(),
        };
        world.add_ca(KeyAlg::P384, 1);
        world.add_ct_log(KeyAlg::P256);
        world.add_log(Generation::V1, KeyAlg::P256);
        world.add_log(Generation::V2, KeyAlg::Ed25519);
        world.add_tsa(KeyAlg::P384, 0);
        world.add_witness();
        world.add_witness();
        world
    }

    fn window(&self) -> Window {
        Window { start: Some(self.time - 30 * 86_400), end: None }
    }

    /// Adds a Fulcio instance and gives its index.
    pub fn add_ca(&mut self, alg: KeyAlg, intermediates: usize) -> usize {
        let label = format!("fulcio-{}", self.cas.len());
        self.cas.push(Authority::fulcio(&self.seed, &label, alg, intermediates, self.time));
        self.cas.len() - 1
    }

    /// Adds a timestamp authority and gives its index.
    pub fn add_tsa(&mut self, alg: KeyAlg, intermediates: usize) -> usize {
        let label = format!("tsa-{}", self.tsas.len());
        self.tsas.push(Authority::tsa(&self.seed, &label, alg, intermediates, self.time));
        self.tsas.len() - 1
    }

    /// Adds a CT log and gives its index.
    pub fn add_ct_log(&mut self, alg: KeyAlg) -> usize {
        let label = format!("ct-{}", self.ct_logs.len());
        self.ct_logs.push(CtLog {
            key: KeyPair::derive(alg, &self.seed, &label),
            scheme: None,
            base_url: format!("https://{label}.box.test"),
            operator: None,
            valid_for: self.window(),
            trusted: true,
        });
        self.ct_logs.len() - 1
    }

    /// Adds a transparency log and gives its index.
    pub fn add_log(&mut self, generation: Generation, alg: KeyAlg) -> usize {
        let number = self.logs.len();
        let label = format!("rekor-{number}");
        self.logs.push(Log {
            generation,
            key: KeyPair::derive(alg, &self.seed, &label),
            host: format!("{label}.box.test"),
            tree_id: 1_193_050_959_916_656_506 + number as u64,
            index_offset: 4_163_431,
            operator: None,
            checkpoint_key_id: None,
            valid_for: self.window(),
            trusted: true,
        });
        self.logs.len() - 1
    }

    /// Adds a witness and gives its index.
    pub fn add_witness(&mut self) -> usize {
        let name = format!("witness-{}.box.test", self.witnesses.len());
        self.witnesses.push(Witness { key: KeyPair::derive(KeyAlg::Ed25519, &self.seed, &name), name });
        self.witnesses.len() - 1
    }

    /// Everything that is trusted, as JSON.
    pub fn trusted_root(&self) -> Value {
        let authorities = |all: &[Authority]| -> Vec<Value> {
            all.iter().filter(|a| a.trusted).map(trusted_root::authority).collect()
        };
        json!({
            "mediaType": trusted_root::MEDIA_TYPE,
            "tlogs": self.logs.iter().filter(|l| l.trusted).map(trusted_root::tlog).collect::<Vec<_>>(),
            "certificateAuthorities": authorities(&self.cas),
            "ctlogs": self.ct_logs.iter().filter(|l| l.trusted).map(trusted_root::ctlog).collect::<Vec<_>>(),
            "timestampAuthorities": authorities(&self.tsas),
        })
    }

    /// The default leaf of this kind of key: a GitHub Actions workflow, ten minutes from the world's time on.
    pub fn leaf(&self, alg: KeyAlg) -> LeafSpec {
        LeafSpec::new(&self.seed, alg, self.time)
    }

    /// A managed key of this kind.
    pub fn managed_key(&self, alg: KeyAlg) -> KeyPair {
        KeyPair::derive(alg, &self.seed, "managed")
    }

    /// An entry in the Rekor v1 log ten seconds after the world's time.
    pub fn entry_v1(&self, kind: Kind) -> EntrySpec {
        EntrySpec::v1(REKOR_V1, kind, self.time + 10)
    }

    /// A timestamp of the first authority ten seconds after the world's time.
    pub fn timestamp(&self) -> TimestampSpec {
        TimestampSpec::new(0, self.time + 10)
    }

    /// A signature over [`ARTIFACT`], Fulcio certificate, Rekor v1 with promise and proof.
    pub fn message(&self) -> BundleSpec {
        let mut spec = BundleSpec::message(self.leaf(KeyAlg::P256), ARTIFACT);
        spec.entries = vec![self.entry_v1(Kind::HashedRekordV1)];
        spec
    }

    /// SLSA provenance of [`ARTIFACT`], Fulcio certificate, Rekor v1 with promise and proof.
    pub fn provenance(&self) -> BundleSpec {
        self.statement(&provenance(&[subject(ARTIFACT_NAME, ARTIFACT)]))
    }

    /// Any statement, Fulcio certificate, Rekor v1 with promise and proof.
    pub fn statement(&self, statement: &Value) -> BundleSpec {
        let mut spec = BundleSpec::envelope(self.leaf(KeyAlg::P256), EnvelopeSpec::new(statement));
        spec.entries = vec![self.entry_v1(Kind::DsseV1)];
        spec
    }

    /// The same bundle with a Rekor v2 entry and a timestamp in place of the v1 entry.
    pub fn on_rekor_v2(&self, mut spec: BundleSpec) -> BundleSpec {
        spec.entries = vec![EntrySpec::v2(REKOR_V2, Kind::HashedRekordV2)];
        spec.timestamps = vec![self.timestamp()];
        spec
    }

    /// The same bundle attested by nothing but a timestamp, as GitHub's private instance does: no log entry, no SCT. (The
    /// trusted root still names logs unless they are made untrusted.)
    pub fn without_logs(&self, mut spec: BundleSpec) -> BundleSpec {
        if let Signer::Leaf(leaf) = &mut spec.signer {
            leaf.scts.clear();
        }
        spec.entries.clear();
        spec.timestamps = vec![self.timestamp()];
        spec
    }

    /// The bundle as JSON.
    pub fn bundle(&self, spec: &BundleSpec) -> Value {
        spec.mint(self).bundle
    }
}
