//! Reading a baseline: strictly, for a typing error must not forget what was trusted.

use alloc::borrow::ToOwned;

use super::{Baseline, BaselineSigner, Config, MEDIA_TYPE, Source};
use crate::compare::digests;
use crate::compare::reported::{build_level, text};
use crate::crypto::HashAlgorithm;
use crate::encoding::json::Node;
use crate::limits::{MAX_OPTIONS_BYTES, MAX_PREDICATE_TYPES};
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError};

impl Baseline {
    /// Reads a baseline that [`Baseline::to_json`] wrote.
    ///
    /// # Errors
    /// [`UsageError`] of code `invalid-baseline`, located: another media type, an unknown key, no signer, or a value of another shape.
    pub fn from_json(text: &str) -> Result<Self, UsageError> {
        Record::Baseline.read(text, MAX_OPTIONS_BYTES, Self::read)
    }

    pub(in crate::compare) fn read(root: &Node<'_, '_>) -> Result<Self, RecordError> {
        let mut fields = root.fields()?;
        RecordError::media_type(&mut fields, MEDIA_TYPE)?;
        let types = fields.required("predicateTypes")?;
        let types =
            types.items("predicate types", MAX_PREDICATE_TYPES)?.map(|item| item.string().map(ToOwned::to_owned));
        let baseline = Self {
            media_type: MEDIA_TYPE,
            signer: signer(&fields.required("signer")?)?,
            predicate_types: types.collect::<Result<_, _>>()?,
            builder: text(fields.optional("builder")?)?,
            build_type: text(fields.optional("buildType")?)?,
            source: fields.optional("source")?.map(|node| source(&node)).transpose()?.unwrap_or_default(),
            config: fields.optional("config")?.map(|node| config(&node)).transpose()?.unwrap_or_default(),
            trigger: text(fields.optional("trigger")?)?,
            runner: text(fields.optional("runner")?)?,
            level: fields.optional("level")?.map(|node| build_level(&node)).transpose()?,
            signed: fields.optional("signed")?.map(|node| digests::time(&node)).transpose()?,
            subject: text(fields.optional("subject")?)?,
        };
        fields.end()?;
        Ok(baseline)
    }
}

fn signer(node: &Node<'_, '_>) -> Result<BaselineSigner, RecordError> {
    let mut fields = node.fields()?;
    let key = fields.optional("publicKey")?;
    let signer = BaselineSigner {
        identity: text(fields.optional("identity")?)?,
        issuer: text(fields.optional("issuer")?)?,
        public_key: key.map(|key| digests::hex(HashAlgorithm::Sha256, &key)).transpose()?.map(|digest| digest.to_hex()),
    };
    fields.end()?;
    match (&signer.identity, &signer.issuer, &signer.public_key) {
        (Some(_), _, None) | (None, None, Some(_)) => Ok(signer),
        _ => Err(RecordError::value(node, "{ identity, issuer } or { publicKey }")),
    }
}

fn source(node: &Node<'_, '_>) -> Result<Source, RecordError> {
    let mut fields = node.fields()?;
    let source = Source {
        repository: text(fields.optional("repository")?)?,
        repository_id: text(fields.optional("repositoryId")?)?,
        owner_id: text(fields.optional("ownerId")?)?,
    };
    fields.end()?;
    Ok(source)
}

fn config(node: &Node<'_, '_>) -> Result<Config, RecordError> {
    let mut fields = node.fields()?;
    let config = Config { path: text(fields.optional("path")?)? };
    fields.end()?;
    Ok(config)
}
