//! Reading what comparisons need of a report's JSON. The rest may be whatever a later version adds.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Matched, Reported, Signer, Told, ToldFact};
use crate::compare::digests;
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::{self, Node};
use crate::format::fulcio::Claim;
use crate::format::provenance::{FactName, Resource};
use crate::limits::{MAX_EXTENSIONS, MAX_LOG_ENTRIES, MAX_PARAMETERS, MAX_REPORT_BYTES, MAX_TIMESTAMPS};
use crate::policy::level::HIGHEST_BUILD_LEVEL;
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError};
use crate::report::wire::MEDIA_TYPE;
use crate::time::UnixTime;

type Read<T> = Result<T, RecordError>;

impl Reported {
    /// Reads a report's JSON. What it says is the caller's word; nothing is verified again.
    ///
    /// # Errors
    /// [`UsageError`] of code `invalid-report`, located: no report of this version, or a member that is needed has another shape.
    pub fn from_json(text: &str) -> Result<Self, UsageError> {
        Record::Report.read(text, MAX_REPORT_BYTES, Self::read)
    }

    pub(in crate::compare) fn read(root: &Node<'_, '_>) -> Read<Self> {
        let mut fields = root.fields()?;
        RecordError::media_type(&mut fields, MEDIA_TYPE)?;
        let passed = verdict(&fields.required("verdict")?)?;
        let inputs = fields.required("inputs")?;
        let mut inputs = inputs.fields()?;
        let checks = fields.required("checks")?;
        let told = fields.optional("provenance")?.filter(|_| passed);
        let signer = match fields.optional("certificate")? {
            Some(certificate) => Some(certified(&certificate)?),
            None => key(&checks)?,
        };
        if passed && signer.is_none() {
            return Err(RecordError::value(&checks, "a signer, for the report passed"));
        }
        Ok(Self {
            passed,
            failures: failures(&checks)?,
            version: version(&fields.required("version")?)?,
            bundle: digests::sha256(&inputs.required("bundle")?)?,
            trusted_root: inputs.optional("trustedRoot")?.map(|node| digests::sha256(&node)).transpose()?,
            signer,
            signed: signed(&checks)?,
            predicate_type: predicate_type(&checks)?,
            level: told.as_ref().map(level).transpose()?.flatten(),
            provenance: told.as_ref().map(provenance).transpose()?.flatten(),
            artifact: artifact(&checks)?,
        })
    }
}

fn verdict(node: &Node<'_, '_>) -> Read<bool> {
    match node.string()? {
        "passed" => Ok(true),
        "failed" => Ok(false),
        _ => Err(RecordError::value(node, "`passed` or `failed`")),
    }
}

/// A version as semver writes it.
fn version(node: &Node<'_, '_>) -> Read<String> {
    let text = node.string()?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
    let is_version = (1..=64).contains(&text.len()) && text.bytes().all(is_part);
    if is_version { Ok(text.to_owned()) } else { Err(RecordError::value(node, "a version")) }
}

/// The evidence of a check that passed.
fn evidence<T>(
    checks: &Node<'_, '_>,
    check: &'static str,
    read: impl FnOnce(&Node<'_, '_>) -> Read<T>,
) -> Read<Option<T>> {
    let mut fields = checks.fields()?;
    let check = fields.required(check)?;
    let mut fields = check.fields()?;
    match fields.required("status")?.string()? {
        "passed" => read(&fields.required("evidence")?).map(Some),
        _ => Ok(None),
    }
}

fn failures(checks: &Node<'_, '_>) -> Read<Vec<String>> {
    let mut codes = Vec::new();
    for (_, check) in checks.members()? {
        let Some(list) = check.fields()?.optional("failures")? else { continue };
        for failure in list.items("failures", usize::MAX)? {
            codes.push(failure.fields()?.required("code")?.string()?.to_owned());
        }
    }
    Ok(codes)
}

fn certified(certificate: &Node<'_, '_>) -> Read<Signer> {
    let mut fields = certificate.fields()?;
    let list = fields.required("claims")?;
    let mut claims = Vec::new();
    for claim in list.items("claims", MAX_EXTENSIONS)? {
        let mut fields = claim.fields()?;
        let name = fields.required("name")?.string()?;
        let value = fields.required("value")?.string()?;
        if let Some(known) = Claim::ALL.iter().find(|known| known.name() == name) {
            claims.push((*known, value.to_owned()));
        }
    }
    Ok(Signer::Certified {
        identity: fields.required("identity")?.fields()?.required("value")?.string()?.to_owned(),
        issuer: text(fields.optional("issuer")?)?,
        claims,
    })
}

