//! Row 59: whatever is done to bundle, trusted root or options, the answer is a report or an error, never a panic; and what
//! still passes is changed in nothing that evidence depends on.

use admissible::format::timestamp_token::TimestampToken;
use admissible::{Options, TrustedRoots, Verdict, inspect};
use admissible_box::b64;
use admissible_box::tsa::{Embed, TimestampSpec};
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::SEED;
use crate::mint::{at, case, managed};

/// A case that is read once and judges many mutants.
struct Bench {
    bundle: Value,
    text: Vec<u8>,
    roots: TrustedRoots,
    case: Case,
}

impl Bench {
    fn new(case: Case) -> Self {
        case.accepted();
        let roots = TrustedRoots::from_json(&case.root).expect("a usable root");
        let bundle = serde_json::from_slice(&case.bundle).expect("JSON");
        Self { bundle, text: case.bundle.clone(), roots, case }
    }

    fn passes(&self, bundle: &[u8]) -> bool {
        let options = Options::from_json(&self.case.options.to_string(), self.case.artifact.as_deref());
        let report = inspect(bundle, &self.roots, &options.expect("usable options"));
        // A verdict without reasons, or reasons without a verdict, would be a lie.
        assert_eq!(report.verdict() == Verdict::Passed, report.failures().is_empty());
        report.verdict() == Verdict::Passed
    }
}

/// Three bundles that hold every field between them, each with a timestamp that is asked for.
fn benches() -> Vec<(&'static str, Bench)> {
    let world = World::new(SEED);
    let mut message = world.message();
    message.timestamps = vec![world.timestamp()];
    let envelope = world.on_rekor_v2(world.provenance());
    let mut managed = managed(&world, &envelope);
    managed.dsse().keyid = Some(admissible_box::bundle::key_hint(managed.key()));
    [("message", message), ("envelope", envelope), ("managed", managed)]
        .map(|(name, mut spec)| {
            spec.timestamps[0].embed = Embed::Nothing;
            let mut case = case(&world, &spec);
            case.options["require"] = json!({ "signedTimestamps": 1 });
            (name, Bench::new(case))
        })
        .into()
}

/// Numbers that look random and are the same every time (xorshift).
fn numbers(mut state: u64) -> impl Iterator<Item = usize> {
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize
    })
}

/// Every value of a JSON document, by pointer.
fn pointers(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| pointers(value, format!("{pointer}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| pointers(value, format!("{pointer}/{n}"), found));
        }
        _ => {}
    }
    found.push(pointer);
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return *value = Value::Null };
    match at(value, parent) {
        Value::Object(members) => drop(members.remove(key)),
        Value::Array(items) => drop(items.remove(key.parse().expect("an index"))),
        _ => {}
    }
}

/// The document with each of its values replaced in turn, with the pointer and a name of what was done.
fn mutants(document: &Value, mut judge: impl FnMut(&str, &str, &Value)) {
    let mut all = Vec::new();
    pointers(document, String::new(), &mut all);
    for pointer in &all {
        let old = document.pointer(pointer).expect("a value").clone();
        let number = old.as_str().and_then(|text| text.parse::<u64>().ok());
        let replacements = [
            ("null", Value::Null),
            ("boolean", json!(true)),
            ("zero", json!(0)),
            ("negative", json!(-1)),
            ("fraction", json!(1.5)),
            ("huge number", json!(u64::MAX)),
            ("empty text", json!("")),
            ("huge text", json!("A".repeat(10_000))),
            ("unicode", json!("\u{202e}\u{0}ｅ")),
            ("empty array", json!([])),
            ("empty object", json!({})),
            ("wrapped in an array", json!([old])),
            ("wrapped in an object", json!({ "x": old })),
        ];
        let as_number = number.map(|number| ("as number", Value::from(number)));
        for (name, replacement) in replacements.into_iter().chain(as_number) {
            if replacement != old {
                let mut mutant = document.clone();
                *at(&mut mutant, pointer) = replacement;
                judge(pointer, name, &mutant);
            }
        }
        let mut mutant = document.clone();
        remove(&mut mutant, pointer);
        judge(pointer, "removed", &mutant);
        if old.is_object() {
            let mut mutant = document.clone();
            at(&mut mutant, pointer)["unknownField"] = json!({ "any": [1, null] });
            judge(pointer, "unknown member", &mutant);
        }
    }
}

