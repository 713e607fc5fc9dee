//! The bundle's JSON: numbers, base64, keys, types, media types.

use admissible_box::b64;
use admissible_box::bundle::Version;
use admissible_box::dsse::{provenance, subject};
use admissible_box::rekor::{EntrySpec, Kind};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, REKOR_V2, World};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::SEED;
use crate::mint::{ENTRY, at, case, v1, v2, with_bundle};

/// A message in Rekor v1 with a timestamp, and an envelope in Rekor v2: together every field that a bundle can have.
fn both() -> [Case; 2] {
    let world = World::new(SEED);
    let mut message = world.message();
    message.timestamps = vec![world.timestamp()];
    [case(&world, &message), case(&world, &world.on_rekor_v2(world.provenance()))]
}

/// The case with `text` in place of the value at `pointer`, exactly as it stands.
fn spelled(case: &Case, pointer: &str, text: &str) -> Case {
    const MARK: &str = "the value to be replaced";
    let mut case = with_bundle(case.clone(), |bundle| *at(bundle, pointer) = json!(MARK));
    let bundle = String::from_utf8(case.bundle).expect("JSON").replacen(&format!("\"{MARK}\""), text, 1);
    case.bundle = bundle.into_bytes();
    case
}

/// Row 49: integers are decimal digits of at most 64 bits, and nothing else.
#[test]
fn integers() {
    let [message, envelope] = both();
    for field in ["logIndex", "integratedTime", "inclusionProof/logIndex", "inclusionProof/treeSize"] {
        let pointer = format!("{ENTRY}/{field}");
        for text in [
            "\"0x5\"",
            "\" 7\"",
            "\"7 \"",
            "\"+7\"",
            "\"1_0\"",
            "\"７\"",
            "\"7.4\"",
            "7.4",
            "\"NaN\"",
            "\"Infinity\"",
            "10000000000000000000000000000000000000000",
            "1e40",
            "1e1",
            "7.0",
            "-1",
            "\"-1\"",
            "-0.0",
            "\"07\"",
            "\"\"",
            "\"1,000\"",
            "\"1e1\"",
            "\"0b1\"",
            "\"9223372036854775808\"",
            "9223372036854775808",
            "-9223372036854775809",
        ] {
            println!("{pointer}: {text}");
            spelled(&message, &pointer, text).rejected(&[("bundle", "bundle-invalid-integer")]);
        }
        for text in ["NaN", "+7", "07", "0x7", "Infinity", "7.", ".7", "７"] {
            println!("{pointer}: {text}");
            spelled(&message, &pointer, text).rejected(&[("bundle", "bundle-malformed-json")]);
        }
        for text in ["true", "[7]", "{}"] {
            println!("{pointer}: {text}");
            spelled(&message, &pointer, text).rejected(&[("bundle", "bundle-wrong-type")]);
        }
    }
    // As protobuf JSON allows, a number may be written as one.
    spelled(&envelope, &format!("{ENTRY}/logIndex"), "5").accepted();
    spelled(&envelope, &format!("{ENTRY}/inclusionProof/treeSize"), "11").accepted();
    // A time beyond every calendar is no time.
    spelled(&message, &format!("{ENTRY}/integratedTime"), "\"9223372036854775807\"")
        .rejected(&[("bundle", "bundle-invalid-integer")]);
}

/// The fields of bytes in each of [`both`].
const BYTES: [&[&str]; 2] = [
    &[
        "/messageSignature/signature",
        "/messageSignature/messageDigest/digest",
        "/verificationMaterial/certificate/rawBytes",
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp",
        "/verificationMaterial/tlogEntries/0/canonicalizedBody",
        "/verificationMaterial/tlogEntries/0/logId/keyId",
        "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp",
        "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash",
        "/verificationMaterial/tlogEntries/0/inclusionProof/hashes/0",
    ],
    &["/dsseEnvelope/payload", "/dsseEnvelope/signatures/0/sig"],
];

