//! What a verification costs natively, beside the crate `sigstore-verify` with its aws-lc-rs backend, in one process and in turns:
//! `cargo xtask bench native`, which hands in a list of bundles and makes tables of what this prints: `[row, variant, microseconds]` a line.

#![forbid(unsafe_code)]

mod signatures;

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use admissible::crypto::{Memory, RustCrypto};
use admissible::par::inspect_many;
use admissible::{Options, TrustedRoots, Verdict, inspect_by};
use serde_json::{Value, json};
use sigstore_types::{Artifact, ArtifactDigest, Bundle, HashAlgorithm, Sha256Hash, Sha512Hash};
use sigstore_verify::{VerificationPolicy, Verifier};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A bundle, what it is about, and whom to trust.
struct Item {
    kind: String,
    text: String,
    root: String,
    digest: Artifact<'static>,
    options: Options<'static>,
}

/// A trusted root as each client reads it, once.
struct Root {
    ours: TrustedRoots,
    theirs: Verifier,
}

fn main() -> Outcome<()> {
    let usage = "usage: admissible-bench-native LIST.json MINTED ROUNDS";
    let [_, list, minted, rounds] = env::args().collect::<Vec<_>>().try_into().map_err(|_| usage)?;
    let list: Value = serde_json::from_slice(&fs::read(list)?)?;
    let rounds: usize = rounds.parse()?;
    let items = list.as_array().into_iter().flatten().map(item).collect::<Outcome<Vec<_>>>()?;
    let mut roots = HashMap::new();
    for item in &items {
        if !roots.contains_key(&item.root) {
            roots.insert(item.root.clone(), root(&fs::read_to_string(&item.root)?)?);
        }
    }
    // Both must take a bundle: what is refused at once costs nothing.
    let items: Vec<Item> = items
        .into_iter()
        .filter(|item| {
            let root = &roots[&item.root];
            ours(item, root, &RustCrypto) && theirs(item, root)
        })
        .collect();
    eprintln!("{} bundles that both take", items.len());
    for round in 0..rounds {
        verifications(&items, &roots, round);
    }
    threads(Path::new(&minted), rounds)
}

fn item(value: &Value) -> Outcome<Item> {
    let text = |key: &str| value[key].as_str().ok_or_else(|| format!("expected `{key}`, found none"));
    let (algorithm, hex) = (text("algorithm")?, text("digest")?);
    let digest = match algorithm {
        "sha256" => Artifact::from_digest(Sha256Hash::from_hex(hex)?),
        _ => {
            let digest = Sha512Hash::from_hex(hex)?;
            Artifact::from_digest(ArtifactDigest::new(HashAlgorithm::Sha2512, digest.as_bytes().to_vec())?)
        }
    };
    let signer = json!({ "dangerouslyAnySigner": true });
    let options = json!({ "signer": signer, "require": { "promiseOnly": true }, "artifact": { algorithm: hex } });
    Ok(Item {
        kind: text("kind")?.to_owned(),
        text: fs::read_to_string(text("bundle")?)?,
        root: text("root")?.to_owned(),
        digest,
        options: Options::from_json(&options.to_string(), None).map_err(|error| error.to_string())?,
    })
}

fn root(text: &str) -> Outcome<Root> {
    let ours = TrustedRoots::from_json(text.as_bytes()).map_err(|error| error.to_string())?;
    Ok(Root { ours, theirs: Verifier::new(&sigstore_trust_root::TrustedRoot::from_json(text)?)? })
}

fn ours(item: &Item, root: &Root, door: &impl admissible::crypto::VerifySignature) -> bool {
    inspect_by(item.text.as_bytes(), &root.ours, &item.options, door).verdict() == Verdict::Passed
}

fn theirs(item: &Item, root: &Root) -> bool {
    let Ok(bundle) = Bundle::from_json(&item.text) else { return false };
    root.theirs.verify(item.digest.clone(), &bundle, &VerificationPolicy::any_identity()).is_ok()
}

/// Prints how long `work` took, after a rest: on a busy machine whoever has just worked is interrupted sooner.
fn note(row: &str, variant: &str, work: impl FnOnce() -> bool) {
    sleep(Duration::from_millis(1));
    let start = Instant::now();
    assert!(black_box(work()), "{row}, {variant}: expected a signature that verifies");
    println!("{}", json!([row, variant, start.elapsed().as_secs_f64() * 1e6]));
}

/// Half of the bundles at first sight, by a memory that has seen the other half; and that half again.
fn verifications(items: &[Item], roots: &HashMap<String, Root>, round: usize) {
    let memory = Memory::default();
    let (known, fresh): (Vec<_>, Vec<_>) = (0..).zip(items).partition(|(at, _)| (at + round).is_multiple_of(2));
    for _ in 0..3 {
        known.iter().for_each(|(_, item)| assert!(ours(item, &roots[&item.root], &memory)));
    }
    for (when, bundles) in [("at first sight", fresh), ("again", known)] {
        for (at, item) in bundles {
            let root = &roots[&item.root];
            let row = format!("{}, {when}", item.kind);
            let by = |turn: usize| match turn % 4 {
                0 => note(&row, "admissible", || ours(item, root, &memory)),
                1 => note(&row, "admissible, without memory", || ours(item, root, &RustCrypto)),
                2 => note(&row, "sigstore-verify", || theirs(item, root)),
                _ => note(&row, "five signatures alone, by the curve crates", signatures::five),
            };
            (0..4).for_each(|turn| by(turn + at + round));
            let report = inspect_by(item.text.as_bytes(), &root.ours, &item.options, &memory);
            note(&row, "its report as text", || serde_json::to_string(&report).is_ok());
        }
    }
}

/// Minted bundles, each with a leaf certificate of its own, on one thread and on more. The time is that of one bundle.
fn threads(minted: &Path, rounds: usize) -> Outcome<()> {
    let roots =
        TrustedRoots::from_json(&fs::read(minted.join("trusted_root.json"))?).map_err(|error| error.to_string())?;
    let asked = json!({ "signer": { "dangerouslyAnySigner": true }, "artifact": { "dangerouslyUnbound": true } });
    let options = Options::from_json(&asked.to_string(), None).map_err(|error| error.to_string())?;
    let lines = fs::read_to_string(minted.join("bundles.jsonl"))?;
    let bundles = lines.lines().map(|line| Ok(serde_json::from_str::<Value>(line)?["bundle"].to_string()));
    let bundles = bundles.collect::<Outcome<Vec<_>>>()?;
    let cores = std::thread::available_parallelism()?.get();
    let pools = (0..).map(|power| 1 << power).take_while(|threads| *threads <= cores);
    let pools = pools.map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    let pools = pools.collect::<Result<Vec<_>, _>>()?;
    for _ in 0..rounds.div_ceil(2) {
        for pool in &pools {
            let all: Vec<_> = bundles.iter().map(|bundle| (bundle.as_bytes(), options.clone())).collect();
            let (roots, variant) = (&roots, format!("threads: {}", pool.current_num_threads()));
            let start = Instant::now();
            let reports = pool.install(move || inspect_many(all, roots));
            let each = start.elapsed().as_secs_f64() * 1e6 / bundles.len() as f64;
            assert!(reports.iter().all(|report| report.verdict() == Verdict::Passed));
            println!("{}", json!(["a bundle of 1,000 by `inspect_many`", variant, each]));
        }
    }
    Ok(())
}
