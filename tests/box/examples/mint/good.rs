//! Cases which must verify.

use admissible_box::bundle::{Signer, Version};
use admissible_box::certificate::{Extension, GeneralName};
use admissible_box::ct::SctSpec;
use admissible_box::dsse::{STATEMENT_V01, provenance as github_provenance, statement, subject};
use admissible_box::fulcio::claim;
use admissible_box::keys::{Hash, KeyAlg, Scheme};
use admissible_box::note::SignatureLine;
use admissible_box::provenance::{self, Build, WORKFLOW_COMMIT};
use admissible_box::rekor::{EntrySpec, Generation, Kind};
use admissible_box::tsa::{Embed, SignerId, TimestampSpec};
use admissible_box::world::{ARTIFACT, ARTIFACT_NAME, REKOR_V1, World};
use serde_json::{Value, json};

use crate::Case;

const KEYS: [(&str, KeyAlg); 7] = [
    ("p256", KeyAlg::P256),
    ("p384", KeyAlg::P384),
    ("p521", KeyAlg::P521),
    ("rsa2048", KeyAlg::Rsa2048),
    ("rsa3072", KeyAlg::Rsa3072),
    ("rsa4096", KeyAlg::Rsa4096),
    ("ed25519", KeyAlg::Ed25519),
];

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut all = versions();
    all.extend(signing_keys());
    all.extend(kinds());
    all.extend(certificates());
    all.extend(timestamps());
    all.extend(checkpoints());
    all.extend(predicates());
    all.extend(builds());
    all
}

fn versions() -> Vec<Case> {
    let world = World::new("versions");
    let mut out = Vec::new();
    for (name, version) in
        [("v01", Version::V01), ("v02", Version::V02), ("v03-old", Version::V03Old), ("v03", Version::V03)]
    {
        for (content, mut spec) in [("message", world.message()), ("dsse", world.provenance())] {
            spec.version = version;
            out.push((format!("{name}-{content}"), world.clone(), spec));
        }
    }
    out.push(("rekor2-message".into(), world.clone(), world.on_rekor_v2(world.message())));
    out.push(("rekor2-dsse".into(), world.clone(), world.on_rekor_v2(world.provenance())));
    out
}

fn signing_keys() -> Vec<Case> {
    let world = World::new("keys");
    let mut out = Vec::new();
    for (name, alg) in KEYS {
        for (content, spec) in [("message", world.message()), ("dsse", world.provenance())] {
            for (log, mut spec) in [("rekor1", spec.clone()), ("rekor2", world.on_rekor_v2(spec))] {
                let mut managed = spec.clone();
                managed.signer = Signer::Key(world.managed_key(alg));
                out.push((format!("managed-{name}-{content}-{log}"), world.clone(), managed));
                spec.signer = Signer::Leaf(Box::new(world.leaf(alg)));
                out.push((format!("leaf-{name}-{content}-{log}"), world.clone(), spec));
            }
        }
    }
    for (name, alg) in [("p384", KeyAlg::P384), ("p521", KeyAlg::P521)] {
        let mut spec = world.message();
        spec.signer = Signer::Leaf(Box::new(world.leaf(alg)));
        spec.scheme = Some(Scheme::Ecdsa(Hash::Sha256));
        out.push((format!("leaf-{name}-sha256"), world.clone(), spec));
    }
    let mut spec = world.message();
    spec.signer = Signer::Leaf(Box::new(world.leaf(KeyAlg::Rsa2048)));
    spec.scheme = Some(Scheme::RsaPss(Hash::Sha256));
    out.push(("leaf-rsa2048-pss".into(), world.clone(), spec));
    out
}

fn kinds() -> Vec<Case> {
    let world = World::new("kinds");
    let mut out = Vec::new();
    for (name, kind) in [("intoto", Kind::Intoto), ("intoto-payload", Kind::IntotoWithPayload)] {
        let mut spec = world.provenance();
        spec.entry().kind = kind;
        out.push((format!("kind-{name}"), world.clone(), spec));
    }
    let mut old = github_provenance(&[subject(ARTIFACT_NAME, ARTIFACT)]);
    old["_type"] = json!(STATEMENT_V01);
    out.push(("statement-v01".into(), world.clone(), world.statement(&old)));
    for (index, size) in [(0, 1), (0, 2), (1, 2), (6, 7), (63, 64), (64, 65)] {
        let mut spec = world.message();
        (spec.entry().tree_index, spec.entry().tree_size) = (index, size);
        out.push((format!("tree-{index}-of-{size}"), world.clone(), spec));
    }
    out
}

