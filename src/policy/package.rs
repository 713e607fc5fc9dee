//! What package ecosystems call their artifacts: a subject's name proves nothing by itself, but these name rules tie an attestation
//! to the package that it was published with.

use alloc::string::String;

use super::pattern::Pattern;
use crate::format::predicate::publish::Release;

/// The name that an artifact must have in its ecosystem.
#[derive(Clone, Debug)]
pub struct PackageRule {
    /// The ecosystem.
    pub ecosystem: Ecosystem,
    /// The package's name, as the ecosystem writes it.
    pub name: String,
    /// Its version.
    pub version: Option<Pattern>,
}

/// A package ecosystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ecosystem {
    /// npm: the subject is a package URL.
    Npm,
    /// JSR: the subject is a package URL.
    Jsr,
    /// PyPI: the subject is the file name of a wheel or source distribution.
    Pypi,
    /// Releases of a repository on GitHub: the subject is any of their files, and GitHub's attestation of the release says of which.
    GitHub,
}

impl Ecosystem {
    /// The name in policies.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Jsr => "jsr",
            Self::Pypi => "pypi",
            Self::GitHub => "github",
        }
    }
}

impl PackageRule {
    /// Whether a subject of this name is of the package.
    #[must_use]
    pub fn allows(&self, subject: &str) -> bool {
        let found = match self.ecosystem {
            Ecosystem::Npm => npm(subject).filter(|(name, _)| *name == self.name),
            Ecosystem::Jsr => jsr(subject).filter(|(name, _)| *name == self.name),
            Ecosystem::Pypi => pypi(subject).filter(|(name, _)| *name == normalized(&self.name)),
            Ecosystem::GitHub => None,
        };
        found.is_some_and(|(_, version)| self.is_version(&version))
    }

    /// Whether a release is of the repository, and its tag the version (in-toto `release/v0.2`). GitHub's names know no case.
    #[must_use]
    pub fn allows_release(&self, release: &Release) -> bool {
        let is_repository = release.repository.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(&self.name));
        let is_tag = release.tag.as_ref().is_some_and(|tag| self.is_version(tag));
        self.ecosystem == Ecosystem::GitHub && is_repository && is_tag
    }

    fn is_version(&self, version: &str) -> bool {
        self.version.as_ref().is_none_or(|wanted| wanted.matches(version))
    }
}

/// Name and version in `pkg:npm/name@version` or `pkg:npm/%40scope/name@version` (npm/cli `libnpmpublish/lib/provenance.js`; purl-spec
/// `types/npm`).
#[must_use]
pub fn npm(purl: &str) -> Option<(String, String)> {
    let (name, version) = purl.strip_prefix("pkg:npm/")?.split_once('@')?;
    let name = match name.strip_prefix("%40") {
        Some(scoped) => alloc::format!("@{scoped}"),
        None => name.into(),
    };
    whole(name, version)
}

/// Name and version in `pkg:jsr/@scope/name@version` (jsr-io/jsr `api/src/provenance.rs`): what is signed is the digest of that
/// version's manifest, `<version>_meta.json`.
#[must_use]
pub fn jsr(purl: &str) -> Option<(String, String)> {
    let (name, version) = purl.strip_prefix("pkg:jsr/")?.rsplit_once('@')?;
    whole(name.into(), version).filter(|(name, _)| name.starts_with('@'))
}

/// Whether a subject is called by the name of its ecosystem, and is another package or version than a package URL names.
#[must_use]
pub fn is_of_another_package(purl: &str, subject: &str) -> bool {
    let differ = |wanted: Option<(String, String)>, found: Option<(String, String)>| {
        wanted.zip(found).is_some_and(|(wanted, found)| wanted != found)
    };
    differ(npm(purl), npm(subject)) || differ(jsr(purl), jsr(subject)) || differ(pypi_purl(purl), pypi(subject))
}

/// Name, normalised, and version in `pkg:pypi/name@version`, or those of the file that it names by `file_name` (purl-spec `types/pypi`).
fn pypi_purl(purl: &str) -> Option<(String, String)> {
    let named = purl.strip_prefix("pkg:pypi/")?;
    let (package, qualifiers) = named.split_once('?').unwrap_or((named, ""));
    let file = qualifiers.split('&').find_map(|qualifier| qualifier.strip_prefix("file_name="));
    file.and_then(pypi).or_else(|| package.split_once('@').map(|(name, version)| (normalized(name), version.into())))
}

/// A package URL's name and version, where both are whole: no path, qualifier or escape in them.
fn whole(name: String, version: &str) -> Option<(String, String)> {
    let slashes = name.matches('/').count();
    let is_version = !version.is_empty() && !version.contains(['/', '?', '#', '@', '%']);
    let is_name = if name.starts_with('@') {
        slashes == 1 && !name.starts_with("@/") && !name.ends_with('/')
    } else {
        slashes == 0 && !name.is_empty()
    };
    (is_version && is_name && !name.contains(['%', '?', '#'])).then(|| (name, version.into()))
}

/// Name, normalised, and version in the file name of a wheel (`name-version(-build)-python-abi-platform.whl`) or source distribution
/// (`name-version.tar.gz`, `.zip`), as the binary and source distribution formats of packaging.python.org write them.
#[must_use]
pub fn pypi(file: &str) -> Option<(String, String)> {
    if file.contains(['/', '\\']) {
        return None;
    }
    let (name, version) = if let Some(stem) = file.strip_suffix(".whl") {
        let parts = stem.split('-').count();
        if parts != 5 && parts != 6 {
            return None;
        }
        let (name, rest) = stem.split_once('-')?;
        (name, rest.split_once('-')?.0)
    } else {
        let stem = file.strip_suffix(".tar.gz").or_else(|| file.strip_suffix(".zip"))?;
        stem.rsplit_once('-')?
    };
    // A version begins with a digit (PEP 440): so `acme-app-1.0-py3-none-any.whl`, whose name has a dash that no tool writes, is not
    // taken for a build of `acme`.
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    (!name.is_empty() && is_version).then(|| (normalized(name), version.into()))
}

