//! The way from the signer's certificate to a trusted authority.

use admissible_box::authority::Window;
use admissible_box::bundle::{BundleSpec, Material, Version};
use admissible_box::certificate::{
    ANY_PURPOSE, BasicConstraints, CODE_SIGNING, CertificateSpec, Extension, GeneralName, SERVER_AUTH,
    SignedCertificate, TIME_STAMPING, name,
};
use admissible_box::der;
use admissible_box::fulcio::ISSUER;
use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::world::World;
use serde_json::json;

use crate::edited::{Edit, Reason, accepted_in_both, message, message_v2, rejected_in_both};

const fn path(code: &'static str) -> Reason {
    ("certificate-path", code)
}

const NOT_FOR_CODE_SIGNING: &[Reason] = &[path("certificate-not-for-code-signing")];
const IS_CA: &[Reason] = &[path("certificate-is-ca")];
const KEY_USAGE: &[Reason] = &[path("certificate-key-usage")];
const CRITICAL: &[Reason] = &[path("certificate-critical-extension")];
const ISSUER_CRITICAL: &[Reason] = &[path("certificate-issuer-critical-extension")];
const OUTSIDE_WINDOW: &[Reason] = &[path("certificate-outside-authority-window")];
const NOT_VALID: &[Reason] = &[path("certificate-not-valid-at-signing")];
const UNKNOWN_ISSUER: &[Reason] = &[path("certificate-unknown-issuer")];
const INVALID_SIGNATURE: &[Reason] = &[path("certificate-signature-invalid")];
const NAME_CONSTRAINT: &[Reason] = &[path("certificate-name-constraint")];

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

/// Row 18: the CA's window closed before, or opened after, the attested time; its certificates are valid throughout.
#[test]
fn authority_not_trusted_at_signing() {
    rejected_in_both(&[
        ("closed a second before", |w, _| w.cas[0].valid_for.end = Some(w.time + 9), OUTSIDE_WINDOW),
        ("closed long before", |w, _| w.cas[0].valid_for.end = Some(w.time - 86_400), OUTSIDE_WINDOW),
        ("opens a second later", |w, _| w.cas[0].valid_for.start = Some(w.time + 11), OUTSIDE_WINDOW),
        ("opens long after", |w, _| w.cas[0].valid_for.start = Some(w.time + 86_400), OUTSIDE_WINDOW),
    ]);
    // Both ends are inside.
    accepted_in_both(&[
        ("ends now", |w, _| w.cas[0].valid_for.end = Some(w.time + 10)),
        ("starts now", |w, _| w.cas[0].valid_for.start = Some(w.time + 10)),
    ]);
}

/// Row 18: the window of another authority does not help, not even one of the same certificates' names.
#[test]
fn windows_are_not_pooled() {
    rejected_in_both(&[(
        "another authority is open",
        |w, _| {
            w.cas[0].valid_for.end = Some(w.time - 1);
            w.add_ca(KeyAlg::P384, 1);
            let names: Vec<_> = w.cas[0].chain.iter().map(|ca| ca.subject.clone()).collect();
            w.cas[1].chain.iter_mut().zip(names).for_each(|(ca, subject)| ca.subject = subject);
        },
        OUTSIDE_WINDOW,
    )]);
    accepted_in_both(&[("the same authority twice, once open", |w, _| {
        let open = w.cas[0].clone();
        w.cas[0].valid_for.end = Some(w.time - 1);
        w.cas.push(open);
    })]);
}

/// Row 19: a certificate of the way expired before, or becomes valid after, the attested time: intermediate, anchor or leaf
/// (CVE-2026-24122 looked at the leaf alone).
#[test]
fn certificate_not_valid_at_signing() {
    rejected_in_both(&[
        ("intermediate expired", |w, _| w.cas[0].chain[1].not_after = w.time + 9, NOT_VALID),
        ("intermediate not yet valid", |w, _| w.cas[0].chain[1].not_before = w.time + 11, NOT_VALID),
        ("root expired", |w, _| w.cas[0].chain[0].not_after = w.time + 9, NOT_VALID),
        ("root not yet valid", |w, _| w.cas[0].chain[0].not_before = w.time + 11, NOT_VALID),
        ("leaf expired", |w, s| s.leaf().certificate.not_after = w.time + 9, NOT_VALID),
        ("leaf not yet valid", |w, s| s.leaf().certificate.not_before = w.time + 11, NOT_VALID),
    ]);
    // Both ends are inside.
    accepted_in_both(&[
        ("intermediate expires", |w, _| w.cas[0].chain[1].not_after = w.time + 10),
        ("intermediate becomes valid", |w, _| w.cas[0].chain[1].not_before = w.time + 10),
        ("leaf expires", |w, s| s.leaf().certificate.not_after = w.time + 10),
        ("leaf becomes valid", |w, s| s.leaf().certificate.not_before = w.time + 10),
    ]);
}

