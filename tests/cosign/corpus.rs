//! The corpus: every file of cosign's older shapes, made into a bundle and judged; the verdict compared with the manifest's. What differs is
//! decided here, with its reason; a decision about a file that is gone fails the test.

use std::collections::{BTreeMap, BTreeSet};

use admissible::TrustedRoots;
use admissible::check::Coded;
use admissible::encoding::base64;
use admissible::format::bundle::{Bundle, Content};
use admissible::format::simple_signing::SimpleSigning;
use admissible::format::source::cosign::{
    Annotations, attestation, blob_bundle, certified_envelope, detached, image_signature,
};
use admissible_box::corpus::{Corpus, list, text};
use serde_json::{Value, json};

use crate::{PROMISED, judge, judge_twice};

const PUBLIC_GOOD: &str = "trust/public-good/trusted_root.json";
const STAGING: &str = "trust/staging/trusted_root.json";

/// The codes of a file as it is, and where a promise is enough; and why that is right.
struct Decision {
    path: &'static str,
    codes: [&'static [&'static str]; 2],
    /// Whether it passes where no SCT is demanded either.
    passes_without_scts: bool,
    reason: &'static str,
}

const NO_SCT: &str = "the certificate is of 2021, when Fulcio embedded no SCT";
const DECISIONS: &[Decision] = &[
    Decision {
        path: "cosign-oci/sigstore__cosign/specs__SIGNATURE_SPEC.md.embed_5075.json",
        codes: [&["threshold-promise-only", "threshold-scts"], &["threshold-scts"]],
        passes_without_scts: true,
        reason: NO_SCT,
    },
    Decision {
        path: "cosign-oci/sigstore__sigstore-rs/cosign__signature_layers.rs.embed_50263.json",
        codes: [&["threshold-promise-only", "threshold-scts"], &["threshold-scts"]],
        passes_without_scts: true,
        reason: NO_SCT,
    },
    Decision {
        path: "rekor-entries/sigstore__rekor/hist_1075e40_release-verify.md.embed_4775.json",
        codes: [&["threshold-promise-only", "threshold-scts"], &["threshold-scts"]],
        passes_without_scts: true,
        reason: NO_SCT,
    },
    Decision {
        path: "cosign-oci/sigstore__sigstore-python/hist_e9a9736_assets__offline-rekor.txt.rekor",
        codes: [&["sct-outside-log-window", "threshold-promise-only"], &["sct-outside-log-window"]],
        passes_without_scts: false,
        reason: "the SCT is of a staging CT log outside its window in the staging root; the manifest looked at the promise only",
    },
    Decision {
        path: "cosign-oci/sigstore__sigstore-rs/hist_21649a9_verification_constraint__certificate_verifier.rs.embed_9680.json",
        codes: [&["certificate-unknown-issuer", "threshold-promise-only"], &["certificate-unknown-issuer"]],
        passes_without_scts: false,
        reason: "the certificate is of a private CA, whose root is not in the corpus; the manifest looked at the promise only",
    },
    Decision {
        path: "rekor-entries/aquasecurity__trivy/hist_552a051_testdata__log-entries-no-attestation.json.whole_0.json",
        codes: [&[], &[]],
        passes_without_scts: true,
        reason: "Rekor's answer has proof and checkpoint, so that no leave is needed",
    },
];

/// Compares what was found with the manifest and the decisions about one folder, and counts.
struct Comparison {
    folder: &'static str,
    used: BTreeSet<&'static str>,
    wrong: Vec<String>,
    table: BTreeMap<String, usize>,
}

impl Comparison {
    fn new(folder: &'static str) -> Self {
        Self { folder, used: BTreeSet::new(), wrong: Vec::new(), table: BTreeMap::new() }
    }

    fn count(&mut self, row: &str) {
        *self.table.entry(row.to_string()).or_default() += 1;
    }

