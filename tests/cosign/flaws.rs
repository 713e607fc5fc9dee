//! What others got wrong about these shapes: each row is a genuine signature, or parts of two, that says nothing of what is asked.

use admissible::format::source::cosign::{Annotations, attestation, image_signature};
use admissible::{EvaluationVerdict, Policy, Request, TrustedRoots, evaluate};
use admissible_box::certificate::GeneralName;
use admissible_box::fulcio::{IDENTITY, ISSUER, LeafSpec};
use admissible_box::keys::KeyAlg;
use admissible_box::rekor::Kind;
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

use crate::judge_twice;
use crate::layers::{PAYLOAD, Parts, SEED, image, message, statement};

/// Somebody else, whom the same CA certified for a workflow of his own, and who signed and logged a payload.
fn hostile(world: &World, payload: &[u8]) -> Parts {
    let mut spec = message(world, payload);
    *spec.leaf() = LeafSpec::new("hostile", KeyAlg::P256, world.time)
        .with_san(GeneralName::Uri(IDENTITY.replace("acme", "mallory")));
    Parts::of(world, &spec)
}

/// CVE-2022-23649, CVE-2022-36056, CVE-2026-22703: payload, signature, certificate and log entry stand beside each other in a layer, where whoever may
/// push can exchange each. Of all that can be put together from a trusted signature and a stranger's, only the trusted one as it was is worth anything.
#[test]
fn parts_of_two_signatures_are_none() {
    let world = World::new(SEED);
    let evil = String::from_utf8_lossy(PAYLOAD).replace("0011", "1100").into_bytes();
    let trusted = Parts::of(&world, &message(&world, PAYLOAD));
    let mut other_image = image();
    other_image["artifact"]["sha256"] = json!("1100".to_owned() + &"00112233445566778899aabbccddeeff".repeat(2)[4..]);
    // The stranger signs what is trusted himself, or an image of his own.
    for theirs in [PAYLOAD, &evil] {
        let stranger = hostile(&world, theirs);
        for choice in 0_u32..16 {
            let of = |part: u32| if choice >> part & 1 == 0 { &trusted } else { &stranger };
            let payload = if choice & 1 == 0 { PAYLOAD } else { theirs };
            let annotations = Annotations {
                signature: of(1).annotations().signature,
                certificate: of(2).annotations().certificate,
                bundle: of(3).annotations().bundle,
                ..trusted.annotations()
            };
            let made = image_signature(payload, &annotations).expect("a bundle");
            for options in [image(), other_image.clone()] {
                let [_, codes] = judge_twice(&made, &trusted.roots, &options, None);
                let is_own = payload == PAYLOAD && choice & 0b1110 == 0;
                assert_eq!(codes.is_empty(), is_own && options == image(), "{choice:04b}: {codes:?}");
                // A certificate belongs to its key, an entry to its certificate; and the stranger's is the stranger's.
                let expected = match choice >> 1 {
                    0b001 | 0b110 => Some("signature-invalid"),
                    0b100 | 0b010 => Some("log-binding-key-differs"),
                    0b111 if payload == theirs => Some("signer-identity-differs"),
                    _ => None,
                };
                assert!(expected.is_none_or(|code| codes.contains(&code)), "{choice:04b}: {codes:?}");
            }
        }
    }
}

/// CVE-2022-35929, CVE-2025-25204: that some attestation verifies is no word about one of the type that is asked for.
#[test]
fn an_attestation_of_another_type_is_not_the_one_that_is_asked_for() {
    let world = World::new(SEED);
    let parts = Parts::of(&world, &statement(&world, Some(Kind::DsseV1)));
    let made = attestation(parts.envelope().as_bytes(), &parts.annotations()).expect("a bundle");
    let by = |predicate_type: &str, bundles: &[&str]| {
        let policy = json!({ "version": 1, "signers": [{ "issuer": ISSUER, "identity": IDENTITY }],
            "evidence": { "promiseOnly": true }, "require": [{ "predicateType": predicate_type }] });
        let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
        let request = Request::from_json("{}", Some(ARTIFACT)).expect("a request");
        let bundles: Vec<&[u8]> = bundles.iter().map(|bundle| bundle.as_bytes()).collect();
        let roots = TrustedRoots::from_json(world.trusted_root().to_string().as_bytes()).expect("a trusted root");
        let evaluation = evaluate(&bundles, &roots, &policy, &request).expect("an evaluation");
        let told: Value = serde_json::to_value(&evaluation).expect("JSON");
        let unmet: Vec<_> = told["requirements"].as_array().into_iter().flatten().collect();
        let codes = unmet.iter().flat_map(|line| line["failures"].as_array().into_iter().flatten());
        let codes: Vec<_> = codes.filter_map(|failure| failure["code"].as_str().map(ToOwned::to_owned)).collect();
        (evaluation.verdict(), codes)
    };
    assert_eq!(by("https://slsa.dev/provenance/v1", &[&made]), (EvaluationVerdict::Verified, vec![]));
    for bundles in [&[made.as_str()][..], &[]] {
        let (verdict, codes) = by("https://cosign.sigstore.dev/attestation/vuln/v1", bundles);
        assert_eq!(verdict, EvaluationVerdict::Rejected);
        assert_eq!(codes.last().map(String::as_str), Some("requirement-no-evidence"), "{codes:?}");
    }
}
