//! Real bundles, trusted roots, timestamps and certificates that others published, judged and compared with what is known about
//! them. They are not part of this project: the tests look for them under `ADMISSIBLE_TEST_DATA` and say so when they are not
//! there. Beside them stands `corpus/decisions.json`: every verdict that is ours to decide, or differs from the corpus, with its rule
//! and reason; and the codes for which each invalid bundle is rejected. A verdict or a code that changes fails the test, and so
//! does a decision about a file that is gone or has changed. A group's `otherwise` is a second judgement, by another root or
//! other requirements: it gives the codes that a bundle names under `otherwise`, else it passes. `UPDATE_SNAPSHOTS=1` rewrites the codes of the rejected ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use admissible::check::Coded;
use admissible::check::timestamp::{self, Stamp};
use admissible::crypto::{RustCrypto, digest};
use admissible::encoding::{base64, pem};
use admissible::format::certificate::Certificate;
use admissible::format::timestamp_token::TimestampToken;
use admissible::format::trusted_root::TrustedRoot;
use admissible::{HashAlgorithm, Options, TrustedRoots, UsageError, Verdict};
use admissible_box::corpus::{Corpus, Sample, list, text};
use serde_json::{Value, json};

const NPM_KEYS: &str = "trust/public-good/registry.npmjs.org-keys.json";
const DECISIONS: &str = "tests/corpus/decisions.json";

/// What came of judging a bundle: the verdict and every code.
#[derive(Clone, PartialEq, Eq)]
struct Judged {
    passed: bool,
    codes: Vec<&'static str>,
    why: String,
}

type Roots = Result<TrustedRoots, UsageError>;

/// The start of the file's digest, by which a decision knows it.
fn sha(file: &[u8]) -> String {
    digest(HashAlgorithm::Sha256, file).to_hex()[..16].to_string()
}

fn is_of(sample: &Sample, decided: &Value) -> bool {
    text(decided, "path") == sample.path && text(decided, "at") == sample.at
}

/// The signer that the manifest knows: the certificate's own names, or a key.
fn signer(sample: &Sample, npm_keys: &Value, keys: &Value) -> Value {
    let signer = &sample.facts["signer"];
    if let (Some(issuer), Some(identity)) = (signer["issuer"].as_str(), signer["san"].as_str()) {
        return json!({ "issuer": issuer, "identity": identity });
    }
    let any = json!({ "dangerouslyAnySigner": true });
    if text(&sample.facts, "material") != "publicKey" {
        return any;
    }
    let hint = text(&sample.facts, "key_hint");
    let npm = list(&npm_keys["keys"]).iter();
    let mut npm = npm.filter(|key| text(key, "keyId") == hint && text(key, "keyUsage") == "npm:attestations");
    if let Some(key) = npm.next() {
        let key = &key["publicKey"];
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", text(key, "rawBytes"));
        return json!({ "publicKey": pem, "validFor": key["validFor"] });
    }
    let names = |key: &Value, list_name: &str, name: &str| list(&key[list_name]).iter().any(|other| other == name);
    let own = list(keys).iter().find(|key| names(key, "hints", hint) || names(key, "paths", &sample.path));
    own.map_or(any, |key| json!({ "publicKey": key["pem"] }))
}

/// The artifact's digest, where the manifest knows one.
fn artifact(sample: &Sample) -> Value {
    let artifact = &sample.facts["artifact"];
    let digest = &artifact["message_digest"];
    if let Some(hex) = digest["hex"].as_str() {
        let name = text(digest, "algorithm").replace("SHA2_", "sha");
        return json!({ name: hex });
    }
    let subjects = list(&artifact["subjects"]).iter();
    let known = subjects.flat_map(|subject| {
        ["sha256", "sha384", "sha512"]
            .into_iter()
            .filter_map(|name| Some(json!({ name: subject["digest"][name].as_str()? })))
    });
    let mut known = known;
    known.next().unwrap_or(json!({ "dangerouslyUnbound": true }))
}

