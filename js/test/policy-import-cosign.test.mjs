import assert from "node:assert/strict";
import { test } from "node:test";
import { isCommonRegex } from "../dist/policy/import/pattern.js";
import { fromCosignFlags, UsageError } from "../dist/policy/index.js";
import { imported, matches, narrowed, pem, refused, valid } from "./policy-helpers.mjs";

const issuer = "https://token.actions.githubusercontent.com";
const identity = "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1";
const by = ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer];
const keyless = (...more) => fromCosignFlags(["verify-blob", ...by, ...more]);
const notes = ({ unsupported }) => unsupported.filter(({ at }) => at !== "").map(({ at, what }) => [at, what]);

test("verify: an image signature by an identity, exactly", () => {
  const result = fromCosignFlags([
    "cosign",
    "verify",
    "--certificate-identity",
    identity,
    `--certificate-oidc-issuer=${issuer}`,
    "ghcr.io/acme/app",
  ]);
  assert.deepEqual(imported(result), {
    version: 1,
    name: "cosign verify",
    signers: [{ issuer, identity }],
    require: [{ predicateType: "https://sigstore.dev/cosign/sign/v1" }],
  });
  assert.deepEqual(
    result.unsupported.map(({ at, narrows }) => [at, narrows]),
    [["", false]],
  );
});

test("verify-blob: any bundle by the signer", () => {
  const result = keyless("app.tgz", "--bundle", "app.sigstore.json");
  assert.deepEqual(imported(result), { version: 1, name: "cosign verify-blob", signers: [{ issuer, identity }] });
  assert.deepEqual(notes(result), [["/0", "verify-blob"]]);
});

test("verify-attestation and verify-blob-attestation: a type by its short name or URI", () => {
  const type = (command, ...more) => imported(fromCosignFlags([command, ...by, ...more])).require[0].predicateType;
  for (const command of ["verify-attestation", "verify-blob-attestation"]) {
    assert.equal(type(command), "https://cosign.sigstore.dev/attestation/v1");
    assert.equal(type(command, "--type", "custom"), "https://cosign.sigstore.dev/attestation/v1");
    assert.equal(type(command, "--type", "slsaprovenance"), "https://slsa.dev/provenance/v0.2");
    assert.equal(type(command, "--type=slsaprovenance02"), "https://slsa.dev/provenance/v0.2");
    assert.equal(type(command, "--type", "slsaprovenance1"), "https://slsa.dev/provenance/v1");
    assert.equal(type(command, "--type", "spdx"), "https://spdx.dev/Document");
    assert.equal(type(command, "--type", "spdxjson"), "https://spdx.dev/Document");
    assert.equal(type(command, "--type", "cyclonedx"), "https://cyclonedx.org/bom");
    assert.equal(type(command, "--type", "link"), "https://in-toto.io/Link/v1");
    assert.equal(type(command, "--type", "vuln"), "https://cosign.sigstore.dev/attestation/vuln/v1");
    assert.equal(type(command, "--type", "openvex"), "https://openvex.dev/ns");
    assert.equal(type(command, "--type", "https://example.org/type"), "https://example.org/type");
    for (const wrong of ["sbom", "toString", "__proto__", "*", "a b:c"]) {
      assert.ok(refused(fromCosignFlags([command, ...by, "--type", wrong])).includes("/6"), wrong);
    }
  }
});

test("regular expressions match the whole text, and a note says so unless they did", () => {
  const regexp = (text) => fromCosignFlags(["verify-blob", "--certificate-identity-regexp", text, "--certificate-oidc-issuer", issuer]);
  const loose = regexp("https://github\\.com/acme/");
  assert.deepEqual(imported(loose).signers, [{ issuer, identity: { regex: "https://github\\.com/acme/" } }]);
  assert.ok(!matches(imported(loose).signers[0].identity, "https://github.com/acme/app"));
  assert.deepEqual(notes(loose), [
    ["/2", "unanchored regular expression"],
    ["/0", "verify-blob"],
  ]);
  for (const anchored of ["^https://github\\.com/acme/.*$", ".*acme.*", "^a$"]) {
    assert.deepEqual(notes(regexp(anchored)), [["/0", "verify-blob"]], anchored);
  }
  for (const loose of ["a$", "^a", "^a\\$", "^a$|b", ".*a"]) assert.equal(notes(regexp(loose)).length, 2, loose);
  for (const wrong of ["(", "a)|(b", "****", "a**", "(?=a)", "\\pL", "a{,2}", "(?x)a", "a\\s", "[[a]]", "\\1", ""]) {
    assert.equal(regexp(wrong).policy, undefined, wrong);
  }
});

