//! Shapes of our own making, truly signed and logged: each passes as it is, and fails for the very part that is exchanged.

use admissible::encoding::base64;
use admissible::format::source::cosign::{
    Annotations, attestation, blob_bundle, certified_envelope, detached, image_signature,
};
use admissible::{HashAlgorithm, TrustedRoots};
use admissible_box::bundle::{BundleSpec, Minted, Signer};
use admissible_box::cosign::{self, envelope_text};
use admissible_box::fulcio::{IDENTITY, ISSUER};
use admissible_box::keys::{KeyAlg, pem};
use admissible_box::rekor::Kind;
use admissible_box::signed::Signed;
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

use crate::{PROMISED, judge, judge_twice};

pub const SEED: &str = "cosign";

pub const PAYLOAD: &[u8] = br#"{"critical":{"identity":{"docker-reference":"example.com/app"},"image":{"docker-manifest-digest":"sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},"type":"cosign container image signature"},"optional":null}"#;

/// What is minted, taken apart again.
pub struct Parts {
    pub roots: TrustedRoots,
    minted: Minted,
    leaf: String,
}

impl Parts {
    pub fn of(world: &World, spec: &BundleSpec) -> Self {
        let minted = spec.mint(world);
        let roots = TrustedRoots::from_json(world.trusted_root().to_string().as_bytes()).expect("a trusted root");
        let leaf = pem("CERTIFICATE", &minted.leaf);
        Self { roots, minted, leaf }
    }

    fn signature(&self) -> String {
        let content = &self.minted.bundle["messageSignature"]["signature"];
        content.as_str().unwrap_or_default().to_string()
    }

    fn promised(&self) -> Value {
        cosign::promised(&self.minted.bundle)
    }

    fn answered(&self) -> Value {
        cosign::answered(&self.minted.bundle)
    }

    pub fn annotations(&self) -> Annotations {
        Annotations::from_json(cosign::annotations(&self.minted).to_string().as_bytes()).expect("annotations")
    }

    pub fn envelope(&self) -> String {
        cosign::envelope(&self.minted.bundle)
    }
}

fn signer() -> Value {
    json!({ "signer": { "issuer": ISSUER, "identity": IDENTITY } })
}

/// The image that [`PAYLOAD`] names, by this signer.
pub fn image() -> Value {
    let mut options = signer();
    options["artifact"] = json!({ "sha256": "00112233445566778899aabbccddeeff".repeat(2) });
    options
}

pub fn message(world: &World, artifact: &[u8]) -> BundleSpec {
    let mut spec = BundleSpec::message(world.leaf(KeyAlg::P256), artifact);
    spec.entries = vec![world.entry_v1(Kind::HashedRekordV1)];
    spec
}

/// intoto 0.0.1 of the envelope's text as Go writes it, with this certificate in it.
fn intoto_v1(signed: &Signed, certificate: Option<&str>) -> Value {
    let payload = json!(base64::encode(signed.payload()));
    let (payload_type, signature) = (json!("application/vnd.in-toto+json"), json!(base64::encode(&signed.signature)));
    let text = envelope_text(&payload, &payload_type, &signature, certificate);
    let sha256 = |bytes: &[u8]| {
        let digest = admissible::crypto::digest(HashAlgorithm::Sha256, bytes);
        json!({ "algorithm": "sha256", "value": digest.to_hex() })
    };
    json!({ "apiVersion": "0.0.1", "kind": "intoto", "spec": {
        "content": { "hash": sha256(text.as_bytes()), "payloadHash": sha256(signed.payload()) },
        "publicKey": signed.verifier.pem_base64(),
    }})
}

/// A signed statement whose only entry is of this kind.
pub fn statement(world: &World, kind: Option<Kind>) -> BundleSpec {
    let mut spec = world.provenance();
    let kind = kind.unwrap_or_else(|| Kind::Other(intoto_v1(&spec.mint(world).signed, None)));
    spec.entry().kind = kind;
    spec
}

