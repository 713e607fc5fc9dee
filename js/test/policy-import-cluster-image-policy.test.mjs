import assert from "node:assert/strict";
import { test } from "node:test";
import { fromClusterImagePolicy, importPolicy } from "../dist/policy/index.js";
import { parseAllDocuments } from "yaml";
import {
  corpus,
  everyLeafCounts,
  imported,
  matches,
  narrowed,
  neverThrows,
  otherPem,
  pem,
  refused,
  skip,
  valid,
} from "./policy-helpers.mjs";

const signature = "https://sigstore.dev/cosign/sign/v1";
const issuer = "https://token.actions.githubusercontent.com";
const subject = "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1";
const identities = [{ issuer, subject }];

const document = (authorities, more = {}) => ({
  apiVersion: "policy.sigstore.dev/v1beta1",
  kind: "ClusterImagePolicy",
  metadata: { name: "acme" },
  spec: { images: [{ glob: "ghcr.io/acme/**" }], authorities, ...more },
});
const read = (...argv) => fromClusterImagePolicy(document(...argv));
const notes = ({ unsupported }) =>
  unsupported.filter(({ at }) => at !== "" && at !== "/spec/images").map(({ at }) => at.replace("/spec/authorities", ""));

test("a keyless authority: a signature by any of its identities", () => {
  const result = read([
    { name: "release", keyless: { url: "https://fulcio.sigstore.dev", identities }, ctlog: { url: "https://rekor.sigstore.dev" } },
  ]);
  assert.deepEqual(imported(result), {
    version: 1,
    name: "acme",
    signers: [{ name: "release", issuer, identity: subject }],
    require: [{ predicateType: signature }],
  });
  assert.deepEqual(
    result.unsupported.map(({ at, narrows }) => [at, narrows]),
    [
      ["/spec/images", false],
      ["", false],
    ],
  );
});

test("an identity names an issuer and a subject, each exactly or as a regular expression", () => {
  const signers = (identity) => imported(read([{ keyless: { identities: [identity] } }])).signers;
  assert.deepEqual(signers({ issuerRegExp: "^https://a\\.example$", subjectRegExp: ".*@b\\.example" }), [
    { issuer: { regex: "^https://a\\.example$" }, identity: { regex: ".*@b\\.example" } },
  ]);
  assert.deepEqual(signers({ issuer, issuerRegExp: "", subject }), [{ issuer, identity: subject }]);
  assert.deepEqual(notes(read([{ keyless: { identities: [{ issuer, subjectRegExp: "acme" }] } }])), [
    "/0/keyless/identities/0/subjectRegExp",
  ]);
  assert.ok(!matches(signers({ issuer, subjectRegExp: "acme" })[0].identity, "https://github.com/acme/app"));
  for (const identity of [
    {},
    { issuer },
    { subject },
    { issuer: "", subject },
    { issuer, subjectRegExp: "****" },
    { issuerRegExp: "(", subject },
  ]) {
    assert.ok(refused(read([{ keyless: { identities: [identity] } }])).includes("/spec/authorities/0/keyless/identities/0"));
  }
  refused(read([{ keyless: { identities: [{ issuer, issuerRegExp: ".*", subject }] } }]));
  for (const keyless of [{}, { identities: [] }, { url: "https://fulcio.sigstore.dev" }]) refused(read([{ keyless }]));
});

test("any identity, and any authority, will do", () => {
  const policy = imported(read([{ keyless: { identities: [...identities, { issuer, subject: "b" }] } }, { key: { data: pem } }]));
  assert.deepEqual(policy.signers, [{ issuer, identity: subject }, { issuer, identity: "b" }, { publicKey: pem }]);
  assert.deepEqual(policy.require, [{ predicateType: signature }]);
});

test("what cannot be said is left out of the alternatives; when nothing is left there is no policy", () => {
  const left = read([
    { keyless: { identities: [{ issuer }, ...identities] } },
    { key: { kms: "awskms:///x" } },
    { static: { action: "pass" } },
  ]);
  assert.deepEqual(imported(left).signers, [{ issuer, identity: subject }]);
  assert.deepEqual(notes(left), ["/0/keyless/identities/0", "/1/key/kms", "/2/static"]);
  for (const authority of [
    { key: { kms: "x" } },
    { key: { secretRef: { name: "x" } } },
    { static: { action: "pass" } },
    { static: { action: "fail", message: "no" } },
  ]) {
    refused(read([authority]));
  }
});

test("a key is one PEM", () => {
  assert.deepEqual(imported(read([{ key: { data: pem, hashAlgorithm: "sha256" } }])).signers, [{ publicKey: pem }]);
  assert.deepEqual(notes(read([{ key: { data: pem, hashAlgorithm: "sha512" } }])), ["/0/key/hashAlgorithm"]);
  for (const key of [
    {},
    { data: "---somedata---" },
    { data: pem + otherPem },
    { data: pem, kms: "x" },
    { data: pem, hashAlgorithm: "md5" },
    { data: 7 },
  ]) {
    refused(read([{ key }, { keyless: { identities } }]));
  }
});