test("only regular expressions that both engines read alike are taken", () => {
  for (const good of [
    "a",
    "(?:a|b)+",
    "[a-z0-9_.-]{1,39}",
    "a{2}b{2,}c{2,3}?",
    "\\d\\w\\.\\/",
    "(?i)acme",
    "(?P<n>x)",
    "^a$",
    "[[:alpha:]]",
    "[^/]+",
    "[]a]",
    "ä",
  ]) {
    assert.ok(isCommonRegex(good), good);
  }
  for (const bad of [
    "*",
    "a++",
    "(a",
    "a)",
    "[a",
    "[z&&a]",
    "[a[b]]",
    "a{3,2}",
    "a{1001}",
    "a{",
    "}",
    "\\",
    "\\Qa\\E",
    "\\<a",
    "(?i)[^k]",
    "(?i)\\W",
    "(?<a",
    "(?!a)",
    "(?#a)",
  ]) {
    assert.ok(!isCommonRegex(bad), bad);
  }
});

test("an identity needs its issuer, and one way to write each", () => {
  refused(fromCosignFlags(["verify-blob", "--certificate-identity", identity]));
  refused(fromCosignFlags(["verify-blob", "--certificate-oidc-issuer", issuer]));
  refused(fromCosignFlags(["verify-blob"]));
  assert.ok(refused(keyless("--certificate-identity-regexp", ".*")).includes("/6"));
  assert.ok(refused(keyless("--certificate-oidc-issuer-regexp", ".*")).includes("/6"));
});

test("the claims of a GitHub workflow", () => {
  const policy = imported(
    keyless(
      ...["--certificate-github-workflow-trigger", "push", "--certificate-github-workflow-sha", "0".repeat(40)],
      ...["--certificate-github-workflow-repository", "acme/app", "--certificate-github-workflow-ref", "refs/heads/main"],
    ),
  );
  assert.deepEqual(policy.signers[0].claims, {
    buildTrigger: "push",
    sourceRepositoryDigest: "0".repeat(40),
    sourceRepositoryURI: "https://github.com/acme/app",
    sourceRepositoryRef: "refs/heads/main",
  });
  assert.ok(refused(keyless("--certificate-github-workflow-repository", "acme/*")).includes("/6"));
  assert.deepEqual(narrowed(keyless("--certificate-github-workflow-name", "Release")), ["/6"]);
});

test("a key is read by the caller", () => {
  const readKey = (path) => {
    assert.equal(path, "cosign.pub");
    return pem;
  };
  const policy = imported(fromCosignFlags(["verify-blob", "--key", "cosign.pub", "a"], { readKey }));
  assert.deepEqual(policy.signers, [{ publicKey: pem }]);
  assert.ok(refused(fromCosignFlags(["verify-blob", "--key", "cosign.pub"])).includes("/2"));
  assert.ok(refused(fromCosignFlags(["verify-blob", "--key", "x"], { readKey: () => "no key" })).includes("/2"));
  for (const remote of [
    "awskms:///x",
    "gcpkms://x",
    "hashivault://x",
    "k8s://a/b",
    "https://a.example/key",
    "env://KEY",
    "pkcs11:token=x",
  ]) {
    assert.ok(refused(fromCosignFlags(["verify-blob", "--key", remote], { readKey: () => assert.fail(remote) })).includes("/2"));
  }
  assert.deepEqual(narrowed(fromCosignFlags(["verify-blob", "--key", "cosign.pub", ...by], { readKey })), ["/4", "/6"]);
  const failing = () => fromCosignFlags(["verify-blob", "--key", "x"], { readKey: () => assert.fail("no such file") });
  assert.throws(failing, { name: "UsageError", code: "invalid-argument", at: "/2" });
});

