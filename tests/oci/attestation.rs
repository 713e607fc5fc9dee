//! What BuildKit keeps beside the images of an index.

use admissible::crypto::HashAlgorithm;
use admissible::format::oci::attestation::{ATTESTATION_ARTIFACT_TYPE, Attestation, AttestationError, AttestedError};
use admissible::format::oci::descriptor::Descriptor;
use admissible::format::oci::digest::ContentError;
use admissible::format::oci::{DocumentError, Index};
use admissible_box::dsse::{STATEMENT_V1, statement, subject};
use serde_json::{Value, json};

use crate::{INDEX, MANIFEST, describe, describe_with, digest_of, index, manifest, read_index, set, sha256, text};

const IN_TOTO: &str = "application/vnd.in-toto+json";
const PREDICATE: &str = "https://slsa.dev/provenance/v1";

/// The statement about the image.
fn provenance() -> Vec<u8> {
    text(&statement(&[subject("image", &text(&manifest()))], PREDICATE, &json!({})))
}

fn attestation_manifest() -> Value {
    let annotations = json!({ "annotations": { "in-toto.io/predicate-type": PREDICATE } });
    let mut value = manifest();
    value["layers"] = json!([describe_with(IN_TOTO, &provenance(), &annotations)]);
    value
}

/// How an attestation manifest is listed that says it is about this.
fn listed(bytes: &[u8], reference: &str) -> Value {
    describe_with(
        MANIFEST,
        bytes,
        &json!({
            "platform": { "os": "unknown", "architecture": "unknown" },
            "annotations": {
                "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": reference,
            },
        }),
    )
}

/// The index of an image, and this beside it.
fn with(attestation: &Value) -> Index {
    let platform = json!({ "platform": { "os": "linux", "architecture": "amd64" } });
    let image = describe_with(MANIFEST, &text(&manifest()), &platform);
    read_index(&index(&[image, attestation.clone()]))
}

fn image() -> String {
    sha256(&text(&manifest()))
}

fn only(index: &Index) -> Result<Attestation<'_>, AttestationError> {
    let mut found = index.attestations();
    let first = found.next().expect("an attestation");
    assert!(found.next().is_none());
    first
}

#[test]
fn an_image_is_attested() {
    let mut artifact = attestation_manifest();
    set(
        &mut artifact,
        &json!({ "artifactType": ATTESTATION_ARTIFACT_TYPE, "subject": describe(MANIFEST, &text(&manifest())) }),
    );
    for attesting in [text(&attestation_manifest()), text(&artifact)] {
        let index = with(&listed(&attesting, &image()));
        let found = only(&index).expect("an attestation");
        assert_eq!((found.manifest(), found.image()), (&index.manifests[1], &index.manifests[0]));
        let manifest = found.read(&attesting).expect("a manifest");
        let layers: Vec<&Descriptor> = manifest.unsigned_statements().collect();
        let [layer] = layers.as_slice() else { panic!("{layers:?}") };
        let statement = found.statement(layer, &provenance()).expect("a statement");
        assert_eq!((statement.statement_type.as_str(), statement.predicate_type.as_str()), (STATEMENT_V1, PREDICATE));
        let digest = statement.subjects[0].digest(HashAlgorithm::Sha256);
        assert_eq!(digest, found.image().digest.known());
    }
    assert_eq!(with(&describe(MANIFEST, b"no attestation")).attestations().count(), 0);
}

#[test]
fn what_is_listed_wrong() {
    let refused = |value: &Value| only(&with(value)).expect_err("refused");
    let attesting = text(&attestation_manifest());
    let mut value = listed(&attesting, "");
    assert_eq!(refused(&value), AttestationError::Reference { found: String::new() });
    value["annotations"].as_object_mut().expect("an object").remove("vnd.docker.reference.digest");
    assert_eq!(refused(&value), AttestationError::NoReference);
    let digest = digest_of(b"elsewhere");
    assert_eq!(refused(&listed(&attesting, &digest.to_string())), AttestationError::NotListed { digest });
    let digest = digest_of(&attesting);
    assert_eq!(refused(&listed(&attesting, &digest.to_string())), AttestationError::OfAttestation { digest });
    let mut value = listed(&attesting, &image());
    value["platform"]["os"] = json!("linux");
    let error = refused(&value);
    assert!(matches!(&error, AttestationError::Platform { found } if found.os == "linux"), "{error}");
}

#[test]
fn a_wrong_one_hides_no_other() {
    let attesting = text(&attestation_manifest());
    let mut value =
        index(&[listed(&attesting, ""), describe(MANIFEST, &text(&manifest())), listed(&attesting, &image())]);
    let found: Vec<bool> = read_index(&value).attestations().map(|found| found.is_ok()).collect();
    assert_eq!(found, [false, true]);
    value["manifests"] = json!([]);
    assert_eq!(read_index(&value).attestations().count(), 0);
}

#[test]
fn what_is_attested_wrong() {
    let attesting = text(&attestation_manifest());
    let index = with(&listed(&attesting, &image()));
    let found = only(&index).expect("an attestation");
    let manifest = found.read(&attesting).expect("a manifest");
    let error = found.read(b"other").unwrap_err();
    assert!(matches!(error, AttestedError::Document(DocumentError::Content(ContentError::Size { .. }))), "{error}");
    let error = found.statement(&manifest.layers[0], b"other").unwrap_err();
    assert!(matches!(error, AttestedError::Content(ContentError::Size { .. })), "{error}");

    let read =
        |attesting: &Value| only(&with(&listed(&text(attesting), &image()))).expect("listed").read(&text(attesting));
    let mut value = attestation_manifest();
    value["subject"] = describe(MANIFEST, b"another");
    let (expected, found) = (digest_of(&text(&crate::manifest())), digest_of(b"another"));
    assert_eq!(read(&value), Err(AttestedError::OtherSubject { expected, found }));
    let nested = text(&crate::index(&[]));
    let mut value = listed(&nested, &image());
    value["mediaType"] = json!(INDEX);
    assert_eq!(only(&with(&value)).expect("listed").read(&nested), Err(AttestedError::NotAManifest));
}

#[test]
fn a_statement_is_about_the_image() {
    let read = |bytes: &[u8], predicate_type: &str| {
        let annotations = json!({ "annotations": { "in-toto.io/predicate-type": predicate_type } });
        let layer = read_index(&crate::index(&[describe_with(IN_TOTO, bytes, &annotations)])).manifests.remove(0);
        let attesting = text(&attestation_manifest());
        only(&with(&listed(&attesting, &image()))).expect("listed").statement(&layer, bytes)
    };
    assert!(read(&provenance(), PREDICATE).is_ok());
    let (expected, found) = ("https://spdx.dev/Document".to_string(), PREDICATE.to_string());
    let error = read(&provenance(), &expected).unwrap_err();
    assert_eq!(error, AttestedError::PredicateType { expected, found });
    let other = text(&statement(&[subject("image", b"another")], PREDICATE, &json!({})));
    assert_eq!(read(&other, PREDICATE), Err(AttestedError::NotAbout { image: digest_of(&text(&manifest())) }));
    assert!(matches!(read(b"{}", PREDICATE), Err(AttestedError::Statement(_))));
}