    /// Judges a bundle and compares. Valid is what passes where a promise is enough, and fails for that alone otherwise.
    fn judge(&mut self, path: &str, expected: &str, bundle: &str, by: (&TrustedRoots, &Value, Option<&[u8]>)) {
        let (roots, options, artifact) = by;
        let codes = judge_twice(bundle, roots, options, artifact);
        let Some(decision) = DECISIONS.iter().find(|decision| decision.path == path) else {
            let agrees = if expected == "valid" { codes == PROMISED } else { !codes.iter().any(Vec::is_empty) };
            match (agrees, expected) {
                (true, "valid") => self.count("valid: accepted by promise only"),
                (true, _) => self.count(&format!("{expected}: refused as {}", codes[1].join(" "))),
                (false, _) => self.wrong.push(format!("undecided: {path} is {expected}, found {codes:?}")),
            }
            return;
        };
        let mut without_scts = options.clone();
        without_scts["require"] = json!({ "promiseOnly": true, "scts": 0 });
        let passes = judge(bundle, roots, &without_scts, artifact).1.is_empty();
        if codes != decision.codes || passes != decision.passes_without_scts {
            self.wrong.push(format!("{path} is decided {:?}, found {codes:?} {passes}", decision.codes));
        }
        self.used.insert(decision.path);
        self.table.entry(format!("{expected}: decided: {}", decision.reason)).and_modify(|n| *n += 1).or_insert(1);
    }

    fn end(mut self) {
        let of_folder = |decision: &&Decision| decision.path.split('/').next() == Some(self.folder);
        let decided = DECISIONS.iter().filter(of_folder).map(|decision| decision.path);
        let unused: Vec<_> = decided.filter(|path| !self.used.contains(path)).collect();
        self.wrong.extend(unused.iter().map(|path| format!("decided but not in the corpus: {path}")));
        for (row, count) in &self.table {
            println!("{count:>5}  {row}");
        }
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}

fn roots(corpus: &Corpus, path: &str) -> TrustedRoots {
    TrustedRoots::from_json(&corpus.read(path)).expect("a trusted root")
}

fn files<'c>(corpus: &'c Corpus, folder: &str) -> impl Iterator<Item = (&'c Value, &'c str)> {
    let entries = corpus.entries().iter().map(|entry| (entry, text(entry, "path")));
    entries.filter(move |(_, path)| path.split('/').next() == Some(folder))
}

/// The body of a log entry, as JSON.
fn body(payload: &Value) -> Option<Value> {
    serde_json::from_slice(&base64::decode(text(payload, "body"))?).ok()
}

/// The signature and the signer of a body that holds a signature over an artifact, and the artifact's digest.
fn logged(body: &Value) -> Option<(&str, String, Value)> {
    let spec = &body["spec"];
    let signature = spec["signature"]["content"].as_str()?;
    let signer = base64::decode(spec["signature"]["publicKey"]["content"].as_str()?)?;
    let digest = json!({ text(&spec["data"]["hash"], "algorithm"): spec["data"]["hash"]["value"] });
    Some((signature, String::from_utf8(signer).ok()?, digest))
}

/// Trust in a key that is known, or in any identity: who signed is not the question here.
fn signer(pem: &str) -> Value {
    if pem.starts_with("-----BEGIN PUBLIC KEY") {
        json!({ "publicKey": pem })
    } else {
        json!({ "dangerouslyAnySigner": true })
    }
}

#[test]
fn old_files_of_sign_blob() {
    let Some(corpus) = Corpus::open() else { return };
    let mut comparison = Comparison::new("cosign-legacy");
    for (entry, path) in files(&corpus, "cosign-legacy") {
        let bundle = blob_bundle(&corpus.read(path)).expect("a bundle");
        let signer = json!({ "issuer": entry["signer"]["issuer"], "identity": entry["signer"]["san"] });
        let digest = json!({ "sha256": entry["artifact"]["message_digest"]["hex"] });
        let options = json!({ "signer": signer, "artifact": digest });
        let roots = roots(&corpus, text(&entry["trust_root"], "path"));
        comparison.judge(path, text(entry, "expected"), &bundle, (&roots, &options, None));
    }
    comparison.end();
}

