//! How the artifact must be named and bound.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::error::PolicyErrorKind;
use super::evidence::Evidence;
use super::options::{UsageError, UsageErrorKind};
use super::package::is_of_another_package;
use super::read::{must_be_true, some, wrong};
use super::requirement::RequirementError;
use crate::check::artifact::{Artifact, MatchedArtifact};
use crate::crypto::{Digest, HashAlgorithm};
use crate::encoding::json::Node;

const ALGORITHMS: [HashAlgorithm; 3] = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

/// How the artifact must be named and bound.
#[derive(Clone, Debug)]
pub struct SubjectRule {
    algorithms: Vec<HashAlgorithm>,
    pinned: Pinned,
    /// Whether evidence about no artifact in particular will do.
    pub dangerously_unbound: bool,
}

/// What to do about a reference that is a tag without digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pinned {
    Ignore,
    Warn,
    Require,
}

/// What is known of the reference that the caller asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinning {
    /// It names no image, or has the artifact's digest.
    Fine,
    /// A tag, which may point elsewhere tomorrow; and what to refer to instead, where the digest is known.
    Tag {
        /// `name@sha256:…`
        pinned: Option<String>,
    },
    /// It has another digest.
    Differs,
}

impl Default for SubjectRule {
    fn default() -> Self {
        Self { algorithms: ALGORITHMS.to_vec(), pinned: Pinned::Warn, dangerously_unbound: false }
    }
}

impl SubjectRule {
    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, UsageError> {
        let mut rule = Self::default();
        let mut fields = node.fields()?;
        let word =
            |node: &Node<'_, '_>, expected| wrong(node, UsageErrorKind::Policy(PolicyErrorKind::Word { expected }));
        if let Some(node) = fields.optional("algorithms")? {
            let read = |item: Node<'_, '_>| {
                HashAlgorithm::from_name(item.string()?).ok_or_else(|| word(&item, "sha256, sha384 or sha512"))
            };
            let items = node.items("algorithms", ALGORITHMS.len())?;
            rule.algorithms = some(&node, items.map(read).collect::<Result<_, _>>()?)?;
            let times = |wanted: &HashAlgorithm| rule.algorithms.iter().filter(|found| *found == wanted).count();
            if rule.algorithms.iter().any(|algorithm| times(algorithm) > 1) {
                return Err(wrong(&node, UsageErrorKind::Policy(PolicyErrorKind::Twice)));
            }
        }
        if let Some(node) = fields.optional("pinned")? {
            rule.pinned = match node.string()? {
                "warn" => Pinned::Warn,
                "require" => Pinned::Require,
                "ignore" => Pinned::Ignore,
                _ => return Err(word(&node, "\"warn\", \"require\" or \"ignore\"")),
            };
        }
        if let Some(node) = fields.optional("dangerouslyUnbound")? {
            must_be_true(&node)?;
            rule.dangerously_unbound = true;
        }
        fields.end()?;
        Ok(rule)
    }

    /// Whether evidence binds the artifact by an allowed digest: any of the subject's, where it has several.
    #[must_use]
    pub fn allows(&self, evidence: &Evidence<'_>, artifact: &Artifact<'_>) -> bool {
        match evidence.artifact() {
            MatchedArtifact::Subject { index, .. } => {
                let subject = evidence.statement().and_then(|statement| statement.statement().subjects.get(*index));
                self.algorithms.iter().any(|algorithm| {
                    let stated = subject.and_then(|subject| subject.digest(*algorithm));
                    stated.is_some_and(|stated| artifact.is_named_by(stated))
                })
            }
            MatchedArtifact::Signed { digest: Some(digest), .. } | MatchedArtifact::Image { digest, .. } => {
                self.algorithms.contains(&digest.algorithm())
            }
            // Plain Ed25519 signs the bytes themselves: there is no digest that could be weak.
            MatchedArtifact::Signed { digest: None, .. } => true,
            MatchedArtifact::DangerouslyUnbound => self.dangerously_unbound,
        }
    }

    /// Why the artifact or its reference is not as it must be. `any_allowed`: whether some evidence binds it by an allowed digest, or
    /// there is none that could. `other`: what the artifact is called, where all evidence is about another package.
    #[must_use]
    pub fn unmet(
        &self,
        artifact: &Artifact<'_>,
        reference: Option<&str>,
        any_allowed: bool,
        other: Option<&str>,
    ) -> Vec<RequirementError> {
        let mut errors = Vec::new();
        if !any_allowed {
            let names: Vec<_> = self.algorithms.iter().map(|algorithm| algorithm.name()).collect();
            errors.push(RequirementError::Algorithm { allowed: names.join(" or ") });
        }
        let Some(reference) = reference else { return errors };
        let differs = |found| RequirementError::ReferenceDiffers { reference: reference.to_string(), found };
        errors.extend(other.map(|other| differs(Some(other.to_string()))));
        match pinning(reference, artifact) {
            Pinning::Differs => errors.push(differs(None)),
            Pinning::Tag { .. } if self.pinned == Pinned::Require => {
                errors.push(RequirementError::NotPinned { reference: reference.to_string() });
            }
            _ => {}
        }
        errors
    }

