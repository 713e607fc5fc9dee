//! What the leaf's extensions must say, and critical extensions anywhere on the way that nobody understands.

use admissible_box::bundle::BundleSpec;
use admissible_box::certificate::{ANY_PURPOSE, BasicConstraints, CODE_SIGNING, Extension, SERVER_AUTH, TIME_STAMPING};
use admissible_box::der;
use admissible_box::world::World;

use super::path;
use crate::edited::{Reason, accepted_in_both, rejected_in_both};

const NOT_FOR_CODE_SIGNING: &[Reason] = &[path("certificate-not-for-code-signing")];
const IS_CA: &[Reason] = &[path("certificate-is-ca")];
const KEY_USAGE: &[Reason] = &[path("certificate-key-usage")];
const CRITICAL: &[Reason] = &[path("certificate-critical-extension")];
const ISSUER_CRITICAL: &[Reason] = &[path("certificate-issuer-critical-extension")];

fn purposes(spec: &mut BundleSpec, purposes: &[&str]) {
    if let Some(usage) = &mut spec.leaf().certificate.extended_key_usage {
        usage.purposes = purposes.iter().map(|purpose| (*purpose).to_owned()).collect();
    }
}

fn key_usage(spec: &mut BundleSpec, bits: &[u8]) {
    if let Some(usage) = &mut spec.leaf().certificate.key_usage {
        usage.bits = bits.to_vec();
    }
}

fn constrain(spec: &mut BundleSpec, ca: bool, path_len: Option<u8>) {
    spec.leaf().certificate.basic_constraints = Some(BasicConstraints { ca, path_len, critical: true });
}

fn leaf_extension(spec: &mut BundleSpec, oid: &str, critical: bool) {
    spec.leaf().certificate.extra_extensions.push(Extension::new(oid, critical, der::null()));
}

/// Row 15: the leaf's extended key usage has no codeSigning: none at all, another, several others, or "any".
#[test]
fn leaf_not_for_code_signing() {
    rejected_in_both(&[
        ("none", |_, s| s.leaf().certificate.extended_key_usage = None, NOT_FOR_CODE_SIGNING),
        ("serverAuth", |_, s| purposes(s, &[SERVER_AUTH]), NOT_FOR_CODE_SIGNING),
        ("timeStamping", |_, s| purposes(s, &[TIME_STAMPING]), NOT_FOR_CODE_SIGNING),
        ("any", |_, s| purposes(s, &[ANY_PURPOSE]), NOT_FOR_CODE_SIGNING),
        ("several", |_, s| purposes(s, &[SERVER_AUTH, ANY_PURPOSE, TIME_STAMPING]), NOT_FOR_CODE_SIGNING),
        (
            "critical",
            |_, s| {
                purposes(s, &[SERVER_AUTH]);
                s.leaf().certificate.extended_key_usage.iter_mut().for_each(|usage| usage.critical = true);
            },
            NOT_FOR_CODE_SIGNING,
        ),
    ]);
    accepted_in_both(&[
        ("codeSigning among others", |_, s| purposes(s, &[SERVER_AUTH, CODE_SIGNING])),
        ("critical", |_, s| {
            s.leaf().certificate.extended_key_usage.iter_mut().for_each(|usage| usage.critical = true);
        }),
    ]);
}

/// Row 16: a CA's certificate as leaf, or one whose key usage lacks digitalSignature.
#[test]
fn leaf_is_a_ca_or_must_not_sign() {
    rejected_in_both(&[
        ("CA:TRUE", |_, s| constrain(s, true, None), IS_CA),
        ("CA:TRUE, pathlen 0", |_, s| constrain(s, true, Some(0)), IS_CA),
        (
            "CA:TRUE, not critical",
            |_, s| {
                s.leaf().certificate.basic_constraints =
                    Some(BasicConstraints { ca: true, path_len: None, critical: false });
            },
            IS_CA,
        ),
        ("no key usage", |_, s| s.leaf().certificate.key_usage = None, KEY_USAGE),
        ("keyAgreement", |_, s| key_usage(s, &[4]), KEY_USAGE),
        ("keyCertSign and cRLSign", |_, s| key_usage(s, &[5, 6]), KEY_USAGE),
        ("no bit", |_, s| key_usage(s, &[]), KEY_USAGE),
        // Both are wrong, and both are told.
        (
            "a whole CA",
            |_, s| {
                constrain(s, true, None);
                key_usage(s, &[5, 6]);
            },
            &[path("certificate-is-ca"), path("certificate-key-usage")],
        ),
    ]);
    accepted_in_both(&[
        ("CA:FALSE", |_, s| constrain(s, false, None)),
        ("more bits than needed", |_, s| key_usage(s, &[0, 1])),
    ]);
}

/// Row 17: a critical extension that is not understood: in the leaf, and in each certificate above it. (RFC 5280 §4.2.)
/// A number of Fulcio's arc that nobody has defined is not understood either.
#[test]
fn unknown_critical_extension() {
    rejected_in_both(&[
        ("unknown", |_, s| leaf_extension(s, "1.2.3.4", true), CRITICAL),
        ("undefined in Fulcio's arc", |_, s| leaf_extension(s, "1.3.6.1.4.1.57264.1.99", true), CRITICAL),
        ("Fulcio's user name type", |_, s| leaf_extension(s, "1.3.6.1.4.1.57264.1.7", true), CRITICAL),
        ("below a known number", |_, s| leaf_extension(s, "1.3.6.1.4.1.57264.1.8.1", true), CRITICAL),
        ("the poison of a precertificate", |_, s| leaf_extension(s, "1.3.6.1.4.1.11129.2.4.3", true), CRITICAL),
        ("policyConstraints", |_, s| leaf_extension(s, "2.5.29.36", true), CRITICAL),
        ("in the intermediate", |w, _| ca_extension(w, 1), ISSUER_CRITICAL),
        ("in the root", |w, _| ca_extension(w, 0), ISSUER_CRITICAL),
    ]);
    accepted_in_both(&[
        ("not critical", |_, s| leaf_extension(s, "1.2.3.4", false)),
        ("undefined in Fulcio's arc", |_, s| leaf_extension(s, "1.3.6.1.4.1.57264.1.99", false)),
        ("a claim that is critical", |_, s| {
            let text = s.leaf().claims.remove(&23).unwrap_or_else(|| "production".into());
            let extension = Extension::new("1.3.6.1.4.1.57264.1.23", true, der::utf8(&text));
            s.leaf().certificate.extra_extensions.push(extension);
        }),
    ]);
}

fn ca_extension(world: &mut World, index: usize) {
    world.cas[0].chain[index].extra_extensions.push(Extension::new("1.2.3.4", true, der::null()));
}
