//! The SLSA build level of provenance (slsa.dev `spec/v1.2/build-track-basics`). It is never read from the provenance: a table says
//! what a builder is worth, by who signed, which builder and which runner (slsa.dev `verifying-artifacts`, "roots of trust").
//!
//! The built-in table is `levels.json`, in the shape in which a caller writes rows of its own. Its sources: slsa-github-generator's
//! README and slsa-verifier's keys (level 3), GitHub's "Using artifact attestations to achieve SLSA v1 Build Level 3" and npm's
//! documentation of provenance (level 2).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::options::{UsageError, UsageErrorKind};
use super::pattern::Patterns;
use super::read::{claims, count, is_word, patterns, public_key, text, wrong};
use crate::check::certificate_path::VerifiedPath;
use crate::check::provenance_binding::ComparedProvenance;
use crate::check::signature::VerifiedSignature;
use crate::encoding::json::{self, Node};
use crate::format::fulcio::Claim;
use crate::format::provenance::FactName;
use crate::limits::MAX_LEVEL_ROWS;

/// The highest level of the build track.
pub const HIGHEST_BUILD_LEVEL: u8 = 3;

const BUILT_IN: &str = include_str!("levels.json");

/// One row of the table: what must fit, and the level then.
#[derive(Clone, Debug)]
pub struct LevelRow {
    name: String,
    level: u8,
    issuer: Option<Patterns>,
    identity: Option<Patterns>,
    claims: Vec<(Claim, Patterns)>,
    key_sha256: Option<[u8; 32]>,
    builder: Option<BuilderRule>,
    build_type: Option<Patterns>,
    reusable: Option<bool>,
    release: Option<bool>,
    higher: Option<String>,
}

/// Which builder a row is about.
#[derive(Clone, Debug)]
enum BuilderRule {
    /// The workflow that signed.
    Signer,
    /// One of these ids.
    AnyOf(Patterns),
}

/// A build level, and which row says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The level, 0 to 3.
    pub build: u8,
    /// The row's name.
    pub row: String,
    /// Why it is not higher, in words.
    pub why: String,
}

/// The built-in table.
///
/// # Errors
/// Never, as a test shows.
pub fn built_in() -> Result<Vec<LevelRow>, UsageError> {
    level_rows(&Node::root(&json::parse(BUILT_IN.as_bytes())?))
}

/// The table with a caller's rows before the built-in ones.
pub(super) fn table(node: &Node<'_, '_>) -> Result<Vec<LevelRow>, UsageError> {
    let mut rows = level_rows(node)?;
    rows.extend(built_in()?);
    Ok(rows)
}

/// The same for a policy, in which a list without rows is a mistake.
#[cfg(feature = "policy")]
pub(super) fn policy_table(node: &Node<'_, '_>) -> Result<Vec<LevelRow>, UsageError> {
    let mut rows = super::read::some(node, level_rows(node)?)?;
    rows.extend(built_in()?);
    Ok(rows)
}

/// Reads a list of rows.
///
/// # Errors
/// [`UsageError`], located: an unknown key, a row without issuer and key, a level that SLSA does not have.
fn level_rows(node: &Node<'_, '_>) -> Result<Vec<LevelRow>, UsageError> {
    node.strict().items("levels", MAX_LEVEL_ROWS)?.map(|item| LevelRow::read(&item)).collect()
}

/// The level of bound provenance by `rows`, the first of which that fits decides. Provenance of nobody that a row knows has level 1:
/// it exists, and somebody signed it.
#[must_use]
pub fn level<'r>(
    provenance: &ComparedProvenance,
    path: Option<&VerifiedPath>,
    signature: &VerifiedSignature,
    mut rows: impl Iterator<Item = &'r LevelRow>,
) -> Level {
    match rows.find(|row| row.fits(provenance, path, signature)) {
        Some(row) => row.level(),
        None => Level {
            build: 1,
            row: "unlisted".to_string(),
            why: "no row of the table knows this signer with this builder: add one of your own if you do".to_string(),
        },
    }
}