/// What may be done to a bundle without spoiling it, and why.
fn is_irrelevant(bench: &str, pointer: &str, what: &str) -> bool {
    let absent = matches!(what, "null" | "removed");
    let field = pointer.rsplit('/').next().unwrap_or_default();
    match (field, what) {
        // Unknown members are told and ignored.
        (_, "unknown member") => true,
        // protobuf JSON writes an int64 as a text or as a number.
        (_, "as number") => ["logIndex", "treeSize", "integratedTime"].contains(&field),
        // The message digest is a hint that nobody signed; the signature is over the artifact itself.
        ("messageDigest", _) => absent,
        // The timestamp gives the time as well.
        ("inclusionPromise", _) => absent && bench == "message",
        // A hint at the key, and the envelope's copy of it: nothing is trusted for them.
        ("keyid", _) => absent || what == "empty text",
        ("hint", _) => absent || what == "empty text",
        ("publicKey", _) => ["empty object", "wrapped in an object"].contains(&what),
        _ => false,
    }
}

/// Every value of a bundle replaced by what it should not be.
#[test]
fn mutated_bundles() {
    for (name, bench) in benches() {
        let mut passed = Vec::new();
        mutants(&bench.bundle, |pointer, what, mutant| {
            if bench.passes(mutant.to_string().as_bytes()) {
                passed.push((is_irrelevant(name, pointer, what), format!("{pointer}: {what}")));
            }
        });
        let harmful: Vec<_> = passed.iter().filter(|(irrelevant, _)| !irrelevant).collect();
        assert!(harmful.is_empty(), "{name} passes with {harmful:#?}");
        assert!(passed.iter().any(|(_, passed)| passed.ends_with("unknown member")));
    }
}

/// Bundles cut off, and with bits and bytes changed in their text.
#[test]
fn damaged_bundles() {
    for (name, bench) in benches() {
        let text = &bench.text;
        for end in (0..text.len()).step_by(131).chain(text.len() - 3..text.len()) {
            assert!(!bench.passes(&text[..end]), "{name} passes with {end} bytes");
        }
        let mut random = numbers(0x5eed);
        let mut next = move |below: usize| random.next().expect("endless") % below;
        for _ in 0..250 {
            let mut damaged = text.clone();
            let position = next(text.len());
            damaged[position] ^= match next(3) {
                0 => next(255) as u8 + 1,
                _ => 1 << next(8),
            };
            if bench.passes(&damaged) {
                let pointer = changed(&bench.bundle, &damaged);
                println!("{name} passes with byte {position} changed: {pointer:?}");
                let irrelevant =
                    |pointer: &String| is_renamed(name, pointer) || reads_the_same(&bench.bundle, &damaged, pointer);
                assert!(pointer.iter().all(irrelevant), "{name}: {position} {pointer:?}");
            }
        }
    }
}

/// The pointers that one document has and the other lacks, or has otherwise.
fn changed(good: &Value, damaged: &[u8]) -> Vec<String> {
    let damaged: Value = serde_json::from_slice(damaged).expect("what passes is JSON");
    let mut all = Vec::new();
    pointers(good, String::new(), &mut all);
    let differs = |pointer: &String| good.pointer(pointer) != damaged.pointer(pointer);
    // Only the deepest: what contains them differs as well.
    let differing: Vec<String> = all.into_iter().filter(differs).collect();
    let is_deepest = |pointer: &&String| !differing.iter().any(|other| other.starts_with(&format!("{pointer}/")));
    differing.iter().filter(is_deepest).cloned().collect()
}

/// Whether a field, or one above it, can be another unknown one.
fn is_renamed(bench: &str, pointer: &str) -> bool {
    let mut above = Some(pointer);
    while let Some(pointer) = above.filter(|pointer| !pointer.is_empty()) {
        if is_irrelevant(bench, pointer, "removed") {
            return true;
        }
        above = pointer.rsplit_once('/').map(|(parent, _)| parent);
    }
    // A hint may say whatever it likes where nothing else names the key.
    pointer.ends_with("/hint")
}

/// Whether a changed timestamp is the same in all that is judged.
fn reads_the_same(good: &Value, damaged: &[u8], pointer: &str) -> bool {
    let damaged: Value = serde_json::from_slice(damaged).expect("what passes is JSON");
    let token = |bundle: &Value| {
        let text = bundle.pointer(pointer)?.as_str()?;
        Some(judged_parts(&admissible::encoding::base64::decode(text)?))
    };
    pointer.ends_with("/signedTimestamp") && token(good).is_some() && token(good) == token(&damaged)
}

/// Every part of a timestamp that a check looks at.
fn judged_parts(der: &[u8]) -> impl PartialEq + std::fmt::Debug + use<> {
    let TimestampToken {
        tst_info,
        imprint_algorithm,
        imprint,
        time,
        certificates,
        signer,
        digest_algorithm,
        signed_attributes,
        message_digest,
        signing_certificate,
        scheme,
        signature,
    } = TimestampToken::from_response(der).expect("what passes can be read");
    let content = (tst_info, imprint_algorithm, imprint, time, certificates, digest_algorithm);
    (content, signer, signed_attributes, message_digest, signing_certificate, scheme, signature)
}

