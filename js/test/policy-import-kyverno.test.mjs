import assert from "node:assert/strict";
import { test } from "node:test";
import { fromKyverno, importPolicy } from "../dist/policy/index.js";
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
const provenance = "https://slsa.dev/provenance/v1";
const issuer = "https://token.actions.githubusercontent.com";
const subject = "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1";
const keyless = { keyless: { issuer, subject } };
const keys = { keys: { publicKeys: pem } };
const certified = { issuer, identity: subject };

const document = (verifyImages, spec = {}, rule = {}) => ({
  apiVersion: "kyverno.io/v1",
  kind: "ClusterPolicy",
  metadata: { name: "acme" },
  spec: { rules: [{ name: "check", match: { any: [] }, verifyImages, ...rule }], ...spec },
});
const check = (entries, more = {}, set = {}) => ({ imageReferences: ["ghcr.io/acme/*"], attestors: [{ entries, ...set }], ...more });
const read = (entries, more, set) => fromKyverno(document([check(entries, more, set)]));
const notes = ({ unsupported }) =>
  unsupported
    .map(({ at }) => at.replace("/spec/rules/0/verifyImages/0", "…"))
    .filter((at) => !["", "/spec/rules/0/match", "…/imageReferences"].includes(at));

test("a keyless attestor: a signature by issuer and subject", () => {
  const result = read([keyless]);
  assert.deepEqual(imported(result), { version: 1, name: "acme", signers: [certified], require: [{ predicateType: signature }] });
  assert.deepEqual(
    result.unsupported.map(({ at, narrows }) => [at, narrows]),
    [
      ["/spec/rules/0/match", false],
      ["/spec/rules/0/verifyImages/0/imageReferences", false],
      ["", false],
    ],
  );
});

test("wildcards go over slashes; a question mark is one character", () => {
  const identity = (text) => imported(read([{ keyless: { issuer, subject: text } }])).signers[0].identity;
  assert.deepEqual(identity("https://github.com/acme/*"), { glob: "https://github.com/acme/**" });
  assert.ok(matches(identity("https://github.com/acme/*"), subject));
  assert.ok(!matches(identity("https://github.com/acme/*"), "https://github.com/acme-evil/app"));
  assert.deepEqual(identity("***@acme.example"), { glob: "**@acme.example" });
  assert.deepEqual(notes(read([{ keyless: { issuer, subject: "a?" } }])), ["…/attestors/0/entries/0/keyless/subject"]);
  assert.deepEqual(imported(read([{ keyless: { issuer: "https://*.example", subject } }])).signers[0].issuer, {
    glob: "https://**.example",
  });
});

test("regular expressions match the whole text", () => {
  const result = read([{ keyless: { issuerRegExp: "^https://a\\.example$", subjectRegExp: "acme" } }]);
  assert.deepEqual(imported(result).signers, [{ issuer: { regex: "^https://a\\.example$" }, identity: { regex: "acme" } }]);
  assert.deepEqual(notes(result), ["…/attestors/0/entries/0/keyless/subjectRegExp"]);
  refused(read([{ keyless: { issuer, issuerRegExp: ".*", subject } }]));
});

test("an attestor that cannot be said whole is left out, never said in part", () => {
  const githubWorkflowRef = "refs/heads/main";
  for (const whole of [
    { subject },
    { issuer },
    { issuer, subject: "{{ request.object.x }}", additionalExtensions: { githubWorkflowRef } },
    { issuer, subjectRegExp: "(", additionalExtensions: { githubWorkflowRef } },
    { issuerRegExp: "(", subject, additionalExtensions: { oidcIssuer: issuer } },
    { issuer, subject, additionalExtensions: { githubWorkflowName: "Release" } },
    ...["1.2.3.4", "5", "constructor", "__proto__x", "1.3.6.1.4.1.57264.1.4"].map((extension) => ({
      issuer,
      subject,
      additionalExtensions: { [extension]: "x" },
    })),
    { issuer, subject, additionalExtensions: JSON.parse('{ "__proto__": "x" }') },
    { issuer, subject, additionalExtensions: { oidcIssuer: "https://other.example" } },
    { issuer, subject: "a".repeat(1024).concat("*") },
  ]) {
    refused(read([{ keyless: whole }]));
    assert.deepEqual(imported(read([{ keyless: whole }, keys], {}, { count: 1 })).signers, [{ publicKey: pem }]);
  }
});