    /// What to refer to instead of a tag, where the policy wants that to be told.
    #[must_use]
    pub fn unpinned(&self, artifact: &Artifact<'_>, reference: Option<&str>) -> Option<Option<String>> {
        match pinning(reference?, artifact) {
            Pinning::Tag { pinned } if self.pinned == Pinned::Warn => Some(pinned),
            _ => None,
        }
    }
}

/// What evidence calls the artifact, where that is another package, or another version, than a package URL as reference names: a registry or mirror that
/// serves another version under the name that was asked for serves that one's genuine evidence with it.
#[must_use]
pub fn other_package<'r>(evidence: &Evidence<'r>, reference: Option<&str>) -> Option<&'r str> {
    let MatchedArtifact::Subject { name: Some(name), .. } = evidence.artifact() else { return None };
    is_of_another_package(reference?, name).then_some(name)
}

/// How firmly a reference names the artifact (OCI distribution-spec, "pulling manifests"): `name@algorithm:digest` pins it, a tag or
/// nothing at all does not. Tools put `docker://` or `oci://` before it; package URLs and other locations are no image references.
#[must_use]
pub fn pinning(reference: &str, artifact: &Artifact<'_>) -> Pinning {
    let image = reference.strip_prefix("docker://").or_else(|| reference.strip_prefix("oci://"));
    let reference = image.unwrap_or(reference);
    if image.is_none() && (reference.starts_with("pkg:") || reference.contains("://")) {
        return Pinning::Fine;
    }
    if let Some((_, digest)) = reference.split_once('@') {
        let named = digest.split_once(':').and_then(|(name, hex)| {
            let algorithm = HashAlgorithm::from_name(name)?;
            Digest::from_hex(algorithm, hex).ok()
        });
        return match named {
            Some(named) if artifact.is_named_by(&named) => Pinning::Fine,
            _ => Pinning::Differs,
        };
    }
    // The tag is what follows the last colon behind the last slash; a colon before it is a port.
    let at = reference.rfind('/').unwrap_or_default();
    let name = match reference.rfind(':') {
        Some(colon) if colon >= at => reference.get(..colon),
        _ => Some(reference),
    };
    let index = artifact.membership().map(|membership| *membership.index());
    let digest = index.or_else(|| artifact.digest(HashAlgorithm::Sha256));
    let pinned = digest.zip(name).map(|(digest, name)| alloc::format!("{name}@{digest}"));
    Pinning::Tag { pinned }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_digest_pins() {
        let artifact = Artifact::from_bytes(b"image");
        let digest = artifact.digest(HashAlgorithm::Sha256).unwrap();
        let pinned = |name: &str| Pinning::Tag { pinned: Some(alloc::format!("{name}@{digest}")) };
        assert_eq!(pinning("alpine", &artifact), pinned("alpine"));
        assert_eq!(pinning("localhost:5000/a/b:1.0", &artifact), pinned("localhost:5000/a/b"));
        assert_eq!(pinning("localhost:5000/a/b", &artifact), pinned("localhost:5000/a/b"));
        assert_eq!(pinning(&alloc::format!("ghcr.io/a/b:1.0@{digest}"), &artifact), Pinning::Fine);
        assert_eq!(pinning("ghcr.io/a/b@sha256:00", &artifact), Pinning::Differs);
        assert_eq!(pinning("ghcr.io/a/b@md5:00", &artifact), Pinning::Differs);
        for location in ["pkg:npm/a@1", "https://example.com/a:1.0"] {
            assert_eq!(pinning(location, &artifact), Pinning::Fine);
        }
        for scheme in ["docker://", "oci://"] {
            assert_eq!(pinning(&alloc::format!("{scheme}ghcr.io/a/b:1.0"), &artifact), pinned("ghcr.io/a/b"));
            assert_eq!(pinning(&alloc::format!("{scheme}ghcr.io/a/b@{digest}"), &artifact), Pinning::Fine);
            assert_eq!(pinning(&alloc::format!("{scheme}ghcr.io/a/b@sha256:00"), &artifact), Pinning::Differs);
        }
    }
}
