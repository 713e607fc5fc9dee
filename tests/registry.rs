//! What npm's registry signs of its versions: real signatures of its, by the keys that ship with the crate, and some that are made here.

use admissible::check::Coded;
use admissible::verify_registry_signature as verify;
use admissible_box::b64;
use admissible_box::keys::{KeyAlg, KeyPair};

use serde_json::{Value, json};

/// Versions that npm published: reference, integrity, signature, the key's id, and whether that key has an end.
const PUBLISHED: [(&str, &str, &str, &str, bool); 3] = [
    (
        "kms-demo@1.0.0",
        "sha512-QqZ7VJ/8xPkS9s2IWB7Shj3qTJdcRyeXKbPQnsZjsPEwvutGv0EGeVchPcauoiDFJlGbZMFq5GDCurAGNSghJQ==",
        "MEUCIDrLNspFeU5NZ6d55ycVBZIMXnPJi/XnI1Y2dlJvK8P1AiEAnXjn1IOMUd+U7YfPH+FNjwfLq+jCwfH8uaxocq+mpPk=",
        OLDER,
        true,
    ),
    (
        "@bouzuya/borage@3.1.2",
        "sha512-gBp5eS2+5VSQqqgHs7fBwesw+ZhbfwewPoiyaINPIchhiIkAjnJ8gPN7RsBqzUftZNXF04x5HuHZG9xe/PHptw==",
        "MEQCIBDqfLdL4pGDRKMfJ3HvGGE6tmWoM2uKV8jZWAVshLaKAiAhfqB0YTsKYVz2SUSa1Jz/ZiBPlkF3jAPGqV7UN+lpBw==",
        OLDER,
        true,
    ),
    (
        "@anthropic-ai/claude-code@2.1.98",
        "sha512-qecREauMWXHplkpjqsuDuUv4ww+NprMl71k9sMuLkZU7qwjLMkTPxRBjuKvZWWMrAPvZWdGZE9LljUTfCQ1lWQ==",
        "MEQCIGvolW/eLJuocfuN94cinl0Vz9arMrshmIhulXk/9JEBAiAW18CskQ+uEkWf90x4Dc0TqDoRBQ7lmCAXhpXpqbEJDA==",
        NEWER,
        false,
    ),
];
const OLDER: &str = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA";
const NEWER: &str = "SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U";

fn description(integrity: &str, signatures: Value) -> String {
    json!({ "name": "x", "version": "0", "dist": { "integrity": integrity, "signatures": signatures } }).to_string()
}

/// The codes of what stands in the way; none where it counts, and then by a key.
fn codes(reference: &str, description: &str, keys: Option<&str>, published: Option<&str>) -> Vec<&'static str> {
    let verdict = verify(reference, description.as_bytes(), keys.map(str::as_bytes), published).expect("a verdict");
    assert_eq!(verdict.failures.is_empty(), verdict.key_id.is_some());
    verdict.failures.iter().map(Coded::code).collect()
}

#[test]
fn npm_signed_what_it_published() {
    for (reference, integrity, sig, key_id, has_end) in PUBLISHED {
        let signed = description(integrity, json!([{ "keyid": key_id, "sig": sig }]));
        let none: Vec<&str> = Vec::new();
        assert_eq!(codes(reference, &signed, None, Some("2022-11-01T00:00:00.000Z")), none, "{reference}");
        let without_time = if has_end { vec!["registry-key-without-time"] } else { none.clone() };
        assert_eq!(codes(reference, &signed, None, None), without_time, "{reference}");
        for (published, expired) in [("2025-01-28T23:59:59.999Z", false), ("2025-01-29T00:00:00.000Z", has_end)] {
            let expected = if expired { vec!["registry-key-expired"] } else { none.clone() };
            assert_eq!(codes(reference, &signed, None, Some(published)), expected, "{reference} {published}");
        }
        let published = Some("2022-11-01T00:00:00Z");
        // Of another package, another version or another tarball, this is no signature; nor where name and version are cut apart elsewhere.
        let cut = reference.strip_prefix('@').map_or(format!("@{reference}"), Into::into);
        for other in
            ["kms-demo@1.0.1", "@bouzuya/borage@3.1.1", "", &cut, &format!("{reference}:"), &format!(" {reference}")]
        {
            assert_eq!(codes(other, &signed, None, published), ["registry-signature-invalid"], "{other}");
        }
        let other = description(&integrity.replace("sha512", "sha384"), json!([{ "keyid": key_id, "sig": sig }]));
        assert_eq!(codes(reference, &other, None, published), ["registry-signature-invalid"], "{reference}");
        let another_key = if key_id == OLDER { NEWER } else { OLDER };
        let claimed = description(integrity, json!([{ "keyid": another_key, "sig": sig }]));
        assert_eq!(codes(reference, &claimed, None, published), ["registry-signature-invalid"], "{reference}");
    }
}

