import assert from "node:assert/strict";
import { test } from "node:test";
import { cloudBuild, cloudBuildKeys, github, githubRelease, key, keyless, npm, npmKeys, npmRegistry, pypi, UsageError } from "../dist/policy/index.js";
import { matches, pem, valid } from "./policy-helpers.mjs";

const gitHub = "https://token.actions.githubusercontent.com";

function wrong(make, table) {
  for (const [argument, at] of table) {
    assert.throws(
      () => make(argument),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.deepEqual({ code: error.code, at: error.at }, { code: "invalid-argument", at }, JSON.stringify(argument));
        assert.notEqual(error.message, "");
        return true;
      },
    );
  }
}

test("github: any workflow of the repository, certified", () => {
  assert.deepEqual(valid(github({ repository: "acme/app" })), {
    version: 1,
    name: "built by GitHub Actions from https://github.com/acme/app",
    signers: [{ issuer: gitHub, claims: { sourceRepositoryURI: "https://github.com/acme/app" } }],
    require: [
      {
        name: "provenance",
        predicateType: "https://slsa.dev/provenance/v1",
        certified: true,
        source: { repository: "https://github.com/acme/app" },
      },
    ],
  });
});

test("github: a workflow, a reference, ids and a level", () => {
  const exact = valid(
    github({ repository: "acme/app", workflow: "release.yml", ref: "refs/heads/main", repositoryId: 12, ownerId: "34", level: 3 }),
  );
  assert.deepEqual(exact.signers[0].claims, {
    sourceRepositoryURI: "https://github.com/acme/app",
    sourceRepositoryIdentifier: "12",
    sourceRepositoryOwnerIdentifier: "34",
    sourceRepositoryRef: "refs/heads/main",
    buildConfigURI: "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
  });
  assert.equal(exact.require[0].level, 3);
  const tags = valid(github({ repository: "acme/app", workflow: "release.yml", ref: { glob: "refs/tags/v*" } }));
  assert.deepEqual(tags.signers[0].claims.sourceRepositoryRef, { glob: "refs/tags/v*" });
  const { buildConfigURI } = tags.signers[0].claims;
  assert.ok(matches(buildConfigURI, "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.0"));
  assert.ok(!matches(buildConfigURI, "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/v1.0"));
});

test("github: a pattern is met by no other repository and no other workflow", () => {
  const { claims } = valid(github({ repository: "acme/app", workflow: "release.yml" })).signers[0];
  assert.equal(claims.sourceRepositoryURI, "https://github.com/acme/app");
  const config = (uri) => matches(claims.buildConfigURI, uri);
  assert.ok(config("https://github.com/acme/app/.github/workflows/release.yml@refs/heads/a/b@c"));
  for (const evil of [
    "https://github.com/acme/app-evil/.github/workflows/release.yml@refs/heads/main",
    "https://github.com/acme/app/.github/workflows/release.yml.yml@refs/heads/main",
    "https://github.com/acme/app/.github/workflows/releaseXyml@refs/heads/main",
    "https://github.com/acme/app/.github/workflows/release.yml@evil.yml@refs/heads/main",
    "https://github.com/acme/app/.github/workflows/evil/release.yml@refs/heads/main",
    "xhttps://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
  ]) {
    assert.ok(!config(evil), evil);
  }
});

test("github: wrong arguments", () => {
  const repository = "acme/app";
  wrong(github, [
    [undefined, ""],
    ["acme/app", ""],
    [[], ""],
    [{}, "/repository"],
    [{ repository, workflows: "release.yml" }, "/workflows"],
    [{ repository, workflow: undefined }, "/workflow"],
    ...[
      "acme",
      "acme/*",
      "acme/app/",
      "acme/app?",
      "acme/**",
      "*/app",
      "acme/..",
      "acme/.",
      "acme/app.git",
      "https://github.com/acme/app",
      "acme/a b",
      "acme/app\n",
      "",
      7,
      { glob: "acme/*" },
    ].map((name) => [{ repository: name }, "/repository"]),
    ...["*.yml", "release", "a/release.yml", ".github/workflows/release.yml", "release.yml@refs", "r?.yml", ""].map((workflow) => [
      { repository, workflow },
      "/workflow",
    ]),
    ...["main", "refs/tags/v*", "refs/heads/", "refs/heads/a b", "v1", null].map((ref) => [{ repository, ref }, "/ref"]),
    [{ repository, ref: { glob: "*" } }, "/ref/glob"],
    [{ repository, ref: { regex: ".*" } }, "/ref/regex"],
    ...["x", "0", "-1", 0, 1.5, "1*"].map((id) => [{ repository, repositoryId: id }, "/repositoryId"]),
    [{ repository, ownerId: "acme" }, "/ownerId"],
    ...[0, 4, "3", null].map((level) => [{ repository, level }, "/level"]),
  ]);
});

