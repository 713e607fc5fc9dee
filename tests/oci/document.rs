//! Manifests and indexes: what is read and what is refused.

use admissible::encoding::json::{JsonError, ShapeErrorKind};
use admissible::format::oci::digest::{ContentDigestError, ContentError};
use admissible::format::oci::{Document, DocumentError, DocumentType, OciErrorKind};
use admissible::limits::{MAX_ANNOTATIONS, MAX_OCI_DESCRIPTORS, MAX_OCI_DOCUMENT_BYTES};
use admissible_box::b64;
use serde_json::{Value, json};

use crate::{
    BUNDLE, CONFIG, INDEX, LAYER, MANIFEST, describe, describe_with, descriptor, index, manifest, read, read_index,
    read_manifest, set, text,
};

const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// The rule that a document breaks, and where.
fn refused(value: &Value) -> (String, OciErrorKind) {
    let error = read(value).unwrap_err();
    error.into_parts()
}

/// A manifest with one member set.
fn manifest_with(name: &str, value: Value) -> Value {
    let mut manifest = manifest();
    manifest[name] = value;
    manifest
}

#[test]
fn a_manifest_is_read() {
    let layer =
        describe_with(LAYER, b"layer", &json!({ "annotations": { "a": "b" }, "urls": ["https://example.com"] }));
    let subject = describe(MANIFEST, b"image");
    let mut value = manifest_with("layers", json!([layer, layer]));
    set(&mut value, &json!({ "artifactType": BUNDLE, "subject": subject, "annotations": { "c": "d" }, "x-other": 1 }));
    let found = read_manifest(&value);
    assert_eq!(found.document_type, DocumentType::OciManifest);
    assert_eq!((found.config.media_type.as_str(), found.config.size), (CONFIG, 2));
    assert_eq!(found.layers.len(), 2);
    assert_eq!(found.layers[1].annotation("a"), Some("b"));
    assert_eq!(found.annotations.get("c").map(String::as_str), Some("d"));
    assert_eq!(found.subject, Some(descriptor(MANIFEST, b"image")));
    assert_eq!(found.artifact_type(), BUNDLE);
    // Without, the type of the configuration stands for it.
    assert_eq!(read_manifest(&manifest()).artifact_type(), CONFIG);
    assert_eq!(read_manifest(&manifest_with("artifactType", json!(""))).artifact_type(), CONFIG);
}

#[test]
fn an_index_is_read() {
    let platform = json!({ "os": "windows", "architecture": "arm", "variant": "v6", "os.version": "10.0", "os.features": ["win32k"] });
    let mut value = index(&[describe_with(MANIFEST, b"m", &json!({ "platform": platform, "artifactType": BUNDLE }))]);
    set(&mut value, &json!({ "artifactType": "a/b", "subject": describe(MANIFEST, b"image") }));
    let found = read_index(&value);
    assert_eq!((found.document_type, found.artifact_type.as_deref()), (DocumentType::OciIndex, Some("a/b")));
    assert_eq!(found.subject, Some(descriptor(MANIFEST, b"image")));
    assert_eq!(found.manifests[0].artifact_type.as_deref(), Some(BUNDLE));
    let platform = found.manifests[0].platform.as_ref().expect("a platform");
    assert_eq!(platform.to_string(), "`windows/arm/v6/10.0`");
    assert_eq!(platform.os_features, ["win32k"]);
}

#[test]
fn lists_of_nothing_may_be_null() {
    assert_eq!(read_index(&json!({ "schemaVersion": 2, "manifests": null })).manifests, []);
    assert_eq!(read_manifest(&manifest_with("layers", Value::Null)).layers, []);
}

#[test]
fn docker_documents_are_read() {
    let found = read_manifest(&manifest_with("mediaType", json!(DOCKER_MANIFEST)));
    assert_eq!(found.document_type, DocumentType::DockerManifest);
    let mut list = index(&[]);
    list["mediaType"] = json!(DOCKER_LIST);
    assert_eq!(read_index(&list).document_type, DocumentType::DockerList);
}

#[test]
fn the_media_type_is_the_one_announced() {
    let other = |expected: &str, found: &str| {
        let kind = OciErrorKind::OtherMediaType { expected: expected.to_string(), found: found.to_string() };
        ("/mediaType".to_string(), kind)
    };
    let read = |value: &Value, expected: &str| {
        Document::read(&text(value), Some(expected)).map_err(|error| error.into_parts())
    };
    assert!(read(&manifest(), MANIFEST).is_ok());
    assert_eq!(read(&manifest(), INDEX), Err(other(INDEX, MANIFEST)));
    assert_eq!(read(&manifest(), DOCKER_MANIFEST), Err(other(DOCKER_MANIFEST, MANIFEST)));
    assert_eq!(read(&manifest(), "application/json"), Err(other("application/json", MANIFEST)));

    // A document that does not say what it is, is what it was announced as, and must look like it.
    let mut silent = manifest();
    silent.as_object_mut().expect("an object").remove("mediaType");
    let found = read(&silent, DOCKER_MANIFEST);
    assert!(matches!(found, Ok(Document::Manifest(found)) if found.document_type == DocumentType::DockerManifest));
    let kind = OciErrorKind::OtherKind { media_type: DocumentType::OciIndex, found: "layers" };
    assert_eq!(read(&silent, INDEX), Err((String::new(), kind)));
    let kind = OciErrorKind::UnknownMediaType { found: "application/json".to_string() };
    assert_eq!(read(&silent, "application/json"), Err((String::new(), kind)));
}

