//! Whatever the bytes are, reading them ends, and what is read holds together.

use admissible::format::oci::digest::ContentDigest;
use admissible::format::oci::membership::Membership;
use admissible::format::oci::platform::Platform;
use admissible::format::oci::reference::ImageReference;
use admissible::format::oci::{Document, OciError, OciErrorKind};
use admissible::limits::MAX_QUOTED_CHARS;
use serde_json::json;

use crate::{BUNDLE, MANIFEST, describe, describe_with, index, manifest, set, text};

/// Every text of up to `length` of these pieces.
fn texts(pieces: &[&str], length: usize) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut last = found.clone();
    for _ in 0..length {
        last = last.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
        found.extend(last.iter().cloned());
    }
    found
}

#[test]
fn names_that_are_read_come_out_as_they_went_in() {
    let mut read = 0;
    for text in texts(&["a", "A", "0", ".", ":", "/", "@", "-", "_", "[", "]", "é"], 5) {
        if let Ok(found) = ImageReference::parse(&text) {
            assert_eq!(found.to_string(), text);
            read += 1;
        }
        if let Ok(found) = ContentDigest::parse(&text) {
            assert_eq!(found.to_string(), text);
        }
        if let Some(found) = Platform::from_name(&text) {
            assert!(found.is_for(&found));
        }
    }
    assert!(read > 1000, "only {read}");
}

/// A document with everything in it.
fn documents() -> [Vec<u8>; 2] {
    let annotations = json!({ "annotations": { "vnd.docker.reference.type": "attestation-manifest" } });
    let platform =
        json!({ "platform": { "os": "linux", "architecture": "arm", "variant": "v7", "os.features": ["x"] } });
    let mut value = manifest();
    set(&mut value, &json!({ "artifactType": BUNDLE, "subject": describe(MANIFEST, b"image") }));
    let listed = [describe_with(MANIFEST, b"one", &platform), describe_with(MANIFEST, b"two", &annotations)];
    [text(&value), text(&index(&listed))]
}

/// Reads, and asks everything that can be asked.
fn ask(bytes: &[u8]) -> Result<(), OciError> {
    let document = Document::read(bytes, None)?;
    let wanted = Platform::from_name("linux/arm").expect("a platform");
    match &document {
        Document::Manifest(manifest) => {
            assert!(manifest.evidence().count() <= manifest.layers.len());
            assert!(manifest.bundle().is_ok() || manifest.bundle().unwrap_err().to_string().starts_with("expected"));
        }
        Document::Index(index) => {
            assert!(index.attestations().count() <= index.manifests.len());
            let [digest, _] = ContentDigest::all_of(bytes);
            let found = Membership::of_platform(digest.known().expect("sha256"), bytes, &wanted, &|_| None);
            let first = index.for_platform(&wanted);
            assert_eq!(
                found.ok().as_ref().map(Membership::descriptor),
                first.filter(|first| first.digest.known().is_some())
            );
        }
    }
    Ok(())
}

#[test]
fn altered_bytes_do_no_harm() {
    let (mut read, mut refused) = (0, 0);
    for bytes in documents() {
        assert_eq!(ask(&bytes), Ok(()));
        let cut = (0..bytes.len()).map(|length| bytes[..length].to_vec());
        let altered = (0..bytes.len()).flat_map(|at| {
            let bytes = &bytes;
            [0, b'"', b'{', b'0', b'A', 0xff].into_iter().map(move |byte| {
                let mut altered = bytes.clone();
                altered[at] = byte;
                altered
            })
        });
        for altered in cut.chain(altered) {
            match ask(&altered) {
                Ok(()) => read += 1,
                Err(error) => {
                    let sentence = error.to_string();
                    let is_of_digest = matches!(error.kind, OciErrorKind::Digest(_));
                    assert!(is_of_digest || sentence.starts_with("expected"), "{sentence}");
                    assert!(sentence.is_ascii() && sentence.len() < MAX_QUOTED_CHARS * 3, "{sentence}");
                    refused += 1;
                }
            }
        }
    }
    assert!(read > 100 && refused > 1000, "{read} read, {refused} refused");
}
