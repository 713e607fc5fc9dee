//! Name constraints of the CAs on the way (RFC 5280 §4.2.1.10).

use admissible_box::bundle::BundleSpec;
use admissible_box::certificate::{Extension, GeneralName, name};
use admissible_box::der;
use admissible_box::fulcio::ISSUER;
use admissible_box::keys::KeyAlg;
use admissible_box::world::World;
use serde_json::json;

use super::path;
use crate::edited::{Reason, accepted_in_both, message, rejected_in_both};

const NAME_CONSTRAINT: &[Reason] = &[path("certificate-name-constraint")];

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
