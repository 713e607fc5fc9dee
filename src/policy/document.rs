//! The policy document: one JSON object that says which evidence is enough (docs/policy.md).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::error::PolicyErrorKind;
use super::exception::{Exception, Legacy};
use super::level::{LevelRow, policy_table};
use super::options::{UsageError, UsageErrorKind};
use super::read::{requirements, some, wrong};
use super::requirement::Requirement;
use super::signer::{SignerPolicy, SignerRule};
use super::signers::Signers;
use super::subject::SubjectRule;
use super::threshold::Requirements;
use super::verifier::TrustedVerifier;
use crate::crypto::sha256;
use crate::encoding::json::{self, Node};
use crate::limits::{MAX_POLICY_BYTES, MAX_VERIFIERS};

/// Which evidence is enough.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) name: Option<String>,
    pub(crate) sha256: [u8; 32],
    pub(crate) mode: Mode,
    pub(crate) signers: Signers,
    pub(crate) evidence: Requirements,
    pub(crate) require: Vec<Requirement>,
    pub(crate) subject: SubjectRule,
    /// Empty for the built-in table.
    pub(crate) levels: Vec<LevelRow>,
    pub(crate) verifiers: Vec<TrustedVerifier>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) legacy: Option<Legacy>,
}

/// What a rejection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It refuses.
    Enforce,
    /// It is told, and the artifact is admitted.
    Warn,
}

impl Mode {
    /// The name in policies and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Warn => "warn",
        }
    }
}

impl Policy {
    /// Reads a policy. Unknown keys, `null`s and demands that nothing could meet are errors.
    ///
    /// # Errors
    /// [`UsageError`] with a JSON pointer into the policy.
    pub fn from_json(text: &[u8]) -> Result<Self, UsageError> {
        Self::read(text).map_err(|error| match error.into_parts() {
            (at, UsageErrorKind::Shape(kind)) => UsageError::new(at, UsageErrorKind::PolicyShape(kind)),
            (at, kind) => UsageError::new(at, kind),
        })
    }

    /// The name, for reports.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// SHA-256 of the document's text.
    #[must_use]
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    fn read(text: &[u8]) -> Result<Self, UsageError> {
        if text.len() > MAX_POLICY_BYTES {
            return Err(UsageError::new(String::new(), UsageErrorKind::Policy(PolicyErrorKind::TooLarge)));
        }
        let value = json::parse(text)?;
        let root = Node::root(&value).strict();
        let mut fields = root.fields()?;
        let version = fields.required("version")?;
        if version.value() != &json::Value::Unsigned(1) {
            return Err(wrong(&version, UsageErrorKind::Policy(PolicyErrorKind::Version)));
        }
        let text_of = |node: Option<Node<'_, '_>>| node.map(|node| node.string().map(ToString::to_string)).transpose();
        text_of(fields.optional("$schema")?)?;
        let name = text_of(fields.optional("name")?)?;
        text_of(fields.optional("description")?)?;
        let mode = match fields.optional("mode")? {
            None => Mode::Enforce,
            Some(node) => match node.string()? {
                "enforce" => Mode::Enforce,
                "warn" => Mode::Warn,
                _ => {
                    let expected = "\"enforce\" or \"warn\"";
                    return Err(wrong(&node, UsageErrorKind::Policy(PolicyErrorKind::Word { expected })));
                }
            },
        };
        let levels = fields.optional("levels")?.map(|node| policy_table(&node)).transpose()?;
        let verifiers = match fields.optional("verifiers")? {
            Some(node) => {
                let items = node.items("verifiers", MAX_VERIFIERS)?;
                some(&node, items.map(|item| TrustedVerifier::read(&item)).collect::<Result<_, _>>()?)?
            }
            None => Vec::new(),
        };
        let policy = Self {
            name,
            sha256: sha256(text),
            mode,
            signers: Signers::read(&fields.required("signers")?)?,
            evidence: fields.optional("evidence")?.map(|node| requirements(&node)).transpose()?.unwrap_or_default(),
            require: fields
                .optional("require")?
                .map(|node| Requirement::read_all(&node))
                .transpose()?
                .unwrap_or_default(),
            subject: fields.optional("subject")?.map(|node| SubjectRule::read(&node)).transpose()?.unwrap_or_default(),
            levels: levels.unwrap_or_default(),
            verifiers,
            exceptions: fields
                .optional("exceptions")?
                .map(|node| Exception::read_all(&node))
                .transpose()?
                .unwrap_or_default(),
            legacy: fields.optional("legacyBefore")?.map(|node| Legacy::read(&node)).transpose()?,
        };
        fields.end()?;
        Ok(policy)
    }

    /// Whether it takes the caller's time to judge by this policy.
    #[must_use]
    pub fn needs_now(&self) -> bool {
        let mut ages = false;
        self.require.iter().for_each(|requirement| requirement.each_piece(&mut |piece| ages |= piece.needs_now()));
        ages || !self.exceptions.is_empty()
    }

    /// What it means when a requirement is unmet.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether an artifact may pass although the evidence is not enough: by an exception, or because it is older than the policy.
    #[must_use]
    pub fn has_exceptions(&self) -> bool {
        !self.exceptions.is_empty() || self.legacy.is_some()
    }

    /// Every signer that is trusted for anything: whose bundles are looked at. Which of them counts for what is judged piece by piece.
    pub(crate) fn all_signers(&self) -> SignerPolicy {
        let mut all: Vec<SignerRule> = Vec::new();
        let mut is_any = false;
        let mut add = |signers: &Signers| match signers.policy() {
            SignerPolicy::AnyOf(rules) => all.extend(rules.iter().cloned()),
            SignerPolicy::DangerouslyAny => is_any = true,
        };
        add(&self.signers);
        for requirement in &self.require {
            requirement.each_piece(&mut |piece| piece.signers.iter().for_each(&mut add));
        }
        self.verifiers.iter().for_each(|verifier| add(&verifier.signers));
        // Whom any certificate will do for still names the keys that are trusted.
        if is_any && !all.iter().any(|rule| matches!(rule, SignerRule::PublicKey(_))) {
            return SignerPolicy::DangerouslyAny;
        }
        if is_any {
            all.push(SignerRule::DangerouslyAny);
        }
        SignerPolicy::AnyOf(all)
    }
}
