//! Evidence about an index is evidence about an image that it lists; evidence about an image says nothing of an index.

use admissible::{Evaluation, EvaluationVerdict, Options, Policy, Report, Request, TrustedRoots, Verdict};
use admissible_box::dsse::{provenance, subject};
use admissible_box::fulcio::{IDENTITY, ISSUER};
use admissible_box::keys::Hash;
use admissible_box::world::World;
use serde_json::{Value, json};

use crate::{INDEX, MANIFEST, describe, describe_with, hex, index, manifest, sha256, text};

/// An image, and the indexes around it from the outside in.
struct Image {
    manifest: Vec<u8>,
    indexes: Vec<String>,
}

impl Image {
    fn new() -> Self {
        let manifest = text(&manifest());
        let platform = json!({ "platform": { "os": "linux", "architecture": "amd64" } });
        let inner = index(&[describe_with(MANIFEST, &manifest, &platform)]).to_string();
        let outer = index(&[describe(MANIFEST, b"other"), describe(INDEX, inner.as_bytes())]).to_string();
        Self { manifest, indexes: vec![outer, inner] }
    }

    fn digest(bytes: &[u8]) -> Value {
        json!({ "sha256": sha256(bytes).trim_start_matches("sha256:") })
    }
}

fn evidence_about(world: &World, document: &[u8]) -> String {
    world.bundle(&world.statement(&provenance(&[subject("pkg:oci/app", document)]))).to_string()
}

fn roots(world: &World) -> TrustedRoots {
    TrustedRoots::from_json(world.trusted_root().to_string().as_bytes()).expect("a trusted root")
}

fn judge(world: &World, bundle: &str, artifact: &Value, indexes: &[String]) -> Report {
    let mut options = json!({ "artifact": artifact, "signer": { "issuer": ISSUER, "identity": IDENTITY } });
    if !indexes.is_empty() {
        options["indexes"] = json!(indexes);
    }
    let options = Options::from_json(&options.to_string(), None).expect("options");
    admissible::inspect(bundle.as_bytes(), &roots(world), &options)
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.failures().iter().map(|failure| failure.code).collect()
}

#[test]
fn evidence_about_an_index_speaks_for_its_image() {
    let (world, image) = (World::new("listed"), Image::new());
    let digest = Image::digest(&image.manifest);
    let of_index = evidence_about(&world, image.indexes[0].as_bytes());
    let report = judge(&world, &of_index, &digest, &image.indexes);
    assert_eq!(codes(&report), [""; 0]);
    assert!(report.summary().starts_with("verified: an index that lists this artifact was signed by"));
    let told: Value = serde_json::from_str(&report.to_json()).expect("JSON");
    let told = &told["checks"]["artifact"]["evidence"];
    assert_eq!(told["digest"], Image::digest(image.indexes[0].as_bytes())["sha256"]);
    let through = [sha256(image.indexes[1].as_bytes())];
    assert_eq!(told["listed"], json!({ "algorithm": "sha256", "digest": digest["sha256"], "through": through }));

    // Evidence about the image itself is as good as without the index, and says so.
    let report = judge(&world, &evidence_about(&world, &image.manifest), &digest, &image.indexes);
    assert_eq!(codes(&report), [""; 0]);
    let told: Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(told["checks"]["artifact"]["evidence"]["digest"], digest["sha256"]);
    assert_eq!(told["checks"]["artifact"]["evidence"]["listed"], Value::Null);
    // The inner index lists it too, but the outer one is what was asked for.
    let of_inner = evidence_about(&world, image.indexes[1].as_bytes());
    assert_eq!(codes(&judge(&world, &of_inner, &digest, &image.indexes)), ["artifact-not-a-subject"]);
    assert_eq!(codes(&judge(&world, &of_inner, &digest, &image.indexes[1..])), [""; 0]);
}