test("extensions by name and by number are claims", () => {
  const claims = (additionalExtensions) => imported(read([{ keyless: { issuer, subject, additionalExtensions } }])).signers[0].claims;
  assert.deepEqual(
    claims({
      githubWorkflowTrigger: "push",
      githubWorkflowSha: "abc",
      githubWorkflowRepository: "acme/*",
      githubWorkflowRef: "refs/tags/*",
    }),
    {
      buildTrigger: "push",
      sourceRepositoryDigest: "abc",
      sourceRepositoryURI: { glob: "https://github.com/acme/**" },
      sourceRepositoryRef: { glob: "refs/tags/**" },
    },
  );
  const oid = "1.3.6.1.4.1.57264.1";
  assert.deepEqual(claims({ [`${oid}.5`]: "acme/app", [`${oid}.11`]: "github-hosted", [`${oid}.15`]: "12", [`${oid}.1`]: issuer }), {
    sourceRepositoryURI: "https://github.com/acme/app",
    runnerEnvironment: "github-hosted",
    sourceRepositoryIdentifier: "12",
  });
  const only = imported(read([{ keyless: { issuer, additionalExtensions: { githubWorkflowRef: "refs/heads/main" } } }]));
  assert.deepEqual(only.signers, [{ issuer, claims: { sourceRepositoryRef: "refs/heads/main" } }]);
});

test("entries are all demanded, unless a count says how many", () => {
  const third = { keys: { publicKeys: otherPem } };
  const [a, b, c] = [certified, { publicKey: pem }, { publicKey: otherPem }];
  const piece = (signer) => ({ predicateType: signature, signers: [signer] });
  const require = (count) => imported(read([keyless, keys, third], {}, count === undefined ? {} : { count })).require;
  const everyone = [piece(a), piece(b), piece(c)];
  assert.deepEqual(require(), everyone);
  assert.deepEqual(require(3), everyone);
  assert.deepEqual(require(1), [{ predicateType: signature }]);
  const pairs = require(2)[0].anyOf.map(({ allOf }) => JSON.stringify(allOf));
  assert.deepEqual(
    pairs.sort(),
    [
      [a, b],
      [a, c],
      [b, c],
    ]
      .map((pair) => JSON.stringify(pair.map(piece)))
      .sort(),
  );
  for (const count of [4, -1, 1.5, "1"]) refused(read([keyless, keys, third], {}, { count }));
  refused(read([]));
  const many = Array.from({ length: 20 }, (_, index) => ({ keyless: { issuer, subject: `a${index}` } }));
  const result = read(many, {}, { count: 10 });
  assert.equal(imported(result).require.length, 20);
  assert.deepEqual(notes(result), ["…/attestors/0"]);
});

test("each of several keys is an entry", () => {
  const both = { keys: { publicKeys: `${pem}\n${otherPem}` } };
  assert.deepEqual(imported(read([both], {}, { count: 1 })).signers, [{ publicKey: pem }, { publicKey: otherPem }]);
  assert.equal(imported(read([both])).require.length, 2);
  assert.deepEqual(notes(read([{ keys: { publicKeys: pem, signatureAlgorithm: "sha512" } }])), [
    "…/attestors/0/entries/0/keys/signatureAlgorithm",
  ]);
  for (const elsewhere of [
    { kms: "awskms:///x" },
    { secret: { name: "a", namespace: "b" } },
    { publicKeys: "k8s://a/b" },
    { publicKeys: "{{ keys.data.key }}" },
    { publicKeys: pem, kms: "x" },
    { publicKeys: "x" },
    {},
  ]) {
    refused(read([{ keys: elsewhere }]));
  }
});

test("sets are all demanded, and attestors may be nested", () => {
  const nested = { attestor: { count: 1, entries: [keyless, keys] } };
  assert.deepEqual(imported(read([nested])).require, [{ predicateType: signature }]);
  const policy = imported(fromKyverno(document([{ imageReferences: ["*"], attestors: [{ entries: [keyless] }, { entries: [keys] }] }])));
  assert.deepEqual(
    policy.require.map(({ signers }) => signers),
    [[certified], [{ publicKey: pem }]],
  );
  refused(read([{ certificates: { cert: "x" } }]));
  refused(read([{ ...keyless, ...keys }]));
  refused(read([{}]));
});

