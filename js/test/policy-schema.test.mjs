import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pem, schema, valid, validate } from "./policy-helpers.mjs";

const issuer = "https://token.actions.githubusercontent.com";
const identity = "someone@example.org";
const signers = [{ issuer, identity }];
const predicateType = "https://slsa.dev/provenance/v1";
const time = "2027-01-01T00:00:00Z";

const policy = (more) => ({ version: 1, signers, ...more });
const requiring = (...require) => policy({ require });
const piece = (more) => requiring({ predicateType, ...more });

/** Asserts that a document is refused, and that a complaint is about the place. */
function refused(document, at) {
  assert.equal(validate(document), false, `accepted: ${JSON.stringify(document)}`);
  const places = validate.errors
    .map(({ instancePath, params }) => [instancePath, `${instancePath}/${params.additionalProperty ?? ""}`])
    .flat();
  assert.ok(places.includes(at), `${at} is not among ${[...new Set(places)].join(", ")} for ${JSON.stringify(document)}`);
}

test("the schema names itself and explains every property", () => {
  assert.equal(schema.$id, "https://admissible.dev/policy.v1.schema.json");
  const silent = [];
  const look = (node, at) => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const target = typeof property.$ref === "string" ? schema.$defs[property.$ref.slice("#/$defs/".length)] : property;
      if (at.startsWith("/$defs/parameter") || /\/(?:allOf|if|then)\b/u.test(at)) continue;
      if ((property.description ?? target?.description) === undefined) silent.push(`${at}/${name}`);
    }
    for (const [key, inner] of Object.entries(node)) look(inner, `${at}/${key}`);
  };
  look(schema, "");
  assert.deepEqual(silent, []);
});

test("every object is closed", () => {
  const look = (node, at) => {
    if (typeof node !== "object" || node === null) return;
    if (node.properties !== undefined && !/\/(?:if|then)$|\/allOf\/\d+\/then$/u.test(at))
      assert.equal(node.additionalProperties, false, at);
    for (const [key, inner] of Object.entries(node)) if (key !== "properties") look(inner, `${at}/${key}`);
    for (const [key, inner] of Object.entries(node.properties ?? {})) look(inner, `${at}/properties/${key}`);
  };
  look(schema, "");
});

test("the documentation's example is valid", () => {
  const documentation = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
  valid(JSON.parse(/```json\n([^]*?)```/u.exec(documentation)[1]));
});

test("every key of the documentation is accepted", () => {
  valid({
    $schema: schema.$id,
    version: 1,
    name: "acme",
    description: "all there is",
    mode: "warn",
    signers: [
      {
        name: "a",
        issuer: [issuer, { glob: "https://*.example" }],
        identity: { regex: ".*" },
        claims: { buildTrigger: ["push", "release"] },
      },
      { issuer, claims: { sourceRepositoryIdentifier: "1" } },
      { publicKey: pem, validFor: { start: time, end: time } },
    ],
    evidence: {
      logEntries: 0,
      scts: 2,
      signedTimestamps: 1,
      promiseOnly: true,
      witnesses: { keys: ["w.example+0123abcd+AAAA"], threshold: 1 },
    },
    require: [
      {
        predicateType: [predicateType, "https://slsa.dev/provenance/v0.2"],
        name: "provenance",
        signers: { threshold: 1, anyOf: signers },
        maxAge: "90d",
        package: { npm: "@acme/app", version: { glob: "1.*" } },
        builder: "https://builder.example",
        buildType: [{ glob: "**" }],
        trigger: ["push"],
        runner: "github-hosted",
        level: 2,
        source: { repository: "a", ref: "b", tag: "c", commit: "d", repositoryId: "1", ownerId: "2" },
        config: { path: ".github/workflows/release.yml" },
        parameters: { "/inputs/debug": false, "/workflow": { any: true }, "/a~1b": null, "/n": 1, "/g": { glob: "x*" }, "/s": "text" },
        dependencies: {
          digests: "required",
          allow: { glob: "**" },
          deny: ["x"],
          require: [{ uri: "pkg:npm/x", digest: "sha256:00" }, { uri: { glob: "**" } }],
        },
        certified: true,
      },
      {
        anyOf: [
          {
            allOf: [
              {
                predicateType: "https://slsa.dev/verification_summary/v1",
                vsa: { verifier: "v", resourceUri: "r", level: 3 },
                result: "PASSED",
              },
            ],
          },
          { predicateType: "t" },
        ],
      },
      { predicateType: "t", package: { pypi: "app" } },
    ],
    subject: { algorithms: ["sha256", "sha512"], pinned: "require", dangerouslyUnbound: true },
    levels: [
      {
        name: "a",
        level: 3,
        issuer,
        identity: { glob: "**" },
        claims: {},
        builder: { signer: true },
        buildType: "t",
        reusable: true,
        higher: "why",
      },
      { name: "b", level: 0, publicKey: pem, builder: ["x", { glob: "y*" }] },
    ],
    verifiers: [{ id: "v", signers, resourceUri: { glob: "**" }, level: 3 }],
    exceptions: [
      { digest: `sha256:${"0".repeat(64)}`, reason: "r", expires: time },
      { reference: { glob: "ghcr.io/acme/*" }, reason: "r", expires: "2027-01-01T00:00:00.5+01:00" },
    ],
    legacyBefore: { time, reason: "r" },
  });
  valid({ version: 1, signers: { dangerouslyAnySigner: true } });
  valid({ version: 1, signers: { threshold: 2, anyOf: [...signers, { publicKey: pem }] } });
});

