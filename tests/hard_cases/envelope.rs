//! What a bundle is about and by whom, where it says so twice or not at all; and what an envelope's signature is over.

use admissible_box::b64;
use admissible_box::bundle::{BundleSpec, Signer, Version};
use admissible_box::dsse::{EnvelopeSpec, IN_TOTO, pae};
use admissible_box::keys::{Hash, KeyAlg, KeyPair};
use admissible_box::rekor::Kind;
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::{SEED, message, message_v2, provenance, provenance_v2};

/// An edit of a statement bundle, in each of the kinds of log entry that can be about one.
fn each_kind(edit: impl Fn(&mut World, &mut BundleSpec)) -> [Case; 3] {
    [
        provenance(&edit),
        provenance(|world, spec| {
            edit(world, spec);
            spec.entry().kind = Kind::Intoto;
        }),
        provenance_v2(&edit),
    ]
}

/// The control of this file.
#[test]
fn one_signature_over_one_content_is_accepted() {
    for case in each_kind(|_, _| {}) {
        case.accepted();
        // A null is an absent field in protobuf JSON, not a second content or signer.
        case.bundle_json(|bundle| {
            bundle["messageSignature"] = Value::Null;
            bundle["verificationMaterial"]["publicKey"] = Value::Null;
            bundle["verificationMaterial"]["x509CertificateChain"] = Value::Null;
        })
        .accepted();
    }
}

/// Row 6: two signatures, the valid one first or last; which one counts must not be a matter of taste.
#[test]
fn two_signatures() {
    let bogus = |_: &EnvelopeSpec| json!({ "sig": "AAAA" });
    let stranger = |envelope: &EnvelopeSpec| {
        let key = KeyPair::derive(KeyAlg::P256, "stranger", "leaf");
        envelope.signature_by(&key, key.scheme(false))
    };
    let empty = |_: &EnvelopeSpec| json!({ "sig": "" });
    let others: [&dyn Fn(&EnvelopeSpec) -> Value; 3] = [&bogus, &stranger, &empty];
    for other in others {
        let before = each_kind(|_, spec| {
            let other = other(spec.dsse());
            spec.dsse().signatures_before = vec![other];
        });
        let after = each_kind(|_, spec| {
            let other = other(spec.dsse());
            spec.dsse().signatures_after = vec![other];
        });
        for case in before.into_iter().chain(after) {
            case.rejected(&[("bundle", "bundle-signature-count")]);
        }
    }
}

/// Row 6: two valid signatures of the same key are two as well, and none is none.
#[test]
fn the_same_signature_twice_or_never() {
    for case in each_kind(|_, _| {}) {
        let twice = case.clone().bundle_json(|bundle| {
            let list = bundle["dsseEnvelope"]["signatures"].as_array_mut().expect("a list");
            list.push(list[0].clone());
        });
        let never = case.clone().bundle_json(|bundle| bundle["dsseEnvelope"]["signatures"] = json!([]));
        for case in [twice, never] {
            case.rejected(&[("bundle", "bundle-signature-count")]);
        }
        case.bundle_json(|bundle| bundle["dsseEnvelope"]["signatures"][0]["sig"] = json!(""))
            .rejected(&[("bundle", "bundle-empty-signature")]);
    }
}

/// Row 7: the signature is over something else than the pre-authentication encoding: the bare payload, its base64, another
/// payload type, other lengths, or the encoding's digest. The logs have what they should have.
#[test]
fn signature_over_something_else() {
    type Signed = fn(&[u8]) -> Vec<u8>;
    let others: [(&str, Signed); 7] = [
        ("bare", |payload| payload.to_vec()),
        ("base64", |payload| b64(payload).into_bytes()),
        ("base64 in PAE", |payload| pae(IN_TOTO, b64(payload).as_bytes())),
        ("another type", |payload| pae("text/plain", payload)),
        ("no type", |payload| pae("", payload)),
        ("length", |payload| {
            let head = format!("DSSEv1 {} {IN_TOTO} {} ", IN_TOTO.len(), payload.len() + 1);
            [head.as_bytes(), payload].concat()
        }),
        ("digest", |payload| Hash::Sha256.digest(&pae(IN_TOTO, payload))),
    ];
    for (name, other) in others {
        println!("{name}");
        let cases = each_kind(|_, spec| {
            let payload = spec.dsse().payload.clone();
            spec.dsse().signed_bytes = Some(other(&payload));
            let digest = Hash::Sha256.digest(&pae(IN_TOTO, &payload));
            spec.entry().alter_signed.set(move |signed| signed.digest = digest.clone());
        });
        for case in cases {
            case.rejected(&[("signature", "signature-invalid")]);
        }
    }
}