test("attestations must be there beside the signature", () => {
  const more = { attestations: [{ type: provenance, attestors: [{ entries: [keys] }] }, { predicateType: "https://spdx.dev/Document" }] };
  const result = read([keyless], more);
  const [a, b] = [certified, { publicKey: pem }];
  assert.deepEqual(imported(result).require, [
    { predicateType: signature, signers: [a] },
    { predicateType: provenance, signers: [b] },
    { predicateType: "https://spdx.dev/Document", signers: [a] },
  ]);
  assert.deepEqual(notes(result), ["…/attestations/1"]);
  const only = document([{ imageReferences: ["*"], attestations: [{ type: provenance, attestors: [{ entries: [keys] }] }] }]);
  assert.deepEqual(imported(fromKyverno(only)).require, [{ predicateType: provenance }]);
  refused(fromKyverno(document([{ imageReferences: ["*"], attestations: [{ type: provenance }] }])));
  refused(read([keyless], { attestations: [{ attestors: [{ entries: [keys] }] }] }));
  refused(read([keyless], { attestations: [{ type: "sbom" }] }));
  refused(read([keyless], { attestations: [{ type: provenance, predicateType: "https://spdx.dev/Document" }] }));
});

test("conditions, annotations and other rules narrow, and the caller must accept their loss", () => {
  const at = (result) => narrowed(result).map((place) => place.replace("/spec/rules/0/", ""));
  const conditions = [{ all: [{ key: "{{ x }}", operator: "Equals", value: 1 }] }];
  const attestations = [{ type: provenance, attestors: [{ entries: [keyless] }], conditions }];
  assert.deepEqual(at(read([keyless], { attestations })), ["verifyImages/0/attestations/0/conditions"]);
  assert.deepEqual(at(read([{ ...keyless, annotations: { team: "a" } }])), ["verifyImages/0/attestors/0/entries/0/annotations"]);
  assert.deepEqual(at(read([keyless], { annotations: { team: "a" } })), ["verifyImages/0/annotations"]);
  assert.deepEqual(at(read([keyless], { validate: { deny: {} } })), ["verifyImages/0/validate"]);
  assert.deepEqual(at(fromKyverno(document([check([keyless])], {}, { validate: { message: "x" } }))), ["validate"]);
  const wide = fromKyverno(document([check([keyless], { attestations })]), { dangerouslyWiden: true });
  assert.equal(valid(wide.policy).require.length, 2);
});

test("other authorities and logs narrow; waivers count when all have them", () => {
  const at = (entry) => narrowed(read([entry])).map((place) => place.replace("/spec/rules/0/verifyImages/0/attestors/0/entries/0/", ""));
  const of = (more) => ({ keyless: { issuer, subject, ...more } });
  assert.deepEqual(at(of({ roots: "x" })), ["keyless/roots"]);
  assert.deepEqual(at(of({ rekor: { url: "https://rekor.example" } })), ["keyless/rekor/url"]);
  assert.deepEqual(at(of({ rekor: { url: "https://rekor.sigstore.dev", pubkey: "x" } })), ["keyless/rekor/pubkey"]);
  assert.deepEqual(at(of({ ctlog: { pubkey: "x", tsaCertChain: "y" } })), ["keyless/ctlog/pubkey", "keyless/ctlog/tsaCertChain"]);
  const [log, sct] = [{ rekor: { ignoreTlog: true } }, { ctlog: { ignoreSCT: true } }];
  assert.deepEqual(imported(read([of({ ...log, ...sct })])).evidence, { logEntries: 0, scts: 0 });
  assert.deepEqual(imported(read([of(sct), { keys: { publicKeys: pem } }])).evidence, { scts: 0 });
  const some = read([of(log), keys]);
  assert.equal(imported(some).evidence, undefined);
  assert.deepEqual(notes(some), ["…/attestors/0/entries/0/keyless/rekor/ignoreTlog"]);
  assert.equal(imported(read([of({ rekor: { url: "https://rekor.sigstore.dev", ignoreTlog: false }, ctlog: {} })])).evidence, undefined);
});