#[test]
fn an_image_signature() {
    let world = World::new(SEED);
    let parts = Parts::of(&world, &message(&world, PAYLOAD));
    let made = image_signature(PAYLOAD, &parts.annotations()).expect("a bundle");
    assert_eq!(judge_twice(&made, &parts.roots, &image(), None), PROMISED);

    // What must be the image is the image: not its payload, and no other.
    let by = |artifact: &str| {
        let options = json!({ "artifact": { "sha256": artifact }, "signer": signer()["signer"] });
        judge_twice(&made, &parts.roots, &options, None)[1].clone()
    };
    let sha256 = admissible::crypto::digest(HashAlgorithm::Sha256, PAYLOAD).to_hex();
    assert_eq!(by(&sha256), ["artifact-image-differs"]);
    assert_eq!(by(&"00".repeat(32)), ["artifact-image-differs"]);
    let [_, codes] = judge_twice(
        &made,
        &parts.roots,
        &json!({ "artifact": { "sha512": "00".repeat(64) }, "signer": signer()["signer"] }),
        None,
    );
    assert_eq!(codes, ["artifact-no-common-algorithm"]);

    // Another client would take the payload for the artifact: as a bundle of its media type, it is none.
    let relabelled = made.replace(
        "application/vnd.admissible.image-signature.v1+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.1",
    );
    assert_eq!(judge_twice(&relabelled, &parts.roots, &image(), None)[1], ["bundle-no-content"]);
    let mut other: Value = serde_json::from_str(&made).expect("JSON");
    let payload = base64::encode(&String::from_utf8_lossy(PAYLOAD).replace("0011", "1100").into_bytes());
    other["imageSignature"]["payload"] = json!(payload);
    assert_eq!(
        judge_twice(&other.to_string(), &parts.roots, &image(), None)[1],
        ["log-binding-digest-differs", "signature-invalid"]
    );
    other["imageSignature"]["payload"] = json!("e30=");
    assert_eq!(judge_twice(&other.to_string(), &parts.roots, &image(), None)[1], ["bundle-image-payload"]);
}

#[test]
fn rekord_is_bound_like_hashedrekord() {
    let world = World::new(SEED);
    let mut spec = message(&world, PAYLOAD);
    spec.entry().kind = Kind::Rekord;
    let parts = Parts::of(&world, &spec);
    let made = image_signature(PAYLOAD, &parts.annotations()).expect("a bundle");
    assert_eq!(judge_twice(&made, &parts.roots, &image(), None), PROMISED);

    for format in ["pgp", "minisign", "ssh", "X509"] {
        let mut spec = spec.clone();
        spec.entry().alter_body.set(move |body| body["spec"]["signature"]["format"] = json!(format));
        let parts = Parts::of(&world, &spec);
        let made = image_signature(PAYLOAD, &parts.annotations()).expect("a bundle");
        let [_, codes] = judge_twice(&made, &parts.roots, &image(), None);
        assert_eq!(codes, ["log-binding-unsupported-kind"], "{format}");
    }
}

/// CVE-2022-23649, CVE-2022-36056, CVE-2026-22703: a genuine log entry of another signature proves nothing of this one.
#[test]
fn the_log_entry_of_another_signature() {
    let world = World::new(SEED);
    let (parts, other) = (Parts::of(&world, &message(&world, PAYLOAD)), Parts::of(&world, &message(&world, ARTIFACT)));
    let annotations = Annotations { bundle: Some(other.promised().to_string()), ..parts.annotations() };
    let made = image_signature(PAYLOAD, &annotations).expect("a bundle");
    let [_, codes] = judge_twice(&made, &parts.roots, &image(), None);
    assert_eq!(codes, ["log-binding-digest-differs", "log-binding-signature-differs"]);

    let text = json!({ "base64Signature": parts.signature(), "cert": base64::encode(parts.leaf.as_bytes()),
        "rekorBundle": other.promised() });
    let bundle = blob_bundle(text.to_string().as_bytes()).expect("a bundle");
    let [_, codes] = judge_twice(&bundle, &parts.roots, &signer(), Some(PAYLOAD));
    assert_eq!(codes, ["log-binding-digest-differs", "log-binding-signature-differs"]);
}

#[test]
fn attestations_of_every_kind() {
    let world = World::new(SEED);
    for kind in [Some(Kind::DsseV1), Some(Kind::Intoto), None] {
        println!("{kind:?}");
        let parts = Parts::of(&world, &statement(&world, kind));
        let bundle = attestation(parts.envelope().as_bytes(), &parts.annotations()).expect("a bundle");
        assert_eq!(judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT)), PROMISED);
    }
}

