//! What a bundle *claims*, for people who look before they trust. Nothing in it is verified, which is why it is not part of a
//! report and can never be mistaken for one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::wire::ClaimsWire;
use crate::check::Coded;
use crate::encoding::hex;
use crate::format::bundle::{Bundle, Content, KeyMaterial};
use crate::format::certificate::Certificate;
use crate::format::fulcio::{Claims, Identity};
use crate::format::predicate::Predicate;
use crate::format::provenance::FactName;
use crate::format::statement::{Statement, Subject};
use crate::format::timestamp_token::TimestampToken;
use crate::time::UnixTime;

/// The unverified claims of a bundle.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Always `false`: a reader of this must see it.
    pub verified: bool,
    /// Why the bundle cannot be read, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<Unreadable>,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// `dsse-envelope`, `message-signature` or `image-signature`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<&'static str>,
    /// The digest of a signed message, as `sha256:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_digest: Option<String>,
    /// The image that a payload names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageClaim>,
    /// The statement in the envelope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementClaim>,
    /// The leaf certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateClaim>,
    /// The hint at a public key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key_hint: Option<String>,
    /// The log entries.
    pub log_entries: Vec<LogEntryClaim>,
    /// The times of the timestamps that can be read.
    pub timestamps: Vec<UnixTime>,
    /// JSON pointers to fields that this library does not know.
    pub unknown_fields: Vec<String>,
}

/// Why a bundle cannot be read.
#[derive(Debug, Serialize)]
pub struct Unreadable {
    /// The code of the bundle check.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
    /// JSON pointer.
    pub at: String,
}

/// The image that a payload names, which somebody signed.
#[derive(Debug, Serialize)]
pub struct ImageClaim {
    /// The digest of its manifest or index, as `sha256:…`.
    pub digest: String,
    /// The name that the signer gave it.
    pub reference: String,
}

/// What a statement claims.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementClaim {
    /// The type of its predicate.
    pub predicate_type: String,
    /// Names and digests of its subjects, as `sha256:…`.
    pub subjects: Vec<SubjectClaim>,
    /// What provenance says of the build, one fact for each name.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "serialize_facts")]
    pub provenance: Vec<(FactName, String)>,
    /// Whether it is provenance.
    #[serde(skip)]
    pub is_provenance: bool,
}

/// What a statement claims to be about.
#[derive(Debug, Serialize)]
pub struct SubjectClaim {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The digests.
    pub digests: Vec<String>,
}

/// What a leaf certificate claims.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateClaim {
    /// The identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The OIDC issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The other claims, by name.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "serialize_claims")]
    pub claims: Option<Claims>,
    /// Who issued it.
    pub certificate_issuer: String,
    /// The first instant of its validity.
    pub not_before: UnixTime,
    /// The last instant of its validity.
    pub not_after: Option<UnixTime>,
}

/// What a log entry claims.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntryClaim {
    /// The log's id in hexadecimal.
    pub log_id: String,
    /// The index, decimal.
    pub log_index: String,
    /// Kind and version.
    pub kind: String,
    /// When it says it was integrated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_time: Option<UnixTime>,
    /// Whether a promise is there.
    pub has_promise: bool,
    /// Whether a proof with checkpoint is there.
    pub has_proof: bool,
}

fn serialize_claims<S: serde::Serializer>(claims: &Option<Claims>, serializer: S) -> Result<S::Ok, S::Error> {
    match claims {
        Some(claims) => ClaimsWire(claims).serialize(serializer),
        None => serializer.serialize_none(),
    }
}

fn serialize_facts<S: serde::Serializer>(facts: &[(FactName, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(facts.iter().map(|(name, value)| (name.name(), value)))
}

fn facts(predicate: &Predicate) -> Vec<(FactName, String)> {
    let Predicate::Provenance(provenance) = predicate else { return Vec::new() };
    let first = |name: &FactName| Some((*name, provenance.fact(*name)?.value.clone()));
    FactName::ALL.iter().filter_map(first).collect()
}

impl From<Statement> for StatementClaim {
    fn from(statement: Statement) -> Self {
        let subject = |subject: Subject| SubjectClaim {
            digests: subject.digests.iter().map(ToString::to_string).collect(),
            name: subject.name,
        };
        Self {
            provenance: facts(&statement.predicate),
            is_provenance: matches!(statement.predicate, Predicate::Provenance(_)),
            predicate_type: statement.predicate_type,
            subjects: statement.subjects.into_iter().map(subject).collect(),
        }
    }
}

/// Tells what `bundle` claims. Total, and proves nothing.
#[must_use]
pub fn describe(bundle: &[u8]) -> Description {
    let mut description = Description {
        verified: false,
        unreadable: None,
        media_type: None,
        content: None,
        message_digest: None,
        image: None,
        statement: None,
        certificate: None,
        public_key_hint: None,
        log_entries: Vec::new(),
        timestamps: Vec::new(),
        unknown_fields: Vec::new(),
    };
    let bundle = match Bundle::from_json(bundle) {
        Ok(bundle) => bundle,
        Err(error) => {
            let (code, message) = (error.kind.code(), error.kind.to_string());
            description.unreadable = Some(Unreadable { code, message, at: error.into_parts().0 });
            return description;
        }
    };
    description.media_type = Some(bundle.media_type);
    description.content = Some(bundle.content.name());
    match &bundle.content {
        Content::MessageSignature { digest, .. } => {
            description.message_digest = digest.map(|digest| digest.to_string());
        }
        Content::ImageSignature { image, .. } => {
            let (digest, reference) = (image.manifest_digest.to_string(), image.docker_reference.clone());
            description.image = Some(ImageClaim { digest, reference });
        }
        Content::Envelope(envelope) => {
            description.statement = Statement::from_json(&envelope.payload).ok().map(StatementClaim::from);
        }
    }
    if let KeyMaterial::PublicKey { hint } = &bundle.key_material {
        description.public_key_hint = Some(hint.clone());
    }
    let leaf = bundle.key_material.leaf().and_then(|der| Certificate::from_der(der).ok());
    description.certificate = leaf.map(|leaf| {
        let claims = Claims::of(&leaf).ok();
        CertificateClaim {
            identity: Identity::of(&leaf).ok().map(|identity| identity.value),
            issuer: claims.as_ref().and_then(|claims| claims.issuer().map(ToString::to_string)),
            claims,
            certificate_issuer: leaf.issuer(),
            not_before: leaf.validity().start,
            not_after: leaf.validity().end,
        }
    });
    let entries = bundle.log_entries.iter();
    description.log_entries = entries
        .map(|entry| LogEntryClaim {
            log_id: hex::encode(&entry.log_id),
            log_index: entry.log_index.to_string(),
            kind: alloc::format!("{}/{}", entry.kind, entry.version),
            integrated_time: entry.integrated_time,
            has_promise: entry.promise.is_some(),
            has_proof: entry.proof.as_ref().is_some_and(|proof| proof.checkpoint.is_some()),
        })
        .collect();
    let tokens = bundle.timestamps.iter().filter_map(|(_, der)| TimestampToken::from_response(der).ok());
    description.timestamps = tokens.map(|token| token.time).collect();
    description.unknown_fields = bundle.unknown_fields;
    description
}
