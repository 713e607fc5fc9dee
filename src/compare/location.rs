//! Where things lie, in the spellings that differ without meaning another place: workflows at their refs, git sources, packages.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::encoding::order::sorted;
use crate::format::provenance::GitSource;

/// Hosts on which `https://host/owner/name` is a repository.
const GIT_HOSTS: [&str; 4] = ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org"];

/// A workflow's URI without its ref, and the ref: `https://host/owner/repository/path@refs/…`, or `@` a commit. Other texts are whole.
pub(super) fn split_ref(uri: &str) -> (&str, Option<&str>) {
    if !uri.starts_with("https://") {
        return (uri, None);
    }
    if let Some(at) = uri.find("@refs/") {
        return (uri.get(..at).unwrap_or(uri), uri.get(at.saturating_add(1)..));
    }
    match uri.rsplit_once('@') {
        Some((path, revision)) if is_commit(revision) => (path, Some(revision)),
        _ => (uri, None),
    }
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a ref points at, in a word.
pub(super) fn ref_kind(revision: Option<&str>) -> &'static str {
    match revision {
        None => "no ref",
        Some(name) if name.starts_with("refs/tags/") => "a tag",
        Some(name) if name.starts_with("refs/heads/") => "a branch",
        Some(name) if name.starts_with("refs/pull/") || name.starts_with("refs/merge-requests/") => "a proposed change",
        Some(name) if is_commit(name) => "a commit",
        Some(_) => "another ref",
    }
}

/// A builder's id without what is new in every run: a workflow's ref, the number of a run, job or runner.
pub(super) fn builder(id: &str) -> &str {
    let (id, _) = split_ref(id);
    ["/actions/runs/", "/-/jobs/", "/-/runners/"]
        .iter()
        .find_map(|part| id.find(part))
        .and_then(|at| id.get(..at))
        .unwrap_or(id)
}

/// The host and, where the path goes on, its first part: who runs a builder. `None` where the id is no https location.
pub(super) fn organisation(uri: &str) -> Option<(String, Option<&str>)> {
    let rest = uri.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    Some((host.to_ascii_lowercase(), path.split_once('/').map(|(first, _)| first)))
}

/// The path of a build configuration in its repository, of the URI that a CA certifies.
pub(super) fn path_in<'u>(config: &'u str, repository: &str) -> Option<&'u str> {
    let (config, _) = split_ref(config);
    let path = config.strip_prefix(repository)?.strip_prefix('/')?;
    // GitLab writes `//` between project and path.
    Some(path.strip_prefix('/').unwrap_or(path))
}

/// A resource's location, split into what it must share with another spelling of it and what counts only where both tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// The repository, the package without version, or the whole URI.
    pub(super) key: String,
    /// Of a package.
    version: Option<String>,
    /// Of a package, in order.
    qualifiers: Vec<String>,
    is_git: bool,
}

impl Location {
    /// Reads a URI: a purl ([purl-spec](https://github.com/package-url/purl-spec)), a git source, or anything.
    pub(super) fn parse(uri: &str) -> Self {
        if let Some(package) = uri.strip_prefix("pkg:") {
            return Self::package(package);
        }
        let is_git = is_git(uri);
        let key = if is_git { GitSource::parse(uri).repository } else { uri.to_owned() };
        Self { key, version: None, qualifiers: Vec::new(), is_git }
    }

    fn package(package: &str) -> Self {
        let package = package.split_once('#').map_or(package, |(before, _)| before);
        let (package, qualifiers) = package.split_once('?').unwrap_or((package, ""));
        let package = package.trim_start_matches('/').trim_end_matches('/');
        // A scope may be written `@scope/`, so an `@` that begins a part is none of a version.
        let (name, version) = match package.rsplit_once('@') {
            Some((name, version)) if !version.contains('/') && !name.ends_with('/') => (name, Some(unescaped(version))),
            _ => (package, None),
        };
        let (kind, name) = name.split_once('/').unwrap_or(("", name));
        let qualifiers: Vec<String> = qualifiers.split('&').filter(|q| !q.is_empty()).map(unescaped).collect();
        let qualifiers = sorted(qualifiers.iter().map(String::as_str)).iter().map(|(q, _)| q.to_string()).collect();
        let key = alloc::format!("pkg:{}/{}", kind.to_ascii_lowercase(), unescaped(name));
        Self { key, version, qualifiers, is_git: false }
    }