/// intoto 0.0.1 holds no signature: all rests on the digest of the text.
#[test]
fn intoto_v1_binds_the_text() {
    let world = World::new(SEED);
    let spec = statement(&world, None);
    let logged = intoto_v1(&spec.mint(&world).signed, None);

    // Another signature of the same key over the same payload. (The box signs deterministically, so over other bytes.)
    let mut other = spec.clone();
    let key = other.key().clone();
    other.alter_signature.set(move |signature| *signature = key.sign(key.scheme(true), b"another artifact"));
    other.entry().kind = Kind::Other(logged.clone());
    let parts = Parts::of(&world, &other);
    let bundle = attestation(parts.envelope().as_bytes(), &parts.annotations()).expect("a bundle");
    let [_, codes] = judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT));
    assert_eq!(codes, ["log-binding-unsupported-kind", "signature-invalid"]);

    let altered = |name: &str, alter: fn(&mut Value), expected: &[&str]| {
        let mut spec = spec.clone();
        spec.entry().alter_body.set(alter);
        let parts = Parts::of(&world, &spec);
        let bundle = attestation(parts.envelope().as_bytes(), &parts.annotations()).expect("a bundle");
        let [_, codes] = judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT));
        assert_eq!(codes, expected, "{name}");
    };
    const NOBODY: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    altered("text", |b| b["spec"]["content"]["hash"]["value"] = json!(NOBODY), &["log-binding-unsupported-kind"]);
    altered(
        "payload",
        |b| b["spec"]["content"]["payloadHash"]["value"] = json!(NOBODY),
        &["log-binding-digest-differs"],
    );
    altered("no payload", |b| b["spec"]["content"]["payloadHash"] = Value::Null, &[]);
    altered("no text", |b| b["spec"]["content"]["hash"] = Value::Null, &["log-binding-malformed-body"]);
    altered(
        "another key",
        |b| {
            b["spec"]["publicKey"] =
                json!(base64::encode(World::new("another").managed_key(KeyAlg::P256).pem().as_bytes()))
        },
        &["log-binding-key-differs"],
    );
    altered("no key", |b| b["spec"]["publicKey"] = json!("AAAA"), &["log-binding-malformed-body"]);

    // For an artifact it speaks of something else.
    let mut message = message(&world, ARTIFACT);
    message.entry().kind = Kind::Other(logged);
    let parts = Parts::of(&world, &message);
    let bundle = detached(
        parts.signature().as_bytes(),
        Some(parts.leaf.as_bytes()),
        Some(parts.promised().to_string().as_bytes()),
    );
    let [_, codes] = judge_twice(&bundle.expect("a bundle"), &parts.roots, &signer(), Some(ARTIFACT));
    assert_eq!(codes, ["log-binding-kind-of-other-content"]);
}

#[test]
fn files_beside_a_blob() {
    let world = World::new(SEED);
    let parts = Parts::of(&world, &message(&world, ARTIFACT));
    let (signature, in_base64) = (parts.signature(), base64::encode(parts.leaf.as_bytes()));
    let text = json!({ "base64Signature": signature, "cert": in_base64, "rekorBundle": parts.promised() });
    let bundle = blob_bundle(text.to_string().as_bytes()).expect("a bundle");
    assert_eq!(judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT)), PROMISED);

    let raw = base64::decode(&signature).expect("base64");
    let (promised, answered) = (parts.promised().to_string(), parts.answered().to_string());
    for signature in [(signature + "\n").as_bytes(), &raw] {
        for certificate in [parts.leaf.as_bytes(), in_base64.as_bytes()] {
            let bundle = detached(signature, Some(certificate), Some(promised.as_bytes())).expect("a bundle");
            assert_eq!(judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT)), PROMISED);
            // What Rekor answers has the proof, and needs no leave.
            for answered in [answered.clone(), format!("[{answered}]")] {
                let bundle = detached(signature, Some(certificate), Some(answered.as_bytes())).expect("a bundle");
                assert_eq!(judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT)), [[""; 0]; 2]);
            }
        }
        let bundle = detached(signature, Some(in_base64.as_bytes()), None).expect("a bundle");
        let codes = judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT));
        assert_eq!(codes, [["signing-time-missing", "threshold-log-entries"]; 2]);
    }
}