fn certificates() -> Vec<Case> {
    let mut out = Vec::new();
    for (name, alg) in KEYS {
        let mut world = World::new("authorities");
        world.cas.clear();
        world.add_ca(alg, 2);
        let spec = world.message();
        out.push((format!("ca-{name}-two-intermediates"), world, spec));
    }
    let mut world = World::new("authorities");
    world.cas.clear();
    world.add_ca(KeyAlg::P384, 0);
    let spec = world.message();
    out.push(("ca-root-only".into(), world, spec));

    for (name, alg, scheme) in [
        ("p384-sha256", KeyAlg::P384, Scheme::Ecdsa(Hash::Sha256)),
        ("rsa2048-pss", KeyAlg::Rsa2048, Scheme::RsaPss(Hash::Sha256)),
        ("rsa4096-sha512", KeyAlg::Rsa4096, Scheme::RsaPkcs1(Hash::Sha512)),
    ] {
        let mut world = World::new("schemes");
        world.cas.clear();
        world.add_ca(alg, 1);
        world.cas[0].chain.iter_mut().for_each(|c| c.issues_with = Some(scheme));
        let spec = world.message();
        out.push((format!("ca-issues-with-{name}"), world, spec));
    }
    let mut world = World::new("constraints");
    let host = GeneralName::Uri("github.com".into());
    world.cas[0].chain[1].extra_extensions.push(Extension::permitted_subtrees(&[host]));
    let other = GeneralName::Email("example.org".into());
    world.cas[0].chain[0].extra_extensions.push(Extension::excluded_subtrees(&[other]));
    let spec = world.message();
    out.push(("ca-name-constraints".into(), world, spec));
    let mut world = World::new("anchors");
    let root = world.cas[0].chain.remove(0);
    world.cas[0].anchor_issuer = Some(Box::new(root));
    let spec = world.message();
    out.push(("ca-anchor-not-self-signed".into(), world, spec));

    for (name, alg) in [("rsa2048", KeyAlg::Rsa2048), ("p384", KeyAlg::P384)] {
        let mut world = World::new("authorities");
        world.ct_logs.clear();
        world.add_ct_log(alg);
        let spec = world.message();
        out.push((format!("ct-{name}"), world, spec));
    }
    let world = World::new("authorities");
    let mut spec = world.message();
    spec.leaf().scts[0].extensions = vec![0, 0, 5, 0, 0, 0, 0, 0x70];
    out.push(("ct-extensions".into(), world, spec));
    let mut world = World::new("authorities");
    let second = world.add_ct_log(KeyAlg::P256);
    let mut spec = world.message();
    let time = world.time;
    spec.leaf().scts.push(SctSpec::new(second, time));
    out.push(("ct-two".into(), world, spec));

    let world = World::new("identities");
    let mut spec = world.message();
    *spec.leaf() = world.leaf(KeyAlg::P256).with_email("ada@example.com", "https://accounts.google.com");
    out.push(("san-email".into(), world.clone(), spec));
    let mut spec = world.message();
    *spec.leaf() = world.leaf(KeyAlg::P256).with_san(GeneralName::Username("ada!example.com".into()));
    out.push(("san-username".into(), world, spec));
    out
}

fn timestamps() -> Vec<Case> {
    let mut out = Vec::new();
    for (name, alg) in KEYS {
        let mut world = World::new("timestamps");
        world.tsas.clear();
        world.add_tsa(alg, 1);
        let spec = world.on_rekor_v2(world.message());
        out.push((format!("tsa-{name}-intermediate"), world, spec));
    }
    let world = World::new("timestamps");
    let mut vary = |name: &str, edit: fn(&mut TimestampSpec)| {
        let mut spec = world.on_rekor_v2(world.message());
        edit(&mut spec.timestamps[0]);
        out.push((format!("tsa-{name}"), world.clone(), spec));
    };
    vary("p384-sha256", |t| t.scheme = Some(Scheme::Ecdsa(Hash::Sha256)));
    vary("no-certificates", |t| t.embed = Embed::Nothing);
    vary("whole-chain", |t| t.embed = Embed::Chain);
    vary("key-id", |t| t.signer_id = SignerId::KeyId);
    vary("imprint-sha512", |t| t.imprint_hash = Hash::Sha512);
    vary("fraction", |t| t.fraction = ".25".into());
    vary("granted-with-mods", |t| t.status = 1);
    let mut world = World::new("timestamps");
    world.tsas[0].unlisted = 1;
    let spec = world.on_rekor_v2(world.message());
    out.push(("tsa-unlisted-leaf".into(), world.clone(), spec));
    let mut spec = world.message();
    world.tsas[0].unlisted = 0;
    spec.timestamps = vec![world.timestamp()];
    out.push(("rekor1-and-tsa".into(), world, spec));
    out
}

