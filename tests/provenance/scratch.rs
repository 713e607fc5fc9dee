use crate::judged::*;
#[test]
fn scratch() {
    for (name, build) in admissible_box::provenance::all() {
        let j = judge(&build);
        println!("== {name} {:?}", j.report.failures());
        println!("{}", serde_json::to_string(&j.json["provenance"]["level"]).unwrap());
        for f in j.json["provenance"]["facts"].as_array().unwrap() {
            println!("  {} {} {} {}", f["name"], f["status"], f["pointer"], f["value"]);
        }
    }
    let build = admissible_box::provenance::github_attestations();
    let t = std::time::Instant::now();
    let w = world();
    for _ in 0..50 { w.bundle(&build.spec(w)); }
    println!("mint {:?}", t.elapsed() / 50);
    let t = std::time::Instant::now();
    for _ in 0..50 { judge(&build); }
    println!("mint+judge {:?}", t.elapsed() / 50);
}

#[test]
fn t2() {
    let build = admissible_box::provenance::github_attestations();
    let t = std::time::Instant::now();
    let w = world();
    println!("world {:?}", t.elapsed());
    let t = std::time::Instant::now();
    for _ in 0..50 { admissible::TrustedRoots::from_json(w.trusted_root().to_string().as_bytes()).unwrap(); }
    println!("root {:?}", t.elapsed() / 50);
    let b = w.bundle(&build.spec(w)).to_string();
    let r = admissible::TrustedRoots::from_json(w.trusted_root().to_string().as_bytes()).unwrap();
    let o = admissible::Options::from_json(r#"{"signer":{"dangerouslyAnySigner":true}}"#, Some(admissible_box::world::ARTIFACT)).unwrap();
    let t = std::time::Instant::now();
    for _ in 0..50 { let _x = admissible::inspect(b.as_bytes(), &r, &o); }
    println!("inspect {:?}", t.elapsed() / 50);
}