test("githubRelease: GitHub's own certificate, which names no issuer, for a release of the repository", () => {
  const policy = valid(githubRelease({ repository: "acme/app", tag: { glob: "v*" } }));
  assert.deepEqual(policy.signers, [{ issuer: { none: true }, identity: "https://dotcom.releases.github.com" }]);
  assert.deepEqual(policy.evidence, { logEntries: 0, scts: 0, signedTimestamps: 1 });
  assert.deepEqual(policy.require, [
    { name: "release", predicateType: "https://in-toto.io/attestation/release/v0.2", package: { github: "acme/app", version: { glob: "v*" } } },
  ]);
  wrong(githubRelease, [
    [{}, "/repository"],
    [{ repository: "acme/*" }, "/repository"],
    [{ repository: "acme/app", tag: 1 }, "/tag"],
    [{ repository: "acme/app", version: "v1" }, "/version"],
  ]);
});

test("npm: a package from a repository on GitHub or GitLab", () => {
  const policy = valid(npm({ package: "@acme/app", repository: "acme/app", version: "1.2.3" }));
  assert.deepEqual(policy.signers, [{ issuer: gitHub, claims: { sourceRepositoryURI: "https://github.com/acme/app" } }]);
  assert.deepEqual(policy.require, [
    {
      name: "provenance",
      predicateType: ["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"],
      package: { npm: "@acme/app", version: "1.2.3" },
      source: { repository: "https://github.com/acme/app" },
    },
  ]);
  assert.deepEqual(npm({ package: "app", repository: "https://github.com/acme/app" }).signers, policy.signers);
  assert.deepEqual(valid(npm({ package: "app", repository: "https://gitlab.com/acme/group/app", version: { glob: "1.*" } })).signers, [
    { issuer: "https://gitlab.com", claims: { sourceRepositoryURI: "https://gitlab.com/acme/group/app" } },
  ]);
});

test("npm: any repository only where that is written out", () => {
  wrong(npm, [
    [{ package: "app" }, "/repository"],
    [{ package: "app", dangerouslyAnyRepository: false }, "/dangerouslyAnyRepository"],
    [{ package: "app", dangerouslyAnyRepository: true, repository: "acme/app" }, "/repository"],
  ]);
  const policy = valid(npm({ package: "app", dangerouslyAnyRepository: true }));
  assert.deepEqual(
    policy.signers.map(({ issuer }) => issuer),
    [gitHub, "https://gitlab.com"],
  );
  assert.ok(
    policy.signers.every(({ issuer, identity }) => matches(identity, `${issuer === gitHub ? "https://github.com" : issuer}/a/b@c`)),
  );
  assert.ok(!policy.signers.some(({ identity }) => matches(identity, "someone@example.org")));
  assert.equal(policy.require[0].source, undefined);
});

test("npm: wrong arguments", () => {
  wrong(npm, [
    ...["", "*", "@acme/*", "a/b", "@acme", "a b", "../a", "a".repeat(215), 7].map((name) => [
      { package: name, repository: "a/b" },
      "/package",
    ]),
    ...[
      "acme",
      "http://github.com/a/b",
      "https://github.com.evil.example/a/b",
      "https://github.com/a/b/c",
      "https://github.com/a/*",
      "https://gitlab.com/a",
      "https://example.org/a/b",
      "git+https://github.com/a/b",
      "https://github.com/a/b.git",
    ].map((repository) => [{ package: "app", repository }, "/repository"]),
    [{ package: "app", repository: "a/b", version: "1.*" }, "/version"],
    [{ package: "app", repository: "a/b", version: { glob: "" } }, "/version/glob"],
    [{ package: "app", repository: "a/b", version: { glob: "1", regex: "1" } }, "/version"],
    [{ package: "app", repository: "a/b", version: /1/u }, "/version"],
  ]);
});

