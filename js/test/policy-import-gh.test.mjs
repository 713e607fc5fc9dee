import assert from "node:assert/strict";
import { test } from "node:test";
import { fromGhFlags, UsageError } from "../dist/policy/index.js";
import { imported, matches, narrowed, refused, valid } from "./policy-helpers.mjs";

const issuer = "https://token.actions.githubusercontent.com";
const signerOf = (...argv) => imported(fromGhFlags(argv)).signers[0];
const listed = (...argv) => refused(fromGhFlags(argv));

test("--repo: provenance that a workflow of the repository signed", () => {
  const result = fromGhFlags(["gh", "attestation", "verify", "app.tgz", "--repo", "acme/app"]);
  assert.deepEqual(imported(result), {
    version: 1,
    name: "gh attestation verify",
    signers: [
      {
        issuer,
        identity: { glob: "https://github.com/acme/app/**" },
        claims: { sourceRepositoryOwnerURI: "https://github.com/acme", sourceRepositoryURI: "https://github.com/acme/app" },
      },
    ],
    require: [{ predicateType: "https://slsa.dev/provenance/v1" }],
  });
  assert.deepEqual(
    result.unsupported.map(({ what, narrows }) => [what, narrows]),
    [["private repositories", false]],
  );
  assert.ok(!matches(signerOf("-R", "acme/app").identity, "https://github.com/acme/app-evil/.github/workflows/a.yml@refs/heads/main"));
});

test("--owner: any repository of the owner", () => {
  assert.deepEqual(signerOf("attestation", "verify", "-o", "acme", "app.tgz"), {
    issuer,
    identity: { glob: "https://github.com/acme/**" },
    claims: { sourceRepositoryOwnerURI: "https://github.com/acme" },
  });
  assert.ok(!matches(signerOf("--owner", "acme").identity, "https://github.com/acme-evil/app/.github/workflows/a.yml@refs/heads/main"));
});

test("one of --owner and --repo, and names that mean nothing else", () => {
  listed();
  listed("--owner", "acme", "--repo", "acme/app");
  for (const name of ["acme", "acme/*", "acme/app/x", "*/app", "acme/app?", "https://github.com/acme/app"])
    assert.ok(listed("--repo", name).includes("/1"), name);
  for (const name of ["*", "acme/app", "ac.me"]) assert.ok(listed("--owner", name).includes("/1"), name);
});

test("who signed: an identity, a regular expression, a repository or a workflow", () => {
  const repo = ["--repo", "acme/app"];
  const identity = "https://github.com/acme/ci/.github/workflows/build.yml@refs/heads/main";
  assert.equal(signerOf(...repo, "--cert-identity", identity).identity, identity);
  assert.deepEqual(signerOf(...repo, "-i", "^https://github\\.com/acme/.*$").identity, { regex: "^https://github\\.com/acme/.*$" });
  assert.deepEqual(signerOf(...repo, "--signer-repo", "acme/ci").identity, { glob: "https://github.com/acme/ci/**" });
  const workflow = signerOf(...repo, "--signer-workflow", "acme/ci/.github/workflows/build.yml").identity;
  assert.deepEqual(workflow, { glob: "https://github.com/acme/ci/.github/workflows/build.yml@**" });
  assert.ok(matches(workflow, identity) && !matches(workflow, identity.replace("build.yml", "build.yml.evil")));
  assert.deepEqual(signerOf(...repo, "--signer-workflow", "github.com/acme/ci/.github/workflows/build.yml").identity, workflow);
  assert.ok(listed(...repo, "--signer-workflow", "acme/ci/.*").includes("/3"));
  assert.ok(listed(...repo, "--signer-repo", "acme/*").includes("/3"));
  assert.ok(listed(...repo, "-i", "(").includes("/3"));
  assert.ok(listed(...repo, "--cert-identity", identity, "--signer-repo", "acme/ci").includes("/5"));
});

test("claims: commits, references and runners", () => {
  const { claims } = signerOf(
    ...["--repo", "acme/app", "--signer-digest", "a".repeat(40), "--source-digest", "b".repeat(40)],
    ...["--source-ref", "refs/tags/v1", "--deny-self-hosted-runners"],
  );
  assert.deepEqual(claims, {
    sourceRepositoryOwnerURI: "https://github.com/acme",
    sourceRepositoryURI: "https://github.com/acme/app",
    runnerEnvironment: "github-hosted",
    buildSignerDigest: "a".repeat(40),
    sourceRepositoryDigest: "b".repeat(40),
    sourceRepositoryRef: "refs/tags/v1",
  });
  assert.equal(signerOf("--repo", "acme/app", "--deny-self-hosted-runners=false").claims.runnerEnvironment, undefined);
  assert.ok(listed("--repo", "acme/app", "--deny-self-hosted-runners=maybe").includes("/2"));
});

test("issuer, tenant and predicate type", () => {
  assert.equal(signerOf("--repo", "a/b", "--cert-oidc-issuer", `${issuer}/acme`).issuer, `${issuer}/acme`);
  const tenant = signerOf("--repo", "a/b", "--hostname", "acme.ghe.com");
  assert.deepEqual(tenant, {
    issuer: "https://token.actions.acme.ghe.com",
    identity: { glob: "https://acme.ghe.com/a/b/**" },
    claims: { sourceRepositoryOwnerURI: "https://acme.ghe.com/a", sourceRepositoryURI: "https://acme.ghe.com/a/b" },
  });
  assert.equal(signerOf("--repo", "a/b", "--hostname", "github.com").issuer, issuer);
  for (const host of ["evil.example", "acme.ghe.com.evil.example", "*.ghe.com"])
    assert.ok(listed("--repo", "a/b", "--hostname", host).includes("/3"), host);
  const type = "https://spdx.dev/Document/v2.3";
  assert.equal(imported(fromGhFlags(["--repo", "a/b", "--predicate-type", type])).require[0].predicateType, type);
});

test("digest algorithms", () => {
  assert.deepEqual(imported(fromGhFlags(["--repo", "a/b", "-d", "sha512"])).subject, { algorithms: ["sha512"] });
  assert.ok(listed("--repo", "a/b", "--digest-alg", "md5").includes("/3"));
});

test("other roots narrow, and the caller must accept that", () => {
  assert.deepEqual(narrowed(fromGhFlags(["--repo", "a/b", "--custom-trusted-root", "x"])), ["/3"]);
  assert.deepEqual(narrowed(fromGhFlags(["--repo", "a/b", "--no-public-good"])), ["/2"]);
  const wide = fromGhFlags(["--repo", "a/b", "--no-public-good"], { dangerouslyWiden: true });
  assert.deepEqual(valid(wide.policy).evidence, { logEntries: 0, scts: 0, signedTimestamps: 1 });
  assert.deepEqual(narrowed(fromGhFlags(["--repo", "a/b", "--unheard-of"])), ["/2"]);
});

test("where the attestations are, and what is printed, is no part of a policy", () => {
  imported(
    fromGhFlags(["app", "--repo", "a/b", "--bundle", "x", "--bundle-from-oci", "--limit", "3", "--format=json", "-q", ".", "-t", "x"]),
  );
});

test("wrong use", () => {
  refused(fromGhFlags(["gh", "release", "verify", "--repo", "a/b"]));
  assert.throws(() => fromGhFlags("--repo a/b"), UsageError);
  assert.throws(() => fromGhFlags(["--repo", "a/b"], { dangerouslyWiden: 1 }), { code: "dangerously-not-true" });
});