/// Trusted roots with every value replaced, cut off and damaged: refused, or usable without a panic.
#[test]
fn mutated_trusted_roots() {
    let (_, bench) = benches().swap_remove(1);
    let root: Value = serde_json::from_slice(&bench.case.root).expect("JSON");
    let options = bench.case.options.to_string();
    let options = Options::from_json(&options, Some(ARTIFACT)).expect("usable options");
    let passes = |text: &[u8]| {
        let Ok(roots) = TrustedRoots::from_json(text) else { return false };
        inspect(&bench.text, &roots, &options).verdict() == Verdict::Passed
    };
    mutants(&root, |pointer, what, mutant| {
        let irrelevant = what == "unknown member"
            // The other log is not needed by this bundle; a text over it is never JSON lines of several roots.
            || pointer.starts_with("/tlogs/0")
            // Informative, and not read or only told.
            || pointer.contains("/subject")
            || pointer.ends_with("/uri")
            || (pointer.ends_with("/baseUrl") && pointer.starts_with("/ctlogs"))
            // SHA-256 is the only one there is; an absent one says no other.
            || (pointer.ends_with("/hashAlgorithm") && ["null", "removed"].contains(&what))
            // An anchor need not be self-signed, nor a timestamp authority's leaf be listed when the token has it.
            || (pointer.contains("/certificates/") && what == "removed");
        if passes(mutant.to_string().as_bytes()) {
            println!("passes with {pointer}: {what}");
            assert!(irrelevant, "passes with {pointer}: {what}");
        }
    });
    let text = &bench.case.root;
    for end in (0..text.len()).step_by(127) {
        assert!(!passes(&text[..end]), "passes with {end} bytes");
    }
    let mut random = numbers(0xdead);
    let mut next = move |below: usize| random.next().expect("endless") % below;
    for _ in 0..150 {
        let mut damaged = text.clone();
        damaged[next(text.len())] ^= 1 << next(8);
        passes(&damaged);
    }
}

/// Options with every value replaced, cut off and damaged: never a panic, and never a weaker signer or artifact.
#[test]
fn mutated_options() {
    let (_, bench) = benches().swap_remove(1);
    let world = World::new(SEED);
    let mut options = bench.case.options.clone();
    let digest: String =
        admissible_box::keys::Hash::Sha256.digest(ARTIFACT).iter().map(|byte| format!("{byte:02x}")).collect();
    options["artifact"] = json!({ "sha256": digest });
    options["signer"]["claims"] = json!({ "sourceRepositoryURI": "https://github.com/acme/widget" });
    options["now"] = json!("2025-06-15T16:00:00Z");
    let keys: Vec<String> = world.witnesses.iter().map(|witness| witness.vkey()).collect();
    options["require"] = json!({
        "logEntries": 1, "scts": 1, "signedTimestamps": 1, "promiseOnly": false,
        "witnesses": { "keys": keys, "threshold": 0 },
    });
    let passes = |text: &str| {
        let Ok(options) = Options::from_json(text, None) else { return false };
        inspect(&bench.text, &bench.roots, &options).verdict() == Verdict::Passed
    };
    assert!(passes(&options.to_string()));
    mutants(&options, |pointer, what, mutant| {
        if passes(&mutant.to_string()) {
            println!("passes with {pointer}: {what}");
            // Less may be asked for; who and what may not change.
            let asks_less = pointer.starts_with("/require")
                // A list of one alternative.
                || (pointer, what) == ("/signer", "wrapped in an array")
                || pointer.starts_with("/signer/claims") && ["null", "removed", "empty object"].contains(&what)
                || pointer == "/now" && ["null", "removed"].contains(&what);
            assert!(asks_less, "passes with {pointer}: {what}");
        }
    });
    let text = options.to_string();
    (0..text.len()).for_each(|end| assert!(text.get(..end).is_none_or(|text| !passes(text))));
    let mut random = numbers(0xbeef);
    for _ in 0..150 {
        let mut damaged = text.clone().into_bytes();
        let (position, bit) = (random.next().expect("endless") % text.len(), random.next().expect("endless") % 7);
        damaged[position] ^= 1 << bit;
        String::from_utf8(damaged).map(|text| passes(&text)).ok();
    }
}

