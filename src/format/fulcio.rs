//! What Fulcio writes into a leaf certificate: who signed (the subject alternative name) and what the identity provider
//! certified about the build (fulcio `docs/oid-info.md`, arc 1.3.6.1.4.1.57264.1).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use der::Tag;
use der::oid::ObjectIdentifier;

use super::certificate::{Certificate, GeneralName, oid};
use crate::encoding::der::Element;
use crate::encoding::quoted::Quoted;

/// Who signed: the one subject alternative name of the leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The form of the name.
    pub kind: IdentityKind,
    /// The name, byte for byte as certified. Untrusted text until the certificate path is verified.
    pub value: String,
}

/// The forms of identity that Fulcio issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    /// A URI: a workflow, a SPIFFE id, a service account.
    Uri,
    /// An email address.
    Email,
    /// A user name of the form `user!domain` in an otherName of type 1.3.6.1.4.1.57264.1.7.
    OtherName,
}

impl IdentityKind {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uri => "uri",
            Self::Email => "email",
            Self::OtherName => "other-name",
        }
    }
}

/// How an extension's value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// The bytes of the string, bare (.1 to .6).
    Raw,
    /// A DER UTF8String (.8 and above).
    Utf8String,
}

macro_rules! claims {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $label:literal, $encoding:ident;)*) => {
        /// One thing that Fulcio certifies besides the identity: an extension 1.3.6.1.4.1.57264.1.N.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Claim {
            $($(#[$doc])* $variant,)*
        }

        impl Claim {
            /// Every claim, by number.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// N in 1.3.6.1.4.1.57264.1.N.
            #[must_use]
            pub const fn number(self) -> u32 {
                match self { $(Self::$variant => $number,)* }
            }

            /// The name in policies and reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name for people, as Fulcio's documentation gives it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            const fn encoding(self) -> Encoding {
                match self { $(Self::$variant => Encoding::$encoding,)* }
            }
        }
    };
}

claims! {
    /// The OIDC issuer, old form.
    Issuer = 1, "issuerV1", "Issuer", Raw;
    /// The event that started the workflow (deprecated).
    GithubWorkflowTrigger = 2, "githubWorkflowTrigger", "GitHub Workflow Trigger", Raw;
    /// The commit (deprecated).
    GithubWorkflowSha = 3, "githubWorkflowSHA", "GitHub Workflow SHA", Raw;
    /// The workflow's display name (deprecated, mutable).
    GithubWorkflowName = 4, "githubWorkflowName", "GitHub Workflow Name", Raw;
    /// `owner/repository` (deprecated).
    GithubWorkflowRepository = 5, "githubWorkflowRepository", "GitHub Workflow Repository", Raw;
    /// The git ref (deprecated).
    GithubWorkflowRef = 6, "githubWorkflowRef", "GitHub Workflow Ref", Raw;
    /// The OIDC issuer.
    IssuerV2 = 8, "issuer", "Issuer (V2)", Utf8String;
    /// The workflow that signed, with `@ref`; a reusable one differs from the build configuration.
    BuildSignerUri = 9, "buildSignerURI", "Build Signer URI", Utf8String;
    /// The commit of that workflow.
    BuildSignerDigest = 10, "buildSignerDigest", "Build Signer Digest", Utf8String;
    /// `github-hosted`, `self-hosted`, `gitlab-hosted`.
    RunnerEnvironment = 11, "runnerEnvironment", "Runner Environment", Utf8String;
    /// The repository that was built.
    SourceRepositoryUri = 12, "sourceRepositoryURI", "Source Repository URI", Utf8String;
    /// The commit that was built.
    SourceRepositoryDigest = 13, "sourceRepositoryDigest", "Source Repository Digest", Utf8String;
    /// The ref that was built.
    SourceRepositoryRef = 14, "sourceRepositoryRef", "Source Repository Ref", Utf8String;
    /// The repository's immutable id: survives a rename, tells a re-created repository.
    SourceRepositoryIdentifier = 15, "sourceRepositoryIdentifier", "Source Repository Identifier", Utf8String;
    /// The repository's owner.
    SourceRepositoryOwnerUri = 16, "sourceRepositoryOwnerURI", "Source Repository Owner URI", Utf8String;
    /// The owner's immutable id.
    SourceRepositoryOwnerIdentifier = 17, "sourceRepositoryOwnerIdentifier", "Source Repository Owner Identifier", Utf8String;
    /// The top-level workflow or build configuration, with `@ref`.
    BuildConfigUri = 18, "buildConfigURI", "Build Config URI", Utf8String;
    /// Its commit.
    BuildConfigDigest = 19, "buildConfigDigest", "Build Config Digest", Utf8String;
    /// The event that started the build.
    BuildTrigger = 20, "buildTrigger", "Build Trigger", Utf8String;
    /// The run, with its attempt.
    RunInvocationUri = 21, "runInvocationURI", "Run Invocation URI", Utf8String;
    /// `public`, `private` or `internal`.
    SourceRepositoryVisibilityAtSigning = 22, "sourceRepositoryVisibilityAtSigning", "Source Repository Visibility At Signing", Utf8String;
    /// The deployment environment.
    DeploymentEnvironment = 23, "deploymentEnvironment", "Deployment Environment", Utf8String;
    /// The raw `sub` of the identity token.
    TokenSubject = 24, "tokenSubject", "Token Subject", Utf8String;
}

/// Everything that Fulcio certified in one leaf, each claim at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims(Vec<(Claim, String)>);

