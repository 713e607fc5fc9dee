//! What `x509-cert` reads and this library does not.

use der::Encode;
use der::asn1::BitString;
use der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::name::Name;

use crate::answers::Inner;

/// A rule that `x509-cert` does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// X.690 §8.19.2: an arc of an object identifier has no leading zeros.
    ArcsAreShort,
    /// X.690 §11.2.1: unused bits are zero.
    UnusedBitsAreZero,
    /// RFC 5280 §4.1.2.4: a part of a name has an attribute, and none twice (X.501 §9.3).
    NamesHaveAttributes,
    /// RFC 5280 §4.1: where there are extensions, there is one.
    ExtensionsAreSome,
    /// X.690 §10–11, in the value of an extension: explicit defaults, unsorted names, zeros at the end of named bits.
    ValuesAreDer,
    /// RFC 5280 §4.2.1.12: an extended key usage has a purpose.
    PurposesAreSome,
    /// RFC 5280 §4.2.1.6: lists of names have a name.
    NamesAreSome,
    /// RFC 5280 §4.2.1.10: constraints have a subtree, as has each of their lists.
    SubtreesAreSome,
    /// RFC 5280 §4.2.1.6, §4.2.1.10: addresses have 4 or 16 bytes, and as many again for the mask in constraints.
    AddressesAreWhole,
}

impl Rule {
    pub const ALL: &[Self] = &[
        Self::ArcsAreShort,
        Self::UnusedBitsAreZero,
        Self::NamesHaveAttributes,
        Self::ExtensionsAreSome,
        Self::ValuesAreDer,
        Self::PurposesAreSome,
        Self::NamesAreSome,
        Self::SubtreesAreSome,
        Self::AddressesAreWhole,
    ];
}

/// The first rule that this certificate breaks.
pub fn broken_rule(inner: &Inner) -> Option<Rule> {
    Rule::ALL.iter().copied().find(|rule| !holds(*rule, inner))
}

fn holds(rule: Rule, inner: &Inner) -> bool {
    let (tbs, known) = (inner.certificate.tbs_certificate(), &inner.known);
    match rule {
        Rule::ArcsAreShort => {
            let purposes = known.extended_key_usage.iter().flat_map(|(_, usage)| &usage.0);
            let ids = inner.extensions().iter().map(|extension| &extension.extn_id);
            let types = names(inner).into_iter().filter_map(|(name, _)| match name {
                GeneralName::OtherName(other) => Some(&other.type_id),
                GeneralName::RegisteredId(id) => Some(id),
                _ => None,
            });
            let attributes =
                directory_names(inner).into_iter().flat_map(|name| name.iter().map(|attribute| &attribute.oid));
            let algorithm = std::iter::once(&tbs.signature().oid);
            algorithm.chain(purposes).chain(ids).chain(types).chain(attributes.collect::<Vec<_>>()).all(is_short)
        }
        Rule::UnusedBitsAreZero => {
            let identifiers = [tbs.issuer_unique_id(), tbs.subject_unique_id()].into_iter().flatten();
            identifiers.chain([inner.certificate.signature()]).all(has_zero_padding)
        }
        Rule::NamesHaveAttributes => directory_names(inner).into_iter().all(|name| {
            name.iter_rdn().all(|part| {
                let attributes: Vec<_> = part.iter().map(|attribute| attribute.to_der().expect("DER")).collect();
                !attributes.is_empty() && !attributes.array_windows().any(|[one, next]| one == next)
            })
        }),
        Rule::ExtensionsAreSome => tbs.extensions().is_none_or(|extensions| !extensions.is_empty()),
        Rule::ValuesAreDer => known.are_canonical,
        Rule::PurposesAreSome => known.extended_key_usage.as_ref().is_none_or(|(_, usage)| !usage.0.is_empty()),
        Rule::NamesAreSome => lists(inner).into_iter().all(|names| !names.is_empty()),
        Rule::SubtreesAreSome => known.name_constraints.as_ref().is_none_or(|constraints| {
            let lists = [&constraints.permitted_subtrees, &constraints.excluded_subtrees];
            lists.iter().any(|list| list.is_some()) && lists.into_iter().flatten().all(|list| !list.is_empty())
        }),
        Rule::AddressesAreWhole => names(inner).into_iter().all(|(name, is_constraint)| match name {
            GeneralName::IpAddress(address) => {
                let parts = if is_constraint { 2 } else { 1 };
                [4 * parts, 16 * parts].contains(&address.as_bytes().len())
            }
            _ => true,
        }),
    }
}

fn is_short(oid: &ObjectIdentifier) -> bool {
    ObjectIdentifier::from_arcs(oid.arcs()).is_ok_and(|shortest| shortest == *oid)
}

fn has_zero_padding(bits: &BitString) -> bool {
    bits.raw_bytes().last().is_none_or(|last| last & ((1 << bits.unused_bits()) - 1) == 0)
}

fn lists(inner: &Inner) -> Vec<&GeneralNames> {
    let subject = inner.known.subject_alt_name.as_ref().map(|names| &names.0);
    let authority = inner.known.authority_key_identifier.as_ref();
    subject.into_iter().chain(authority.and_then(|authority| authority.authority_cert_issuer.as_ref())).collect()
}

/// Every general name that is read, and whether it is a constraint.
fn names(inner: &Inner) -> Vec<(&GeneralName, bool)> {
    let constraints = inner.known.name_constraints.iter();
    let trees = constraints.flat_map(|c| [&c.permitted_subtrees, &c.excluded_subtrees]).flatten().flatten();
    let listed = lists(inner).into_iter().flatten().map(|name| (name, false));
    listed.chain(trees.map(|tree| (&tree.base, true))).collect()
}

/// Every distinguished name that is read.
fn directory_names(inner: &Inner) -> Vec<&Name> {
    let tbs = inner.certificate.tbs_certificate();
    let general = names(inner).into_iter().filter_map(|(name, _)| match name {
        GeneralName::DirectoryName(name) => Some(name),
        _ => None,
    });
    [tbs.issuer(), tbs.subject()].into_iter().chain(general).collect()
}
