//! A resource that a predicate names, in a report's JSON: in-toto's `ResourceDescriptor`, as far as it is read.

use alloc::string::String;

use serde::{Serialize, Serializer};

use crate::format::provenance::Resource;

#[derive(Serialize)]
pub(super) struct ResourceWire<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'r str>,
    digest: DigestWire<'r>,
}

impl<'r> From<&'r Resource> for ResourceWire<'r> {
    fn from(Resource { name, uri, digests }: &'r Resource) -> Self {
        Self { name: name.as_deref(), uri: uri.as_deref(), digest: DigestWire(digests) }
    }
}

/// By algorithm: only those that in-toto names, so no key is the signer's.
struct DigestWire<'r>(&'r [(&'static str, String)]);

impl Serialize for DigestWire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(algorithm, value)| (*algorithm, value)))
    }
}
