// Documents in which others keep evidence: what a verifier reads out of them is the same bundle, and it verifies.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { cloudBuild } from "../dist/policy/index.js";
import { bundleText, options } from "./demo.mjs";
import { snappy } from "./snappy.mjs";

const verifier = createVerifierSync();
const bundle = JSON.parse(bundleText);
const { verificationMaterial, dsseEnvelope } = bundle;
const predicateType = "https://slsa.dev/provenance/v1";

const attestation = {
  version: 1,
  envelope: { statement: dsseEnvelope.payload, signature: dsseEnvelope.signatures[0].sig },
  verification_material: { certificate: verificationMaterial.certificate.rawBytes, transparency_entries: verificationMaterial.tlogEntries },
};
const publisher = { kind: "GitHub", repository: "sigstore/sigstore-js", workflow: "release.yml", environment: "npm" };

const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
const jsr = {
  mediaType: "application/vnd.in-toto+json",
  content: { $case: "dsseEnvelope", dsseEnvelope },
  verificationMaterial: {
    content: { $case: "x509CertificateChain", x509CertificateChain: { certificates: [{ rawBytes: pem(verificationMaterial.certificate.rawBytes) }] } },
    tlogEntries: verificationMaterial.tlogEntries,
  },
};

test("a bundle is found in every document, and verifies", async () => {
  for (const [document, kind, at] of [
    [bundleText, "bundle", ""],
    [bundle, "bundle", ""],
    [new TextEncoder().encode(bundleText), "bundle", ""],
    [snappy(JSON.stringify(bundle)), "bundle", ""],
    [`${JSON.stringify(bundle)}\n\n`, "bundle", ""],
    [`\n${JSON.stringify(bundle)}\n${JSON.stringify(bundle)}\n`, "bundles", "/1"],
    [[bundle], "bundles", "/0"],
    [{ attestations: [{ predicateType, bundle }] }, "npm-attestations", "/attestations/0/bundle"],
    [{ attestations: [{ repository_id: 1, bundle }] }, "github-attestations", "/attestations/0/bundle"],
    [attestation, "pypi-attestation", ""],
    [jsr, "jsr-bundle", ""],
    [{ bundle: jsr }, "jsr-bundle", "/bundle"],
    [{ version: 1, attestation_bundles: [{ publisher, attestations: [attestation] }] }, "pypi-provenance", "/attestation_bundles/0/attestations/0"],
  ]) {
    const source = verifier.readSource(document);
    assert.equal(source.kind, kind);
    assert.equal(source.pieces[0].at, at);
    const { report } = await verifier.verify(source.pieces[0].bundle, options);
    assert.equal(report.verdict, "passed");
  }
});

test("a bundle that stands for itself is handed on as it is written", () => {
  assert.equal(verifier.readSource(bundleText).pieces[0].bundle, bundleText);
  assert.equal(verifier.readSource(`${JSON.stringify(bundle)}\n{"mediaType":"application/vnd.dev.sigstore.bundle","a": 1}`).pieces[1].bundle, '{"mediaType":"application/vnd.dev.sigstore.bundle","a": 1}');
});

test("what stands beside a bundle comes along", () => {
  const npm = verifier.readSource({ attestations: [{ predicateType, bundle }] });
  assert.deepEqual([npm.title, npm.pieces[0].predicateType], ["npm's attestations of a version", predicateType]);
  const url = "https://blobs.example/1.json.sn";
  const github = verifier.readSource({ attestations: [{ bundle: null, bundle_url: url, predicate_type: predicateType }] });
  assert.deepEqual(github.pieces, [{ at: "/attestations/0/bundle_url", url, predicateType }]);
  const pypi = verifier.readSource({ version: 1, attestation_bundles: [{ publisher, attestations: [attestation] }] });
  assert.deepEqual(pypi.pieces[0].publisher, publisher);
  assert.deepEqual(verifier.readSource({ attestations: [] }), { kind: "no-attestations", title: "an answer that lists no attestations", pieces: [] });
});

test("an envelope with its certificate is a bundle to which nothing attests the time", () => {
  const signed = { ...dsseEnvelope, signatures: [{ sig: dsseEnvelope.signatures[0].sig, cert: pem(verificationMaterial.certificate.rawBytes) }] };
  const lines = `${JSON.stringify(signed)}\n${JSON.stringify(signed)}\n`;
  for (const [document, kind, at] of [[signed, "envelope", "/signatures/0"], [lines, "envelopes", "/1/signatures/0"]]) {
    const source = verifier.readSource(document);
    const piece = source.pieces.at(-1);
    assert.deepEqual([source.kind, piece.at], [kind, at]);
    const { checks, verdict } = verifier.inspectSync(piece.bundle, options);
    assert.equal(verdict, "failed");
    assert.equal(checks.signature.status, "passed");
    assert.deepEqual(checks.signingTime.failures.map(({ code }) => code), ["signing-time-missing"]);
  }
});