/// A project's name as PyPI compares it (PEP 503): lower case, and one `-` for every run of `-`, `_` and `.`.
fn normalized(name: &str) -> String {
    let mut normal = String::new();
    for character in name.chars() {
        match character {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            other => normal.push(other.to_ascii_lowercase()),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_whole_or_not_at_all() {
        let pair = |name: &str, version: &str| Some((name.into(), version.into()));
        assert_eq!(npm("pkg:npm/sigstore@5.0.0"), pair("sigstore", "5.0.0"));
        assert_eq!(npm("pkg:npm/%40acme/app@1.0.0-rc.1+b"), pair("@acme/app", "1.0.0-rc.1+b"));
        for wrong in [
            "pkg:npm/sigstore",
            "pkg:npm/@acme/app@1",
            "pkg:npm/a/b@1",
            "pkg:npm/%40acme@1",
            "pkg:npm/%40/app@1",
            "pkg:npm/%40acme/app/x@1",
            "pkg:npm/a@1?x=y",
            "pkg:npm/a%2fb@1",
            "pkg:pypi/a@1",
            "npm/a@1",
            "pkg:npm/@1",
            "pkg:npm/a@",
        ] {
            assert_eq!(npm(wrong), None, "{wrong}");
        }
        assert_eq!(jsr("pkg:jsr/@acme/app@1.0.0-rc.1"), pair("@acme/app", "1.0.0-rc.1"));
        for wrong in [
            "pkg:jsr/@acme/app",
            "pkg:jsr/@acme/app@",
            "pkg:jsr/acme/app@1",
            "pkg:jsr/app@1",
            "pkg:jsr/%40acme/app@1",
            "pkg:jsr/@acme/app/x@1",
            "pkg:jsr/@acme/app@1?x=y",
            "pkg:npm/@acme/app@1",
        ] {
            assert_eq!(jsr(wrong), None, "{wrong}");
        }
        let rule = |ecosystem| PackageRule {
            ecosystem,
            name: "Acme/app".into(),
            version: Some(Pattern::exact("v1").unwrap()),
        };
        let release = |repository: Option<&str>, tag: Option<&str>| Release {
            purl: "pkg:github/acme/app@v1".into(),
            package_id: None,
            repository: repository.map(Into::into),
            repository_id: None,
            owner_id: None,
            tag: tag.map(Into::into),
            database_id: None,
        };
        assert!(rule(Ecosystem::GitHub).allows_release(&release(Some("acme/App"), Some("v1"))));
        assert!(!rule(Ecosystem::Npm).allows_release(&release(Some("acme/app"), Some("v1"))));
        assert!(!rule(Ecosystem::GitHub).allows("pkg:github/acme/app@v1"));
        for (repository, tag) in [
            (None, Some("v1")),
            (Some("acme/app"), None),
            (Some("acme/app/x"), Some("v1")),
            (Some("acme/app"), Some("v2")),
        ] {
            assert!(!rule(Ecosystem::GitHub).allows_release(&release(repository, tag)), "{repository:?} {tag:?}");
        }
        for (purl, subject, is_other) in [
            ("pkg:npm/acme@2.0.0", "pkg:npm/acme@1.0.0", true),
            ("pkg:npm/acme@2.0.0", "pkg:npm/acme@2.0.0", false),
            ("pkg:npm/%40acme/app@2.0.0", "pkg:npm/app@2.0.0", true),
            ("pkg:npm/%40acme/app@2.0.0", "pkg:npm/%40acme/app@2.0.0", false),
            ("pkg:npm/acme@2.0.0", "acme-1.0.0.tgz", false),
            ("pkg:jsr/@acme/app@2.0.0", "pkg:jsr/@acme/app@1.0.0", true),
            ("pkg:pypi/acme-app@2.0?file_name=Acme_App-2.0.tar.gz", "acme_app-1.0.tar.gz", true),
            ("pkg:pypi/acme-app@2.0?file_name=Acme_App-2.0.tar.gz", "acme_app-2.0-py3-none-any.whl", false),
            ("pkg:pypi/acme-app@2.0", "acme_app-1.0.tar.gz", true),
            ("pkg:pypi/acme-app@2.0", "acme_app-2.0.tar.gz", false),
            ("ghcr.io/acme/app:2.0", "pkg:npm/acme@1.0.0", false),
        ] {
            assert_eq!(is_of_another_package(purl, subject), is_other, "{purl} {subject}");
        }
        assert_eq!(pypi("pypi_attestations-0.0.19.tar.gz"), pair("pypi-attestations", "0.0.19"));
        assert_eq!(pypi("Acme.App-1.0-1-py3-none-any.whl"), pair("acme-app", "1.0"));
        assert_eq!(pypi("acme_app-1.0-py3-none-any.whl"), pair("acme-app", "1.0"));
        for wrong in [
            "acme-1.0.exe",
            "acme.whl",
            "a-1-x.whl",
            "-1.tar.gz",
            "x/acme-1.0.tar.gz",
            "acme-.zip",
            "acme-app-1.0-py3-none-any.whl",
            "acme-app.tar.gz",
            "acme-1.0.tar.gz.asc",
        ] {
            assert_eq!(pypi(wrong), None, "{wrong}");
        }
    }
}
