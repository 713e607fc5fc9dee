//! RFC 3161 timestamps: every layer of the token, its signer's certificate, and the authorities, each apart.

mod authorities;
mod certificate;
mod token;

use admissible_box::authority::Authority;
use admissible_box::certificate::{CertificateSpec, ExtendedKeyUsage};
use admissible_box::world::World;

use crate::mint::Reasons;

const MALFORMED: Reasons<'static> = &[("timestamp", "timestamp-malformed")];
const CERTIFICATE: Reasons<'static> = &[("timestamp", "timestamp-signer-certificate")];
const PURPOSE: Reasons<'static> = &[("timestamp", "timestamp-certificate-purpose")];
const NOT_VALID: Reasons<'static> = &[("timestamp", "timestamp-certificate-not-valid")];
/// A token that names no certificate of the root is one of an unknown authority: passed over, and then there is no time.
const UNKNOWN: Reasons<'static> = &[("signing-time", "signing-time-missing")];

fn tsa_leaf(world: &mut World) -> &mut CertificateSpec {
    world.tsas[0].chain.last_mut().expect("a leaf")
}

fn purposes(world: &mut World, purposes: &[&str], critical: bool) {
    let purposes = purposes.iter().map(|oid| (*oid).to_owned()).collect();
    tsa_leaf(world).extended_key_usage = Some(ExtendedKeyUsage { purposes, critical });
}

fn tsa_leaf_of(authority: &mut Authority) -> &mut CertificateSpec {
    authority.chain.last_mut().expect("a leaf")
}

fn w_time() -> i64 {
    admissible_box::world::TIME
}