test("Audit warns only where everything audits by its own word", () => {
  const mode = (actions, spec = {}) =>
    imported(
      fromKyverno(
        document(
          actions.map((action) => check([keyless], action === undefined ? {} : { failureAction: action })),
          spec,
        ),
      ),
    ).mode;
  assert.equal(mode([undefined]), undefined);
  assert.equal(mode(["Enforce"]), undefined);
  assert.equal(mode(["Audit"]), "warn");
  assert.equal(mode(["Audit", "Enforce"]), undefined);
  assert.equal(mode([undefined], { validationFailureAction: "audit" }), "warn");
  assert.equal(mode(["Enforce"], { validationFailureAction: "Audit" }), undefined);
  assert.equal(mode(["Audit"], { validationFailureActionOverrides: [{ action: "Enforce", namespaces: ["a"] }] }), undefined);
  refused(fromKyverno(document([check([keyless])], { validationFailureAction: "garbage" })));
});

test("digests and what need not be verified", () => {
  const subjectOf = (more) => imported(read([keyless], more)).subject;
  assert.equal(subjectOf({}), undefined);
  assert.equal(subjectOf({ mutateDigest: true, verifyDigest: true }), undefined);
  assert.deepEqual(subjectOf({ mutateDigest: false }), { pinned: "require" });
  assert.equal(subjectOf({ mutateDigest: false, verifyDigest: false }), undefined);
  assert.deepEqual(notes(read([keyless], { mutateDigest: true })), ["…/mutateDigest"]);
  assert.deepEqual(notes(read([keyless], { required: false })), ["…/required"]);
});

test("several rules must all be met", () => {
  const two = document([check([keyless])]);
  two.spec.rules.push({ name: "other", verifyImages: [check([keys])] }, { name: "mutation", mutate: {} });
  two.spec.applyRules = "One";
  const result = fromKyverno(two);
  assert.deepEqual(
    imported(result).require.map(({ signers }) => signers),
    [[certified], [{ publicKey: pem }]],
  );
  assert.ok(notes(result).includes("/spec/applyRules") && notes(result).includes("/spec/rules/2/mutate"));
  const notary = document([check([keyless]), { ...check([keyless]), type: "Notary" }]);
  refused(fromKyverno(notary));
  refused(fromKyverno(document([])));
  refused(fromKyverno(document([{ imageReferences: ["*"] }])));
});

test("the fields of the first versions", () => {
  const old = (more) => fromKyverno(document([{ image: "ghcr.io/acme/*", ...more }]));
  assert.deepEqual(imported(old({ key: pem })).signers, [{ publicKey: pem }]);
  assert.deepEqual(imported(old({ issuer, subject })).signers, [certified]);
  refused(old({ issuer, subject, key: pem }));
  refused(old({ key: pem, attestors: [{ entries: [keyless] }] }));
  assert.deepEqual(narrowed(old({ issuer, subject, roots: "x" })), ["/spec/rules/0/verifyImages/0/roots"]);
});

test("a document of another kind", () => {
  for (const other of [
    {},
    null,
    [],
    "x",
    { ...document([check([keyless])]), kind: "ClusterImagePolicy" },
    { ...document([check([keyless])]), apiVersion: "v1" },
  ]) {
    refused(fromKyverno(other));
  }
  assert.equal(importPolicy(JSON.stringify(document([check([keyless])])), JSON.parse)[0].kind, "kyverno");
});

const everything = document(
  [
    {
      type: "SigstoreBundle",
      imageReferences: ["ghcr.io/acme/*"],
      skipImageReferences: ["ghcr.io/acme/test"],
      failureAction: "Audit",
      mutateDigest: false,
      verifyDigest: true,
      required: true,
      useCache: true,
      repository: "ghcr.io/acme/signatures",
      attestors: [
        {
          count: 1,
          entries: [
            {
              keys: {
                publicKeys: pem,
                signatureAlgorithm: "sha256",
                rekor: { url: "https://rekor.sigstore.dev", ignoreTlog: false },
                ctlog: { ignoreSCT: true },
              },
              repository: "x",
            },
            { keyless: { issuer, subjectRegExp: "^a$", additionalExtensions: { githubWorkflowRef: "refs/heads/*" } } },
            { attestor: { entries: [keyless] } },
          ],
        },
      ],
      attestations: [{ name: "slsa", type: provenance, attestors: [{ entries: [keyless] }] }],
    },
  ],
  { validationFailureAction: "Enforce", webhookTimeoutSeconds: 30, failurePolicy: "Fail", background: false, applyRules: "All" },
);
test("every leaf counts, and nothing makes it throw", () => {
  imported(fromKyverno(everything));
  everyLeafCounts(fromKyverno, everything);
  neverThrows(fromKyverno, everything);
});
