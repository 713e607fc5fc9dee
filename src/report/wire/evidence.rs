//! What a passed check tells.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::check::Located;
use crate::check::artifact::MatchedArtifact;
use crate::check::certificate_path::{CertificateFacts, VerifiedPath};
use crate::check::checkpoint::VerifiedCheckpoint;
use crate::check::inclusion_promise::PromisedEntry;
use crate::check::inclusion_proof::IncludedEntry;
use crate::check::log_binding::BoundEntry;
use crate::check::provenance_binding::BoundProvenance;
use crate::check::sct::VerifiedScts;
use crate::check::signature::VerifiedSignature;
use crate::check::signing_time::SigningTimes;
use crate::check::statement::VerifiedStatement;
use crate::check::timestamp::VerifiedTimestamp;
use crate::crypto::Digest;
use crate::encoding::hex;
use crate::format::fulcio::{Claim, Claims};
use crate::format::oci::membership::Membership;
use crate::format::statement::Subject;
use crate::policy::signer::MatchedSigner;
use crate::policy::threshold::Counted;
use crate::report::{BundleFacts, Each, KeyMaterialKind};
use crate::time::UnixTime;

/// What a passed check tells.
pub(super) trait Evidence<'r> {
    /// Its JSON.
    type Wire: Serialize;
    /// It, as JSON.
    fn wire(&'r self) -> Self::Wire;
}

/// The proofs of log entries or timestamps, each with its place in the bundle.
impl<'r, T: 'r + Evidence<'r>> Evidence<'r> for Each<T> {
    type Wire = Vec<Placed<'r, T::Wire>>;
    fn wire(&'r self) -> Self::Wire {
        self.iter().map(|Located { at, value }| Placed { at, value: value.wire() }).collect()
    }
}

#[derive(Serialize)]
pub(super) struct Placed<'r, W> {
    at: &'r str,
    #[serde(flatten)]
    value: W,
}

macro_rules! evidence {
    ($proof:ident => $wire:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* } |$this:ident| $value:expr) => {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(super) struct $wire<'r> {
            $($(#[$attribute])* $field: $type,)*
            #[serde(skip)]
            of: core::marker::PhantomData<&'r ()>,
        }

        impl<'r> Evidence<'r> for $proof {
            type Wire = $wire<'r>;
            fn wire(&'r self) -> $wire<'r> {
                let of = core::marker::PhantomData;
                let $this = (self, of);
                $value
            }
        }
    };
}

evidence! { BundleFacts => BundleWire {
    media_type: &'r str,
    version: &'static str,
    content: &'static str,
    key_material: &'static str,
    log_entries: usize,
    signed_timestamps: usize,
    unknown_fields: &'r [String],
} |this| {
    let (facts, of) = this;
    BundleWire {
        media_type: &facts.media_type,
        version: facts.version.name(),
        content: facts.content,
        key_material: facts.key_material.name(),
        log_entries: facts.log_entries,
        signed_timestamps: facts.timestamps,
        unknown_fields: &facts.unknown_fields,
        of,
    }
} }

impl KeyMaterialKind {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::CertificateChain => "certificate-chain",
            Self::PublicKey => "public-key",
        }
    }
}

#[derive(Serialize)]
struct WitnessWire<'r> {
    name: &'r str,
    time: UnixTime,
}

evidence! { VerifiedCheckpoint => CheckpointWire {
    log: &'r str,
    origin: &'r str,
    tree_size: String,
    root_hash: String,
    witnesses: Vec<WitnessWire<'r>>,
} |this| {
    let (checkpoint, of) = this;
    let witnesses = checkpoint.witnesses().iter();
    CheckpointWire {
        log: checkpoint.host(),
        origin: checkpoint.origin(),
        tree_size: checkpoint.tree_size().to_string(),
        root_hash: hex::encode(checkpoint.root_hash()),
        witnesses: witnesses.map(|witness| WitnessWire { name: &witness.name, time: witness.time }).collect(),
        of,
    }
} }

evidence! { IncludedEntry => IncludedWire {
    log_index: String,
    tree_size: String,
    leaf_hash: String,
} |this| {
    let (entry, of) = this;
    IncludedWire {
        log_index: entry.log_index().to_string(),
        tree_size: entry.tree_size().to_string(),
        leaf_hash: hex::encode(entry.leaf_hash()),
        of,
    }
} }

evidence! { PromisedEntry => PromisedWire {
    log: &'r str,
    integrated_time: UnixTime,
} |this| {
    let (entry, of) = this;
    PromisedWire { log: entry.host(), integrated_time: entry.integrated_time(), of }
} }

evidence! { BoundEntry => BoundWire {
    log: &'r str,
    kind: &'r str,
    log_index: String,
} |this| {
    let (entry, of) = this;
    BoundWire { log: entry.host(), kind: entry.kind(), log_index: entry.log_index().to_string(), of }
} }

evidence! { VerifiedTimestamp => TimestampWire {
    authority: &'r str,
    time: UnixTime,
} |this| {
    let (timestamp, of) = this;
    TimestampWire { authority: timestamp.uri(), time: timestamp.time(), of }
} }

#[derive(Serialize)]
pub(super) struct TimeWire<'r> {
    time: UnixTime,
    source: &'static str,
    at: &'r str,
}

impl<'r> Evidence<'r> for SigningTimes {
    type Wire = Vec<TimeWire<'r>>;
    fn wire(&'r self) -> Self::Wire {
        self.times()
            .iter()
            .map(|signing| TimeWire { time: signing.time, source: signing.source.name(), at: &signing.at })
            .collect()
    }
}

#[derive(Serialize)]
pub(super) struct IdentityWire<'r> {
    pub(super) r#type: &'static str,
    pub(super) value: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateWire<'r> {
    subject: &'r str,
    issuer: &'r str,
    serial: String,
    not_before: UnixTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<UnixTime>,
    sha256: String,
}