fn checkpoints() -> Vec<Case> {
    let mut out = Vec::new();
    for (name, alg) in [("p256", KeyAlg::P256), ("p384", KeyAlg::P384)] {
        let mut world = World::new("checkpoints");
        let log = world.add_log(Generation::V2, alg);
        let mut spec = world.on_rekor_v2(world.provenance());
        spec.entries = vec![EntrySpec::v2(log, Kind::HashedRekordV2)];
        out.push((format!("rekor2-{name}-log"), world, spec));
    }
    let world = World::new("checkpoints");
    let mut spec = world.on_rekor_v2(world.message());
    let witnesses = world.witnesses.clone();
    let time = u64::try_from(world.time).expect("after 1970");
    spec.entry().alter_checkpoint.set(move |c| {
        let lines: Vec<SignatureLine> = witnesses.iter().map(|w| w.cosign(time)).collect();
        c.signatures.splice(0..0, lines);
    });
    out.push(("rekor2-cosigned-log-line-last".into(), world.clone(), spec));

    // An old bundle had one more line in its checkpoint.
    let mut spec = world.message();
    spec.entry().alter_checkpoint.set(|c| c.extra_lines.push("Timestamp: 1689177396617352539".into()));
    out.push(("rekor1-checkpoint-timestamp-line".into(), world.clone(), spec));

    let mut spec = world.provenance();
    let mut second = spec.entry().clone();
    second.tree_index += 1;
    second.log = REKOR_V1;
    spec.entries.push(second);
    out.push(("two-entries".into(), world, spec));
    out
}

/// The provenance of every producer, and a pull request's.
fn builds() -> Vec<Case> {
    let world = World::new("builds");
    let case = |(name, build): (&str, Build)| (format!("provenance-{name}"), world.clone(), build.spec(&world));
    let mut out: Vec<Case> = provenance::all().into_iter().map(case).collect();
    out.push((
        "provenance-managed-key".into(),
        world.clone(),
        provenance::generator("generic@v1", "generator_generic_slsa3.yml").managed(&world),
    ));
    let mut request = provenance::generator("generic@v1", "generator_generic_slsa3.yml");
    let merge = "refs/pull/7/merge";
    for (number, value) in [
        (claim::WORKFLOW_TRIGGER, "pull_request"),
        (claim::BUILD_TRIGGER, "pull_request"),
        (claim::WORKFLOW_REF, merge),
        (claim::SOURCE_REPOSITORY_REF, merge),
    ] {
        request.claims.insert(number, value.into());
    }
    let source =
        json!({"uri": format!("git+https://github.com/acme/widget@{merge}"), "digest": {"sha1": WORKFLOW_COMMIT}});
    let invocation = &mut request.predicate["invocation"];
    invocation["configSource"]["uri"] = source["uri"].clone();
    invocation["environment"]["github_event_name"] = json!("pull_request");
    invocation["environment"]["github_ref"] = json!(merge);
    request.predicate["materials"][0] = source;
    out.push(("provenance-pull-request".into(), world.clone(), request.spec(&world)));
    out
}