test("an answer of Rekor without what was signed says what goes with it", () => {
  const [{ logIndex, integratedTime, logId, canonicalizedBody }] = verificationMaterial.tlogEntries;
  const logID = Buffer.from(logId.keyId, "base64").toString("hex");
  const answer = { "24": { body: canonicalizedBody, integratedTime: Number(integratedTime), logID, logIndex: Number(logIndex) } };
  assert.throws(() => verifier.readSource(answer), ({ code, at, message }) => {
    assert.deepEqual([code, at], ["unknown-source", "/24"]);
    assert.match(message, /found a log entry without the envelope that goes with it$/u);
    return true;
  });
  answer["24"].attestation = { data: dsseEnvelope.payload };
  const { kind, pieces } = verifier.readSource(answer);
  const { checks } = verifier.inspectSync(pieces[0].bundle, options);
  assert.deepEqual([kind, checks.signature.status, checks.logBinding.status], ["rekor-entries", "passed", "passed"]);
});

test("Cloud Build's provenance verifies by the key that signed, and not by Google's where another did", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const sha256 = "11".repeat(32);
  const repository = "https://github.com/acme/app";
  const id = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
  const buildConfigSource = { repository: `git+${repository}`, ref: "refs/heads/main", path: "cloudbuild.yaml" };
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    predicateType,
    subject: [{ name: "app", digest: { sha256 } }],
    predicate: {
      buildDefinition: { buildType: "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1", externalParameters: { buildConfigSource } },
      runDetails: { builder: { id } },
    },
  };
  const payload = JSON.stringify(statement);
  const payloadType = "application/vnd.in-toto+json";
  const sig = sign("sha256", Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} ${payload}`), privateKey);
  const envelope = { payload: btoa(payload), payloadType, signatures: [{ keyid: "projects/verified-builder/…", sig: sig.toString("base64url") }] };
  const gcloud = (inTotoSlsaProvenanceV1) => ({ provenance_summary: { provenance: [{ build: { inTotoSlsaProvenanceV1 }, envelope, kind: "BUILD" }] } });
  const { kind, pieces } = verifier.readSource(gcloud(statement));
  assert.equal(kind, "cloud-build-provenance");
  const google = cloudBuild({ repository: "acme/app" });
  const judge = (policy) => verifier.evaluateSync({ bundles: pieces.map(({ bundle: one }) => one), artifact: { sha256 }, policy });
  const signers = [{ publicKey: publicKey.export({ type: "spki", format: "pem" }) }];
  assert.equal(judge({ ...google, signers }).verdict, "verified");
  assert.equal(judge({ ...google, signers, evidence: {} }).verdict, "rejected");
  const { verdict, bundles } = judge(google);
  assert.deepEqual([verdict, bundles[0].report.checks.signature.failures.map(({ code }) => code)], ["rejected", ["signature-invalid"]]);
  assert.throws(() => verifier.readSource(gcloud({ ...statement, subject: [] })), ({ code, at }) => {
    assert.deepEqual([code, at], ["malformed-source", "/provenance_summary/provenance/0/build/inTotoSlsaProvenanceV1"]);
    return true;
  });
});

test("a document of another kind is called by its name, and a damaged one told where", () => {
  for (const [document, code, at, message] of [
    [{ certificateAuthorities: [] }, "unknown-source", "", /found a trusted root$/u],
    [{ message: "Not Found", documentation_url: "" }, "unknown-source", "", /found an error of GitHub$/u],
    [{}, "unknown-source", "", /found something else$/u],
    ["<!doctype html>", "malformed-source", "", /^expected JSON/u],
    [{ version: 1, attestation_bundles: [{ attestations: [] }] }, "malformed-source", "/attestation_bundles/0", /publisher/u],
    [{ ...attestation, version: 2 }, "malformed-source", "/version", /^expected version 1, found `2`$/u],
    [7, "invalid-argument", "", /not a value of type number$/u],
    [Promise.resolve(bundle), "invalid-argument", "", /await it first/u],
  ]) {
    assert.throws(() => verifier.readSource(document), (error) => {
      assert.deepEqual([error.name, error.code, error.at], ["UsageError", code, at]);
      assert.match(error.message, message);
      return true;
    });
  }
});