/// Row 8: an artifact's signature and an envelope, each truly made by the same key.
#[test]
fn message_signature_and_envelope() {
    let with_message = |case: Case, other: Case| {
        let other: Value = serde_json::from_slice(&other.bundle).expect("JSON");
        case.bundle_json(|bundle| bundle["messageSignature"] = other["messageSignature"].clone())
    };
    let with_envelope = |case: Case, other: Case| {
        let other: Value = serde_json::from_slice(&other.bundle).expect("JSON");
        case.bundle_json(|bundle| bundle["dsseEnvelope"] = other["dsseEnvelope"].clone())
    };
    for case in [
        with_message(provenance(|_, _| {}), message(|_, _| {})),
        with_message(provenance_v2(|_, _| {}), message_v2(|_, _| {})),
        with_envelope(message(|_, _| {}), provenance(|_, _| {})),
        with_envelope(message_v2(|_, _| {}), provenance_v2(|_, _| {})),
        provenance(|_, _| {}).bundle_json(|bundle| bundle["messageSignature"] = json!({})),
        message(|_, _| {}).bundle_json(|bundle| bundle["dsseEnvelope"] = json!({})),
    ] {
        case.rejected(&[("bundle", AMBIGUOUS_CONTENT)]);
    }
    provenance(|_, _| {})
        .bundle_json(|bundle| {
            bundle.as_object_mut().expect("an object").remove("dsseEnvelope");
        })
        .rejected(&[("bundle", "bundle-no-content")]);
}

const AMBIGUOUS_CONTENT: &str = "bundle-ambiguous-content";

/// Row 9: more than one of certificate, chain and public key, all of them the signer's own.
#[test]
fn more_than_one_signer() {
    let certificate = |case: &Case| -> Value {
        let bundle: Value = serde_json::from_slice(&case.bundle).expect("JSON");
        bundle["verificationMaterial"]["certificate"].clone()
    };
    for case in [message(|_, _| {}), message_v2(|_, _| {}), provenance(|_, _| {})] {
        let leaf = certificate(&case);
        let key = json!({ "hint": "key" });
        let chain = json!({ "certificates": [leaf] });
        let all: [(&str, &Value); 3] = [("certificate", &leaf), ("publicKey", &key), ("x509CertificateChain", &chain)];
        for without in 0..=all.len() {
            let two_or_three = case.clone().bundle_json(|bundle| {
                let material = bundle["verificationMaterial"].as_object_mut().expect("an object");
                material.remove("certificate");
                for (index, (name, value)) in all.iter().enumerate() {
                    if index != without {
                        material.insert((*name).to_owned(), (*value).clone());
                    }
                }
            });
            two_or_three.rejected(&[("bundle", "bundle-ambiguous-key-material")]);
        }
        case.bundle_json(|bundle| {
            bundle["verificationMaterial"].as_object_mut().expect("an object").remove("certificate");
        })
        .rejected(&[("bundle", "bundle-no-key-material")]);
    }
}

/// Row 9: the same for a managed key whose bundle also has a certificate, in every version that defines the field.
#[test]
fn managed_key_beside_a_certificate() {
    for version in [Version::V03Old, Version::V03] {
        let world = World::new(SEED);
        let mut spec = world.message();
        let leaf = world.bundle(&spec)["verificationMaterial"]["certificate"].clone();
        let key = world.managed_key(KeyAlg::P256);
        spec.version = version;
        spec.signer = Signer::Key(key.clone());
        let managed =
            Case::new(&world.bundle(&spec), &world.trusted_root(), ARTIFACT).signer(json!({ "publicKey": key.pem() }));
        managed.accepted();
        managed
            .bundle_json(|bundle| bundle["verificationMaterial"]["certificate"] = leaf)
            .rejected(&[("bundle", "bundle-ambiguous-key-material")]);
    }
}