/// Row 50: base64 with garbage, NUL, white space, data after the padding, or of another alphabet.
#[test]
fn base64() {
    for (case, pointers) in both().iter().zip(BYTES) {
        for pointer in pointers {
            let value: Value = serde_json::from_slice(&case.bundle).expect("JSON");
            let good = value.pointer(pointer).and_then(Value::as_str).expect("text").to_owned();
            let bare = good.trim_end_matches('=');
            for bad in [
                format!("{good}!"),
                format!("!{good}"),
                format!("{good}\0"),
                format!("\0{good}"),
                format!("{good}\n"),
                format!(" {good}"),
                format!("{}\n{}", &good[..8], &good[8..]),
                format!("{bare}===="),
                format!("{bare}=AAA"),
                format!("{bare}==AAAA"),
                format!("{bare}-_+/"),
                format!("{good}é"),
                bare[..bare.len() - bare.len() % 4 - 3].to_owned(),
            ] {
                println!("{pointer}: {bad:?}");
                with_bundle(case.clone(), |b| *at(b, pointer) = json!(bad))
                    .rejected(&[("bundle", "bundle-invalid-base64")]);
            }
            // The four forms that protobuf JSON reads are the same bytes.
            let url = good.replace('+', "-").replace('/', "_");
            for same in [bare, &url, url.trim_end_matches('=')] {
                with_bundle(case.clone(), |b| *at(b, pointer) = json!(same)).accepted();
            }
        }
    }
}

/// Row 50: hexadecimal reads as base64 of other bytes, so each field tells in its own way that they are not the right ones.
#[test]
fn hexadecimal() {
    let hex = |length: usize| json!("0123456789abcdef".repeat(length / 8));
    let [message, envelope] = both();
    let put = |case: &Case, pointer: &str, value: Value| with_bundle(case.clone(), |b| *at(b, pointer) = value);
    for field in ["inclusionProof/rootHash", "inclusionProof/hashes/0"] {
        put(&message, &format!("{ENTRY}/{field}"), hex(32)).rejected(&[("bundle", "bundle-wrong-length")]);
    }
    put(&message, "/messageSignature/messageDigest/digest", hex(32)).rejected(&[("bundle", "bundle-message-digest")]);
    put(&message, "/verificationMaterial/certificate/rawBytes", hex(64))
        .rejected(&[("certificate-path", "certificate-malformed")]);
    put(&message, &format!("{ENTRY}/inclusionPromise/signedEntryTimestamp"), hex(72))
        .rejected(&[("inclusion-promise", "inclusion-promise-signature-invalid")]);
    put(&envelope, "/dsseEnvelope/signatures/0/sig", hex(72)).rejected(&[
        ("log-binding", "log-binding-signature-differs"),
        ("timestamp", "timestamp-imprint-differs"),
        ("signature", "signature-malformed"),
    ]);
}

