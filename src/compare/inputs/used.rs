//! What the caller says was used, read strictly.

use alloc::string::String;
use alloc::vec::Vec;

use crate::compare::digests::DigestSet;
use crate::compare::reported::text;
use crate::encoding::json::Node;
use crate::limits::{MAX_DEPENDENCIES, MAX_REPORT_BYTES};
use crate::policy::options::UsageError;
use crate::policy::record::{Record, RecordError, RecordErrorKind};

/// What a build used, according to somebody who knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedInputs {
    pub(super) dependencies: Vec<UsedDependency>,
    /// In lower case.
    pub(super) commit: Option<String>,
    pub(super) source: Option<String>,
}

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UsedDependency {
    pub(super) name: Option<String>,
    pub(super) uri: Option<String>,
    pub(super) digest: DigestSet,
}

impl UsedInputs {
    /// Reads what was used:
    ///
    /// ```json
    /// { "dependencies": [{ "uri": "pkg:docker/alpine@3.17", "digest": "sha256:…" }],
    ///   "commit": "…", "source": "https://github.com/acme/app" }
    /// ```
    ///
    /// # Errors
    /// [`UsageError`] of code `invalid-used-inputs`, located: an unknown key, a value of another shape, or nothing at all.
    pub fn from_json(text: &str) -> Result<Self, UsageError> {
        Record::UsedInputs.read(text, MAX_REPORT_BYTES, read)
    }
}

fn read(root: &Node<'_, '_>) -> Result<UsedInputs, RecordError> {
    let mut fields = root.fields()?;
    let mut used = UsedInputs { dependencies: Vec::new(), commit: None, source: text(fields.optional("source")?)? };
    if let Some(list) = fields.optional("dependencies")? {
        for item in list.items("dependencies", MAX_DEPENDENCIES)? {
            used.dependencies.push(UsedDependency::read(&item)?);
        }
    }
    if let Some(node) = fields.optional("commit")? {
        let commit = node.string()?.to_ascii_lowercase();
        let is_commit = matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_commit {
            return Err(RecordError::value(&node, "a commit as 40 or 64 hexadecimal digits"));
        }
        used.commit = Some(commit);
    }
    fields.end()?;
    if used.dependencies.is_empty() && used.commit.is_none() && used.source.is_none() {
        return Err(RecordError::at(root, RecordErrorKind::Nothing));
    }
    Ok(used)
}

impl UsedDependency {
    fn read(node: &Node<'_, '_>) -> Result<Self, RecordError> {
        let mut fields = node.fields()?;
        let dependency = Self {
            name: text(fields.optional("name")?)?,
            uri: text(fields.optional("uri")?)?,
            digest: DigestSet::read(&fields.required("digest")?)?,
        };
        fields.end()?;
        Ok(dependency)
    }
}