/// Judges by what the manifest says and `change`; by bytes and by digest where both are known, which must agree.
fn judge(sample: &Sample, corpus: &Corpus, roots: &Roots, change: &Value, keys: &[Value; 2]) -> Judged {
    let [npm_keys, own_keys] = keys;
    let mut require = json!({});
    if text(&sample.facts, "mode").starts_with("no log") {
        let stamped = text(&sample.facts, "material") != "publicKey";
        require = json!({ "logEntries": 0, "scts": 0, "signedTimestamps": u8::from(stamped) });
    }
    for (name, value) in change["require"].as_object().into_iter().flatten() {
        require[name] = value.clone();
    }
    let roots = match roots {
        Ok(roots) => roots,
        Err(error) => {
            let why = format!("{}: {error} at {}", error.code(), error.at);
            return Judged { passed: false, codes: vec![error.code()], why };
        }
    };
    let bytes = sample.facts["artifact"]["path"].as_str().map(|path| corpus.read(path));
    let judge = |bytes: Option<&[u8]>| {
        let mut options = json!({ "signer": signer(sample, npm_keys, own_keys), "require": require });
        if bytes.is_none() {
            options["artifact"] = artifact(sample);
        }
        for (name, value) in change.as_object().into_iter().flatten() {
            if !["root", "require"].contains(&name.as_str()) {
                options[name] = value.clone();
            }
        }
        let options = Options::from_json(&options.to_string(), bytes).expect("options");
        let report = admissible::inspect(&sample.bundle, roots, &options);
        let failures = report.failures();
        let passed = report.verdict() == Verdict::Passed;
        assert_eq!(passed, failures.is_empty(), "{}: {report:?}", sample.name());
        let why: Vec<_> = failures.iter().map(|f| format!("{}: {}", f.code, f.message)).collect();
        let codes: BTreeSet<_> = failures.iter().map(|failure| failure.code).collect();
        Judged { passed, codes: codes.into_iter().collect(), why: why.join("; ") }
    };
    let judged = judge(bytes.as_deref());
    if bytes.is_some() {
        let by_digest = judge(None);
        assert_eq!(by_digest.passed, judged.passed, "{}: bytes and digest disagree: {}", sample.name(), by_digest.why);
    }
    judged
}

/// A root whose keys have no window, given one: shows that nothing else stands in the way.
fn completed(mut root: Value) -> Vec<u8> {
    let always = json!({ "start": "2021-01-01T00:00:00Z" });
    for name in ["tlogs", "ctlogs"] {
        for log in root[name].as_array_mut().into_iter().flatten() {
            if log["publicKey"]["validFor"]["start"].is_null() {
                log["publicKey"]["validFor"] = always.clone();
            }
        }
    }
    for name in ["certificateAuthorities", "timestampAuthorities"] {
        for authority in root[name].as_array_mut().into_iter().flatten() {
            if authority["validFor"]["start"].is_null() {
                authority["validFor"] = always.clone();
            }
        }
    }
    root.to_string().into_bytes()
}

fn decisions() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(DECISIONS);
    serde_json::from_slice(&fs::read(file).expect("the decisions")).expect("JSON")
}

fn codes_of(value: &Value) -> Vec<&str> {
    list(&value["codes"]).iter().filter_map(Value::as_str).collect()
}

/// Every trusted root that the corpus lists or uses, by path.
fn all_roots(corpus: &Corpus, samples: &[Sample]) -> BTreeMap<String, Roots> {
    let listed = list(&corpus.manifest["trust"]).iter().filter(|file| text(file, "kind").starts_with("trust"));
    let paths: BTreeSet<_> = listed.map(|file| text(file, "path")).chain(samples.iter().map(Sample::root)).collect();
    paths.into_iter().map(|path| (path.to_string(), TrustedRoots::from_json(&corpus.read(path)))).collect()
}