/// Every object of a JSON value, by pointer.
fn objects(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(pointer.to_owned());
            members.iter().for_each(|(key, value)| objects(value, &format!("{pointer}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| objects(value, &format!("{pointer}/{n}"), found));
        }
        _ => {}
    }
}

/// Row 51: every key of every object twice: with the good value first or last, or in both of protobuf's spellings.
#[test]
fn duplicate_keys() {
    for case in both() {
        let value: Value = serde_json::from_slice(&case.bundle).expect("JSON");
        let mut pointers = Vec::new();
        objects(&value, "", &mut pointers);
        for pointer in pointers {
            let object = value.pointer(&pointer).and_then(Value::as_object).expect("an object");
            for (key, good) in object {
                let members: Vec<String> =
                    object.iter().map(|(key, value)| format!("{}:{value}", json!(key))).collect();
                let members = members.join(",");
                let escaped = format!("\\u{:04x}{}", key.as_bytes()[0], &key[1..]);
                let mut texts = vec![
                    format!("{{\"{key}\":null,{members}}}"),
                    format!("{{{members},\"{key}\":null}}"),
                    format!("{{{members},\"{key}\":{good}}}"),
                    format!("{{{members},\"{escaped}\":{good}}}"),
                ];
                let snake = snake_case(key);
                if snake != *key {
                    texts.push(format!("{{{members},\"{snake}\":null}}"));
                    texts.push(format!("{{\"{snake}\":{good},{members}}}"));
                }
                for text in texts {
                    let whole = Case { bundle: text.clone().into_bytes(), ..case.clone() };
                    let spoilt = if pointer.is_empty() { whole } else { spelled(&case, &pointer, &text) };
                    println!("{pointer}/{key}");
                    spoilt.rejected(&[("bundle", "bundle-duplicate-key")]);
                }
            }
        }
    }
}

fn snake_case(camel: &str) -> String {
    let lower = |c: char| if c.is_ascii_uppercase() { format!("_{}", c.to_ascii_lowercase()) } else { c.to_string() };
    camel.chars().map(lower).collect()
}

/// Row 51: the same inside what was signed and logged, in the trusted root and in the options.
#[test]
fn duplicate_keys_elsewhere() {
    let world = World::new(SEED);
    let doubled = |text: String, key: &str| text.replacen('{', &format!("{{\"{key}\":null,"), 1);

    let mut spec = world.provenance();
    spec.dsse().payload = doubled(provenance(&[subject(ARTIFACT_NAME, ARTIFACT)]).to_string(), "subject").into_bytes();
    case(&world, &spec).rejected(&[("statement", "statement-malformed")]);

    let mut spec = world.message();
    let (body, _) = spec.entries[0].body(&spec.mint(&world).signed);
    spec.entry().body_bytes = Some(doubled(body.to_string(), "spec").into_bytes());
    case(&world, &spec).rejected(&[("log-binding", "log-binding-malformed-body")]);

    let mut good = v1(|_, _| ());
    good.root = doubled(String::from_utf8(good.root).expect("JSON"), "tlogs").into_bytes();
    good.refused("invalid-trusted-root");

    let good = v1(|_, _| ());
    let options = doubled(good.options.to_string(), "signer");
    let error = admissible::Options::from_json(&options, good.artifact.as_deref()).expect_err("a duplicate key");
    assert_eq!(admissible::check::Coded::code(&error), "malformed-options");
}

/// Row 52: arrays for objects, objects for arrays, scalars for bytes: the library's own error everywhere.
#[test]
fn wrong_types() {
    const WRONG: &[(&str, &str)] = &[("bundle", "bundle-wrong-type")];
    for (case, bytes) in both().iter().zip(BYTES) {
        let value: Value = serde_json::from_slice(&case.bundle).expect("JSON");
        let mut pointers = Vec::new();
        objects(&value, "", &mut pointers);
        let put = |pointer: &str, value: Value| with_bundle(case.clone(), |b| *at(b, pointer) = value);
        for pointer in &pointers {
            for wrong in [json!([]), json!([value.pointer(pointer)]), json!("text"), json!(0), json!(true)] {
                println!("{pointer}: {wrong}");
                put(pointer, wrong).rejected(WRONG);
            }
        }
        for pointer in bytes {
            for wrong in [json!(7), json!(true), json!([1, 2]), json!({"0": 1})] {
                println!("{pointer}: {wrong}");
                put(pointer, wrong).rejected(WRONG);
            }
        }
        for list in ["tlogEntries", "timestampVerificationData/rfc3161Timestamps"] {
            for wrong in [json!({}), json!({"0": {}}), json!("text"), json!(1)] {
                println!("{list}: {wrong}");
                put(&format!("/verificationMaterial/{list}"), wrong).rejected(WRONG);
            }
        }
    }
    for text in
        ["", "null", "[]", "7", "\"text\"", "{", "{}x", "{'a':1}", "{\"a\":1,}", "\u{feff}{}", "{\"a\":\"\\ud800\"}"]
    {
        let report = Case { bundle: text.as_bytes().to_vec(), ..v1(|_, _| ()) }.inspect();
        let codes: Vec<_> = report.failures().iter().map(|failure| failure.code).collect();
        assert!(
            ["bundle-malformed-json", "bundle-wrong-type"].contains(&codes[0]) && codes.len() == 1,
            "{text}: {codes:?}"
        );
    }
}

/// Row 52: names that mean something in JavaScript are names like any other.
#[test]
fn prototype_keys() {
    for key in ["__proto__", "constructor", "prototype", "$case", "content", "toString"] {
        let moved = |field: &str, parent: &str| {
            with_bundle(v1(|_, _| ()), |bundle| {
                let parent = at(bundle, parent).as_object_mut().expect("an object");
                let value = parent.remove(field).expect("a member");
                parent.insert(key.to_owned(), json!({ field: value }));
            })
        };
        moved("certificate", "/verificationMaterial").rejected(&[("bundle", "bundle-no-key-material")]);
        moved("messageSignature", "").rejected(&[("bundle", "bundle-no-content")]);
        moved("mediaType", "").rejected(&[("bundle", "bundle-missing-field")]);
        // Beside the real fields they are unknown ones: told, and without effect.
        let report =
            with_bundle(v1(|_, _| ()), |b| b["verificationMaterial"][key] = json!({"tlogEntries": []})).accepted();
        let unknown = report.bundle.passed().map(|facts| facts.unknown_fields.clone());
        assert_eq!(unknown, Some(vec![format!("/verificationMaterial/{key}")]));
    }
}

/// Row 53: the four media types, byte for byte.
#[test]
fn media_types() {
    const KNOWN: [&str; 2] =
        ["application/vnd.dev.sigstore.bundle.v0.3+json", "application/vnd.dev.sigstore.bundle+json;version=0.3"];
    for known in KNOWN {
        with_bundle(v1(|_, _| ()), |b| b["mediaType"] = json!(known)).accepted();
        for wrong in [
            format!("{known} "),
            format!(" {known}"),
            format!("{known}\n"),
            format!("\n{known}"),
            format!("x{known}"),
            format!("{known}x"),
            format!("{known}\0"),
            known.to_ascii_uppercase(),
            known.replace("0.3", "0.4"),
            known.replace("0.3", "0.30"),
            known.replace("0.3", "0.3.1"),
            known.replace("0.3", "1.0"),
            known.replace("0.3", ""),
            known.replace(';', "; "),
            known.replace("version=0.3", "version=\"0.3\""),
            known.replace("v0.3", "v0.2"),
            known.replace("v0.3", "v0.1"),
            String::new(),
            "application/json".to_owned(),
        ] {
            if KNOWN.contains(&wrong.as_str()) {
                continue;
            }
            // Not every replacement changes both spellings; the other labels are for chains.
            if wrong.ends_with("version=0.2") || wrong.ends_with("version=0.1") {
                continue;
            }
            println!("{wrong:?}");
            with_bundle(v1(|_, _| ()), |b| b["mediaType"] = json!(wrong))
                .rejected(&[("bundle", "bundle-unknown-media-type")]);
        }
    }
    let without = with_bundle(v1(|_, _| ()), |b| drop(b.as_object_mut().map(|b| b.remove("mediaType"))));
    without.rejected(&[("bundle", "bundle-missing-field")]);
    with_bundle(v1(|_, _| ()), |b| b["mediaType"] = json!(null)).rejected(&[("bundle", "bundle-missing-field")]);
    with_bundle(v1(|_, _| ()), |b| b["mediaType"] = json!(["x"])).rejected(&[("bundle", "bundle-wrong-type")]);
}

/// Row 54: the parts that each version must and must not have; a label never takes a check away.
#[test]
fn labels() {
    let labelled = |version: Version| v1(move |_, s| s.version = version);
    for version in [Version::V01, Version::V02, Version::V03Old, Version::V03] {
        labelled(version).accepted();
        v2(move |_, s| s.version = version).rejected_or_accepted(version == Version::V01);
    }
    for version in [Version::V03Old, Version::V03] {
        for more in [0, 1] {
            v1(move |_, s| (s.version, s.material) = (version, admissible_box::bundle::Material::Chain(more)))
                .rejected(&[("bundle", "bundle-chain-not-allowed")]);
        }
    }
    for version in [Version::V01, Version::V02] {
        v1(move |_, s| (s.version, s.material) = (version, admissible_box::bundle::Material::Certificate))
            .rejected(&[("bundle", "bundle-certificate-not-defined")]);
    }
    // The promise taken away, a timestamp giving the time.
    let without_promise = |version: Version| {
        v1(move |w, s| {
            s.version = version;
            s.timestamps = vec![w.timestamp()];
            (s.entry().promise, s.entry().integrated_time) = (None, None);
        })
    };
    without_promise(Version::V01).rejected(&[("bundle", "bundle-no-promise")]);
    without_promise(Version::V02).accepted();
    without_promise(Version::V03).accepted();
    // The proof taken away: 0.1 may lack it, and then only the promise is left, which by itself is not enough.
    for (version, reasons) in [
        (Version::V01, &[("threshold", "threshold-promise-only")]),
        (Version::V02, &[("bundle", "bundle-no-proof")]),
        (Version::V03, &[("bundle", "bundle-no-proof")]),
    ] {
        let mut case = v1(move |_, s| (s.version, s.entry().proof) = (version, false));
        if version == Version::V01 {
            case.rejected(reasons);
            case.options["require"] = json!({ "promiseOnly": true });
            case.accepted();
        } else {
            case.options["require"] = json!({ "promiseOnly": true });
            case.rejected(reasons);
        }
    }
}

impl Case {
    /// Rejected for the lack of a promise, or accepted.
    #[track_caller]
    fn rejected_or_accepted(&self, rejected: bool) {
        match rejected {
            true => drop(self.rejected(&[("bundle", "bundle-no-promise")])),
            false => drop(self.accepted()),
        }
    }
}

/// Fields that protobuf JSON leaves out or writes otherwise.
#[test]
fn lenient_where_the_specification_is() {
    let world = World::new(SEED);
    let mut spec = world.on_rekor_v2(world.message());
    spec.entries = vec![EntrySpec { tree_index: 0, tree_size: 1, ..EntrySpec::v2(REKOR_V2, Kind::HashedRekordV2) }];
    let single = case(&world, &spec);
    for field in ["logIndex", "inclusionProof/logIndex", "inclusionProof/hashes"] {
        let (parent, field) =
            field.rsplit_once('/').map_or((ENTRY.to_owned(), field), |(p, f)| (format!("{ENTRY}/{p}"), f));
        with_bundle(single.clone(), |b| drop(at(b, &parent).as_object_mut().map(|o| o.remove(field)))).accepted();
        with_bundle(single.clone(), |b| at(b, &parent)[field] = json!(null)).accepted();
    }
    for case in both() {
        // snake_case throughout, and an enum as its number.
        let renamed = with_bundle(case.clone(), |bundle| *bundle = renamed(bundle));
        renamed.accepted();
    }
    with_bundle(v1(|_, _| ()), |b| b["messageSignature"]["messageDigest"]["algorithm"] = json!(1)).accepted();
    let wrong = with_bundle(v1(|_, _| ()), |b| b["messageSignature"]["messageDigest"]["algorithm"] = json!(2));
    wrong.rejected(&[("bundle", "bundle-message-digest")]);
    let other = b64([7; 32]);
    with_bundle(v1(|_, _| ()), |b| b["messageSignature"]["messageDigest"]["digest"] = json!(other))
        .rejected(&[("artifact", "artifact-digest-differs")]);
}

fn renamed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(k, v)| (snake_case(k), renamed(v))).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(renamed).collect(),
        other => other.clone(),
    }
}
