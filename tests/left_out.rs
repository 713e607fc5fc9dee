//! A build without some features may refuse what the whole one accepts, and never the reverse; and it says why. These tests hold in every
//! build: `cargo xtask test` runs them in the whole one, and in smaller ones.

use admissible::check::Coded;
use admissible::{Options, Report, TrustedRoots, UsageError, Verdict, inspect};
use admissible_box::authority::Authority;
use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::certificate::GeneralName;
use admissible_box::fulcio::{IDENTITY, ISSUER, claim};
use admissible_box::keys::{KeyAlg, KeyPair};
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

#[path = "box/examples/mint/bad.rs"]
mod bad;
#[path = "box/examples/mint/good.rs"]
mod good;

/// A name, who takes part, and what is minted.
type Case = (String, World, BundleSpec);

const HAS_P521: bool = cfg!(feature = "p521");
const HAS_RSA: bool = cfg!(feature = "rsa");
const HAS_TIMESTAMPS: bool = cfg!(feature = "timestamps");

/// The signer that a case is minted for.
fn signer(spec: &BundleSpec) -> Value {
    let leaf = match &spec.signer {
        Signer::Key(key) => return json!({ "publicKey": key.pem() }),
        Signer::Leaf(leaf) => leaf,
    };
    let identity = match leaf.certificate.subject_alt_name.iter().flat_map(|names| &names.names).next() {
        Some(GeneralName::Uri(text) | GeneralName::Email(text) | GeneralName::Username(text)) => text,
        _ => IDENTITY,
    };
    json!({ "issuer": leaf.claims.get(&claim::ISSUER_V2).map_or(ISSUER, |issuer| issuer), "identity": identity })
}

fn judge(world: &World, spec: &BundleSpec) -> Result<Report, UsageError> {
    let roots = TrustedRoots::from_json(world.trusted_root().to_string().as_bytes())?;
    let options = json!({ "signer": signer(spec) }).to_string();
    Ok(inspect(world.bundle(spec).to_string().as_bytes(), &roots, &Options::from_json(&options, Some(ARTIFACT))?))
}

/// Every reason to refuse, as `check: code: sentence`; none where the bundle passes.
fn refusals(judged: &Result<Report, UsageError>) -> Vec<String> {
    match judged {
        Ok(report) => {
            let failures = report.failures();
            assert_eq!(failures.is_empty(), report.verdict() == Verdict::Passed);
            failures.iter().map(|f| format!("{}: {}: {}", f.check.name(), f.code, f.message)).collect()
        }
        Err(error) => vec![format!("usage: {}: {error}", error.code())],
    }
}

/// Demands that a case passes where the build has what it takes, and is else refused for this alone, and for what follows.
#[track_caller]
fn passes_if(has: bool, world: &World, spec: &BundleSpec, refusal: &str) {
    let found = refusals(&judge(world, spec));
    let expected: &[&str] = if has { &[] } else { &[refusal] };
    assert_eq!(found, expected);
}

const NO_RSA: &str = "this build does not verify rsa keys";
const NO_P521: &str = "this build does not verify p521 keys";
const NO_TIMESTAMPS: &str = "timestamp: timestamp-not-in-build: this build does not verify timestamps (RFC 3161)";

#[test]
fn what_is_wrong_is_refused_by_every_build() {
    let cases = bad::cases();
    assert!(cases.len() > 60, "{}", cases.len());
    for (name, world, spec) in cases {
        assert!(!refusals(&judge(&world, &spec)).is_empty(), "{name}");
    }
}

#[test]
fn what_is_good_is_refused_for_what_a_build_lacks_and_nothing_else() {
    let cases = good::cases();
    assert!(cases.len() > 100, "{}", cases.len());
    for (name, world, spec) in cases {
        let lacks = [("rsa", HAS_RSA, NO_RSA), ("p521", HAS_P521, NO_P521)];
        let mut reasons: Vec<_> =
            lacks.iter().filter(|(kind, has, _)| !has && name.contains(kind)).map(|(_, _, reason)| *reason).collect();
        if !HAS_TIMESTAMPS && !spec.timestamps.is_empty() {
            reasons.push(NO_TIMESTAMPS);
        }
        let found = refusals(&judge(&world, &spec));
        assert_eq!(found.is_empty(), reasons.is_empty(), "{name}: {found:?}");
        assert!(found.iter().all(|found| reasons.iter().any(|reason| found.ends_with(reason))), "{name}: {found:?}");
    }
}