/// The usual bundle of an instance without logs, so that nothing but its own signatures protects certificate and timestamp.
fn unlogged() -> Bench {
    let mut world = World::new(SEED);
    let mut spec = world.without_logs(world.message());
    spec.timestamps[0].embed = Embed::Nothing;
    world.logs.clear();
    world.ct_logs.clear();
    let mut case = case(&world, &spec);
    case.options["require"] = json!({ "logEntries": 0, "scts": 0, "signedTimestamps": 1 });
    Bench::new(case)
}

/// Bytes all over the leaf certificate changed: the CA's signature covers every one.
#[test]
fn damaged_certificates() {
    const LEAF: &str = "/verificationMaterial/certificate/rawBytes";
    let world = World::new(SEED);
    let bench = unlogged();
    let leaf = world.without_logs(world.message()).mint(&world).leaf;
    assert_eq!(bench.bundle.pointer(LEAF), Some(&json!(b64(&leaf))));
    let mut masks = numbers(0xcafe);
    for position in (0..leaf.len()).step_by(3) {
        let mut damaged = leaf.clone();
        damaged[position] ^= (masks.next().expect("endless") % 255 + 1) as u8;
        let mut bundle = bench.bundle.clone();
        *at(&mut bundle, LEAF) = json!(b64(damaged));
        assert!(!bench.passes(bundle.to_string().as_bytes()), "passes with byte {position} changed");
    }
    for end in (0..leaf.len()).step_by(37) {
        let mut bundle = bench.bundle.clone();
        *at(&mut bundle, LEAF) = json!(b64(&leaf[..end]));
        assert!(!bench.passes(bundle.to_string().as_bytes()), "passes with {end} bytes");
    }
}

/// Every byte of the timestamp changed. Some are signed by nobody and used by nothing: the versions of CMS, the list of digest
/// algorithms beside the signer's, and whether it was granted as asked or with modifications. A token with those changed reads
/// as the same in every part that is judged.
#[test]
fn damaged_timestamps() {
    const STAMP: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";
    let world = World::new(SEED);
    let bench = unlogged();
    let mut spec = TimestampSpec::new(0, world.time + 10);
    spec.embed = Embed::Nothing;
    let signature = world.without_logs(world.message()).mint(&world).signed.signature;
    let token = spec.mint(&world.tsas[0], &signature);
    assert_eq!(bench.bundle.pointer(STAMP), Some(&json!(b64(&token))));
    let mut irrelevant = Vec::new();
    let mut masks = numbers(0xf00d);
    for position in 0..token.len() {
        let mut damaged = token.clone();
        damaged[position] ^= (masks.next().expect("endless") % 255 + 1) as u8;
        let mut bundle = bench.bundle.clone();
        *at(&mut bundle, STAMP) = json!(b64(&damaged));
        if bench.passes(bundle.to_string().as_bytes()) {
            assert_eq!(judged_parts(&damaged), judged_parts(&token), "passes with byte {position} changed");
            irrelevant.push(position);
        }
    }
    println!("signed by nobody and used by nothing: {irrelevant:?}");
    assert!(irrelevant.len() < 20, "{irrelevant:?}");
    for end in (0..token.len()).step_by(13) {
        let mut bundle = bench.bundle.clone();
        *at(&mut bundle, STAMP) = json!(b64(&token[..end]));
        assert!(!bench.passes(bundle.to_string().as_bytes()), "passes with {end} bytes");
    }
}

/// Certificates that come along in a token are trusted for nothing: damaged ones make no difference, or spoil the token.
#[test]
fn damaged_certificates_in_tokens() {
    let mut world = World::new(SEED);
    world.tsas[0].unlisted = 1;
    let listed = World::new(SEED).trusted_root();
    let spec = world.on_rekor_v2(world.message());
    let bench = Bench::new(case(&world, &spec));
    let with_leaf = Bench::new(Case { root: listed.to_string().into_bytes(), ..bench.case.clone() });
    let good = world.tsas[0].certificates().pop().expect("a leaf");
    let signature = spec.mint(&world).signed.signature;
    const STAMP: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";
    for position in (0..good.len()).step_by(23) {
        let mut damaged = good.clone();
        damaged[position] ^= 4;
        let mut stamp = spec.timestamps[0].clone();
        stamp.embed = Embed::Raw(vec![damaged]);
        let mut bundle = bench.bundle.clone();
        *at(&mut bundle, STAMP) = json!(b64(stamp.mint(&world.tsas[0], &signature)));
        let text = bundle.to_string().into_bytes();
        // Where the root lists only the CA, the leaf in the token is the one that counts.
        assert!(!bench.passes(&text), "passes with byte {position} changed");
        with_leaf.passes(&text);
    }
}