    /// Whether both are one place: version and qualifiers of a package count where both tell them. The revision of a git source is
    /// left to its digest.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let version = match (&self.version, &other.version) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        let qualifiers =
            self.qualifiers.is_empty() || other.qualifiers.is_empty() || self.qualifiers == other.qualifiers;
        self.key == other.key && version && qualifiers
    }

    /// Whether it is a git source.
    pub(super) fn is_git(&self) -> bool {
        self.is_git
    }

    /// Whether it is a package.
    pub(super) fn is_package(&self) -> bool {
        self.key.starts_with("pkg:")
    }
}

/// Whether a URI is written as git sources are.
fn is_git(uri: &str) -> bool {
    let location = uri.split_once('#').map_or(uri, |(before, _)| before);
    let Some(rest) = location.strip_prefix("https://") else { return uri.starts_with("git+") };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (path, _) = path.split_once('@').unwrap_or((path, ""));
    let path = path.trim_end_matches('/');
    path.ends_with(".git")
        || GIT_HOSTS.contains(&host.to_ascii_lowercase().as_str())
            && (path.split('/').count() == 2 || path.contains("/commit/"))
}

/// Percent-decoded, where that gives text.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.first_chunk::<2>().filter(|_| *first == b'%');
        let byte = escape.and_then(|digits| u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_are_cut_off_workflows_only() {
        let workflow = "https://github.com/a/b/.github/workflows/w.yml";
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (uri, path, revision) in [
            (alloc::format!("{workflow}@refs/tags/v1"), workflow, Some("refs/tags/v1")),
            (alloc::format!("{workflow}@refs/heads/x@refs/tags/y"), workflow, Some("refs/heads/x@refs/tags/y")),
            (alloc::format!("{workflow}@{commit}"), workflow, Some(commit)),
            (workflow.to_string(), workflow, None),
            ("someone@example.org".to_string(), "someone@example.org", None),
            ("spiffe://x/y@refs/tags/v1".to_string(), "spiffe://x/y@refs/tags/v1", None),
        ] {
            assert_eq!(split_ref(&uri), (path, revision));
        }
        assert_eq!(builder("https://gitlab.com/a/b/-/runners/12"), "https://gitlab.com/a/b");
        assert_eq!(builder("https://cloudbuild.googleapis.com/W@v1"), "https://cloudbuild.googleapis.com/W@v1");
        assert_eq!(organisation("https://H.com/a/b"), Some(("h.com".to_string(), Some("a"))));
        assert_eq!(organisation("https://h.com/a"), Some(("h.com".to_string(), None)));
        assert_eq!(organisation("builder"), None);
        assert_eq!(
            path_in("https://gitlab.com/a/b//x/.gitlab-ci.yml@refs/heads/m", "https://gitlab.com/a/b"),
            Some("x/.gitlab-ci.yml")
        );
        assert_eq!(path_in("https://github.com/a/bc/x.yml@refs/heads/m", "https://github.com/a/b"), None);
    }

    #[test]
    fn spellings_of_one_place_are_the_same_and_no_others() {
        for (one, other, expected) in [
            ("pkg:docker/alpine@3.17?platform=linux%2Famd64", "pkg:docker/alpine", true),
            ("pkg:docker/alpine@3.17?platform=linux%2Famd64", "pkg:docker/alpine@3.17?platform=linux/amd64", true),
            ("pkg:docker/alpine@3.17?platform=linux%2Famd64", "pkg:docker/alpine@3.17?platform=linux/arm64", false),
            ("pkg:docker/alpine@3.17", "pkg:docker/alpine@3.18", false),
            ("pkg:docker/alpine", "pkg:docker/debian", false),
            ("pkg:npm/%40a/b@1.0.0", "pkg:npm/@a/b", true),
            ("pkg:npm/@a/b", "pkg:npm/@a/c", false),
            ("git+https://github.com/a/b@refs/tags/v1", "https://GitHub.com/a/b.git", true),
            ("git+https://github.com/a/b@refs/tags/v1", "https://github.com/a/b", true),
            ("https://github.com/a/b.git#main", "git+https://github.com/a/b@v2", true),
            ("git+https://github.com/a/b", "git+https://github.com/a/c", false),
            ("https://example.com/@a/x.tgz", "https://example.com/@b/x.tgz", false),
            ("https://example.com/a.tgz", "https://example.com/a.tgz", true),
            ("x", "y", false),
        ] {
            let (first, second) = (Location::parse(one), Location::parse(other));
            assert_eq!(first.is_same(&second), expected, "{one} {other}");
            assert_eq!(second.is_same(&first), expected, "{other} {one}");
        }
        assert_eq!(unescaped("%zz%2"), "%zz%2");
        assert_eq!(unescaped("%ff"), "%ff");
    }
}