/// Log entries of signatures that were kept without them: the signature, the signer and the digest are those that were logged.
#[test]
fn log_entries_that_cosign_kept() {
    let Some(corpus) = Corpus::open() else { return };
    let mut comparison = Comparison::new("cosign-oci");
    for (entry, path) in files(&corpus, "cosign-oci") {
        let kept = corpus.json(path);
        let Some(body) = body(&kept["Payload"]) else {
            let file = json!({ "base64Signature": "AAAA", "rekorBundle": kept });
            let error = blob_bundle(file.to_string().as_bytes()).expect_err("a body that is no base64");
            assert_eq!(
                (error.at.as_str(), text(entry, "expected")),
                ("/rekorBundle/Payload/body", "invalid"),
                "{path}"
            );
            comparison.count("invalid: no bundle can be made of it");
            continue;
        };
        let (signature, pem, digest) = logged(&body).expect("a signature");
        let cert = base64::encode(pem.as_bytes());
        let file = json!({ "base64Signature": signature, "cert": cert, "rekorBundle": kept });
        let bundle = blob_bundle(file.to_string().as_bytes()).expect("a bundle");
        let root = if text(&entry["pyca_checks"], "set").contains("staging") { STAGING } else { PUBLIC_GOOD };
        let options = json!({ "signer": signer(&pem), "artifact": digest });
        let roots = roots(&corpus, root);
        let (report, _) = judge(&bundle, &roots, &options, None);
        let is_promised = report.inclusion_promise.is_passed() && report.log_binding.is_passed();
        assert_eq!(is_promised, text(&entry["pyca_checks"], "set").starts_with("ok"), "{path}");
        comparison.judge(path, text(entry, "expected"), &bundle, (&roots, &options, None));
    }
    comparison.end();
}

const REFUSED_PAYLOADS: [(&str, &str, &str); 3] = [
    (
        "simple-signing/sigstore__cosign/README.md.embed_18727.json",
        "/critical/image/Docker-manifest-digest",
        "documentation with a cut digest under a misspelt name",
    ),
    (
        "simple-signing/sigstore__cosign/specs__SIGNATURE_SPEC.md.embed_14743.json",
        "/critical/image/Docker-manifest-digest",
        "documentation with a cut digest under a misspelt name",
    ),
    (
        "simple-signing/sigstore__sigstore/payload__payload_test.go.embed_5150.json",
        "/critical/type",
        "of the sibling's type, which GPG signs",
    ),
];