test("documents that are refused, and where", () => {
  const bad = [
    [null, ""],
    [[], ""],
    ["policy", ""],
    [{}, ""],
    [{ version: 1 }, ""],
    [{ signers }, ""],
    [policy({ version: 2 }), "/version"],
    [policy({ version: "1" }), "/version"],
    [policy({ versoin: 1 }), "/versoin"],
    [policy({ name: null }), "/name"],
    [policy({ name: 7 }), "/name"],
    [policy({ mode: "audit" }), "/mode"],
    [policy({ mode: null }), "/mode"],
    [policy({ signers: null }), "/signers"],
    [policy({ signers: [] }), "/signers"],
    [policy({ signers: {} }), "/signers"],
    [policy({ signers: "everyone" }), "/signers"],
    [policy({ signers: { dangerouslyAnySigner: false } }), "/signers/dangerouslyAnySigner"],
    [policy({ signers: { dangerouslyAnySigner: true, threshold: 1, anyOf: signers } }), "/signers"],
    [policy({ signers: { threshold: 1 } }), "/signers"],
    [policy({ signers: { anyOf: signers } }), "/signers"],
    [policy({ signers: { threshold: 0, anyOf: signers } }), "/signers/threshold"],
    [policy({ signers: { threshold: 1.5, anyOf: signers } }), "/signers/threshold"],
    [policy({ signers: { threshold: 1, anyOf: [] } }), "/signers/anyOf"],
    [policy({ signers: Array.from({ length: 257 }, () => signers[0]) }), "/signers"],
    [policy({ signers: [null] }), "/signers/0"],
    [policy({ signers: [{}] }), "/signers/0"],
    [policy({ signers: [{ issuer }] }), "/signers/0"],
    [policy({ signers: [{ identity }] }), "/signers/0"],
    [policy({ signers: [{ issuer, claims: {} }] }), "/signers/0/claims"],
    [policy({ signers: [{ issuer, identity: null }] }), "/signers/0/identity"],
    [policy({ signers: [{ issuer, identity: "" }] }), "/signers/0/identity"],
    [policy({ signers: [{ issuer, identity: [] }] }), "/signers/0/identity"],
    [policy({ signers: [{ issuer, identity: {} }] }), "/signers/0/identity"],
    [policy({ signers: [{ issuer, identity: { glob: "a", regex: "b" } }] }), "/signers/0/identity"],
    [policy({ signers: [{ issuer, identity: { glob: "" } }] }), "/signers/0/identity/glob"],
    [policy({ signers: [{ issuer, identity: { regex: "a".repeat(1025) } }] }), "/signers/0/identity/regex"],
    [policy({ signers: [{ issuer, identity: { prefix: "a" } }] }), "/signers/0/identity/prefix"],
    [policy({ signers: [{ issuer, identity, claims: { repository: "a" } }] }), "/signers/0/claims"],
    [policy({ signers: [{ issuer, identity, claims: { buildTrigger: true } }] }), "/signers/0/claims/buildTrigger"],
    [policy({ signers: [{ issuer, identiy: "a", identity }] }), "/signers/0/identiy"],
    [policy({ signers: [{ publicKey: "key" }] }), "/signers/0/publicKey"],
    [policy({ signers: [{ publicKey: pem, issuer }] }), "/signers/0/issuer"],
    [policy({ signers: [{ publicKey: pem, validFor: { start: "2027" } }] }), "/signers/0/validFor/start"],
    [policy({ signers: [{ publicKey: pem, validFor: { from: time } }] }), "/signers/0/validFor/from"],
    [policy({ signers: [{ issuer, identity, dangerouslyAnySigner: true }] }), "/signers/0/dangerouslyAnySigner"],
    [policy({ evidence: { logs: 1 } }), "/evidence/logs"],
    [policy({ evidence: { logEntries: -1 } }), "/evidence/logEntries"],
    [policy({ evidence: { logEntries: 33 } }), "/evidence/logEntries"],
    [policy({ evidence: { scts: "1" } }), "/evidence/scts"],
    [policy({ evidence: { signedTimestamps: 1.5 } }), "/evidence/signedTimestamps"],
    [policy({ evidence: { promiseOnly: 1 } }), "/evidence/promiseOnly"],
    [policy({ evidence: { witnesses: { keys: ["x"], threshold: 1 } } }), "/evidence/witnesses/keys/0"],
    [policy({ evidence: { witnesses: { keys: [] } } }), "/evidence/witnesses"],
    [requiring(), "/require"],
    [policy({ require: { predicateType } }), "/require"],
    [requiring({}), "/require/0"],
    [requiring(null), "/require/0"],
    [requiring({ name: "a" }), "/require/0"],
    [requiring({ allOf: [] }), "/require/0/allOf"],
    [requiring({ allOf: [{ predicateType }], anyOf: [{ predicateType }] }), "/require/0"],
    [requiring({ anyOf: [{ predicateType }], name: "a" }), "/require/0/name"],
    [requiring({ anyOf: [{ allOf: [{ predicateTyp: "a" }] }] }), "/require/0/anyOf/0/allOf/0/predicateTyp"],
    [requiring({ predicateType: "" }), "/require/0/predicateType"],
    [requiring({ predicateType: [] }), "/require/0/predicateType"],
    [requiring({ predicateType: { glob: "*" } }), "/require/0/predicateType"],
    [requiring({ predicateType: "https://spdx.dev/Document", level: 2 }), "/require/0/predicateType"],
    [requiring({ predicateType: ["https://spdx.dev/Document"], certified: true }), "/require/0/predicateType"],
    [piece({ level: 0 }), "/require/0/level"],
    [piece({ level: 4 }), "/require/0/level"],
    [piece({ level: "2" }), "/require/0/level"],
    [piece({ levels: 2 }), "/require/0/levels"],
    [piece({ signers: [] }), "/require/0/signers"],
    [piece({ maxAge: "90" }), "/require/0/maxAge"],
    [piece({ maxAge: "0d" }), "/require/0/maxAge"],
    [piece({ maxAge: "1w" }), "/require/0/maxAge"],
    [piece({ maxAge: 90 }), "/require/0/maxAge"],
    [piece({ package: {} }), "/require/0/package"],
    [piece({ package: { npm: "a", pypi: "b" } }), "/require/0/package"],
    [piece({ package: { npm: "a", version: ["1"] } }), "/require/0/package/version"],
    [piece({ package: { maven: "a" } }), "/require/0/package/maven"],
    [piece({ source: {} }), "/require/0/source"],
    [piece({ source: { branch: "main", tag: "v1" } }), "/require/0/source"],
    [piece({ source: { repo: "a" } }), "/require/0/source/repo"],
    [piece({ source: { repository: null } }), "/require/0/source/repository"],
    [piece({ config: {} }), "/require/0/config"],
    [piece({ parameters: { inputs: true } }), "/require/0/parameters"],
    [piece({ parameters: { "/a~2": true } }), "/require/0/parameters"],
    [piece({ parameters: { "/a": [1] } }), "/require/0/parameters/~1a"],
    [piece({ parameters: { "/a": { any: false } } }), "/require/0/parameters/~1a/any"],
    [piece({ parameters: { "/a": { any: true, glob: "*" } } }), "/require/0/parameters/~1a"],
    [piece({ dependencies: {} }), "/require/0/dependencies"],
    [piece({ dependencies: { digests: true } }), "/require/0/dependencies/digests"],
    [piece({ dependencies: { require: [{ digest: "sha256:00" }] } }), "/require/0/dependencies/require/0"],
    [piece({ dependencies: { require: [{ uri: "a", digest: "00" }] } }), "/require/0/dependencies/require/0/digest"],
    [piece({ certified: "yes" }), "/require/0/certified"],
    [piece({ vsa: {} }), "/require/0/vsa"],
    [piece({ vsa: { verifier: "v", level: 0 } }), "/require/0/vsa/level"],
    [policy({ subject: { algorithms: [] } }), "/subject/algorithms"],
    [policy({ subject: { algorithms: ["sha1"] } }), "/subject/algorithms/0"],
    [policy({ subject: { algorithms: ["sha256", "sha256"] } }), "/subject/algorithms"],
    [policy({ subject: { pinned: true } }), "/subject/pinned"],
    [policy({ subject: { dangerouslyUnbound: false } }), "/subject/dangerouslyUnbound"],
    [policy({ subject: { digest: "x" } }), "/subject/digest"],
    [policy({ levels: [{ name: "a", level: 3 }] }), "/levels/0"],
    [policy({ levels: [{ level: 3, issuer }] }), "/levels/0"],
    [policy({ levels: [{ name: "a", level: 4, issuer }] }), "/levels/0/level"],
    [policy({ levels: [{ name: "a", level: 3, issuer, publicKey: pem }] }), "/levels/0"],
    [policy({ levels: [{ name: "a", level: 3, publicKey: pem, identity }] }), "/levels/0"],
    [policy({ levels: [{ name: "a", level: 3, issuer, builder: { signer: false } }] }), "/levels/0/builder/signer"],
    [policy({ levels: [{ name: "a", level: 3, issuer, reusable: "yes" }] }), "/levels/0/reusable"],
    [policy({ verifiers: [{ id: "v", signers }] }), "/verifiers/0"],
    [policy({ verifiers: [{ id: "", signers, resourceUri: "r" }] }), "/verifiers/0/id"],
    [policy({ verifiers: [{ id: "v", signers, resourceUri: "r", level: 0 }] }), "/verifiers/0/level"],
    [policy({ exceptions: [{ reason: "r", expires: time }] }), "/exceptions/0"],
    [policy({ exceptions: [{ digest: "sha256:00", reason: "r", expires: time }] }), "/exceptions/0/digest"],
    [policy({ exceptions: [{ reference: "a", digest: `sha256:${"0".repeat(64)}`, reason: "r", expires: time }] }), "/exceptions/0"],
    [policy({ exceptions: [{ reference: "a", reason: "", expires: time }] }), "/exceptions/0/reason"],
    [policy({ exceptions: [{ reference: "a", reason: "r" }] }), "/exceptions/0"],
    [policy({ exceptions: [{ reference: "a", reason: "r", expires: "2027-01-01" }] }), "/exceptions/0/expires"],
    [policy({ legacyBefore: { time } }), "/legacyBefore"],
    [policy({ legacyBefore: { time: "then", reason: "r" } }), "/legacyBefore/time"],
    [policy({ legacyBefore: time }), "/legacyBefore"],
  ];
  for (const [document, at] of bad) refused(document, at);
});

test("schema and reader agree on every document of the reader's tests", () => {
  const documents = JSON.parse(readFileSync(new URL("../../tests/policy/documents.json", import.meta.url), "utf8"));
  assert.ok(documents.length > 300);
  const differing = documents.filter(({ policy, valid: isValid }) => validate(policy) !== isValid);
  assert.deepEqual(
    differing.map(({ name }) => name),
    documents.filter((document) => "schemaCannotSay" in document).map(({ name }) => name),
  );
  // What the schema cannot say it accepts: an editor's silence is no promise, its complaint is right.
  assert.ok(differing.every(({ valid: isValid }) => !isValid));
});