test("flags that lower or raise the evidence", () => {
  const evidence = (...flags) => imported(keyless(...flags)).evidence;
  assert.equal(evidence(), undefined);
  assert.deepEqual(evidence("--insecure-ignore-tlog"), { logEntries: 0 });
  assert.deepEqual(evidence("--insecure-ignore-tlog=true", "--insecure-ignore-sct"), { logEntries: 0, scts: 0 });
  assert.deepEqual(evidence("--private-infrastructure"), { logEntries: 0 });
  assert.deepEqual(evidence("--use-signed-timestamps"), { signedTimestamps: 1 });
  assert.equal(evidence("--insecure-ignore-tlog=false", "--insecure-ignore-sct=0"), undefined);
  assert.ok(refused(keyless("--insecure-ignore-tlog=no")).includes("/5"));
});

test("what a policy cannot say narrows, and the caller must accept that", () => {
  for (const flag of [
    "certificate",
    "certificate-chain",
    "ca-roots",
    "ca-intermediates",
    "sct",
    "timestamp-certificate-chain",
    "trusted-root",
    "policy",
  ]) {
    assert.deepEqual(narrowed(keyless(`--${flag}`, "x")), ["/6"], flag);
    assert.deepEqual(narrowed(keyless(`--${flag}=x`)), ["/5"], flag);
  }
  assert.deepEqual(narrowed(keyless("-a", "team=a", "--annotations", "env=b")), ["/6", "/8"]);
  assert.deepEqual(narrowed(keyless("--sk")), ["/5"]);
  assert.deepEqual(narrowed(keyless("--unheard-of", "x")), ["/5"]);
  assert.deepEqual(narrowed(keyless("-z")), ["/5"]);
  const wide = fromCosignFlags(["verify-attestation", ...by, "--policy", "a.cue"], { dangerouslyWiden: true });
  valid(wide.policy);
  assert.ok(wide.unsupported.some(({ at, narrows }) => narrows && at === "/6"));
});

test("what changes nothing, or only less, is noted at most", () => {
  imported(keyless("--offline", "--new-bundle-format=false", "--max-workers", "4", "-o", "json", "--timeout=3m", "--sk=false", "-d"));
  assert.deepEqual(notes(keyless("--rekor-url", "https://rekor.example"))[0], ["/6", "--rekor-url"]);
  assert.deepEqual(notes(keyless("--attachment", "sbom"))[0], ["/6", "--attachment"]);
  assert.deepEqual(notes(keyless("--check-claims=false"))[0], ["/5", "--check-claims=false"]);
  assert.deepEqual(notes(keyless("--signature-digest-algorithm", "sha512"))[0], ["/6", "--signature-digest-algorithm"]);
});

test("flags as Go reads them: the last counts, -- ends them, values are needed", () => {
  const twice = keyless("--certificate-identity", "other@example.org");
  assert.equal(imported(twice).signers[0].identity, "other@example.org");
  assert.deepEqual(notes(twice)[0], ["/2", "--certificate-identity"]);
  imported(keyless("--", "--sk"));
  assert.ok(refused(keyless("--bundle")).includes("/5"));
  refused(keyless("--certificate-identity="));
});

test("a command is named", () => {
  refused(fromCosignFlags(by));
  refused(fromCosignFlags([]));
  refused(fromCosignFlags(["sign", ...by]));
  refused(fromCosignFlags(["cosign"]));
  assert.ok(refused(fromCosignFlags(["verify", ...by, "--type", "spdx"])).includes("/6"));
});

test("wrong use throws", () => {
  for (const argv of [undefined, "verify", [1], {}]) assert.throws(() => fromCosignFlags(argv), UsageError);
  assert.throws(() => fromCosignFlags(["verify", ...by], { widen: true }), { code: "invalid-argument", at: "/widen" });
  assert.throws(() => fromCosignFlags(["verify", ...by], { dangerouslyWiden: false }), { code: "dangerously-not-true" });
  assert.throws(() => fromCosignFlags(["verify", ...by], { readKey: pem }), { code: "invalid-argument", at: "/readKey" });
});