test("npmRegistry: a package, by the keys of npm's registry", () => {
  const policy = valid(npmRegistry({ package: "@acme/app", version: { glob: "1.*" } }));
  assert.equal(policy.signers, npmKeys);
  assert.deepEqual(policy.require, [
    {
      name: "publication",
      predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
      package: { npm: "@acme/app", version: { glob: "1.*" } },
    },
  ]);
  assert.deepEqual(
    npmKeys.map(({ validFor }) => validFor),
    [{ start: "2022-12-01T00:00:00Z", end: "2025-01-29T00:00:00Z" }, { start: "2025-01-13T00:00:00Z" }],
  );
  wrong(npmRegistry, [
    [{}, "/package"],
    [{ package: "app", repository: "acme/app" }, "/repository"],
    [{ package: "APP x" }, "/package"],
    [{ package: "app", version: 1 }, "/version"],
  ]);
});

test("cloudBuild: a repository's own configuration, by Google's keys and without a log", () => {
  const policy = valid(cloudBuild({ repository: "acme/app", level: 3 }));
  assert.equal(policy.signers, cloudBuildKeys);
  assert.deepEqual(policy.evidence, { logEntries: 0 });
  const [{ builder, source, config, level }] = policy.require;
  assert.deepEqual({ source, config, level }, { source: { repository: "https://github.com/acme/app" }, config: { path: "cloudbuild.yaml" }, level: 3 });
  for (const id of ["", "@v0.2", "@v0.3"]) assert.ok(builder.some((one) => matches(one, `https://cloudbuild.googleapis.com/GoogleHostedWorker${id}`)), id);
  for (const id of ["x", "@v0/x"]) assert.ok(!builder.some((one) => matches(one, `https://cloudbuild.googleapis.com/GoogleHostedWorker${id}`)), id);
  assert.deepEqual(cloudBuild({ repository: "https://gitlab.com/acme/app", config: "ci/build.yaml" }).require[0].config, { path: "ci/build.yaml" });
  wrong(cloudBuild, [
    [{}, "/repository"],
    [{ repository: "acme/*" }, "/repository"],
    [{ repository: "acme/app", config: "/cloudbuild.yaml" }, "/config"],
    [{ repository: "acme/app", config: "*" }, "/config"],
    [{ repository: "acme/app", level: 4 }, "/level"],
    [{ repository: "acme/app", project: "p" }, "/project"],
  ]);
});

test("pypi: the trusted publisher, in short or as PyPI prints it", () => {
  const policy = valid(pypi({ project: "Acme_App", repository: "acme/app", workflow: "release.yml" }));
  assert.deepEqual(policy.require, [
    {
      name: "publication",
      predicateType: ["https://docs.pypi.org/attestations/publish/v1", "https://slsa.dev/provenance/v1"],
      package: { pypi: "acme-app" },
    },
  ]);
  const [{ issuer, claims, identity }] = policy.signers;
  assert.deepEqual([issuer, claims.sourceRepositoryURI, identity], [gitHub, "https://github.com/acme/app", undefined]);
  assert.ok(matches(claims.buildConfigURI, "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1"));
  assert.ok(!matches(claims.buildConfigURI, "https://github.com/acme/app/.github/workflows/release.yml@evil.yml@refs/tags/v1"));
  const publisher = { kind: "GitHub", repository: "acme/app", workflow: "release.yml" };
  assert.deepEqual(valid(pypi({ project: "acme.app", publisher })), policy);
});