/// Every payload is read; those whose log entry is in the corpus as well are whole signatures.
#[test]
fn payloads() {
    let Some(corpus) = Corpus::open() else { return };
    let kept: Vec<_> = files(&corpus, "cosign-oci")
        .filter_map(|(_, path)| {
            let kept = corpus.json(path);
            Some((path, body(&kept["Payload"])?, kept))
        })
        .collect();
    let roots = roots(&corpus, PUBLIC_GOOD);
    let (mut read, mut refused) = (0, 0);
    let mut comparison = Comparison::new("simple-signing");
    for (_, path) in files(&corpus, "simple-signing") {
        let value = corpus.json(path);
        match (SimpleSigning::from_json(&corpus.read(path)), REFUSED_PAYLOADS.iter().find(|refused| refused.0 == path))
        {
            (Ok(payload), None) => {
                read += 1;
                let critical = &value["critical"];
                assert_eq!(payload.docker_reference, text(&critical["identity"], "docker-reference"), "{path}");
                let digest = text(&critical["image"], "docker-manifest-digest");
                assert_eq!(payload.manifest_digest.to_string(), digest, "{path}");
                assert_eq!(payload.optional.len(), value["optional"].as_object().map_or(0, |map| map.len()), "{path}");
            }
            (Err(error), Some((_, at, _))) => {
                refused += 1;
                assert_eq!(error.at, *at, "{path}");
            }
            (result, decided) => panic!("{path}: {result:?}, decided {decided:?}"),
        }
        // The corpus has them indented; cosign signs them without white space.
        let payload = value.to_string();
        let sha256 = admissible::crypto::digest(admissible::HashAlgorithm::Sha256, payload.as_bytes()).to_hex();
        for (kept_at, body, kept) in
            kept.iter().filter(|(_, body, _)| body["spec"]["data"]["hash"]["value"] == sha256.as_str())
        {
            let (signature, pem, _) = logged(body).expect("a signature");
            let annotations = Annotations {
                signature: Some(signature.to_string()),
                certificate: Some(pem.clone()).filter(|pem| pem.starts_with("-----BEGIN CERTIFICATE")),
                bundle: Some(kept.to_string()),
                ..Annotations::default()
            };
            let made = image_signature(payload.as_bytes(), &annotations).expect("a bundle");
            let image = text(&value["critical"]["image"], "docker-manifest-digest").trim_start_matches("sha256:");
            let options = json!({ "signer": signer(&pem), "artifact": { "sha256": image } });
            println!("{path} and {kept_at} are one signature");
            comparison.judge(kept_at, "valid", &made, (&roots, &options, None));
        }
    }
    println!("{read:>5}  payloads read\n{refused:>5}  payloads refused");
    assert_eq!((read, refused), (14, REFUSED_PAYLOADS.len()));
    comparison.end();
}

/// The attestation layers of images that slsa-github-generator published, with certificate, chain and log entry.
#[test]
fn attestation_layers() {
    let Some(corpus) = Corpus::open() else { return };
    let mut comparison = Comparison::new("oci-layouts");
    for (entry, path) in files(&corpus, "oci-layouts") {
        let folder = path.strip_suffix("index.json").expect("an index");
        let blob = |digest: &str| corpus.read(&format!("{folder}blobs/sha256/{}", digest.replace("sha256:", "")));
        let index = corpus.json(path);
        let manifests = list(&index["manifests"]);
        let of_kind = |kind: &str| manifests.iter().find(|m| text(&m["annotations"], "kind").ends_with(kind));
        let attestations: Value =
            serde_json::from_slice(&blob(text(of_kind("/atts").expect("attestations"), "digest"))).expect("JSON");
        let image = of_kind("/imageIndex").or(of_kind("/image")).expect("an image");
        let layers = list(&attestations["layers"]);
        assert_eq!(layers.len(), 1, "{path}");
        let annotations = Annotations::from_json(layers[0]["annotations"].to_string().as_bytes()).expect("annotations");
        let bundle = attestation(&blob(text(&layers[0], "digest")), &annotations).expect("a bundle");
        let signer = json!({ "issuer": entry["signer"]["issuer"], "identity": entry["signer"]["san"] });
        let sha256 = text(image, "digest").replace("sha256:", "");
        let options = json!({ "signer": signer, "artifact": { "sha256": sha256 } });
        let roots = roots(&corpus, text(&entry["trust_root"], "path"));
        let kind = text(&entry["pyca_checks"], "rekor_kind");
        println!("{path}: {kind}");
        let expected = text(entry, "expected").split(' ').next().unwrap_or_default();
        comparison.judge(path, expected, &bundle, (&roots, &options, None));
    }
    comparison.end();
}