/// Row 20: whatever closes or expires after signing takes nothing away: a retired instance verifies old artifacts, also when
/// the caller says how late it is.
#[test]
fn closed_after_signing() {
    let rows: [(&str, Edit); 6] = [
        ("CA", |w, _| w.cas[0].valid_for.end = Some(w.time + 10)),
        ("logs", |w, _| w.logs.iter_mut().for_each(|log| log.valid_for.end = Some(w.time + 10))),
        ("CT log", |w, _| w.ct_logs[0].valid_for.end = Some(w.time + 1)),
        ("TSA", |w, _| w.tsas[0].valid_for.end = Some(w.time + 10)),
        ("certificates", |w, _| {
            for certificate in w.cas.iter_mut().chain(&mut w.tsas).flat_map(|authority| &mut authority.chain) {
                certificate.not_after = w.time + 10;
            }
        }),
        ("everything", |w, _| {
            let end = Some(w.time + 10);
            w.cas.iter_mut().chain(&mut w.tsas).for_each(|authority| authority.valid_for.end = end);
            w.logs.iter_mut().for_each(|log| log.valid_for.end = end);
            w.ct_logs.iter_mut().for_each(|log| log.valid_for.end = end);
        }),
    ];
    for (name, edit) in rows {
        println!("{name}");
        for mut case in [message(edit), message_v2(edit)] {
            case.accepted();
            case.options["now"] = json!("2040-01-01T00:00:00Z");
            case.accepted();
        }
    }
}

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

fn subtree(world: &mut World, ca: usize, extension: Extension) {
    world.cas[0].chain[ca].extra_extensions.push(extension);
}

fn permitted(world: &mut World, name: GeneralName) {
    subtree(world, 1, Extension::permitted_subtrees(&[name]));
}

fn excluded(world: &mut World, name: GeneralName) {
    subtree(world, 1, Extension::excluded_subtrees(&[name]));
}

fn uri(host: &str) -> GeneralName {
    GeneralName::Uri(host.into())
}

fn email(base: &str) -> GeneralName {
    GeneralName::Email(base.into())
}

fn user(world: &World, spec: &mut BundleSpec) {
    *spec.leaf() = world.leaf(KeyAlg::P256).with_san(GeneralName::Username("ada!example.com".into()));
}

fn identity(spec: &mut BundleSpec, san: GeneralName) {
    *spec.leaf() = spec.leaf().clone().with_san(san);
}

/// Name constraints on URIs, on any CA of the way, critical or not (RFC 5280 §4.2.1.10).
#[test]
fn name_constraints_on_uris() {
    accepted_in_both(&[
        ("its host", |w, _| permitted(w, uri("github.com"))),
        ("its host in another case", |w, _| permitted(w, uri("GitHub.COM"))),
        ("its host among others", |w, _| {
            subtree(w, 1, Extension::permitted_subtrees(&[uri("example.com"), uri("github.com")]));
        }),
        ("another host excluded", |w, _| excluded(w, uri("example.com"))),
        ("hosts below it excluded", |w, _| excluded(w, uri(".github.com"))),
        // Constraints of other forms of name do not apply.
        ("emails permitted", |w, _| permitted(w, email("example.com"))),
        ("dNSNames permitted", |w, _| permitted(w, GeneralName::Dns("example.com".into()))),
        ("on the root", |w, _| subtree(w, 0, Extension::permitted_subtrees(&[uri("github.com")]))),
    ]);
    rejected_in_both(&[
        ("another host", |w, _| permitted(w, uri("example.com")), NAME_CONSTRAINT),
        ("a host it ends with", |w, _| permitted(w, uri("hub.com")), NAME_CONSTRAINT),
        ("a host it starts with", |w, _| permitted(w, uri("github.com.example.com")), NAME_CONSTRAINT),
        ("hosts below it", |w, _| permitted(w, uri(".github.com")), NAME_CONSTRAINT),
        ("nothing", |w, _| permitted(w, uri("")), NAME_CONSTRAINT),
        ("excluded", |w, _| excluded(w, uri("github.com")), NAME_CONSTRAINT),
        ("excluded in another case", |w, _| excluded(w, uri("GITHUB.com")), NAME_CONSTRAINT),
        ("all below .com excluded", |w, _| excluded(w, uri(".com")), NAME_CONSTRAINT),
        (
            "permitted and excluded",
            |w, _| {
                permitted(w, uri("github.com"));
                subtree(w, 0, Extension::excluded_subtrees(&[uri("github.com")]));
            },
            NAME_CONSTRAINT,
        ),
        (
            "not critical",
            |w, _| {
                let mut extension = Extension::permitted_subtrees(&[uri("example.com")]);
                extension.critical = false;
                subtree(w, 1, extension);
            },
            NAME_CONSTRAINT,
        ),
        ("on the root", |w, _| subtree(w, 0, Extension::permitted_subtrees(&[uri("example.com")])), NAME_CONSTRAINT),
    ]);
}

