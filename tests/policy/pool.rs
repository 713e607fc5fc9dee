//! The bundles of one world, minted once, by their names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::dsse::{EnvelopeSpec, statement, subject};
use admissible_box::fulcio::{ISSUER, LeafSpec};
use admissible_box::keys::{Hash, KeyAlg, KeyPair};
use admissible_box::rekor::{EntrySpec, Kind};
use admissible_box::tsa::TimestampSpec;
use admissible_box::world::{ARTIFACT, REKOR_V1, World};
use serde_json::{Value, json};

use crate::build::{Build, GENERATOR, RELEASE, own};

pub const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
pub const PROVENANCE_V0_2: &str = "https://slsa.dev/provenance/v0.2";
pub const PROVENANCE_V0_1: &str = "https://slsa.dev/provenance/v0.1";
pub const VSA: &str = "https://slsa.dev/verification_summary/v1";
pub const TEST: &str = "https://in-toto.io/attestation/test-result/v0.1";
pub const NPM: &str = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
pub const REVIEW: &str = "https://acme.example/review/v1";
/// The name of npm's subject.
pub const PURL: &str = "pkg:npm/%40acme/widget@1.2.3";
pub const DAY: i64 = 86_400;
/// The issuer of people's certificates.
pub const PEOPLE: &str = "https://accounts.acme.example";

/// With a quick CA, for these bundles are judged many times.
pub static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut world = World::new("policy");
    world.cas.clear();
    world.add_ca(KeyAlg::P256, 0);
    world
});
static POOL: LazyLock<BTreeMap<&'static str, Vec<u8>>> = LazyLock::new(mint);

/// The bundle of this name.
#[track_caller]
pub fn bundle(name: &str) -> &'static [u8] {
    POOL.get(name).unwrap_or_else(|| panic!("no bundle is called {name}"))
}

/// Every name.
pub fn names() -> Vec<&'static str> {
    POOL.keys().copied().collect()
}

/// The managed key of this label.
pub fn key(label: &str) -> KeyPair {
    KeyPair::derive(KeyAlg::P256, "policy keys", label)
}

/// The rule that trusts this e-mail address.
pub fn person(email: &str) -> Value {
    json!({ "issuer": PEOPLE, "identity": email })
}

/// Who is trusted where a test is about something else.
pub fn everyone_known() -> Value {
    json!([
        { "issuer": ISSUER, "identity": { "glob": "https://github.com/acme/**" } },
        { "issuer": ISSUER, "identity": GENERATOR },
        { "issuer": PEOPLE, "identity": { "glob": "*@acme.example" } },
        { "publicKey": key("managed").pem() },
    ])
}

/// Seals a statement in an envelope with one log entry, `days` before the world's moment.
pub fn seal(world: &World, leaf: impl FnOnce(i64) -> LeafSpec, days: i64, statement: &Value) -> BundleSpec {
    let time = world.time - days * DAY;
    let mut spec = BundleSpec::envelope(leaf(time), EnvelopeSpec::new(statement));
    spec.entries = vec![EntrySpec::v1(REKOR_V1, Kind::DsseV1, time + 10)];
    spec
}

/// A statement by a build about the artifact.
pub fn by_build(build: &Build, predicate_type: &str, predicate: &Value) -> BundleSpec {
    let statement = statement(&[subject("widget-1.2.3.tgz", ARTIFACT)], predicate_type, predicate);
    seal(&WORLD, |time| build.leaf(&WORLD, time), 0, &statement)
}

/// A statement by a person about the artifact.
pub fn by_person(email: &str, predicate_type: &str, predicate: &Value) -> BundleSpec {
    let mut spec = by_build(&RELEASE, predicate_type, predicate);
    let leaf = LeafSpec::new(email, KeyAlg::P256, WORLD.time).with_email(email, PEOPLE);
    spec.signer = Signer::Leaf(Box::new(leaf));
    spec
}

/// The same statement, signed by a managed key.
pub fn by_key(mut spec: BundleSpec, label: &str) -> BundleSpec {
    spec.signer = Signer::Key(key(label));
    spec
}

/// A verification summary.
pub fn summary(result: &str, level: u8) -> Value {
    json!({
        "verifier": { "id": "https://acme.example/verifier" },
        "timeVerified": "2025-06-15T15:00:00Z",
        "resourceUri": "pkg:npm/%40acme/widget@1.2.3",
        "policy": { "uri": "https://acme.example/policy" },
        "verificationResult": result,
        "verifiedLevels": if result == "PASSED" { json!([format!("SLSA_BUILD_LEVEL_{level}")]) } else { json!(["FAILED"]) },
    })
}

/// A test result.
pub fn tested(result: &str) -> Value {
    json!({ "result": result, "configuration": [{ "name": "ci.yml" }] })
}

/// A statement about a subject of this name.
fn named(name: &str, predicate_type: &str, predicate: &Value) -> BundleSpec {
    let statement = statement(&[subject(name, ARTIFACT)], predicate_type, predicate);
    seal(&WORLD, |time| RELEASE.leaf(&WORLD, time), 0, &statement)
}

