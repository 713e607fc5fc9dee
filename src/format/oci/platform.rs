//! Platforms, and which image of an index is for one (image-spec `image-index.md`, `platform`).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::OciError;
use super::read::{optional, optional_text, refuse_look_alikes, required_text};
use crate::encoding::json::Node;
use crate::encoding::quoted::Quoted;
use crate::limits::MAX_OS_FEATURES;

/// What an image runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The operating system, as Go names it: `linux`.
    pub os: String,
    /// The processor, as Go names it: `amd64`.
    pub architecture: String,
    /// Its variant: `v7`.
    pub variant: Option<String>,
    /// The version of the operating system, for Windows.
    pub os_version: Option<String>,
    /// Features that the operating system must have.
    pub os_features: Vec<String>,
}

/// What BuildKit writes where there is no platform, as for attestations.
const UNKNOWN: &str = "unknown";

const FIELDS: [&str; 5] = ["os", "architecture", "variant", "os.version", "os.features"];

impl Platform {
    pub(super) fn read(node: &Node<'_, '_>) -> Result<Self, OciError> {
        refuse_look_alikes(node, &FIELDS)?;
        let os_features = match optional(node, "os.features") {
            None => Vec::new(),
            Some(list) => list
                .items("features", MAX_OS_FEATURES)?
                .map(|feature| feature.string().map(ToString::to_string))
                .collect::<Result<_, _>>()?,
        };
        Ok(Self {
            os: required_text(node, "os")?,
            architecture: required_text(node, "architecture")?,
            variant: optional_text(node, "variant")?,
            os_version: optional_text(node, "os.version")?,
            os_features,
        })
    }

    /// The platform that `os/architecture` or `os/architecture/variant` names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut parts = name.split('/').map(ToString::to_string);
        let (os, architecture, variant) = (parts.next()?, parts.next()?, parts.next());
        let is_whole = parts.next().is_none();
        let is_named = [Some(&os), Some(&architecture), variant.as_ref()].into_iter().flatten().all(|p| !p.is_empty());
        (is_whole && is_named).then_some(Self { os, architecture, variant, os_version: None, os_features: Vec::new() })
    }

    /// Whether an image for `self` is what somebody wants who asks for `wanted`: system, processor and variant are the same, in
    /// whichever spelling. A version of the system counts where it is asked for. Older variants that the machine could run as well
    /// are another question, which the caller may ask next.
    #[must_use]
    pub fn is_for(&self, wanted: &Self) -> bool {
        self.normal() == wanted.normal() && (wanted.os_version.is_none() || self.os_version == wanted.os_version)
    }

    /// System, processor and variant in one spelling: that of containerd, which runs most images (containerd/platforms
    /// `database.go`, `normalizeOS` and `normalizeArch`), but with the usual variant spelled out.
    fn normal(&self) -> [String; 3] {
        let os = match self.os.to_ascii_lowercase().as_str() {
            "macos" => "darwin".to_string(),
            other => other.to_string(),
        };
        let architecture = self.architecture.to_ascii_lowercase();
        let variant = self.variant.as_deref().unwrap_or_default().to_ascii_lowercase();
        let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
            ("i386", _) => ("386", ""),
            ("amd64" | "x86_64" | "x86-64", "") => ("amd64", "v1"),
            ("amd64" | "x86_64" | "x86-64", variant) => ("amd64", variant),
            ("arm64" | "aarch64", "" | "8") => ("arm64", "v8"),
            ("arm64" | "aarch64", variant) => ("arm64", variant),
            ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
            ("armel", _) | ("arm", "6") => ("arm", "v6"),
            ("arm", "5") => ("arm", "v5"),
            ("arm", "8") => ("arm", "v8"),
            other => other,
        };
        [os, architecture.to_string(), variant.to_string()]
    }

    /// `os/architecture`, and the variant and the version of the system where there are some. Untrusted text, as it came.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = alloc::format!("{}/{}", self.os, self.architecture);
        for part in [&self.variant, &self.os_version].into_iter().flatten() {
            name.push('/');
            name.push_str(part);
        }
        name
    }

    /// Whether this is `unknown/unknown`: no platform.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.os == UNKNOWN && self.architecture == UNKNOWN
    }
}

/// In quotes: it is untrusted text.
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quoted(&self.name()).fmt(f)
    }
}