/// Why a leaf's identity or claims cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimsError {
    /// An extension's value is not what its number demands, or has trailing bytes.
    Malformed {
        /// The claim.
        claim: Claim,
    },
    /// Two extensions that say the same thing say different things.
    Disagree {
        /// The deprecated claim.
        old: Claim,
        /// What it says.
        old_value: String,
        /// The claim that replaced it.
        new: Claim,
        /// What it says.
        new_value: String,
    },
    /// Not exactly one subject alternative name.
    NameCount {
        /// How many there are.
        found: usize,
    },
    /// A subject alternative name of a form that is no identity: dNSName, iPAddress and the like.
    NameKind,
}

impl fmt::Display for ClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { claim } => {
                write!(f, "expected a string in extension 1.3.6.1.4.1.57264.1.{} ({}), found something else", claim.number(), claim.name())
            }
            Self::Disagree { old, old_value, new, new_value } => write!(
                f,
                "expected extensions .{} and .{} to agree, found {} and {}",
                old.number(),
                new.number(),
                Quoted(old_value),
                Quoted(new_value)
            ),
            Self::NameCount { found } => write!(f, "expected exactly one subject alternative name, found {found}"),
            Self::NameKind => f.write_str("expected a URI, an email address or a Fulcio user name as subject alternative name, found another kind of name"),
        }
    }
}

impl Claims {
    /// Reads the claims of a leaf and checks that the deprecated ones agree with those that replaced them: a verifier that
    /// reads the old form must not see another signer than one that reads the new form.
    ///
    /// # Errors
    /// [`ClaimsError`].
    pub fn of(leaf: &Certificate) -> Result<Self, ClaimsError> {
        let mut claims = Vec::new();
        for claim in Claim::ALL {
            let Some(value) = oid::FULCIO.push_arc(claim.number()).ok().and_then(|oid| leaf.extension(&oid)) else {
                continue;
            };
            let text = match claim.encoding() {
                Encoding::Raw => core::str::from_utf8(value).ok(),
                Encoding::Utf8String => utf8_string(value),
            };
            claims.push((*claim, text.ok_or(ClaimsError::Malformed { claim: *claim })?.to_string()));
        }
        let claims = Self(claims);
        for (old, new) in [
            (Claim::Issuer, Claim::IssuerV2),
            (Claim::GithubWorkflowTrigger, Claim::BuildTrigger),
            (Claim::GithubWorkflowSha, Claim::SourceRepositoryDigest),
            (Claim::GithubWorkflowRef, Claim::SourceRepositoryRef),
            (Claim::GithubWorkflowRepository, Claim::SourceRepositoryUri),
        ] {
            let (Some(old_value), Some(new_value)) = (claims.get(old), claims.get(new)) else { continue };
            let agree = match old {
                Claim::GithubWorkflowRepository => {
                    new_value.strip_suffix(old_value).is_some_and(|host| host.ends_with('/'))
                }
                _ => old_value == new_value,
            };
            if !agree {
                let (old_value, new_value) = (old_value.to_string(), new_value.to_string());
                return Err(ClaimsError::Disagree { old, old_value, new, new_value });
            }
        }
        Ok(claims)
    }

    /// What this claim says; `None` when it was not certified, which is not the same as empty.
    #[must_use]
    pub fn get(&self, claim: Claim) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == claim).map(|(_, value)| value.as_str())
    }

    /// The OIDC issuer: .8, or .1 in certificates from before 2023 that have only that.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.get(Claim::IssuerV2).or_else(|| self.get(Claim::Issuer))
    }

    /// Every claim that was certified.
    pub fn iter(&self) -> impl Iterator<Item = (Claim, &str)> {
        self.0.iter().map(|(claim, value)| (*claim, value.as_str()))
    }
}

impl Claim {
    /// The claim of this name, where a policy may ask for it: everything but the issuer, which every rule names anyway.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|claim| claim.name() == name && !matches!(claim, Self::Issuer | Self::IssuerV2))
    }

    /// The claim that the extension `oid` makes. A number of Fulcio's arc that is not defined here is none: marked critical,
    /// it must be refused like any other extension that is not understood (RFC 5280 §4.2).
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        let [number] = oid.as_bytes().strip_prefix(oid::FULCIO.as_bytes())? else { return None };
        Self::ALL.iter().copied().find(|claim| claim.number() == u32::from(*number))
    }
}

impl Identity {
    /// Reads the identity of a leaf: exactly one subject alternative name, of a form that Fulcio issues.
    ///
    /// # Errors
    /// [`ClaimsError::NameCount`] and [`ClaimsError::NameKind`].
    pub fn of(leaf: &Certificate) -> Result<Self, ClaimsError> {
        const USER_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");
        let names = leaf.subject_alt_name().unwrap_or_default();
        let [name] = names else {
            return Err(ClaimsError::NameCount { found: names.len() });
        };
        let (kind, value) = match name {
            GeneralName::UniformResourceIdentifier(uri) => (IdentityKind::Uri, uri.as_str()),
            GeneralName::Rfc822Name(email) => (IdentityKind::Email, email.as_str()),
            GeneralName::OtherName { type_id, value } if *type_id == USER_NAME => {
                (IdentityKind::OtherName, utf8_string(value).ok_or(ClaimsError::NameKind)?)
            }
            _ => return Err(ClaimsError::NameKind),
        };
        Ok(Self { kind, value: value.to_string() })
    }
}

/// The text of a UTF8String in DER, and nothing after it.
fn utf8_string(der: &[u8]) -> Option<&str> {
    let expected = "a UTF8String";
    Element::only(der, expected).ok()?.string(Tag::Utf8String, Tag::Utf8String, expected).ok()
}