/// The managed key that signed: where there is no certificate at all.
fn key(checks: &Node<'_, '_>) -> Read<Option<Signer>> {
    let mut fields = checks.fields()?;
    if fields.required("certificatePath")?.fields()?.required("status")?.string()? != "absent" {
        return Ok(None);
    }
    evidence(checks, "signature", |signature| {
        let key = signature.fields()?.required("publicKey")?;
        Ok(Signer::Key { sha256: digests::hex(HashAlgorithm::Sha256, &key)?.to_hex() })
    })
}

fn signed(checks: &Node<'_, '_>) -> Read<Option<UnixTime>> {
    let times = evidence(checks, "signingTime", |times| {
        let mut found = Vec::new();
        for signing in times.items("times", MAX_LOG_ENTRIES.saturating_add(MAX_TIMESTAMPS))? {
            found.push(digests::time(&signing.fields()?.required("time")?)?);
        }
        Ok(found)
    })?;
    Ok(times.into_iter().flatten().min())
}

fn predicate_type(checks: &Node<'_, '_>) -> Read<Option<String>> {
    evidence(checks, "statement", |statement| Ok(statement.fields()?.required("predicateType")?.string()?.to_owned()))
}

fn artifact(checks: &Node<'_, '_>) -> Read<Option<Matched>> {
    let matched = evidence(checks, "artifact", |artifact| {
        let mut fields = artifact.fields()?;
        if fields.optional("dangerouslyUnbound")?.is_some() {
            return Ok(None);
        }
        let own = digest(artifact)?;
        let listed = fields.optional("listed")?.map(|listed| digest(&listed)).transpose()?.flatten();
        Ok(Some(Matched { name: text(fields.optional("name")?)?, digest: listed.or(own) }))
    })?;
    Ok(matched.flatten())
}

/// `{ algorithm, digest }`
fn digest(node: &Node<'_, '_>) -> Read<Option<Digest>> {
    let mut fields = node.fields()?;
    let Some(node) = fields.optional("algorithm")? else { return Ok(None) };
    let algorithm = HashAlgorithm::from_name(node.string()?);
    let algorithm = algorithm.ok_or_else(|| RecordError::value(&node, "sha256, sha384 or sha512"))?;
    digests::hex(algorithm, &fields.required("digest")?).map(Some)
}

fn level(provenance: &Node<'_, '_>) -> Read<Option<u8>> {
    let Some(level) = provenance.fields()?.optional("level")? else { return Ok(None) };
    build_level(&level.fields()?.required("build")?).map(Some)
}

/// A level of the build track.
pub(in crate::compare) fn build_level(node: &Node<'_, '_>) -> Read<u8> {
    let level = match node.value() {
        json::Value::Unsigned(number) => u8::try_from(*number).ok(),
        _ => None,
    };
    level.filter(|level| *level <= HIGHEST_BUILD_LEVEL).ok_or_else(|| RecordError::value(node, "a level from 0 to 3"))
}

/// What the provenance tells; nothing where its view is left out.
fn provenance(provenance: &Node<'_, '_>) -> Read<Option<Told>> {
    let mut fields = provenance.fields()?;
    let Some(dependencies) = fields.optional("dependencies")? else { return Ok(None) };
    let list = fields.required("facts")?;
    let mut facts = Vec::new();
    for fact in list.items("facts", MAX_PARAMETERS)? {
        let mut fields = fact.fields()?;
        let name = fields.required("name")?.string()?;
        let value = fields.required("value")?.string()?;
        let agrees = fields.required("status")?.string()? == "agrees";
        let certified = text(fields.optional("certified")?)?.filter(|_| agrees);
        if let Some(name) = FactName::from_name(name) {
            facts.push(ToldFact { name, value: value.to_owned(), certified });
        }
    }
    Ok(Some(Told { facts, dependencies: Resource::read_all(&dependencies, "dependencies")? }))
}

/// The text of a member that may be missing.
pub(in crate::compare) fn text(node: Option<Node<'_, '_>>) -> Read<Option<String>> {
    Ok(node.map(|node| node.string().map(ToOwned::to_owned)).transpose()?)
}