/// One statement for each form in which a report tells about predicates.
fn predicates() -> Vec<Case> {
    let world = World::new("predicates");
    let digest = json!({"sha256": "AB"});
    let all: &[(&str, &str, Value)] = &[
        (
            "verification-summary",
            "https://slsa.dev/verification_summary/v1",
            json!({
                "verifier": {"id": "https://example.com/verifier", "version": {"__proto__": "v2.3.0"}},
                "timeVerified": "2025-01-01T00:00:00Z",
                "resourceUri": "https://example.com/widget-1.2.3.tgz",
                "policy": {"uri": "https://example.com/policy", "digest": digest},
                "inputAttestations": [{"uri": "https://example.com/a.intoto.jsonl", "digest": {"sha256": "cd", "__proto__": "0"}}],
                "verificationResult": "PASSED",
                "verifiedLevels": ["SLSA_BUILD_LEVEL_3", "ORG_REVIEWED"],
                "dependencyLevels": {"SLSA_BUILD_LEVEL_2": 7, "__proto__": "9007199254740993"},
                "slsaVersion": "1.1",
            }),
        ),
        (
            "verification-result",
            "https://in-toto.io/attestation/svr/v0.2",
            json!({
                "verifier": {"id": "https://example.com/verifier", "policies": [{"uri": "p", "digest": digest}]},
                "timeCreated": "2025-01-01T00:00:00Z",
                "properties": ["ORG_REVIEWED"],
            }),
        ),
        (
            "npm-publish",
            "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
            json!({"name": "widget", "version": "1.2.3", "registry": "https://registry.npmjs.org"}),
        ),
        ("pypi-publish", "https://docs.pypi.org/attestations/publish/v1", Value::Null),
        (
            "conda-publish",
            "https://schemas.conda.org/attestations-publish-1.schema.json",
            json!({"targetChannel": "https://prefix.dev/widgets"}),
        ),
        (
            "release",
            "https://in-toto.io/attestation/release/v0.2",
            json!({"purl": "pkg:github/acme/widget@v1.2.3", "repository": "acme/widget", "repositoryId": "1", "ownerId": 2,
                   "tag": "v1.2.3", "databaseId": "3", "packageId": "1"}),
        ),
        (
            "vulnerability-scan",
            "https://in-toto.io/attestation/vulns/v0.2",
            json!({
                "scanner": {
                    "uri": "pkg:github/acme/scanner", "version": "1", "db": {"lastUpdate": "2025-01-01T00:00:00Z"},
                    "result": [{"id": "CVE-1", "severity": [{"method": "nvd", "score": "high"}]}, {"id": "CVE-2"}],
                },
                "metadata": {"scanStartedOn": "2025-01-01T00:00:00Z", "scanFinishedOn": "2025-01-01T00:01:00Z"},
            }),
        ),
        (
            "test-result",
            "https://in-toto.io/attestation/test-result/v0.1",
            json!({"result": "WARNED", "configuration": [{"name": "ci.yml"}], "passedTests": ["a", "b"], "warnedTests": ["c"]}),
        ),
        (
            "sbom-spdx",
            "https://spdx.dev/Document/v2.3",
            json!({
                "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "widget",
                "documentNamespace": "https://example.com/spdx", "creationInfo": {"created": "2025-01-01T00:00:00Z"},
                "packages": [{"SPDXID": "SPDXRef-1"}], "relationships": [{}, {}],
            }),
        ),
        ("sbom-spdx-tag-value", "https://spdx.dev/Document", json!("SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n")),
        (
            "sbom-cyclonedx",
            "https://cyclonedx.org/bom",
            json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1",
                   "components": [{"type": "file", "name": "a"}]}),
        ),
        (
            "vex",
            "https://openvex.dev/ns/v0.2.0",
            json!({"@id": "https://example.com/vex", "author": "Ada", "timestamp": "2025-01-01T00:00:00Z", "version": 1,
                   "statements": [{"status": "fixed"}, {"status": "under_investigation"}]}),
        ),
        (
            "cosign-custom",
            "https://cosign.sigstore.dev/attestation/v1",
            json!({"Data": "{\"a\":1}", "Timestamp": "2025-01-01T00:00:00Z"}),
        ),
        ("cosign-signature", "https://sigstore.dev/cosign/sign/v1", json!({})),
        ("opaque", "https://example.com/predicate/v1", json!({"__proto__": {"polluted": true}})),
        ("malformed", "https://slsa.dev/verification_summary/v1", json!({"verifier": {"id": 7}})),
    ];
    let case = |(name, predicate_type, predicate): &(&str, &str, Value)| {
        let statement = statement(&[subject(ARTIFACT_NAME, ARTIFACT)], predicate_type, predicate);
        (format!("predicate-{name}"), world.clone(), world.statement(&statement))
    };
    all.iter().map(case).collect()
}
