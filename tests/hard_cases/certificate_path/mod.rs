//! The way from the signer's certificate to a trusted authority.

mod extensions;
mod issuers;
mod names;
mod time;

use crate::edited::Reason;

const fn path(code: &'static str) -> Reason {
    ("certificate-path", code)
}

const OUTSIDE_WINDOW: &[Reason] = &[path("certificate-outside-authority-window")];
const NOT_VALID: &[Reason] = &[path("certificate-not-valid-at-signing")];
