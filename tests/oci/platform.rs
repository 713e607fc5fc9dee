//! Which image is for which platform.

use admissible::format::oci::platform::Platform;
use serde_json::json;

use crate::{MANIFEST, describe, describe_with, digest_of, index, read_index};

fn named(name: &str) -> Platform {
    Platform::from_name(name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn spellings_of_one_platform() {
    for (one, other) in [
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/aarch64", "linux/arm64/8"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/armhf", "linux/arm/7"),
        ("linux/armel", "linux/arm/6"),
        ("linux/arm/v5", "linux/arm/5"),
        ("linux/arm/v8", "linux/arm/8"),
        ("linux/amd64", "linux/amd64/v1"),
        ("Linux/X86_64", "linux/amd64"),
        ("linux/i386", "linux/386"),
        ("macos/arm64", "darwin/arm64"),
    ] {
        assert!(named(one).is_for(&named(other)) && named(other).is_for(&named(one)), "{one}");
    }
    for (one, other) in [
        ("linux/arm", "linux/arm/v6"),
        ("linux/amd64", "linux/amd64/v2"),
        ("linux/arm64", "linux/arm/v8"),
        ("linux/amd64", "windows/amd64"),
        ("linux/riscv64", "linux/riscv64/v8"),
    ] {
        assert!(!named(one).is_for(&named(other)) && !named(other).is_for(&named(one)), "{one}");
    }
    let windows = Platform { os_version: Some("10.0".to_string()), ..named("windows/amd64") };
    assert!(windows.is_for(&named("windows/amd64")));
    assert!(!named("windows/amd64").is_for(&windows));
}

#[test]
fn names_have_two_or_three_parts() {
    for name in ["", "linux", "linux/", "/amd64", "linux/arm/", "linux/arm/v7/x"] {
        assert_eq!(Platform::from_name(name), None, "{name}");
    }
}

#[test]
fn the_first_is_taken() {
    let on = |bytes: &[u8], os: &str, members: serde_json::Value| {
        let mut listed = describe_with(MANIFEST, bytes, &json!({ "platform": { "os": os, "architecture": "arm64" } }));
        crate::set(&mut listed, &members);
        listed
    };
    let attestation = json!({ "annotations": { "vnd.docker.reference.type": "attestation-manifest" } });
    let found = read_index(&index(&[
        describe(MANIFEST, b"for none"),
        on(b"windows", "windows", json!({})),
        on(b"first", "linux", attestation),
        on(b"second", "linux", json!({})),
    ]));
    let found = |name: &str| found.for_platform(&named(name)).map(|found| found.digest.clone());
    // Also when it says that it is an attestation: who runs the image by its platform runs that one.
    assert_eq!(found("linux/arm64/v8"), Some(digest_of(b"first")));
    assert_eq!(found("windows/arm64"), Some(digest_of(b"windows")));
    assert_eq!(found("linux/amd64"), None);
}
