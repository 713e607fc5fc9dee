//! Who may issue: authorities, anchors and intermediates, their signatures, and how long the way may be.

use admissible_box::authority::Window;
use admissible_box::bundle::{Material, Version};
use admissible_box::certificate::{
    ANY_PURPOSE, CODE_SIGNING, CertificateSpec, SERVER_AUTH, SignedCertificate, TIME_STAMPING, name,
};
use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::world::World;

use super::{NOT_VALID, OUTSIDE_WINDOW, path};
use crate::edited::{Edit, Reason, accepted_in_both, message, message_v2, rejected_in_both};

const UNKNOWN_ISSUER: &[Reason] = &[path("certificate-unknown-issuer")];
const INVALID_SIGNATURE: &[Reason] = &[path("certificate-signature-invalid")];

/// Every kind of private CA: key algorithms, schemes other than the key's own, and lengths of chains.
#[test]
fn private_authorities() {
    let algorithms =
        [KeyAlg::P256, KeyAlg::P384, KeyAlg::P521, KeyAlg::Rsa2048, KeyAlg::Rsa3072, KeyAlg::Rsa4096, KeyAlg::Ed25519];
    for alg in algorithms {
        for intermediates in 0..4 {
            println!("{alg:?} {intermediates}");
            let case = message(|world, _| {
                world.cas.clear();
                world.add_ca(alg, intermediates);
            });
            let report = case.accepted();
            let certificates = report.certificate_path.passed().expect("a path").certificates();
            assert_eq!(certificates.len(), intermediates + 2);
        }
    }
    for (alg, scheme) in [
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha256)),
        (KeyAlg::P521, Scheme::Ecdsa(Hash::Sha256)),
        (KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha256)),
        (KeyAlg::Rsa3072, Scheme::RsaPss(Hash::Sha512)),
        (KeyAlg::Rsa4096, Scheme::RsaPkcs1(Hash::Sha512)),
    ] {
        println!("{scheme:?}");
        message(|world, _| {
            world.cas.clear();
            world.add_ca(alg, 1);
            world.cas[0].chain.iter_mut().for_each(|ca| ca.issues_with = Some(scheme));
        })
        .accepted();
    }
}

/// A CA's signature with SHA-1, or by too short a key, certifies nothing.
#[test]
fn weak_authorities() {
    message(|world, _| {
        world.cas.clear();
        world.add_ca(KeyAlg::Rsa2048, 1);
        world.cas[0].chain[1].issues_with = Some(Scheme::RsaPkcs1(Hash::Sha1));
    })
    .rejected(INVALID_SIGNATURE);
    message(|world, _| {
        world.cas.clear();
        world.add_ca(KeyAlg::Rsa1024, 0);
    })
    .refused("invalid-trusted-root");
}

/// Makes the root's own certificate unknown: the intermediate is the anchor, though it is not self-signed.
fn anchor_is_intermediate(world: &mut World) {
    let root = world.cas[0].chain.remove(0);
    world.cas[0].anchor_issuer = Some(Box::new(root));
}

/// An anchor may be an intermediate: the way ends there. What is above it does not matter, not even its expiry.
#[test]
fn anchors_that_are_intermediates() {
    accepted_in_both(&[
        ("one", |w, _| anchor_is_intermediate(w)),
        ("the upper of two", |w, _| {
            w.cas.clear();
            w.add_ca(KeyAlg::P256, 2);
            anchor_is_intermediate(w);
        }),
        ("its issuer expired", |w, _| {
            w.cas[0].chain[0].not_after = w.time - 1;
            anchor_is_intermediate(w);
        }),
    ]);
    rejected_in_both(&[
        (
            "the anchor expired",
            |w, _| {
                anchor_is_intermediate(w);
                w.cas[0].chain[0].not_after = w.time + 9;
            },
            NOT_VALID,
        ),
        (
            "the anchor is no CA",
            |w, _| {
                anchor_is_intermediate(w);
                w.cas[0].chain[0].basic_constraints = None;
            },
            &[path("certificate-issuer-not-ca")],
        ),
    ]);
}

/// Certificates that only the bundle has are never part of the way.
#[test]
fn intermediates_of_the_bundle_are_not_used() {
    let unlisted: Edit = |world, spec| {
        world.cas[0].unlisted = 1;
        spec.version = Version::V02;
        spec.material = Material::Chain(1);
    };
    message(unlisted).rejected(UNKNOWN_ISSUER);
    // Where the root has them, those in the bundle do no harm.
    message(|_, spec| {
        spec.version = Version::V02;
        spec.material = Material::Chain(1);
    })
    .accepted();
}

/// An untrusted CA of the same names: only the signature tells the difference.
#[test]
fn same_names_other_keys() {
    rejected_in_both(&[(
        "another CA of the same names",
        |w, _| {
            let stranger = World::new("stranger");
            w.cas.extend(stranger.cas);
            // The stranger issues; the known one is trusted.
            w.cas.swap(0, 1);
            w.cas[0].trusted = false;
        },
        INVALID_SIGNATURE,
    )]);
    accepted_in_both(&[("both are trusted", |w, _| {
        let stranger = World::new("stranger");
        w.cas.extend(stranger.cas);
    })]);
}

