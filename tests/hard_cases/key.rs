//! Managed keys: which key, when it was trusted, and never a key for a certificate or the reverse.

use admissible_box::bundle::{BundleSpec, Content, Material, Signer, key_hint};
use admissible_box::keys::{KeyAlg, KeyPair};
use admissible_box::time::rfc3339;
use admissible_box::world::{TIME, World};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::SEED;
use crate::mint::{Reasons, case, managed, stranger, v1, v2};

/// A bundle signed by a managed key, judged by these signers.
fn signed_by(spec: impl FnOnce(&World) -> BundleSpec, signer: &dyn Fn(&KeyPair) -> Value) -> Case {
    let world = World::new(SEED);
    let spec = managed(&world, &spec(&world));
    let mut case = case(&world, &spec);
    case.options["signer"] = signer(spec.key());
    case
}

fn identity() -> Value {
    json!({ "issuer": admissible_box::fulcio::ISSUER, "identity": admissible_box::fulcio::IDENTITY })
}

fn key(key: &KeyPair) -> Value {
    json!({ "publicKey": key.pem() })
}

/// Row 56: a certificate's bundle is never judged by a key, a managed key's never by an identity.
#[test]
fn keys_and_identities_exclude_each_other() {
    const KEY_EXPECTED: Reasons<'static> = &[("signer", "signer-key-expected")];
    const CERTIFICATE_EXPECTED: Reasons<'static> = &[("signer", "signer-certificate-expected")];
    for case in [v1(|_, _| ()), v2(|_, _| ())] {
        let leaf = World::new(SEED).leaf(KeyAlg::P256).certificate.key;
        let judged = |signer: Value| {
            let mut case = case.clone();
            case.options["signer"] = signer;
            case
        };
        // Not even by the key that the certificate is for.
        for pem in [leaf.clone(), stranger(KeyAlg::P256)] {
            judged(key(&pem)).rejected(KEY_EXPECTED);
            judged(json!([key(&pem), key(&stranger(KeyAlg::Ed25519))])).rejected(KEY_EXPECTED);
        }
        judged(json!([key(&leaf), identity()])).accepted();
    }
    for spec in [World::message as fn(&World) -> BundleSpec, World::provenance, |w| w.on_rekor_v2(w.message())] {
        signed_by(spec, &|_| identity()).rejected(CERTIFICATE_EXPECTED);
        signed_by(spec, &|_| json!({ "dangerouslyAnySigner": true })).rejected(CERTIFICATE_EXPECTED);
        signed_by(spec, &|k| json!([identity(), key(k)])).accepted();
    }
    // The bundle shows a certificate's signature as a managed key's, and the reverse.
    let mut disguised = v1(|_, s| s.material = Material::PublicKey(key_hint(s.key())));
    disguised.rejected(CERTIFICATE_EXPECTED);
    disguised.options["signer"] = key(&World::new(SEED).leaf(KeyAlg::P256).certificate.key);
    disguised.rejected(&[("log-binding", "log-binding-key-differs")]);
}

/// Another key than the one that signed, or none of several.
#[test]
fn another_key() {
    const ANOTHER: Reasons<'static> = &[("log-binding", "log-binding-key-differs"), ("signature", "signature-invalid")];
    let other = stranger(KeyAlg::P256);
    for spec in [World::message as fn(&World) -> BundleSpec, World::provenance, |w| w.on_rekor_v2(w.provenance())] {
        signed_by(spec, &|_| key(&other)).rejected(ANOTHER);
        signed_by(spec, &|_| json!([key(&other), key(&stranger(KeyAlg::P384)), identity()])).rejected(ANOTHER);
        signed_by(spec, &|k| json!([key(&other), key(k)])).accepted();
        signed_by(spec, &|k| json!([identity(), key(&stranger(KeyAlg::Ed25519)), key(k)])).accepted();
    }
}

/// The window of a managed key against every attested time; both ends are inside.
#[test]
fn the_window_of_a_key() {
    const OUTSIDE: Reasons<'static> = &[("signer", "signer-key-outside-window")];
    const WITHOUT_TIME: Reasons<'static> = &[("signer", "signer-key-without-time")];
    let with = |valid_for: Value| move |k: &KeyPair| json!({ "publicKey": k.pem(), "validFor": valid_for.clone() });
    let window = |start: i64, end: i64| json!({ "start": rfc3339(TIME + start), "end": rfc3339(TIME + end) });
    let untimed = |w: &World| {
        let mut spec = w.on_rekor_v2(w.message());
        spec.timestamps.clear();
        spec
    };
    // Attested by a promise, by a timestamp, by both.
    for spec in [
        World::message as fn(&World) -> BundleSpec,
        |w| w.on_rekor_v2(w.message()),
        |w| {
            let mut spec = w.provenance();
            spec.timestamps = vec![w.timestamp()];
            spec
        },
    ] {
        for inside in [
            window(0, 20),
            window(10, 10),
            json!({ "start": rfc3339(TIME) }),
            json!({ "end": rfc3339(TIME + 60) }),
            json!({}),
        ] {
            signed_by(spec, &with(inside)).accepted();
        }
        for outside in [
            window(-20, 9),
            window(11, 20),
            json!({ "start": rfc3339(TIME + 11) }),
            json!({ "end": rfc3339(TIME + 9) }),
        ] {
            signed_by(spec, &with(outside)).rejected(OUTSIDE);
        }
    }
    // One of two times outside is too many.
    let two = |w: &World| {
        let mut spec = w.message();
        spec.timestamps = vec![w.timestamp()];
        spec.timestamps[0].gen_time += 100;
        spec
    };
    signed_by(two, &with(window(0, 110))).accepted();
    signed_by(two, &with(window(0, 109))).rejected(OUTSIDE);
    // Without a time, a key with a window is never good; one without is.
    signed_by(untimed, &with(window(0, 20))).rejected(WITHOUT_TIME);
    signed_by(untimed, &with(json!({}))).rejected(WITHOUT_TIME);
    signed_by(untimed, &key).accepted();
    // A window that ends before it starts is an error of use.
    signed_by(World::message, &with(window(20, 0))).refused("invalid-time");
}

