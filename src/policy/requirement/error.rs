//! Why evidence does not meet a requirement.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::check::{Coded, codes};
use crate::encoding::quoted::Quoted;
use crate::format::provenance::FactName;
use crate::time::UnixTime;

/// Why evidence does not meet a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequirementError {
    /// No verified bundle has a statement of the type.
    NoEvidence {
        /// The types that would do.
        types: Vec<String>,
    },
    /// Its signer is not trusted for this piece.
    Signer,
    /// Too few distinct signers.
    TooFewSigners {
        /// How many are asked for.
        required: usize,
        /// How many there are.
        found: usize,
    },
    /// A fact is another, or missing.
    Fact {
        /// Which.
        name: FactName,
        /// What is asked for.
        expected: String,
        /// What is there, if anything.
        found: Option<String>,
    },
    /// A fact is only claimed.
    NotCertified {
        /// Which.
        name: FactName,
    },
    /// The build level is lower.
    Level {
        /// The lowest that will do.
        required: u8,
        /// The level that there is.
        found: u8,
        /// Why it is not higher.
        why: String,
    },
    /// A parameter has another value, or is missing.
    Parameter {
        /// Which.
        name: String,
        /// What is asked for.
        expected: String,
        /// What is there, if anything.
        found: Option<String>,
    },
    /// A parameter that the policy does not list.
    UnexpectedParameter {
        /// Which.
        name: String,
    },
    /// A dependency without digest.
    DependencyWithoutDigest {
        /// Its URI or name.
        dependency: String,
    },
    /// A dependency that the policy does not allow.
    DependencyNotAllowed {
        /// Its URI or name.
        dependency: String,
    },
    /// Conditions on dependencies, and the provenance lists none.
    NoDependencies,
    /// A dependency that must be there is not.
    DependencyMissing {
        /// What is asked for.
        expected: String,
    },
    /// Signed too long ago.
    TooOld {
        /// When it was signed, at the latest.
        signed: UnixTime,
        /// The oldest time that will do.
        oldest: UnixTime,
    },
    /// Nobody attested when it was signed.
    WithoutTime,
    /// The subject's name is not of the package.
    Package {
        /// What is asked for.
        expected: String,
        /// The subject's name, if it has one.
        found: Option<String>,
    },
    /// The predicate is not of its type's shape, or has no outcome.
    Predicate,
    /// Another outcome.
    Result {
        /// What is asked for.
        expected: String,
        /// What is there.
        found: &'static str,
    },
    /// A summary by another verifier.
    Verifier {
        /// What is asked for.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A summary about another resource.
    Resource {
        /// What is asked for.
        expected: String,
        /// What is there, if anything.
        found: Option<String>,
    },
    /// A summary that states a lower level, or none, or that the verification failed.
    VerifiedLevel {
        /// The lowest that will do.
        required: u8,
        /// What is there, if anything.
        found: Option<u8>,
    },
    /// The artifact is bound by no digest of an allowed algorithm.
    Algorithm {
        /// The algorithms that will do.
        allowed: String,
    },
    /// The reference is a tag, which may point elsewhere tomorrow.
    NotPinned {
        /// What was asked for.
        reference: String,
    },
    /// The reference names another digest than the artifact has.
    ReferenceDiffers {
        /// What was asked for.
        reference: String,
        /// What the evidence calls the artifact, where that is another package; otherwise the digest differs.
        found: Option<String>,
    },
}

struct Found<'a>(&'a Option<String>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(found) => write!(f, "found {}", Quoted(found)),
            None => f.write_str("found none"),
        }
    }
}