test("attestations inside one authority must all be there, by its signers", () => {
  const policy = imported(
    read([
      {
        keyless: { identities },
        attestations: [
          { name: "sbom", predicateType: "spdxjson" },
          { name: "scan", predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1" },
        ],
      },
    ]),
  );
  assert.deepEqual(policy.require, [
    { name: "sbom", predicateType: "https://spdx.dev/Document" },
    { name: "scan", predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1" },
  ]);
  refused(read([{ keyless: { identities }, attestations: [{ name: "sbom", predicateType: "sbom" }] }]));
  refused(read([{ keyless: { identities }, attestations: [{ name: "sbom" }] }]));
});

test("authorities with and without attestations keep their own signers", () => {
  const attestations = [
    { name: "a", predicateType: "vuln" },
    { name: "b", predicateType: "spdx" },
  ];
  const policy = imported(read([{ key: { data: pem } }, { keyless: { identities }, attestations }]));
  const [key, certified] = policy.signers;
  assert.deepEqual(policy.require, [
    {
      anyOf: [
        { predicateType: signature, signers: [key] },
        {
          allOf: [
            { name: "a", predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1", signers: [certified] },
            { name: "b", predicateType: "https://spdx.dev/Document", signers: [certified] },
          ],
        },
      ],
    },
  ]);
});

test("rules in CUE and Rego narrow, and the caller must accept their loss", () => {
  const policy = { type: "cue", data: "predicateType: string" };
  const authorities = [{ keyless: { identities }, attestations: [{ name: "sbom", predicateType: "spdx", policy }] }];
  assert.deepEqual(narrowed(read(authorities)), ["/spec/authorities/0/attestations/0/policy"]);
  assert.deepEqual(narrowed(read([{ keyless: { identities } }], { policy })), ["/spec/policy"]);
  const wide = fromClusterImagePolicy(document(authorities), { dangerouslyWiden: true });
  assert.deepEqual(valid(wide.policy).require, [{ name: "sbom", predicateType: "https://spdx.dev/Document" }]);
  assert.ok(wide.unsupported.some(({ narrows }) => narrows));
});

test("other authorities and logs narrow", () => {
  const at = (authority) => narrowed(read([authority])).map((place) => place.replace("/spec/authorities/0/", ""));
  assert.deepEqual(at({ keyless: { url: "https://fulcio.example", identities } }), ["keyless/url"]);
  assert.deepEqual(at({ keyless: { "ca-cert": { data: "x" }, identities } }), ["keyless/ca-cert"]);
  assert.deepEqual(at({ keyless: { trustRootRef: "x", identities } }), ["keyless/trustRootRef"]);
  assert.deepEqual(at({ keyless: { identities }, ctlog: { url: "https://rekor.example" } }), ["ctlog/url"]);
  assert.deepEqual(at({ keyless: { identities }, ctlog: { trustRootRef: "x" } }), ["ctlog/trustRootRef"]);
  assert.deepEqual(at({ keyless: { identities }, rfc3161timestamp: { trustRootRef: "x" } }), ["rfc3161timestamp"]);
  refused(read([{ keyless: { url: "https://fulcio.sigstore.dev", "ca-cert": { data: "x" }, identities } }]));
});

test("a waiver counts when all authorities have it", () => {
  const evidence = (...authorities) => imported(read(authorities)).evidence;
  const [log, sct] = [{ ctlog: {} }, { insecureIgnoreSCT: true }];
  assert.equal(evidence({ keyless: { identities } }), undefined);
  assert.deepEqual(evidence({ keyless: { identities }, ...log }), { logEntries: 0 });
  assert.deepEqual(evidence({ keyless: { identities, ...sct } }, { key: { data: pem } }), { scts: 0 });
  assert.equal(evidence({ keyless: { identities }, ...log }, { key: { data: pem } }), undefined);
  assert.equal(evidence({ keyless: { identities, ...sct } }, { keyless: { identities } }), undefined);
  assert.equal(evidence({ keyless: { identities, insecureIgnoreSCT: false } }), undefined);
  assert.deepEqual(notes(read([{ keyless: { identities }, ...log }, { key: { data: pem } }])), ["/0/ctlog"]);
});

test("mode", () => {
  assert.equal(imported(read([{ key: { data: pem } }], { mode: "warn" })).mode, "warn");
  assert.equal(imported(read([{ key: { data: pem } }], { mode: "enforce" })).mode, undefined);
  assert.ok(refused(read([{ key: { data: pem } }], { mode: "garbage" })).includes("/spec/mode"));
});

test("images and resources are listed, and must be such", () => {
  assert.deepEqual(notes(read([{ key: { data: pem } }], { match: [{ resource: "pods", version: "v1" }] })), ["/spec/match"]);
  assert.ok(refused(read([{ key: { data: pem } }], { match: [{ resource: "apple" }] })).includes("/spec/match/0/resource"));
  assert.ok(refused(read([{ key: { data: pem } }], { images: [{ glob: "[" }] })).includes("/spec/images/0/glob"));
  assert.ok(refused(read([{ key: { data: pem } }], { images: [] })).includes("/spec/images"));
});

test("a document of another kind, and an authority of none or several", () => {
  for (const other of [
    {},
    [],
    null,
    "x",
    { kind: "ClusterImagePolicy" },
    { ...document([{ key: { data: pem } }]), kind: "TrustRoot" },
    { ...document([{ key: { data: pem } }]), apiVersion: "v1" },
  ]) {
    refused(fromClusterImagePolicy(other));
  }
  for (const authority of [{}, { key: { data: pem }, keyless: { identities } }, { key: null }, null, "x"]) refused(read([authority]));
  refused(read([]));
  const circle = document([{ key: { data: pem } }]);
  circle.spec.self = circle;
  refused(fromClusterImagePolicy(circle));
  const wide = document([{ key: { data: pem } }]);
  for (let index = 0; index < 20; index += 1) wide.spec.many = [wide.spec.many, wide.spec.many];
  refused(fromClusterImagePolicy(wide));
});

const everything = document(
  [
    {
      name: "a",
      keyless: { url: "https://fulcio.sigstore.dev", identities: [{ issuerRegExp: "^a$", subject: "b" }], insecureIgnoreSCT: true },
      ctlog: { url: "https://rekor.sigstore.dev" },
      source: [{ oci: "x", signaturePullSecrets: [{ name: "y" }] }],
      signatureFormat: "bundle",
      attestations: [
        { name: "sbom", predicateType: "spdx" },
        { name: "scan", predicateType: "vuln" },
      ],
    },
    { name: "b", key: { data: pem, hashAlgorithm: "sha256" }, ctlog: {} },
    { static: { action: "fail", message: "no" } },
  ],
  { mode: "warn", match: [{ resource: "pods", selector: { matchLabels: { a: "b" } } }] },
);

test("every leaf counts, and nothing makes it throw", () => {
  imported(fromClusterImagePolicy(everything));
  everyLeafCounts(fromClusterImagePolicy, everything);
  neverThrows(fromClusterImagePolicy, everything);
});

test("a text with several documents", () => {
  const parse = (text) => parseAllDocuments(text).map((part) => part.toJS());
  const text = [document([{ key: { data: pem } }]), null, { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }]
    .map((part) => JSON.stringify(part))
    .join("\n---\n");
  const [policy, secret, ...rest] = importPolicy(text, parse);
  assert.deepEqual([policy.kind, policy.index, policy.name], ["cluster-image-policy", 0, "acme"]);
  imported(policy);
  assert.deepEqual([secret.kind, secret.index, secret.name], [undefined, 2, "s"]);
  assert.deepEqual(narrowed(secret), [""]);
  assert.deepEqual(rest, []);
  const list = { apiVersion: "v1", kind: "List", items: [document([{ key: { data: pem } }]), document([])] };
  assert.deepEqual(
    importPolicy(JSON.stringify(list), JSON.parse).map(({ kind, policy: made }) => [kind, made !== undefined]),
    [
      ["cluster-image-policy", true],
      ["cluster-image-policy", false],
    ],
  );
  const own = { version: 1, signers: [{ publicKey: pem }] };
  assert.deepEqual(importPolicy(JSON.stringify(own), JSON.parse)[0].policy, own);
  assert.throws(() => importPolicy("{", JSON.parse), { name: "UsageError", code: "invalid-argument" });
  assert.throws(() => importPolicy("{}"), { code: "invalid-argument" });
  assert.throws(() => importPolicy("{}", JSON.parse, { dangerouslyWiden: false }), { code: "dangerously-not-true" });
});

test("published policies: what policy-controller refuses gives none, what it takes is accounted for", { skip }, () => {
  const published = corpus("policy-controller");
  assert.ok(published.length > 50, "the corpus is there");
  for (const { file, document: source } of published) {
    const { policy, unsupported } = fromClusterImagePolicy(source, { dangerouslyWiden: true });
    if (/^invalid__/u.test(file)) assert.equal(policy, undefined, file);
    if (policy === undefined) assert.notEqual(unsupported.length, 0, file);
    else valid(policy);
    everyLeafCounts(fromClusterImagePolicy, source);
    neverThrows(fromClusterImagePolicy, source);
  }
  const made = (name) => fromClusterImagePolicy(published.find(({ file }) => file === name).document);
  imported(made("signed-by-github-actions.yaml"));
  imported(made("policies__release-signed-by-github-actions.yaml"));
  assert.deepEqual(narrowed(made("keyless-attestation-sbom-spdxjson.yaml")), ["/spec/authorities/0/attestations/0/policy"]);
});
