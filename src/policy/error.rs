//! What may be wrong with a policy document.

use core::fmt;

use crate::limits::MAX_POLICY_BYTES;

/// What makes a policy mean nothing, or impossible to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyErrorKind {
    /// Larger than [`MAX_POLICY_BYTES`].
    TooLarge,
    /// Another version than 1.
    Version,
    /// An empty list or text, which would be met by nothing or by everything.
    Empty,
    /// A number that asks for nothing.
    Zero,
    /// Too many requirements, or groups nested too deep.
    TooMany,
    /// A group that is both of all and of any.
    TwoGroups,
    /// A branch and a tag: no ref is both.
    BranchAndTag,
    /// A condition that the types of this piece do not have.
    NotOfType,
    /// A parameter's place that is no JSON pointer.
    Pointer,
    /// A parameter that can be no value.
    Parameter,
    /// The same twice in a list of which each counts once.
    Twice,
    /// A text that is none of those that may stand there.
    Word {
        /// What may.
        expected: &'static str,
    },
    /// The policy looks at the present, and the caller gave no `now`.
    NeedsNow,
    /// An artifact that is none, where the policy allows only evidence about one.
    NeedsArtifact,
    /// More bundles than are judged together.
    TooManyBundles,
}

impl fmt::Display for PolicyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => return write!(f, "expected a policy of at most {MAX_POLICY_BYTES} bytes, found more"),
            Self::Version => "expected version 1, found another",
            Self::Empty => "expected at least one, found none",
            Self::Zero => "expected a number above zero, found zero",
            Self::TooMany => "expected fewer requirements, or groups nested less deep, found more",
            Self::TwoGroups => "expected allOf or anyOf, found both: put one into the other",
            Self::BranchAndTag => "expected a branch or a tag, found both, which no ref can be: use anyOf",
            Self::NotOfType => "expected a condition that every listed predicateType has, found one that it has not",
            Self::Pointer => {
                "expected a JSON pointer below externalParameters, such as /workflow/ref, found another text"
            }
            Self::Parameter => "expected a value, a pattern, or { any: true }, found a list",
            Self::Twice => "expected each once, found one twice",
            Self::Word { expected } => return write!(f, "expected {expected}, found something else"),
            Self::NeedsNow => "expected `now`, for the policy has ages or expiries, found none",
            Self::NeedsArtifact => "expected an artifact, for the policy does not say dangerouslyUnbound, found none",
            Self::TooManyBundles => "expected fewer bundles to judge together, found more",
        })
    }
}