/// Envelopes with their certificate and without log entry: nothing tells when the certificate was used.
#[test]
fn envelopes_with_their_certificate() {
    let Some(corpus) = Corpus::open() else { return };
    let roots = roots(&corpus, PUBLIC_GOOD);
    let mut comparison = Comparison::new("dsse");
    for (entry, path) in files(&corpus, "dsse") {
        let file = corpus.read(path);
        // Witness' certificates stand in another field, which `tests/sources` reads.
        if !file.windows(7).any(|part| part == b"\"cert\":") {
            continue;
        }
        let bundle = certified_envelope(&file, None).expect("a bundle");
        let options = json!({ "signer": { "dangerouslyAnySigner": true }, "artifact": { "dangerouslyUnbound": true } });
        let (report, codes) = judge(&bundle, &roots, &options, None);
        assert_eq!(codes, ["signing-time-missing", "threshold-log-entries"], "{path}");
        assert_eq!(report.signature.is_passed(), text(&entry["pyca_checks"], "dsse_signature") == "ok", "{path}");
        // The log has the digest of this text, of which the bundle keeps the parts only.
        let read = Bundle::from_json(bundle.as_bytes()).expect("a bundle");
        let Content::Envelope(envelope) = &read.content else { panic!("{path}") };
        let text_by_go = envelope.text_by_go(read.key_material.leaf()).expect("a text");
        assert!(text_by_go.as_bytes() == file.trim_ascii_end(), "{path} is written in another way");
        comparison.judge(path, text(entry, "expected"), &bundle, (&roots, &options, None));
    }
    comparison.end();
}

/// Answers of Rekor: promise, proof and checkpoint as the manifest found them. Most are of signatures that are not in the corpus.
#[test]
fn answers_of_rekor() {
    let Some(corpus) = Corpus::open() else { return };
    let roots = roots(&corpus, PUBLIC_GOOD);
    let mut comparison = Comparison::new("rekor-entries");
    for (entry, path) in files(&corpus, "rekor-entries") {
        let answer = corpus.json(path);
        let payload = answer.as_object().and_then(|map| map.values().next()).expect("an entry");
        let body = body(payload).expect("a body");
        let logged = logged(&body);
        let (signature, signer_pem, digest) = match &logged {
            Some((signature, pem, digest)) => (*signature, pem.as_str(), digest.clone()),
            None => ("AAAA", "", json!({ "dangerouslyUnbound": true })),
        };
        let pem = Some(signer_pem.as_bytes()).filter(|_| signer_pem.starts_with("-----BEGIN CERTIFICATE"));
        let bundle = detached(signature.as_bytes(), pem, Some(answer.to_string().as_bytes())).expect("a bundle");
        let options = json!({ "signer": signer(signer_pem), "artifact": digest });
        let (report, _) = judge(&bundle, &roots, &options, None);
        let checks = &entry["pyca_checks"];
        let notes = report.notes.iter().map(Coded::code);
        let notes: Vec<_> = notes.filter(|code| ["unknown-log", "proof-without-checkpoint"].contains(code)).collect();
        let found =
            [report.inclusion_promise.is_passed(), report.inclusion_proof.is_passed(), report.checkpoint.is_passed()];
        let is_known = text(entry, "expected") == "valid";
        let is_ok = |check: &str| text(checks, check).starts_with("ok");
        let has_checkpoint = is_ok("checkpoint");
        let expected = [is_ok("set"), is_ok("inclusion") && has_checkpoint, has_checkpoint];
        let mut expected_notes = Vec::new();
        if !is_known {
            expected_notes.push("unknown-log");
        } else if !checks["inclusion"].is_null() && !has_checkpoint {
            expected_notes.push("proof-without-checkpoint");
        }
        assert_eq!((found, notes), (expected, expected_notes), "{path}");
        let kind = format!("{}/{}", text(&body, "kind"), text(&body, "apiVersion"));
        match pem {
            Some(_) => comparison.judge(path, text(entry, "expected"), &bundle, (&roots, &options, None)),
            None => comparison
                .count(&format!("{}: {kind} without the signature: only what the log says", text(entry, "expected"))),
        }
    }
    comparison.end();
}
