//! Locations of source code: SPDX download locations and the forms that producers write in their place.

use alloc::borrow::ToOwned;
use alloc::string::String;

/// Where source code lies, split into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitSource {
    /// The repository: `https://github.com/acme/app`, host in lower case, no `.git`; the whole text where it is no https location.
    pub repository: String,
    /// The ref or commit behind the last `@`, or in a link to a commit.
    pub revision: Option<String>,
}

impl GitSource {
    /// Reads `git+https://host/owner/repository@revision#path`, with or without its parts, or `https://…/commit/<commit>`
    /// (Google Cloud Build 0.1). A ref may itself contain `@`, so the first `@refs/` counts before the last `@`
    /// (github-actions-buildtypes `workflow/v1`). A user name in the host part makes it no location that we split.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let whole = || Self { repository: text.to_owned(), revision: None };
        let location = text.strip_prefix("git+").unwrap_or(text);
        let location = location.split_once('#').map_or(location, |(before, _)| before);
        let Some(rest) = location.strip_prefix("https://") else { return whole() };
        let Some((host, path)) = rest.split_once('/') else { return whole() };
        if host.is_empty() || host.contains('@') {
            return whole();
        }
        let (path, revision) = match (path.split_once("@refs/"), path.rsplit_once('@'), path.rsplit_once("/commit/")) {
            (Some((path, name)), ..) => (path, Some(alloc::format!("refs/{name}"))),
            (None, Some((path, revision)), _) => (path, Some(revision.to_owned())),
            (None, None, Some((path, commit))) if is_commit(commit) => (path, Some(commit.to_owned())),
            _ => (path, None),
        };
        let path = path.trim_end_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        Self { repository: alloc::format!("https://{}/{path}", host.to_ascii_lowercase()), revision }
    }
}

/// Whether a text is meant as the location of source code, in any form: whoever writes one that [`GitSource::parse`] does not
/// split must not pass for someone who writes none.
#[must_use]
pub fn is_location(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    scheme.starts_with("git+")
        || scheme.starts_with("git@")
        || matches!(scheme.as_str(), "https" | "http" | "git" | "ssh" | "file")
}

/// Whether a revision is a commit rather than a ref: 40 or 64 hexadecimal digits.
#[must_use]
pub fn is_commit(revision: &str) -> bool {
    matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_split() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (text, repository, revision) in [
            ("git+https://github.com/acme/app@refs/tags/v1", "https://github.com/acme/app", Some("refs/tags/v1")),
            ("git+https://GitHub.com/Acme/App.git", "https://github.com/Acme/App", None),
            ("git+https://github.com/a/b@refs/heads/x@y#dir", "https://github.com/a/b", Some("refs/heads/x@y")),
            ("https://github.com/a/b@master", "https://github.com/a/b", Some("master")),
            ("https://github.com/a/b/", "https://github.com/a/b", None),
            ("git+https://user@github.com/a/b", "git+https://user@github.com/a/b", None),
            ("gs://bucket/object", "gs://bucket/object", None),
            ("git+http://github.com/a/b", "git+http://github.com/a/b", None),
        ] {
            let source = GitSource::parse(text);
            assert_eq!((source.repository.as_str(), source.revision.as_deref()), (repository, revision), "{text}");
        }
        let link = GitSource::parse(&alloc::format!("https://github.com/a/b/commit/{commit}"));
        assert_eq!((link.repository.as_str(), link.revision.as_deref()), ("https://github.com/a/b", Some(commit)));
        for text in [
            "git+ssh://h/a",
            "GIT+https://h/a",
            "http://h/a",
            "HTTPS://h/a",
            "ssh://git@h/a",
            "git@github.com:a/b",
            "git://h/a",
        ] {
            assert!(is_location(text), "{text}");
        }
        for text in ["pkg:docker/a", "oci://a", "gs://a/b", "bash@sha256:00", "ghcr.io/a/b", "x:y", ""] {
            assert!(!is_location(text), "{text}");
        }
        assert!(is_commit(commit) && !is_commit("master") && !is_commit(&alloc::format!("{commit}0")));
    }
}
