//! What is refused, and where: nothing but shapes, each wrong in one place.

use admissible::encoding::base64;
use admissible::encoding::json::{JsonError, ShapeError, ShapeErrorKind};
use admissible::format::bundle::{Bundle, BundleVersion, Content, IMAGE_SIGNATURE_TYPE, KeyMaterial};
use admissible::format::simple_signing::{SIMPLE_SIGNING_TYPE, SimpleSigning};
use admissible::format::source::cosign::{
    Annotations, attestation, blob_bundle, certified_envelope, detached, image_signature,
};
use admissible::format::source::{SourceError, SourceErrorKind};
use serde_json::{Value, json};

use SourceErrorKind::{Hex, LogBody, Pem, Shape, SignatureCount, TooLarge};

const LEAF: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const ABOVE: &str = "-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----\n";
const KEY: &str = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
const LOG_ID: &str = "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d";

fn payload() -> Value {
    json!({
        "critical": {
            "identity": { "docker-reference": "example.com/app" },
            "image": { "docker-manifest-digest": format!("sha256:{LOG_ID}") },
            "type": SIMPLE_SIGNING_TYPE,
        },
        "optional": { "creator": "someone", "count": 7, "nested": { "a": [null] } },
    })
}

fn promised() -> Value {
    let body = base64::encode(br#"{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{}}"#);
    json!({
        "SignedEntryTimestamp": "AAAA",
        "Payload": { "body": body, "integratedTime": 1_669_361_833, "logIndex": 7, "logID": LOG_ID },
    })
}

fn answered() -> Value {
    let mut answered = promised()["Payload"].take();
    answered["verification"] = json!({
        "inclusionProof": { "checkpoint": "note\n", "hashes": [LOG_ID], "logIndex": 3, "rootHash": LOG_ID, "treeSize": 9 },
        "signedEntryTimestamp": "AAAA",
    });
    json!({ "24/6": answered })
}

fn annotations() -> Annotations {
    Annotations {
        signature: Some("AAAA".into()),
        certificate: Some(LEAF.into()),
        chain: Some(ABOVE.into()),
        bundle: Some(promised().to_string()),
        timestamp: Some(r#"{"SignedRFC3161Timestamp":"BBBB"}"#.into()),
    }
}

fn envelope() -> Value {
    json!({ "payloadType": "a/b", "payload": "e30=", "signatures": [{ "sig": "AAAA", "keyid": "k", "cert": LEAF }] })
}

fn bundle(text: &str) -> Bundle {
    let bundle = Bundle::from_json(text.as_bytes()).expect("a bundle");
    assert_eq!(bundle.unknown_fields, [""; 0]);
    bundle
}

/// The text of this value with one place of it replaced.
fn with(mut value: Value, at: &str, new: Value) -> String {
    *value.pointer_mut(at).unwrap_or_else(|| panic!("nothing at {at}")) = new;
    value.to_string()
}

/// Each replacement is refused there, or at another place that is named, for this reason.
fn refused<T: std::fmt::Debug>(
    base: fn() -> Value,
    read: impl Fn(&str) -> Result<T, SourceError>,
    prefix: &str,
    table: &[(&str, Value, &str, SourceErrorKind)],
) {
    read(&base().to_string()).expect("the base is read");
    for (replaced, new, at, kind) in table {
        let error = read(&with(base(), replaced, new.clone())).expect_err(replaced);
        assert_eq!(error, SourceError::new(format!("{prefix}{at}"), kind.clone()), "{replaced}: {new}");
        assert!(error.to_string().contains("expected") && error.to_string().contains("found"), "{error}");
    }
}

fn wrong_type(expected: &'static str, found: &'static str) -> SourceErrorKind {
    Shape(ShapeErrorKind::WrongType { expected, found })
}

fn missing(field: &'static str) -> SourceErrorKind {
    Shape(ShapeErrorKind::Missing { field })
}

#[test]
fn what_a_payload_says() {
    let read = SimpleSigning::from_json(payload().to_string().as_bytes()).expect("a payload");
    assert_eq!(read.docker_reference, "example.com/app");
    assert_eq!(read.manifest_digest.to_string(), format!("sha256:{LOG_ID}"));
    let optional = [("count", "7"), ("creator", r#""someone""#), ("nested", r#"{"a":[null]}"#)];
    assert_eq!(read.optional, optional.map(|(name, value)| (name.to_string(), value.to_string())));
    for none in [json!(null), json!({})] {
        let text = with(payload(), "/optional", none);
        assert_eq!(SimpleSigning::from_json(text.as_bytes()).expect("a payload").optional, []);
    }
}

#[test]
fn a_payload_is_read_strictly() {
    let unknown = |found: &str, nearest| Shape(ShapeErrorKind::UnknownField { found: found.into(), nearest });
    let other = |found: &str| Shape(ShapeErrorKind::OtherText { expected: SIMPLE_SIGNING_TYPE, found: found.into() });
    let critical = |name: &str, value: Value| {
        let mut critical = payload()["critical"].take();
        critical[name] = value;
        critical
    };
    let digest = "/critical/image/docker-manifest-digest";
    let upper = format!("sha256:{}", LOG_ID.to_uppercase());
    let no_digest = |found: &str| {
        let expected = "an image's SHA-2 digest, `sha256:…`";
        Shape(ShapeErrorKind::OtherText { expected, found: found.into() })
    };
    refused(
        payload,
        |text| SimpleSigning::from_json(text.as_bytes()).map_err(SourceError::from),
        "",
        &[
            ("", json!([]), "", wrong_type("an object", "an array")),
            (
                "/critical/type",
                json!("atomic container signature"),
                "/critical/type",
                other("atomic container signature"),
            ),
            ("/critical/type", json!(""), "/critical/type", other("")),
            ("/critical/type", json!(null), "/critical/type", wrong_type("a string", "null")),
            ("/critical", critical("future", json!(1)), "/critical/future", unknown("future", None)),
            ("/critical/identity", json!({}), "/critical/identity", missing("docker-reference")),
            (
                "/critical/identity/docker-reference",
                json!(7),
                "/critical/identity/docker-reference",
                wrong_type("a string", "a number"),
            ),
            (
                "/critical/image",
                json!({ "Docker-manifest-digest": "sha256:20be" }),
                "/critical/image/Docker-manifest-digest",
                unknown("Docker-manifest-digest", Some("docker-manifest-digest")),
            ),
            (digest, json!("sha256:20be...fe55"), digest, no_digest("sha256:20be...fe55")),
            (digest, json!(LOG_ID), digest, no_digest(LOG_ID)),
            (digest, json!(upper), digest, no_digest(&upper)),
            (
                digest,
                json!("md5:d41d8cd98f00b204e9800998ecf8427e"),
                digest,
                no_digest("md5:d41d8cd98f00b204e9800998ecf8427e"),
            ),
            ("/optional", json!("text"), "/optional", wrong_type("an object", "a string")),
        ],
    );
    let twice = br#"{"critical":{},"critical":{}}"#;
    let error = SimpleSigning::from_json(twice).expect_err("a key twice");
    assert_eq!(error.kind, ShapeErrorKind::Json(JsonError::DuplicateKey { key: "critical".into() }));
}

#[test]
fn all_parts_of_a_layer_are_there() {
    let made = image_signature(payload().to_string().as_bytes(), &annotations()).expect("a bundle");
    let made = bundle(&made);
    assert_eq!(made.version, BundleVersion::V0_1);
    assert_eq!(made.key_material, KeyMaterial::CertificateChain(vec![vec![0, 0, 0], vec![4, 16, 65]]));
    assert_eq!(
        made.timestamps,
        [("/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0".into(), vec![4, 16, 65])]
    );
    assert_eq!(made.media_type, IMAGE_SIGNATURE_TYPE);
    let Content::ImageSignature { image, payload: signed, signature } = &made.content else { panic!("{made:?}") };
    assert_eq!(signed, payload().to_string().as_bytes());
    assert_eq!(image.manifest_digest.to_hex(), LOG_ID);
    assert_eq!(signature, &[0, 0, 0]);
    let [entry] = made.log_entries.as_slice() else { panic!("{made:?}") };
    assert_eq!((entry.kind.as_str(), entry.version.as_str()), ("hashedrekord", "0.0.1"));
    assert_eq!((entry.log_index, entry.integrated_seconds), (7, 1_669_361_833));
    assert_eq!((entry.promise.as_deref(), &entry.proof), (Some(&[0, 0, 0][..]), &None));
    assert_eq!(admissible::encoding::hex::encode(&entry.log_id), LOG_ID);

    // Of an attestation the timestamp is over something else than the signature.
    let made = bundle(&attestation(envelope().to_string().as_bytes(), &annotations()).expect("a bundle"));
    assert_eq!(made.timestamps, []);
    let Content::Envelope(envelope) = &made.content else { panic!("{made:?}") };
    assert_eq!((envelope.payload_type.as_str(), envelope.key_id.as_str()), ("a/b", "k"));
    assert_eq!((envelope.payload.as_slice(), envelope.signature.as_slice()), (&b"{}"[..], &[0, 0, 0][..]));
}

#[test]
fn annotations_are_taken_by_name() {
    let text = json!({
        "dev.cosignproject.cosign/signature": "AAAA",
        "dev.sigstore.cosign/certificate": LEAF,
        "dev.sigstore.cosign/chain": "",
        "dev.sigstore.cosign/signature": "another's name",
        "predicateType": "https://slsa.dev/provenance/v1",
    });
    let read = Annotations::from_json(text.to_string().as_bytes()).expect("annotations");
    let expected =
        Annotations { signature: Some("AAAA".into()), certificate: Some(LEAF.into()), ..Annotations::default() };
    assert_eq!(read, expected);
    let error = Annotations::from_json(br#"{"a/b":7}"#).expect_err("a number");
    assert_eq!(error, SourceError::new("/a~1b".into(), wrong_type("a string", "a number")));
    let error = Annotations::from_json(b"[]").expect_err("an array");
    assert_eq!(error, SourceError::new(String::new(), wrong_type("an object", "an array")));
}

#[test]
fn a_layer_with_one_wrong_part() {
    let payload = payload().to_string();
    let refusal =
        |annotations: &Annotations| image_signature(payload.as_bytes(), annotations).expect_err("a wrong part");
    let is = |annotations: &Annotations, at: &str, kind: SourceErrorKind| {
        assert_eq!(refusal(annotations), SourceError::new(at.into(), kind));
    };
    let base64 = || Shape(ShapeErrorKind::Base64);
    let certificate = "/annotations/dev.sigstore.cosign~1certificate";
    let chain = "/annotations/dev.sigstore.cosign~1chain";
    let log_entry = "/annotations/dev.sigstore.cosign~1bundle";
    let timestamp = "/annotations/dev.sigstore.cosign~1rfc3161timestamp";
    is(
        &Annotations { signature: None, ..annotations() },
        "/annotations",
        missing("dev.cosignproject.cosign/signature"),
    );
    is(
        &Annotations { signature: Some("?".into()), ..annotations() },
        "/annotations/dev.cosignproject.cosign~1signature",
        base64(),
    );
    let many = LEAF.repeat(11);
    for wrong in ["AAAA", KEY, &format!("{LEAF}x"), &format!("{LEAF}{KEY}"), &many] {
        is(&Annotations { certificate: Some(wrong.into()), ..annotations() }, certificate, Pem);
        is(&Annotations { chain: Some(wrong.into()), ..annotations() }, chain, Pem);
    }
    let timestamps = Annotations { timestamp: Some("{}".into()), ..annotations() };
    is(&timestamps, timestamp, missing("SignedRFC3161Timestamp"));

    let error = |text: &str| refusal(&Annotations { bundle: Some(text.into()), ..annotations() });
    assert_eq!(error("{}"), SourceError::new(log_entry.into(), missing("SignedEntryTimestamp")));
    let not_json = ShapeError::from(JsonError::Syntax { line: 1, column: 2 });
    let no_kind = ShapeError::new(String::new(), ShapeErrorKind::Missing { field: "kind" });
    refused(
        promised,
        |text| image_signature(payload.as_bytes(), &Annotations { bundle: Some(text.into()), ..annotations() }),
        log_entry,
        &[
            ("/SignedEntryTimestamp", json!("?"), "/SignedEntryTimestamp", base64()),
            ("/Payload", json!(null), "", missing("Payload")),
            ("/Payload/body", json!("?"), "/Payload/body", base64()),
            ("/Payload/body", json!("e3s="), "/Payload/body", LogBody(not_json)),
            ("/Payload/body", json!("e30="), "/Payload/body", LogBody(no_kind)),
            ("/Payload/logIndex", json!(-1), "/Payload/logIndex", Shape(ShapeErrorKind::Integer)),
            ("/Payload/logIndex", json!(null), "/Payload", missing("logIndex")),
            ("/Payload/integratedTime", json!(1.5), "/Payload/integratedTime", Shape(ShapeErrorKind::Integer)),
            ("/Payload/logID", json!(LOG_ID.to_uppercase()), "/Payload/logID", Hex),
            ("/Payload/logID", json!("c0d2"), "/Payload/logID", Hex),
        ],
    );

    let error = image_signature(b"{}", &annotations()).expect_err("no payload");
    assert_eq!(error, SourceError::new("/payload".into(), missing("critical")));
}

#[test]
fn envelopes_are_taken_as_they_are() {
    let read = |text: &str| certified_envelope(text.as_bytes(), None);
    let count = |found| SignatureCount { found };
    let signature = || envelope()["signatures"][0].clone();
    refused(
        envelope,
        read,
        "/envelope",
        &[
            ("", json!([]), "", wrong_type("an object", "an array")),
            ("/payload", json!(null), "", missing("payload")),
            ("/payloadType", json!(7), "/payloadType", wrong_type("a string", "a number")),
            ("/signatures", json!({}), "/signatures", wrong_type("an array", "an object")),
            ("/signatures", json!([]), "/signatures", count(0)),
            ("/signatures", json!([signature(), signature(), signature()]), "/signatures", count(3)),
            ("/signatures/0", json!({ "cert": LEAF }), "/signatures/0", missing("sig")),
            ("/signatures/0/cert", json!(null), "/signatures/0", missing("cert")),
            ("/signatures/0/cert", json!(KEY), "/signatures/0/cert", Pem),
            ("/signatures/0/cert", json!(base64::encode(LEAF.as_bytes())), "/signatures/0/cert", Pem),
        ],
    );
    let made = bundle(&read(&envelope().to_string()).expect("a bundle"));
    assert_eq!(made.key_material, KeyMaterial::CertificateChain(vec![vec![0, 0, 0]]));
    assert_eq!(made.log_entries, []);
    // Without a certificate a key signed, and the envelope's id is the hint.
    let made = bundle(&attestation(envelope().to_string().as_bytes(), &Annotations::default()).expect("a bundle"));
    assert_eq!(made.key_material, KeyMaterial::PublicKey { hint: "k".into() });
    // What is no base64 is told by who reads the bundle.
    let text = read(&with(envelope(), "/signatures/0/sig", json!("?"))).expect("a bundle");
    assert_eq!(Bundle::from_json(text.as_bytes()).expect_err("base64").at, "/dsseEnvelope/signatures/0/sig");
}

#[test]
fn signers_in_files() {
    let key_hint = base64::encode(&admissible::crypto::sha256(&[0, 0, 0]));
    let material = |signer: Option<&[u8]>| bundle(&detached(b"AAAA", signer, None).expect("a bundle")).key_material;
    let chain = format!("\n{LEAF}\n{ABOVE}");
    assert_eq!(material(Some(chain.as_bytes())), KeyMaterial::CertificateChain(vec![vec![0, 0, 0], vec![4, 16, 65]]));
    let in_base64 = base64::encode(KEY.as_bytes()) + "\n";
    for key in [KEY, &in_base64] {
        assert_eq!(material(Some(key.as_bytes())), KeyMaterial::PublicKey { hint: key_hint.clone() });
    }
    assert_eq!(material(None), KeyMaterial::PublicKey { hint: String::new() });
    for wrong in [&b""[..], b"\xff", b"?", b"AAAA", KEY.repeat(2).as_bytes()] {
        let error = detached(b"AAAA", Some(wrong), None).expect_err("no signer");
        assert_eq!(error, SourceError::new("/signer".into(), Pem));
    }
}

#[test]
fn answers_of_rekor() {
    let read = |text: &str| detached(b"AAAA", None, Some(text.as_bytes()));
    let made = bundle(&read(&answered().to_string()).expect("a bundle"));
    assert_eq!(made.version, BundleVersion::V0_2);
    let [entry] = made.log_entries.as_slice() else { panic!("{made:?}") };
    let proof = entry.proof.as_ref().expect("a proof");
    assert_eq!((proof.log_index, proof.tree_size, proof.hashes.as_slice()), (3, 9, &[proof.root_hash][..]));
    assert_eq!(proof.checkpoint.as_deref(), Some("note\n"));
    assert_eq!(entry.promise.as_deref(), Some(&[0, 0, 0][..]));

    // What does not prove alone leaves version 0.1: no checkpoint, no proof, nothing at all, or another entry without one.
    let verification = "/24~16/verification";
    let mut two = answered();
    two["25"] = promised()["Payload"].take();
    for text in [
        with(answered(), &format!("{verification}/inclusionProof/checkpoint"), json!(null)),
        with(answered(), &format!("{verification}/inclusionProof/checkpoint"), json!("")),
        with(answered(), &format!("{verification}/inclusionProof"), json!(null)),
        with(answered(), verification, json!(null)),
        two.to_string(),
        promised().to_string(),
    ] {
        assert_eq!(bundle(&read(&text).expect("a bundle")).version, BundleVersion::V0_1, "{text}");
    }

    let too_many = |found| Shape(ShapeErrorKind::TooMany { what: "log entries", limit: 32, found });
    let entry = answered()["24/6"].take();
    let many: serde_json::Map<_, _> = (0..33).map(|index| (index.to_string(), entry.clone())).collect();
    let hash = format!("{verification}/inclusionProof/hashes/0");
    let root = format!("{verification}/inclusionProof/rootHash");
    refused(
        answered,
        read,
        "/logEntries",
        &[
            ("", json!(7), "", wrong_type("an object", "a number")),
            ("", json!([7]), "/0", wrong_type("an object", "a number")),
            ("", Value::Object(many), "", too_many(33)),
            ("", Value::Array(vec![json!({}); 33]), "", too_many(33)),
            ("/24~16", json!({}), "/24~16", missing("logIndex")),
            (&hash, json!("AAAA"), &hash, Hex),
            (&root, json!("AAAA"), &root, Hex),
        ],
    );
}

#[test]
fn the_old_file_of_sign_blob() {
    let file =
        || json!({ "base64Signature": "AAAA", "cert": base64::encode(LEAF.as_bytes()), "rekorBundle": promised() });
    refused(
        file,
        |text| blob_bundle(text.as_bytes()),
        "",
        &[
            ("", json!([]), "", wrong_type("an object", "an array")),
            ("/base64Signature", json!(null), "", missing("base64Signature")),
            ("/base64Signature", json!("?"), "/base64Signature", Shape(ShapeErrorKind::Base64)),
            ("/cert", json!("AAAA"), "/cert", Pem),
            ("/rekorBundle/Payload/logID", json!("00"), "/rekorBundle/Payload/logID", Hex),
        ],
    );
    let made = bundle(&blob_bundle(br#"{"base64Signature":"AAAA"}"#).expect("a bundle"));
    assert_eq!((made.log_entries.len(), made.timestamps.len()), (0, 0));
    assert_eq!(made.content, Content::MessageSignature { digest: None, signature: vec![0, 0, 0] });
}

#[test]
fn no_document_is_larger_than_the_limit() {
    let large = vec![b' '; admissible::limits::MAX_SOURCE_BYTES + 1];
    let kind = || TooLarge { found: large.len() };
    assert_eq!(blob_bundle(&large).expect_err("large"), SourceError::new(String::new(), kind()));
    let error = image_signature(&large, &annotations()).expect_err("large");
    assert_eq!(error, SourceError::new("/payload".into(), kind()));
    let error = detached(b"AAAA", None, Some(&large)).expect_err("large");
    assert_eq!(error, SourceError::new("/logEntries".into(), kind()));
}

/// Every byte of every document exchanged: either it is refused, or what is made is JSON of a bundle's own fields.
#[test]
fn nothing_else_comes_out() {
    let is_sound = |made: Result<String, SourceError>, what: &str| {
        let Ok(made) = made else { return };
        assert!(serde_json::from_str::<Value>(&made).is_ok(), "{what}");
        if let Ok(bundle) = Bundle::from_json(made.as_bytes()) {
            assert_eq!(bundle.unknown_fields, [""; 0], "{what}");
        }
    };
    let with_bundle =
        |text: &[u8]| Annotations { bundle: std::str::from_utf8(text).ok().map(Into::into), ..annotations() };
    let payload_text = payload().to_string();
    let file = json!({ "base64Signature": "AAAA", "cert": KEY, "rekorBundle": promised() });
    type Read<'r> = &'r dyn Fn(&[u8]) -> Result<String, SourceError>;
    let documents: [(&str, Value, Read<'_>); 6] = [
        ("payload", payload(), &|text| image_signature(text, &annotations())),
        ("annotation", promised(), &|text| image_signature(payload_text.as_bytes(), &with_bundle(text))),
        ("attestation", envelope(), &|text| attestation(text, &annotations())),
        ("envelope", envelope(), &|text| certified_envelope(text, None)),
        ("answer", answered(), &|text| detached(b"AAAA", None, Some(text))),
        ("file", file, &blob_bundle),
    ];
    for (name, document, read) in documents {
        let text = document.to_string().into_bytes();
        for at in 0..text.len() {
            is_sound(read(&text[..at]), &format!("{name} up to {at}"));
            for byte in *b"\"\\{[,:-0aZ \0\xff" {
                let mut text = text.clone();
                text[at] = byte;
                is_sound(read(&text), &format!("{name} with {byte} at {at}"));
            }
        }
    }
}
