//! Errors of a place in a document.

use alloc::string::String;

pub use crate::located_error;

/// What is wrong, and where. The errors that readers give are boxes of this: most of what is read is right, and a result as large
/// as its rarest case is moved and matched by all the code between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<K> {
    /// JSON pointer (RFC 6901) into the document: to the value, or to the object that lacks it; empty for the whole.
    pub at: String,
    /// What is wrong there.
    pub kind: K,
}

/// Declares such an error. It derefs to [`Located`].
#[macro_export]
macro_rules! located_error {
    ($(#[$doc:meta])* $name:ident of $kind:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(::alloc::boxed::Box<$crate::encoding::located::Located<$kind>>);

        impl $name {
            /// This error, at this JSON pointer.
            #[must_use]
            pub fn new(at: ::alloc::string::String, kind: $kind) -> Self {
                Self(::alloc::boxed::Box::new($crate::encoding::located::Located { at, kind }))
            }

            /// This error, in the document that stands at `at` of another.
            #[must_use]
            pub fn under(mut self, at: &str) -> Self {
                self.0.at.insert_str(0, at);
                self
            }

            /// The JSON pointer, and what is wrong there.
            #[must_use]
            pub fn into_parts(self) -> (::alloc::string::String, $kind) {
                (self.0.at, self.0.kind)
            }
        }

        impl ::core::ops::Deref for $name {
            type Target = $crate::encoding::located::Located<$kind>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.0.kind.fmt(f)
            }
        }
    };
}
