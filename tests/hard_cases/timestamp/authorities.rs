//! The authorities of the root: their keys, their windows, those that it does not know, and the times they attest.

use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::tsa::TimestampSpec;
use admissible_box::world::World;
use serde_json::json;

use super::{MALFORMED, NOT_VALID, UNKNOWN, tsa_leaf, tsa_leaf_of, w_time};
use crate::edited::SEED;
use crate::mint::{Reasons, case, each_accepted, each_rejected, notes, on_v2, v1, v2, with_root};

const WINDOW: Reasons<'static> = &[("timestamp", "timestamp-outside-authority-window")];

/// Row 43: every attested time must fit the certificate: one of two outside is too many.
#[test]
fn every_time_must_fit_the_certificate() {
    const LATE: Reasons<'static> = &[("certificate-path", "certificate-not-valid-at-signing")];
    for offset in [-1, 601] {
        for (first, second) in [(10, offset), (offset, 10)] {
            v2(|w, s| {
                let other = w.add_tsa(KeyAlg::P256, 0);
                s.timestamps = vec![TimestampSpec::new(0, w.time + first), TimestampSpec::new(other, w.time + second)];
            })
            .rejected(LATE);
        }
        // Beside a promise whose time fits, too.
        v1(|w, s| s.timestamps = vec![TimestampSpec::new(0, w.time + offset)]).rejected(LATE);
        v2(|w, s| s.timestamps[0].gen_time = w.time + offset).rejected(LATE);
    }
    for offset in [0, 600] {
        v2(|w, s| s.timestamps[0].gen_time = w.time + offset).accepted();
    }
}

/// Timestamp authorities of every kind of key, and of every scheme of theirs.
#[test]
fn authorities_of_every_kind() {
    for (alg, scheme) in [
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha256)),
        (KeyAlg::P256, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha384)),
        (KeyAlg::P384, Scheme::Ecdsa(Hash::Sha256)),
        (KeyAlg::P521, Scheme::Ecdsa(Hash::Sha512)),
        (KeyAlg::Rsa2048, Scheme::RsaPkcs1(Hash::Sha256)),
        (KeyAlg::Rsa3072, Scheme::RsaPkcs1(Hash::Sha384)),
        (KeyAlg::Rsa4096, Scheme::RsaPkcs1(Hash::Sha512)),
        (KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha256)),
        (KeyAlg::Ed25519, Scheme::Ed25519),
    ] {
        println!("{alg:?} {scheme:?}");
        let mut world = World::new(SEED);
        world.tsas.clear();
        world.add_tsa(alg, 1);
        let mut spec = world.on_rekor_v2(world.message());
        spec.timestamps[0].scheme = Some(scheme);
        let report = case(&world, &spec).accepted();
        assert_eq!(notes(&report), [""; 0]);
    }
}

/// Each authority has its own window and its own certificates: another one that covers the time lends neither.
#[test]
fn authorities_stay_apart() {
    each_rejected(
        on_v2,
        &[
            (
                "closed, another open",
                |w, _| {
                    w.tsas[0].valid_for.end = Some(w.time + 9);
                    w.add_tsa(KeyAlg::P384, 0);
                },
                WINDOW,
            ),
            (
                "another open before it",
                |w, s| {
                    w.tsas[0].valid_for.start = Some(w.time + 11);
                    let open = w.add_tsa(KeyAlg::P384, 0);
                    w.tsas.swap(0, open);
                    s.timestamps[0].tsa = open;
                },
                WINDOW,
            ),
            (
                "its leaf expired, renewed under another anchor",
                |w, _| {
                    tsa_leaf(w).not_after = w_time() + 9;
                    let mut renewed = w.tsas[0].clone();
                    renewed.chain[0].key = crate::mint::stranger(KeyAlg::P384);
                    tsa_leaf_of(&mut renewed).not_after = w_time() + 9;
                    w.tsas.push(renewed);
                },
                NOT_VALID,
            ),
        ],
    );
    // An authority without any certificate, whose window covers the time, cannot even be trusted.
    let case = v2(|w, _| w.tsas[0].valid_for.end = Some(w.time + 9));
    with_root(case, |root| {
        let mut open = root["timestampAuthorities"][0].clone();
        open["certChain"] = json!({ "certificates": [] });
        open["validFor"]["end"] = json!(null);
        root["timestampAuthorities"].as_array_mut().expect("authorities").push(open);
    })
    .refused("invalid-trusted-root");
    each_accepted(
        on_v2,
        &[
            ("at the end", |w, _| w.tsas[0].valid_for.end = Some(w.time + 10)),
            ("at the start", |w, _| w.tsas[0].valid_for.start = Some(w.time + 10)),
            // The same authority listed with two windows: the one that covers the time counts.
            ("two windows", |w, _| {
                let mut earlier = w.tsas[0].clone();
                earlier.valid_for.end = Some(w.time - 60);
                w.tsas.insert(0, earlier);
            }),
        ],
    );
}

/// A timestamp of an authority that the root does not know, beside a good one or a promise, is passed over and noted.
#[test]
fn an_unknown_authority_beside_a_known_one() {
    let stranger = |w: &mut World| {
        let other = w.add_tsa(KeyAlg::P256, 0);
        w.tsas[other].trusted = false;
        TimestampSpec::new(other, w.time + 12)
    };
    let report = v2(|w, s| {
        let unknown = stranger(w);
        s.timestamps.push(unknown);
    })
    .accepted();
    assert_eq!(notes(&report), ["unknown-timestamp-authority"]);
    assert!(report.notes[0].at().ends_with("/rfc3161Timestamps/1"), "{}", report.notes[0].at());
    let report = v1(|w, s| s.timestamps = vec![stranger(w)]).accepted();
    assert_eq!(notes(&report), ["unknown-timestamp-authority"]);
    // Alone it is no time, and never counts towards a threshold.
    v2(|w, s| s.timestamps = vec![stranger(w)]).rejected(UNKNOWN);
    let mut case = v1(|w, s| s.timestamps = vec![stranger(w)]);
    case.options["require"] = json!({ "signedTimestamps": 1 });
    case.rejected(&[("threshold", "threshold-signed-timestamps")]);
    // Malformed bytes are no unknown authority's.
    v2(|w, s| {
        let mut unknown = stranger(w);
        unknown.alter_der.set(|der| der.truncate(der.len() - 1));
        s.timestamps.push(unknown);
    })
    .rejected(MALFORMED);
}
