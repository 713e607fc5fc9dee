//! Names of images.

use admissible::format::oci::digest::ContentDigestError;
use admissible::format::oci::reference::{ImageReference, ReferenceError};
use admissible::limits::{MAX_IMAGE_NAME_BYTES, MAX_TAG_BYTES};

use crate::{digest_of, sha256};

/// Registry, repository and tag; a name without digest must come out as it went in.
fn parts(text: &str) -> (Option<String>, String, Option<String>) {
    let found = ImageReference::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(found.to_string(), text);
    assert_eq!(found.pinned(), None);
    (found.registry, found.repository, found.tag)
}

fn refused(text: &str) -> ReferenceError {
    ImageReference::parse(text).expect_err(text)
}

#[test]
fn names_are_taken_apart() {
    let expected = |registry: &str, repository: &str, tag: &str| {
        let present = |part: &str| Some(part.to_string()).filter(|part| !part.is_empty());
        (present(registry), repository.to_string(), present(tag))
    };
    for (text, registry, repository, tag) in [
        ("ubuntu", "", "ubuntu", ""),
        ("ubuntu:22.04", "", "ubuntu", "22.04"),
        ("library/ubuntu", "", "library/ubuntu", ""),
        ("ghcr.io/acme/app:v1", "ghcr.io", "acme/app", "v1"),
        ("localhost/app", "localhost", "app", ""),
        ("localhost:5000/app", "localhost:5000", "app", ""),
        ("registry:5000/a/b/c:latest", "registry:5000", "a/b/c", "latest"),
        ("localhost:5000", "", "localhost", "5000"),
        ("Registry/app", "Registry", "app", ""),
        ("127.0.0.1:80/app", "127.0.0.1:80", "app", ""),
        ("[::1]:5000/app:v1", "[::1]:5000", "app", "v1"),
        ("[2001:db8::1]/app", "[2001:db8::1]", "app", ""),
        ("a.b/my--app_x__y.z/0", "a.b", "my--app_x__y.z/0", ""),
        ("app:_A.b-C", "", "app", "_A.b-C"),
    ] {
        assert_eq!(parts(text), expected(registry, repository, tag), "{text}");
    }
}

#[test]
fn only_a_digest_pins() {
    let text = format!("ghcr.io/acme/app:v1@{}", sha256(b"image"));
    let found = ImageReference::parse(&text).expect("a reference");
    assert_eq!(found.pinned(), digest_of(b"image").known());
    assert_eq!((found.tag.as_deref(), found.to_string()), (Some("v1"), text));
    // A digest that nobody can check pins nothing.
    let found = ImageReference::parse("app@x:0").expect("a reference");
    assert_eq!((found.pinned(), found.to_string()), (None, "app@x:0".to_string()));
}

#[test]
fn other_texts_name_no_image() {
    let repository = |found: &str| ReferenceError::Repository { found: found.to_string() };
    for found in ["", "App", "a//b", "/a", "a/", "a/B", "-a", "a-", "a..b", "a___b", "a._b", "a b", "é", "a\u{430}"] {
        assert_eq!(refused(found), repository(found), "{found}");
    }
    assert_eq!(refused("ghcr.io/"), repository(""));
    assert_eq!(refused("https://ghcr.io/acme/app"), ReferenceError::Registry { found: "https:".to_string() });
    for found in ["a..b", ".a", "a-.b", "a.b:", "a.b:x", "a.b:123456", "[::g]", "[::1]x", "a.b:1:2", "A_b", "a.é"] {
        assert_eq!(refused(&format!("{found}/app")), ReferenceError::Registry { found: found.to_string() }, "{found}");
    }
    for found in ["", ".a", "-a", "a b", "é", &"a".repeat(MAX_TAG_BYTES + 1)] {
        assert_eq!(refused(&format!("app:{found}")), ReferenceError::Tag { found: found.to_string() }, "{found}");
    }
    assert!(ImageReference::parse(&format!("app:{}", "a".repeat(MAX_TAG_BYTES))).is_ok());
    let id = &sha256(b"")["sha256:".len()..];
    assert_eq!(refused(id), ReferenceError::ImageId);
    assert!(ImageReference::parse(&format!("ghcr.io/{id}")).is_ok());
    let grammar = |found: &str| ReferenceError::Digest(ContentDigestError::Grammar { found: found.to_string() });
    assert_eq!(refused("app@"), grammar(""));
    assert_eq!(refused("app@a:0@b:0"), grammar("a:0@b:0"));
    assert!(matches!(refused("app@sha256:00"), ReferenceError::Digest(ContentDigestError::Encoded(_))));
    let found = MAX_IMAGE_NAME_BYTES + 1;
    assert_eq!(refused(&"a".repeat(found)), ReferenceError::TooLong { found });
    assert!(ImageReference::parse(&"a".repeat(MAX_IMAGE_NAME_BYTES)).is_ok());
}