/// The host of a URI is what a URI parser takes for it, and a URI without one cannot be judged.
#[test]
fn name_constraints_see_the_true_host() {
    for (san, accepted) in [
        ("https://github.com", true),
        ("https://GITHUB.com:443/acme", true),
        ("https://someone@github.com/acme", true),
        ("https://github.com@evil.example/acme", false),
        ("https://github.com:x@evil.example/acme", false),
        ("https://evil.example/github.com", false),
        ("https://evil.example?github.com", false),
        ("https://evil.example#@github.com", false),
        ("https://github.com.evil.example/", false),
        ("https:github.com", false),
        ("github.com", false),
        ("https:///github.com", false),
        ("https://[github.com]/", false),
    ] {
        println!("{san}");
        let case = message(|world, spec| {
            permitted(world, uri("github.com"));
            identity(spec, uri(san));
        })
        .signer(json!({ "issuer": ISSUER, "identity": san }));
        if accepted {
            case.accepted()
        } else {
            case.rejected(NAME_CONSTRAINT)
        };
    }
}

/// Name constraints on email addresses, and on forms that cannot be judged.
#[test]
fn name_constraints_on_other_names() {
    for (base, accepted) in [
        ("example.com", true),
        ("EXAMPLE.com", true),
        ("ada@example.com", true),
        ("ada@EXAMPLE.com", true),
        ("Ada@example.com", false),
        ("bob@example.com", false),
        (".example.com", false),
        ("ample.com", false),
        ("com", false),
    ] {
        println!("{base}");
        let made = |edit: fn(&mut World, GeneralName)| {
            message(|world, spec| {
                edit(world, email(base));
                *spec.leaf() = world.leaf(KeyAlg::P256).with_email("ada@example.com", ISSUER);
            })
            .signer(json!({ "issuer": ISSUER, "identity": "ada@example.com" }))
        };
        let (inside, outside) =
            if accepted { (made(permitted), made(excluded)) } else { (made(excluded), made(permitted)) };
        inside.accepted();
        outside.rejected(NAME_CONSTRAINT);
    }
    // otherName constraints are refused where they would apply.
    let other_name = || GeneralName::Username("example.com".into());
    for edit in [permitted, excluded] {
        message(|world, spec| {
            edit(world, other_name());
            user(world, spec);
        })
        .signer(json!({ "issuer": ISSUER, "identity": "ada!example.com" }))
        .rejected(NAME_CONSTRAINT);
        message(|world, _| edit(world, other_name())).accepted();
    }
    // Directory names constrain the subject, which Fulcio leaves empty.
    let directory = || GeneralName::Raw(der::context(4, &name("box.test", "builders")));
    message(|world, _| excluded(world, directory())).accepted();
    message(|world, spec| {
        excluded(world, directory());
        spec.leaf().certificate.subject = name("box.test", "ada");
    })
    .rejected(NAME_CONSTRAINT);
    // minimum and maximum mean nothing in PKIX.
    message(|world, _| {
        let base = [uri("github.com").to_der(), der::context_primitive(0, &[1])];
        let subtrees = der::seq(&[der::context(0, &der::seq(&base))]);
        subtree(world, 1, Extension::new("2.5.29.30", true, subtrees));
    })
    .rejected(NAME_CONSTRAINT);
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
