//! What a verification asks of the artifact is told beforehand: by these digests, and no more, every genuine bundle verifies.

use admissible::{Hasher, claimed_digests, wanted_digests, wants_whole};
use admissible_box::bundle::Signer;
use admissible_box::keys::KeyAlg;
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Map, Value, json};

use crate::edited::case;
use crate::mint::{every_kind, with_bundle};

const KEYS: [KeyAlg; 5] = [KeyAlg::P256, KeyAlg::P384, KeyAlg::P521, KeyAlg::Rsa2048, KeyAlg::Ed25519];

/// The digests of the box's artifact by the algorithms that the bundle wants.
fn digests(bundle: &[u8]) -> Value {
    let digest = |algorithm| {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(ARTIFACT);
        json!(hasher.finish().to_hex())
    };
    wanted_digests(bundle)
        .into_iter()
        .map(|algorithm| (algorithm.name().to_string(), digest(algorithm)))
        .collect::<Map<_, _>>()
        .into()
}

#[test]
fn digests_are_enough_unless_the_artifact_is_wanted_whole() {
    let world = World::new("wanted");
    let mut whole = 0;
    for alg in KEYS {
        for (kind, mut spec) in every_kind(&world) {
            spec.signer = Signer::Leaf(Box::new(world.leaf(alg)));
            let mut case = case(&world, &spec);
            case.accepted();
            case.options["artifact"] = digests(&case.bundle);
            case.artifact = None;
            println!("{kind} {alg:?}");
            if wants_whole(&case.bundle) {
                assert_eq!(alg, KeyAlg::Ed25519, "{kind}");
                whole += 1;
            } else {
                case.accepted();
            }
        }
    }
    assert!(whole > 0, "no plain Ed25519 signature over a message");
}

#[test]
fn a_bundle_without_its_key_may_want_the_artifact_whole() {
    let world = World::new("wanted");
    let mut spec = world.message();
    spec.signer = Signer::Key(world.managed_key(KeyAlg::P256));
    assert!(wants_whole(&case(&world, &spec).bundle));
    let mut spec = world.provenance();
    spec.signer = Signer::Key(world.managed_key(KeyAlg::Ed25519));
    assert!(!wants_whole(&case(&world, &spec).bundle));
    assert!(!wants_whole(b"{"));
}

#[test]
fn what_a_bundle_is_about_is_what_it_says() {
    let world = World::new("wanted");
    let mut hasher = Hasher::new(admissible::HashAlgorithm::Sha256);
    hasher.update(ARTIFACT);
    let expected = vec![vec![hasher.finish()]];
    for (kind, spec) in every_kind(&world) {
        let case = case(&world, &spec);
        assert_eq!(claimed_digests(&case.bundle), expected, "{kind}");
        // Nothing of it is verified.
        let forged = with_bundle(case, |bundle| {
            let pointer = if bundle.get("dsseEnvelope").is_some() {
                "/dsseEnvelope/signatures/0/sig"
            } else {
                "/messageSignature/signature"
            };
            *bundle.pointer_mut(pointer).unwrap() = json!("AAAA");
        });
        assert_eq!(claimed_digests(&forged.bundle), expected, "{kind}");
    }
    assert_eq!(claimed_digests(b"{"), Vec::<Vec<_>>::new());
}
