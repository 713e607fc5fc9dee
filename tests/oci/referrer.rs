//! What refers to an image, where it is found, and where the bundle is in it.

use admissible::format::oci::descriptor::Descriptor;
use admissible::format::oci::digest::{ContentDigest, ContentError};
use admissible::format::oci::evidence::Evidence;
use admissible::format::oci::referrer::{
    Attached, BUNDLE_CONTENT, BUNDLE_PREDICATE_TYPE, BundleLayerError, COSIGN_SIGNATURE_ARTIFACT, Referrer,
    ReferrerError, cosign_tag, fallback_tag,
};
use admissible::format::oci::{DocumentError, Manifest};
use serde_json::{Value, json};

use crate::{
    BUNDLE, CONFIG, INDEX, LAYER, MANIFEST, describe, describe_with, descriptor, digest_of, index, manifest,
    read_index, read_manifest, set, sha256, text,
};

/// A bundle's referrer, as cosign 3 writes it.
fn bundle_referrer() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": BUNDLE,
        "config": describe("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [describe(BUNDLE, b"bundle")],
        "subject": describe(MANIFEST, b"image"),
        "annotations": { BUNDLE_CONTENT: "dsse-envelope", BUNDLE_PREDICATE_TYPE: "https://slsa.dev/provenance/v1" },
    })
}

fn read(value: &Value) -> Result<Referrer, ReferrerError> {
    let bytes = text(value);
    let media_type = value["mediaType"].as_str().expect("a media type");
    Referrer::read(&descriptor(media_type, &bytes), &bytes, &digest_of(b"image"))
}

#[test]
fn a_bundle_is_found() {
    let found = read(&bundle_referrer()).expect("a referrer");
    assert_eq!(found.bundle(), Ok(&descriptor(BUNDLE, b"bundle")));
    assert_eq!((found.image(), found.document().artifact_type()), (&digest_of(b"image"), Some(BUNDLE)));

    // The older way to write the media type, and a type that is only that of the configuration.
    let older = "application/vnd.dev.sigstore.bundle+json;version=0.2";
    let mut value = bundle_referrer();
    set(
        &mut value,
        &json!({ "artifactType": null, "config": describe(older, b"{}"), "layers": [describe(older, b"b")] }),
    );
    assert_eq!(read(&value).expect("a referrer").bundle(), Ok(&descriptor(older, b"b")));
}

#[test]
fn the_subject_is_the_image() {
    let with = |subject: Value| {
        let mut value = bundle_referrer();
        value["subject"] = subject;
        read(&value)
    };
    assert_eq!(with(Value::Null), Err(ReferrerError::NoSubject));
    let (expected, found) = (digest_of(b"image"), digest_of(b"another"));
    assert_eq!(with(describe(MANIFEST, b"another")), Err(ReferrerError::OtherSubject { expected, found }));
    // Another document than the one listed.
    let bytes = text(&bundle_referrer());
    let found = Referrer::read(&descriptor(MANIFEST, b""), &bytes, &digest_of(b"image"));
    assert!(matches!(found, Err(ReferrerError::Document(DocumentError::Content(ContentError::Size { .. })))));
    // An index can refer as well.
    let mut value = index(&[]);
    set(&mut value, &json!({ "subject": describe(MANIFEST, b"image"), "artifactType": BUNDLE }));
    let found = read(&value).expect("a referrer");
    assert_eq!((found.document().artifact_type(), found.bundle()), (Some(BUNDLE), Err(BundleLayerError::NotAManifest)));
}