impl fmt::Display for RequirementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEvidence { types } => {
                f.write_str("expected a verified statement of type ")?;
                for (index, predicate_type) in types.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { " or " }, Quoted(predicate_type))?;
                }
                f.write_str(", found none")
            }
            Self::Signer => f.write_str("expected a signer that the policy trusts for this, found another"),
            Self::TooFewSigners { required, found } => {
                write!(f, "expected {required} distinct trusted signers, found {found}")
            }
            Self::Fact { name, expected, found } => {
                write!(f, "expected {expected} as {}, {}", name.name(), Found(found))
            }
            Self::NotCertified { name } => {
                write!(f, "expected a certified {}, found only the signer's claim", name.name())
            }
            Self::Level { required, found, why } => {
                write!(f, "expected SLSA build level {required}, found {found}: {}", Quoted(why))
            }
            Self::Parameter { name, expected, found } => {
                write!(f, "expected {expected} as external parameter {}, {}", Quoted(name), Found(found))
            }
            Self::UnexpectedParameter { name } => {
                write!(f, "expected only the external parameters that the policy lists, found {}", Quoted(name))
            }
            Self::DependencyWithoutDigest { dependency } => {
                write!(f, "expected a digest of every dependency, found none of {}", Quoted(dependency))
            }
            Self::DependencyNotAllowed { dependency } => {
                write!(f, "expected only dependencies that the policy allows, found {}", Quoted(dependency))
            }
            Self::NoDependencies => f.write_str("expected a list of dependencies, found none"),
            Self::DependencyMissing { expected } => write!(f, "expected the dependency {expected}, found none"),
            Self::TooOld { signed, oldest } => write!(f, "expected a signature not before {oldest}, found {signed}"),
            Self::WithoutTime => f.write_str("expected an attested signing time, found none"),
            Self::Package { expected, found } => write!(f, "expected a subject of {expected}, {}", Found(found)),
            Self::Predicate => f.write_str("expected a predicate of its type's shape, found another"),
            Self::Result { expected, found } => write!(f, "expected the outcome {expected}, found {found}"),
            Self::Verifier { expected, found } => {
                write!(f, "expected the verifier {}, found {}", Quoted(expected), Quoted(found))
            }
            Self::Resource { expected, found } => write!(f, "expected the resource {expected}, {}", Found(found)),
            Self::VerifiedLevel { required, found: Some(found) } => {
                write!(f, "expected a verified SLSA build level of {required}, found {found}")
            }
            Self::VerifiedLevel { required, found: None } => {
                write!(f, "expected a verified SLSA build level of {required}, found none")
            }
            Self::Algorithm { allowed } => write!(f, "expected the artifact's digest by {allowed}, found another"),
            Self::NotPinned { reference } => {
                write!(f, "expected a reference with a digest, found the tag {}", Quoted(reference))
            }
            Self::ReferenceDiffers { reference, found: Some(found) } => write!(
                f,
                "expected evidence about the package that {} names, found some about {}",
                Quoted(reference),
                Quoted(found)
            ),
            Self::ReferenceDiffers { reference, found: None } => {
                write!(f, "expected the artifact that {} names by digest, found another", Quoted(reference))
            }
        }
    }
}

impl Coded for RequirementError {
    codes!(RequirementError {
        E::NoEvidence { .. } => "requirement-no-evidence",
        E::Signer => "requirement-signer",
        E::TooFewSigners { .. } => "requirement-too-few-signers",
        E::Fact { name: FactName::Builder, .. } => "requirement-builder",
        E::Fact { name: FactName::BuildType, .. } => "requirement-build-type",
        E::Fact { name: FactName::SourceRepository, .. } => "requirement-source-repository",
        E::Fact { name: FactName::SourceRef, .. } => "requirement-source-ref",
        E::Fact { name: FactName::SourceCommit, .. } => "requirement-source-commit",
        E::Fact { name: FactName::SourceRepositoryId, .. } => "requirement-source-repository-id",
        E::Fact { name: FactName::SourceOwnerId, .. } => "requirement-source-owner-id",
        E::Fact { name: FactName::ConfigPath, .. } => "requirement-config-path",
        E::Fact { name: FactName::Trigger, .. } => "requirement-trigger",
        E::Fact { name: FactName::Runner, .. } => "requirement-runner",
        E::Fact { .. } => "requirement-fact",
        E::NotCertified { .. } => "requirement-not-certified",
        E::Level { .. } => "requirement-level",
        E::Parameter { .. } => "requirement-parameter",
        E::UnexpectedParameter { .. } => "requirement-unexpected-parameter",
        E::DependencyWithoutDigest { .. } => "requirement-dependency-without-digest",
        E::DependencyNotAllowed { .. } => "requirement-dependency-not-allowed",
        E::NoDependencies => "requirement-no-dependencies",
        E::DependencyMissing { .. } => "requirement-dependency-missing",
        E::TooOld { .. } => "requirement-too-old",
        E::WithoutTime => "requirement-without-time",
        E::Package { .. } => "requirement-package",
        E::Predicate => "requirement-malformed-predicate",
        E::Result { .. } => "requirement-result",
        E::Verifier { .. } => "requirement-verifier",
        E::Resource { .. } => "requirement-resource",
        E::VerifiedLevel { .. } => "requirement-verified-level",
        E::Algorithm { .. } => "subject-algorithm",
        E::NotPinned { .. } => "subject-not-pinned",
        E::ReferenceDiffers { .. } => "subject-reference-differs",
    });

    fn hint(&self) -> Option<String> {
        match self {
            Self::NotCertified { .. } => Some(
                "sign with the CI system's own identity, so that its CA certifies this, or drop `certified` from the requirement".into(),
            ),
            Self::NotPinned { .. } => Some("refer to the image by its digest: name@sha256:…".into()),
            _ => None,
        }
    }
}
