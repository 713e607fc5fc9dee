// Documents in which others keep evidence: what a verifier reads out of them is the same bundle, and it verifies.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
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