#[test]
fn never_the_other_way_round() {
    let (world, image) = (World::new("listed"), Image::new());
    let of_image = evidence_about(&world, &image.manifest);
    let index = Image::digest(image.indexes[0].as_bytes());
    assert_eq!(codes(&judge(&world, &of_image, &index, &[])), ["artifact-not-a-subject"]);
    // Without the index nobody can tell that it lists the image.
    let of_index = evidence_about(&world, image.indexes[0].as_bytes());
    assert_eq!(codes(&judge(&world, &of_index, &Image::digest(&image.manifest), &[])), ["artifact-not-a-subject"]);
    // An index of one's own lists whatever one likes, and nobody signed it.
    let own = crate::index(&[describe(MANIFEST, b"malware"), describe(MANIFEST, &image.manifest)]).to_string();
    let malware = Image::digest(b"malware");
    assert_eq!(codes(&judge(&world, &of_index, &malware, std::slice::from_ref(&own))), ["artifact-not-a-subject"]);
    assert_eq!(codes(&judge(&world, &of_image, &malware, &[own])), ["artifact-not-a-subject"]);
}

#[test]
fn an_index_that_does_not_list_the_artifact_is_an_error_of_use() {
    let image = Image::new();
    let refused = |artifact: Value, indexes: &[String], message: &str| {
        let options = json!({ "artifact": artifact, "indexes": indexes, "signer": { "dangerouslyAnySigner": true } });
        let error = Options::from_json(&options.to_string(), None).expect_err("a wrong index");
        assert_eq!((admissible::check::Coded::code(&error), error.at.as_str()), ("invalid-indexes", "/indexes"));
        assert!(error.to_string().starts_with(message), "{error}");
    };
    let digest = || Image::digest(&image.manifest);
    refused(digest(), &[], "expected an index, found none");
    refused(digest(), &image.indexes[..1], "expected an index that lists sha256:");
    refused(digest(), &[image.indexes[1].clone(), image.indexes[0].clone()], "expected an index that lists sha256:");
    refused(Image::digest(b"another"), &image.indexes, "expected an index that lists sha256:");
    refused(json!({ "sha384": "00".repeat(48) }), &image.indexes, "expected an index that lists sha384:");
    refused(json!({ "dangerouslyUnbound": true }), &image.indexes, "expected an image that an index lists");
    let manifest = String::from_utf8(image.manifest.clone()).expect("text");
    refused(digest(), &[manifest], "expected an index, found a manifest");
    refused(digest(), &["{}".to_owned()], "expected the field");
}

/// A subject is one artifact: by whichever digest an index is meant, the others must be the index's too, as where it is the artifact itself.
#[test]
fn an_index_is_known_by_each_of_its_digests_and_contradicted_by_each() {
    let (world, image) = (World::new("listed"), Image::new());
    let index = image.indexes[0].as_bytes();
    let sha512 = |bytes: &[u8]| hex(&Hash::Sha512.digest(bytes));
    let about = |digest: Value| {
        let subject = json!({ "name": "pkg:oci/app", "digest": digest });
        world.bundle(&world.statement(&provenance(&[subject]))).to_string()
    };
    let both = json!({ "sha256": sha256(&image.manifest)[7..], "sha512": sha512(&image.manifest) });
    let judged = |digest: Value, artifact: &Value| codes(&judge(&world, &about(digest), artifact, &image.indexes));
    let digest = Image::digest(&image.manifest);
    assert_eq!(judged(json!({ "sha512": sha512(index) }), &digest), [""; 0]);
    assert_eq!(judged(json!({ "sha256": &sha256(index)[7..], "sha512": sha512(index) }), &digest), [""; 0]);
    for other in [sha512(b"another"), sha512(&image.manifest)] {
        let forged = json!({ "sha256": &sha256(index)[7..], "sha512": other });
        assert_eq!(judged(forged.clone(), &digest), ["artifact-subject-contradicts"]);
        assert_eq!(judged(forged, &both), ["artifact-subject-contradicts"]);
    }

    // The name of the index, and an exception for it, may be by either.
    let named = format!("sha512:{}", sha512(index));
    let request = json!({ "artifact": digest, "indexes": image.indexes, "reference": format!("example.com/app@{named}"),
        "now": "2026-01-01T00:00:00Z" });
    let exception = json!({ "digest": named, "reason": "old", "expires": "2027-01-01T00:00:00Z" });
    let policy = json!({ "version": 1, "signers": [{ "issuer": ISSUER, "identity": IDENTITY }],
        "subject": { "pinned": "require" }, "exceptions": [exception] });
    let of_index = evidence_about(&world, index);
    assert_eq!(evaluate(&world, &[&of_index], &policy, &request).verdict(), EvaluationVerdict::Verified);
    assert_eq!(evaluate(&world, &[], &policy, &request).verdict(), EvaluationVerdict::Excepted);
}

