//! Floor 2: one file per claim. Each function returns the proof of its decision, a type that only it can make; the next
//! check asks for that type, so the order of the checks is a matter of types. Knows trust, never policy.
//!
//! Their functions stay functions of their own (`inline(never)`). An engine compiles a function of WebAssembly when it is first called, and whole: one that
//! has taken in all checks keeps the first verdict waiting, also for what it does not call.

pub mod artifact;
pub mod certificate_path;
pub mod checkpoint;
pub mod inclusion_promise;
pub mod inclusion_proof;
pub mod log_binding;
pub mod provenance_binding;
pub mod sct;
pub mod signature;
pub mod signing_time;
pub mod statement;
pub mod timestamp;

use alloc::string::String;
use core::fmt;

/// A failure with a stable name.
///
/// The sentence ([`fmt::Display`]) may be improved at any time; the code is for programs and only ever added to.
pub trait Coded: fmt::Display {
    /// Every code that this type can give.
    const CODES: &'static [&'static str];

    /// The code of this failure: kebab-case, unique over all checks.
    fn code(&self) -> &'static str;

    /// The next step of the person who reads it, where there is one.
    fn hint(&self) -> Option<String> {
        None
    }
}

/// Writes `code` and `CODES` from one table.
macro_rules! codes {
    ($pattern_for:ident { $($(#[$when:meta])? $pattern:pat => $code:literal,)* }) => {
        const CODES: &'static [&'static str] = &[$($(#[$when])? $code,)*];

        fn code(&self) -> &'static str {
            use $pattern_for as E;
            match self { $($(#[$when])? $pattern => $code,)* }
        }
    };
}
pub(crate) use codes;

/// Something, and the part of the bundle that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// JSON pointer into the bundle; empty for the whole.
    pub at: String,
    /// A proof or a failure.
    pub value: T,
}

impl<T> Located<T> {
    /// `value`, at `at`.
    #[must_use]
    pub fn new(at: &str, value: T) -> Self {
        Self { at: at.into(), value }
    }
}