/// Any of the alternatives: one key trusted in two windows is good in either.
#[test]
fn one_key_in_two_windows() {
    let rule = |k: &KeyPair, start: i64, end: i64| {
        json!({ "publicKey": k.pem(), "validFor": {
        "start": rfc3339(TIME + start), "end": rfc3339(TIME + end) } })
    };
    signed_by(World::message, &|k| json!([rule(k, -200, -100), rule(k, 0, 100)])).accepted();
    signed_by(World::message, &|k| json!([rule(k, 0, 100), rule(k, -200, -100)])).accepted();
    signed_by(World::message, &|k| json!([rule(k, -200, -100), rule(&stranger(KeyAlg::P256), 0, 100)]))
        .rejected(&[("signer", "signer-key-outside-window")]);
    signed_by(World::message, &|k| json!([rule(k, -200, -100), rule(k, 200, 300)]))
        .rejected(&[("signer", "signer-key-outside-window")]);
}

/// The hint and the envelope's keyid: nobody signed them; they may not name two keys.
#[test]
fn hints() {
    let world = World::new(SEED);
    let hinted = |hint: &str, keyid: Option<&str>| {
        let mut spec = managed(&world, &world.provenance());
        spec.material = Material::PublicKey(hint.to_owned());
        spec.dsse().keyid = keyid.map(str::to_owned);
        case(&world, &spec)
    };
    for (hint, keyid) in [
        ("a", None),
        ("a", Some("")),
        ("a", Some("a")),
        ("", None),
        ("", Some("a")),
        (
            "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA",
            Some("SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA"),
        ),
        (key_hint(&stranger(KeyAlg::P256)).as_str(), None),
    ] {
        hinted(hint, keyid).accepted();
    }
    for (hint, keyid) in [("a", "b"), ("a", "a "), ("a", "A"), ("ab", "a")] {
        hinted(hint, Some(keyid)).rejected(&[("bundle", "bundle-key-hint")]);
    }
    // Beside a certificate there is no hint, and the keyid means nothing.
    let mut spec = world.provenance();
    spec.dsse().keyid = Some("anything".into());
    case(&world, &spec).accepted();
}

/// Keys that cannot be used are errors of use.
#[test]
fn unusable_keys() {
    let with = |pem: &str| {
        let mut case = v1(|_, _| ());
        case.options["signer"] = json!({ "publicKey": pem });
        case
    };
    let good = stranger(KeyAlg::P256).pem();
    let world = World::new(SEED);
    let certificate = admissible_box::keys::pem("CERTIFICATE", &world.message().mint(&world).leaf);
    for pem in [
        String::new(),
        "junk".into(),
        KeyPair::derive(KeyAlg::Rsa1024, "any", "any").pem(),
        format!("{good}{good}"),
        format!("{good}junk"),
        good.replace("PUBLIC KEY", "PRIVATE KEY"),
        certificate,
    ] {
        with(&pem).refused("invalid-public-key");
    }
    for signer in [json!({}), json!([]), json!("x"), json!({ "issuer": "x" }), json!([[]])] {
        let mut case = v1(|_, _| ());
        case.options["signer"] = signer;
        case.refused("invalid-signer");
    }
}

/// A managed key signs with nothing but itself: no certificate is asked for, but the log is.
#[test]
fn what_a_managed_key_needs() {
    let world = World::new(SEED);
    let mut spec = managed(&world, &world.message());
    assert!(matches!((&spec.signer, &spec.content), (Signer::Key(_), Content::Message(_))));
    let mut unlogged = {
        let mut spec = spec.clone();
        spec.entries.clear();
        case(&world, &spec)
    };
    unlogged.rejected(&[("threshold", "threshold-log-entries")]);
    unlogged.options["require"] = json!({ "logEntries": 0 });
    unlogged.accepted();
    // An entry that is there is verified, whether one is asked for or not.
    spec.entry().alter_proof.set(|proof| proof.hashes[0][0] ^= 1);
    let mut spoilt = case(&world, &spec);
    spoilt.options["require"] = json!({ "logEntries": 0 });
    spoilt.rejected(&[("inclusion-proof", "inclusion-proof-wrong-root")]);
}
