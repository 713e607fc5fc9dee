// The official conformance cases, each run twice (the artifact's path and its digest), in this process.
// The cases lie in $ADMISSIBLE_TEST_DATA/conformance/assets/bundle-verify; a folder named `…_fail` must be rejected.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "./client.mjs";

const identity =
  "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const issuer = "https://token.actions.githubusercontent.com";

const data = process.env.ADMISSIBLE_TEST_DATA;

if (data === undefined) {
  test("official conformance cases", { skip: "ADMISSIBLE_TEST_DATA is not set" });
} else {
  const cases = join(data, "conformance/assets/bundle-verify");
  const productionRoot = join(data, "conformance/roots/production.json");
  const names = readdirSync(cases, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of names) {
    const materials = materialsOf(join(cases, name));
    for (const input of ["PATH", "DIGEST"]) {
      test(`${name} [${input}]`, async (t) => {
        const { code, stderr } = await run(commandLine(materials, input, productionRoot));
        if (name.endsWith("_fail")) {
          assert.ok(code === 1 || code === 2, "a case that must be rejected was accepted");
          assert.notEqual(stderr, "");
          t.diagnostic(`exit code ${code}, ${code === 1 ? stderr.split("\n")[1].trim() : stderr.trim()}`);
        } else {
          assert.equal(code, 0, stderr);
        }
      });
    }
  }
}

/** What a case's folder holds, and the suite's defaults for what it does not. */
function materialsOf(folder) {
  const path = (name) => (existsSync(join(folder, name)) ? join(folder, name) : undefined);
  const text = (name, otherwise) => (path(name) === undefined ? otherwise : readFileSync(path(name), "utf8").trim());
  return {
    bundle: join(folder, "bundle.sigstore.json"),
    key: path("key.pub"),
    identity: text("identity", identity),
    issuer: text("issuer", issuer),
    trustedRoot: path("trusted_root.json"),
    artifact: path("artifact") ?? join(folder, "../a.txt"),
  };
}

function commandLine(materials, input, productionRoot) {
  const { bundle, key, trustedRoot, artifact } = materials;
  const signer =
    key === undefined
      ? ["--certificate-identity", materials.identity, "--certificate-oidc-issuer", materials.issuer]
      : ["--key", key];
  const digest = () => createHash("sha256").update(readFileSync(artifact)).digest("hex");
  return [
    "verify-bundle",
    ...["--bundle", bundle],
    ...signer,
    ...["--trusted-root", trustedRoot ?? productionRoot],
    input === "PATH" ? artifact : `sha256:${digest()}`,
  ];
}