/// CVE-2021-41190: what is an image to one client and a list to another.
#[test]
fn a_document_is_one_thing() {
    let ambiguous = |one, other| (String::new(), OciErrorKind::Ambiguous { one, other });
    assert_eq!(refused(&manifest_with("manifests", json!([]))), ambiguous("layers", "manifests"));
    assert_eq!(refused(&manifest_with("manifests", Value::Null)), ambiguous("layers", "manifests"));
    assert_eq!(refused(&manifest_with("fsLayers", json!([]))), ambiguous("layers", "fsLayers"));
    let mut value = index(&[]);
    value["config"] = describe(CONFIG, b"{}");
    assert_eq!(refused(&value), ambiguous("config", "manifests"));

    let kind = OciErrorKind::OtherKind { media_type: DocumentType::OciIndex, found: "layers" };
    assert_eq!(refused(&manifest_with("mediaType", json!(INDEX))), (String::new(), kind));
    let mut value = index(&[]);
    value["mediaType"] = json!(DOCKER_MANIFEST);
    let kind = OciErrorKind::OtherKind { media_type: DocumentType::DockerManifest, found: "manifests" };
    assert_eq!(refused(&value), (String::new(), kind));
    assert_eq!(refused(&json!({ "schemaVersion": 2 })), (String::new(), OciErrorKind::NoContent));
}

#[test]
fn names_that_others_take_for_a_field_are_refused() {
    for (name, field) in [("Manifests", "manifests"), ("MEDIATYPE", "mediaType"), ("manife\u{17f}ts", "manifests")] {
        let kind = OciErrorKind::LookAlike { field, found: name.to_string() };
        assert_eq!(refused(&manifest_with(name, json!([]))), (format!("/{name}"), kind));
    }
    let layer = describe_with(LAYER, b"layer", &json!({ "Digest": "sha256:00" }));
    let kind = OciErrorKind::LookAlike { field: "digest", found: "Digest".to_string() };
    assert_eq!(refused(&manifest_with("layers", json!([layer]))), ("/layers/0/Digest".to_string(), kind));
    let platform = json!({ "os": "linux", "architecture": "amd64", "OS": "windows" });
    let kind = OciErrorKind::LookAlike { field: "os", found: "OS".to_string() };
    let value = index(&[describe_with(MANIFEST, b"m", &json!({ "platform": platform }))]);
    assert_eq!(refused(&value), ("/manifests/0/platform/OS".to_string(), kind));
    // A name that only protobuf takes for the field is any other name.
    assert!(read(&manifest_with("media_type", json!(INDEX))).is_ok());
}

#[test]
fn schema_and_media_types() {
    for version in [json!(1), json!(3), json!("2"), json!(2.0)] {
        let found = refused(&manifest_with("schemaVersion", version));
        assert_eq!(found, ("/schemaVersion".to_string(), OciErrorKind::SchemaVersion));
    }
    let missing = OciErrorKind::Shape(ShapeErrorKind::Missing { field: "schemaVersion" });
    assert_eq!(refused(&manifest_with("schemaVersion", Value::Null)), (String::new(), missing));
    for found in ["application/vnd.docker.distribution.manifest.v1+json", "", "Application/vnd.oci.image.index.v1+json"]
    {
        let kind = OciErrorKind::UnknownMediaType { found: found.to_string() };
        assert_eq!(refused(&manifest_with("mediaType", json!(found))), ("/mediaType".to_string(), kind));
    }
}

#[test]
fn descriptors_are_whole() {
    let layer = |members: &Value| refused(&manifest_with("layers", json!([describe_with(LAYER, b"layer", members)])));
    for field in ["mediaType", "digest", "size"] {
        let kind = OciErrorKind::Shape(ShapeErrorKind::Missing { field });
        assert_eq!(layer(&json!({ field: null })), ("/layers/0".to_string(), kind));
    }
    let grammar = ContentDigestError::Grammar { found: "cafe".to_string() };
    let expected = ("/layers/0/digest".to_string(), OciErrorKind::Digest(grammar));
    assert_eq!(layer(&json!({ "digest": "cafe" })), expected);
    for size in [json!(-1), json!("5"), json!(5.0), json!(1_u64 << 53)] {
        let expected = ("/layers/0/size".to_string(), OciErrorKind::Shape(ShapeErrorKind::Integer));
        assert_eq!(layer(&json!({ "size": size })), expected);
    }
    let largest = describe_with(LAYER, b"layer", &json!({ "size": (1_u64 << 53) - 1 }));
    assert!(read(&manifest_with("layers", json!([largest]))).is_ok());
    let wrong_type = ShapeErrorKind::WrongType { expected: "a string", found: "a number" };
    let expected = ("/layers/0/annotations/a".to_string(), OciErrorKind::Shape(wrong_type));
    assert_eq!(layer(&json!({ "annotations": { "a": 1 } })), expected);
    let expected = Some("/subject/digest".to_string());
    let subject = describe_with(MANIFEST, b"", &json!({ "digest": "" }));
    assert_eq!(read(&manifest_with("subject", subject)).err().map(|error| error.into_parts().0), expected);
}