impl<'r> From<&'r CertificateFacts> for CertificateWire<'r> {
    fn from(facts: &'r CertificateFacts) -> Self {
        Self {
            subject: &facts.subject,
            issuer: &facts.issuer,
            serial: hex::encode(&facts.serial),
            not_before: facts.validity.start,
            not_after: facts.validity.end,
            sha256: hex::encode(&facts.sha256),
        }
    }
}

/// The claims under their names; the issuer stands beside them.
pub(in crate::report) struct ClaimsWire<'r>(pub(in crate::report) &'r Claims);

impl Serialize for ClaimsWire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (claim, value) in self.0.iter() {
            if !matches!(claim, Claim::Issuer | Claim::IssuerV2) {
                map.serialize_entry(claim.name(), value)?;
            }
        }
        map.end()
    }
}

evidence! { VerifiedPath => PathWire {
    authority: &'r str,
    identity: IdentityWire<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'r str>,
    claims: ClaimsWire<'r>,
    certificates: Vec<CertificateWire<'r>>,
} |this| {
    let (path, of) = this;
    PathWire {
        authority: path.authority(),
        identity: IdentityWire { r#type: path.identity().kind.name(), value: &path.identity().value },
        issuer: path.claims().issuer(),
        claims: ClaimsWire(path.claims()),
        certificates: path.certificates().iter().map(CertificateWire::from).collect(),
        of,
    }
} }

#[derive(Serialize)]
pub(super) struct SctWire<'r> {
    log: &'r str,
    time: UnixTime,
}

impl<'r> Evidence<'r> for VerifiedScts {
    type Wire = Vec<SctWire<'r>>;
    fn wire(&'r self) -> Self::Wire {
        self.scts().iter().map(|sct| SctWire { log: &sct.log, time: sct.time }).collect()
    }
}

evidence! { VerifiedSignature => SignatureWire {
    algorithm: &'static str,
    public_key: String,
} |this| {
    let (signature, of) = this;
    SignatureWire { algorithm: signature.scheme_name(), public_key: hex::encode(signature.key_sha256()), of }
} }

#[derive(Serialize)]
struct SubjectWire<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'r str>,
    digests: DigestsWire<'r>,
}

struct DigestsWire<'r>(&'r [Digest]);

impl Serialize for DigestsWire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|digest| (digest.algorithm().name(), digest.to_hex())))
    }
}

impl<'r> From<&'r Subject> for SubjectWire<'r> {
    fn from(subject: &'r Subject) -> Self {
        Self { name: subject.name.as_deref(), digests: DigestsWire(&subject.digests) }
    }
}

evidence! { VerifiedStatement => StatementWire {
    statement_type: &'r str,
    predicate_type: &'r str,
    subjects: Vec<SubjectWire<'r>>,
} |this| {
    let (verified, of) = this;
    let statement = verified.statement();
    StatementWire {
        statement_type: &statement.statement_type,
        predicate_type: &statement.predicate_type,
        subjects: statement.subjects.iter().map(SubjectWire::from).collect(),
        of,
    }
} }

evidence! { BoundProvenance => BindingWire {
    agreeing: usize,
    claimed: usize,
} |this| {
    let (bound, of) = this;
    BindingWire { agreeing: bound.agreeing(), claimed: bound.claimed(), of }
} }

evidence! { MatchedArtifact => ArtifactWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<ListedWire>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    dangerously_unbound: bool,
} |this| {
    let (artifact, of) = this;
    let (digest, subject, name) = match artifact {
        MatchedArtifact::Signed { digest, .. } => (digest.as_ref(), None, None),
        MatchedArtifact::Subject { index, name, digest, .. } => (Some(digest), Some(*index), name.as_deref()),
        MatchedArtifact::Image { reference, digest, .. } => (Some(digest), None, Some(reference.as_str())),
        MatchedArtifact::DangerouslyUnbound => (None, None, None),
    };
    ArtifactWire {
        algorithm: digest.map(|digest| digest.algorithm().name()),
        digest: digest.map(Digest::to_hex),
        subject,
        name,
        listed: artifact.through().map(ListedWire::from),
        dangerously_unbound: *artifact == MatchedArtifact::DangerouslyUnbound,
        of,
    }
} }

/// The artifact, where the digest beside this is that of an index that lists it.
#[derive(Serialize)]
struct ListedWire {
    algorithm: &'static str,
    digest: String,
    through: Vec<String>,
}

impl From<&Membership> for ListedWire {
    fn from(membership: &Membership) -> Self {
        Self {
            algorithm: membership.image().algorithm().name(),
            digest: membership.image().to_hex(),
            through: membership.through().iter().map(ToString::to_string).collect(),
        }
    }
}

evidence! { MatchedSigner => SignerWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<usize>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    dangerously_any_signer: bool,
} |this| {
    let (signer, of) = this;
    let (rule, public_key) = match signer {
        MatchedSigner::Rule(index) => (Some(*index), None),
        MatchedSigner::PublicKey(index) => (None, Some(*index)),
        MatchedSigner::DangerouslyAny => (None, None),
    };
    SignerWire { rule, public_key, dangerously_any_signer: *signer == MatchedSigner::DangerouslyAny, of }
} }

evidence! { Counted => CountedWire {
    log_entries: usize,
    scts: usize,
    signed_timestamps: usize,
    witnesses: usize,
    promise_only: bool,
} |this| {
    let (counted, of) = this;
    CountedWire {
        log_entries: counted.log_entries,
        scts: counted.scts,
        signed_timestamps: counted.signed_timestamps,
        witnesses: counted.witnesses,
        promise_only: counted.promised_only > 0,
        of,
    }
} }