/// A timestamp is never passed over, not even beside a promise that gives the time: it might not hold.
#[test]
fn a_timestamp_beside_a_promise_is_refused_without_timestamps() {
    let world = World::new("left out");
    let mut spec = world.message();
    spec.timestamps = vec![world.timestamp()];
    passes_if(HAS_TIMESTAMPS, &world, &spec, NO_TIMESTAMPS);
    let broken = "timestamp: timestamp-imprint-differs: \
                  expected a timestamp over the bundle's signature, found one over something else";
    spec.timestamps[0].message = Some(b"something else".to_vec());
    passes_if(false, &world, &spec, if HAS_TIMESTAMPS { broken } else { NO_TIMESTAMPS });
}

/// The authority's certificate came along, and the root knows only who issued it: who cannot read it must not take it for a stranger's.
#[test]
fn a_timestamp_by_a_key_that_is_left_out_is_refused() {
    for (alg, has, reason) in [(KeyAlg::Rsa2048, HAS_RSA, NO_RSA), (KeyAlg::P521, HAS_P521, NO_P521)] {
        let mut world = World::new("left out");
        let key = KeyPair::derive(alg, "left out", "tsa");
        let Authority { chain, unlisted, .. } = &mut world.tsas[0];
        chain.last_mut().expect("a leaf").key = key;
        *unlisted = 1;
        let mut spec = world.message();
        spec.timestamps = vec![world.timestamp()];
        let refusal = format!("timestamp: timestamp-signer-certificate: {reason}");
        let refusal = if HAS_TIMESTAMPS { refusal.as_str() } else { NO_TIMESTAMPS };
        passes_if(has && HAS_TIMESTAMPS, &world, &spec, refusal);
        spec.timestamps[0].message = Some(b"something else".to_vec());
        assert_eq!(refusals(&judge(&world, &spec)).len(), 1, "{alg:?}");
    }
}

#[test]
fn keys_that_are_left_out_are_refused_wherever_they_stand() {
    for (alg, has, reason) in [(KeyAlg::Rsa2048, HAS_RSA, NO_RSA), (KeyAlg::P521, HAS_P521, NO_P521)] {
        let mut world = World::new("left out");
        let mut spec = world.message();
        spec.signer = Signer::Leaf(Box::new(world.leaf(alg)));
        passes_if(
            has,
            &world,
            &spec,
            &format!("certificate-path: certificate-malformed: expected a usable public key, found none: {reason}"),
        );

        spec = world.without_logs(world.message());
        spec.signer = Signer::Key(world.managed_key(alg));
        let judged = judge(&world, &spec);
        let refusal =
            format!("usage: invalid-public-key: expected a public key in PEM, found something else: {reason}");
        assert_eq!(refusals(&judged) == [refusal], !has, "{:?}", refusals(&judged));

        // A log and a timestamp authority that nobody asks here: what they say of a bundle could be wrong, and nobody would see it.
        world.add_ct_log(alg);
        let refusal =
            format!("usage: invalid-trusted-root: trusted root: expected a usable public key, found none: {reason}");
        passes_if(has, &world, &world.message(), &refusal);
        world = World::new("left out");
        world.add_tsa(alg, 1);
        passes_if(has, &world, &world.message(), &refusal);
    }
}

#[test]
fn patterns_and_indexes_that_are_left_out_are_refused() {
    let code = |options: Value| {
        let read = Options::from_json(&options.to_string(), Some(ARTIFACT));
        read.err().map(|error| (error.code(), error.to_string()))
    };
    let regex = code(json!({ "signer": { "issuer": ISSUER, "identity": { "regex": ".*" } } }));
    assert_eq!(regex.is_none(), cfg!(feature = "regex"), "{regex:?}");
    assert!(regex.is_none_or(|(code, _)| code == "invalid-pattern"));
    let (indexes, sentence) =
        code(json!({ "signer": { "dangerouslyAnySigner": true }, "indexes": ["{}"] })).expect("no index");
    assert_eq!(indexes, "invalid-indexes");
    assert_eq!(sentence == "this build does not read indexes of images", cfg!(not(feature = "images")), "{sentence}");
}

/// What a predicate says beside SLSA provenance decides no verdict on a bundle; policies ask, and bring the feature along.
#[test]
fn predicates_that_are_left_out_are_told_as_unknown() {
    let (_, world, spec) = good::cases().into_iter().find(|(name, ..)| name == "predicate-vex").expect("the case");
    let report = judge(&world, &spec).expect("a report");
    let notes: Vec<_> = report.notes.iter().map(Coded::code).collect();
    assert_eq!(report.verdict(), Verdict::Passed);
    assert_eq!(notes.contains(&"predicate-opaque"), cfg!(not(feature = "predicates")), "{notes:?}");
}