fn evaluate(world: &World, bundles: &[&str], policy: &Value, request: &Value) -> Evaluation {
    let policy = Policy::from_json(policy.to_string().as_bytes()).expect("a policy");
    let request = Request::from_json(&request.to_string(), None).expect("a request");
    let bundles: Vec<&[u8]> = bundles.iter().map(|bundle| bundle.as_bytes()).collect();
    admissible::evaluate(&bundles, &roots(world), &policy, &request).expect("an evaluation")
}

#[test]
fn a_policy_takes_the_index_for_the_image() {
    let (world, image) = (World::new("listed"), Image::new());
    let of_index = evidence_about(&world, image.indexes[0].as_bytes());
    let policy = |subject: Value| {
        json!({ "version": 1, "signers": [{ "issuer": ISSUER, "identity": IDENTITY }], "subject": subject,
            "require": [{ "predicateType": "https://slsa.dev/provenance/v1" }] })
    };
    let index = sha256(image.indexes[0].as_bytes());
    let request = |reference: &str| json!({ "artifact": Image::digest(&image.manifest), "indexes": image.indexes, "reference": reference });
    let by = |word: &str, reference: &str| {
        evaluate(&world, &[&of_index], &policy(json!({ "pinned": word })), &request(reference))
    };
    // The name of the index pins what it lists; the reference of a tag is pinned by it.
    for pinned in [format!("example.com/app@{index}"), format!("example.com/app@{}", sha256(&image.manifest))] {
        let evaluation = by("require", &pinned);
        assert_eq!(evaluation.verdict(), EvaluationVerdict::Verified, "{evaluation:?}");
    }
    let inner = format!("example.com/app@{}", sha256(image.indexes[1].as_bytes()));
    assert_eq!(by("require", &inner).verdict(), EvaluationVerdict::Rejected);
    let told: Value = serde_json::to_value(by("warn", "example.com/app:1.0")).expect("JSON");
    assert_eq!(told["findings"][0]["code"], "tag-not-pinned");
    assert_eq!(told["findings"][0]["hint"], format!("refer to example.com/app@{index}"));
    // An algorithm that is not allowed is not allowed of the index either.
    let strict = evaluate(&world, &[&of_index], &policy(json!({ "algorithms": ["sha512"] })), &request("a@b"));
    assert_eq!(strict.verdict(), EvaluationVerdict::Rejected);
}

#[test]
fn what_was_verified_of_an_image_is_told_of_the_image() {
    let (world, image) = (World::new("listed"), Image::new());
    let of_index = evidence_about(&world, image.indexes[0].as_bytes());
    let report = judge(&world, &of_index, &Image::digest(&image.manifest), &image.indexes);
    assert_eq!(report.verdict(), Verdict::Passed);
    let options = json!({ "now": "2026-01-01T00:00:00Z", "verifier": { "id": "https://example.com/verifier" },
        "policy": { "uri": "https://example.com/policy" }, "resourceUri": "pkg:oci/app" });
    let summary = admissible::compare::json::summarize(&report.to_json(), &options.to_string());
    let summary = serde_json::to_string(&summary.expect("a summary")).expect("JSON");
    let [own, other] = [&image.manifest, image.indexes[0].as_bytes()].map(|bytes| sha256(bytes)[7..].to_owned());
    assert!(summary.contains(&own) && !summary.contains(&other), "{summary}");
}