#[test]
fn a_bundle_is_the_one_layer() {
    let with = |members: &Value| {
        let mut value = bundle_referrer();
        set(&mut value, members);
        read(&value).expect("a referrer").bundle().cloned()
    };
    let other_type = |found: &str| Err(BundleLayerError::ArtifactType { found: found.to_string() });
    assert_eq!(with(&json!({ "artifactType": "a/b" })), other_type("a/b"));
    let near = "application/vnd.dev.sigstore.bundles";
    assert_eq!(with(&json!({ "artifactType": near })), other_type(near));
    assert_eq!(with(&json!({ "artifactType": null, "config": describe(CONFIG, b"{}") })), other_type(CONFIG));
    let layer = describe(BUNDLE, b"bundle");
    assert_eq!(with(&json!({ "layers": [] })), Err(BundleLayerError::LayerCount { found: 0 }));
    assert_eq!(with(&json!({ "layers": [layer, layer] })), Err(BundleLayerError::LayerCount { found: 2 }));
    let expected = Err(BundleLayerError::LayerType { found: LAYER.to_string() });
    assert_eq!(with(&json!({ "layers": [describe(LAYER, b"bundle")] })), expected);
}

#[test]
fn lists_are_filtered_here() {
    let listed = |artifact_type: &str| describe_with(MANIFEST, b"m", &json!({ "artifactType": artifact_type }));
    let found = read_index(&index(&[listed(BUNDLE), listed("a/b"), describe(MANIFEST, b"m"), listed(BUNDLE)]));
    assert_eq!(found.bundles().count(), 2);
    assert_eq!(found.of_artifact_type("a/b").collect::<Vec<_>>(), [&found.manifests[1]]);
    assert_eq!(found.of_artifact_type(COSIGN_SIGNATURE_ARTIFACT).count(), 0);
    assert_eq!(read_index(&json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] })).bundles().count(), 0);
}

#[test]
fn tags_of_digests() {
    let hex = &sha256(b"image")["sha256:".len()..];
    let image = digest_of(b"image");
    assert_eq!(fallback_tag(&image), format!("sha256-{hex}"));
    assert_eq!(cosign_tag(&image, Attached::Signatures), Some(format!("sha256-{hex}.sig")));
    assert_eq!(cosign_tag(&image, Attached::Attestations), Some(format!("sha256-{hex}.att")));
    assert_eq!(cosign_tag(&image, Attached::Sbom), Some(format!("sha256-{hex}.sbom")));
    // The examples of the distribution specification, and longer ones.
    let parse = |text: &str| ContentDigest::parse(text).expect("a digest");
    let sha512 = format!("sha512:{hex}{hex}");
    assert_eq!(fallback_tag(&parse(&sha512)), format!("sha512-{hex}"));
    assert_eq!(cosign_tag(&parse(&sha512), Attached::Signatures), None);
    assert_eq!(
        fallback_tag(&parse(
            "test+algorithm+using+algorithm+separators+and+lots+of+characters+to+excercise+overall+truncation:alsoSome=InTheEncodedSectionToShowHyphenReplacementAndLotsAndLotsOfCharactersToExcerciseEncodedTruncation"
        )),
        "test-algorithm-using-algorithm-s-alsoSome-InTheEncodedSectionToShowHyphenReplacementAndLotsAndLot"
    );
}

#[test]
fn layers_that_are_evidence() {
    let signature = "application/vnd.dev.cosign.simplesigning.v1+json";
    let envelope = "application/vnd.dsse.envelope.v1+json";
    let statement = "application/vnd.in-toto+json";
    let types = [LAYER, signature, envelope, statement, BUNDLE];
    let mut value = manifest();
    value["layers"] = types.iter().map(|media_type| describe(media_type, b"layer")).collect();
    let found: Manifest = read_manifest(&value);
    let [_, one, two, three, four]: &[Descriptor; 5] = found.layers.as_slice().try_into().expect("five layers");
    let expected =
        [Evidence::Signature(one), Evidence::Attestation(two), Evidence::Statement(three), Evidence::Bundle(four)];
    assert_eq!(found.evidence().collect::<Vec<_>>(), expected);
    assert_eq!(found.evidence().map(|evidence| evidence.layer()).collect::<Vec<_>>(), [one, two, three, four]);
    assert_eq!(found.unsigned_statements().collect::<Vec<_>>(), [three]);
}
