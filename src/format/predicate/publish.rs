//! What package registries and their publishers state about a release: npm's publish attestation (npm/attestation
//! `specs/publish/v0.1`), PyPI's (docs.pypi.org `attestations/publish/v1`, which says nothing besides its type), conda's (CEP 27)
//! and in-toto's release, as GitHub writes it (in-toto/attestation `spec/predicates/release.md`).

use alloc::string::String;

use super::field::{optional_id, optional_text, text};
use crate::encoding::json::{Node, ShapeError};

/// What the npm registry says that it published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpmPublish {
    /// `name`: the package's name.
    pub name: String,
    /// `version`: the package's version.
    pub version: String,
    /// `registry`: the registry's URL.
    pub registry: String,
}

impl NpmPublish {
    pub(super) fn read(predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        Ok(Self {
            name: text(predicate, "name")?,
            version: text(predicate, "version")?,
            registry: text(predicate, "registry")?,
        })
    }
}

/// What a conda publisher says about a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CondaPublish {
    /// `targetChannel`: the URL of the channel that the package is meant for.
    pub target_channel: Option<String>,
}

impl CondaPublish {
    pub(super) fn read(predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        Ok(Self { target_channel: optional_text(predicate, "targetChannel")? })
    }
}

/// A release: the statement's subjects are its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `purl`: which release of which package.
    pub purl: String,
    /// `packageId`, in version 0.1 `releaseId`: what stays the same when the package is renamed.
    pub package_id: Option<String>,
    /// `repository`: GitHub's repository, as `owner/name`.
    pub repository: Option<String>,
    /// `repositoryId`: GitHub's number of the repository.
    pub repository_id: Option<String>,
    /// `ownerId`: GitHub's number of the repository's owner.
    pub owner_id: Option<String>,
    /// `tag`: the release's tag.
    pub tag: Option<String>,
    /// `databaseId`: GitHub's number of the release.
    pub database_id: Option<String>,
}

impl Release {
    /// Reads a predicate; `is_first` for version 0.1.
    pub(super) fn read(predicate: &Node<'_, '_>, is_first: bool) -> Result<Self, ShapeError> {
        let first_name = if is_first { optional_id(predicate, "releaseId")? } else { None };
        Ok(Self {
            purl: text(predicate, "purl")?,
            package_id: optional_id(predicate, "packageId")?.or(first_name),
            repository: optional_text(predicate, "repository")?,
            repository_id: optional_id(predicate, "repositoryId")?,
            owner_id: optional_id(predicate, "ownerId")?,
            tag: optional_text(predicate, "tag")?,
            database_id: optional_id(predicate, "databaseId")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Predicate;
    use super::super::tests::{each_malformed, read, read_without};
    use super::*;

    const NPM: &str = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
    const PYPI: &str = "https://docs.pypi.org/attestations/publish/v1";
    const CONDA: &str = "https://schemas.conda.org/attestations-publish-1.schema.json";
    const RELEASE: &str = "https://in-toto.io/attestation/release/v0.2";

    #[test]
    fn npm_names_package_and_registry() {
        let example = r#"{"name":"semver","version":"7.5.4","registry":"https://registry.npmjs.org"}"#;
        let Predicate::NpmPublish(found) = read(NPM, example) else { panic!() };
        assert_eq!((found.name.as_str(), found.version.as_str()), ("semver", "7.5.4"));
        assert_eq!(found.registry, "https://registry.npmjs.org");
        each_malformed(
            NPM,
            example,
            &[
                (r#""version":"7.5.4","#, "", "/predicate"),
                (r#""7.5.4""#, "7", "/predicate/version"),
                (r#""semver""#, r#"["semver"]"#, "/predicate/name"),
                (r#""https://registry.npmjs.org""#, "null", "/predicate"),
            ],
        );
        assert!(matches!(read_without(NPM), Predicate::Malformed(error) if error.at.is_empty()));
    }

    #[test]
    fn pypi_says_nothing() {
        for predicate in ["{}", "null", r#"{"later":1}"#] {
            assert_eq!(read(PYPI, predicate), Predicate::PypiPublish);
        }
        assert_eq!(read_without(PYPI), Predicate::PypiPublish);
    }

    #[test]
    fn conda_may_name_a_channel() {
        let example = r#"{"targetChannel":"https://prefix.dev/channel"}"#;
        let channel = Some("https://prefix.dev/channel".into());
        assert_eq!(read(CONDA, example), Predicate::CondaPublish(CondaPublish { target_channel: channel }));
        assert_eq!(read(CONDA, "{}"), Predicate::CondaPublish(CondaPublish::default()));
        assert_eq!(read_without(CONDA), Predicate::CondaPublish(CondaPublish::default()));
        each_malformed(CONDA, example, &[(r#""https://prefix.dev/channel""#, "[]", "/predicate/targetChannel")]);
    }

    #[test]
    fn releases_name_repository_and_tag() {
        let example = r#"{"databaseId":"291980663","ownerId":216188,"packageId":"1155542902","purl":"pkg:github/o/r@v1","repository":"o/r","repositoryId":"7","tag":"v1"}"#;
        let Predicate::Release(found) = read(RELEASE, example) else { panic!() };
        assert_eq!((found.purl.as_str(), found.tag.as_deref()), ("pkg:github/o/r@v1", Some("v1")));
        assert_eq!((found.owner_id.as_deref(), found.database_id.as_deref()), (Some("216188"), Some("291980663")));
        each_malformed(
            RELEASE,
            example,
            &[
                (r#""purl":"pkg:github/o/r@v1","#, "", "/predicate"),
                (r#""v1""#, "1", "/predicate/tag"),
                ("216188", "-1", "/predicate/ownerId"),
                (r#""o/r""#, "{}", "/predicate/repository"),
            ],
        );
        let first = r#"{"purl":"pkg:npm/semver@7.5.4","releaseId":"1"}"#;
        let Predicate::Release(found) = read("https://in-toto.io/attestation/release/v0.1", first) else { panic!() };
        assert_eq!(found.package_id.as_deref(), Some("1"));
        let Predicate::Release(found) = read(RELEASE, first) else { panic!() };
        assert_eq!(found.package_id, None);
    }
}
