//! Many bundles on several threads: the very reports that one thread gives, in the same order.
#![cfg(feature = "rayon")]

use admissible::par::inspect_many;
use admissible::{Options, Report, TrustedRoots, inspect};
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

fn as_json(reports: &[Report]) -> Vec<Value> {
    reports.iter().map(|report| serde_json::to_value(report).unwrap()).collect()
}

#[test]
fn reports_are_those_of_one_thread_in_order() {
    let world = World::new("par");
    let good = [world.message(), world.provenance(), world.on_rekor_v2(world.message())];
    let mut bundles: Vec<String> = good.iter().map(|spec| world.bundle(spec).to_string()).collect();
    bundles.push("no bundle".into());
    bundles.push(World::new("another").bundle(&world.message()).to_string());
    let bundles: Vec<&[u8]> = bundles.iter().map(String::as_bytes).cycle().take(23).collect();
    let roots = TrustedRoots::from_json(world.trusted_root().to_string().as_bytes()).unwrap();
    let options = json!({ "signer": { "dangerouslyAnySigner": true } }).to_string();
    let options = [ARTIFACT, b"another artifact"].map(|artifact| Options::from_json(&options, Some(artifact)).unwrap());
    let items = || bundles.iter().copied().zip(options.iter().cloned().cycle()).collect::<Vec<_>>();

    let one_by_one: Vec<Report> = items().iter().map(|(bundle, options)| inspect(bundle, &roots, options)).collect();
    let expected = as_json(&one_by_one);
    assert_eq!(expected.iter().filter(|report| report["verdict"] == "passed").count(), 8);
    for threads in [1, 2, 3, 64] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let items = items();
        let reports = pool.install(|| inspect_many(items, &roots));
        assert_eq!(as_json(&reports), expected, "{threads} threads");
        assert!(pool.install(|| inspect_many(Vec::new(), &roots)).is_empty());
    }
}
