import assert from "node:assert/strict";
import { test } from "node:test";
import { fromKyverno, importPolicy } from "../dist/policy/index.js";
import { corpus, everyLeafCounts, imported, narrowed, neverThrows, pem, refused, skip, valid } from "./policy-helpers.mjs";

const signature = "https://sigstore.dev/cosign/sign/v1";
const provenance = "https://slsa.dev/provenance/v1";
const issuer = "https://token.actions.githubusercontent.com";
const subject = "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1";

const cosign = (more = {}) => ({ name: "release", cosign: { keyless: { identities: [{ issuer, subject }] }, ...more } });
const signatures = "images.containers.map(image, verifyImageSignatures(image, [attestors.release])).all(e, e > 0)";
const statements = "images.containers.map(i, verifyAttestationSignatures(i, attestations.slsa ,[attestors.release])).all(e, e > 0)";
const validating = (attestors, expressions, more = {}) => ({
  apiVersion: "policies.kyverno.io/v1beta1",
  kind: "ImageValidatingPolicy",
  metadata: { name: "acme" },
  spec: { attestors, validations: expressions.map((expression) => ({ expression, message: "no" })), ...more },
});

test("the plain checks of signatures and attestations", () => {
  const attestations = [{ name: "slsa", intoto: { type: provenance } }];
  const policy = imported(fromKyverno(validating([cosign()], [signatures, statements], { attestations })));
  assert.deepEqual(policy.signers, [{ name: "release", issuer, identity: subject }]);
  assert.deepEqual(policy.require, [{ predicateType: signature }, { predicateType: provenance }]);
  const two = signatures.replace("[attestors.release]", "[attestors.release, attestors.key]");
  const any = imported(fromKyverno(validating([cosign(), { name: "key", cosign: { key: { data: pem } } }], [two])));
  assert.deepEqual(any.signers, [
    { name: "release", issuer, identity: subject },
    { name: "key", publicKey: pem },
  ]);
  assert.deepEqual(any.require, [{ predicateType: signature }]);
});

test("any other expression narrows", () => {
  for (const expression of [
    "true",
    signatures.replace("> 0", ">= 0"),
    `${signatures} || true`,
    `!${signatures}`,
    signatures.replace("all", "exists"),
    signatures.replace("(image, [", "(other, ["),
    signatures.replace("e > 0", "e > 1"),
    signatures.replace("(e, e", "(e, x"),
    "has(extractPayload(image, attestations.slsa).predicate)",
  ]) {
    assert.deepEqual(
      narrowed(fromKyverno(validating([cosign()], [signatures, expression]))),
      ["/spec/validations/1/expression"],
      expression,
    );
  }
  refused(fromKyverno(validating([cosign()], [])));
  refused(fromKyverno(validating([], [signatures])));
  refused(fromKyverno(validating([cosign()], [signatures, statements])));
  refused(fromKyverno(validating([cosign(), cosign()], [signatures])));
});

test("attestors, logs, modes and digests", () => {
  const make = (more, spec) => fromKyverno(validating([cosign(more)], [signatures], spec));
  const at = (more) => narrowed(make(more)).map((place) => place.replace("/spec/attestors/0/cosign/", ""));
  assert.deepEqual(at({ tuf: { mirror: "x" } }), ["tuf"]);
  assert.deepEqual(at({ trustedRoot: { value: "x" } }), ["trustedRoot"]);
  assert.deepEqual(at({ annotations: { a: "b" } }), ["annotations"]);
  assert.deepEqual(at({ ctlog: { url: "https://rekor.example", rekorPubKey: "x" } }), ["ctlog/url", "ctlog/rekorPubKey"]);
  assert.deepEqual(
    imported(make({ ctlog: { url: "https://rekor.sigstore.dev", insecureIgnoreTlog: true, insecureIgnoreSCT: true } })).evidence,
    {
      logEntries: 0,
      scts: 0,
    },
  );
  assert.equal(imported(make({}, { validationActions: ["Audit", "Warn"] })).mode, "warn");
  assert.equal(imported(make({}, { validationActions: ["Deny"] })).mode, undefined);
  assert.deepEqual(imported(make({}, { validationConfigurations: { mutateDigest: false } })).subject, { pinned: "require" });
  refused(make({}, { validationActions: ["Allow"] }));
  refused(make({ key: { data: pem } }));
  refused(make({ keyless: undefined, certificate: { cert: { value: "x" } } }));
  refused(make({ keyless: undefined, key: { kms: "x" } }));
  refused(make({ keyless: undefined, key: { expression: "x", data: pem } }));
});

test("a document is told by its kind", () => {
  assert.equal(importPolicy(JSON.stringify(validating([cosign()], [signatures])), JSON.parse)[0].kind, "kyverno");
  refused(fromKyverno({ ...validating([cosign()], [signatures]), apiVersion: "kyverno.io/v1" }));
});

const everything = validating(
  [
    cosign({ ctlog: { url: "https://rekor.sigstore.dev", insecureIgnoreSCT: true }, source: { repository: "x" } }),
    { name: "key", cosign: { key: { data: pem, hashAlgorithm: "sha256" } } },
  ],
  [signatures, statements, signatures.replace("release", "key")],
  {
    attestations: [{ name: "slsa", intoto: { type: provenance } }],
    validationActions: ["Deny"],
    validationConfigurations: { mutateDigest: false, verifyDigest: true, required: true },
    matchImageReferences: [{ glob: "ghcr.io/*" }],
    evaluation: { mode: "Kubernetes" },
  },
);

test("every leaf counts, and nothing makes it throw", () => {
  imported(fromKyverno(everything));
  everyLeafCounts(fromKyverno, everything);
  neverThrows(fromKyverno, everything);
});

test("published policies are accounted for", { skip }, () => {
  const published = corpus("kyverno");
  assert.ok(published.length > 20, "the corpus is there");
  for (const { document: source } of published) {
    const { policy } = fromKyverno(source, { dangerouslyWiden: true });
    if (policy !== undefined) valid(policy);
    everyLeafCounts(fromKyverno, source);
    neverThrows(fromKyverno, source);
  }
  const { document: source } = published.find(({ file }) => file === "standard__cosign-attestation-extract-cache-hit__policy.yaml");
  assert.deepEqual(narrowed(fromKyverno(source)), ["/spec/validations/1/expression"]);
  assert.deepEqual(valid(fromKyverno(source, { dangerouslyWiden: true }).policy).require, [{ predicateType: provenance }]);
});