#[test]
fn bundles() {
    let Some(corpus) = Corpus::open() else { return };
    let decisions = decisions();
    let keys = [corpus.json(NPM_KEYS), decisions["keys"].clone()];
    let samples = corpus.bundles();
    assert!(samples.len() >= 225, "found only {} bundles", samples.len());
    let roots = all_roots(&corpus, &samples);
    let no_change = Value::Null;
    let mut wrong = Vec::new();
    let mut table: BTreeMap<String, usize> = BTreeMap::new();
    let mut rejections = Vec::new();
    let mut used = BTreeSet::new();
    for sample in &samples {
        let name = sample.name();
        let judged = judge(sample, &corpus, &roots[sample.root()], &no_change, &keys);
        let expected = text(&sample.facts, "expected");
        let verdict = if judged.passed { "passed" } else { "failed" };
        let mut decided = list(&decisions["groups"])
            .iter()
            .flat_map(|group| list(&group["bundles"]).iter().map(move |bundle| (group, bundle)))
            .filter(|(_, bundle)| is_of(sample, bundle));
        let decision = decided.next();
        assert!(decided.next().is_none(), "{name} is decided twice");
        let agrees = matches!((expected, judged.passed), ("valid", true) | ("invalid", false));
        match decision {
            None if agrees => {
                let row = if judged.passed { "valid, accepted" } else { "invalid, rejected" };
                *table.entry(row.to_string()).or_default() += 1;
            }
            None => wrong.push(format!("undecided: {name} is {expected}, {verdict}: {}", judged.why)),
            Some((group, bundle)) => {
                used.insert((sample.path.clone(), sample.at.clone()));
                let rule = text(group, "rule");
                *table.entry(format!("decided: {rule} ({expected}, {verdict})")).or_default() += 1;
                if text(group, "reason").is_empty() {
                    wrong.push(format!("{rule}: no reason"));
                }
                if text(bundle, "sha") != sha(&sample.file) {
                    wrong.push(format!("{name}: decided for another file, with SHA-256 {}", text(bundle, "sha")));
                }
                if text(bundle, "verdict") != verdict || codes_of(bundle) != judged.codes {
                    let (decided, codes) = (text(bundle, "verdict"), codes_of(bundle).join(" "));
                    wrong.push(format!("{name}: decided {decided} {codes}; found {verdict}: {}", judged.why));
                }
                let otherwise = &group["otherwise"];
                if !otherwise.is_null() {
                    let completed = match otherwise["root"].as_str() {
                        Some("completed") => Some(TrustedRoots::from_json(&completed(corpus.json(sample.root())))),
                        _ => None,
                    };
                    let root = otherwise["root"].as_str().unwrap_or(sample.root());
                    let root = completed.as_ref().unwrap_or_else(|| &roots[root]);
                    let judged = judge(sample, &corpus, root, otherwise, &keys);
                    let codes = bundle.get("otherwise").map_or(Vec::new(), codes_of);
                    if judged.codes != codes {
                        let codes = codes.join(" ");
                        wrong.push(format!("{name}: otherwise decided {codes}; found {}", judged.why));
                    }
                }
            }
        }
        if expected == "invalid" && !judged.passed {
            rejections.push(json!({ "path": sample.path, "at": sample.at, "codes": judged.codes }));
            // No other root of the corpus makes it pass, except where that is decided.
            let exempt = decision.is_some_and(|(group, _)| !group["otherwise"]["root"].is_null());
            for (path, root) in roots.iter().filter(|(_, root)| root.is_ok() && !exempt) {
                if judge(sample, &corpus, root, &no_change, &keys).passed {
                    wrong.push(format!("{name} is invalid and passes by {path}"));
                }
            }
        }
    }
    for bundle in list(&decisions["groups"]).iter().flat_map(|group| list(&group["bundles"])) {
        let (path, at) = (text(bundle, "path"), text(bundle, "at"));
        if !used.contains(&(path.to_string(), at.to_string())) {
            wrong.push(format!("decided but not in the corpus: {path} {at}"));
        }
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        update_rejections(&rejections);
    } else if list(&decisions["rejections"]) != rejections {
        for (now, then) in rejections.iter().zip(list(&decisions["rejections"])).filter(|(now, then)| now != then) {
            wrong.push(format!("rejected as {now}, was {then}"));
        }
        wrong.push(format!("{} rejections, were {}", rejections.len(), list(&decisions["rejections"]).len()));
    }
    println!("{:>5}  bundles", samples.len());
    for (row, count) in &table {
        println!("{count:>5}  {row}");
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), samples.len(), wrong.join("\n"));
}

/// Rewrites the last part of the decisions, one line for each bundle.
fn update_rejections(rejections: &[Value]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(DECISIONS);
    let old = fs::read_to_string(&file).expect("the decisions");
    let (kept, _) = old.split_once("  \"rejections\": [").expect("the rejections, last");
    let lines: Vec<_> = rejections.iter().map(|rejection| format!("    {rejection}")).collect();
    fs::write(file, format!("{kept}  \"rejections\": [\n{}\n  ]\n}}\n", lines.join(",\n"))).expect("to write");
}