#[test]
fn a_key_signed() {
    let world = World::new(SEED);
    let mut spec = message(&world, ARTIFACT);
    let key = world.managed_key(KeyAlg::P256);
    spec.signer = Signer::Key(key.clone());
    let parts = Parts::of(&world, &spec);
    let options = json!({ "signer": { "publicKey": key.pem() } });
    let cert = base64::encode(key.pem().as_bytes());
    for cert in [json!(cert), Value::Null] {
        let text = json!({ "base64Signature": parts.signature(), "cert": cert, "rekorBundle": parts.promised() });
        let bundle = blob_bundle(text.to_string().as_bytes()).expect("a bundle");
        assert_eq!(judge_twice(&bundle, &parts.roots, &options, Some(ARTIFACT)), PROMISED);
        // The key in the file is never the one that is trusted.
        let stranger = json!({ "signer": { "publicKey": world.managed_key(KeyAlg::P384).pem() } });
        let [_, codes] = judge_twice(&bundle, &parts.roots, &stranger, Some(ARTIFACT));
        assert_eq!(codes, ["log-binding-key-differs", "signature-invalid"]);
    }
}

#[test]
fn an_envelope_with_its_certificate() {
    let world = World::new(SEED);
    let parts = Parts::of(&world, &statement(&world, Some(Kind::DsseV1)));
    let mut envelope = parts.minted.bundle["dsseEnvelope"].clone();
    envelope["signatures"][0]["cert"] = json!(parts.leaf);
    let envelope = envelope.to_string();
    let answered = parts.answered().to_string();
    let bundle = certified_envelope(envelope.as_bytes(), Some(answered.as_bytes())).expect("a bundle");
    assert_eq!(judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT)), [[""; 0]; 2]);

    // What slsa-github-generator logged up to 2023: the text with the certificate, under a kind that holds no signature.
    let mut spec = statement(&world, None);
    let text = |certificate: &str| {
        let dsse = &parts.minted.bundle["dsseEnvelope"];
        envelope_text(&dsse["payload"], &dsse["payloadType"], &dsse["signatures"][0]["sig"], Some(certificate))
    };
    let logged = |certificate: &str| Kind::Other(intoto_v1(&spec.clone().mint(&world).signed, Some(certificate)));
    let kinds = [logged(&parts.leaf), logged(&parts.leaf.replace('\n', "\r\n"))];
    for (kind, expected) in kinds.into_iter().zip([&[][..], &["log-binding-unsupported-kind"]]) {
        spec.entry().kind = kind;
        let answered = Parts::of(&world, &spec).answered().to_string();
        let bundle = certified_envelope(text(&parts.leaf).as_bytes(), Some(answered.as_bytes())).expect("a bundle");
        assert_eq!(judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT)), [expected; 2]);
    }

    let bundle = certified_envelope(envelope.as_bytes(), None).expect("a bundle");
    let codes = judge_twice(&bundle, &parts.roots, &signer(), Some(ARTIFACT));
    assert_eq!(codes, [["signing-time-missing", "threshold-log-entries"]; 2]);
}

#[test]
fn a_timestamp_in_place_of_a_log_entry() {
    let world = World::new(SEED);
    let mut spec = message(&world, PAYLOAD);
    spec.timestamps = vec![world.timestamp()];
    spec.entries.clear();
    let parts = Parts::of(&world, &spec);
    let stamped = &parts.minted.bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"][0];
    let annotations = Annotations {
        bundle: None,
        timestamp: Some(json!({ "SignedRFC3161Timestamp": stamped["signedTimestamp"] }).to_string()),
        signature: Some(parts.signature()),
        certificate: Some(parts.leaf.clone()),
        chain: None,
    };
    let made = image_signature(PAYLOAD, &annotations).expect("a bundle");
    let mut options = image();
    options["require"] = json!({ "logEntries": 0, "signedTimestamps": 1 });
    assert_eq!(judge(&made, &parts.roots, &options, None).1, [""; 0]);
}