/// Provenance whose subject has the artifact's digests by these algorithms.
fn bound_by(hashes: &[Hash]) -> BundleSpec {
    let digests: BTreeMap<_, _> =
        hashes.iter().map(|hash| (hash.lower(), crate::hex(&hash.digest(ARTIFACT)))).collect();
    let statement = statement(&[json!({ "name": "w", "digest": digests })], PROVENANCE, &RELEASE.provenance());
    seal(&WORLD, |time| RELEASE.leaf(&WORLD, time), 0, &statement)
}

fn mint() -> BTreeMap<&'static str, Vec<u8>> {
    let github = |build: &Build| by_build(build, PROVENANCE, &build.provenance());
    let with_own =
        |parameters: Value, dependencies: Value| by_build(&RELEASE, PROVENANCE, &own(&parameters, &dependencies));
    let other = |field: &str, value: Value| {
        let mut predicate = summary("PASSED", 3);
        *predicate.pointer_mut(field).expect("a field") = value;
        by_build(&RELEASE, VSA, &predicate)
    };
    let npm =
        |version: &str| json!({ "name": "@acme/widget", "version": version, "registry": "https://registry.npmjs.org" });
    let days_old = |days| {
        let statement = statement(&[subject("w", ARTIFACT)], PROVENANCE, &RELEASE.provenance());
        seal(&WORLD, |time| RELEASE.leaf(&WORLD, time), days, &statement)
    };
    let about_other = statement(&[subject("w", b"another artifact")], PROVENANCE, &RELEASE.provenance());
    let mut broken = github(&RELEASE);
    broken.alter_presented_signature.set(|signature| *signature.last_mut().expect("a byte") ^= 1);
    let mut disagreeing = RELEASE.provenance();
    disagreeing["buildDefinition"]["internalParameters"]["github"]["event_name"] = json!("release");
    let mut two_paths =
        own(&json!({ "workflow": { "path": "a.yml" }, "buildConfigSource": { "path": "b.yml" } }), &json!([]));
    two_paths["runDetails"]["builder"]["id"] = json!("https://acme.example/two");
    let mut message = BundleSpec::message(RELEASE.leaf(&WORLD, WORLD.time), ARTIFACT);
    message.entries = vec![EntrySpec::v1(REKOR_V1, Kind::HashedRekordV1, WORLD.time + 10)];
    let mut stamped = github(&RELEASE);
    stamped.timestamps = vec![TimestampSpec::new(0, WORLD.time + 5)];
    let mut timeless = by_key(github(&RELEASE), "managed");
    timeless.entries.clear();
    let parameters = json!({
        "target": "release", "jobs": 4, "debug": false, "cache": null, "inputs": { "a/b": "x", "list": ["1", "2"] },
        "offset": -1, "ratio": 0.5, "__proto__": "p",
    });
    let dependencies = json!([
        { "uri": "git+https://github.com/acme/widget@refs/tags/v1.2.3", "digest": { "gitCommit": admissible_box::fulcio::COMMIT } },
        { "uri": "pkg:docker/alpine@3.20", "digest": { "sha256": "ab".repeat(32) } },
    ]);
    let plus = |more: Value| json!([dependencies[0].clone(), more]);
    let recipe = |arguments: Value| {
        let builder = json!({ "id": "https://acme.example/builder" });
        json!({ "builder": builder, "recipe": { "type": "x", "arguments": arguments } })
    };
    let specs: Vec<(&'static str, BundleSpec)> = vec![
        ("provenance", github(&RELEASE)),
        ("branch", github(&Build { git_ref: "refs/heads/main", ..RELEASE })),
        ("self-hosted", github(&Build { runner: "self-hosted", ..RELEASE })),
        ("manual", github(&Build { trigger: "workflow_dispatch", ..RELEASE })),
        ("other workflow", github(&Build { path: ".github/workflows/ci.yml", ..RELEASE })),
        ("renamed", github(&Build { repository: "https://github.com/acme/gadget", ..RELEASE })),
        ("re-created", github(&Build { repository_id: "9", owner_id: "8", ..RELEASE })),
        (
            "evil",
            github(&Build {
                repository: "https://github.com/evil/widget",
                repository_id: "66",
                owner_id: "6",
                ..RELEASE
            }),
        ),
        ("generator", {
            let build = Build { signer: Some(GENERATOR), ..RELEASE };
            by_build(&build, PROVENANCE_V0_2, &build.provenance_v0_2())
        }),
        ("generator for evil", {
            let repository = "https://github.com/evil/widget";
            let build = Build { signer: Some(GENERATOR), repository, repository_id: "66", owner_id: "6", ..RELEASE };
            by_build(&build, PROVENANCE_V0_2, &build.provenance_v0_2())
        }),
        ("own", with_own(parameters.clone(), dependencies.clone())),
        ("own by key", by_key(with_own(parameters, dependencies.clone()), "managed")),
        ("no parameters", with_own(json!({}), json!([]))),
        ("bare", with_own(Value::Null, Value::Null)),
        ("no path", {
            let mut predicate = RELEASE.provenance();
            predicate["buildDefinition"]["externalParameters"]["workflow"]
                .as_object_mut()
                .expect("an object")
                .remove("path");
            by_build(&RELEASE, PROVENANCE, &predicate)
        }),
        ("two paths", by_build(&RELEASE, PROVENANCE, &two_paths)),
        ("no digest", with_own(json!({}), plus(json!({ "uri": "pkg:docker/alpine@3.20" })))),
        (
            "empty digest",
            with_own(json!({}), plus(json!({ "uri": "pkg:docker/alpine@3.20", "digest": { "sha256": "" } }))),
        ),
        ("no uri", with_own(json!({}), plus(json!({ "name": "alpine", "digest": { "sha256": "ab" } })))),
        ("arguments", by_build(&RELEASE, PROVENANCE_V0_1, &recipe(json!({ "target": "release" })))),
        ("argument list", by_build(&RELEASE, PROVENANCE_V0_1, &recipe(json!(["--evil"])))),
        ("argument text", by_build(&RELEASE, PROVENANCE_V0_1, &recipe(json!("--evil")))),
        ("by key", by_key(github(&RELEASE), "managed")),
        ("by other key", by_key(github(&RELEASE), "other")),
        ("timeless", timeless),
        ("a day old", days_old(1)),
        ("twenty days old", days_old(20)),
        ("twenty days old by key", by_key(days_old(20), "managed")),
        ("stamped", stamped),
        ("npm publish", by_key(named(PURL, NPM, &npm("1.2.3")), "npm")),
        ("npm publish of another version", by_key(named(PURL, NPM, &npm("9.9.9")), "npm")),
        ("npm publish of nothing", by_key(named(PURL, NPM, &json!({ "name": "@acme/widget" })), "npm")),
        ("jsr provenance", named("pkg:jsr/@acme/widget@1.2.3", PROVENANCE, &RELEASE.provenance())),
        ("npm provenance", named(PURL, PROVENANCE, &RELEASE.provenance())),
        (
            "wheel",
            named("Acme.Widget-1.2.3-py3-none-any.whl", "https://docs.pypi.org/attestations/publish/v1", &Value::Null),
        ),
        ("vsa", other("/verifier/id", json!("https://acme.example/verifier"))),
        ("vsa of level 2", by_build(&RELEASE, VSA, &summary("PASSED", 2))),
        ("vsa of failure", by_build(&RELEASE, VSA, &summary("FAILED", 3))),
        ("vsa about another", other("/resourceUri", json!("pkg:npm/left-pad@1.0.0"))),
        ("vsa of another", other("/verifier/id", json!("https://evil.example/verifier"))),
        ("vsa without level", other("/verifiedLevels", json!(["ORG_REVIEWED"]))),
        ("vsa by stranger", by_person("mallory@evil.example", VSA, &summary("PASSED", 3))),
        ("vsa by second", by_person("verifier@acme.example", VSA, &summary("PASSED", 3))),
        ("malformed vsa", other("/verificationResult", json!("passed"))),
        ("tests passed", by_build(&RELEASE, TEST, &tested("PASSED"))),
        ("tests warned", by_build(&RELEASE, TEST, &tested("WARNED"))),
        ("tests failed", by_build(&RELEASE, TEST, &tested("FAILED"))),
        ("message", message),
        ("review by alice", by_person("alice@acme.example", REVIEW, &json!({ "ok": true }))),
        ("tests by alice", by_person("alice@acme.example", TEST, &tested("PASSED"))),
        ("review by bob", by_person("bob@acme.example", REVIEW, &json!({ "ok": true }))),
        ("review by mallory", by_person("mallory@evil.example", REVIEW, &json!({ "ok": true }))),
        ("sha512", bound_by(&[Hash::Sha512])),
        ("sha256 and sha512", bound_by(&[Hash::Sha256, Hash::Sha512])),
        ("about another artifact", seal(&WORLD, |time| RELEASE.leaf(&WORLD, time), 0, &about_other)),
        ("broken", broken),
        ("disagreeing", by_build(&RELEASE, PROVENANCE, &disagreeing)),
    ];
    let mut pool: BTreeMap<_, _> =
        specs.iter().map(|(name, spec)| (*name, WORLD.bundle(spec).to_string().into_bytes())).collect();
    let world = World::new("another world");
    let statement = statement(&[subject("w", ARTIFACT)], PROVENANCE, &RELEASE.provenance());
    let foreign = seal(&world, |time| RELEASE.leaf(&world, time), 0, &statement);
    pool.insert("foreign", world.bundle(&foreign).to_string().into_bytes());
    pool.insert("no bundle", b"{\"mediaType\":\"x\"}".to_vec());
    pool
}