impl LevelRow {
    fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        let mut fields = node.fields()?;
        let level = fields.required("level")?;
        let row = Self {
            name: text(&fields.required("name")?)?,
            level: u8::try_from(
                count(&level, usize::from(HIGHEST_BUILD_LEVEL)).map_err(|_| wrong(&level, UsageErrorKind::Level))?,
            )
            .unwrap_or_default(),
            issuer: fields.optional("issuer")?.map(|node| patterns(&node)).transpose()?,
            identity: fields.optional("identity")?.map(|node| patterns(&node)).transpose()?,
            claims: fields.optional("claims")?.map(|node| claims(&node)).transpose()?.unwrap_or_default(),
            key_sha256: fields
                .optional("publicKey")?
                .map(|node| public_key(&node))
                .transpose()?
                .map(|key| key.spki_sha256()),
            builder: fields.optional("builder")?.map(|node| BuilderRule::read(&node)).transpose()?,
            build_type: fields.optional("buildType")?.map(|node| patterns(&node)).transpose()?,
            reusable: fields.optional("reusable")?.map(|node| node.boolean()).transpose()?,
            release: fields.optional("release")?.map(|node| node.boolean()).transpose()?,
            higher: fields.optional("higher")?.map(|node| node.string()).transpose()?.map(ToString::to_string),
        };
        fields.end()?;
        // Whoever signed is what a level rests on: a row without it would raise anybody.
        match (&row.issuer, &row.key_sha256) {
            (Some(_), None) => Ok(row),
            (None, Some(_))
                if row.identity.is_none()
                    && row.claims.is_empty()
                    && row.reusable.is_none()
                    && row.release.is_none() =>
            {
                Ok(row)
            }
            _ => Err(wrong(node, UsageErrorKind::Level)),
        }
    }

    fn fits(
        &self,
        provenance: &ComparedProvenance,
        path: Option<&VerifiedPath>,
        signature: &VerifiedSignature,
    ) -> bool {
        let is_signer = match (path, &self.issuer, &self.key_sha256) {
            (Some(path), Some(issuer), None) => {
                let claims = path.claims();
                let of = |claim: &Claim, expected: &Patterns| {
                    claims.get(*claim).is_some_and(|value| expected.matches(value))
                };
                claims.issuer().is_some_and(|value| issuer.matches(value))
                    && self.identity.as_ref().is_none_or(|identity| identity.matches(&path.identity().value))
                    && self.claims.iter().all(|(claim, expected)| of(claim, expected))
                    && self.reusable.is_none_or(|reusable| is_reusable(path) == Some(reusable))
                    && self.release.is_none_or(|release| is_release(&path.identity().value) == release)
            }
            (None, None, Some(key)) => key == signature.key_sha256(),
            _ => false,
        };
        let fact = |name| provenance.fact(name).map(|compared| compared.fact.value.as_str());
        let is_builder = match &self.builder {
            None => true,
            Some(BuilderRule::Signer) => path.is_some_and(|path| {
                let signer = path.claims().get(Claim::BuildSignerUri).unwrap_or(&path.identity().value);
                fact(FactName::Builder) == Some(signer)
            }),
            Some(BuilderRule::AnyOf(ids)) => fact(FactName::Builder).is_some_and(|id| ids.matches(id)),
        };
        let is_type = |types: &Patterns| fact(FactName::BuildType).is_some_and(|found| types.matches(found));
        is_signer && is_builder && self.build_type.as_ref().is_none_or(is_type)
    }

    fn level(&self) -> Level {
        let why = match (&self.higher, self.level) {
            (Some(higher), _) => higher.clone(),
            (None, HIGHEST_BUILD_LEVEL..) => "3 is the highest level of the build track".to_string(),
            (None, _) => "your row for this signer and builder says so".to_string(),
        };
        Level { build: self.level, row: self.name.clone(), why }
    }
}

/// Whether the workflow that signed is another than the one that was started; `None` where the CA certified only one of them.
fn is_reusable(path: &VerifiedPath) -> Option<bool> {
    let claims = path.claims();
    Some(claims.get(Claim::BuildSignerUri)? != claims.get(Claim::BuildConfigUri)?)
}

/// Whether an identity ends in a full release tag, `@refs/tags/vX.Y.Z`: what slsa-verifier demands of slsa-github-generator
/// (`verifiers/internal/gha/builder.go`), for a branch or a shortened tag may point elsewhere tomorrow.
fn is_release(identity: &str) -> bool {
    let tag = identity.rsplit_once("@refs/tags/v").map(|(_, version)| version);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    tag.is_some_and(|version| version.split('.').count() == 3 && version.split('.').all(is_number))
}

impl BuilderRule {
    fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        if is_word(node, "signer")? { Ok(Self::Signer) } else { Ok(Self::AnyOf(patterns(node)?)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_read() {
        let rows = built_in().expect("the table");
        assert!(rows.len() >= 9);
        assert!(rows.iter().all(|row| row.higher.is_some()), "every row says why it is not higher");
    }

    #[test]
    fn releases_are_full_tags() {
        let workflow = "https://github.com/a/b/.github/workflows/w.yml@";
        for (git_ref, expected) in [
            ("refs/tags/v1.2.3", true),
            ("refs/tags/v1.2", false),
            ("refs/tags/v1.2.3-rc.1", false),
            ("refs/tags/v1.2.", false),
            ("refs/tags/1.2.3", false),
            ("refs/heads/v1.2.3", false),
            ("refs/heads/main", false),
        ] {
            assert_eq!(is_release(&alloc::format!("{workflow}{git_ref}")), expected, "{git_ref}");
        }
    }
}