#[test]
fn content_sent_along_is_checked() {
    let data = |members: &Value| read(&manifest_with("layers", json!([describe_with(LAYER, b"layer", members)])));
    let Ok(Document::Manifest(found)) = data(&json!({ "data": b64("layer") })) else { panic!("refused") };
    assert_eq!(found.layers[0].data.as_deref(), Some(b"layer".as_slice()));
    let error = data(&json!({ "data": b64("layers") })).unwrap_err();
    assert_eq!(error.kind, OciErrorKind::Data(ContentError::Size { expected: 5, found: 6 }));
    assert_eq!(error.at, "/layers/0/data");
    let error = data(&json!({ "data": b64("Layer") })).unwrap_err();
    assert!(matches!(error.kind, OciErrorKind::Data(ContentError::Digest { .. })), "{error}");
    let error = data(&json!({ "data": "bGF5ZXI" })).unwrap_err();
    assert_eq!(error.kind, OciErrorKind::Shape(ShapeErrorKind::Base64));
    // What nobody can check is as if it were not there.
    let Ok(Document::Manifest(found)) = data(&json!({ "digest": "x:0", "data": b64("layer") })) else {
        panic!("refused")
    };
    assert_eq!(found.layers[0].data, None);
}

#[test]
fn the_empty_descriptor() {
    let empty = "application/vnd.oci.empty.v1+json";
    let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let config = json!({ "mediaType": empty, "digest": digest, "size": 2, "data": "e30=" });
    assert!(read_manifest(&manifest_with("config", config)).config.is_empty());
    assert!(!descriptor(CONFIG, b"{}").is_empty());
    assert!(!descriptor(empty, b"[]").is_empty());
}

#[test]
fn everything_is_bounded() {
    let too_many = |what, limit| OciErrorKind::Shape(ShapeErrorKind::TooMany { what, limit, found: limit + 1 });
    let layers = vec![describe(LAYER, b"layer"); MAX_OCI_DESCRIPTORS];
    assert!(read(&manifest_with("layers", json!(layers))).is_ok());
    let layers = vec![describe(LAYER, b"layer"); MAX_OCI_DESCRIPTORS + 1];
    let expected = ("/layers".to_string(), too_many("layers", MAX_OCI_DESCRIPTORS));
    assert_eq!(refused(&manifest_with("layers", json!(layers))), expected);
    let manifests = vec![describe(MANIFEST, b"m"); MAX_OCI_DESCRIPTORS + 1];
    assert_eq!(refused(&index(&manifests)), ("/manifests".to_string(), too_many("manifests", MAX_OCI_DESCRIPTORS)));
    let annotations: Value = (0..=MAX_ANNOTATIONS).map(|number| (number.to_string(), json!(""))).collect();
    let expected = ("/annotations".to_string(), too_many("annotations", MAX_ANNOTATIONS));
    assert_eq!(refused(&manifest_with("annotations", annotations)), expected);

    let mut bytes = text(&manifest());
    bytes.resize(MAX_OCI_DOCUMENT_BYTES, b' ');
    assert!(Document::read(&bytes, None).is_ok());
    bytes.push(b' ');
    let kind = OciErrorKind::TooLarge { found: MAX_OCI_DOCUMENT_BYTES + 1 };
    assert_eq!(Document::read(&bytes, None).unwrap_err().kind, kind);
    let twice = br#"{"schemaVersion":2,"layers":[],"layers":[]}"#;
    let kind = OciErrorKind::Shape(ShapeErrorKind::Json(JsonError::DuplicateKey { key: "layers".to_string() }));
    assert_eq!(Document::read(twice, None).unwrap_err().kind, kind);
}

#[test]
fn a_described_document_is_checked_first() {
    let bytes = text(&manifest());
    assert!(Document::read_described(&descriptor(MANIFEST, &bytes), &bytes).is_ok());
    let error = Document::read_described(&descriptor(MANIFEST, b"other"), &bytes).unwrap_err();
    assert!(matches!(error, DocumentError::Content(ContentError::Size { .. })), "{error}");
    let error = Document::read_described(&descriptor(INDEX, &bytes), &bytes).unwrap_err();
    let DocumentError::Document(error) = error else { panic!("{error}") };
    assert!(matches!(error.kind, OciErrorKind::OtherMediaType { .. }), "{error}");
}