#[test]
fn trusted_roots() {
    let Some(corpus) = Corpus::open() else { return };
    let decisions = decisions();
    let refused = list(&decisions["roots"]);
    let (mut read, mut wrong, mut used) = (0_usize, Vec::new(), 0_usize);
    for file in list(&corpus.manifest["trust"]).iter().filter(|file| text(file, "kind").starts_with("trust")) {
        let path = text(file, "path");
        let bytes = corpus.read(path);
        let decision = refused.iter().find(|decision| text(decision, "path") == path);
        match (TrustedRoots::from_json(&bytes), decision) {
            (Ok(_), None) => read += 1,
            (Ok(_), Some(_)) => wrong.push(format!("{path} is read, decided otherwise")),
            (Err(error), None) => wrong.push(format!("{path} is refused: {error} at {}", error.at)),
            (Err(error), Some(decision)) => {
                used += 1;
                let sha = &digest(HashAlgorithm::Sha256, &bytes).to_hex()[..16];
                let as_decided = text(decision, "at") == error.at && text(decision, "sha") == sha;
                if !as_decided || text(decision, "reason").is_empty() {
                    wrong.push(format!("{path} {sha} is refused: {error} at {}; decided {decision}", error.at));
                }
                println!("refused: {path}: {error}");
            }
        }
        let lines = TrustedRoot::several_from_json(&bytes).map_or(1, |roots| roots.len());
        assert_eq!(lines, if path.ends_with("gh-trusted-root.jsonl") { 2 } else { 1 }, "{path}");
    }
    println!("{read:>5}  trusted roots, read\n{used:>5}  trusted roots, refused as decided");
    assert!(wrong.is_empty() && used == refused.len(), "{used} of {} used:\n{}", refused.len(), wrong.join("\n"));
    assert!(read >= 25, "read only {read} roots");
}

/// A trusted root with one timestamp authority.
fn authority(certificate: &Certificate) -> TrustedRoot {
    let chain = [json!({ "rawBytes": base64::encode(certificate.der()) })];
    let root = json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "timestampAuthorities": [{
            "certChain": { "certificates": chain }, "validFor": { "start": "2020-01-01T00:00:00Z" },
        }],
    });
    TrustedRoot::from_json(root.to_string().as_bytes()).expect("a root")
}

#[test]
fn timestamps() {
    let Some(corpus) = Corpus::open() else { return };
    let decisions = decisions();
    let mut found = Vec::new();
    for entry in list(&corpus.manifest["entries"]).iter().filter(|entry| text(entry, "kind") == "RFC 3161 response") {
        let path = text(entry, "path");
        let response = corpus.read(path);
        let token = match TimestampToken::from_response(&response) {
            Ok(token) => token,
            Err(error) => {
                found.push(json!({ "path": path, "outcome": format!("refused: {error}") }));
                continue;
            }
        };
        // Each embedded certificate as the only authority that is trusted.
        for der in &token.certificates {
            let certificate = Certificate::from_der(der).expect("a certificate");
            let outcome = match timestamp::verify(&response, b"hello", &authority(&certificate), &RustCrypto) {
                Ok(Stamp::Verified(verified)) => format!("verified at {}", verified.time()),
                Ok(Stamp::UnknownAuthority { .. }) => "unknown authority".to_string(),
                Err(error) => error.code().to_string(),
            };
            let (subject, issuer) = (certificate.subject(), certificate.issuer());
            found.push(json!({ "path": path, "trusted": format!("{subject} by {issuer}"), "outcome": outcome }));
        }
    }
    let decided: Vec<_> = list(&decisions["timestamps"]).iter().map(|decision| decision["found"].clone()).collect();
    assert_eq!(found, decided, "{}", serde_json::to_string_pretty(&found).unwrap_or_default());
}

#[test]
fn certificates_of_x509_limbo() {
    let Some(corpus) = Corpus::open() else { return };
    // Its verdicts are about TLS servers; what can be asked here is that every certificate is read or refused.
    let cases = corpus.json("suites/x509-limbo/limbo.2023-12-01.json");
    let (mut read, mut refused) = (0_usize, BTreeMap::<String, usize>::new());
    for case in list(&cases["testcases"]) {
        let several = ["trusted_certs", "untrusted_intermediates"].into_iter().flat_map(|name| list(&case[name]));
        for certificate in several.chain([&case["peer_certificate"]]).filter_map(Value::as_str) {
            let Ok(block) = pem::Block::first(certificate) else { continue };
            match Certificate::from_der(&block.bytes) {
                Ok(certificate) => {
                    assert_eq!(certificate.der(), block.bytes);
                    read += 1;
                }
                Err(error) => *refused.entry(error.to_string()).or_default() += 1,
            }
        }
    }
    println!("{read:>5}  certificates of x509-limbo, read");
    for (error, count) in &refused {
        println!("{count:>5}  certificates of x509-limbo, refused: {error}");
    }
    assert!(read >= 300, "read only {read} certificates");
}