#[test]
fn what_is_not_known_counts_for_nothing_and_what_is_known_must_hold() {
    let (reference, integrity, sig, key_id, _) = PUBLISHED[2];
    let good = json!({ "keyid": key_id, "sig": sig });
    let unknown = json!({ "keyid": "SHA256:unknown", "sig": sig });
    let invalid = json!({ "keyid": OLDER, "sig": sig });
    let none: Vec<&str> = Vec::new();
    for (signatures, expected) in [
        (json!([unknown, good]), none.clone()),
        (json!([good, unknown]), none),
        (json!([unknown]), vec!["registry-key-unknown"]),
        (json!([good, invalid]), vec!["registry-signature-invalid"]),
        (json!([{ "keyid": key_id, "sig": "bogus" }]), vec!["registry-signature-invalid"]),
        (json!([{ "keyid": key_id, "sig": "" }]), vec!["registry-signature-invalid"]),
        (json!([{ "keyid": key_id }]), vec!["registry-signature-invalid"]),
        (json!([7, good]), vec![]),
        (json!([7]), vec!["registry-key-unknown"]),
        (json!(7), vec!["registry-signature-missing"]),
        (json!([]), vec!["registry-signature-missing"]),
        (Value::Null, vec!["registry-signature-missing"]),
    ] {
        assert_eq!(codes(reference, &description(integrity, signatures.clone()), None, None), expected, "{signatures}");
    }
    for unsigned in [r#"{"dist":{"shasum":"00"}}"#, r#"{"dist":{"integrity":"","signatures":[]}}"#] {
        assert_eq!(codes(reference, unsigned, None, None), ["registry-without-integrity"]);
    }
}

#[test]
fn keys_of_another_registry_are_the_callers() {
    let key = KeyPair::derive(KeyAlg::P256, "registry", "own");
    let sig = b64(key.sign(key.scheme(false), b"app@1.0.0:sha512-AAAA"));
    let signed = description("sha512-AAAA", json!([{ "keyid": "own", "sig": sig }]));
    assert_eq!(codes("app@1.0.0", &signed, None, None), ["registry-key-unknown"]);
    let api = |change: Value| {
        let mut item = json!({
            "keyid": "own", "keytype": "ecdsa-sha2-nistp256", "scheme": "ecdsa-sha2-nistp256",
            "key": b64(key.spki()), "expires": null,
        });
        item.as_object_mut().expect("an object").extend(change.as_object().cloned().unwrap_or_default());
        json!({ "keys": [item] }).to_string()
    };
    let tuf = |change: Value| {
        let mut item = json!({
            "keyId": "own", "keyUsage": "npm:signatures",
            "publicKey": { "rawBytes": b64(key.spki()), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": { "start": "2025-01-01T00:00:00Z" } },
        });
        item.as_object_mut().expect("an object").extend(change.as_object().cloned().unwrap_or_default());
        json!({ "keys": [item] }).to_string()
    };
    let none: [&str; 0] = [];
    for keys in [api(json!({})), tuf(json!({}))] {
        assert_eq!(codes("app@1.0.0", &signed, Some(&keys), None), none, "{keys}");
        // A key's start is not asked for: old versions are signed again.
        assert_eq!(codes("app@1.0.0", &signed, Some(&keys), Some("2020-01-01T00:00:00Z")), none, "{keys}");
    }
    for keys in
        [api(json!({ "keytype": "rsa" })), tuf(json!({ "keyUsage": "npm:attestations" })), r#"{"keys":[]}"#.to_string()]
    {
        assert_eq!(codes("app@1.0.0", &signed, Some(&keys), None), ["registry-key-unknown"], "{keys}");
    }
    let ended = api(json!({ "expires": "2025-01-01T00:00:00Z" }));
    assert_eq!(codes("app@1.0.0", &signed, Some(&ended), None), ["registry-key-without-time"]);
    let other = KeyPair::derive(KeyAlg::P384, "registry", "other");
    for (keys, at) in [
        (api(json!({ "key": "AAAA" })), "/keys/keys/0/key"),
        (api(json!({ "key": b64(other.spki()) })), "/keys/keys/0/key"),
        (api(json!({ "expires": "soon" })), "/keys/keys/0/expires"),
        (tuf(json!({ "publicKey": {} })), "/keys/keys/0/publicKey"),
        ("{}".to_string(), "/keys"),
        ("[".to_string(), "/keys"),
    ] {
        let error = verify("app@1.0.0", signed.as_bytes(), Some(keys.as_bytes()), None).expect_err(&keys);
        assert_eq!((error.code(), error.at.as_str()), ("malformed-source", at), "{keys}");
    }
    for description in ["{", "{}", r#"{"dist":7}"#, r#"{"dist":{"integrity":7}}"#] {
        let error = verify("app@1.0.0", description.as_bytes(), None, None).expect_err(description);
        assert!(error.code() == "malformed-source" && error.at.starts_with("/description"), "{description}");
    }
    let error = verify("app@1.0.0", signed.as_bytes(), None, Some("yesterday")).expect_err("no time");
    assert_eq!((error.code(), error.at.as_str()), ("invalid-time", "/published"));
}