test("pypi: publishers on GitLab and Google", () => {
  const gitLab = valid(
    pypi({ project: "app", publisher: { kind: "GitLab", repository: "acme/g/app", workflow_filepath: "ci/.gitlab-ci.yml" } }),
  );
  const [{ issuer, claims }] = gitLab.signers;
  assert.deepEqual([issuer, claims.sourceRepositoryURI], ["https://gitlab.com", "https://gitlab.com/acme/g/app"]);
  const config = (uri) => matches(claims.buildConfigURI, uri);
  assert.ok(config("https://gitlab.com/acme/g/app//ci/.gitlab-ci.yml@refs/heads/a/b"));
  assert.ok(!config("https://gitlab.com/acme/g/app//ci/.gitlab-ci.yml@refs/evil.yml@refs/heads/main"));
  assert.ok(!config("https://gitlab.com/acme/g/app//ci/Xgitlab-ci.yml@refs/heads/main"));
  assert.ok(!config("https://gitlab.com/acme/g/app-evil//ci/.gitlab-ci.yml@refs/heads/main"));
  assert.deepEqual(valid(pypi({ project: "app", publisher: { kind: "Google", email: "a@b.example" } })).signers, [
    { issuer: "https://accounts.google.com", identity: "a@b.example" },
  ]);
});

test("pypi: wrong arguments", () => {
  const good = { project: "app", repository: "acme/app", workflow: "release.yml" };
  wrong(pypi, [
    ...["", "*", "-a", "a-", "a b", "a/b"].map((project) => [{ ...good, project }, "/project"]),
    [{ project: "app" }, "/repository"],
    [{ project: "app", repository: "acme/app" }, "/workflow"],
    [{ ...good, workflow: "*" }, "/workflow"],
    [{ ...good, publisher: { kind: "Google", email: "a@b.example" } }, "/repository"],
    [{ project: "app", publisher: { kind: "CircleCI" } }, "/publisher/kind"],
    [{ project: "app", publisher: { kind: "Google", email: "*@b.example" } }, "/publisher/email"],
    [{ project: "app", publisher: { kind: "Google", repository: "a/b" } }, "/publisher/repository"],
    [{ project: "app", publisher: { kind: "GitHub", repository: "a/*", workflow: "a.yml" } }, "/publisher/repository"],
    [{ project: "app", publisher: { kind: "GitLab", repository: "a/b", workflow_filepath: "a@b.yml" } }, "/publisher/workflow_filepath"],
    [{ project: "app", publisher: "GitHub" }, "/publisher"],
  ]);
});

test("keyless: an issuer and an identity, exactly or by a pattern", () => {
  assert.deepEqual(valid(keyless({ issuer: "https://accounts.google.com", identity: "a@b.example" })).signers, [
    { issuer: "https://accounts.google.com", identity: "a@b.example" },
  ]);
  valid(keyless({ issuer: gitHub, identity: { glob: "https://github.com/acme/app/**" } }));
  valid(keyless({ issuer: gitHub, identity: { regex: "https://github\\.com/acme/.*" } }));
  wrong(keyless, [
    [{ issuer: gitHub }, "/identity"],
    [{ identity: "a@b.example" }, "/issuer"],
    [{ issuer: gitHub, identity: "" }, "/identity"],
    [{ issuer: gitHub, identity: "https://github.com/acme/*" }, "/identity"],
    ...["*", "**", "***?"].map((glob) => [{ issuer: gitHub, identity: { glob } }, "/identity/glob"]),
    ...[".*", ".+", "^.*$", "^.*?$", "(?s).*"].map((regex) => [{ issuer: { regex }, identity: "a@b.example" }, "/issuer/regex"]),
    [{ issuer: gitHub, identity: { glob: "a".repeat(1025) } }, "/identity/glob"],
    [{ issuer: gitHub, identity: {} }, "/identity"],
    [{ issuer: gitHub, identity: "a", claims: {} }, "/claims"],
  ]);
});

test("key: one public key, and when it may sign", () => {
  assert.deepEqual(valid(key({ pem })).signers, [{ publicKey: pem }]);
  const validFor = { start: "2026-01-01T00:00:00Z" };
  assert.deepEqual(valid(key({ pem, validFor })).signers, [{ publicKey: pem, validFor }]);
  wrong(key, [
    [{}, "/pem"],
    ["pem", ""],
    [{ pem: "" }, "/pem"],
    [{ pem: pem.replaceAll("PUBLIC", "PRIVATE") }, "/pem"],
    [{ pem: pem + pem }, "/pem"],
    [{ pem: `x${pem}` }, "/pem"],
    [{ pem, validFor: { from: "2026-01-01T00:00:00Z" } }, "/validFor/from"],
    [{ pem, validFor: { end: "tomorrow" } }, "/validFor/end"],
  ]);
});
