//! Name constraints of the CAs above a leaf (RFC 5280 §4.2.1.10): honoured for URIs and email addresses, refused for every other
//! form that would apply.

use crate::format::certificate::{Certificate, GeneralName, GeneralSubtree};
use crate::format::fulcio::{Identity, IdentityKind};

/// Whether the constraints of `issuer` allow a leaf of this identity. A constraint that cannot be judged allows nothing.
pub(super) fn allows(issuer: &Certificate, leaf: &Certificate, identity: &Identity) -> bool {
    let Some(constraints) = issuer.name_constraints() else { return true };
    let (permitted, excluded) = (&constraints.permitted_subtrees, &constraints.excluded_subtrees);
    let all = || permitted.iter().chain(excluded);
    // minimum and maximum are unused in PKIX (RFC 5280 §4.2.1.10): anything else cannot be judged.
    if all().any(|subtree| subtree.minimum != 0 || subtree.maximum.is_some()) {
        return false;
    }
    // A directory name constrains the subject, which Fulcio leaves empty.
    if !leaf.subject_is_empty() && all().any(|subtree| subtree.base == GeneralName::DirectoryName) {
        return false;
    }
    let judged = |subtree: &GeneralSubtree| constrains(&subtree.base, identity);
    let mut applicable = permitted.iter().filter_map(judged).peekable();
    let is_permitted = applicable.peek().is_none() || applicable.any(|verdict| verdict == Some(true));
    let is_excluded = excluded.iter().filter_map(judged).any(|verdict| verdict != Some(false));
    is_permitted && !is_excluded
}

/// `None` when `base` does not apply to this form of identity; otherwise whether the identity is inside, or `Some(None)` when
/// that cannot be judged.
fn constrains(base: &GeneralName, identity: &Identity) -> Option<Option<bool>> {
    match (base, identity.kind) {
        (GeneralName::UniformResourceIdentifier(base), IdentityKind::Uri) => {
            Some(uri_host(&identity.value).map(|host| is_within(host, base)))
        }
        (GeneralName::Rfc822Name(base), IdentityKind::Email) => Some(email_is_within(&identity.value, base)),
        (GeneralName::OtherName { .. }, IdentityKind::OtherName) => Some(None),
        _ => None,
    }
}

/// The host of a URI that has one (RFC 3986 §3.2.2), without user information and port.
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty() && !host.starts_with('[')).then_some(host)
}

/// A host, or with a leading dot every host below it.
fn is_within(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(_) => host.len() > base.len() && host.to_ascii_lowercase().ends_with(&base.to_ascii_lowercase()),
        None => host.eq_ignore_ascii_case(base),
    }
}

/// A mailbox, all mailboxes of a host, or with a leading dot those of every host below it.
fn email_is_within(email: &str, base: &str) -> Option<bool> {
    let (mailbox, host) = email.rsplit_once('@')?;
    Some(match base.rsplit_once('@') {
        Some((base_mailbox, base_host)) => mailbox == base_mailbox && host.eq_ignore_ascii_case(base_host),
        None => is_within(host, base),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_whole() {
        assert_eq!(uri_host("https://user@example.com:8443/x"), Some("example.com"));
        assert_eq!(uri_host("spiffe:example"), None);
        assert!(is_within("a.Example.com", ".example.com") && is_within("example.com", "EXAMPLE.com"));
        assert!(!is_within("example.com", ".example.com") && !is_within("evil-example.com", "example.com"));
        assert_eq!(email_is_within("a@b.org", "b.org"), Some(true));
        assert_eq!(email_is_within("A@b.org", "a@b.org"), Some(false));
        assert_eq!(email_is_within("nobody", "b.org"), None);
    }
}