/// What an issuer must be (RFC 5280 §6.1.4).
#[test]
fn issuers() {
    rejected_in_both(&[
        (
            "intermediate without BasicConstraints",
            |w, _| w.cas[0].chain[1].basic_constraints = None,
            &[path("certificate-issuer-not-ca")],
        ),
        (
            "intermediate with CA:FALSE",
            |w, _| w.cas[0].chain[1].basic_constraints.iter_mut().for_each(|c| (c.ca, c.path_len) = (false, None)),
            &[path("certificate-issuer-not-ca")],
        ),
        (
            "root with CA:FALSE",
            |w, _| w.cas[0].chain[0].basic_constraints.iter_mut().for_each(|c| c.ca = false),
            &[path("certificate-issuer-not-ca")],
        ),
        (
            "intermediate without keyCertSign",
            |w, _| w.cas[0].chain[1].key_usage.iter_mut().for_each(|usage| usage.bits = vec![0, 6]),
            &[path("certificate-issuer-key-usage")],
        ),
        (
            "root without keyCertSign",
            |w, _| w.cas[0].chain[0].key_usage.iter_mut().for_each(|usage| usage.bits = vec![6]),
            &[path("certificate-issuer-key-usage")],
        ),
        (
            "intermediate for timestamping",
            |w, _| ca_purposes(w, &[TIME_STAMPING]),
            &[path("certificate-issuer-purpose")],
        ),
        (
            "intermediate for servers",
            |w, _| ca_purposes(w, &[SERVER_AUTH, TIME_STAMPING]),
            &[path("certificate-issuer-purpose")],
        ),
        // The leaf signs as if it were a CA: what it issues has no way.
        (
            "issued by somebody's leaf",
            |w, _| {
                let mut leaf = w.leaf(KeyAlg::P256).certificate;
                leaf.subject = name("box.test", "leaf");
                leaf.not_after = w.time + 86_400;
                w.cas[0].chain.push(leaf);
            },
            &[path("certificate-issuer-not-ca")],
        ),
    ]);
    accepted_in_both(&[
        ("intermediate without purposes", |w, _| w.cas[0].chain[1].extended_key_usage = None),
        ("intermediate for any purpose", |w, _| ca_purposes(w, &[ANY_PURPOSE])),
        ("intermediate for several", |w, _| ca_purposes(w, &[SERVER_AUTH, CODE_SIGNING])),
        ("root without key usage", |w, _| w.cas[0].chain[0].key_usage = None),
    ]);
}

fn ca_purposes(world: &mut World, purposes: &[&str]) {
    if let Some(usage) = &mut world.cas[0].chain[1].extended_key_usage {
        usage.purposes = purposes.iter().map(|purpose| (*purpose).to_owned()).collect();
    }
}

fn path_length(ca: &mut CertificateSpec, limit: Option<u8>) {
    ca.basic_constraints.iter_mut().for_each(|constraints| constraints.path_len = limit);
}

/// pathLenConstraint: how many intermediates may stand below a CA; the leaf does not count.
#[test]
fn path_lengths() {
    let two: fn(&mut World) = |world| {
        world.cas.clear();
        world.add_ca(KeyAlg::P256, 2);
    };
    for (root, upper, lower, accepted) in [
        (None, None, None, true),
        (Some(2), Some(1), Some(0), true),
        (Some(5), Some(5), Some(5), true),
        (Some(1), None, None, false),
        (Some(0), None, None, false),
        (None, Some(0), None, false),
        (Some(2), Some(0), Some(0), false),
        (Some(0), Some(1), Some(0), false),
    ] {
        println!("{root:?} {upper:?} {lower:?}");
        let case = message(|world, _| {
            two(world);
            let [a, b, c] = &mut world.cas[0].chain[..] else { panic!("three certificates") };
            path_length(a, root);
            path_length(b, upper);
            path_length(c, lower);
        });
        if accepted {
            case.accepted()
        } else {
            case.rejected(&[path("certificate-path-length")])
        };
    }
    // A CA that is its own issuer by name does not count (RFC 5280 §4.2.1.9).
    message(|world, _| {
        two(world);
        let subject = world.cas[0].chain[1].subject.clone();
        world.cas[0].chain[2].subject = subject;
        path_length(&mut world.cas[0].chain[0], Some(1));
    })
    .accepted();
}

/// The leaf's signature is not the CA's, or its two algorithm fields differ.
#[test]
fn leaf_not_signed_by_its_issuer() {
    let zero = |parts: &mut SignedCertificate| parts.signature = admissible_box::ecdsa::zero();
    message(|_, spec| spec.leaf().certificate.alter_signed.set(zero)).rejected(INVALID_SIGNATURE);
    message_v2(|_, spec| spec.leaf().certificate.alter_signed.set(zero)).rejected(INVALID_SIGNATURE);
    message(|world, _| {
        world.cas[0].chain[1].alter_signed.set(zero);
    })
    .rejected(INVALID_SIGNATURE);
}

/// No authority at all, or no window that covers the time, although the certificates are known.
#[test]
fn no_authority() {
    rejected_in_both(&[
        ("none", |w, _| w.cas[0].trusted = false, &[path("certificate-no-authority")]),
        (
            "another one only",
            |w, _| {
                w.cas[0].trusted = false;
                w.add_ca(KeyAlg::P384, 1);
            },
            UNKNOWN_ISSUER,
        ),
        (
            "a window of one instant",
            |w, _| w.cas[0].valid_for = Window { start: Some(w.time), end: Some(w.time) },
            OUTSIDE_WINDOW,
        ),
    ]);
}
